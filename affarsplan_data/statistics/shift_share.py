"""Shift–share: a change in employment as a national, a mix and a regional part.

The parts are an accounting identity. The regional part is what is left, no proof of competitiveness.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import Array, floats, not_negative, same_segment
from affarsplan_data.statistics.errors import InvalidValuesError

PARTS = ("national", "mix", "regional")


@dataclass(frozen=True)
class ShiftShare:
    """The parts by industry and in total, in the unit of the input (persons).

    ``industries`` has one row per (region, industry) and ``totals`` one per region, both with
    ``start``, ``end``, ``change`` and the three :data:`PARTS`, which add up to ``change``.
    """

    industries: pd.DataFrame
    totals: pd.DataFrame

    @property
    def percent(self) -> pd.DataFrame:
        """Return the change and its parts by region in percent of the start."""
        start = self.totals["start"].where(self.totals["start"] > 0)
        return 100 * self.totals[["change", *PARTS]].div(start, axis="index")


def shift_share(
    start: pd.DataFrame,
    end: pd.DataFrame,
    reference_start: pd.Series,
    reference_end: pd.Series,
    *,
    reference_totals: tuple[float, float] | None = None,
    segments: tuple[Any, Any] | None = None,
) -> ShiftShare:
    """Split E1 − E0 into E0·g_n, E0·(g_in − g_n) and E0·(g_ir − g_in) for many regions at once.

    ``g_n`` is the reference's growth, ``g_in`` its growth in the industry and ``g_ir`` the region's
    own. An industry that is new in the reference and was empty in the region is a regional part.
    Source: Dunn (1960).

    Args:
        start: number per industry (rows) and region (columns) in the first year.
        end: the same industries and regions in the last year.
        reference_start: the reference's number per industry in the first year.
        reference_end: the reference's number per industry in the last year.
        reference_totals: the reference's published totals, first and last year. Give them where
            they exist; the sum of the industries is used otherwise.
        segments: the series' segment in the first and in the last year: one mark, or a Series with
            one per region.

    Returns:
        The parts of an industry are missing when one of its four numbers is, and a region's total
        is missing when one of its industries is.

    Raises:
        AcrossBreakError: the segments of the two years differ.
        InvalidValuesError: a negative number, or not the same industries and regions everywhere.
    """
    if segments is not None:
        same_segment(*segments, what="Shift-share")
    industries = _only_once(start.index, "bransch")
    regions = _only_once(start.columns, "region")
    before = _numbers(start, industries, regions)
    after = _numbers(end, industries, regions)
    ref_before = _numbers(reference_start.to_frame(), industries)
    ref_after = _numbers(reference_end.to_frame(), industries)
    whole = reference_totals or (float(ref_before.sum()), float(ref_after.sum()))
    country = whole[1] / whole[0] - 1 if whole[0] > 0 else float("nan")
    parts = _parts(before, after, _growth(ref_before, ref_after), country)
    columns = {"start": before, "end": after, "change": after - before, **parts}
    return ShiftShare(
        pd.DataFrame(
            {name: values.T.ravel() for name, values in columns.items()},
            index=pd.MultiIndex.from_product([regions, industries], names=["region", "industry"]),
        ),
        pd.DataFrame(
            {name: values.sum(axis=0) for name, values in columns.items()},
            index=pd.Index(regions, name="region"),
        ),
    )


def _parts(before: Array, after: Array, industry: Array, country: float) -> dict[str, Array]:
    new = np.isinf(industry)
    expected = np.where(new & (before == 0), 0.0, before * np.where(new, np.nan, industry))
    national = before * country
    parts = {
        "national": national,
        "mix": expected - national,
        "regional": after - before - expected,
    }
    missing = np.isnan(sum(parts.values()))
    return {name: np.where(missing, np.nan, values) for name, values in parts.items()}


def _growth(before: Array, after: Array) -> Array:
    """Return growth as a fraction: 0 for what was and is empty, infinite for what is new."""
    growth = after / np.where(before > 0, before, np.nan) - 1
    from_nothing = np.where(after > 0, np.inf, np.where(after == 0, 0.0, np.nan))
    return np.where(before == 0, from_nothing, growth)


def _only_once(labels: pd.Index, what: str) -> pd.Index:
    if not labels.is_unique:
        raise InvalidValuesError(f"Shift-share: en {what} förekommer två gånger.")
    return labels


def _numbers(values: pd.DataFrame, rows: pd.Index, columns: pd.Index | None = None) -> Array:
    """Return the numbers in the order of ``rows`` and ``columns``."""
    same_rows = values.index.is_unique and set(values.index) == set(rows)
    if not same_rows or (columns is not None and set(values.columns) != set(columns)):
        raise InvalidValuesError("Shift-share: åren har inte samma branscher och regioner.")
    ordered = values.loc[rows] if columns is None else values.loc[rows, columns]
    numbers = floats(ordered, "Shift-share")
    not_negative(numbers, "Shift-share")
    return numbers

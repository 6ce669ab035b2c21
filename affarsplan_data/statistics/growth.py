"""Growth per year, never across a series break and never between two vintages of a table."""

from typing import Any

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import (
    Numbers,
    floats,
    labels,
    like,
    same_index,
    year_numbers,
)
from affarsplan_data.statistics.errors import GrowthAcrossBreakError, InvalidValuesError

BREAK_INSIDE = "serien bryts inom perioden"
TWO_VINTAGES = "värdena kommer från olika versioner av tabellen"
VALUE_MISSING = "ett värde saknas eller är inte större än noll"


def compound_growth(start: Numbers, end: Numbers, years: float) -> Any:
    """Return mean growth in percent per year: 100 · ((end / start)^(1/years) − 1).

    Missing when either value is missing or the start is not above zero; a negative end is missing
    too, since no rate leads there. The caller answers for that both ends are comparable; use
    :func:`window_growth` to have that checked.

    Raises:
        InvalidValuesError: ``years`` is not above zero, or two Series with different index.
    """
    if not years > 0:
        raise InvalidValuesError(f"Tillväxt: antalet år ska vara större än noll, inte {years}.")
    same_index(start, end)
    first, last = np.broadcast_arrays(floats(start, "Startvärde"), floats(end, "Slutvärde"))
    factor = np.where(last >= 0, last, np.nan) / np.where(first > 0, first, np.nan)
    return like(100 * (factor ** (1 / years) - 1), start, end)


def window_growth(
    values: pd.Series,
    start: str,
    end: str,
    segments: pd.Series | None = None,
    vintages: pd.Series | None = None,
) -> float:
    """Return mean growth in percent per year from ``start`` to ``end``; missing if a value is.

    Args:
        values: one series of yearly values, any unit, indexed by year as text.
        start: first year.
        end: last year.
        segments: a mark for each year that changes at a series break.
        vintages: a mark for each year that names the table's version.

    Raises:
        GrowthAcrossBreakError: the marks change anywhere from ``start`` to ``end``. A growth figure
            is refused rather than missing, so that nobody takes it for a gap in the source.
        InvalidValuesError: a year is not in the series, or the end is not after the start.
    """
    series = _by_year(values, segments, vintages)
    for year in (start, end):
        _check_year(series, year)
    if int(end) <= int(start):
        raise InvalidValuesError(f"Tillväxt: slutåret {end} ligger inte efter startåret {start}.")
    growth, reason = _growth(series, int(start), int(end))
    if reason in (BREAK_INSIDE, TWO_VINTAGES):
        raise GrowthAcrossBreakError(f"Tillväxten {start}–{end} beräknas inte: {reason}.")
    return growth


def growth_by_start(
    values: pd.Series,
    end: str,
    segments: pd.Series | None = None,
    vintages: pd.Series | None = None,
) -> pd.DataFrame:
    """Return growth to ``end`` from every earlier year, since the choice of start decides much.

    Returns:
        One row per start year in time order: ``start``, ``end``, ``years``, ``change`` (percent over
        the whole period), ``growth`` (percent per year) and ``reason``: why both are missing
        (Swedish), else empty.

    Raises:
        InvalidValuesError: ``end`` is not in the series, or the index is not yearly.
    """
    series = _by_year(values, segments, vintages)
    _check_year(series, end)
    last = int(end)
    rows = []
    for first in series.index[series.index < last]:
        growth, reason = _growth(series, first, last)
        change = 100 * ((1 + growth / 100) ** (last - first) - 1)
        rows.append((str(first), end, last - first, change, growth, reason))
    return pd.DataFrame(rows, columns=["start", "end", "years", "change", "growth", "reason"])


def _by_year(
    values: pd.Series, segments: pd.Series | None, vintages: pd.Series | None
) -> pd.DataFrame:
    """Return value, segment and vintage by year (whole number), in time order."""
    series = pd.DataFrame(
        {
            "value": floats(values, "Tillväxt"),
            "segment": labels(segments, values, "Seriens delar").to_numpy(),
            "vintage": labels(vintages, values, "Tabellens versioner").to_numpy(),
        },
        index=year_numbers(values.index),
    )
    return series.sort_index()


def _check_year(series: pd.DataFrame, year: str) -> None:
    if year not in {str(known) for known in series.index}:
        raise InvalidValuesError(f"Tillväxt: året {year} finns inte i serien.")


def _growth(series: pd.DataFrame, start: int, end: int) -> tuple[float, str]:
    """Return growth per year, or missing and the reason."""
    window = series.loc[start:end]
    if window["segment"].nunique() > 1:
        return float("nan"), BREAK_INSIDE
    if window["vintage"].nunique() > 1:
        return float("nan"), TWO_VINTAGES
    growth = compound_growth(series.at[start, "value"], series.at[end, "value"], end - start)
    return growth, VALUE_MISSING if np.isnan(growth) else ""

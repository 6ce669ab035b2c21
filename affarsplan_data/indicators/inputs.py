"""Turns a catalogue input into the figures a formula reads."""

import numpy as np
import pandas as pd

from affarsplan_data.catalogue import DIMENSIONS, Input, load_catalogue
from affarsplan_data.indicators.errors import FormulaError
from affarsplan_data.observations import load

META = ("segment", "preliminary", "source", "table", "vintage", "status")


def read(item: Input, data: str) -> pd.DataFrame:
    """Return the figures of ``item``.

    Columns: ``region``, ``period``, each dimension with several chosen values, ``value`` and the
    columns of :data:`META`. ``segment`` counts the series breaks a series has passed: figures may be
    compared over time only inside one segment.

    Raises:
        FormulaError: values that should form one series meet in the same period.
    """
    measure = load_catalogue().measure(item.measure)
    chosen = {dim: item.select.get(dim, "total") for dim in DIMENSIONS}
    frame = load(item.measure, **chosen, data=data)  # type: ignore[arg-type]
    kept = [dim for dim in DIMENSIONS if not isinstance(chosen[dim], str)]
    text = ["region", "period", *kept, "source", "table", "vintage", "status"]
    frame = frame.astype(dict.fromkeys(text, "object")).fillna({"vintage": ""})
    keys = ["region", "period", *kept]
    if item.sum_over:
        keys = [key for key in keys if key not in item.sum_over]
        frame = _summed(frame, keys, expected=_parts(item))
    if item.one_series_over:
        keys = [key for key in keys if key not in item.one_series_over]
        if frame.duplicated(keys).any():
            raise FormulaError(
                f"Måttet {item.measure}: uppgifter för samma år går inte att förena."
            )
    breaks = sorted(b.period for b in measure.breaks)
    frame = _with_segments(frame, keys, breaks, one_statistic=measure.one_statistic)
    frame = frame[[*keys, "value", *META]]
    return _mean_of_two_years(frame, keys) if item.mean_of_two_years else frame


def _parts(item: Input) -> int:
    return int(np.prod([len(item.select[dim]) for dim in item.sum_over]))


def _summed(frame: pd.DataFrame, keys: list[str], expected: int) -> pd.DataFrame:
    """Add parts up. A sum with a missing or absent part is itself missing."""
    grouped = frame.groupby(keys, sort=True)
    total = grouped.agg(
        value=("value", lambda values: values.sum(skipna=False)),
        preliminary=("preliminary", "any"),
        source=("source", "first"),
        table=("table", "first"),
        vintage=("vintage", "first"),
        status=("status", "max"),
        parts=("value", "size"),
    )
    if (total["parts"] > expected).any():
        raise FormulaError("Samma del räknas två gånger i en summa.")
    total["value"] = total["value"].where(total["parts"] == expected)
    return total.drop(columns="parts").reset_index()


def _with_segments(
    frame: pd.DataFrame, keys: list[str], breaks: list[str], one_statistic: bool
) -> pd.DataFrame:
    frame = frame.sort_values(keys, kind="stable", ignore_index=True)
    passed = np.searchsorted(breaks, frame["period"].str[:4].to_numpy(dtype=str), side="right")
    if one_statistic:
        return frame.assign(segment=passed)
    unit = [frame[key] for key in keys if key != "period"]
    publication = frame["table"] + "|" + frame["vintage"]
    changed = publication != publication.groupby(unit).shift()
    first = ~frame.duplicated([key for key in keys if key != "period"])
    switches = (changed & ~first).groupby(unit).cumsum()
    return frame.assign(segment=passed * 100 + switches)


def _mean_of_two_years(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    before = frame[[*keys, "value"]].copy()
    before["period"] = (before["period"].astype(int) + 1).astype(str)
    both = frame.merge(before, on=keys, suffixes=("", "_before"))
    return both.assign(value=(both["value"] + both["value_before"]) / 2).drop(
        columns="value_before"
    )

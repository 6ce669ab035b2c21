"""Turns a catalogue input into the figures a formula reads."""

import numpy as np
import pandas as pd

from affarsplan_data.catalogue import DIMENSIONS, Indicator, Input, load_catalogue
from affarsplan_data.catalogue.base import Dimension
from affarsplan_data.indicators.errors import FormulaError
from affarsplan_data.observations import available, load, values_held

LATER = 5_000
"""What is added to the segments of figures that another register stands before."""
GROUPS: tuple[Dimension, ...] = ("sex", "birth")
"""The dimensions whose groups may be fewer in the data than the catalogue names."""
META = ("segment", "preliminary", "source", "table", "vintage", "status")


def read(item: Input, data: str) -> pd.DataFrame:
    """Return the figures of ``item``.

    Columns: ``region``, ``period``, each dimension with several chosen values, ``value`` and the
    columns of :data:`META`. ``segment`` counts the series breaks a series has passed: figures may be
    compared over time only inside one segment. Of the groups by sex and birth those that the data have
    are given; of every other dimension all that are named must be there. An optional input that the data
    lack gives no rows.

    Raises:
        FormulaError: values that should form one series meet in the same period.
        MissingMeasureError, SelectionError: the data lack the measure, or a value of a dimension.
    """
    if item.before is None:
        lacking = item.optional and not available(item.measure, data)
        return _nothing(item) if lacking else _read(item, data)
    if not _held(item, data):
        return _widened(_read(item.before, data), item)
    own = _read(item, data)
    own = own.assign(segment=own["segment"] + LATER)
    if not _held(item.before, data):
        return own
    earlier = _widened(_read(item.before, data), item)
    earlier = earlier[earlier["period"] < own["period"].min()]
    return pd.concat([earlier, own], ignore_index=True) if len(earlier) else own


def reading_at(item: Input, period: str, data: str) -> Input | None:
    """Return what ``item`` is read from in a period: itself, what stands before it, or nothing."""
    if item.before is None:
        return None if item.optional and not available(item.measure, data) else item
    if not _held(item, data):
        return item.before
    earlier = _held(item.before, data) and period < _first(item, data)
    return item.before if earlier else item


def measures_in_use(indicator: Indicator, data: str) -> tuple[str, ...]:
    """Return the measures that an indicator is computed from; all it may be when the data lack them."""
    inputs = indicator.formula.inputs.values()
    held = [one.measure for i in inputs for one in i.readings if available(one.measure, data)]
    return tuple(dict.fromkeys(held)) or indicator.measures


def changes_of_register(indicator: Indicator, data: str) -> dict[str, str]:
    """Return where an indicator goes over to another register in the data: first period and reason."""
    return {
        _first(item, data): item.before_reason
        for item in indicator.formula.inputs.values()
        if item.before_reason and all(_held(one, data) for one in item.readings)
    }


def _held(item: Input, data: str) -> bool:
    """Tell whether the data have the measure, and of it the values that the input fixes (an age)."""
    return available(item.measure, data) and all(
        chosen in values_held(item.measure, dim, data)
        for dim, chosen in item.select.items()
        if isinstance(chosen, str)
    )


def _first(item: Input, data: str) -> str:
    return str(_read(item, data)["period"].min())


def _nothing(item: Input) -> pd.DataFrame:
    """Return an input without figures, with the columns that it would have had."""
    columns = ["region", "period", *(dim for dim in DIMENSIONS if dim in item.kept)]
    types = {"value": float, "segment": int, "preliminary": bool}
    names = [*columns, "value", *META]
    return pd.DataFrame({name: pd.Series(dtype=types.get(name, "object")) for name in names})


def _widened(frame: pd.DataFrame, item: Input) -> pd.DataFrame:
    """Return the figures before an input's own, with the columns that the input has."""
    assert item.before is not None
    fixed = {dim: item.before.select.get(dim, "total") for dim in item.kept if dim not in frame}
    columns = ["region", "period", *(dim for dim in DIMENSIONS if dim in item.kept)]
    return frame.assign(**fixed)[[*columns, "value", *META]]


def _read(item: Input, data: str) -> pd.DataFrame:
    measure = load_catalogue().measure(item.measure)
    chosen = {dim: item.select.get(dim, "total") for dim in DIMENSIONS}
    for dim in set(GROUPS) & set(item.kept):
        held = values_held(item.measure, dim, data)
        chosen[dim] = tuple(v for v in chosen[dim] if v in held) or chosen[dim]
    frame = load(item.measure, **chosen, data=data)  # type: ignore[arg-type]
    # What stands beside the figures is copied at every step.
    frame.attrs = {}
    kept = [dim for dim in DIMENSIONS if not isinstance(chosen[dim], str)]
    keys = ["region", "period", *(dim for dim in kept if dim not in item.sum_over)]
    if item.sum_over:
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
    text = [*keys, "source", "table", "vintage", "status"]
    frame = frame.astype(dict.fromkeys(text, "object")).fillna({"vintage": ""})
    return _mean_of_two_years(frame, keys) if item.mean_of_two_years else frame


def _parts(item: Input) -> int:
    return int(np.prod([len(item.select[dim]) for dim in item.sum_over]))


def _summed(frame: pd.DataFrame, keys: list[str], expected: int) -> pd.DataFrame:
    """Add parts up. A sum with a missing or absent part is itself missing."""
    group = frame.groupby(keys, sort=True, observed=True).ngroup().to_numpy()
    parts = np.bincount(group)
    if (parts > expected).any():
        raise FormulaError("Samma del räknas två gånger i en summa.")
    total = np.bincount(group, weights=frame["value"].to_numpy(float))
    # The first row of each group, in the groups' order.
    first = np.unique(group, return_index=True)[1]
    kept = frame.take(first)[[*keys, "source", "table", "vintage"]].reset_index(drop=True)
    return kept.assign(
        value=np.where(parts == expected, total, np.nan),
        preliminary=np.bincount(group, weights=frame["preliminary"].to_numpy(float)) > 0,
        status=_last_of_each(frame["status"], group, len(parts)),
    )


def _last_of_each(texts: pd.Series, group: np.ndarray, groups: int) -> np.ndarray:
    """Return the text of each group that comes last in alphabetical order."""
    column = texts.astype("category")
    ordered = np.sort(column.cat.categories.to_numpy(dtype=object))
    places = pd.Index(ordered).get_indexer(column.cat.categories)[column.cat.codes.to_numpy()]
    last = np.zeros(groups, dtype=np.int64)
    np.maximum.at(last, group, places)
    return ordered[last]


def _with_segments(
    frame: pd.DataFrame, keys: list[str], breaks: list[str], one_statistic: bool
) -> pd.DataFrame:
    """Number the segments of each series; the keys, tables and versions are categories."""
    ordered = {key: _in_order(frame[key]) for key in keys}
    frame = frame.assign(**ordered).sort_values(keys, kind="stable", ignore_index=True)
    years = np.array([period[:4] for period in frame["period"].cat.categories], dtype=str)
    passed = np.searchsorted(breaks, years, side="right")[frame["period"].cat.codes]
    # A version that is never told is not read back as a category.
    table, version = (frame[name].astype("category").cat.codes for name in ("table", "vintage"))
    publication = table.astype(np.int64) * 10_000 + version
    if one_statistic:
        return frame.assign(segment=passed)
    if publication.nunique() < 2:
        return frame.assign(segment=passed * 100)
    units = [key for key in keys if key != "period"]
    unit = frame.groupby(units, sort=False, observed=True).ngroup()
    changed = publication != publication.groupby(unit).shift()
    switches = (changed & unit.duplicated()).groupby(unit).cumsum()
    return frame.assign(segment=passed * 100 + switches)


def _in_order(column: pd.Series) -> pd.Series:
    """Return text as categories that sort as the text does."""
    held = column.astype("category")
    return held.cat.reorder_categories(sorted(held.cat.categories))


def _mean_of_two_years(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    before = frame[[*keys, "value"]].copy()
    before["period"] = (before["period"].astype(int) + 1).astype(str)
    both = frame.merge(before, on=keys, suffixes=("", "_before"))
    return both.assign(value=(both["value"] + both["value_before"]) / 2).drop(
        columns="value_before"
    )

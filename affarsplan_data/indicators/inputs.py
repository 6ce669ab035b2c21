"""Turns a catalogue input into the figures a formula reads."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from affarsplan_data.catalogue import DIMENSIONS, Indicator, Input, load_catalogue
from affarsplan_data.catalogue.base import Dimension
from affarsplan_data.indicators.errors import FormulaError
from affarsplan_data.observations import available, figures, state, values_held

LATER = 5_000
"""What is added to the segments of figures that another register stands before."""
GROUPS: tuple[Dimension, ...] = ("sex", "birth")
"""The dimensions whose groups may be fewer in the data than the catalogue names."""
_PUBLICATION = ("source", "table", "vintage")
META = ("segment", "preliminary", *_PUBLICATION, "status")


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
    return _stacked(earlier, own) if len(earlier) else own


def _stacked(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of both, categories kept as such."""
    joined = {
        name: pd.Series(union_categoricals([first[name], second[name]]))
        for name in _PUBLICATION
        if first[name].dtype == "category" == second[name].dtype
    }
    parts = [frame.drop(columns=list(joined)) for frame in (first, second)]
    return pd.concat(parts, ignore_index=True).assign(**joined)[list(second)]


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
    """Return what one measure gives; indicators that read the same share it.

    Source, table and version, which few publications share, are categories; the rest is text.
    """
    held = state(item.measure, data)
    return _shared(item.model_dump_json(exclude={"before", "before_reason"}), data, held).copy(
        deep=False
    )


@lru_cache(maxsize=64)
def _shared(asked: str, data: str, held: object) -> pd.DataFrame:
    item = Input.model_validate_json(asked)
    measure = load_catalogue().measure(item.measure)
    chosen: dict[str, tuple[str, ...]] = {
        dim: _listed(item.select.get(dim, "total")) for dim in DIMENSIONS
    }
    for dim in set(GROUPS) & set(item.kept):
        known = values_held(item.measure, dim, data)
        chosen[dim] = tuple(v for v in chosen[dim] if v in known) or chosen[dim]
    frame = figures(item.measure, chosen, data)
    kept = [dim for dim in DIMENSIONS if not isinstance(item.select.get(dim, "total"), str)]
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
    frame = frame[[*keys, "value", *META]].astype(dict.fromkeys([*keys, "status"], "object"))
    return _mean_of_two_years(frame, keys) if item.mean_of_two_years else frame


def _listed(chosen: str | tuple[str, ...]) -> tuple[str, ...]:
    return (chosen,) if isinstance(chosen, str) else chosen


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
    """Number the segments of each series, and put them in order.

    The keys, tables and versions come as categories. A version that is never told is empty text.
    """
    places = [_places(frame[key]) for key in keys]
    order = np.lexsort(places[::-1])
    if (order[1:] < order[:-1]).any():
        frame = frame.take(order)
        places = [place[order] for place in places]
    frame = frame.reset_index(drop=True).assign(vintage=_told(frame["vintage"]).to_numpy())
    periods = frame["period"].cat
    years = np.array([period[:4] for period in periods.categories], dtype=str)
    passed = np.searchsorted(breaks, years, side="right")[periods.codes]
    if one_statistic:
        return frame.assign(segment=passed)
    table, version = (frame[name].astype("category").cat.codes for name in ("table", "vintage"))
    publication = table.to_numpy(np.int64) * 10_000 + version.to_numpy(np.int64)
    if len(publication) == 0 or (publication == publication[0]).all():
        return frame.assign(segment=passed * 100)
    units = [place for key, place in zip(keys, places, strict=True) if key != "period"]
    return frame.assign(segment=passed * 100 + _switches(units, places[1], publication))


def _switches(
    units: Sequence[npt.NDArray[np.int64]],
    period: npt.NDArray[np.int64],
    publication: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Return how often each series has gone over to another publication, up to each row."""
    order = np.lexsort([period, *units])
    new = np.zeros(len(order), dtype=bool)
    new[0] = True
    for unit in units:
        new[1:] |= unit[order][1:] != unit[order][:-1]
    changed = np.zeros(len(order), dtype=np.int64)
    changed[1:] = publication[order][1:] != publication[order][:-1]
    changed[new] = 0
    passed = np.cumsum(changed)
    started = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    switches = np.empty(len(order), dtype=np.int64)
    switches[order] = passed - passed[started]
    return switches


def _places(column: pd.Series) -> npt.NDArray[np.int64]:
    """Return the place of each row's text in the alphabet of the column's own categories."""
    categories = column.cat.categories.to_numpy(dtype=object)
    place = np.empty(len(categories), dtype=np.int64)
    place[np.argsort(categories, kind="stable")] = np.arange(len(categories))
    return place[column.cat.codes.to_numpy()]


def _told(versions: pd.Series) -> pd.Series:
    """Return versions with empty text for those that are not known."""
    versions = versions.astype("category")
    if not versions.isna().any():
        return versions
    if "" not in versions.cat.categories:
        versions = versions.cat.add_categories("")
    return versions.fillna("")


def _mean_of_two_years(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    before = frame[[*keys, "value"]].copy()
    before["period"] = (before["period"].astype(int) + 1).astype(str)
    both = frame.merge(before, on=keys, suffixes=("", "_before"))
    return both.assign(value=(both["value"] + both["value_before"]) / 2).drop(
        columns="value_before"
    )

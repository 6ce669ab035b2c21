"""From a value back to the observations it was computed from, and on to the files that they came in."""

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Literal

import pandas as pd

from affarsplan_data import regions
from affarsplan_data.archive import Archive
from affarsplan_data.catalogue import DIMENSIONS, Indicator, Measure, load_catalogue
from affarsplan_data.catalogue.errors import UnknownEntryError
from affarsplan_data.indicators.described import definition
from affarsplan_data.indicators.errors import MissingIndicatorError
from affarsplan_data.indicators.evaluate import HIDDEN, evaluate
from affarsplan_data.indicators.inputs import read, reading_at
from affarsplan_data.indicators.used import observed, used
from affarsplan_data.observations import SUMMED, MissingMeasureError, SelectionError, load
from affarsplan_data.observations.origins import Origin, follow
from affarsplan_data.observations.summing import parts_of
from affarsplan_data.parameters import DEFAULT_DATA
from affarsplan_data.sources.fetching import archive as project_archive


@dataclass(frozen=True)
class Observed:
    """An observation that a value rests on: ``key`` with every dimension, the rest as it is held.

    ``input`` is the formula's name for what it is read as. ``parts`` are the observations that the build
    has added up to it. ``value`` None with the status ``""`` means that there is no such observation.
    """

    input: str
    measure: str
    key: Mapping[str, str]
    value: float | None = None
    unit: str = ""
    published_value: float | None = None
    published_unit: str = ""
    status: str = ""
    preliminary: bool = False
    noise: bool = False
    segment: int = 0
    source: str = ""
    table: str = ""
    vintage: str = ""
    origin: str = ""
    parts: tuple["Observed", ...] = ()

    @property
    def is_held(self) -> bool:
        """Whether the data in use have the observation, with or without a value."""
        return bool(self.origin)

    @property
    def is_sum(self) -> bool:
        """Whether it has been added up, of observations or of cells of the archived answer."""
        return self.status == SUMMED


@dataclass(frozen=True)
class Trace:
    """A value with everything it rests on.

    ``what`` is ``indicator`` or ``measure``. ``missing`` says why there is no value, and is empty when
    there is one. ``low`` to ``base`` are as an indicator's values have them.
    """

    what: Literal["indicator", "measure"]
    id: str
    name: str
    definition: str
    unit: str
    decimals: int | None
    key: Mapping[str, str]
    data: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    count: float | None = None
    base: float | None = None
    status: str = ""
    preliminary: bool = False
    formula: str = ""
    missing: str = ""
    observations: tuple[Observed, ...] = ()
    origins: tuple[Origin, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every file that the value rests on is the one that was once written."""
        return all(origin.holds for origin in self.origins)

    def frame(self) -> pd.DataFrame:
        """Return the observations, one a row, the parts of a sum after it."""
        rows = [row for one in self.observations for row in (one, *leaves(one)) if row.is_held]
        told = [field.name for field in fields(Observed) if field.name not in {"key", "parts"}]
        return pd.DataFrame(
            [{**row.key, **{name: getattr(row, name) for name in told}} for row in rows]
        )

    def as_data(self) -> dict[str, Any]:
        """Return everything as what JSON can hold, times as ISO 8601."""
        told = asdict(self) | {"holds": self.holds}
        for origin, given in zip(self.origins, told["origins"], strict=True):
            given["holds"] = origin.holds
            given["retrieved"] = _iso(origin.retrieved)
            if origin.file:
                given["file"]["holds"] = origin.file.holds
            for answer, shown in zip(origin.answers, given["answers"], strict=True):
                shown["proof"]["holds"] = answer.proof.holds
                shown["retrieved"] = _iso(answer.retrieved)
        return told


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def leaves(one: Observed) -> tuple[Observed, ...]:
    """Return the observations that a sum is made of, sums among them followed to the end."""
    return tuple(leaf for part in one.parts for leaf in (part, *leaves(part)))


def trace(
    id: str,
    *,
    region: str,
    period: str,
    sex: str | None = None,
    birth: str | None = None,
    age: str | None = None,
    industry: str | None = None,
    category: str | None = None,
    data: str = DEFAULT_DATA,
    archive: Archive | None = None,
) -> Trace:
    """Return a value of an indicator, or of a measure, with everything that it rests on.

    A dimension that is not given is ``total``, or the only value that there is.

    Args:
        id: an indicator or a measure in the catalogue.
        region, period: which region and period; a year may be written as a number.
        sex, birth, age, industry, category: which group.
        data: which data to read.
        archive: the archive of raw answers; the project's own when None.

    Raises:
        UnknownEntryError, UnknownRegionError, SelectionError: there is no such thing; what is nearest
            is named.
    """
    region, period = regions.get(str(region)).code, str(period)
    asked = {"sex": sex, "birth": birth, "age": age, "industry": industry, "category": category}
    where = archive or project_archive()
    catalogue = load_catalogue()
    if id in catalogue.indicators:
        return _of_indicator(catalogue.indicators[id], region, period, asked, data, where)
    if id in catalogue.measures:
        return _of_measure(catalogue.measures[id], region, period, asked, data, where)
    known = [*catalogue.indicators, *catalogue.measures]
    near = difflib.get_close_matches(str(id), known, n=3, cutoff=0.5) or known[:8]
    raise UnknownEntryError(
        f"”{str(id)[:60]}” är varken indikator eller mått. Närmast: {', '.join(near)}."
    )


def _of_measure(
    measure: Measure,
    region: str,
    period: str,
    asked: Mapping[str, str | None],
    data: str,
    archive: Archive,
) -> Trace:
    told: dict[str, Any] = {
        "what": "measure",
        "id": measure.id,
        "name": measure.title,
        "definition": measure.definition,
        "unit": measure.unit,
        "decimals": None,
        "data": data,
    }
    try:
        frame = load(measure.id, data=data)
    except MissingMeasureError as error:
        return Trace(key=_wished(region, period, asked), missing=str(error), **told)
    key = _key(frame, measure.id, region, period, asked)
    one = _observed("value", measure.id, key, data)
    missing = "" if one.value is not None else _why_not(one)
    return Trace(
        key=key,
        missing=missing,
        observations=(one,),
        origins=_origins((one,), archive),
        value=one.value,
        status=one.status,
        preliminary=one.preliminary,
        **told,
    )


def _of_indicator(
    indicator: Indicator,
    region: str,
    period: str,
    asked: Mapping[str, str | None],
    data: str,
    archive: Archive,
) -> Trace:
    told: dict[str, Any] = {
        "what": "indicator",
        "id": indicator.id,
        "name": indicator.name,
        "definition": definition(indicator, data),
        "unit": indicator.spoken_unit or indicator.unit,
        "decimals": indicator.decimals,
        "formula": indicator.formula.text,
        "data": data,
    }
    try:
        values = evaluate(indicator.id, data)
    except (MissingIndicatorError, MissingMeasureError) as error:
        return Trace(key=_wished(region, period, asked), missing=str(error), **told)
    inputs = indicator.formula.inputs
    frames = {name: read(item, data) for name, item in inputs.items()}
    held = {p for frame in frames.values() for p in frame["period"].unique()}
    key = _key(values, indicator.id, region, period, asked, periods=held)
    needs = used(indicator.formula.function, frames, indicator.formula.parameters, key)
    observations = tuple(
        one
        for name, keys in needs.items()
        for figure in keys
        for one in _inputs_figure(name, inputs[name], figure, data)
    )
    row = _row(values, key)
    missing = "" if row.get("value") is not None else _why_no_value(row, observations)
    return Trace(
        key=key,
        missing=missing,
        observations=observations,
        origins=_origins(observations, archive),
        **told,
        **row,
    )


def _inputs_figure(name: str, item: Any, figure: Mapping[str, str], data: str) -> list[Observed]:
    """Return the observations of an input's figure; of values joined to one series, those there are."""
    item = reading_at(item, figure["period"], data)
    if item is None:
        return []
    found = [_observed(name, item.measure, key, data) for key in observed(item, figure)]
    if item.one_series_over and any(one.is_held for one in found):
        return [one for one in found if one.is_held]
    return found


def _row(values: pd.DataFrame, key: Mapping[str, str]) -> dict[str, Any]:
    hit = _selected(values, key)
    if hit.empty:
        return {}
    row = hit.iloc[0]
    numbers = {name: _number(row[name]) for name in ("value", "low", "high", "count", "base")}
    return {**numbers, "status": str(row["status"]), "preliminary": bool(row["preliminary"])}


def _selected(frame: pd.DataFrame, key: Mapping[str, str]) -> pd.DataFrame:
    for column, value in key.items():
        frame = frame[frame[column] == value]
    return frame


def _number(value: Any) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _wished(region: str, period: str, asked: Mapping[str, str | None]) -> dict[str, str]:
    return {"region": region, "period": period} | {d: asked[d] or "total" for d in DIMENSIONS}


def _key(
    frame: pd.DataFrame,
    id: str,
    region: str,
    period: str,
    asked: Mapping[str, str | None],
    periods: Sequence[str] | set[str] = (),
) -> dict[str, str]:
    """Return the whole key of what was asked for.

    Raises:
        SelectionError: no region has that period or that value, or one must be chosen.
    """
    known = sorted({*frame["period"].unique(), *periods})
    if period not in known:
        raise SelectionError(_nearest(id, "perioden", period, known))
    key = {"region": region, "period": period}
    here = _selected(frame, key)
    for dimension in DIMENSIONS:
        everywhere = sorted(frame[dimension].unique())
        wish = asked[dimension]
        if wish is not None and wish not in everywhere:
            raise SelectionError(_nearest(id, dimension, wish, everywhere))
        there = sorted((here if len(here) else frame)[dimension].unique())
        if wish is None and "total" not in there and len(there) > 1:
            raise SelectionError(
                f"{id} har inget samlat värde i {dimension}. Ange --{dimension}: {_some(there)}."
            )
        key[dimension] = wish or ("total" if "total" in there or not there else there[0])
        here = here[here[dimension] == key[dimension]]
    return key


def _nearest(id: str, what: str, wish: str, known: Sequence[str]) -> str:
    if what == "perioden":
        near = [p for p in known if p[:4] == wish[:4]] or sorted(known, key=_distance(wish))[:3]
        span = f" Uppgifter finns från {known[0]} till {known[-1]}." if known else ""
        return f"{id} har inte perioden ”{wish[:20]}”. Närmast: {_some(sorted(near))}.{span}"
    near = difflib.get_close_matches(wish, known, n=3, cutoff=0.5) or list(known)
    return f"{id} har inte {what} = ”{wish[:40]}”. Närmast: {_some(near)}."


def _distance(wish: str) -> Any:
    year = int(wish[:4]) if wish[:4].isdigit() else 9999
    return lambda period: abs(int(period[:4]) - year)


def _some(values: Sequence[str]) -> str:
    more = f" och {len(values) - 16} till" if len(values) > 16 else ""
    return ", ".join(values[:16]) + more


def _observed(name: str, measure: str, key: Mapping[str, str], data: str) -> Observed:
    frame = load(measure, data=data)
    hit = _selected(frame, key)
    if hit.empty:
        return Observed(name, measure, dict(key))
    return _held(name, measure, hit.iloc[0], data)


def _held(name: str, measure: str, row: pd.Series, data: str) -> Observed:
    added = parts_of(measure, row, data) if row["status"] == SUMMED else []
    return Observed(
        input=name,
        measure=measure,
        key={column: str(row[column]) for column in ("region", "period", *DIMENSIONS)},
        value=_number(row["value"]),
        unit=str(row["unit"]),
        published_value=_number(row["published_value"]),
        published_unit=str(row["published_unit"]),
        status=str(row["status"]),
        preliminary=bool(row["preliminary"]),
        noise=bool(row["noise"]),
        segment=int(row["segment"]),
        source=str(row["source"]),
        table=str(row["table"]),
        vintage="" if pd.isna(row["vintage"]) else str(row["vintage"]),
        origin=str(row["origin"]),
        parts=tuple(_held(name, measure, part, data) for part in added),
    )


def _origins(observations: Sequence[Observed], archive: Archive) -> tuple[Origin, ...]:
    held = [row for one in observations for row in (one, *leaves(one)) if row.is_held]
    cells: dict[str, list[dict[str, str]]] = {}
    for row in held:
        cells.setdefault(row.origin, []).append({"measure": row.measure, **row.key})
    return tuple(follow(origin, keys, archive) for origin, keys in cells.items())


def _why_no_value(row: Mapping[str, Any], observations: Sequence[Observed]) -> str:
    if row.get("status") == HIDDEN:
        return "Värdet visas inte: det bygger på färre än 5 fall, eller på en bas under 100."
    lacking = [one for one in observations if one.value is None]
    if lacking:
        return " ".join(dict.fromkeys(_why_not(one) for one in lacking[:5]))
    if (
        len({one.segment for one in observations}) > 1
        or len({_publication(o) for o in observations}) > 1
    ):
        return (
            "Uppgifterna ligger på var sin sida om ett brott i serien, eller kommer ur olika "
            "publiceringar, och jämförs inte."
        )
    return "Formeln ger inget värde för uppgifterna: nämnaren är noll, eller basåret ligger senare."


def _publication(one: Observed) -> tuple[str, str, str]:
    return one.measure, one.table, one.vintage


def _why_not(one: Observed) -> str:
    where = ", ".join(
        regions.name(value) if column == "region" else value
        for column, value in one.key.items()
        if value != "total"
    )
    if not one.is_held:
        return f"{one.measure} för {where} finns inte i uppgifterna."
    said = {"missing": "utan förklaring", "few": "få fall"}.get(
        one.status, f"med tecknet {one.status}"
    )
    return f"{one.measure} för {where} saknas hos producenten ({said})."

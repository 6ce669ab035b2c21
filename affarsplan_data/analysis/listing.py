"""What there is: the catalogue's indicators and measures as frames that can be searched."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from affarsplan_data import observations
from affarsplan_data.analysis import markup
from affarsplan_data.catalogue import Indicator, Measure, load_catalogue
from affarsplan_data.indicators import available as can_be_given
from affarsplan_data.indicators import definition, why_missing
from affarsplan_data.pages import whence
from affarsplan_data.parameters import DEFAULT_DATA, ParameterError, check_data
from affarsplan_data.plan import UnknownPlanEntryError, load_plan

_HEADINGS = {
    "id": "Id",
    "name": "Namn",
    "unit": "Enhet",
    "goals": "Delmål",
    "splits": "Uppdelning",
    "levels": "Nivåer",
    "direction": "Riktning",
    "available": "Tillgänglig",
    "availability": "Uppgifter",
    "definition": "Definition",
    "does_not_show": "Visar inte",
    "source": "Källa",
    "tables": "Tabeller",
    "indicators": "Används i",
}
_SPLITS = {
    "sex": "kön",
    "birth": "födelseregion",
    "age": "ålder",
    "industry": "näringsgren",
    "category": "klass",
}
_LEVELS = {"country": "riket", "county": "län", "municipality": "kommun"}
_DIRECTIONS = {
    "up": "högre är bättre",
    "down": "lägre är bättre",
    "towards_zero": "nära noll är bäst",
    "target_band": "inom målbandet är bäst",
    "neutral": "ingen riktning",
}


class Listing(pd.DataFrame):
    """A frame that a notebook shows whole, with Swedish headings and every text escaped.

    It is a frame in all other ways: filter, sort and choose columns as usual.
    """

    @property
    def _constructor(self) -> type["Listing"]:
        return Listing

    def _repr_html_(self) -> str:
        made_up = markup.banner(str(self.attrs.get("banner", "")))
        if self.empty or not len(self.columns):
            return f"{made_up}<p>{self._count()}</p>"
        headings = [_HEADINGS.get(str(column), str(column)) for column in self.columns]
        rows = list(self.itertuples(index=False, name=None))
        return made_up + markup.table(self._count(), headings, rows)

    def _count(self) -> str:
        if not len(self):
            return "Inget i katalogen motsvarar sökningen. Pröva ett kortare ord."
        return f"{len(self)} {'rad' if len(self) == 1 else 'rader'}"


def indicators(
    search: str | None = None,
    *,
    goal: str | None = None,
    available: bool | None = None,
    data: str = DEFAULT_DATA,
) -> Listing:
    """Return the catalogue's indicators, one a row.

    >>> indicators("branschdiversitet", data="edition")["id"].tolist()
    ['industry_diversity_shannon']
    >>> bool(indicators(goal="RUS20", available=True, data="edition")["available"].all())
    True

    Columns: ``id``, ``name``, ``unit``, ``goals``, ``splits``, ``levels``, ``direction``, ``available``,
    ``availability`` (where the figures in use come from, or why there are none), ``definition`` and
    ``does_not_show``.

    Args:
        search: words that must all stand in the texts, the tables or the sources, in any case.
        goal: a delmål (``"D05"``), a RUS delmål (``"RUS20"``) or a målområde (``"M2"``).
        available: True keeps those that the data in use can give, False the others.
        data: which data to look in.

    Raises:
        UnknownPlanEntryError: no such goal; what is nearest is named.
        ParameterError: no such data.
    """
    check_data(data)
    wanted = _goals(goal)
    rows = [
        _indicator(item, data)
        for item in load_catalogue().indicators.values()
        if wanted is None or wanted & {*item.subgoals, *item.rus}
    ]
    return _listing(rows, list(_INDICATOR), search, available, data)


def measures(
    search: str | None = None,
    *,
    goal: str | None = None,
    available: bool | None = None,
    data: str = DEFAULT_DATA,
) -> Listing:
    """Return the catalogue's measures, one a row: what :func:`affarsplan_data.load` reads.

    >>> measures("bruttoregionprodukt volymförändring", data="edition")["id"].tolist()
    ['grp_volume_change']

    Columns: ``id``, ``name``, ``unit``, ``goals`` and ``indicators`` (those that read it), ``splits``,
    ``levels``, ``available``, ``availability``, ``source``, ``tables`` and ``definition``.

    Args:
        search, goal, available, data: as for :func:`indicators`.

    Raises:
        UnknownPlanEntryError, ParameterError: as for :func:`indicators`.
    """
    check_data(data)
    wanted = _goals(goal)
    readers: dict[str, list[Indicator]] = {}
    for item in load_catalogue().indicators.values():
        for used in item.measures:
            readers.setdefault(used, []).append(item)
    rows = [
        _measure(item, readers.get(item.id, []), data)
        for item in load_catalogue().measures.values()
        if wanted is None or wanted & _goals_of(readers.get(item.id, []))
    ]
    return _listing(rows, list(_MEASURE), search, available, data)


_INDICATOR = (
    "id",
    "name",
    "unit",
    "goals",
    "splits",
    "levels",
    "direction",
    "available",
    "availability",
    "definition",
    "does_not_show",
)
_MEASURE = (
    "id",
    "name",
    "unit",
    "goals",
    "indicators",
    "splits",
    "levels",
    "available",
    "availability",
    "source",
    "tables",
    "definition",
)


def _indicator(item: Indicator, data: str) -> dict[str, Any]:
    catalogue = load_catalogue()
    used = [catalogue.measure(id) for id in item.measures]
    known = can_be_given(item, data)
    return {
        "id": item.id,
        "name": item.name,
        "unit": item.unit,
        "goals": ", ".join([*item.subgoals, *item.rus]),
        "splits": _said(item.splits, _SPLITS),
        "levels": _said(item.levels, _LEVELS),
        "direction": _DIRECTIONS[item.direction],
        "available": known,
        "availability": _found(used, data) if known else f"Saknas: {why_missing(item, data)}",
        "definition": definition(item, data),
        "does_not_show": item.does_not_show,
        "searched": " ".join([item.noun, *(f"{_sources(one)} {one.title}" for one in used)]),
    }


def _measure(item: Measure, readers: Sequence[Indicator], data: str) -> dict[str, Any]:
    known = observations.available(item.id, data)
    return {
        "id": item.id,
        "name": item.title,
        "unit": item.unit,
        "goals": ", ".join(sorted(_goals_of(readers))),
        "indicators": ", ".join(one.id for one in readers),
        "splits": _said(item.splits, _SPLITS),
        "levels": _said(item.levels, _LEVELS),
        "available": known,
        "availability": _found([item], data) if known else _why_not(item.missing_reason),
        "source": load_catalogue().sources[item.source].name,
        "tables": ", ".join(item.tables),
        "definition": item.definition,
        "searched": _sources(item),
    }


def _listing(
    rows: Sequence[dict[str, Any]],
    columns: Sequence[str],
    search: str | None,
    available: bool | None,
    data: str,
) -> Listing:
    if search is not None and not isinstance(search, str):
        raise ParameterError(f"Sök med ord skrivna som text, inte {str(search)[:40]}.")
    wanted = (search or "").casefold().split()
    kept = [
        row
        for row in rows
        if all(word in " ".join(map(str, row.values())).casefold() for word in wanted)
        and (available is None or row["available"] is available)
    ]
    found = Listing(kept, columns=list(columns))
    found.attrs["banner"] = whence.of_everything(data).banner
    return found


def _goals(goal: str | None) -> frozenset[str] | None:
    """Return the delmål that a goal stands for; None when none is asked for."""
    if goal is None:
        return None
    plan = load_plan()
    if goal in {area.id for area in plan.target_areas}:
        return frozenset(subgoal.id for subgoal in plan.subgoals_of(goal))
    if goal in {rus.id for rus in plan.rus_goals}:
        return frozenset({goal})
    try:
        return frozenset({plan.subgoal(goal).id})
    except UnknownPlanEntryError as error:
        others = [(one.id, one.name) for one in plan.target_areas]
        others += [(one.id, one.name) for one in plan.rus_goals]
        listed = ", ".join(f"{id} {name}" for id, name in others)
        raise UnknownPlanEntryError(
            f"{error} Även målområden och RUS-delmål går att ange: {listed}."
        ) from None


def _goals_of(readers: Iterable[Indicator]) -> frozenset[str]:
    return frozenset(goal for item in readers for goal in (*item.subgoals, *item.rus))


def _said(ids: Iterable[str], names: dict[str, str]) -> str:
    return ", ".join(names[id] for id in ids)


def _sources(measure: Measure) -> str:
    return " ".join([load_catalogue().sources[measure.source].name, *measure.tables])


def _found(used: Sequence[Measure], data: str) -> str:
    found = whence.of_measures([measure.id for measure in used], data)
    return found.short


def _why_not(reason: str | None) -> str:
    return f"Saknas: {reason}" if reason else "Saknas i de uppgifter som används."

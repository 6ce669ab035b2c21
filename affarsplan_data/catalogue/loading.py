"""Reads the catalogue's files, validates each entry and the links between them."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from affarsplan_data import swedish
from affarsplan_data.catalogue.base import DIMENSIONS
from affarsplan_data.catalogue.errors import CatalogueError, UnknownEntryError
from affarsplan_data.catalogue.industries import INDUSTRIES
from affarsplan_data.catalogue.models import Indicator, Input, Measure, Source
from affarsplan_data.catalogue.table import Gives, Table
from affarsplan_data.plan import Plan, RusGoal, Subgoal, load_plan, yamlfile
from affarsplan_data.recording import ABSENT, Noted, digest, kind, note, quiet
from affarsplan_data.recording.noted import EVERY

_FOLDER = Path(__file__).parent
_Entry = TypeVar("_Entry", Source, Table, Measure, Indicator)
_SWEDISH = {
    "missing": "fältet saknas",
    "extra_forbidden": "fältet finns inte i katalogens form",
    "string_too_short": "fältet är tomt",
}


@dataclass(frozen=True)
class Catalogue:
    """Everything the catalogue declares, by id, in file order."""

    sources: Noted[Source]
    tables: Noted[Table]
    measures: Noted[Measure]
    indicators: Noted[Indicator]

    def measure(self, id: str) -> Measure:
        """Return a measure, or raise :class:`UnknownEntryError` with the nearest ids."""
        return _lookup(self.measures, id, "måttet")

    def indicator(self, id: str) -> Indicator:
        """Return an indicator, or raise :class:`UnknownEntryError` with the nearest ids."""
        return _lookup(self.indicators, id, "indikatorn")

    def tables_of(self, measure: str) -> tuple[Table, ...]:
        """Return the tables that a measure is fetched from; none when it is not fetched."""
        named = self.measure(measure).tables
        return tuple(self.tables[table] for table in named if table in self.tables)

    def is_of_boundaries(self, table: Table) -> bool:
        """Tell whether a table holds boundaries for maps, and no figures."""
        return self.sources[table.source].interface == "boundaries"

    def boundaries(self) -> tuple[Table, ...]:
        """Return the tables of boundaries, which no measure names."""
        return tuple(table for table in self.tables.values() if self.is_of_boundaries(table))

    def fetched(self) -> tuple[Measure, ...]:
        """Return the measures that are fetched from their producer."""
        return tuple(m for m in self.measures.values() if self.tables_of(m.id))

    def indicators_of(self, goal: str) -> tuple[Indicator, ...]:
        """Return the indicators of a delmål (``D05``) or a RUS delmål (``RUS20``)."""
        note("goal", goal)
        found = [i for i in self.indicators.held.values() if goal in i.subgoals + i.rus]
        return tuple(self.indicators[indicator.id] for indicator in found)


def load_catalogue(folder: Path | None = None, plan: Plan | None = None) -> Catalogue:
    """Return the catalogue in ``folder`` (default: the package's own), validated against ``plan``.

    Raises:
        CatalogueError: an entry is malformed, refers to something that does not exist, or a delmål
            has no indicator. The message names the file and the entry.
    """
    # The default is asked for at every turn, and telling one plan from another takes its time.
    followed = plan or load_plan()
    return _load(folder or _FOLDER, followed) if folder or plan else _default()


@cache
def _default() -> Catalogue:
    return _load(_FOLDER, load_plan())


@cache
def _load(folder: Path, plan: Plan) -> Catalogue:
    with quiet():
        return _checked(folder, plan)


@kind("source")
def _source(id: str) -> str:
    return _state(load_catalogue().sources, id)


@kind("table")
def _table(id: str) -> str:
    return _state(load_catalogue().tables, id)


@kind("definition")
def _measure(id: str) -> str:
    return _state(load_catalogue().measures, id)


@kind("indicator")
def _indicator(id: str) -> str:
    return _state(load_catalogue().indicators, id)


@kind("goal")
def _goal(goal: str) -> str:
    return digest(" ".join(indicator.id for indicator in load_catalogue().indicators_of(goal)))


def _state(entries: Noted[Any], id: str) -> str:
    """Return the state of an entry as it is declared, or of which entries there are."""
    if id == EVERY:
        return digest(" ".join(entries.held))
    return digest(entries.held[id].model_dump_json()) if id in entries.held else ABSENT


def _checked(folder: Path, plan: Plan) -> Catalogue:
    sources = _read([folder / "sources.yaml"], Source)
    measures = _read(sorted((folder / "measures").glob("*.yaml")), Measure)
    indicators = _read(sorted((folder / "indicators").glob("*.yaml")), Indicator)
    tables = _read(sorted((folder / "tables").glob("*.yaml")), Table)
    catalogue = Catalogue(
        Noted("source", _by_id(sources)),
        Noted("table", _by_id(tables)),
        Noted("definition", _by_id(measures)),
        Noted("indicator", _by_id(indicators)),
    )
    entries: list[tuple[str, Table | Measure]] = [*tables, *measures]
    for file, entry in entries:
        if entry.source not in catalogue.sources:
            raise CatalogueError(file, entry.id, f"källan {entry.source} finns inte")
    named = {table for measure in catalogue.measures.values() for table in measure.tables}
    for file, table in tables:
        if table.id not in named and not catalogue.is_of_boundaries(table):
            raise CatalogueError(file, table.id, "inget mått hämtas ur tabellen")
        _check_told(file, table, catalogue.sources[table.source])
        for given in table.gives:
            _check_gives(file, table, given, catalogue.measures)
    for file, indicator in indicators:
        _check_inputs(file, indicator, catalogue.measures)
        _check_earlier(file, indicator, catalogue.indicators.held)
        _check_goals(file, indicator, plan)
    _check_coverage(catalogue, plan)
    return catalogue


def _read(files: Iterable[Path], model: type[_Entry]) -> list[tuple[str, _Entry]]:
    return [
        (file.name, _validated(file.name, raw, model)) for file in files for raw in _entries(file)
    ]


def _entries(file: Path) -> Iterator[dict[str, Any]]:
    try:
        content = yamlfile.read(file)
    except FileNotFoundError:
        raise CatalogueError(file.name, "filen", f"{file} saknas") from None
    except yaml.YAMLError as error:
        raise CatalogueError(file.name, "filen", f"är inte giltig YAML: {error}") from error
    if not isinstance(content, list) or not all(isinstance(entry, dict) for entry in content):
        raise CatalogueError(file.name, "filen", "ska vara en lista av poster")
    yield from content


def _validated(file: str, raw: dict[str, Any], model: type[_Entry]) -> _Entry:
    try:
        entry = model.model_validate(raw)
    except ValidationError as error:
        problems = "; ".join(_problem(detail) for detail in error.errors())
        raise CatalogueError(file, str(raw.get("id", "utan id")), problems) from None
    # What else a table says is compared with what the producer writes.
    shown = (entry.title, entry.note) if isinstance(entry, Table) else entry.model_dump()
    _check_thousands(file, entry.id, shown)
    return entry


def _problem(detail: Any) -> str:
    field = ".".join(str(part) for part in detail["loc"])
    reason = _SWEDISH.get(detail["type"], detail["msg"].removeprefix("Value error, "))
    return f"{field}: {reason}" if field else reason


def _by_id(entries: Sequence[tuple[str, Any]]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for file, entry in entries:
        if entry.id in found:
            raise CatalogueError(file, entry.id, "id:t förekommer två gånger")
        found[entry.id] = entry
    return found


def _check_thousands(file: str, id: str, told: Any) -> None:
    """Check that no text has a number that a line could break in the middle of."""
    if isinstance(told, str):
        if (whole := swedish.unbroken_thousands(told)) != told:
            problem = f"ett vanligt mellanslag i ett tal; skriv ”{whole}”, med U+202F i talet"
            raise CatalogueError(file, id, problem)
    elif isinstance(told, Mapping):
        _check_thousands(file, id, tuple(told.values()))
    elif isinstance(told, Sequence):
        for one in told:
            _check_thousands(file, id, one)


def _check_told(file: str, table: Table, source: Source) -> None:
    """Check that a table can be recognised, and that it can be told when it is out of date."""
    titled = source.interface in {"pxweb2", "pxweb1"}
    if table.gives and titled and not (table.title_words or table.find):
        problem = "title_words krävs, så att en annan tabell med samma id inte hämtas"
        raise CatalogueError(file, table.id, problem)
    if table.gives and table.release is None and not table.ended:
        problem = "release krävs, så att det märks när tabellen borde ha nya uppgifter"
        raise CatalogueError(file, table.id, problem)


def _check_gives(file: str, table: Table, given: Gives, measures: Mapping[str, Measure]) -> None:
    measure = measures.get(given.measure)
    if measure is None:
        raise CatalogueError(file, table.id, f"ger måttet {given.measure}, som inte finns")
    if table.id not in measure.tables:
        problem = f"ger måttet {measure.id}, som inte nämner tabellen under tables"
        raise CatalogueError(file, table.id, problem)
    for dimension in DIMENSIONS:
        values = table.values(dimension)
        if dimension in given.fixed:
            values = frozenset({given.fixed[dimension]})
        if unknown := set(given.where.get(dimension, ())) - values:
            problem = f"where för {measure.id} väljer {', '.join(sorted(unknown))}, som inte finns"
            raise CatalogueError(file, table.id, problem)
        left = set(given.where.get(dimension, values)) - {"total"}
        if left and dimension not in measure.splits:
            problem = f"måttet {measure.id} delas inte på {dimension}; välj ett värde i where"
            raise CatalogueError(file, table.id, problem)
        if dimension == "industry" and (unknown := left - INDUSTRIES.keys()):
            problem = (
                f"branschen {', '.join(sorted(unknown))} för {measure.id} finns inte i INDUSTRIES"
            )
            raise CatalogueError(file, table.id, problem)
        if dimension == "category" and (unknown := left - measure.categories.keys()):
            problem = f"måttet {measure.id} har inte klassen {', '.join(sorted(unknown))}"
            raise CatalogueError(file, table.id, problem)


def _check_earlier(file: str, indicator: Indicator, held: Mapping[str, Indicator]) -> None:
    if (earlier := indicator.earlier_register) is None:
        return
    if earlier not in held or earlier == indicator.id:
        problem = f"earlier_register är {earlier}, som inte är en annan indikator"
        raise CatalogueError(file, indicator.id, problem)
    if held[earlier].unit != indicator.unit:
        problem = f"har en annan enhet än {earlier}, som den ska kunna länkas till"
        raise CatalogueError(file, indicator.id, problem)


def _check_inputs(file: str, indicator: Indicator, measures: Mapping[str, Measure]) -> None:
    for name, item in indicator.formula.inputs.items():
        for one in item.readings:
            _check_reading(file, indicator, name, one, measures)
        held = any(measures[one.measure].availability == "edition" for one in item.readings)
        if indicator.availability == "edition" and not (held or item.optional):
            problem = f"räknas som tillgänglig men måttet {item.measure} saknas i utgåvan"
            raise CatalogueError(file, indicator.id, problem)


def _check_reading(
    file: str, indicator: Indicator, name: str, item: Input, measures: Mapping[str, Measure]
) -> None:
    measure = measures.get(item.measure)
    if measure is None:
        problem = f"underlaget {name} pekar på måttet {item.measure}, som inte finns"
        raise CatalogueError(file, indicator.id, problem)
    if unknown := _unknown_categories(item, measure):
        problem = f"måttet {measure.id} har inte klassen {', '.join(sorted(unknown))}"
        raise CatalogueError(file, indicator.id, problem)
    if unsplit := item.select.keys() - set(measure.splits):
        problem = f"måttet {measure.id} delas inte på {', '.join(sorted(unsplit))}"
        raise CatalogueError(file, indicator.id, problem)


def _unknown_categories(item: Input, measure: Measure) -> set[str]:
    chosen = item.select.get("category", ())
    named = {chosen} if isinstance(chosen, str) else set(chosen)
    return named - measure.categories.keys() - {"total"}


def _check_goals(file: str, indicator: Indicator, plan: Plan) -> None:
    subgoals = {subgoal.id for subgoal in plan.subgoals}
    rus = {goal.id for goal in plan.rus_goals}
    if unknown := (set(indicator.subgoals) - subgoals) | (set(indicator.rus) - rus):
        problem = f"delmålet {', '.join(sorted(unknown))} finns inte i planen"
        raise CatalogueError(file, indicator.id, problem)


def _check_coverage(catalogue: Catalogue, plan: Plan) -> None:
    goals: list[Subgoal | RusGoal] = [*plan.subgoals, *plan.rus_goals]
    for goal in goals:
        if not catalogue.indicators_of(goal.id):
            raise CatalogueError("indicators", goal.id, f"delmålet {goal.name} saknar indikatorer")


def _lookup(entries: Mapping[str, Any], id: str, what: str) -> Any:
    try:
        return entries[id]
    except (KeyError, TypeError):
        near = difflib.get_close_matches(str(id), entries, n=3, cutoff=0.5) or list(entries)[:8]
        raise UnknownEntryError(
            f"{what.capitalize()} ”{str(id)[:60]}” finns inte. Närmast: {', '.join(near)}."
        ) from None


__all__ = ["Catalogue", "load_catalogue"]

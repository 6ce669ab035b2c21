"""Reads a plan's file, validates it and checks that its entries agree with each other."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from affarsplan_data import regions
from affarsplan_data.plan import yamlfile
from affarsplan_data.plan.errors import PlanError
from affarsplan_data.plan.models import Plan, RusGoal, Subgoal, TargetArea
from affarsplan_data.recording.code import note_declared

DEFAULT_PLAN = Path(__file__).with_name("affarsplan_vastmanland_2030.yaml")
_SWEDISH = {
    "missing": "fältet saknas",
    "extra_forbidden": "fältet finns inte i planens form",
    "string_too_short": "fältet är tomt",
    "string_pattern_mismatch": "värdet har inte rätt form",
    "string_type": "värdet ska vara text (sätt citattecken kring koder)",
    "int_type": "värdet ska vara ett heltal",
    "int_parsing": "värdet ska vara ett heltal",
    "greater_than_equal": "talet är för litet",
    "less_than_equal": "talet är för stort",
    "tuple_type": "värdet ska vara en lista",
    "dict_type": "värdet ska vara fält med namn",
    "model_type": "posten ska ha namngivna fält",
}


def load_plan(path: Path | None = None) -> Plan:
    """Return the plan in ``path`` (default: Affärsplan Västmanland 2030). Each file is read once.

    Raises:
        PlanError: the file is missing or malformed, an id or a number occurs twice, or an entry
            points at something that does not exist. The message names the file and the entry.
    """
    file = path.resolve() if path else _default_file()
    note_declared(file)
    return _load(file)


@cache
def _default_file() -> Path:
    return DEFAULT_PLAN.resolve()


@cache
def _load(path: Path) -> Plan:
    plan = _validated(path.name, _content(path))
    for entries in (plan.subgoals, plan.target_areas, plan.rus_goals):
        _check_numbering(path.name, entries)
    _check_unique(path.name, [group.id for group in plan.comparison_groups])
    _check_regions(path.name, plan)
    _check_rus(path.name, plan)
    _check_subgoals(path.name, plan)
    _check_agenda(path.name, plan)
    return plan


def _content(path: Path) -> dict[str, Any]:
    try:
        content = yamlfile.read(path)
    except FileNotFoundError:
        raise PlanError(path.name, "filen", f"{path} saknas") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PlanError(path.name, "filen", f"är inte giltig YAML: {error}") from error
    if not isinstance(content, dict):
        raise PlanError(path.name, "filen", "ska vara fält med namn")
    return content


def _validated(file: str, raw: dict[str, Any]) -> Plan:
    try:
        return Plan.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]["loc"]
        same = [e for e in error.errors() if _entry(raw, e["loc"]) == _entry(raw, first)]
        problems = "; ".join(_problem(detail) for detail in same)
        raise PlanError(file, _entry(raw, first), problems) from None


def _entry(raw: dict[str, Any], location: Sequence[str | int]) -> str:
    """Return the id of the list entry a pydantic location points into, else its top field."""
    if len(location) < 2 or not isinstance(location[1], int):
        return str(location[0]) if location else "planen"
    found = raw[str(location[0])][location[1]]
    named = found.get("id") if isinstance(found, dict) else None
    return str(named or f"{location[0]} nr {location[1] + 1}")


def _problem(detail: Any) -> str:
    field = ".".join(str(part) for part in detail["loc"])
    reason = _SWEDISH.get(detail["type"], detail["msg"].removeprefix("Value error, "))
    return f"{field}: {reason}"


def _check_numbering(file: str, entries: Sequence[Subgoal | TargetArea | RusGoal]) -> None:
    _check_unique(file, [entry.id for entry in entries])
    for entry in entries:
        if entry.number != int(entry.id.lstrip("DMRUS")):
            raise PlanError(file, entry.id, f"numret {entry.number} stämmer inte med id:t")


def _check_unique(file: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            raise PlanError(file, id, "id:t förekommer två gånger")
        seen.add(id)


def _check_regions(file: str, plan: Plan) -> None:
    counties = set(regions.counties())
    if plan.region not in counties:
        raise PlanError(file, "region", f"länet {plan.region} finns inte")
    for group in plan.comparison_groups:
        if unknown := [code for code in group.counties if code not in counties]:
            raise PlanError(file, group.id, f"länet {', '.join(unknown)} finns inte")
        if len(set(group.counties)) != len(group.counties):
            raise PlanError(file, group.id, "ett län står två gånger")
        if len(group.counties) < 2:
            raise PlanError(file, group.id, "en jämförelsegrupp behöver minst två län")


def _check_rus(file: str, plan: Plan) -> None:
    known = {goal.id for goal in plan.rus_goals}
    for subgoal in plan.subgoals:
        if unknown := [id for id in subgoal.rus if id not in known]:
            problem = f"RUS-delmålet {', '.join(unknown)} finns inte i planen"
            raise PlanError(file, subgoal.id, problem)


def _check_subgoals(file: str, plan: Plan) -> None:
    areas = {area.id: area for area in plan.target_areas}
    for place, subgoal in enumerate(plan.subgoals, start=1):
        if subgoal.number != place:
            raise PlanError(file, subgoal.id, f"delmål {place} saknas eller står på fel plats")
        area = areas.get(subgoal.target_area)
        if area is None:
            problem = f"målområdet {subgoal.target_area} finns inte i planen"
            raise PlanError(file, subgoal.id, problem)
        if subgoal.section != area.section:
            problem = f"avsnitt {subgoal.section} är inte målområdets avsnitt {area.section}"
            raise PlanError(file, subgoal.id, problem)
    for id in areas:
        if not plan.subgoals_of(id):
            raise PlanError(file, id, "målområdet har inget delmål")


def _check_agenda(file: str, plan: Plan) -> None:
    named = [goal.number for goal in plan.agenda_2030.goals]
    _check_unique(file, [f"mål {number}" for number in named])
    for area in plan.target_areas:
        if unknown := sorted(set(area.agenda_2030) - set(named)):
            problem = f"mål {', '.join(map(str, unknown))} nämns inte i planen"
            raise PlanError(file, area.id, problem)
    used = {number for area in plan.target_areas for number in area.agenda_2030}
    if unused := sorted(set(named) - used):
        problem = f"mål {', '.join(map(str, unused))} hör inte till något målområde"
        raise PlanError(file, "agenda_2030", problem)

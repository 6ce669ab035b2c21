"""The plan as data: complete, consistent, and loud when its file is wrong."""

import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from affarsplan_data.errors import AffarsplanError, UsageError
from affarsplan_data.plan import Plan, PlanError, UnknownPlanEntryError, load_plan
from affarsplan_data.plan.loading import DEFAULT_PLAN

Raw = dict[str, Any]
AREA_OF_SUBGOAL = {
    "M1": ["D01", "D02", "D03"],
    "M2": ["D04", "D05", "D06"],
    "M3": ["D07", "D08", "D09"],
    "M4": ["D10", "D11", "D12"],
}


@pytest.fixture
def plan() -> Plan:
    return load_plan()


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[Callable[[Raw], object]], PlanError]:
    """Return a function that changes the plan's content, loads it and gives back the error."""

    def load_changed(change: Callable[[Raw], object]) -> PlanError:
        raw = yaml.safe_load(DEFAULT_PLAN.read_text(encoding="utf-8"))
        change(raw)
        file = tmp_path / "plan.yaml"
        file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
        with pytest.raises(PlanError) as caught:
            load_plan(file)
        return caught.value

    return load_changed


def test_plan_has_the_parts_of_affarsplan_vastmanland(plan: Plan) -> None:
    assert (plan.name, str(plan.period)) == ("Affärsplan Västmanland 2030", "2022–2030")
    assert (plan.publisher, plan.region, plan.rus_version) == ("Region Västmanland", "19", "2020")
    assert [goal.id for goal in plan.rus_goals] == ["RUS14", "RUS15", "RUS16", "RUS19", "RUS20"]
    assert plan.comparison_group("oms").counties == ("03", "04", "05", "18", "19")
    assert len(plan.subgoals) == 12


@pytest.mark.parametrize(("area", "subgoals"), AREA_OF_SUBGOAL.items())
def test_every_subgoal_lies_in_its_target_area(plan: Plan, area: str, subgoals: list[str]) -> None:
    assert [subgoal.id for subgoal in plan.subgoals_of(area)] == subgoals
    assert {s.section for s in plan.subgoals_of(area)} == {plan.target_area(area).section}


def test_the_global_goals_are_those_the_plan_names(plan: Plan) -> None:
    assert plan.agenda_2030.named_for("whole_plan") == (5, 8, 9, 10, 12, 13)
    assert plan.agenda_2030.named_for("smart_specialisation") == (3, 7, 9, 11)
    assert {3, 7, 9, 11} <= set(plan.target_area("M4").agenda_2030)


def test_every_rus_goal_is_reached_from_some_subgoal(plan: Plan) -> None:
    linked = {id for subgoal in plan.subgoals for id in subgoal.rus}
    assert linked == {goal.id for goal in plan.rus_goals}


def test_questions_are_distinct_questions(plan: Plan) -> None:
    questions = [goal.question for goal in (*plan.subgoals, *plan.rus_goals)]
    assert all(question.endswith("?") for question in questions)
    assert len(set(questions)) == len(questions)


def test_helpers_return_the_entry_asked_for(plan: Plan) -> None:
    assert plan.subgoal("D05").name == "Fler starka nya företag"
    assert plan.target_area("M1").name == "Ökad innovationsförmåga och förnyelsetakt"
    assert plan.rus("RUS20").name == "God ekonomisk utveckling"


@pytest.mark.parametrize(
    ("helper", "asked", "hint"),
    [
        ("subgoal", "d5", "Menade du D05?"),
        ("target_area", "M9", "M4 Smart specialisering"),
        ("rus", "RUS17", "RUS16 Förbättrat företagsklimat"),
        ("comparison_group", "öms", "oms Östra Mellansverige"),
    ],
)
def test_unknown_entry_names_what_exists(plan: Plan, helper: str, asked: str, hint: str) -> None:
    with pytest.raises(UnknownPlanEntryError) as caught:
        getattr(plan, helper)(asked)
    assert f"”{asked}” finns inte" in str(caught.value)
    assert hint in str(caught.value)
    assert isinstance(caught.value, UsageError)


def test_plan_is_frozen_hashable_and_read_once(plan: Plan) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        plan.name = "En annan plan"  # type: ignore[misc]
    assert hash(plan) == hash(plan.model_copy())
    assert load_plan() is load_plan(DEFAULT_PLAN)


WRONG: list[tuple[Callable[[Raw], object], str, str]] = [
    (lambda p: p["subgoals"][4].update(target_area="M7"), "D05", "målområdet M7 finns inte"),
    (lambda p: p["subgoals"][4].update(rus=["RUS99"]), "D05", "RUS-delmålet RUS99 finns inte"),
    (lambda p: p["subgoals"][4].update(section="3.3"), "D05", "avsnitt 3.3 är inte"),
    (lambda p: p["subgoals"][4].update(id="D04"), "D04", "två gånger"),
    (lambda p: p["subgoals"][4].update(number=6), "D05", "numret 6 stämmer inte"),
    (lambda p: p["subgoals"].pop(4), "D06", "delmål 5 saknas"),
    (lambda p: p["subgoals"][4].update(tabell="TAB1"), "D05", "fältet finns inte i planens form"),
    (lambda p: p["subgoals"][4].update(question=" "), "D05", "fältet är tomt"),
    (lambda p: p["subgoals"][4].pop("question"), "D05", "fältet saknas"),
    (lambda p: p["subgoals"].insert(0, "D00"), "subgoals nr 1", "namngivna fält"),
    (lambda p: p["target_areas"].append({**p["target_areas"][0], "id": "M5", "number": 5}), "M5",
     "målområdet har inget delmål"),
    (lambda p: p["target_areas"][0]["agenda_2030"].append(14), "M1", "mål 14 nämns inte"),
    (lambda p: p["target_areas"][2]["agenda_2030"].remove(12), "agenda_2030", "mål 12 hör inte"),
    (lambda p: p.update(region="02"), "region", "länet 02 finns inte"),
    (lambda p: p.update(region=19), "region", "ska vara text"),
    (lambda p: p["comparison_groups"][0]["counties"].append("99"), "oms", "länet 99 finns inte"),
    (lambda p: p["comparison_groups"][0]["counties"].append("19"), "oms", "två gånger"),
    (lambda p: p["comparison_groups"][0].update(counties=["19"]), "oms", "minst två län"),
    (lambda p: p["period"].update(first=2031), "period", "sista året ligger före"),
    (lambda p: p["rus_goals"].append(dict(p["rus_goals"][0])), "RUS14", "två gånger"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "entry", "problem"), WRONG)
def test_wrong_plan_names_file_entry_and_problem(
    broken: Callable[[Callable[[Raw], object]], PlanError],
    change: Callable[[Raw], object],
    entry: str,
    problem: str,
) -> None:
    error = broken(change)
    assert f"plan.yaml, posten ”{entry}”" in str(error)
    assert problem in str(error)
    assert isinstance(error, AffarsplanError)


@pytest.mark.parametrize(
    ("content", "problem"),
    [("- en\n- lista\n", "ska vara fält med namn"), ("id: [\n", "är inte giltig YAML")],
)
def test_file_that_is_no_plan_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    file = tmp_path / "fel.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(PlanError, match=problem):
        load_plan(file)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"borta\.yaml saknas"):
        load_plan(tmp_path / "borta.yaml")


def test_plan_layer_does_not_load_pandas() -> None:
    code = "import sys, affarsplan_data.plan; sys.exit('pandas' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0

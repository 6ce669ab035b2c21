"""What a plan says: target areas, subgoals, RUS links and comparison groups, as frozen models.

Field names are English; the values are what a Swedish reader sees. Names of målområden and delmål
are the plan's own, every other sentence is the project's, with the plan's section number beside it.
"""

import difflib
from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from affarsplan_data.plan.errors import UnknownPlanEntryError

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Section = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)*$")]
RegionCode = Annotated[str, StringConstraints(pattern=r"^\d{2}(\d{2})?$")]
Number = Annotated[int, Field(ge=1)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Period(_Model):
    """The plan's first and last year, both included."""

    first: Annotated[int, Field(ge=1990, le=2100)]
    last: Annotated[int, Field(ge=1990, le=2100)]

    @model_validator(mode="after")
    def _in_order(self) -> "Period":
        if self.last < self.first:
            raise ValueError("sista året ligger före det första")
        return self

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"


class ComparisonGroup(_Model):
    """A named group of counties to compare with; ``source`` says where the group comes from."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    name: Text
    counties: tuple[RegionCode, ...]
    source: Text


class GlobalGoal(_Model):
    """A goal of Agenda 2030 that the plan names, and for which of its parts it does so."""

    number: Annotated[int, Field(ge=1, le=17)]
    name: Text
    named_for: Annotated[
        tuple[Literal["whole_plan", "smart_specialisation"], ...], Field(min_length=1)
    ]


class Agenda2030(_Model):
    """The global goals the plan names; ``reading`` says how they were spread over target areas."""

    section: Section
    goals: tuple[GlobalGoal, ...]
    reading: Text

    def named_for(self, part: Literal["whole_plan", "smart_specialisation"]) -> tuple[int, ...]:
        """Return the numbers of the goals the plan names for one of its parts."""
        return tuple(goal.number for goal in self.goals if part in goal.named_for)


class Equality(_Model):
    """Where the plan speaks of gender equality and diversity, and what it means for the figures."""

    sections: tuple[Section, ...]
    text: Text
    limits: Text


class RusGoal(_Model):
    """A delmål of the regional development strategy that the plan is followed up by."""

    id: Annotated[str, StringConstraints(pattern=r"^RUS\d{2}$")]
    number: Number
    name: Text
    section: Section
    question: Text


class TargetArea(_Model):
    """A målområde. ``agenda_2030`` are goal numbers; ``agenda_reading`` says why these."""

    id: Annotated[str, StringConstraints(pattern=r"^M\d$")]
    number: Number
    name: Text
    section: Section
    agenda_2030: tuple[int, ...]
    agenda_reading: Text


class Subgoal(_Model):
    """A delmål: the question its follow-up answers, and the RUS delmål it is read together with."""

    id: Annotated[str, StringConstraints(pattern=r"^D\d{2}$")]
    number: Number
    name: Text
    section: Section
    target_area: str
    question: Text
    rus: tuple[str, ...] = ()


_Entry = TypeVar("_Entry", Subgoal, TargetArea, RusGoal, ComparisonGroup)


class Plan(_Model):
    """A regional plan as data. Frozen and hashable, entries in the plan's own order."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    name: Text
    period: Period
    publisher: Text
    region: Annotated[str, StringConstraints(pattern=r"^\d{2}$")]
    comparison_groups: tuple[ComparisonGroup, ...]
    agenda_2030: Agenda2030
    equality: Equality
    rus_version: Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
    rus_name: Text
    rus_reading: Text
    rus_goals: tuple[RusGoal, ...]
    target_areas: tuple[TargetArea, ...]
    subgoals: tuple[Subgoal, ...]

    def subgoal(self, id: str) -> Subgoal:
        """Return the delmål ``id`` (``D05``), or raise :class:`UnknownPlanEntryError`."""
        return _lookup(self.subgoals, id, "Delmålet")

    def target_area(self, id: str) -> TargetArea:
        """Return the målområde ``id`` (``M1``), or raise :class:`UnknownPlanEntryError`."""
        return _lookup(self.target_areas, id, "Målområdet")

    def rus(self, id: str) -> RusGoal:
        """Return the RUS delmål ``id`` (``RUS20``), or raise :class:`UnknownPlanEntryError`."""
        return _lookup(self.rus_goals, id, "RUS-delmålet")

    def comparison_group(self, id: str) -> ComparisonGroup:
        """Return the comparison group ``id`` (``oms``), or raise :class:`UnknownPlanEntryError`."""
        return _lookup(self.comparison_groups, id, "Jämförelsegruppen")

    def subgoals_of(self, target_area: str) -> tuple[Subgoal, ...]:
        """Return the delmål of a målområde, in order; raises as :meth:`target_area` does."""
        area = self.target_area(target_area)
        return tuple(subgoal for subgoal in self.subgoals if subgoal.target_area == area.id)


def _lookup(entries: Sequence[_Entry], id: str, what: str) -> _Entry:
    for entry in entries:
        if entry.id == id:
            return entry
    asked = str(id)[:40]
    near = difflib.get_close_matches(asked.lower(), [e.id.lower() for e in entries], n=1)
    hint = "".join(f" Menade du {e.id}?" for e in entries if e.id.lower() in near)
    known = ", ".join(f"{entry.id} {entry.name}" for entry in entries)
    raise UnknownPlanEntryError(
        f"{what} ”{asked}” finns inte i planen.{hint} Det som finns: {known}."
    )

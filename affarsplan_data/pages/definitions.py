"""Which pages there are, and which goals each answers. Data, validated against plan and catalogue."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from affarsplan_data.catalogue import Indicator, load_catalogue
from affarsplan_data.errors import UsageError
from affarsplan_data.plan import load_plan, yamlfile
from affarsplan_data.recording import ABSENT, Noted, digest, kind, quiet
from affarsplan_data.recording.noted import EVERY


class UnknownPageError(UsageError):
    """A page that does not exist."""


class PageDefinition(BaseModel):
    """One page: its goals in the plan and the indicators its answer is built on, by weight.

    The answer is built on the first ``sentences`` of them that the data have figures for. ``answers`` are
    those of each goal, on a page that answers several. ``key_figures`` says which indicators the page is
    about: those of its goals, the headline ones, those of municipalities, or all. ``also`` are those that
    figures show besides.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    question: str | None = None
    goals: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    answers: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    sentences: int = 3
    key_figures: Literal["goals", "headline", "municipal", "all"] = "goals"
    also: tuple[str, ...] = ()

    def questions(self) -> tuple[str, ...]:
        """Return the page's own question, or the questions of its goals."""
        if self.question:
            return (self.question,)
        plan = load_plan()
        return tuple(
            (plan.rus(goal) if goal.startswith("RUS") else plan.subgoal(goal)).question
            for goal in self.goals
        )

    def indicators(self) -> tuple[Indicator, ...]:
        """Return the indicators that the page is about, in the catalogue's order."""
        catalogue = load_catalogue()
        every = catalogue.indicators.values()
        if self.key_figures == "all":
            return tuple(every)
        if self.key_figures == "headline":
            return tuple(i for i in every if i.headline)
        if self.key_figures == "municipal":
            return tuple(i for i in every if of_municipalities(i))
        found = {i.id: i for goal in self.goals for i in catalogue.indicators_of(goal)}
        return tuple(found.values())

    def besides(self) -> tuple[Indicator, ...]:
        """Return the indicators of the page's answers, and those that its figures show besides."""
        answers = (id for ids in self.answers.values() for id in ids)
        ids = dict.fromkeys((*self.answer, *answers, *self.also))
        return tuple(load_catalogue().indicator(id) for id in ids)


def of_municipalities(about: Indicator) -> bool:
    """Tell whether municipalities have one figure of an indicator, of a size that can be compared."""
    return (
        "municipality" in about.levels
        and about.comparable_size
        and about.formula.function != "index"
        and not {"industry", "category"} & set(about.splits)
    )


def definitions() -> Noted[PageDefinition]:
    """Return every page by id, in the report's order."""
    return Noted("page", _definitions())


@kind("page")
def _state(id: str) -> str:
    held = _definitions()
    if id == EVERY:
        return digest(" ".join(held))
    return digest(held[id].model_dump_json()) if id in held else ABSENT


@cache
def _definitions() -> dict[str, PageDefinition]:
    with quiet():
        return _read()


def _read() -> dict[str, PageDefinition]:
    path = Path(__file__).with_name("pages.yaml")
    entries = [PageDefinition(**raw) for raw in yamlfile.read(path)]
    for entry in entries:
        entry.questions()
        entry.besides()
    return {entry.id: entry for entry in entries}


def definition(id: str) -> PageDefinition:
    """Return one page's definition, or raise :class:`UnknownPageError` with those that exist."""
    try:
        return definitions()[id]
    except (KeyError, TypeError):
        raise UnknownPageError(
            f"Sidan ”{id}” finns inte. De som finns: {', '.join(definitions())}."
        ) from None

"""The computed answer that a page opens with: a few sentences, women and men among them."""

from collections.abc import Sequence
from html import escape

from affarsplan_data import regions, swedish
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.pages.reading import read, without_base
from affarsplan_data.pages.scope import scope
from affarsplan_data.pages.texts import Section
from affarsplan_data.parameters import Parameters
from affarsplan_data.plan import load_plan


def answer(ids: Sequence[str], most: int, given: Parameters) -> tuple[str, ...]:
    """Return the answer from the first ``most`` of ``ids`` that the data have figures for.

    ``ids`` come in order of weight. One line tells which of them were wanted first but are missing.
    """
    lines: list[str] = []
    missing: list[str] = []
    for id in ids:
        if len(lines) == most:
            break
        try:
            values = read(id, given)
        except MissingIndicatorError:
            missing.append(swedish.lower_first(load_catalogue().indicator(id).name))
            continue
        if said := sentence(values, given):
            lines.append(said)
    if missing:
        lines.append(
            f"Uppgift saknas ännu om {swedish.listing(missing)}; orsaken står i nyckeltalstabellen."
        )
    return tuple(lines)


def of_goal(goal: str, ids: Sequence[str], given: Parameters) -> Section:
    """Return a goal's question and its computed answer, for a page that answers several goals."""
    plan = load_plan()
    question = (plan.rus(goal) if goal.startswith("RUS") else plan.subgoal(goal)).question
    lines = "".join(f"<li>{escape(line)}</li>" for line in answer(ids, 3, given))
    return Section(
        f'<section class="ap-goal" aria-label="{escape(question)}">'
        f'<p class="ap-question">{escape(question)}</p><ul class="ap-answer">{lines}</ul></section>'
    )


def sentence(values: IndicatorValues, given: Parameters) -> str:
    """Return what is said of one indicator: level, distance, rank, and the groups it is divided by.

    Short, as an answer must be; neighbours, intervals and other years stand in the page's figures.
    """
    limits = scope(values, given)
    if limits.focus is None:
        reason = without_base(values.indicator.id, given, given.county)
        return reason or _elsewhere(values, given)
    whole = values.series(limits.focus)
    said = (
        []
        if whole.empty
        else [sentences.standing(values, limits.focus, whole["period"].iloc[-1], brief=True)]
    )
    newest = values.latest(limits.focus)
    assert newest is not None
    after = not whole.empty and whole["period"].iloc[-1] == newest
    said.append(split(values, limits.focus, newest, after=after))
    if not any(said):
        said = [sentences.across(values, limits.focus, newest)]
    if not any(said):
        said = [f"{sentences.missing(values, limits.focus, newest)}."]
    return " ".join(filter(None, [*said, limits.note.strip()]))


def _elsewhere(values: IndicatorValues, given: Parameters) -> str:
    """Say what the municipalities have where the county has nothing, else what riket has."""
    period = values.latest(regions.COUNTRY)
    if values.latest_shared(regions.municipalities(given.county)) or period is None:
        return sentences.inside(values, given.county)
    said = sentences.level(values, regions.COUNTRY, period)
    if values.value(regions.COUNTRY, period) is None:
        said = sentences.across(values, regions.COUNTRY, period).removesuffix(".")
    return f"{said}. Uppgiften finns inte för {sentences.place(given.county)}."


def split(values: IndicatorValues, region: str, period: str, *, after: bool = False) -> str:
    """Return the sentence on the finest split: four groups by sex and birth, or women and men.

    ``after`` the sentence on everyone, what, where and when is not said again.
    """
    return (
        sentences.group_gap(values, region, period, after=after)
        or sentences.four_groups(values, region, period, after=after)
        or sentences.women_and_men(values, region, period, after=after)
    )

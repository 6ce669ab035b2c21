"""How good the figures are: how new, what breaks the series, what is missing, what has been revised."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from affarsplan_data import observations, regions, swedish
from affarsplan_data.catalogue import Indicator, load_catalogue
from affarsplan_data.indicators import (
    available,
    changes_of_register,
    measures_in_use,
    why_missing,
)
from affarsplan_data.observations.revising import EDITION, Step, steps
from affarsplan_data.pages.freshness import HELD, STATES, Freshness, freshness, in_words, this_day
from affarsplan_data.pages.lacking import newest
from affarsplan_data.parameters import NEWEST, Parameters

LISTED = 15
"""So many changed figures are shown in words; the rest are counted."""
_ORDER = {
    state: place for place, state in enumerate(("stale", "fresh", "unknown", "ended", "missing"))
}
_EMPTY = "–"


def month(day: date) -> str:
    """Return a month as a reader says it: ``december 2026``."""
    return f"{swedish.MONTHS[day.month - 1]} {day.year}"


def fresh_table(found: Sequence[Freshness]) -> pd.DataFrame:
    """Return how new every measure that is held is, the late ones first."""
    held = [one for one in found if one.held != "missing"]
    held.sort(key=lambda one: _ORDER[one.state])
    return pd.DataFrame(
        {
            "Mått": one.title,
            "Läge": STATES[one.state],
            "Senaste period": swedish.period(one.latest),
            "Finns som": HELD[one.held],
            "Källa": one.source,
            "Uppdaterad hos källan": one.updated[:10] or _EMPTY,
            "Hämtad": one.retrieved,
            "Nästa väntas": month(one.expected) if one.expected else _EMPTY,
        }
        for one in held
    )


def counts(found: Sequence[Freshness]) -> pd.DataFrame:
    """Return the number of measures of each state, by how they are held."""
    rows = []
    for held, name in HELD.items():
        inside = [one.state for one in found if one.held == held]
        if inside:
            rows.append([name, *(inside.count(state) for state in STATES), len(inside)])
    headings = [swedish.upper_first(word) for word in STATES.values()]
    return pd.DataFrame(rows, columns=["Finns som", *headings, "Alla"])


def answer(found: Sequence[Freshness], changed: Sequence[Step]) -> tuple[str, ...]:
    """Return the state of the measures, what comes next, and whether figures have been revised."""
    lines = [in_words(found)]
    coming = sorted(
        (one for one in found if one.expected is not None and one.state == "fresh"),
        key=lambda one: one.expected or date.max,
    )
    if coming and coming[0].expected is not None:
        first = [one.title for one in coming if one.expected == coming[0].expected]
        shown = swedish.listing([swedish.lower_first(title) for title in first[:3]])
        more = f" och {len(first) - 3} mått till" if len(first) > 3 else ""
        lines.append(f"Närmast väntas nya uppgifter i {month(coming[0].expected)}: {shown}{more}.")
    lines.append(revised_in_words(changed))
    return tuple(lines)


def revised_in_words(changed: Sequence[Step]) -> str:
    """Return how many figures new versions have changed."""
    compared = [step for step in changed if not step.fault]
    if not compared:
        return (
            "Ingen tabell har kommit i mer än en version, så det går inte att se om uppgifter har "
            "ändrats efter hand."
        )
    number = sum(step.counts["value"] for step in compared)
    tables = sum(step.counts["value"] > 0 for step in compared)
    if not number:
        versions = (
            f"{len(compared)} jämförda versioner" if len(compared) > 1 else "en jämförd version"
        )
        return f"Inga uppgifter har ändrats i efterhand ({versions})."
    figures = "uppgift" if number == 1 else "uppgifter"
    return f"{number} {figures} i {tables} av {len(compared)} jämförda versioner har ändrats i efterhand."


def calendar(found: Sequence[Freshness], wanted: Sequence[Indicator] = ()) -> pd.DataFrame:
    """Return when new figures are expected: a row per month and measure, the nearest first.

    ``wanted`` keeps the measures that those indicators rest on.
    """
    ids = {id for about in wanted for id in about.measures}
    names = {id: about.name for id, about in load_catalogue().indicators.items()}
    rows = [
        (one.expected, one)
        for one in found
        if one.expected is not None and (not wanted or one.measure in ids)
    ]
    rows.sort(key=lambda pair: (pair[0], pair[1].title))
    kept = {about.id for about in wanted}
    return pd.DataFrame(
        {
            "Väntas": month(day) + (" (passerad)" if one.is_stale else ""),
            "Mått": one.title,
            "Senaste period": swedish.period(one.latest),
            "Källa": one.source,
            "Indikatorer": ", ".join(names[id] for id in one.indicators if not kept or id in kept),
        }
        for day, one in rows
    )


def latest_by_indicator(
    wanted: Sequence[Indicator], found: Sequence[Freshness], given: Parameters
) -> pd.DataFrame:
    """Return the newest period with a figure for the page's region, and when the next are expected."""
    by_measure = {one.measure: one for one in found}
    return pd.DataFrame(_latest(about, by_measure, given) for about in wanted)


def _latest(
    about: Indicator, by_measure: Mapping[str, Freshness], given: Parameters
) -> dict[str, str]:
    ids = measures_in_use(about, given.data) if available(about, given.data) else ()
    held = [by_measure[id] for id in ids if id in by_measure and by_measure[id].latest]
    expected = [one.expected for one in held if one.expected is not None]
    late = " (passerad)" if any(one.is_stale for one in held) else ""
    period = newest(about, given)
    return {
        "Indikator": about.name,
        "Senaste period": swedish.period(period) if period else "saknas",
        "Nästa väntas": month(min(expected)) + late if expected else _EMPTY,
        "Källa": swedish.listing(sorted({one.source for one in held})) or _EMPTY,
    }


def breaks(data: str) -> pd.DataFrame:
    """Return every series break of the measures that are held, and where registers take over."""
    catalogue = load_catalogue()
    rows = [
        {"Serie": measure.title, "Från": one.period, "Varför": one.reason}
        for measure in catalogue.measures.values()
        if measure.breaks and observations.available(measure.id, data)
        for one in measure.breaks
    ]
    for about in catalogue.indicators.values():
        if available(about, data):
            rows += [
                {"Serie": about.name, "Från": period, "Varför": reason}
                for period, reason in changes_of_register(about, data).items()
            ]
    frame = pd.DataFrame(rows, columns=["Serie", "Från", "Varför"])
    return frame.sort_values(["Från", "Serie"], ascending=[False, True], ignore_index=True)


def missing(data: str) -> pd.DataFrame:
    """Return the indicators that cannot be computed, why, and how their figures are had."""
    rows = []
    for about in load_catalogue().indicators.values():
        if available(about, data):
            continue
        needed = [i.measure for i in about.formula.inputs.values() if not i.optional]
        lacking = [m for m in needed if not observations.available(m, data)]
        ways = (
            [] if about.availability == "not_available" else map(observations.how_to_get, lacking)
        )
        rows.append(
            {
                "Indikator": about.name,
                "Varför": why_missing(about, data),
                "Så fås den": " ".join(dict.fromkeys(ways)) or _EMPTY,
            }
        )
    return pd.DataFrame(rows, columns=["Indikator", "Varför", "Så fås den"])


def compared(given: Parameters) -> list[Step]:
    """Return what each new version has changed of the county's figures; nothing for the edition alone."""
    if given.data != NEWEST:
        return []
    return list(steps(region=given.county))


def revised(changed: Sequence[Step]) -> pd.DataFrame:
    """Return a row per version that was compared: what changed, how many figures, the largest change."""
    return pd.DataFrame(
        {
            "Tabell": f"{step.title} ({step.table})",
            "Version": f"{_version(step.from_version)} → {_version(step.to_version)}",
            "Ändrade": step.counts["value"],
            "Tillkomna": step.counts["added"],
            "Borttagna": step.counts["gone"],
            "Största ändringen": _largest(step),
        }
        for step in changed
    )


def _largest(step: Step) -> str:
    if step.fault:
        return f"Kan inte jämföras: {step.fault}"
    row = step.largest
    if row is None:
        return _EMPTY
    place = f"{regions.name(str(row['region']))} {swedish.period(str(row['period']))}"
    early = ", då preliminärt" if row["was_preliminary"] else ""
    return f"{swedish.signed(float(row['percent']), 1)} procent ({place}{early})"


def _version(text: str) -> str:
    return "utgåvan" if text == EDITION else text[:10]


def everything(given: Parameters, day: date | None = None) -> tuple[Freshness, ...]:
    """Return how new every measure is, as on ``day``; today when None."""
    return freshness(data=given.data, today=day or today())


def of_measures(ids: Iterable[str], given: Parameters) -> tuple[Freshness, ...]:
    """Return how new some measures are today."""
    return freshness(ids, data=given.data, today=today())


def today() -> date:
    """Return the day that a page tells the state of."""
    return this_day()

"""The plan's claims as a page shows them: the verdict, the plan's own years first and today after."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.catalogue import Indicator, load_catalogue
from affarsplan_data.claims import (
    Judgement,
    Sensitivity,
    Trial,
    Verdict,
    judge_all,
    setting,
)
from affarsplan_data.errors import UsageError
from affarsplan_data.figures import Figure
from affarsplan_data.pages import whence
from affarsplan_data.pages.texts import Section
from affarsplan_data.parameters import Parameters
from affarsplan_data.plan import load_plan

MARKS = {
    Verdict.SUPPORTED: "✓",
    Verdict.PARTLY: "◐",
    Verdict.NOT_SUPPORTED: "✗",
    Verdict.UNDECIDED: "?",
    Verdict.UNTESTABLE: "–",
}
"""A mark for each verdict, always beside its words."""
_HOW = (
    "Varje påstående prövas i två steg: först de år som planens författare hade uppgifter om, sedan de "
    "senaste uppgifterna. Ger planens egna år inte det som planen säger, bedöms det inte alls."
)


def judgements(given: Parameters) -> list[Judgement]:
    """Return the judgement of every claim of the plan, for the region's county."""
    return judge_all(setting(given.county, given.year, given.data))


def chapters(judged: Sequence[Judgement]) -> tuple[str, ...]:
    """Return the plan's sections that have claims, in order."""
    return tuple(sorted({one.claim.section for one in judged}))


def chapter_name(section: str) -> str:
    """Return a section as a heading: its number, and the name of the målområde that it is about."""
    area = next((area for area in load_plan().target_areas if area.section == section), None)
    return f"Avsnitt {section}" + (f", {area.name}" if area else "")


def answer(judged: Sequence[Judgement]) -> tuple[str, ...]:
    """Return how many claims come to each verdict, how many the plan's years give, and what differs."""
    of = {verdict: sum(one.verdict == verdict for one in judged) for verdict in MARKS}
    lines = [
        f"Av planens {len(judged)} påståenden stöds {of[Verdict.SUPPORTED]} av de senaste uppgifterna, "
        f"{of[Verdict.PARTLY]} stöds delvis och {of[Verdict.NOT_SUPPORTED]} stöds inte. "
        f"{of[Verdict.UNDECIDED]} går inte att bedöma med de uppgifter som finns och "
        f"{of[Verdict.UNTESTABLE]} kan inte prövas med öppna data."
    ]
    tried = [one for one in judged if one.anchor and one.anchor.verdict is not Verdict.UNDECIDED]
    if tried:
        found = sum(bool(one.reproduced_in) for one in tried)
        lines.append(
            f"{len(tried)} påståenden kan prövas för planens egna år; {found} av dem stämde då."
        )
    changed = [
        one.claim.id
        for one in judged
        if one.reproduced_in and one.verdict in (Verdict.PARTLY, Verdict.NOT_SUPPORTED)
    ]
    if changed:
        lines.append(
            f"{swedish.listing(changed)} stämde för planens år men stöds inte fullt ut av de senaste "
            "uppgifterna."
        )
    elif tried:
        lines.append("Inget av dem som stämde då har säkert slutat stämma.")
    return tuple(lines)


def counts(judged: Sequence[Judgement]) -> pd.DataFrame:
    """Return the number of claims by chapter (rows, ``Avsnitt``) and verdict, the sum last in both."""
    rows = []
    for section in chapters(judged):
        inside = [one.verdict for one in judged if one.claim.section == section]
        rows.append([chapter_name(section), *(inside.count(v) for v in MARKS), len(inside)])
    verdicts = [one.verdict for one in judged]
    rows.append(["Alla", *(verdicts.count(v) for v in MARKS), len(verdicts)])
    headings = [heading(verdict) for verdict in MARKS]
    return pd.DataFrame(rows, columns=["Avsnitt", *headings, "Påståenden"])


def table(judged: Sequence[Judgement]) -> pd.DataFrame:
    """Return a row per claim as text: what is claimed, the plan's years, today and the verdict."""
    return pd.DataFrame(
        {
            "Påstående": f"{one.claim.id}. {one.claim.about}",
            "Avsnitt": one.claim.section,
            "Planens år": _brief(one.anchor),
            "Senast": _brief(one.now, period=True),
            "Bedömning": heading(one.verdict),
        }
        for one in judged
    )


def summary_figure(judged: Sequence[Judgement], given: Parameters) -> Figure:
    """Return how many claims of each chapter come to each verdict."""
    frame = counts(judged)
    return Figure(
        name="pastaenden-antal",
        title=answer(judged)[0],
        subtitle=where(given),
        alt=f"Tabell med en rad för vart och ett av {len(frame) - 1} avsnitt och en för alla.",
        table=frame,
        decimals=dict.fromkeys(frame.columns[1:], 0),
        source=source(judged, given),
        notes=(_HOW,),
    )


def table_figure(judged: Sequence[Judgement], given: Parameters) -> Figure:
    """Return every claim with its verdict, the plan's own years before today."""
    return Figure(
        name="pastaenden",
        title=f"Planens {len(judged)} påståenden och vad de senaste uppgifterna säger om dem.",
        subtitle=where(given),
        alt=f"Tabell med en rad för vart och ett av {len(judged)} påståenden.",
        table=table(judged),
        decimals={},
        source=source(judged, given),
        notes=(
            _HOW,
            f"{swedish.upper_first(swedish.listing([heading(v) for v in MARKS]))}.",
            "Påståendena är återgivna med projektets egna ord; avsnittet i planen anges.",
        ),
    )


def in_chapter(judged: Sequence[Judgement], section: str, given: Parameters) -> Section:
    """Return the claims of a chapter, one block each, with all that the verdict rests on.

    Raises:
        UsageError: the plan has no claims in the section.
    """
    inside = [one for one in judged if one.claim.section == section]
    if not inside:
        known = swedish.listing(chapters(judged))
        raise UsageError(f"Avsnitt ”{section[:20]}” har inga påståenden. De som har: {known}.")
    blocks = "".join(block(one) for one in inside)
    name = escape(chapter_name(section))
    return Section(f'<section class="ap-claims" aria-label="{name}">{blocks}</section>')


def block(judged: Judgement) -> str:
    """Return a claim as HTML: what is claimed, the verdict and why, then and now, other choices."""
    claim, anchor = judged.claim, judged.anchor
    heading_id = f"pastaende-{claim.id.lower()}"
    reason = f" {escape(judged.reason)}" if judged.reason else ""
    parts = [
        f'<article class="ap-claim" aria-labelledby="{heading_id}">',
        f'<h3 id="{heading_id}">{claim.id}. {escape(claim.about)}</h3>',
        f'<p class="ap-verdict"><strong>{heading(judged.verdict)}.</strong>{reason}</p>',
        "<dl>",
        *_described("Prövas så", _tested(judged)),
        *_described(f"Planens år, {anchor.year}" if anchor else "Planens år", _found(anchor)),
        *_described(_now_heading(judged.now), _found(judged.now)),
        *_described("Med andra val", [_varied(one) for one in judged.sensitivity]),
        *_described("Att tänka på", [*judged.remarks, _limits(judged)]),
        "</dl></article>",
    ]
    return "".join(parts)


def _limits(judged: Judgement) -> str:
    """Return what the test does not reach, unless the reason says it already."""
    limits = judged.claim.limits or ""
    return "" if limits == judged.reason else limits


def heading(verdict: Verdict) -> str:
    """Return a verdict with its mark, as a heading: ``✓ Stöds``."""
    return f"{MARKS[verdict]} {swedish.upper_first(verdict)}"


def _described(term: str, texts: Sequence[str]) -> list[str]:
    said = [text for text in texts if text]
    if not said:
        return []
    return [f"<dt>{escape(term)}</dt>", *(f"<dd>{escape(text)}</dd>" for text in said)]


def _tested(judged: Judgement) -> list[str]:
    claim = judged.claim
    texts = [condition.text for condition in claim.conditions]
    if claim.needed is not None and claim.needed < len(texts):
        texts.append(f"Minst {claim.needed} av de {len(texts)} villkoren ska vara uppfyllda.")
    return texts


def _found(trial: Trial | None) -> list[str]:
    if trial is None or trial.is_empty:
        return []
    return [f"{swedish.upper_first(f.outcome)}: {f.text}." for f in trial.findings]


def _now_heading(now: Trial | None) -> str:
    return f"Senaste uppgifter, {swedish.period(now.period)}" if now and now.period else "Senast"


def _varied(one: Sensitivity) -> str:
    then = f"planens år: {one.then}; " if one.then else ""
    return f"{swedish.upper_first(one.text)}: {then}senast: {one.now}."


def _brief(trial: Trial | None, period: bool = False) -> str | None:
    if trial is None or trial.is_empty:
        return None
    when = swedish.period(trial.period) if period and trial.period else trial.year
    return f"{when}: {trial.verdict}"


def indicators(judged: Sequence[Judgement]) -> tuple[Indicator, ...]:
    """Return the indicators that the claims are tested on."""
    used = dict.fromkeys(id for one in judged for id, _ in one.definitions)
    return tuple(load_catalogue().indicator(id) for id in used)


def wanted(judged: Sequence[Judgement]) -> tuple[Indicator, ...]:
    """Return every indicator that the claims ask for, also those that have no figures."""
    asked = (id for one in judged for test in one.claim.conditions for id in test.indicators)
    return tuple(load_catalogue().indicator(id) for id in dict.fromkeys(asked))


def where(given: Parameters) -> str:
    """Return for which county the claims are tested, and in which year's report, as a subtitle."""
    note = setting(given.county, given.year, given.data).note
    text = f"{regions.name(given.county)}, senaste uppgifter i rapporten för {given.year}."
    if given.is_municipality:
        text += f" Påståendena gäller länet, inte {regions.name(given.region)}."
    return f"{text} {note}".strip()


def source(judged: Sequence[Judgement], given: Parameters) -> str:
    """Return the source line of a figure of the claims."""
    catalogue = load_catalogue()
    items = indicators(judged)
    sources = {catalogue.measure(m).source for item in items for m in item.measures}
    names = swedish.listing(sorted(catalogue.sources[id].name for id in sources))
    stated = f"Underlag: {names}. " if names else "Underlag saknas. "
    return f"{stated}{whence.of_indicators(items, given.data).short}. Egen bearbetning."

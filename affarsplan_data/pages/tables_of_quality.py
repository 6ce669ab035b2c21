"""Figures of the data's quality: tables of freshness, expected figures, revisions, breaks and gaps."""

from collections.abc import Sequence

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.catalogue import Indicator
from affarsplan_data.figures import Figure
from affarsplan_data.observations.revising import Step
from affarsplan_data.pages import quality, whence
from affarsplan_data.pages.freshness import GRACE, Freshness, in_words
from affarsplan_data.pages.lacking import covered, lacking
from affarsplan_data.pages.texts import Notice
from affarsplan_data.parameters import EDITION, Parameters

_LATE = (
    f"Ett mått är inaktuellt från {GRACE} månader efter början av den månad då nya uppgifter väntades. "
    "Månaden räknas ur katalogens uppgift om hur ofta och hur sent källan publicerar; ”passerad” betyder "
    "att nyare uppgifter kan finnas hos källan."
)


def update_calendar(wanted: Sequence[Indicator], given: Parameters) -> Figure:
    """Return each indicator's newest period, and when the next is expected."""
    ids = dict.fromkeys(id for about in wanted for id in about.measures)
    found = quality.of_measures(ids, given)
    table = quality.latest_by_indicator(wanted, found, given)
    held = sum(not lacking(about, given) for about in wanted)
    return _table(
        "uppdateringskalender",
        f"{held} av {len(table)} huvudindikatorer har uppgift för {covered(given)}; tabellen visar när "
        "nästa väntas.",
        table,
        given,
        notes=(
            f"Senaste period är den senaste med uppgift för {covered(given)}.",
            _LATE,
        ),
    )


def states(found: Sequence[Freshness], given: Parameters) -> Figure:
    """Return how many measures are in each state, by how they are held."""
    table = quality.counts(found)
    return _table(
        "lage-for-matten",
        in_words(found),
        table,
        given,
        notes=(_LATE,),
        decimals=dict.fromkeys(table.columns[1:], 0),
    )


def freshness(found: Sequence[Freshness], given: Parameters) -> Figure:
    """Return how new every measure that is held is."""
    table = quality.fresh_table(found)
    late = sum(one.is_stale for one in found)
    return _table(
        "aktualitet",
        f"{late} av {len(table)} mått som finns borde ha fått nyare uppgifter."
        if late
        else f"Inget av de {len(table)} mått som finns är inaktuellt.",
        table,
        given,
        notes=(_LATE,),
    )


def calendar(found: Sequence[Freshness], given: Parameters) -> Figure | Notice:
    """Return when new figures are expected, the nearest first."""
    table = quality.calendar(found)
    if table.empty:
        return Notice("När nya uppgifter väntas är inte känt för något mått.", "Publicering")
    return _table(
        "publiceringskalender",
        f"Nya uppgifter väntas för {len(table)} mått.",
        table,
        given,
        notes=("Månaden är beräknad ur källans brukliga publicering och är inget löfte.",),
    )


def revisions(changed: Sequence[Step], given: Parameters) -> Figure | Notice:
    """Return what each new version has changed of figures that were there before."""
    if given.data == EDITION:
        return Notice(
            "Sidan visar bara den inbyggda utgåvan, som inte har flera versioner att jämföra.",
            "Ändrade uppgifter",
        )
    if not changed:
        return Notice(quality.revised_in_words(changed), "Ändrade uppgifter")
    table = quality.revised(changed)
    return _table(
        "andrade-uppgifter",
        quality.revised_in_words(changed),
        table,
        given,
        notes=(
            "Varje version jämförs med den före, och den första med den inbyggda utgåvan. Uppgifter för "
            "nya perioder räknas inte som ändringar.",
            "Preliminära uppgifter ändras alltid när de slutliga kommer.",
        ),
        decimals={"Ändrade": 0, "Tillkomna": 0, "Borttagna": 0},
        where=f"Uppgifter för {regions.name(given.county)}.",
    )


def breaks(given: Parameters) -> Figure | Notice:
    """Return where the series in use break."""
    table = quality.breaks(given.data)
    if table.empty:
        return Notice("Inga kända brott i de serier som används.", "Brott")
    return _table(
        "brott",
        f"{len(table)} brott i de serier som används.",
        table,
        given,
        notes=(
            "Utvecklingen beräknas aldrig över ett brott: linjen klipps, indexet börjar om och trenden "
            "prövas på en sida.",
        ),
        dated=False,
    )


def missing(given: Parameters) -> Figure | Notice:
    """Return the indicators that cannot be computed, why, and how they are had."""
    table = quality.missing(given.data)
    if table.empty:
        return Notice("Alla indikatorer i katalogen kan beräknas.", "Det som saknas")
    return _table(
        "det-som-saknas",
        f"{len(table)} indikatorer kan inte beräknas med de uppgifter som används.",
        table,
        given,
        dated=False,
    )


def _table(
    name: str,
    title: str,
    table: pd.DataFrame,
    given: Parameters,
    *,
    notes: tuple[str, ...] = (),
    decimals: dict[str, int] | None = None,
    where: str = "",
    dated: bool = True,
) -> Figure:
    when = (f"Läget den {swedish.day(quality.today())}.",) if dated else ()
    return Figure(
        name=name,
        title=title,
        subtitle=where,
        alt=f"Tabell med {len(table)} rader.",
        table=table,
        decimals=decimals or {},
        source=f"Underlag: projektets arkiv och katalog. {whence.of_everything(given.data).short}.",
        notes=(*when, *notes),
    )

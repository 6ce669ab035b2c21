"""Figures of a municipality beside others, and of a county's municipalities side by side."""

from collections.abc import Sequence

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.pages import closing, profile, provenance, whence
from affarsplan_data.pages.chart_texts import heading, texts
from affarsplan_data.pages.profile import SizeGroup
from affarsplan_data.pages.reading import read
from affarsplan_data.pages.texts import Notice
from affarsplan_data.parameters import Parameters

_SMALL = (
    "Värden som bygger på färre än 5 fall eller en bas under 100 visas inte, och medianen anges bara när "
    f"minst {profile.ENOUGH} av de lika stora kommunerna har en uppgift. Kommuner rangordnas inte."
)


def key_figures(
    used: Sequence[IndicatorValues], group: SizeGroup | None, given: Parameters
) -> Figure | Notice:
    """Return all that there is of a municipality, beside its county, riket and those of its size."""
    name = regions.name(given.region)
    if not used:
        return Notice(f"Uppgifter saknas för {name} till och med {given.year}.", "Nyckeltal")
    return Figure(
        name="nyckeltal",
        title=f"Nyckeltal för {name}",
        subtitle=f"{len(used)} indikatorer med uppgift för kommunen, senaste år.",
        alt=f"Tabell med {len(used)} nyckeltal.",
        table=profile.table(used, given, group),
        decimals={},
        source=closing.sources_in_short([values.indicator for values in used], given.data),
        notes=(
            *([group.said] if group else []),
            _SMALL,
            "”Säkert högre än” räknar de kommuner vars intervall inte överlappar kommunens eget. "
            "P.e. är procentenheter.",
        ),
    )


def chosen(group: SizeGroup | None, given: Parameters) -> Figure | Notice:
    """Return the municipalities of the same size, or the county's own with their codes."""
    if not given.is_municipality:
        table = profile.municipalities(given)
        return Figure(
            name="kommuner-att-valja",
            title=f"Kommunerna i {regions.name(given.county)} och deras koder.",
            subtitle="Skriv koden som region för att få en kommuns profil. Störst folkmängd överst.",
            alt=f"Tabell med {len(table)} kommuner.",
            table=table,
            decimals={"Invånare": 0},
            source=_people_source(given),
        )
    if group is None:
        name = regions.name(given.region)
        return Notice(f"Folkmängden i {name} saknas, så lika stora kommuner kan inte väljas.", name)
    people = profile.people(given.year, given.data)
    assert people is not None
    table = pd.DataFrame(
        {
            "Kommun": [regions.name(code) for code in group.codes],
            "Län": [regions.name(code[:2]) for code in group.codes],
            "Invånare": people.reindex(group.codes).to_numpy(),
        }
    )
    return Figure(
        name="lika-stora-kommuner",
        title=group.said,
        subtitle=f"Folkmängd 31 december {group.period}.",
        alt=f"Tabell med {len(table)} kommuner.",
        table=table,
        decimals={"Invånare": 0},
        source=_people_source(given),
        notes=(
            "Gruppen väljs på nytt för varje kommun, så att kommunen ligger mitt i den. Bara folkmängden "
            "avgör; läge och näringsliv kan skilja mycket.",
        ),
    )


def _people_source(given: Parameters) -> str:
    return (
        "Underlag: SCB, folkmängd 31 december. "
        f"{whence.of_measures([profile.POPULATION], given.data).short}. {provenance.OWN_WORK}"
    )


def swarm(id: str, given: Parameters) -> Figure | Notice:
    """Return every municipality in Sweden as a dot, the region's own named and riket as a line."""
    about = load_catalogue().indicator(id)
    try:
        return _swarm(read(id, given), given)
    except MissingIndicatorError as error:
        return Notice(f"{error.reason.rstrip('.')}.", about.name)


def _swarm(values: IndicatorValues, given: Parameters) -> Figure:
    inside = regions.municipalities(given.county)
    ours = [given.region] if given.is_municipality else list(inside)
    period = (
        profile.newest(values, given.region)
        if given.is_municipality
        else values.latest_shared(inside)
    )
    if period is None:
        raise MissingIndicatorError(
            f"{values.indicator.name}: uppgift saknas för {regions.name(given.region)}"
            + ("" if given.is_municipality else "s kommuner")
        )
    codes = [*regions.municipalities(), regions.COUNTRY]
    frame = pd.DataFrame(
        {
            "region": codes,
            "label": [regions.get(code).short_name for code in codes],
            "value": pd.Series([values.value(code, period) for code in codes], dtype=float),
        }
    )
    has_country = values.value(regions.COUNTRY, period) is not None
    if not has_country:
        frame = frame[frame["region"] != regions.COUNTRY]
    known = int(frame["value"].notna().sum()) - has_country
    extra = [f"{known} av {len(codes) - 1} kommuner har uppgift."]
    return figures.beeswarm(
        frame,
        emphasis=ours,
        reference=regions.COUNTRY if has_country else None,
        group=regions.name(given.region)
        if given.is_municipality
        else f"kommuner i {regions.name(given.county)}",
        **texts(
            "svarm",
            values,
            _swarm_title(values, given, period),
            heading(values, swedish.period(period)),
            [*ours, regions.COUNTRY],
            [period],
            extra=extra,
        ),
    )


def _swarm_title(values: IndicatorValues, given: Parameters, period: str) -> str:
    if not given.is_municipality:
        return profile.inside(values, given)
    code = given.region
    text = sentences.level(values, code, period) + sentences.against_country(values, code, period)
    among = profile.among_all(values, code, period)
    return f"{text}; {among} andra kommuner." if among else f"{text}."


def development(used: Sequence[IndicatorValues], given: Parameters) -> Figure | Notice:
    """Return the first and the last comparable year of every indicator that the region has."""
    if not given.is_municipality:
        return Notice(
            "Utvecklingen visas för en kommun i taget. Skriv kommunens kod som region.",
            "Utveckling",
        )
    table = profile.development(used, given)
    name = regions.name(given.region)
    if table.empty:
        return Notice(f"Ingen indikator har två jämförbara år för {name}.", "Utveckling")
    return Figure(
        name="utveckling",
        title=f"Utvecklingen i {name} i {len(table)} indikatorer.",
        subtitle="Första och sista jämförbara år på samma sida om ett brott.",
        alt=f"Tabell med {len(table)} indikatorer.",
        table=table,
        decimals={},
        source=closing.sources_in_short([values.indicator for values in used], given.data),
        notes=(
            "Trend kräver minst åtta jämförbara år och ett säkert mönster. Ändringen är skillnaden "
            "mellan två år och kan vara slump, särskilt i små kommuner; trenden väger alla åren och kan "
            "vara säker fast ändringen inte är det.",
        ),
    )

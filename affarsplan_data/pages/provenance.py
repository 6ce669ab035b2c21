"""The source line and the notes that stand under every figure."""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from affarsplan_data import regions
from affarsplan_data.catalogue import Measure, load_catalogue
from affarsplan_data.indicators import (
    FEW,
    HIDDEN,
    IndicatorValues,
    changes_of_register,
    limits,
    measures_in_use,
    sentences,
)
from affarsplan_data.observations import SUMMED
from affarsplan_data.pages import whence
from affarsplan_data.swedish import listing
from affarsplan_data.swedish import period as swedish_period

OWN_WORK = "Egen bearbetning."
_OTHER_PUBLICATION = (
    "uppgifterna är ur en annan publicering än de tidigare och kanske inte jämförbara."
)


def source_line(
    values: Iterable[IndicatorValues], codes: Sequence[str], periods: Sequence[str] | None = None
) -> str:
    """Return producers, tables and versions behind the values, whence they come, and whose work it is."""
    origins: list[str] = []
    used = list(values)
    for item in used:
        found = item.publications(list(codes), list(periods) if periods else None)
        for row in found.itertuples():
            vintage = f", uppdaterad {str(row.vintage)[:10]}" if row.vintage else ""
            origins.append(f"{row.source}, {row.table}{vintage}")
            origins += row.other_sources.split("; ") if row.other_sources else []
    listed = "; ".join(dict.fromkeys(origins))
    return f"Underlag: {listed}. {whence.of_values(used).short}. {OWN_WORK}"


def notes(
    values: Iterable[IndicatorValues], codes: Sequence[str], periods: Sequence[str] | None = None
) -> list[str]:
    """Return what a reader must know: definition, limits, sums, small numbers, preliminary years."""
    found: list[str] = []
    for item in values:
        frame = item.frame[item.frame["region"].isin(list(codes))]
        if periods:
            frame = frame[frame["period"].isin(list(periods))]
        found.append(f"{item.indicator.definition} {_limits(item, periods)}")
        statuses = set(frame["status"])
        if SUMMED in statuses:
            found.append(_summed_note(item, codes))
        if HIDDEN in statuses:
            found.append("Värden som bygger på färre än 5 fall eller en bas under 100 visas inte.")
        if FEW in statuses:
            found.append("Enstaka värden bygger på 5–29 fall och kan växla mycket av slumpen.")
        if sentences.YEAR_INFERRED in statuses:
            found.append(
                "Året är härlett: källan är en första publicering som sedan kan ha ändrats."
            )
        if years := sorted(set(frame.loc[frame["preliminary"], "period"])):
            found.append(f"Uppgifterna för {listing(years)} är preliminära.")
    return list(dict.fromkeys(found))


def _limits(values: IndicatorValues, periods: Sequence[str] | None) -> str:
    country = values.frame[values.frame["region"] == regions.COUNTRY].dropna(subset=["value"])
    if periods:
        country = country[country["period"].isin(list(periods))]
    return limits(values.indicator, values.data, has_country=not country.empty)


def _summed_note(values: IndicatorValues, codes: Collection[str]) -> str:
    left_out = {
        reason
        for measure in _measures(values)
        for code, reason in measure.leave_out_of_sums.items()
        if {regions.COUNTRY, regions.get(code).county} & set(codes)
    }
    base = "Summor som producenten inte har publicerat är räknade av delarna (kommuner, län eller kön)."
    return " ".join([base, *sorted(left_out)])


def interval_note(values: IndicatorValues) -> str:
    """Return what the drawn intervals mean, which differs between registers and surveys."""
    if any(measure.survey for measure in _measures(values)):
        return (
            "Intervallen är 95-procentiga och visar bara slumpmässig variation i antalet. "
            "Uppgifterna bygger på en enkät, vars osäkerhet inte ingår."
        )
    return (
        "Intervallen är 95-procentiga och visar slumpmässig variation; "
        "registeruppgifter har inget urvalsfel."
    )


def _measures(values: IndicatorValues) -> list[Measure]:
    catalogue = load_catalogue()
    return [catalogue.measure(id) for id in measures_in_use(values.indicator, values.data)]


def break_notes(values: IndicatorValues) -> dict[str, str]:
    """Return the series breaks of an indicator's measures, and where another register takes over."""
    own = {item.period: item.reason for measure in _measures(values) for item in measure.breaks}
    return own | changes_of_register(values.indicator, values.data)


def crossed(values: IndicatorValues, codes: Iterable[str], first: str, last: str) -> list[str]:
    """Return a note on every break between two periods, also where only the publication is another."""
    declared = break_notes(values)
    told = {period: reason for period, reason in declared.items() if first < period <= last}
    for code in codes:
        own = values.series(code)
        own = own[own["period"].between(first, last)]
        marked = zip(own["period"], own["segment"], strict=True)
        for (before, old), (after, new) in pairwise(marked):
            if old != new and not any(before < period <= after for period in declared):
                told.setdefault(after, _OTHER_PUBLICATION)
    periods: dict[str, list[str]] = {}
    for period, reason in sorted(told.items()):
        periods.setdefault(reason, []).append(swedish_period(period))
    return [f"Brott {listing(years)}: {reason}" for reason, years in periods.items()]

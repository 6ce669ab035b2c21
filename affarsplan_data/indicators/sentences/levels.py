"""How high a figure is, how sure it is, how it stands to riket, and why it is missing."""

import math

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.catalogue import Indicator
from affarsplan_data.indicators.evaluate import FEW, HIDDEN
from affarsplan_data.indicators.rebasing import PATHS
from affarsplan_data.indicators.sentences import words
from affarsplan_data.indicators.sentences.certainty import (
    Relation,
    compare,
    is_survey,
    sized,
)
from affarsplan_data.indicators.values import IndicatorValues

AGAINST_BASE = {"relative_to_country", "index"}
"""Formulas whose values are already set against riket or a base year."""
YEAR_INFERRED = "year_inferred"
"""Status of a figure whose year the source did not state."""
_LEVELS = {"country": "riket", "county": "län", "municipality": "kommuner"}


def level(values: IndicatorValues, region: str, period: str, **dimensions: str) -> str:
    """Return ``<Noun> var <value> i <region> <period>``, without full stop.

    ``dimensions`` choose a group (``sex="women"``). A figure that is missing is said to be so.
    """
    row = values.row(region, period, **dimensions)
    if row is None or pd.isna(row["value"]):
        return missing(values, region, period, **dimensions)
    start = words.noun(values.indicator) + words.among(dimensions, values.indicator)
    if values.indicator.formula.function == "index":
        return _index_level(values, row, start)
    if values.indicator.formula.function in PATHS:
        start += f" (basår {values.indicator.formula.parameters['base']})"
    figure = words.amount(row["value"], values.indicator)
    if words.is_gap(values.indicator):
        figure += f" ({words.behind_or_ahead(row, values.indicator)})"
    preliminary = " (preliminärt)" if row["preliminary"] else ""
    when = words.when(period, inferred=row["status"] == YEAR_INFERRED)
    return f"{start} var {figure} i {words.place(region)} {when}{preliminary}"


def missing(
    values: IndicatorValues, region: str, period: str | None = None, **dimensions: str
) -> str:
    """Say that a figure is missing and why, without full stop: hidden, not published, or not there."""
    about = values.indicator
    what = about.noun + words.among(dimensions, about)
    when = f" {swedish.period(period)}" if period else ""
    row = values.row(region, period, **dimensions) if period else None
    if row is not None and row["status"] == HIDDEN:
        return (
            f"{swedish.upper_first(what)} visas inte för {words.place(region)}{when}: "
            "uppgiften bygger på färre än 5 fall eller en bas under 100"
        )
    reason = "" if row is None or not row["status"] else " hos producenten"
    text = f"Uppgift om {what} saknas{reason} för {words.place(region)}{when}"
    only = "" if period else _only_for(about, region)
    return f"{text}: {only}" if only else text


def nothing(values: IndicatorValues, region: str) -> str:
    """Say by the indicator's full name that a region has no figure of it at all, without full stop.

    For where figures of something alike stand beside, which the noun alone would not tell from this.
    """
    about = values.indicator
    only = _only_for(about, region)
    return f"{about.name}: uppgift saknas för {words.place(region)}" + (f"; {only}" if only else "")


def _only_for(about: Indicator, region: str) -> str:
    """Say for whom there are figures, when it is never for regions of this level."""
    if regions.get(region).level in about.levels:
        return ""
    return f"uppgiften finns bara för {swedish.listing([_LEVELS[x] for x in about.levels])}"


def _index_level(values: IndicatorValues, row: pd.Series, start: str) -> str:
    """Say an index as a change since the base of its own segment; one year alone has no change."""
    period, place = row["period"], words.place(row["region"])
    series = values.series(row["region"], sex=row["sex"], birth=row["birth"])
    unbroken = series[series["segment"] == row["segment"]]
    base = _base(values, unbroken)
    preliminary = " (preliminärt)" if row["preliminary"] else ""
    if base == period:
        return _index_alone(swedish.lower_first(start), f"{period} i {place}{preliminary}", series)
    change = row["value"] - 100
    if round(change, 1) == 0:
        return f"{start} var lika stort {period} som {base} i {place}{preliminary}"
    word = "större" if change > 0 else "mindre"
    figure = swedish.with_unit(abs(change), "procent", 1)
    return f"{start} var {figure} {word} {period} än {base} i {place}{preliminary}"


def _index_alone(what: str, when: str, series: pd.DataFrame) -> str:
    """Say why an index of its own base year tells no development."""
    newest = series[series["segment"] == series["segment"].iloc[-1]]
    if len(newest) > 1:
        return f"Serien över {what} har sitt basår {when}"
    if len(series) > 1:
        return f"Serien över {what} börjar om {when} och kan inte jämföras bakåt"
    return f"Serien över {what} har bara ett år, {when}"


def _base(values: IndicatorValues, series: pd.DataFrame) -> str:
    stated = values.indicator.formula.parameters.get("base")
    return str(series["period"].iloc[0] if stated is None else stated)


def against_country(values: IndicatorValues, region: str, period: str, **dimensions: str) -> str:
    """Return the clause about riket, or an empty text when riket has no figure that year."""
    own, country = (values.row(code, period, **dimensions) for code in (region, regions.COUNTRY))
    if region == regions.COUNTRY or own is None or country is None:
        return ""
    if pd.isna(own["value"]) or pd.isna(country["value"]):
        return ""
    about = values.indicator
    if about.formula.function in AGAINST_BASE or not about.comparable_size:
        return ""
    if words.is_gap(about):
        return _gap_against_country(own, country, about)
    relation = compare(own, country, about).relation
    if relation is Relation.OVERLAPPING:
        return ", med intervall som överlappar rikets"
    if not relation.is_certain:
        return ", inte säkert skilt från riket"
    text = words.difference(own["value"], country["value"], about)
    return f", {text} {'i riket' if not text.startswith('lika') else 'riket'}"


def _gap_against_country(own: pd.Series, country: pd.Series, about: Indicator) -> str:
    """Say whether a gap is larger or smaller than riket's; both in words where they go opposite ways."""
    if round(own["value"], about.decimals) * round(country["value"], about.decimals) < 0:
        other = words.amount(country["value"], about)
        return f"; i riket var den {other} ({words.behind_or_ahead(country, about)})"
    found = compare(own, country, about)
    if not found.relation.is_certain:
        return ", inte säkert skild från rikets"
    if found.relation is Relation.EQUAL:
        return ", lika stor som i riket"
    word = "större" if found.relation is Relation.HIGHER else "mindre"
    return f", {words.distance(found.difference, about)} {word} än i riket"


def interval(values: IndicatorValues, region: str, period: str, **dimensions: str) -> str:
    """Return the figure's own uncertainty as sentences; empty when there is nothing to say."""
    row = values.row(region, period, **dimensions)
    if row is None or pd.isna(row["value"]):
        return ""
    about = values.indicator
    row = sized(row) if words.is_gap(about) else row
    said = []
    if math.isfinite(row["low"]) and math.isfinite(row["high"]):
        counted = math.isfinite(row["count"])
        what = "enkätens urval" if is_survey(about) and not counted else "slumpmässig variation"
        low = swedish.number(row["low"], about.decimals)
        said.append(
            f"Med hänsyn till {what} ligger värdet mellan {low} och "
            f"{words.amount(row['high'], about)} (95 procents säkerhet)."
        )
        if is_survey(about) and counted:
            said.append("Enkätens egen osäkerhet ingår inte.")
    elif not about.ranked:
        said.append("Osäkerheten är inte publicerad; små skillnader ska inte tolkas.")
    if row["status"] == FEW:
        said.append("Uppgiften bygger på 5–29 fall och kan växla mycket av slumpen.")
    return words.joined(said)

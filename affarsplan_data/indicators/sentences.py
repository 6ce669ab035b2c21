"""Swedish sentences from values, by rule. No sentence says more than its figures carry."""

import math

import pandas as pd

from affarsplan_data import regions, statistics, swedish
from affarsplan_data.catalogue import Indicator
from affarsplan_data.indicators.values import IndicatorValues

_AGAINST_BASE = {"relative_to_country", "index"}
"""Formulas whose values are already set against riket or a base year."""
YEAR_INFERRED = "year_inferred"
"""Status of a figure whose year the source did not state."""
NO_TREND = "ingen säker trend"
ONE_YEAR = "ett enda år"
NOT_TESTED = "prövas inte"
"""Rolling windows share years with each other, and plain numbers grow with the population: neither is
put to a trend test."""


def amount(value: float | None, indicator: Indicator) -> str:
    """Return a value with its unit: ``415 tkr``, ``79``, ``23,4 procent``."""
    return swedish.with_unit(value, indicator.spoken_unit, indicator.decimals)


def short_amount(value: float | None, indicator: Indicator) -> str:
    """Return a value with its unit in the shortest form a table needs: ``23,4 %``."""
    spoken = indicator.spoken_unit
    unit = {"procent": "%", "procent per år": "% per år"}.get(spoken, spoken)
    return swedish.with_unit(value, unit, indicator.decimals)


def place(region: str) -> str:
    """Return a region's name as it stands in running text: ``Västmanlands län``, ``riket``."""
    return "riket" if region == regions.COUNTRY else regions.name(region)


def level(values: IndicatorValues, region: str, period: str, sex: str = "total") -> str:
    """Return ``<Noun> var <value> i <region> <period>``, without full stop."""
    row = values.row(region, period, sex=sex)
    start = swedish.upper_first(values.indicator.noun)
    if values.indicator.formula.function == "index":
        return _index_level(values, region, period, start)
    figure = amount(None if row is None else row["value"], values.indicator)
    preliminary = " (preliminärt)" if row is not None and row["preliminary"] else ""
    when = swedish.period(period)
    if row is not None and row["status"] == YEAR_INFERRED:
        when = f"omkring {when}"
    return f"{start} var {figure} i {place(region)} {when}{preliminary}"


def _index_level(values: IndicatorValues, region: str, period: str, start: str) -> str:
    """Say an index as a change since the base of its own segment."""
    frame = values.frame
    series = frame[(frame["region"] == region) & (frame["sex"] == "total")].sort_values("period")
    now = series[series["period"] == period]
    if now.empty or now["value"].isna().any():
        return f"{start}: {swedish.MISSING} för {place(region)} {swedish.period(period)}"
    base = str(series.loc[series["segment"] == now["segment"].item(), "period"].iloc[0])
    change = now["value"].item() - 100
    if base == period or round(change, 1) == 0:
        return f"{start} var lika stort {period} som {base} i {place(region)}"
    word = "större" if change > 0 else "mindre"
    figure = swedish.with_unit(abs(change), "procent", 1)
    return f"{start} var {figure} {word} {period} än {base} i {place(region)}"


def difference(own: float, other: float, indicator: Indicator) -> str:
    """Return how ``own`` relates to ``other``: ``1,9 procentenheter lägre än``, ``lika med``."""
    distance = round(own - other, indicator.decimals)
    if distance == 0:
        return "lika med"
    word = "högre än" if distance > 0 else "lägre än"
    figure = swedish.with_unit(abs(own - other), indicator.difference_unit, indicator.decimals)
    return f"{figure} {word}"


def indistinct(one: pd.Series, other: pd.Series) -> str | None:
    """Say why two figures cannot be told apart, or return None when they can or have no intervals.

    Shares with known numbers are compared by the interval of their difference; other figures by
    whether their own intervals overlap, which is a stricter question and is said as such.
    """
    numbers = [one["count"], one["base"], other["count"], other["base"]]
    if all(math.isfinite(number) for number in numbers):
        low, high = statistics.difference_of_shares_interval(*numbers)
        return "inte säkert skilt från riket" if low <= 0 <= high else None
    bounds = [one["low"], one["high"], other["low"], other["high"]]
    if all(math.isfinite(bound) for bound in bounds):
        apart = one["high"] < other["low"] or other["high"] < one["low"]
        return None if apart else "med intervall som överlappar rikets"
    return None


def against_country(values: IndicatorValues, region: str, period: str, sex: str = "total") -> str:
    """Return the clause about riket, or an empty text when riket has no figure that year."""
    own, country = (values.row(code, period, sex=sex) for code in (region, regions.COUNTRY))
    if own is None or country is None or pd.isna(own["value"]) or pd.isna(country["value"]):
        return ""
    about = values.indicator
    if about.formula.function in _AGAINST_BASE or not about.comparable_size:
        return ""
    if (unclear := indistinct(own, country)) is not None:
        return f", {unclear}"
    text = difference(own["value"], country["value"], about)
    return f", {text} {'i riket' if not text.startswith('lika') else 'riket'}"


def standing(values: IndicatorValues, region: str, period: str) -> str:
    """Return level, distance to riket and, for a county, rank with the distance to its neighbours."""
    text = f"{level(values, region, period)}{against_country(values, region, period)}."
    spot = values.standing(region, period)
    if spot is None:
        return text
    near = [
        f"{amount(value, values.indicator)} {where}"
        for value, where in ((spot.above, "närmast före"), (spot.below, "närmast efter"))
        if value is not None
    ]
    neighbours = f" ({swedish.listing(near)})" if near else ""
    return f"{text} Det är plats {spot.rank} av {spot.of} län{neighbours}."


def development(values: IndicatorValues, region: str, sex: str = "total") -> str:
    """Return how the newest segment has developed, in words that keep the eight-point rule."""
    series = newest_segment(values, region, sex)
    if len(series) < 2:
        return ONE_YEAR
    if values.indicator.formula.function == "growth" or not values.indicator.comparable_size:
        return NOT_TESTED
    if series["period"].str.len().max() > len("2024"):
        return NO_TREND
    verdict = statistics.trend(series.set_index("period")["value"]).verdict
    if verdict == statistics.TrendVerdict.RISING:
        return "ökar"
    if verdict == statistics.TrendVerdict.FALLING:
        return "minskar"
    return NO_TREND


def newest_segment(
    values: IndicatorValues, region: str, sex: str = "total", years: int = 1
) -> pd.DataFrame:
    """Return the rows of the newest unbroken series of a region, in period order.

    Series with fewer than ``years`` years are passed over; an empty frame means that none is left.
    """
    frame = values.frame
    whole = (frame["industry"] == "total") & (frame["category"] == "total")
    frame = frame[
        (frame["region"] == region) & (frame["sex"] == sex) & whole & frame["value"].notna()
    ].sort_values("period")
    long = frame[frame.groupby("segment")["period"].transform("size") >= years]
    return long if long.empty else long[long["segment"] == long["segment"].iloc[-1]]


def spread(values: IndicatorValues, codes: list[str], period: str, sex: str = "total") -> str:
    """Return the highest and lowest of several regions: ``högst i Sala (…) och lägst i Norberg (…)``."""
    frame = values.at(period, sex=sex)
    frame = frame[frame["region"].isin(codes) & frame["value"].notna()]
    if len(frame) == 1:
        only = frame.iloc[0]
        return f"{amount(only['value'], values.indicator)} i {place(only['region'])}"
    top = frame.loc[frame["value"].idxmax()]
    bottom = frame.loc[frame["value"].idxmin()]
    return (
        f"högst i {place(top['region'])} ({amount(top['value'], values.indicator)}) "
        f"och lägst i {place(bottom['region'])} ({amount(bottom['value'], values.indicator)})"
    )

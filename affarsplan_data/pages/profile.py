"""A municipality beside its county, riket and the municipalities of its own size.

For a county the same parts show its municipalities side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from affarsplan_data import observations, regions, swedish
from affarsplan_data.catalogue import Indicator, load_catalogue
from affarsplan_data.indicators import (
    FEW,
    IndicatorValues,
    MissingIndicatorError,
    available,
    indicator,
    sentences,
)
from affarsplan_data.parameters import Parameters

SIZE = 20
"""How many municipalities nearest in size a municipality is set beside."""
ENOUGH = 10
"""So many of them must have a value for a middle value to be said."""
POPULATION = "population"
_EMPTY = "–"


@dataclass(frozen=True)
class SizeGroup:
    """The municipalities nearest a municipality in number of inhabitants, smallest first.

    ``own``, ``smallest`` and ``largest`` are inhabitants in ``period``.
    """

    region: str
    codes: tuple[str, ...]
    period: str
    own: int
    smallest: int
    largest: int

    @property
    def said(self) -> str:
        """The sentence that defines the group."""
        low, high, own = (swedish.number(n) for n in (self.smallest, self.largest, self.own))
        return (
            f"Lika stora kommuner är de {len(self.codes)} kommuner vars folkmängd ligger närmast "
            f"{sentences.genitive(regions.name(self.region))} ({own} invånare {self.period}), räknat "
            f"som kvot: från {low} till {high} invånare."
        )

    @property
    def names(self) -> str:
        """The municipalities by name."""
        return swedish.listing([regions.name(code) for code in self.codes])


def size_group(region: str, year: int, data: str) -> SizeGroup | None:
    """Return the municipalities nearest in size, None when the data lack the region's population."""
    people = _people(year, data)
    if people is None or region not in people.index:
        return None
    own = float(people[region])
    others = people.drop(region)
    apart = np.abs(np.log(others / own))
    nearest = others.loc[apart.sort_values(kind="stable").index[:SIZE]].sort_values(kind="stable")
    return SizeGroup(
        region,
        tuple(nearest.index),
        str(people.name),
        int(own),
        int(nearest.iloc[0]),
        int(nearest.iloc[-1]),
    )


def population(region: str, year: int, data: str) -> tuple[str, int] | None:
    """Return a municipality's newest population with its year."""
    people = _people(year, data)
    return (
        None if people is None or region not in people else (str(people.name), int(people[region]))
    )


def _people(year: int, data: str) -> pd.Series | None:
    return _people_of(year, data, observations.state(POPULATION, data))


@lru_cache(maxsize=8)
def _people_of(year: int, data: str, state: object) -> pd.Series | None:
    """Return every municipality's population in the newest year that all but a few of them have."""
    try:
        frame = observations.load(
            POPULATION, sex="total", birth="total", age="total", data=data
        ).dropna(subset="value")
    except observations.MissingMeasureError:
        return None
    codes = regions.municipalities()
    frame = frame[frame["region"].isin(codes) & (frame["period"].astype(str).str.len() == 4)]
    frame = frame[frame["period"].astype(str).astype(int) <= year]
    held = frame.groupby(frame["period"].astype(str))["region"].nunique()
    full = held[held > 0.9 * len(codes)]
    if full.empty:
        return None
    newest = frame[frame["period"] == full.index.max()]
    people = newest.set_index(newest["region"].astype(str))["value"].astype(float)
    return people.rename(full.index.max())


def municipal_indicators() -> tuple[Indicator, ...]:
    """Return the indicators that municipalities have one figure of, and whose sizes can be compared."""
    return tuple(
        about
        for about in load_catalogue().indicators.values()
        if "municipality" in about.levels
        and about.comparable_size
        and about.formula.function != "index"
        and not {"industry", "category"} & set(about.splits)
    )


def held(region: str, given: Parameters) -> list[IndicatorValues]:
    """Return those indicators that have a figure for a municipality."""
    found = []
    for about in municipal_indicators():
        if not available(about, given.data):
            continue
        try:
            values = indicator(about.id, until=given.year, data=given.data)
        except MissingIndicatorError:
            continue
        if newest(values, region):
            found.append(values)
    return found


def newest(values: IndicatorValues, region: str) -> str | None:
    """Return the newest period with a figure of everyone in the region, None when there is none."""
    series = values.series(region)
    return str(series["period"].iloc[-1]) if len(series) else None


def table(given: Parameters, group: SizeGroup | None) -> pd.DataFrame:
    """Return the municipality's key figures as text, one indicator a row, in the catalogue's order."""
    return pd.DataFrame(row(values, given, group) for values in held(given.region, given))


def row(values: IndicatorValues, given: Parameters, group: SizeGroup | None) -> dict[str, str]:
    """Return one indicator: the municipality, its county, riket, its size group and all others."""
    about, code = values.indicator, given.region
    own = values.series(code).iloc[-1]
    period = str(own["period"])
    few = " (bygger på 5–29 fall)" if own["status"] == FEW else ""
    early = " (preliminärt)" if own["preliminary"] else ""
    middle = _middle(values, group, period)
    women, men = (values.value(code, period, sex=sex) for sex in ("women", "men"))
    return {
        "Indikator": about.name,
        "År": swedish.period(period),
        regions.name(code): sentences.short_amount(own["value"], about) + few + early,
        regions.name(given.county): _amount(values, given.county, period),
        "Riket": _amount(values, regions.COUNTRY, period),
        "Lika stora kommuner, median": _EMPTY
        if middle is None
        else sentences.short_amount(middle, about),
        "Kvinnor": _EMPTY if women is None else sentences.short_amount(women, about),
        "Män": _EMPTY if men is None else sentences.short_amount(men, about),
        "Bland kommunerna": among_all(values, code, period),
    }


def _amount(values: IndicatorValues, code: str, period: str) -> str:
    value = values.value(code, period)
    return _EMPTY if value is None else sentences.short_amount(value, values.indicator)


def _middle(values: IndicatorValues, group: SizeGroup | None, period: str) -> float | None:
    """Return the median of the size group; None where too few of it have a value."""
    if group is None:
        return None
    known = _municipal(values, period).reindex(group.codes)["value"].dropna()
    return float(known.median()) if len(known) >= ENOUGH else None


def among_all(values: IndicatorValues, code: str, period: str) -> str:
    """Return how many municipalities a municipality lies above and below: never as one place.

    Where the figures have intervals, those are counted whose intervals do not overlap its own.
    """
    frame = _municipal(values, period)
    own, others = frame.loc[code], frame.drop(code).dropna(subset="value")
    if len(others) < ENOUGH:
        return _EMPTY
    decimals = values.indicator.decimals
    if frame.loc[[code], ["low", "high"]].notna().all(axis=None):
        above = int((others["high"] < own["low"]).sum())
        below = int((others["low"] > own["high"]).sum())
        return f"säkert högre än {above}, säkert lägre än {below} av {len(others)}"
    above = int((others["value"].round(decimals) < round(own["value"], decimals)).sum())
    below = int((others["value"].round(decimals) > round(own["value"], decimals)).sum())
    return f"högre än {above}, lägre än {below} av {len(others)}"


def _municipal(values: IndicatorValues, period: str) -> pd.DataFrame:
    """Return the municipalities' figures of everyone in a period, by code."""
    frame = values.at(period, level="municipality")
    for dimension in ("birth", "category"):
        frame = frame[frame[dimension] == "total"]
    return frame.set_index("region")[["value", "low", "high", "status", "preliminary"]]


def development(given: Parameters, used: Sequence[IndicatorValues]) -> pd.DataFrame:
    """Return the first and the last comparable year of each indicator, and the word for its trend."""
    rows = []
    for values in used:
        series = sentences.newest_segment(values, given.region)
        if len(series) < 2:
            continue
        first, last = series.iloc[0], series.iloc[-1]
        about = values.indicator
        rows.append(
            {
                "Indikator": about.name,
                "Från": f"{swedish.period(first['period'])}: "
                f"{sentences.short_amount(first['value'], about)}",
                "Till": f"{swedish.period(last['period'])}: "
                f"{sentences.short_amount(last['value'], about)}",
                "Ändring": swedish.signed(last["value"] - first["value"], about.decimals),
                "Trend": sentences.development(values, given.region),
            }
        )
    return pd.DataFrame(rows)

"""A municipality beside its county, riket and the municipalities of its own size.

For a county the same parts show its municipalities side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from affarsplan_data import observations, regions, swedish
from affarsplan_data.catalogue import Indicator, load_catalogue
from affarsplan_data.indicators import (
    FEW,
    IndicatorValues,
    MissingIndicatorError,
    available,
    sentences,
)
from affarsplan_data.pages.definitions import of_municipalities
from affarsplan_data.pages.reading import read
from affarsplan_data.parameters import Parameters

SIZE = 20
"""How many municipalities nearest in size a municipality is set beside."""
ENOUGH = 10
"""So many of them must have a value for a middle value to be said."""
POPULATION = "population"


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
    found = people(year, data)
    if found is None or region not in found.index:
        return None
    own = float(found[region])
    others = found.drop(region)
    apart = np.abs(np.log(others / own))
    nearest = others.loc[apart.sort_values(kind="stable").index[:SIZE]].sort_values(kind="stable")
    return SizeGroup(
        region,
        tuple(nearest.index),
        str(found.name),
        int(own),
        int(nearest.iloc[0]),
        int(nearest.iloc[-1]),
    )


def people(year: int, data: str) -> pd.Series | None:
    """Return every municipality's population in the newest year that nearly all of them have.

    The series is named by the year. None when the data lack it.
    """
    try:
        frame = observations.load(
            POPULATION, sex="total", birth="total", age="total", data=data
        ).dropna(subset="value")
    except observations.MissingMeasureError:
        return None
    codes = regions.municipalities()
    frame = frame[frame["region"].isin(codes) & (frame["period"].astype(str).str.len() == 4)]
    periods = frame["period"].astype(str)
    held = frame.groupby(periods)["region"].nunique()
    full = held[(held > 0.9 * len(codes)) & (held.index <= str(year))]
    if full.empty:
        return None
    newest = frame[periods == full.index.max()]
    found = newest.set_index(newest["region"].astype(str))["value"].astype(float)
    return found.rename(full.index.max())


def held(region: str, given: Parameters) -> list[IndicatorValues]:
    """Return those indicators that have a figure for a municipality."""
    found = []
    for about in load_catalogue().indicators.values():
        if not of_municipalities(about) or not available(about, given.data):
            continue
        try:
            values = read(about.id, given)
        except MissingIndicatorError:
            continue
        if newest(values, region):
            found.append(values)
    return found


def newest(values: IndicatorValues, region: str) -> str | None:
    """Return the newest period with a figure of everyone in the region, None when there is none."""
    series = values.series(region)
    return str(series["period"].iloc[-1]) if len(series) else None


def table(
    used: Sequence[IndicatorValues], given: Parameters, group: SizeGroup | None
) -> pd.DataFrame:
    """Return the municipality's key figures as text, one indicator a row."""
    return pd.DataFrame(row(values, given, group) for values in used)


def row(
    values: IndicatorValues, given: Parameters, group: SizeGroup | None
) -> dict[str, str | None]:
    """Return one indicator: the municipality, its county, riket, its size group and all others.

    None where there is no figure.
    """
    about, code = values.indicator, given.region
    own = values.series(code).iloc[-1]
    period = str(own["period"])
    remarks = ["preliminärt"] if own["preliminary"] else []
    remarks += ["5–29 fall"] if own["status"] == FEW else []
    said = f" ({', '.join(remarks)})" if remarks else ""
    women, men = (values.value(code, period, sex=sex) for sex in ("women", "men"))
    all_of_them = _municipal(values, period)
    return {
        "Indikator": about.name,
        "År": swedish.period(period) + said,
        regions.name(code): sentences.short_amount(own["value"], about),
        regions.name(given.county): _amount(values.value(given.county, period), about),
        "Riket": _amount(values.value(regions.COUNTRY, period), about),
        "Lika stora kommuner, median": _amount(_middle(all_of_them, group), about),
        "Kvinnor": _amount(women, about),
        "Män": _amount(men, about),
        "Bland kommunerna": _among(all_of_them, code, about.decimals) or None,
    }


def _amount(value: float | None, about: Indicator) -> str | None:
    return None if value is None else sentences.short_amount(value, about)


def _middle(municipal: pd.DataFrame, group: SizeGroup | None) -> float | None:
    """Return the median of the size group; None where too few of it have a value."""
    if group is None:
        return None
    known = municipal["value"].reindex(group.codes).dropna()
    return float(known.median()) if len(known) >= ENOUGH else None


def among_all(values: IndicatorValues, code: str, period: str) -> str:
    """Return how many municipalities a municipality lies above and below: never as one place.

    Where the figures have intervals, those are counted whose intervals do not overlap its own. Empty
    where too few others have a figure.
    """
    return _among(_municipal(values, period), code, values.indicator.decimals)


def _among(frame: pd.DataFrame, code: str, decimals: int) -> str:
    own = frame.loc[code]
    others = frame[["value", "low", "high"]].drop(code).dropna(subset="value")
    if len(others) < ENOUGH:
        return ""
    if not np.isnan([own["low"], own["high"]]).any():
        above = int((others["high"] < own["low"]).sum())
        below = int((others["low"] > own["high"]).sum())
        return f"säkert högre än i {above} och säkert lägre än i {below} av {len(others)}"
    shown, ours = others["value"].round(decimals), round(own["value"], decimals)
    above, below = int((shown < ours).sum()), int((shown > ours).sum())
    return f"högre än i {above} och lägre än i {below} av {len(others)}"


def _municipal(values: IndicatorValues, period: str) -> pd.DataFrame:
    """Return the municipalities' figures of everyone in a period, by code."""
    frame = values.at(period, level="municipality")
    return frame.set_index("region")[["value", "low", "high", "status", "preliminary"]]


def development(used: Sequence[IndicatorValues], given: Parameters) -> pd.DataFrame:
    """Return the first and the last comparable year of each indicator, and the word for its trend."""
    rows = []
    for values in used:
        about = values.indicator
        found = sentences.change(values, given.region, given.base_year)
        if found is None:
            continue
        ends = [values.value(given.region, period) for period in (found.first, found.last)]
        trend = sentences.development(values, given.region)
        rows.append(
            {
                "Indikator": about.name,
                "Från": f"{swedish.period(found.first)}: {sentences.short_amount(ends[0], about)}",
                "Till": f"{swedish.period(found.last)}: {sentences.short_amount(ends[1], about)}",
                "Ändring": sentences.signed_change(found, values, trend),
                "Säker ändring": "ja" if found.relation.is_certain else "nej",
                "Trend": trend,
            }
        )
    return pd.DataFrame(rows)


def answer(
    ids: Sequence[str], group: SizeGroup | None, given: Parameters, most: int = 3
) -> tuple[str, ...]:
    """Return what the page opens with, from the first of ``ids`` that there are figures of.

    A municipality is set beside riket, those of its size and all others; of a county the highest and the
    lowest of its municipalities are told.
    """
    said: list[str] = []
    if not given.is_municipality:
        said.append(_how_to_choose(given))
    for id in ids:
        about = load_catalogue().indicator(id)
        if len(said) >= most + (not given.is_municipality) or not available(about, given.data):
            continue
        values = read(id, given)
        line = _of_one(values, group, given) if given.is_municipality else inside(values, given)
        said += [line] if line else []
    if len(said) <= (not given.is_municipality):
        said.append(f"Uppgifter saknas för {regions.name(given.region)} till och med {given.year}.")
    return tuple(said)


def _of_one(values: IndicatorValues, group: SizeGroup | None, given: Parameters) -> str:
    code = given.region
    period = newest(values, code)
    if period is None:
        return ""
    text = sentences.level(values, code, period) + sentences.against_country(values, code, period)
    middle = _middle(_municipal(values, period), group)
    if middle is not None:
        text += (
            f"; medianen bland lika stora kommuner är {sentences.amount(middle, values.indicator)}"
        )
    among = among_all(values, code, period)
    return f"{text}." + (f" Värdet är {among} andra kommuner." if among else "")


def inside(values: IndicatorValues, given: Parameters) -> str:
    """Return the highest and the lowest of the county's municipalities; empty without figures."""
    codes = list(regions.municipalities(given.county))
    period = values.latest_shared(codes)
    if period is None:
        return ""
    return f"{sentences.in_county(values, given.county, period)}."


def _how_to_choose(given: Parameters) -> str:
    codes = regions.municipalities(given.county)
    example = codes[0]
    count = "en kommun" if len(codes) == 1 else f"{len(codes)} kommuner"
    return (
        f"{regions.name(given.county)} har {count}, som visas tillsammans här. Skriv en kommuns kod som "
        f'region för att få dess profil, till exempel region = "{example}" för {regions.name(example)}.'
    )


def municipalities(given: Parameters) -> pd.DataFrame:
    """Return the county's municipalities with code and inhabitants, the largest first."""
    found = people(given.year, given.data)
    codes = regions.municipalities(given.county)
    frame = pd.DataFrame(
        {
            "Kommun": [regions.name(code) for code in codes],
            "Kod": codes,
            "Invånare": pd.Series(dtype=float)
            if found is None
            else found.reindex(codes).to_numpy(),
        }
    )
    return frame.sort_values("Invånare", ascending=False, kind="stable", ignore_index=True)

"""The key-figure table: one row for every indicator of a page, also for those that are missing.

Value with its place among the counties, riket, the group compared with, women and men, change and trend.
"""

from collections.abc import Sequence

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.catalogue import Indicator
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import (
    FEW,
    HIDDEN,
    IMPOSSIBLE,
    IndicatorValues,
    MissingIndicatorError,
    Standing,
    sentences,
)
from affarsplan_data.indicators.rebasing import PATHS
from affarsplan_data.pages import closing, peers
from affarsplan_data.pages.reading import read, without_base
from affarsplan_data.parameters import Parameters, PeerGroup

_ARROWS = {"ökar": "↗ ökar", "minskar": "↘ minskar"}
_EMPTY = "–"
_UNDER = {
    "Placering": ("Värde", "plats"),
    "Skillnad": ("Riket", "skillnad"),
    "Jämförda år": ("Förändring", ""),
}
_NOTES = (
    "Skillnad är värdet minus rikets. Skillnad och förändring står i procentenheter (p.e.) för andelar, "
    "annars i indikatorns enhet. Placering gäller bland län med uppgift och står aldrig utan värdet.",
    "Förändring räknas mellan det första och det sista jämförbara året på samma sida om ett brott. "
    "Utveckling väger alla åren och kan därför vara säker fast förändringen inte är det. "
    "”Ingen säker trend” betyder färre än åtta jämförbara år eller ett för svagt mönster.",
)


def figure(items: Sequence[Indicator], given: Parameters) -> Figure:
    """Return the table of a page's indicators, those with figures first."""
    group = _group(given)
    notes = [*_NOTES]
    if group:
        notes.append(f"{group.name}: {peers.members(group)}. {peers.WAYS.format(name=group.name)}")
    return figures.key_figures(
        table(items, given),
        under=_UNDER,
        name="nyckeltal",
        title=f"Nyckeltal för {regions.name(given.region)}",
        subtitle="Alla sidans indikatorer, senaste år med uppgift.",
        source=(
            f"Underlag: {closing.producers(items, given.data) or 'saknas ännu'}. "
            "Källa och tabell för varje indikator står sist på sidan."
        ),
        notes=tuple(notes),
    )


def _group(given: Parameters) -> PeerGroup | None:
    """The group with a column of its own: one that has other counties than the region's own."""
    group = given.group
    return group if group and set(group.counties) != {given.county} else None


def columns(given: Parameters) -> list[str]:
    """Return the table's headings, the group compared with by its own name."""
    group = _group(given)
    return [
        *("Indikator", "År", "Värde", "Placering", "Riket", "Skillnad"),
        *([group.name] if group else []),
        *("Kvinnor", "Män", "Förändring", "Jämförda år", "Utveckling", "Anmärkning"),
    ]


def table(indicators: Sequence[Indicator], given: Parameters) -> pd.DataFrame:
    """Return the table's rows as text, one per indicator, those with figures first."""
    headings = columns(given)
    rows = [dict.fromkeys(headings, _EMPTY) | row(item, given) for item in indicators]
    frame = pd.DataFrame(rows, columns=headings)
    figures = frame.drop(columns=["Indikator", "Anmärkning"])
    bare = (figures == _EMPTY).all(axis=1)
    order = bare.astype(int) + (frame["Värde"] == _EMPTY).astype(int)
    return frame.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def row(item: Indicator, given: Parameters) -> dict[str, str]:
    """Return what one indicator's row says, as text by heading; a cell that says nothing is left out."""
    try:
        values = read(item.id, given)
    except MissingIndicatorError as error:
        return _without(item, error.why or error.reason)
    for code in dict.fromkeys((given.region, given.county)):
        whole = values.series(code)["period"]
        if period := (whole.iloc[-1] if len(whole) else values.latest(code)):
            if values.row(code, period) is None and (said := _only_parts(values, code, period)):
                return said
            return _figures(values, code, period, given)
    if reason := without_base(item.id, given, given.county):
        return _without(item, reason)
    return _parts(values, given)


def _only_parts(values: IndicatorValues, code: str, period: str) -> dict[str, str]:
    """The row of an indicator with a value for each industry or class and none for all of them."""
    frame = values.frame
    frame = frame[(frame["region"] == code) & (frame["period"] == period)].dropna(subset=["value"])
    for dimension, word in (("industry", "näringsgren"), ("category", "klass")):
        if (count := frame[dimension].nunique()) and "total" not in set(frame[dimension]):
            when = swedish.period(period)
            return _without(
                values.indicator, f"Ett värde för varje {word}, {count} stycken, {when}"
            )
    return {}


def _figures(values: IndicatorValues, code: str, period: str, given: Parameters) -> dict[str, str]:
    item = values.indicator
    own, country = values.row(code, period), values.value(regions.COUNTRY, period)
    value = None if own is None or pd.isna(own["value"]) else float(own["value"])
    spot = values.standing(code, period)
    remarks = []
    if code != given.region:
        remarks.append(f"avser {regions.name(code)}")
    if own is not None:
        remarks += _remarks(own)
    if item.formula.function == "index":
        remarks.append(_base(values, code))
    elif not item.unit_after_number and item.unit.lower() not in item.name.lower():
        remarks.append(item.unit)
    if item.formula.function in PATHS:
        remarks.append(f"basår {item.formula.parameters['base']}")
    if item.proxy_for:
        remarks.append(f"närmevärde för {item.proxy_for}")
    relative = item.formula.function == "relative_to_country" or not item.comparable_size
    gap = None if value is None or country is None or relative else value - country
    women, men = (values.value(code, period, sex=sex) for sex in ("women", "men"))
    development = sentences.development(values, code)
    cells = {
        "Indikator": item.name,
        "År": swedish.period(period) if value is None else _year(own, period),
        "Värde": _amount(value, item),
        "Placering": _place(spot) if spot else _EMPTY,
        "Riket": _EMPTY if relative else _amount(country, item),
        "Skillnad": _EMPTY if gap is None else swedish.signed(gap, item.decimals),
        "Kvinnor": _amount(women, item),
        "Män": _amount(men, item),
        **_change(values, code, development),
        "Utveckling": _ARROWS.get(development, development),
        "Anmärkning": swedish.upper_first("; ".join(remarks)) or _EMPTY,
    }
    if group := _group(given):
        cells[group.name] = peers.group_cell(values, group, period) or _EMPTY
    return cells


def _place(spot: Standing) -> str:
    return f"{spot.rank} av {spot.of}{', delad' if spot.shared else ''}"


def _base(values: IndicatorValues, code: str) -> str:
    stated = values.indicator.formula.parameters.get("base")
    first = sentences.newest_segment(values, code)["period"].iloc[0]
    return f"{stated or first} = 100"


def _change(values: IndicatorValues, code: str, development: str) -> dict[str, str]:
    found = sentences.change(values, code)
    if found is None:
        return {}
    unsure = "" if found.relation.is_certain else ", inte säker"
    years = f"{swedish.period(found.first)}–{swedish.period(found.last)}"
    size = sentences.signed_change(found, values, development)
    return {"Förändring": size, "Jämförda år": f"{years}{unsure}"}


def _year(row: pd.Series, period: str) -> str:
    said = swedish.period(period)
    return f"omkring {said}" if row["status"] == sentences.YEAR_INFERRED else said


def _remarks(row: pd.Series) -> list[str]:
    """What a reader must know about one figure, from its status."""
    said = {
        "rounded": "avrundat",
        FEW: "bygger på 5–29 fall",
        HIDDEN: "för få fall för att visas",
        IMPOSSIBLE: "källans delar och helhet går inte ihop",
        sentences.YEAR_INFERRED: "året är härlett; första publicering",
    }
    found = ["preliminärt"] if row["preliminary"] else []
    return [*found, said[row["status"]]] if row["status"] in said else found


def _parts(values: IndicatorValues, given: Parameters) -> dict[str, str]:
    """The row of an indicator that exists only below or above the region's level."""
    item = values.indicator
    inside = list(regions.municipalities(given.county))
    cells = {"Värde": "total", "Kvinnor": "women", "Män": "men"}
    periods = [p for sex in cells.values() if (p := values.latest_shared(inside, sex))]
    if periods:
        spans = {cell: _span(values, inside, max(periods), sex) for cell, sex in cells.items()}
        covers = [_who(values, inside, max(periods), sex) for sex in cells.values()]
        remark = next(said for said in covers if said)
        return _without(item, remark) | {"År": max(periods)} | spans
    if period := values.latest(regions.COUNTRY):
        whole = [values.value(regions.COUNTRY, period, sex=s) for s in ("total", "women", "men")]
        if all(value is None for value in whole):
            return _without(item, f"Finns bara för riket, uppdelad på delar, {period}")
        women, men = whole[1:]
        return _without(item, "finns bara för riket") | {
            "År": period,
            "Riket": _amount(values.value(regions.COUNTRY, period), item),
            "Kvinnor": _amount(women, item),
            "Män": _amount(men, item),
        }
    return _without(
        item, f"uppgift saknas för {regions.name(given.county)} till och med {given.year}"
    )


def _span(values: IndicatorValues, codes: Sequence[str], period: str, sex: str) -> str:
    known = [v for code in codes if (v := values.value(code, period, sex=sex)) is not None]
    if len(known) < 2:
        return _amount(known[0] if known else None, values.indicator)
    low = swedish.number(min(known), values.indicator.decimals)
    return swedish.span(low, _amount(max(known), values.indicator))


def _who(values: IndicatorValues, codes: Sequence[str], period: str, sex: str) -> str:
    """Say which municipalities a span covers; empty when none has a value."""
    known = [code for code in codes if values.value(code, period, sex=sex) is not None]
    if len(known) == 1:
        return f"avser {regions.name(known[0])}; länet saknas"
    if not known:
        return ""
    some = "" if len(known) == len(codes) else f" av {len(known)} kommuner"
    return f"lägsta–högsta kommun{some}; länet saknas"


def _without(item: Indicator, reason: str) -> dict[str, str]:
    return {"Indikator": item.name, "Anmärkning": swedish.upper_first(reason).rstrip(".")}


def _amount(value: float | None, item: Indicator) -> str:
    return _EMPTY if value is None else sentences.short_amount(value, item)

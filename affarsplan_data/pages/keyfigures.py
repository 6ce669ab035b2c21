"""The key-figure table: one row per indicator with value, riket, rank, women, men and what to mind."""

from collections.abc import Sequence

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.catalogue import Indicator
from affarsplan_data.figures.key_figures import COLUMNS
from affarsplan_data.indicators import (
    FEW,
    HIDDEN,
    IMPOSSIBLE,
    IndicatorValues,
    MissingIndicatorError,
    indicator,
    sentences,
)
from affarsplan_data.parameters import Parameters

_ARROWS = {"ökar": "↗ ökar", "minskar": "↘ minskar"}
_EMPTY = "–"


def table(indicators: tuple[Indicator, ...], given: Parameters) -> pd.DataFrame:
    """Return the table's rows as text, one per indicator, those with figures first."""
    rows = [row(item, given) for item in indicators if not _shown_by_parts_only(item)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values("Värde", key=lambda v: v == _EMPTY, kind="stable", ignore_index=True)


def _shown_by_parts_only(item: Indicator) -> bool:
    """Indicators with one value per industry or class belong in a figure, not in one cell."""
    return bool({"industry", "category"} & set(item.splits))


def row(item: Indicator, given: Parameters) -> dict[str, str]:
    """Return one indicator's row as text."""
    try:
        values = indicator(item.id, until=given.year, data=given.data)
    except MissingIndicatorError as error:
        return _missing(item, item.missing_reason or error.reason)
    for code in dict.fromkeys((given.region, given.county)):
        if (period := values.latest(code, "total")) or (period := values.latest(code)):
            return _figures(values, code, period, given)
    return _parts(values, given)


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
        remarks.append(f"{sentences.newest_segment(values, code)['period'].iloc[0]} = 100")
    if item.proxy_for:
        remarks.append(f"närmevärde för {item.proxy_for}")
    relative = item.formula.function == "relative_to_country" or not item.comparable_size
    gap = None if value is None or country is None or relative else value - country
    women, men = (values.value(code, period, sex=sex) for sex in ("women", "men"))
    development = sentences.development(values, code)
    return {
        "Indikator": item.name,
        "År": swedish.period(period) if value is None else _year(own, period),
        "Värde": _amount(value, item),
        "Riket": _EMPTY if relative else _amount(country, item),
        "Skillnad": _EMPTY if gap is None else swedish.signed(gap, item.decimals),
        "Placering": f"{spot.rank} av {spot.of}" if spot else _EMPTY,
        "Kvinnor": _amount(women, item),
        "Män": _amount(men, item),
        "Utveckling": _ARROWS.get(development, development),
        "Anmärkning": "; ".join(remarks) or _EMPTY,
    }


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
        return _missing(item, remark) | {"År": max(periods)} | spans
    if period := values.latest(regions.COUNTRY):
        empty = _missing(item, "finns bara för riket")
        women, men = (values.value(regions.COUNTRY, period, sex=s) for s in ("women", "men"))
        return empty | {
            "År": period,
            "Riket": _amount(values.value(regions.COUNTRY, period), item),
            "Kvinnor": _amount(women, item),
            "Män": _amount(men, item),
        }
    return _missing(
        item, f"uppgift saknas för {regions.name(given.county)} till och med {given.year}"
    )


def _span(values: IndicatorValues, codes: Sequence[str], period: str, sex: str) -> str:
    known = [v for code in codes if (v := values.value(code, period, sex=sex)) is not None]
    if len(known) < 2:
        return _amount(known[0] if known else None, values.indicator)
    low = swedish.number(min(known), values.indicator.decimals)
    return f"{low}–{_amount(max(known), values.indicator)}"


def _who(values: IndicatorValues, codes: Sequence[str], period: str, sex: str) -> str:
    """Say which municipalities a span covers; empty when none has a value."""
    known = [code for code in codes if values.value(code, period, sex=sex) is not None]
    if len(known) == 1:
        return f"avser {regions.name(known[0])}; länet saknas"
    if not known:
        return ""
    some = "" if len(known) == len(codes) else f" av {len(known)} kommuner"
    return f"lägsta–högsta kommun{some}; länet saknas"


def _missing(item: Indicator, reason: str) -> dict[str, str]:
    empty = dict.fromkeys(COLUMNS, _EMPTY)
    return empty | {"Indikator": item.name, "Anmärkning": swedish.lower_first(reason).rstrip(".")}


def _amount(value: float | None, item: Indicator) -> str:
    return _EMPTY if value is None else sentences.short_amount(value, item)


def municipalities(
    used: Sequence[IndicatorValues], codes: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return one row per municipality and one column per indicator, newest year each.

    The second part tells each column's number of decimals. An indicator without any value is left out.
    """
    frame = pd.DataFrame({"Kommun": [regions.name(code) for code in codes]})
    decimals: dict[str, int] = {}
    for values in used:
        about = values.indicator
        period = values.latest_shared(codes)
        if period is None:
            continue
        unit = f" ({about.spoken_unit})" if about.spoken_unit else ""
        heading = f"{about.name}{unit}, {period}"
        frame[heading] = pd.Series([values.value(c, period) for c in codes], dtype=float)
        decimals[heading] = about.decimals
    return frame, decimals

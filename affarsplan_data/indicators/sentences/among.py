"""A region's position in a group of regions, and the highest and lowest of several."""

from collections.abc import Sequence

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.catalogue import Indicator
from affarsplan_data.indicators.sentences import words
from affarsplan_data.indicators.sentences.certainty import (
    Relation,
    compare,
    is_share,
    per,
    sized,
)
from affarsplan_data.indicators.values import IndicatorValues

MIN_GROUP = 3
"""A position is said only among at least this many regions with a value."""
_FROM_TOP = ("högst", "näst högst", "tredje högst")
_FROM_BOTTOM = ("lägst", "näst lägst", "tredje lägst")


def among(
    values: IndicatorValues, region: str, period: str, codes: Sequence[str], name: str
) -> str:
    """Return the region's position among the regions ``codes`` of the group ``name``.

    Rates are never averaged. The others are said as one only where the numbers behind every share are
    known, added up. Empty when the group has too few values or the values are no rates.
    """
    about = values.indicator
    if about.formula.function == "index" or not about.comparable_size:
        return ""
    rows = {code: values.row(code, period) for code in dict.fromkeys([region, *codes])}
    known = {c: r for c, r in rows.items() if r is not None and pd.notna(r["value"])}
    gap = words.is_gap(about)
    if gap:
        known = {code: sized(row) for code, row in known.items()}
    if region not in known or len(known) < MIN_GROUP:
        return ""
    own = known.pop(region)
    relations = {code: compare(own, row, about).relation for code, row in known.items()}
    said = _position(relations, own, known, about.decimals)
    if gap:
        said = (
            said.replace("värdet", "skillnaden")
            .replace("högst", "störst")
            .replace("lägst", "minst")
        )
    what = {"county": "länen", "municipality": "kommunerna"}.get(
        regions.get(region).level, "områdena"
    )
    text = f"Bland de {words.count(len(known) + 1)} {what} i {name} {said}."
    return words.joined([text, _together(values, own, list(known.values()), what)])


def _position(
    relations: dict[str, Relation], own: pd.Series, known: dict[str, pd.Series], decimals: int
) -> str:
    unclear = [code for code, relation in relations.items() if not relation.is_certain]
    if len(unclear) == len(relations):
        return "är värdet inte säkert skilt från något av de andra"
    above = sum(round(row["value"] - own["value"], decimals) > 0 for row in known.values())
    below = sum(round(row["value"] - own["value"], decimals) < 0 for row in known.values())
    text = f"är värdet {_placed(above, below, len(known) + 1)}"
    if unclear:
        text += f", men inte säkert skilt från {swedish.listing([words.place(c) for c in unclear])}"
    return text


def _placed(above: int, below: int, of: int) -> str:
    if above == below == 0:
        return "lika högt överallt"
    shared = "delat " if above + below < of - 1 else ""
    if above <= below and above < len(_FROM_TOP):
        return shared + _FROM_TOP[above]
    if below < above and below < len(_FROM_BOTTOM):
        return shared + _FROM_BOTTOM[below]
    return f"{shared}nummer {above + 1} av {of} från det högsta"


def _together(values: IndicatorValues, own: pd.Series, others: list[pd.Series], what: str) -> str:
    """Say the others' share as one, from their numbers; empty where any number is not known."""
    if not all(map(is_share, [own, *others])):
        return ""
    whole = together(others)
    assert whole is not None
    about = values.indicator
    found = compare(own, whole, about)
    text = f"De andra {what} tillsammans har {words.amount(whole['value'], about)}"
    if found.relation is Relation.EQUAL:
        return f"{text}, lika mycket."
    if not found.relation.is_certain:
        return f"{text}; skillnaden är inte säker."
    word = "högre" if found.relation is Relation.HIGHER else "lägre"
    return f"{text}; värdet är {words.distance(found.difference, about)} {word}."


def together(rows: Sequence[pd.Series]) -> pd.Series | None:
    """Return several regions' figure as one: value, count and base, from the numbers behind them.

    None when the numbers behind any of them are not known, or are not what the figure is made of. Rates
    themselves are never averaged.
    """
    each = {per(row) for row in rows}
    if len(each) != 1 or (scale := each.pop()) is None:
        return None
    count, base = (sum(row[column] for row in rows) for column in ("count", "base"))
    whole = pd.Series({"value": scale * count / base, "count": count, "base": base})
    return whole.reindex([*whole.index, "low", "high"])


def spread(values: IndicatorValues, codes: list[str], period: str, sex: str = "total") -> str:
    """Return the highest and lowest of several regions: ``högst i Sala (…) och lägst i Norberg (…)``.

    When the two cannot be told apart, that is said.
    """
    frame = _known(values, codes, period, sex)
    about = values.indicator
    if len(frame) == 1:
        only = frame.iloc[0]
        return f"{words.amount(only['value'], about)} i {words.place(only['region'])}"
    top, bottom, relation = _ends(frame, about)
    if relation is Relation.EQUAL:
        kinds = {regions.get(code).level for code in frame["region"]}
        what = {"county": "län", "municipality": "kommuner"}.get(kinds.pop(), "områden")
        held = " med uppgift" if len(frame) < len(codes) else ""
        return f"{words.amount(top['value'], about)} i alla {len(frame)} {what}{held}"
    certain = relation.is_certain
    high, low = ("störst", "minst") if words.is_gap(about) else ("högst", "lägst")
    unsure = "" if certain else f", inte säkert skilt från det {high}a"
    return (
        f"{high} i {words.place(top['region'])} ({words.amount(top['value'], about)}) "
        f"och {low} i {words.place(bottom['region'])} "
        f"({words.amount(bottom['value'], about)}{unsure})"
    )


def across(values: IndicatorValues, region: str, period: str) -> str:
    """Return for which industry or class a region's figure is highest and lowest.

    Said of everyone together where groups of people are told apart too. Empty where the indicator has a
    total of its own, or fewer than two parts have a value.
    """
    frame = values.frame
    frame = frame[(frame["region"] == region) & (frame["period"] == period)]
    for group in ("sex", "birth"):
        if "total" in set(frame[group]):
            frame = frame[frame[group] == "total"]
    for dimension in ("industry", "category"):
        parts = frame[frame[dimension] != "total"].dropna(subset=["value"])
        if len(parts) < 2 or parts[dimension].duplicated().any():
            continue
        about = values.indicator
        top, bottom = parts.loc[parts["value"].idxmax()], parts.loc[parts["value"].idxmin()]
        names = [words.group({dimension: row[dimension]}, about) for row in (top, bottom)]
        relation = compare(top, bottom, about).relation
        where = f"i {words.place(region)} {swedish.period(period)}"
        if relation is Relation.EQUAL:
            return ""
        if not relation.is_certain:
            return f"{words.noun(about)}: delarna är inte säkert skilda {where}."
        names = [swedish.lower_first(name) for name in names]
        if about.formula.function == "share_difference":
            signed = [swedish.signed(row["value"], about.decimals) for row in (top, bottom)]
            return (
                f"Störst övervikt mot riket har {names[0]} ({signed[0]} {about.unit}), störst "
                f"undervikt {names[1]} ({signed[1]} {about.unit}), {where}."
            )
        amounts = [words.amount(row["value"], about) for row in (top, bottom)]
        return (
            f"{words.noun(about)} var högst för {names[0]} ({amounts[0]}) och "
            f"lägst för {names[1]} ({amounts[1]}) {where}."
        )
    return ""


def inside(values: IndicatorValues, county: str) -> str:
    """Return the highest and lowest of a county's municipalities, where the county has no figure."""
    period = values.latest_shared(regions.municipalities(county))
    if period is None:
        return f"{values.indicator.name}: uppgift saknas för {regions.name(county)}."
    return f"{in_county(values, county, period)}; uppgift för länet saknas."


def in_county(values: IndicatorValues, county: str, period: str) -> str:
    """Return the highest and lowest of a county's municipalities, without full stop.

    One municipality alone, and municipalities that are all alike, are said to be so.
    """
    codes, name = list(regions.municipalities(county)), regions.name(county)
    frame = _known(values, codes, period)
    found, when = spread(values, codes, period), swedish.period(period)
    start = f"{words.noun(values.indicator)} var {found}"
    if len(codes) == 1:
        return f"{start} {when}"
    if len(frame) == 1:
        return f"{start} {when}, den enda kommunen i {name} med uppgift"
    if _ends(frame, values.indicator)[2] is Relation.EQUAL:
        return f"{start} i {name} {when}"
    return f"{start} {when} bland kommunerna i {name}"


def _known(
    values: IndicatorValues, codes: Sequence[str], period: str, sex: str = "total"
) -> pd.DataFrame:
    frame = values.at(period, sex=sex)
    return frame[frame["region"].isin(codes) & frame["value"].notna()]


def _ends(frame: pd.DataFrame, about: Indicator) -> tuple[pd.Series, pd.Series, Relation]:
    """Return the highest and the lowest row, and how they relate."""
    size = frame["value"].abs() if words.is_gap(about) else frame["value"]
    top, bottom = frame.loc[size.idxmax()], frame.loc[size.idxmin()]
    return top, bottom, compare(top, bottom, about).relation

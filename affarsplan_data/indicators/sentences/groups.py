"""Women and men, native- and foreign-born: each group's figure, who is higher, and how surely."""

from collections.abc import Mapping

import pandas as pd

from affarsplan_data import statistics, swedish
from affarsplan_data.indicators.evaluate import HIDDEN
from affarsplan_data.indicators.sentences import words
from affarsplan_data.indicators.sentences.certainty import Comparison, Relation, compare
from affarsplan_data.indicators.sentences.levels import missing
from affarsplan_data.indicators.values import IndicatorValues

Group = Mapping[str, str]
WOMEN, MEN = {"sex": "women"}, {"sex": "men"}
NATIVE, FOREIGN = {"birth": "native"}, {"birth": "foreign"}


def women_and_men(
    values: IndicatorValues, region: str, period: str, *, after: bool = False, **dimensions: str
) -> str:
    """Return women's and men's figures and how they differ; empty when the statistics lack them.

    ``after`` the sentence on everyone, what, where and when is not said again, here and below, and the
    distance only where it is not certain.
    """
    return _two(values, region, period, WOMEN | dimensions, MEN | dimensions, after=after)


def by_birth(values: IndicatorValues, region: str, period: str) -> str:
    """Return the figures of native- and foreign-born, for women and men apart where they are known."""
    sexes = ("women", "men")
    pairs = [(FOREIGN | {"sex": sex}, NATIVE | {"sex": sex}) for sex in sexes]
    apart = [_two(values, region, period, *pair) for pair in pairs]
    if all(apart):
        return words.joined(apart)
    return _two(values, region, period, FOREIGN, NATIVE)


def four_groups(values: IndicatorValues, region: str, period: str, *, after: bool = False) -> str:
    """Return the highest and the lowest of women and men by birth; empty without such figures.

    With a group hidden or missing, no group is called highest or lowest.
    """
    rows = _four(values, region, period)
    if rows.empty or not values.indicator.comparable_size:
        return ""
    found = statistics.four_groups(rows)
    if found.highest is None or found.lowest is None:
        return _not_all_four(rows, region, period)
    about = values.indicator
    keyed = {(row["sex"], row["birth"]): row for _, row in rows.iterrows()}
    top, bottom = keyed[found.highest], keyed[found.lowest]
    between = compare(top, bottom, about)
    where = "" if after else f" i {words.place(region)} {swedish.period(period)}"
    if not between.relation.is_certain:
        return f"De fyra grupperna efter kön och födelseregion är inte säkert skilda{where}."
    if between.relation is Relation.EQUAL:
        return f"De fyra grupperna efter kön och födelseregion har samma värde{where}."
    text = (
        f"Av de fyra grupperna efter kön och födelseregion hade {_name(found.highest)} det högsta värdet "
        f"({words.amount(top['value'], about)}{_shared(keyed, found.highest, values)}) och "
        f"{_name(found.lowest)} det lägsta ({words.amount(bottom['value'], about)}"
        f"{_shared(keyed, found.lowest, values)}){where}"
    )
    return f"{text}; det skiljer {words.distance(between.difference, about)}."


def group_gap(values: IndicatorValues, region: str, period: str, *, after: bool = False) -> str:
    """Return the groups' own gaps of an indicator that is itself a difference, with who is lower.

    Women and men apart for a gap by birth, native- and foreign-born for one by sex. Empty for other
    indicators, and where the statistics lack the groups.
    """
    about = values.indicator
    if not words.is_gap(about):
        return ""
    rows = {
        words.group(kind, about): row
        for kind in (WOMEN, MEN, NATIVE, FOREIGN)
        if (row := values.row(region, period, **kind)) is not None and pd.notna(row["value"])
    }
    if not rows:
        return ""
    parts = [
        f"{words.distance(row['value'], about)} bland {who} ({words.behind_or_ahead(row, about)})"
        for who, row in rows.items()
    ]
    if after:
        return f"Den var {swedish.listing(parts)}."
    preliminary = " (preliminärt)" if any(row["preliminary"] for row in rows.values()) else ""
    where = f"i {words.place(region)} {swedish.period(period)}{preliminary}"
    return f"{words.noun(about)} var {swedish.listing(parts)} {where}."


def _two(
    values: IndicatorValues,
    region: str,
    period: str,
    first: Group,
    second: Group,
    *,
    after: bool = False,
) -> str:
    about = values.indicator
    if about.formula.function == "index":
        return ""
    one, other = (values.row(region, period, **group) for group in (first, second))
    if one is None or other is None:
        return ""
    for row, group in ((one, first), (other, second)):
        if row["status"] == HIDDEN:
            return f"{missing(values, region, period, **group)}."
    if pd.isna(one["value"]) or pd.isna(other["value"]):
        return ""
    names = [words.group(group, about) for group in (first, second)]
    amounts = [words.amount(row["value"], about) for row in (one, other)]
    preliminary = " (preliminärt)" if one["preliminary"] or other["preliminary"] else ""
    text = (
        f"{words.noun(about)} var {amounts[0]} bland {names[0]} och {amounts[1]} bland {names[1]} "
        f"i {words.place(region)} {swedish.period(period)}{preliminary}"
    )
    found = compare(one, other, about)
    if after:
        text = f"Bland {names[0]} var värdet {amounts[0]} och bland {names[1]} {amounts[1]}"
    if not about.comparable_size or (after and found.relation.is_certain):
        return f"{text}."
    return f"{text}; {relation(found, names[0], names[1], values)}."


def relation(found: Comparison, first: str, second: str, values: IndicatorValues) -> str:
    """Return the clause on two groups: who is higher and by how much, or that it is not certain."""
    about = values.indicator
    if found.relation is Relation.EQUAL:
        return "avrundat är det ingen skillnad"
    if found.relation is Relation.UNKNOWN:
        return "osäkerheten är inte publicerad, så grupperna är inte säkert skilda"
    if not found.relation.is_certain:
        return f"{first} och {second} är inte säkert skilda"
    word = "högre" if found.relation is Relation.HIGHER else "lägre"
    bounds = ""
    if found.low is not None and found.high is not None:
        ends = sorted((abs(found.low), abs(found.high)))
        low, high = (swedish.number(end, about.decimals) for end in ends)
        bounds = f" (95-procentigt intervall {low}–{high})"
    return f"det är {words.distance(found.difference, about)} {word} bland {first}{bounds}"


def _four(values: IndicatorValues, region: str, period: str) -> pd.DataFrame:
    frame = values.frame
    mask = (frame["region"] == region) & (frame["period"] == period)
    mask &= (frame["sex"] != "total") & (frame["birth"] != "total")
    for dimension in ("industry", "category"):
        mask &= frame[dimension] == "total"
    return frame[mask]


def _not_all_four(rows: pd.DataFrame, region: str, period: str) -> str:
    if HIDDEN not in set(rows["status"]):
        return ""
    return (
        f"Alla fyra grupper efter kön och födelseregion kan inte visas i {words.place(region)} "
        f"{swedish.period(period)}: någon av dem bygger på färre än 5 fall eller en bas under 100."
    )


def _shared(
    keyed: Mapping[tuple[str, str], pd.Series], group: tuple[str, str], values: IndicatorValues
) -> str:
    """Name the groups that the highest or lowest cannot be told from."""
    near = [
        _name(other)
        for other, row in keyed.items()
        if other != group and not compare(keyed[group], row, values.indicator).relation.is_certain
    ]
    return f", inte säkert skilt från {swedish.listing(near)}" if near else ""


def _name(group: tuple[str, str]) -> str:
    sex, birth = group
    return f"{'inrikes' if birth == 'native' else 'utrikes'} födda {_SEX[sex]}"


_SEX = {"women": "kvinnor", "men": "män"}

"""Whether two figures can be told apart: every comparing sentence asks here before it says a word."""

import math
from dataclasses import dataclass
from enum import Enum

import pandas as pd

from affarsplan_data import statistics
from affarsplan_data.catalogue import Indicator, load_catalogue
from affarsplan_data.indicators.sentences.words import GAPS

ROUNDING = 0.06
"""How far a published share with one decimal may lie from the numbers it rests on."""
_PER = (100, 1_000, 10_000, 100_000)


class Relation(Enum):
    """What may be said of one figure beside another.

    ``UNSURE``: the interval of their difference holds zero. ``OVERLAPPING``: their own intervals overlap,
    which is a stricter question. ``UNKNOWN``: figures whose uncertainty is large or not known.
    """

    HIGHER = "higher"
    LOWER = "lower"
    EQUAL = "equal"
    UNSURE = "unsure"
    OVERLAPPING = "overlapping"
    UNKNOWN = "unknown"
    MISSING = "missing"

    @property
    def is_certain(self) -> bool:
        """Whether the figures may be set against each other in words."""
        return self in {Relation.HIGHER, Relation.LOWER, Relation.EQUAL}


@dataclass(frozen=True)
class Comparison:
    """One figure minus another. ``low`` and ``high`` bound the difference where that can be computed."""

    relation: Relation
    difference: float = math.nan
    low: float | None = None
    high: float | None = None


def compare(one: pd.Series | None, other: pd.Series | None, indicator: Indicator) -> Comparison:
    """Return how the figure ``one`` relates to ``other``.

    Args:
        one: a row of an indicator's values, or None.
        other: the row that it is set against, or None.
        indicator: whose values they are.
    """
    if one is None or other is None or pd.isna(one["value"]) or pd.isna(other["value"]):
        return Comparison(Relation.MISSING)
    if indicator.formula.function in GAPS:
        one, other = sized(one), sized(other)
    apart = float(one["value"] - other["value"])
    low, high = _bounds(one, other, indicator)
    relation = _unclear(one, other, low, high)
    if relation is None and not indicator.ranked and low is None:
        relation = Relation.UNKNOWN
    if relation is None:
        rounded = round(apart, indicator.decimals)
        relation = Relation.HIGHER if rounded > 0 else Relation.LOWER
        relation = relation if rounded else Relation.EQUAL
    return Comparison(relation, apart, low, high)


def indistinct(one: pd.Series, other: pd.Series) -> str | None:
    """Say why two figures cannot be told apart, or return None when they can or have no intervals.

    Shares with known numbers are compared by the interval of their difference; other figures by
    whether their own intervals overlap, which is a stricter question and is said as such.
    """
    relation = _unclear(one, other)
    if relation is Relation.UNSURE:
        return "inte säkert skilt från riket"
    return "med intervall som överlappar rikets" if relation is Relation.OVERLAPPING else None


def is_survey(indicator: Indicator) -> bool:
    """Tell whether an indicator rests on a sample or a questionnaire."""
    catalogue = load_catalogue()
    return any(catalogue.measure(id).survey for id in indicator.measures)


def sized(row: pd.Series) -> pd.Series:
    """Return a gap's row by the gap's size, which is what two gaps are compared by."""
    ends = sorted((abs(row["low"]), abs(row["high"])))
    if row["low"] <= 0 <= row["high"]:
        ends[0] = 0.0
    size = {"value": abs(row["value"]), "low": ends[0], "high": ends[1]}
    return pd.concat([row.drop(list(size)), pd.Series(size)])


def is_share(row: pd.Series) -> bool:
    """Tell whether a figure is its count in percent of its base."""
    return per(row) == 100 and row["count"] <= row["base"]


def per(row: pd.Series) -> int | None:
    """Return what a figure is its count per: 100 of its base, 1 000 ...; None where it is not that.

    The numbers beside a ratio between groups, or a gap, are those of one group and say nothing of it.
    """
    if not _known(row, "count", "base") or row["count"] < 0 or row["base"] <= 0:
        return None
    rate = row["count"] / row["base"]
    return next((each for each in _PER if abs(row["value"] - each * rate) <= ROUNDING), None)


def _unclear(
    one: pd.Series, other: pd.Series, low: float | None = None, high: float | None = None
) -> Relation | None:
    """Return why two figures cannot be told apart; None when they can, or have no intervals."""
    if low is not None and high is not None:
        return Relation.UNSURE if low <= 0 <= high else None
    each = per(one)
    if each is not None and each == per(other):
        return None if _numbers_differ(one, other) else Relation.UNSURE
    if _known(one, "low", "high") and _known(other, "low", "high"):
        apart = one["high"] < other["low"] or other["high"] < one["low"]
        return None if apart else Relation.OVERLAPPING
    return None


def _bounds(
    one: pd.Series, other: pd.Series, indicator: Indicator
) -> tuple[float, float] | tuple[None, None]:
    """Return the interval of the difference between two shares in percent, where it is known."""
    if is_share(one) and is_share(other):
        low, high = statistics.difference_of_shares_interval(*_numbers(one, other))
        return 100 * low, 100 * high
    if not (is_survey(indicator) and indicator.unit == "procent"):
        return None, None
    if not (_known(one, "low", "high") and _known(other, "low", "high")):
        return None, None
    # The wider half of an interval that is not symmetric, so that nothing is called certain too soon.
    margins = [max(row["high"] - row["value"], row["value"] - row["low"]) for row in (one, other)]
    low, high = statistics.survey_difference_interval(
        float(one["value"]), margins[0], float(other["value"]), margins[1]
    )
    return float(low), float(high)


def _numbers_differ(one: pd.Series, other: pd.Series) -> bool:
    numbers = _numbers(one, other)
    if one["count"] > one["base"] or other["count"] > other["base"]:
        low, high = statistics.rate_ratio_interval(*numbers)
        return bool(low > 1 or high < 1)
    low, high = statistics.difference_of_shares_interval(*numbers)
    return bool(statistics.excludes_zero(low, high))


def _numbers(one: pd.Series, other: pd.Series) -> list[float]:
    return [one["count"], one["base"], other["count"], other["base"]]


def _known(row: pd.Series, *columns: str) -> bool:
    return all(math.isfinite(row[column]) for column in columns)

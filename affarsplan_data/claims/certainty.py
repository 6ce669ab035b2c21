"""Outcomes that respect intervals: something holds, or fails, only when the whole interval does."""

import math
from dataclasses import dataclass

import pandas as pd

from affarsplan_data import statistics
from affarsplan_data.claims.findings import Outcome

_ROUNDING_PP = 0.1


@dataclass(frozen=True)
class Estimate:
    """A number and its 95 % interval; ``low`` and ``high`` are None where nothing is known of it."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def certain(self) -> bool:
        """Whether the number has an interval."""
        return self.low is not None and self.high is not None

    @property
    def margin(self) -> float:
        """Half the interval's width; missing without one."""
        return math.nan if self.low is None or self.high is None else (self.high - self.low) / 2

    def minus(self, limit: float) -> "Estimate":
        """Return how far the number, and its interval, lie above ``limit``."""
        low, high = (None if end is None else end - limit for end in (self.low, self.high))
        return Estimate(self.value - limit, low, high)

    def within(self, low: float, high: float) -> Outcome:
        """Return whether the number lies from ``low`` to ``high``, the ends included."""
        bottom, top = self._bounds
        if low <= bottom and top <= high:
            return Outcome.HOLDS
        return Outcome.FAILS if top < low or bottom > high else Outcome.UNKNOWN

    def at_least(self, limit: float) -> Outcome:
        """Return whether the number reaches ``limit``."""
        return self.within(limit, math.inf)

    def above(self, limit: float) -> Outcome:
        """Return whether the number lies above ``limit``."""
        return turned(self.within(-math.inf, limit))

    def below(self, limit: float) -> Outcome:
        """Return whether the number lies below ``limit``."""
        return turned(self.at_least(limit))

    @property
    def _bounds(self) -> tuple[float, float]:
        return (
            self.value if self.low is None else self.low,
            self.value if self.high is None else self.high,
        )


def turned(outcome: Outcome) -> Outcome:
    """Return the outcome of the opposite."""
    opposite = {Outcome.HOLDS: Outcome.FAILS, Outcome.FAILS: Outcome.HOLDS}
    return opposite.get(outcome, outcome)


def estimate(row: pd.Series) -> Estimate:
    """Return a figure of an indicator with its interval."""
    low, high = float(row["low"]), float(row["high"])
    known = math.isfinite(low) and math.isfinite(high)
    return Estimate(float(row["value"]), low, high) if known else Estimate(float(row["value"]))


def difference(
    one: pd.Series, other: pd.Series, *, survey: bool = False, decimals: int | None = None
) -> Estimate:
    """Return ``one`` − ``other``, in the values' unit.

    Shares with known numbers get the interval of their difference, surveys that of their margins, and
    other figures that of Zou and Donner (2008) from their own intervals; figures without get none, and
    their difference is rounded to ``decimals``: figures that read the same are no difference.
    """
    value = float(one["value"] - other["value"])
    if _is_share(one) and _is_share(other):
        low, high = statistics.difference_of_shares_interval(
            one["count"], one["base"], other["count"], other["base"]
        )
        return Estimate(value, 100 * low, 100 * high)
    first, second = estimate(one), estimate(other)
    if not (first.certain and second.certain):
        return Estimate(value if decimals is None else round(value, decimals))
    if survey and 0 <= min(first.value, second.value) <= max(first.value, second.value) <= 100:
        low, high = statistics.survey_difference_interval(
            first.value, first.margin, second.value, second.margin
        )
        return Estimate(value, low, high)
    return subtracted(first, second)


def subtracted(first: Estimate, second: Estimate) -> Estimate:
    """Return ``first`` − ``second``, taken as independent; without interval when either lacks one."""
    value = first.value - second.value
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return Estimate(value)
    low = value - math.hypot(first.value - first.low, second.high - second.value)
    high = value + math.hypot(first.high - first.value, second.value - second.low)
    return Estimate(value, low, high)


def _is_share(row: pd.Series) -> bool:
    count, base = float(row["count"]), float(row["base"])
    if not (math.isfinite(count) and math.isfinite(base) and 0 <= count <= base and base > 0):
        return False
    return abs(100 * count / base - float(row["value"])) <= _ROUNDING_PP


def rate_quotient(one: pd.Series, other: pd.Series) -> Estimate:
    """Return ``one`` / ``other``, with the interval of two Poisson rates when their numbers are known.

    Raises:
        ZeroDivisionError: ``other`` is zero.
    """
    value = float(one["value"]) / float(other["value"])
    counts = [float(row["count"]) for row in (one, other)]
    if not all(math.isfinite(count) and count > 0 for count in counts) or value <= 0:
        return Estimate(value)
    # Persons per event of the published rate: only the quotient of the two matters.
    bases = [count / float(row["value"]) for count, row in zip(counts, (one, other), strict=True)]
    low, high = statistics.rate_ratio_interval(counts[0], bases[0], counts[1], bases[1])
    return Estimate(value, float(low), float(high))

"""Is there a trend? Theil–Sen's slope and Mann–Kendall's test, on one side of every break.

With fewer than eight points no trend is claimed: four points cannot reach p < 0.05 at all, and five
only when every step goes the same way. Never test rolling means, whose points repeat each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pandas as pd
import scipy

from affarsplan_data.statistics import _values
from affarsplan_data.statistics._values import floats
from affarsplan_data.statistics.errors import InvalidValuesError
from affarsplan_data.statistics.mann_kendall import mann_kendall

MIN_POINTS = 8


class TrendVerdict(StrEnum):
    """What may be said about a series, in the words of the report."""

    RISING = "säker ökning"
    FALLING = "säker minskning"
    UNCERTAIN = "ingen säker trend"


@dataclass(frozen=True)
class Trend:
    """The trend of the newest segment of a series.

    ``points`` values from ``first`` to ``last``. ``slope`` with ``low`` and ``high`` is the change
    in the values' unit per year with its interval, ``tau`` is Kendall's rank correlation with time,
    and ``p_value`` its two-sided test. All five are None with fewer than :data:`MIN_POINTS` points;
    ``tau`` and ``p_value`` also when all values are equal. ``alpha`` is the limit for a trend.
    """

    first: str | None
    last: str | None
    points: int
    slope: float | None
    low: float | None
    high: float | None
    tau: float | None
    p_value: float | None
    alpha: float

    @property
    def verdict(self) -> TrendVerdict:
        """Return what may be said: a direction only when the test is below ``alpha``."""
        if self.p_value is None or self.tau is None or self.p_value >= self.alpha:
            return TrendVerdict.UNCERTAIN
        return TrendVerdict.RISING if self.tau > 0 else TrendVerdict.FALLING


def trend(values: pd.Series, segments: pd.Series | None = None, alpha: float = 0.05) -> Trend:
    """Return the trend of the newest segment that has a value.

    Time enters as years, so a missing year is a longer step and not a value. The test is exact, with
    tied values too (:mod:`~affarsplan_data.statistics.mann_kendall`); the slope is by Theil (1950)
    and Sen (1968).

    Args:
        values: one series of yearly values, any unit, indexed by year.
        segments: a mark for each year that changes at a series break.
        alpha: limit for the two-sided test, and 1 − ``alpha`` the level of the slope's interval.

    Raises:
        InvalidValuesError: the index is not yearly, ``alpha`` is not between 0 and 1, or
            ``segments`` has another index or a missing mark.
    """
    if not 0 < alpha < 1:
        raise InvalidValuesError(f"Trend: gränsen ska ligga mellan 0 och 1, inte {alpha}.")
    years = _values.year_numbers(values.index)
    marks = _values.labels(segments, values, "Seriens delar").to_numpy()
    numbers = floats(values, "Trend")
    known = ~np.isnan(numbers)
    if not known.any():
        return Trend(None, None, 0, None, None, None, None, None, alpha)
    newest = marks[known][np.argmax(years[known])]
    kept = known & (marks == newest)
    order = np.argsort(years[kept])
    x, y = years[kept][order], numbers[kept][order]
    first, last = str(x[0]), str(x[-1])
    if len(x) < MIN_POINTS:
        return Trend(first, last, len(x), None, None, None, None, None, alpha)
    slope, _, low, high = scipy.stats.theilslopes(y, x, alpha=1 - alpha)
    tau, p_value = mann_kendall(y)
    return Trend(
        first=first,
        last=last,
        points=len(x),
        slope=float(slope),
        low=float(low),
        high=float(high),
        tau=None if np.isnan(tau) else float(tau),
        p_value=None if np.isnan(p_value) else float(p_value),
        alpha=alpha,
    )


def adjusted(trends: Sequence[Trend]) -> tuple[Trend, ...]:
    """Return the trends with p-values adjusted for being tested together, in the same order.

    Controls the share of false findings. Trends without a p-value are left as they are and do not
    count. Source: Benjamini and Hochberg (1995).
    """
    tested = [trend.p_value for trend in trends if trend.p_value is not None]
    if not tested:
        return tuple(trends)
    new = iter(scipy.stats.false_discovery_control(tested))
    return tuple(t if t.p_value is None else replace(t, p_value=float(next(new))) for t in trends)

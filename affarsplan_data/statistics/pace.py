"""Has the pace changed? The slope of the newest years against that of the years before.

Five points test nothing: the comparison describes what the values show, and says beside it whether
the two slopes' intervals lie apart.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from affarsplan_data.statistics._values import Array, floats, labels, year_numbers
from affarsplan_data.statistics.errors import InvalidValuesError

RECENT = 5
BEFORE = 10
_LEVEL = 0.95


class PaceVerdict(StrEnum):
    """What the newest years show beside those before, in the words of the report."""

    SLOWED = "takten har avtagit"
    REVERSED = "riktningen har vänt"
    QUICKENED = "takten har ökat"
    UNCHANGED = "takten är oförändrad"


@dataclass(frozen=True)
class Slope:
    """Theil–Sen's slope of log values as percent per year, with its 95 % interval."""

    first: str
    last: str
    points: int
    percent: float
    low: float
    high: float


@dataclass(frozen=True)
class Pace:
    """The slopes of two adjoining periods, and ``change``: percent from the first to the last value."""

    before: Slope
    recent: Slope
    change: float

    @property
    def verdict(self) -> PaceVerdict:
        """Return what the two slopes show."""
        before, recent = self.before.percent, self.recent.percent
        if before * recent < 0:
            return PaceVerdict.REVERSED
        if np.isclose(abs(recent), abs(before), rtol=0, atol=1e-9):
            return PaceVerdict.UNCHANGED
        return PaceVerdict.SLOWED if abs(recent) < abs(before) else PaceVerdict.QUICKENED

    @property
    def certain(self) -> bool:
        """Return whether the intervals of the two slopes lie apart."""
        return self.recent.low > self.before.high or self.recent.high < self.before.low


def pace(
    values: pd.Series,
    segments: pd.Series | None = None,
    recent: int = RECENT,
    before: int = BEFORE,
) -> Pace | None:
    """Return the pace of the newest ``recent`` available years and of the ``before`` years before.

    Missing years are no points and count as longer steps. Sources: Theil (1950), Sen (1968).

    Args:
        values: one series of yearly values above zero, any unit, indexed by year.
        segments: a mark for each year that changes at a series break; only the newest segment that
            has a value is used.
        recent: number of points in the newest period, at least three.
        before: number of points before it, at least three.

    Returns:
        None when the newest segment has fewer points than the two periods need.

    Raises:
        InvalidValuesError: a value that is not above zero has no logarithm; a period shorter than
            three points; an index that is not yearly.
    """
    if min(recent, before) < 3:
        raise InvalidValuesError("Takt: varje period behöver minst tre värden.")
    years = year_numbers(values.index)
    marks = labels(segments, values, "Seriens delar").to_numpy()
    numbers = floats(values, "Takt")
    if (numbers <= 0).any():
        raise InvalidValuesError("Takt: ett värde är noll eller negativt och saknar logaritm.")
    order = np.argsort(years)
    order = order[~np.isnan(numbers[order])]
    if order.size:
        order = order[marks[order] == marks[order[-1]]]
    if order.size < recent + before:
        return None
    chosen = order[-(recent + before) :]
    x, y = years[chosen], numbers[chosen]
    return Pace(
        before=_slope(x[:before], y[:before]),
        recent=_slope(x[before:], y[before:]),
        change=float(100 * (y[-1] / y[0] - 1)),
    )


def _slope(years: npt.NDArray[np.int64], values: Array) -> Slope:
    slope, _, low, high = scipy.stats.theilslopes(np.log(values), years, alpha=_LEVEL)
    percent, bottom, top = (100 * float(np.expm1(end)) for end in (slope, low, high))
    return Slope(str(years[0]), str(years[-1]), len(years), percent, bottom, top)

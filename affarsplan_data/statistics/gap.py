"""Differences between women and men, and between any two groups, with one sign convention.

Women minus men, foreign-born minus native-born: a negative gap means that the first group is
behind. Report both levels beside the gap, and judge narrowing on its absolute size.
"""

from typing import Any

import numpy as np

from affarsplan_data.statistics._values import Numbers, floats, like, same_index
from affarsplan_data.statistics.intervals import difference_of_shares_interval


def gap_pp(women: Numbers, men: Numbers) -> Any:
    """Return women − men in percentage points, from two shares in percent.

    Scalars give a float, a Series gives a Series. Missing when either side is missing.

    Raises:
        InvalidValuesError: two Series with different index, or values that are not numbers.
    """
    same_index(women, men)
    return like(floats(women, "Kvinnor") - floats(men, "Män"), women, men)


def ratio_percent(women: Numbers, men: Numbers) -> Any:
    """Return 100 · women / men in percent; 100 means equal.

    Missing when either side is missing and where men's value is zero or negative, since a ratio to
    such a value has no meaning. For incomes and small rates; hide it when a numerator is below 10.

    Raises:
        InvalidValuesError: two Series with different index, or values that are not numbers.
    """
    same_index(women, men)
    over, under = np.broadcast_arrays(floats(women, "Kvinnor"), floats(men, "Män"))
    return like(100 * over / np.where(under > 0, under, np.nan), women, men)


def gap_interval_pp(
    women_count: Numbers,
    women_total: Numbers,
    men_count: Numbers,
    men_total: Numbers,
    level: float = 0.95,
) -> tuple[Any, Any]:
    """Return Newcombe's interval for the gap between two shares, women − men, percentage points.

    Takes counts, not shares, so that group sizes decide the width. Errors and source as in
    :func:`~affarsplan_data.statistics.intervals.difference_of_shares_interval`.
    """
    low, high = difference_of_shares_interval(
        women_count, women_total, men_count, men_total, level=level
    )
    return 100 * low, 100 * high

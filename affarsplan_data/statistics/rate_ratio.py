"""Two rates compared as a ratio: has the number per inhabitant risen more than chance explains?"""

from typing import Any

import numpy as np
import scipy

from affarsplan_data.statistics._values import Numbers, floats, like, not_negative, same_index, tail


def rate_ratio(count: Numbers, base: Numbers, other_count: Numbers, other_base: Numbers) -> Any:
    """Return (count / base) / (other_count / other_base); missing when the other rate is zero.

    Raises:
        InvalidValuesError: a negative number, or two Series with different index.
    """
    given = (count, base, other_count, other_base)
    events, those, other, others = _numbers(*given)
    return like((events / those) / (np.where(other > 0, other, np.nan) / others), *given)


def rate_ratio_interval(
    count: Numbers,
    base: Numbers,
    other_count: Numbers,
    other_base: Numbers,
    level: float = 0.95,
) -> tuple[Any, Any]:
    """Return the exact interval for the ratio of two Poisson rates from different events.

    Given the sum of the events, one count is binomial: Clopper and Pearson's limits for its share
    are turned into a ratio. One inside the interval means no certain difference. The upper end is
    missing (without bound) when the other count is zero. Source: Przyborowski and Wilenski (1940).

    Raises:
        InvalidValuesError: a negative number, different index, or a level outside 0–1.
    """
    given = (count, base, other_count, other_base)
    events, those, other, others = _numbers(*given)
    alpha = tail(level)
    none, none_other = events == 0, other == 0
    low = scipy.stats.beta.ppf(alpha / 2, np.where(none, 1, events), other + 1)
    high = scipy.stats.beta.isf(alpha / 2, events + 1, np.where(none_other, 1, other))
    low = np.where(none, 0.0, low / (1 - low))
    high = np.where(none_other, np.nan, high / (1 - high))
    low = np.where(none & none_other, np.nan, low)
    return like(low * others / those, *given), like(high * others / those, *given)


def _numbers(count: Numbers, base: Numbers, other_count: Numbers, other_base: Numbers) -> Any:
    """Return the four numbers, broadcast; an empty base becomes missing."""
    same_index(count, base, other_count, other_base)
    numbers = [floats(value, "Kvot") for value in (count, base, other_count, other_base)]
    for value in numbers:
        not_negative(value, "Kvot")
    events, those, other, others = np.broadcast_arrays(*numbers)
    return (
        events,
        np.where(those > 0, those, np.nan),
        other,
        np.where(others > 0, others, np.nan),
    )

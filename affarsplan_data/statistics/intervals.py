"""Intervals for counts, shares and differences between shares.

Register figures have no sampling error; their intervals describe random variation, and labels say
so. Every function takes scalars, arrays or Series and returns ``(low, high)`` in the same form.
Missing input, or an empty whole, gives a missing interval.
"""

from typing import Any

import numpy as np
import pandas as pd
import scipy

from affarsplan_data.statistics._values import (
    Numbers,
    floats,
    like,
    not_negative,
    part_and_whole,
    same_index,
    tail,
)


def wilson_interval(count: Numbers, total: Numbers, level: float = 0.95) -> tuple[Any, Any]:
    """Return Wilson's score interval for the share ``count / total``, as fractions of one.

    Source: Wilson (1927), as in ``statsmodels.stats.proportion.proportion_confint``.

    Raises:
        InvalidValuesError: a negative number, a part above its whole, or different index.
    """
    from statsmodels.stats.proportion import proportion_confint

    same_index(count, total)
    part, whole = part_and_whole(count, total)
    low, high = proportion_confint(part, whole, alpha=tail(level), method="wilson")
    return like(low, count, total), like(high, count, total)


def poisson_interval(count: Numbers, level: float = 0.95) -> tuple[Any, Any]:
    """Return the exact (Garwood) interval for the expected number behind an observed ``count``.

    ``low = χ²(α/2; 2n)/2`` with 0 for n = 0, ``high = χ²(1−α/2; 2n+2)/2``. For a rate, scale both
    ends as the count was scaled. Source: Garwood (1936).

    Raises:
        InvalidValuesError: a negative count.
    """
    events = floats(count, "Antal")
    not_negative(events, "Antal")
    alpha = tail(level)
    low = np.where(events == 0, 0.0, scipy.stats.chi2.ppf(alpha / 2, 2 * events) / 2)
    high = scipy.stats.chi2.ppf(1 - alpha / 2, 2 * events + 2) / 2
    return like(low, count), like(high, count)


def net_interval(inflow: Numbers, outflow: Numbers, level: float = 0.95) -> tuple[Any, Any]:
    """Return the interval inflow − outflow ∓ z · √(inflow + outflow) for a net of two counts.

    The counts are taken as independent Poisson variables, whose difference has the sum as its variance;
    the normal approximation is good from some ten events. For a rate, scale both ends as the net was.

    Returns:
        Missing where a count is missing, and where nothing has gone in or out, since the formula would
        then say that nothing is uncertain.

    Raises:
        InvalidValuesError: a negative count, or two Series with different index.
    """
    same_index(inflow, outflow)
    into, out = np.broadcast_arrays(floats(inflow, "Tillkomna"), floats(outflow, "Avgångna"))
    not_negative(into, "Tillkomna")
    not_negative(out, "Avgångna")
    events = into + out
    half = scipy.stats.norm.isf(tail(level) / 2) * np.sqrt(np.where(events > 0, events, np.nan))
    return like(into - out - half, inflow, outflow), like(into - out + half, inflow, outflow)


def difference_of_shares_interval(
    count_1: Numbers,
    total_1: Numbers,
    count_2: Numbers,
    total_2: Numbers,
    level: float = 0.95,
) -> tuple[Any, Any]:
    """Return Newcombe's hybrid score interval for ``count_1/total_1 − count_2/total_2``, fractions.

    An interval that holds zero means that the difference may be random variation. Source: Newcombe
    (1998), method 10, as in ``statsmodels.stats.proportion.confint_proportions_2indep``.

    Raises:
        InvalidValuesError: a negative number, a part above its whole, or different index.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    given = (count_1, total_1, count_2, total_2)
    same_index(*given)
    shares = np.broadcast_arrays(
        *part_and_whole(count_1, total_1), *part_and_whole(count_2, total_2)
    )
    parts = [np.array(part) for part in shares]
    low, high = confint_proportions_2indep(
        *parts, method="newcomb", compare="diff", alpha=tail(level)
    )
    return like(low, *given), like(high, *given)


def excludes_zero(low: Numbers, high: Numbers) -> Any:
    """Return whether a difference is certain: its interval is known and holds no zero.

    Returns:
        True or False in the form of the input; a missing interval is never certain.

    Raises:
        InvalidValuesError: two Series with different index.
    """
    same_index(low, high)
    certain = (floats(low, "Intervall") > 0) | (floats(high, "Intervall") < 0)
    for value in (low, high):
        if isinstance(value, pd.Series):
            return pd.Series(certain, index=value.index)
    return certain if np.ndim(certain) else bool(certain)

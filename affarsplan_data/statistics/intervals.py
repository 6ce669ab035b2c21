"""Intervals for counts, shares and differences between shares.

Register figures have no sampling error; their intervals describe random variation, and labels say
so. Every function takes scalars, arrays or Series and returns ``(low, high)`` in the same form.
Missing input, or an empty whole, gives a missing interval.
"""

from typing import Any

import numpy as np
from scipy.stats import chi2
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from affarsplan_data.statistics._values import (
    Array,
    Numbers,
    floats,
    like,
    not_negative,
    same_index,
)
from affarsplan_data.statistics.errors import InvalidValuesError


def wilson_interval(count: Numbers, total: Numbers, level: float = 0.95) -> tuple[Any, Any]:
    """Return Wilson's score interval for the share ``count / total``, as fractions of one.

    Source: Wilson (1927), as in ``statsmodels.stats.proportion.proportion_confint``.

    Raises:
        InvalidValuesError: a negative number, a part above its whole, or different index.
    """
    same_index(count, total)
    part, whole = _share(count, total)
    low, high = proportion_confint(part, whole, alpha=_alpha(level), method="wilson")
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
    alpha = _alpha(level)
    low = np.where(events == 0, 0.0, chi2.ppf(alpha / 2, 2 * events) / 2)
    high = chi2.ppf(1 - alpha / 2, 2 * events + 2) / 2
    return like(low, count), like(high, count)


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
    given = (count_1, total_1, count_2, total_2)
    same_index(*given)
    shares = np.broadcast_arrays(*_share(count_1, total_1), *_share(count_2, total_2))
    parts = [np.array(part) for part in shares]
    low, high = confint_proportions_2indep(
        *parts, method="newcomb", compare="diff", alpha=_alpha(level)
    )
    return like(low, *given), like(high, *given)


def _share(count: Numbers, total: Numbers) -> tuple[Array, Array]:
    """Return part and whole, broadcast; an empty whole becomes missing."""
    part, whole = np.broadcast_arrays(floats(count, "Antal"), floats(total, "Totalt"))
    not_negative(part, "Antal")
    not_negative(whole, "Totalt")
    if (part > whole).any():
        raise InvalidValuesError("Andel: delen är större än helheten.")
    return np.array(part), np.where(whole > 0, whole, np.nan)


def _alpha(level: float) -> float:
    if not 0 < level < 1:
        raise InvalidValuesError(f"Konfidensnivån ska ligga mellan 0 och 1, inte {level}.")
    return 1 - level

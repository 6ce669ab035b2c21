"""Mann–Kendall's test with its exact distribution, also when values are tied.

Published figures are rounded, so ties are common in short series, and the normal approximation then
finds trends that the exact distribution does not: with eight points its p-value can be 0.040 where
the true one is 0.051.
"""

from functools import lru_cache

import numpy as np
import scipy

from affarsplan_data.statistics._values import Numbers, floats
from affarsplan_data.statistics.errors import InvalidValuesError


def mann_kendall(values: Numbers) -> tuple[float, float]:
    """Return Kendall's tau-b with time and the exact two-sided p-value of S = Σ sign(x_j − x_i).

    The p-value is the share of all orders of the same values whose \\|S\\| is at least as large.
    Sources: Mann (1945), Kendall (1975).

    Args:
        values: one value per point in time, in time order, any unit.

    Returns:
        Both missing with fewer than two points, and when all values are equal.

    Raises:
        InvalidValuesError: a value is missing (leave it out), or not a list.
    """
    numbers = floats(values, "Trend")
    if numbers.ndim != 1 or np.isnan(numbers).any():
        raise InvalidValuesError("Trend: ange en lista utan saknade värden.")
    sizes = np.unique(numbers, return_counts=True)[1]
    if len(sizes) < 2:
        return float("nan"), float("nan")
    later, earlier = np.tril_indices(len(numbers), -1)
    score = abs(int(np.sign(numbers[later] - numbers[earlier]).sum()))
    orders = _orders_by_inversions(tuple(sorted(sizes.tolist())))
    most = len(orders) - 1
    extreme = sum(n for inversions, n in enumerate(orders) if abs(most - 2 * inversions) >= score)
    tau = scipy.stats.kendalltau(np.arange(len(numbers)), numbers).statistic
    return float(tau), extreme / sum(orders)


@lru_cache(maxsize=256)
def _orders_by_inversions(sizes: tuple[int, ...]) -> tuple[int, ...]:
    """Return how many orders of tied groups have 0, 1, 2 … inversions.

    The generating function is the q-multinomial coefficient [n]! / Π [t]! with
    [m] = 1 + q + … + q^(m−1). Source: MacMahon (1916).
    """
    orders = [1]
    for m in range(2, sum(sizes) + 1):
        orders = _times(orders, m)
    for size in sizes:
        for m in range(2, size + 1):
            orders = _divided(orders, m)
    return tuple(orders)


def _times(orders: list[int], m: int) -> list[int]:
    padded = [*orders, *[0] * (m - 1)]
    result: list[int] = []
    for i, n in enumerate(padded):
        before = result[i - 1] if i else 0
        result.append(before + n - (padded[i - m] if i >= m else 0))
    return result


def _divided(orders: list[int], m: int) -> list[int]:
    result: list[int] = []
    for i in range(len(orders) - m + 1):
        before = orders[i - 1] if i else 0
        result.append(orders[i] - before + (result[i - m] if i >= m else 0))
    return result

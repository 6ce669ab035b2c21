"""How a whole is spread over groups: diversity, concentration, specialisation, segregation.

A distribution is a list of non-negative numbers, one per group (persons, not shares), with the
group "uppgift saknas" left out by the caller and its share printed. One missing group, or a sum of
zero, makes the measure missing: a part of a whole says nothing about how the whole is spread.
Compare only distributions over the same groups.

The measures of one distribution also take a DataFrame with one distribution per row: a float
becomes a Series. Measures that compare two distributions match two Series by their group labels.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import entr

from affarsplan_data.statistics._values import Array, distribution
from affarsplan_data.statistics.errors import InvalidValuesError

Distribution: TypeAlias = Sequence[float] | npt.NDArray[Any] | pd.Series


def shannon(values: Distribution | pd.DataFrame) -> Any:
    """Return Shannon's diversity H = −Σ p ln p, from 0 (one group) to ln k (k equal groups).

    Empty groups add nothing. Source: Shannon (1948).

    Raises:
        InvalidValuesError: a negative value or not a list of groups.
    """
    return _each(values, _entropy)


def effective_number(values: Distribution | pd.DataFrame) -> Any:
    """Return exp(H): how many equally large groups would be as diverse. From 1 to k.

    Errors as in :func:`shannon`. Source: Hill (1973), order 1.
    """
    return _each(values, lambda shares: float(np.exp(_entropy(shares))))


def hhi(values: Distribution | pd.DataFrame) -> Any:
    """Return the Herfindahl–Hirschman index 10 000 · Σ p².

    From 10 000/k (k equal groups) to 10 000 (one group). Errors as in :func:`shannon`.
    """
    return _each(values, lambda shares: float(10_000 * np.square(shares).sum()))


def krugman(own: Distribution, reference: Distribution) -> float:
    """Return Krugman's specialisation index ½ Σ |p − q| · 100, percent.

    The share of ``own`` that would have to change group to be spread as ``reference``: 0 equal, 100
    nothing in common. Source: Krugman (1991), halved to lie between 0 and 100.

    Raises:
        InvalidValuesError: a negative value, or not the same groups.
    """
    return _half_distance(*_matched(own, reference))


def dissimilarity(women: Distribution, men: Distribution) -> float:
    """Return the dissimilarity index ½ Σ |w/W − m/M| · 100, percent.

    The share of women (or of men) that would have to change group for both to be spread alike. Its
    level depends on how many groups there are. Source: Duncan and Duncan (1955).

    Raises:
        InvalidValuesError: a negative value, or not the same groups.
    """
    return _half_distance(*_matched(women, men))


def location_quotient(
    own: Distribution,
    reference: Distribution,
    *,
    own_total: float | None = None,
    reference_total: float | None = None,
) -> Any:
    """Return (E_ir / E_r) / (E_in / E_n) for each group: above 1 means over-represented.

    Args:
        own: the region's number in each group.
        reference: riket's number in each group.
        own_total: the region's published total. Give it where there is one, since figures with
            random noise do not add up; the sum of the groups is used otherwise.
        reference_total: riket's published total, likewise.

    Returns:
        One quotient per group, in the form of ``own``. Missing where a number is missing or riket
        has nobody in the group. Show it with the number employed, and flag fewer than 100.

    Raises:
        InvalidValuesError: a negative value, or not the same groups.
    """
    region, country = _matched(own, reference)
    share = region / _whole(region, own_total)
    share_of_country = country / _whole(country, reference_total)
    quotient = share / np.where(share_of_country > 0, share_of_country, np.nan)
    return pd.Series(quotient, index=own.index) if isinstance(own, pd.Series) else quotient


def _entropy(shares: Array) -> float:
    return float(entr(shares).sum())


def _each(values: Distribution | pd.DataFrame, measure: Callable[[Array], float]) -> Any:
    if isinstance(values, pd.DataFrame):
        rows = [_measured(row, measure) for _, row in values.iterrows()]
        return pd.Series(rows, index=values.index, dtype=float)
    return _measured(values, measure)


def _measured(values: Distribution, measure: Callable[[Array], float]) -> float:
    shares = _shares(distribution(values, "Fördelning"))
    return float("nan") if np.isnan(shares).any() else measure(shares)


def _matched(first: Distribution, second: Distribution) -> tuple[Array, Array]:
    if isinstance(first, pd.Series) and isinstance(second, pd.Series):
        unique = first.index.is_unique and second.index.is_unique
        if not unique or set(first.index) != set(second.index):
            raise InvalidValuesError("Fördelningarna har inte samma grupper.")
        second = second.reindex(first.index)
    one, other = distribution(first, "Fördelning"), distribution(second, "Fördelning")
    if one.shape != other.shape:
        raise InvalidValuesError("Fördelningarna har inte lika många grupper.")
    return one, other


def _half_distance(first: Array, second: Array) -> float:
    return float(50 * np.abs(_shares(first) - _shares(second)).sum())


def _shares(groups: Array) -> Array:
    return groups / _whole(groups, None)


def _whole(groups: Array, published: float | None) -> float:
    """Return the total to divide by; missing when it is unknown or zero."""
    total = float(groups.sum()) if published is None else float(published)
    return total if total > 0 else float("nan")

"""Kitagawa's decomposition: does a rate differ by who is there, or by how each group fares?"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import Array, part_and_whole
from affarsplan_data.statistics.errors import InvalidValuesError


@dataclass(frozen=True)
class Kitagawa:
    """A difference between two rates, in percentage points: own − reference.

    ``groups`` has ``composition`` and ``rate`` per group; their sums are the fields with the same
    names, and together they are ``difference``. Describes, does not explain causes.
    """

    groups: pd.DataFrame
    composition: float
    rate: float
    difference: float


def kitagawa(own: pd.DataFrame, reference: pd.DataFrame) -> Kitagawa:
    """Split own − reference into Σ (w − W)·(r + R)/2 and Σ (r − R)·(w + W)/2, percentage points.

    ``w`` is a group's share of all and ``r`` its rate. A group that is empty on one side has no rate
    there and takes the other side's, so its whole part is composition. Source: Kitagawa (1955).

    Args:
        own: per group ``count`` (for example employed) and ``base`` (population).
        reference: the same groups.

    Returns:
        Everything is missing when one number is, since every share needs them all.

    Raises:
        InvalidValuesError: not the same groups, a column lacks, a negative number or a count above
            its base.
    """
    groups = own.index
    same = groups.is_unique and reference.index.is_unique and set(groups) == set(reference.index)
    if not same:
        raise InvalidValuesError("Kitagawa: ange samma grupper på båda sidor, en gång var.")
    numbers = [*_count_and_base(own), *_count_and_base(reference.loc[groups])]
    composition, rate, whole = _parts(*numbers)
    table = pd.DataFrame({"composition": composition, "rate": rate}, index=groups)
    sums = table.sum(skipna=False)
    return Kitagawa(table, float(sums["composition"]), float(sums["rate"]), float(whole))


def kitagawa_sums(
    count: pd.DataFrame, base: pd.DataFrame, other_count: pd.DataFrame, other_base: pd.DataFrame
) -> tuple[Array, Array, Array]:
    """Return composition, rate and difference of many pairs at once, percentage points.

    Args:
        count: one pair a row and one group a column.
        base, other_count, other_base: the same pairs and groups in the same order.

    Raises:
        InvalidValuesError: not the same groups, a negative number or a count above its base.
    """
    if any(not frame.columns.equals(count.columns) for frame in (base, other_count, other_base)):
        raise InvalidValuesError("Kitagawa: ange samma grupper på båda sidor, en gång var.")
    own, other = _numbers(count, base), _numbers(other_count, other_base)
    composition, rate, whole = _parts(*own, *other)
    return composition.sum(axis=-1), rate.sum(axis=-1), whole


def _parts(
    count: Array, base: Array, other_count: Array, other_base: Array
) -> tuple[Array, Array, Array]:
    """Return the two parts of each group (last axis) and the whole difference, percentage points."""
    share, rate = _share_and_rate(count, base)
    other_share, other_rate = _share_and_rate(other_count, other_base)
    empty, other_empty = share == 0, other_share == 0
    rate, other_rate = np.where(empty, other_rate, rate), np.where(other_empty, rate, other_rate)
    composition = (share - other_share) * (rate + other_rate) / 2
    within = (rate - other_rate) * (share + other_share) / 2
    whole = _rate_of_all(count, base) - _rate_of_all(other_count, other_base)
    nobody = empty & other_empty
    parts = [np.where(nobody, 0.0, part) for part in (composition, within)]
    missing = np.isnan(whole)[..., np.newaxis]
    composition, within = (100 * np.where(missing, np.nan, part) for part in parts)
    return composition, within, 100 * whole


def _share_and_rate(count: Array, base: Array) -> tuple[Array, Array]:
    """Return each group's share of all and its rate, as fractions; the rate of nobody is missing."""
    total = base.sum(axis=-1, keepdims=True)
    return base / np.where(total > 0, total, np.nan), count / np.where(base > 0, base, np.nan)


def _rate_of_all(count: Array, base: Array) -> Array:
    total = base.sum(axis=-1)
    return np.asarray(count.sum(axis=-1) / np.where(total > 0, total, np.nan))


def _count_and_base(rows: pd.DataFrame) -> tuple[Array, Array]:
    if not {"count", "base"} <= set(rows):
        raise InvalidValuesError("Kitagawa: kolumnerna count och base behövs.")
    return _numbers(rows["count"], rows["base"])


def _numbers(counts: pd.Series | pd.DataFrame, bases: pd.Series | pd.DataFrame) -> Any:
    count, whole = part_and_whole(counts, bases)
    # An empty group is a true zero here, and only a missing base is missing.
    return count, np.where(bases.to_numpy(dtype=float) == 0, 0.0, whole)

"""Kitagawa's decomposition: does a rate differ by who is there, or by how each group fares?"""

from dataclasses import dataclass

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
    share, rate = _share_and_rate(own)
    other_share, other_rate = _share_and_rate(reference.loc[groups])
    empty, other_empty = share == 0, other_share == 0
    rate, other_rate = np.where(empty, other_rate, rate), np.where(other_empty, rate, other_rate)
    composition = (share - other_share) * (rate + other_rate) / 2
    within = (rate - other_rate) * (share + other_share) / 2
    nobody = empty & other_empty
    table = pd.DataFrame(
        {
            "composition": 100 * np.where(nobody, 0.0, composition),
            "rate": 100 * np.where(nobody, 0.0, within),
        },
        index=groups,
    )
    whole = 100 * (_rate_of_all(own) - _rate_of_all(reference))
    if np.isnan(whole):
        table[:] = np.nan
    sums = table.sum(skipna=False)
    return Kitagawa(table, float(sums["composition"]), float(sums["rate"]), whole)


def _share_and_rate(rows: pd.DataFrame) -> tuple[Array, Array]:
    """Return each group's share of all and its rate, as fractions; the rate of nobody is missing."""
    count, base = _count_and_base(rows)
    total = base.sum()
    shares = base / total if total > 0 else np.full(base.shape, np.nan)
    return shares, count / np.where(base > 0, base, np.nan)


def _rate_of_all(rows: pd.DataFrame) -> float:
    count, base = (values.sum() for values in _count_and_base(rows))
    return float(count / base) if base > 0 else float("nan")


def _count_and_base(rows: pd.DataFrame) -> tuple[Array, Array]:
    if not {"count", "base"} <= set(rows):
        raise InvalidValuesError("Kitagawa: kolumnerna count och base behövs.")
    count, whole = part_and_whole(rows["count"], rows["base"])
    # An empty group is a true zero here, and only a missing base is missing.
    return count, np.where(rows["base"].to_numpy(dtype=float) == 0, 0.0, whole)

"""Is a group as common in a part as in the whole? One means represented as in the whole."""

from typing import Any

import numpy as np
import scipy

from affarsplan_data.statistics._values import Numbers, like, part_and_whole, same_index, tail


def representation_ratio(
    group_in_part: Numbers, part: Numbers, group_in_whole: Numbers, whole: Numbers
) -> Any:
    """Return (group_in_part / part) / (group_in_whole / whole), for example among managers.

    Above 1 the group is over-represented. Takes counts, not shares. Missing when a number is, when
    the part or the whole is empty, and when nobody in the whole belongs to the group.

    Raises:
        InvalidValuesError: a negative number, a group above its whole, or different index.
    """
    given = (group_in_part, part, group_in_whole, whole)
    same_index(*given)
    some, those = part_and_whole(group_in_part, part)
    group, everyone = part_and_whole(group_in_whole, whole)
    return like((some / those) / (np.where(group > 0, group, np.nan) / everyone), *given)


def representation_interval(
    group_in_part: Numbers,
    part: Numbers,
    group_in_whole: Numbers,
    whole: Numbers,
    level: float = 0.95,
) -> tuple[Any, Any]:
    """Return the log-normal interval for the ratio: R · exp(±z · √(1/a − 1/n + 1/b − 1/N)).

    The delta method on ln R, as if part and whole were drawn apart. A part that lies in the whole
    varies less, so the interval is on the wide side. Missing where the group has nobody in the part.
    Source: Katz, Baptista, Azen and Pike (1978).

    Raises:
        InvalidValuesError: as in :func:`representation_ratio`, or a level outside 0–1.
    """
    given = (group_in_part, part, group_in_whole, whole)
    ratio = np.asarray(representation_ratio(*given), dtype=float)
    variance = _log_variance(group_in_part, part) + _log_variance(group_in_whole, whole)
    factor = np.exp(scipy.stats.norm.isf(tail(level) / 2) * np.sqrt(variance))
    return like(ratio / factor, *given), like(ratio * factor, *given)


def _log_variance(count: Numbers, total: Numbers) -> Any:
    some, everyone = part_and_whole(count, total)
    return 1 / np.where(some > 0, some, np.nan) - 1 / everyone

"""Intervals for surveys, from the published margin or from the number of answers.

A difference is only told as one when its interval excludes zero
(:func:`~affarsplan_data.statistics.intervals.excludes_zero`).
"""

from typing import Any

import numpy as np
import scipy

from affarsplan_data.statistics._values import Numbers, floats, like, not_negative, same_index, tail
from affarsplan_data.statistics.errors import InvalidValuesError


def survey_margin(percent: Numbers, answers: Numbers, level: float = 0.95) -> Any:
    """Return the margin of error 100 · z · √(p(1 − p)/n), percentage points; z = 1.96 at 95 %.

    For a simple random sample. Use the published margin instead where there is one: it knows the
    sample's design and weights.

    Args:
        percent: the share in percent.
        answers: number of answers.
        level: level of the interval.

    Returns:
        Missing when a number is, without answers, and at exactly 0 or 100 percent, where the formula
        would say that nothing is uncertain.

    Raises:
        InvalidValuesError: a share outside 0–100, a negative number, or different index.
    """
    same_index(percent, answers)
    share, number = np.broadcast_arrays(_percent(percent) / 100, floats(answers, "Antal svar"))
    not_negative(number, "Antal svar")
    variance = share * (1 - share) / np.where(number > 0, number, np.nan)
    z = scipy.stats.norm.isf(tail(level) / 2)
    margin = 100 * z * np.sqrt(np.where(variance > 0, variance, np.nan))
    return like(margin, percent, answers)


def survey_difference_interval(
    percent: Numbers, margin: Numbers, other_percent: Numbers, other_margin: Numbers
) -> tuple[Any, Any]:
    """Return percent − other_percent ∓ √(margin² + other_margin²), percentage points.

    The two are taken as independent. A county's answers are a part of riket's, which makes the true
    interval for that difference somewhat narrower.

    Args:
        percent: the share in percent.
        margin: its margin of error in percentage points, both at the same level.
        other_percent: the share it is compared with.
        other_margin: that share's margin; 0 when it is no survey.

    Raises:
        InvalidValuesError: a share outside 0–100, a negative margin, or different index.
    """
    given = (percent, margin, other_percent, other_margin)
    same_index(*given)
    own, other = floats(margin, "Felmarginal"), floats(other_margin, "Felmarginal")
    not_negative(own, "Felmarginal")
    not_negative(other, "Felmarginal")
    difference = _percent(percent) - _percent(other_percent)
    both = np.hypot(own, other)
    return like(difference - both, *given), like(difference + both, *given)


def _percent(values: Numbers) -> Any:
    percent = floats(values, "Andel")
    if ((percent < 0) | (percent > 100)).any():
        raise InvalidValuesError("Enkät: en andel ligger utanför 0–100 procent.")
    return percent

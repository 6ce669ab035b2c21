"""The small-number rule: what may be shown, what needs a warning, what is hidden.

Fewer than 5 cases are hidden (zero too: a published zero tells as much), 5–29 are shown with a
warning, and any rate on a denominator below 100 is hidden. A share also gives away its complement:
apply the rule to the smaller of the two where both describe persons.
"""

from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import Numbers, floats, not_negative, same_index

HIDE_BELOW = 5
WARN_BELOW = 30
HIDE_DENOMINATOR_BELOW = 100


class Disclosure(StrEnum):
    """What the small-number rule says of one figure.

    ``UNKNOWN`` means that the number of cases is missing, so that the rule cannot be applied. It is
    no permission: the caller decides, knowing the source.
    """

    SHOWN = "shown"
    FEW = "few"
    HIDDEN = "hidden"
    UNKNOWN = "unknown"


def disclosure(count: Numbers, denominator: Numbers | None = None) -> Any:
    """Return what may be shown of figures that rest on ``count`` cases.

    Args:
        count: number of cases behind each figure (persons, firms).
        denominator: number in the group a rate is computed on. None, or missing for one figure,
            means that the figure is no rate or that its denominator is not known.

    Returns:
        A :class:`Disclosure` for a scalar, an object array or Series of them otherwise.

    Raises:
        InvalidValuesError: a negative number, or two Series with different index.
    """
    given = (count,) if denominator is None else (count, denominator)
    same_index(*given)
    cases = floats(count, "Antal")
    base = floats(np.nan if denominator is None else denominator, "Nämnare")
    not_negative(cases, "Antal")
    not_negative(base, "Nämnare")
    cases, base = np.broadcast_arrays(cases, base)
    # np.full would turn the enum's members into plain text.
    rule = np.empty(cases.shape, dtype=object)
    rule[...] = Disclosure.SHOWN
    rule[cases < WARN_BELOW] = Disclosure.FEW
    rule[np.isnan(cases)] = Disclosure.UNKNOWN
    rule[(cases < HIDE_BELOW) | (base < HIDE_DENOMINATOR_BELOW)] = Disclosure.HIDDEN
    for value in given:
        if isinstance(value, pd.Series):
            return pd.Series(rule, index=value.index, dtype=object)
    return rule if rule.ndim else rule.item()

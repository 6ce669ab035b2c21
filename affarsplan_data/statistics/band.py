"""A band such as 40–60 percent: inside or outside it, and how far from it.

A share inside the band can still be the same imbalance year after year: show the value as well.
"""

from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import Numbers, floats, like
from affarsplan_data.statistics.errors import InvalidValuesError

BALANCED = (40.0, 60.0)


class BandPosition(StrEnum):
    """Where a value lies, in the words of the report."""

    BELOW = "under intervallet"
    INSIDE = "inom intervallet"
    ABOVE = "över intervallet"
    UNKNOWN = "värde saknas"


def band_distance(values: Numbers, band: tuple[float, float] = BALANCED) -> Any:
    """Return the distance to the nearest end, in the values' unit.

    Negative below the band, 0 inside it (ends included), positive above; missing stays missing.

    Args:
        values: shares in percent, or ratios with a band of their own (0.8–1.2).
        band: its lower and upper end.

    Raises:
        InvalidValuesError: a band whose lower end is not below its upper.
    """
    low, high = band
    if not low < high:
        raise InvalidValuesError(f"Intervall: {low}–{high} slutar innan det börjar.")
    numbers = floats(values, "Intervall")
    return like(numbers - np.clip(numbers, low, high), values)


def band_position(values: Numbers, band: tuple[float, float] = BALANCED) -> Any:
    """Return a :class:`BandPosition` for a scalar, an object array or Series of them otherwise.

    Arguments and errors as in :func:`band_distance`.
    """
    distance = np.asarray(band_distance(values, band), dtype=float)
    # np.full would turn the enum's members into plain text.
    position = np.empty(distance.shape, dtype=object)
    position[...] = BandPosition.INSIDE
    position[distance < 0] = BandPosition.BELOW
    position[distance > 0] = BandPosition.ABOVE
    position[np.isnan(distance)] = BandPosition.UNKNOWN
    if isinstance(values, pd.Series):
        return pd.Series(position, index=values.index, dtype=object)
    return position if position.ndim else position.item()

"""How far units of one whole lie from each other: all municipalities of a county, no sample of them."""

import numpy as np

from affarsplan_data.statistics._values import Array, Numbers, floats
from affarsplan_data.statistics.errors import InvalidValuesError


def value_range(values: Numbers) -> float:
    """Return the highest value minus the lowest, in the unit of the values.

    Missing when a value is missing, and with fewer than two units: a spread over those that happen to
    have a value is not the spread over all.

    Raises:
        InvalidValuesError: not a list of values.
    """
    units = _units(values)
    return float(np.ptp(units)) if _complete(units) else float("nan")


def standard_deviation(values: Numbers) -> float:
    """Return the standard deviation over all units (divisor n, not n − 1), in their unit.

    Missing and errors as in :func:`value_range`.
    """
    units = _units(values)
    return float(np.std(units)) if _complete(units) else float("nan")


def _units(values: Numbers) -> Array:
    units = floats(values, "Spridning")
    if units.ndim != 1:
        raise InvalidValuesError("Spridning: ange en lista med ett värde per enhet.")
    return units


def _complete(units: Array) -> bool:
    return units.size > 1 and not np.isnan(units).any()

"""The units that a delivered file may be in, and how they relate to the measure's own."""

from collections.abc import Mapping

_FAMILIES: tuple[Mapping[str, float], ...] = (
    {"kr": 1.0, "tkr": 1e3, "mnkr": 1e6, "mdkr": 1e9},
    {"procent": 1.0, "promille": 0.1},
    {"personer": 1.0, "tusental personer": 1e3},
    {"ton koldioxidekvivalenter": 1.0, "kiloton koldioxidekvivalenter": 1e3},
)


def accepted(measure_unit: str) -> tuple[str, ...]:
    """Return the units that can be made into the measure's, its own first."""
    family = _family(measure_unit)
    return (measure_unit, *(unit for unit in family if unit != measure_unit))


def factor(unit: str, measure_unit: str) -> float:
    """Return what a figure in ``unit`` is multiplied by to be in the measure's unit.

    Raises:
        KeyError: it cannot be made into the measure's unit.
    """
    if unit == measure_unit:
        return 1.0
    family = _family(measure_unit)
    return family[unit] / family[measure_unit]


def _family(unit: str) -> Mapping[str, float]:
    return next((family for family in _FAMILIES if unit in family), {})

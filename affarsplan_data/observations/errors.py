"""Errors a user meets when reading observations."""

from affarsplan_data.errors import AffarsplanError, UsageError


class ObservationError(AffarsplanError):
    """Observations do not follow the one schema, or cannot be built."""


class SelectionError(UsageError):
    """A selection names something the measure does not have."""


class MissingMeasureError(UsageError):
    """A measure that is declared but not held by the data in use."""

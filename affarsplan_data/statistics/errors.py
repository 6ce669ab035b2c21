"""Errors of the statistics layer: values a method cannot be used on."""

from affarsplan_data.errors import AffarsplanError


class StatisticsError(AffarsplanError):
    """A statistical method was asked for something it cannot give."""


class InvalidValuesError(StatisticsError):
    """The values break the method's conditions: negative counts, part above whole, wrong shape."""


class MissingBaseError(StatisticsError):
    """An index has no usable value in its base period."""


class AcrossBreakError(StatisticsError):
    """Two figures were to be compared over a series break."""


class GrowthAcrossBreakError(AcrossBreakError):
    """A growth figure was asked for over a series break or over two vintages of a table."""

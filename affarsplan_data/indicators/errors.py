"""Errors a user meets when asking for an indicator."""

from affarsplan_data.errors import AffarsplanError, UsageError


class MissingIndicatorError(UsageError):
    """The indicator is declared, but the data in use cannot give it."""


class FormulaError(AffarsplanError):
    """A formula was given figures it cannot use."""

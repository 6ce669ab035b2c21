"""Errors a user meets when asking for an indicator."""

from affarsplan_data.errors import AffarsplanError, UsageError


class MissingIndicatorError(UsageError):
    """The indicator is declared, but the data in use cannot give it.

    ``reason`` says why, and ``ways`` how the figures are got.
    """

    def __init__(self, reason: str, ways: str = "") -> None:
        super().__init__(f"{reason} {ways}".strip())
        self.reason = reason
        self.ways = ways


class FormulaError(AffarsplanError):
    """A formula was given figures it cannot use."""

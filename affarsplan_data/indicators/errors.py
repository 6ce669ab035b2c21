"""Errors a user meets when asking for an indicator."""

from affarsplan_data.errors import AffarsplanError, UsageError


class MissingIndicatorError(UsageError):
    """The indicator is declared, but the data in use cannot give it.

    ``reason`` says what is missing and why, ``ways`` what the one who keeps the data can do about it.
    When the data lack the indicator altogether, ``name`` is its name and ``why`` the reason without it.
    """

    def __init__(self, reason: str, ways: str = "", *, name: str = "", why: str = "") -> None:
        super().__init__(f"{reason} {ways}".strip())
        self.reason = reason
        self.ways = ways
        self.name = name
        self.why = why

    @classmethod
    def of(cls, name: str, why: str, ways: str = "") -> "MissingIndicatorError":
        """Return the error of an indicator that the data lack altogether."""
        return cls(f"{name} saknas: {why}", ways, name=name, why=why)


class FormulaError(AffarsplanError):
    """A formula was given figures it cannot use."""

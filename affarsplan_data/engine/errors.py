"""Errors of the engine."""

from affarsplan_data.errors import AffarsplanError


class WarmParentError(AffarsplanError):
    """The warm parent could not be started, or died."""

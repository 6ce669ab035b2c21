"""Errors in the testing of claims."""

from affarsplan_data.errors import AffarsplanError


class ClaimError(AffarsplanError):
    """A claim is not declared in a way that it can be tested."""

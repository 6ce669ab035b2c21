"""What can go wrong when a figure is made."""

from affarsplan_data.errors import AffarsplanError


class FigureError(AffarsplanError):
    """A figure lacks something a reader needs, or its data do not fit the chosen form."""


class BoundariesError(AffarsplanError):
    """The file with the boundaries is missing or damaged."""

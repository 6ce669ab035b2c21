"""What can go wrong between a producer and the archive."""

from affarsplan_data.errors import AffarsplanError


class SourceError(AffarsplanError):
    """A source did not give what was asked of it; what was fetched before stands."""

    exit_code = 3


class ChangedTableError(SourceError):
    """A table is no longer what the catalogue says."""

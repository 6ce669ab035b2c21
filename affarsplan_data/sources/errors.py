"""What can go wrong between a producer and the archive."""

from affarsplan_data.errors import AffarsplanError
from affarsplan_data.scb.errors import WrongAnswerError


class SourceError(AffarsplanError):
    """A source did not give what was asked of it; what was fetched before stands."""

    exit_code = 3


class ChangedTableError(SourceError):
    """A table is no longer what the catalogue says."""


class MissingKpiError(ChangedTableError):
    """A key figure is gone from Kolada.

    ``kpi`` is its id, and ``nearest`` the ids and titles most like it, the nearest first.
    """

    def __init__(self, message: str, kpi: str, nearest: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.kpi = kpi
        self.nearest = nearest


class ShrunkenError(SourceError):
    """A new version lacks regions, periods or contents that the one before it had."""


class BadFileError(WrongAnswerError):
    """A file from a producer is not as described. Nothing of it is used.

    ``row`` is the line of the file, counted from 1, and ``column`` the heading; None where the fault is
    of the whole file.
    """

    def __init__(self, message: str, row: int | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.row = row
        self.column = column


class UnfoundTableError(ChangedTableError):
    """A table that is looked up by its title matches none, or more than one.

    ``candidates`` are the ids (or paths) and titles that match, or those nearest when none does.
    """

    def __init__(self, message: str, candidates: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class StaleSnapshotError(SourceError):
    """What has been archived of a table is not what the catalogue asks for now."""

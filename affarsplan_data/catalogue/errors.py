"""Errors of the catalogue: every one names the file and the entry at fault."""

from affarsplan_data.errors import AffarsplanError, UsageError


class CatalogueError(AffarsplanError):
    """The catalogue's own data contradict themselves."""

    def __init__(self, file: str, entry: str, problem: str) -> None:
        super().__init__(f"Katalogen, {file}, posten ”{entry}”: {problem}")


class UnknownEntryError(UsageError):
    """A measure or an indicator that the catalogue does not have."""

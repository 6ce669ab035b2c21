"""What can go wrong when a table is held against the catalogue."""

from collections.abc import Iterable

from affarsplan_data.errors import AffarsplanError


class MisfitError(AffarsplanError):
    """A table is not what the catalogue says; ``faults`` are all the differences, a sentence each."""

    exit_code = 3

    def __init__(self, table: str, faults: Iterable[str]) -> None:
        self.table = table
        self.faults = tuple(faults)
        super().__init__(f"{table}: {' '.join(self.faults)}")

"""What can go wrong between an archived answer and a row."""

from affarsplan_data.errors import AffarsplanError


class CleaningError(AffarsplanError):
    """A table's answer does not mean what the catalogue says; nothing of it is used."""

    def __init__(self, table: str, problem: str) -> None:
        super().__init__(f"Tabellen {table}: {problem}")
        self.table = table

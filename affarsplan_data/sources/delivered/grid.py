"""A delivered sheet as plain cells, whatever kind of file it came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from affarsplan_data.sources.delivered.errors import Fault

Kind = Literal["empty", "text", "number", "date", "truth", "error"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell holds. ``percent`` says that the number is shown as a hundred times itself."""

    kind: Kind
    text: str = ""
    number: float = 0.0
    percent: bool = False


EMPTY = Cell("empty")


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet; the first row is row 1, and every row is as long as the others.

    Attributes:
        sheet: the sheet's name; None for a text file, whose numbers are written as text.
        decimal: the decimal sign of a text file.
        remarks: what the reader of the file should know, a sentence each.
    """

    file: str
    sheet: str | None
    rows: Sequence[Sequence[Cell]]
    decimal: str = ","
    remarks: tuple[str, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether the cells come from a text file."""
        return self.sheet is None

    def where(self, row: int, column: int) -> str:
        """Return the name of a cell, counted from 1: ``C5``, or ``rad 5, kolumn 3`` in a text file."""
        if self.is_text:
            return f"rad {row}, kolumn {column}"
        return f"cell {letters(column)}{row}"

    def fault(self, row: int, column: int, problem: str, expected: str) -> Fault:
        """Return the mistake in a cell, counted from 1."""
        return Fault(self.file, problem, expected, self.sheet, self.where(row, column))


def letters(column: int) -> str:
    """Return the letters of a column, counted from 1: ``A``, ``Z``, ``AA``."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name

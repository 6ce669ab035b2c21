"""What is wrong with a delivered file, said so that its maker finds the place and the remedy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from affarsplan_data.sources.errors import SourceError

MOST_FAULTS = 20
"""So many faults of one file are told; the rest are counted."""

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: where it stands, what is wrong, and what was expected there.

    ``sheet`` and ``cell`` are None for what concerns the whole file. ``cell`` is ``C5`` in a workbook,
    ``rad 5, kolumn 3`` in a text file and the name of the field in a description.
    """

    file: str
    problem: str
    expected: str
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        sheet = f", bladet {shown(self.sheet)}" if self.sheet else ""
        cell = f", {self.cell}" if self.cell else ""
        return f"{shown(self.file, 80)}{sheet}{cell}: {self.problem} {self.expected}"


class DeliveredError(SourceError):
    """A delivered file cannot be used; nothing of it is. ``faults`` are its mistakes, at least one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[:MOST_FAULTS]]
        if more := len(self.faults) - MOST_FAULTS:
            lines += [f"… och {more} fel till."] if more > 0 else []
        super().__init__("\n".join(lines))


def refuse(
    file: str, problem: str, expected: str, sheet: str | None = None, cell: str | None = None
) -> NoReturn:
    """Raise the error of a single mistake.

    Raises:
        DeliveredError: always.
    """
    raise DeliveredError([Fault(file, problem, expected, sheet, cell)])


def shown(value: object, most: int = _SHOWN) -> str:
    """Return a value from a file short enough for a sentence, without anything a terminal obeys."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value))
    return text if len(text) <= most else text[:most] + "…"

"""Reads a sheet of an .xlsx file into plain cells. Nothing in the file is run or followed.

A sheet is gone through twice: first as XML, for what a reader of values never sees (formulas, merged
cells, hidden rows, how far it reaches), then, within the bounds so found, for its values.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

from openpyxl import load_workbook  # type: ignore[import-untyped]

from affarsplan_data.sources.delivered import bounds
from affarsplan_data.sources.delivered.errors import DeliveredError, Fault, refuse, shown
from affarsplan_data.sources.delivered.grid import EMPTY, Cell, Grid
from affarsplan_data.swedish import listing

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_SAVE_AGAIN = "Öppna filen i ett kalkylprogram och spara om den."
_ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))


@dataclass
class _Found:
    """What a sheet holds besides values. Rows and columns are counted from 1."""

    tags: int = 0
    row: int = 0
    last_row: int = 0
    last_column: int = 0
    formulas: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: bool = False


class Workbook:
    """An .xlsx file that has passed :func:`bounds.check_workbook`; use it in a ``with`` statement."""

    def __init__(self, file: str, content: bytes) -> None:
        self.file = file
        self._content = content
        bounds.check_workbook(file, content)
        with self._readable():
            self._book: Any = load_workbook(
                BytesIO(content), read_only=True, data_only=True, keep_links=False
            )

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(self, *error: object) -> None:
        self._book.close()

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets, in order."""
        return tuple(sheet.title for sheet in self._book.worksheets)

    @property
    def hidden(self) -> tuple[str, ...]:
        """The names of the sheets that are not shown."""
        return tuple(s.title for s in self._book.worksheets if s.sheet_state != "visible")

    def grid(self, name: str, heading_row: int = 1) -> Grid:
        """Return the cells of a sheet. Above its headings, cells may be merged, as titles often are.

        Raises:
            DeliveredError: there is no such sheet, it is hidden, too large, or holds formulas or merged
                cells; every such cell is named.
        """
        if name not in self.sheets:
            there = ", ".join(shown(sheet) for sheet in self.sheets) or "inga"
            refuse(self.file, f"bladet {shown(name)} finns inte.", f"Bladen i filen är: {there}.")
        if name in self.hidden:
            refuse(self.file, "bladet är dolt.", "Visa bladet och spara om filen.", name)
        with self._readable():
            sheet = self._book[name]
            found = self._examine(name, sheet, heading_row)
            rows = list(self._rows(sheet, found)) if found.last_row else []
        return Grid(self.file, name, rows, remarks=self._remarks(name, found))

    def _rows(self, sheet: Any, found: _Found) -> Iterator[tuple[Cell, ...]]:
        sheet.reset_dimensions()
        limits = {"max_row": found.last_row, "max_col": found.last_column}
        for row in sheet.iter_rows(min_row=1, min_col=1, **limits):
            cells = tuple(_cell(cell) for cell in row)
            yield cells + (EMPTY,) * (found.last_column - len(cells))

    def _examine(self, name: str, sheet: Any, heading_row: int) -> _Found:
        found = _Found()
        # The path is not part of what openpyxl promises, but both passes must read the same part.
        path = str(sheet._worksheet_path)
        with zipfile.ZipFile(BytesIO(self._content)) as parts, parts.open(path) as part:
            for _, element in ElementTree.iterparse(part):
                tag = element.tag.removeprefix(_MAIN)
                found.tags += 1
                if found.tags > bounds.MOST_TAGS_IN_A_ROW:
                    refuse(self.file, "en rad är orimligt lång.", _SAVE_AGAIN, name)
                if tag == "row":
                    found.tags = 0
                    self._examine_row(name, element, found)
                    element.clear()
                elif tag == "mergeCell" and _last_row(element.get("ref", "")) >= heading_row:
                    found.merged.append(element.get("ref", ""))
                elif tag == "col" and element.get("hidden") in ("1", "true"):
                    found.hidden_columns = True
        self._refuse(name, found)
        return found

    def _examine_row(self, name: str, row: ElementTree.Element, found: _Found) -> None:
        line = int(row.get("r", "0"))
        if not found.row < line <= bounds.LAST_ROW:
            # A reader passes over what comes out of order, without a word.
            refuse(self.file, "raderna saknar nummer eller ordning.", _SAVE_AGAIN, name)
        found.row, before = line, 0
        filled = [cell for cell in row if _is_filled(cell)]
        if not filled:
            return
        for cell in filled:
            place = _REFERENCE.fullmatch(cell.get("r", ""))
            if place is None or int(place[2]) != line or _number(place[1]) <= before:
                where = f"rad {line}"
                refuse(self.file, "cellerna saknar adress eller ordning.", _SAVE_AGAIN, name, where)
            column = before = _number(place[1])
            if line > bounds.MOST_ROWS or column > bounds.MOST_COLUMNS:
                refuse(
                    self.file,
                    "cellen ligger utanför det som läses.",
                    f"Högst {bounds.MOST_ROWS} rader och {bounds.MOST_COLUMNS} kolumner tas emot.",
                    name,
                    f"cell {place[0]}",
                )
            found.last_row = max(found.last_row, line)
            found.last_column = max(found.last_column, column)
            if any(child.tag.endswith("}f") for child in cell):
                found.formulas.append(place[0])
        if row.get("hidden") in ("1", "true"):
            found.hidden_rows += 1

    def _refuse(self, name: str, found: _Found) -> None:
        faults = [
            Fault(
                self.file,
                "cellen har en formel.",
                "Väntade ett värde: kopiera och klistra in som värden.",
                name,
                f"cell {cell}",
            )
            for cell in found.formulas
        ]
        faults += [
            Fault(
                self.file,
                "cellerna är sammanslagna.",
                "Dela dem och skriv värdet i varje cell.",
                name,
                f"cell {shown(cells)}",
            )
            for cells in found.merged
        ]
        if faults:
            raise DeliveredError(faults)

    def _remarks(self, name: str, found: _Found) -> tuple[str, ...]:
        remarks = []
        if self.hidden:
            names = listing([shown(sheet) for sheet in self.hidden])
            remarks.append(f"{shown(self.file, 80)}: dolda blad läses inte: {names}.")
        if found.hidden_rows or found.hidden_columns:
            rows = "en dold rad" if found.hidden_rows == 1 else f"{found.hidden_rows} dolda rader"
            what = [rows] if found.hidden_rows else []
            what += ["dolda kolumner"] if found.hidden_columns else []
            said = f"bladet {shown(name)} har {listing(what)}, som läses som de andra"
            remarks.append(f"{shown(self.file, 80)}: {said}.")
        return tuple(remarks)

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Turn whatever a malformed workbook makes the reader fall on into the one error."""
        try:
            yield
        except DeliveredError:
            raise
        except Exception as error:
            # A file made to harm can break the reader anywhere; none of it is used.
            raise DeliveredError(
                [
                    Fault(
                        self.file,
                        f"arbetsboken går inte att läsa ({type(error).__name__}).",
                        "Öppna den i ett kalkylprogram och spara om den som .xlsx.",
                    )
                ]
            ) from error


def _is_filled(cell: ElementTree.Element) -> bool:
    return any(child.tag.endswith(("}v", "}f", "}is")) for child in cell)


def _last_row(cells: str) -> int:
    """Return the last row of a range such as ``A1:D2``; what is no range reaches all the way down."""
    place = _REFERENCE.fullmatch(cells.partition(":")[2] or cells)
    return int(place[2]) if place else bounds.LAST_ROW


def _number(column: str) -> int:
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return Cell("truth", "SANT" if value else "FALSKT")
    if isinstance(value, int | float):
        return Cell("number", f"{value:.15g}", float(value), "%" in (cell.number_format or ""))
    if isinstance(value, datetime | date):
        return Cell("date", value.isoformat()[:10])
    if isinstance(value, time | timedelta):
        return Cell("date", str(value))
    text = str(value).strip()
    if len(text) > bounds.MOST_CHARACTERS:
        return Cell("error", f"en text på {len(text)} tecken")
    if cell.data_type == "e" or text in _ERRORS:
        return Cell("error", text)
    return Cell("text", text) if text else EMPTY

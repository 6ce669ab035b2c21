"""Reads a .csv file into plain cells: UTF-8 or Windows' own letters, semicolons or commas."""

import csv
import io

from affarsplan_data.sources.delivered import bounds
from affarsplan_data.sources.delivered.errors import DeliveredError, Fault, refuse, shown
from affarsplan_data.sources.delivered.grid import EMPTY, Cell, Grid

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_RUN = ("=", "+", "@", "\t", "\r")
"""What a spreadsheet takes a cell that begins so for a formula by."""


def read_text(file: str, content: bytes, heading_row: int = 1) -> Grid:
    """Return the cells of a text file.

    The separator is the semicolon when the headings have one, otherwise the comma; with a semicolon
    the decimal sign is the comma, with a comma the point.

    Raises:
        DeliveredError: it cannot be read as a table; the row is named.
    """
    text = _decoded(file, content)
    lines = text.splitlines()
    heading = lines[heading_row - 1] if len(lines) >= heading_row else ""
    separator = ";" if ";" in heading else ","
    rows: list[tuple[Cell, ...]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for fields in reader:
            rows.append(_row(file, fields, len(rows) + 1))
            if len(rows) > bounds.MOST_ROWS:
                refuse(file, "filen har för många rader.", f"Högst {bounds.MOST_ROWS} tas emot.")
    except csv.Error:
        refuse(
            file,
            "raden går inte att dela i kolumner: ett citattecken är öppet eller en text för lång.",
            "Varje citattecken som öppnas ska stängas.",
            cell=f"rad {reader.line_num}",
        )
    return Grid(file, None, _even(file, rows, heading_row), "," if separator == ";" else ".")


def _decoded(file: str, content: bytes) -> str:
    if content.startswith(_UTF16) or b"\0" in content:
        refuse(file, "filen är inte skriven i UTF-8.", "Spara den som CSV UTF-8.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        refuse(
            file,
            "ett tecken är varken UTF-8 eller Windows-1252.",
            "Spara filen som CSV UTF-8.",
            cell=f"rad {row}",
        )


def _row(file: str, fields: list[str], row: int) -> tuple[Cell, ...]:
    if len(fields) > bounds.MOST_COLUMNS:
        refuse(
            file,
            f"raden har {len(fields)} kolumner.",
            f"Högst {bounds.MOST_COLUMNS} tas emot.",
            cell=f"rad {row}",
        )
    return tuple(_cell(file, text, row, column) for column, text in enumerate(fields, 1))


def _cell(file: str, text: str, row: int, column: int) -> Cell:
    held = text.strip()
    if text.startswith(_RUN) or held.startswith(_RUN):
        refuse(
            file,
            f"cellen {shown(held)} är en formel för ett kalkylprogram.",
            "Väntade ett värde utan =, + eller @ först.",
            cell=f"rad {row}, kolumn {column}",
        )
    if len(held) > bounds.MOST_CHARACTERS:
        return Cell("error", f"en text på {len(held)} tecken")
    return Cell("text", held) if held else EMPTY


def _even(file: str, rows: list[tuple[Cell, ...]], heading_row: int) -> list[tuple[Cell, ...]]:
    """Return the rows, all as long as the heading's; a row with more or fewer cells is refused."""
    width = len(rows[heading_row - 1]) if len(rows) >= heading_row else 0
    faults = [
        Fault(
            file,
            f"raden har {len(row)} kolumner.",
            f"Väntade {width} som i rubrikraden; en text med skiljetecken i sätts inom citattecken.",
            cell=f"rad {number}",
        )
        for number, row in enumerate(rows, 1)
        if number > heading_row and any(c.kind != "empty" for c in row) and len(row) != width
    ]
    if faults:
        raise DeliveredError(faults)
    return [(*row, *[EMPTY] * (width - len(row)))[:width] for row in rows]

"""Delivered files for the tests: a made-up measure and workbooks of it. SYNTETISKA TESTDATA."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from affarsplan_data.catalogue import Catalogue, Measure
from affarsplan_data.catalogue.releases import Release

MADE_UP = Measure(
    id="made_up_export",
    title="SYNTETISKA TESTDATA: export",
    unit="mnkr",
    definition="Påhittat mått, SYNTETISKA TESTDATA.",
    source="scb",
    tables=("Påhittad tabell",),
    levels=("country", "county"),
    splits=("sex",),
)
COUNTED = Measure(
    id="made_up_firms",
    title="SYNTETISKA TESTDATA: företag",
    unit="företag",
    definition="Påhittat mått, SYNTETISKA TESTDATA.",
    source="scb",
    tables=("Påhittad tabell",),
    levels=("county", "municipality"),
    splits=("category",),
    categories={"small": "små", "large": "stora"},
)
SHARE = Measure(
    id="made_up_share",
    title="SYNTETISKA TESTDATA: andel",
    unit="procent",
    definition="Påhittat mått, SYNTETISKA TESTDATA.",
    source="scb",
    tables=("Påhittad tabell",),
    levels=("county", "municipality"),
    release=Release(frequency="year", lag_months=6),
    lowest=0,
    highest=100,
)
CATALOGUE = Catalogue({}, {}, {one.id: one for one in (MADE_UP, COUNTED, SHARE)}, {})

ABOUT = {
    "Mått": "made_up_export",
    "Producent": "SYNTETISKA TESTDATA",
    "Publikation": "Påhittad beställning 7",
    "Hämtad": "2026-11-20",
    "Enhet": "mnkr",
    "Första period": "2023",
    "Sista period": "2024",
}
HEADINGS = ["Region", "Period", "Kön", "Värde", "Anmärkning"]
ROWS = [
    ["04", "2023", "kvinnor", 11.5, None],
    ["04", "2023", "män", 12, None],
    ["04", "2024", "kvinnor", "..", None],
    ["04", "2024", "män", 0, None],
    ["19", "2023", "kvinnor", -3, None],
    ["19", "2023", "män", 14, None],
    ["19", "2024", "kvinnor", "-", "bara här"],
]
SIDECAR = """\
measure: made_up_export
producer: SYNTETISKA TESTDATA
publication: Påhittad beställning 7
retrieved: 2026-11-20
unit: mnkr
period: {first: 2023, last: 2024}
"""


def book(
    rows: Sequence[Sequence[Any]] = ROWS,
    headings: Sequence[Any] = HEADINGS,
    about: Mapping[str, Any] | None = None,
    sheet: str = "Uppgifter",
) -> Workbook:
    """Return a filled template of the made-up measure; ``about`` changes its description."""
    made = Workbook()
    data = made.active
    data.title = sheet
    for row in (headings, *rows):
        data.append(list(row))
    described = made.create_sheet("Om leveransen")
    described.append(["Fält", "Värde", "Vad som ska stå"])
    for name, value in (ABOUT | dict(about or {})).items():
        described.append([name, value, ""])
    return made


def saved(made: Workbook) -> bytes:
    """Return the bytes of a workbook."""
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def changed(row: int, column: int, value: Any) -> list[list[Any]]:
    """Return the rows with one cell changed; row and column are the sheet's, counted from 1."""
    rows = [list(cells) for cells in ROWS]
    rows[row - 2][column - 1] = value
    return rows


def table(*rows: str, separator: str = ";") -> bytes:
    """Return a text file with the headings and rows, each row's cells with spaces between."""
    lines = [separator.join(row.split()) for row in ("Region Period Kön Värde", *rows)]
    return ("\r\n".join(lines) + "\r\n").encode()

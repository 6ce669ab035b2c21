"""Exported tables: plain, complete, harmless in a spreadsheet, the same bytes every time."""

import json
from dataclasses import replace
from pathlib import Path

import nbformat
import openpyxl
import pytest

from affarsplan_data.report.errors import ExportError
from affarsplan_data.report.exports import csv_text, export_page
from affarsplan_data.report.payloads import FIGURE_MIME, FigureTable, figures_of
from affarsplan_data.report.workbook import Cover

COVER = Cover(
    title="Delmål 5",
    region="Provregionen",
    year=2026,
    compare="Riket",
    edition="SYNTETISKA TESTDATA",
    notes=("Ett råd.",),
)
FIGURE = FigureTable(
    name="nya_foretag",
    title="SYNTETISKA TESTDATA: nya företag",
    subtitle="Antal, 2024",
    source="Underlag: påhittat",
    notes=("En anmärkning.",),
    columns=("Region", "Antal", "Andel, procent"),
    decimals=(None, 0, 1),
    rows=(("Västerås", 1234, 0.25), ("Sala", None, None), ("Köping", 5.0, -1e-7)),
)


def _payload(**changes: object) -> nbformat.NotebookNode:
    content = {
        "name": "prov",
        "title": "SYNTETISKA TESTDATA",
        "columns": [{"name": "A", "decimals": None}],
        "rows": [["x"]],
    }
    output = nbformat.v4.new_output("display_data", {FIGURE_MIME: content | changes})
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])


def test_csv_has_decimal_points_and_empty_cells_for_missing() -> None:
    assert csv_text(FIGURE) == (
        'Region,Antal,"Andel, procent"\nVästerås,1234,0.25\nSala,,\nKöping,5,-1e-07\n'
    )


@pytest.mark.parametrize("text", ["=1+1", "+SUM(A1)", "-A1", "@A1", "\tx", "\r=x"])
def test_text_that_begins_like_a_formula_is_disarmed_in_csv(text: str) -> None:
    lines = csv_text(replace(FIGURE, columns=("A",), decimals=(None,), rows=((text,),)))
    assert lines.split("\n", 1)[1].lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["-7", "+3.5", "16-64", "−2"])
def test_text_that_is_a_number_or_harmless_is_left_alone(text: str) -> None:
    assert csv_text(replace(FIGURE, columns=("A",), decimals=(None,), rows=((text,),))) == (
        f"A\n{text}\n"
    )


def test_workbook_has_a_cover_and_one_sheet_per_figure(tmp_path: Path) -> None:
    export_page(tmp_path, "delmal-05", (FIGURE,), COVER)
    book = openpyxl.load_workbook(tmp_path / "delmal-05.xlsx")

    assert book.sheetnames == ["Om tabellerna", "nya_foretag"]
    words = {cell.value for row in book["Om tabellerna"].iter_rows() for cell in row}
    assert {"Provregionen", "2026", "SYNTETISKA TESTDATA", "Ett råd."} <= words
    sheet = book["nya_foretag"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in rows[:4]] == [
        FIGURE.title,
        FIGURE.subtitle,
        FIGURE.source,
        FIGURE.notes[0],
    ]
    top = next(i for i, row in enumerate(rows) if row == list(FIGURE.columns))
    assert rows[top + 1 :] == [["Västerås", 1234, 0.25], ["Sala", None, None], ["Köping", 5, -1e-7]]
    assert sheet.freeze_panes == f"B{top + 2}"
    assert sheet.cell(top + 2, 3).number_format == "0.0"


def test_workbook_never_holds_a_formula_or_a_link(tmp_path: Path) -> None:
    texts = ("=1+1", "@SUM(A1)", "http://exempel.se", "-7")
    figure = replace(
        FIGURE,
        title="=cmd()",
        columns=("=A",),
        decimals=(None,),
        rows=tuple((text,) for text in texts),
    )
    export_page(tmp_path, "sida", (figure,), COVER)

    sheet = openpyxl.load_workbook(tmp_path / "sida.xlsx")["nya_foretag"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {"=cmd()", "=A", *texts} <= {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_long_names_give_distinct_sheets(tmp_path: Path) -> None:
    figures = tuple(replace(FIGURE, name="a" * 40 + ending) for ending in "bcd")
    export_page(tmp_path, "sida", figures, COVER)

    names = openpyxl.load_workbook(tmp_path / "sida.xlsx").sheetnames
    assert len(set(names)) == 4
    assert all(len(name) <= 31 for name in names)


def test_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("ett", "två"):
        export_page(tmp_path / name, "sida", (FIGURE,), COVER)
    ett, två = (
        {p.name: p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        for name in ("ett", "två")
    )
    assert set(ett) == {"sida.xlsx", "nya_foretag.csv", "nya_foretag.csv-metadata.json"}
    assert ett == två


def test_metadata_describes_the_csv_beside_it(tmp_path: Path) -> None:
    export_page(tmp_path, "sida", (FIGURE,), COVER)
    text = (tmp_path / "sida" / "nya_foretag.csv-metadata.json").read_text("utf-8")
    metadata = json.loads(text)

    assert metadata["url"] == "nya_foretag.csv"
    assert metadata["dc:source"] == "Underlag: påhittat"
    assert [c["datatype"] for c in metadata["tableSchema"]["columns"]] == [
        "string",
        "number",
        "number",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "../prov"}, "namn"),
        ({"rows": [["x", "y"]]}, "1 kolumner"),
        ({"rows": None}, "ofullständiga"),
    ],
)
def test_faulty_payload_is_refused(changes: dict[str, object], words: str) -> None:
    assert figures_of(_payload())[0].rows == (("x",),)
    with pytest.raises(ExportError, match=words):
        figures_of(_payload(**changes))


def test_two_figures_of_one_name_are_refused() -> None:
    node = _payload()
    node.cells.extend(_payload().cells)
    with pytest.raises(ExportError, match="prov"):
        figures_of(node)

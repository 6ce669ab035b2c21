"""Each figure's table as a file: plain CSV with metadata beside it, and one workbook per page."""

import csv
import io
import json
from pathlib import Path

from affarsplan_data.report.cells import plain
from affarsplan_data.report.payloads import FigureTable
from affarsplan_data.report.workbook import Cover, write_workbook

_NOTE = "Obs"


def export_page(folder: Path, page: str, figures: tuple[FigureTable, ...], cover: Cover) -> None:
    """Write the page's tables below ``folder``; a page without figures gets no files.

    ``<page>/<figure>.csv`` and ``<page>/<figure>.csv-metadata.json`` for every figure, and
    ``<page>.xlsx`` with all of them. The same figures always give the same bytes.
    """
    if not figures:
        return
    (folder / page).mkdir(parents=True, exist_ok=True)
    for figure in figures:
        export_table(folder / page, figure, cover)
    write_workbook(folder / f"{page}.xlsx", figures, cover)


def export_table(folder: Path, figure: FigureTable, cover: Cover) -> None:
    """Write one table into ``folder`` as ``<figure>.csv`` with ``<figure>.csv-metadata.json``."""
    target = folder / f"{figure.name}.csv"
    target.write_text(csv_text(figure, cover.banner), encoding="utf-8", newline="")
    described = json.dumps(csv_metadata(figure, cover), ensure_ascii=False, indent=2) + "\n"
    target.with_name(f"{target.name}-metadata.json").write_text(described, encoding="utf-8")


def csv_text(figure: FigureTable, banner: str = "") -> str:
    """Return the table as CSV: comma, decimal point, one heading row, missing as an empty cell.

    A ``banner`` stands on every row, in a last column.
    """
    told = [banner] if banner else []
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*map(plain, figure.columns), *([_NOTE] if banner else [])])
    writer.writerows([*map(plain, row), *told] for row in figure.rows)
    return stream.getvalue()


def csv_metadata(figure: FigureTable, cover: Cover) -> dict[str, object]:
    """Return what the CSV file cannot say itself, in the manner of W3C's CSV on the Web."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "sv"}],
        "url": f"{figure.name}.csv",
        "dc:title": figure.title,
        "dc:description": figure.subtitle,
        "dc:source": figure.source,
        "dc:coverage": f"{cover.region}, {cover.year}",
        "dc:isVersionOf": cover.edition,
        "notes": [*([cover.banner] if cover.banner else []), *figure.notes],
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True},
        "tableSchema": {
            "columns": [
                {"titles": name, "datatype": "number" if _is_numeric(figure, i) else "string"}
                for i, name in enumerate(figure.columns)
            ]
            + ([{"titles": _NOTE, "datatype": "string"}] if cover.banner else [])
        },
    }


def _is_numeric(figure: FigureTable, column: int) -> bool:
    values = [row[column] for row in figure.rows if row[column] is not None]
    return bool(values) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in values
    )

"""One Excel workbook per page: a cover, then one sheet per figure, its words above its table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from affarsplan_data.report.payloads import FigureTable, Value

_MAX_SHEET_NAME = 31
_MAX_WIDTH = 60


@dataclass(frozen=True)
class Cover:
    """What the workbook's first sheet says about the whole page; ``banner`` stands on every sheet."""

    title: str
    region: str
    year: int
    compare: str
    edition: str
    notes: tuple[str, ...]
    banner: str = ""


def write_workbook(path: Path, figures: tuple[FigureTable, ...], cover: Cover) -> None:
    """Write the workbook. Text is always text, never a formula or a link; bytes do not vary."""
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties(
            {
                "title": cover.title,
                "subject": f"{cover.region}, {cover.year}",
                "comments": cover.edition,
                "created": datetime(cover.year, 1, 1),
            }
        )
        styles = _Styles(book)
        names = _sheet_names(figures)
        _write_cover(
            book.add_worksheet("Om tabellerna"), cover, zip(names, figures, strict=True), styles
        )
        for name, figure in zip(names, figures, strict=True):
            _write_figure(book.add_worksheet(name), figure, cover.banner, styles)


class _Styles:
    def __init__(self, book: Any) -> None:
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self._book, self._base = book, base
        self.title = book.add_format({**base, "bold": True, "font_size": 14})
        self.label = book.add_format({**base, "bold": True})
        self.text = book.add_format(base)
        self.wrapped = book.add_format({**base, "text_wrap": True})
        heading = {**base, "bold": True, "text_wrap": True, "bottom": 2, "bg_color": "#E8EEF4"}
        self.heading = book.add_format({**heading, "font_color": "#12436D"})
        self._numbers: dict[int | None, Any] = {}

    def number(self, decimals: int | None) -> Any:
        if decimals not in self._numbers:
            form = {None: "General", 0: "0"}.get(decimals, f"0.{'0' * (decimals or 0)}")
            self._numbers[decimals] = self._book.add_format({**self._base, "num_format": form})
        return self._numbers[decimals]


def _write_cover(
    sheet: Any, cover: Cover, sheets: Iterable[tuple[str, FigureTable]], styles: _Styles
) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, cover.title, styles.title)
    facts = [
        ("Region", cover.region),
        ("Jämförs med", cover.compare),
        ("Rapportår", str(cover.year)),
        *((("Obs", cover.banner),) if cover.banner else ()),
        ("Uppgifter", cover.edition),
        *(("Att tänka på", note) for note in cover.notes),
    ]
    for row, (label, value) in enumerate(facts, start=2):
        sheet.write_string(row, 0, label, styles.label)
        sheet.write_string(row, 1, value, styles.wrapped)
    first = len(facts) + 3
    sheet.write_string(first, 0, "Blad", styles.heading)
    sheet.write_string(first, 1, "Innehåll och källa", styles.heading)
    for row, (name, figure) in enumerate(sheets, start=first + 1):
        sheet.write_string(row, 0, name, styles.label)
        sheet.write_string(row, 1, f"{figure.title}\n{figure.source}".strip(), styles.wrapped)


def _write_figure(sheet: Any, figure: FigureTable, banner: str, styles: _Styles) -> None:
    sheet.write_string(0, 0, figure.title, styles.title)
    words = [banner, figure.subtitle, figure.source, *figure.notes]
    for row, text in enumerate((text for text in words if text), start=1):
        sheet.write_string(row, 0, text, styles.text)
    top = 2 + sum(1 for text in words if text)
    for column, name in enumerate(figure.columns):
        sheet.write_string(top, column, name, styles.heading)
        sheet.set_column(column, column, _width(figure, column))
    for row, values in enumerate(figure.rows, start=top + 1):
        for column, value in enumerate(values):
            _write_value(sheet, row, column, value, figure.decimals[column], styles)
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write_value(
    sheet: Any, row: int, column: int, value: Value, decimals: int | None, styles: _Styles
) -> None:
    if value is None:
        sheet.write_blank(row, column, None, styles.text)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "ja" if value else "nej", styles.text)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, styles.number(decimals))
    else:
        sheet.write_string(row, column, value, styles.text)


def _width(figure: FigureTable, column: int) -> float:
    texts = [str(row[column]) for row in figure.rows if isinstance(row[column], str)]
    longest = max([len(text) for text in texts], default=0)
    # A heading may wrap, so its longest word decides; numbers need room for about ten signs.
    heading = max((len(word) for word in figure.columns[column].split()), default=0)
    return min(max(longest, heading, 10) + 2, _MAX_WIDTH)


def _sheet_names(figures: tuple[FigureTable, ...]) -> list[str]:
    names: list[str] = []
    taken = {"om tabellerna"}
    for number, figure in enumerate(figures, start=1):
        name = figure.name[:_MAX_SHEET_NAME]
        if name.lower() in taken:
            ending = f"-{number}"
            name = figure.name[: _MAX_SHEET_NAME - len(ending)] + ending
        taken.add(name.lower())
        names.append(name)
    return names

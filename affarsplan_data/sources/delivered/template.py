"""Makes the workbook that an analyst fills in for a measure: headings, unit, codes and an example."""

from io import BytesIO
from typing import Any

import xlsxwriter

from affarsplan_data.catalogue import Catalogue, Measure
from affarsplan_data.catalogue.models import Availability
from affarsplan_data.errors import UsageError
from affarsplan_data.sources.delivered import allowed, bounds, units
from affarsplan_data.sources.delivered.reading import EXAMPLE
from affarsplan_data.sources.delivered.sidecar import ABOUT, DATA, EXPLAINED, FIELDS, REMARK
from affarsplan_data.swedish import listing

CODES = "Koder"
READ_ME = "Läs mig"

_AS_FILES: frozenset[Availability] = frozenset(("open_file", "survey_file", "ordered"))
_ORDER: tuple[allowed.Dimension, ...] = (
    "region",
    "period",
    "sex",
    "birth",
    "age",
    "industry",
    "category",
)


def deliverable(catalogue: Catalogue) -> tuple[Measure, ...]:
    """Return the measures whose figures come as files, in the catalogue's order.

    Of those that the built-in edition has, they are the ones whose releases the measure itself tells.
    """
    return tuple(
        measure
        for measure in catalogue.measures.values()
        if measure.availability in _AS_FILES
        or (measure.availability == "edition" and measure.release is not None)
    )


def template(measure: Measure) -> bytes:
    """Return an .xlsx workbook to be filled in with the figures of a measure.

    It describes itself in the sheet :data:`ABOUT`, so that the filled file needs nothing beside it. Its
    example row is refused if it is left.

    Raises:
        UsageError: the statistics have no such figures.
    """
    if measure.availability == "not_available":
        raise UsageError(
            f"Måttet {measure.id} finns inte i statistiken, så det går inte att leverera. "
            f"{measure.missing_reason}"
        )
    made = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"title": measure.title, "subject": f"Mall för {measure.id}"})
        formats = _Formats(book)
        _write_figures(book.add_worksheet(DATA), measure, formats)
        _write_about(book.add_worksheet(ABOUT), measure, formats)
        _write_codes(book.add_worksheet(CODES), measure, formats)
        _write_read_me(book.add_worksheet(READ_ME), measure, formats)
    return made.getvalue()


class _Formats:
    def __init__(self, book: Any) -> None:
        self.heading = book.add_format({"bold": True, "bottom": 2, "bg_color": "#E8EEF4"})
        self.text = book.add_format({"num_format": "@"})
        self.example = book.add_format({"num_format": "@", "italic": True, "font_color": "#5A5A5A"})
        self.figure = book.add_format({"italic": True, "font_color": "#5A5A5A"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})


def _dimensions(measure: Measure) -> list[allowed.Dimension]:
    return [name for name in _ORDER if name in ("region", "period") or name in measure.splits]


def _write_figures(sheet: Any, measure: Measure, formats: _Formats) -> None:
    dimensions = _dimensions(measure)
    names: list[str] = [allowed.HEADINGS[name] for name in dimensions]
    for place, name in enumerate([*names, allowed.HEADINGS["value"], REMARK]):
        sheet.write_string(0, place, name, formats.heading)
    for place, dimension in enumerate(dimensions):
        # Text, so that a spreadsheet keeps the zeros that a code begins with.
        sheet.set_column(place, place, 16, formats.text)
        sheet.write_string(1, place, _example(dimension, measure), formats.example)
        _offer(sheet, place, dimension, measure)
    value = len(dimensions)
    sheet.set_column(value, value, 16)
    sheet.set_column(value + 1, value + 1, 44)
    sheet.write_number(1, value, 123, formats.figure)
    remark = f"{EXAMPLE}: påhittad rad som visar formen, ta bort den"
    sheet.write_string(1, value + 1, remark, formats.example)
    sheet.write_comment(0, value, f"Enhet: {measure.unit}")
    sheet.freeze_panes(1, 0)


def _example(dimension: allowed.Dimension, measure: Measure) -> str:
    match dimension:
        case "period":
            return "2024"
        case "age":
            return "16-64"
    return next(iter(allowed.words(dimension, measure)), "")


def _offer(sheet: Any, place: int, dimension: allowed.Dimension, measure: Measure) -> None:
    """Let the spreadsheet offer the codes of a column to choose from, when they are few."""
    codes = list(allowed.words(dimension, measure))
    if codes and len(",".join(codes)) < 255:
        last = bounds.MOST_ROWS - 1
        sheet.data_validation(
            1,
            place,
            last,
            place,
            {
                "validate": "list",
                "source": codes,
                "error_type": "stop",
                "error_title": allowed.HEADINGS[dimension],
                "error_message": f"Koderna står i bladet {CODES}.",
            },
        )


def _write_about(sheet: Any, measure: Measure, formats: _Formats) -> None:
    given = {"measure": measure.id, "unit": measure.unit}
    possible = listing(units.accepted(measure.unit), "eller")
    explained = EXPLAINED | {"unit": f"Enheten i kolumnen Värde: {possible}."}
    for place, name in enumerate(("Fält", "Värde", "Vad som ska stå")):
        sheet.write_string(0, place, name, formats.heading)
    for row, (field, name) in enumerate(FIELDS.items(), 1):
        sheet.write_string(row, 0, name)
        sheet.write(row, 1, given.get(field), formats.text)
        sheet.write_string(row, 2, explained[field], formats.wrapped)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 40, formats.text)
    sheet.set_column(2, 2, 80)
    sheet.freeze_panes(1, 0)


def _write_codes(sheet: Any, measure: Measure, formats: _Formats) -> None:
    for place, name in enumerate(("Kolumn", "Kod", "Betyder")):
        sheet.write_string(0, place, name, formats.heading)
    rows = [
        (allowed.HEADINGS[dimension], code, word)
        for dimension in _dimensions(measure)
        for code, word in allowed.words(dimension, measure).items()
    ]
    rows += [(allowed.HEADINGS["value"], symbol, word) for symbol, word in allowed.SYMBOLS.items()]
    for number, row in enumerate(rows, 1):
        for place, text in enumerate(row):
            sheet.write_string(number, place, text, formats.text)
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 2, 50)
    sheet.freeze_panes(1, 0)


def _write_read_me(sheet: Any, measure: Measure, formats: _Formats) -> None:
    lines = (
        f"Mall för måttet {measure.id}: {measure.title}, i {measure.unit}.",
        measure.definition,
        *([measure.missing_reason] if measure.missing_reason else []),
        f"1. Fyll i bladet {ABOUT}.",
        f"2. Skriv en rad för varje uppgift i bladet {DATA}, med koderna i bladet {CODES}. Ta bort "
        "exempelraden.",
        "3. Skriv värden, inte formler, och slå inte samman celler. Ett värde som saknas skrivs som .. "
        "och lämnas aldrig tomt." + _range(measure),
        "4. Lägg filen i data/raw/delivered. Den prövas med affarsplan delivered och nästa gång något "
        "hämtas. Är något fel sägs var, och inget i filen används förrän det är rättat.",
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, formats.wrapped)
    sheet.set_column(0, 0, 100)


def _range(measure: Measure) -> str:
    if measure.highest is not None and measure.lowest is not None:
        return f" Värdet är {measure.lowest:g}–{measure.highest:g}."
    return " Värdet är aldrig negativt." if measure.lowest == 0 else ""

"""Writes a frame as a file: Parquet as it is, CSV and Excel so that no spreadsheet runs a cell."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from affarsplan_data.report.cells import plain
from affarsplan_data.report.errors import ExportError

MOST_ROWS = 1_048_576
"""The rows of a sheet in Excel, the heading among them."""
ABOUT = "om uppgifterna"

About = Mapping[str, str]
Writer = Callable[[Path, pd.DataFrame, About], None]


def write_parquet(path: Path, frame: pd.DataFrame, about: About) -> None:
    """Write ``frame`` as Parquet; what ``about`` says stands in the description of the package."""
    frame.to_parquet(path, index=False, compression="zstd")


def write_csv(path: Path, frame: pd.DataFrame, about: About) -> None:
    """Write ``frame`` as CSV in UTF-8: comma, decimal point, one heading row, missing as nothing."""
    texts = pd.DataFrame({name: _texts(frame[name]) for name in frame.columns})
    texts.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _texts(values: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(values):
        return values.map({True: "true", False: "false"})
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d").fillna("")
    told = values.astype("object")
    unique = pd.Series(told.unique(), dtype="object")
    known = {value: plain(value) for value in unique[unique.notna()]}
    return pd.Series([known.get(value, "") for value in told], index=values.index, dtype="object")


def write_xlsx(path: Path, frame: pd.DataFrame, about: About) -> None:
    """Write ``frame`` as the first sheet of a workbook, and what ``about`` says as the second.

    Raises:
        ExportError: there are more rows than a sheet in Excel holds.
    """
    if len(frame) >= MOST_ROWS:
        raise ExportError(
            f"{path.name} skulle få {len(frame)} rader, och ett blad i Excel rymmer {MOST_ROWS - 1}. "
            "Välj --format csv eller parquet, eller färre uppgifter med --region, --level eller --since."
        )
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, options) as book:
        heading = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet("data")
        for column, name in enumerate(frame.columns):
            sheet.write_string(0, column, name, heading)
        sheet.freeze_panes(1, 0)
        columns = [_cells(frame[name]) for name in frame.columns]
        for row, values in enumerate(zip(*columns, strict=True), start=1):
            for column, value in enumerate(values):
                _write(sheet, row, column, value)
        _write_about(book.add_worksheet(ABOUT), about, heading)


def _cells(values: pd.Series) -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d")
    told = values.astype("object")
    return told.where(told.notna(), None).tolist()


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, plain(value))


def _write_about(sheet: Any, about: About, heading: Any) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 100)
    for row, (name, said) in enumerate(about.items()):
        sheet.write_string(row, 0, name, heading)
        sheet.write_string(row, 1, plain(said))


WRITERS: dict[str, Writer] = {"parquet": write_parquet, "csv": write_csv, "xlsx": write_xlsx}
"""The formats that can be written."""

"""What a page's outputs say to machines: the opening's answer and each figure's table."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from affarsplan_data.report.errors import ExportError
from affarsplan_data.report.notebooks import SLUG

FIGURE_MIME = "application/vnd.affarsplan.figure+json"
OPENING_MIME = "application/vnd.affarsplan.opening+json"

Value = str | int | float | bool | None


@dataclass(frozen=True)
class FigureTable:
    """A figure's table with the words that belong to it. Missing values are None."""

    name: str
    title: str
    subtitle: str
    source: str
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    decimals: tuple[int | None, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Opening:
    """The page's question and its answer."""

    question: str
    answer: str


def figure_of(output: Any) -> FigureTable | None:
    """Return the figure of one output, or None when it is not a figure.

    Raises:
        ExportError: the payload is incomplete, its name is no plain slug or its rows do not fit.
    """
    content = _payload(output, FIGURE_MIME)
    return None if content is None else table_of(content)


def table_of(content: Mapping[str, Any]) -> FigureTable:
    """Return the figure that a payload describes.

    Raises:
        ExportError: as for :func:`figure_of`.
    """
    name = str(content.get("name", ""))
    if not SLUG.fullmatch(name.replace("_", "-")):
        raise ExportError(f"Figurens namn är {name!r}. Använd små bokstäver a–z, siffror, - och _.")
    try:
        columns = content["columns"]
        table = FigureTable(
            name=name,
            title=content["title"],
            subtitle=content.get("subtitle") or "",
            source=content.get("source") or "",
            notes=tuple(content.get("notes") or ()),
            columns=tuple(str(column["name"]) for column in columns),
            decimals=tuple(column.get("decimals") for column in columns),
            rows=tuple(tuple(row) for row in content["rows"]),
        )
    except (KeyError, TypeError) as error:
        raise ExportError(f"Figuren {name}: uppgifterna är ofullständiga ({error}).") from error
    if any(len(row) != len(table.columns) for row in table.rows):
        raise ExportError(f"Figuren {name}: en rad har inte {len(table.columns)} kolumner.")
    return table


def figures_of(node: Any) -> tuple[FigureTable, ...]:
    """Return the notebook's figures in page order.

    Raises:
        ExportError: a payload is faulty, or two figures have the same name.
    """
    found = tuple(figure for output in _outputs(node) if (figure := figure_of(output)))
    names = [figure.name for figure in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ExportError(f"Flera figurer på sidan heter {', '.join(sorted(twice))}.")
    return found


def opening_of(node: Any) -> Opening | None:
    """Return the page's opening, or None when the notebook shows none."""
    for output in _outputs(node):
        content = _payload(output, OPENING_MIME)
        if content is not None:
            return Opening(str(content.get("question", "")), str(content.get("answer", "")))
    return None


def _outputs(node: Any) -> Iterator[Any]:
    for cell in node.cells:
        if cell.cell_type == "code":
            yield from cell.outputs


def _payload(output: Any, mime: str) -> dict[str, Any] | None:
    data = output.get("data") or {}
    if mime not in data:
        return None
    value = data[mime]
    # A mime type that ends in +json may be kept as text by older notebook tools.
    return json.loads(value) if isinstance(value, str) else dict(value)

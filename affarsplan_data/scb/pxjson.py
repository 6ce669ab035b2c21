"""Reads the ``json`` format of PxWeb v1: rows of codes, and values as texts.

    {"columns": [{"code": "Region", "text": "region", "type": "d"}, {"code": "Tid", "type": "t", ...},
                 {"code": "BE0101N1", "text": "Folkmängd", "type": "c"}],
     "data": [{"key": ["19", "2024"], "values": ["280000"]}, {"key": ["20", "2024"], "values": [".."]}]}

The format has codes but no names for them; a symbol stands in place of a missing value.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from affarsplan_data.scb.cells import MOST_CELLS, plain
from affarsplan_data.scb.cubes import Cube, Dimension, Note, Role, Structure, Unit
from affarsplan_data.scb.fields import (
    array,
    mapping,
    optional_text,
    shown,
    text,
    texts,
    unboxed,
    unreadable,
)

CONTENTS = "ContentsCode"
"""The id given to the dimension of contents, which the format writes as columns."""

LONGEST_SYMBOL = 12
_ROLES: dict[str, Role] = {"t": "time"}


def read_pxjson(body: bytes) -> Cube:
    """Return the cube of an answer in the ``json`` format; labels of codes are the codes.

    The cells are placed by their keys, in the order in which codes first occur, with the contents as
    the last dimension.

    Raises:
        UnreadableAnswerError: not that format, or rows that do not make up a whole cube.
    """
    answer = mapping(plain(body), "svaret")
    columns = [mapping(c, "columns") for c in array(answer.get("columns"), "columns")]
    variables = [c for c in columns if unboxed(c.get("type")) != "c"]
    contents = [c for c in columns if unboxed(c.get("type")) == "c"]
    rows = [mapping(row, "data") for row in array(answer.get("data"), "data")]
    if not contents or not rows:
        raise unreadable("inga värden i columns och data")
    keys = [texts(row.get("key"), "key") for row in rows]
    order, codes = _placed(keys, len(variables))
    values, status, symbols = _cells(rows, order, len(contents))
    comments = answer.get("comments") or []
    notes = [_note(mapping(c, "comments")) for c in array(comments, "comments")]
    dimensions = [_dimension(c, found, notes) for c, found in zip(variables, codes, strict=True)]
    about = _about(answer.get("metadata"))
    structure = Structure(
        label=optional_text(about.get("label"), "label") or "",
        source=optional_text(about.get("source"), "source"),
        updated=optional_text(about.get("updated"), "updated"),
        dimensions=_unlike([*dimensions, _metric(contents, notes)]),
        notes=tuple(note for note in notes if note.variable is None),
        extension={},
    )
    return Cube(structure, values, status, symbols)


def _placed(keys: list[tuple[str, ...]], count: int) -> tuple[np.ndarray, list[tuple[str, ...]]]:
    """Return the place of each row in the cube, and the codes of each variable as they first occur."""
    if any(len(key) != count for key in keys):
        wrong = next(key for key in keys if len(key) != count)
        raise unreadable(f"nyckeln {shown(list(wrong))} har inte {count} koder")
    codes = [tuple(dict.fromkeys(along)) for along in zip(*keys, strict=True)]
    shape = tuple(len(found) for found in codes)
    if math.prod(shape) != len(keys):
        raise unreadable(f"{len(keys)} rader, men koderna ger {math.prod(shape)} celler")
    order = np.zeros(len(keys), dtype=np.int64)
    for found, along in zip(codes, zip(*keys, strict=True), strict=True):
        place = {code: i for i, code in enumerate(found)}
        order = order * len(found) + np.array([place[code] for code in along])
    if len(np.unique(order)) != len(order):
        raise unreadable("två rader har samma nyckel")
    return order, codes


def _cells(
    rows: list[Mapping[str, Any]], order: np.ndarray, width: int
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    if len(rows) * width > MOST_CELLS:
        raise unreadable(f"{len(rows)} rader är fler än något svar har")
    given = [array(row.get("values"), "values") for row in rows]
    if any(len(cells) != width for cells in given):
        raise unreadable(f"en rad har inte {width} värden")
    symbols = {"": 0}
    read = [_number(unboxed(cell), symbols) for cells in given for cell in cells]
    values = np.empty((len(rows), width))
    status = np.empty((len(rows), width), dtype=np.min_scalar_type(len(symbols)))
    values[order] = np.array([value for value, _ in read]).reshape(values.shape)
    status[order] = np.array([mark for _, mark in read]).reshape(values.shape)
    return values.reshape(-1), status.reshape(-1), tuple(symbols)


def _number(cell: Any, symbols: dict[str, int]) -> tuple[float, int]:
    """Return a cell's value and the place of its symbol, noting a symbol that is new."""
    if cell is None or cell == "":
        return math.nan, 0
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell), 0
    written = text(cell, "values").strip().replace("\N{NO-BREAK SPACE}", "")
    if any(c.isdigit() for c in written):
        try:
            value = float(written.replace(",", "."))
        except ValueError:
            raise unreadable(f"värdet {shown(cell)} är inget tal") from None
        if not math.isfinite(value):
            raise unreadable(f"värdet {shown(cell)} är större än något tal i statistik")
        return value, 0
    if len(written) > LONGEST_SYMBOL:
        raise unreadable(f"värdet {shown(cell)} är varken ett tal eller ett tecken")
    return math.nan, symbols.setdefault(written, len(symbols))


def _note(comment: Mapping[str, Any]) -> Note:
    variable = optional_text(comment.get("variable"), "comments.variable") or None
    code = optional_text(comment.get("value"), "comments.value") or None
    return Note(text(comment.get("comment"), "comments.comment").strip(), False, variable, code)


def _dimension(
    column: Mapping[str, Any], codes: tuple[str, ...], notes: Iterable[Note]
) -> Dimension:
    name = text(column.get("code"), "columns.code")
    return Dimension(
        id=name,
        label=optional_text(column.get("text"), "columns.text") or name,
        codes=codes,
        labels=codes,
        role=_ROLES.get(str(unboxed(column.get("type")))),
        units={},
        notes=tuple(note for note in notes if note.variable == name),
        extension={},
    )


def _metric(contents: list[Mapping[str, Any]], notes: Iterable[Note]) -> Dimension:
    codes = tuple(text(column.get("code"), "columns.code") for column in contents)
    if len(set(codes)) != len(codes):
        raise unreadable("två innehåll har samma kod")
    labels = [optional_text(column.get("text"), "columns.text") for column in contents]
    units = [optional_text(column.get("unit"), "columns.unit") for column in contents]
    return Dimension(
        id=CONTENTS,
        label=CONTENTS,
        codes=codes,
        labels=tuple(label or code for label, code in zip(labels, codes, strict=True)),
        role="metric",
        units={c: Unit(unit, None) for c, unit in zip(codes, units, strict=True) if unit},
        notes=tuple(note for note in notes if note.variable == CONTENTS),
        extension={},
    )


def _unlike(dimensions: list[Dimension]) -> tuple[Dimension, ...]:
    ids = [dimension.id for dimension in dimensions]
    if len(set(ids)) != len(ids):
        raise unreadable("två variabler har samma kod")
    return tuple(dimensions)


def _about(metadata: Any) -> Mapping[str, Any]:
    held = unboxed(metadata)
    return held if isinstance(held, dict) else {}

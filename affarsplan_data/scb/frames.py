"""Lays a cube out as a frame: one row per cell, or one column per content."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from affarsplan_data.scb.cubes import Cube, Dimension, Structure
from affarsplan_data.scb.errors import SelectionError

Columns = Literal["both", "codes", "labels"]
Contents = Literal["rows", "columns"]

RESERVED = ("value", "unit", "status")


def to_frame(cube: Cube, *, columns: Columns = "both", contents: Contents = "rows") -> pd.DataFrame:
    """Return the cells of a cube as a frame, in cube order.

    Args:
        cube: what to lay out.
        columns: ``codes`` gives each variable a column named by its id, ``labels`` a column
            ``<id>_label``, ``both`` both. All are categorical, with the categories in cube order;
            those of the time variable can be compared.
        contents: ``rows`` gives one row per cell with ``value``, ``unit`` (when the contents have
            units) and ``status``; ``columns`` gives each content of the table its own column of values,
            named by its code (by its label when ``columns="labels"``), with ``<name>_status`` beside it.

    Returns:
        A frame whose ``attrs`` hold label, source, updated, notes (the mandatory ones), other_notes,
        units by code, and the ids of the time and metric variables. A variable whose name is taken
        gets an underscore after it.
    """
    return laid_out(replace(cube, values=cube.values.copy()), columns, contents)


def laid_out(cube: Cube, columns: Columns, contents: Contents) -> pd.DataFrame:
    """Return the frame of :func:`to_frame`, which takes over the cube's array of values."""
    check_layout(columns, contents)
    metric = cube.structure.metric
    if contents == "columns" and metric is not None:
        frame = _wide(cube, metric, columns)
    else:
        frame = _long(cube, metric, columns)
    frame.attrs = attributes(cube.structure)
    return frame


def check_layout(columns: object, contents: object) -> None:
    """Do nothing when a layout exists.

    Raises:
        SelectionError: it does not; those that exist are named.
    """
    for given, choices, name in (
        (columns, get_args(Columns), "columns"),
        (contents, get_args(Contents), "contents"),
    ):
        if given not in choices:
            raise SelectionError(
                f"{name} ska vara något av {', '.join(choices)}, inte {given!r:.40}."
            )


def _long(cube: Cube, metric: Dimension | None, columns: Columns) -> pd.DataFrame:
    dimensions, shape = cube.structure.dimensions, cube.structure.shape
    data: dict[str, Any] = {}
    names = _names(dimensions, columns, RESERVED)
    units = None
    for axis, dimension in enumerate(dimensions):
        places = _places(shape, axis)
        _add(data, dimension, places, names[axis])
        if dimension is metric and dimension.units:
            units = _lookup([_unit(dimension, code) for code in dimension.codes], places)
    data["value"] = cube.values
    if units is not None:
        data["unit"] = units
    data["status"] = _status(cube, cube.status)
    return pd.DataFrame(data, copy=False)


def _wide(cube: Cube, metric: Dimension, columns: Columns) -> pd.DataFrame:
    dimensions, shape = cube.structure.dimensions, cube.structure.shape
    at = dimensions.index(metric)
    rest, rest_shape = dimensions[:at] + dimensions[at + 1 :], shape[:at] + shape[at + 1 :]
    contents = _content_names(metric, columns)
    taken = {*RESERVED, *contents}
    marks = [_unique(f"{name}_status", taken) for name in contents]
    data: dict[str, Any] = {}
    for axis, names in enumerate(_names(rest, columns, taken)):
        _add(data, rest[axis], _places(rest_shape, axis), names)
    values, status = cube.values.reshape(shape), cube.status.reshape(shape)
    for place, (name, mark) in enumerate(zip(contents, marks, strict=True)):
        data[name] = values.take(place, axis=at).reshape(-1)
        data[mark] = _status(cube, status.take(place, axis=at).reshape(-1))
    return pd.DataFrame(data, copy=False)


def _add(
    data: dict[str, Any], dimension: Dimension, places: np.ndarray, names: tuple[str, str]
) -> None:
    """Add a dimension's code and label columns; an empty name means that column is not wanted."""
    code, label = names
    # Periods can be compared; in every other variable the order of the codes means nothing.
    ordered = dimension.role == "time" and list(dimension.codes) == sorted(dimension.codes)
    if label:
        labels = _lookup(dimension.labels, places, ordered)
    if code:
        data[code] = _categorical(dimension.codes, places, ordered)
    if label:
        data[label] = labels


def _places(shape: tuple[int, ...], axis: int) -> np.ndarray:
    """Return each cell's place along one axis, in C order, as the smallest integers that hold it."""
    size = shape[axis]
    inner = int(np.prod(shape[axis + 1 :], dtype=np.int64))
    total = int(np.prod(shape, dtype=np.int64))
    places = np.empty(total, dtype=_integers(size))
    if total == 0:
        return places
    filled = size * inner
    places[:filled].reshape(size, inner)[:] = np.arange(size, dtype=places.dtype)[:, None]
    # What is there is copied after itself, twice as much each time: plain copying of memory.
    while filled < total:
        more = min(filled, total - filled)
        places[filled : filled + more] = places[:more]
        filled += more
    return places


def _integers(size: int) -> type[np.signedinteger[Any]]:
    """Return the integers that pandas itself uses for so many categories, so that none are copied."""
    return np.int8 if size <= 127 else np.int16 if size <= 32767 else np.int32


def _categorical(
    categories: Iterable[str], places: np.ndarray, ordered: bool = False
) -> pd.Categorical:
    dtype = pd.CategoricalDtype(pd.Index(list(categories), dtype="str"), ordered=ordered)
    return pd.Categorical.from_codes(places, dtype=dtype)


def _lookup(
    labels: Iterable[str | None], places: np.ndarray, ordered: bool = False
) -> pd.Categorical:
    """Return the label at each place. Codes may share a label; the result never shares memory."""
    listed = list(labels)
    unique = list(dict.fromkeys(label for label in listed if label is not None))
    if unique == listed:
        return _categorical(unique, places.copy(), ordered)
    place = {label: i for i, label in enumerate(unique)}
    table = np.array([-1 if label is None else place[label] for label in listed], dtype=np.int64)
    return _categorical(unique, table.astype(_integers(len(unique))).take(places), ordered)


def _status(cube: Cube, status: np.ndarray) -> pd.Categorical:
    return _categorical(cube.symbols, status.astype(_integers(len(cube.symbols))))


def _unit(metric: Dimension, code: str) -> str | None:
    unit = metric.units.get(code)
    return None if unit is None else unit.base


def _names(
    dimensions: Iterable[Dimension], columns: Columns, reserved: Iterable[str]
) -> list[tuple[str, str]]:
    """Return the code and label column of each dimension, unique; empty when not wanted."""
    listed, taken = list(dimensions), set(reserved)
    codes = [_unique(d.id, taken) if columns != "labels" else "" for d in listed]
    labels = [_unique(f"{d.id}_label", taken) if columns != "codes" else "" for d in listed]
    return list(zip(codes, labels, strict=True))


def _unique(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _content_names(metric: Dimension, columns: Columns) -> list[str]:
    """Return the columns of the contents: codes, or labels told apart by their codes where alike."""
    if columns != "labels":
        return list(metric.codes)
    taken: set[str] = set()
    labels = list(metric.labels)
    return [
        _unique(label if labels.count(label) == 1 else f"{label} ({code})", taken)
        for code, label in zip(metric.codes, labels, strict=True)
    ]


def attributes(structure: Structure) -> dict[str, Any]:
    """Return what rides along with a frame: plain texts, lists and dicts that any writer can keep."""
    notes = [*structure.notes, *(note for d in structure.dimensions for note in d.notes)]
    metric, time = structure.metric, structure.time
    return {
        "label": structure.label,
        "source": structure.source,
        "updated": structure.updated,
        "notes": [note.text for note in notes if note.mandatory],
        "other_notes": [note.text for note in notes if not note.mandatory],
        "units": {} if metric is None else {code: unit.base for code, unit in metric.units.items()},
        "time": None if time is None else time.id,
        "metric": None if metric is None else metric.id,
    }

"""Writes a cube as JSON-stat 2, in every form that the format allows."""

from typing import Any

import numpy as np
import orjson

from affarsplan_data.scb.jsonstat import Cube, Dimension, Note, Structure


def encode(
    cube: Cube,
    *,
    sparse: bool = False,
    status_form: str = "object",
    size_as_strings: bool = False,
    index_as_list: bool = False,
) -> bytes:
    """Return the cube as JSON-stat 2.

    Args:
        sparse: write ``value`` as an object with the cells that have one.
        status_form: ``object`` (as SCB), ``list``, or ``string`` when all cells have the same.
        size_as_strings: write the sizes as text.
        index_as_list: write ``category.index`` as a list of codes instead of an object.
    """
    structure = cube.structure
    dataset = _head(structure, size_as_strings)
    dataset["dimension"] = {d.id: _dimension(d, index_as_list) for d in structure.dimensions}
    dataset["extension"] = _with_mandatory(dict(structure.extension), structure.notes)
    if not dataset["extension"]:
        del dataset["extension"]
    dataset["value"] = _values(cube.values, sparse)
    status = _status([cube.symbols[n] for n in cube.status.tolist()], status_form)
    if status:
        dataset["status"] = status
    return orjson.dumps(dataset)


def _head(structure: Structure, size_as_strings: bool) -> dict[str, Any]:
    dataset: dict[str, Any] = {"version": "2.0", "class": "dataset", "label": structure.label}
    for name, text in (("source", structure.source), ("updated", structure.updated)):
        if text is not None:
            dataset[name] = text
    if structure.notes:
        dataset["note"] = [note.text for note in structure.notes]
    roles: dict[str, list[str]] = {}
    for dimension in structure.dimensions:
        if dimension.role is not None:
            roles.setdefault(dimension.role, []).append(dimension.id)
    if roles:
        dataset["role"] = roles
    sizes = [len(dimension.codes) for dimension in structure.dimensions]
    dataset["id"] = [dimension.id for dimension in structure.dimensions]
    dataset["size"] = [str(n) for n in sizes] if size_as_strings else sizes
    return dataset


def _dimension(dimension: Dimension, index_as_list: bool) -> dict[str, Any]:
    codes = dimension.codes
    # An object's keys stand in falling order: only the numbers tell the places.
    falling = {code: n for n, code in reversed(list(enumerate(codes)))}
    category: dict[str, Any] = {
        "index": list(codes) if index_as_list else falling,
        "label": dict(zip(codes, dimension.labels, strict=True)),
    }
    if dimension.units:
        category["unit"] = {
            code: {"base": unit.base} | _known("decimals", unit.decimals)
            for code, unit in dimension.units.items()
        }
    described: dict[str, Any] = {"label": dimension.label, "category": category}
    extension = dict(dimension.extension)
    own = [note for note in dimension.notes if note.code is None]
    if own:
        described["note"] = [note.text for note in own]
        extension = _with_mandatory(extension, own)
    for code in codes:
        notes = [note for note in dimension.notes if note.code == code]
        if notes:
            category.setdefault("note", {})[code] = [note.text for note in notes]
            mandatory = _with_mandatory({}, notes).get("noteMandatory")
            if mandatory:
                extension.setdefault("categoryNoteMandatory", {})[code] = mandatory
    if extension:
        described["extension"] = extension
    return described


def _known(name: str, value: object) -> dict[str, Any]:
    return {} if value is None else {name: value}


def _with_mandatory(
    extension: dict[str, Any], notes: tuple[Note, ...] | list[Note]
) -> dict[str, Any]:
    mandatory = {str(n): True for n, note in enumerate(notes) if note.mandatory}
    return {**extension, "noteMandatory": mandatory} if mandatory else extension


def _values(values: np.ndarray, sparse: bool) -> Any:
    listed = [None if np.isnan(v) else _number(v) for v in values.tolist()]
    if sparse:
        return {str(n): v for n, v in enumerate(listed) if v is not None}
    return listed


def _number(value: float) -> float | int:
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _status(symbols: list[str], form: str) -> Any:
    if form == "string" and symbols and len(set(symbols)) == 1:
        return symbols[0]
    if form == "list" and any(symbols):
        return [symbol or None for symbol in symbols]
    return {str(n): symbol for n, symbol in enumerate(symbols) if symbol}

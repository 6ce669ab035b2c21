"""Reads JSON-stat, versions 1 and 2, into cubes and frames.

Understands what SCB, Statistics Norway and Eurostat send, and the samples of json-stat.org: dense and
sparse cells, both forms of category index, sizes as texts, a collection or bundle around one dataset,
and the form that R writes, with every scalar in a list. Whatever the bytes, the only error raised is
:class:`~affarsplan_data.scb.errors.UnreadableAnswerError`.

    >>> frame = decode(body)                    # codes, labels, value, unit, status
    >>> cube = read_cube(body)                  # the same as arrays
"""

from collections.abc import Mapping
from typing import Any, get_args

import pandas as pd

from affarsplan_data.scb import cells as _cells
from affarsplan_data.scb.cubes import Cube, Dimension, Note, Role, Structure, Unit
from affarsplan_data.scb.fields import (
    array,
    count,
    mapping,
    optional_mapping,
    optional_text,
    texts,
    unboxed,
    unreadable,
)
from affarsplan_data.scb.frames import Columns, Contents, laid_out, to_frame

__all__ = [
    "Cube",
    "Dimension",
    "Note",
    "Structure",
    "Unit",
    "decode",
    "read_cube",
    "read_structure",
    "to_frame",
]


def decode(body: bytes, *, columns: Columns = "both", contents: Contents = "rows") -> pd.DataFrame:
    """Return the frame of a JSON-stat answer; see :func:`to_frame` and :func:`read_cube`."""
    return laid_out(read_cube(body), columns, contents)


def read_cube(body: bytes) -> Cube:
    """Return the cube of a JSON-stat answer.

    Raises:
        UnreadableAnswerError: not JSON, not JSON-stat, or sizes and values that do not agree.
    """
    document, numbers = _cells.load(body)
    dataset = _dataset(document)
    structure = read_structure(dataset)
    given = dataset.get("value")
    values = None
    if numbers is not None:
        values = _cells.read_numbers(numbers, structure.cells) if given == [] else None
        given = given if values is not None else _dataset(_cells.plain(body)).get("value")
    if values is None:
        values = _cells.read_values(given, structure.cells)
    status, symbols = _cells.read_status(dataset.get("status"), structure.cells)
    return Cube(structure, values, status, symbols)


def read_structure(dataset: Mapping[str, Any]) -> Structure:
    """Return what a parsed JSON-stat dataset says of itself; its values need not be there.

    Raises:
        UnreadableAnswerError: id, size or dimension is missing, or they do not agree.
    """
    dataset = _dataset(dataset)
    described = mapping(dataset.get("dimension"), "dimension")
    # Version 1 keeps id, size and role among the dimensions.
    outer = dataset if "id" in dataset else described
    ids = texts(array(outer.get("id"), "id"), "id")
    sizes = [count(size, "size") for size in array(outer.get("size"), "size")]
    if not ids or len(ids) != len(sizes) or len(set(ids)) != len(ids):
        raise unreadable(f"id ({len(ids)} variabler) och size ({len(sizes)}) stämmer inte överens")
    roles = _roles(optional_mapping(outer.get("role"), "role"))
    extension = optional_mapping(dataset.get("extension"), "extension")
    return Structure(
        label=optional_text(dataset.get("label"), "label") or "",
        source=optional_text(dataset.get("source"), "source"),
        updated=optional_text(dataset.get("updated"), "updated"),
        dimensions=tuple(
            _dimension(id, size, described.get(id), roles.get(id))
            for id, size in zip(ids, sizes, strict=True)
        ),
        notes=_notes(dataset.get("note"), extension.get("noteMandatory")),
        extension=extension,
    )


def _dataset(document: Any) -> Mapping[str, Any]:
    """Return the one dataset of a document: itself, or the only one inside a collection or bundle."""
    outer = mapping(document, "svaret")
    if "dimension" in outer:
        return outer
    if "id" in outer and "size" in outer:
        raise unreadable("dimension saknas")
    held: Any = outer.values()
    if unboxed(outer.get("class")) == "collection":
        held = array(optional_mapping(outer.get("link"), "link").get("item", []), "link.item")
    inside = [each for each in held if isinstance(each, dict) and "dimension" in each]
    if len(inside) != 1:
        raise unreadable(f"{len(inside)} tabeller i svaret, i stället för en (JSON-stat)")
    return inside[0]


def _roles(declared: Mapping[str, Any]) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    for role in get_args(Role):
        for id in texts(declared.get(role), f"role.{role}"):
            roles.setdefault(id, role)
    return roles


def _dimension(id: str, size: int, described: Any, role: Role | None) -> Dimension:
    described = mapping(described, f"dimension.{id}")
    category = mapping(described.get("category"), f"{id}.category")
    labels = optional_mapping(category.get("label"), f"{id}.category.label")
    codes = _codes(category.get("index"), labels, id)
    if len(codes) != size:
        raise unreadable(f"{id} har {len(codes)} koder, men size säger {size}")
    extension = optional_mapping(described.get("extension"), f"{id}.extension")
    return Dimension(
        id=id,
        label=optional_text(described.get("label"), f"{id}.label") or id,
        codes=codes,
        labels=tuple(
            optional_text(labels.get(code), f"{id}.category.label") or code for code in codes
        ),
        role=role,
        units=_units(optional_mapping(category.get("unit"), f"{id}.category.unit"), id),
        notes=_notes(described.get("note"), extension.get("noteMandatory"), id)
        + _value_notes(category.get("note"), extension.get("categoryNoteMandatory"), id),
        extension=extension,
    )


def _codes(index: Any, labels: Mapping[str, Any], id: str) -> tuple[str, ...]:
    """Return the codes in cube order. An object's order is its numbers', never that of its keys."""
    name = f"{id}.category.index"
    if index is None:
        if len(labels) != 1:
            raise unreadable(f"{name} saknas, och koderna är {len(labels)}")
        return tuple(labels)
    if isinstance(index, list):
        codes = texts(index, name)
        if len(set(codes)) != len(codes):
            raise unreadable(f"{name} har samma kod två gånger")
        return codes
    places = {code: count(place, name) for code, place in mapping(index, name).items()}
    ordered = sorted(places, key=places.__getitem__)
    if [places[code] for code in ordered] != list(range(len(ordered))):
        raise unreadable(f"{name} räknar inte 0, 1, 2 … utan luckor")
    return tuple(ordered)


def _units(declared: Mapping[str, Any], id: str) -> dict[str, Unit]:
    units = {}
    for code, value in declared.items():
        if value is None:
            continue
        unit = mapping(value, f"{id}.category.unit.{code}")
        # Version 1 of the format worded the unit in ``label``.
        base = optional_text(unit.get("base", unit.get("label")), f"{id}.category.unit.{code}")
        decimals = unboxed(unit.get("decimals"))
        whole = isinstance(decimals, int) and not isinstance(decimals, bool)
        units[code] = Unit(base or "", decimals if whole else None)
    return units


def _notes(
    given: Any, mandatory: Any, variable: str | None = None, code: str | None = None
) -> tuple[Note, ...]:
    marks = mandatory if isinstance(mandatory, dict) else {}
    return tuple(
        Note(note, unboxed(marks.get(str(i))) is True, variable, code)
        for i, note in enumerate(texts(given, "note"))
    )


def _value_notes(given: Any, mandatory: Any, variable: str) -> tuple[Note, ...]:
    marks = mandatory if isinstance(mandatory, dict) else {}
    notes: tuple[Note, ...] = ()
    for code, listed in optional_mapping(given, f"{variable}.category.note").items():
        notes += _notes(listed, marks.get(code), variable, code)
    return notes

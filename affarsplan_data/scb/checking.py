"""Compares an answer with what was asked for. HTTP 200 is no proof that they are the same."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from affarsplan_data.scb.cubes import Cube, Dimension, Structure
from affarsplan_data.scb.errors import WrongAnswerError
from affarsplan_data.scb.selection import Choice, Query

SHOWN = 5


def as_asked(query: Query, cube: Cube) -> Cube:
    """Return the answer with its dimensions in the order of the query.

    The variables must be those asked for, each with the codes asked for in the order asked for. Only the
    order of the variables, which a server may place as it likes, and the order within a codelist, which
    no metadata declare, are put right; cells follow their codes.

    Raises:
        WrongAnswerError: anything else differs. Nothing of the answer may be used.
    """
    _check_table(query, cube)
    held = {dimension.id: dimension for dimension in cube.structure.dimensions}
    asked = [choice.code for choice in query.kept]
    if sorted(asked) != sorted(d.id for d in cube.structure.dimensions):
        raise _wrong(query, f"variablerna {_some(asked)}", f"{_some(list(held))}")
    orders = [_order(query, choice, held[choice.code]) for choice in query.kept]
    axes = [list(held).index(code) for code in asked]
    shape = cube.structure.shape

    def placed(cells: np.ndarray) -> np.ndarray:
        moved = cells.reshape(shape).transpose(axes)
        for axis, order in enumerate(orders):
            if order is not None:
                moved = moved.take(order, axis=axis)
        return np.ascontiguousarray(moved).reshape(-1)

    if axes == sorted(axes) and not any(order is not None for order in orders):
        return cube
    dimensions = tuple(
        _ordered(held[choice.code], choice, order)
        for choice, order in zip(query.kept, orders, strict=True)
    )
    return Cube(
        replace(cube.structure, dimensions=dimensions),
        placed(cube.values),
        placed(cube.status),
        cube.symbols,
    )


def _check_table(query: Query, cube: Cube) -> None:
    """Refuse an answer that says itself that it is about another table."""
    asked, got = (
        structure.extension.get("px") for structure in (query.metadata.structure, cube.structure)
    )
    if not isinstance(asked, dict) or not isinstance(got, dict):
        return
    for name in ("tableid", "matrix"):
        if asked.get(name) and got.get(name) and asked[name] != got[name]:
            raise _wrong(query, f"{name} {asked[name]}", str(got[name])[:60])


def _order(query: Query, choice: Choice, got: Dimension) -> list[int] | None:
    """Return how to reorder a dimension's codes; None when they already come as asked."""
    if got.codes == choice.codes:
        return None
    if choice.codelist and sorted(got.codes) == sorted(choice.codes):
        place = {code: position for position, code in enumerate(got.codes)}
        return [place[code] for code in choice.codes]
    missing = [code for code in choice.codes if code not in set(got.codes)]
    extra = [code for code in got.codes if code not in set(choice.codes)]
    if not missing and not extra:
        raise _wrong(query, f"koderna för {choice.code} i tabellens ordning", "en annan ordning")
    raise _wrong(
        query,
        f"{len(choice.codes)} koder för {choice.code}",
        f"{len(got.codes)}; saknas: {_some(missing)}; inte efterfrågade: {_some(extra)}",
    )


def _ordered(got: Dimension, choice: Choice, order: Sequence[int] | None) -> Dimension:
    if order is None:
        return got
    labels = tuple(got.labels[place] for place in order)
    return replace(got, codes=choice.codes, labels=labels)


def whole_structure(query: Query, answers: Sequence[Cube]) -> Structure:
    """Return the structure of the whole answer from those of its parts, given in cube order."""
    first = answers[0].structure
    parts = [answer.structure for answer in answers]
    dimensions = tuple(
        _whole_dimension(choice, [part.dimensions[axis] for part in parts])
        for axis, choice in enumerate(query.kept)
    )
    notes = tuple(dict.fromkeys(note for part in parts for note in part.notes))
    updated = max((part.updated for part in parts if part.updated), default=None)
    return replace(first, dimensions=dimensions, notes=notes, updated=updated)


def _whole_dimension(choice: Choice, pieces: Sequence[Dimension]) -> Dimension:
    first = pieces[0]
    labels = {
        code: label
        for piece in pieces
        for code, label in zip(piece.codes, piece.labels, strict=True)
    }
    units = {code: unit for piece in pieces for code, unit in piece.units.items()}
    notes = tuple(dict.fromkeys(note for piece in pieces for note in piece.notes))
    named = tuple(labels[code] for code in choice.codes)
    return replace(first, codes=choice.codes, labels=named, units=units, notes=notes)


def _wrong(query: Query, asked: str, got: str) -> WrongAnswerError:
    return WrongAnswerError(
        f"Servern svarade på något annat än frågan om {query.metadata.id}. Efterfrågat: {asked}. "
        f"Svaret har: {got}. Inget av svaret används. Försök igen om en stund; håller det i sig har "
        "tabellen ändrats."
    )


def _some(codes: Sequence[str]) -> str:
    shown = ", ".join(codes[:SHOWN])
    return f"{shown} … ({len(codes)})" if len(codes) > SHOWN else shown or "inga"

"""Puts the cubes of one table's answers together to the cube they were cut from."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from affarsplan_data.clean.errors import CleaningError
from affarsplan_data.scb.cubes import Cube, Dimension, Structure


def joined(table: str, cubes: Sequence[Cube]) -> Cube:
    """Return the whole cube. Codes stand in the order in which they first occur.

    Raises:
        CleaningError: there is no cube, the cubes have different variables, hold a cell twice, or leave
            one out.
    """
    if not cubes:
        raise CleaningError(table, "det finns inget svar att läsa.")
    if len(cubes) == 1:
        return cubes[0]
    names = [tuple(d.id for d in cube.structure.dimensions) for cube in cubes]
    if len(set(names)) > 1:
        raise CleaningError(table, "svaren har inte samma variabler.")
    sides = zip(*(cube.structure.dimensions for cube in cubes), strict=True)
    structure = replace(cubes[0].structure, dimensions=tuple(_union(side) for side in sides))
    return _filled(table, structure, cubes)


def _union(dimensions: Sequence[Dimension]) -> Dimension:
    pairs = [pair for d in dimensions for pair in zip(d.codes, d.labels, strict=True)]
    labels: dict[str, str] = {}
    for code, label in pairs:
        labels.setdefault(code, label)
    units = {code: unit for d in dimensions for code, unit in d.units.items()}
    return replace(dimensions[0], codes=tuple(labels), labels=tuple(labels.values()), units=units)


def _filled(table: str, structure: Structure, cubes: Sequence[Cube]) -> Cube:
    symbols = list(dict.fromkeys(symbol for cube in cubes for symbol in ("", *cube.symbols)))
    values = np.full(structure.shape, np.nan)
    status = np.zeros(structure.shape, dtype=np.int16)
    times = np.zeros(structure.shape, dtype=np.int8)
    for cube in cubes:
        shape = cube.structure.shape
        own = np.array([symbols.index(symbol) for symbol in cube.symbols], dtype=np.int16)
        at = np.ix_(*(_places(w, p) for w, p in _sides(structure, cube.structure)))
        values[at] = cube.values.reshape(shape)
        status[at] = own[cube.status].reshape(shape)
        times[at] += 1
    if (times > 1).any():
        raise CleaningError(table, "samma uppgift finns i flera av svaren.")
    if (times == 0).any():
        lacking = int((times == 0).sum())
        raise CleaningError(table, f"{lacking} av {times.size} uppgifter finns inte i svaren.")
    return Cube(structure, values.reshape(-1), status.reshape(-1), tuple(symbols))


def _sides(whole: Structure, part: Structure) -> list[tuple[Dimension, Dimension]]:
    return list(zip(whole.dimensions, part.dimensions, strict=True))


def _places(whole: Dimension, part: Dimension) -> list[int]:
    place = {code: n for n, code in enumerate(whole.codes)}
    return [place[code] for code in part.codes]

"""Which of a snapshot's answers hold given figures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import Gives, Table
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.fitting import column_of, content_code, taken
from affarsplan_data.regions.former import MOVED
from affarsplan_data.scb.cubes import Cube, Dimension
from affarsplan_data.sources.standing import read

Cell = Mapping[str, str]
"""A figure: ``measure``, ``region``, ``period`` and every dimension of the schema."""


def holders(
    archive: Archive, snapshot: Snapshot, table: Table, cells: Sequence[Cell]
) -> frozenset[str] | None:
    """Return the ids of the answers with any of the cells that the figures are made of.

    An answer that cannot be read may hold one, and is among them. None when it cannot be told at all,
    because the table no longer fits the catalogue: any answer may then hold a figure.
    """
    if len(snapshot.answers) == 1:
        return frozenset(snapshot.answers)
    cubes = {id: _cubes(archive, snapshot, table, id) for id in snapshot.answers}
    unread = frozenset(id for id, parts in cubes.items() if not parts)
    try:
        whole = _united([cube for parts in cubes.values() for cube in parts])
        wanted = [codes for cell in cells for codes in _codes(table, cell, whole)]
    except AffarsplanError:
        return None
    known = {
        id: [_known(cube, codes) for cube in parts for codes in wanted if _crosses(cube, codes)]
        for id, parts in cubes.items()
    }
    crossing = frozenset(id for id, figures in known.items() if figures)
    # Some producers' answers, read one by one, have every cell; those of the others are without figures.
    with_figures = frozenset(id for id, figures in known.items() if any(figures))
    found = (with_figures or crossing) | unread
    return found or None


def _cubes(archive: Archive, snapshot: Snapshot, table: Table, id: str) -> Sequence[Cube]:
    """Return one answer's figures; none when it cannot be read alone."""
    try:
        return read(table, snapshot.model_copy(update={"answers": [id]}), archive)
    except AffarsplanError:
        return ()


def _united(cubes: Sequence[Cube]) -> tuple[Dimension, ...]:
    """Return the variables with the codes that any of the cubes has."""
    sides = zip(*(cube.structure.dimensions for cube in cubes), strict=True)
    return tuple(_union(side) for side in sides)


def _union(dimensions: Sequence[Dimension]) -> Dimension:
    labels: dict[str, str] = {}
    for one in dimensions:
        labels |= dict(zip(one.codes, one.labels, strict=True))
    return replace(dimensions[0], codes=tuple(labels), labels=tuple(labels.values()))


def _codes(
    table: Table, cell: Cell, dimensions: Sequence[Dimension]
) -> list[dict[str, frozenset[str]]]:
    """Return the codes of each variable that the figure is made of, for each content that may give it."""
    return [
        {dimension.id: _chosen(table, given, cell, dimension) for dimension in dimensions}
        for given in table.gives
        if given.measure == cell["measure"]
        and all(cell[dimension] in values for dimension, values in given.where.items())
    ]


def _chosen(table: Table, given: Gives, cell: Cell, dimension: Dimension) -> frozenset[str]:
    if dimension.role == "metric":
        return frozenset({content_code(table, given, dimension)})
    column = column_of(table, dimension)
    if column is None or column.to == "none":
        return frozenset(dimension.codes)
    wanted = {cell[column.to]}
    if column.to == "region":
        wanted |= {former for former, move in MOVED.items() if move.to == cell["region"]}
    return frozenset(
        dimension.codes[place]
        for one in taken(table.id, column, dimension)
        if one.value in wanted
        for place in one.places
    )


def _known(cube: Cube, codes: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether any of the cells has a value."""
    about = cube.structure
    places = [
        [place for place, code in enumerate(d.codes) if code in codes[d.id]]
        for d in about.dimensions
    ]
    values = cube.values.reshape(about.shape)[np.ix_(*places)]
    return bool(np.isfinite(values).any())


def _crosses(cube: Cube, codes: Mapping[str, frozenset[str]]) -> bool:
    return all(not codes[d.id].isdisjoint(d.codes) for d in cube.structure.dimensions)

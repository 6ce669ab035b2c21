"""Which of a snapshot's answers hold given figures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import Gives, Table, load_catalogue
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.fitting import column_of, content_code, taken
from affarsplan_data.regions.former import MOVED
from affarsplan_data.scb.cubes import Cube, Dimension

Cell = Mapping[str, str]
"""A figure: ``measure``, ``region``, ``period`` and every dimension of the schema."""


def holders(
    archive: Archive, snapshot: Snapshot, table: Table, cells: Sequence[Cell]
) -> frozenset[str] | None:
    """Return the ids of the answers with any of the codes that the figures are made of.

    None when it cannot be told, because an answer cannot be read or no longer fits the catalogue: any of
    them may then hold a figure.
    """
    if len(snapshot.answers) == 1:
        return frozenset(snapshot.answers)
    try:
        cubes = {id: _cubes(archive, snapshot, table, id) for id in snapshot.answers}
        whole = _united([cube for parts in cubes.values() for cube in parts])
        wanted = [codes for cell in cells for codes in _codes(table, cell, whole)]
    except AffarsplanError:
        return None
    found = frozenset(
        id
        for id, parts in cubes.items()
        if any(_crosses(cube, codes) for cube in parts for codes in wanted)
    )
    return found or None


def _cubes(archive: Archive, snapshot: Snapshot, table: Table, id: str) -> Sequence[Cube]:
    from affarsplan_data.sources.providers import PROVIDERS

    interface = load_catalogue().sources[table.source].interface
    assert interface is not None
    return PROVIDERS[interface].read(archive, snapshot.model_copy(update={"answers": [id]}))


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


def _crosses(cube: Cube, codes: Mapping[str, frozenset[str]]) -> bool:
    return all(not codes[d.id].isdisjoint(d.codes) for d in cube.structure.dimensions)

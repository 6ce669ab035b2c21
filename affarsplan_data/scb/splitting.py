"""Cuts a cube too large for one call into parts, and puts the answers together in cube order."""

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

import numpy as np

from affarsplan_data.scb.cubes import Cube, Structure
from affarsplan_data.scb.errors import TooManyCellsError

Part = tuple[slice, ...]
"""One slice per dimension of the whole cube."""


def parts(shape: Sequence[int], max_cells: int) -> list[Part]:
    """Return the parts of a cube, each of at most ``max_cells`` cells, in cube order.

    The largest dimensions are cut first, and into pieces of equal length.

    Raises:
        TooManyCellsError: the server allows no cell at all in an answer.
    """
    if max_cells < 1:
        raise TooManyCellsError("Servern säger att ett svar inte får ha några celler alls.")
    if 0 in shape:
        return [tuple(slice(0, length) for length in shape)]
    lengths = list(shape)
    while (cells := prod(lengths)) > max_cells:
        widest = max(range(len(lengths)), key=lengths.__getitem__)
        pieces_needed = -(-cells // max_cells)
        lengths[widest] = max(lengths[widest] // pieces_needed, 1)
    cuts = [
        list(_pieces(whole, -(-whole // part))) for whole, part in zip(shape, lengths, strict=True)
    ]
    return list(product(*cuts))


def _pieces(length: int, count: int) -> Iterator[slice]:
    short, longer = divmod(length, count)
    start = 0
    for number in range(count):
        stop = start + short + (number < longer)
        yield slice(start, stop)
        start = stop


def join(structure: Structure, pieces: Sequence[tuple[Part, Cube]]) -> Cube:
    """Return the whole cube; ``pieces`` hold every cell once, each in its own cube order.

    Raises:
        ValueError: the pieces do not cover the cube.
    """
    shape = structure.shape
    symbols = ["", *sorted({symbol for _, cube in pieces for symbol in cube.symbols} - {""})]
    kind = np.min_scalar_type(len(symbols))
    values = np.full(shape, np.nan)
    status = np.zeros(shape, dtype=kind)
    filled = 0
    for part, cube in pieces:
        place = np.array([symbols.index(symbol) for symbol in cube.symbols], dtype=kind)
        values[part] = cube.values.reshape(values[part].shape)
        status[part] = place[cube.status].reshape(status[part].shape)
        filled += cube.values.size
    if filled != values.size:
        raise ValueError(f"{filled} av {values.size} celler har kommit")
    return Cube(structure, values.reshape(-1), status.reshape(-1), tuple(symbols))

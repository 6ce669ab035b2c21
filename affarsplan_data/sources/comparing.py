"""What a new version of a table changed, compared with the version before it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from affarsplan_data.scb.cubes import Cube, Dimension


@dataclass(frozen=True)
class Changes:
    """Figures that differ between two versions of a table.

    ``changed`` figures have another value or status, ``added`` were not there before, and ``gone`` are
    there no longer. ``periods`` are those that the new version alone has. ``renamed`` says which contents
    have another name or unit than before, a sentence each.
    """

    changed: int = 0
    added: int = 0
    gone: int = 0
    periods: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return bool(self.changed or self.added or self.gone or self.renamed)


def changes(old: Sequence[Cube], new: Cube) -> Changes:
    """Return what differs between the parts of an earlier version and the whole new one.

    A figure is the same figure when its codes in all variables are the same. A version with other
    variables than before has nothing in common with it.
    """
    held = sum(cube.values.size for cube in old)
    shared = changed = 0
    for cube in old:
        if (pair := _shared(cube, new)) is None:
            continue
        before, after = pair
        same = (before[0] == after[0]) | (np.isnan(before[0]) & np.isnan(after[0]))
        same &= before[1] == after[1]
        shared += same.size
        changed += int((~same).sum())
    earlier = {code for cube in old for code in _periods(cube)}
    periods = tuple(code for code in _periods(new) if code not in earlier)
    return Changes(changed, new.values.size - shared, held - shared, periods, _renamed(old, new))


def _renamed(old: Sequence[Cube], new: Cube) -> tuple[str, ...]:
    before = {code: text for cube in old for code, text in _described(cube).items()}
    after = _described(new)
    return tuple(
        f"{code}: ”{before[code]}” heter nu ”{text}”"
        for code, text in after.items()
        if code in before and before[code] != text
    )


def _described(cube: Cube) -> dict[str, str]:
    """Return the name of every content, with its unit."""
    metric = cube.structure.metric
    if metric is None:
        return {}
    units = {code: unit.base for code, unit in metric.units.items()}
    named = zip(metric.codes, metric.labels, strict=True)
    return {code: f"{label} ({units.get(code, 'utan enhet')})" for code, label in named}


_Cells = tuple[np.ndarray, np.ndarray]


def _shared(old: Cube, new: Cube) -> tuple[_Cells, _Cells] | None:
    """Return values and status symbols of the cells that both have, in the same order."""
    ids = [dimension.id for dimension in new.structure.dimensions]
    mine = {dimension.id: dimension for dimension in old.structure.dimensions}
    if mine.keys() != set(ids):
        return None
    order = [list(mine).index(name) for name in ids]
    places = [_places(mine[d.id], d) for d in new.structure.dimensions]
    return (
        _cells(old, order, [place[0] for place in places]),
        _cells(new, list(range(len(ids))), [place[1] for place in places]),
    )


def _places(old: Dimension, new: Dimension) -> tuple[list[int], list[int]]:
    where = {code: place for place, code in enumerate(new.codes)}
    both = [(place, where[code]) for place, code in enumerate(old.codes) if code in where]
    return [a for a, _ in both], [b for _, b in both]


def _cells(cube: Cube, order: Sequence[int], places: Sequence[list[int]]) -> _Cells:
    chosen = np.ix_(*places)
    symbols = np.array(cube.symbols, dtype=object)
    values = cube.values.reshape(cube.structure.shape).transpose(order)[chosen]
    status = cube.status.reshape(cube.structure.shape).transpose(order)[chosen]
    return values, symbols[status]


def _periods(cube: Cube) -> tuple[str, ...]:
    time = cube.structure.time
    return time.codes if time else ()

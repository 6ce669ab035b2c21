"""Values that nobody has measured: computed from the cell's codes, never stored.

Every value is a pure function of the table's seed and the codes, so the same question always has
the same answer and a misplaced cell shows. SYNTETISKA TESTDATA.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b

import numpy as np

from tests.pxserver.model import Axes, Point, Source, Table, Variable

TERMS = 3


@cache
def code_hash(*parts: str) -> np.uint64:
    """Return 64 well-mixed bits for a text, the same in every process."""
    digest = blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """Spread the bits of each number over all 64 (the product wraps, as it should)."""
    numbers = (numbers ^ (numbers >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return numbers ^ (numbers >> np.uint64(32))


def grid(seed: str, names: Sequence[str], codes: Sequence[Sequence[str]]) -> np.ndarray:
    """Return one hash per combination of codes (uint64, shaped as ``codes``)."""
    total = np.full((1,) * len(codes), code_hash("seed", seed), dtype=np.uint64)
    for axis, (name, along) in enumerate(zip(names, codes, strict=True)):
        column = np.array([code_hash(name, code) for code in along], dtype=np.uint64)
        shape = [-1 if n == axis else 1 for n in range(len(codes))]
        total = _mixed(total + column.reshape(shape))
    return np.broadcast_to(total, [len(along) for along in codes])


def unit(hashes: np.ndarray) -> np.ndarray:
    """Return the hashes as numbers in [0, 1)."""
    return (hashes >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def summed(cells: np.ndarray, axis: int, counts: Sequence[int]) -> np.ndarray:
    """Sum neighbours along ``axis``: the first ``counts[0]`` cells, the next ``counts[1]``, ..."""
    if all(count == 1 for count in counts):
        return cells
    starts = np.cumsum([0, *counts[:-1]])
    return np.add.reduceat(cells, starts, axis=axis)


def no_status(values: np.ndarray) -> np.ndarray:
    """Return the status of cells that all have a value."""
    return np.full(values.shape, "", dtype="<U6")


@dataclass
class Additive:
    """Whole numbers that add up exactly: every total is the sum of its parts.

    The first variable is weighed against all the others together, in ``TERMS`` products of whole
    numbers, so that riket costs no more to compute than a municipality.

    Attributes:
        parts: per variable, the total codes and the leaf codes that they sum.
        sizes: a leaf code of the first variable -> its weights (``TERMS`` whole numbers).
        scale: the codes of the other variables -> whole numbers, shaped as the codes and ``TERMS``.
    """

    seed: str
    parts: Mapping[str, Mapping[str, Sequence[str]]]
    sizes: Callable[[str, str], np.ndarray]
    scale: Callable[[str, Sequence[str], Sequence[Sequence[str]]], np.ndarray]

    def cells(self, table: Table, axes: Axes) -> tuple[np.ndarray, np.ndarray]:
        leaves = [self._leaves(v, p) for v, p in zip(table.variables, axes, strict=True)]
        first = np.array(
            [np.sum([self.sizes(self.seed, leaf) for leaf in along], axis=0) for along in leaves[0]]
        )
        rest = self._rest([v.code for v in table.variables[1:]], leaves[1:])
        flat = rest.reshape(TERMS, -1)
        values = (first.astype(np.float64) @ flat).reshape([len(along) for along in leaves])
        return values, no_status(values)

    def _rest(self, names: Sequence[str], leaves: Sequence[Sequence[Sequence[str]]]) -> np.ndarray:
        unique = [list(dict.fromkeys(leaf for along in axis for leaf in along)) for axis in leaves]
        block = self.scale(self.seed, names, unique).astype(np.float64)
        for axis, (along, known) in enumerate(zip(leaves, unique, strict=True)):
            place = {leaf: n for n, leaf in enumerate(known)}
            order = [place[leaf] for point in along for leaf in point]
            block = summed(block.take(order, axis=axis + 1), axis + 1, [len(p) for p in along])
        return block

    def _leaves(self, variable: Variable, points: Sequence[Point]) -> list[tuple[str, ...]]:
        parts = self.parts.get(variable.code, {})
        return [
            tuple(leaf for member in point.members for leaf in parts.get(member, (member,)))
            for point in points
        ]


@dataclass
class Noisy:
    """Another source with a little noise in every published cell, totals included (as CKM)."""

    inner: Additive
    most: int = 2
    floor: float | None = 0

    def cells(self, table: Table, axes: Axes) -> tuple[np.ndarray, np.ndarray]:
        single = [[Point(m, m, (m,)) for p in points for m in p.members] for points in axes]
        values, _ = self.inner.cells(table, single)
        names = [v.code for v in table.variables]
        hashes = grid(self.inner.seed + " noise", names, [[p.code for p in a] for a in single])
        noise = (hashes % np.uint64(2 * self.most + 1)).astype(np.float64) - self.most
        values = values + noise if self.floor is None else np.maximum(values + noise, self.floor)
        for axis, points in enumerate(axes):
            values = summed(values, axis, [len(p.members) for p in points])
        return values, no_status(values)


@dataclass
class PerContent:
    """A rule of its own for each content; the rules see the axes without the others' contents.

    Attributes:
        rules: content code -> source, called with that single content selected.
        missing: content code -> codes per variable where there is no figure, with the symbol.
    """

    rules: Mapping[str, Source]
    missing: Mapping[str, tuple[Mapping[str, set[str]], str]] = field(default_factory=dict)
    default: "Source | None" = None

    def cells(self, table: Table, axes: Axes) -> tuple[np.ndarray, np.ndarray]:
        place = next(n for n, v in enumerate(table.variables) if v.role == "metric")
        columns = [self._one(table, axes, place, content) for content in axes[place]]
        values = np.concatenate([v for v, _ in columns], axis=place)
        return values, np.concatenate([s for _, s in columns], axis=place)

    def _one(
        self, table: Table, axes: Axes, place: int, content: Point
    ) -> tuple[np.ndarray, np.ndarray]:
        alone = [[content] if n == place else points for n, points in enumerate(axes)]
        rule = self.rules.get(content.code, self.default)
        if rule is None:
            rule = next(iter(self.rules.values()))
        values, status = rule.cells(table, alone)
        where, symbol = self.missing.get(content.code, ({}, ""))
        if where:
            hit = np.ones(values.shape, dtype=bool)
            for axis, (variable, points) in enumerate(zip(table.variables, alone, strict=True)):
                chosen = where.get(variable.code)
                inside = np.array([chosen is None or p.code in chosen for p in points])
                hit &= inside.reshape([-1 if n == axis else 1 for n in range(len(alone))])
            values, status = np.where(hit, np.nan, values), np.where(hit, symbol, status)
        return values, status


@dataclass
class Plain:
    """Numbers between ``low`` and ``high``, unrelated to each other; sums where parts are summed."""

    seed: str
    low: float
    high: float
    decimals: int = 0

    def cells(self, table: Table, axes: Axes) -> tuple[np.ndarray, np.ndarray]:
        codes = [[m for p in points for m in p.members] for points in axes]
        share = unit(grid(self.seed, [v.code for v in table.variables], codes))
        values = np.round(self.low + share * (self.high - self.low), self.decimals)
        for axis, points in enumerate(axes):
            values = summed(values, axis, [len(p.members) for p in points])
        return np.round(values, self.decimals), no_status(values)

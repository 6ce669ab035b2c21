"""What a table is to the server: variables, code lists, texts and a source of values.

Everything is mutable on purpose: a test renames a content, lets a municipality go or moves
``updated`` while the server runs, as the agencies do.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np


@dataclass(frozen=True, slots=True)
class Point:
    """One selected value: the code shown, its label, and the table's own codes that it sums."""

    code: str
    label: str
    members: tuple[str, ...]


Axes = Sequence[Sequence[Point]]


class Source(Protocol):
    """Computes the cells that are asked for, and only those."""

    def cells(self, table: "Table", axes: Axes) -> tuple[np.ndarray, np.ndarray]:
        """Return values (float64, NaN where missing) and status (text), shaped as ``axes``."""
        ...


@dataclass
class Codelist:
    """A set of a variable's own values (``vs_``) or a grouping of them (``agg_``)."""

    id: str
    label: str
    points: list[Point]
    eliminable: bool = False
    languages: tuple[str, ...] = ("sv",)

    @property
    def type(self) -> str:
        return "Aggregation" if self.id.startswith("agg_") else "Valueset"


@dataclass
class Variable:
    """One variable of a table, with its values in the table's order."""

    code: str
    label: str
    values: dict[str, str]
    role: str | None = None
    eliminable: bool = False
    elimination_code: str | None = None
    codelists: list[Codelist] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    value_notes: dict[str, list[str]] = field(default_factory=dict)
    units: dict[str, dict[str, Any]] = field(default_factory=dict)
    extension: dict[str, Any] = field(default_factory=dict)
    codelist_texts: list[dict[str, Any]] | None = None

    def points(self) -> list[Point]:
        """Return every value of the variable as a point of itself."""
        return [Point(code, label, (code,)) for code, label in self.values.items()]

    def codelist(self, id: str) -> Codelist | None:
        """Return the code list with exactly that id (case matters), or None."""
        return next((c for c in self.codelists if c.id == id), None)

    def eliminated(self) -> Point:
        """Return what the variable is reduced to when nothing of it is selected."""
        code = self.elimination_code
        if code is not None and code in self.values:
            return Point(code, self.values[code], (code,))
        return Point("", "", tuple(self.values))


@dataclass
class Table:
    """A table that the server answers for."""

    id: str
    label: str
    variables: list[Variable]
    source: Source
    publisher: str | None = "SYNTETISKA TESTDATA, ingen riktig källa"
    updated: str | None = "2026-03-20T07:00:00Z"
    notes: list[str] = field(default_factory=list)
    extension: dict[str, Any] = field(default_factory=dict)
    stub: list[str] = field(default_factory=list)
    heading: list[str] = field(default_factory=list)
    contents: str = ""
    languages: tuple[str, ...] = ("sv",)
    subject: str = "XX"
    path: tuple[tuple[str, str], ...] = ()
    time_unit: str = "Annual"
    discontinued: bool | None = None
    v1_path: str | None = None
    translations: dict[str, str] = field(default_factory=dict)
    data_label: str | None = None
    data_extension: dict[str, Any] = field(default_factory=lambda: {"discontinued": None})
    row: dict[str, Any] | None = None
    revisions: list[tuple[dict[str, set[str]], float]] = field(default_factory=list)

    def variable(self, code: str) -> Variable | None:
        """Return the variable with that code, ignoring case, or None."""
        return next((v for v in self.variables if v.code.lower() == code.lower()), None)

    def __getitem__(self, code: str) -> Variable:
        found = self.variable(code)
        if found is None:
            raise KeyError(code)
        return found

    @property
    def time(self) -> Variable | None:
        return next((v for v in self.variables if v.role == "time"), None)

    @property
    def metric(self) -> Variable | None:
        return next((v for v in self.variables if v.role == "metric"), None)

    def rename(self, variable: str, code: str, label: str) -> None:
        """Give a value another label, as when a content is redefined."""
        self[variable].values[code] = label

    def drop(self, variable: str, code: str) -> None:
        """Take a value away, also from the code lists."""
        found = self[variable]
        del found.values[code]
        found.units.pop(code, None)
        for codelist in found.codelists:
            codelist.points = [p for p in (_without(p, code) for p in codelist.points) if p]

    def add(self, variable: str, code: str, label: str | None = None) -> None:
        """Add a value last, for example a new period."""
        self[variable].values[code] = label or code

    def recode(self, variable: str, old: str, new: str) -> None:
        """Give a value another code and keep its place and its label."""
        found = self[variable]
        found.values = {new if c == old else c: label for c, label in found.values.items()}
        if old in found.units:
            found.units[new] = found.units.pop(old)

    def revise(self, amount: float = 1.0, **codes: str | Iterable[str]) -> None:
        """Add ``amount`` to every cell, or to the cells with the codes given per variable."""
        chosen = {v: {c} if isinstance(c, str) else set(c) for v, c in codes.items()}
        self.revisions.append((chosen, amount))

    def touch(self, updated: str) -> None:
        """Move ``updated``: the table has been published anew."""
        self.updated = updated

    def cells(self, axes: Axes) -> tuple[np.ndarray, np.ndarray]:
        """Return the values and the status of the selected cells, with revisions in them."""
        values, status = self.source.cells(self, axes)
        for chosen, amount in self.revisions:
            values = values + amount * self._hit(axes, chosen)
        return values, status

    def _hit(self, axes: Axes, chosen: Mapping[str, set[str]]) -> np.ndarray:
        hit = np.ones((1,) * len(axes))
        for number, (variable, points) in enumerate(zip(self.variables, axes, strict=True)):
            wanted = chosen.get(variable.code)
            if wanted is not None:
                along = np.array([bool(wanted & {p.code, *p.members}) for p in points], float)
                hit = hit * along.reshape([-1 if n == number else 1 for n in range(len(axes))])
        return np.broadcast_to(hit, [len(points) for points in axes])


def _without(point: Point, code: str) -> Point | None:
    members = tuple(m for m in point.members if m != code)
    return Point(point.code, point.label, members) if members else None


class Tables(dict[str, Table]):
    """The server's tables by id; a large one is built when it is first asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._builders: dict[str, Callable[[], Table]] = {}
        self._lock = threading.Lock()

    def lazily(self, id: str, build: Callable[[], Table]) -> None:
        """Let ``build`` make the table the first time that anyone asks for it."""
        self._builders[id] = build

    def __missing__(self, id: str) -> Table:
        if id not in self._builders:
            raise KeyError(id)
        with self._lock:
            if id not in self:
                self[id] = self._builders[id]()
        return self[id]

    def find(self, id: str) -> Table | None:
        """Return the table, or None when there is none with that id."""
        try:
            return self[id]
        except KeyError:
            return None

    def everything(self) -> list[Table]:
        """Return every table, building what has not been built."""
        return [self[id] for id in dict.fromkeys([*self._builders, *self])]

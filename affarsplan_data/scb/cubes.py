"""What a statistical answer is, whatever format it came in: dimensions, notes, units and cells."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Role = Literal["time", "geo", "metric"]


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of one content: ``base`` as the agency words it, ``decimals`` as published."""

    base: str
    decimals: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """A note on the whole table, on a variable, or on one code of a variable."""

    text: str
    mandatory: bool
    variable: str | None
    code: str | None


@dataclass(frozen=True)
class Dimension:
    """One variable with its codes, in cube order. ``extension`` is kept as it came."""

    id: str
    label: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    role: Role | None
    units: Mapping[str, Unit]
    notes: tuple[Note, ...]
    extension: Mapping[str, Any]


@dataclass(frozen=True)
class Structure:
    """A dataset without its values: what ``/metadata`` answers, and the frame around a cube."""

    label: str
    source: str | None
    updated: str | None
    dimensions: tuple[Dimension, ...]
    notes: tuple[Note, ...]
    extension: Mapping[str, Any]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many codes each dimension has, in order."""
        return tuple(len(dimension.codes) for dimension in self.dimensions)

    @property
    def cells(self) -> int:
        """The number of cells, counted without the 32-bit overflow that the server's count has."""
        return math.prod(self.shape)

    def dimension(self, id: str) -> Dimension:
        """Return the dimension with that id; ``KeyError`` when there is none."""
        for dimension in self.dimensions:
            if dimension.id == id:
                return dimension
        raise KeyError(id)

    @property
    def time(self) -> Dimension | None:
        """The time dimension, when the server has pointed one out."""
        return self._with_role("time")

    @property
    def metric(self) -> Dimension | None:
        """The dimension whose codes are the contents of the table, when there is one."""
        return self._with_role("metric")

    def _with_role(self, role: Role) -> Dimension | None:
        return next((d for d in self.dimensions if d.role == role), None)


@dataclass(frozen=True)
class Cube:
    """A structure with its cells, in C order over the dimensions.

    Attributes:
        values: float64, one-dimensional; NaN where the value is missing.
        status: small unsigned integers, one-dimensional: each cell's place in ``symbols``.
        symbols: the status symbols that occur; the first is always ``""``, no status.
    """

    structure: Structure
    values: np.ndarray
    status: np.ndarray
    symbols: tuple[str, ...]

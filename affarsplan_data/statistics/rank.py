"""Ranks that stand with value and distance: a place on a list says little alone."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
import scipy

from affarsplan_data.statistics._values import Array, Numbers, floats, like
from affarsplan_data.statistics.errors import InvalidValuesError

Direction: TypeAlias = Literal["up", "down"]


@dataclass(frozen=True)
class Neighbours:
    """One unit's place among others.

    ``rank`` of ``of`` units with a value; ``tied_with`` shares the rank. ``above`` are the units at
    the nearest better value and ``below`` those at the nearest worse, both empty at the end of the
    list. The distances are absolute, in the unit of the values, and None when nobody is there.
    """

    unit: Hashable
    value: float
    rank: int
    of: int
    tied_with: tuple[Hashable, ...]
    above: tuple[Hashable, ...]
    distance_above: float | None
    below: tuple[Hashable, ...]
    distance_below: float | None


def competition_rank(values: Numbers, direction: Direction = "up") -> Any:
    """Return competition ranks (1, 2, 2, 4): ties share the better rank. Missing stays missing.

    Args:
        values: the units to rank, one value each. Leave riket out.
        direction: ``up`` when the highest value is best, ``down`` when the lowest is.

    Returns:
        Floats (whole numbers or missing) in the form of ``values``.

    Raises:
        InvalidValuesError: unknown direction, or not a one-dimensional list.
    """
    scores = _oriented(values, direction)
    ranks = np.full(scores.shape, np.nan)
    known = ~np.isnan(scores)
    ranks[known] = scipy.stats.rankdata(-scores[known], method="min")
    return like(ranks, values)


def neighbours(values: pd.Series, unit: Hashable, direction: Direction = "up") -> Neighbours | None:
    """Return the place of ``unit`` (a label in the index of ``values``), or None without a value.

    Raises:
        InvalidValuesError: ``unit`` is not in the index, a label occurs twice, unknown direction.
    """
    if not values.index.is_unique:
        raise InvalidValuesError("Rang: en enhet förekommer två gånger.")
    if unit not in values.index:
        raise InvalidValuesError(f"Rang: ”{unit}” finns inte bland enheterna.")
    scores = pd.Series(_oriented(values, direction), index=values.index).dropna()
    if unit not in scores.index:
        return None
    own = scores[unit]
    better, worse = scores[scores > own], scores[scores < own]
    return Neighbours(
        unit=unit,
        value=float(own if direction == "up" else -own),
        rank=len(better) + 1,
        of=len(scores),
        tied_with=tuple(scores.index[(scores == own) & (scores.index != unit)]),
        above=tuple(better.index[better == better.min()]),
        distance_above=float(better.min() - own) if len(better) else None,
        below=tuple(worse.index[worse == worse.max()]),
        distance_below=float(own - worse.max()) if len(worse) else None,
    )


def _oriented(values: Numbers, direction: Direction) -> Array:
    """Return scores of which the largest is best, whatever the direction."""
    if direction not in ("up", "down"):
        raise InvalidValuesError(f"Rang: riktningen ”{direction}” finns inte; ange up eller down.")
    numbers = floats(values, "Rang")
    if numbers.ndim != 1:
        raise InvalidValuesError("Rang: ange en lista med ett värde per enhet.")
    return numbers if direction == "up" else -numbers

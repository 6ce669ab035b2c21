"""Arithmetic of a beeswarm: dots that never overlap, and labels on lines that never cross a label."""

import math
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass


def settle(places: Sequence[float], radii: Sequence[float], gap: float = 0.6) -> list[float]:
    """Return how far from the middle line each dot goes so that no two overlap.

    Args:
        places: where the dots stand along the axis, in px.
        radii: their radii in px.
        gap: the least distance between two rims, in px.

    Returns:
        Distances in px in the given order, negative above the middle line. Large dots are placed first,
        then the rest from the left; each as near the middle line as there is room.
    """
    done: list[tuple[float, int]] = []
    away = [0.0] * len(places)
    widest = max(radii, default=0.0) + gap
    for i in sorted(range(len(places)), key=lambda i: (-radii[i], places[i], i)):
        blocked = []
        near = places[i] - radii[i] - widest, places[i] + radii[i] + widest
        for place, j in done[bisect_left(done, (near[0], 0)) : bisect_left(done, (near[1], 0))]:
            along, reach = places[i] - place, radii[i] + radii[j] + gap
            if abs(along) < reach:
                height = math.sqrt(reach * reach - along * along)
                blocked.append((away[j] - height, away[j] + height))
        away[i] = _nearest_free(sorted(blocked))
        insort(done, (places[i], i))
    return away


def _nearest_free(blocked: Sequence[tuple[float, float]]) -> float:
    """Return the place nearest to 0 outside the open intervals ``blocked``, sorted by their starts."""
    start = end = -math.inf
    for low, high in blocked:
        if low >= end - 1e-9:
            if start < 0 < end:
                break
            start, end = low, high
        else:
            end = max(end, high)
    if not start < 0 < end:
        return 0.0
    return start if -start <= end else end


@dataclass(frozen=True)
class Flag:
    """A label on a pole above its dot: which way its text goes, and on which level, 0 lowest."""

    leftward: bool
    level: int


def flags(places: Sequence[float], widths: Sequence[float], low: float, high: float) -> list[Flag]:
    """Raise each label high enough that no text meets another text or another label's pole.

    Texts left of a chosen point go to the left from their poles, the others to the right; the point is
    chosen so that the texts stay between ``low`` and ``high``, or pass them as little as can be, and
    then so that few levels are needed.

    Args:
        places: where the poles stand, in px.
        widths: the texts' widths in px, with the room they need around them.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    best: list[Flag] = []
    cost = (math.inf, math.inf)
    for split in range(len(order) + 1):
        left, right = order[:split], order[split:]
        over = max((low - places[i] + widths[i] for i in left), default=0.0)
        over = max(over, 0.0) + max(
            0.0, max((places[i] + widths[i] - high for i in right), default=0.0)
        )
        levels = {
            **_levels([(i, -places[i], widths[i]) for i in left[::-1]]),
            **_levels([(i, places[i], widths[i]) for i in right]),
        }
        found = (over, float(max(levels.values(), default=0)))
        if found < cost:
            cost = found
            best = [Flag(i in left, levels[i]) for i in range(len(places))]
    return best


def _levels(outward: Sequence[tuple[int, float, float]]) -> dict[int, int]:
    """Give the outermost label the lowest level, and every other one a level above those it covers."""
    levels: dict[int, int] = {}
    for i, place, width in reversed(outward):
        covered = [levels[j] for j, other, _ in outward if j in levels and other < place + width]
        levels[i] = max(covered, default=-1) + 1
    return levels

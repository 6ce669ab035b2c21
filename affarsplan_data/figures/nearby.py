"""Where labels stand beside the points they name, so that they cover neither each other nor points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Align = Literal["left", "center", "right"]
Box = tuple[float, float, float, float]

# Directions in order of preference: how far along x and y, and how the text is set.
_DIRECTIONS: Final[tuple[tuple[float, float, Align], ...]] = (
    (1, 0, "left"),
    (-1, 0, "right"),
    (0.7, -0.8, "left"),
    (0.7, 0.8, "left"),
    (-0.7, -0.8, "right"),
    (-0.7, 0.8, "right"),
    (0, -1.3, "center"),
    (0, 1.3, "center"),
)
_STEPS: Final = (9.0, 20.0, 34.0, 52.0, 76.0, 104.0)
# What each step costs: a point covered is worth a line of some length, but not a long one.
_FAR: Final = (0.0, 5.0, 10.0, 17.0, 30.0, 50.0)


@dataclass(frozen=True)
class Beside:
    """A label's place: the middle of its near end in px, how it is set, and whether it needs a line."""

    x: float
    y: float
    align: Align
    joined: bool


def beside(
    points: Sequence[tuple[float, float]],
    widths: Sequence[float],
    height: float,
    others: Sequence[tuple[float, float]],
    bounds: Box,
) -> list[Beside]:
    """Place a label of ``height`` px by each of ``points``, the first ones with the most choice.

    A label never covers another label, a named point or the picture's edge as long as some place is
    free within reach; it covers as few of the ``others`` as can be.

    Args:
        points: the points to name, in px.
        widths: their labels' widths.
        others: points without a name.
        bounds: left, top, right and bottom of where labels may stand.
    """
    dots: list[Box] = [(x - 6, y - 6, x + 6, y + 6) for x, y in points]
    texts: list[Box] = []
    lines: list[list[tuple[float, float]]] = []
    placed: list[Beside] = []
    for (x, y), width, own in zip(points, widths, dots, strict=True):
        best: tuple[float, Beside, Box, list[tuple[float, float]]] | None = None
        for ring, step in enumerate(_STEPS):
            for rank, (along, down, align) in enumerate(_DIRECTIONS):
                place = Beside(x + along * step, y + down * step, align, ring > 0)
                box = _box(place, width, height)
                line = _line((x, y), place) if place.joined else []
                cost = 500.0 * _outside(box, bounds) + _FAR[ring] + 0.1 * rank
                cost += 100.0 * sum(_meet(box, other) for other in [*dots, *texts])
                cost += 40.0 * sum(any(_within(p, box) for p in other) for other in lines)
                cost += 40.0 * sum(any(_within(p, other) for p in line) for other in texts)
                cost += 20.0 * sum(any(_within(p, dot) for p in line) for dot in dots if dot != own)
                cost += 6.0 * sum(_within(point, box) for point in others)
                if best is None or cost < best[0]:
                    best = (cost, place, box, line)
        assert best is not None
        _, place, box, line = best
        placed.append(place)
        texts.append(box)
        lines.append(line)
    return placed


def _line(start: tuple[float, float], end: Beside) -> list[tuple[float, float]]:
    (x, y), steps = start, 16
    return [(x + (end.x - x) * i / steps, y + (end.y - y) * i / steps) for i in range(2, steps)]


def _box(place: Beside, width: float, height: float) -> Box:
    left = place.x - {"left": 0.0, "center": width / 2, "right": width}[place.align]
    return (left - 2, place.y - height / 2, left + width + 2, place.y + height / 2)


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _within(point: tuple[float, float], box: Box) -> bool:
    return box[0] - 2 < point[0] < box[2] + 2 and box[1] - 2 < point[1] < box[3] + 2


def _outside(box: Box, bounds: Box) -> bool:
    return box[0] < bounds[0] or box[1] < bounds[1] or box[2] > bounds[2] or box[3] > bounds[3]

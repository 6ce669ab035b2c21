"""Where the areas' names stand on a map: inside their own area, or in the open with a line to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from affarsplan_data.figures.labels import measure

_STEP: Final = 3.0
# How many of the nearest free places are weighed against each other.
_TRIED: Final = 120
# How far a text keeps from the borders, in px.
_CLEAR: Final = 1.0
# How far into its area a line reaches.
_REACH: Final = 7.0

Box = tuple[float, float, float, float]
Place = tuple[float, float]


@dataclass(frozen=True)
class Joined:
    """A name in the open: the middle of its text, and its line from there into the area, in px."""

    x: float
    y: float
    line: tuple[Place, Place]


def inside(
    shape: BaseGeometry, lines: Sequence[tuple[str, float, bool]], start: Place
) -> Place | None:
    """Return the place nearest ``start`` where the texts fit in ``shape`` under each other, if any.

    Args:
        lines: each text with its size in px and whether it is bold.
    """
    x, y = _grid(shape.bounds)
    room = shape.buffer(-_CLEAR)
    shapely.prepare(room)
    fits = np.ones(len(x), dtype=bool)
    for (text, size, bold), lift in zip(lines, _lifts([s for _, s, _ in lines]), strict=True):
        half = measure(text, size, bold=bold) / 2
        fits &= shapely.contains(room, _boxes(x, y + lift, half, 0.42 * size))
    if not fits.any():
        return None
    far = np.where(fits, np.hypot(x - start[0], y - start[1]), np.inf)
    best = int(far.argmin())
    return float(x[best]), float(y[best])


def outside(
    shapes: Mapping[str, BaseGeometry],
    code: str,
    text: str,
    size: float,
    taken: Sequence[Box],
    bounds: Box,
) -> Joined | None:
    """Return where the name of ``code`` stands free of all areas and of what is ``taken``, if anywhere.

    The line to its area is short, and crosses as little as can be of other areas and no text.
    """
    x, y = _grid(bounds)
    half = measure(text, size) / 2
    boxes = _boxes(x, y, half + 2, size / 2 + 2)
    land = shapely.union_all(list(shapes.values()))
    texts = shapely.union_all([shapely.box(*box) for box in taken])
    room = shapely.box(*bounds)
    shapely.prepare([land, texts, room])
    free = shapely.contains(room, boxes) & ~shapely.intersects(land, boxes)
    free &= ~shapely.intersects(texts, boxes)
    if not free.any():
        return None
    home = shapely.get_coordinates(shapely.centroid(shapes[code]))[0]
    nearest = np.hypot(x - home[0], y - home[1]).argsort(kind="stable")
    near = nearest[free[nearest]][:_TRIED]
    x, y, boxes = x[near], y[near], boxes[near]
    reached = shapes[code].buffer(-_REACH)
    lines = shapely.shortest_line(boxes, shapes[code] if reached.is_empty else reached)
    others = shapely.union_all([shape for key, shape in shapes.items() if key != code])
    cost = shapely.length(lines) + 2 * shapely.length(shapely.intersection(lines, others))
    cost += 1000 * shapely.intersects(lines, texts)
    best = int(cost.argmin())
    start, end = shapely.get_coordinates(lines[best])
    ends = (float(start[0]), float(start[1])), (float(end[0]), float(end[1]))
    return Joined(float(x[best]), float(y[best]), ends)


def _lifts(sizes: Sequence[float]) -> list[float]:
    """Return how far below the common middle each line of a label stands."""
    height = sizes[-1] + 1
    return [height * (i - (len(sizes) - 1) / 2) for i in range(len(sizes))]


def _grid(bounds: Box) -> tuple[Any, Any]:
    left, top, right, bottom = bounds
    across, down = np.arange(left, right, _STEP), np.arange(top, bottom, _STEP)
    x, y = np.meshgrid(across, down)
    return x.ravel(), y.ravel()


def _boxes(x: Any, y: Any, half: float, high: float) -> Any:
    return shapely.box(x - half, y - high, x + half, y + high)

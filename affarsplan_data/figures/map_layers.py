"""The map half of a choropleth: areas in px, classes, and a number printed where it can be read."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final

import altair as alt
import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from affarsplan_data import swedish
from affarsplan_data.figures import boundaries, map_names, theme
from affarsplan_data.figures.drawing import (
    KeyItem,
    Layers,
    chart,
    lines_at,
    points_at,
    span,
    texts_at,
    who,
)
from affarsplan_data.figures.labels import measure, spread
from affarsplan_data.swedish import number

_NAMES_UP_TO: Final = 16
_MARGIN: Final = 44.0
_MOST_OUTSIDE: Final = 8
_SMALLEST_RADIUS: Final = 6.0
_MISSING_SIGN: Final = "–"

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Classes:
    """Value classes from low to high: each one's lowest and highest printed value, and its fill.

    ``bounds`` count in steps of the last printed decimal, so that no class can lie between two prints.
    """

    bounds: tuple[tuple[int, int], ...]
    colours: tuple[str, ...]
    decimals: int

    def colour(self, value: float | None) -> str:
        """Return the fill of ``value``, as rounded in print; missing is nearly white."""
        if value is None or value != value:
            return theme.MISSING_FILL
        below = sum(_steps(value, self.decimals) >= low for low, _ in self.bounds)
        return self.colours[max(below - 1, 0)]

    def key_items(self, *, missing: bool) -> list[KeyItem]:
        """Return the key: each class with its lowest and highest printed value."""
        labels = [self._label(*bounds) for bounds in self.bounds]
        if len(labels) == 1:
            labels = [f"{labels[0]} i alla områden{' med uppgift' if missing else ''}"]
        items = [
            KeyItem(label, "square", colour, theme.MUTED_TEXT)
            for label, colour in zip(labels, self.colours, strict=True)
        ]
        if missing:
            sign = f"{_MISSING_SIGN} uppgift saknas"
            items.append(KeyItem(sign, "square", theme.MISSING_FILL, theme.MUTED_TEXT))
        return items

    def _label(self, low: int, high: int) -> str:
        first, last = (number(end / 10**self.decimals, self.decimals) for end in (low, high))
        if low == high:
            return first
        return swedish.span(first, last)


@dataclass(frozen=True)
class Label:
    """A text to print on the map: its lines (the last one is the number) and its place in px."""

    lines: tuple[str, ...]
    x: float
    y: float
    fill: str
    code: str

    def box(self, size: float) -> Box:
        """Return the space the label takes, in px."""
        *names, value = self.lines
        widths = [measure(value, size, bold=True), *(measure(n, size - 2) for n in names)]
        half, high = max(widths) / 2 + 1, len(self.lines) * (size + 1) / 2
        return (self.x - half, self.y - high, self.x + half, self.y + high)


def classes(values: Sequence[float], decimals: int) -> Classes:
    """Return at most five classes of equal width that hold ``values``; none of them is empty.

    Values that are printed alike belong together, so a class is never narrower than a printed step.
    """
    printed = sorted({_steps(v, decimals) for v in values if v == v})
    if len(printed) < 2:
        middle = theme.SEQUENTIAL[len(theme.SEQUENTIAL) // 2]
        return Classes(tuple((v, v) for v in printed), (middle,) * len(printed), decimals)
    first, last = printed[0], printed[-1]
    if last - first < len(theme.SEQUENTIAL):
        bounds = [(v, v) for v in range(first, last + 1)]
    else:
        ticks = span([float(first), float(last)], zero=False, count=4).ticks
        lows = [math.ceil(tick) for tick in ticks[:-1]]
        bounds = list(
            zip(lows, [*(low - 1 for low in lows[1:]), math.floor(ticks[-1])], strict=True)
        )
    darkest = len(theme.SEQUENTIAL) - 1
    colours = [theme.SEQUENTIAL[round(i * darkest / (len(bounds) - 1))] for i in range(len(bounds))]
    held = [i for i, (low, high) in enumerate(bounds) if any(low <= v <= high for v in printed)]
    return Classes(tuple(bounds[i] for i in held), tuple(colours[i] for i in held), decimals)


def _steps(value: float, decimals: int) -> int:
    """Return ``value`` as printed, counted in steps of its last decimal."""
    return int(Decimal(repr(float(value))).scaleb(decimals).to_integral_value(ROUND_HALF_UP))


def in_pixels(areas: gpd.GeoDataFrame, width: float, height: float, left: float, top: float) -> Any:
    """Return a function that moves metres to px, so that ``areas`` fill the box centred, north up."""
    west, south, east, north = areas.total_bounds
    scale = min(width / (east - west), height / (north - south))
    x = left + (width - (east - west) * scale) / 2
    y = top + (height - (north - south) * scale) / 2

    def move(geometry: BaseGeometry) -> BaseGeometry:
        moved = shapely.transform(
            geometry, lambda c: (c - [west, north]) * [scale, -scale] + [x, y]
        )
        return shapely.set_precision(moved, 0.1)

    return move


def shape_layers(
    areas: gpd.GeoDataFrame,
    fills: Mapping[str, str],
    said: Mapping[str, str],
    focus: str | None,
    move: Any,
    borders: Path | None = None,
) -> Layers:
    """Draw the areas, the county lines when there are several counties, and a frame around ours.

    ``said`` tells who each area is, as :func:`affarsplan_data.figures.drawing.who` does.
    """
    shapes = [
        _feature(move(g), fills[c]) | {"who": said[c]}
        for c, g in zip(areas["code"], areas.geometry, strict=True)
    ]
    layers = [_geoshape(shapes, fill=None, stroke=theme.MUTED_TEXT, strokeWidth=0.9)]
    counties = sorted({code[:2] for code in areas["code"] if len(code) == 4})
    if len(counties) > 1:
        lines = [_feature(move(g)) for g in boundaries.areas(counties, borders).geometry]
        layers.append(_geoshape(lines, fill="transparent", stroke=theme.TEXT, strokeWidth=1.6))
    ours = areas.loc[areas["code"] == focus]
    if len(ours):
        frame = [_feature(move(ours.geometry.iloc[0]))]
        layers.append(_geoshape(frame, fill="transparent", stroke=theme.WHITE, strokeWidth=5))
        layers.append(_geoshape(frame, fill="transparent", stroke=theme.TEXT, strokeWidth=2.6))
    return layers


def label_layers(
    areas: gpd.GeoDataFrame,
    names: Mapping[str, str],
    texts: Mapping[str, str],
    fills: Mapping[str, str],
    move: Any,
    *,
    size: int,
    focus: str | None,
    room: Box,
) -> Layers:
    """Print each area's number, and on maps of few areas its name: in ``room`` where it does not fit.

    A number that would meet another one, or whose area is too small, stands beside the map with a line
    to its area. When there would be too many such lines to follow, it stands in the dot plot only.
    """
    inside, outside = _place(areas, texts, fills, move, size, focus)
    shapes = {c: move(g) for c, g in zip(areas["code"], areas.geometry, strict=True)}
    left, _, right, _ = shapely.total_bounds(list(shapes.values()))
    beside: list[Label] = []
    joints = []
    for side, column, inner in (
        ("left", left - _MARGIN / 2, left - 4),
        ("right", right + _MARGIN / 2, right + 4),
    ):
        here = [label for label in outside if (label.x < (left + right) / 2) == (side == "left")]
        centres = spread([label.y for label in here], [size + 3.0] * len(here), 0, 10_000)
        for label, y in zip(here, centres, strict=True):
            ends = {"x": label.x, "y": label.y, "x2": inner, "y2": y}
            joints.append({**ends, "color": theme.TEXT, "who": who(key=label.code)})
            beside.append(Label(label.lines, column, y, theme.WHITE, label.code))
    layers = lines_at(joints, 0.9)
    if len(inside) <= _NAMES_UP_TO and not outside:
        inside, named = _named(inside, names, shapes, size, room)
        layers += named
    return layers + _printed([*beside, *inside], size)


def _named(
    labels: list[Label],
    names: Mapping[str, str],
    shapes: Mapping[str, BaseGeometry],
    size: int,
    room: Box,
) -> tuple[list[Label], Layers]:
    """Return the labels with their names where both fit in the area, and the other names in the open."""
    placed, bare = [], []
    for label in labels:
        name, value = names[label.code], label.lines[-1]
        lines = [(name, size - 2.0, False), (value, float(size), True)]
        place = map_names.inside(shapes[label.code], lines, (label.x, label.y))
        if place is None:
            placed.append(label)
            bare.append(label)
        else:
            placed.append(Label((name, value), *place, label.fill, label.code))
    taken = [label.box(size) for label in placed]
    texts, joints = [], []
    for label in bare:
        name = names[label.code]
        spot = map_names.outside(shapes, label.code, name, size - 2.0, taken, room)
        if spot is None:
            continue
        half = measure(name, size - 2) / 2 + 2
        taken.append((spot.x - half, spot.y - size / 2, spot.x + half, spot.y + size / 2))
        identity = {"who": who(key=label.code)}
        texts.append({"text": name, "x": spot.x, "y": spot.y, "color": theme.TEXT, **identity})
        (x, y), (x2, y2) = spot.line
        joints.append({"x": x, "y": y, "x2": x2, "y2": y2, **identity})
    layers = lines_at([{**j, "color": theme.WHITE} for j in joints], 3)
    layers += lines_at([{**j, "color": theme.TEXT} for j in joints], 1)
    dot = {"shape": "circle", "size": 22, "fill": theme.TEXT, "color": theme.WHITE}
    ends = [{"x": j["x2"], "y": j["y2"], "who": j["who"], **dot} for j in joints]
    layers += points_at(ends, strokeWidth=1)
    return placed, layers + texts_at(texts, fontSize=size - 2)


def side_margin(
    areas: gpd.GeoDataFrame, texts: Mapping[str, str], move: Any, size: int, focus: str | None
) -> float:
    """Return the room in px that labels beside the map need on each side."""
    blank = dict.fromkeys(texts, "")
    return _MARGIN if _place(areas, texts, blank, move, size, focus)[1] else 0.0


def _place(
    areas: gpd.GeoDataFrame,
    texts: Mapping[str, str],
    fills: Mapping[str, str],
    move: Any,
    size: int,
    focus: str | None,
) -> tuple[list[Label], list[Label]]:
    shapes = {c: move(g) for c, g in zip(areas["code"], areas.geometry, strict=True)}
    circles = {code: shapely.maximum_inscribed_circle(shape) for code, shape in shapes.items()}
    centres = {code: shapely.get_point(circle, 0) for code, circle in circles.items()}
    inside: list[Label] = []
    outside: list[Label] = []
    order = sorted(shapes, key=lambda c: (c != focus, -shapely.length(circles[c]), c))
    for code in order:
        label = Label((texts[code],), centres[code].x, centres[code].y, fills[code], code)
        fits = shapely.length(circles[code]) >= _SMALLEST_RADIUS
        (inside if fits and _free(label, inside, size) else outside).append(label)
    return inside, outside if len(outside) <= _MOST_OUTSIDE else []


def _free(label: Label, others: Sequence[Label], size: int) -> bool:
    return not any(_meet(label.box(size), other.box(size)) for other in others)


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _printed(labels: Sequence[Label], size: int) -> Layers:
    """Write labels with a rim in their area's own colour, so that they read across a border too."""
    names: list[dict[str, Any]] = []
    values: list[dict[str, Any]] = []
    for label in labels:
        *name, value = label.lines
        lift = len(name) * (size + 1) / 2
        ink = theme.text_on(label.fill)
        common = {"x": label.x, "rim": label.fill, "ink": ink, "who": who(key=label.code)}
        values.append({**common, "text": value, "y": label.y + lift})
        names += [{**common, "text": text, "y": label.y - lift} for text in name]
    layers: Layers = []
    for records, font in (
        (names, {"fontSize": size - 2}),
        (values, {"fontSize": size, "fontWeight": "bold"}),
    ):
        rims = [{**r, "color": r["rim"]} for r in records]
        inks = [{**r, "color": r["ink"]} for r in records]
        layers += texts_at(rims, rim=True, **font) + texts_at(inks, **font)
    return layers


def _feature(geometry: BaseGeometry, fill: str = "") -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"fill": fill},
        "geometry": shapely.geometry.mapping(geometry),
    }


def _geoshape(features: list[dict[str, Any]], *, fill: str | None, **line: Any) -> alt.Chart:
    own = {} if fill is None else {"fill": fill}
    shape = chart(features).mark_geoshape(strokeJoin="round", clip=False, **own, **line)
    shape = shape.project(type="identity", scale=1, translate=[0, 0])
    if fill is None:
        return shape.encode(fill=alt.Fill("properties.fill:N", scale=None))
    return shape.encode(opacity=alt.value(1))

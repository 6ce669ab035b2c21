"""The parts every chart is put together from: value axis, paper, marks, key and text with a halo.

A picture is one layered view with fixed margins. Places that are not data are given in px, so the
layout is decided here and not by the drawing program.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd
from altair.utils import schemapi

from affarsplan_data.figures import theme
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.figures.labels import measure

Layers = list[alt.Chart]
# Stands between the parts of a mark's identity on its way through the drawing program.
_WHO = "\u241f"
_RIM: dict[str, Any] = {"strokeWidth": 3.5, "strokeJoin": "round"}
Shape = Literal["square", "circle", "diamond", "line", "dash", "upright", "dotted", "arrow"]


@dataclass(frozen=True)
class Paper:
    """A picture's size and margins in px; the rest is the plot."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def plot_width(self) -> float:
        """Width of the plot in px."""
        return self.width - self.left - self.right

    @property
    def plot_height(self) -> float:
        """Height of the plot in px."""
        return self.height - self.top - self.bottom


@dataclass(frozen=True)
class Span:
    """An axis' range and its ticks at round values."""

    low: float
    high: float
    ticks: tuple[float, ...]

    @property
    def decimals(self) -> int:
        """How many decimals the ticks need."""
        return next(d for d in range(9) if all(abs(t - round(t, d)) < 1e-9 for t in self.ticks))

    @property
    def format(self) -> str:
        """The d3 format that prints every tick with the decimals they need."""
        return f",.{self.decimals}f"

    def place(self, value: float, length: float) -> float:
        """Return how far along an axis of ``length`` px ``value`` lies."""
        return (value - self.low) / (self.high - self.low) * length

    def value(self, place: float, length: float) -> float:
        """Return the value at ``place`` px along an axis of ``length`` px."""
        return self.low + place / length * (self.high - self.low)


def span(
    values: Iterable[float],
    *,
    zero: bool,
    count: int = 5,
    tight: bool = False,
    decimals: int | None = None,
) -> Span:
    """Return round ticks around ``values``; from zero when ``zero``, else near the values.

    ``tight`` ends the axis at the values themselves (for bars whose labels need the room). No step is
    finer than values printed with ``decimals``, so that what reads alike is not drawn far apart.
    """
    known = [v for v in values if math.isfinite(v)]
    if not known:
        raise FigureError("Figuren har inga värden att rita.")
    low, high = min(known), max(known)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1e-9:
        low, high = low - (0.0 if zero else 1.0), high + 1.0
    raw = max((high - low) / count, 0.0 if decimals is None else 10.0**-decimals)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(round(i * step, 10) for i in range(first, max(last, first + 1) + 1))
    return Span(low, high, ticks) if tight else Span(ticks[0], ticks[-1], ticks)


def require(frame: pd.DataFrame, columns: Sequence[str], key: Sequence[str]) -> None:
    """Check that ``frame`` has rows, has ``columns`` and holds each ``key`` once.

    Raises:
        FigureError: it does not.
    """
    if absent := [c for c in columns if c not in frame]:
        raise FigureError(f"Figurens underlag saknar kolumnerna {', '.join(absent)}.")
    if frame.empty:
        raise FigureError("Figurens underlag har inga rader.")
    if frame.duplicated(list(key)).any():
        raise FigureError(f"Figurens underlag har flera rader för samma {', '.join(key)}.")


@dataclass(frozen=True)
class Identity:
    """What a mark stands for, as :func:`who` says it, or the entry of a key that stands for a series."""

    key: str
    series: str
    tip: str
    points: str
    entry: str


def who(*, key: str = "", series: str = "", tip: str = "", points: Iterable[str] = ()) -> str:
    """Return what a mark stands for, to go into its record under ``who``.

    The picture carries it to those who read it on a screen; nothing of it is drawn.

    Args:
        key: the row or area, the same in every figure of a page: a region code, an industry.
        series: the entry of the figure's key that the mark belongs to, if any.
        tip: what a pointer at the mark shows, see :func:`tip`.
        points: for a line, what its points show, from its first to its last.
    """
    return _identity(key, series, tip, "|".join(p.replace("|", "/") for p in points), "")


def tip(name: str, value: str, *more: str) -> str:
    """Return what a pointer at a mark shows: whose value, the value with its unit, and what else."""
    return "\n".join([name, value, *more])


def _identity(*parts: str) -> str:
    return _WHO.join(["", *(part.replace(_WHO, " ") for part in parts)])


def identity(text: str) -> Identity | None:
    """Return what :func:`who` put together, or None for other texts."""
    first, *parts = text.split(_WHO)
    return Identity(*parts) if not first and len(parts) == 5 else None


def chart(rows: Iterable[Mapping[str, Any]]) -> alt.Chart:
    """Return an empty chart with ``rows`` inline, so that nothing has to be named or looked up.

    What the records say in ``who`` follows their marks.
    """
    records = [{name: _plain(value) for name, value in row.items()} for row in rows]
    empty = _Chart(alt.InlineData(values=_Records(tuple(records))))
    named = any("who" in record for record in records)
    return empty.encode(description=alt.Description("who:N")) if named else empty


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


class _Records(alt.InlineDataset):
    """Records that are plain already: Altair would look through and copy them all at every step."""

    def to_dict(self, *_: Any, **__: Any) -> Any:
        return list(self._args[0])


class _Chart(alt.Chart):
    """A chart that knows the class of each channel, where Altair would search all its classes for it."""

    def copy(self, deep: Any = True, ignore: list[str] | None = None) -> Any:
        # Of a chart on its way to a picture nothing is changed, so its copies may share what it holds.
        return super().copy(deep if schemapi.DEBUG_MODE or deep is not True else False, ignore)

    def encode(self, *arguments: Any, **channels: Any) -> Any:
        known = {name: _channel(name, value) for name, value in channels.items()}
        return super().encode(*arguments, **known)


def _channel(name: str, value: Any) -> Any:
    place = name[:1].upper() + name[1:]
    if isinstance(value, str):
        return getattr(alt, place)(value)
    if isinstance(value, dict) and set(value) == {"value"}:
        return getattr(alt, f"{place}Value")(value["value"])
    return value


def compose(layers: Layers, paper: Paper) -> alt.LayerChart:
    """Return ``layers`` on ``paper``, themed, exactly as large as the paper says."""
    return alt.layer(
        *layers,
        width=paper.plot_width,
        height=paper.plot_height,
        padding={
            "left": paper.left,
            "right": paper.right,
            "top": paper.top,
            "bottom": paper.bottom,
        },
        autosize=alt.AutoSizeParams(type="none"),
        config=alt.Config(**theme.config(int(paper.width))),
    )


def halo(base: alt.Chart, colour: str = theme.WHITE, **text: Any) -> Layers:
    """Return ``base`` as text twice: a rim of ``colour`` below, the letters on top."""
    rim = {**text, **_RIM, "stroke": colour, "fill": colour}
    return [base.mark_text(**rim), base.mark_text(**text)]


def fixed() -> alt.Chart:
    """Return a chart for one mark whose places are all given in px (Vega-Lite wants one channel)."""
    return chart([{}]).encode(opacity=alt.value(1))


def straight(
    start: tuple[float, float], end: tuple[float, float], colour: str, width: float, **line: Any
) -> alt.Chart:
    """Return one straight line between two places in px."""
    (x, y), (x2, y2) = start, end
    return (
        chart([{}])
        .mark_rule(stroke=colour, strokeWidth=width, **line)
        .encode(x=alt.value(x), x2=alt.value(x2), y=alt.value(y), y2=alt.value(y2))
    )


def written(text: str, x: float, y: float, **properties: Any) -> alt.Chart:
    """Return one text at a place in px, counted from the plot's upper left corner."""
    return fixed().mark_text(
        **{"text": text, "lineBreak": "\n", "x": x, "y": y, "align": "left", **properties}
    )


def texts_at(records: Sequence[Mapping[str, Any]], *, rim: bool = False, **text: Any) -> Layers:
    """Return many texts as one layer: records of ``text``, ``x``, ``y`` in px, and ``color``.

    With ``rim`` they are drawn thick, to lie under the same texts in a readable colour.
    """
    if not records:
        return []
    thick = _RIM if rim else {}
    marks = chart(records).mark_text(
        **{"lineBreak": "\n", "baseline": "middle", "clip": False, **text, **thick}
    )
    ink = {"fill": alt.Fill("color:N", scale=None)}
    if rim:
        ink["stroke"] = alt.Stroke("color:N", scale=None)
    return [_in_px(marks).encode(longitude="x:Q", latitude="y:Q", text="text:N", **ink)]


def rimmed(records: Sequence[Mapping[str, Any]], **text: Any) -> Layers:
    """Return many texts as :func:`texts_at` does, with a white rim that keeps lines off the letters."""
    rims = [{**record, "color": theme.WHITE} for record in records]
    return texts_at(rims, rim=True, **text) + texts_at(records, **text)


def lines_at(records: Sequence[Mapping[str, Any]], width: float, **line: Any) -> Layers:
    """Return many lines as one layer: records of ``x``, ``y``, ``x2``, ``y2`` in px, and ``color``."""
    if not records:
        return []
    ends = {"longitude": "x:Q", "latitude": "y:Q", "longitude2": "x2:Q", "latitude2": "y2:Q"}
    marks = chart(records).mark_rule(strokeWidth=width, clip=False, **line)
    return [_in_px(marks).encode(**ends, color=alt.Color("color:N", scale=None))]


def points_at(records: Sequence[Mapping[str, Any]], **point: Any) -> Layers:
    """Return many marks as one layer: records of ``x`` and ``y`` in px, ``shape``, ``size``, ``fill``
    and ``color``.
    """
    if not records:
        return []
    marks = chart(records).mark_point(**{"opacity": 1, "strokeWidth": 2, "clip": False, **point})
    looks = {
        "shape": alt.Shape("shape:N", scale=None),
        "size": alt.Size("size:Q", scale=None),
        "fill": alt.Fill("fill:N", scale=None),
        "stroke": alt.Stroke("color:N", scale=None),
    }
    return [_in_px(marks).encode(longitude="x:Q", latitude="y:Q", **looks)]


def _in_px(marks: alt.Chart) -> alt.Chart:
    """Read longitude and latitude as px, so that data can place marks free of the value scales.

    Vega clips projected marks at the plot's edge unless they say ``clip=False``; labels stand outside.
    """
    marks.projection = alt.Projection(type="identity", scale=1, translate=[0, 0])
    return marks


@dataclass(frozen=True)
class KeyItem:
    """One entry of a key: what the mark looks like and what it stands for.

    ``series`` names the marks it stands for (see :func:`who`), when a reader may hide them.
    """

    label: str
    shape: Shape
    fill: str
    stroke: str
    series: str = ""


def key(
    items: Sequence[KeyItem], paper_width: float
) -> tuple[list[tuple[KeyItem, float, float]], float]:
    """Set ``items`` side by side, on as many rows as they need.

    Returns:
        Each item with its x and y in px, and the height of the whole key.
    """
    size = theme.font_size(int(paper_width))
    x, y, placed = 0.0, 0.0, []
    for item in items:
        length = 22 + measure(item.label, size) + 18
        if x and x + length - 18 > paper_width - 4:
            x, y = 0.0, y + size + 9
        placed.append((item, x, y))
        x += length
    return placed, (y + size + 15 if items else 0.0)


def key_layers(placed: Sequence[tuple[KeyItem, float, float]], paper: Paper) -> Layers:
    """Draw a key at the top left of ``paper``, outside the plot."""
    layers: Layers = []
    texts = []
    for item, x, y in placed:
        left, middle = x - paper.left + 2, y - paper.top + 10
        stands_for = _identity("", "", "", "", item.series) if item.series else ""
        layers.append(_symbol(item, left, middle, stands_for))
        text = {"text": item.label, "x": left + 22, "y": middle, "color": theme.TEXT}
        texts.append(text | ({"who": stands_for} if stands_for else {}))
    return layers + texts_at(texts, align="left")


def _symbol(item: KeyItem, left: float, middle: float, stands_for: str) -> alt.Chart:
    described: dict[str, Any] = {"description": stands_for} if stands_for else {}
    if item.shape in ("upright", "dotted"):
        look: dict[str, Any] = {"strokeDash": [2, 3]} if item.shape == "dotted" else {}
        top, bottom = (left + 8, middle - 8), (left + 8, middle + 8)
        return straight(top, bottom, item.stroke, 1.4 if look else 2.2, **look, **described)
    if item.shape in ("line", "dash"):
        dash: Any = [5, 3] if item.shape == "dash" else alt.Undefined
        ends = (left, middle), (left + 17, middle)
        return straight(*ends, item.stroke, 2.5, strokeDash=dash, **described)
    return fixed().mark_point(
        x=left + 8,
        y=middle,
        shape="triangle-right" if item.shape == "arrow" else item.shape,
        size=120,
        fill=item.fill,
        stroke=item.stroke,
        strokeWidth=1.6,
        **described,
    )

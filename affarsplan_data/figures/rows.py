"""Charts of rows: a label to the left, a value along x. Bars, dots and dumbbells share this."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from affarsplan_data.figures import theme
from affarsplan_data.figures.drawing import Layers, Paper, Span, chart, halo, straight, who, written
from affarsplan_data.figures.labels import measure, wrap

_LABEL_GAP = 9.0
# How far marks on the same place move from each other, in px, and the first from the last.
_APART = 8.0
_MOST_APART = 15.0


@dataclass(frozen=True)
class Rows:
    """Where the rows stand: wrapped labels, which are bold, and their centres in px from ``start``."""

    labels: tuple[str, ...]
    bold: tuple[bool, ...]
    centres: tuple[float, ...]
    height: float
    label_width: float
    picture_width: float


def rows(
    labels: Sequence[str],
    bold: Sequence[bool],
    width: float,
    *,
    row: float = 24.0,
    start: float = 0.0,
    share: float = 0.4,
) -> Rows:
    """Give each label its row.

    Args:
        labels: from the top down.
        bold: which labels are emphasised.
        width: the picture's width in px; labels may take ``share`` of it before they wrap.
        row: height of a row with a one-line label, in px.
        start: where the first row begins, in px.
    """
    size = theme.font_size(int(width))
    wrapped = [
        wrap(label, size, share * width, bold=b) for label, b in zip(labels, bold, strict=True)
    ]
    centres, y = [], start
    for text in wrapped:
        height = max(row, (text.count("\n") + 1) * (size + 2) + 8)
        centres.append(y + height / 2)
        y += height
    widest = max(measure(t, size, bold=b) for t, b in zip(wrapped, bold, strict=True))
    return Rows(tuple(wrapped), tuple(bold), tuple(centres), y, widest + _LABEL_GAP + 3, width)


def tick_count(width: float) -> int:
    """Return about how many ticks a value axis has room for in a picture ``width`` px wide."""
    return 3 if width < 480 else 6


def y_scale(height: float) -> alt.Scale:
    """Return the scale of rows: px from the top."""
    return alt.Scale(domain=[0, height], range=[0, height], nice=False, zero=False)


def y(field: str, height: float) -> alt.Y:
    """Return a y channel whose field holds px from the top."""
    return alt.Y(f"{field}:Q", scale=y_scale(height), axis=None)


def x(
    field: str, span: Span, paper: Paper, *, unit: str = "", axis: bool = True, start: float = 0.0
) -> alt.X:
    """Return an x channel along ``span``, from ``start`` px to the plot's right edge.

    Every layer must use the same ``axis``, since layers share it.
    """
    scale = alt.Scale(
        domain=[span.low, span.high], range=[start, paper.plot_width], nice=False, zero=False
    )
    shown: Any = None
    if axis:
        shown = alt.Axis(
            values=list(span.ticks),
            format=span.format,
            title=unit or None,
            titleAnchor="end",
            labelFlush=False,
        )
    return alt.X(f"{field}:Q", scale=scale, axis=shown)


def apart(places: Sequence[float], width: float) -> list[float]:
    """Return how far up or down each mark of a row moves, so that none hides another.

    Marks whose ``places`` along the row are nearer than half their ``width`` stand under each other in
    the given order; the others stay on the row, and missing ones have no place.
    """
    moved = [0.0] * len(places)
    order = sorted((i for i, x in enumerate(places) if x == x), key=lambda i: places[i])
    crowds: list[list[int]] = []
    for i in order:
        if crowds and places[i] - places[crowds[-1][-1]] < width / 2:
            crowds[-1].append(i)
        else:
            crowds.append([i])
    for crowd in crowds:
        step = min(_APART, _MOST_APART / max(len(crowd) - 1, 1))
        for rank, i in enumerate(sorted(crowd)):
            moved[i] = step * (rank - (len(crowd) - 1) / 2)
    return moved


def label_layers(
    rows: Rows, height: float, at: float = 0.0, keys: Sequence[str] | None = None
) -> Layers:
    """Write the row labels so that they end just left of ``at`` px; ``keys`` say whose rows they are."""
    layers: Layers = []
    half_line = (theme.font_size(int(rows.picture_width)) + 2) / 2
    for bold in (False, True):
        records = [
            {"y": centre - label.count("\n") * half_line, "text": label, "who": who(key=key)}
            for label, centre, b, key in zip(
                rows.labels, rows.centres, rows.bold, keys or rows.labels, strict=True
            )
            if b == bold
        ]
        if records:
            layers.append(
                chart(records)
                .mark_text(
                    align="right",
                    baseline="middle",
                    lineBreak="\n",
                    fontWeight="bold" if bold else "normal",
                )
                .encode(x=alt.value(at - _LABEL_GAP), y=y("y", height), text="text:N")
            )
    return layers


def rule_layers(
    label: str,
    place: float,
    paper: Paper,
    *,
    top: float = 0.0,
    bottom: float | None = None,
    dashed: bool = True,
) -> Layers:
    """Draw a labelled upright rule (riket, a zero line) ``place`` px from the plot's left edge."""
    size = theme.font_size(int(paper.width))
    half = measure(label, size) / 2
    centre = min(max(place, half - paper.left), paper.plot_width + paper.right - half)
    dash: Any = [5, 3] if dashed else alt.Undefined
    ends = (place, top - 3), (place, paper.plot_height if bottom is None else bottom)
    rule = straight(*ends, theme.REFERENCE, 1.8 if dashed else 1.2, strokeDash=dash)
    text = written(label, centre, top - 6, align="center", baseline="bottom", color=theme.REFERENCE)
    return [rule, text] if label else [rule]


def value_texts(
    records: Sequence[dict[str, Any]], x_channel: Any, height: float, **text: Any
) -> Layers:
    """Write ``text`` of each record beside its x and y, with a white rim."""
    if not records:
        return []
    base = chart(records).encode(x=x_channel, y=y("y", height), text="text:N")
    return halo(base, baseline="middle", **text)


def missing_texts(records: Sequence[dict[str, Any]], height: float, at: float = 6.0) -> Layers:
    """Write ``text`` of each record ``at`` px into its row, where a mark would have been."""
    quiet = {"align": "left", "color": theme.MUTED_TEXT}
    return value_texts(records, alt.value(at), height, **quiet)

"""The picture of lines over time: axes, bands, lines, breaks and labels."""

import math
from dataclasses import dataclass

import altair as alt
import pandas as pd

from affarsplan_data.figures import theme
from affarsplan_data.figures.drawing import (
    KeyItem,
    Layers,
    Paper,
    Span,
    chart,
    compose,
    key,
    key_layers,
    span,
    straight,
    written,
)
from affarsplan_data.figures.labels import measure
from affarsplan_data.figures.over_time import (
    STYLES,
    end_label_layers,
    end_labels,
    runs,
    time_axis,
    year_span,
)
from affarsplan_data.swedish import number

_HEIGHT = {True: 300.0, False: 380.0}


@dataclass(frozen=True)
class Look:
    """The choices that concern the whole picture; see :func:`affarsplan_data.figures.lines.lines`."""

    base: float | None
    base_label: str
    zero: bool
    break_label: str
    unit: str
    decimals: int


def picture(width: int, data: pd.DataFrame, look: Look) -> alt.LayerChart:
    """Draw ``data`` (as ``lines`` takes it, with ``x`` in years and ``role``) ``width`` px wide."""
    compact = width < 480
    size = theme.font_size(width)
    bounds = [float(v) for c in ("value", "low", "high") if c in data for v in data[c].dropna()]
    axis = span([*bounds, *([] if look.base is None else [look.base])], zero=look.zero)
    years = year_span(data["x"])
    breaks = _breaks(data)
    placed, key_height = key(_key_items(data), width)
    top = key_height + size + 14 + (size + 8 if breaks else 0)
    labels = end_labels(data, width, look.decimals)
    left = 10 + max(measure(number(t, axis.decimals), size) for t in axis.ticks)
    height = _HEIGHT[compact] + top + 30
    paper = Paper(width, height, left, max(label.width for label in labels) + 20, top, 30)
    x = time_axis(years, paper)
    y = _value_axis(axis)
    layers = _base_layers(look, axis, paper, _tails_above(data, look.base)) + _break_layers(
        breaks, look.break_label, years, paper
    )
    layers += _band_layers(data, x, y) + _line_layers(data, x, y)
    layers += end_label_layers(labels, axis, years, paper)
    if look.unit:
        layers.append(written(look.unit, -left + 2, -12, baseline="bottom", color=theme.MUTED_TEXT))
    return compose(layers + key_layers(placed, paper), paper)


def _value_axis(axis: Span) -> alt.Y:
    return alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[axis.low, axis.high], nice=False, zero=False),
        axis=alt.Axis(values=list(axis.ticks), format=axis.format, title=None),
    )


def _key_items(data: pd.DataFrame) -> list[KeyItem]:
    items = []
    if (data["preliminary"] & data["value"].notna()).any():
        items.append(KeyItem("preliminär uppgift", "circle", theme.WHITE, theme.MUTED_TEXT))
    if {"low", "high"} <= set(data) and data["low"].notna().any():
        items.append(KeyItem("osäkerhetsintervall", "square", "#C4D0DB", theme.WHITE))
    if _crowded(data):
        items.append(KeyItem("övriga områden", "line", theme.OTHER, theme.OTHER))
    return items


def _crowded(data: pd.DataFrame) -> bool:
    return data.loc[data["role"] == "other", "region"].nunique() > 8


def _breaks(data: pd.DataFrame) -> list[float]:
    """Return where the rules go: half-way between a segment's last period and the next one's first."""
    ends = data.dropna(subset=["value"]).groupby("segment")["x"].agg(["min", "max"]).sort_index()
    return [
        (before + after) / 2
        for before, after in zip(ends["max"][:-1], ends["min"][1:], strict=True)
    ]


def _break_layers(breaks: list[float], label: str, years: Span, paper: Paper) -> Layers:
    layers: Layers = []
    length = measure(label, theme.font_size(int(paper.width)))
    last = -math.inf
    for where in breaks:
        x = years.place(where, paper.plot_width)
        rule = {"strokeDash": [2, 3]}
        layers.append(straight((x, -8), (x, paper.plot_height), theme.MUTED_TEXT, 1.4, **rule))
        near_end = x > paper.plot_width * 0.6
        start = x + 4 - length if near_end else x - 4
        if start < last + 6:
            # The rules look alike, so one label says it for those that stand too close.
            continue
        last = start + length
        layers.append(
            written(
                label,
                x + (4 if near_end else -4),
                -12,
                align="right" if near_end else "left",
                baseline="bottom",
                color=theme.MUTED_TEXT,
                dy=-theme.font_size(int(paper.width)) - 6,
            )
        )
    return layers


def _tails_above(data: pd.DataFrame, base: float | None) -> bool:
    """Tell whether the lines mostly end above ``base``, so that its label had better stand below."""
    last = runs(data).groupby("region")["value"].last()
    return base is not None and bool(last.median() > base)


def _base_layers(look: Look, axis: Span, paper: Paper, below: bool) -> Layers:
    if look.base is None:
        return []
    y = paper.plot_height - axis.place(look.base, paper.plot_height)
    layers = [straight((0, y), (paper.plot_width, y), theme.MUTED_TEXT, 1.4)]
    if look.base_label:
        text = {"align": "right", "color": theme.MUTED_TEXT}
        side = {"baseline": "top"} if below else {"baseline": "bottom"}
        layers.append(
            written(look.base_label, paper.plot_width, y + (5 if below else -4), **text, **side)
        )
    return layers


def _band_layers(data: pd.DataFrame, x: alt.X, y: alt.Y) -> Layers:
    if not {"low", "high"} <= set(data):
        return []
    layers: Layers = []
    known = runs(data.dropna(subset=["low", "high", "value"]))
    for (role, _), part in known.groupby(["role", "run"], sort=True):
        records = [{"x": r.x, "value": r.low, "high": r.high} for r in part.itertuples()]
        base = chart(records).encode(x=x, y=y, y2="high:Q")
        if len(records) == 1:
            layers.append(base.mark_rule(stroke=STYLES[role].colour, strokeWidth=1.6))
        else:
            layers.append(base.mark_area(fill=STYLES[role].colour, opacity=0.2))
    return layers


def _line_layers(data: pd.DataFrame, x: alt.X, y: alt.Y) -> Layers:
    """Draw the quiet lines first and ours last; lone points and preliminary ones get markers."""
    layers: Layers = []
    known = runs(data)
    for role, style in STYLES.items():
        part = known[known["role"] == role]
        if part.empty:
            continue
        records = part[["x", "value", "run"]].to_dict("records")
        dash = list(style.dash) if style.dash else alt.Undefined
        line = chart(records).mark_line(
            stroke=style.colour, strokeWidth=style.width, strokeDash=dash, strokeJoin="round"
        )
        layers.append(line.encode(x=x, y=y, detail="run:N"))
        alone = part.groupby("run")["run"].transform("size") == 1
        hollow = part["preliminary"] & (role != "other" or not _crowded(data))
        for mask, fill in ((alone & ~hollow, style.colour), (hollow, theme.WHITE)):
            if mask.any():
                points = part.loc[mask, ["x", "value"]].to_dict("records")
                mark = {"shape": style.shape, "size": 30 + 12 * style.width, "opacity": 1}
                base = chart(points).encode(x=x, y=y)
                layers.append(
                    base.mark_point(fill=fill, stroke=style.colour, strokeWidth=1.8, **mark)
                )
    return layers

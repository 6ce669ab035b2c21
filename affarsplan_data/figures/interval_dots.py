"""Dots with intervals: how sure each value is, sorted from the highest down."""

from typing import Any, Unpack

import altair as alt
import pandas as pd

from affarsplan_data.figures import describe, rows, theme
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.drawing import Layers, Paper, chart, compose, require, span
from affarsplan_data.figures.labels import measure
from affarsplan_data.figures.markup import is_missing
from affarsplan_data.figures.ranked_bar import table, table_decimals
from affarsplan_data.swedish import MISSING, number


def interval_dots(
    frame: pd.DataFrame,
    focus: str | None,
    *,
    reference: str | None = None,
    zero: bool = False,
    **texts: Unpack[Texts],
) -> Figure:
    """Return sorted dots with whiskers from ``low`` to ``high``.

    Args:
        frame: ``region``, ``label``, ``value``, ``low``, ``high``; one row a region. A dot without limits
            has no whisker.
        focus: the region to emphasise.
        reference: a region in ``frame`` to draw as a dashed rule instead of a dot.
        zero: let the axis start at zero.

    Raises:
        FigureError: columns are missing, a region is repeated, or there is nothing to draw.
    """
    require(frame, ["region", "label", "value", "low", "high"], ["region"])
    ordered = frame.sort_values(["value", "label"], ascending=[False, True], kind="stable")
    dots = ordered[ordered["region"] != reference].reset_index(drop=True)
    rule = ordered[ordered["region"] == reference].dropna(subset=["value"])
    require(dots, ["region"], ["region"])
    decimals, unit = texts.get("decimals", 1), texts.get("unit", "")
    span(dots["value"].astype(float), zero=zero)

    def draw(width: int) -> alt.LayerChart:
        return _draw(width, dots, rule, focus, zero, unit, decimals)

    values = list(dots["value"])
    sentences = [
        describe.reading("interval_dots", describe.areas(dots)),
        describe.extremes(list(dots["label"]), values, unit, decimals),
    ]
    for row in dots[dots["region"] == focus].itertuples():
        sentences.append(describe.standing(row.label, row.value, values, unit, decimals))
        if not is_missing(row.low) and not is_missing(row.high):
            sentences.append(f"Intervallet är {_interval(row.low, row.high, decimals)}.")
    for row in rule.itertuples():
        sentences.append(describe.standing(row.label, row.value, [], unit, decimals))
    return figure(
        texts,
        alt=" ".join(sentences),
        table=table(ordered, unit),
        decimals=table_decimals(ordered, unit, decimals),
        chart=draw,
    )


def _draw(
    width: int,
    dots: pd.DataFrame,
    rule: pd.DataFrame,
    focus: str | None,
    zero: bool,
    unit: str,
    decimals: int,
) -> alt.LayerChart:
    size = theme.font_size(width)
    bold = [region == focus for region in dots["region"]]
    grid = rows.rows(list(dots["label"]), bold, width, row=25)
    texts = [
        MISSING if is_missing(r.value) else _value_text(r, decimals, brief=width < 480)
        for r in dots.itertuples()
    ]
    known_texts = [t for t in texts if t != MISSING]
    room = max(measure(t, size, bold=True) for t in known_texts) + 14
    top, bottom = (size + 12 if len(rule) else 4), 48 if unit else 28
    paper = Paper(width, top + grid.height + bottom, grid.label_width + 8, room, top, bottom)
    numbers = [*dots["value"], *dots["low"], *dots["high"], *rule["value"]]
    axis = span([float(v) for v in numbers], zero=zero, count=rows.tick_count(width))
    along = rows.x("x", axis, paper, unit=unit)
    data = dots.assign(y=grid.centres, bold=bold, text=texts)
    layers = dot_layers(data, along, paper)
    if len(rule):
        label = f"{rule['label'].iloc[0]} {number(rule['value'].iloc[0], decimals)}"
        place = axis.place(rule["value"].iloc[0], paper.plot_width)
        layers = rows.rule_layers(label, place, paper) + layers
    layers += _column_layers(data, paper)
    return compose(layers + rows.label_layers(grid, paper.plot_height, at=-8), paper)


def dot_layers(data: pd.DataFrame, along: alt.X, paper: Paper) -> Layers:
    """Draw whiskers (where ``low`` and ``high`` are known) and dots; bold rows in the focus colour."""
    layers: Layers = []
    height = paper.plot_height
    for bold, colour in ((False, theme.OTHER), (True, theme.FOCUS)):
        part = data[(data["bold"] == bold) & data["value"].notna()]
        if {"low", "high"} <= set(part):
            ends = [
                {"x": r.low, "x2": r.high, "y": r.y}
                for r in part.dropna(subset=["low", "high"]).itertuples()
            ]
            if ends:
                whisker = chart(ends).mark_rule(stroke=colour, strokeWidth=3 if bold else 2)
                layers.append(whisker.encode(x=along, x2="x2:Q", y=rows.y("y", height)))
        if len(part):
            points = [{"x": r.value, "y": r.y} for r in part.itertuples()]
            look: dict[str, Any] = {"size": 150 if bold else 80, "stroke": theme.WHITE}
            dot = chart(points).mark_point(
                shape="circle", fill=colour, opacity=1, strokeWidth=1, **look
            )
            layers.append(dot.encode(x=along, y=rows.y("y", height)))
    return layers


def _column_layers(data: pd.DataFrame, paper: Paper) -> Layers:
    """Print the values as a column right of the plot, or in place that a value is missing."""
    layers: Layers = []
    for bold in (False, True):
        part = data[(data["bold"] == bold) & data["value"].notna()]
        if len(part):
            weight = "bold" if bold else "normal"
            column = chart(part[["y", "text"]].to_dict("records"))
            column = column.mark_text(align="right", baseline="middle", fontWeight=weight)
            edge = alt.value(paper.plot_width + paper.right - 3)
            layers.append(column.encode(x=edge, y=rows.y("y", paper.plot_height), text="text:N"))
    missing = data.loc[data["value"].isna(), ["y", "text"]].to_dict("records")
    return layers + rows.missing_texts(missing, paper.plot_height)


def _interval(low: float, high: float, decimals: int) -> str:
    return f"{number(low, decimals)}–{number(high, decimals)}"


def _value_text(row: Any, decimals: int, *, brief: bool) -> str:
    text = number(row.value, decimals)
    if brief or is_missing(row.low) or is_missing(row.high):
        return text
    return f"{text} ({_interval(row.low, row.high, decimals)})"

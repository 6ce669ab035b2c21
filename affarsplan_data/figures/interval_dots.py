"""Dots with intervals: how sure each value is, sorted from the highest down."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Unpack

import altair as alt
import pandas as pd

from affarsplan_data import swedish
from affarsplan_data.figures import describe, rows, theme
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.drawing import (
    KeyItem,
    Layers,
    Paper,
    Span,
    chart,
    compose,
    key,
    key_layers,
    require,
    span,
    tip,
    who,
)
from affarsplan_data.figures.labels import measure
from affarsplan_data.figures.markup import is_missing
from affarsplan_data.figures.ranked_bar import table, table_decimals
from affarsplan_data.swedish import MISSING, number, with_unit

# How far beyond the values an axis follows the intervals, in spreads of the values.
_REACH: Final = 1.5
_GOES_ON: Final = "intervallet fortsätter utanför figuren"
_STYLES: Final = {"other": theme.OTHER, "total": theme.REFERENCE, "focus": theme.FOCUS}


@dataclass(frozen=True)
class _Look:
    """The choices that concern the whole picture; see :func:`interval_dots`."""

    zero: bool
    unit: str
    decimals: int


def interval_dots(
    frame: pd.DataFrame,
    focus: str | None,
    *,
    reference: str | None = None,
    totals: Collection[str] = (),
    zero: bool = False,
    row_heading: str = "Område",
    **texts: Unpack[Texts],
) -> Figure:
    """Return sorted dots with whiskers from ``low`` to ``high``, for counties or municipalities alike.

    An interval far wider than the values differ does not press the rest together: its whisker ends in
    an arrow at the picture's edge, and its limits stand in the table.

    Args:
        frame: ``region``, ``label``, ``value``, ``low``, ``high``; one row a region. A dot without limits
            has no whisker.
        focus: the region to emphasise.
        reference: a region in ``frame`` to draw as a dashed rule instead of a dot.
        totals: regions that are a whole among parts, such as the county among its municipalities: squares
            with a bold label.
        zero: let the axis start at zero.
        row_heading: what the rows are, for the table.

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

    roles = [
        "focus" if region == focus else "total" if region in totals else "other"
        for region in dots["region"]
    ]

    def draw(width: int) -> alt.LayerChart:
        return _draw(width, dots.assign(role=roles), rule, _Look(zero, unit, decimals))

    values = list(dots["value"])
    sentences = [
        describe.reading("interval_dots", describe.areas(dots)),
        describe.extremes(list(dots["label"]), values, unit, decimals),
    ]
    for row in dots[dots["region"] == focus].itertuples():
        sentences.append(
            describe.standing(
                row.label, row.value, values, unit, decimals, getattr(row, "rank", None)
            )
        )
        if not is_missing(row.low) and not is_missing(row.high):
            sentences.append(f"Intervallet är {_interval(row.low, row.high, decimals)}.")
    for row in rule.itertuples():
        sentences.append(describe.standing(row.label, row.value, [], unit, decimals))
    return figure(
        texts,
        alt=" ".join(sentences),
        table=table(ordered, unit, row_heading),
        decimals=table_decimals(ordered, unit, decimals),
        chart=draw,
        printed=dots["value"],
    )


def _draw(width: int, dots: pd.DataFrame, rule: pd.DataFrame, look: _Look) -> alt.LayerChart:
    size = theme.font_size(width)
    bold = [role != "other" for role in dots["role"]]
    grid = rows.rows(list(dots["label"]), bold, width, row=25)
    texts = [
        MISSING if is_missing(r.value) else _value_text(r, look.decimals, brief=width < 480)
        for r in dots.itertuples()
    ]
    known_texts = [t for t in texts if t != MISSING]
    room = max(measure(t, size, bold=True) for t in known_texts) + 14
    axis = _axis(dots, rule, look, width)
    clipped = (dots["low"] < axis.low) | (dots["high"] > axis.high)
    items = [KeyItem(_GOES_ON, "arrow", theme.OTHER, theme.OTHER)] if clipped.any() else []
    placed, key_height = key(items, width)
    top = key_height + (size + 12 if len(rule) else 4)
    bottom = 48 if look.unit else 28
    paper = Paper(width, top + grid.height + bottom, grid.label_width + 8, room, top, bottom)
    along = rows.x("x", axis, paper, unit=look.unit)
    data = dots.assign(y=grid.centres, text=texts, who=[_who(r, look) for r in dots.itertuples()])
    layers = _whisker_layers(data, axis, along, paper) + _dot_layers(data, along, paper)
    if len(rule):
        label = f"{rule['label'].iloc[0]} {number(rule['value'].iloc[0], look.decimals)}"
        place = axis.place(rule["value"].iloc[0], paper.plot_width)
        layers = rows.rule_layers(label, place, paper) + layers
    layers += _column_layers(data, paper)
    layers += rows.label_layers(grid, paper.plot_height, at=-8, keys=list(dots["region"]))
    return compose(layers + key_layers(placed, paper), paper)


def _axis(dots: pd.DataFrame, rule: pd.DataFrame, look: _Look, width: int) -> Span:
    """Return the axis: around all values, and the intervals as far as they are of the same order."""
    values = [float(v) for v in [*dots["value"], *rule["value"]] if not is_missing(v)]
    lowest, highest = min(values), max(values)
    typical = (dots["high"] - dots["low"]).median()
    reach = _REACH * max(highest - lowest, 0.0 if is_missing(typical) else typical)
    ends = [float(v) for c in ("low", "high") for v in dots[c] if not is_missing(v)]
    near = [min(max(v, lowest - reach), highest + reach) for v in ends]
    count = rows.tick_count(width)
    return span([*values, *near], zero=look.zero, count=count, decimals=look.decimals)


def _who(row: Any, look: _Look) -> str:
    more = []
    if not is_missing(row.low) and not is_missing(row.high):
        more = [f"intervall {_interval(row.low, row.high, look.decimals)}"]
    value = with_unit(row.value, look.unit, look.decimals)
    return who(key=row.region, tip=tip(row.label, value, *more))


def _whisker_layers(data: pd.DataFrame, axis: Span, along: alt.X, paper: Paper) -> Layers:
    """Draw the intervals where they are known, with an arrow where one goes on past the axis."""
    layers: Layers = []
    y = rows.y("y", paper.plot_height)
    for role, colour in _STYLES.items():
        part = data[(data["role"] == role)].dropna(subset=["value", "low", "high"])
        records = [
            {"x": max(r.low, axis.low), "x2": min(r.high, axis.high), "y": r.y, "who": r.who}
            for r in part.itertuples()
        ]
        if records:
            whisker = chart(records).mark_rule(
                stroke=colour, strokeWidth=2 if role == "other" else 3
            )
            layers.append(whisker.encode(x=along, x2="x2:Q", y=y))
        for shape, edge, past in (
            ("triangle-left", axis.low, part["low"] < axis.low),
            ("triangle-right", axis.high, part["high"] > axis.high),
        ):
            if past.any():
                arrows = [{"x": edge, "y": r.y, "who": r.who} for r in part[past].itertuples()]
                mark = chart(arrows).mark_point(
                    shape=shape, size=70, fill=colour, stroke=colour, opacity=1
                )
                layers.append(mark.encode(x=along, y=y))
    return layers


def _dot_layers(data: pd.DataFrame, along: alt.X, paper: Paper) -> Layers:
    layers: Layers = []
    for role, colour in _STYLES.items():
        part = data[(data["role"] == role) & data["value"].notna()]
        if len(part):
            points = [{"x": r.value, "y": r.y, "who": r.who} for r in part.itertuples()]
            mark = {"shape": "square" if role == "total" else "circle", "strokeWidth": 1}
            dot = chart(points).mark_point(
                fill=colour,
                stroke=theme.WHITE,
                opacity=1,
                size=80 if role == "other" else 150,
                **mark,
            )
            layers.append(dot.encode(x=along, y=rows.y("y", paper.plot_height)))
    return layers


def _column_layers(data: pd.DataFrame, paper: Paper) -> Layers:
    """Print the values as a column right of the plot, or in place that a value is missing."""
    layers: Layers = []
    for weight, bold in (("normal", False), ("bold", True)):
        part = data[((data["role"] != "other") == bold) & data["value"].notna()]
        if len(part):
            texts = [
                {"y": r.y, "text": r.text, "who": who(key=r.region)} for r in part.itertuples()
            ]
            column = chart(texts).mark_text(align="right", baseline="middle", fontWeight=weight)
            edge = alt.value(paper.plot_width + paper.right - 3)
            layers.append(column.encode(x=edge, y=rows.y("y", paper.plot_height), text="text:N"))
    missing = data.loc[data["value"].isna(), ["y", "text", "who"]].to_dict("records")
    return layers + rows.missing_texts(missing, paper.plot_height)


def _interval(low: float, high: float, decimals: int) -> str:
    return swedish.span(number(low, decimals), number(high, decimals))


def _value_text(row: Any, decimals: int, *, brief: bool) -> str:
    text = number(row.value, decimals)
    if brief or is_missing(row.low) or is_missing(row.high):
        return text
    return f"{text} ({_interval(row.low, row.high, decimals)})"

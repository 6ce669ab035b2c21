"""Diverging bars: how far each row lies above or below riket, or whatever it is compared with."""

from typing import Unpack

import altair as alt
import pandas as pd

from affarsplan_data.figures import describe, rows, theme
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.drawing import (
    Layers,
    Paper,
    chart,
    compose,
    require,
    span,
    tip,
    who,
    written,
)
from affarsplan_data.figures.labels import measure
from affarsplan_data.swedish import MISSING, signed

_THICKNESS = 8.5


def diverging_bar(
    frame: pd.DataFrame,
    *,
    lower: str = "lägre än riket",
    higher: str = "högre än riket",
    ordered: bool = False,
    row_heading: str = "Näringsgren",
    **texts: Unpack[Texts],
) -> Figure:
    """Return bars to both sides of a zero line.

    Args:
        frame: ``label`` and ``value``, a difference; one row a label.
        lower, higher: what bars to the left and to the right mean.
        ordered: keep the frame's order instead of sorting from the highest value down.
        row_heading: what the rows are, for the table.

    Raises:
        FigureError: columns are missing, a label is repeated, or there is nothing to draw.
    """
    require(frame, ["label", "value"], ["label"])
    bars = frame if ordered else frame.sort_values("value", ascending=False, kind="stable")
    bars = bars.reset_index(drop=True)
    decimals, unit = texts.get("decimals", 1), texts.get("unit", "")
    span(bars["value"].astype(float), zero=True)

    def draw(width: int) -> alt.LayerChart:
        return _draw(width, bars, lower, higher, unit, decimals)

    count = f"{len(bars)} {'rad' if len(bars) == 1 else 'rader'}"
    sentences = [
        describe.reading("diverging_bar", count),
        describe.extremes(list(bars["label"]), list(bars["value"]), unit, decimals),
    ]
    heading = describe.column(unit)
    return figure(
        texts,
        alt=" ".join(sentences),
        table=bars[["label", "value"]].rename(columns={"label": row_heading, "value": heading}),
        decimals={heading: decimals},
        chart=draw,
    )


def _draw(
    width: int, bars: pd.DataFrame, lower: str, higher: str, unit: str, decimals: int
) -> alt.LayerChart:
    size = theme.font_size(width)
    grid = rows.rows(list(bars["label"]), [False] * len(bars), width, share=0.42)
    room = max(measure(signed(v, decimals), size) for v in bars["value"].dropna()) + 9
    axis = span(bars["value"].astype(float), zero=True, tight=True)
    top = size + 16
    left = grid.label_width + (room if axis.low < 0 else 0)
    paper = Paper(width, top + grid.height + 4, left, room, top, 4)
    zero = axis.place(0, paper.plot_width)
    data = bars.assign(y=grid.centres)
    along = rows.x("x", axis, paper, axis=False)
    said = [f"{signed(v, decimals)} {unit}".strip() for v in data["value"]]
    layers = _bar_layers(data.assign(said=said), along, paper) + rows.rule_layers(
        "", zero, paper, dashed=False
    )
    for negative in (False, True):
        records = [
            {"x": r.value, "y": r.y, "text": signed(r.value, decimals), "who": who(key=r.label)}
            for r in data.dropna(subset=["value"]).itertuples()
            if (r.value < 0) == negative
        ]
        side = {"align": "right", "dx": -5} if negative else {"align": "left", "dx": 5}
        layers += rows.value_texts(records, along, paper.plot_height, **side)
    missing = [{"x": 0, "y": r.y, "text": MISSING} for r in data[data["value"].isna()].itertuples()]
    layers += rows.value_texts(missing, along, paper.plot_height, align="left", dx=5)
    layers += rows.label_layers(
        grid, paper.plot_height, at=grid.label_width - left, keys=list(bars["label"])
    )
    return compose(layers + _side_layers(lower, higher, zero, paper), paper)


def _bar_layers(data: pd.DataFrame, along: alt.X, paper: Paper) -> Layers:
    records = [
        {
            "x": r.value,
            "x2": 0,
            "y": r.y - _THICKNESS,
            "y2": r.y + _THICKNESS,
            "fill": theme.FOCUS if r.value >= 0 else theme.PEER,
            "who": who(key=r.label, tip=tip(r.label, r.said)),
        }
        for r in data.dropna(subset=["value"]).itertuples()
    ]
    return [
        chart(records)
        .mark_rect()
        .encode(
            x=along,
            x2="x2:Q",
            y=rows.y("y", paper.plot_height),
            y2="y2:Q",
            fill=alt.Fill("fill:N", scale=None),
        )
    ]


def _side_layers(lower: str, higher: str, zero: float, paper: Paper) -> Layers:
    """Write what each side means at the top, on either side of the zero line, inside the picture."""
    size = theme.font_size(int(paper.width))
    left, right = f"← {lower}", f"{higher} →"
    need_left, need_right = measure(left, size) + 10, measure(right, size) + 10
    meet = min(max(zero, need_left - paper.left), paper.plot_width + paper.right - need_right)
    style = {"baseline": "bottom", "color": theme.MUTED_TEXT}
    return [
        written(left, meet - 8, -8, **{**style, "align": "right"}),
        written(right, meet + 8, -8, **style),
    ]

"""Rank over time: place 1 at the top, ours in the focus colour with its place printed."""

import math
from typing import Unpack

import altair as alt
import pandas as pd

from affarsplan_data.figures import describe, theme
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.drawing import Layers, Paper, Span, chart, compose, require, who
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.figures.labels import measure
from affarsplan_data.figures.over_time import (
    EndLabel,
    end_label_layers,
    position,
    runs,
    time_axis,
    told,
    year_span,
)
from affarsplan_data.swedish import ordinal

_ROW = {True: 17.0, False: 19.0}
_OTHER_LINE = "#BDBDBD"


def rank_lines(frame: pd.DataFrame, focus: str, **texts: Unpack[Texts]) -> Figure:
    """Return a bump chart.

    The faint lines are only background; every place is named at the right and stands in the table.

    Args:
        frame: ``region``, ``label``, ``period``, ``rank`` (1 is the first) and if known ``value``, which
            the table shows beside our rank; one row a region and period. A missing rank leaves a gap.
        focus: the region to emphasise.

    Raises:
        FigureError: columns are missing, a row is repeated, or the focus region has no rank at all.
    """
    require(frame, ["region", "label", "period", "rank"], ["region", "period"])
    data = frame.assign(
        period=frame["period"].astype(str),
        x=[position(p) for p in frame["period"]],
        value=frame["rank"].astype(float),
        segment=0,
    )
    if data.loc[data["region"] == focus, "value"].notna().sum() == 0:
        raise FigureError("Figuren saknar placering för den region som ska framhävas.")

    def draw(width: int) -> alt.LayerChart:
        return _draw(width, data, focus)

    decimals, unit = texts.get("decimals", 1), texts.get("unit", "")
    table, table_decimals = _table(frame, data, focus, unit, decimals)
    return figure(texts, alt=_alt(data, focus), table=table, decimals=table_decimals, chart=draw)


def _draw(width: int, data: pd.DataFrame, focus: str) -> alt.LayerChart:
    compact = width < 480
    worst = int(data["value"].max())
    axis = Span(0.5, worst + 0.5, tuple(float(r) for r in range(1, worst + 1)))
    years = year_span(data["x"])
    labels = _labels(data, focus, width)
    right = max(label.width for label in labels) + 20
    paper = Paper(width, 14 + worst * _ROW[compact] + 30, 34, right, 14, 30)
    x = time_axis(years, paper)
    shown = sorted({1, worst, *range(5, worst - 1, 5)})
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[axis.high, axis.low], nice=False, zero=False),
        axis=alt.Axis(values=shown, format="d", title=None, grid=False, labelPadding=14),
    )
    known = runs(data)
    # As its line says it, a place has no unit and no decimals.
    told_runs = told(known.assign(role="rank"), "", 0, "role")
    layers: Layers = []
    for ours, colour, thick in ((False, _OTHER_LINE, 1.2), (True, theme.FOCUS, 3)):
        part = known[(known["region"] == focus) == ours]
        if part.empty:
            continue
        records = part.assign(who=part["run"].map(told_runs))
        records = records[["x", "value", "run", "who"]].to_dict("records")
        line = chart(records).mark_line(stroke=colour, strokeWidth=thick, strokeJoin="round")
        layers.append(line.encode(x=x, y=y, detail="run:N"))
    layers += _printed(known[known["region"] == focus], years, x, y, paper)
    layers += end_label_layers(labels, axis, years, paper, downward=True)
    return compose(layers, paper)


def _labels(data: pd.DataFrame, focus: str, width: int) -> list[EndLabel]:
    """Name the regions that have a place in the last period, on one line each."""
    size = theme.font_size(width)
    last = data[(data["x"] == data["x"].max()) & data["value"].notna()]
    ours = data[(data["region"] == focus) & data["value"].notna()].sort_values("x").tail(1)
    both = pd.concat([last, ours]).drop_duplicates("region")
    labels = []
    for row in both.sort_values(["value", "label"]).itertuples():
        role = "focus" if row.region == focus else "other"
        text = f"{row.value:.0f} {row.label}"
        length = measure(text, size, bold=role == "focus")
        labels.append(EndLabel(text, row.x, row.value, role, length, size + 3, row.region))
    return labels


def _printed(ours: pd.DataFrame, years: Span, x: alt.X, y: alt.Y, paper: Paper) -> Layers:
    """Print our place in a disc at as many periods as have room, the first and the last always."""
    per_year = paper.plot_width / (years.high - years.low)
    step = max(1, math.ceil(26 / per_year))
    first, last = ours["x"].min(), ours["x"].max()
    records = [
        {"x": r.x, "value": r.value, "text": f"{r.value:.0f}", "who": who(key=r.region)}
        for r in ours.itertuples()
        if r.x == first or ((last - r.x) % step == 0 and r.x - first >= step)
    ]
    disc = chart(records).mark_point(
        shape="circle", size=400, fill=theme.FOCUS, stroke=theme.WHITE, strokeWidth=1.5, opacity=1
    )
    text = chart(records).mark_text(color=theme.WHITE, fontWeight="bold", fontSize=12, dy=0.5)
    return [disc.encode(x=x, y=y), text.encode(x=x, y=y, text="text:N")]


def _table(
    frame: pd.DataFrame, data: pd.DataFrame, focus: str, unit: str, decimals: int
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return one row a period: our value if known, then the place of ours and of every other region."""
    periods = data[["x", "period"]].drop_duplicates().sort_values("x")["period"].tolist()
    order = sorted(data["region"].unique(), key=lambda r: (r != focus, r))
    columns: dict[str, pd.Series] = {}
    places: dict[str, int] = {}
    for region in order:
        rows = data[data["region"] == region].set_index("period")
        label = str(rows["label"].iloc[0])
        columns[f"{label}, placering"] = rows["value"].reindex(periods)
        places[f"{label}, placering"] = 0
        if region == focus and "value" in frame:
            heading = f"{label}, {unit or 'värde'}"
            columns[heading] = (
                frame.loc[rows.index.map(_index(data, region)), "value"]
                .set_axis(rows.index)
                .reindex(periods)
            )
            places[heading] = decimals
    table = pd.DataFrame({"År": periods, **{h: c.to_numpy() for h, c in columns.items()}})
    return table, places


def _index(data: pd.DataFrame, region: str) -> dict[str, object]:
    rows = data[data["region"] == region]
    return dict(zip(rows["period"], rows.index, strict=True))


def _alt(data: pd.DataFrame, focus: str) -> str:
    ours = data[(data["region"] == focus) & data["value"].notna()].sort_values("x")
    first, last = ours.iloc[0], ours.iloc[-1]
    best = ours.loc[ours["value"].idxmin()]
    worst = ours.loc[ours["value"].idxmax()]
    count = f"{data['region'].nunique()} områden"
    return " ".join(
        [
            describe.reading("rank_lines", count, f"{data['period'].min()}–{data['period'].max()}"),
            f"{first['label']} är {ordinal(int(first['value']))} {first['period']} och "
            f"{ordinal(int(last['value']))} {last['period']}.",
            f"Bästa placering är {ordinal(int(best['value']))} ({best['period']}), "
            f"sämsta {ordinal(int(worst['value']))} ({worst['period']}).",
        ]
    )

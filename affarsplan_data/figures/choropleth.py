"""Choropleth maps, always with the same values as a sorted dot plot beside or below."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

import altair as alt
import geopandas as gpd
import pandas as pd

from affarsplan_data.figures import boundaries, describe, map_layers, rows, theme
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.drawing import (
    Layers,
    Paper,
    Span,
    chart,
    compose,
    key,
    key_layers,
    lines_at,
    require,
    span,
    texts_at,
    written,
)
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.figures.labels import measure
from affarsplan_data.swedish import number

_GAP = 14.0


@dataclass(frozen=True)
class _Content:
    """What is drawn: rows sorted by value with their colours, the areas and the comparison."""

    dots: pd.DataFrame
    areas: gpd.GeoDataFrame
    borders: Path | None
    classes: map_layers.Classes
    focus: str | None
    reference: tuple[str, float] | None
    unit: str
    decimals: int


def choropleth(
    frame: pd.DataFrame,
    regions: Sequence[str],
    *,
    focus: str | None = None,
    reference: str | None = None,
    borders: Path | None = None,
    **texts: Unpack[Texts],
) -> Figure:
    """Return a map of ``regions`` with the numbers printed, paired with a sorted dot plot.

    Only for rates and other values that do not grow with the area's size.

    Args:
        frame: ``region``, ``label``, ``value``; one row a region. A region without a row or value is
            shown as missing.
        regions: the areas to draw: municipalities of one or several counties, or counties.
        focus: the area to frame.
        reference: a region in ``frame`` to draw as a dashed rule in the dot plot.
        borders: the file of boundaries; the project's own copy when it is None.

    Raises:
        FigureError: columns are missing, a region is repeated or lacks a label, or no area has a value.
    """
    require(frame, ["region", "label", "value"], ["region"])
    known = frame.set_index("region")
    if unlabelled := sorted(set(regions) - set(known.index)):
        raise FigureError(f"Kartans underlag saknar rader för {', '.join(unlabelled)}.")
    dots = known.loc[list(regions)].reset_index().astype({"value": float})
    dots = dots.sort_values(["value", "label"], ascending=[False, True], ignore_index=True)
    decimals, unit = texts.get("decimals", 1), texts.get("unit", "")
    compared = None
    if reference in known.index and pd.notna(known.loc[reference, "value"]):
        compared = (str(known.loc[reference, "label"]), float(known.loc[reference, "value"]))
    content = _Content(
        dots=dots,
        areas=boundaries.areas(regions, borders),
        borders=borders,
        classes=map_layers.classes(list(dots["value"]), decimals),
        focus=focus,
        reference=compared,
        unit=unit,
        decimals=decimals,
    )
    heading = describe.column(unit)
    extra = [] if compared is None else [{"label": compared[0], "value": compared[1]}]
    table = pd.concat([dots[["label", "value"]], pd.DataFrame(extra)], ignore_index=True)
    return figure(
        texts,
        alt=_alt(content),
        table=table.rename(columns={"label": "Område", "value": heading}),
        decimals={heading: decimals},
        chart=lambda width: _draw(width, content),
    )


def _draw(width: int, content: _Content) -> alt.LayerChart:
    """Lay out key, map and dots in one view; beside each other when there is room."""
    compact = width < 480
    size = theme.font_size(width)
    items = content.classes.key_items(missing=bool(content.dots["value"].isna().any()))
    placed, key_height = key(items, width)
    heading = size + 10.0 if content.unit else 0.0
    top = key_height + heading + 4
    head = size + 12.0 if content.reference else 4.0
    room = 18 + max(
        measure(number(v, content.decimals), size, bold=True) for v in content.dots["value"]
    )
    map_width = width - room if compact else width * 0.46
    labels = list(content.dots["label"])
    bold = [region == content.focus for region in content.dots["region"]]
    row = 24.0 if len(labels) <= 30 else 19.0
    plain = rows.rows(labels, bold, width, row=row, start=head, share=0.4 if compact else 0.26)
    map_height = _map_height(content.areas, map_width, 540 if compact else max(plain.height, 380))
    start = (
        map_height + _GAP + head if compact else head + max(0.0, (map_height - plain.height) / 2)
    )
    grid = rows.rows(labels, bold, width, row=row, start=start, share=0.4 if compact else 0.26)
    end = max(grid.height, map_height)
    paper = Paper(width, top + end + 28, 0, room, top, 28)
    left = grid.label_width + 8 + (0 if compact else map_width + _GAP)
    layers = _map(content, map_width, map_height, size)
    layers += _dots(content, grid, paper, left, start - head + 4)
    if heading:
        text = {"baseline": "bottom", "color": theme.MUTED_TEXT}
        layers.append(written(content.unit, 2, heading - top - 2, **text))
    lowered = [(item, x, y + heading) for item, x, y in placed]
    return compose(layers + key_layers(lowered, paper), paper)


def _map_height(areas: gpd.GeoDataFrame, width: float, most: float) -> float:
    west, south, east, north = areas.total_bounds
    return float(min(most, width * (north - south) / (east - west)))


def _map(content: _Content, width: float, height: float, size: int) -> Layers:
    fills, names, texts = {}, {}, {}
    for row in content.dots.itertuples():
        fills[row.region] = content.classes.colour(row.value)
        names[row.region] = row.label
        texts[row.region] = "–" if pd.isna(row.value) else number(row.value, content.decimals)
    move = map_layers.in_pixels(content.areas, width - 8, height, 3, 0)
    if margin := map_layers.side_margin(content.areas, texts, move, size, content.focus):
        inner = width - 8 - 2 * margin
        move = map_layers.in_pixels(content.areas, inner, height, 3 + margin, 0)
    shapes = map_layers.shape_layers(content.areas, fills, content.focus, move, content.borders)
    return shapes + map_layers.label_layers(
        content.areas, names, texts, fills, move, size=size, focus=content.focus
    )


def _dots(content: _Content, grid: rows.Rows, paper: Paper, left: float, top: float) -> Layers:
    values = [*content.dots["value"], *([content.reference[1]] if content.reference else [])]
    axis = span(values, zero=False, count=3)
    height = paper.plot_height
    length = paper.plot_width - left
    layers = _grid_lines(axis, left, length, top, grid.height)
    if content.reference:
        label, value = content.reference
        text = f"{label} {number(value, content.decimals)}"
        place = left + axis.place(value, length)
        layers += rows.rule_layers(text, place, paper, top=top, bottom=grid.height)
    along = rows.x("x", axis, paper, axis=False, start=left)
    data = content.dots.assign(y=grid.centres)
    known = data.dropna(subset=["value"])
    points = [
        {"x": r.value, "y": r.y, "fill": content.classes.colour(r.value)}
        for r in known.itertuples()
    ]
    dot = chart(points).mark_point(
        shape="circle", size=110, stroke=theme.FOCUS, strokeWidth=1.6, opacity=1
    )
    layers.append(dot.encode(x=along, y=rows.y("y", height), fill=alt.Fill("fill:N", scale=None)))
    layers += _values(known, content, paper)
    missing = [
        {"y": r.y, "text": "uppgift saknas"} for r in data[data["value"].isna()].itertuples()
    ]
    layers += rows.missing_texts(missing, height, at=left)
    return layers + rows.label_layers(grid, height, at=left - 8)


def _values(known: pd.DataFrame, content: _Content, paper: Paper) -> Layers:
    """Print the values as a column right of the dots."""
    layers: Layers = []
    edge = alt.value(paper.plot_width + paper.right - 3)
    for focus in (False, True):
        part = known[(known["region"] == content.focus) == focus]
        texts = [{"y": r.y, "text": number(r.value, content.decimals)} for r in part.itertuples()]
        if texts:
            weight = "bold" if focus else "normal"
            column = chart(texts).mark_text(align="right", baseline="middle", fontWeight=weight)
            layers.append(column.encode(x=edge, y=rows.y("y", paper.plot_height), text="text:N"))
    return layers


def _grid_lines(axis: Span, left: float, length: float, top: float, bottom: float) -> Layers:
    places = [(tick, left + axis.place(tick, length)) for tick in axis.ticks]
    rules = [{"x": x, "x2": x, "y": top, "y2": bottom, "color": theme.GRID} for _, x in places]
    texts = [
        {"text": number(tick, axis.decimals), "x": x, "y": bottom + 12, "color": theme.MUTED_TEXT}
        for tick, x in places
    ]
    return lines_at(rules, 1) + texts_at(texts)


def _alt(content: _Content) -> str:
    dots, unit, decimals = content.dots, content.unit, content.decimals
    values = list(dots["value"])
    parts = [
        describe.reading("choropleth", describe.areas(dots)),
        describe.extremes(list(dots["label"]), values, unit, decimals),
    ]
    for row in dots[dots["region"] == content.focus].itertuples():
        parts.append(describe.standing(row.label, row.value, values, unit, decimals))
    if content.reference:
        parts.append(describe.standing(*content.reference, [], unit, decimals))
    return " ".join(parts)

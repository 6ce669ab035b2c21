"""Choropleth maps, always with the same values as a sorted dot plot beside or below."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Unpack

import altair as alt
import geopandas as gpd
import pandas as pd

from affarsplan_data.figures import boundaries, describe, map_layers, rows, theme
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.drawing import (
    KeyItem,
    Layers,
    Paper,
    Shape,
    Span,
    chart,
    compose,
    key,
    key_layers,
    lines_at,
    require,
    span,
    texts_at,
    tip,
    who,
    written,
)
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.figures.labels import measure
from affarsplan_data.swedish import MISSING, number, with_unit

_GAP = 14.0
_SEXES: Final[tuple[tuple[str, str, Shape, str], ...]] = (
    ("women", "kvinnor", "circle", theme.WOMEN),
    ("men", "män", "diamond", theme.MEN),
)


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
        frame: ``region``, ``label``, ``value`` and if known ``women`` and ``men``, drawn as points of
            their own beside the dots; one row a region. A missing value is shown as missing.
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
    sexes = [sex for sex, *_ in _SEXES if {s for s, *_ in _SEXES} <= set(known)]
    dots = known.loc[list(regions)].reset_index()
    dots = dots.astype(dict.fromkeys(["value", *sexes], float))
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
    shown = list(dots["region"]) + ([] if compared is None else [reference])
    table = known.loc[shown, ["label", "value", *sexes]].reset_index(drop=True)
    columns = {sex: describe.column(name) for sex, name, *_ in _SEXES if sex in sexes}
    return figure(
        texts,
        alt=_alt(content),
        table=table.rename(columns={"label": "Område", "value": heading, **columns}),
        decimals=dict.fromkeys([heading, *columns.values()], decimals),
        chart=lambda width: _draw(width, content),
        printed=dots["value"],
    )


def _draw(width: int, content: _Content) -> alt.LayerChart:
    """Lay out key, map and dots in one view; beside each other when there is room."""
    compact = width < 480
    size = theme.font_size(width)
    placed, key_height = _key(content, width)
    heading = size + 10.0 if content.unit else 0.0
    top = key_height + heading + 4
    head = size + 18.0 if content.reference else 4.0
    room = 18 + max(
        measure(number(v, content.decimals), size, bold=True)
        for v in content.dots["value"].dropna()
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
    bottom = size + 32.0 if content.unit else 28.0
    paper = Paper(width, top + end + bottom, 0, room, top, bottom)
    left = grid.label_width + 8 + (0 if compact else map_width + _GAP)
    open_to = width - 4.0 if compact else map_width + _GAP
    layers = _map(content, map_width, map_height, size, (-2.0, -4.0, open_to, map_height + 8))
    layers += _dots(content, grid, paper, left, start - head + 4)
    if heading:
        text = {"baseline": "bottom", "color": theme.MUTED_TEXT}
        layers.append(written(content.unit, 2, heading - top - 2, **text))
    lowered = [(item, x, y + heading) for item, x, y in placed]
    return compose(layers + key_layers(lowered, paper), paper)


def _key(content: _Content, width: int) -> tuple[list[tuple[KeyItem, float, float]], float]:
    """Set the key of the map on its own rows, and under it the key of the dots when there are several."""
    missing = bool(content.dots["value"].isna().any())
    placed, height = key(content.classes.key_items(missing=missing), width)
    below, more = key(_sex_items(content.dots), width)
    between = 6.0 if below else 0.0
    lowered = [(item, x, y + height - between) for item, x, y in below]
    return placed + lowered, height + more - between


def _map_height(areas: gpd.GeoDataFrame, width: float, most: float) -> float:
    west, south, east, north = areas.total_bounds
    return float(min(most, width * (north - south) / (east - west)))


def _map(content: _Content, width: float, height: float, size: int, room: map_layers.Box) -> Layers:
    fills, names, texts, said = {}, {}, {}, {}
    for row in content.dots.itertuples():
        fills[row.region] = content.classes.colour(row.value)
        names[row.region] = row.label
        said[row.region] = who(key=row.region, tip=_tip(row.label, row.value, content))
        texts[row.region] = "–" if pd.isna(row.value) else number(row.value, content.decimals)
    move = map_layers.in_pixels(content.areas, width - 8, height, 3, 0)
    if margin := map_layers.side_margin(content.areas, texts, move, size, content.focus):
        inner = width - 8 - 2 * margin
        move = map_layers.in_pixels(content.areas, inner, height, 3 + margin, 0)
    shapes = map_layers.shape_layers(
        content.areas, fills, said, content.focus, move, content.borders
    )
    return shapes + map_layers.label_layers(
        content.areas, names, texts, fills, move, size=size, focus=content.focus, room=room
    )


def _dots(content: _Content, grid: rows.Rows, paper: Paper, left: float, top: float) -> Layers:
    values = [*content.dots["value"], *([content.reference[1]] if content.reference else [])]
    values += [v for sex, *_ in _SEXES if sex in content.dots for v in content.dots[sex]]
    axis = span(values, zero=False, count=3, decimals=content.decimals)
    height = paper.plot_height
    length = paper.plot_width - left
    layers = _grid_lines(axis, left, length, top + 8, grid.height)
    if content.unit:
        below = grid.height + theme.font_size(int(paper.width)) + 18
        end = {"align": "right", "baseline": "middle", "color": theme.MUTED_TEXT}
        layers.append(written(content.unit, left + length, below, **end))
    if content.reference:
        label, value = content.reference
        text = f"{label} {number(value, content.decimals)}"
        place = left + axis.place(value, length)
        layers += rows.rule_layers(text, place, paper, top=top + 8, bottom=grid.height)
    along = rows.x("x", axis, paper, axis=False, start=left)
    data = content.dots.assign(y=grid.centres)
    known = data.dropna(subset=["value"])
    layers += _join_layers(data, along, height)
    points = [
        {
            "x": r.value,
            "y": r.y,
            "fill": content.classes.colour(r.value),
            "who": who(key=r.region, series="total", tip=_tip(r.label, r.value, content)),
        }
        for r in known.itertuples()
    ]
    dot = chart(points).mark_point(
        shape="circle", size=110, stroke=theme.FOCUS, strokeWidth=1.6, opacity=1
    )
    layers.append(dot.encode(x=along, y=rows.y("y", height), fill=alt.Fill("fill:N", scale=None)))
    held = [sex for sex, *_ in _SEXES if sex in data]
    places = [[axis.place(v, length) for v in row] for row in data[held].itertuples(index=False)]
    moved = [rows.apart(row, 8.0) for row in places]
    layers += _sex_layers(data, content, along, height, moved)
    layers += _values(data.drop(_bare(data).index), content, paper)
    missing = [
        {"y": r.y, "text": MISSING, "who": who(key=r.region)} for r in _bare(data).itertuples()
    ]
    layers += rows.missing_texts(missing, height, at=left)
    keys = list(content.dots["region"])
    return layers + rows.label_layers(grid, height, at=left - 8, keys=keys)


def _tip(label: str, value: float, content: _Content, sex: str = "") -> str:
    said = with_unit(value, content.unit, content.decimals)
    return tip(label, f"{sex}: {said}" if sex else said)


def _sex_items(dots: pd.DataFrame) -> list[KeyItem]:
    """Return the key of the dots: all and the sexes, or nothing when all are the only ones."""
    shown = [item for item in _SEXES if item[0] in dots and dots[item[0]].notna().any()]
    if not shown:
        return []
    everyone = KeyItem("alla, i kartans färg", "circle", theme.WHITE, theme.FOCUS, series="total")
    sexes = [KeyItem(name, shape, colour, colour, series=sex) for sex, name, shape, colour in shown]
    return [everyone, *sexes]


def _join_layers(data: pd.DataFrame, along: alt.X, height: float) -> Layers:
    """Join women and men by a line."""
    if not {sex for sex, *_ in _SEXES} <= set(data):
        return []
    both = data.dropna(subset=["women", "men"])
    ends = [
        {"x": min(r.women, r.men), "x2": max(r.women, r.men), "y": r.y, "who": who(key=r.region)}
        for r in both.itertuples()
    ]
    if not ends:
        return []
    line = chart(ends).mark_rule(stroke=theme.OTHER, strokeWidth=1.2)
    return [line.encode(x=along, x2="x2:Q", y=rows.y("y", height))]


def _sex_layers(
    data: pd.DataFrame, content: _Content, along: alt.X, height: float, moved: list[list[float]]
) -> Layers:
    """Draw women and men as small points on the row, over the large one of all."""
    layers: Layers = []
    for i, (sex, name, shape, colour) in enumerate(s for s in _SEXES if s[0] in data):
        records = [
            {
                "x": value,
                "y": y + shift[i],
                "who": who(key=region, series=sex, tip=_tip(label, value, content, name)),
            }
            for (region, label, value, y), shift in zip(
                data[["region", "label", sex, "y"]].itertuples(index=False), moved, strict=True
            )
            if pd.notna(value)
        ]
        if records:
            point = chart(records).mark_point(
                shape=shape, size=60, fill=colour, stroke=theme.WHITE, strokeWidth=1, opacity=1
            )
            layers.append(point.encode(x=along, y=rows.y("y", height)))
    return layers


def _bare(data: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without any point, where the words that the value is missing have room."""
    return data[data[[c for c in ("value", "women", "men") if c in data]].isna().all(axis=1)]


def _values(known: pd.DataFrame, content: _Content, paper: Paper) -> Layers:
    """Print the values as a column right of the dots."""
    layers: Layers = []
    edge = alt.value(paper.plot_width + paper.right - 3)
    for focus in (False, True):
        part = known[(known["region"] == content.focus) == focus]
        texts = [
            {
                "y": r.y,
                "text": "–" if pd.isna(r.value) else number(r.value, content.decimals),
                "who": who(key=r.region),
            }
            for r in part.itertuples()
        ]
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
    for sex, name, *_ in _SEXES:
        if sex in dots:
            said = describe.extremes(list(dots["label"]), list(dots[sex]), unit, decimals)
            parts.append(f"{describe.column(name)}: {describe.lower_start(said)}")
    return " ".join(parts)

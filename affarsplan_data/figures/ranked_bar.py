"""Ranked bars: regions sorted by value, ours in the focus colour, riket as a dashed rule."""

from collections.abc import Collection
from typing import Any, Unpack

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
    lines_at,
    require,
    span,
    tip,
    who,
)
from affarsplan_data.figures.labels import measure
from affarsplan_data.figures.markup import is_missing
from affarsplan_data.swedish import MISSING, number, with_unit

_THICKNESS = 8.5


def ranked_bar(
    frame: pd.DataFrame,
    focus: str | None,
    *,
    peers: Collection[str] = (),
    reference: str | None = None,
    peers_label: str = "jämförda områden",
    **texts: Unpack[Texts],
) -> Figure:
    """Return horizontal bars from zero, sorted from the highest value down.

    Args:
        frame: ``region``, ``label``, ``value`` and if known ``low``, ``high``, ``rank``;
            one row a region.
        focus: the region to emphasise, or None.
        peers: regions to tell apart from the rest, named ``peers_label`` in the key.
        reference: a region in ``frame`` to draw as a dashed rule instead of a bar.

    Raises:
        FigureError: columns are missing, a region is repeated, or there is nothing to draw.
    """
    require(frame, ["region", "label", "value"], ["region"])
    ordered = frame.sort_values(["value", "label"], ascending=[False, True], kind="stable")
    bars = ordered[ordered["region"] != reference].reset_index(drop=True)
    rule = ordered[ordered["region"] == reference].dropna(subset=["value"])
    require(bars, ["region"], ["region"])
    roles = [_role(region, focus, peers) for region in bars["region"]]
    decimals, unit = texts.get("decimals", 1), texts.get("unit", "")

    def draw(width: int) -> alt.LayerChart:
        items = _key_items(bars, roles, peers_label)
        said = [
            _who(row, role, unit, decimals)
            for row, role in zip(bars.itertuples(), roles, strict=True)
        ]
        return _draw(width, bars.assign(role=roles, who=said), rule, items, decimals)

    return figure(
        texts,
        alt=_alt(bars, rule, focus, unit, decimals),
        table=table(ordered, unit),
        decimals=table_decimals(ordered, unit, decimals),
        chart=draw,
        printed=bars["value"],
    )


def table(ordered: pd.DataFrame, unit: str, row_heading: str = "Område") -> pd.DataFrame:
    """Return the rows as a reader's table: area, value and what else the frame knows."""
    headings = {
        "label": row_heading,
        "value": describe.column(unit),
        "low": "Nedre gräns",
        "high": "Övre gräns",
        "rank": "Placering",
    }
    return ordered[[c for c in headings if c in ordered]].rename(columns=headings)


def table_decimals(ordered: pd.DataFrame, unit: str, decimals: int) -> dict[str, int]:
    """Return the decimals of :func:`table`."""
    possible = {
        describe.column(unit): decimals,
        "Nedre gräns": decimals,
        "Övre gräns": decimals,
        "Placering": 0,
    }
    return {c: d for c, d in possible.items() if c in table(ordered, unit)}


def _role(region: str, focus: str | None, peers: Collection[str]) -> str:
    return "focus" if region == focus else "peer" if region in peers else "other"


def _who(row: Any, role: str, unit: str, decimals: int) -> str:
    value = with_unit(row.value, unit, decimals)
    more = []
    if not is_missing(getattr(row, "low", None)) and not is_missing(getattr(row, "high", None)):
        more = [f"intervall {swedish.span(number(row.low, decimals), number(row.high, decimals))}"]
    return who(key=row.region, series=role, tip=tip(row.label, value, *more))


def _key_items(bars: pd.DataFrame, roles: list[str], peers_label: str) -> list[KeyItem]:
    items = []
    if "focus" in roles:
        label = str(bars["label"][roles.index("focus")])
        items.append(KeyItem(label, "square", theme.FOCUS, theme.FOCUS, series="focus"))
    if "peer" in roles:
        items.append(KeyItem(peers_label, "square", theme.PEER, theme.PEER, series="peer"))
    if items and "other" in roles:
        items.append(KeyItem("övriga", "square", theme.OTHER_FILL, theme.OTHER, series="other"))
    return items if "peer" in roles else []


def _draw(
    width: int, bars: pd.DataFrame, rule: pd.DataFrame, items: list[KeyItem], decimals: int
) -> alt.LayerChart:
    size = theme.font_size(width)
    bold = [role == "focus" for role in bars["role"]]
    grid = rows.rows(list(bars["label"]), bold, width)
    placed, key_height = key(items, width)
    room = max(measure(number(v, decimals), size, bold=True) for v in bars["value"].dropna()) + 8
    negative = room if (bars["value"] < 0).any() else 0.0
    top = key_height + (size + 12 if len(rule) else 4)
    paper = Paper(width, top + grid.height + 4, grid.label_width + negative, room, top, 4)
    extra = [c for c in ("low", "high") if c in bars]
    values = [*bars["value"], *rule["value"], *(v for c in extra for v in bars[c])]
    axis = span([float(v) for v in values], zero=True, tight=True)
    placed_bars = bars.assign(y=grid.centres)
    layers = _bar_layers(placed_bars, axis, paper)
    if len(rule):
        compared = float(rule["value"].iloc[0])
        label = f"{rule['label'].iloc[0]} {number(compared, decimals)}"
        place = axis.place(compared, paper.plot_width)
        layers += rows.rule_layers(label, place, paper)
        layers += _gap_layers(placed_bars, place, axis, paper, decimals)
    layers += _text_layers(placed_bars, axis, paper, decimals)
    keys = list(bars["region"])
    layers += rows.label_layers(grid, paper.plot_height, at=-negative, keys=keys)
    return compose(layers + key_layers(placed, paper), paper)


def _bar_layers(bars: pd.DataFrame, axis: Span, paper: Paper) -> Layers:
    fills = {"focus": theme.FOCUS, "peer": theme.PEER, "other": theme.OTHER_FILL}
    strokes = {**fills, "other": theme.OTHER}
    height = paper.plot_height
    along = rows.x("x", axis, paper, axis=False)
    known = bars.dropna(subset=["value"])
    rectangles = [
        {
            "x": r.value,
            "x2": 0,
            "y": r.y - _THICKNESS,
            "y2": r.y + _THICKNESS,
            "fill": fills[r.role],
            "stroke": strokes[r.role],
            "who": r.who,
        }
        for r in known.itertuples()
    ]
    bar = (
        chart(rectangles)
        .mark_rect(strokeWidth=1)
        .encode(
            x=along,
            x2="x2:Q",
            y=rows.y("y", height),
            y2="y2:Q",
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("stroke:N", scale=None),
        )
    )
    zero = axis.place(0, paper.plot_width)
    layers = [bar, *rows.rule_layers("", zero, paper, dashed=False)]
    return layers + _whiskers(known, along, height)


def _whiskers(known: pd.DataFrame, along: alt.X, height: float) -> Layers:
    if not {"low", "high"} <= set(known):
        return []
    records = [
        {"x": r.low, "x2": r.high, "y": r.y, "who": who(key=r.region, series=r.role)}
        for r in known.dropna(subset=["low", "high"]).itertuples()
    ]
    base = chart(records).encode(x=along, x2="x2:Q", y=rows.y("y", height))
    return [
        base.mark_rule(stroke=theme.WHITE, strokeWidth=4),
        base.mark_rule(stroke=theme.TEXT, strokeWidth=1.6),
    ]


def _reach(bars: pd.DataFrame, negative: bool) -> pd.Series:
    """Return where each bar ends, or its interval when that goes further."""
    side = "low" if negative else "high"
    return bars[side].fillna(bars["value"]) if side in bars else bars["value"]


def _gap_layers(
    bars: pd.DataFrame, place: float, axis: Span, paper: Paper, decimals: int
) -> Layers:
    """Break the dashed rule, ``place`` px along, where a value stands across it."""
    size = theme.font_size(int(paper.width))
    ends = [_reach(bars, negative) for negative in (False, True)]
    gaps = []
    for row, high, low in zip(bars.itertuples(), *ends, strict=True):
        if is_missing(row.value):
            continue
        sign, end = (-1, low) if row.value < 0 else (1, high)
        ahead = sign * (place - axis.place(float(end), paper.plot_width))
        if 3 < ahead < measure(number(row.value, decimals), size, bold=True) + 9:
            gap = {"x": place, "x2": place, "y": row.y - size / 2, "y2": row.y + size / 2}
            gaps.append({**gap, "color": theme.WHITE})
    return lines_at(gaps, 4)


def _text_layers(bars: pd.DataFrame, axis: Span, paper: Paper, decimals: int) -> Layers:
    """Write each value at its bar's end."""
    along = rows.x("x", axis, paper, axis=False)
    layers: Layers = []
    for bold in (False, True):
        for negative in (False, True):
            records: list[dict[str, Any]] = []
            for row, end in zip(bars.itertuples(), _reach(bars, negative), strict=True):
                if (row.role == "focus") != bold or (row.value < 0) != negative:
                    continue
                text = MISSING if is_missing(row.value) else number(row.value, decimals)
                x = 0.0 if is_missing(row.value) else end
                identity = who(key=row.region, series=row.role)
                records.append({"x": x, "y": row.y, "text": text, "who": identity})
            layers += rows.value_texts(
                records,
                along,
                paper.plot_height,
                align="right" if negative else "left",
                dx=-6 if negative else 6,
                fontWeight="bold" if bold else "normal",
            )
    return layers


def _alt(
    bars: pd.DataFrame, rule: pd.DataFrame, focus: str | None, unit: str, decimals: int
) -> str:
    values = list(bars["value"])
    parts = [
        describe.reading("ranked_bar", describe.areas(bars)),
        describe.extremes(list(bars["label"]), values, unit, decimals),
    ]
    for row in bars[bars["region"] == focus].itertuples():
        parts.append(
            describe.standing(
                row.label, row.value, values, unit, decimals, getattr(row, "rank", None)
            )
        )
    for row in rule.itertuples():
        parts.append(describe.standing(row.label, row.value, [], unit, decimals))
    return " ".join(part for part in parts if part)

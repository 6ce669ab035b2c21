"""Slopes: a line for each group or region from one period to another, named at its ends."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Unpack

import altair as alt
import pandas as pd

from affarsplan_data.figures import describe, theme
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.drawing import (
    Layers,
    Paper,
    Span,
    compose,
    lines_at,
    points_at,
    require,
    span,
    texts_at,
    tip,
    who,
)
from affarsplan_data.figures.dumbbell import POINTS, Point
from affarsplan_data.figures.labels import measure, spread, wrap
from affarsplan_data.figures.over_time import readable
from affarsplan_data.swedish import MISSING, listing, number, signed, with_unit

_ROW = 17.0
_LINE = 2.0
_REFERENCE: Final = "00"


@dataclass(frozen=True)
class _Look:
    """How one line looks: its end points, width and dash, and whether its label is bold."""

    point: Point
    width: float
    dash: tuple[int, ...] = ()
    bold: bool = True


@dataclass(frozen=True)
class _Label:
    """A label beside one end: wrapped text, its end's place in px from the top, and its look."""

    text: str
    at: float
    look: _Look
    key: str


def slope(
    frame: pd.DataFrame,
    *,
    first: str,
    last: str,
    emphasis: Collection[str] = (),
    **texts: Unpack[Texts],
) -> Figure:
    """Return one straight line a row, from its value in ``first`` to its value in ``last``.

    A row with one value is a lone mark; a row with none is named below the picture.

    Args:
        frame: ``key``, ``label``, ``first``, ``last``; one row a key. ``women``, ``men``, ``native``,
            ``women_foreign`` ... look as in a dumbbell; other keys are regions, ``00`` is dashed.
        first, last: the two periods as text.
        emphasis: regions drawn thick, in the focus colour and with bold labels.

    Raises:
        FigureError: columns are missing, a key is repeated, or there is nothing to draw.
    """
    require(frame, ["key", "label", "first", "last"], ["key"])
    data = frame.reset_index(drop=True).astype({"first": float, "last": float})
    span([*data["first"], *data["last"]], zero=False)
    decimals, unit = texts.get("decimals", 1), texts.get("unit", "")
    looks = [_look(str(key), emphasis) for key in data["key"]]

    def draw(width: int) -> alt.LayerChart:
        return _draw(width, data, looks, (first, last), unit, decimals)

    table = data[["label", "first", "last"]].assign(change=data["last"] - data["first"])
    headings = {"label": "Grupp" if _are_groups(data) else "Område", "first": first, "last": last}
    return figure(
        texts,
        alt=_alt(data, looks, (first, last), unit, decimals),
        table=table.rename(columns={**headings, "change": "Förändring"}),
        decimals=dict.fromkeys([first, last, "Förändring"], decimals),
        chart=draw,
    )


def _are_groups(data: pd.DataFrame) -> bool:
    return bool(data["key"].isin(list(POINTS)).all())


def _look(key: str, emphasis: Collection[str]) -> _Look:
    if key in POINTS:
        return _Look(POINTS[key], 2.6, (7, 3) if POINTS[key].hollow else ())
    if key in emphasis:
        return _Look(Point(theme.FOCUS, "circle"), 3.2)
    if key == _REFERENCE:
        return _Look(Point(theme.REFERENCE, "square"), 2.2, (6, 4))
    return _Look(Point(theme.OTHER, "circle"), 1.2, bold=False)


def _draw(
    width: int,
    data: pd.DataFrame,
    looks: list[_Look],
    periods: tuple[str, str],
    unit: str,
    decimals: int,
) -> alt.LayerChart:
    size = theme.font_size(width)
    axis = span([*data["first"], *data["last"]], zero=False, tight=True)
    texts = _texts(data, looks, width, decimals)
    missing = data.loc[data[["first", "last"]].isna().all(axis=1), "label"]
    note = wrap(f"{MISSING.capitalize()}: {listing(list(missing))}", size, width - 8)
    below = (note.count("\n") + 1) * (size + 4) + 10 if len(missing) else 4
    heights = [sum(_height(t, size) for t in side if t) for side in texts]
    height = max(230.0 if width < 480 else 270.0, *(h + 2 * _ROW for h in heights))
    widths = [
        max([measure(t, size, bold=k.bold) for t, k in zip(side, looks, strict=True)], default=0)
        for side in texts
    ]
    left, right = (max(w, measure(p, size) / 2) + 22 for w, p in zip(widths, periods, strict=True))
    paper = Paper(width, height + size + 16 + below, left, right, size + 16, below)
    layers = _axis_layers(periods, unit, paper)
    said = [_said(row, periods, unit, decimals) for row in data.itertuples()]
    layers += _line_layers(data.assign(said=said), looks, axis, paper)
    for side, values in enumerate((data["first"], data["last"])):
        labels = [
            _Label(t, _from_top(v, axis, paper), look, str(key))
            for t, v, look, key in zip(texts[side], values, looks, data["key"], strict=True)
            if t
        ]
        layers += _label_layers(labels, paper, at_right=side == 1)
    if len(missing):
        y = paper.plot_height + 8
        record = {"text": note, "x": 4 - left, "y": y, "color": theme.MUTED_TEXT}
        layers += texts_at([record], align="left", baseline="top")
    return compose(layers, paper)


def _texts(
    data: pd.DataFrame, looks: list[_Look], width: int, decimals: int
) -> tuple[list[str], list[str]]:
    """Return the labels of the left and of the right ends, empty where there is no value.

    The name stands to the right; to the left only on wide paper or where the right end is missing.
    """
    size = theme.font_size(width)
    sides: tuple[list[str], list[str]] = ([], [])
    for row, look in zip(data.itertuples(), looks, strict=True):
        for side, value in enumerate((row.first, row.last)):
            named = side == 1 or width >= 480 or pd.isna(row.last)
            text = number(value, decimals)
            if named:
                text = wrap(f"{row.label} {text}", size, width * 0.3, bold=look.bold)
            sides[side].append("" if pd.isna(value) else text)
    return sides


def _height(text: str, size: float) -> float:
    return (text.count("\n") + 1) * (size + _LINE) + _LINE


def _from_top(value: float, axis: Span, paper: Paper) -> float:
    """Return a value's place in px, with half a row of air above the highest and below the lowest."""
    return paper.plot_height - _ROW / 2 - axis.place(value, paper.plot_height - _ROW)


def _axis_layers(periods: tuple[str, str], unit: str, paper: Paper) -> Layers:
    """Draw the two upright axes, their periods above, and between those the unit where it has room."""
    ends = (0.0, paper.plot_width)
    rules = [{"x": x, "x2": x, "y": 0, "y2": paper.plot_height, "color": theme.GRID} for x in ends]
    names = [
        {"text": p, "x": x, "y": -12, "color": theme.MUTED_TEXT}
        for p, x in zip(periods, ends, strict=True)
    ]
    size = theme.font_size(int(paper.width))
    taken = sum(measure(p, size) for p in periods) / 2 + measure(unit, size) + 24
    if unit and taken < paper.plot_width:
        middle = {"x": paper.plot_width / 2, "y": -12, "color": theme.MUTED_TEXT}
        names.append({"text": unit, **middle})
    return [*lines_at(rules, 1.5), *texts_at(names, align="center")]


def _said(row: Any, periods: tuple[str, str], unit: str, decimals: int) -> str:
    """Return what a pointer at a line or its ends shows: both values and the change between them."""
    values = zip(periods, (row.first, row.last), strict=True)
    said = [f"{period}: {with_unit(value, unit, decimals)}" for period, value in values]
    change = row.last - row.first
    more = [] if pd.isna(change) else [f"förändring: {signed(change, decimals)}"]
    return tip(row.label, *said, *more)


def _line_layers(data: pd.DataFrame, looks: list[_Look], axis: Span, paper: Paper) -> Layers:
    """Draw the quiet lines first, ours and women's last, then every end mark."""
    lines: dict[tuple[float, tuple[int, ...]], list[dict[str, Any]]] = {}
    points: list[dict[str, Any]] = []
    order = sorted(range(len(looks)), key=lambda i: (looks[i].width, -i))
    for i in order:
        look, row = looks[i], data.iloc[i]
        ends = (data["first"].iloc[i], data["last"].iloc[i])
        places = [
            {"x": x, "y": _from_top(v, axis, paper), "who": who(key=row.key, tip=row.said)}
            for x, v in zip((0.0, paper.plot_width), ends, strict=True)
            if pd.notna(v)
        ]
        colour = look.point.colour
        mark: dict[str, Any] = {"shape": look.point.shape, "fill": look.point.fill, "color": colour}
        mark["size"] = 70 if look.bold else 32
        points += [{**place, **mark} for place in places]
        if len(places) == 2:
            start, end = places
            line = {**start, "x2": end["x"], "y2": end["y"], "color": colour}
            lines.setdefault((look.width, look.dash), []).append(line)
    layers: Layers = []
    for (width, dash), records in lines.items():
        layers += lines_at(records, width, **({"strokeDash": list(dash)} if dash else {}))
    return layers + points_at(points)


def _label_layers(labels: list[_Label], paper: Paper, *, at_right: bool) -> Layers:
    """Write the labels beside their ends, nudged apart, each joined to its end."""
    size = theme.font_size(int(paper.width))
    edge, out = (paper.plot_width, 1) if at_right else (0.0, -1)
    heights = [_height(label.text, size) for label in labels]
    centres = spread([label.at for label in labels], heights, 0, paper.plot_height)
    texts: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
    joins = []
    for label, centre in zip(labels, centres, strict=True):
        colour = label.look.point.colour
        y = centre - label.text.count("\n") * (size + _LINE) / 2
        ink = readable(colour) if label.look.bold else theme.MUTED_TEXT
        identity = {"who": who(key=label.key)}
        place = {"x": edge + out * 18, "y": y, "color": ink, **identity}
        texts[label.look.bold].append({"text": label.text, **place})
        ends = {"x": edge + out * 7, "y": label.at, "x2": edge + out * 15, "y2": centre}
        joins.append({**ends, "color": colour, **identity})
    side: dict[str, Any] = {"align": "left" if at_right else "right", "lineHeight": size + _LINE}
    return [
        *lines_at(joins, 0.8),
        *texts_at(texts[False], **side),
        *texts_at(texts[True], fontWeight="bold", **side),
    ]


def _alt(
    data: pd.DataFrame,
    looks: list[_Look],
    periods: tuple[str, str],
    unit: str,
    decimals: int,
) -> str:
    rows = f"{len(data)} {'rad' if len(data) == 1 else 'rader'}"
    parts = [describe.reading("slope", rows, "–".join(periods))]
    if unit:
        parts.append(f"Enhet: {unit}.")
    known = data.dropna(subset=["first", "last"])
    shown = known[[looks[i].bold for i in known.index]]
    for row in (shown if len(shown) else known).head(4).itertuples():
        ends = (periods[0], row.first), (periods[1], row.last)
        parts.append(describe.change(row.label, *ends, decimals))
    changes = (known["last"] - known["first"]).sort_values(kind="stable")
    if len(changes) > 4:
        low, high = (known.loc[changes.index[i], "label"] for i in (0, -1))
        parts.append(f"Störst förändring uppåt har {high}, störst nedåt eller minst uppåt {low}.")
    gaps = data[data[["first", "last"]].isna().any(axis=1)]
    if len(gaps):
        parts.append(f"Uppgift saknas för något av åren: {listing(list(gaps['label']))}.")
    return " ".join(parts)

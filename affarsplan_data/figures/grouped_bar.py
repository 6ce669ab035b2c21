"""Grouped bars: groups side by side within each category, or stacked to 100 percent."""

from collections.abc import Sequence
from typing import Any, Final, Unpack

import altair as alt
import pandas as pd

from affarsplan_data.figures import describe, rows, theme
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.drawing import (
    KeyItem,
    Layers,
    Paper,
    chart,
    compose,
    halo,
    key,
    key_layers,
    require,
    span,
    straight,
    tip,
    who,
)
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.figures.labels import measure
from affarsplan_data.swedish import MISSING, number, with_unit

_COLUMNS = ["category_label", "group", "group_label", "value"]
_COLOURS: Final = {
    "women": theme.WOMEN,
    "men": theme.MEN,
    "women_1": theme.WOMEN,
    "women_2": theme.WOMEN_SECOND,
    "men_1": theme.MEN_SECOND,
    "men_2": theme.MEN,
    "focus": theme.FOCUS,
    "reference": theme.REFERENCE,
    "00": theme.REFERENCE,
    "total": theme.REFERENCE,
    "native": theme.FOCUS,
    "foreign": theme.PEER,
    "rest": theme.OTHER,
}
_BAR = 15.0
_GAP = 12.0


def grouped_bar(
    frame: pd.DataFrame,
    *,
    stacked: bool = False,
    row_heading: str = "Näringsgren",
    band: tuple[float, float] | None = None,
    **texts: Unpack[Texts],
) -> Figure:
    """Return horizontal bars for each category: one a group, women first, from zero.

    Args:
        frame: ``category_label``, ``group``, ``group_label``, ``value``; one row a category and group.
            Categories and groups stand in the order they first appear, women always before men.
        stacked: draw each category as one bar of shares that sum to 100 percent; a category may lack a
            group where the others are 100 percent already. The table keeps the values and gets the
            shares beside them, where the values are not shares themselves.
        row_heading: what the categories are, for the table.
        band: two shares to draw as rules across stacked bars, such as 40 and 60 percent.

    Raises:
        FigureError: columns are missing, a row is repeated, stacked values are negative or missing,
            or there is nothing to draw.
    """
    require(frame, _COLUMNS, ["category_label", "group"])
    data = frame.astype({"value": float}).reset_index(drop=True)
    span(data["value"], zero=True)
    groups = sorted(dict.fromkeys(data["group"]), key=_women_first)
    names = data.drop_duplicates("group").set_index("group")["group_label"]
    categories = list(dict.fromkeys(data["category_label"]))
    values = data.pivot(index="category_label", columns="group", values="value")
    values = values.reindex(index=categories, columns=groups)
    decimals, unit = texts.get("decimals", 1), texts.get("unit", "")
    shown = _shares(values) if stacked else values

    def draw(width: int) -> alt.LayerChart:
        items = [
            KeyItem(str(names[g]), "square", c, c, series=g) for g, c in _colours(groups).items()
        ]
        return _draw(width, shown, items, stacked, unit, decimals, band)

    table, table_decimals = _table(values, shown, names, row_heading, decimals, stacked)
    return figure(
        texts,
        alt=_alt(shown, names, "%" if stacked else unit, decimals, stacked),
        table=table,
        decimals=table_decimals,
        chart=draw,
    )


def _between(band: tuple[float, float]) -> str:
    low, high = (number(share, 0) for share in band)
    return f"{low} och {high} procent"


def _women_first(group: str) -> tuple[int, str]:
    """Order groups: all of women, all of men, others; stable among others."""
    sex = group.partition("_")[0]
    return ({"women": 0, "men": 1}.get(sex, 2), group if sex in ("women", "men") else "")


def _shares(values: pd.DataFrame) -> pd.DataFrame:
    whole = values.sum(axis=1)
    gaps = values.isna().any(axis=1) & ~_hundred(whole)
    if gaps.any() or (values < 0).any(axis=None):
        raise FigureError(
            "En figur med 100-procentiga staplar kräver alla värden, och inga negativa."
        )
    return values.div(whole, axis=0) * 100


def _hundred(whole: pd.Series) -> pd.Series:
    return (whole - 100).abs() < 1e-6


def _colours(groups: Sequence[str]) -> dict[str, str]:
    taken = {_COLOURS[g] for g in groups if g in _COLOURS}
    spare = iter([c for c in theme.SERIES if c not in taken])
    try:
        return {g: _COLOURS.get(g) or next(spare) for g in groups}
    except StopIteration:
        raise FigureError("Figuren har fler grupper än det finns tydliga färger för.") from None


def _draw(
    width: int,
    shown: pd.DataFrame,
    items: list[KeyItem],
    stacked: bool,
    unit: str,
    decimals: int,
    band: tuple[float, float] | None,
) -> alt.LayerChart:
    size = theme.font_size(width)
    row = _BAR * (1.7 if stacked else len(items)) + _GAP
    grid = rows.rows(list(shown.index), [False] * len(shown), width, row=row)
    rule = KeyItem(_between(band), "upright", theme.TEXT, theme.TEXT) if band else None
    placed, key_height = key([*items, *([rule] if rule else [])], width)
    known = shown.stack().dropna()
    room = 14.0 if stacked else max(measure(number(v, decimals), size) for v in known) + 10
    values = [0.0, 100.0] if stacked else list(known)
    axis = span(values, zero=True, tight=not stacked, count=5 if band else 4)
    negative = room if axis.low < 0 else 0.0
    bottom = 46 if stacked else 4
    top = key_height + 2
    paper = Paper(width, top + grid.height + bottom, grid.label_width + negative, room, top, bottom)
    along = rows.x("x", axis, paper, unit="procent" if stacked else unit, axis=stacked)
    if stacked:
        shares = [axis.place(share, paper.plot_width) for share in band or ()]
        layers = _stacked_layers(shown, items, grid, along, paper, decimals, shares)
    else:
        layers = _side_by_side_layers(shown, items, grid, along, paper, unit, decimals)
        zero = axis.place(0, paper.plot_width)
        layers += rows.rule_layers("", zero, paper, dashed=False)
    keys = [str(category) for category in shown.index]
    layers += rows.label_layers(grid, paper.plot_height, at=-negative, keys=keys)
    return compose(layers + key_layers(placed, paper), paper)


def _side_by_side_layers(
    shown: pd.DataFrame,
    items: list[KeyItem],
    grid: rows.Rows,
    along: alt.X,
    paper: Paper,
    unit: str,
    decimals: int,
) -> Layers:
    bars: list[dict[str, Any]] = []
    texts: dict[str, list[dict[str, Any]]] = {"left": [], "right": []}
    for (category, row), centre in zip(shown.iterrows(), grid.centres, strict=True):
        top = centre - _BAR * len(items) / 2
        for i, (value, item) in enumerate(zip(row, items, strict=True)):
            y = top + i * _BAR
            known = pd.notna(value)
            text = number(value, decimals) if known else MISSING
            side = "right" if known and value < 0 else "left"
            x = value if known else 0
            identity = who(key=str(category), series=item.series)
            texts[side].append({"x": x, "y": y + _BAR / 2, "text": text, "who": identity})
            if known:
                place = {"x": value, "x2": 0, "y": y + 1, "y2": y + _BAR - 1}
                said = _who(category, item, with_unit(value, unit, decimals))
                bars.append({**place, "fill": item.fill, "who": said})
    height = paper.plot_height
    return [
        _bars(bars, along, height),
        *rows.value_texts(texts["left"], along, height, align="left", dx=5),
        *rows.value_texts(texts["right"], along, height, align="right", dx=-5),
    ]


def _stacked_layers(
    shown: pd.DataFrame,
    items: list[KeyItem],
    grid: rows.Rows,
    along: alt.X,
    paper: Paper,
    decimals: int,
    shares: Sequence[float],
) -> Layers:
    """Draw the parts of each bar and their numbers, and rules ``shares`` px along."""
    bars: list[dict[str, Any]] = []
    texts: dict[str, list[dict[str, Any]]] = {}
    half = _BAR * 1.7 / 2
    for (category, row), centre in zip(shown.iterrows(), grid.centres, strict=True):
        start = 0.0
        for value, item in zip(row, items, strict=True):
            if pd.isna(value):
                continue
            end = start + value
            place = {"x": start, "x2": end, "y": centre - half, "y2": centre + half}
            said = _who(category, item, with_unit(value, "procent", decimals))
            bars.append({**place, "fill": item.fill, "who": said})
            text = number(value, decimals)
            need = measure(text, theme.font_size(int(paper.width)), bold=True) + 8
            if value / 100 * paper.plot_width >= need:
                identity = who(key=str(category), series=item.series)
                record = {"x": (start + end) / 2, "y": centre, "text": text, "who": identity}
                texts.setdefault(item.fill, []).append(record)
            start = end
    height = paper.plot_height
    layers = [_bars(bars, along, height, stroke=theme.WHITE)]
    for share in shares:
        for colour, thick in ((theme.WHITE, 4.0), (theme.TEXT, 1.4)):
            layers.append(straight((share, 0.0), (share, height), colour, thick))
    for fill, records in texts.items():
        inside = chart(records).encode(x=along, y=rows.y("y", height), text="text:N")
        bold = {"baseline": "middle", "color": theme.text_on(fill), "fontWeight": "bold"}
        layers += halo(inside, fill, **bold) if shares else [inside.mark_text(**bold)]
    return layers


def _who(category: Any, item: KeyItem, value: str) -> str:
    said = tip(str(category), f"{item.label}: {value}")
    return who(key=str(category), series=item.series, tip=said)


def _bars(
    records: list[dict[str, Any]], along: alt.X, height: float, stroke: Any = alt.Undefined
) -> alt.Chart:
    return (
        chart(records)
        .mark_rect(stroke=stroke, strokeWidth=1.5)
        .encode(
            x=along,
            x2="x2:Q",
            y=rows.y("y", height),
            y2="y2:Q",
            fill=alt.Fill("fill:N", scale=None),
        )
    )


def _table(
    values: pd.DataFrame,
    shown: pd.DataFrame,
    names: pd.Series,
    row_heading: str,
    decimals: int,
    stacked: bool,
) -> tuple[pd.DataFrame, dict[str, int]]:
    columns: dict[str, pd.Series] = {}
    places: dict[str, int] = {}
    whole = bool((values.stack().dropna() % 1 == 0).all())
    for group in values:
        heading = describe.column(str(names[group]))
        columns[heading] = values[group]
        places[heading] = 0 if stacked and whole else decimals
    if stacked and not _hundred(values.sum(axis=1)).all():
        for group in values:
            heading = f"{describe.column(str(names[group]))}, procent"
            columns[heading], places[heading] = shown[group], decimals
    table = pd.DataFrame(
        {row_heading: values.index, **{h: c.to_numpy() for h, c in columns.items()}}
    )
    return table, places


def _alt(shown: pd.DataFrame, names: pd.Series, unit: str, decimals: int, stacked: bool) -> str:
    count = f"{len(shown)} {'kategori' if len(shown) == 1 else 'kategorier'}"
    parts = [describe.reading("stacked_bar" if stacked else "grouped_bar", count)]
    for group in shown:
        column = shown[group].dropna() if stacked else shown[group]
        said = describe.extremes(list(column.index), list(column), unit, decimals)
        parts.append(f"{describe.column(str(names[group]))}: {describe.lower_start(said)}")
    return " ".join(parts)

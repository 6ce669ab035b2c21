"""Part bars: what a change or difference is made of, parts to both sides of zero and their sum marked."""

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
)
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.figures.labels import measure
from affarsplan_data.swedish import MISSING, listing, signed, with_unit

# From dark to light in turns, so that neighbours stand apart in grey print; light ones get a rim.
_FILLS: Final = (theme.FOCUS, "#7FA6CC", theme.PATH, "#EADFB8", theme.REFERENCE)
_HALF: Final = 10.0
_SUM: Final = "summa"


def part_bars(
    frame: pd.DataFrame,
    *,
    parts: Sequence[tuple[str, str]],
    total: bool = True,
    row_heading: str = "Område",
    **texts: Unpack[Texts],
) -> Figure:
    """Return one bar a row: positive parts to the right of zero, negative to the left, stacked.

    A row that lacks a part has no bar, since its sum is not known.

    Args:
        frame: ``label`` and one signed column a part (missing allowed), in the order shown.
        parts: column and Swedish name of each part, two to five; stacked from zero in this order.
        total: mark and print the sum of the parts; False where the parts do not add up.
        row_heading: what the rows are, for the table.

    Raises:
        FigureError: columns are missing, a label is repeated, the parts are too few or too many, or no
            row has all its parts.
    """
    columns = [column for column, _ in parts]
    require(frame, ["label", *columns], ["label"])
    if not 2 <= len(columns) <= len(_FILLS):
        raise FigureError(f"Staplar av delar har två till {len(_FILLS)} delar.")
    data = frame.reset_index(drop=True).astype(dict.fromkeys(columns, float))
    whole = data[columns].notna().all(axis=1)
    if not whole.any():
        raise FigureError("Figuren har ingen rad med alla delar.")
    data = data.assign(sum=data[columns].sum(axis=1).where(whole))
    decimals, unit = texts.get("decimals", 1), texts.get("unit", "")

    def draw(width: int) -> alt.LayerChart:
        return _draw(width, data, parts, total, unit, decimals)

    names = {"label": row_heading} | {c: describe.column(n) for c, n in parts}
    shown = {**names, "sum": describe.column(_SUM)} if total else names
    table = data[list(shown)].rename(columns=shown)
    return figure(
        texts,
        alt=_alt(data, parts, total, unit, decimals),
        table=table,
        decimals=dict.fromkeys(list(shown.values())[1:], decimals),
        chart=draw,
    )


def _draw(
    width: int,
    data: pd.DataFrame,
    parts: Sequence[tuple[str, str]],
    total: bool,
    unit: str,
    decimals: int,
) -> alt.LayerChart:
    size = theme.font_size(width)
    columns = [column for column, _ in parts]
    grid = rows.rows(list(data["label"]), [False] * len(data), width, row=30)
    items = [
        KeyItem(name, "square", fill, _rim(fill), series=column)
        for (column, name), fill in zip(parts, _FILLS, strict=False)
    ]
    items += [KeyItem(_SUM, "upright", theme.TEXT, theme.TEXT, series="sum")] if total else []
    placed, key_height = key(items, width)
    known = data.dropna(subset=["sum"])
    sums = [signed(v, decimals) for v in known["sum"]] if total else []
    right = max(measure(t, size, bold=True) for t in [*sums, _SUM]) + 14 if total else 14
    ends = [known[columns].clip(lower=0).sum(axis=1), known[columns].clip(upper=0).sum(axis=1)]
    axis = span([v for e in ends for v in e], zero=True, count=rows.tick_count(width))
    top = key_height + (size + 6 if total else 4)
    bottom = 48 if unit else 28
    paper = Paper(width, top + grid.height + bottom, grid.label_width + 8, right, top, bottom)
    placed_rows = data.assign(y=grid.centres)
    layers = [_bars(placed_rows, parts, axis, paper, unit, decimals)]
    zero = axis.place(0, paper.plot_width)
    layers += rows.rule_layers("", zero, paper, dashed=False)
    layers += _inside_layers(placed_rows, columns, axis, paper, decimals, marked=total)
    if total:
        layers += _sum_layers(placed_rows, axis, paper, unit, decimals)
    missing = placed_rows.loc[placed_rows["sum"].isna(), "y"]
    at = min(zero + 6, paper.plot_width + right - measure(MISSING, size) - 3)
    records = [{"y": y, "text": MISSING} for y in missing]
    layers += rows.missing_texts(records, paper.plot_height, at=at)
    layers += rows.label_layers(grid, paper.plot_height, at=-8, keys=list(data["label"]))
    return compose(layers + key_layers(placed, paper), paper)


def _rim(fill: str) -> str:
    return theme.OTHER if theme.contrast(fill, theme.WHITE) < 3 else fill


def _stacked(row: Any, columns: Sequence[str]) -> list[tuple[float, float, str, str]]:
    """Return each part's start, end, colour and column, those of one sign after each other from zero."""
    reach = {True: 0.0, False: 0.0}
    stacked = []
    for column, fill in zip(columns, _FILLS, strict=False):
        value = float(getattr(row, column))
        start = reach[value >= 0]
        reach[value >= 0] = start + value
        stacked.append((start, start + value, fill, column))
    return stacked


def _bars(
    data: pd.DataFrame,
    parts: Sequence[tuple[str, str]],
    axis: Span,
    paper: Paper,
    unit: str,
    decimals: int,
) -> alt.Chart:
    names = dict(parts)
    records = [
        {
            "x": start,
            "x2": end,
            "y": row.y - _HALF,
            "y2": row.y + _HALF,
            "fill": fill,
            "rim": _rim(fill) if _rim(fill) != fill else theme.WHITE,
            "who": _who(row, column, names[column], end - start, unit, decimals),
        }
        for row in data.dropna(subset=["sum"]).itertuples()
        for start, end, fill, column in _stacked(row, list(names))
        if start != end
    ]
    return (
        chart(records)
        .mark_rect(strokeWidth=1)
        .encode(
            x=rows.x("x", axis, paper, unit=unit),
            x2="x2:Q",
            y=rows.y("y", paper.plot_height),
            y2="y2:Q",
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("rim:N", scale=None),
        )
    )


def _who(row: Any, column: str, name: str, value: float, unit: str, decimals: int) -> str:
    said = tip(row.label, f"{name}: {signed(value, decimals)} {unit}".strip())
    return who(key=row.label, series=column, tip=said)


def _inside_layers(
    data: pd.DataFrame,
    columns: Sequence[str],
    axis: Span,
    paper: Paper,
    decimals: int,
    *,
    marked: bool,
) -> Layers:
    """Print each part's value in its bar where it has room beside the mark of the sum."""
    size = theme.font_size(int(paper.width))
    records = []
    for row in data.dropna(subset=["sum"]).itertuples():
        mark = axis.place(row.sum, paper.plot_width)
        for start, end, fill, column in _stacked(row, columns):
            text = signed(end - start, decimals)
            left, right = sorted(axis.place(v, paper.plot_width) for v in (start, end))
            if marked and left - 4 < mark < right + 4:
                # Keep clear of the mark: take the wider side of it.
                sides = (left, min(right, mark - 4)), (max(left, mark + 4), right)
                left, right = max(sides, key=lambda s: s[1] - s[0])
            if right - left >= measure(text, size) + 6:
                identity = who(key=row.label, series=column)
                place = {"x": (left + right) / 2, "y": row.y, "who": identity}
                records.append({**place, "text": text, "color": theme.text_on(fill)})
    return texts_at(records, align="center")


def _sum_layers(data: pd.DataFrame, axis: Span, paper: Paper, unit: str, decimals: int) -> Layers:
    """Mark each sum with an upright line, thin enough not to hide a small part, and print it."""
    marks = []
    edge = paper.plot_width + paper.right - 3
    texts = [{"text": _SUM, "x": edge, "y": -8, "color": theme.TEXT}]
    for row in data.dropna(subset=["sum"]).itertuples():
        x = axis.place(row.sum, paper.plot_width)
        ends = {"x": x, "x2": x, "y": row.y - _HALF - 4, "y2": row.y + _HALF + 4}
        said = _who(row, "sum", describe.column(_SUM), row.sum, unit, decimals)
        marks.append({**ends, "color": theme.TEXT, "who": said})
        place = {"x": edge, "y": row.y, "who": who(key=row.label, series="sum")}
        texts.append({"text": signed(row.sum, decimals), "color": theme.TEXT, **place})
    rims = [{**mark, "color": theme.WHITE} for mark in marks]
    layers = lines_at(rims, 3) + lines_at(marks, 1.6)
    return layers + texts_at(texts, align="right", fontWeight="bold")


def _alt(
    data: pd.DataFrame,
    parts: Sequence[tuple[str, str]],
    total: bool,
    unit: str,
    decimals: int,
) -> str:
    count = f"{len(data)} {'rad' if len(data) == 1 else 'rader'}"
    said = [describe.reading("part_bars", count), f"Delar: {listing([n for _, n in parts])}."]
    known = data.dropna(subset=["sum"])
    for row in known.head(3).to_dict("records"):
        each = listing([f"{name} {signed(row[column], decimals)}" for column, name in parts])
        whole = f", {_SUM} {with_unit(row['sum'], unit, decimals)}" if total else ""
        said.append(f"{row['label']}: {each}{whole}.")
    if total and len(known) > 1:
        sums = describe.extremes(list(known["label"]), list(known["sum"]), unit, decimals)
        said.append(f"Summa: {describe.lower_start(sums)}")
    missing = list(data.loc[data["sum"].isna(), "label"])
    if missing:
        said.append(f"Uppgift saknas för {listing(missing)}.")
    return " ".join(said)

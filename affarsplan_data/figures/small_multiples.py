"""Small multiples: one small line chart a panel, all on the same axes, so that panels can be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Unpack

import altair as alt
import pandas as pd

from affarsplan_data.figures import describe, theme
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
    points_at,
    require,
    span,
    texts_at,
    who,
)
from affarsplan_data.figures.dumbbell import POINTS, Point
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.figures.labels import measure, spread, wrap
from affarsplan_data.figures.over_time import position, readable, runs, told, year_span
from affarsplan_data.swedish import MISSING, listing, number

_COLUMNS: Final = ["panel", "panel_label", "series", "series_label", "period", "value", "segment"]
_MOST_SERIES: Final = 4
_OWN: Final = "_own"
_BREAK: Final = "tidsseriebrott"
_GAP: Final = 14.0
_SPARE: Final = (
    Point(theme.FOCUS, "circle"),
    Point(theme.PEER, "diamond"),
    Point(theme.OTHER, "square"),
    Point(theme.PATH, "circle", hollow=True),
)


@dataclass(frozen=True)
class _Series:
    """One series in every panel: its name, end mark and dash."""

    key: str
    name: str
    point: Point
    dash: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Panel:
    """Where one panel's plot stands, in px from the picture's plot."""

    key: str
    title: str
    left: float
    top: float


@dataclass(frozen=True)
class _Grid:
    """The panels, and the size and axes that all of them share."""

    panels: tuple[_Panel, ...]
    width: float
    height: float
    years: Span
    axis: Span

    def place(self, panel: _Panel, x: float, value: float) -> tuple[float, float]:
        """Return the place in px of ``value`` at ``x`` years in ``panel``."""
        down = self.height - self.axis.place(value, self.height)
        return panel.left + self.years.place(x, self.width), panel.top + down


def small_multiples(
    frame: pd.DataFrame,
    *,
    reference: str | None = None,
    zero: bool = False,
    panel_heading: str = "Område",
    **texts: Unpack[Texts],
) -> Figure:
    """Return one small line chart a panel, lines cut at gaps and where a new segment starts.

    Args:
        frame: ``panel``, ``panel_label``, ``series``, ``series_label``, ``period``, ``value`` and
            ``segment``; one row of each panel, series, period and segment. Panels and series stand in
            the order they first appear. A series keyed as its panel is the panel's own; ``women``,
            ``men``, ``native`` ... look as in a dumbbell.
        reference: the series drawn dark and dashed.
        zero: let the value axis start at zero.
        panel_heading: what the panels are, for the table.

    Raises:
        FigureError: columns are missing, a row is repeated, there are more than four series, or there
            is nothing to draw.
    """
    require(frame, _COLUMNS, ["panel", "series", "period", "segment"])
    own = frame["series"].astype(str) == frame["panel"].astype(str)
    data = frame.assign(
        panel=frame["panel"].astype(str),
        series=frame["series"].astype(str).mask(own, _OWN),
        period=frame["period"].astype(str),
        x=[position(p) for p in frame["period"]],
        value=frame["value"].astype(float),
    )
    span(data["value"], zero=zero)
    series = _series(data, reference)
    data = data.assign(region=data["panel"] + "\t" + data["series"])
    decimals, unit = texts.get("decimals", 1), texts.get("unit", "")

    def draw(width: int) -> alt.LayerChart:
        return _draw(width, data, series, zero, unit, decimals)

    table, places = _table(data, series, panel_heading, decimals)
    return figure(
        texts, alt=_alt(data, series, unit, decimals), table=table, decimals=places, chart=draw
    )


def _series(data: pd.DataFrame, reference: str | None) -> list[_Series]:
    names = data.groupby("series", sort=False)["series_label"].agg(lambda s: list(dict.fromkeys(s)))
    if len(names) > _MOST_SERIES:
        raise FigureError(f"Små linjediagram har högst {_MOST_SERIES} serier, inte {len(names)}.")
    spare = iter(_SPARE)
    made = []
    for key_, labels in names.items():
        # The panel's own series has the panel's name, which differs between panels.
        name = str(labels[0]) if len(labels) == 1 else "området i rutan"
        if key_ == reference:
            made.append(_Series(key_, name, Point(theme.REFERENCE, "square"), (5, 3)))
        else:
            point = POINTS.get(str(key_)) or next(spare)
            made.append(_Series(str(key_), name, point, (7, 3) if point.hollow else ()))
    return made


def _draw(
    width: int,
    data: pd.DataFrame,
    series: Sequence[_Series],
    zero: bool,
    unit: str,
    decimals: int,
) -> alt.LayerChart:
    size = theme.font_size(width) - 1
    known = runs(data)
    axis = span(data["value"], zero=zero, count=3)
    breaks = _breaks(known)
    items = [_key_item(s) for s in series] if len(series) > 1 else []
    items += [KeyItem(_BREAK, "dash", theme.MUTED_TEXT, theme.MUTED_TEXT)] if breaks else []
    placed, key_height = key(items, width)
    left = 8 + max(measure(number(t, axis.decimals), size) for t in axis.ticks)
    values = [number(v, decimals) for v in known["value"]]
    gutter = max(measure(text, size, bold=True) for text in values) + 12
    grid, height = _grid(data, width - left, gutter, axis, size)
    top = key_height + (size + 8 if unit else 4)
    paper = Paper(width, top + height, left, 0, top, 0)
    layers = _frame_layers(grid, axis, size, known)
    told_runs = _told(known, series, unit, decimals)
    layers += _break_layers(grid, breaks) + _line_layers(grid, known, series, told_runs, paper)
    layers += _end_layers(grid, known, series, decimals, size)
    if unit:
        at = {"text": unit, "x": 2 - left, "y": -6, "color": theme.MUTED_TEXT}
        layers += texts_at([at], align="left", baseline="bottom")
    return compose(layers + key_layers(placed, paper), paper)


def _told(known: pd.DataFrame, series: Sequence[_Series], unit: str, decimals: int) -> pd.Series:
    """Return who each run is: its panel, and its series where there are several."""
    names = {one.key: one.name for one in series}
    labels = known["panel_label"]
    if len(series) > 1:
        labels = labels + known["series"].map(lambda s: "" if s == _OWN else f", {names[s]}")
    return told(known.assign(region=known["panel"], label=labels), unit, decimals)


def _columns(count: int, width: float) -> int:
    if width < 480:
        return min(count, 2)
    return count if count < 4 else 2 if count == 4 else 3 if count < 10 else 4


def _grid(
    data: pd.DataFrame, width: float, gutter: float, axis: Span, size: float
) -> tuple[_Grid, float]:
    """Set the panels in rows, and return them with the height of them all."""
    labels = data.drop_duplicates("panel").set_index("panel")["panel_label"]
    columns = _columns(len(labels), width)
    cell = width / columns
    plot_width = cell - gutter - (_GAP if columns > 1 else 0)
    height = min(220.0, max(88.0, plot_width * 0.62))
    titles = [wrap(str(t), size + 1, cell - _GAP, bold=True) for t in labels]
    panels, y = [], 0.0
    for start in range(0, len(titles), columns):
        row = titles[start : start + columns]
        y += max(title.count("\n") + 1 for title in row) * (size + 3) + 11
        for i, title in enumerate(row):
            panels.append(_Panel(str(labels.index[start + i]), title, i * cell, y))
        y += height + size + 22
    return _Grid(tuple(panels), plot_width, height, year_span(data["x"]), axis), y - 8


def _frame_layers(grid: _Grid, axis: Span, size: float, known: pd.DataFrame) -> Layers:
    """Draw each panel's title, grid lines and years; values stand left of the leftmost panels."""
    lines, titles = [], []
    left: list[dict[str, Any]] = []
    middle: list[dict[str, Any]] = []
    right: list[dict[str, Any]] = []
    first, last = grid.years.ticks[0], grid.years.ticks[-1]
    # A single year stands in the middle of an axis that is widened by a year on each side.
    single = len(known["x"].unique()) == 1
    ends_of_time = [(known["x"].iloc[0], middle)] if single else [(first, left), (last, right)]
    shown = set(known["panel"])
    for panel in grid.panels:
        line = (size + 3) * panel.title.count("\n")
        titles.append(
            {
                "text": panel.title,
                "x": panel.left,
                "y": panel.top - 15 - line,
                "color": theme.TEXT,
                "who": who(key=panel.key),
            }
        )
        for tick in axis.ticks:
            y = panel.top + grid.height - axis.place(tick, grid.height)
            ends = {"x": panel.left, "x2": panel.left + grid.width, "y": y, "y2": y}
            colour = theme.OTHER if tick == 0 and axis.low < 0 else theme.GRID
            lines.append({**ends, "color": colour})
            if panel.left == 0:
                words = number(tick, axis.decimals)
                right.append({"text": words, "x": -5, "y": y, "color": theme.MUTED_TEXT})
        below = {"y": panel.top + grid.height + size / 2 + 5, "color": theme.MUTED_TEXT}
        for year, side in ends_of_time:
            place = panel.left + grid.years.place(year, grid.width)
            side.append({"text": f"{year:.0f}", "x": place, **below})
        if panel.key not in shown:
            inside = {"x": panel.left + 6, "y": panel.top + grid.height / 2}
            left.append({"text": MISSING, "color": theme.MUTED_TEXT, **inside})
    return [
        *lines_at(lines, 1),
        *texts_at(titles, align="left", fontWeight="bold", fontSize=size + 1),
        *texts_at(left, align="left", fontSize=size),
        *texts_at(middle, align="center", fontSize=size),
        *texts_at(right, align="right", fontSize=size),
    ]


def _breaks(known: pd.DataFrame) -> dict[str, list[float]]:
    """Return where each panel's series breaks: half-way between two segments."""
    found: dict[str, list[float]] = {}
    for panel, part in known.groupby("panel", sort=False):
        ends = part.groupby("segment")["x"].agg(["min", "max"]).sort_index()
        pairs = zip(ends["max"][:-1], ends["min"][1:], strict=True)
        if between := [(before + after) / 2 for before, after in pairs]:
            found[str(panel)] = between
    return found


def _break_layers(grid: _Grid, breaks: Mapping[str, list[float]]) -> Layers:
    records = []
    for panel in grid.panels:
        for where in breaks.get(panel.key, []):
            x = panel.left + grid.years.place(where, grid.width)
            ends = {"x": x, "x2": x, "y": panel.top, "y2": panel.top + grid.height}
            records.append({**ends, "color": theme.MUTED_TEXT})
    return lines_at(records, 1.2, strokeDash=[2, 3])


def _line_layers(
    grid: _Grid,
    known: pd.DataFrame,
    series: Sequence[_Series],
    told_runs: pd.Series,
    paper: Paper,
) -> Layers:
    """Draw each series in all panels as one layer; the first series last, on top."""
    panels = {panel.key: panel for panel in grid.panels}
    along = _px("x", alt.X, paper.plot_width)
    down = _px("y", alt.Y, paper.plot_height)
    layers: Layers = []
    for one in reversed(series):
        part = known[known["series"] == one.key]
        records = []
        for row in part.itertuples():
            x, y = grid.place(panels[row.panel], row.x, row.value)
            records.append({"x": x, "y": y, "run": row.run, "who": told_runs[row.run]})
        if not records:
            continue
        line = chart(records).mark_line(
            stroke=one.point.colour,
            strokeWidth=2,
            strokeDash=list(one.dash) if one.dash else alt.Undefined,
            strokeJoin="round",
        )
        layers.append(line.encode(x=along, y=down, detail="run:N"))
    return layers


def _px(field: str, channel: Any, length: float) -> Any:
    """Return a channel whose field holds px."""
    scale = alt.Scale(domain=[0, length], range=[0, length], nice=False, zero=False)
    return channel(f"{field}:Q", scale=scale, axis=None)


def _end_layers(
    grid: _Grid, known: pd.DataFrame, series: Sequence[_Series], decimals: int, size: float
) -> Layers:
    """Mark and print each series' last value, and mark values that have no neighbour to be joined to."""
    marks: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    alone = known.groupby("run")["run"].transform("size") == 1
    looks = {one.key: one for one in series}
    ordered = known.sort_values(["x", "segment"])
    for panel in grid.panels:
        here = ordered[ordered["panel"] == panel.key]
        last = here.groupby("series", sort=False).tail(1)
        for row in here[alone.reindex(here.index) & ~here.index.isin(last.index)].itertuples():
            marks.append(_mark(grid, panel, row, looks[row.series].point, 22))
        ends = [_mark(grid, panel, row, looks[row.series].point, 42) for row in last.itertuples()]
        marks += ends
        low, high = panel.top - 6, panel.top + grid.height + 6
        heights = [size + 2.0] * len(ends)
        places = spread([e["y"] for e in ends], heights, low, high)
        for row, end, y in zip(last.itertuples(), ends, places, strict=True):
            text = number(row.value, decimals)
            ink = readable(looks[row.series].point.colour)
            identity = {"who": who(key=panel.key, series=row.series)}
            texts.append({"text": text, "x": end["x"] + 8, "y": y, "color": ink, **identity})
    return [
        *points_at(marks, strokeWidth=1.6),
        *texts_at(texts, align="left", fontSize=size, fontWeight="bold"),
    ]


def _mark(grid: _Grid, panel: _Panel, row: Any, point: Point, size: float) -> dict[str, Any]:
    x, y = grid.place(panel, row.x, row.value)
    look = {"shape": point.shape, "fill": point.fill, "color": point.colour}
    identity = who(key=panel.key, series=row.series)
    return {"x": x, "y": y, "size": size, **look, "who": identity}


def _key_item(series: _Series) -> KeyItem:
    point = series.point
    return KeyItem(series.name, point.shape, point.fill, point.colour, series=series.key)


def _table(
    data: pd.DataFrame, series: Sequence[_Series], panel_heading: str, decimals: int
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return one row a panel, period and segment, with one column a series."""
    index = ["panel", "segment", "x"]
    panels = {panel: i for i, panel in enumerate(data["panel"].unique())}
    rows = data[["panel", "panel_label", "segment", "x", "period"]].drop_duplicates(index)
    rows = rows.assign(order=rows["panel"].map(panels)).sort_values(["order", "segment", "x"])
    table = pd.DataFrame({panel_heading: rows["panel_label"], "År": rows["period"]})
    if data["segment"].nunique() > 1:
        parts = rows.groupby("panel")["segment"].rank(method="dense").astype(int)
        table["Tidsserie"] = [f"del {part}" for part in parts]
    places = {}
    for one in series:
        values = data[data["series"] == one.key].set_index(index)["value"]
        heading = describe.column(one.name)
        table[heading] = values.reindex(pd.MultiIndex.from_frame(rows[index])).to_numpy()
        places[heading] = decimals
    return table.reset_index(drop=True), places


def _alt(data: pd.DataFrame, series: Sequence[_Series], unit: str, decimals: int) -> str:
    known = data.dropna(subset=["value"]).sort_values(["x", "segment"])
    first, last = known["period"].iloc[0], known["period"].iloc[-1]
    labels = data.drop_duplicates("panel").set_index("panel")["panel_label"]
    count = f"{len(labels)} {'ruta' if len(labels) == 1 else 'rutor'}"
    periods = first if first == last else f"{first}–{last}"
    said = [describe.reading("small_multiples", count, periods)]
    if len(series) > 1:
        said.append(f"Serier: {'; '.join(s.name for s in series)}.")
    for one in series:
        ends = known[(known["series"] == one.key) & (known["period"] == last)]
        if len(ends):
            values = describe.extremes(
                list(ends["panel_label"]), list(ends["value"]), unit, decimals
            )
            name = f"{describe.column(one.name)} {last}"
            said.append(f"{name}: {describe.lower_start(values)}")
    gone = [label for panel, label in labels.items() if panel not in set(known["panel"])]
    if gone:
        said.append(f"Uppgift saknas för {listing(gone)}.")
    if known.groupby("region")["segment"].nunique().max() > 1:
        said.append("Linjerna är brutna där tidsserien bryts.")
    return " ".join(said)

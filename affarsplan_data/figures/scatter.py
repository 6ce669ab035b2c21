"""Scatter: two values of every area at once, ours named, riket's two values as crossing lines."""

import math
from collections.abc import Collection
from dataclasses import dataclass
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
    rimmed,
    span,
    straight,
    tip,
    who,
    written,
)
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.figures.labels import measure, wrap
from affarsplan_data.figures.nearby import beside
from affarsplan_data.swedish import MISSING, listing, number, with_unit

_HEIGHT: Final = {True: 300.0, False: 400.0}
_WHOLE_TABLE: Final = 60
_MOST_NAMED: Final = {True: 10, False: 14}
_FEW_NAMED: Final = 5


@dataclass(frozen=True)
class Axis:
    """One of a scatter's two values: its column in the frame, Swedish name, unit and decimals."""

    column: str
    heading: str
    unit: str = ""
    decimals: int = 1

    @property
    def title(self) -> str:
        """The name with the unit, as an axis and a table heading say it."""
        return f"{self.heading}, {self.unit}" if self.unit else self.heading

    def text(self, value: float) -> str:
        """Return a value with its unit."""
        return with_unit(value, self.unit, self.decimals)


@dataclass(frozen=True)
class _Content:
    """What is drawn: the areas with both values, the two axes, and whose values cross."""

    points: pd.DataFrame
    lacking: list[str]
    x: Axis
    y: Axis
    log: bool
    crossing: tuple[float, float] | None
    crossing_label: str
    group: str
    kind: str


@dataclass(frozen=True)
class _Scale:
    """The two axes' spans and how values become px; x in powers of ten when ``log``."""

    x: Span
    y: Span
    log: bool
    paper: Paper

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point stands, in px from the plot's upper left corner."""
        along = self.x.place(math.log10(x) if self.log else x, self.paper.plot_width)
        return along, self.paper.plot_height - self.y.place(y, self.paper.plot_height)


def scatter(
    frame: pd.DataFrame,
    *,
    x: Axis,
    y: Axis,
    emphasis: Collection[str],
    x_log: bool = False,
    quadrants: tuple[float, float] | None = None,
    quadrants_label: str = "riket",
    group: str = "framhävda kommuner",
    kind: str = "kommuner",
    **texts: Unpack[Texts],
) -> Figure:
    """Return a point an area, along two value axes, those in ``emphasis`` in colour and named.

    Nothing is fitted to the points. The table has every area up to sixty of them, beyond that ours and
    the quartiles of all.

    Args:
        frame: ``region``, ``label`` and the two axes' columns; one row a region, missing allowed.
        x, y: the two values.
        emphasis: the regions to name, ours first; the first five keep their names when there are many.
        x_log: draw x in powers of ten.
        quadrants: x and y of riket, drawn as lines named ``quadrants_label``.
        group: what those in ``emphasis`` are, for the key: "kommuner i Västmanland".
        kind: what all the points are.

    Raises:
        FigureError: columns are missing, a region is repeated, the axes are one and the same, an x is
            not positive on a log axis, or no area has both values.
    """
    require(frame, ["region", "label", x.column, y.column], ["region"])
    if x.column == y.column or x.title == y.title:
        raise FigureError("Figurens två axlar visar samma sak.")
    data = frame[["region", "label"]].assign(
        x=frame[x.column].astype(float), y=frame[y.column].astype(float)
    )
    data = data.assign(ours=data["region"].isin(emphasis))
    if x_log and (data["x"] <= 0).any():
        raise FigureError(
            f"{x.heading} har värden som inte är större än noll, så axeln kan inte vara logaritmisk."
        )
    known = data.dropna(subset=["x", "y"])
    if known.empty:
        raise FigureError("Figuren har inga områden med båda värdena.")
    order = {region: i for i, region in enumerate(emphasis)}
    known = known.sort_values(["ours", "label"], ascending=[False, True]).sort_values(
        "region", key=lambda c: c.map(lambda r: order.get(r, len(order))), kind="stable"
    )
    content = _Content(
        points=known.reset_index(drop=True),
        lacking=sorted(set(data.loc[data["ours"], "label"]) - set(known["label"])),
        x=x,
        y=y,
        log=x_log,
        crossing=quadrants,
        crossing_label=quadrants_label,
        group=group,
        kind=kind,
    )
    table = _table(content, data)
    return figure(
        texts,
        alt=_alt(content, len(data)),
        table=table,
        decimals={x.title: x.decimals, y.title: y.decimals},
        chart=lambda width: _draw(width, content),
    )


def _draw(width: int, content: _Content) -> alt.LayerChart:
    compact = width < 480
    size = theme.font_size(width)
    placed, key_height = key(_key_items(content), width)
    xs, ys = list(content.points["x"]), list(content.points["y"])
    if content.crossing:
        xs, ys = [*xs, content.crossing[0]], [*ys, content.crossing[1]]
    across = _log_span(xs) if content.log else span(xs, zero=False, count=rows.tick_count(width))
    up = span(ys, zero=False)
    left = 10 + max(measure(number(t, up.decimals), size) for t in up.ticks)
    y_title = wrap(content.y.title, size, width - 8)
    title_height = (y_title.count("\n") + 1) * (size + 2) + 10.0
    named = size + 4.0 if content.crossing else 0.0
    lacking = wrap(f"{MISSING}: {listing(content.lacking)}", size, width - 8)
    below = (lacking.count("\n") + 1) * (size + 2) + 6 if content.lacking else 0.0
    x_title = wrap(content.x.title, size, width - 8)
    under = 30.0 + (x_title.count("\n") + 1) * (size + 2)
    top, bottom = key_height + title_height + named, under + below
    last = 10**across.high if content.log else across.high
    right = max(16.0, measure(number(last, 0 if content.log else across.decimals), size) / 2 + 3)
    paper = Paper(width, top + _HEIGHT[compact] + bottom, left, right, top, bottom)
    scale = _Scale(across, up, content.log, paper)
    layers = _crossing_layers(content, scale)
    layers += _point_layers(content, scale)
    layers += _name_layers(content, scale, compact)
    quiet = {"color": theme.MUTED_TEXT, "baseline": "top"}
    layers.append(written(y_title, 2 - left, 2 - title_height - named, **quiet))
    end = paper.plot_width + right - 4
    layers.append(written(x_title, end, paper.plot_height + 28, **{**quiet, "align": "right"}))
    if content.lacking:
        layers.append(written(lacking, 2 - left, paper.plot_height + under + 4, **quiet))
    return compose(layers + key_layers(placed, paper), paper)


def _log_span(values: list[float]) -> Span:
    """Return a span in powers of ten, with ticks at 1, 2 and 5 or, over many powers, at 1 only."""
    low, high = math.log10(min(values)), math.log10(max(values))
    steps = (1, 2, 5) if high - low < 2.2 else (1,)
    every = [
        math.log10(m * 10.0**p)
        for p in range(math.floor(low) - 1, math.ceil(high) + 2)
        for m in steps
    ]
    first = max((t for t in every if t <= low + 1e-9), default=low)
    last = min((t for t in every if t >= high - 1e-9), default=high)
    return Span(first, last, tuple(t for t in every if first <= t <= last))


def _axes(scale: _Scale) -> tuple[alt.X, alt.Y]:
    across, up = scale.x, scale.y
    ticks = [round(10**t, 9) for t in across.ticks] if scale.log else list(across.ticks)
    ends = [10**across.low, 10**across.high] if scale.log else [across.low, across.high]
    x = alt.X(
        "x:Q",
        scale=alt.Scale(type="log" if scale.log else "linear", domain=ends, nice=False, zero=False),
        axis=alt.Axis(
            values=ticks,
            format=",~f" if scale.log else across.format,
            title=None,
            labelFlush=False,
            labelOverlap=True,
        ),
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[up.low, up.high], nice=False, zero=False),
        axis=alt.Axis(values=list(up.ticks), format=up.format, title=None),
    )
    return x, y


def _key_items(content: _Content) -> list[KeyItem]:
    items, ours = [], content.points["ours"]
    if ours.any():
        items.append(KeyItem(content.group, "circle", theme.FOCUS, theme.FOCUS, series="ours"))
    if not ours.all():
        others = f"övriga {content.kind}" if items else content.kind
        items.append(KeyItem(others, "circle", theme.OTHER_FILL, theme.OTHER, series="others"))
    return items


def _crossing_layers(content: _Content, scale: _Scale) -> Layers:
    """Draw riket's two values as dashed lines, named at the top and at the right."""
    if content.crossing is None:
        return []
    paper, size = scale.paper, theme.font_size(int(scale.paper.width))
    x, y = scale.place(*content.crossing)
    dashed = {"strokeDash": [5, 3]}
    layers: Layers = [
        straight((x, 0), (x, paper.plot_height), theme.REFERENCE, 1.5, **dashed),
        straight((0, y), (paper.plot_width, y), theme.REFERENCE, 1.5, **dashed),
    ]
    name = content.crossing_label
    first = f"{name} {number(content.crossing[0], content.x.decimals)}"
    second = f"{name} {number(content.crossing[1], content.y.decimals)}"
    half = measure(first, size) / 2
    centre = min(max(x, half), paper.plot_width - half + 10)
    high = y - 9 if y > 22 else y + 10
    end = {"x": paper.plot_width + paper.right - 4, "y": high, "color": theme.REFERENCE}
    return [
        *layers,
        *rimmed([{"text": first, "x": centre, "y": -7, "color": theme.REFERENCE}]),
        *rimmed([{**end, "text": second}], align="right"),
    ]


def _point_layers(content: _Content, scale: _Scale) -> Layers:
    layers: Layers = []
    x, y = _axes(scale)
    crowded = len(content.points) > 80
    for ours in (False, True):
        part = content.points[content.points["ours"] == ours]
        if part.empty:
            continue
        records = [{"x": r.x, "y": r.y, "who": _who(r, content)} for r in part.itertuples()]
        look: dict[str, Any] = {
            "fill": theme.FOCUS if ours else theme.OTHER_FILL,
            "stroke": theme.WHITE if ours else theme.OTHER,
            "size": 95 if ours else 34 if crowded else 60,
        }
        dot = chart(records).mark_point(shape="circle", strokeWidth=1, opacity=1, **look)
        layers.append(dot.encode(x=x, y=y))
    return layers


def _who(row: Any, content: _Content) -> str:
    both = ((content.x, row.x), (content.y, row.y))
    values = [f"{axis.heading}: {axis.text(value)}" for axis, value in both]
    said = tip(row.label, *values)
    return who(key=row.region, series="ours" if row.ours else "others", tip=said)


def _name_layers(content: _Content, scale: _Scale, compact: bool) -> Layers:
    """Name ours beside their points, with a line where the name had to stand further off."""
    size, paper = theme.font_size(int(scale.paper.width)), scale.paper
    ours = content.points[content.points["ours"]]
    ours = ours.head(_FEW_NAMED if len(ours) > _MOST_NAMED[compact] else len(ours))
    points = [scale.place(r.x, r.y) for r in ours.itertuples()]
    rest = content.points.drop(ours.index)
    others = [scale.place(r.x, r.y) for r in rest.itertuples()] + _along_crossing(content, scale)
    widths = [measure(label, size, bold=True) for label in ours["label"]]
    bounds = (2.0, 0.0, paper.plot_width + paper.right - 4, paper.plot_height - 2)
    names, joints = [], []
    places = beside(points, widths, size + 3, others, bounds)
    for row, (x, y), place in zip(ours.itertuples(), points, places, strict=True):
        identity = {"who": who(key=row.region, series="ours")}
        names.append(
            {"text": row.label, "x": place.x, "y": place.y, "color": theme.TEXT, **identity}
            | {"align": place.align}
        )
        if place.joined:
            end = place.y + (size / 2 if place.y < y else -size / 2) * (place.align == "center")
            joints.append(
                {"x": x, "y": y, "x2": place.x, "y2": end, "color": theme.FOCUS, **identity}
            )
    layers = lines_at(joints, 0.9)
    for align in ("left", "center", "right"):
        chosen = [name for name in names if name["align"] == align]
        layers += rimmed(chosen, align=align, fontWeight="bold")
    return layers


def _along_crossing(content: _Content, scale: _Scale) -> list[tuple[float, float]]:
    """Return places on riket's lines and under their name, that labels had better not cover."""
    if content.crossing is None:
        return []
    paper = scale.paper
    across, up = scale.place(*content.crossing)
    upright = [(across, k * 6.0) for k in range(int(paper.plot_height // 6))]
    name = measure(f"{content.crossing_label} 00 000", theme.font_size(int(paper.width)))
    return upright + [(paper.plot_width - k * name / 24, up - 9) for k in range(25)]


def _table(content: _Content, data: pd.DataFrame) -> pd.DataFrame:
    headings = {"label": "Område", "x": content.x.title, "y": content.y.title}
    known = content.points
    if len(data) <= _WHOLE_TABLE:
        rest = data[~data["region"].isin(known["region"])].sort_values("label")
        return (
            pd.concat([known, rest])[list(headings)].rename(columns=headings).reset_index(drop=True)
        )
    ours = pd.concat(
        [known[known["ours"]], data[data["ours"] & ~data["region"].isin(known["region"])]]
    )
    spread = [
        {
            "label": f"{name}, {len(known)} {content.kind}",
            "x": known["x"].quantile(q),
            "y": known["y"].quantile(q),
        }
        for q, name in (
            (0, "Lägst"),
            (0.25, "Undre kvartil"),
            (0.5, "Median"),
            (0.75, "Övre kvartil"),
            (1, "Högst"),
        )
    ]
    crossing = (
        [
            {
                "label": describe.column(content.crossing_label),
                "x": content.crossing[0],
                "y": content.crossing[1],
            }
        ]
        if content.crossing
        else []
    )
    table = pd.concat([ours[list(headings)], pd.DataFrame([*crossing, *spread])], ignore_index=True)
    return table.rename(columns=headings)


def _alt(content: _Content, count: int) -> str:
    points, x, y = content.points, content.x, content.y
    parts = [
        describe.reading("scatter", f"{count} {content.kind}"),
        f"Vågrätt: {x.title}{', logaritmisk skala' if content.log else ''}. Lodrätt: {y.title}.",
    ]
    for axis, column in ((x, "x"), (y, "y")):
        said = describe.extremes(
            list(points["label"]), list(points[column]), axis.unit, axis.decimals
        )
        parts.append(f"{axis.heading}: {describe.lower_start(said)}")
    for row in points[points["ours"]].head(3).itertuples():
        parts.append(f"{row.label}: {x.text(row.x)} och {y.text(row.y)}.")
    if content.crossing:
        parts.append(_quadrants(content))
    if missing := count - len(points):
        named = f", bland dem {listing(content.lacking)}" if content.lacking else ""
        parts.append(f"Uppgift saknas för {missing}{named}.")
    return " ".join(parts)


def _quadrants(content: _Content) -> str:
    """Say how many lie above riket in both values, in one and in none."""
    assert content.crossing is not None
    right = content.points["x"] > content.crossing[0]
    above = content.points["y"] > content.crossing[1]
    both, one, none = (
        int((right & above).sum()),
        int((right ^ above).sum()),
        int((~right & ~above).sum()),
    )
    name = content.crossing_label
    first, second = content.x.text(content.crossing[0]), content.y.text(content.crossing[1])
    return (
        f"{describe.column(name)}: {first} och {second}. Högre än {name} i båda: {both}, "
        f"i bara det ena: {one}, i inget: {none}."
    )

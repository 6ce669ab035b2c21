"""Beeswarm: every area as a dot along one axis, ours named, riket as a line."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Unpack

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
    rimmed,
    span,
    straight,
    tip,
    who,
    written,
)
from affarsplan_data.figures.labels import measure, wrap
from affarsplan_data.figures.swarm import Flag, flags, settle
from affarsplan_data.swedish import MISSING, listing, number, with_unit

_BAND: Final = "#E9EEF3"
_TALLEST: Final = 300.0
_MOST_NAMED: Final = 12
_ENDS_NAMED: Final = 3


@dataclass(frozen=True)
class _Content:
    """What is drawn: the areas with a value from low to high, those without, and riket."""

    dots: pd.DataFrame
    lacking: list[str]
    reference: tuple[str, float] | None
    group: str
    kind: str
    unit: str
    decimals: int

    @property
    def ours(self) -> pd.DataFrame:
        """The dots to name."""
        return self.dots[self.dots["ours"]]


def beeswarm(
    frame: pd.DataFrame,
    *,
    emphasis: Collection[str],
    reference: str | None = None,
    group: str = "framhävda kommuner",
    kind: str = "kommuner",
    **texts: Unpack[Texts],
) -> Figure:
    """Return every area as a dot along the value axis, those in ``emphasis`` in colour and named.

    When more than twelve are emphasised, the first of them and the three at each end are named; all are
    in the table.

    Args:
        frame: ``region``, ``label``, ``value``; one row a region.
        emphasis: the regions to name, ours first.
        reference: a region in ``frame`` to draw as a dashed rule instead of a dot.
        group: what those in ``emphasis`` are, for the key: "kommuner i Västmanland".
        kind: what all the dots are.

    Raises:
        FigureError: columns are missing, a region is repeated, or there is nothing to draw.
    """
    require(frame, ["region", "label", "value"], ["region"])
    data = frame[["region", "label", "value"]].astype({"value": float})
    rule = data[data["region"] == reference].dropna(subset=["value"])
    areas = data[data["region"] != reference].assign(ours=lambda f: f["region"].isin(emphasis))
    decimals, unit = texts.get("decimals", 1), texts.get("unit", "")
    span(areas["value"], zero=False)
    known = areas.dropna(subset=["value"]).sort_values(["value", "label"], ignore_index=True)
    named = _named(known, list(emphasis))
    content = _Content(
        dots=known.assign(named=known["region"].isin(named)),
        lacking=sorted(areas.loc[areas["value"].isna() & areas["ours"], "label"]),
        reference=None
        if rule.empty
        else (str(rule["label"].iloc[0]), float(rule["value"].iloc[0])),
        group=group,
        kind=kind,
        unit=unit,
        decimals=decimals,
    )
    heading = describe.column(unit)
    return figure(
        texts,
        alt=_alt(content, len(areas), int(areas["value"].isna().sum())),
        table=_table(content, heading),
        decimals={heading: decimals, "Placering": 0},
        chart=lambda width: _draw(width, content),
    )


def _named(known: pd.DataFrame, emphasis: list[str]) -> set[str]:
    ours = [region for region in known["region"] if region in emphasis]
    if len(ours) <= _MOST_NAMED:
        return set(ours)
    first = [region for region in emphasis if region in ours][:1]
    return {*first, *ours[:_ENDS_NAMED], *ours[-_ENDS_NAMED:]}


def _draw(width: int, content: _Content) -> alt.LayerChart:
    size = theme.font_size(width)
    placed, key_height = key(_key_items(content), width)
    values = [*content.dots["value"], *([content.reference[1]] if content.reference else [])]
    axis = span(values, zero=False, count=rows.tick_count(width))
    names = content.dots[content.dots["named"]]
    labels = [f"{r.label} {number(r.value, content.decimals)}" for r in names.itertuples()]
    left, right, raised = _margins(width, axis, list(names["value"]), labels, size)
    length = width - left - right
    away, radius = _swarm(content, axis, length, small=width < 480)
    line = size + 4.0
    above = (max((flag.level for flag in raised), default=-1) + 1) * line + (10 if raised else 2)
    half = max(abs(y) for y in away) + radius + 5
    beside = size + 10.0 if content.reference else 0.0
    lacking = wrap(f"{MISSING}: {listing(content.lacking)}", size, width - 8)
    below = (lacking.count("\n") + 1) * (size + 2) + 6 if content.lacking else 0
    bottom = (48.0 if content.unit else 28.0) + below
    top = key_height + 4
    paper = Paper(width, top + above + 2 * half + beside + bottom, left, right, top, bottom)
    layers = _background(content, axis, paper, above, above + 2 * half)
    data = content.dots.assign(
        x=[axis.place(v, length) for v in content.dots["value"]],
        y=[above + half + y for y in away],
    )
    layers += _flag_layers(data[data["named"]], labels, raised, above, line)
    layers += _dot_layers(data, radius, axis, content, paper)
    if content.lacking:
        y = paper.plot_height + bottom - below + 2
        layers.append(written(lacking, 2 - left, y, baseline="top", color=theme.MUTED_TEXT))
    return compose(layers + key_layers(placed, paper), paper)


def _margins(
    width: int, axis: Span, values: list[float], labels: list[str], size: int
) -> tuple[float, float, list[Flag]]:
    """Return the margins that keep the names inside the picture, and how the names stand."""
    widths = [measure(text, size, bold=True) + 8 for text in labels]
    left = right = 4 + measure(number(axis.high, axis.decimals), size) / 2
    raised: list[Flag] = []
    for _ in range(6):
        length = width - left - right
        places = [axis.place(value, length) for value in values]
        raised = flags(places, widths, -left, length + right)
        over_left = max(
            (w - p - left for p, w, f in zip(places, widths, raised, strict=True) if f.leftward),
            default=0.0,
        )
        over_right = max(
            (
                p + w - length - right
                for p, w, f in zip(places, widths, raised, strict=True)
                if not f.leftward
            ),
            default=0.0,
        )
        if over_left <= 0.5 and over_right <= 0.5:
            break
        left, right = left + max(0.0, over_left), right + max(0.0, over_right)
    return left, right, raised


def _swarm(
    content: _Content, axis: Span, length: float, *, small: bool
) -> tuple[list[float], float]:
    """Return the dots' places off the middle line and the radius that keeps the swarm low enough."""
    places = [axis.place(v, length) for v in content.dots["value"]]
    for radius in (3.4, 2.9, 2.5, 2.1, 1.8) if small else (4.4, 3.9, 3.4, 2.9, 2.4, 2.0):
        radii = [radius + 1.6 if ours else radius for ours in content.dots["ours"]]
        away = settle(places, radii)
        if 2 * max(abs(y) for y in away) <= _TALLEST:
            return away, radius
    # Too many alike to stand free of each other: pressed together, each still at its own value.
    press = _TALLEST / 2 / max(abs(y) for y in away)
    return [y * press for y in away], radius


def _key_items(content: _Content) -> list[KeyItem]:
    items = []
    if len(content.ours):
        items.append(KeyItem(content.group, "circle", theme.FOCUS, theme.FOCUS, series="ours"))
    others = f"övriga {content.kind}" if items else content.kind
    items.append(KeyItem(others, "circle", theme.OTHER_FILL, theme.OTHER, series="others"))
    if len(content.dots) >= 4:
        items.append(
            KeyItem(
                f"mittersta hälften av alla {content.kind}", "square", _BAND, _BAND, series="middle"
            )
        )
    return items


def _background(content: _Content, axis: Span, paper: Paper, top: float, bottom: float) -> Layers:
    """Draw the middle half of all areas as a band, and riket as a rule with its value below."""
    layers: Layers = []
    if len(content.dots) >= 4:
        low, high = content.dots["value"].quantile([0.25, 0.75])
        lowest = number(low, content.decimals)
        ends = swedish.span(lowest, with_unit(high, content.unit, content.decimals))
        said = who(series="middle", tip=tip(f"mittersta hälften av alla {content.kind}", ends))
        band = {"x": low, "x2": high, "y": top, "y2": bottom, "who": said}
        along = rows.x("x", axis, paper, unit=content.unit)
        height = paper.plot_height
        mark = chart([band]).mark_rect(fill=_BAND)
        layers.append(mark.encode(x=along, x2="x2:Q", y=rows.y("y", height), y2="y2:Q"))
    if content.reference:
        size = theme.font_size(int(paper.width))
        label, value = content.reference
        text = f"{label} {number(value, content.decimals)}"
        x = axis.place(value, paper.plot_width)
        half = measure(text, size) / 2
        centre = min(max(x, half - paper.left + 2), paper.plot_width + paper.right - half - 2)
        layers.append(straight((x, top), (x, bottom + 2), theme.REFERENCE, 1.8, strokeDash=[5, 3]))
        layers += rimmed([{"text": text, "x": centre, "y": bottom + 12, "color": theme.REFERENCE}])
    return layers


def _flag_layers(
    names: pd.DataFrame, labels: list[str], raised: list[Flag], above: float, line: float
) -> Layers:
    """Write the names above the swarm, each on a pole from its dot."""
    poles: list[dict[str, Any]] = []
    texts: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for row, text, flag in zip(names.itertuples(), labels, raised, strict=True):
        identity = {"who": who(key=row.region, series="ours")}
        y = above - 10 - line / 2 - flag.level * line
        poles.append(
            {"x": row.x, "x2": row.x, "y": y - 6, "y2": row.y, "color": theme.FOCUS, **identity}
        )
        x = row.x + (-4 if flag.leftward else 4)
        texts[flag.leftward].append({"text": text, "x": x, "y": y, "color": theme.TEXT, **identity})
    return [
        *lines_at(poles, 0.9),
        *rimmed(texts[True], align="right", fontWeight="bold"),
        *rimmed(texts[False], align="left", fontWeight="bold"),
    ]


def _dot_layers(
    data: pd.DataFrame, radius: float, axis: Span, content: _Content, paper: Paper
) -> Layers:
    layers: Layers = []
    along = rows.x("x", axis, paper, unit=content.unit)
    for ours in (False, True):
        part = data[data["ours"] == ours]
        if part.empty:
            continue
        records = [
            {"x": r.value, "y": round(r.y, 2), "who": _who(r, content)} for r in part.itertuples()
        ]
        size = 3.1416 * (radius + (1.6 if ours else 0.0)) ** 2
        look: dict[str, Any] = {
            "fill": theme.FOCUS if ours else theme.OTHER_FILL,
            "stroke": theme.WHITE if ours else theme.OTHER,
            "strokeWidth": 0.8,
        }
        dot = chart(records).mark_point(shape="circle", size=size, opacity=1, **look)
        layers.append(dot.encode(x=along, y=rows.y("y", paper.plot_height)))
    return layers


def _who(row: Any, content: _Content) -> str:
    said = tip(row.label, with_unit(row.value, content.unit, content.decimals))
    return who(key=row.region, series="ours" if row.ours else "others", tip=said)


def _table(content: _Content, heading: str) -> pd.DataFrame:
    """Return ours from the highest down with their places, then riket and the spread of all."""
    dots = content.dots
    places = dots["value"].rank(ascending=False, method="min")
    ours = [
        (r.label, r.value, place)
        for r, place in zip(dots.itertuples(), places, strict=True)
        if r.ours
    ][::-1]
    rest: list[tuple[str, float | None, float | None]] = [
        (label, None, None) for label in content.lacking
    ]
    if content.reference:
        rest.append((*content.reference, None))
    first, last = dots.iloc[0], dots.iloc[-1]
    rest.append((f"Lägst: {first['label']}", first["value"], None))
    quartiles = ((0.25, "Undre kvartil"), (0.5, "Median"), (0.75, "Övre kvartil"))
    rest += [
        (f"{name}, {len(dots)} {content.kind}", dots["value"].quantile(share), None)
        for share, name in quartiles
    ]
    rest.append((f"Högst: {last['label']}", last["value"], None))
    return pd.DataFrame([*ours, *rest], columns=["Område", heading, "Placering"])


def _alt(content: _Content, count: int, missing: int) -> str:
    dots, unit, decimals = content.dots, content.unit, content.decimals
    values = list(dots["value"])
    parts = [
        describe.reading("beeswarm", f"{count} {content.kind}"),
        describe.extremes(list(dots["label"]), values, unit, decimals),
    ]
    if len(dots) >= 4:
        low, high = dots["value"].quantile([0.25, 0.75])
        ends = f"{number(low, decimals)} och {with_unit(high, unit, decimals)}"
        parts.append(f"Hälften ligger mellan {ends}.")
    for row in dots[dots["named"]].iloc[::-1].itertuples():
        parts.append(describe.standing(row.label, row.value, values, unit, decimals))
    if content.reference:
        parts.append(describe.standing(*content.reference, [], unit, decimals))
    if missing:
        named = f", bland dem {listing(content.lacking)}" if content.lacking else ""
        parts.append(f"Uppgift saknas för {missing} av dem{named}.")
    return " ".join(parts)

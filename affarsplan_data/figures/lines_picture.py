"""The picture of lines over time: axes, bands, lines, breaks and labels."""

from dataclasses import dataclass

import altair as alt
import pandas as pd

from affarsplan_data.figures import describe, theme
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
    span,
    straight,
    who,
    written,
)
from affarsplan_data.figures.labels import measure, wrap
from affarsplan_data.figures.over_time import (
    STYLES,
    EndLabel,
    end_label_layers,
    end_labels,
    point_told,
    position,
    runs,
    time_axis,
    told,
    year_span,
)
from affarsplan_data.swedish import number

_HEIGHT = {True: 300.0, False: 380.0}
_GAP_FILL = "#F1E6CF"
_BAND = 0.2
_LIMITS = "osäkerhetsintervall"
_PATH_KEY = "path"


@dataclass(frozen=True)
class Look:
    """The choices that concern the whole picture; see :func:`affarsplan_data.figures.lines.lines`."""

    base: float | None
    base_label: str
    zero: bool
    break_label: str
    unit: str
    decimals: int
    points: bool = False


@dataclass(frozen=True)
class Path:
    """A path to a decided level: ``x`` in years and ``value`` in order, its name, and its first year."""

    data: pd.DataFrame
    label: str
    base_year: str


def picture(width: int, data: pd.DataFrame, look: Look, path: Path | None = None) -> alt.LayerChart:
    """Draw ``data`` (as ``lines`` takes it, with ``x`` in years and ``role``) ``width`` px wide."""
    compact = width < 480
    size = theme.font_size(width)
    bounds = [float(v) for c in ("value", "low", "high") if c in data for v in data[c].dropna()]
    bounds += [] if look.base is None else [look.base]
    ahead = [] if path is None else list(path.data["x"])
    axis = span(
        [*bounds, *([] if path is None else path.data["value"])],
        zero=look.zero,
        decimals=look.decimals,
    )
    years = year_span([*data["x"], *ahead])
    breaks = _breaks(data)
    placed, key_height = key(_key_items(data, look, path, breaks), width)
    top = key_height + size + 14 + (size + 8 if len(breaks) == 1 else 0)
    labels = end_labels(data, width, look.decimals, max([*data["x"], *ahead]))
    if path is not None:
        labels.append(_path_label(path, width, look.decimals))
    aside = 9.0 if _marked_first(data, look) else 0.0
    left = 10 + aside + max(measure(number(t, axis.decimals), size) for t in axis.ticks)
    bottom = 30 if path is None else 30 + size + 4
    height = _HEIGHT[compact] + top + bottom
    paper = Paper(width, height, left, max(label.width for label in labels) + 20, top, bottom)
    x = time_axis(years, paper)
    y = _value_axis(axis, aside)
    layers = _base_layers(look, axis, paper, _tails_above(data, look.base)) + _break_layers(
        breaks, look.break_label, years, paper
    )
    if path is not None:
        layers += _path_layers(path, data, look.decimals, x, y, years, paper)
    layers += _limit_layers(data, look, x, y) + _line_layers(data, look, x, y)
    layers += end_label_layers(labels, axis, years, paper)
    if look.unit:
        layers.append(written(look.unit, -left + 2, -12, baseline="bottom", color=theme.MUTED_TEXT))
    return compose(layers + key_layers(placed, paper), paper)


def _marked_first(data: pd.DataFrame, look: Look) -> bool:
    """Tell whether a mark stands at the first period, where it would cover the axis' numbers."""
    known = runs(data)
    alone = known.groupby("run")["run"].transform("size") == 1
    first = known["x"] == known["x"].min()
    return bool((first & (alone | known["preliminary"] | look.points)).any())


def _value_axis(axis: Span, aside: float) -> alt.Y:
    return alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[axis.low, axis.high], nice=False, zero=False),
        axis=alt.Axis(
            values=list(axis.ticks), format=axis.format, title=None, labelPadding=6 + aside
        ),
    )


def _key_items(
    data: pd.DataFrame, look: Look, path: Path | None, breaks: list[float]
) -> list[KeyItem]:
    items = []
    if path is not None and len(_between(path, data)) > 1:
        items.append(KeyItem("avstånd till banan", "square", _GAP_FILL, theme.PATH, series="gap"))
    if (data["preliminary"] & data["value"].notna()).any():
        items.append(KeyItem("preliminär uppgift", "circle", theme.WHITE, theme.MUTED_TEXT))
    items += _limit_items(data, look)
    if _crowded(data):
        items.append(KeyItem("övriga områden", "line", theme.OTHER, theme.OTHER, series="other"))
    if len(breaks) > 1:
        items.append(KeyItem(look.break_label, "dotted", theme.MUTED_TEXT, theme.MUTED_TEXT))
    return items


def _limit_items(data: pd.DataFrame, look: Look) -> list[KeyItem]:
    """Return an entry for each line with an interval, in the interval's own colour."""
    if not {"low", "high"} <= set(data):
        return []
    limited = data[data["low"].notna() & data["high"].notna()].drop_duplicates("region")
    shape: Shape = "line" if look.points else "square"
    items = []
    for role, style in reversed(list(STYLES.items())):
        for row in limited[limited["role"] == role].itertuples():
            fill = style.colour if look.points else _faded(style.colour)
            name = f"{_LIMITS}, {row.label}" if len(limited) > 1 else _LIMITS
            items.append(KeyItem(name, shape, fill, fill, series=f"limits-{role}"))
    return items


def _faded(colour: str) -> str:
    """Return ``colour`` as a band shows it on white."""
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(c * _BAND + 255 * (1 - _BAND)):02X}" for c in channels)


def _crowded(data: pd.DataFrame) -> bool:
    return data.loc[data["role"] == "other", "region"].nunique() > 8


def _breaks(data: pd.DataFrame) -> list[float]:
    """Return where the rules go: half-way between a segment's last period and the next one's first."""
    ends = data.dropna(subset=["value"]).groupby("segment")["x"].agg(["min", "max"]).sort_index()
    return [
        (before + after) / 2
        for before, after in zip(ends["max"][:-1], ends["min"][1:], strict=True)
    ]


def _break_layers(breaks: list[float], label: str, years: Span, paper: Paper) -> Layers:
    """Draw a rule at each break; a single one is named on the spot, several in the key."""
    layers: Layers = []
    for where in breaks:
        x = years.place(where, paper.plot_width)
        rule = {"strokeDash": [2, 3]}
        layers.append(straight((x, -8), (x, paper.plot_height), theme.MUTED_TEXT, 1.4, **rule))
        if len(breaks) > 1:
            continue
        near_end = x > paper.plot_width * 0.6
        layers.append(
            written(
                label,
                x + (4 if near_end else -4),
                -12,
                align="right" if near_end else "left",
                baseline="bottom",
                color=theme.MUTED_TEXT,
                dy=-theme.font_size(int(paper.width)) - 6,
            )
        )
    return layers


def _tails_above(data: pd.DataFrame, base: float | None) -> bool:
    """Tell whether the lines mostly end above ``base``, so that its label had better stand below."""
    last = runs(data).groupby("region")["value"].last()
    return base is not None and bool(last.median() > base)


def _base_layers(look: Look, axis: Span, paper: Paper, below: bool) -> Layers:
    if look.base is None:
        return []
    y = paper.plot_height - axis.place(look.base, paper.plot_height)
    layers = [straight((0, y), (paper.plot_width, y), theme.MUTED_TEXT, 1.4)]
    if look.base_label:
        text = {"align": "right", "color": theme.MUTED_TEXT}
        side = {"baseline": "top"} if below else {"baseline": "bottom"}
        layers.append(
            written(look.base_label, paper.plot_width, y + (5 if below else -4), **text, **side)
        )
    return layers


def _limit_layers(data: pd.DataFrame, look: Look, x: alt.X, y: alt.Y) -> Layers:
    """Draw ``low`` to ``high`` as a band round each line, or as whiskers at lone or marked values."""
    if not {"low", "high"} <= set(data):
        return []
    layers: Layers = []
    limited = data["low"].notna() & data["high"].notna()
    known = runs(data.assign(value=data["value"].where(limited)))
    alone = known.groupby("run")["run"].transform("size") == 1
    for role, style in STYLES.items():
        for whiskers in (False, True):
            part = known[(known["role"] == role) & ((alone | look.points) == whiskers)]
            if part.empty:
                continue
            records = [
                {
                    **{"x": r.x, "value": r.low, "high": r.high, "run": r.run},
                    "who": who(key=r.region, series=f"limits-{role}"),
                }
                for r in part.itertuples()
            ]
            base = chart(records)
            marked = (
                base.mark_rule(stroke=style.colour, strokeWidth=1.6, xOffset=_dodge(role, look))
                if whiskers
                else base.mark_area(fill=style.colour, opacity=_BAND)
            )
            layers.append(marked.encode(x=x, y=y, y2="high:Q", detail="run:N"))
    return layers


def _dodge(role: str, look: Look) -> float:
    """Return how far in px a group's marks stand aside, so that whiskers do not lie on each other."""
    return {"women": -3.0, "men": 3.0, "reference": 4.0}.get(role, 0.0) if look.points else 0.0


def _line_layers(data: pd.DataFrame, look: Look, x: alt.X, y: alt.Y) -> Layers:
    """Draw the quiet lines first and ours last; lone points and preliminary ones get markers."""
    layers: Layers = []
    known = runs(data, bridged=look.points)
    for role, style in STYLES.items():
        part = known[known["role"] == role]
        if part.empty:
            continue
        aside = _dodge(role, look)
        told_runs = told(part, look.unit, look.decimals, "role")
        records = part.assign(who=part["run"].map(told_runs).where(part["run"].diff() != 0, ""))
        records = records[["x", "value", "run", "who"]].to_dict("records")
        dash = list(style.dash) if style.dash else alt.Undefined
        line = chart(records).mark_line(
            stroke=style.colour,
            strokeWidth=min(style.width, 1.4) if look.points else style.width,
            strokeDash=dash,
            strokeJoin="round",
            xOffset=aside,
        )
        layers.append(line.encode(x=x, y=y, detail="run:N"))
        alone = part.groupby("run")["run"].transform("size") == 1
        hollow = part["preliminary"] & (role != "other" or not _crowded(data))
        for mask, fill in (
            ((alone | look.points) & ~hollow, style.colour),
            (hollow, theme.WHITE),
        ):
            if mask.any():
                points = [
                    {
                        **{"x": r.x, "value": r.value},
                        "who": point_told(r, look.unit, look.decimals, role),
                    }
                    for r in part[mask].itertuples()
                ]
                mark = {"shape": style.shape, "size": 30 + 12 * style.width, "opacity": 1}
                base = chart(points).mark_point(
                    fill=fill, stroke=style.colour, strokeWidth=1.8, xOffset=aside, **mark
                )
                layers.append(base.encode(x=x, y=y))
    return layers


def _between(path: Path, data: pd.DataFrame) -> pd.DataFrame:
    """Return our values beside the path's, with the run each belongs to."""
    ours = runs(data[data["role"] == "focus"])
    return ours.merge(path.data[["x", "value"]], on="x", suffixes=("", "_path"))


def _path_label(path: Path, width: int, decimals: int) -> EndLabel:
    end = path.data.iloc[-1]
    size = theme.font_size(width)
    text = wrap(f"{path.label} {number(end['value'], decimals)}", size, width * 0.27, bold=True)
    high = (text.count("\n") + 1) * (size + 2)
    long = measure(text, size, bold=True)
    return EndLabel(text, end["x"], end["value"], "path", long, high, _PATH_KEY)


def _path_layers(
    path: Path,
    data: pd.DataFrame,
    decimals: int,
    x: alt.X,
    y: alt.Y,
    years: Span,
    paper: Paper,
) -> Layers:
    """Draw the path, its ends, how far ours is from it, and below the axis which year it starts from."""
    style = STYLES["path"]
    layers: Layers = []
    between = _between(path, data)
    if len(between) > 1:
        columns = {"value_path": "high"}
        records = between[["x", "value", "value_path", "run"]].rename(columns=columns)
        records = records.assign(who=who(series="gap"))
        area = chart(records.to_dict("records")).mark_area(fill=_GAP_FILL)
        layers.append(area.encode(x=x, y=y, y2="high:Q", detail="run:N"))
    said = [f"{p}: {number(v, decimals)}" for p, v in path.data[["period", "value"]].to_numpy()]
    on_path = who(key=_PATH_KEY, series="path", tip=describe.column(path.label), points=said)
    line = chart(path.data.assign(who=on_path)[["x", "value", "who"]].to_dict("records")).mark_line(
        stroke=style.colour, strokeWidth=style.width, strokeDash=list(style.dash)
    )
    ends = chart(path.data[["x", "value"]].iloc[[0, -1]].to_dict("records")).mark_point(
        shape=style.shape, size=80, fill=style.colour, stroke=theme.WHITE, opacity=1
    )
    layers += [line.encode(x=x, y=y), ends.encode(x=x, y=y)]
    text = f"basår {path.base_year}"
    half = measure(text, theme.font_size(int(paper.width))) / 2
    place = years.place(position(path.base_year), paper.plot_width)
    place = min(max(place, half + 2 - paper.left), paper.plot_width + paper.right - half)
    below = {"align": "center", "baseline": "top", "color": theme.MUTED_TEXT}
    return [*layers, written(text, place, paper.plot_height + 26, **below)]

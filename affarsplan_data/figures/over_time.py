"""What charts over time share: places of periods, line styles, unbroken runs, labels at line ends."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from affarsplan_data import swedish
from affarsplan_data.figures import theme
from affarsplan_data.figures.drawing import Layers, Paper, Span, lines_at, texts_at, who
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.figures.labels import measure, spread, wrap
from affarsplan_data.swedish import number, upper_first, with_unit
from affarsplan_data.swedish import period as in_words

_PERIOD: Final = re.compile(r"(\d{4})(?:M(0[1-9]|1[0-2])|K([1-4]))?")
_MOST_LABELS: Final = 9

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Style:
    """How one line looks."""

    colour: str
    width: float
    dash: tuple[int, ...] = ()
    shape: str = "circle"


# In drawing order: what matters most is drawn last.
STYLES: Final[Mapping[str, Style]] = MappingProxyType(
    {
        "other": Style(theme.OTHER, 1.1),
        "peer": Style(theme.PEER, 1.8),
        "path": Style(theme.PATH, 2.4, (9, 3, 2, 3), "diamond"),
        "reference": Style(theme.REFERENCE, 2.2, (6, 4), "square"),
        "men": Style(theme.MEN, 2.6, (), "diamond"),
        "women": Style(theme.WOMEN, 2.6),
        "focus": Style(theme.FOCUS, 3.2),
    }
)


@dataclass(frozen=True)
class EndLabel:
    """A label at the end of a line: its text, where the line ends, and how large the text is."""

    text: str
    x: float
    value: float
    role: str
    width: float
    height: float
    key: str = ""


def position(period: object) -> float:
    """Return a period's place on the time axis in years: 2024 for ``2024``, 2024.25 for ``2024K2``.

    Raises:
        FigureError: not a year, quarter or month.
    """
    match = _PERIOD.fullmatch(str(period))
    if match is None:
        raise FigureError(
            f"Perioden ”{period}” är inte ett år, kvartal (2024K1) eller en månad (2024M01)."
        )
    year, month, quarter = match.groups()
    part = (int(month) - 1) / 12 if month else (int(quarter) - 1) / 4 if quarter else 0.0
    return int(year) + part


def year_span(places: Iterable[float]) -> Span:
    """Return the span of the periods, widened to a year on each side when there is only one."""
    known = list(places)
    low, high = min(known), max(known)
    if low == high:
        low, high = low - 1, high + 1
    return Span(low, high, tuple(float(y) for y in range(math.ceil(low), math.floor(high) + 1)))


def time_axis(years: Span, paper: Paper) -> alt.X:
    """Return the x channel: whole years only, never with a thousands space, the last one always shown."""
    room = max(
        1, int(paper.plot_width // (measure("0000", theme.font_size(int(paper.width))) + 14))
    )
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if math.ceil(len(years.ticks) / s) <= room)
    return alt.X(
        "x:Q",
        scale=alt.Scale(domain=[years.low, years.high], nice=False, zero=False),
        axis=alt.Axis(
            values=list(years.ticks[::-1][::step][::-1]),
            format="d",
            grid=False,
            ticks=True,
            tickColor=theme.OTHER,
            domain=True,
            domainColor=theme.OTHER,
            labelFlush=False,
            title=None,
        ),
    )


def runs(data: pd.DataFrame, *, bridged: bool = False) -> pd.DataFrame:
    """Return the rows with a value and a ``run`` number: a gap or a new segment starts a new run.

    A gap is a missing value, or a longer step than the series usually takes, unless ``bridged``.
    """
    ordered = data.sort_values(["region", "segment", "x"])
    region, segment = (ordered[name].to_numpy() for name in ("region", "segment"))
    missing = ordered["value"].isna().to_numpy()
    new = np.ones(len(ordered), dtype=bool)
    new[1:] = (region[1:] != region[:-1]) | (segment[1:] != segment[:-1])
    if not bridged:
        step = np.diff(ordered["x"].to_numpy(dtype=float), prepend=math.nan).round(6)
        step[new] = math.nan
        long = step > _usual_step(step, region) * 1.05
        new |= long
    new |= missing
    new[1:] |= missing[:-1]
    return ordered.assign(run=new.cumsum())[~missing]


def _usual_step(step: Floats, region: npt.NDArray[np.object_]) -> Floats:
    """Return each region's most common step between periods; all regions' where it has one only."""
    known = ~np.isnan(step)
    if not known.any():
        return np.full(len(step), math.inf)
    common = _mode(step[known])
    usual = {}
    for one in set(region):
        own = step[known & (region == one)]
        usual[one] = _mode(own) if len(own) > 1 else common
    return np.array([usual[one] for one in region])


def _mode(values: Floats) -> float:
    """Return the most common value, the least of them when there are several."""
    different, counts = np.unique(values, return_counts=True)
    return float(different[counts.argmax()])


def told(runs: pd.DataFrame, unit: str, decimals: int, series: str = "series") -> pd.Series:
    """Return who each run of :func:`runs` is, by run: its region and what each of its points shows.

    Args:
        runs: rows with ``region``, ``label``, ``period``, ``value``, ``run``, in order.
        unit, decimals: how values are written.
        series: the column that holds the runs' series.
    """

    said: dict[int, list[str]] = {}
    first: dict[int, Any] = {}
    for row in runs.itertuples():
        first.setdefault(row.run, row)
        said.setdefault(row.run, []).append(_said(row, unit, decimals))
    return pd.Series(
        {
            run: who(
                key=row.region, series=getattr(row, series), tip=str(row.label), points=said[run]
            )
            for run, row in first.items()
        },
        dtype=object,
    )


def point_told(row: Any, unit: str, decimals: int, series: str) -> str:
    """Return who one marked point is."""
    said = _said(row, unit, decimals)
    return who(key=row.region, series=series, tip=f"{row.label}\n{said}")


def _said(row: Any, unit: str, decimals: int) -> str:
    text = f"{upper_first(in_words(row.period))}: {with_unit(row.value, unit, decimals)}"
    low, high = getattr(row, "low", math.nan), getattr(row, "high", math.nan)
    if low == low and high == high:
        text += f" ({swedish.span(number(low, decimals), number(high, decimals))})"
    return f"{text}, preliminär uppgift" if getattr(row, "preliminary", False) else text


def end_labels(data: pd.DataFrame, width: int, decimals: int, end: float) -> list[EndLabel]:
    """Return the labels of the lines with their last value, and its period when before ``end``.

    With many lines only ours, riket and the highest and lowest are named.
    """
    last = runs(data).sort_values(["x", "segment"]).groupby("region", sort=True).tail(1)
    if len(last) > _MOST_LABELS:
        extremes = last["value"].isin([last["value"].max(), last["value"].min()])
        last = last[(last["role"] != "other") | extremes]
    size = theme.font_size(width)
    labels = []
    for row in last.itertuples():
        bold = row.role != "other"
        value = number(row.value, decimals)
        when = f" ({in_words(row.period)})" if row.x < end else ""
        text = wrap(f"{row.label} {value}{when}", size, width * 0.27, bold=bold)
        high = (text.count("\n") + 1) * (size + 2)
        labels.append(
            EndLabel(
                *(
                    text,
                    row.x,
                    row.value,
                    row.role,
                    measure(text, size, bold=bold),
                    high,
                    row.region,
                )
            )
        )
    return labels


def end_label_layers(
    labels: list[EndLabel], axis: Span, years: Span, paper: Paper, *, downward: bool = False
) -> Layers:
    """Write the labels right of the plot, nudged apart, each joined to its line's end."""
    length, right = paper.plot_height, paper.plot_width
    ends = [
        axis.place(e.value, length) if downward else length - axis.place(e.value, length)
        for e in labels
    ]
    centres = spread(ends, [e.height for e in labels], -8, length + 12)
    texts: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
    dotted, solid = [], []
    half_line = (theme.font_size(int(paper.width)) + 2) / 2
    for label, end, centre in zip(labels, ends, centres, strict=True):
        colour, start = STYLES[label.role].colour, years.place(label.x, right)
        # Men's colour passes as a graphic (3:1) but not as text: the word is dark, its line shows whose.
        ink = theme.MUTED_TEXT if label.role == "other" else readable(colour)
        y = centre - label.text.count("\n") * half_line
        identity = {"who": who(key=label.key, series=label.role)}
        texts[label.role != "other"].append(
            {"text": label.text, "x": right + 14, "y": y, "color": ink, **identity}
        )
        ends_at = {"x2": right + 4, "y2": end, "color": colour, **identity}
        if right - start > 8:
            dotted.append({"x": start + 5, "y": end, **ends_at})
        solid.append({"x": right + 12, "y": centre, **ends_at})
    return [
        *lines_at(dotted, 0.8, strokeDash=[1, 3]),
        *lines_at(solid, 0.8),
        *texts_at(texts[False], align="left"),
        *texts_at(texts[True], align="left", fontWeight="bold"),
    ]


def readable(colour: str) -> str:
    """Return ``colour`` where it passes as text, else the dark text colour."""
    return colour if theme.contrast(colour, theme.WHITE) >= 4.5 else theme.TEXT

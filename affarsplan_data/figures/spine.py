"""Spine: many indicators at once, ours against riket and the spread of all, right is always better."""

from dataclasses import dataclass
from typing import Any, Final, Unpack

import altair as alt
import pandas as pd

from affarsplan_data import swedish
from affarsplan_data.figures import describe, theme
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.drawing import (
    KeyItem,
    Layers,
    Paper,
    chart,
    compose,
    key,
    key_layers,
    lines_at,
    require,
    texts_at,
    tip,
    who,
)
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.figures.labels import measure, wrap
from affarsplan_data.figures.markup import is_missing
from affarsplan_data.swedish import MISSING, listing, number, with_unit

_NUMBERS = [
    "value",
    "reference",
    "lowest",
    "lower_quartile",
    "upper_quartile",
    "highest",
]
_COLUMNS = ["label", "unit", "decimals", "better", "certain", *_NUMBERS]
_RANGE: Final = "#DDE3E8"
_MIDDLE: Final = "#A9B8C6"
_THICK = 11.0
_DOT = 150


@dataclass(frozen=True)
class _Words:
    """How the figure speaks of ours, of what it is compared with, and of all areas."""

    focus: str
    reference: str
    among: str


@dataclass(frozen=True)
class _Row:
    """One indicator as it is drawn: its texts, its middle, and its scale's own turn and reach."""

    data: Any
    label: str
    unit: str
    y: float
    label_y: float
    bottom: float

    @property
    def reach(self) -> float:
        """How far the row's values lie from its middle at most, in its own unit."""
        known = [v for c in _NUMBERS if not is_missing(v := getattr(self.data, c))]
        return max((abs(v - self.middle) for v in known), default=0.0)

    @property
    def middle(self) -> float:
        """The value in the middle of the scale: riket's, else half-way through the spread."""
        if not is_missing(self.data.reference):
            return float(self.data.reference)
        known = [v for c in _NUMBERS if not is_missing(v := getattr(self.data, c))]
        return (min(known) + max(known)) / 2 if known else 0.0

    def place(self, value: float, paper: Paper, left: float) -> float:
        """Return where ``value`` stands in px, counted from the plot's left edge."""
        half = (paper.plot_width - left) / 2
        turn = 1 if self.data.better == "up" else -1
        away = turn * (value - self.middle) / self.reach if self.reach > 1e-12 else 0.0
        return left + half * (1 + away)


def spine(
    frame: pd.DataFrame,
    *,
    focus_label: str,
    reference_label: str,
    among: str = "länen",
    **texts: Unpack[Texts],
) -> Figure:
    """Return one row an indicator with the spread of all areas, riket in the middle and ours as a dot.

    Each row has its own scale, turned so that right is better, with riket's value in the middle.

    Args:
        frame: ``label``, ``value``, ``unit``, ``decimals``, ``reference``, ``lowest``,
            ``lower_quartile``, ``upper_quartile``, ``highest``, ``better`` (``up`` or ``down``) and
            ``certain`` (the value's interval excludes the reference); one row an indicator, in the
            order shown. Numbers may be missing.
        focus_label, reference_label: whose value the dot and the middle are.
        among: the areas whose spread is shown, as "bland länen" says it.

    Raises:
        FigureError: columns are missing, an indicator is repeated, ``better`` is another word, the
            spread is not in order, or there is nothing to draw.
    """
    require(frame, _COLUMNS, ["label"])
    data = frame[_COLUMNS].reset_index(drop=True).astype(dict.fromkeys(_NUMBERS, float))
    data = data.assign(certain=data["certain"].map(lambda c: False if pd.isna(c) else bool(c)))
    _check(data)
    words = _Words(focus_label, reference_label, among)

    def draw(width: int) -> alt.LayerChart:
        return _draw(width, data, words)

    return figure(texts, alt=_alt(data, words), table=_table(data, words), decimals={}, chart=draw)


def _check(data: pd.DataFrame) -> None:
    if wrong := sorted(set(data["better"]) - {"up", "down"}):
        raise FigureError(f"Okänd riktning i figurens underlag: {', '.join(map(str, wrong))}.")
    if data[_NUMBERS].isna().all(axis=None):
        raise FigureError("Figuren har inga värden att rita.")
    spread = data[["lowest", "lower_quartile", "upper_quartile", "highest"]]
    for label, row in zip(data["label"], spread.to_numpy(), strict=True):
        known = [v for v in row if not is_missing(v)]
        if known != sorted(known):
            raise FigureError(
                f"Spridningen för ”{label}” står inte i ordning från lägst till högst."
            )


def _draw(width: int, data: pd.DataFrame, words: _Words) -> alt.LayerChart:
    compact = width < 480
    size = theme.font_size(width)
    heads = [wrap(text, size, 96, bold=bold) for text, bold in _heads(words)]
    values = [number(row.value, int(row.decimals)) for row in data.itertuples()]
    compared = [_compared(row, words, compact) for row in data.itertuples()]
    ours = max(measure(text, size, bold=True) for text in values)
    theirs = max(measure(text, size) for text in compared)
    if compact:
        ours = theirs = max(ours, theirs)
    else:
        ours, theirs = (
            max(ours, measure(heads[0], size, bold=True)),
            max(theirs, measure(heads[1], size)),
        )
    rows = _rows(data, width - ours - 24 if compact else width * 0.36, size, compact)
    label_width = max(measure(f"{r.label}\n{r.unit}", size) for r in rows) + 14
    placed, key_height = key(_key_items(data, words), width)
    head_lines = 1 if compact else max(text.count("\n") + 1 for text in heads)
    top = key_height + head_lines * (size + 2) + 10.0
    edge = 12.0
    left = edge if compact else label_width + ours + 14 + theirs + edge + 6
    paper = Paper(width, top + rows[-1].bottom + 4, 0, edge, top, 4)
    columns = (
        (width - edge,) * 2 if compact else (label_width + ours, label_width + ours + theirs + 14)
    )
    layers = _spread_layers(rows, paper, left)
    layers += _reference_layers(rows, paper, left)
    layers += _dot_layers(rows, words, paper, left)
    layers += _text_layers(rows, values, compared, columns, paper, compact)
    layers += _side_layers(words, paper, left)
    if not compact:
        layers += _head_layers(heads, columns, size)
    return compose(layers + key_layers(placed, paper), paper)


def _heads(words: _Words) -> tuple[tuple[str, bool], ...]:
    """Return the headings of the two columns of values, and which is bold."""
    return (words.focus, True), (words.reference, False)


def _compared(row: Any, words: _Words, compact: bool) -> str:
    """Return what stands beside or below our value: riket's, with its name where no column has it."""
    value = "–" if is_missing(row.reference) else number(row.reference, int(row.decimals))
    return f"{words.reference} {value}" if compact else value


def _rows(data: pd.DataFrame, limit: float, size: int, compact: bool) -> list[_Row]:
    """Give each indicator its place: texts beside the bar, or above it where the picture is narrow."""
    rows, y, line = [], 0.0, size + 2.0
    for row in data.itertuples():
        label = wrap(str(row.label), size, limit)
        unit = wrap(str(row.unit or ""), size, limit)
        lines = label.count("\n") + 1 + (unit.count("\n") + 1 if unit else 0)
        if compact:
            first, high = y + line / 2, max(2, lines) * line
            drawn = _drawn(row)
            centre = y + high + 14
            bottom = centre + _THICK / 2 + 18 if drawn else y + high + 12
        else:
            step = max(34.0, lines * line + 8)
            first, centre, bottom = y + (step - (lines - 1) * line) / 2, y + step / 2, y + step
        rows.append(_Row(row, label, unit, centre, first, bottom))
        y = bottom
    return rows


def _drawn(row: Any) -> bool:
    return any(not is_missing(getattr(row, column)) for column in _NUMBERS)


def _key_items(data: pd.DataFrame, words: _Words) -> list[KeyItem]:
    known = data[data["value"].notna() & data["reference"].notna()]
    dark, items = theme.FOCUS, []
    if known["certain"].any():
        label = f"{words.focus}, säker skillnad mot {words.reference}"
        items.append(KeyItem(label, "circle", dark, dark, series="certain"))
    if (~known["certain"]).any() or known.empty:
        label = f"{words.focus}, ingen säker skillnad"
        items.append(KeyItem(label, "circle", theme.WHITE, dark, series="uncertain"))
    if data["reference"].notna().any():
        items.append(KeyItem(words.reference, "upright", theme.REFERENCE, theme.REFERENCE))
    if data[["lowest", "highest"]].notna().all(axis=1).any():
        items.append(
            KeyItem(f"lägst till högst bland {words.among}", "square", _RANGE, theme.OTHER)
        )
    if data[["lower_quartile", "upper_quartile"]].notna().all(axis=1).any():
        items.append(KeyItem(f"mittersta hälften av {words.among}", "square", _MIDDLE, theme.OTHER))
    return items


def _spread_layers(rows: list[_Row], paper: Paper, left: float) -> Layers:
    """Draw the whole spread, and within it the middle half."""
    layers: Layers = []
    for low, high, fill, thick in (
        ("lowest", "highest", _RANGE, _THICK),
        ("lower_quartile", "upper_quartile", _MIDDLE, _THICK),
    ):
        records = []
        for row in rows:
            ends = getattr(row.data, low), getattr(row.data, high)
            if any(map(is_missing, ends)):
                continue
            start, end = sorted(row.place(v, paper, left) for v in ends)
            said = tip(str(row.data.label), *_spread_texts(row.data))
            records.append(
                {
                    "x": start,
                    "x2": max(end, start + 2),
                    "y": row.y - thick / 2,
                    "y2": row.y + thick / 2,
                    "who": who(key=str(row.data.label), tip=said),
                }
            )
        if records:
            bar = chart(records).mark_rect(fill=fill, stroke=theme.OTHER, strokeWidth=0.6)
            layers.append(bar.encode(x=_px("x", paper.plot_width), x2="x2:Q", **_rows_px(paper)))
    return layers


def _px(field: str, length: float) -> alt.X:
    scale = alt.Scale(domain=[0, length], range=[0, length], nice=False, zero=False)
    return alt.X(f"{field}:Q", scale=scale, axis=None)


def _rows_px(paper: Paper) -> dict[str, Any]:
    length = paper.plot_height
    scale = alt.Scale(domain=[0, length], range=[0, length], nice=False, zero=False)
    return {"y": alt.Y("y:Q", scale=scale, axis=None), "y2": "y2:Q"}


def _reference_layers(rows: list[_Row], paper: Paper, left: float) -> Layers:
    middle = left + (paper.plot_width - left) / 2
    ticks = [
        {
            "x": middle,
            "x2": middle,
            "y": row.y - 11,
            "y2": row.y + 11,
            "color": theme.REFERENCE,
            "who": who(key=str(row.data.label)),
        }
        for row in rows
        if not is_missing(row.data.reference)
    ]
    return lines_at(ticks, 2.2)


def _dot_layers(rows: list[_Row], words: _Words, paper: Paper, left: float) -> Layers:
    layers: Layers = []
    for certain, fill in ((False, theme.WHITE), (True, theme.FOCUS)):
        records = []
        for row in rows:
            if is_missing(row.data.value) or _certain(row.data) != certain:
                continue
            series = "certain" if certain else "uncertain"
            said = tip(str(row.data.label), *_standing(row.data, words))
            identity = who(key=str(row.data.label), series=series, tip=said)
            records.append(
                {"x": row.place(row.data.value, paper, left), "y": row.y, "who": identity}
            )
        if records:
            dot = chart(records).mark_point(
                shape="circle", size=_DOT, fill=fill, stroke=theme.FOCUS, strokeWidth=2.2, opacity=1
            )
            layers.append(dot.encode(x=_px("x", paper.plot_width), y=_rows_px(paper)["y"]))
    return layers


def _text_layers(
    rows: list[_Row],
    values: list[str],
    compared: list[str],
    columns: tuple[float, float],
    paper: Paper,
    compact: bool,
) -> Layers:
    """Write the indicators' names and units, our values and riket's."""
    line = theme.font_size(int(paper.width)) + 2.0
    quiet, plain, bold = [], [], []
    for row, value, other in zip(rows, values, compared, strict=True):
        identity = {"who": who(key=str(row.data.label))}
        under = row.label_y + (row.label.count("\n") + 1) * line
        names = {"x": 0.0, "color": theme.TEXT, **identity}
        plain.append(("left", {**names, "text": row.label, "y": row.label_y}))
        if row.unit:
            muted = {**names, "color": theme.MUTED_TEXT}
            quiet.append(("left", {**muted, "text": row.unit, "y": under}))
        at = row.label_y if compact else row.y
        ours = {**names, "text": value, "x": columns[0], "y": at}
        if value == MISSING:
            quiet.append(("right", {**ours, "color": theme.MUTED_TEXT}))
        else:
            bold.append(("right", ours))
        theirs = {**names, "text": other, "x": columns[1], "color": theme.MUTED_TEXT}
        quiet.append(("right", {**theirs, "y": at + line if compact else row.y}))
    layers: Layers = []
    for records, weight in ((quiet, "normal"), (plain, "normal"), (bold, "bold")):
        for side in ("left", "right"):
            chosen = [record for where, record in records if where == side]
            layers += texts_at(chosen, align=side, fontWeight=weight)
    return layers


def _head_layers(heads: list[str], columns: tuple[float, float], size: int) -> Layers:
    """Name the two columns of values."""
    layers: Layers = []
    for text, x, weight in zip(heads, columns, ("bold", "normal"), strict=True):
        y = -size / 2 - 4 - text.count("\n") * (size + 2)
        record = {"text": text, "x": x, "y": y, "color": theme.TEXT}
        layers += texts_at([record], align="right", fontWeight=weight)
    return layers


def _side_layers(words: _Words, paper: Paper, left: float) -> Layers:
    """Say above the rows which way is better."""
    size = theme.font_size(int(paper.width))
    half = (paper.plot_width - left) / 2
    reference = measure(words.reference, size)
    named = reference / 2 + 8 + measure("bättre än →", size) <= half
    gap, middle = (reference / 2 + 8 if named else 8), left + half
    y = -size / 2 - 4
    quiet = {"y": y, "color": theme.MUTED_TEXT}
    worse = {"text": "← sämre än" if named else "← sämre", "x": middle - gap, **quiet}
    better = {"text": "bättre än →" if named else "bättre →", "x": middle + gap, **quiet}
    layers = texts_at([worse], align="right") + texts_at([better], align="left")
    if named:
        layers += texts_at([{**quiet, "text": words.reference, "x": middle, "color": theme.TEXT}])
    return layers


def _certain(row: Any) -> bool:
    return bool(row.certain) and not is_missing(row.reference)


def _value_text(row: Any, value: float) -> str:
    return with_unit(value, str(row.unit or ""), int(row.decimals))


def _spread_texts(row: Any) -> tuple[str, str]:
    def text(low: float, high: float) -> str:
        if is_missing(low) or is_missing(high):
            return MISSING
        return swedish.span(number(low, int(row.decimals)), _value_text(row, high))

    whole = text(row.lowest, row.highest)
    middle = text(row.lower_quartile, row.upper_quartile)
    return f"lägst till högst: {whole}", f"mittersta hälften: {middle}"


def _standing(row: Any, words: _Words) -> tuple[str, ...]:
    ours = f"{words.focus}: {_value_text(row, row.value)}"
    if is_missing(row.reference):
        return (ours,)
    certain = "säker skillnad" if row.certain else "ingen säker skillnad"
    return ours, f"{words.reference}: {_value_text(row, row.reference)} ({certain})"


def _table(data: pd.DataFrame, words: _Words) -> pd.DataFrame:
    """Return a row an indicator; texts, since every row has its own unit and decimals."""
    headings = {
        "value": words.focus,
        "reference": describe.column(words.reference),
        "lowest": "Lägst",
        "lower_quartile": "Undre kvartil",
        "upper_quartile": "Övre kvartil",
        "highest": "Högst",
    }
    columns: dict[str, list[str | None]] = {
        "Indikator": list(data["label"]),
        "Enhet": [str(unit) if unit else None for unit in data["unit"]],
    }
    for column, heading in headings.items():
        columns[heading] = [
            None if is_missing(value) else number(value, int(decimals))
            for value, decimals in zip(data[column], data["decimals"], strict=True)
        ]
    columns["Bättre är"] = ["högre" if b == "up" else "lägre" for b in data["better"]]
    columns["Säker skillnad"] = [_certainty(row) for row in data.itertuples()]
    return pd.DataFrame(columns)


def _certainty(row: Any) -> str | None:
    if is_missing(row.value) or is_missing(row.reference):
        return None
    return "ja" if row.certain else "nej"


def _alt(data: pd.DataFrame, words: _Words) -> str:
    count = f"{len(data)} {'indikator' if len(data) == 1 else 'indikatorer'}"
    both = data.dropna(subset=["value", "reference"])
    up = (both["value"] > both["reference"]) == (both["better"] == "up")
    level = both["value"] == both["reference"]
    groups = {
        f"Säkert bättre än {words.reference}": both[both["certain"] & up & ~level],
        f"Säkert sämre än {words.reference}": both[both["certain"] & ~up & ~level],
        f"Ingen säker skillnad mot {words.reference}": both[~both["certain"] | level],
        "Uppgift saknas för": data[data["value"].isna()],
    }
    parts = [
        describe.reading("spine", count),
        f"Punkten är {words.focus}, mitten är {words.reference}, stapeln är spridningen bland "
        f"{words.among}.",
    ]
    for said, group in groups.items():
        if len(group):
            joint = " " if said.endswith("för") else ": "
            parts.append(f"{said}{joint}{listing(list(group['label']))}.")
    return " ".join(parts)

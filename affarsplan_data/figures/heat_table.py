"""Heat tables: areas against indicators, every number printed, each column shaded from worst to best."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final, Unpack

import pandas as pd

from affarsplan_data.figures import describe, markup, theme
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.drawing import require
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.swedish import listing, number

_DIRECTIONS: Final = {
    "up": "högre är bättre",
    "down": "lägre är bättre",
    "towards_zero": "närmare noll är bättre",
    "target_band": "närmare målet är bättre",
    "neutral": "ingen riktning",
}
_STEPS: Final = len(theme.SEQUENTIAL)
_LEAST_FOR_ENDS: Final = 3

# Browsers leave grounds out of print unless told otherwise, and white figures would vanish.
_PRINTED: Final = "-webkit-print-color-adjust:exact;print-color-adjust:exact"

# A sign for the eye in grey print, and its words for those who listen.
_ENDS: Final = {
    True: (("○", "sämst"), ("●", "bäst")),
    False: (("▽", "lägst"), ("▲", "högst")),
}


@dataclass(frozen=True)
class HeatColumn:
    """One column of a heat table: where its values stand, what it is, and which way is better.

    ``direction`` is the catalogue's word; ``band`` the aimed at span, needed by ``target_band``;
    ``silent`` leaves the direction out of the heading.
    """

    column: str
    heading: str
    decimals: int
    unit: str
    direction: str
    band: tuple[float, float] | None = None
    silent: bool = False

    @property
    def title(self) -> str:
        """The column's heading with unit and direction."""
        return f"{self.heading} ({self.about})" if self.about else self.heading

    @property
    def about(self) -> str:
        """The unit, and which way is better in words."""
        words = "" if self.silent else _DIRECTIONS[self.direction]
        return ", ".join(filter(None, (self.unit, words)))

    @property
    def judged(self) -> bool:
        """Whether some values are better than others."""
        return self.direction != "neutral"

    def standing(self, value: float) -> float:
        """Return how good ``value`` is, higher is better, as exactly as it is printed."""
        shown = round(value, self.decimals)
        if self.direction == "down":
            return -shown
        if self.direction == "towards_zero":
            return -abs(shown)
        if self.band is not None and self.direction == "target_band":
            low, high = self.band
            return -max(low - shown, shown - high, 0.0)
        return shown


@dataclass(frozen=True)
class _Shade:
    """A cell's ground, from 0 (worst or lowest) to 4, and whether it is the column's end."""

    step: int
    end: int | None


def heat_table(
    frame: pd.DataFrame,
    *,
    columns: Sequence[HeatColumn],
    reference: Collection[str] = (),
    row_heading: str = "Område",
    **texts: Unpack[Texts],
) -> Figure:
    """Return an open table whose cells are shaded by their place in the column.

    Dark is better; in a column without direction, dark grey is higher. Places are counted by the
    printed values, so cells that read the same look the same.

    Args:
        frame: ``label`` and the columns named in ``columns`` (missing allowed), in the order shown.
        columns: the columns from left to right.
        reference: labels of rows to compare with (the county, riket): neither shaded nor placed.
        row_heading: what the rows are.

    Raises:
        FigureError: columns are missing, a label or heading is repeated, a direction is unknown or
            lacks its band, or there are no values.
    """
    # What holds for every column is said once, in the key.
    if all(column.direction == "neutral" for column in columns):
        columns = [replace(column, silent=True) for column in columns]
    names = [c.column for c in columns]
    require(frame, ["label", *names], ["label"])
    _check(columns)
    data = frame.reset_index(drop=True).astype(dict.fromkeys(names, float))
    if not names or data[names].isna().all(axis=None):
        raise FigureError("Tabellen har inga värden att visa.")
    placed = ~data["label"].isin(list(reference))
    shades = {c.column: _shades(data[c.column].where(placed), c) for c in columns}
    table = data[["label", *names]].set_axis([row_heading, *(c.title for c in columns)], axis=1)
    caption = f"{texts['title']} {texts.get('subtitle', '')}".strip()
    return figure(
        texts,
        alt=_alt(data, columns, shades),
        table=table,
        decimals={c.title: c.decimals for c in columns},
        chart=None,
        table_html=_key(columns, shades)
        + _html(data, columns, shades, reference, row_heading, texts["title"], caption),
    )


def _check(columns: Sequence[HeatColumn]) -> None:
    for column in columns:
        if column.direction not in _DIRECTIONS:
            raise FigureError(
                f"Kolumnen ”{column.heading}” har okänd riktning: {column.direction}. "
                f"Välj {', '.join(_DIRECTIONS)}."
            )
        if column.direction == "target_band" and column.band is None:
            raise FigureError(f"Kolumnen ”{column.heading}” saknar målets gränser (band).")


def _shades(values: pd.Series, column: HeatColumn) -> list[_Shade | None]:
    """Return the shade of each value, None where it is missing or nothing differs.

    The place runs from 0 to 1 in ranks, ties at their mean, so one extreme value cannot wash out the
    rest; the ends are only named among at least three values that differ.
    """
    standings = values.map(column.standing, na_action="ignore")
    count = int(standings.notna().sum())
    low, high = standings.min(), standings.max()
    if count < 2 or low == high:
        return [None] * len(values)
    places = (standings.rank(method="average") - 1) / (count - 1)
    named = count >= _LEAST_FOR_ENDS
    return [
        None
        if pd.isna(place)
        else _Shade(
            min(_STEPS - 1, int(place * _STEPS)),
            (1 if s == high else 0 if s == low else None) if named else None,
        )
        for place, s in zip(places, standings, strict=True)
    ]


def _fills(column: HeatColumn) -> tuple[str, ...]:
    return theme.SEQUENTIAL if column.judged else theme.GREYS


def _key(columns: Sequence[HeatColumn], shades: dict[str, list[_Shade | None]]) -> str:
    """Return what the shades and signs mean, one line for each kind of column there is."""
    lines = []
    for judged, low, high in ((True, "sämre", "bättre"), (False, "lägre", "högre")):
        used = [c for c in columns if c.judged == judged and any(shades[c.column])]
        if not used:
            continue
        swatches = "".join(_swatch(fill) for fill in _fills(used[0]))
        ends = ""
        if any(s and s.end is not None for c in used for s in shades[c.column]):
            (worst, lowest), (best, highest) = _ENDS[judged]
            ends = f" {best} {highest}, {worst} {lowest} i kolumnen."
        unjudged = "" if judged else ", utan värdering"
        lines.append(f"{low} {swatches} {high}, i varje kolumn för sig{unjudged}.{ends}")
    shown = "<br>".join(line[:1].upper() + line[1:] for line in lines)
    style = "margin:0 0 0.5em;font-size:0.875em"
    return f'<p class="ap-heat-key" style="{style}">{shown}</p>' if lines else ""


def _swatch(fill: str) -> str:
    style = (
        f"display:inline-block;width:1.5em;height:0.9em;border:1px solid {theme.OTHER};"
        f"margin-left:-1px;vertical-align:-0.05em;background:{fill};{_PRINTED}"
    )
    return f'<span aria-hidden="true" style="{style}"></span>'


def _html(
    data: pd.DataFrame,
    columns: Sequence[HeatColumn],
    shades: dict[str, list[_Shade | None]],
    reference: Collection[str],
    row_heading: str,
    title: str,
    caption: str,
) -> str:
    first = f'<th scope="col" style="text-align:left">{escape(row_heading)}</th>'
    head = first + "".join(map(_heading, columns))
    body = []
    before = False
    for i, row in enumerate(data.to_dict("records")):
        cells = "".join(_cell(row[c.column], c, shades[c.column][i]) for c in columns)
        compared = row["label"] in reference
        ruled = i and compared != before
        rule = f' style="border-top:2px solid {theme.OTHER}"' if ruled else ""
        before = compared
        label = f'<th scope="row" style="text-align:left">{escape(str(row["label"]))}</th>'
        body.append(f"<tr{rule}>{label}{cells}</tr>")
    return markup.boxed(
        *(head, "\n".join(body)),
        title=title,
        caption=caption,
        kind="ap-heat",
        style="font-size:0.8125rem;border-collapse:collapse",
    )


def _heading(column: HeatColumn) -> str:
    small = ""
    if column.about:
        about = escape(column.about)
        small = f'<br><span style="font-weight:normal;font-size:0.9em">{about}</span>'
    style = "text-align:right;padding:0.4em 0.5em;vertical-align:bottom"
    return f'<th scope="col" class="num" style="{style}">{escape(column.heading)}{small}</th>'


def _cell(value: float, column: HeatColumn, shade: _Shade | None) -> str:
    style = "text-align:right;white-space:nowrap;padding:0.4em 0.5em"
    sign = ""
    if shade is not None:
        fill = _fills(column)[shade.step]
        style += f";background:{fill};color:{theme.text_on(fill)};{_PRINTED}"
        style += f";border:1px solid {theme.WHITE}"
        if shade.end is not None:
            mark, words = _ENDS[column.judged][shade.end]
            sign = f'<span role="img" aria-label="{words}" title="{words}">{mark}</span> '
    return f'<td class="num" style="{style}">{sign}{markup.cell(value, column.decimals)}</td>'


def _alt(
    data: pd.DataFrame,
    columns: Sequence[HeatColumn],
    shades: dict[str, list[_Shade | None]],
) -> str:
    rows = f"{len(data)} {'rad' if len(data) == 1 else 'rader'}"
    parts = [describe.reading("heat_table", f"{rows} och {len(columns)} indikatorer")]
    for column in columns:
        ends: dict[int, list[str]] = {0: [], 1: []}
        for label, value, shade in zip(
            data["label"], data[column.column], shades[column.column], strict=True
        ):
            if shade and shade.end is not None:
                ends[shade.end].append(f"{label} ({number(value, column.decimals)})")
        if ends[1]:
            (_, worst), (_, best) = _ENDS[column.judged]
            parts.append(
                f"{column.heading}: {best} {listing(ends[1])}, {worst} {listing(ends[0])}."
            )
        if gone := int(data[column.column].isna().sum()):
            parts.append(f"{column.heading}: uppgift saknas i {gone} av {len(data)}.")
    return " ".join(parts)

"""The HTML of a figure: heading, pictures, source, notes and the table with the same figures."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from affarsplan_data.swedish import MINUS, MISSING, number

_DASH = "–"
# Said on every cell: a notebook's own style would turn text to the right.
_LEFT = ' style="text-align:left"'
_RIGHT = ' class="num" style="text-align:right"'
_RIGHT_UNBROKEN = ' class="num" style="text-align:right;white-space:nowrap"'


def is_missing(value: Any) -> bool:
    """Tell whether a table cell has no content: None, NaN, NA or an empty text."""
    if isinstance(value, str):
        return not value.strip()
    return (
        value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value))
    )


def block(
    *,
    name: str,
    title: str,
    subtitle: str,
    pictures: Sequence[str],
    source: str,
    notes: Sequence[str],
    table: str,
) -> str:
    """Return the whole ``<figure>``. ``pictures`` (none, or wide and narrow SVG) and ``table`` are
    HTML already; everything else is text and is escaped here.
    """
    heading = f"fig-{name}-title"
    parts = [
        f'<figure class="ap-figure" id="fig-{name}" aria-labelledby="{heading}">',
        f'<figcaption><h3 id="{heading}">{escape(title)}</h3>',
        f'<p class="ap-subtitle">{escape(subtitle)}</p></figcaption>'
        if subtitle
        else "</figcaption>",
    ]
    for kind, picture in zip(("ap-wide", "ap-narrow"), pictures, strict=False):
        hidden = " hidden" if kind == "ap-narrow" else ""
        parts.append(f'<div class="ap-picture {kind}"{hidden}>{picture}</div>')
    if not pictures:
        parts.append(table)
    parts.append(f'<p class="ap-source">{escape(source)}</p>')
    if notes:
        items = "".join(f"<li>{escape(note)}</li>" for note in notes)
        parts.append(f'<ul class="ap-notes">{items}</ul>')
    if pictures:
        label = escape(f"Visa tabell: {title}")
        summary = f'<summary aria-label="{label}">Visa tabell</summary>'
        parts.append(f'<details class="ap-data">{summary}{table}</details>')
    parts.append("</figure>")
    return "\n".join(parts)


def table(
    frame: pd.DataFrame,
    decimals: Mapping[str, int],
    *,
    title: str,
    caption: str,
    cards: bool = False,
) -> str:
    """Return ``frame`` as an accessible table in a box that scrolls sideways and takes the keyboard.

    The first column heads its row. Columns in ``decimals`` are printed as Swedish numbers; a text
    column whose every cell starts as a number does is right-aligned too. ``cards`` is for
    :func:`boxed`.
    """
    numeric = {str(c) for c in frame if str(c) in decimals or _looks_numeric(frame[c])}
    cells = [
        {str(column): cell(value, decimals.get(str(column))) for column, value in row.items()}
        for row in frame.to_dict("records")
    ]
    columns = {str(c): _RIGHT if str(c) in numeric else _LEFT for c in frame}
    unbroken = {c: _RIGHT_UNBROKEN if c in numeric else _LEFT for c in columns}
    return boxed(
        "".join(heading(c, style, cards=cards) for c, style in columns.items()),
        "\n".join(row(one, unbroken, cards=cards) for one in cells),
        title=title,
        caption=caption,
        cards=cards,
    )


def texts(headings: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str) -> str:
    """Return a table of texts alone; a narrow screen shows each row as a card."""
    styles = dict.fromkeys(headings, _LEFT)
    cells = [dict(zip(headings, map(escape, one), strict=True)) for one in rows]
    return boxed(
        "".join(heading(c, _LEFT, cards=True) for c in headings),
        "\n".join(row(one, styles, cards=True) for one in cells),
        title=caption,
        caption=caption,
        cards=True,
    )


def boxed(
    head: str,
    body: str,
    *,
    title: str,
    caption: str,
    cards: bool = False,
    kind: str = "",
    style: str = "",
) -> str:
    """Return a table of ``head`` cells and ``body`` rows, HTML already, in its scrolling box.

    Args:
        head, body: made by :func:`heading` and :func:`row`, or as they make them.
        title: the table's name to those who cannot see it.
        caption: its caption.
        cards: whether a narrow screen shows each row as a card, its cells below each other.
        kind: the table's class in style sheets, if any.
        style: its own style.
    """
    classes = " ".join(filter(None, ["ap-cards" if cards else "", kind]))
    attributes = f' class="{classes}"' if classes else ""
    attributes += f' style="{style}"' if style else ""
    # A table that is laid out as anything else is a table to a screen reader only when it says so.
    attributes += ' role="table"' if cards else ""
    return (
        f'<div class="ap-scroll" tabindex="0" role="region" aria-label="{escape(f"Tabell: {title}")}"'
        f' style="overflow-x:auto"><table{attributes}><caption>{escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def heading(column: str, style: str = "", *, cards: bool = False) -> str:
    """Return the cell that heads a column; ``style`` is attributes and starts with a space."""
    role = ' role="columnheader"' if cards else ""
    return f'<th scope="col"{role}{style}>{escape(column)}</th>'


def row(cells: Mapping[str, str], styles: Mapping[str, str], *, cards: bool = False) -> str:
    """Return one row: ``cells`` are HTML by column, the first heads the row.

    ``styles`` are the attributes of each column's cells, that of the first left out.
    """
    (_, first), *others = cells.items()
    if not cards:
        made = "".join(f"<td{styles[column]}>{text}</td>" for column, text in others)
        return f'<tr><th scope="row"{_LEFT}>{first}</th>{made}</tr>'
    made = "".join(
        f'<td role="cell" data-label="{escape(column)}"{styles[column]}>{text}</td>'
        for column, text in others
    )
    return f'<tr role="row"><th scope="row" role="rowheader"{_LEFT}>{first}</th>{made}</tr>'


def cell(value: Any, decimals: int | None) -> str:
    """Return one cell's content as HTML: a Swedish number, a text, or a dash that says what it is."""
    if is_missing(value) or value == MISSING:
        return f'<span role="img" aria-label="{MISSING}" title="{MISSING}">{_DASH}</span>'
    if decimals is not None and not isinstance(value, str):
        return escape(number(float(value), decimals))
    return escape(str(value))


def _looks_numeric(column: pd.Series) -> bool:
    texts = [str(value) for value in column if not is_missing(value) and value != MISSING]
    # ”2018: stöds” begins with a digit but is read as words.
    return bool(texts) and all(
        (text[0].isdigit() or text[0] in f"+-{MINUS}") and ": " not in text for text in texts
    )

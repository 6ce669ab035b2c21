"""Small pieces of escaped HTML that the lists and the indicator show themselves with."""

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd


def table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return an HTML table whose first column heads the rows; every text is escaped."""
    head = "".join(f'<th scope="col" {_LEFT}>{escape(text)}</th>' for text in headings)
    body = "".join(_row(row) for row in rows)
    return (
        f'<table><caption style="text-align:left">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def banner(text: str) -> str:
    """Return the sentence that made-up figures stand under; empty for real ones."""
    return f'<p role="alert"><strong>{escape(text)}</strong></p>' if text else ""


def _row(row: Sequence[Any]) -> str:
    first, *rest = map(_cell, row)
    cells = "".join(f"<td {_LEFT}>{cell}</td>" for cell in rest)
    return f'<tr><th scope="row" {_LEFT}>{first}</th>{cells}</tr>'


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return "–" if value is None or value == "" or pd.isna(value) else escape(str(value))


_LEFT = 'style="text-align:left;vertical-align:top"'

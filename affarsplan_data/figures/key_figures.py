"""Key figures: an open table of indicators, with the words already in place."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final, Unpack

import pandas as pd

from affarsplan_data.figures import describe, markup
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.errors import FigureError

NONE: Final = "–"
"""What stands in a cell that has nothing to say."""
REMARK: Final = "Anmärkning"
_UNDER: Final = 'class="ap-under" style="display:block;font-size:0.85em"'


def key_figures(
    rows: pd.DataFrame,
    under: Mapping[str, tuple[str, str]] | None = None,
    **texts: Unpack[Texts],
) -> Figure:
    """Return a table-only figure. On a narrow screen every row becomes a list of its own.

    The remark (``Anmärkning``) stands below the row's name, and in place of the figures where the row has
    none.

    Args:
        rows: texts already in Swedish form, a column ``Indikator`` that heads the row and others with
            the headings they are to have, in order; missing is None, "" or a dash.
        under: columns that stand in small print below another, with the word before them:
            ``{"Placering": ("Värde", "plats")}``.

    Raises:
        FigureError: no rows, or a row without its indicator.
    """
    if rows.empty or "Indikator" not in rows:
        raise FigureError("Nyckeltalstabellen behöver rader och kolumnen Indikator.")
    if rows["Indikator"].isna().any():
        raise FigureError("Nyckeltalstabellen har en rad utan indikator.")
    table = rows[["Indikator", *rows.columns.drop("Indikator")]].reset_index(drop=True)
    count = f"{len(table)} {'nyckeltal' if 'År' in table else 'rader'}"
    below = {column: how for column, how in (under or {}).items() if column in table}
    caption = f"{texts['title']} {texts.get('subtitle', '')}".strip()
    return figure(
        texts,
        alt=describe.reading("key_figures", count),
        table=table,
        decimals={},
        chart=None,
        table_html=_html(table, below, title=texts["title"], caption=caption),
    )


def _html(
    table: pd.DataFrame, under: Mapping[str, tuple[str, str]], *, title: str, caption: str
) -> str:
    shown = [str(c) for c in table if c not in under and c != REMARK]
    head = "".join(markup.heading(column, cards=True) for column in shown)
    body = "\n".join(_row(row, shown, under) for row in table.to_dict("records"))
    return markup.boxed(head, body, title=title, caption=caption, cards=True, kind="ap-keys")


def _row(row: Mapping[Any, Any], shown: list[str], under: Mapping[str, tuple[str, str]]) -> str:
    remark = "" if _empty(row.get(REMARK)) else str(row[REMARK])
    name, *others = shown
    head = escape(str(row[name]))
    if all(_empty(row[column]) for column in others) and remark:
        told = f'<td role="cell" colspan="{len(others)}">{escape(remark)}.</td>'
        return f'<tr role="row"><th scope="row" role="rowheader">{head}</th>{told}</tr>'
    head += f"<span {_UNDER}>{escape(remark)}</span>" if remark else ""
    cells = {name: head} | {column: _cell(row, column, under) for column in others}
    return markup.row(cells, dict.fromkeys(shown, ""), cards=True)


def _cell(row: Mapping[Any, Any], column: str, under: Mapping[str, tuple[str, str]]) -> str:
    text = markup.cell(None if _empty(row[column]) else row[column], None)
    for other, (above, word) in under.items():
        if above == column and not _empty(row[other]):
            text += f" <span {_UNDER}>{escape(f'{word} {row[other]}'.strip())}</span>"
    return text


def _empty(value: Any) -> bool:
    return markup.is_missing(value) or value == NONE

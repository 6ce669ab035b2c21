"""Key figures: an open table of indicators, with the words already in place."""

from typing import Unpack

import pandas as pd

from affarsplan_data.figures import describe
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.errors import FigureError


def key_figures(rows: pd.DataFrame, **texts: Unpack[Texts]) -> Figure:
    """Return a table-only figure.

    Args:
        rows: texts already in Swedish form, a column ``Indikator`` that heads the row and others with
            the headings they are to have, in order; missing is None or "".

    Raises:
        FigureError: no rows, or a row without its indicator.
    """
    if rows.empty or "Indikator" not in rows:
        raise FigureError("Nyckeltalstabellen behöver rader och kolumnen Indikator.")
    if rows["Indikator"].isna().any():
        raise FigureError("Nyckeltalstabellen har en rad utan indikator.")
    table = rows[["Indikator", *rows.columns.drop("Indikator")]].reset_index(drop=True)
    count = f"{len(table)} {'nyckeltal' if 'År' in table else 'rader'}"
    return figure(
        texts, alt=describe.reading("key_figures", count), table=table, decimals={}, chart=None
    )

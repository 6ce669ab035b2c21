"""Reads figures under a former municipality's code as those of today's."""

import pandas as pd

from affarsplan_data.clean.errors import CleaningError
from affarsplan_data.regions.former import MOVED


def follow(table: str, rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Return the rows with former codes read as today's, the two never added together.

    A figure under the former code is used before the move. Where both codes have one they must agree.

    Args:
        table: the table's id, for errors.
        rows: ``region`` and ``period`` as text, ``value``.
        key: what makes a row the same figure as another, ``region`` among it.

    Raises:
        CleaningError: a figure under the former code after the move, or two that differ.
    """
    for code, move in MOVED.items():
        former = rows["region"] == code
        if not former.any():
            continue
        late = former & (rows["period"].str[:4] >= move.since)
        if (late & rows["value"].notna()).any():
            period = rows.loc[late & rows["value"].notna(), "period"].iloc[0]
            raise CleaningError(
                table,
                f"regionen {code} har uppgifter {period}; från {move.since} är den {move.to}.",
            )
        rows = rows[~late].copy()
        rows.loc[rows["region"] == code, "region"] = move.to
        rows = _one_of_two(table, rows, key, move.to)
    return rows


def _one_of_two(table: str, rows: pd.DataFrame, key: list[str], region: str) -> pd.DataFrame:
    there = rows[rows["region"] == region]
    doubled = there[there.duplicated(key, keep=False)]
    if doubled.empty:
        return rows
    held = doubled[doubled["value"].notna()]
    spread = held.groupby(key, observed=True)["value"].nunique()
    if (spread > 1).any():
        where = dict(zip(key, spread.index[spread > 1][0], strict=True))
        raise CleaningError(
            table, f"regionen {region} har två olika uppgifter för {where['period']}."
        )
    # The one with a value first; of two alike, either.
    first = doubled.sort_values("value", kind="stable", na_position="last")
    return rows.drop(index=first.index[first.duplicated(key)])

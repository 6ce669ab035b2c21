"""The path to a decided level, and how fast the rest of the way has to go.

Use it only where a plan or a decided strategy gives a number to reach.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import Numbers, floats, interval_years, like, year_numbers
from affarsplan_data.statistics.errors import InvalidValuesError


def corridor(
    years: Sequence[str], base_year: str, target_year: str, share_left: float
) -> pd.Series:
    """Return the path 100 · share_left^((t − b)/(T − b)): the same cut in percent every year.

    Args:
        years: the years wanted.
        base_year: the year that is 100.
        target_year: the year when ``share_left`` is to be reached.
        share_left: what is left then as a fraction, 0.25 for a cut by 75 percent.

    Returns:
        Index by year, base year = 100; missing outside the years from base to target.

    Raises:
        InvalidValuesError: a year that is none, a target year that is not after the base year, or a
            share that is not between 0 and 1.
    """
    _check_share(share_left)
    length = interval_years(base_year, target_year, "Målbana")
    passed = (year_numbers(pd.Index(years)) - int(base_year)) / length
    path = 100 * share_left**passed
    inside = (passed >= 0) & (passed <= 1)
    return pd.Series(np.where(inside, path, np.nan), index=list(years), dtype=float)


def needed_cut(level: Numbers, year: str, target_year: str, share_left: float) -> Any:
    """Return the cut in percent per year that leads from ``level`` to the target.

    100 · (1 − (100 · share_left / level)^(1/(T − t))), and 0 where the target is reached.

    Args:
        level: the newest value as index, base year = 100; 100 in the base year itself.
        year: the year of ``level``.
        target_year: the year when ``share_left`` is to be reached.
        share_left: as in :func:`corridor`.

    Returns:
        In the form of ``level``; missing where the level is missing or not above zero.

    Raises:
        InvalidValuesError: as in :func:`corridor`.
    """
    _check_share(share_left)
    years = interval_years(year, target_year, "Målbana")
    now = floats(level, "Målbana")
    cut = 100 * (1 - (100 * share_left / np.where(now > 0, now, np.nan)) ** (1 / years))
    return like(np.maximum(cut, 0), level)


def _check_share(share_left: float) -> None:
    if not 0 < share_left < 1:
        raise InvalidValuesError(
            f"Målbana: andelen som ska vara kvar anges mellan 0 och 1, inte {share_left}."
        )

"""Levels in a reference year's prices, chained from published changes of volume."""

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import floats, labels, same_index, year_numbers
from affarsplan_data.statistics.errors import MissingBaseError


def chained(
    levels: pd.Series,
    changes: pd.Series,
    reference: str,
    segments: pd.Series | None = None,
) -> pd.Series:
    """Return the volume of every year in the reference year's prices, on the index of ``levels``.

    SCB's rule for chained regional accounts: the reference year's level in current prices, multiplied
    by (1 + change / 100) for every year after it and divided by it for every year before.

    Args:
        levels: yearly values in current prices, indexed by year as text; only that of the reference
            year is used.
        changes: change in volume from the year before, in percent, on the same index.
        reference: the year whose prices are used.
        segments: a mark for each year that changes at a break or between two publications.

    Returns:
        Values in the unit of ``levels``. A year that no unbroken chain joins to the reference year is
        missing: a change lacks between them, or a year does, or a mark changes.

    Raises:
        MissingBaseError: the reference year has no level above zero.
        InvalidValuesError: the series have different index, or it is not yearly.
    """
    same_index(levels, changes)
    years = year_numbers(levels.index)
    by_year = dict(zip(years.tolist(), floats(levels, "Nivå"), strict=True))
    base = int(reference)
    if not by_year.get(base, np.nan) > 0:
        raise MissingBaseError(f"Referensåret {reference} saknar ett värde över noll.")
    factors = _factors(years, floats(changes, "Volymförändring"), labels(segments, levels, "Delar"))
    volume = {base: by_year[base]}
    for year in range(base + 1, int(years.max()) + 1):
        volume[year] = volume[year - 1] * factors.get(year, np.nan)
    for year in range(base, int(years.min()), -1):
        volume[year - 1] = volume[year] / factors.get(year, np.nan)
    return pd.Series([volume[year] for year in years.tolist()], index=levels.index)


def _factors(years: np.ndarray, changes: np.ndarray, marks: pd.Series) -> dict[int, float]:
    """Return what each year's volume is of the year before; only where the two can be joined."""
    mark = dict(zip(years.tolist(), marks, strict=True))
    return {
        year: 1 + change / 100
        for year, change in zip(years.tolist(), changes, strict=True)
        # A fall of all there was leaves nothing to chain from.
        if change > -100 and year - 1 in mark and mark[year - 1] == mark[year]
    }

"""Years pooled for many series at once: what :mod:`~affarsplan_data.statistics.pooling` gives, by row."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from affarsplan_data.statistics._values import Array, floats, not_negative
from affarsplan_data.statistics.errors import InvalidValuesError
from affarsplan_data.statistics.intervals import poisson_interval, wilson_interval


def pooled_rates(
    counts: pd.Series,
    base: pd.Series,
    units: pd.Series,
    periods: pd.Series,
    segments: pd.Series,
    years: int = 3,
    per: float = 1000,
) -> pd.DataFrame:
    """Return per · Σ counts / Σ base of the ``years`` that end in each row's period, Poisson interval.

    Args:
        counts: number of events.
        base: persons at risk.
        units: which series each row belongs to.
        periods: the row's year, at most once per series.
        segments: a mark that changes at a series break.
        years: length of the window.
        per: the rate's unit.

    Returns:
        ``count``, ``base``, ``value``, ``low`` and ``high`` on the rows' index; missing where a year of
        the window lacks, or the series breaks inside it.

    Raises:
        InvalidValuesError: a negative number, a year twice in a series, or a window below two.
    """
    sums = _sums(counts, base, units, periods, segments, years)
    low, high = poisson_interval(sums["count"])
    return _told(sums, per, low / sums["base"], high / sums["base"])


def pooled_shares(
    counts: pd.Series,
    base: pd.Series,
    units: pd.Series,
    periods: pd.Series,
    segments: pd.Series,
    years: int = 3,
) -> pd.DataFrame:
    """Return 100 · Σ counts / Σ base as :func:`pooled_rates` does, with a Wilson interval.

    Raises:
        InvalidValuesError: also a part above its whole.
    """
    sums = _sums(counts, base, units, periods, segments, years)
    low, high = wilson_interval(sums["count"], sums["base"])
    return _told(sums, 100, low, high)


def any_pooled(said: pd.Series, units: pd.Series, periods: pd.Series, years: int) -> pd.Series:
    """Return for each row whether ``said`` holds in any of the years pooled with it."""
    at, shape = _places(units, periods, years)
    grid = np.zeros(shape, dtype=bool)
    grid[at] = said.astype(bool).to_numpy()
    ever = np.asarray(_windows(grid, years).any(axis=-1))
    return pd.Series(ever[_ends(at, years)], index=said.index)


def _told(sums: pd.DataFrame, per: float, low: Any, high: Any) -> pd.DataFrame:
    return sums.assign(value=per * sums["count"] / sums["base"], low=per * low, high=per * high)


def _sums(
    counts: pd.Series,
    base: pd.Series,
    units: pd.Series,
    periods: pd.Series,
    segments: pd.Series,
    years: int,
) -> pd.DataFrame:
    """Return the sums of ``counts`` and of ``base`` over the window that ends in each row's period."""
    if years < 2:
        raise InvalidValuesError(f"Sammanslagna år: minst två år behövs, inte {years}.")
    at, shape = _places(units, periods, years)
    numbers = {"count": floats(counts, "Antal"), "base": floats(base, "Nämnare")}
    marks = np.full(shape, np.nan)
    marks[at] = pd.factorize(segments)[0]
    seen = _windows(marks, years)
    # A window that lacks a year is missing anyway; in one with all of them two marks are a break.
    broken = np.asarray(seen.min(axis=-1) != seen.max(axis=-1))
    ends = _ends(at, years)
    found = {}
    for name, values in numbers.items():
        not_negative(values, "Sammanslagna år")
        grid = np.full(shape, np.nan)
        grid[at] = values
        total = _windows(grid, years).sum(axis=-1)
        found[name] = np.where(broken, np.nan, total)[ends]
    either = np.isnan(found["count"]) | np.isnan(found["base"])
    whole = np.where(either | (found["base"] <= 0), np.nan, found["base"])
    return pd.DataFrame(
        {"count": np.where(either, np.nan, found["count"]), "base": whole}, index=counts.index
    )


_At = tuple[np.ndarray, np.ndarray]


def _places(units: pd.Series, periods: pd.Series, years: int) -> tuple[_At, tuple[int, int]]:
    """Return each row's place in a grid of series by year, with room for a window before the first."""
    series = pd.factorize(units)[0]
    year = periods.astype(int).to_numpy()
    first = int(year.min()) if len(year) else 0
    column = year - first + years - 1
    if pd.MultiIndex.from_arrays([series, column]).has_duplicates:
        raise InvalidValuesError("Ett år förekommer två gånger i serien.")
    last = int(column.max()) + 1 if len(column) else years
    return (series, column), (int(series.max(initial=-1)) + 1, last)


def _windows(grid: Array, years: int) -> np.ndarray:
    return sliding_window_view(grid, years, axis=1)


def _ends(at: _At, years: int) -> _At:
    """Return where in the windows the one stands that ends in each row's period."""
    return at[0], at[1] - (years - 1)

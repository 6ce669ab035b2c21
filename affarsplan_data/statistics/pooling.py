"""Several years taken together, so that small numbers say more: sums over sums, no mean of ratios.

Rolling windows share years, so their values repeat each other and must not be tested for a trend.
The result is indexed by windows ("2021–2023"), which every function for yearly series refuses.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import Array, floats, labels, same_index, year_numbers
from affarsplan_data.statistics.errors import InvalidValuesError
from affarsplan_data.statistics.growth import BREAK_INSIDE
from affarsplan_data.statistics.intervals import poisson_interval, wilson_interval

VALUE_MISSING = "ett år saknas"
_Interval = Callable[[Array, Array], tuple[Any, Any]]


def pooled_rate(
    counts: pd.Series,
    base: pd.Series,
    years: int = 3,
    per: float = 1000,
    segments: pd.Series | None = None,
) -> pd.DataFrame:
    """Return per · Σ counts / Σ base over windows of consecutive years, exact Poisson 95 % interval.

    Args:
        counts: number of events by year (new firms).
        base: persons at risk by year, on the same index.
        years: length of the window.
        per: the rate's unit, 1 000 inhabitants unless told.
        segments: a mark for each year that changes at a series break.

    Returns:
        One row per window, indexed ``"2021–2023"``, in time order: ``first``, ``last``, ``count``,
        ``base``, ``value``, ``low``, ``high`` and ``reason``: why the value is missing (Swedish:
        a year lacks, or the series breaks inside the window), else empty.

    Raises:
        InvalidValuesError: different index, not yearly, a negative number, or a window below two.
    """

    def interval(count: Array, base: Array) -> tuple[Any, Any]:
        low, high = poisson_interval(count)
        return low / base, high / base

    return _pooled(counts, base, years, per, segments, interval)


def pooled_share(
    counts: pd.Series, base: pd.Series, years: int = 3, segments: pd.Series | None = None
) -> pd.DataFrame:
    """Return 100 · Σ counts / Σ base over windows of consecutive years, Wilson 95 % interval.

    Arguments, result and errors as in :func:`pooled_rate`, in percent. The same persons may stand in
    several years; the interval is then narrower than it should be.

    Raises:
        InvalidValuesError: also a part above its whole.
    """
    return _pooled(counts, base, years, 100, segments, wilson_interval)


def _pooled(
    counts: pd.Series,
    base: pd.Series,
    length: int,
    per: float,
    segments: pd.Series | None,
    interval: _Interval,
) -> pd.DataFrame:
    if length < 2:
        raise InvalidValuesError(f"Sammanslagna år: minst två år behövs, inte {length}.")
    same_index(counts, base)
    series = pd.DataFrame(
        {
            "count": floats(counts, "Antal"),
            "base": floats(base, "Nämnare"),
            "segment": labels(segments, counts, "Seriens delar").to_numpy(),
        },
        index=year_numbers(counts.index),
    ).sort_index()
    rows = [
        _window(series, last - length + 1, last)
        for last in range(*_last_years(series.index, length))
    ]
    columns = ["first", "last", "count", "base", "reason"]
    table = pd.DataFrame(rows, columns=columns, index=[f"{row[0]}–{row[1]}" for row in rows])
    whole = table["base"].astype(float).to_numpy()
    whole = np.where(whole > 0, whole, np.nan)
    count = table["count"].astype(float).to_numpy()
    low, high = interval(count, whole)
    result = table.assign(value=per * count / whole, low=per * low, high=per * high)
    return result[["first", "last", "count", "base", "value", "low", "high", "reason"]]


def _last_years(years: pd.Index, length: int) -> tuple[int, int]:
    return (int(years[0]) + length - 1, int(years[-1]) + 1) if len(years) else (0, 0)


def _window(series: pd.DataFrame, first: int, last: int) -> tuple[str, str, float, float, str]:
    """Return the sums of a window, or missing and the reason."""
    window = series.reindex(range(first, last + 1))
    numbers = window[["count", "base"]]
    reason = ""
    if window["segment"].dropna().nunique() > 1:
        reason = BREAK_INSIDE
    elif numbers.isna().any(axis=None):
        reason = VALUE_MISSING
    count, base = (float("nan"),) * 2 if reason else (float(v) for v in numbers.sum())
    return str(first), str(last), count, base, reason

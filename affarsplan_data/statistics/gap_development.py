"""Has a gap between two groups closed, and did it close upwards or downwards?

Equality at a lower level is not the same as equality at a higher one, so the change of the gap's
size is told together with what each group contributed.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import (
    floats,
    interval_years,
    labels,
    part_and_whole,
    same_index,
    year_numbers,
)
from affarsplan_data.statistics.errors import AcrossBreakError, InvalidValuesError
from affarsplan_data.statistics.intervals import difference_of_shares_interval, excludes_zero

# Published shares have one decimal, so they may lie this far from the counts they rest on.
ROUNDING_PP = 0.1


class GapVerdict(StrEnum):
    """How the gap's size changed, in the words of the report."""

    CLOSED_UPWARDS = "gapet har minskat uppåt: den lägre gruppen har ökat"
    CLOSED_DOWNWARDS = "gapet har minskat nedåt: den högre gruppen har minskat"
    CLOSED_BOTH_WAYS = "gapet har minskat från båda håll"
    WIDENED = "gapet har ökat"
    UNCHANGED = "gapet är oförändrat"
    UNCERTAIN = "ingen säker förändring av gapet"


@dataclass(frozen=True)
class GapDevelopment:
    """The gap first − second at two years, in the unit of the values (percentage points).

    ``change`` is the change in the gap's absolute size, from ``low`` to ``high`` (None without
    counts). ``from_first`` and ``from_second`` are the groups' parts of it and add up to it.
    ``reversed`` says that the group that was behind is now ahead. ``observed`` is what the values
    show, whether certain or not.
    """

    start: str
    end: str
    start_gap: float
    end_gap: float
    change: float
    from_first: float
    from_second: float
    reversed: bool
    low: float | None
    high: float | None
    observed: GapVerdict

    @property
    def verdict(self) -> GapVerdict:
        """Return what may be said: an interval that holds zero leaves nothing certain."""
        if self.low is None or self.high is None or excludes_zero(self.low, self.high):
            return self.observed
        return GapVerdict.UNCERTAIN


def gap_development(
    first: pd.Series,
    second: pd.Series,
    start: str,
    end: str,
    segments: pd.Series | None = None,
    counts: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> GapDevelopment | None:
    """Return how the gap between two groups developed, or None when one of the four values lacks.

    Each group's part is its own change, signed by whether it made the gap larger or smaller; where
    the gap passes zero, as the mean along a straight line between the two years.

    Args:
        first: the first group (women, foreign-born) by year.
        second: the second group (men, native-born), the same years.
        start: first year.
        end: last year.
        segments: a mark for each year that changes at a series break.
        counts: for values that are shares in percent, one frame per group with ``count`` and
            ``total`` by year. They give a 95 % interval for the change, by Newcombe's method 10 at
            each year combined as Zou and Donner (2008) do. The years are taken as independent,
            which makes the interval wide rather than narrow.

    Raises:
        AcrossBreakError: the segments change between the two years.
        InvalidValuesError: a year is not in the series, the groups have different years, or the
            counts do not give the values.
    """
    same_index(first, second)
    interval_years(start, end, "Gapets utveckling")
    if lacking := [year for year in (start, end) if year not in first.index]:
        raise InvalidValuesError(f"Gapets utveckling: året {lacking[0]} finns inte i serien.")
    _check_segments(labels(segments, first, "Seriens delar"), start, end)
    a0, a1 = (float(v) for v in floats(first.loc[[start, end]], "Första gruppen"))
    b0, b1 = (float(v) for v in floats(second.loc[[start, end]], "Andra gruppen"))
    if np.isnan([a0, a1, b0, b1]).any():
        return None
    before, after = a0 - b0, a1 - b1
    weight = _mean_sign(before, after)
    low, high = (None, None) if counts is None else _interval((first, second), counts, start, end)
    return GapDevelopment(
        start=start,
        end=end,
        start_gap=before,
        end_gap=after,
        change=abs(after) - abs(before),
        from_first=weight * (a1 - a0),
        from_second=-weight * (b1 - b0),
        reversed=before * after < 0,
        low=low,
        high=high,
        observed=_observed((a0, a1), (b0, b1)),
    )


def _check_segments(marks: pd.Series, start: str, end: str) -> None:
    years = year_numbers(marks.index)
    window = marks[(years >= int(start)) & (years <= int(end))]
    if window.nunique() > 1:
        raise AcrossBreakError(
            f"Gapets utveckling {start}–{end} beräknas inte: serien bryts inom perioden. "
            "Välj två år på samma sida om brottet."
        )


def _mean_sign(before: float, after: float) -> float:
    """Return the mean sign of the gap along a straight line: ±1 unless it passes zero."""
    if before * after >= 0:
        return float(np.sign(before + after))
    return (before * abs(before) + after * abs(after)) / (abs(before) + abs(after)) ** 2


def _observed(first: tuple[float, float], second: tuple[float, float]) -> GapVerdict:
    before, after = first[0] - second[0], first[1] - second[1]
    if np.isclose(abs(after), abs(before), rtol=0, atol=1e-9):
        return GapVerdict.UNCHANGED
    if abs(after) > abs(before):
        return GapVerdict.WIDENED
    lower, higher = (first, second) if before < 0 else (second, first)
    if higher[1] >= higher[0]:
        return GapVerdict.CLOSED_UPWARDS
    return GapVerdict.CLOSED_BOTH_WAYS if lower[1] > lower[0] else GapVerdict.CLOSED_DOWNWARDS


def _interval(
    values: tuple[pd.Series, pd.Series],
    counts: tuple[pd.DataFrame, pd.DataFrame],
    start: str,
    end: str,
) -> tuple[float | None, float | None]:
    """Return the interval for the change in the gap's size, percentage points."""
    shares = [_shares(v, c, (start, end)) for v, c in zip(values, counts, strict=True)]
    sizes = [_size_of_gap(*(share.loc[year] for share in shares)) for year in (start, end)]
    (size_0, low_0, high_0), (size_1, low_1, high_1) = sizes
    change = size_1 - size_0
    low = change - np.hypot(size_1 - low_1, high_0 - size_0)
    high = change + np.hypot(high_1 - size_1, size_0 - low_0)
    return (None, None) if np.isnan(low) or np.isnan(high) else (float(low), float(high))


def _shares(values: pd.Series, counts: pd.DataFrame, years: tuple[str, str]) -> pd.DataFrame:
    if not {"count", "total"} <= set(counts) or not set(years) <= set(counts.index):
        raise InvalidValuesError("Gapets utveckling: ange count och total för båda åren.")
    chosen = counts.loc[list(years), ["count", "total"]].astype(float)
    part, whole = part_and_whole(chosen["count"], chosen["total"])
    if (np.abs(100 * part / whole - floats(values.loc[list(years)], "Andel")) > ROUNDING_PP).any():
        raise InvalidValuesError("Gapets utveckling: antalen ger inte de angivna andelarna.")
    return chosen


def _size_of_gap(first: pd.Series, second: pd.Series) -> tuple[float, float, float]:
    """Return the absolute gap in percentage points with its interval."""
    groups = (first["count"], first["total"], second["count"], second["total"])
    low, high = (100 * end for end in difference_of_shares_interval(*groups))
    size = 100 * abs(first["count"] / first["total"] - second["count"] / second["total"])
    ends = sorted((abs(low), abs(high)))
    return size, 0.0 if low < 0 < high else ends[0], ends[1]

"""The pace of the newest years beside that of the years before."""

import numpy as np
import pandas as pd
import pytest

from affarsplan_data.statistics import InvalidValuesError, PaceVerdict, pace


def path(*percents: float, first: int = 2008) -> pd.Series:
    values = 100 * np.cumprod([1, *(1 + percent / 100 for percent in percents)])
    return pd.Series(values, index=[str(first + n) for n in range(len(values))])


@pytest.mark.parametrize(
    ("before", "recent", "verdict"),
    [
        (-4.0, -1.0, PaceVerdict.SLOWED),
        (-1.0, -4.0, PaceVerdict.QUICKENED),
        (-3.0, 2.0, PaceVerdict.REVERSED),
        (-3.0, -3.0, PaceVerdict.UNCHANGED),
        (-3.0, 0.0, PaceVerdict.SLOWED),
        (3.0, 1.0, PaceVerdict.SLOWED),
    ],
)
def test_slopes_are_percent_per_year(before: float, recent: float, verdict: PaceVerdict) -> None:
    result = pace(path(*[before] * 9, *[recent] * 5))
    assert result is not None
    assert result.before.percent == pytest.approx(before)
    assert result.recent.percent == pytest.approx(recent)
    assert (result.before.first, result.before.last, result.before.points) == ("2008", "2017", 10)
    assert (result.recent.first, result.recent.last, result.recent.points) == ("2018", "2022", 5)
    assert result.verdict is verdict
    assert result.certain == (before != recent)


def test_change_is_over_both_periods() -> None:
    values = path(*[-4.0] * 9, *[-1.0] * 5)
    result = pace(values)
    assert result is not None
    assert result.change == pytest.approx(100 * (values.iloc[-1] / values.iloc[0] - 1))
    assert result.change < 0


def test_noise_leaves_the_difference_uncertain() -> None:
    noise = np.exp(np.random.default_rng(4).normal(0, 0.05, 15))
    result = pace(path(*[-3.0] * 9, *[-2.0] * 5) * noise)
    assert result is not None
    assert not result.certain


def test_unit_and_order_do_not_matter() -> None:
    values = path(*[-4.0] * 9, *[-1.0] * 5)
    assert pace(values[::-1]) == pace(values)
    scaled = pace(values * 1000)
    assert scaled is not None
    assert scaled.recent.percent == pytest.approx(-1)


def test_missing_years_are_longer_steps() -> None:
    values = path(*[-4.0] * 13, *[-1.0] * 5, first=2004)
    values[["2011", "2012", "2013", "2014"]] = np.nan
    result = pace(values)
    assert result is not None
    assert (result.before.first, result.before.points) == ("2004", 10)
    assert result.before.percent == pytest.approx(-4)


def test_only_the_newest_side_of_a_break_is_enough_or_nothing() -> None:
    values = path(*[-4.0] * 20)
    marks = pd.Series([1] * 7 + [2] * 14, index=values.index)
    assert pace(values) is not None
    assert pace(values, marks) is None
    assert pace(values, marks, recent=4, before=10) is not None
    assert pace(values * np.nan) is None
    assert pace(values[:0]) is None


def test_zero_and_short_periods_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="logaritm"):
        pace(path(*[-4.0] * 14) * 0)
    with pytest.raises(InvalidValuesError, match="minst tre"):
        pace(path(*[-4.0] * 14), recent=2)

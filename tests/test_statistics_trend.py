"""Trends: the eight-point rule, exact tests and robust slopes."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

from affarsplan_data.statistics import InvalidValuesError, Trend, TrendVerdict, adjusted, trend


def series(values: list[float | None], first: int = 2010) -> pd.Series:
    years = [str(first + n) for n in range(len(values))]
    return pd.Series(values, index=years, dtype=float)


NOISY = series([10, 12, 11, 13, 15, 14, 16, 18])


def test_slope_is_the_median_of_all_pairs_and_tau_counts_them() -> None:
    result = trend(NOISY)
    pairs = list(combinations(range(8), 2))
    values = NOISY.tolist()
    slopes = [(values[j] - values[i]) / (j - i) for i, j in pairs]
    assert result.slope == pytest.approx(np.median(slopes))
    assert result.tau == pytest.approx(sum(np.sign(slopes)) / len(pairs))
    assert result.low is not None
    assert result.high is not None
    assert result.low <= np.median(slopes) <= result.high


def test_verdict_says_the_direction() -> None:
    assert trend(NOISY).verdict is TrendVerdict.RISING
    assert trend(-NOISY).verdict is TrendVerdict.FALLING
    assert trend(series([3, 1, 4, 1, 5, 9, 2, 6])).verdict is TrendVerdict.UNCERTAIN
    assert str(TrendVerdict.UNCERTAIN) == "ingen säker trend"


def test_p_value_is_exact_without_ties() -> None:
    # One of 8! orders is strictly rising, and one strictly falling.
    assert trend(series([1, 2, 3, 4, 5, 6, 7, 8])).p_value == pytest.approx(2 / 40_320)


@pytest.mark.parametrize("points", [0, 1, 4, 7])
def test_fewer_than_eight_points_claim_nothing(points: int) -> None:
    result = trend(series([float(n) for n in range(points)]))
    assert result.points == points
    assert result.verdict is TrendVerdict.UNCERTAIN
    assert result.slope is result.low is result.high is result.tau is result.p_value is None


def test_missing_values_are_not_points() -> None:
    assert trend(series([1, 2, 3, None, 5, 6, 7, 8])).points == 7
    assert trend(series([None, None])).points == 0


def test_missing_year_is_a_longer_step() -> None:
    assert trend(series([1, 2, 3, None, 5, 6, 7, 8, 9])).slope == pytest.approx(1)


def test_only_the_newest_side_of_a_break_counts() -> None:
    falls_then_rises = series([*range(30, 20, -1), *range(100, 110)])
    marks = pd.Series([0] * 10 + [1] * 10, index=falls_then_rises.index)
    result = trend(falls_then_rises, marks)
    assert (result.first, result.last, result.points) == ("2020", "2029", 10)
    assert result.slope == pytest.approx(1)


def test_long_series_with_a_late_break_claims_nothing() -> None:
    values = series([float(n) for n in range(20)])
    marks = pd.Series([0] * 13 + [1] * 7, index=values.index)
    assert trend(values).verdict is TrendVerdict.RISING
    assert trend(values, marks).verdict is TrendVerdict.UNCERTAIN


def test_order_of_the_rows_does_not_matter() -> None:
    assert trend(NOISY.iloc[::-1]) == trend(NOISY)


def test_constant_series_has_no_trend() -> None:
    result = trend(series([5.0] * 10))
    assert (result.slope, result.p_value) == (0, None)
    assert result.verdict is TrendVerdict.UNCERTAIN


def test_adjusting_for_many_tests_raises_p_values() -> None:
    rng = np.random.default_rng(5)
    trends: list[Trend] = [trend(series(list(rng.normal(size=12)))) for _ in range(6)]
    trends.insert(2, trend(series([1.0, 2.0])))
    result = adjusted(trends)
    before = [t.p_value for t in trends if t.p_value is not None]
    after = [t.p_value for t in result if t.p_value is not None]
    np.testing.assert_allclose(after, false_discovery_control(before))
    assert result[2] == trends[2]
    assert [t.slope for t in result] == [t.slope for t in trends]


def test_adjustment_can_take_back_a_verdict() -> None:
    weak = trend(series([10, 11, 9, 12, 13, 10.5, 14, 15]))
    unclear = [trend(series([3, 1, 4, 1.5, 5, 0, 2, 2.5])) for _ in range(20)]
    assert weak.verdict is TrendVerdict.RISING
    assert adjusted([weak, *unclear])[0].verdict is TrendVerdict.UNCERTAIN
    assert adjusted([weak]) == (weak,)
    assert adjusted([]) == ()


def test_only_single_years_and_sane_limits_are_accepted() -> None:
    with pytest.raises(InvalidValuesError, match="2024K1"):
        trend(pd.Series([1.0], index=["2024K1"]))
    with pytest.raises(InvalidValuesError, match="två gånger"):
        trend(pd.Series([1.0, 2.0], index=["2024", "2024"]))
    with pytest.raises(InvalidValuesError, match="mellan 0 och 1"):
        trend(NOISY, alpha=5)

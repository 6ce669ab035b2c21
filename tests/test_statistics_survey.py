"""Survey margins and differences."""

import numpy as np
import pandas as pd
import pytest

from affarsplan_data.statistics import (
    InvalidValuesError,
    excludes_zero,
    survey_difference_interval,
    survey_margin,
)


def test_margin_by_hand() -> None:
    # 1.96 · √(0.4 · 0.6 / 400) = 4.8 percentage points.
    assert survey_margin(40, 400) == pytest.approx(4.801, abs=1e-3)
    assert survey_margin(60, 400) == pytest.approx(survey_margin(40, 400))
    assert survey_margin(40, 1600) == pytest.approx(survey_margin(40, 400) / 2)


def test_difference_adds_the_squares_of_the_margins() -> None:
    low, high = survey_difference_interval(40, 3, 33, 4)
    assert (low, high) == pytest.approx((2, 12))
    assert excludes_zero(low, high)
    assert not excludes_zero(*survey_difference_interval(40, 3, 36, 4))
    assert excludes_zero(-high, -low)
    # A register figure has no margin.
    assert survey_difference_interval(40, 3, 33, 0) == pytest.approx((4, 10))


def test_interval_covers_the_true_difference() -> None:
    rng = np.random.default_rng(9)
    ours, theirs = rng.binomial(400, 0.42, 4000) / 4, rng.binomial(2000, 0.38, 4000) / 20
    low, high = survey_difference_interval(
        ours, survey_margin(ours, 400), theirs, survey_margin(theirs, 2000)
    )
    assert 0.94 <= np.mean((low <= 4) & (high >= 4)) <= 0.96


@pytest.mark.parametrize(
    ("percent", "answers"), [(np.nan, 400), (40, np.nan), (40, 0), (0, 9), (100, 9)]
)
def test_margin_that_is_not_known_is_missing(percent: float, answers: float) -> None:
    margin = survey_margin(percent, answers)
    assert np.isnan(margin)
    low, high = survey_difference_interval(40, margin, 33, 4)
    assert np.isnan(low)
    assert excludes_zero(low, high) is False


def test_series_keep_their_index() -> None:
    percent = pd.Series([40, None], index=["a", "b"])
    low, high = survey_difference_interval(percent, survey_margin(percent, 400), 30, 2)
    assert low.isna().tolist() == [False, True]
    assert excludes_zero(low, high).to_dict() == {"a": True, "b": False}


def test_impossible_shares_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="0–100"):
        survey_margin(101, 400)
    with pytest.raises(InvalidValuesError, match="negativt"):
        survey_difference_interval(40, -3, 33, 4)

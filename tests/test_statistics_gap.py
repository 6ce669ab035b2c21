"""Gaps and ratios between groups."""

import math

import numpy as np
import pandas as pd
import pytest

from affarsplan_data.statistics import (
    InvalidValuesError,
    difference_of_shares_interval,
    gap_interval_pp,
    gap_pp,
    ratio_percent,
)


def test_gap_is_women_minus_men() -> None:
    assert gap_pp(75.0, 80.0) == -5.0
    assert gap_pp(80.0, 75.0) == -gap_pp(75.0, 80.0)


def test_series_keeps_its_index_and_missing_stays_missing() -> None:
    women = pd.Series([75.0, None, 0.0], index=["03", "04", "19"])
    men = pd.Series([80.0, 81.0, None], index=["03", "04", "19"])
    pd.testing.assert_series_equal(
        gap_pp(women, men), pd.Series([-5.0, np.nan, np.nan], index=["03", "04", "19"])
    )


def test_nullable_integers_are_read_with_their_gaps() -> None:
    women = pd.Series([10, None], dtype="Int64")
    assert gap_pp(women, 4).tolist()[0] == 6
    assert math.isnan(gap_pp(women, 4)[1])


def test_ratio_is_women_in_percent_of_men() -> None:
    assert ratio_percent(240.0, 300.0) == pytest.approx(80)
    np.testing.assert_allclose(ratio_percent([1.0, 3.0], [2.0, 2.0]), [50, 150])


@pytest.mark.parametrize("men", [0.0, -5.0, math.nan])
def test_ratio_to_nothing_is_missing(men: float) -> None:
    assert math.isnan(ratio_percent(10.0, men))


def test_ratio_of_zero_women_is_a_true_zero() -> None:
    assert ratio_percent(0.0, 10.0) == 0.0


def test_series_of_different_regions_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="olika index"):
        gap_pp(pd.Series([1.0], index=["03"]), pd.Series([1.0], index=["04"]))


def test_text_and_infinity_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="inte tal"):
        gap_pp(pd.Series(["75,0"]), 80.0)
    with pytest.raises(InvalidValuesError, match="oändligt"):
        ratio_percent(math.inf, 80.0)


def test_gap_interval_is_the_interval_of_shares_in_points() -> None:
    low, high = gap_interval_pp(56, 70, 48, 80)
    fractions = difference_of_shares_interval(56, 70, 48, 80)
    assert (low, high) == pytest.approx((100 * fractions[0], 100 * fractions[1]))
    assert low < gap_pp(100 * 56 / 70, 100 * 48 / 80) < high

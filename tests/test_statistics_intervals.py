"""Intervals against their formulas, written out, and against published examples."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, poisson, skellam

from affarsplan_data.statistics import (
    InvalidValuesError,
    difference_of_shares_interval,
    net_interval,
    poisson_interval,
    wilson_interval,
)


def wilson_by_hand(count: float, total: float, level: float = 0.95) -> tuple[float, float]:
    z = norm.ppf(1 - (1 - level) / 2)
    p = count / total
    middle = p + z**2 / (2 * total)
    half = z * math.sqrt(p * (1 - p) / total + z**2 / (4 * total**2))
    return (middle - half) / (1 + z**2 / total), (middle + half) / (1 + z**2 / total)


@pytest.mark.parametrize(("count", "total"), [(1, 10), (56, 70), (120, 250), (999, 1000)])
def test_wilson_follows_its_formula(count: int, total: int) -> None:
    assert wilson_interval(count, total) == pytest.approx(wilson_by_hand(count, total))


def test_wilson_at_the_ends_stays_inside_zero_and_one() -> None:
    low, high = wilson_interval(np.array([0.0, 10.0]), np.array([10.0, 10.0]))
    np.testing.assert_allclose(low, [0, 0.72246], atol=1e-5)
    np.testing.assert_allclose(high, [0.27754, 1], atol=1e-5)


def test_wilson_is_symmetric_in_part_and_rest() -> None:
    low, high = wilson_interval(30, 100)
    assert wilson_interval(70, 100) == pytest.approx((1 - high, 1 - low))


def test_missing_or_empty_whole_has_no_interval() -> None:
    part = pd.Series([5.0, None, 0.0, 3.0], index=list("abcd"))
    whole = pd.Series([10.0, 10.0, 0.0, None], index=list("abcd"))
    low, high = wilson_interval(part, whole)
    assert low.isna().tolist() == high.isna().tolist() == [False, True, True, True]
    assert list(low.index) == list("abcd")


def test_poisson_of_24_is_15_to_36() -> None:
    low, high = poisson_interval(24)
    assert (round(low), round(high)) == (15, 36)


@pytest.mark.parametrize("count", [1, 4, 24, 300])
def test_poisson_is_exact_each_tail_holds_a_fortieth(count: int) -> None:
    low, high = poisson_interval(count)
    assert poisson.sf(count - 1, low) == pytest.approx(0.025)
    assert poisson.cdf(count, high) == pytest.approx(0.025)


def test_poisson_of_zero_starts_at_zero_and_missing_is_missing() -> None:
    low, high = poisson_interval(pd.Series([0.0, None], index=["03", "19"]))
    assert low["03"] == 0
    assert high["03"] == pytest.approx(-math.log(0.025))
    assert math.isnan(low["19"])
    assert math.isnan(high["19"])


def test_newcombe_reproduces_his_published_example() -> None:
    # Newcombe (1998), table II: 56/70 − 48/80, method 10.
    low, high = difference_of_shares_interval(56, 70, 48, 80)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_newcombe_is_built_from_two_wilson_intervals() -> None:
    (low_1, high_1), (low_2, high_2) = wilson_by_hand(9, 40), wilson_by_hand(25, 60)
    p_1, p_2 = 9 / 40, 25 / 60
    expected = (
        p_1 - p_2 - math.hypot(p_1 - low_1, high_2 - p_2),
        p_1 - p_2 + math.hypot(high_1 - p_1, p_2 - low_2),
    )
    assert difference_of_shares_interval(9, 40, 25, 60) == pytest.approx(expected)


def test_newcombe_changes_sign_with_the_order_and_takes_series() -> None:
    count = pd.Series([9.0, None], index=["women", "men"])
    low, high = difference_of_shares_interval(count, 40, 25, 60)
    other_low, other_high = difference_of_shares_interval(25, 60, 9, 40)
    assert (low["women"], high["women"]) == pytest.approx((-other_high, -other_low))
    assert math.isnan(low["men"])


def test_higher_level_gives_a_wider_interval() -> None:
    narrow, wide = poisson_interval(24, level=0.9), poisson_interval(24, level=0.99)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda: wilson_interval(11, 10), "större än helheten"),
        (lambda: wilson_interval(-1, 10), "negativt"),
        (lambda: poisson_interval([3, -1]), "negativt"),
        (lambda: poisson_interval(3, level=95), "mellan 0 och 1"),
        (lambda: difference_of_shares_interval(1, 2, 3, 2), "större än helheten"),
    ],
)
def test_impossible_counts_are_refused(call, problem: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidValuesError, match=problem):
        call()


def test_a_net_of_two_counts_follows_its_formula_and_its_distribution() -> None:
    low, high = net_interval(400, 350)
    assert (low, high) == pytest.approx((50 - 1.959964 * math.sqrt(750), 50 + 1.959964 * 750**0.5))
    # Skellam's distribution is that of a difference between two Poisson counts.
    assert skellam.cdf(high, 400, 350) - skellam.cdf(low, 400, 350) == pytest.approx(0.95, abs=0.01)


def test_a_net_of_nothing_is_not_certain() -> None:
    low, high = net_interval(pd.Series([0.0, 3.0]), pd.Series([0.0, np.nan]))
    assert low.isna().all()
    assert high.isna().all()
    with pytest.raises(InvalidValuesError):
        net_interval(-1, 3)

"""The small-number rule at its limits."""

import math

import pandas as pd
import pytest

from affarsplan_data.statistics import Disclosure, InvalidValuesError, disclosure


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, Disclosure.HIDDEN),
        (4, Disclosure.HIDDEN),
        (5, Disclosure.FEW),
        (29, Disclosure.FEW),
        (30, Disclosure.SHOWN),
        (math.nan, Disclosure.UNKNOWN),
    ],
)
def test_limits_for_the_number_of_cases(count: float, expected: Disclosure) -> None:
    assert disclosure(count) is expected


@pytest.mark.parametrize(
    ("count", "denominator", "expected"),
    [
        (50, 99, Disclosure.HIDDEN),
        (50, 100, Disclosure.SHOWN),
        (10, 100, Disclosure.FEW),
        (4, 5000, Disclosure.HIDDEN),
        (50, math.nan, Disclosure.SHOWN),
        (math.nan, 99, Disclosure.HIDDEN),
        (math.nan, 5000, Disclosure.UNKNOWN),
    ],
)
def test_limits_for_rates(count: float, denominator: float, expected: Disclosure) -> None:
    assert disclosure(count, denominator) is expected


def test_series_keeps_its_index_and_compares_with_the_statuses() -> None:
    count = pd.Series([3, 10, 100, None], index=["1904", "1907", "1960", "1961"])
    rule = disclosure(count, pd.Series(1000.0, index=count.index))
    assert rule.to_dict() == {
        "1904": Disclosure.HIDDEN,
        "1907": Disclosure.FEW,
        "1960": Disclosure.SHOWN,
        "1961": Disclosure.UNKNOWN,
    }
    assert (rule == Disclosure.HIDDEN).to_numpy().tolist() == [True, False, False, False]


def test_one_denominator_serves_many_counts() -> None:
    assert disclosure([3, 40], 50).tolist() == [Disclosure.HIDDEN] * 2


def test_more_cases_never_show_less() -> None:
    order = [Disclosure.HIDDEN, Disclosure.FEW, Disclosure.SHOWN]
    steps = [order.index(status) for status in disclosure(list(range(60)))]
    assert steps == sorted(steps)


def test_negative_counts_and_unmatched_series_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="negativt"):
        disclosure([-1])
    with pytest.raises(InvalidValuesError, match="olika index"):
        disclosure(pd.Series([1], index=["03"]), pd.Series([1], index=["04"]))

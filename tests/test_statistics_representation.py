"""Representation: a group's share of a part over its share of the whole, with an interval."""

import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from affarsplan_data.statistics import (
    InvalidValuesError,
    representation_interval,
    representation_ratio,
)


def test_worked_example() -> None:
    # 28 of 100 leaders but 50 of 100 in the population: just over half of what parity would be.
    assert representation_ratio(28, 100, 500, 1000) == pytest.approx(0.56)
    assert representation_ratio(500, 1000, 500, 1000) == 1
    assert representation_ratio(0, 100, 500, 1000) == 0


def test_interval_is_that_of_a_risk_ratio() -> None:
    for counts in [(28, 100, 500, 1000), (7, 40, 1200, 9000), (90, 100, 40, 100)]:
        expected = confint_proportions_2indep(*counts, compare="ratio", method="log")
        assert representation_interval(*counts) == pytest.approx(expected)
        low, high = representation_interval(*counts)
        assert low < representation_ratio(*counts) < high


def test_interval_covers_the_truth_when_the_part_lies_in_the_whole() -> None:
    # 20 000 persons, 30 % in the group; 2 % of the group and 4 % of the others become leaders.
    rng = np.random.default_rng(11)
    group, others = rng.binomial(6_000, 0.02, 4_000), rng.binomial(14_000, 0.04, 4_000)
    truth = (0.02 * 6_000 / (0.02 * 6_000 + 0.04 * 14_000)) / 0.3
    low, high = representation_interval(group, group + others, 6_000, 20_000)
    covered = np.mean((low <= truth) & (truth <= high))
    assert 0.945 <= covered <= 0.99


def test_the_groups_weighted_ratios_mean_one() -> None:
    part, whole = np.array([56, 22, 15, 7]), np.array([400, 390, 100, 110])
    ratios = representation_ratio(part, part.sum(), whole, whole.sum())
    assert (ratios * whole / whole.sum()).sum() == pytest.approx(1)


def test_missing_stays_missing_and_nobody_has_no_interval() -> None:
    women = pd.Series([28, None, 0], index=["a", "b", "c"])
    ratio = representation_ratio(women, 100, 500, 1000)
    assert ratio.isna().tolist() == [False, True, False]
    low, high = representation_interval(women, 100, 500, 1000)
    assert low.isna().tolist() == high.isna().tolist() == [False, True, True]
    assert math.isnan(representation_ratio(3, 0 + 3, 0, 1000))
    assert math.isnan(representation_ratio(0, 0, 5, 1000))


def test_scaling_all_counts_keeps_the_ratio_and_narrows_the_interval() -> None:
    small, large = (28, 100, 500, 1000), (2800, 10_000, 50_000, 100_000)
    assert representation_ratio(*small) == pytest.approx(representation_ratio(*large))
    assert np.ptp(representation_interval(*large)) < np.ptp(representation_interval(*small)) / 5


def test_group_above_its_whole_is_refused() -> None:
    with pytest.raises(InvalidValuesError, match="större än helheten"):
        representation_ratio(101, 100, 500, 1000)
    with pytest.raises(InvalidValuesError, match="mellan 0 och 1"):
        representation_interval(1, 2, 3, 4, level=95)

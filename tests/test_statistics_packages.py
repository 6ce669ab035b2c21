"""Own trend test against an independent package, pymannkendall, on series made up by chance.

The package approximates the p-value by the normal distribution; ours is exact, and compared with all
orders elsewhere.
"""

import numpy as np
import pandas as pd
import pymannkendall
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affarsplan_data.statistics import trend
from affarsplan_data.statistics.mann_kendall import mann_kendall

SERIES = st.lists(st.integers(-50, 50), min_size=8, max_size=25).filter(lambda x: len(set(x)) > 1)


def yearly(values: list[int]) -> pd.Series:
    return pd.Series([float(v) for v in values], index=[str(2000 + n) for n in range(len(values))])


@settings(max_examples=100, deadline=None)
@given(SERIES)
def test_the_slope_and_the_score_are_the_packages(values):
    theirs = pymannkendall.original_test(values)
    assert trend(yearly(values)).slope == pytest.approx(theirs.slope, abs=1e-12)
    tau, p_value = mann_kendall(values)
    # The package's tau has no correction for ties: S over all pairs.
    ties = np.unique(values, return_counts=True)[1]
    pairs = len(values) * (len(values) - 1) / 2
    untied = pairs - (ties * (ties - 1) / 2).sum()
    assert tau * np.sqrt(pairs * untied) == pytest.approx(theirs.s, abs=1e-6)
    # Ours counts the orderings; the package's normal curve is near it when most values differ.
    if untied >= pairs / 2:
        assert p_value == pytest.approx(theirs.p, abs=0.06)


def test_with_nearly_all_values_tied_the_p_value_counts_the_orderings():
    # The one value that differs can stand in eight places; in six of them the score is as far from 0.
    assert mann_kendall([0, 0, 1, 0, 0, 0, 0, 0])[1] == pytest.approx(6 / 8)


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(20)))
def test_the_p_value_is_near_the_packages_without_ties(values):
    assert mann_kendall(values)[1] == pytest.approx(pymannkendall.original_test(values).p, abs=0.01)

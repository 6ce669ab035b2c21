"""Spread between units over time."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import variation

from affarsplan_data.statistics import (
    InvalidValuesError,
    coefficient_of_variation,
    sigma_convergence,
)


def test_agrees_with_scipy() -> None:
    values = np.random.default_rng(4).uniform(50, 150, 21)
    assert coefficient_of_variation(values) == pytest.approx(100 * variation(values))


def test_weights_count_as_repeated_units() -> None:
    expected = 100 * variation([80, 80, 80, 120])
    assert coefficient_of_variation([80, 120], [3, 1]) == pytest.approx(expected)
    assert coefficient_of_variation([80, 120], [5, 5]) == coefficient_of_variation([80, 120])


def test_scale_does_not_matter_but_level_does() -> None:
    values = np.array([80.0, 100.0, 120.0])
    assert coefficient_of_variation(values * 7) == pytest.approx(coefficient_of_variation(values))
    assert coefficient_of_variation(values + 100) < coefficient_of_variation(values)


def test_equal_units_have_no_spread() -> None:
    assert coefficient_of_variation([5, 5, 5]) == 0


@pytest.mark.parametrize(
    ("values", "weights"),
    [
        ([5], None),
        ([], None),
        ([5, math.nan], None),
        ([-5, 5], None),
        ([5, 6], [1, 0]),
        ([5, 6], [1, math.nan]),
    ],
)
def test_no_spread_without_two_known_units_and_a_positive_mean(
    values: list[float], weights: list[float] | None
) -> None:
    assert math.isnan(coefficient_of_variation(values, weights))


def test_sigma_convergence_uses_the_same_units_every_year() -> None:
    values = pd.DataFrame(
        {"01": [150, 120], "03": [100, 100], "19": [80, 90], "05": [None, 500]},
        index=["2010", "2020"],
        dtype=float,
    )
    weights = pd.DataFrame(1.0, index=values.index, columns=values.columns)
    table = sigma_convergence(values, weights)
    assert table["units"].tolist() == [3, 3]
    assert table["cv"].tolist() == pytest.approx(
        [100 * variation([150, 100, 80]), 100 * variation([120, 100, 90])]
    )
    assert table["cv_weighted"].tolist() == pytest.approx(table["cv"].tolist())
    assert table["cv"]["2020"] < table["cv"]["2010"]


def test_sigma_convergence_without_weights_has_no_weighted_spread() -> None:
    table = sigma_convergence(pd.DataFrame({"a": [1.0], "b": [3.0]}, index=["2020"]))
    assert table["cv"].tolist() == pytest.approx([50])
    assert table["cv_weighted"].isna().all()


def test_weights_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="negativt"):
        coefficient_of_variation([1, 2], [1, -1])
    with pytest.raises(InvalidValuesError, match="en vikt per enhet"):
        coefficient_of_variation([1, 2], [1])
    values = pd.DataFrame({"a": [1.0], "b": [2.0]}, index=["2020"])
    with pytest.raises(InvalidValuesError, match="saknas"):
        sigma_convergence(values, values[["a"]])

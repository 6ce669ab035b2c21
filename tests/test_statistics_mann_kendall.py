"""Mann–Kendall exact: against all orders of the values, and against scipy without ties."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau

from affarsplan_data.statistics import InvalidValuesError, TrendVerdict, mann_kendall, trend


def score(values: tuple[float, ...]) -> int:
    array = np.array(values)
    return int(sum(np.sign(array[j] - array[:j]).sum() for j in range(len(array))))


@pytest.mark.parametrize(
    "values",
    [[1, 1, 2, 3, 2, 4], [1, 1, 1, 2, 2, 2], [3, 1, 2, 5, 4, 6, 7], [5, 5, 4, 5, 3, 3, 1], [1, 2]],
)
def test_p_value_is_the_share_of_all_orders(values: list[float]) -> None:
    own = abs(score(tuple(values)))
    extreme = [abs(score(order)) >= own for order in permutations(values)]
    assert mann_kendall(values)[1] == pytest.approx(np.mean(extreme), abs=1e-12)


def test_agrees_with_scipy_where_nothing_is_tied() -> None:
    rng = np.random.default_rng(1)
    for points in (4, 8, 12, 25):
        values = rng.normal(size=points)
        expected = kendalltau(np.arange(points), values, method="exact")
        assert mann_kendall(values) == pytest.approx((expected.statistic, expected.pvalue))


def test_least_p_values_for_four_and_five_points() -> None:
    assert mann_kendall([1, 2, 3, 4])[1] == pytest.approx(0.083, abs=5e-4)
    assert mann_kendall([1, 2, 3, 4, 5])[1] == pytest.approx(0.017, abs=5e-4)
    assert mann_kendall([1, 2, 3, 5, 4])[1] > 0.05


def test_rounded_figures_do_not_make_a_trend() -> None:
    # The normal approximation says p = 0.040 for S = 16 with two ties; the exact is 0.051.
    values = [1, 2, 1, 3, 2, 4, 0, 5]
    years = [str(year) for year in range(2016, 2024)]
    found = [
        order
        for order in np.random.default_rng(2).permuted(np.tile(values, (300, 1)), axis=1)
        if kendalltau(range(8), order).pvalue < 0.05 <= mann_kendall(order)[1]
    ]
    assert found
    for order in found:
        verdict = trend(pd.Series(order, index=years, dtype=float)).verdict
        assert verdict is TrendVerdict.UNCERTAIN


def test_constant_and_short_series_have_no_test() -> None:
    assert np.isnan(mann_kendall([5, 5, 5])).all()
    assert np.isnan(mann_kendall([5])).all()
    assert np.isnan(mann_kendall([])).all()


def test_long_series_is_still_exact() -> None:
    values = np.round(np.random.default_rng(6).normal(size=60), 1)
    p_value = mann_kendall(values)[1]
    assert p_value == pytest.approx(kendalltau(range(60), values).pvalue, abs=0.01)


def test_missing_value_is_refused() -> None:
    with pytest.raises(InvalidValuesError, match="utan saknade"):
        mann_kendall([1, np.nan, 2])

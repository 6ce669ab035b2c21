"""Beta convergence: growth on the initial log level."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import linregress, t

from affarsplan_data.statistics import (
    AcrossBreakError,
    ConvergenceVerdict,
    InvalidValuesError,
    beta_convergence,
)


def regions(slope: float, noise: float = 0.3, seed: int = 2) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(seed)
    start = pd.Series(rng.uniform(250, 600, 21))
    growth = 12 + slope * np.log(start) + rng.normal(0, noise, 21)
    return start, start * np.exp(growth * 10 / 100)


def test_agrees_with_scipy() -> None:
    start, end = regions(-2)
    result = beta_convergence(start, end, 10)
    expected = linregress(np.log(start), 10 * np.log(end / start))
    assert result is not None
    assert result.units == 21
    assert result.slope == pytest.approx(expected.slope)
    assert result.p_value == pytest.approx(expected.pvalue)
    assert result.r_squared == pytest.approx(expected.rvalue**2)
    half = t.ppf(0.975, 19) * expected.stderr
    assert (result.low, result.high) == pytest.approx((result.slope - half, result.slope + half))


def test_verdict_needs_an_interval_without_zero() -> None:
    for slope, verdict in [
        (-2, ConvergenceVerdict.CONVERGING),
        (2, ConvergenceVerdict.DIVERGING),
        (0, ConvergenceVerdict.UNCERTAIN),
    ]:
        result = beta_convergence(*regions(slope, seed=4), 10)
        assert result is not None
        assert result.verdict is verdict


def test_order_and_unit_do_not_matter() -> None:
    start, end = regions(-2)
    result = beta_convergence(start, end, 10)
    other = beta_convergence(1000 * start[::-1], 1000 * end[::-1], 10)
    assert result is not None
    assert other is not None
    assert (other.slope, other.high) == pytest.approx((result.slope, result.high))


def test_units_without_both_values_are_left_out_and_told() -> None:
    start, end = regions(-2)
    result = beta_convergence(start.where(start.index != 3), end.where(end.index != 5), 10)
    assert result is not None
    assert result.units == 19


def test_too_few_or_equal_units_have_no_slope() -> None:
    start, end = regions(-2)
    assert beta_convergence(start[:2], end[:2], 10) is None
    assert beta_convergence(start * np.nan, end, 10) is None
    assert beta_convergence(start * 0 + 5, end, 10) is None


def test_break_and_no_years_are_refused() -> None:
    start, end = regions(-2)
    with pytest.raises(AcrossBreakError):
        beta_convergence(start, end, 10, segments=(1, 2))
    with pytest.raises(InvalidValuesError, match="större än noll"):
        beta_convergence(start, end, 0)

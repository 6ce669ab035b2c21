"""Years taken together: sums over sums, never a trend; and two rates compared."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest
from statsmodels.stats.rates import test_poisson_2indep as poisson_test

from affarsplan_data.statistics import (
    InvalidValuesError,
    index_series,
    poisson_interval,
    pooled_rate,
    pooled_share,
    rate_ratio,
    rate_ratio_interval,
    trend,
    wilson_interval,
)

YEARS = [str(year) for year in range(2015, 2025)]
COUNTS = pd.Series([8, 6, 10, 9, 7, 12, 11, 8, 5, 9], index=YEARS)
PEOPLE = pd.Series([2500, 2480, 2470, 2450, 2440, 2400, 2390, 2380, 2370, 2350], index=YEARS)


def test_pool_is_sums_over_sums_with_a_poisson_interval() -> None:
    result = pooled_rate(COUNTS, PEOPLE)
    first = result.loc["2015–2017"]
    assert (first["count"], first["base"]) == (24, 7450)
    assert first["value"] == pytest.approx(1000 * 24 / 7450)
    assert first[["low", "high"]].tolist() == pytest.approx(
        [1000 * end / 7450 for end in poisson_interval(24)]
    )
    # Published anchor: 24 new firms may be anything from 15 to 36.
    assert [round(first[end] * 7.45) for end in ("low", "high")] == [15, 36]
    assert list(result.index) == [f"{year}–{year + 2}" for year in range(2015, 2023)]


def test_pool_is_not_the_mean_of_the_ratios() -> None:
    counts, base = pd.Series([1, 90], index=YEARS[:2]), pd.Series([10, 100], index=YEARS[:2])
    assert pooled_share(counts, base, years=2)["value"].tolist() == pytest.approx([100 * 91 / 110])


def test_share_has_a_wilson_interval_in_percent() -> None:
    row = pooled_share(COUNTS, PEOPLE, years=5).loc["2020–2024"]
    low, high = wilson_interval(45, 11_890)
    assert row[["value", "low", "high"]].tolist() == pytest.approx(
        [100 * 45 / 11_890, 100 * low, 100 * high]
    )


def test_rolling_values_cannot_be_tested_for_a_trend() -> None:
    rolling = pooled_rate(COUNTS, PEOPLE)["value"]
    assert len(rolling) == 8
    with pytest.raises(InvalidValuesError, match="årsvärden.*2015–2017"):
        trend(rolling)


def test_a_window_with_a_missing_year_or_a_break_is_missing_and_says_why() -> None:
    counts = COUNTS.astype(float).where(COUNTS.index != "2017")
    result = pooled_rate(counts, PEOPLE)
    assert result.loc["2016–2018", "reason"] == "ett år saknas"
    assert result.loc["2015–2017":"2017–2019", "value"].isna().all()
    assert result.loc["2018–2020":, "reason"].eq("").all()
    assert pooled_rate(COUNTS.drop("2017"), PEOPLE.drop("2017"))["value"].isna().sum() == 3
    marks = pd.Series([1] * 5 + [2] * 5, index=YEARS)
    broken = pooled_rate(COUNTS, PEOPLE, segments=marks)
    assert broken.index[broken["reason"] == "serien bryts inom perioden"].tolist() == [
        "2018–2020",
        "2019–2021",
    ]


def test_all_missing_is_missing_and_never_zero() -> None:
    result = pooled_rate(COUNTS * np.nan, PEOPLE)
    assert result[["count", "value", "low", "high"]].isna().all(axis=None)
    assert pooled_rate(COUNTS[:2], PEOPLE[:2]).empty
    assert pooled_rate(COUNTS[:0], PEOPLE[:0]).empty


def test_order_of_the_rows_and_unit_of_the_rate() -> None:
    result = pooled_rate(COUNTS, PEOPLE)
    pd.testing.assert_frame_equal(pooled_rate(COUNTS[::-1], PEOPLE[::-1]), result)
    np.testing.assert_allclose(
        pooled_rate(COUNTS, PEOPLE, per=10_000)[["value", "low", "high"]],
        10 * result[["value", "low", "high"]],
    )


def test_wrong_input_is_refused() -> None:
    with pytest.raises(InvalidValuesError, match="minst två år"):
        pooled_rate(COUNTS, PEOPLE, years=1)
    with pytest.raises(InvalidValuesError, match="olika index"):
        pooled_rate(COUNTS, PEOPLE[1:])
    with pytest.raises(InvalidValuesError, match="större än helheten"):
        pooled_share(PEOPLE, COUNTS)


def test_ratio_of_rates_with_its_exact_interval() -> None:
    assert rate_ratio(30, 1000, 20, 2000) == pytest.approx(3)
    # Given 50 events of which a third is expected on the left: Clopper and Pearson's limits.
    ends = binomtest(30, 50).proportion_ci(method="exact")
    expected = [2 * end / (1 - end) for end in (ends.low, ends.high)]
    assert rate_ratio_interval(30, 1000, 20, 2000) == pytest.approx(expected)


@pytest.mark.parametrize(("new", "old"), [(60, 40), (66, 40), (70, 40), (5, 1), (300, 260)])
def test_interval_agrees_with_the_exact_test_on_whether_rates_differ(new: int, old: int) -> None:
    low, high = rate_ratio_interval(new, 1000, old, 1000)
    upper = poisson_test(new, 1000, old, 1000, method="exact-cond", alternative="larger").pvalue
    assert (low > 1) == (upper < 0.025)
    assert low < new / old < high


def test_ratio_without_events_or_people() -> None:
    assert rate_ratio_interval(0, 1000, 5, 1000)[0] == 0
    assert np.isnan(rate_ratio_interval(5, 1000, 0, 1000)[1])
    assert np.isnan(rate_ratio_interval(0, 1000, 0, 1000)).all()
    assert np.isnan(rate_ratio_interval(np.nan, 1000, 5, 1000)).all()
    assert np.isnan(rate_ratio(5, 1000, 0, 1000))
    assert np.isnan(rate_ratio(5, 0, 5, 1000))
    assert rate_ratio(0, 1000, 5, 1000) == 0


def test_windows_may_still_be_drawn_as_an_index() -> None:
    rolling = pooled_rate(COUNTS, PEOPLE)["value"]
    assert index_series(rolling).iloc[0] == 100

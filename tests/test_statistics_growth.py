"""Growth per year, and the refusal of growth across breaks and vintages."""

import math

import numpy as np
import pandas as pd
import pytest

from affarsplan_data.statistics import (
    GrowthAcrossBreakError,
    InvalidValuesError,
    compound_growth,
    growth_by_start,
    window_growth,
)

YEARS = [str(year) for year in range(2015, 2025)]
THREE_PERCENT = pd.Series([100 * 1.03**n for n in range(10)], index=YEARS)
BREAK_2020 = pd.Series([year >= "2020" for year in YEARS], index=YEARS)


def test_compound_growth_undoes_compounding() -> None:
    assert compound_growth(100, 100 * 1.03**10, 10) == pytest.approx(3)
    assert compound_growth(100, 50, 1) == pytest.approx(-50)
    assert compound_growth(7, 7, 4) == 0


def test_compound_growth_goes_over_series_and_keeps_gaps() -> None:
    start = pd.Series([100.0, None, 0.0, -4.0, 100.0], index=list("abcde"))
    end = pd.Series([121.0, 5.0, 5.0, 5.0, -1.0], index=list("abcde"))
    growth = compound_growth(start, end, 2)
    assert growth["a"] == pytest.approx(10)
    assert growth.drop("a").isna().all()


def test_fall_to_zero_is_minus_hundred_percent() -> None:
    assert compound_growth(10, 0, 3) == -100


@pytest.mark.parametrize("years", [0, -1, math.nan])
def test_window_must_have_a_length(years: float) -> None:
    with pytest.raises(InvalidValuesError, match="större än noll"):
        compound_growth(1, 2, years)


def test_window_growth_reads_the_years() -> None:
    assert window_growth(THREE_PERCENT, "2015", "2024") == pytest.approx(3)
    assert window_growth(THREE_PERCENT, "2020", "2024", BREAK_2020) == pytest.approx(3)


@pytest.mark.parametrize(("start", "end"), [("2019", "2020"), ("2015", "2024")])
def test_growth_across_a_break_is_refused(start: str, end: str) -> None:
    with pytest.raises(GrowthAcrossBreakError, match=f"{start}–{end}.*bryts"):
        window_growth(THREE_PERCENT, start, end, BREAK_2020)


def test_growth_between_vintages_is_refused() -> None:
    vintages = pd.Series(["2024-12-01"] * 9 + ["2025-12-01"], index=YEARS)
    with pytest.raises(GrowthAcrossBreakError, match="olika versioner"):
        window_growth(THREE_PERCENT, "2015", "2024", vintages=vintages)
    assert window_growth(THREE_PERCENT, "2015", "2023", vintages=vintages) == pytest.approx(3)


def test_break_that_goes_back_again_is_still_a_break() -> None:
    marks = pd.Series([0, 0, 1, 0, 0, 0, 0, 0, 0, 0], index=YEARS)
    with pytest.raises(GrowthAcrossBreakError):
        window_growth(THREE_PERCENT, "2015", "2024", marks)


def test_missing_end_gives_missing_growth_and_no_error() -> None:
    assert math.isnan(
        window_growth(THREE_PERCENT.where(THREE_PERCENT.index != "2024"), "2015", "2024")
    )


def test_every_start_year_stands_with_growth_or_reason() -> None:
    values = THREE_PERCENT.where(THREE_PERCENT.index != "2021")
    table = growth_by_start(values, "2024", BREAK_2020)
    assert table["start"].tolist() == YEARS[:-1]
    assert table["years"].tolist() == list(range(9, 0, -1))
    known = table[table["reason"] == ""]
    assert known["start"].tolist() == ["2020", "2022", "2023"]
    np.testing.assert_allclose(known["growth"], 3)
    unknown = table[table["reason"] != ""]
    assert unknown["growth"].isna().all()
    assert unknown.set_index("start")["reason"]["2019"] == "serien bryts inom perioden"
    assert unknown.set_index("start")["reason"]["2021"].startswith("ett värde saknas")


def test_order_of_the_rows_does_not_matter() -> None:
    shuffled = THREE_PERCENT.sample(frac=1, random_state=3)
    expected = growth_by_start(THREE_PERCENT, "2024", BREAK_2020)
    actual = growth_by_start(shuffled, "2024", BREAK_2020.loc[shuffled.index])
    pd.testing.assert_frame_equal(actual, expected)


def test_years_that_are_not_there_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="2014 finns inte"):
        window_growth(THREE_PERCENT, "2014", "2024")
    with pytest.raises(InvalidValuesError, match="inte efter"):
        window_growth(THREE_PERCENT, "2024", "2024")
    with pytest.raises(InvalidValuesError, match="2030 finns inte"):
        growth_by_start(THREE_PERCENT, "2030")
    with pytest.raises(InvalidValuesError, match="2024M01"):
        window_growth(pd.Series([1.0], index=["2024M01"]), "2024", "2025")

"""Two indices side by side, and bands."""

import numpy as np
import pandas as pd
import pytest

from affarsplan_data.statistics import (
    BandPosition,
    DecouplingVerdict,
    InvalidValuesError,
    MissingBaseError,
    band_distance,
    band_position,
    decoupling,
)

YEARS = ["2010", "2015", "2020"]


def by_year(*values: float | None) -> pd.Series:
    return pd.Series(values, index=YEARS, dtype=float)


@pytest.mark.parametrize(
    ("economy", "pressure", "verdict"),
    [
        (120, 80, DecouplingVerdict.ABSOLUTE),
        (120, 110, DecouplingVerdict.RELATIVE),
        (120, 100, DecouplingVerdict.RELATIVE),
        (120, 120, DecouplingVerdict.NONE),
        (120, 130, DecouplingVerdict.NONE),
        (95, 80, DecouplingVerdict.NO_GROWTH),
    ],
)
def test_verdict_is_about_both_series(
    economy: float, pressure: float, verdict: DecouplingVerdict
) -> None:
    result = decoupling(by_year(50, 55, economy / 2), by_year(10, 9, pressure / 10), "2010")
    assert result.table.loc["2020"].tolist() == pytest.approx([economy, pressure])
    assert result.table.loc["2010"].tolist() == [100, 100]
    assert (result.last, result.verdict) == ("2020", verdict)


def test_newest_year_needs_both_series() -> None:
    result = decoupling(by_year(50, 55, 60), by_year(10, 9, None), "2010")
    assert (result.last, result.verdict) == ("2015", DecouplingVerdict.ABSOLUTE)
    assert result.table.at["2020", "economy"] == 120
    nothing = decoupling(by_year(50, None, 60), by_year(10, 9, None), "2010")
    assert (nothing.last, nothing.verdict) == (None, DecouplingVerdict.UNKNOWN)


def test_nothing_is_compared_across_a_break() -> None:
    marks = pd.Series([1, 1, 2], index=YEARS)
    result = decoupling(by_year(50, 55, 60), by_year(10, 9, 20), "2010", marks)
    assert result.last == "2015"
    assert result.table.loc["2020"].isna().all()


def test_base_without_value_and_different_years_are_refused() -> None:
    with pytest.raises(MissingBaseError):
        decoupling(by_year(50, 55, 60), by_year(None, 9, 8), "2010")
    with pytest.raises(MissingBaseError):
        decoupling(by_year(50, 55, 60), by_year(10, 9, 8), "2011")
    with pytest.raises(InvalidValuesError, match="olika index"):
        decoupling(by_year(50, 55, 60), by_year(10, 9, 8)[1:], "2015")


def test_band_distance_and_position() -> None:
    shares = pd.Series([32.5, 40, 50, 60, 71, None])
    np.testing.assert_allclose(band_distance(shares), [-7.5, 0, 0, 0, 11, np.nan])
    assert band_position(shares).tolist() == [
        BandPosition.BELOW,
        *[BandPosition.INSIDE] * 3,
        BandPosition.ABOVE,
        BandPosition.UNKNOWN,
    ]
    assert band_position(32.5) is BandPosition.BELOW
    assert band_distance(1.5, (0.8, 1.2)) == pytest.approx(0.3)


def test_women_outside_the_band_mean_men_outside_it_on_the_other_side() -> None:
    women = np.linspace(0, 100, 101)
    np.testing.assert_allclose(band_distance(100 - women), -band_distance(women), atol=1e-12)


def test_band_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidValuesError, match="slutar innan"):
        band_distance(50, (60, 40))

"""Index series: the base is stated, and never on the other side of a break."""

import numpy as np
import pandas as pd
import pytest

from affarsplan_data.statistics import (
    InvalidValuesError,
    MissingBaseError,
    base_periods,
    index_series,
)

YEARS = ["2018", "2019", "2020", "2021", "2022"]
VALUES = pd.Series([50.0, 60.0, 200.0, None, 300.0], index=YEARS)
BREAK_2020 = pd.Series(["RAMS", "RAMS", "BAS", "BAS", "BAS"], index=YEARS)


def test_base_is_100_and_the_rest_in_proportion() -> None:
    index = index_series(VALUES, "2019")
    np.testing.assert_allclose(index, [100 * 50 / 60, 100, 100 * 200 / 60, np.nan, 500])


def test_index_restarts_at_a_break() -> None:
    index = index_series(VALUES, "2019", BREAK_2020)
    np.testing.assert_allclose(index, [100 * 50 / 60, 100, 100, np.nan, 150])
    bases = base_periods(VALUES, "2019", BREAK_2020)
    assert bases.tolist() == ["2019", "2019", "2020", "2020", "2020"]


def test_what_happens_after_a_break_cannot_touch_what_is_before() -> None:
    scaled = VALUES.where(BREAK_2020 == "RAMS", VALUES * 7)
    pd.testing.assert_series_equal(
        index_series(VALUES, "2019", BREAK_2020), index_series(scaled, "2019", BREAK_2020)
    )


def test_without_base_every_segment_starts_at_its_first_value() -> None:
    assert base_periods(VALUES, None, BREAK_2020).tolist()[::4] == ["2018", "2020"]


def test_rebasing_only_rescales() -> None:
    a, b = index_series(VALUES, "2018"), index_series(VALUES, "2022")
    assert (a / b).dropna().nunique() == 1


def test_segment_without_a_value_is_missing() -> None:
    values = pd.Series([10.0, 12.0, None], index=YEARS[:3])
    marks = pd.Series([0, 0, 1], index=YEARS[:3])
    index = index_series(values, "2018", marks)
    np.testing.assert_allclose(index, [100, 120, np.nan])
    assert base_periods(values, "2018", marks).isna().tolist() == [False, False, True]


def test_zero_is_no_first_base_but_stays_zero_in_the_series() -> None:
    values = pd.Series([0.0, 20.0, 30.0], index=YEARS[:3])
    np.testing.assert_allclose(index_series(values), [0, 100, 150])


@pytest.mark.parametrize("base", ["2021", "2010"])
def test_base_without_value_is_refused(base: str) -> None:
    with pytest.raises(MissingBaseError, match=base):
        index_series(VALUES, base)


def test_zero_as_base_is_refused() -> None:
    with pytest.raises(MissingBaseError, match="2018"):
        index_series(pd.Series([0.0, 20.0], index=YEARS[:2]), "2018")


def test_unclear_series_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="två gånger"):
        index_series(pd.Series([1.0, 2.0], index=["2018", "2018"]))
    with pytest.raises(InvalidValuesError, match="saknar märkning"):
        index_series(VALUES, "2019", BREAK_2020.where(BREAK_2020 == "BAS"))
    with pytest.raises(InvalidValuesError, match="olika index"):
        index_series(VALUES, "2019", BREAK_2020.iloc[:3])

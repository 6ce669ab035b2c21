"""Many series pooled at once: the same as each on its own. Made-up numbers: SYNTETISKA TESTDATA."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from affarsplan_data import statistics
from affarsplan_data.statistics import InvalidValuesError


@st.composite
def many_series(draw: st.DrawFn) -> pd.DataFrame:
    """Rows of up to four series with gaps, breaks, missing numbers and an order of their own."""
    rows = []
    for unit in range(draw(st.integers(1, 4))):
        for year in draw(st.sets(st.integers(2010, 2017), min_size=1)):
            base = draw(st.sampled_from([0.0, 5.0, 40.0, np.nan]))
            count = draw(st.sampled_from([0.0, 1.0, 4.0, np.nan]))
            if base == 0:
                count = 0.0
            rows.append((f"u{unit}", str(year), count, base, draw(st.integers(0, 1))))
    frame = pd.DataFrame(draw(st.permutations(rows)))
    return frame.set_axis(["unit", "period", "count", "base", "segment"], axis=1)


@given(frame=many_series(), years=st.integers(2, 4), share=st.booleans())
def test_each_series_is_pooled_as_it_is_alone(frame: pd.DataFrame, years: int, share: bool) -> None:
    given = (frame["count"], frame["base"], frame["unit"], frame["period"], frame["segment"])
    together = (
        statistics.pooled_shares(*given, years)
        if share
        else statistics.pooled_rates(*given, years, 1000)
    )
    for _, rows in frame.groupby("unit"):
        own = rows.set_index("period")
        numbers = (own["count"], own["base"], years)
        alone = (
            statistics.pooled_share(*numbers, own["segment"])
            if share
            else statistics.pooled_rate(*numbers, 1000, own["segment"])
        )
        wanted = alone.set_index("last").reindex(own.index)
        for column in ("value", "low", "high", "count"):
            np.testing.assert_allclose(
                together.loc[rows.index, column], wanted[column].astype(float), rtol=1e-12
            )


def test_what_is_said_of_one_year_is_said_of_the_windows_with_it() -> None:
    units = pd.Series(["a"] * 4 + ["b"])
    periods = pd.Series(["2018", "2019", "2020", "2023", "2020"])
    said = pd.Series([True, False, False, False, False])
    assert statistics.any_pooled(said, units, periods, 2).tolist() == [True, True] + [False] * 3
    assert statistics.any_pooled(said, units, periods, 3).tolist() == [True] * 3 + [False] * 2


def test_no_rows_and_a_year_twice() -> None:
    empty = pd.Series(dtype=float)
    assert statistics.pooled_rates(empty, empty, empty, empty, empty).empty
    one, two = pd.Series([1.0, 1.0]), pd.Series(["2020", "2020"])
    with pytest.raises(InvalidValuesError, match="två gånger"):
        statistics.pooled_rates(one, one, pd.Series(["a", "a"]), two, one)

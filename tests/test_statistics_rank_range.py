"""Ranks over years, over the last windows, and within intervals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affarsplan_data.statistics import (
    InvalidValuesError,
    competition_rank,
    rank_bounds,
    rank_by_period,
    rank_range,
)

VALUES = pd.DataFrame(
    {"a": [1.0, 5, 2, 2], "b": [9, 3, 3, 2], "c": [5, 1, 1, 1]},
    index=["2018–2020", "2019–2021", "2020–2022", "2021–2023"],
)


def test_ranks_of_each_period_share_the_better_place() -> None:
    assert rank_by_period(VALUES).loc["2021–2023"].tolist() == [1, 1, 3]
    assert rank_by_period(VALUES, "down").loc["2021–2023"].tolist() == [2, 2, 1]


def test_range_is_over_the_last_three_windows() -> None:
    result = rank_range(VALUES)
    assert result.loc["a", ["rank", "best", "worst"]].tolist() == [1, 1, 2]
    assert result.loc["b", ["rank", "best", "worst"]].tolist() == [1, 1, 2]
    assert result.loc["c", ["rank", "best", "worst"]].tolist() == [3, 3, 3]
    assert rank_range(VALUES, windows=4).loc["a", "worst"] == 3
    assert set(result["of"]) == {3}
    assert result["same_units"].all()


def test_missing_window_leaves_no_range_and_is_told() -> None:
    gap = VALUES.copy()
    gap.loc["2020–2022", "b"] = np.nan
    result = rank_range(gap)
    assert np.isnan(result.at["b", "best"])
    assert result.at["b", "rank"] == 1
    assert not result["same_units"].any()
    assert rank_range(VALUES * np.nan)[["rank", "best", "worst"]].isna().all(axis=None)


values = st.lists(st.integers(0, 20), min_size=12, max_size=12)


@settings(max_examples=60, deadline=None)
@given(values, st.permutations(range(4)), st.sampled_from(["up", "down"]), st.floats(0.1, 10))
def test_permuting_regions_permutes_ranks_and_units_do_not_matter(
    numbers: list[int], order: list[int], direction: str, unit: float
) -> None:
    table = pd.DataFrame(np.reshape(numbers, (3, 4)).astype(float), columns=list("abcd"))
    moved = table.iloc[:, order]
    result = rank_range(table, direction)  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(
        rank_range(moved * unit, direction).loc[result.index],  # type: ignore[arg-type]
        result,
    )


def test_overlapping_intervals_share_their_places() -> None:
    low = pd.Series([10.0, 12, 20, np.nan], index=list("abcd"))
    high = pd.Series([15.0, 18, 25, np.nan], index=list("abcd"))
    assert rank_bounds(low, high).loc["a"].tolist() == [2, 3]
    assert rank_bounds(low, high).loc["b"].tolist() == [2, 3]
    assert rank_bounds(low, high).loc["c"].tolist() == [1, 1]
    assert rank_bounds(low, high).loc["d"].isna().all()
    assert rank_bounds(low, high, "down").loc["c"].tolist() == [3, 3]
    assert rank_bounds(low, high, "down").loc["a"].tolist() == [1, 2]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 10)), min_size=1, max_size=10))
def test_the_rank_of_the_value_lies_within_the_bounds(units: list[tuple[float, float]]) -> None:
    value = pd.Series([v for v, _ in units])
    margin = pd.Series([m for _, m in units])
    bounds = rank_bounds(value - margin, value + margin)
    rank = competition_rank(value)
    assert (bounds["best"] <= rank).all()
    assert (rank <= bounds["worst"]).all()


def test_too_few_windows_and_wrong_intervals_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="3 perioder behövs"):
        rank_range(VALUES.iloc[:2])
    with pytest.raises(InvalidValuesError, match="minst två"):
        rank_range(VALUES, windows=1)
    with pytest.raises(InvalidValuesError, match="slutar innan"):
        rank_bounds(pd.Series([2.0]), pd.Series([1.0]))
    with pytest.raises(InvalidValuesError, match="riktningen"):
        rank_bounds(pd.Series([1.0]), pd.Series([1.0]), "best")  # type: ignore[arg-type]
    with pytest.raises(InvalidValuesError, match="två gånger"):
        rank_by_period(VALUES[["a", "a"]])

"""Competition ranks and the distance to those just above and below."""

import math

import numpy as np
import pandas as pd
import pytest

from affarsplan_data.statistics import InvalidValuesError, competition_rank, neighbours

VALUES = pd.Series([70.0, 80.0, 80.0, None, 60.0], index=["01", "03", "04", "05", "19"])


def test_ties_share_the_better_rank_and_missing_is_not_ranked() -> None:
    ranks = competition_rank(VALUES)
    np.testing.assert_array_equal(ranks, [3, 1, 1, np.nan, 4])
    assert list(ranks.index) == list(VALUES.index)


def test_direction_down_ranks_the_lowest_first() -> None:
    np.testing.assert_array_equal(competition_rank(VALUES, "down"), [2, 3, 3, np.nan, 1])


@pytest.mark.parametrize(("direction", "ascending"), [("up", False), ("down", True)])
def test_ranks_agree_with_pandas(direction: str, ascending: bool) -> None:
    values = pd.Series(np.random.default_rng(1).integers(0, 9, size=40).astype(float))
    expected = values.rank(method="min", ascending=ascending)
    pd.testing.assert_series_equal(competition_rank(values, direction), expected)  # type: ignore[arg-type]


def test_one_unit_is_first_and_none_is_nobody() -> None:
    assert competition_rank([5.0]).tolist() == [1]
    assert competition_rank([]).tolist() == []


def test_neighbours_are_the_nearest_other_values() -> None:
    place = neighbours(VALUES, "01")
    assert place is not None
    assert (place.rank, place.of, place.value) == (3, 4, 70)
    assert (place.above, place.distance_above) == (("03", "04"), 10)
    assert (place.below, place.distance_below) == (("19",), 10)
    assert place.tied_with == ()


def test_nobody_stands_above_the_best_or_below_the_last() -> None:
    best, last = neighbours(VALUES, "04"), neighbours(VALUES, "19")
    assert best is not None
    assert last is not None
    assert (best.rank, best.above, best.distance_above) == (1, (), None)
    assert best.tied_with == ("03",)
    assert (last.rank, last.below, last.distance_below) == (4, (), None)


def test_neighbours_follow_the_direction() -> None:
    place = neighbours(VALUES, "01", "down")
    assert place is not None
    assert (place.rank, place.value) == (2, 70)
    assert (place.above, place.below) == (("19",), ("03", "04"))


@pytest.mark.parametrize("direction", ["up", "down"])
def test_neighbours_and_ranks_agree(direction: str) -> None:
    ranks = competition_rank(VALUES, direction)  # type: ignore[arg-type]
    for unit in VALUES.index:
        place = neighbours(VALUES, unit, direction)  # type: ignore[arg-type]
        assert (math.nan if place is None else place.rank) == pytest.approx(
            ranks[unit], nan_ok=True
        )


def test_unit_without_value_has_no_place() -> None:
    assert neighbours(VALUES, "05") is None


def test_unknown_unit_direction_and_shape_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="”99” finns inte"):
        neighbours(VALUES, "99")
    with pytest.raises(InvalidValuesError, match="riktningen ”sideways”"):
        competition_rank([1.0], "sideways")  # type: ignore[arg-type]
    with pytest.raises(InvalidValuesError, match="ett värde per enhet"):
        competition_rank(np.ones((2, 2)))
    with pytest.raises(InvalidValuesError, match="två gånger"):
        neighbours(pd.Series([1.0, 2.0], index=["19", "19"]), "19")

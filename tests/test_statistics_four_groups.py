"""The four groups: published cells only, small numbers hidden, a spread over all four or none."""

import numpy as np
import pandas as pd
import pytest

from affarsplan_data.statistics import (
    Disclosure,
    InvalidValuesError,
    difference_of_shares_interval,
    four_groups,
)

ROWS = pd.DataFrame(
    [
        ("women", "native", 82.0, 820, 1000),
        ("women", "foreign", 60.0, 180, 300),
        ("men", "native", 85.0, 850, 1000),
        ("men", "foreign", 71.0, 213, 300),
        ("women", "total", 76.9, 1000, 1300),
        ("total", "foreign", 65.5, 393, 600),
        ("total", "total", 79.3, 2063, 2600),
    ],
    columns=["sex", "birth", "value", "count", "base"],
)


def test_table_has_women_first_and_the_spread_of_all_four() -> None:
    result = four_groups(ROWS)
    assert list(result.table.index) == [
        ("women", "native"),
        ("women", "foreign"),
        ("men", "native"),
        ("men", "foreign"),
    ]
    assert result.spread == pytest.approx(25)
    assert (result.highest, result.lowest) == (("men", "native"), ("women", "foreign"))
    assert result.table["difference"].tolist() == pytest.approx([-3, -25, 0, -14])
    assert result.hidden == ()


def test_difference_has_the_interval_of_two_shares() -> None:
    table = four_groups(ROWS, reference=("women", "native")).table
    low, high = difference_of_shares_interval(180, 300, 820, 1000)
    assert table.loc[("women", "foreign"), ["low", "high"]].tolist() == pytest.approx(
        [100 * low, 100 * high]
    )
    assert table.loc[("women", "native"), ["low", "high"]].isna().all()


def test_order_of_the_rows_does_not_matter() -> None:
    shuffled = ROWS.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(four_groups(shuffled).table, four_groups(ROWS).table)


def test_a_missing_group_is_never_made_from_the_others() -> None:
    without = ROWS[~((ROWS["sex"] == "women") & (ROWS["birth"] == "foreign"))]
    result = four_groups(without)
    assert np.isnan(result.table.at[("women", "foreign"), "value"])
    assert result.table.at[("women", "foreign"), "shown"] is Disclosure.UNKNOWN
    assert np.isnan(result.spread)
    assert result.highest is result.lowest is None


def test_small_groups_are_hidden_with_their_differences() -> None:
    few = ROWS.copy()
    few.loc[1, ["value", "count", "base"]] = [75.0, 3, 4]
    result = four_groups(few)
    assert result.hidden == (("women", "foreign"),)
    assert result.revealed_by_total
    assert result.table.loc[("women", "foreign"), ["value", "difference", "low"]].isna().all()
    assert np.isnan(result.spread)
    few.loc[3, ["value", "count", "base"]] = [60.0, 57, 95]
    assert four_groups(few).hidden == (("women", "foreign"), ("men", "foreign"))
    assert not four_groups(few).revealed_by_total


def test_values_without_counts_are_shown_as_unknown_to_the_rule() -> None:
    result = four_groups(ROWS[["sex", "birth", "value"]])
    assert set(result.table["shown"]) == {Disclosure.UNKNOWN}
    assert result.spread == pytest.approx(25)
    assert result.table["low"].isna().all()


def test_categories_and_nothing_at_all() -> None:
    typed = ROWS.astype({"sex": "category", "birth": "category"})
    pd.testing.assert_frame_equal(four_groups(typed).table, four_groups(ROWS).table)
    empty = four_groups(ROWS.iloc[:0])
    assert empty.table["value"].isna().all()
    assert np.isnan(empty.spread)


def test_two_periods_at_once_and_unknown_groups_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="två gånger"):
        four_groups(pd.concat([ROWS, ROWS]))
    with pytest.raises(InvalidValuesError, match="ingen av grupperna"):
        four_groups(ROWS, reference=("total", "total"))
    with pytest.raises(InvalidValuesError, match="birth saknas"):
        four_groups(ROWS.drop(columns="birth"))

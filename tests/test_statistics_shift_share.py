"""Shift–share: the parts add up to the change, and nothing is told across a break."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from affarsplan_data.statistics import AcrossBreakError, InvalidValuesError, shift_share

INDUSTRIES = ["C", "F", "J"]
START = pd.DataFrame({"a": [100, 50, 50], "b": [10, 20, 70]}, index=INDUSTRIES)
END = pd.DataFrame({"a": [90, 60, 70], "b": [10, 25, 90]}, index=INDUSTRIES)
REF_START = pd.Series([400, 300, 300], index=INDUSTRIES)
REF_END = pd.Series([380, 330, 390], index=INDUSTRIES)


def test_worked_example() -> None:
    # Riket grows by 10 %: industry −5, building +10, ICT +30 %.
    result = shift_share(START, END, REF_START, REF_END)
    own = result.industries.loc["a"]
    assert own["national"].tolist() == pytest.approx([10, 5, 5])
    assert own["mix"].tolist() == pytest.approx([-15, 0, 10])
    assert own["regional"].tolist() == pytest.approx([-5, 5, 5])
    total = result.totals.loc["a"]
    assert total[["start", "end", "change", "national", "mix", "regional"]].tolist() == (
        pytest.approx([200, 220, 20, 20, -5, 5])
    )
    assert result.percent.loc["a"].tolist() == pytest.approx([10, 10, -2.5, 2.5])


def test_the_reference_has_neither_mix_nor_regional_part() -> None:
    result = shift_share(REF_START.to_frame("riket"), REF_END.to_frame("riket"), REF_START, REF_END)
    assert result.totals.loc["riket", ["mix", "regional"]].tolist() == pytest.approx([0, 0])


numbers = arrays.arrays(
    float, (4, 3), elements=st.floats(1, 1e6, allow_nan=False, allow_infinity=False)
)


@settings(max_examples=60, deadline=None)
@given(numbers, numbers, st.floats(0.5, 2))
def test_parts_add_up_and_scale_with_the_unit(
    before: np.ndarray, after: np.ndarray, unit: float
) -> None:
    start, end = pd.DataFrame(before), pd.DataFrame(after)
    reference = start.sum(axis=1), end.sum(axis=1)
    result = shift_share(start, end, *reference)
    for table in (result.industries, result.totals):
        parts = table[["national", "mix", "regional"]].sum(axis=1)
        np.testing.assert_allclose(parts, table["change"], rtol=0, atol=1e-9 * table.max().max())
    scaled = shift_share(start * unit, end * unit, *reference)
    np.testing.assert_allclose(scaled.totals, result.totals * unit, rtol=1e-9, atol=1e-3)


def test_sums_close_to_a_billionth_for_whole_persons() -> None:
    rng = np.random.default_rng(3)
    start = pd.DataFrame(rng.integers(0, 30_000, (15, 21)))
    end = pd.DataFrame(rng.integers(0, 30_000, (15, 21)))
    result = shift_share(start, end, start.sum(axis=1), end.sum(axis=1))
    for table in (result.industries, result.totals):
        parts = table[["national", "mix", "regional"]].sum(axis=1)
        assert (parts - table["change"]).abs().max() < 1e-9
    # The regional parts of all regions together are nothing: riket is their sum.
    assert abs(result.totals["regional"].sum()) < 1e-6


def test_many_regions_at_once_give_what_each_gives_alone() -> None:
    together = shift_share(START, END, REF_START, REF_END)
    for region in START:
        alone = shift_share(START[[region]], END[[region]], REF_START, REF_END)
        pd.testing.assert_frame_equal(alone.totals, together.totals.loc[[region]])


def test_rows_are_matched_by_industry_not_by_place() -> None:
    pd.testing.assert_frame_equal(
        shift_share(START, END.iloc[::-1], REF_START, REF_END.iloc[::-1]).totals,
        shift_share(START, END, REF_START, REF_END).totals,
    )


def test_missing_cell_makes_its_industry_and_the_total_missing_only_there() -> None:
    end = END.astype(float)
    end.loc["F", "a"] = np.nan
    result = shift_share(START, end, REF_START, REF_END)
    parts = result.industries[["national", "mix", "regional"]]
    assert parts.loc[("a", "F")].isna().all()
    assert parts.loc["a"].drop("F").notna().all(axis=None)
    assert result.totals.loc["a", ["change", "national", "mix", "regional"]].isna().all()
    assert result.totals.loc["b"].notna().all()


def test_all_missing_is_missing_and_never_zero() -> None:
    nothing = START.astype(float) * np.nan
    result = shift_share(nothing, nothing, REF_START, REF_END)
    assert result.industries.isna().all(axis=None)
    assert result.totals.isna().all(axis=None)


def test_missing_reference_needs_a_published_total() -> None:
    gap = REF_END.astype(float).where(REF_END.index != "J")
    assert shift_share(START, END, REF_START, gap).industries["national"].isna().all()
    result = shift_share(START, END, REF_START, gap, reference_totals=(1000, 1100))
    known = result.industries.loc["a", "national"]
    assert known[["C", "F"]].tolist() == pytest.approx([10, 5])
    assert np.isnan(known["J"])


def test_new_industry_is_a_regional_part() -> None:
    start, end = pd.DataFrame({"a": [100, 0]}), pd.DataFrame({"a": [100, 7]})
    result = shift_share(start, end, pd.Series([1000, 0]), pd.Series([1000, 40]))
    assert result.industries.loc[("a", 1), ["national", "mix", "regional"]].tolist() == [0, 0, 7]
    inside_nothing = shift_share(
        pd.DataFrame({"a": [100, 5]}), end, pd.Series([1000, 0]), pd.Series([1000, 40])
    )
    assert inside_nothing.industries.loc[("a", 1)].isna().sum() == 3


def test_a_break_between_the_years_is_refused() -> None:
    with pytest.raises(AcrossBreakError, match=r"bryts.*samma sida"):
        shift_share(START, END, REF_START, REF_END, segments=(1, 2))
    marks = pd.Series([1, 1], index=["a", "b"])
    with pytest.raises(AcrossBreakError):
        shift_share(
            START, END, REF_START, REF_END, segments=(marks, marks.where(marks.index == "a", 2))
        )
    with pytest.raises(InvalidValuesError, match="märkning"):
        shift_share(START, END, REF_START, REF_END, segments=(1, None))
    assert (
        shift_share(START, END, REF_START, REF_END, segments=(2, 2)).totals.notna().all(axis=None)
    )


def test_other_industries_and_negative_numbers_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="samma branscher"):
        shift_share(START, END.drop("J"), REF_START, REF_END)
    with pytest.raises(InvalidValuesError, match="samma branscher"):
        shift_share(START, END, REF_START.drop("J"), REF_END)
    with pytest.raises(InvalidValuesError, match="negativt"):
        shift_share(START, -END, REF_START, REF_END)
    with pytest.raises(InvalidValuesError, match="två gånger"):
        shift_share(pd.concat([START, START]), END, REF_START, REF_END)

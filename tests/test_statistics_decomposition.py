"""Decompositions: the parts add up to the whole difference."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affarsplan_data.statistics import (
    GRP_CHAIN,
    GRP_CHAIN_TWO_SOURCES,
    GRP_PARTS,
    GRP_PARTS_TWO_SOURCES,
    InvalidValuesError,
    kitagawa,
    log_decomposition,
)

OWN = pd.DataFrame([[100.0, 110, 120, 150, 280]], index=["a"], columns=list(GRP_CHAIN))
REFERENCE = pd.Series([6000.0, 5000, 5000, 5900, 10_500], index=list(GRP_CHAIN))
amount = st.floats(1, 1e6)
chains = st.lists(amount, min_size=5, max_size=5)


def test_worked_example_in_log_points() -> None:
    result = log_decomposition(OWN, REFERENCE).loc["a"]
    assert result["productivity"] == pytest.approx(100 * math.log((100 / 110) / (6000 / 5000)))
    assert result["commuting"] == pytest.approx(100 * math.log(110 / 120))
    assert result["employment"] == pytest.approx(100 * math.log((120 / 150) / (5000 / 5900)))
    assert result["age"] == pytest.approx(100 * math.log((150 / 280) / (5900 / 10_500)))
    assert result["total"] == pytest.approx(100 * math.log((100 / 280) / (6000 / 10_500)))


@settings(max_examples=100, deadline=None)
@given(chains, chains, amount)
def test_log_parts_add_up_and_units_cancel(
    own: list[float], reference: list[float], unit: float
) -> None:
    regions = pd.DataFrame([own, reference], columns=list(GRP_CHAIN))
    country = pd.Series(reference, index=list(GRP_CHAIN))
    result = log_decomposition(regions, country)
    np.testing.assert_allclose(result[list(GRP_PARTS)].sum(axis=1), result["total"], atol=1e-9)
    np.testing.assert_allclose(result.loc[1], 0, atol=1e-12)
    other = log_decomposition(
        regions.assign(grp=regions["grp"] * unit), country * [unit, 1, 1, 1, 1]
    )
    np.testing.assert_allclose(other, result, atol=1e-9)


def test_two_sources_for_the_employed_are_a_part_of_their_own() -> None:
    own, country = OWN.assign(employed_in_accounts=115.0), REFERENCE.copy()
    country["employed_in_accounts"] = 5100.0
    result = log_decomposition(own, country, GRP_CHAIN_TWO_SOURCES, GRP_PARTS_TWO_SOURCES)
    simple = log_decomposition(OWN, REFERENCE)
    assert list(result) == [*GRP_PARTS_TWO_SOURCES, "total"]
    assert result["total"].tolist() == pytest.approx(simple["total"].tolist())
    assert (result["productivity"] + result["sources"]).tolist() == pytest.approx(
        simple["productivity"].tolist()
    )


@pytest.mark.parametrize("value", [np.nan, 0.0, -1.0])
def test_what_has_no_logarithm_is_missing_where_it_enters(value: float) -> None:
    result = log_decomposition(OWN.assign(nighttime=value), REFERENCE).loc["a"]
    assert result.isna().to_dict() == {
        "productivity": False,
        "commuting": True,
        "employment": True,
        "age": False,
        "total": False,
    }
    assert log_decomposition(OWN * np.nan, REFERENCE).isna().all(axis=None)


def test_chain_that_does_not_fit_is_refused() -> None:
    with pytest.raises(InvalidValuesError, match="daytime saknas"):
        log_decomposition(OWN.drop(columns="daytime"), REFERENCE)
    with pytest.raises(InvalidValuesError, match="namn för varje kvot"):
        log_decomposition(OWN, REFERENCE, parts=("one", "two"))


def groups(*rows: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["count", "base"], dtype=float)


def test_kitagawa_worked_example() -> None:
    # Own: 60 % at rate 0.9 and 40 % at 0.5; the reference 80 % at 0.85 and 20 % at 0.55.
    result = kitagawa(groups((54, 60), (20, 40)), groups((68, 80), (11, 20)))
    assert result.difference == pytest.approx(74 - 79)
    assert result.groups["composition"].tolist() == pytest.approx([-17.5, 10.5])
    assert result.groups["rate"].tolist() == pytest.approx([3.5, -1.5])
    assert (result.composition, result.rate) == pytest.approx((-7, 2))


def test_equal_rates_leave_composition_and_equal_mix_leaves_rates() -> None:
    by_mix = kitagawa(groups((90, 100), (10, 100)), groups((270, 300), (10, 100)))
    assert by_mix.rate == pytest.approx(0)
    by_rate = kitagawa(groups((90, 100), (10, 100)), groups((80, 100), (20, 100)))
    assert by_rate.composition == pytest.approx(0)


group = st.integers(0, 10_000).flatmap(
    lambda base: st.tuples(st.integers(0, base), st.just(base)).map(
        lambda pair: (float(pair[0]), float(pair[1]))
    )
)
sides = st.lists(group, min_size=4, max_size=4).filter(lambda rows: sum(b for _, b in rows) > 0)


@settings(max_examples=60, deadline=None)
@given(sides, sides, st.permutations(range(4)))
def test_kitagawa_adds_up_turns_sign_and_ignores_order(
    own: list[tuple[float, float]], reference: list[tuple[float, float]], order: list[int]
) -> None:
    mine, theirs = groups(*own), groups(*reference)
    result, back = kitagawa(mine, theirs), kitagawa(theirs, mine)
    assert result.composition + result.rate == pytest.approx(result.difference, abs=1e-9)
    assert back.composition == pytest.approx(-result.composition, abs=1e-9)
    assert back.rate == pytest.approx(-result.rate, abs=1e-9)
    moved = kitagawa(mine.iloc[order], theirs)
    assert moved.composition == pytest.approx(result.composition, abs=1e-9)


def test_group_found_on_one_side_only_is_composition() -> None:
    result = kitagawa(groups((50, 100), (0, 0), (0, 0)), groups((40, 80), (5, 20), (0, 0)))
    assert result.groups["rate"].tolist() == pytest.approx([0, 0, 0])
    assert result.composition == pytest.approx(result.difference) == pytest.approx(5)


def test_one_missing_number_leaves_nothing() -> None:
    for gap in [(np.nan, 40), (20, np.nan)]:
        result = kitagawa(groups((54, 60), gap), groups((68, 80), (11, 20)))
        assert result.groups.isna().all(axis=None)
        assert np.isnan([result.composition, result.rate, result.difference]).all()


def test_other_groups_and_missing_columns_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="samma grupper"):
        kitagawa(groups((1, 2)), groups((1, 2), (3, 4)))
    with pytest.raises(InvalidValuesError, match="count och base"):
        kitagawa(groups((1, 2))[["base"]], groups((1, 2)))
    with pytest.raises(InvalidValuesError, match="större än helheten"):
        kitagawa(groups((3, 2)), groups((1, 2)))

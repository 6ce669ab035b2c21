"""Diversity, concentration, specialisation and segregation."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import entropy

from affarsplan_data.statistics import (
    InvalidValuesError,
    dissimilarity,
    effective_number,
    hhi,
    krugman,
    location_quotient,
    shannon,
)

SPREAD = [50, 30, 20, 0]


def test_worked_example() -> None:
    h = -(0.5 * math.log(0.5) + 0.3 * math.log(0.3) + 0.2 * math.log(0.2))
    assert shannon(SPREAD) == pytest.approx(h)
    assert effective_number(SPREAD) == pytest.approx(math.exp(h))
    assert hhi(SPREAD) == pytest.approx(10_000 * (0.25 + 0.09 + 0.04))


@pytest.mark.parametrize("k", [1, 2, 15])
def test_equal_groups_and_one_group_are_the_ends_of_the_scale(k: int) -> None:
    assert effective_number([7] * k) == pytest.approx(k)
    assert hhi([7] * k) == pytest.approx(10_000 / k)
    assert shannon([7] + [0] * (k - 1)) == 0
    assert hhi([7] + [0] * (k - 1)) == 10_000


def test_measures_depend_on_shares_not_on_size_or_order() -> None:
    for measure in (shannon, effective_number, hhi):
        assert measure([5, 3, 2]) == pytest.approx(measure([2000, 5000, 3000]))
        assert measure([5, 3, 2]) == pytest.approx(measure([5, 0, 3, 2]))


def test_shannon_agrees_with_scipy_row_by_row() -> None:
    rows = pd.DataFrame(np.random.default_rng(2).uniform(0, 9, (5, 15)), index=list("abcde"))
    result = shannon(rows)
    np.testing.assert_allclose(result, entropy(rows.to_numpy(), axis=1))
    assert list(result.index) == list("abcde")
    np.testing.assert_allclose(effective_number(rows), np.exp(result))


def test_missing_group_or_empty_whole_is_missing() -> None:
    rows = pd.DataFrame([[1.0, None], [0.0, 0.0], [1.0, 1.0]])
    for measure in (shannon, effective_number, hhi):
        assert measure(rows).isna().tolist() == [True, True, False]
    assert math.isnan(krugman([1, math.nan], [1, 1]))
    assert math.isnan(dissimilarity([0, 0], [1, 1]))


def test_krugman_worked_example_and_ends() -> None:
    assert krugman([50, 30, 20], [40, 40, 20]) == pytest.approx(10)
    assert krugman([5, 5], [500, 500]) == 0
    assert krugman([1, 0], [0, 3]) == 100


def test_dissimilarity_worked_example() -> None:
    # Women 60/40, men 20/80: two in five women would have to change industry.
    assert dissimilarity([60, 40], [40, 160]) == pytest.approx(40)
    assert dissimilarity([60, 40], [40, 160]) == pytest.approx(dissimilarity([40, 160], [60, 40]))


def test_merging_groups_never_raises_dissimilarity() -> None:
    women, men = np.array([10, 20, 30, 5]), np.array([15, 10, 20, 25])
    merged = dissimilarity([30, 35], [25, 45])
    assert merged <= dissimilarity(women, men)


def test_two_series_are_matched_by_group() -> None:
    own = pd.Series([60, 40], index=["C", "F"])
    reference = pd.Series([160, 40], index=["F", "C"])
    assert dissimilarity(own, reference) == pytest.approx(40)
    assert location_quotient(own, reference).to_dict() == pytest.approx({"C": 3.0, "F": 0.5})
    with pytest.raises(InvalidValuesError, match="samma grupper"):
        krugman(own, pd.Series([1, 2], index=["C", "G"]))


def test_location_quotients_weigh_to_one() -> None:
    own, reference = np.array([50.0, 30.0, 20.0]), np.array([100.0, 300.0, 600.0])
    quotients = location_quotient(own, reference)
    np.testing.assert_allclose(quotients, [5, 1, 1 / 3])
    assert (quotients * reference / reference.sum()).sum() == pytest.approx(1)


def test_location_quotient_uses_published_totals() -> None:
    quotients = location_quotient([50, 30], [100, 300], own_total=100, reference_total=1000)
    np.testing.assert_allclose(quotients, [5, 1])
    partly = location_quotient([50, math.nan], [100, 300], own_total=100, reference_total=1000)
    np.testing.assert_allclose(partly, [5, math.nan])


def test_location_quotient_without_a_reference_is_missing() -> None:
    np.testing.assert_allclose(location_quotient([1, 1], [0, 4]), [math.nan, 0.5])
    assert np.isnan(location_quotient([0, 0], [1, 4])).all()
    assert np.isnan(location_quotient([1, math.nan], [1, 4])).all()


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda: shannon([1, -1]), "negativt"),
        (lambda: hhi([]), "minst ett värde"),
        (lambda: shannon(np.ones((2, 2))), "en fördelning"),
        (lambda: krugman([1, 2], [1, 2, 3]), "lika många grupper"),
        (lambda: dissimilarity([1, 2], [-1, 2]), "negativt"),
    ],
)
def test_what_is_no_distribution_is_refused(call, problem: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidValuesError, match=problem):
        call()

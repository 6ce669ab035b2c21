"""How a gap changed: closed upwards, downwards or from both sides, widened, or nothing certain."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affarsplan_data.statistics import (
    AcrossBreakError,
    GapVerdict,
    InvalidValuesError,
    difference_of_shares_interval,
    gap_development,
)

YEARS = ["2020", "2024"]


def pair(first: tuple[float, float], second: tuple[float, float]) -> tuple[pd.Series, pd.Series]:
    return pd.Series(first, index=YEARS), pd.Series(second, index=YEARS)


@pytest.mark.parametrize(
    ("first", "second", "change", "verdict"),
    [
        ((70, 76), (80, 80), -6, GapVerdict.CLOSED_UPWARDS),
        ((70, 76), (80, 82), -4, GapVerdict.CLOSED_UPWARDS),
        ((70, 70), (80, 74), -6, GapVerdict.CLOSED_DOWNWARDS),
        ((70, 69), (80, 74), -5, GapVerdict.CLOSED_DOWNWARDS),
        ((70, 73), (80, 78), -5, GapVerdict.CLOSED_BOTH_WAYS),
        ((70, 68), (80, 81), 3, GapVerdict.WIDENED),
        ((70, 71), (80, 81), 0, GapVerdict.UNCHANGED),
        ((80, 80), (70, 76), -6, GapVerdict.CLOSED_UPWARDS),
        ((75, 75), (75, 77), 2, GapVerdict.WIDENED),
        ((70, 70), (70, 70), 0, GapVerdict.UNCHANGED),
    ],
)
def test_direction_of_the_change(
    first: tuple[float, float], second: tuple[float, float], change: float, verdict: GapVerdict
) -> None:
    result = gap_development(*pair(first, second), "2020", "2024")
    assert result is not None
    assert result.change == pytest.approx(change)
    assert result.verdict is result.observed is verdict
    assert not result.reversed


def test_parts_say_who_closed_the_gap() -> None:
    result = gap_development(*pair((70, 73), (80, 78)), "2020", "2024")
    assert result is not None
    assert (result.start_gap, result.end_gap) == (-10, -5)
    assert (result.from_first, result.from_second) == pytest.approx((-3, -2))


def test_gap_that_passes_zero_is_told_as_reversed() -> None:
    # Foreign-born go from 2 behind to 1 ahead: the first two steps close the gap, the third opens it.
    result = gap_development(*pair((78, 81), (80, 80)), "2020", "2024")
    assert result is not None
    assert result.reversed
    assert result.change == pytest.approx(-1)
    assert (result.from_first, result.from_second) == pytest.approx((-1, 0))
    assert result.verdict is GapVerdict.CLOSED_UPWARDS


share = st.floats(0, 100)


@settings(max_examples=200, deadline=None)
@given(share, share, share, share)
def test_parts_add_up_and_the_groups_may_change_places(
    a0: float, a1: float, b0: float, b1: float
) -> None:
    result = gap_development(*pair((a0, a1), (b0, b1)), "2020", "2024")
    mirrored = gap_development(*pair((b0, b1), (a0, a1)), "2020", "2024")
    assert result is not None
    assert mirrored is not None
    assert result.from_first + result.from_second == pytest.approx(result.change, abs=1e-9)
    assert mirrored.from_second == pytest.approx(result.from_first, abs=1e-9)
    assert mirrored.observed is result.observed


def counts(*rows: tuple[int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["count", "total"], index=YEARS)


def test_small_groups_leave_nothing_certain() -> None:
    values = pair((70, 76), (80, 80))
    small = counts((70, 100), (76, 100)), counts((80, 100), (80, 100))
    large = counts((7000, 10_000), (7600, 10_000)), counts((8000, 10_000), (8000, 10_000))
    unsure = gap_development(*values, "2020", "2024", counts=small)
    sure = gap_development(*values, "2020", "2024", counts=large)
    assert unsure is not None
    assert sure is not None
    assert unsure.low is not None
    assert unsure.high is not None
    assert unsure.low < unsure.change < unsure.high
    assert unsure.verdict is GapVerdict.UNCERTAIN
    assert unsure.observed is sure.verdict is GapVerdict.CLOSED_UPWARDS


def test_interval_covers_the_true_change() -> None:
    rng = np.random.default_rng(8)
    totals, shares = np.array([900, 800, 950, 850]), np.array([0.62, 0.66, 0.78, 0.79])
    truth = 100 * ((0.79 - 0.66) - (0.78 - 0.62))
    covered = 0
    for draw in rng.binomial(totals, shares, (250, 4)):
        women = counts((draw[0], 900), (draw[1], 800))
        men = counts((draw[2], 950), (draw[3], 850))
        rates = [100 * group["count"] / group["total"] for group in (women, men)]
        result = gap_development(*rates, "2020", "2024", counts=(women, men))
        assert result is not None
        assert result.low is not None
        assert result.high is not None
        covered += result.low <= truth <= result.high
    assert 0.92 <= covered / 250 <= 0.98


def test_missing_value_gives_no_answer() -> None:
    first, second = pair((70, 76), (80, np.nan))
    assert gap_development(first, second, "2020", "2024") is None


def test_missing_count_gives_no_interval() -> None:
    values = pair((70, 76), (80, 80))
    women = counts((70, 100), (76, 100)).astype(float)
    women.loc["2024"] = np.nan
    result = gap_development(*values, "2020", "2024", counts=(women, counts((80, 100), (80, 100))))
    assert result is not None
    assert result.low is result.high is None
    assert result.verdict is GapVerdict.CLOSED_UPWARDS


def test_break_and_wrong_input_are_refused() -> None:
    years = ["2018", "2020", "2024"]
    women = pd.Series([68.0, 70, 76], index=years)
    men = pd.Series([79.0, 80, 80], index=years)
    marks = pd.Series([1, 2, 2], index=years)
    with pytest.raises(AcrossBreakError, match=r"2018–2024.*bryts"):
        gap_development(women, men, "2018", "2024", marks)
    assert gap_development(women, men, "2020", "2024", marks) is not None
    with pytest.raises(InvalidValuesError, match="2019 finns inte"):
        gap_development(women, men, "2019", "2024")
    with pytest.raises(InvalidValuesError, match="inte efter"):
        gap_development(women, men, "2024", "2020")
    with pytest.raises(InvalidValuesError, match="inte de angivna andelarna"):
        gap_development(
            women,
            men,
            "2020",
            "2024",
            counts=(counts((60, 100), (76, 100)), counts((80, 100), (80, 100))),
        )


def test_interval_combines_the_gaps_of_both_years() -> None:
    women, men = counts((7, 20), (40, 90)), counts((30, 40), (50, 90))
    rates = [100 * group["count"] / group["total"] for group in (women, men)]
    result = gap_development(*rates, "2020", "2024", counts=(women, men))
    # The size of a gap whose interval holds zero may be anything from zero.
    low_0, high_0 = difference_of_shares_interval(30, 40, 7, 20)
    _, high_1 = difference_of_shares_interval(50, 90, 40, 90)
    size_0, size_1 = 30 / 40 - 7 / 20, 10 / 90
    assert result is not None
    assert result.change == pytest.approx(100 * (size_1 - size_0))
    assert result.low == pytest.approx(
        100 * (size_1 - size_0 - ((size_1 - 0) ** 2 + (high_0 - size_0) ** 2) ** 0.5)
    )
    assert result.high == pytest.approx(
        100 * (size_1 - size_0 + ((high_1 - size_1) ** 2 + (size_0 - low_0) ** 2) ** 0.5)
    )

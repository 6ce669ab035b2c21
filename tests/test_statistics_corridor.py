"""The path to a decided level and the cut that is left to make."""

import numpy as np
import pandas as pd
import pytest

from affarsplan_data.statistics import InvalidValuesError, corridor, needed_cut


@pytest.mark.parametrize(
    ("base", "cut"), [("2005", 3.4), ("2010", 3.9), ("2015", 4.5), ("2019", 5.2)]
)
def test_published_cuts_for_minus_75_percent_in_2045(base: str, cut: float) -> None:
    assert round(needed_cut(100, base, "2045", 0.25), 1) == cut
    path = corridor([base, str(int(base) + 1), "2045"], base, "2045", 0.25)
    assert path.iloc[[0, -1]].tolist() == pytest.approx([100, 25])
    assert round(100 - path.iloc[1], 1) == cut


def test_path_is_missing_outside_its_years() -> None:
    path = corridor(["2009", "2010", "2045", "2046"], "2010", "2045", 0.25)
    assert path.isna().tolist() == [True, False, False, True]


def test_halfway_the_cut_is_the_square_root() -> None:
    assert corridor(["2020"], "2010", "2030", 0.25)["2020"] == pytest.approx(50)


def test_on_the_path_the_needed_cut_stays_the_same() -> None:
    years = ["2005", "2020", "2030"]
    path = corridor(years, "2005", "2045", 0.25)
    cuts = [needed_cut(path[year], year, "2045", 0.25) for year in years]
    assert cuts == pytest.approx([cuts[0]] * 3)
    assert needed_cut(path["2020"] + 5, "2020", "2045", 0.25) > cuts[0]


def test_needed_cut_leads_to_the_target() -> None:
    cut = needed_cut(80, "2023", "2045", 0.25)
    assert 80 * (1 - cut / 100) ** 22 == pytest.approx(25)


def test_reached_target_needs_no_cut_and_missing_stays_missing() -> None:
    cuts = needed_cut(
        pd.Series([20.0, 25.0, np.nan, 0.0], index=list("abcd")), "2023", "2045", 0.25
    )
    assert cuts["a"] == cuts["b"] == 0
    assert cuts[["c", "d"]].isna().all()


def test_impossible_paths_are_refused() -> None:
    with pytest.raises(InvalidValuesError, match="inte efter"):
        corridor(["2045"], "2045", "2045", 0.25)
    with pytest.raises(InvalidValuesError, match="mellan 0 och 1"):
        corridor(["2020"], "2010", "2045", 25)
    with pytest.raises(InvalidValuesError, match="inte efter"):
        needed_cut(30, "2045", "2045", 0.25)

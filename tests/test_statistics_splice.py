"""Series joined over a break: the factor, its spread, and which points are estimates."""

import numpy as np
import pandas as pd
import pytest

from affarsplan_data.statistics import InvalidValuesError, splice

OLD = pd.Series([78.0, 79.0, 80.0, 81.0], index=["2018", "2019", "2020", "2021"])
NEW = pd.Series([76.0, 76.95, 78.0], index=["2020", "2021", "2022"])


def test_factor_is_the_mean_of_the_overlap_and_scales_the_years_before() -> None:
    result = splice(OLD, NEW)
    assert result.overlap == ("2020", "2021")
    assert result.factor == pytest.approx(0.95)
    assert result.table["value"].tolist() == pytest.approx([74.1, 75.05, 76, 76.95, 78])
    assert result.table["spliced"].tolist() == [True, True, False, False, False]
    assert result.table["published"].tolist() == [78, 79, 76, 76.95, 78]
    assert list(result.table.index) == ["2018", "2019", "2020", "2021", "2022"]
    assert result.spread == pytest.approx(0)


def test_spread_tells_how_unsteady_the_break_is() -> None:
    result = splice(OLD, NEW.where(NEW.index != "2021", 81 * 0.97))
    assert (result.lowest, result.highest) == pytest.approx((0.95, 0.97))
    assert result.factor == pytest.approx(np.sqrt(0.95 * 0.97))
    assert result.spread == pytest.approx(100 * (0.97 / 0.95 - 1))


def test_one_common_year_has_no_spread() -> None:
    result = splice(OLD.drop("2021"), NEW)
    assert result.overlap == ("2020",)
    assert np.isnan(result.spread)


def test_growth_is_kept_on_each_side_and_the_unit_cancels() -> None:
    table = splice(OLD, NEW).table["value"]
    assert table["2019"] / table["2018"] == pytest.approx(79 / 78)
    assert table["2022"] / table["2021"] == pytest.approx(78 / 76.95)
    in_parts = splice(OLD / 100, NEW / 100)
    np.testing.assert_allclose(in_parts.table["value"] * 100, table)
    np.testing.assert_allclose(splice(OLD * 1000, NEW).table["value"], table)


def test_years_the_new_series_lacks_stay_missing() -> None:
    result = splice(OLD, NEW.where(NEW.index != "2021"))
    assert np.isnan(result.table.at["2021", "value"])
    assert result.overlap == ("2020",)
    late = pd.Series([np.nan, 76.95, 78], index=["2020", "2021", "2022"])
    assert splice(OLD, late).table["spliced"].tolist() == [True, True, True, False, False]


def test_without_common_years_nothing_is_joined() -> None:
    with pytest.raises(InvalidValuesError, match="inget gemensamt år"):
        splice(OLD[:"2019"], NEW)
    with pytest.raises(InvalidValuesError, match="inget gemensamt år"):
        splice(OLD * np.nan, NEW)
    with pytest.raises(InvalidValuesError, match="årsvärden"):
        splice(OLD.rename({"2018": "2018K1"}), NEW)

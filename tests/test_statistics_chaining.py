"""Volumes in a reference year's prices against values worked by hand, and where a chain must end."""

import math

import numpy as np
import pandas as pd
import pytest

from affarsplan_data.indicators.formulas import evaluate
from affarsplan_data.statistics import InvalidValuesError, MissingBaseError, chained

# SYNTETISKA TESTDATA.
YEARS = ["2014", "2015", "2016", "2017", "2018"]
LEVELS = pd.Series([70.0, 90.0, 100.0, 115.0, 120.0], index=YEARS)
CHANGES = pd.Series([np.nan, 60.0, 25.0, 10.0, -5.0], index=YEARS)


def rounded(values: pd.Series) -> list[float | None]:
    return [None if math.isnan(value) else round(value, 9) for value in values]


def test_the_reference_years_level_times_the_changes_both_ways():
    # 100 / 1.25 = 80, 80 / 1.6 = 50; 100 · 1.1 = 110, 110 · 0.95 = 104.5.
    assert rounded(chained(LEVELS, CHANGES, "2016")) == [50, 80, 100, 110, 104.5]


def test_the_reference_year_moves_the_level_and_not_the_changes():
    by_2016, by_2018 = (chained(LEVELS, CHANGES, year) for year in ("2016", "2018"))
    assert by_2018["2018"] == 120
    assert rounded(by_2018 / by_2016) == [round(120 / 104.5, 9)] * 5


def test_the_order_of_the_rows_does_not_matter():
    turned = chained(LEVELS[::-1], CHANGES[::-1], "2016")
    assert rounded(turned) == [104.5, 110, 100, 80, 50]


@pytest.mark.parametrize(
    ("lacking", "left"),
    [
        ("2017", [50, 80, 100, None, None]),
        ("2018", [50, 80, 100, 110, None]),
        # The change of the reference year itself joins it to the year before.
        ("2016", [None, None, 100, 110, 104.5]),
        ("2015", [None, 80, 100, 110, 104.5]),
    ],
)
def test_a_change_that_lacks_ends_the_chain(lacking: str, left: list[float | None]):
    changes = CHANGES.copy()
    changes[lacking] = np.nan
    assert rounded(chained(LEVELS, changes, "2016")) == left


def test_a_year_that_lacks_ends_the_chain():
    kept = ["2014", "2016", "2018"]
    assert rounded(chained(LEVELS[kept], CHANGES[kept], "2016")) == [None, 100, None]


def test_a_chain_does_not_cross_a_break_or_two_publications():
    marks = pd.Series([1, 1, 1, 2, 2], index=YEARS)
    assert rounded(chained(LEVELS, CHANGES, "2016", marks)) == [50, 80, 100, None, None]
    assert rounded(chained(LEVELS, CHANGES, "2018", marks)) == [
        *(None, None, None),
        round(120 / 0.95, 9),
        120,
    ]


def test_nothing_is_chained_from_a_fall_of_everything():
    changes = CHANGES.copy()
    changes["2017"] = -100
    assert rounded(chained(LEVELS, changes, "2016")) == [50, 80, 100, None, None]


@pytest.mark.parametrize("level", [np.nan, 0.0, -5.0])
def test_a_reference_year_without_a_level_is_refused(level: float):
    levels = LEVELS.copy()
    levels["2016"] = level
    with pytest.raises(MissingBaseError, match="2016"):
        chained(levels, CHANGES, "2016")
    with pytest.raises(MissingBaseError, match="2030"):
        chained(LEVELS, CHANGES, "2030")


def test_series_that_do_not_belong_together_are_refused():
    with pytest.raises(InvalidValuesError, match="olika index"):
        chained(LEVELS, CHANGES[1:], "2016")
    months = LEVELS.set_axis([f"2016M{n:02}" for n in range(1, 6)])
    with pytest.raises(InvalidValuesError, match="årsvärden"):
        chained(months, months, "2016")


def frame(values: dict[tuple[str, str], float], **more: object) -> pd.DataFrame:
    """Return an input of a formula, one publication and one segment unless told."""
    rows = [(region, period, value) for (region, period), value in values.items()]
    held = pd.DataFrame(rows, columns=["region", "period", "value"])
    meta = {"segment": 0, "preliminary": False, "source": "SCB", "table": "T", "vintage": "v"}
    return held.assign(status="", **(meta | more))


def values(result: pd.DataFrame) -> dict[tuple[str, str], float | None]:
    keys = zip(result["region"], result["period"], strict=True)
    return dict(zip(keys, rounded(result["value"]), strict=True))


def test_the_formula_chains_each_region_by_itself():
    level = frame({("19", "2016"): 100, ("19", "2017"): 130, ("00", "2016"): 1000} | EARLY)
    change = frame({("19", "2016"): 25, ("19", "2017"): 10, ("00", "2016"): -50})
    result = evaluate("chained_volume", {"level": level, "change": change}, {"reference": "2016"})
    assert values(result) == {
        ("19", "2015"): 80,
        ("19", "2016"): 100,
        ("19", "2017"): 110,
        ("00", "2015"): 2000,
        ("00", "2016"): 1000,
        # No level of the reference year, so nothing to chain from.
        ("01", "2015"): None,
    }


EARLY = {("19", "2015"): 1.0, ("00", "2015"): 2.0, ("01", "2015"): 3.0}


def test_the_formula_ends_a_chain_where_the_changes_come_from_another_version():
    level = frame({("19", year): 100 for year in ("2015", "2016", "2017")})
    change = frame({("19", year): 10 for year in ("2015", "2016", "2017")}).assign(
        segment=[0, 0, 1]
    )
    result = evaluate("chained_volume", {"level": level, "change": change}, {"reference": "2016"})
    assert values(result) == {
        ("19", "2015"): round(100 / 1.1, 9),
        ("19", "2016"): 100,
        ("19", "2017"): None,
    }


def test_womens_share_over_mens_share_by_hand():
    # 30 of 200 women and 90 of 300 men: 15 percent over 30 percent.
    part = frame({("19", "2023"): 30, ("1980", "2023"): 90}).assign(region="19")
    whole = frame({("19", "2023"): 200, ("1980", "2023"): 300}).assign(region="19")
    sexes = ["women", "men"]
    inputs = {"part": part.assign(sex=sexes), "whole": whole.assign(sex=sexes)}
    assert values(evaluate("women_share_per_men_share", inputs, {})) == {("19", "2023"): 50}

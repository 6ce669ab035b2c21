"""Published figures that the methods must give, as reproduced before the plan was followed up."""

import pandas as pd
import pytest

from affarsplan_data.statistics import growth_by_start, poisson_interval, ratio_percent

# SCB, business R&D in Västmanland by year, mnkr, revised series.
RESEARCH = pd.Series(
    [1402.0, 1700, 2239, 2399, 2299], index=["2011", "2013", "2015", "2017", "2019"]
)


def test_research_has_grown_or_not_depending_on_the_start() -> None:
    table = growth_by_start(RESEARCH, "2019").set_index("start")
    assert table["change"].round().to_dict() == {"2011": 64, "2013": 35, "2015": 3, "2017": -4}
    assert table["growth"]["2011"] == pytest.approx(100 * ((2299 / 1402) ** (1 / 8) - 1))
    assert list(table["years"]) == [8, 6, 4, 2]


def test_change_is_missing_where_growth_is() -> None:
    table = growth_by_start(RESEARCH.where(RESEARCH.index != "2015"), "2019").set_index("start")
    assert table["change"].isna().to_dict() == {
        "2011": False,
        "2013": False,
        "2015": True,
        "2017": False,
    }
    assert table.at["2015", "reason"]


def test_new_firms_are_84_percent_of_the_country() -> None:
    assert round(ratio_percent(9.4, 11.2)) == 84


def test_24_cases_may_be_15_to_36() -> None:
    assert [round(end) for end in poisson_interval(24)] == [15, 36]

"""Another base year: counted anew inside one unbroken series, said in the text, else refused."""

from collections.abc import Callable

import pandas as pd
import pytest

import affarsplan_data as ap
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import formulas, indicator, sentences
from affarsplan_data.indicators.rebasing import BASED, rebased
from affarsplan_data.pages.texts import Notice
from affarsplan_data.parameters import ParameterError, parameters

INDEX = "employed_daytime_index"


def _series(values: dict[str, float], broken_from: str = "9999") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region": "19",
            "period": list(values),
            "value": list(values.values()),
            "segment": [int(period >= broken_from) for period in values],
        }
    )


@pytest.fixture
def evaluated() -> Callable[[str, int, pd.DataFrame], pd.Series]:
    """Return a function that gives an indicator's values on a base year, by period."""

    def run(id: str, year: int, frame: pd.DataFrame) -> pd.Series:
        about = rebased(load_catalogue().indicator(id), year)
        found = formulas.evaluate(
            about.formula.function, {"value": frame}, about.formula.parameters
        )
        return found.set_index("period")["value"]

    return run


def test_an_index_is_a_hundred_in_the_chosen_year_and_counted_from_the_figures(evaluated):
    found = evaluated(
        "ghg_territorial_index", 2010, _series({"2005": 80.0, "2010": 40.0, "2015": 30.0})
    )
    assert found.to_dict() == {"2005": 200.0, "2010": 100.0, "2015": 75.0}


def test_no_figure_is_carried_over_a_break(evaluated):
    frame = _series({"2005": 80.0, "2010": 40.0, "2015": 30.0, "2016": 15.0}, broken_from="2015")
    found = evaluated("ghg_territorial_index", 2015, frame)
    assert found[["2005", "2010"]].isna().all()
    assert found["2016"] == 50.0


def test_the_path_begins_in_the_chosen_year(evaluated):
    frame = _series({"2010": 40.0, "2015": 30.0})
    assert evaluated("ghg_distance_to_path", 2015, frame)["2015"] == 0.0
    assert evaluated("ghg_distance_to_path", 2010, frame)["2015"] == pytest.approx(
        75 - 100 * 0.25 ** (5 / 35)
    )


def test_only_what_counts_from_a_base_is_touched():
    catalogue = load_catalogue()
    for about in catalogue.indicators.values():
        same = rebased(about, 2015) is about
        assert same == (about.formula.function not in BASED)
        assert rebased(about, None) is about


def test_the_base_stands_in_titles_subtitles_and_the_table():
    shown = ap.page("rus-uppfoljning", region="19", base_year=2021).lines(INDEX)
    assert isinstance(shown, Figure)
    assert "2021" in shown.title
    assert "index, 2021 = 100" in shown.subtitle
    table = ap.page("rus-uppfoljning", region="19", base_year=2021).key_figures().table
    row = table[table["Indikator"] == load_catalogue().indicator(INDEX).name].iloc[0]
    assert "2021 = 100" in row["Anmärkning"]
    assert row["Värde"] == "100,0"


def test_sentences_say_the_chosen_base():
    values = indicator(INDEX, data="edition", base_year=2021)
    assert sentences.level(values, "19", "2020").endswith("2020 än 2021 i Västmanlands län")


def test_what_cannot_be_rebased_is_refused_with_the_years_there_are():
    shown = ap.page("rus-uppfoljning", region="19", base_year=2015).lines(INDEX)
    assert isinstance(shown, Notice)
    assert "basåret 2015" in shown.reason
    assert "den senaste obrutna serien, som för Västmanlands län är 2020–2021." in shown.reason
    table = ap.page("rus-uppfoljning", region="19", base_year=2015).key_figures().table
    row = table[table["Indikator"] == load_catalogue().indicator(INDEX).name].iloc[0]
    assert row["Värde"] == "–"
    assert "Västmanlands län är 2020–2021" in row["Anmärkning"]


def test_the_page_says_what_the_base_year_is_used_for():
    (said,) = ap.page("rus-uppfoljning", region="19", base_year=2021).opening.remarks
    assert said.startswith("Basåret 2021 används för sysselsatta med arbetsplats i området.")
    (said,) = ap.page("delmal-05", region="19", base_year=2021).opening.remarks
    assert "ingen av sidans indikatorer har ett basår" in said


@pytest.mark.parametrize("year", [1989, 2027, "2015", True, 2015.0])
def test_a_base_year_that_is_none_is_refused(year):
    with pytest.raises(
        ParameterError, match=r"Basåret ”.*” går inte att använda.*från 1990 till 2026"
    ):
        parameters("19", year=2026, base_year=year)

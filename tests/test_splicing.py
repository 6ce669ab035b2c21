"""An indicator linked to the register before: a labelled estimate that nobody gets unasked."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import affarsplan_data as ap
from affarsplan_data.analysis.linked import SplicedView
from affarsplan_data.catalogue import CatalogueError, load_catalogue
from affarsplan_data.catalogue.loading import _check_earlier
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, spliced, splicing

EARLIER, LATER = "employment_rate_rams_20_64", "employment_rate_20_64"
ABOUT: dict[str, Any] = {
    **dict.fromkeys(("sex", "birth", "industry", "category"), "total"),
    **dict.fromkeys(("source", "table", "vintage", "other_sources"), "SYNTETISKA TESTDATA"),
    "status": "",
    "preliminary": False,
}


def values(id: str, rows: dict[str, tuple[float, int]], region: str = "19") -> IndicatorValues:
    """Return values by year with their segment: SYNTETISKA TESTDATA."""
    frame = pd.DataFrame(
        [
            {"region": region, "period": year, "value": value, "segment": segment} | ABOUT
            for year, (value, segment) in rows.items()
        ]
    )
    return IndicatorValues(load_catalogue().indicator(id), frame, "newest")


RAMS = {
    "2017": (60.0, 1),
    "2018": (62.0, 1),
    "2019": (70.0, 2),
    "2020": (72.0, 2),
    "2021": (75.0, 2),
}
BAS = {"2020": (73.44, 0), "2021": (78.0, 0), "2022": (79.0, 0), "2024": (80.0, 1)}


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> IndicatorValues:
    held = values(EARLIER, RAMS)
    monkeypatch.setattr(splicing, "indicator", lambda id, data: {EARLIER: held}[id])
    return values(LATER, BAS)


def test_the_earlier_register_is_brought_to_the_level_of_the_later(later):
    linked = spliced(later, "19")
    # 73.44 / 72 = 1.02 and 78 / 75 = 1.04; the geometric mean is 1.02995.
    assert linked.factor == pytest.approx((1.02 * 1.04) ** 0.5)
    assert linked.overlap == ("2020", "2021")
    assert linked.spread == pytest.approx(100 * (1.04 / 1.02 - 1))
    frame = linked.frame.set_index("period")
    assert frame["value"]["2019"] == pytest.approx(70 * linked.factor)
    assert frame["published"]["2019"] == 70
    assert frame["spliced"].to_dict() == {
        **dict.fromkeys(("2017", "2018", "2019"), True),
        **dict.fromkeys(("2020", "2021", "2022", "2024"), False),
    }
    assert frame["value"]["2020":].tolist() == [73.44, 78.0, 79.0, 80.0]


def test_only_the_break_between_the_registers_is_closed(later):
    segment = spliced(later, "19").frame.set_index("period")["segment"]
    assert segment["2017"] == segment["2018"] != segment["2019"]
    assert segment["2019"] == segment["2020"] == segment["2022"] != segment["2024"]


def test_the_estimate_says_so_and_is_a_line_of_its_own(later):
    view = SplicedView(spliced(later, "19"))
    assert "faktorn 1,030" in view.label
    assert "efter 2020 och 2021" in view.label
    assert "skiljer sig 2,0" in view.label
    assert "uppskattning, inte publicerad" in view.label
    figure = view.figure()
    assert view.label in figure.notes
    assert "Streckad linje: uppskattade värden 2017–2019" in figure.alt
    assert list(figure.table.columns)[-1] == "Länkad, faktor 1,030"
    drawn = figure.html
    assert "stroke-dasharray" in drawn
    assert "uppskattning, inte publicerad" in drawn


def test_registers_without_a_year_in_common_are_not_linked(monkeypatch):
    held = values(EARLIER, {year: row for year, row in RAMS.items() if year < "2020"})
    monkeypatch.setattr(splicing, "indicator", lambda id, data: held)
    with pytest.raises(MissingIndicatorError, match="till 2019 och .* från 2020"):
        spliced(values(LATER, BAS), "19")
    with pytest.raises(MissingIndicatorError, match="saknas för området"):
        spliced(values(LATER, BAS), "20")


def test_what_has_no_earlier_register_says_so():
    with pytest.raises(MissingIndicatorError, match="inget tidigare register"):
        spliced(values("brp_per_capita", BAS), "19")


def test_the_edition_has_no_year_that_both_registers_have():
    with pytest.raises(MissingIndicatorError, match="till 2017 och .* från 2020"):
        ap.indicator(LATER, region="1980", data="edition").spliced()
    assert ap.indicator(LATER, region="1980", data="edition").frame["period"].min() == "2020"


def test_a_link_needs_another_indicator_of_the_same_unit():
    held = load_catalogue().indicators.held
    about = load_catalogue().indicator(LATER)
    for wrong in ("no_such", LATER):
        changed = about.model_copy(update={"earlier_register": wrong})
        with pytest.raises(CatalogueError, match="inte är en annan"):
            _check_earlier("employment.yaml", changed, held)
    other = about.model_copy(update={"earlier_register": "brp_per_capita"})
    with pytest.raises(CatalogueError, match="en annan enhet"):
        _check_earlier("employment.yaml", other, held)


def test_the_values_themselves_are_never_linked(later):
    before = later.frame.copy()
    spliced(later, "19")
    pd.testing.assert_frame_equal(later.frame, before)
    assert replace(later).latest("19") == "2024"

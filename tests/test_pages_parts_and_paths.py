"""Pages' charts of surveys, parts of a whole, emissions, and two indicators at once.

All figures here are made up: SYNTETISKA TESTDATA.
"""

from typing import Any

import pandas as pd
import pytest

import affarsplan_data as ap
from affarsplan_data import regions
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError
from affarsplan_data.indicators.evaluate import COLUMNS
from affarsplan_data.indicators.rebasing import rebased
from affarsplan_data.pages import charts_of_emissions
from affarsplan_data.pages.charts_by_industry import industry_levels
from affarsplan_data.pages.charts_of_emissions import decoupling, path
from affarsplan_data.pages.charts_of_parts import (
    composition,
    composition_over_time,
    parts_of_gap,
)
from affarsplan_data.pages.charts_of_surveys import by_background, country_by_sex, rounds
from affarsplan_data.pages.charts_of_two import two_values
from affarsplan_data.pages.scope import scope
from affarsplan_data.pages.texts import Notice
from affarsplan_data.parameters import parameters

GIVEN = parameters("19", ["00"], 2026)
FOUR = {
    ("women", "native"): 20.0,
    ("women", "foreign"): 10.0,
    ("men", "native"): 50.0,
    ("men", "foreign"): 20.0,
}


def _row(region: str, period: str, value: float, **other: Any) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(COLUMNS, "total")
    row |= {"region": region, "period": period, "value": value, "low": value - 2}
    row |= {"high": value + 2, "count": float("nan"), "base": float("nan"), "segment": 0}
    row |= {"preliminary": False, "status": "", "other_sources": "", "vintage": ""}
    return row | {"source": "påhittad", "table": "SYNTETISKA TESTDATA"} | other


def _values(id: str, *rows: dict[str, object], base_year: int | None = None) -> IndicatorValues:
    return IndicatorValues(
        rebased(load_catalogue().indicator(id), base_year), pd.DataFrame(list(rows))
    )


def _drawn(form: Any, values: IndicatorValues, **options: Any) -> Figure:
    return form(values, scope(values, GIVEN), GIVEN, **options)


def _survey(*rows: dict[str, object]) -> IndicatorValues:
    years = ("2017", "2020", "2023")
    both = [_row(r, y, 60 + i) for r in ("19", "00") for i, y in enumerate(years)]
    return _values("growth_willingness_share", *both, *rows)


def _sexes(region: str) -> list[dict[str, object]]:
    found = (("women", 55.0), ("men", 65.0))
    return [_row(region, y, v, sex=sex) for y in ("2020", "2023") for sex, v in found]


def test_a_survey_shows_the_county_and_riket_round_by_round_and_says_whose_sexes_there_are():
    figure = _drawn(rounds, _survey(*_sexes("00")))
    assert figure.table["År"].tolist() == ["2017", "2020", "2023"]
    assert {"Riket", "Västmanland", "Västmanland, nedre gräns"} <= set(figure.table)
    assert "Kvinnor och män redovisas bara för riket." in figure.notes
    assert "osäkerhetsintervall" in figure.svg(680)


def test_a_survey_shows_women_and_men_where_the_county_has_them():
    figure = _drawn(rounds, _survey(*_sexes("19")))
    assert {"Kvinnor", "Män"} == {c for c in map(str.capitalize, figure.table) if "," not in c} - {
        "År"
    }
    assert "Västmanlands län" in figure.title
    assert _drawn(country_by_sex, _survey(*_sexes("00"))).title.count("riket") == 1


def test_four_groups_of_a_survey_are_said_to_be_rikets():
    rows = [
        _row("00", "2023", 50 + 5 * i, sex=sex, category=category)
        for i, (sex, category) in enumerate(
            (s, c) for s in ("women", "men") for c in ("swedish_background", "foreign_background")
        )
    ]
    figure = _drawn(by_background, _values("growth_willingness_by_leader", *rows))
    assert figure.table["Kvinnor"].tolist() == [50, 55]
    assert figure.table["Män"].tolist() == [60, 65]
    assert "finns inte per län" in figure.subtitle
    assert (
        "högst i företag som leds av män med utländsk bakgrund (65,0\u00a0procent)" in figure.title
    )
    assert "lägst i företag som leds av kvinnor med svensk bakgrund (50,0" in figure.title


def _parts(region: str, period: str, **changed: float) -> list[dict[str, object]]:
    return [
        _row(region, period, changed.get(f"{sex}_{birth}", value), sex=sex, birth=birth)
        for (sex, birth), value in FOUR.items()
    ]


def test_parts_are_shown_for_the_regions_that_have_them_all():
    rows = [*_parts("19", "2023"), *_parts("00", "2023"), *_parts("04", "2023")[:3]]
    figure = _drawn(composition, _values("ict_workforce_diversity", *rows))
    assert figure.table["Område"].tolist() == ["Västmanland", "Riket"]
    assert list(figure.table.columns)[1] == "Inrikes födda kvinnor"
    assert "störst del inrikes födda män 50,0" in figure.title
    assert "utrikes födda kvinnor 10,0" in figure.title


def _gap(region: str, *parts: float) -> list[dict[str, object]]:
    names = ("productivity", "sources", "commuting", "employment", "age")
    whole = _row(region, "2023", sum(parts))
    return [
        whole,
        *(_row(region, "2023", v, category=n) for n, v in zip(names, parts, strict=True)),
    ]


def test_the_gap_to_riket_is_shown_in_parts_that_add_up():
    rows = [*_gap("19", -4.0, 1.0, -2.5, -1.0, 0.5), *_gap("04", 1.0, 1.0, 1.0, 1.0, 1.0)[:4]]
    figure = _drawn(parts_of_gap, _values("brp_gap_decomposition", *rows))
    assert figure.table["Område"].tolist() == ["Västmanland"]
    assert figure.table["Summa"].tolist() == [-6.0]
    assert "var \u22126,0\u00a0logprocent i Västmanlands län 2023" in figure.title
    assert "störst del: BRP per sysselsatt i regionalräkenskaperna (\u22124,0)" in figure.title
    with pytest.raises(MissingIndicatorError):
        _drawn(parts_of_gap, _values("brp_gap_decomposition", *rows[:3]))


def test_parts_that_do_not_make_a_whole_are_never_stretched_to_one():
    rows = [*_parts("19", "2022"), *_parts("19", "2023", men_native=80.0)]
    figure = _drawn(composition, _values("ict_workforce_diversity", *rows))
    assert "2022" in figure.title
    with pytest.raises(MissingIndicatorError, match="går inte ihop"):
        _drawn(composition, _values("ict_workforce_diversity", *rows[4:]))


def test_size_classes_stand_in_their_own_order_year_by_year():
    sizes = ("size_0_9", "size_10_49", "size_50_249", "size_250_plus", "size_unknown")
    rows = [
        _row("19", year, 10.0 * (i + 1), category=size)
        for year in ("2021", "2022")
        for i, size in enumerate(sizes)
    ]
    figure = _drawn(composition_over_time, _values("exporting_firms_by_size", *rows))
    assert figure.table["År"].tolist() == ["2021", "2022"]
    assert [c for c in figure.table if "procent" not in c][1:3] == [
        "0–9 anställda",
        "10–49 anställda",
    ]


def test_industries_are_shown_beside_rikets_and_one_that_lacks_riket_says_so():
    rows = [
        _row("19", "2024", 900.0, industry="J"),
        _row("19", "2024", 500.0, industry="G"),
        _row("00", "2024", 700.0, industry="J"),
    ]
    figure = _drawn(industry_levels, _values("value_added_per_employee_by_industry", *rows))
    assert figure.table["Västmanland"].tolist() == [900, 500]
    assert figure.table["Riket"].isna().tolist() == [False, True]
    assert "uppgift saknas" in figure.svg(680)


def _index(id: str, first: int = 2015) -> IndicatorValues:
    levels = {2015: 100.0, 2016: 98.0, 2017: 96.0}
    rows = [
        _row(region, str(year), value, low=float("nan"), high=float("nan"))
        for region in ("19", "00")
        for year, value in levels.items()
        if year >= first
    ]
    return _values(id, *rows, base_year=2015)


def test_emissions_stand_beside_the_decided_path_to_its_end():
    figure = _drawn(
        path,
        _index("ghg_territorial_index"),
        distance=_index("ghg_distance_to_path"),
        part=_index("ghg_industry_index"),
    )
    assert "över målbanan" in figure.title
    assert "2015 = 100" in figure.title
    last = figure.table.iloc[-1]
    assert last["År"] == "2045"
    assert last["Målbana till 2045"] == pytest.approx(25)
    assert "Industrins växthusgasutsläpp" in figure.table


def test_economy_and_emissions_are_two_indices_on_one_base(monkeypatch: pytest.MonkeyPatch):
    economy = _values("grp_chained", *(_row("19", str(2015 + i), 200.0 + 20 * i) for i in range(3)))
    emitted = [_row("19", str(2015 + i), 50.0 - 5 * i) for i in range(3)]
    frame = pd.DataFrame(emitted)
    monkeypatch.setattr(charts_of_emissions, "load", lambda measure, data: frame)
    intensity = _values("ghg_intensity_brp", *emitted)
    figure = _drawn(decoupling, intensity, economy=economy)
    assert "ekonomin har vuxit medan belastningen har minskat" in figure.title
    assert "+20,0 procent, utsläpp −20,0 procent" in figure.title
    assert figure.table["BRP i fasta priser"].tolist() == pytest.approx([100, 110, 120])
    assert figure.table["växthusgasutsläpp"].tolist() == pytest.approx([100, 90, 80])


def test_two_values_are_of_one_year_and_crossed_by_rikets():
    codes = [*regions.counties(), "00"]
    goods = [_row(c, y, 1000.0 + i) for i, c in enumerate(codes) for y in ("2022", "2023")]
    services = [_row(c, "2022", 500.0 + i) for i, c in enumerate(codes)]
    figure = _drawn(
        two_values,
        _values("goods_export_per_capita", *goods),
        other=_values("services_export_per_capita", *services),
    )
    assert "2022" in figure.subtitle
    assert "2023" not in figure.title
    with pytest.raises(MissingIndicatorError, match="gemensamt år"):
        _drawn(
            two_values,
            _values("goods_export_per_capita", _row("19", "2023", 1.0)),
            other=_values("services_export_per_capita", _row("19", "2022", 1.0)),
        )


@pytest.mark.parametrize("region", ["19", "04", "1904"])
def test_the_edition_gives_a_figure_or_says_why_not(region: str):
    page = ap.page("delmal-08", region=region, data="edition")
    assert isinstance(page.composition("employment_by_firm_size"), Figure)
    missing = page.rounds("growth_willingness_share")
    assert isinstance(missing, Notice)
    assert "Tillväxtverket" in missing.reason


def test_figures_that_begin_after_the_indicators_own_base_year_can_be_rebased(
    monkeypatch: pytest.MonkeyPatch,
):
    from affarsplan_data.pages import reading

    nan = float("nan")

    def made(id: str, *, until: Any, data: str, base_year: int | None = None) -> IndicatorValues:
        found = [100.0, 90.0] if base_year == 2015 else [nan, nan]
        rows = [_row("19", y, v) for y, v in zip(("2015", "2016"), found, strict=True)]
        return _values(id, *rows, base_year=base_year)

    monkeypatch.setattr(reading, "indicator", made)
    given = parameters("19", ["00"], 2026, base_year=2015)
    values = reading.read("ghg_territorial_index", given)
    assert values.series("19")["value"].tolist() == [100.0, 90.0]
    assert reading.without_base("ghg_territorial_index", given, "19") == ""
    later = parameters("19", ["00"], 2026, base_year=2020)
    assert "kan inte räknas om" in reading.without_base("ghg_territorial_index", later, "19")

"""Pages' charts with a row for each industry, occupation or cause.

All figures here are made up: SYNTETISKA TESTDATA.
"""

from typing import Any

import pandas as pd
import pytest

from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.indicators.evaluate import COLUMNS
from affarsplan_data.pages import charts_of_strengths as charts
from affarsplan_data.pages.scope import scope
from affarsplan_data.parameters import parameters

INDUSTRIES = ("B+C", "D+E", "J")


def _row(region: str, period: str, value: float, **other: Any) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(COLUMNS, "total")
    row |= {"region": region, "period": period, "value": value, "low": value, "high": value}
    row |= {"count": float("nan"), "base": float("nan"), "segment": 0, "preliminary": False}
    row |= {"status": "", "other_sources": "", "vintage": ""}
    return row | {"source": "påhittad", "table": "SYNTETISKA TESTDATA"} | other


def _values(id: str, rows: list[dict[str, object]]) -> IndicatorValues:
    return IndicatorValues(load_catalogue().indicator(id), pd.DataFrame(rows))


def _drawn(form: Any, values: IndicatorValues, region: str = "19", **options: Any) -> Figure:
    given = parameters(region, ["00", "04"], 2026)
    return form(values, scope(values, given), given, **options)


def _lq() -> IndicatorValues:
    rows = [
        _row(region, "2024", value + shift, industry=industry)
        for region, shift in (("19", 0.0), ("04", 0.5))
        for industry, value in zip(INDUSTRIES, (2.0, 0.5, 1.5), strict=True)
    ]
    return _values("strength_area_lq", rows)


def _index(years: tuple[str, ...] = ("2022", "2023", "2024")) -> IndicatorValues:
    rows = [
        _row("19", year, 100.0 + grown * place, industry=industry, sex=sex)
        for place, year in enumerate(years)
        for industry, grown in zip(INDUSTRIES, (5.0, 2.0, -3.0), strict=True)
        for sex in ("total", "women", "men")
    ]
    return _values("strength_area_employment_index", rows)


def test_women_and_men_for_each_industry_with_the_widest_gap_in_the_title():
    rows = [
        _row("19", "2024", value, industry=industry, sex=sex)
        for industry, pair in zip(INDUSTRIES, ((0.4, 0.9), (1.0, 1.1), (1.2, 1.0)), strict=True)
        for sex, value in zip(("women", "men"), pair, strict=True)
    ]
    figure = _drawn(charts.parts_by_sex, _values("strength_area_foreign_born_share", rows))
    assert figure.table["Kvinnor"].tolist() == [0.4, 1.0, 1.2]
    assert "störst skillnad i tillverkning och utvinning, 0,40 bland kvinnor" in figure.title
    town = _drawn(charts.parts_by_sex, _values("strength_area_foreign_born_share", rows), "1980")
    assert "Uppgiften finns inte för Västerås" in town.subtitle


def test_a_difference_is_largest_among_people_and_not_in_them():
    rows = [
        _row("19", "2024", value + shift, sex=sex)
        for sex, shift in (("women", 0.0), ("men", 0.5))
        for value in (0.6, 1.0)
    ]
    about = load_catalogue().indicator("strength_occupations_lq")
    names = sentences.categories(about)
    for row, category in zip(rows, list(names)[:2] * 2, strict=True):
        row["category"] = category
    figure = _drawn(charts.parts_by_sex, _values(about.id, rows))
    assert "störst skillnad bland " in figure.title


def test_an_index_is_never_shown_in_its_first_year():
    figure = _drawn(charts.parts_by_sex, _index())
    assert "2022 = 100" in figure.subtitle
    assert figure.table["Kvinnor"].tolist() == [110.0, 104.0, 94.0]
    with pytest.raises(MissingIndicatorError, match="bara ett år efter det senaste brottet"):
        _drawn(charts.parts_by_sex, _index(("2024",)))


def test_how_special_against_how_it_has_grown():
    figure = _drawn(charts.growth_of_special, _lq(), growth=_index())
    assert figure.title.startswith("1 av 3 branscher inom styrkeområdena är större än i riket")
    assert "2024 än 2022" in figure.title
    assert len(figure.table) >= 3
    other = _index(("2020", "2021", "2023"))
    with pytest.raises(MissingIndicatorError, match="samma år"):
        _drawn(charts.growth_of_special, _lq(), growth=other)


def test_industries_of_the_counties_compared():
    figure = _drawn(charts.industry_heat, _lq())
    assert figure.chart is None
    assert figure.table.iloc[:, 1].tolist() == [2.0, 0.5, 1.5]
    assert [c.split(" ")[0] for c in figure.table.columns] == [
        "Näringsgren",
        "Västmanland",
        "Södermanland",
    ]
    assert "högst för tillverkning och utvinning (2,00)" in figure.title


def test_women_in_each_industry_beside_riket():
    rows = [
        _row(region, "2024", value, industry=industry)
        for region in ("19", "00")
        for industry, value in zip(INDUSTRIES, (39.96, 20.0, 55.0), strict=True)
    ]
    rows += [_row("19", "2024", 10.0, industry="J", birth="foreign")]
    figure = _drawn(charts.women_by_industry, _values("strength_area_women_share", rows))
    # The table prints 40,0, so the sentence counts it.
    assert "40–60 procent i 2 av 3 branscher" in figure.title
    assert figure.table["Män"].tolist()[:2] == [pytest.approx(60.04)] * 2
    assert len(figure.table) == 6


def test_the_parts_of_each_industrys_change_add_up():
    names = {"national": 2.0, "mix": -1.0}
    rows = [
        _row("19", "2024", value, industry=industry, category=category)
        for industry, regional in zip(INDUSTRIES, (4.0, -6.0, 1.0), strict=True)
        for category, value in (names | {"regional": regional, "change": regional + 1.0}).items()
    ]
    figure = _drawn(charts.change_by_industry, _values("shift_share_regional_component", rows))
    assert figure.table.iloc[:, 0].tolist()[0] == "Tillverkning och utvinning"
    assert "störst i tillverkning och utvinning (+4,0) och minst i energi och miljö (−6,0)" in (
        figure.title
    )
    assert figure.table.iloc[:, -1].tolist() == [5.0, 2.0, -5.0]


def test_the_rows_of_each_industrys_change_stand_in_the_order_of_the_printed_sum():
    parts = {"national": (0.0, 0.0), "mix": (-9.0, 3.0), "regional": (4.0, 2.0)}
    rows = [
        _row("19", "2024", value, industry=industry, category=category)
        for category, pair in (parts | {"change": (-5.0, 5.0)}).items()
        for industry, value in zip(INDUSTRIES, pair, strict=False)
    ]
    figure = _drawn(charts.change_by_industry, _values("shift_share_regional_component", rows))
    assert figure.table.iloc[:, -1].tolist() == [5.0, -5.0]
    assert "störst i tillverkning och utvinning (+4,0)" in figure.title


def test_the_causes_of_each_years_change():
    causes = ("birth_surplus", "net_immigration", "net_migration_other_counties")
    rows = [
        _row("19", year, value, category=cause)
        for year in ("2023", "2024")
        for cause, value in zip(causes, (-1.0, 4.0, 0.5), strict=True)
    ]
    rows += [_row("19", "2024", 3.5), _row("19", "2024", 9.0, category=causes[0], sex="women")]
    figure = _drawn(charts.causes_over_time, _values("population_growth_components", rows))
    assert figure.table.iloc[:, 0].tolist() == ["2023", "2024"]
    assert figure.table.iloc[:, -1].tolist() == [3.5, 3.5]
    assert "födelseöverskott −1,0" in figure.title


@pytest.mark.parametrize(
    "form",
    [charts.parts_by_sex, charts.industry_heat, charts.women_by_industry],
)
def test_a_region_without_figures_is_told(form):
    with pytest.raises(MissingIndicatorError, match="Stockholm"):
        _drawn(form, _lq(), "01")


def test_what_is_said_across_industries_is_of_everyone():
    rows = [
        _row("19", "2024", value, industry=industry, birth=birth)
        for birth, shift in (("total", 0.0), ("foreign", 30.0))
        for industry, value in zip(INDUSTRIES, (40.0, 20.0, 55.0), strict=True)
        for value in [value + shift]
    ]
    said = sentences.across(_values("strength_area_women_share", rows), "19", "2024")
    assert "högst för information och kommunikation (55,0" in said

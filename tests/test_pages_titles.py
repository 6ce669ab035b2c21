"""Titles of charts that compare groups or years claim no more than every pair's interval carries.

All figures here are made up: SYNTETISKA TESTDATA.
"""

import pandas as pd
import pytest

from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.indicators import IndicatorValues
from affarsplan_data.indicators.evaluate import COLUMNS
from affarsplan_data.pages.charts_by_group import four_groups, groups, women_and_men
from affarsplan_data.pages.charts_by_region import intervals, ranked
from affarsplan_data.pages.scope import scope
from affarsplan_data.pages.titles import two_groups, two_years
from affarsplan_data.parameters import parameters

WOMEN, MEN = {"sex": "women"}, {"sex": "men"}
ABOUT = load_catalogue().indicator("employment_rate_20_64")


def _row(region: str, sex: str, count: int, base: int, **other: str) -> dict[str, object]:
    share = 100 * count / base
    row = dict.fromkeys(COLUMNS, "total") | {"region": region, "period": "2024", "sex": sex}
    row |= {"value": share, "low": share - 1, "high": share + 1, "count": count, "base": base}
    row |= {"segment": 0, "preliminary": False, "status": "", "other_sources": ""}
    return row | {"source": "påhittad", "table": "SYNTETISKA TESTDATA", "vintage": ""} | other


def _values(*rows: dict[str, object]) -> IndicatorValues:
    return IndicatorValues(ABOUT, pd.DataFrame(list(rows)))


def _both(region: str, women: int, men: int, base: int) -> list[dict[str, object]]:
    return [_row(region, "women", women, base), _row(region, "men", men, base)]


def _title(*rows: dict[str, object], codes: tuple[str, ...] = ("1980", "1981", "1982")) -> str:
    return two_groups(_values(*rows), list(codes), "2024", (WOMEN, MEN), "kommuner")


def test_a_small_difference_in_points_is_not_said_to_be_one():
    rows = [row for code in ("1980", "1981", "1982") for row in _both(code, 80, 82, 100)]
    assert "inte säkert skilda i någon av 3 kommuner" in _title(*rows)
    assert "högre" not in _title(*rows)


def test_certain_and_unsure_regions_are_counted_apart():
    said = _title(
        *_both("1980", 7000, 8000, 10_000), *_both("1981", 80, 82, 100), *_both("1982", 81, 80, 100)
    )
    assert "var högre bland män i 1 av 3 kommuner 2024; i 2 är skillnaden inte säker" in said
    assert "uppmätta skillnaden i Västerås (10,0\u00a0procentenheter)" in said


def test_all_on_one_side_is_said_only_when_all_are_certain():
    rows = [row for code in ("1980", "1981", "1982") for row in _both(code, 7000, 8000, 10_000)]
    assert "högre bland män i alla 3 kommuner 2024." in _title(*rows)


def test_both_sides_are_told():
    said = _title(*_both("1980", 7000, 8000, 10_000), *_both("1981", 8000, 7000, 10_000))
    assert "högre bland kvinnor i 1 och bland män i 1 av 2 kommuner 2024." in said


@pytest.mark.parametrize(
    ("women", "men", "base", "sure"), [(80, 82, 100, False), (7000, 8000, 10_000, True)]
)
def test_a_single_region_has_both_figures_and_the_doubt(women, men, base, sure):
    said = _title(*_both("1980", women, men, base), codes=("1980",))
    assert "bland kvinnor och" in said
    assert ("inte säkert skilda" in said) is not sure


def test_years_that_cannot_be_told_apart_are_not_called_higher():
    rows = [_row("1980", "total", 80, 100), _row("1980", "total", 82, 100) | {"period": "2025"}]
    assert "inte säker i Västerås" in two_years(
        _values(*rows), ["1980"], "2024", "2025", "kommuner"
    )


def _four(region: str) -> list[dict[str, object]]:
    counts = {
        ("women", "native"): 80,
        ("women", "foreign"): 55,
        ("men", "native"): 82,
        ("men", "foreign"): 65,
    }
    return [_row(region, sex, 100 * n, 10_000, birth=birth) for (sex, birth), n in counts.items()]


def test_the_finest_split_comes_first():
    given = parameters("19", ["00"])
    values = _values(*_four("19"), *_four("00"), *_both("19", 7000, 8000, 10_000))
    shown = groups(values, scope(values, given), given)
    assert shown.name == "fyra-grupper-employment-rate-20-64"
    assert "utrikes födda kvinnor det lägsta" in shown.title
    without = _values(*_both("19", 7000, 8000, 10_000), *_both("00", 7000, 8000, 10_000))
    assert (
        groups(without, scope(without, given), given).name == "konsskillnad-employment-rate-20-64"
    )


def test_four_groups_have_a_row_for_the_region_and_riket():
    given = parameters("19", ["00"])
    values = _values(*_four("19"), *_four("00"))
    shown = four_groups(values, scope(values, given), given)
    assert list(shown.table["Område"]) == ["Västmanland", "Riket"]
    assert len(shown.table.columns) == 5


def test_a_split_that_exists_only_by_county_is_shown_by_county():
    given = parameters("19", ["00"])
    values = _values(
        _row("1980", "total", 80, 100),
        *_both("19", 7000, 8000, 10_000),
        *_both("04", 7000, 8000, 10_000),
    )
    shown = women_and_men(values, scope(values, given), given)
    assert "i alla 2 län" in shown.title
    assert "finns inte per kommun" in shown.subtitle


def test_intervals_are_explained_only_where_they_are_drawn():
    given = parameters("19", ["00"])
    both = _values(*_both("19", 7000, 8000, 10_000), *_both("04", 7000, 8000, 10_000))
    four = _values(*_four("19"), *_four("00"))
    without = {"low": None, "high": None}
    counties = [_row(code, "total", 80, 100) for code in ("19", "04", "03")]
    riket = _row("00", "total", 80, 100)

    def explained(shown) -> bool:
        return any("Intervallen är 95-procentiga" in note for note in shown.notes)

    def drawn(draw, rows) -> bool:
        values = _values(*rows)
        return explained(draw(values, scope(values, given), given))

    pair = women_and_men(both, scope(both, given), given)
    assert not explained(pair)
    assert any("Intervallen är inte ritade." in note for note in pair.notes)
    assert not explained(four_groups(four, scope(four, given), given))
    for draw in (ranked, intervals):
        assert drawn(draw, [*counties, riket])
        assert not drawn(draw, [*({**row, **without} for row in counties), riket])

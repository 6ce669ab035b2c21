"""The plan's claims: every test on figures worked by hand, and the anchors found again in the edition.

The hand-made figures are SYNTETISKA TESTDATA.
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

import affarsplan_data as ap
from affarsplan_data import regions
from affarsplan_data.catalogue import DIMENSIONS, load_catalogue
from affarsplan_data.claims import ClaimError, Outcome, Verdict, check, judge, setting
from affarsplan_data.claims.findings import Finding, joined
from affarsplan_data.claims.forms import FORMS, saying
from affarsplan_data.claims.forms.arguments import ArgumentsError, bound
from affarsplan_data.claims.reading import Figures, NoFiguresError, Reading
from affarsplan_data.errors import UsageError
from affarsplan_data.indicators import IndicatorValues, indicator
from affarsplan_data.indicators.evaluate import COLUMNS
from affarsplan_data.plan import Claim, PlanError, load_claims

HOLDS, PARTLY, FAILS, UNKNOWN = Outcome
ALL_PEOPLE = dict.fromkeys(("sex", "birth", "age"), "total")
SHARE, SURVEY = "foreign_born_share", "new_firms_women_share"
COUNTY, COUNTRY = "19", "00"
Row = dict[str, Any]


def row(period: int | str, value: float, region: str = COUNTY, **other: Any) -> Row:
    nothing = dict.fromkeys(("low", "high", "count", "base"), math.nan)
    whole = dict.fromkeys(DIMENSIONS, "total")
    about = {"segment": 0, "preliminary": False, "status": ""}
    return (
        {"region": region, "period": str(period), "value": value} | nothing | whole | about | other
    )


def read(rows: Iterable[Row], id: str = SHARE, until: int | None = None, **about: Any) -> Reading:
    frame = pd.DataFrame(list(rows)).reindex(columns=list(COLUMNS))
    declared = load_catalogue().indicator(id).model_copy(update=about)
    return Reading(Figures(IndicatorValues(declared, frame)), COUNTY, until)


def tried(form: str, rows: Iterable[Row], id: str = SHARE, **parameters: Any) -> Finding:
    return FORMS[form](read(rows, id), **bound(FORMS[form], parameters))


def share(part: int, whole: int) -> dict[str, float]:
    return {"count": part, "base": whole}


def margin(value: float, by: float) -> dict[str, float]:
    return {"low": value - by, "high": value + by}


def groups(*values: float, base: int | None = None) -> list[Row]:
    """Women and men born in Sweden, women and men born abroad, and all of them."""
    keys = [("women", "native"), ("men", "native"), ("women", "foreign"), ("men", "foreign")]
    counted = [share(round(v * base / 100), base) if base else {} for v in values]
    return [
        row(2022, v, sex=sex, birth=birth, **numbers)
        for v, (sex, birth), numbers in zip(values, keys, counted, strict=True)
    ] + [row(2022, sum(values) / 4)]


def counties(own: float, others: Iterable[float], year: int = 2022) -> list[Row]:
    codes = [code for code in regions.counties() if code != COUNTY]
    pairs = zip(codes, others, strict=False)
    return [row(year, own), *(row(year, value, code) for code, value in pairs)]


def test_what_is_unknown_may_not_decide() -> None:
    assert joined([HOLDS, HOLDS]) == HOLDS
    assert joined([HOLDS, FAILS]) == PARTLY
    assert joined([FAILS, FAILS]) == FAILS
    assert joined([HOLDS, UNKNOWN]) == UNKNOWN
    assert joined([FAILS, UNKNOWN]) == UNKNOWN
    # One holds and one fails: whichever way the third falls, it is partly.
    assert joined([HOLDS, FAILS, UNKNOWN]) == PARTLY
    assert joined([PARTLY, UNKNOWN]) == PARTLY
    assert joined([HOLDS, HOLDS, HOLDS, UNKNOWN], needed=3) == HOLDS
    assert joined([HOLDS, HOLDS, UNKNOWN, UNKNOWN], needed=3) == UNKNOWN
    assert joined([HOLDS, FAILS, FAILS, UNKNOWN], needed=3) == PARTLY


def test_against_riket_the_interval_of_the_difference_decides() -> None:
    def against(own: Row, country: Row, **parameters: Any) -> Outcome:
        return tried("below_country", [own, country], **parameters).outcome

    assert against(row(2020, 79), row(2020, 80, COUNTRY)) == HOLDS
    assert against(row(2020, 80), row(2020, 80, COUNTRY)) == FAILS
    # Two figures that read the same are not told apart.
    assert against(row(2020, 79.96), row(2020, 80, COUNTRY)) == FAILS
    country = row(2020, 52, COUNTRY, **share(520_000, 1_000_000))
    # 50 ± 10 against 52 is no difference; 30 ± 9 is.
    assert against(row(2020, 50, **share(50, 100)), country) == UNKNOWN
    assert against(row(2020, 30, **share(30, 100)), country) == HOLDS
    assert against(row(2020, 70, **share(70, 100)), country) == FAILS
    survey = [row(2020, 40), row(2020, 60, COUNTRY)]
    assert tried("below_country", survey, SURVEY).outcome == UNKNOWN


def test_every_one_of_the_windows_counts() -> None:
    def rows(*own: float) -> list[Row]:
        return [
            line
            for year, value in enumerate(own, start=2018)
            for line in (row(year, value), row(year, 3, COUNTRY))
        ]

    assert tried("below_country", rows(1, 2, 2.9), windows=3).outcome == HOLDS
    assert tried("below_country", rows(1, 4, 2.9), windows=3).outcome == PARTLY
    assert tried("above_country", rows(1, 4, 2.9), windows=1).outcome == FAILS
    with pytest.raises(NoFiguresError, match="3 av 4"):
        tried("below_country", rows(1, 2, 2), windows=4)


@pytest.mark.parametrize(
    ("form", "parameters", "low", "high", "expected"),
    [
        ("at_least", {"limit": 40}, 41, 45, HOLDS),
        ("at_least", {"limit": 40}, 38, 43, UNKNOWN),
        ("at_least", {"limit": 40}, 30, 39, FAILS),
        ("below", {"limit": 40}, 30, 39, HOLDS),
        ("below", {"limit": 40}, 38, 43, UNKNOWN),
        ("above", {"limit": 0}, -1, 1, UNKNOWN),
        ("above", {"limit": 0}, 1, 2, HOLDS),
        ("between", {"low": 37.5, "high": 42.5}, 38, 42, HOLDS),
        ("between", {"low": 37.5, "high": 42.5}, 36, 40, UNKNOWN),
        ("between", {"low": 37.5, "high": 42.5}, 43, 45, FAILS),
    ],
)
def test_limits_are_met_by_the_whole_interval(
    form: str, parameters: dict[str, float], low: float, high: float, expected: Outcome
) -> None:
    found = tried(form, [row(2021, (low + high) / 2, low=low, high=high)], **parameters)
    assert found.outcome == expected
    assert (found.period, found.value) == ("2021", (low + high) / 2)


def test_a_survey_without_a_margin_says_so_beside_a_limit() -> None:
    found = tried("below", [row(2018, 32.5)], SURVEY, limit=50)
    assert found.outcome == HOLDS
    assert "felmarginalen är inte känd" in found.text


def test_a_quotient_of_rates_has_the_interval_of_its_counts() -> None:
    # 0.84 with counts that allow 0.80 to 0.88; with a hundred times the counts it is certain.
    few = [row(2017, 9.4, count=1511), row(2017, 11.2, COUNTRY, count=68_887)]
    many = [row(2017, 9.4, count=151_100), row(2017, 11.2, COUNTRY, count=6_888_700)]
    limits = {"low": 0.85, "high": 1.0}
    found = tried("quotient_to_country", few, **limits)
    assert found.outcome == UNKNOWN
    assert found.value == pytest.approx(9.4 / 11.2)
    assert tried("quotient_to_country", many, **limits).outcome == FAILS
    assert tried("quotient_to_country", few, low=0.75, high=1.0).outcome == HOLDS


def test_a_place_stands_with_distances_and_with_earlier_places() -> None:
    others = [float(value) for value in range(1, 21)]
    earlier = counties(20.5, others, 2021)
    found = tried("rank_is", [*earlier, *counties(9.5, others)], rank=12)
    assert (found.outcome, found.value) == (HOLDS, 12)
    assert "0,50 procentenheter till platsen före" in found.text.replace("\u00a0", " ")
    assert "tidigare plats 1 år 2021" in found.text
    assert tried("rank_is", counties(9.5, others), rank=10, tolerance=1).outcome == FAILS
    assert tried("rank_is", counties(9.5, others), rank=10, tolerance=2).outcome == HOLDS
    assert tried("rank_at_most", counties(9.5, others), rank=11).outcome == FAILS
    assert tried("rank_at_least", counties(9.5, others), rank=12).outcome == HOLDS


def test_a_place_is_unknown_when_counties_are_absent_or_intervals_overlap() -> None:
    # Place 5 of 16; the five that lack could all lie before.
    some = counties(11.5, [float(value) for value in range(1, 16)])
    assert tried("rank_is", some, rank=5).outcome == UNKNOWN
    assert tried("rank_at_most", some, rank=10).outcome == HOLDS
    with pytest.raises(NoFiguresError, match="bara 14 län"):
        tried("rank_is", some[:14], rank=5)
    wide = [r | margin(r["value"], 0.6) for r in counties(9.5, [float(v) for v in range(1, 21)])]
    assert tried("rank_is", wide, rank=12).outcome == UNKNOWN
    assert tried("rank_is", wide, rank=12, tolerance=2).outcome == HOLDS


def test_the_lowest_is_first_where_low_is_good() -> None:
    rows = counties(0.5, [float(value) for value in range(1, 21)])
    about = read(rows, direction="down")
    assert FORMS["rank_is"](about, rank=1).outcome == HOLDS


def test_below_the_median_of_the_counties() -> None:
    others = [float(value) for value in range(20)]
    assert tried("below_median", counties(8.5, others)).outcome == HOLDS
    assert tried("below_median", counties(10, others)).outcome == FAILS


def test_a_rise_stays_on_one_side_of_a_break() -> None:
    rows = [row(2018, 90), row(2019, 91), row(2020, 70, segment=1), row(2021, 72, segment=1)]
    assert tried("risen", rows, years=1).outcome == HOLDS
    with pytest.raises(NoFiguresError, match="obruten 2020–2021"):
        tried("risen", rows, years=3)
    assert FORMS["risen"](read(rows, until=2019), years=1).value == pytest.approx(1)
    unsure = [row(2020, 50, **share(50, 100)), row(2021, 52, **share(52, 100))]
    assert tried("risen", unsure, years=1).outcome == UNKNOWN


def test_growth_is_compared_in_the_newest_year_that_both_have() -> None:
    rows = [row(2019, 100), row(2020, 103), row(2021, 90)]
    rows += [row(2019, 100, COUNTRY), row(2020, 105, COUNTRY)]
    found = tried("growth_below_country", rows, years=1)
    assert (found.outcome, found.period) == (HOLDS, "2020")
    assert found.value == pytest.approx(3)
    assert tried("growth_at_least_country", rows, years=1).outcome == FAILS


def yearly(*counts: int, base: int = 10_000) -> list[Row]:
    return [row(2015 + n, 1000 * c / base, count=c) for n, c in enumerate(counts)]


def test_new_firms_have_risen_only_beyond_chance() -> None:
    # 300 against 390 events: quotient 1.30 (1.12 to 1.51). 300 against 315: 1.05 (0.90 to 1.23).
    risen = tried("mean_risen", yearly(100, 100, 100, 130, 130, 130), years=3)
    assert risen.outcome == HOLDS
    assert risen.value == pytest.approx(30)
    assert tried("mean_risen", yearly(100, 100, 100, 105, 105, 105), years=3).outcome == UNKNOWN
    assert tried("mean_risen", yearly(130, 130, 130, 100, 100, 100), years=3).outcome == FAILS
    without = [line | {"count": math.nan} for line in yearly(100, 100, 100, 130, 130, 130)]
    assert tried("mean_risen", without, years=3).outcome == UNKNOWN
    with pytest.raises(NoFiguresError, match="6 behövs"):
        tried("mean_risen", yearly(100, 100, 100), years=3)


def path(*yearly_change: float) -> list[Row]:
    values = [1000.0]
    for change in yearly_change:
        values.append(values[-1] * (1 + change))
    return [row(2000 + n, value) for n, value in enumerate(values)]


def test_a_pace_has_slowed_only_when_the_slopes_are_apart() -> None:
    periods = {"recent": 5, "before": 10}
    assert tried("pace_slowed", path(*[-0.05] * 10, *[-0.01] * 4), **periods).outcome == HOLDS
    assert tried("pace_slowed", path(*[-0.05] * 10, *[0.01] * 4), **periods).outcome == HOLDS
    assert tried("pace_slowed", path(*[-0.01] * 10, *[-0.05] * 4), **periods).outcome == PARTLY
    assert tried("pace_slowed", path(*[0.05] * 10, *[0.01] * 4), **periods).outcome == FAILS
    uneven = path(*[-0.1, 0.05] * 5, *[-0.09, 0.05] * 2)
    assert tried("pace_slowed", uneven, **periods).outcome == UNKNOWN
    with pytest.raises(NoFiguresError, match="15 behövs"):
        tried("pace_slowed", path(-0.1, -0.1), **periods)


def test_the_path_to_a_quarter_and_the_cut_that_is_left() -> None:
    # 100 · 0.25^(10/35) = 67.3; from 68 the rest takes 1 − (25/68)^(1/25) = 3.9 % a year.
    target = {"base": 2010, "target": 2045, "left": 25}
    assert tried("on_path", [row(2010, 200), row(2020, 134)], **target).outcome == HOLDS
    behind = tried("on_path", [row(2010, 200), row(2020, 136)], **target)
    assert behind.outcome == FAILS
    assert "tillåter 67" in behind.text
    assert "3,9\u00a0procent" in behind.text
    broken = [row(2010, 200), row(2020, 100, segment=1)]
    with pytest.raises(NoFiguresError, match="basåret 2010"):
        tried("on_path", broken, **target)


def test_every_start_year_is_told_and_none_across_a_break() -> None:
    rows = [row(2011, 100), row(2013, 120), row(2015, 110)]
    found = tried("every_start_year", rows, back=8)
    assert (found.outcome, found.period) == (PARTLY, "2015")
    assert "+10" in found.text
    assert "−8" in found.text
    assert tried("every_start_year", rows, back=2).outcome == FAILS
    rising = [row(2011, 100), row(2013, 105), row(2015, 110), row(2015, 220, COUNTRY)]
    rising.append(row(2011, 200, COUNTRY))
    found = tried("every_start_year", rising, back=8)
    assert found.outcome == HOLDS
    assert found.text.endswith("i riket +10\u00a0procent från 2011")
    cut = [row(2011, 100), row(2013, 200, segment=1), row(2015, 190, segment=1)]
    found = tried("every_start_year", cut, back=8)
    assert found.outcome == FAILS
    assert "tidigare år går inte att jämföra" in found.text


def test_rounds_of_a_survey_differ_only_beyond_their_margins() -> None:
    def rounds(before: float, now: float, by: float) -> list[Row]:
        return [row(2020, before, **margin(before, by)), row(2023, now, **margin(now, by))]

    # Margins of 3 make the difference's 4.2.
    assert tried("latest_round_lower", rounds(40, 34, 3), SURVEY).outcome == HOLDS
    assert tried("latest_round_lower", rounds(40, 38, 3), SURVEY).outcome == UNKNOWN
    assert tried("latest_round_lower", rounds(34, 40, 3), SURVEY).outcome == FAILS
    plain = [row(2020, 40), row(2023, 10)]
    assert tried("latest_round_lower", plain, SURVEY).outcome == UNKNOWN
    country = [line | {"region": COUNTRY} for line in rounds(40, 40, 1)]
    # −6 against 0, with margins 4.2 and 1.4: −6 ± 4.5; −4 ± 4.5 is nothing.
    both = [*rounds(40, 34, 3), *country]
    assert tried("round_change_below_country", both, SURVEY).outcome == HOLDS
    both = [*rounds(40, 36, 3), *country]
    assert tried("round_change_below_country", both, SURVEY).outcome == UNKNOWN


def test_differences_between_the_four_groups() -> None:
    assert tried("group_spread", groups(80, 85, 60, 74), at_least=10).outcome == HOLDS
    assert tried("group_spread", groups(80, 85, 60, 74), at_least=30).outcome == FAILS
    # 25 points with a hundred in each group is 13 to 36.
    assert tried("group_spread", groups(80, 85, 60, 74, base=100), at_least=20).outcome == UNKNOWN
    assert tried("women_below_men", groups(4, 8, 3, 6)).outcome == HOLDS
    assert tried("women_below_men", groups(4, 8, 6, 3)).outcome == PARTLY
    assert tried("women_below_men", groups(4, 8, 3, 6, base=50)).outcome == UNKNOWN
    assert tried("foreign_below_native", groups(4, 8, 3, 6)).outcome == HOLDS
    assert tried("foreign_below_native", groups(3, 6, 4, 8)).outcome == FAILS
    above = {"group": "inrikes födda män", "limit": 50}
    assert tried("group_above", groups(20, 55, 10, 15), **above).outcome == HOLDS
    with pytest.raises(NoFiguresError, match="fyra grupperna"):
        tried("group_spread", groups(80, 85, 60, 74)[1:], at_least=10)


def test_representation_is_the_groups_share_over_its_share_of_all() -> None:
    # All groups are equally large, so 4, 8, 3 and 5 percent are 0.8, 1.6, 0.6 and 1.0 of their mean.
    band = {"low": 0.75, "high": 1.25, "count": 2}
    found = tried("represented_unlike", groups(4, 8, 3, 5, base=100_000), **band)
    assert (found.outcome, found.value) == (HOLDS, 2)
    assert "inrikes födda män 1,60" in found.text
    assert tried("represented_unlike", groups(4, 8, 3, 5, base=200), **band).outcome == UNKNOWN
    assert tried("represented_unlike", groups(5, 5, 5, 5, base=100_000), **band).outcome == FAILS
    assert tried("represented_unlike", groups(4, 8, 3, 5), **band).value == 2


def municipal(values: Iterable[float], **other: Any) -> list[Row]:
    codes = regions.municipalities(COUNTY)
    return [row(2020, v, code, **other) for code, v in zip(codes, values, strict=False)]


def test_municipalities_without_a_figure_may_decide_nothing() -> None:
    ten = [70, 68, 50, 50, 50, 50, 50, 50, 50, 40]
    limits = {"limit": 66.7, "count": 2}
    assert tried("municipalities_at_least", municipal(ten), **limits).outcome == HOLDS
    assert tried("municipalities_at_least", municipal([60, *ten[1:]]), **limits).outcome == FAILS
    assert tried("municipalities_at_least", municipal(ten[1:]), **limits).outcome == UNKNOWN
    assert tried("municipal_spread", municipal(ten), at_least=30).outcome == HOLDS
    assert tried("municipal_spread", municipal(ten), at_least=31).outcome == FAILS
    assert tried("municipal_spread", municipal(ten[:9]), at_least=21).outcome == UNKNOWN
    assert tried("municipal_spread", municipal(ten[:9]), at_least=20).outcome == HOLDS


def test_a_range_of_one_municipality_or_of_one_value_is_told_as_what_it_is() -> None:
    one = tried("municipal_spread", municipal([50]), at_least=2)
    name = regions.name(regions.municipalities(COUNTY)[0])
    assert one.text.startswith(f"50,0\u00a0procent i {name}, den enda kommunen med uppgift 2020,")
    alike = tried("municipal_spread", municipal([50] * 10), at_least=2)
    assert alike.text.startswith(
        "50,0\u00a0procent i alla 10 kommuner med uppgift 2020, prövat mot"
    )
    assert "prövat mot 2\u00a0procentenheter" in alike.text


def test_a_year_after_a_bare_number_is_in_words_and_a_limit_has_its_unit() -> None:
    assert saying.dated("82", "2019") == "82 år 2019"
    assert saying.dated("82,5 procent", "2019") == "82,5 procent 2019"
    assert saying.dated("4", "2023M12") == "4 december 2023"
    assert tried("below", [row(2020, 9)], limit=10).text == (
        "9,0\u00a0procent 2020, prövat mot 10\u00a0procent"
    )


def test_the_smaller_municipalities_against_the_largest() -> None:
    largest = {"largest": "1980"}
    place = list(regions.municipalities(COUNTY)).index("1980")
    values = [7.0] * 10
    values[place] = 9.0
    found = tried("smaller_below_largest", municipal(values), **largest)
    assert (found.outcome, found.value) == (HOLDS, 7.0)
    values[place] = 6.0
    assert tried("smaller_below_largest", municipal(values), **largest).outcome == FAILS
    values[place] = 7.04
    assert tried("smaller_below_largest", municipal(values), **largest).outcome == FAILS
    with pytest.raises(NoFiguresError, match="ligger inte i"):
        tried("smaller_below_largest", municipal(values), largest="0180")


def test_the_smaller_municipalities_against_those_of_their_size_in_other_counties() -> None:
    own = regions.municipalities(COUNTY)
    others = [code for code in regions.municipalities() if code not in own]

    def rows(values: Iterable[float], elsewhere: float = 8.0) -> list[Row]:
        return [*municipal(values), *(row(2020, elsewhere, code) for code in others)]

    largest = {"largest": "1980"}
    found = tried("smaller_below_same_size", rows([7.0] * 10), **largest)
    assert (found.outcome, found.value) == (HOLDS, 9)
    assert "9 av 9 kommuner" in found.text
    assert tried("smaller_below_same_size", rows([9.0] * 10), **largest).outcome == FAILS
    # The largest does not count, whatever it has; four of nine are no majority.
    some = [7.0] * 4 + [9.0] * 5
    some.insert(own.index("1980"), 1.0)
    found = tried("smaller_below_same_size", rows(some), **largest)
    assert (found.outcome, found.value) == (FAILS, 4)
    with pytest.raises(NoFiguresError, match="1 av länets kommuner"):
        tried("smaller_below_same_size", rows([7.0] * 9), **largest)
    with pytest.raises(NoFiguresError, match="samma storlek"):
        tried("smaller_below_same_size", municipal([7.0] * 10), **largest)


def test_a_municipality_is_set_against_those_of_its_size_alone() -> None:
    people = ap.load("population", level="municipality", period="2020", **ALL_PEOPLE)
    people = people.astype({"region": str}).set_index("region")["value"]
    own = regions.municipalities(COUNTY)

    def lower(times: float) -> float | None:
        """The value is the population elsewhere, and at home the population times a number."""
        rows = [row(2020, n * (times if c in own else 1), c) for c, n in people.items()]
        return tried("smaller_below_same_size", rows, largest="1980", within=25).value

    assert (lower(0.7), lower(1.3)) == (9, 0)


def test_industries_in_the_other_counties_of_the_group() -> None:
    def rows(values: dict[str, tuple[float, float]]) -> list[Row]:
        codes = ("B+C", "Q")
        pairs = [(p, *one) for p, two in values.items() for one in zip(codes, two, strict=True)]
        return [row(2022, value, place, industry=code) for place, code, value in pairs]

    both = {"industries": ("B+C", "Q"), "group": "oms"}
    apart, alike = (20.0, 80.0), (50.0, 50.0)
    four = dict.fromkeys(("03", "04", "05", "18"), apart)

    def found(values: dict[str, tuple[float, float]]) -> Finding:
        return tried("industries_outside_band_in_group", rows(values), **both)

    assert (found(four).outcome, found(four).value) == (HOLDS, 4)
    assert found(four | {"18": (20.0, 50.0)}).outcome == PARTLY
    assert found(dict.fromkeys(four, alike)).outcome == FAILS
    # The own county is tested on its own, and one without figures may decide nothing.
    assert found(four | {COUNTY: alike}).outcome == HOLDS
    lacking = found({code: apart for code in four if code != "05"})
    assert lacking.outcome == UNKNOWN
    assert "saknas för Östergötlands län" in lacking.text
    with pytest.raises(NoFiguresError, match="de andra länen"):
        found({COUNTY: apart})


def test_several_industries_at_once() -> None:
    def rows(*values: float, region: str = COUNTY, year: int = 2022) -> list[Row]:
        codes = ("B+C", "D+E", "H")
        return [row(year, v, region, industry=code) for v, code in zip(values, codes, strict=True)]

    three = {"industries": ("B+C", "D+E", "H")}
    assert tried("industries_above", rows(1.6, 1.2, 1.1), limit=1, **three).outcome == HOLDS
    assert tried("industries_above", rows(1.6, 1.2, 1.0), limit=1, **three).outcome == PARTLY
    assert tried("industries_outside_band", rows(20, 70, 39), **three).outcome == HOLDS
    assert tried("industries_outside_band", rows(40, 60, 50), **three).outcome == FAILS
    grown = [
        *rows(100, 100, 100, year=2021),
        *rows(110, 104, 100),
        *rows(100, 100, 100, region=COUNTRY, year=2021),
        *rows(105, 104, 101, region=COUNTRY),
    ]
    found = tried("industries_growth_at_least_country", grown, years=1, **three)
    assert (found.outcome, found.value) == (PARTLY, 2)


def test_every_test_is_tried_above() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    untried = [name for name in FORMS if f'"{name}"' not in source]
    assert not untried


@pytest.mark.parametrize(
    ("form", "parameters", "words"),
    [
        ("rank_is", {"rank": 12, "plats": 3}, "plats är ingen parameter"),
        ("rank_is", {}, "rank saknas"),
        ("rank_is", {"rank": 12.5}, "slaget int"),
        ("risen", {"years": "4"}, "slaget int"),
        ("group_above", {"group": "alla", "limit": 50}, "group"),
    ],
)
def test_parameters_that_a_test_does_not_take_are_refused(
    form: str, parameters: dict[str, Any], words: str
) -> None:
    with pytest.raises(ArgumentsError, match=words):
        bound(FORMS[form], parameters)


def claim(**changes: Any) -> Claim:
    """A claim of the edition's own figures that can be bent."""
    about = {
        "id": "C09",
        "section": "2.1",
        "about": "Påhittat, SYNTETISKA TESTDATA",
        "testability": "open",
        "conditions": [
            {
                "form": "rank_is",
                "indicators": ["brp_nominal_growth_10y"],
                "parameters": {"rank": 12},
                "text": "Plats 12.",
            }
        ],
    }
    return Claim.model_validate(about | changes)


def with_rank(rank: int) -> list[dict[str, Any]]:
    condition = claim().conditions[0].model_dump()
    return [condition | {"parameters": {"rank": rank}}]


def test_claims_that_cannot_be_tested_are_refused_before_any_is() -> None:
    wrong = claim().conditions[0].model_dump()
    for change, words in (
        ({"form": "rank"}, "prövningen rank finns inte"),
        ({"indicators": ["brp"]}, "indikatorn brp finns inte"),
        ({"parameters": {"rank": 12, "limit": 3}}, "limit är ingen parameter"),
    ):
        with pytest.raises(ClaimError, match=words):
            check([claim(conditions=[wrong | change])])
    with pytest.raises(ClaimError, match="D99 finns inte"):
        check([claim(goals=["D99"])])
    with pytest.raises(ClaimError, match="ingen prövning tar limit"):
        check([claim(sensitivity=[{"text": "prov", "parameters": {"limit": 3}}])])


@pytest.mark.parametrize(
    "change",
    [
        {"conditions": []},
        {"testability": "qualitative"},
        {"needed": 2},
        {"sensitivity": [{"text": "prov", "parameters": {"rank": 3}, "conditions": [2]}]},
    ],
)
def test_claims_that_contradict_themselves_are_not_loaded(
    change: dict[str, Any], tmp_path: Path
) -> None:
    raw = claim().model_dump(mode="json") | change
    file = tmp_path / "claims.yaml"
    file.write_text(yaml.safe_dump([raw], allow_unicode=True), encoding="utf-8")
    with pytest.raises(PlanError, match="C09"):
        load_claims(file)


def edition(region: str | None = None, year: int | None = None) -> Any:
    return setting(region, year, "edition")


def test_today_is_judged_only_when_the_plans_own_years_are_found_again() -> None:
    judged = judge(claim(), edition())
    assert (judged.verdict, judged.reproduced_in) == (Verdict.NOT_SUPPORTED, (2017,))
    # Place 16 is right in 2021, but never was in the plan's own years.
    judged = judge(claim(conditions=with_rank(16)), edition())
    assert judged.now is not None
    assert judged.now.verdict == Verdict.SUPPORTED
    assert (judged.verdict, judged.reproduced_in) == (Verdict.UNDECIDED, ())
    assert "Planens egna år" in judged.reason
    # A goal has no years to find again.
    assert judge(claim(conditions=with_rank(16), anchor_years=[]), edition()).verdict == "stöds"


def test_a_claim_without_figures_is_untestable_only_where_they_are_not_open() -> None:
    missing = claim().conditions[0].model_dump() | {"indicators": ["business_climate_sn"]}
    assert judge(claim(conditions=[missing]), edition()).verdict == Verdict.UNDECIDED
    ordered = claim(conditions=[missing], testability="ordered")
    assert judge(ordered, edition()).verdict == Verdict.UNTESTABLE


def test_figures_of_other_years_are_no_anchor() -> None:
    judged = judge(claim(anchor_years=[2022, 2023]), edition())
    assert (judged.anchors, judged.verdict) == ((), Verdict.UNDECIDED)
    assert "kan inte prövas med de uppgifter som finns" in judged.reason


# Everything below reads the plan's own claims.


@pytest.fixture(scope="module")
def judged() -> pd.DataFrame:
    return ap.claims(data="edition").set_index("claim")


def by_id(id: str) -> Claim:
    return next(one for one in load_claims() if one.id == id)


def test_the_claims_are_forty_seven_and_can_all_be_tested() -> None:
    claims = load_claims()
    assert [one.id for one in claims] == [f"C{number:02}" for number in range(1, 48)]
    check(claims)


def values(id: str, years: Iterable[int], condition: int = 0) -> list[float | None]:
    """The tested number of a condition, up to each of the years."""
    about = by_id(id)
    found = []
    for year in years:
        now = judge(about.model_copy(update={"anchor_years": ()}), edition(year=year)).now
        assert now is not None
        assert now.findings[condition].period == str(year)
        found.append(now.findings[condition].value)
    return found


def test_growth_of_brp_is_below_riket_in_all_twelve_windows() -> None:
    frame = indicator("brp_nominal_growth_10y", data="edition").frame
    wide = frame[frame["region"].isin(["19", "00"])].pivot(
        index="period", columns="region", values="value"
    )
    wide = wide.dropna()
    assert list(wide.index) == [str(year) for year in range(2010, 2022)]
    assert (wide["19"] < wide["00"]).all()
    found = judge(by_id("C08"), edition())
    assert (found.verdict, found.reproduced_in) == ("stöds", (2016, 2017, 2018, 2019, 2020))


def test_anchors_of_brp() -> None:
    assert values("C09", range(2017, 2022)) == [12, 9, 15, 14, 16]
    assert judge(by_id("C09"), edition()).reproduced_in == (2017,)
    assert values("C10", range(2016, 2022)) == [12, 12, 13, 16, 16, 16]
    assert judge(by_id("C10"), edition()).verdict == Verdict.PARTLY


def test_anchors_of_research() -> None:
    assert values("C21", [2017]) == [pytest.approx(91, abs=0.5)]
    # From 2009, 2011 and 2013 to 2015 all is well; from 2017, after the break, to 2019 it is not.
    assert values("C22", [2015, 2019]) == [pytest.approx(29, abs=0.5), pytest.approx(-4, abs=0.5)]
    found = judge(by_id("C22"), edition())
    assert (found.verdict, found.reproduced_in) == (Verdict.UNDECIDED, ())


def test_anchors_of_new_firms(judged: pd.DataFrame) -> None:
    assert values("C35", [2017]) == [pytest.approx(0.84, abs=0.005)]
    assert judged.loc["C35", "verdict"] == "går inte att bedöma"
    assert values("C36", [2018]) == [32.5]
    assert judged.loc["C36", "verdict"] == "stöds"


def test_the_table_has_then_and_now(judged: pd.DataFrame) -> None:
    assert len(judged) == 47
    assert set(judged["verdict"]) <= {str(verdict) for verdict in Verdict}
    one = judged.loc["C09"]
    assert (one["then_year"], one["now_period"]) == (2017, "2021")
    assert "plats 12 av 21 län" in one["then"]
    assert "plats 16 av 21 län" in one["now"]
    assert one["sensitivity"].startswith("en plats upp eller ned: då stöds, nu stöds inte")
    # Nothing is more than undecided unless the plan's own years are found again.
    tested = judged[judged["verdict"].str.startswith("stöds")]
    goals = {one.id for one in load_claims() if not one.anchor_years}
    assert (tested.drop(index=goals, errors="ignore")["then_verdict"] == "stöds").all()


def test_a_row_per_condition_has_then_and_now_as_numbers() -> None:
    frame = ap.claims(data="edition", conditions=True).set_index(["claim", "condition"])
    one = frame.loc[("C09", 1)]
    assert (one["then_value"], one["now_value"]) == (12, 16)
    assert len(frame) == sum(len(one.conditions) for one in load_claims())


def test_another_county_is_told_apart_from_the_plans() -> None:
    frame = ap.claims("04", data="edition")
    assert "Södermanlands län, som planen inte uttalar sig om" in frame.attrs["note"]
    with pytest.raises(UsageError, match="inget län"):
        ap.claims("1980")


def run(*arguments: str, columns: int = 0) -> subprocess.CompletedProcess[str]:
    size = {"COLUMNS": str(columns), "FORCE_COLOR": "1"} if columns else {}
    return subprocess.run(
        [sys.executable, "-m", "affarsplan_data", "claims", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | size,
        check=False,
    )


def test_the_command_lists_all_claims_and_counts_them() -> None:
    done = run("--data", "edition")
    assert (done.returncode, done.stderr) == (0, "")
    assert [f" C{n:02} " in done.stdout for n in range(1, 48)].count(True) == 47
    assert max(map(len, done.stdout.splitlines())) <= 120
    counts = done.stdout.splitlines()[-2].rstrip(".").split("; ")
    assert sum(int(count.split()[0]) for count in counts) == 47


def test_the_command_explains_one_claim_and_gives_all_as_json() -> None:
    done = run("--claim", "c09", "--data", "edition")
    assert "Planens egna år som ger det planen säger: 2017." in done.stdout
    assert "plats 16 av 21 län" in done.stdout
    done = run("--claim", "C36", "--json", "--data", "edition", "--year", "2018")
    (one,) = json.loads(done.stdout)
    assert (one["verdict"], one["now"]["findings"][0]["value"]) == ("stöds", 32.5)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--claim", "C99"), "C01–C47"),
        (("--region", "1980"), "inget län"),
        (("--region", "99"), "finns inte"),
        (("--data", "live"), "edition"),
        (("--year", "1999"), "2005"),
    ],
)
def test_the_command_refuses_what_does_not_exist(arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr

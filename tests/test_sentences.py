"""Sentences by rule: every branch, and that no sentence claims more than its interval.

SYNTETISKA TESTDATA: every value here is made up.
"""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affarsplan_data import regions, statistics
from affarsplan_data.catalogue import DIMENSIONS, Indicator, load_catalogue
from affarsplan_data.indicators import IndicatorValues, behind, sentences
from affarsplan_data.indicators.sentences import Relation, words
from affarsplan_data.swedish import MINUS, NARROW_SPACE, NO_BREAK_SPACE

W, M = {"sex": "women"}, {"sex": "men"}
N, F = {"birth": "native"}, {"birth": "foreign"}
OMS = ("03", "04", "05", "18", "19")
CLAIM = re.compile(
    r"hög(re|st)|läg(re|st)|stör(re|st)|mindre|minst|stigit|sjunkit|ökat|minskat|ökar|minskar"
)
UNSURE = re.compile(r"inte säker|överlappar")


def about(function: str = "share", **other) -> Indicator:
    """An indicator of made-up shares, as the catalogue would have it."""
    base = load_catalogue().indicator("postsecondary_3y_share")
    formula = base.formula.model_copy(
        update={"function": function, "parameters": other.pop("parameters", {})}
    )
    told = {"noun": "andelen", "formula": formula, "decimals": 1, "target_band": None}
    return base.model_copy(update=told | other)


def row(region="19", period="2023", value=None, count=None, base=None, **other) -> dict:
    """One row of values; a share and its interval are computed from ``count`` and ``base``."""
    nan = float("nan")
    given = {"low": nan, "high": nan, "count": nan, "base": nan}
    if count is not None:
        low, high = statistics.wilson_interval(count, base)
        value = 100 * count / base
        given = {"low": 100 * low, "high": 100 * high, "count": count, "base": base}
    given |= dict.fromkeys(DIMENSIONS, "total")
    given |= {"indicator": "prov", "unit": "procent", "status": "", "segment": 0}
    given |= {"preliminary": False, "source": "SYNTETISKA TESTDATA", "table": "t", "vintage": ""}
    return (
        given
        | {"other_sources": "", "region": region, "period": period}
        | {"value": nan if value is None else value}
        | other
    )


def values(*rows: dict, indicator: Indicator | None = None) -> IndicatorValues:
    return IndicatorValues(indicator or about(), pd.DataFrame(list(rows)))


def plain(text: str) -> str:
    return text.replace(NO_BREAK_SPACE, " ").replace(NARROW_SPACE, " ").replace(MINUS, "-")


# --- words ------------------------------------------------------------------------------------------


def test_numbers_are_swedish_and_units_follow_the_number():
    people = about(unit="personer", difference_unit="personer", decimals=0)
    assert sentences.amount(-12345, people) == f"−12{NARROW_SPACE}345{NO_BREAK_SPACE}personer"
    assert plain(sentences.amount(1, people)) == "1 person"
    assert plain(sentences.amount(0.6, people)) == "1 person"
    assert plain(sentences.amount(11, people)) == "11 personer"
    assert plain(sentences.difference(3, 2, people)) == "1 person högre än"
    points = about(decimals=0)
    assert plain(sentences.difference(3, 4, points)) == "1 procentenhet lägre än"
    assert plain(sentences.difference(3.1, 2.1, about())) == "1,0 procentenheter högre än"
    growth = about(difference_unit="procentenheter per år", decimals=0)
    assert plain(sentences.difference(2, 1, growth)) == "1 procentenhet per år högre än"
    assert sentences.difference(2.04, 2.0, about()) == "lika med"
    crowns = about(unit="kronor per invånare", decimals=0)
    assert plain(sentences.amount(1, crowns)) == "1 krona per invånare"
    assert sentences.short_amount(23.45, about()) == f"23,5{NO_BREAK_SPACE}%"
    assert sentences.amount(None, about()) == "uppgift saknas"


def test_groups_are_named_women_and_men_by_birth_industry_and_class():
    assert words.group(W | F) == "utrikes födda kvinnor"
    assert words.group(M) == "män"
    assert words.group({"industry": "G"}) == "Handel"
    assert words.group({}) == ""
    assert "eftergymnasial" in words.group({"category": "post_secondary_3"}, about())


# --- level ------------------------------------------------------------------------------------------


def test_level_says_value_place_period_group_and_preliminary():
    held = values(row(value=12.34), row(value=50.0, preliminary=True, **W))
    assert plain(sentences.level(held, "19", "2023")) == (
        "Andelen var 12,3 procent i Västmanlands län 2023"
    )
    assert plain(sentences.level(held, "19", "2023", sex="women")) == (
        "Andelen bland kvinnor var 50,0 procent i Västmanlands län 2023 (preliminärt)"
    )
    inferred = values(row(value=1.0, status="year_inferred"))
    assert "omkring 2023" in sentences.level(inferred, "19", "2023")


def test_a_net_has_its_unit_and_a_ratio_differs_without_one():
    catalogue = load_catalogue()
    net = values(row(value=-59.4), indicator=catalogue.indicator("net_domestic_migration_20_39"))
    assert "var -59,4 per 1 000 invånare i" in plain(sentences.level(net, "19", "2023"))
    assert sentences.difference(1.2, 1.1, catalogue.indicator("strength_area_lq")) == (
        "0,10 högre än"
    )
    kinds = catalogue.indicator("industry_diversity_shannon")
    assert plain(sentences.difference(12.9, 12.0, kinds)) == "0,9 branscher högre än"
    assert "enheter" not in {one.difference_unit for one in catalogue.indicators.values()}


def test_what_is_missing_is_said_with_its_reason():
    held = values(row(status="hidden"), row("00", status=".."))
    assert sentences.level(held, "19", "2023") == (
        "Andelen visas inte för Västmanlands län 2023: uppgiften bygger på färre än 5 fall eller "
        "en bas under 100"
    )
    assert sentences.level(held, "00", "2023") == (
        "Uppgift om andelen saknas hos producenten för riket 2023"
    )
    assert sentences.level(held, "03", "2023") == "Uppgift om andelen saknas för Uppsala län 2023"
    county = values(row(value=1.0), indicator=about(levels=("country", "county")))
    assert sentences.summary(county, "1980") == (
        "Uppgift om andelen saknas för Västerås: uppgiften finns bara för riket och län.",
    )


def test_an_index_is_said_as_a_change_since_its_own_base():
    rows = [
        row(period=p, value=v, segment=s)
        for p, v, s in (("2018", 100, 0), ("2019", 108, 0), ("2020", 100, 1), ("2021", 97.5, 1))
    ]
    held = values(*rows, indicator=about("index"))
    assert plain(sentences.level(held, "19", "2021")) == (
        "Andelen var 2,5 procent mindre 2021 än 2020 i Västmanlands län"
    )
    assert plain(sentences.level(held, "19", "2019")).startswith("Andelen var 8,0 procent större")
    assert "har sitt basår 2020" in sentences.level(held, "19", "2020")
    stated = values(*rows, indicator=about("index", parameters={"base": "2018"}))
    assert "2021 än 2018" in sentences.level(stated, "19", "2021")
    assert sentences.against_country(held, "19", "2021") == ""


def test_an_index_whose_newest_part_is_one_year_tells_no_development():
    rows = [row(period=p, value=100, segment=s) for p, s in (("2023", 0), ("2024", 1))]
    assert sentences.level(values(*rows, indicator=about("index")), "19", "2024") == (
        "Serien över andelen börjar om 2024 i Västmanlands län och kan inte jämföras bakåt"
    )
    alone = values(row(value=100, preliminary=True), indicator=about("index"))
    assert sentences.level(alone, "19", "2023") == (
        "Serien över andelen har bara ett år, 2023 i Västmanlands län (preliminärt)"
    )


def test_few_cases_and_intervals_are_told_register_apart_from_survey():
    few = values(row(count=20, base=500, status="few"))
    text = plain(sentences.interval(few, "19", "2023"))
    assert text == (
        "Med hänsyn till slumpmässig variation ligger värdet mellan 2,6 och 6,1 procent (95 procents "
        "säkerhet). Uppgiften bygger på 5–29 fall och kan växla mycket av slumpen."
    )
    survey = load_catalogue().indicator("innovative_smes_share")
    asked = values(row(value=40, low=33.9, high=46.1), indicator=survey)
    assert "enkätens urval" in sentences.interval(asked, "19", "2023")
    unknown = values(row(value=8.0), indicator=about("published", ranked=False))
    assert "inte publicerad" in sentences.interval(unknown, "19", "2023")
    assert sentences.interval(values(row(value=8.0)), "19", "2023") == ""


# --- against riket and among others -----------------------------------------------------------------


def test_against_riket_equal_higher_lower_unsure_and_overlapping():
    def said(own: dict, country: dict, **told) -> str:
        held = values(own, country, indicator=about(**told))
        return plain(sentences.against_country(held, "19", "2023"))

    assert said(row(value=52), row("00", value=50)) == ", 2,0 procentenheter högre än i riket"
    assert said(row(value=48), row("00", value=50)) == ", 2,0 procentenheter lägre än i riket"
    assert said(row(value=50), row("00", value=50.04)) == ", lika med riket"
    near = said(row(count=51, base=100), row("00", count=50_000, base=100_000))
    assert near == ", inte säkert skilt från riket"
    bounds = {"low": 8.0, "high": 10.0}
    assert said(row(value=9, **bounds), row("00", value=10.5, low=9.9, high=11.1)) == (
        ", med intervall som överlappar rikets"
    )
    assert said(row(value=9), row("00", value=12), ranked=False) == ", inte säkert skilt från riket"
    assert said(row(value=9), row("00", value=12), comparable_size=False) == ""
    assert said(row(value=9), row("03", value=12)) == ""


def test_numbers_that_belong_to_one_group_do_not_decide_a_ratio():
    # 80 per cent of men's rate, beside women's own numbers: 40 of 1 000.
    kept = {"count": 40.0, "base": 1000.0}
    own, other = row(value=80.0), row("00", value=120.0)
    assert sentences.indistinct(pd.Series(own | kept), pd.Series(other | kept)) is None


def test_figures_are_told_apart_by_the_numbers_behind_them():
    def rate(count: int, per: int, base: int = 1000) -> pd.Series:
        return pd.Series(row(value=per * count / base) | {"count": float(count), "base": base})

    for per in (100, 1000):
        assert sentences.indistinct(rate(100, per), rate(110, per)) == (
            "inte säkert skilt från riket"
        )
        assert sentences.indistinct(rate(100, per), rate(200, per)) is None
    # More cases than persons: the ratio of the rates decides, 100 to 110 and 1 000 to 2 000.
    assert sentences.indistinct(rate(100, 1000, 50), rate(110, 1000, 50))
    assert sentences.indistinct(rate(1000, 1000, 500), rate(2000, 1000, 500)) is None


def test_a_survey_is_judged_by_the_interval_of_the_difference():
    survey = load_catalogue().indicator("innovative_smes_share")
    # Intervals overlap, but √(4² + 1²) = 4.1 is less than the difference of 4.5.
    held = values(
        row(value=40, low=36, high=44), row("00", value=44.5, low=43.5, high=45.5), indicator=survey
    )
    found = sentences.compare(held.row("19", "2023"), held.row("00", "2023"), survey)
    assert found.relation is Relation.LOWER
    assert found.high == pytest.approx(-4.5 + 17**0.5)


def _group(own: float, *others: float, **told) -> str:
    pairs = zip(("19", "03", "04", "05", "18"), (own, *others), strict=True)
    held = values(*(row(code, value=value) for code, value in pairs), indicator=about(**told))
    return sentences.among(held, "19", "2023", OMS, "Östra Mellansverige")


@pytest.mark.parametrize(
    ("others", "position"),
    [
        ((1, 2, 3, 4), "högst"),
        ((11, 2, 3, 4), "näst högst"),
        ((11, 12, 3, 4), "tredje högst"),
        ((11, 12, 13, 4), "näst lägst"),
        ((11, 12, 13, 14), "lägst"),
        ((10, 12, 13, 14), "delat lägst"),
        ((10, 10, 10, 10), "lika högt överallt"),
    ],
)
def test_a_position_in_a_group_is_said_and_no_mean_of_rates(others, position):
    text = _group(10, *others)
    assert text == f"Bland de fem länen i Östra Mellansverige är värdet {position}."


def test_a_group_of_two_and_plain_numbers_have_no_position():
    held = values(row(value=10), row("03", value=12))
    assert sentences.among(held, "19", "2023", OMS, "ÖMS") == ""
    assert _group(10, 1, 2, 3, 4, comparable_size=False) == ""


def test_the_others_are_one_only_where_the_numbers_behind_are_known():
    shares = {"19": (200, 1000), "03": (300, 1000), "04": (900, 9000), "05": (205, 1000)}
    held = values(*(row(code, count=c, base=b) for code, (c, b) in shares.items()))
    text = plain(sentences.among(held, "19", "2023", tuple(shares), "provgruppen"))
    assert "näst lägst, men inte säkert skilt från Östergötlands län" in text
    # (300 + 900 + 205) / 11 000, where the mean of the rates would have been 20.2.
    assert "De andra länen tillsammans har 12,8 procent; värdet är 7,2 procentenheter högre" in text
    all_near = values(*(row(code, count=200 + i, base=1000) for i, code in enumerate(OMS)))
    text = sentences.among(all_near, "19", "2023", OMS, "provgruppen")
    assert "inte säkert skilt från något av de andra" in text
    assert "skillnaden är inte säker" in text


def test_highest_and_lowest_are_cautious():
    sure = values(row("1980", value=10), row("1981", value=20))
    assert plain(sentences.spread(sure, ["1980", "1981"], "2023")) == (
        "högst i Sala (20,0 procent) och lägst i Västerås (10,0 procent)"
    )
    unsure = values(row("1980", count=20, base=200), row("1981", count=22, base=200))
    assert "inte säkert skilt" in sentences.spread(unsure, ["1980", "1981"], "2023")
    lone = values(row("1980", value=10), indicator=about(levels=("municipality",)))
    assert plain(sentences.inside(lone, "19")) == (
        "Andelen var 10,0 procent i Västerås 2023, den enda kommunen i Västmanlands län med "
        "uppgift; uppgift för länet saknas."
    )
    codes = regions.municipalities("19")
    alike = values(*(row(code, value=83) for code in codes))
    assert plain(sentences.inside(alike, "19")) == (
        "Andelen var 83,0 procent i alla 10 kommuner i Västmanlands län 2023; uppgift för länet saknas."
    )
    assert sentences.inside(values(*(row(c, value=83) for c in codes[1:])), "19").startswith(
        "Andelen var 83,0\u00a0procent i alla 9 kommuner med uppgift i Västmanlands län 2023;"
    )
    assert "2023 bland kommunerna i Västmanlands län;" in sentences.inside(sure, "19")
    assert sentences.inside(lone, "03").endswith("uppgift saknas för Uppsala län.")


def test_highest_and_lowest_part():
    parts = [row(value=v, industry=i) for i, v in (("G", 20), ("F", 5), ("J", 10))]
    assert plain(sentences.across(values(*parts), "19", "2023")) == (
        "Andelen var högst för handel (20,0 procent) och lägst för byggverksamhet (5,0 procent) "
        "i Västmanlands län 2023."
    )
    apart = values(*parts, indicator=about("share_difference", unit="procentenheter"))
    assert "Störst övervikt mot riket har handel (+20,0" in sentences.across(apart, "19", "2023")
    equal = [row(value=1, industry=i) for i in "GF"]
    assert sentences.across(values(*equal), "19", "2023") == ""
    assert sentences.summary(values(*equal), "19")[0].endswith("bara i delar; se tabellen.")
    assert sentences.across(values(row(value=1)), "19", "2023") == ""


# --- women and men, native- and foreign-born ---------------------------------------------------------


def test_women_and_men_gap_with_interval():
    held = values(row(count=780, base=1000, **W), row(count=840, base=1000, **M))
    assert plain(sentences.women_and_men(held, "19", "2023")) == (
        "Andelen var 78,0 procent bland kvinnor och 84,0 procent bland män i Västmanlands län 2023; "
        "det är 6,0 procentenheter lägre bland kvinnor (95-procentigt intervall 2,6–9,4)."
    )


def test_women_and_men_unsure_equal_unknown_hidden_counts_and_absent():
    def said(first: dict, second: dict, **told) -> str:
        return sentences.women_and_men(values(first, second, indicator=about(**told)), "19", "2023")

    assert said(row(count=80, base=200, **W), row(count=84, base=200, **M)).endswith(
        "; kvinnor och män är inte säkert skilda."
    )
    assert "avrundat är det ingen skillnad" in said(row(value=5, **W), row(value=5.01, **M))
    unknown = said(row(value=5, **W), row(value=9, **M), ranked=False)
    assert "osäkerheten är inte publicerad, så grupperna är inte säkert skilda" in unknown
    hidden = said(row(status="hidden", **W), row(value=9, **M))
    assert hidden.startswith("Andelen bland kvinnor visas inte för Västmanlands län 2023:")
    assert "9,0" not in hidden
    number = said(row(value=5, **W), row(value=9, **M), comparable_size=False)
    assert not CLAIM.search(number)
    assert said(row(status="..", **W), row(value=9, **M)) == ""
    assert sentences.women_and_men(values(row(value=9, **M)), "19", "2023") == ""
    assert said(row(value=5, **W), row(value=9, **M), function="index") == ""
    assert "(preliminärt)" in said(row(value=5, preliminary=True, **W), row(value=9, **M))


def test_by_birth_is_told_for_women_and_men_apart_where_the_cells_are():
    four = [row(value=v, **s, **b) for s, b, v in ((W, F, 60), (W, N, 80), (M, F, 70), (M, N, 85))]
    totals = [row(value=65, **F), row(value=82, **N)]
    text = plain(sentences.by_birth(values(*four, *totals), "19", "2023"))
    assert "60,0 procent bland utrikes födda kvinnor och 80,0 procent bland inrikes" in text
    assert "15,0 procentenheter lägre bland utrikes födda män" in text
    assert "65,0" not in text
    assert "65,0 procent bland utrikes födda" in plain(
        sentences.by_birth(values(*totals), "19", "2023")
    )


def _four(*counts: int, base: int = 1000) -> str:
    kinds = [W | N, W | F, M | N, M | F]
    rows = [row(count=c, base=base, **k) for c, k in zip(counts, kinds, strict=True)]
    return plain(sentences.four_groups(values(*rows), "19", "2023"))


def test_four_groups_highest_lowest_and_who_cannot_be_told_apart():
    assert _four(840, 600, 850, 700) == (
        "Av de fyra grupperna efter kön och födelseregion hade inrikes födda män det högsta värdet "
        "(85,0 procent, inte säkert skilt från inrikes födda kvinnor) och utrikes födda kvinnor det "
        "lägsta (60,0 procent) i Västmanlands län 2023; det skiljer 25,0 procentenheter."
    )
    assert "inte säkert skilda" in _four(80, 81, 82, 83, base=200)


def test_four_groups_are_not_ranked_when_one_is_hidden_or_lacks():
    kinds = [W | N, M | N, M | F]
    shown = [row(count=500, base=1000, **kind) for kind in kinds]
    hidden = values(*shown, row(status="hidden", **W, **F))
    text = sentences.four_groups(hidden, "19", "2023")
    assert text.startswith("Alla fyra grupper")
    assert not CLAIM.search(text)
    assert sentences.four_groups(values(*shown), "19", "2023") == ""
    assert sentences.four_groups(values(row(value=1)), "19", "2023") == ""


def _gap_about(function: str = "foreign_minus_native") -> Indicator:
    return about(function, noun="skillnaden", unit="procentenheter", direction="towards_zero")


def test_a_gap_is_told_by_its_size_and_who_is_behind():
    held = values(
        row(value=-20, low=-21, high=-19),
        row("00", value=-18, low=-18.5, high=-17.5),
        row(value=-25, low=-27, high=-23, **W),
        row(value=0.5, low=-0.5, high=1.5, **M),
        indicator=_gap_about(),
    )
    assert plain(sentences.level(held, "19", "2023")) == (
        "Skillnaden var 20,0 procentenheter (utrikes födda ligger lägre) i Västmanlands län 2023"
    )
    assert plain(sentences.against_country(held, "19", "2023")) == (
        ", 2,0 procentenheter större än i riket"
    )
    assert plain(sentences.group_gap(held, "19", "2023")) == (
        "Skillnaden var 25,0 procentenheter bland kvinnor (utrikes födda ligger lägre) och 0,5 "
        "procentenheter bland män (inte säkert skild från noll) i Västmanlands län 2023."
    )
    assert "mellan 19,0 och 21,0" in sentences.interval(held, "19", "2023")


def test_gaps_of_different_sign_are_told_side_by_side_and_not_compared():
    held = values(row(value=-3), row("00", value=2.0), indicator=_gap_about("women_minus_men"))
    assert plain(sentences.against_country(held, "19", "2023")) == (
        "; i riket var den 2,0 procentenheter (kvinnor ligger högre)"
    )
    equal = values(row(value=-2), row("00", value=-2.0), indicator=_gap_about())
    assert sentences.against_country(equal, "19", "2023") == ", lika stor som i riket"
    wide = {"low": -6.0, "high": 1.0}
    unsure = values(
        row(value=-3, **wide), row("00", value=-2, low=-3, high=-1), indicator=_gap_about()
    )
    assert sentences.against_country(unsure, "19", "2023") == ", inte säkert skild från rikets"
    assert "störst i riket" in sentences.spread(held, ["00", "19"], "2023").replace(
        "Västmanlands län", "riket"
    )
    assert sentences.group_gap(held, "19", "2023") == ""


# --- development ------------------------------------------------------------------------------------


def _series(*figures: float, first: int = 2015, segment: int = 0, **kind) -> list[dict]:
    return [
        row(period=str(first + i), value=v, segment=segment, **kind) for i, v in enumerate(figures)
    ]


def test_development_since_a_year_stays_inside_the_unbroken_series():
    rows = _series(1, 2, 3) + _series(10, 11, 12, first=2018, segment=1)
    held = values(*rows)
    assert plain(sentences.since(held, "19")) == (
        "Från 2018 till 2020 har andelen i Västmanlands län stigit från 10,0 procent till 12,0 "
        "procent. Ingen säker trend 2018–2020."
    )
    early = plain(sentences.since(held, "19", 2015))
    assert "serien är jämförbar först från 2018" in early
    assert "1,0 procent till" not in early
    assert "Från 2019 till 2020" in sentences.since(held, "19", 2019)
    assert sentences.since(held, "19", 2020) == ""
    assert sentences.since(values(row(value=1)), "19") == ""


def test_development_words_fall_still_unsure_and_trend():
    assert "sjunkit från" in sentences.since(values(*_series(5, 4)), "19")
    assert "legat kvar på" in sentences.since(values(*_series(5, 5)), "19")
    assert "i stort sett legat stilla" in sentences.since(values(*_series(4.96, 4.94)), "19")
    unsure = values(row(period="2022", count=50, base=200), row(count=55, base=200))
    assert "inte säkert förändrats" in sentences.since(unsure, "19")
    rising = values(*_series(*range(1, 9)))
    assert "Serien 2015–2022 visar en säker trend: den ökar." in sentences.since(rising, "19")
    seven = values(*_series(*range(1, 8)))
    assert "Ingen säker trend 2015–2021." in sentences.since(seven, "19")
    rows = _series(5, 4)
    rows[-1]["preliminary"] = True
    assert "2016 (preliminärt)" in sentences.since(values(*rows), "19")


def test_growth_over_windows_and_gaps_have_no_development_of_their_own():
    growing = _series(1, 2, 3)
    assert sentences.since(values(*growing, indicator=about("growth")), "19") == ""
    assert sentences.since(values(*growing, indicator=_gap_about()), "19") == ""
    index = values(*growing, indicator=about("index"))
    assert sentences.since(index, "19") == "Ingen säker trend 2015–2017."


def test_of_months_the_same_one_is_compared():
    rows = [row(period=p, value=v) for p, v in (("2022M06", 9), ("2022M12", 1), ("2023M12", 2))]
    assert "Från december 2022 till december 2023" in sentences.since(values(*rows), "19")


@pytest.mark.parametrize(
    ("foreign", "native", "said"),
    [
        (
            (60, 70),
            (80, 81),
            "har minskat {}, genom att andelen bland utrikes födda har stigit mer",
        ),
        (
            (60, 60),
            (80, 70),
            "har minskat {}, genom att andelen bland inrikes födda har sjunkit mer",
        ),
        (
            (60, 65),
            (80, 75),
            "utrikes födda har stigit och andelen bland inrikes födda har sjunkit",
        ),
        ((60, 55), (80, 81), "har ökat"),
        ((60, 65), (80, 85), "är oförändrad"),
        ((60, 79), (80, 70), "; utrikes födda ligger nu högre"),
    ],
)
def test_a_gap_closes_upwards_downwards_or_widens(foreign, native, said):
    rows = _series(*foreign, first=2020, **F) + _series(*native, first=2020, **N)
    text = plain(sentences.gap_since(values(*rows), "19", groups=(F, N)))
    size = abs(foreign[0] - native[0]), abs(foreign[1] - native[1])
    span = "från 2020 till 2021, {}.0 procentenheter då och {}.0 procentenheter nu".format(*size)
    assert said.format(span.replace(".", ",")) in text
    assert text.startswith("Skillnaden mellan utrikes födda och inrikes födda i Västmanlands län")


def _counted(start: tuple[int, int], end: tuple[int, int], base: int) -> str:
    rows = []
    for kind, first, last in ((W, start[0], end[0]), (M, start[1], end[1])):
        rows.append(row(period="2020", count=first, base=base, **kind))
        rows.append(row(period="2023", count=last, base=base, **kind))
    return plain(sentences.gap_since(values(*rows), "19"))


def test_a_gaps_change_within_its_interval_is_not_told_as_one():
    text = _counted((600, 800), (620, 800), 1000)
    assert "har inte säkert förändrats från 2020 till 2023 (20,0 procentenheter då, 18,0" in text
    assert "genom att kvinnor" not in text


def test_what_closed_a_gap_is_told_only_when_the_groups_own_figures_carry_it():
    # The gap shrinks by 6 points for sure; women's rise and men's fall are 3 points each, and unsure.
    text = _counted((600, 800), (630, 770), 1000)
    assert "inte säkert" in text
    sure = _counted((6000, 8000), (7000, 8000), 10_000)
    assert "genom att andelen bland kvinnor har stigit mer än bland män" in sure


def test_a_gap_is_silent_where_the_statistics_do_not_carry_it():
    rows = _series(60, 70, **W) + _series(80, 81, **M)
    for told in ({"comparable_size": False}, {"ranked": False}, {"function": "growth"}):
        assert sentences.gap_since(values(*rows, indicator=about(**told)), "19") == ""
    assert sentences.gap_since(values(*_series(60, 70, **W)), "19") == ""
    bounded = [one | {"low": one["value"] - 1, "high": one["value"] + 1} for one in rows]
    assert sentences.gap_since(values(*bounded), "19") == ""
    broken = _series(60, **W) + _series(70, first=2016, segment=1, **W) + _series(80, 81, **M)
    assert sentences.gap_since(values(*broken), "19") == ""
    late = plain(sentences.gap_since(values(*rows), "19", 2010))
    assert "från 2015 (första jämförbara året 2015) till 2016" in late


def test_the_groups_behind_a_gap_are_read_and_told(monkeypatch):
    rows = _series(60, 70, first=2020, **W, **F) + _series(80, 81, first=2020, **W, **N)
    monkeypatch.setattr(behind, "read", lambda item, data: pd.DataFrame(rows))
    gap = load_catalogue().indicator("employment_gap_birth")
    formula = gap.formula.model_copy(update={"function": "foreign_minus_native"})
    told = {"formula": formula, "small_numbers": False}
    held = values(*_series(-20, -11, first=2020, **W), indicator=gap.model_copy(update=told))
    text = plain(sentences.gap_since(held, "19", within=W))
    assert "genom att nivån bland utrikes födda kvinnor har stigit mer än bland inrikes" in text
    assert sentences.gap_since(held, "19", within=M) == ""


def test_the_numbers_behind_a_gap_decide_whether_its_change_is_told(monkeypatch):
    numbers = {("native", "2020"): 800, ("native", "2021"): 800}
    gap = load_catalogue().indicator("employment_gap_birth")
    inputs = gap.formula.inputs

    def read(item, data):
        part = numbers | {("foreign", "2020"): 600, ("foreign", "2021"): 600 + rise}
        figures = {"value": lambda n: n / 10, "part": lambda n: n, "whole": lambda n: 1000}
        figure = next(figures[name] for name, one in inputs.items() if one is item)
        rows = [
            row(period=period, value=float(figure(n)), birth=birth)
            for (birth, period), n in part.items()
        ]
        keys = ["region", "period", "sex", "birth", "value", "segment", "preliminary"]
        return pd.DataFrame(rows)[[*keys, "source", "table", "vintage", "status"]]

    monkeypatch.setattr(behind, "read", read)
    held = values(*_series(-20, -19, first=2020), indicator=gap)
    rise = 10
    assert "har inte säkert förändrats" in sentences.gap_since(held, "19")
    rise = 120
    text = plain(sentences.gap_since(held, "19"))
    assert "har minskat från 2020 till 2021, 20,0 procentenheter då och 8,0" in text
    assert "nivån bland utrikes födda har stigit mer än bland inrikes födda" in text


# --- place, band, corridor ---------------------------------------------------------------------------


def _counties(years: int, width: float | None = None) -> list[dict]:
    rows = []
    for year in range(years):
        for i, code in enumerate(regions.counties()):
            value = 40.0 + i + (2.5 * year if code == "19" else 0)
            bounds = {} if width is None else {"low": value - width, "high": value + width}
            rows.append(row(code, str(2020 + year), value, **bounds))
    return rows


def test_a_rank_stands_with_value_distance_and_the_range_of_three_years():
    text = plain(sentences.standing(values(*_counties(3)), "19", "2022"))
    place = 21 - regions.counties().index("19")
    assert f"Det är delad plats {place - 5} av 21 län (" in text
    assert "närmast före och" in text
    assert f", plats {place - 5}–{place} de tre senaste åren med uppgift (2020–2022)." in text
    assert "tre senaste" not in sentences.standing(values(*_counties(2)), "19", "2021")
    growth = values(*_counties(3), indicator=about("growth"))
    assert "de tre senaste fönstren" in sentences.standing(growth, "19", "2022")


def test_a_brief_standing_has_one_range_and_no_neighbours():
    open_ = plain(sentences.standing(values(*_counties(1, width=1.2)), "19", "2020", brief=True))
    place = 21 - regions.counties().index("19")
    assert open_.endswith(
        f"Det är plats {place} av 21 län; intervallen rymmer plats {place - 2}–{place + 2}."
    )
    firm = sentences.standing(values(*_counties(3)), "19", "2022", brief=True)
    assert f"län, plats {place - 5}–{place} de tre senaste åren" in firm
    assert "närmast" not in open_ + firm


def test_groups_told_after_everyone_do_not_repeat_what_where_and_when():
    held = values(row(count=500, base=1000, **W), row(count=300, base=1000, **M))
    assert plain(sentences.women_and_men(held, "19", "2023", after=True)) == (
        "Bland kvinnor var värdet 50,0 procent och bland män 30,0 procent."
    )
    near = values(row(count=50, base=100, **W), row(count=49, base=100, **M))
    assert "inte säkert skilda" in sentences.women_and_men(near, "19", "2023", after=True)
    four = [
        row(value=v, **sex, **birth)
        for v, (sex, birth) in zip((60, 70, 80, 90), ((W, F), (M, F), (W, N), (M, N)), strict=True)
    ]
    assert "Västmanland" not in sentences.four_groups(values(*four), "19", "2023", after=True)
    gap = values(row(value=-25, **W), row(value=-5, **M), indicator=_gap_about())
    assert plain(sentences.group_gap(gap, "19", "2023", after=True)) == (
        "Den var 25,0 procentenheter bland kvinnor (utrikes födda ligger lägre) och 5,0 "
        "procentenheter bland män (utrikes födda ligger lägre)."
    )


def test_a_shared_place_is_said_to_be_shared_and_a_distance_that_does_not_show_is_left_out():
    rows = [r | {"value": 60.0 if r["region"] in ("19", "20") else 50.0} for r in _counties(1)]
    held = values(*rows)
    text = plain(sentences.standing(held, "19", "2020"))
    assert text.endswith("Det är delad plats 1 av 21 län (50,0 procent närmast efter).")
    close = [r | {"value": r["value"] if r["region"] in ("19", "20") else 59.96} for r in rows]
    assert plain(sentences.standing(values(*close), "19", "2020")).endswith("plats 1 av 21 län.")
    alone = [r | {"value": 61.0 if r["region"] == "19" else r["value"]} for r in rows]
    assert "Det är plats 1 av 21 län (60,0" in plain(
        sentences.standing(values(*alone), "19", "2020")
    )


def test_a_range_of_ranks_is_not_told_across_a_break_or_when_counties_come_and_go():
    broken = [r | {"segment": int(r["period"] == "2022")} for r in _counties(3)]
    assert "tre senaste" not in sentences.standing(values(*broken), "19", "2022")
    rows = [r for r in _counties(3) if (r["region"], r["period"]) != ("01", "2021")]
    assert "tre senaste" not in sentences.standing(values(*rows), "19", "2022")


def test_a_place_that_the_intervals_leave_open_is_said_to_be_open():
    text = sentences.standing(values(*_counties(1, width=1.2)), "19", "2020")
    place = 21 - regions.counties().index("19")
    assert f"Platsen är inte säker: intervallen rymmer plats {place - 2}–{place + 2}." in text
    narrow = sentences.standing(values(*_counties(1, width=0.2)), "19", "2020")
    assert "inte säker" not in narrow


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (
            {"value": 35.0},
            "Värdet 35,0 procent ligger 5,0 procentenheter under målbandet 40–60 procent.",
        ),
        (
            {"value": 72.0},
            "Värdet 72,0 procent ligger 12,0 procentenheter över målbandet 40–60 procent.",
        ),
        ({"value": 40.0}, "Värdet 40,0 procent ligger inom målbandet 40–60 procent."),
        ({"count": 78, "base": 200}, "ligger inte säkert utanför målbandet"),
        ({"count": 82, "base": 200}, "ligger inte säkert inom målbandet"),
    ],
)
def test_the_band(figure, said):
    held = values(row(**figure), indicator=about(target_band=(40, 60)))
    assert said in plain(sentences.band(held, "19", "2023"))


def test_a_band_of_one_value_and_no_band():
    target = about(target_band=(100, 100))
    assert "18,5 procentenheter under målvärdet 100" in plain(
        sentences.band(values(row(value=81.5), indicator=target), "19", "2023")
    )
    assert "lika med" in sentences.band(values(row(value=100), indicator=target), "19", "2023")
    wide = row(value=98, low=95, high=101)
    assert "inte säkert" in sentences.band(values(wide, indicator=target), "19", "2023")
    assert sentences.band(values(row(value=1)), "19", "2023") == ""
    assert sentences.band(values(row(status=".."), indicator=target), "19", "2023") == ""


def test_the_corridor_only_from_a_base_in_the_unbroken_series():
    decided = {"target_year": "2045", "share_left": 0.25}
    held = values(*_series(200, 190, 160, first=2020), indicator=about(noun="utsläppen"))
    text = plain(sentences.corridor(held, "19", base_year="2020", **decided))
    cut = 100 * (1 - (25 / 80) ** (1 / 23))
    assert text == (
        "Utsläppen i Västmanlands län låg 2022 på 80 (2020 = 100), under målbanan som då ligger på 90. "
        f"För att nå 25 till 2045 behövs en minskning med {cut:.1f} procent per år från 2022."
    ).replace(".", ",").replace("90,", "90.").replace("2022,", "2022.")
    assert sentences.corridor(held, "19", base_year="2005", **decided) == ""
    assert sentences.corridor(held, "19", base_year="2022", **decided) == ""
    over = values(*_series(200, 199, 198, first=2020))
    assert "över målbanan" in sentences.corridor(over, "19", base_year="2020", **decided)
    along = values(*_series(100, 94.6, first=2020))
    assert "på målbanan" in sentences.corridor(along, "19", base_year="2020", **decided)


# --- no sentence claims more than its interval --------------------------------------------------------

counts = st.integers(min_value=100, max_value=3000).flatmap(
    lambda base: st.tuples(st.integers(min_value=0, max_value=base), st.just(base))
)


def _zero_inside(one: tuple[int, int], other: tuple[int, int]) -> bool:
    low, high = statistics.difference_of_shares_interval(*one, *other)
    return bool(low <= 0 <= high)


def _only_cautious(text: str) -> None:
    """Whatever is claimed in a clause is taken back in the same sentence."""
    for sentence in re.split(r"(?<=[.])\s", text):
        assert not CLAIM.search(sentence) or UNSURE.search(sentence), text


@settings(max_examples=40, deadline=None)
@given(counts, counts)
def test_shares_whose_difference_may_be_zero_are_never_called_higher_or_lower(one, other):
    held = values(
        row(count=one[0], base=one[1]),
        row("00", count=other[0], base=other[1]),
        row(count=one[0], base=one[1], **W),
        row(count=other[0], base=other[1], **M),
        row(count=one[0], base=one[1], **F),
        row(count=other[0], base=other[1], **N),
        row(period="2020", count=other[0], base=other[1]),
    )
    said = [
        sentences.against_country(held, "19", "2023"),
        sentences.women_and_men(held, "19", "2023"),
        sentences.by_birth(held, "19", "2023"),
        sentences.since(held, "19"),
        sentences.spread(held, ["19", "00"], "2023"),
    ]
    if _zero_inside(one, other):
        for text in said:
            _only_cautious(text)
    elif abs(one[0] / one[1] - other[0] / other[1]) > 0.002:
        for text in said:
            assert CLAIM.search(text), text


values_with_bounds = st.tuples(
    st.floats(min_value=1, max_value=99), st.floats(min_value=0.01, max_value=20)
)


@settings(max_examples=40, deadline=None)
@given(values_with_bounds, values_with_bounds)
def test_values_whose_intervals_overlap_are_never_called_higher_or_lower(one, other):
    bounds = [{"value": v, "low": v - w, "high": v + w} for v, w in (one, other)]
    held = values(
        row(**bounds[0]),
        row("00", **bounds[1]),
        row(**bounds[0], **W),
        row(**bounds[1], **M),
        row(period="2020", **bounds[1]),
        indicator=about("published"),
    )
    if abs(one[0] - other[0]) <= one[1] + other[1]:
        _only_cautious(sentences.against_country(held, "19", "2023"))
        _only_cautious(sentences.women_and_men(held, "19", "2023"))
        _only_cautious(sentences.since(held, "19"))
        assert sentences.gap_since(held, "19") == ""


@settings(max_examples=40, deadline=None)
@given(counts, counts, counts, counts)
def test_four_groups_and_a_position_take_back_what_is_not_certain(a, b, c, d):
    kinds = [W | N, W | F, M | N, M | F]
    given_counts = (a, b, c, d)
    groups = values(
        *(row(count=n, base=t, **k) for (n, t), k in zip(given_counts, kinds, strict=True))
    )
    group = values(
        *(row(r, count=n, base=t) for (n, t), r in zip(given_counts, OMS[:4], strict=True))
    )
    own, *others = given_counts
    position = sentences.among(group, OMS[0], "2023", OMS, "provgruppen").split(". ")[0]
    unsure = [_zero_inside(own, other) for other in others]
    assert any(unsure) == ("inte säkert skilt" in position)
    if all(unsure):
        assert not CLAIM.search(position)
    shares = sorted(given_counts, key=lambda one: one[0] / one[1])
    text = sentences.four_groups(groups, "19", "2023")
    if _zero_inside(shares[-1], shares[0]):
        assert not CLAIM.search(text)


@settings(max_examples=40, deadline=None)
@given(counts, counts, counts, counts)
def test_a_gap_is_said_to_change_only_when_the_interval_of_its_change_excludes_zero(a, b, c, d):
    rows = [
        row(period=period, count=n, base=t, **kind)
        for (n, t), period, kind in zip(
            (a, b, c, d), ("2020", "2023", "2020", "2023"), (W, W, M, M), strict=True
        )
    ]
    text = sentences.gap_since(values(*rows), "19")
    frames = [pd.DataFrame(rows[i : i + 2]).set_index("period") for i in (0, 2)]
    found = statistics.gap_development(
        frames[0]["value"],
        frames[1]["value"],
        "2020",
        "2023",
        counts=tuple(f[["count", "base"]].set_axis(["count", "total"], axis=1) for f in frames),
    )
    if found.low <= 0 <= found.high:
        assert not CLAIM.search(text)
    if "genom att" in text:
        moves = {"kvinnor": (b, a), "män": (d, c)}
        for who in re.findall(r"bland (kvinnor|män) har", text):
            assert not _zero_inside(*moves[who]), text


def test_figures_too_rough_to_compare_have_no_change_and_no_trend():
    export = load_catalogue().indicator("goods_export")
    rows = [row(period=str(year), value=40.0 + year % 7) for year in range(2010, 2024)]
    rough = values(*rows, indicator=export)
    assert sentences.change(rough, "19") is None
    assert sentences.development(rough, "19") == sentences.NOT_TESTED
    finer = values(*rows, indicator=export.model_copy(update={"bears_growth": True}))
    assert sentences.change(finer, "19") is not None

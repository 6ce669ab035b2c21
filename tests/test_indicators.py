"""Indicators against hand-written arithmetic on raw files, the plan's anchors, and the rules."""

import csv
import math
from functools import cache

import pandas as pd
import pytest

from affarsplan_data import project, regions, statistics
from affarsplan_data.catalogue import UnknownEntryError, load_catalogue
from affarsplan_data.indicators import (
    IMPOSSIBLE,
    MissingIndicatorError,
    evaluate,
    indicator,
    sentences,
)
from affarsplan_data.indicators.formulas import evaluate as formula


@cache
def raw(measure: str) -> list[dict[str, str]]:
    """The rows of a raw file, read without any of the package's own code."""
    path = project.raw() / "edition" / f"{measure}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figure(measure: str, **wanted: str) -> float:
    """One raw figure."""
    defaults = dict.fromkeys(["sex", "birth", "age", "industry", "category"], "total")
    wanted = defaults | wanted
    found = [r for r in raw(measure) if all(r[key] == value for key, value in wanted.items())]
    values = {float(r["value"]) for r in found if r["value"]}
    assert len(values) == 1, (measure, wanted, values)
    return values.pop()


def value(id: str, region: str, period: str, **dimensions: str) -> float:
    return indicator(id).value(region, period, **dimensions)


def test_growth_of_grp_by_hand():
    start, end = (figure("grp", region="19", period=p) for p in ("2011", "2021"))
    by_hand = ((end / start) ** 0.1 - 1) * 100
    assert value("brp_nominal_growth_10y", "19", "2021") == pytest.approx(by_hand, abs=1e-9)
    assert by_hand == pytest.approx(3.13, abs=0.005)


def test_grp_per_capita_against_riket_by_hand():
    def people(county: str | None, period: str) -> float:
        return sum(
            float(r["value"])
            for r in raw("population")
            if r["period"] == period
            and r["series"] == "scb_2011_2024"
            and len(r["region"]) == 4
            and (county is None or r["region"].startswith(county))
        )

    own = figure("grp", region="19", period="2021") / (
        (people("19", "2020") + people("19", "2021")) / 2
    )
    country = figure("grp", region="00", period="2021") / (
        (people(None, "2020") + people(None, "2021")) / 2
    )
    assert value("brp_per_capita_index", "19", "2021") == pytest.approx(100 * own / country)


def test_income_gap_by_hand():
    women, men = (
        figure("median_earned_income", region="1980", period="2022", age="20-64", sex=sex)
        for sex in ("women", "men")
    )
    assert value("median_income_gap", "1980", "2022") == pytest.approx(women / men * 100)


def test_education_share_by_hand():
    rows = [r for r in raw("education") if r["period"] == "2022" and r["region"] == "1980"]
    women = [r for r in rows if r["sex"] == "women"]
    high = sum(
        float(r["value"]) for r in women if r["category"] in ("post_secondary_3", "postgraduate")
    )
    everyone = sum(float(r["value"]) for r in women)
    by_hand = 100 * high / everyone
    assert value("postsecondary_3y_share", "1980", "2022", sex="women") == pytest.approx(by_hand)


def test_manufacturing_share_and_its_wilson_interval_by_hand():
    rows = [
        r for r in raw("employed_day_by_industry") if r["region"] == "19" and r["period"] == "2018"
    ]
    part = sum(float(r["value"]) for r in rows if r["industry"] == "B+C")
    whole = sum(float(r["value"]) for r in rows)
    p, z = part / whole, 1.959963984540054
    centre = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole**2)) / (1 + z * z / whole)
    row = indicator("manufacturing_share_daytime").row("19", "2018")
    assert row["value"] == pytest.approx(100 * p)
    assert row["low"] == pytest.approx(100 * (centre - half))
    assert row["high"] == pytest.approx(100 * (centre + half))


def test_effective_number_of_industries_by_hand():
    rows = [
        float(r["value"])
        for r in raw("employed_day_by_industry")
        if r["region"] == "19" and r["period"] == "2018"
    ]
    shares = [v / sum(rows) for v in rows]
    by_hand = math.exp(-sum(p * math.log(p) for p in shares))
    assert value("industry_diversity_shannon", "19", "2018") == pytest.approx(by_hand)


def test_specialisation_by_hand():
    def shares(own: bool) -> dict[str, float]:
        sums: dict[str, float] = {}
        for r in raw("employed_day_by_industry"):
            if r["period"] == "2018" and (not own or r["region"] == "19"):
                sums[r["industry"]] = sums.get(r["industry"], 0) + float(r["value"])
        return {k: v / sum(sums.values()) for k, v in sums.items()}

    county, country = shares(True), shares(False)
    by_hand = 50 * sum(abs(county[k] - country[k]) for k in county)
    assert value("krugman_specialisation", "19", "2018") == pytest.approx(by_hand)


def test_segregation_by_hand():
    rows = [
        r
        for r in raw("employed_day_by_industry")
        if r["period"] == "2016" and r["industry"] != "unknown"
    ]
    women = {r["industry"]: float(r["value"]) for r in rows if r["sex"] == "women"}
    men = {r["industry"]: float(r["value"]) for r in rows if r["sex"] == "men"}
    by_hand = 50 * sum(
        abs(women[k] / sum(women.values()) - men[k] / sum(men.values())) for k in women
    )
    assert value("gender_segregation_index_industry", "00", "2016") == pytest.approx(by_hand)


def test_commuting_balance_of_the_county_by_hand():
    def total(measure: str) -> float:
        rows = [
            r
            for r in raw(measure)
            if r["region"].startswith("19")
            and r["period"] == "2021"
            and r["sex"] == "total"
            and r["series"] == "rams_2019_2021"
        ]
        assert len(rows) == 10
        return sum(float(r["value"]) for r in rows)

    by_hand = 100 * total("employed_day") / total("employed_night")
    assert value("commuting_balance", "19", "2021") == pytest.approx(by_hand)


def test_net_entry_of_enterprises_by_hand():
    births, deaths, active = (
        figure(m, region="19", period="2019")
        for m in ("enterprise_births", "enterprise_deaths", "enterprises_active")
    )
    by_hand = 100 * (births - deaths) / active
    assert value("net_enterprise_entry_rate", "19", "2019") == pytest.approx(by_hand)


def test_new_firms_with_poisson_interval_by_hand():
    row = indicator("new_firms_per_1000").row("19", "2017")
    count = figure("new_firms", region="19", period="2017")
    assert (row["value"], count) == (9.4, 1511)
    # Byar's approximation, good to the third digit for counts this large.
    low = count * (1 - 1 / (9 * count) - 1.96 / (3 * math.sqrt(count))) ** 3
    high = (count + 1) * (1 - 1 / (9 * (count + 1)) + 1.96 / (3 * math.sqrt(count + 1))) ** 3
    assert row["low"] == pytest.approx(9.4 * low / count, rel=1e-3)
    assert row["high"] == pytest.approx(9.4 * high / count, rel=1e-3)


def test_the_plans_anchor_rank_of_growth_over_ten_years():
    growth = indicator("brp_nominal_growth_10y")
    assert growth.standing("19", "2017").rank == 12
    assert growth.standing("19", "2021").rank == 16
    assert growth.standing("19", "2021").of == 21
    for year in range(2010, 2022):
        assert growth.value("19", str(year)) < growth.value("00", str(year)), year


def test_the_plans_anchor_rank_of_level_per_inhabitant():
    level = indicator("brp_per_capita_index")
    ranks = [level.standing("19", str(year)).rank for year in range(2015, 2022)]
    assert ranks == [11, 12, 12, 13, 16, 16, 16]


def test_growth_is_never_computed_across_publications():
    growth = indicator("brp_nominal_growth_10y").frame
    assert "2024" not in set(growth["period"])


def test_an_index_restarts_at_every_break():
    frame = indicator("employed_daytime_index").frame
    sala = frame[frame["region"] == "1981"].set_index("period")
    for first in ("2004", "2011", "2019", "2020"):
        assert sala["value"][first] == 100
    assert sala["segment"].nunique() == 4


def test_the_index_formula_agrees_with_the_statistical_function():
    frame = indicator("employed_daytime_index").frame
    sala = frame[frame["region"] == "1981"].set_index("period")
    numbers = pd.Series(
        {
            r["period"]: float(r["value"])
            for r in raw("employed_day")
            if r["region"] == "1981" and r["sex"] == "total"
        }
    ).sort_index()
    expected = statistics.index_series(numbers, segments=sala["segment"])
    pd.testing.assert_series_equal(
        sala["value"], expected, check_names=False, check_index_type=False
    )


def test_a_quotient_names_the_publications_of_all_its_inputs():
    row = indicator("brp_per_capita_index").row("19", "2021")
    assert "nama_10r_3gdp" in row["table"]
    assert "Folkmängd" in row["other_sources"]
    own = indicator("postsecondary_3y_share").row("1980", "2022")
    assert own["other_sources"] == ""


def test_ranks_put_the_best_first_whatever_the_direction():
    low_is_good = indicator("unemployment_rate_lfs").ranking("2022")
    assert low_is_good["value"].is_monotonic_increasing
    high_is_good = indicator("postsecondary_3y_share").ranking("2022")
    assert high_is_good["value"].is_monotonic_decreasing
    assert "00" not in set(high_is_good["region"])


def test_small_numbers_are_hidden_and_few_are_marked():
    frame = evaluate("postgraduate_share")
    hidden = frame[frame["status"] == "hidden"]
    assert len(hidden)
    assert hidden[["value", "low", "high", "count"]].isna().all().all()
    shown = frame[frame["value"].notna() & (frame["status"] != "few")]
    assert shown["count"].min() >= 30
    few = frame[frame["status"] == "few"]
    assert few["count"].between(5, 29).all()


def test_a_sum_with_a_missing_part_is_missing_and_riket_leaves_that_municipality_out():
    shares = indicator("postsecondary_3y_share")
    assert shares.value("0114", "2022") is None
    rows = [r for r in raw("education") if r["period"] == "2022" and r["region"] != "0114"]
    high = sum(
        float(r["value"]) for r in rows if r["category"] in ("post_secondary_3", "postgraduate")
    )
    everyone = sum(float(r["value"]) for r in rows)
    assert shares.value("00", "2022") == pytest.approx(100 * high / everyone)


def test_a_year_limits_what_is_used():
    limited = indicator("brp_nominal_growth_10y", until=2017)
    assert limited.latest("19") == "2017"
    assert limited.frame["period"].max() == "2017"


def test_declared_but_missing_says_why():
    with pytest.raises(MissingIndicatorError, match="TAB3200"):
        indicator("employment_gap_birth")
    with pytest.raises(UnknownEntryError, match="employment_gap_birth"):
        indicator("employment_gap_brith")


@pytest.mark.parametrize(
    "id", [i.id for i in load_catalogue().indicators.values() if i.availability == "edition"]
)
def test_every_available_indicator_gives_values_with_known_regions_and_a_source(id):
    frame = evaluate(id)
    assert frame["value"].notna().any()
    assert set(frame["region"]) <= set(regions.all_regions())
    known = frame[frame["value"].notna()]
    assert (known["source"] != "").all()
    assert (known["table"] != "").all()
    keys = ["region", "period", "sex", "birth", "age", "industry", "category"]
    assert not frame.duplicated(keys).any()
    bounded = known.dropna(subset=["low", "high"])
    assert (bounded["low"] <= bounded["value"] + 1e-9).all()
    assert (bounded["high"] >= bounded["value"] - 1e-9).all()


def _two_years(first: float, second: float) -> dict[str, pd.DataFrame]:
    rows = [
        {"region": "19", "period": period, "value": amount, "segment": 0, "preliminary": False}
        for period, amount in (("2011", first), ("2021", second))
    ]
    return {"value": pd.DataFrame(rows).assign(source="s", table="t", vintage="", status="")}


def test_growth_from_a_missing_value_is_missing():
    result = formula("growth", _two_years(float("nan"), 5.0), {"years": 10})
    assert result["value"].isna().all()


def test_the_gap_by_birth_is_foreign_minus_native_for_each_sex():
    rows = [
        {"region": "19", "period": "2024", "sex": sex, "birth": birth, "value": value}
        for sex, birth, value in (
            ("women", "native", 84.0),
            ("women", "foreign", 62.5),
            ("men", "native", 85.0),
            ("men", "foreign", None),
        )
    ]
    frame = pd.DataFrame(rows).assign(
        segment=0, preliminary=False, source="s", table="t", vintage="", status=""
    )
    result = formula("foreign_minus_native", {"value": frame}, {}).set_index("sex")["value"]
    assert result["women"] == -21.5
    assert math.isnan(result["men"])


def test_an_index_with_a_stated_base_year_uses_it_and_no_other():
    result = formula("index", _two_years(50.0, 40.0), {"base": "2021"}).set_index("period")["value"]
    assert list(result) == [125.0, 100.0]
    assert formula("index", _two_years(50.0, 40.0), {"base": "2005"})["value"].isna().all()


def test_a_part_larger_than_its_whole_gives_no_share_and_says_so():
    part, whole = _two_years(5.0, 50.0)["value"], _two_years(4.0, 100.0)["value"]
    result = formula("share", {"part": part, "whole": whole}, {})
    assert result["value"].isna().tolist() == [True, False]
    assert result["status"].tolist() == [IMPOSSIBLE, ""]
    assert result["value"].iloc[1] == 50


def test_sentences_say_level_distance_and_rank():
    text = sentences.standing(indicator("brp_nominal_growth_10y"), "19", "2021")
    assert "3,1\u00a0procent per år i Västmanlands län 2021 (preliminärt)" in text
    assert "0,8\u00a0procentenheter per år lägre än i riket" in text
    assert "plats 16 av 21 län" in text


def test_sentences_do_not_claim_more_than_the_interval():
    share = indicator("unemployed_women_share")
    text = sentences.standing(share, "19", "2023M12")
    assert "december 2023" in text
    assert "inte säkert skilt från riket" in text


def test_words_for_development_keep_the_rules():
    growth, level = indicator("brp_nominal_growth_10y"), indicator("brp_per_capita_index")
    assert sentences.development(growth, "19") == "prövas inte"
    assert sentences.development(level, "19") == "minskar"
    assert sentences.development(indicator("enterprise_birth_rate"), "19") == "ingen säker trend"
    assert sentences.development(indicator("new_firms_per_1000"), "19") == "ett enda år"


def test_plain_numbers_are_neither_ranked_nor_set_against_riket():
    firms = indicator("new_firms")
    assert firms.standing("19", "2017") is None
    assert "riket" not in sentences.standing(firms, "19", "2017")

"""Employment and industry by group: intervals, gaps, representation, and one register after another.

All figures are made up: SYNTETISKA TESTDATA.
"""

import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

import affarsplan_data as ap
from affarsplan_data import project
from affarsplan_data.archive import Archive
from affarsplan_data.catalogue import Indicator, Input, load_catalogue
from affarsplan_data.catalogue.errors import CatalogueError
from affarsplan_data.catalogue.loading import _check_inputs, _validated
from affarsplan_data.indicators import changes_of_register, evaluate, inputs, measures_in_use
from affarsplan_data.indicators.evaluate import HIDDEN, _disclosed
from affarsplan_data.indicators.formulas import evaluate as formula
from affarsplan_data.indicators.tracing import trace
from affarsplan_data.scb import Limiter, Rate, ScbClient
from affarsplan_data.sources.fetching import fetch
from affarsplan_data.statistics import kitagawa, kitagawa_sums
from tests.pxserver import PxServer

ABOUT: dict[str, Any] = dict.fromkeys(
    ("source", "table", "vintage", "status"), "SYNTETISKA TESTDATA"
)
CATALOGUE = load_catalogue()


def figures(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return an input: region 19 and 2024 where nothing else is said."""
    fixed = {"region": "19", "period": "2024", "segment": 0, "preliminary": False}
    return pd.DataFrame([fixed | ABOUT | row for row in rows])


def one(frame: pd.DataFrame, **where: str) -> pd.Series:
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, where
    return frame.iloc[0]


# ---- Shares and gaps with intervals from the numbers behind them.


def test_a_published_share_has_wilsons_width_around_it():
    frames = {
        "value": figures({"value": 78.3}),
        "part": figures({"value": 783.4}),
        "whole": figures({"value": 1000}),
    }
    row = formula("published_share", frames, {}).iloc[0]
    low, high = proportion_confint(783.4, 1000, method="wilson")
    assert row["value"] == 78.3
    assert row["high"] - row["low"] == pytest.approx(100 * (high - low))
    assert row["high"] == pytest.approx(78.3 + 100 * (high - 0.7834))
    assert (row["count"], row["base"]) == (783.4, 1000)


def test_a_published_share_stands_without_an_interval_where_the_numbers_lack():
    value = figures({"value": 78.3})
    none = value.iloc[:0]
    row = formula("published_share", {"value": value, "part": none, "whole": none}, {}).iloc[0]
    assert row["value"] == 78.3
    assert row[["low", "high", "count", "base"]].isna().all()


def gap(function: str, dimension: str, groups: dict[str, tuple[float, float, float]]) -> pd.Series:
    """Return the gap of groups given as (published share, number, all)."""
    frames = {
        name: figures(*({dimension: g, "value": v[place]} for g, v in groups.items()))
        for place, name in enumerate(("value", "part", "whole"))
    }
    return formula(function, frames, {}).iloc[0]


def test_the_gap_between_women_and_men_has_newcombes_interval():
    row = gap("share_gap_women_men", "sex", {"women": (75.1, 601, 800), "men": (80.0, 720, 900)})
    low, high = confint_proportions_2indep(601, 800, 720, 900, method="newcomb", compare="diff")
    own = 601 / 800 - 720 / 900
    assert row["value"] == pytest.approx(-4.9)
    assert row["low"] == pytest.approx(-4.9 - 100 * (own - low))
    assert row["high"] == pytest.approx(-4.9 + 100 * (high - own))
    # 180 men outside are fewer than 199 women.
    assert (row["count"], row["base"]) == (720, 900)


def test_the_gap_by_birth_is_foreign_minus_native_and_rests_on_the_smallest_group():
    row = gap(
        "share_gap_foreign_native",
        "birth",
        {"native": (85.0, 8500, 10000), "foreign": (60.0, 54, 90)},
    )
    assert row["value"] == -25
    assert (row["count"], row["base"]) == (54, 90)
    unknown = gap(
        "share_gap_foreign_native",
        "birth",
        {"native": (85.0, np.nan, 10000), "foreign": (60.0, 540, 900)},
    )
    assert unknown["value"] == -25
    assert np.isnan(unknown["low"])


def test_unemployment_is_of_those_in_the_labour_force():
    frames = {"part": figures({"value": 80}), "other": figures({"value": 920})}
    row = formula("share_of_two", frames, {}).iloc[0]
    low, high = proportion_confint(80, 1000, method="wilson")
    assert row["value"] == 8
    assert (row["low"], row["high"]) == (pytest.approx(100 * low), pytest.approx(100 * high))
    assert (row["count"], row["base"]) == (80, 1000)


def test_a_part_above_its_whole_gives_no_value_and_stops_nothing():
    part = figures({"value": 12}, {"value": 5, "period": "2023"})
    whole = figures({"value": 10}, {"value": 10, "period": "2023"})
    values = formula("share", {"part": part, "whole": whole}, {}).set_index("period")["value"]
    assert np.isnan(values["2024"])
    assert values["2023"] == 50


def test_womens_share_of_entrepreneurs_against_mens_has_katz_interval():
    part = figures({"sex": "women", "value": 60}, {"sex": "men", "value": 140})
    whole = figures({"sex": "women", "value": 1000}, {"sex": "men", "value": 1100})
    row = formula("women_share_per_men_share", {"part": part, "whole": whole}, {}).iloc[0]
    ratio = (60 / 1000) / (140 / 1100)
    error = math.sqrt(1 / 60 - 1 / 1000 + 1 / 140 - 1 / 1100)
    assert row["value"] == pytest.approx(100 * ratio)
    assert row["low"] == pytest.approx(100 * ratio * math.exp(-norm.ppf(0.975) * error))
    assert row["high"] == pytest.approx(100 * ratio * math.exp(norm.ppf(0.975) * error))
    assert (row["count"], row["base"]) == (60, 1000)


# ---- Groups.


def test_the_groups_of_an_industry_are_shares_of_all_in_it_and_the_whole_is_no_group():
    part = figures(
        *(
            {"sex": sex, "birth": birth, "value": value}
            for sex, birth, value in (
                ("total", "total", 200),
                ("women", "total", 60),
                ("total", "foreign", 50),
                ("men", "native", 110),
            )
        )
    )
    result = formula("group_share", {"part": part, "whole": figures({"value": 200})}, {})
    assert len(result) == 3
    row = one(result, sex="men", birth="native")
    low, high = proportion_confint(110, 200, method="wilson")
    assert row["value"] == 55
    assert (row["low"], row["high"]) == (pytest.approx(100 * low), pytest.approx(100 * high))
    assert one(result, sex="total", birth="foreign")["value"] == 25


def test_a_groups_share_in_an_industry_against_its_share_in_all():
    rows = [
        ("total", "total", 1000),
        ("foreign", "total", 200),
        ("total", "Q", 300),
        ("foreign", "Q", 90),
    ]
    frame = figures(*({"birth": b, "industry": i, "value": v} for b, i, v in rows))
    result = formula("representation", {"value": frame}, {"dimension": "birth", "group": "foreign"})
    row = one(result, industry="Q")
    error = math.sqrt(1 / 90 - 1 / 300 + 1 / 200 - 1 / 1000)
    assert row["value"] == pytest.approx(0.3 / 0.2)
    assert row["low"] == pytest.approx(1.5 * math.exp(-norm.ppf(0.975) * error))
    assert (row["count"], row["base"]) == (90, 300)
    assert set(result["industry"]) == {"Q"}


def test_an_occupations_quotient_uses_the_published_totals():
    rows = [
        ("00", "total", 4000),
        ("00", "nurses", 100),
        ("19", "total", 400),
        ("19", "nurses", 20),
    ]
    frame = figures(*({"region": r, "category": c, "value": v} for r, c, v in rows))
    result = formula("category_quotient", {"value": frame}, {})
    assert one(result, region="19")["value"] == pytest.approx((20 / 400) / (100 / 4000))
    assert one(result, region="00")["value"] == 1
    assert set(result["category"]) == {"nurses"}


FOUR = [("women", "native"), ("women", "foreign"), ("men", "native"), ("men", "foreign")]
OWN = [(700, 850), (90, 160), (760, 900), (120, 170)]
RIKET = [(8000, 9500), (1500, 2400), (8500, 9900), (1900, 2500)]


def test_a_gap_in_a_rate_is_who_is_there_and_how_each_group_fares():
    rows = [
        {"region": region, "sex": sex, "birth": birth, "part": part, "whole": whole}
        for region, numbers in (("19", OWN), ("00", RIKET))
        for (sex, birth), (part, whole) in zip(FOUR, numbers, strict=True)
    ]
    frames = {
        name: figures(*({**row, "value": row[name]} for row in rows)).drop(
            columns=["part", "whole"]
        )
        for name in ("part", "whole")
    }
    result = formula("rate_decomposition", frames, {})
    assert set(result["region"]) == {"19"}
    shares = [[w / sum(w for _, w in ns) for _, w in ns] for ns in (OWN, RIKET)]
    rates = [[p / w for p, w in ns] for ns in (OWN, RIKET)]
    pairs = list(zip(*shares, *rates, strict=True))
    composition = 100 * sum((w - v) * (r + q) / 2 for w, v, r, q in pairs)
    rate = 100 * sum((r - q) * (w + v) / 2 for w, v, r, q in pairs)
    values = result.set_index("category")["value"]
    assert values["composition"] == pytest.approx(composition, abs=1e-10)
    assert values["rate"] == pytest.approx(rate, abs=1e-10)
    assert values["total"] == pytest.approx(composition + rate, abs=1e-10)
    assert result["count"].unique().item() == 90
    assert result["base"].unique().item() == 160


def test_many_decompositions_at_once_are_each_what_one_alone_is():
    numbers = np.random.default_rng(3)
    bases = [pd.DataFrame(numbers.integers(0, 900, (40, 4)).astype(float)) for _ in range(2)]
    bases[0].iloc[::7, 1] = 0
    counts = [(base * numbers.uniform(0, 1, (40, 4))).round() for base in bases]
    counts[1].iloc[5, 2] = np.nan
    composition, rate, whole = kitagawa_sums(counts[0], bases[0], counts[1], bases[1])
    for place in range(40):
        own, other = (
            pd.DataFrame({"count": c.iloc[place], "base": b.iloc[place]})
            for c, b in zip(counts, bases, strict=True)
        )
        alone = kitagawa(own, other)
        expected = (alone.composition, alone.rate, alone.difference)
        got = (composition[place], rate[place], whole[place])
        assert np.allclose(got, expected, rtol=0, atol=1e-12, equal_nan=True)
    assert np.isnan(whole).sum() == 1


# ---- One register after another, and what the data lack.


@pytest.fixture(scope="module")
def server():
    with PxServer(limit=None) as running:
        yield running


@pytest.fixture
def fetched(tmp_path: Path, server, monkeypatch):
    """Return a function that fetches tables from the test server above a copy of the edition."""
    built = ap.build("edition")
    shutil.copytree(project.raw() / "edition", tmp_path / "data" / "raw" / "edition")
    shutil.copytree(built, tmp_path / "data" / "processed" / "edition")
    monkeypatch.setenv("AFFARSPLAN_HOME", str(tmp_path))
    monkeypatch.setenv("AFFARSPLAN_BASE_URL", f"scb={server.url}")

    def run(*tables: str) -> None:
        archive = Archive(tmp_path / "data" / "raw" / "archive")
        client = ScbClient(server.url, archive=archive, limiter=Limiter(Rate(10**6, 1.0)))
        results = fetch([CATALOGUE.tables[id] for id in tables], client, archive)
        assert not [result.error for result in results if result.error]

    return run


def test_bas_follows_rams_in_one_indicator_and_nothing_is_compared_between_them(fetched):
    about = CATALOGUE.indicator("employed_daytime_index")
    before = evaluate(about.id)
    assert measures_in_use(about, "newest") == ("employed_day",)
    assert changes_of_register(about, "newest") == {}
    fetched("TAB3204")
    after = evaluate(about.id)
    bas = after["table"].str.contains("TAB3204|näringsgren", case=False) & ~after[
        "table"
    ].str.contains("AM0207")
    start = after.loc[bas, "period"].min()
    # Riket and every county change register in the same year, and RAMS ends before it.
    assert (after.loc[~bas, "period"] < start).all()
    assert not set(after.loc[bas, "segment"]) & set(after.loc[~bas, "segment"])
    assert (after.loc[bas & (after["period"] == start), "value"] == 100).all()
    early = before[before["period"] < start].drop(columns="segment").reset_index(drop=True)
    kept = after[~bas & (after["sex"] == "total")].drop(columns="segment").reset_index(drop=True)
    pd.testing.assert_frame_equal(
        kept, early[early["sex"] == "total"].reset_index(drop=True), check_dtype=False
    )
    assert list(changes_of_register(about, "newest")) == [start]
    assert set(measures_in_use(about, "newest")) == {"employed_day", "employed_day_by_industry_bas"}
    assert evaluate(about.id, "edition").equals(before)
    # A value is traced to the register of its own year.
    for period, measure in ((start, "employed_day_by_industry_bas"), ("2015", "employed_day")):
        found = trace(about.id, region="1980", period=period, sex="total")
        assert found.value is not None
        assert {o.measure for o in found.observations} == {measure}


def test_where_two_registers_overlap_the_later_one_is_used_alone(monkeypatch):
    item = CATALOGUE.indicator("commuting_balance").formula.inputs["denominator"]
    held = {
        "employed_night": [("19", "2019", 5.0), ("19", "2020", 6.0), ("04", "2020", 7.0)],
        "employed_night_by_industry_bas": [("19", "2020", 60.0), ("19", "2021", 61.0)],
    }
    frames = {
        name: figures(*({"region": r, "period": p, "value": v} for r, p, v in rows))
        for name, rows in held.items()
    }
    bas = frames["employed_night_by_industry_bas"]
    frames["employed_night_by_industry_bas"] = bas.assign(sex="total")
    monkeypatch.setattr(inputs, "_held", lambda one, data: True)
    monkeypatch.setattr(inputs, "_read", lambda one, data: frames[one.measure])
    read = inputs.read(item, "newest")
    # The earlier register's year 2020 is used for no region, not even where the later one lacks it.
    assert read[["region", "period", "value"]].to_numpy().tolist() == [
        ["19", "2019", 5.0],
        ["19", "2020", 60.0],
        ["19", "2021", 61.0],
    ]
    assert set(read["sex"]) == {"total"}
    assert read["segment"].nunique() == 2
    sources = [inputs.reading_at(item, p, "newest").measure for p in ("2019", "2020")]
    assert sources == ["employed_night", "employed_night_by_industry_bas"]


def test_the_employment_rate_is_the_editions_until_the_groups_are_fetched(fetched):
    id = "employment_rate_20_64"
    edition = evaluate(id)
    assert set(zip(edition["sex"], edition["birth"], strict=True)) == {("total", "total")}
    assert edition["value"].notna().any()
    assert edition["low"].isna().all()
    assert trace(id, region="1980", period="2023").value is not None
    fetched("TAB3200")
    newest = evaluate(id)
    known = newest[newest["value"].notna()]
    assert set(zip(known["sex"], known["birth"], strict=True)) == {
        (sex, birth)
        for sex in ("total", "women", "men")
        for birth in ("total", "native", "foreign")
    }
    assert {"00", "19", "1980"} <= set(known["region"])
    # No municipality keeps the edition's figure for a year that the fetched table has.
    assert set(newest["source"]) == {"SYNTETISKA TESTDATA – SCB"}
    bounded = known.dropna(subset=["low"])
    assert len(bounded)
    assert (bounded["low"] <= bounded["value"]).all()
    assert (bounded["value"] <= bounded["high"]).all()
    key = {"region": "19", "period": str(known["period"].max()), "sex": "women", "birth": "foreign"}
    used = {o.measure for o in trace(id, **key).observations}
    assert used == {"employment_rate_by_birth", "employed_by_birth", "population_bas_by_birth"}
    gaps = evaluate("employment_gap_sex")
    assert set(gaps["birth"]) == {"total", "native", "foreign"}
    assert set(evaluate("employment_rate_decomposition")["category"]) == {
        "total",
        "composition",
        "rate",
    }


def test_the_shapes_that_the_plans_claims_read_are_there(fetched):
    fetched("TAB3204", "TAB3205")
    four = {(s, b) for s in ("women", "men") for b in ("native", "foreign")}
    for id in ("entrepreneur_rate", "ict_workforce_diversity"):
        frame = evaluate(id)
        assert four <= set(zip(frame["sex"], frame["birth"], strict=True)), id
    women = evaluate("entrepreneurs_women_share")
    assert {("00", "total"), ("19", "total"), ("19", "foreign")} <= set(
        zip(women["region"], women["birth"], strict=True)
    )
    for id in (
        "strength_area_women_share",
        "strength_area_foreign_born_share",
        "strength_area_employment_index",
    ):
        assert {"B+C", "D+E", "H", "Q"} <= set(evaluate(id)["industry"]), id
    diversity = evaluate("industry_diversity_shannon")
    municipal = diversity[diversity["region"].str.len() == 4]
    assert municipal["value"].notna().all()
    # County figures of 2018 are RAMS's still.
    assert "2018" in set(diversity.loc[diversity["region"] == "19", "period"])


def test_an_optional_input_that_the_data_lack_has_its_columns_and_no_rows():
    item = CATALOGUE.indicator("employment_rate_20_64").formula.inputs["part"]
    frame = inputs.read(item, "edition")
    assert frame.empty
    assert list(frame.columns[:5]) == ["region", "period", "sex", "birth", "value"]
    assert inputs.reading_at(item, "2023", "edition") is None


BEFORE = {"measure": "employment_rate", "select": {"age": "20-64"}}


@pytest.mark.parametrize(
    ("own", "before", "words"),
    [
        ({"age": "20-64"}, BEFORE | {"select": {"age": ["20-64"]}}, "delas på age"),
        ({"sex": ["women", "men"]}, BEFORE, "delningen sex"),
        ({"age": "20-64"}, BEFORE | {"before": BEFORE}, "inget eget before"),
    ],
)
def test_what_stands_before_must_fit_the_input(own, before, words):
    raw = {"measure": "employment_rate_by_birth", "select": own, "before": before}
    with pytest.raises(ValueError, match=words):
        Input.model_validate(raw)


def test_an_indicator_of_the_edition_needs_one_reading_that_the_edition_has():
    about = CATALOGUE.indicator("employment_gap_sex").model_dump()
    about |= {"availability": "edition", "missing_reason": None}
    found = _validated("x.yaml", about, Indicator)
    with pytest.raises(CatalogueError, match="employment_rate_by_birth saknas i utgåvan"):
        _check_inputs("x.yaml", found, CATALOGUE.measures)


def test_small_groups_are_hidden_in_gaps_and_ratios():
    about = CATALOGUE.indicator("employment_gap_birth")
    frame = pd.DataFrame(
        {"value": [1.0] * 5, "low": 0.0, "high": 2.0, "status": "",
         "count": [54, 540, 897, 4, 1200], "base": [90, 900, 900, 900, 900]}
    )  # fmt: skip
    status = list(_disclosed(frame, about)["status"])
    assert status == [HIDDEN, "", HIDDEN, HIDDEN, ""]

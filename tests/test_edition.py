"""The built-in edition: its files agree with the manifest, each other and their sources."""

import csv
import hashlib
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from affarsplan_data import regions

ROOT = Path(__file__).resolve().parents[1]
EDITION = ROOT / "data" / "raw" / "edition"
FIGURES = ROOT.parent / "shared" / "figures"

CELL = ["region", "period", "sex", "birth", "age", "industry", "category"]
COLUMNS = [*CELL, "value", "status", "series"]
SEX = {
    "kvinnor": "women",
    "män": "men",
    "totalt": "total",
    "F": "women",
    "M": "men",
    "T": "total",
}
INDUSTRIES = {
    *("total", "A", "B+C", "D+E", "F", "G", "H", "I", "J", "K", "L"),
    *("M+N", "O", "P", "Q", "R+S+T+U", "unknown"),
}
Cells = dict[tuple[str, ...], str]


@cache
def manifest() -> dict[str, Any]:
    """Return the parsed manifest."""
    return yaml.safe_load((EDITION / "manifest.yaml").read_text(encoding="utf-8"))


MEASURES = sorted(manifest()["measures"])


@cache
def frame(measure: str) -> pd.DataFrame:
    """Return a measure's file with every column as text and ``number`` as float."""
    data = pd.read_csv(EDITION / f"{measure}.csv", dtype=str, keep_default_na=False)
    return data.assign(number=pd.to_numeric(data["value"]))


def select(measure: str, **wanted: str) -> pd.DataFrame:
    """Return the rows where each named column has the given value."""
    data = frame(measure)
    for column, value in wanted.items():
        data = data[data[column] == value]
    return data


def single(measure: str, **wanted: str) -> float:
    """Return the only value in a selection."""
    found = select(measure, **wanted)
    assert len(found) == 1, found
    return float(found["number"].iloc[0])


# ------------------------------------------------------------------ files and manifest


def test_every_file_is_declared() -> None:
    assert {p.name for p in EDITION.iterdir()} == {
        "manifest.yaml",
        *(entry["file"] for entry in manifest()["measures"].values()),
    }


def test_edition_says_what_it_is() -> None:
    edition = manifest()["edition"]
    assert edition["id"] == "2026-11"
    assert all(edition[key] for key in ("title", "licence", "note"))


def test_missing_is_declared_with_reason_and_source() -> None:
    missing = manifest()["missing"]
    assert missing
    for entry in missing:
        assert set(entry) == {"what", "reason", "comes_from"}
        assert all(isinstance(text, str) and text.strip() for text in entry.values())


@pytest.mark.parametrize("measure", MEASURES)
def test_file_is_the_one_the_manifest_describes(measure: str) -> None:
    entry = manifest()["measures"][measure]
    content = (EDITION / entry["file"]).read_bytes()
    assert entry["file"] == f"{measure}.csv"
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert b"\r" not in content
    assert content.endswith(b"\n")
    assert len(content) < 2_000_000
    rows = list(csv.reader(content.decode("utf-8").splitlines()))
    assert rows[0] == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert len(rows) - 1 == entry["rows"]


@pytest.mark.parametrize("measure", MEASURES)
def test_series_have_a_traceable_source(measure: str) -> None:
    entry = manifest()["measures"][measure]
    assert entry["unit"]
    assert entry["title"]
    assert set(frame(measure)["series"]) == set(entry["series"])
    for series in entry["series"].values():
        assert series["producer"]
        assert series["table"]
        assert series["retrieved_via"]
        assert isinstance(series["precedence"], int)
        assert series["vintage"] is None or re.fullmatch(r"\d{4}-\d\d-\d\d", series["vintage"])
        assert series["table_id"] is None or series["table_id"].strip()


INTERNAL = re.compile(
    r"[0-9a-f]{12}|[a-z0-9]_[a-z0-9]|xn--|fynd|\bskriv\b|lägg |\bunknown\b|\bmissing\b|\d-\d"
    r"|\d \d{3}|\(\.\.\)",
    re.IGNORECASE,
)
"""Names and notes that only concern who makes the edition, and what a line could break or misread."""


@pytest.mark.parametrize("measure", MEASURES)
def test_what_readers_meet_of_a_series_is_written_for_them(measure: str) -> None:
    for series in manifest()["measures"][measure]["series"].values():
        place = series["place"]
        # Who has laid out the copy is told by its name, as that is written.
        said = re.sub(r"\([\w.-]+/[\w.-]+\)", "", place)
        for text in filter(None, (said, series["note"])):
            assert not (found := INTERNAL.search(text)), (found, text)
            assert text[0].isupper() or text[0].isdigit()
            assert text.endswith(".")


def test_what_is_missing_is_told_for_readers() -> None:
    texts = [manifest()["edition"]["note"]]
    texts += [text for entry in manifest()["missing"] for text in entry.values()]
    for text in texts:
        assert not (found := INTERNAL.search(text)), (found, text)


@pytest.mark.parametrize("measure", MEASURES)
def test_preliminary_periods_exist_in_their_series(measure: str) -> None:
    for key, series in manifest()["measures"][measure]["series"].items():
        periods = set(select(measure, series=key)["period"])
        assert set(series.get("preliminary_periods", [])) <= periods


@pytest.mark.parametrize("measure", MEASURES)
def test_rows_follow_the_schema(measure: str) -> None:
    data = frame(measure)
    assert set(data["region"]) <= set(regions.all_regions())
    assert data["period"].str.fullmatch(r"\d{4}(M(0[1-9]|1[0-2])|K[1-4])?").all()
    assert set(data["sex"]) <= {"total", "women", "men"}
    assert set(data["birth"]) <= {"total", "native", "foreign"}
    assert data["age"].str.fullmatch(r"total|unknown|\d+-\d+|\d+\+").all()
    assert set(data["industry"]) <= INDUSTRIES
    assert set(data["status"]) <= {"", "..", "rounded", "year_inferred"}


@pytest.mark.parametrize("measure", MEASURES)
def test_categories_are_declared_exactly(measure: str) -> None:
    declared = manifest()["measures"][measure].get("categories", {"total": "totalt"})
    assert set(frame(measure)["category"]) == set(declared)
    assert all(declared.values())


@pytest.mark.parametrize("measure", MEASURES)
def test_values_parse_and_gaps_have_a_status(measure: str) -> None:
    data = frame(measure)
    present = data["value"] != ""
    assert data.loc[present, "value"].str.fullmatch(r"-?\d+(\.\d+)?").all()
    assert (data["status"] == "..").eq(~present).all()


@pytest.mark.parametrize("measure", MEASURES)
def test_no_cell_twice_in_a_series_and_rows_in_order(measure: str) -> None:
    keys = list(frame(measure)[[*CELL, "series"]].itertuples(index=False, name=None))
    assert len(keys) == len(set(keys))
    assert keys == sorted(keys)


@pytest.mark.parametrize("measure", MEASURES)
def test_precedence_decides_between_series_that_hold_the_same_cell(measure: str) -> None:
    rank = {k: s["precedence"] for k, s in manifest()["measures"][measure]["series"].items()}
    data = frame(measure).assign(rank=lambda d: d["series"].map(rank))
    assert not data.duplicated([*CELL, "rank"]).any()


# ------------------------------------------------------------------ known figures


def test_anchor_figures() -> None:
    assert single("population", region="1980", period="2023", series="scb_2011_2024") == 159_662
    grp = single("grp", region="19", period="2021")
    assert round(grp / 1000, 1) == 115.6
    assert single("new_firms", region="19", period="2017") == 1_511
    assert single("new_firms_per_1000", region="19", period="2017") == 9.4
    assert single("new_firms_leader_share", region="19", period="2018", sex="women") == 32.5
    assert single("enterprise_births", region="19", period="2018", category="total") == 1_417
    assert single("business_rd", region="19", period="2019") == 2_299


def test_population_of_every_municipality_every_year() -> None:
    data = frame("population")
    data = data[data["series"].isin(["kolada_1998_2010", "scb_2011_2024"])]
    everyone = set(regions.municipalities())
    by_year = data.groupby("period")["region"].agg(list)
    assert list(by_year.index) == [str(year) for year in range(1998, 2025)]
    for year, codes in by_year.items():
        expected = everyone - {"0330"} if int(year) < 2002 else everyone
        assert len(codes) == len(expected)
        assert set(codes) == expected
    assert (data["number"] > 0).all()


def test_municipalities_sum_to_eurostats_counties_and_country() -> None:
    published = select("population", series="eurostat_jan1", sex="total", age="total")
    parts = select("population", series="scb_2011_2024")
    counties = parts.assign(region=parts["region"].str[:2]).groupby(["region", "period"])["number"]
    sums = counties.sum()
    country = parts.groupby("period")["number"].sum()
    assert sorted(set(published["period"])) == [str(year) for year in range(2013, 2022)]
    assert len(published) == 22 * 9
    for row in published.itertuples():
        total = country[row.period] if row.region == "00" else sums[row.region, row.period]
        assert total == row.number, (row.region, row.period)


@pytest.mark.parametrize(
    ("measure", "series", "cells"),
    [
        ("population", "eurostat_jan1", 22 * (9 * 21 + 3)),
        ("employed_day", "vasteras_by_sex", 13),
        ("employed_night", "vasteras_by_sex", 13),
    ],
)
def test_women_and_men_sum_to_the_published_total(measure: str, series: str, cells: int) -> None:
    wide = select(measure, series=series).pivot(
        index=["region", "period", "age"], columns="sex", values="number"
    )
    complete = wide.dropna()
    assert len(complete) == cells
    assert (complete["women"] + complete["men"] == complete["total"]).all()


def test_median_of_all_lies_between_women_and_men() -> None:
    wide = frame("median_earned_income").pivot(
        index=["region", "period"], columns="sex", values="number"
    )
    assert len(wide) == 580
    assert wide["total"].between(wide.min(axis=1), wide.max(axis=1), inclusive="neither").all()


@pytest.mark.parametrize("other", ["commuters_out", "commuters_in"])
def test_commuting_adds_up(other: str) -> None:
    index = ["region", "period", "series"]
    stay = frame("live_and_work").set_index(index)["number"]
    move = frame(other).set_index(index)["number"]
    whole = frame("employed_night" if other == "commuters_out" else "employed_day")
    whole = whole[whole["series"] != "vasteras_by_sex"].set_index(index)["number"]
    assert ((stay + move).sort_index() == whole.sort_index()).all()
    assert len(whole) == 290 * 12 + 107 * 3


def test_vasteras_own_series_equals_the_commuting_table() -> None:
    cell = ["region", "period", "age"]
    for measure in ("employed_day", "employed_night"):
        own = select(measure, series="vasteras_by_sex", sex="total").set_index(cell)["number"]
        table = select(measure, sex="total", region="1980")
        table = table[table["series"] != "vasteras_by_sex"].set_index(cell)["number"]
        shared = own.index.intersection(table.index)
        assert len(shared) == 12
        assert own[shared].eq(table[shared]).all()


def test_employed_and_not_employed_are_the_population() -> None:
    cell = ["sex", "age"]
    parts = [
        frame(m).set_index(cell)["number"]
        for m in ("employed_bas_by_age", "not_employed_bas_by_age")
    ]
    whole = frame("population_bas_by_age").set_index(cell)["number"]
    assert len(whole) == 12
    assert (parts[0] + parts[1]).eq(whole).all()


def test_doubtful_counties_by_birth_are_empty_and_explained() -> None:
    data = select("population", series="scb_2024_birth")
    empty = data[data["value"] == ""]
    assert set(empty["region"]) == {"03", "05"}
    assert len(empty) == 4
    assert "Uppsala" in manifest()["measures"]["population"]["series"]["scb_2024_birth"]["note"]
    rest = data[data["value"] != ""].groupby("region")["number"].sum()
    parts = select("population", series="scb_2011_2024", period="2024")
    counties = parts.groupby(parts["region"].str[:2])["number"].sum()
    assert rest.eq(counties[rest.index]).all()


def test_r_and_d_sectors_sum_to_the_published_total() -> None:
    sectors = frame("rd_by_sector").set_index("category")["number"]
    assert sectors.drop("total").sum() == sectors["total"] == 2_697


def test_both_published_values_of_the_countrys_export_are_kept() -> None:
    values = select("goods_export_head_office", region="00", period="2017")
    assert sorted(values["number"]) == [1_285, 1_307]


def test_rounded_sources_say_so() -> None:
    for measure in (
        "goods_export_head_office",
        "goods_export_production_site",
        "goods_export_per_capita_head_office",
        "goods_export_per_capita_production_site",
        "goods_export_large_firms",
        "new_firms_by_background",
    ):
        assert set(frame(measure)["status"]) == {"rounded"}, measure
    assert (frame("new_firms_by_background")["number"] % 10 == 0).all()


def test_preferred_series_for_arbogas_grp() -> None:
    series = manifest()["measures"]["grp_per_capita"]["series"]
    order = ("first_publication_2021", "regionfakta_2008_2019", "kolada_n03702")
    ranks = [series[key]["precedence"] for key in order]
    assert ranks == sorted(ranks)
    both = select("grp_per_capita", region="1984", period="2018")
    assert set(both["series"]) == {"regionfakta_2008_2019", "kolada_n03702"}


# ------------------------------------------------------------------ against the sources


def source(name: str) -> list[dict[str, str]]:
    """Return a source file's rows, read afresh."""
    with (FIGURES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cell(region: str, period: str, **parts: str) -> tuple[str, ...]:
    """Return a cell's key; a dimension not named is ``total``."""
    return (region, period, *(parts.get(name, "total") for name in CELL[2:]))


Pairs = Iterator[tuple[tuple[str, ...], str]]


def _population_1998() -> Pairs:
    for row in source("folkmangd_kommun_kolada_1998_2019"):
        if int(row["year"]) < 2011:
            yield cell(row["regionkod"], row["year"]), row["folkmangd"]


def _population_2011() -> Pairs:
    for row in source("folkmangd_disponibel_inkomst_kommun_2011_2024"):
        yield cell(row["region_code"], row["year"]), row["population"]


def _disposable_income() -> Pairs:
    for row in source("folkmangd_disponibel_inkomst_kommun_2011_2024"):
        yield cell(row["region_code"], row["year"]), row["median_income_tkr"]


def _population_eurostat() -> Pairs:
    named = {"TOTAL": "total", "UNK": "unknown", "Y_LT5": "0-4", "Y_GE85": "85+", "Y_GE90": "90+"}
    for row in source("folkmangd_lan_kon_alder_eurostat_2014_2022"):
        age = named.get(row["age"]) or row["age"][1:]
        period = str(int(row["year_1jan"]) - 1)
        yield cell(row["lanskod"], period, sex=SEX[row["sex"]], age=age), row["value"]


def _population_2016() -> Pairs:
    for row in source("folkmangd_kommun_kon_5arsklass_2016"):
        age = row["age"].split()[0]
        yield cell(row["region_code"], "2016", sex=SEX[row["sex"]], age=age), row["value"]


def _population_2020() -> Pairs:
    for row in source("utrikesfodda_kommun_kon_2020"):
        sex = SEX[row["kon"]]
        yield cell(row["regionkod"], "2020", sex=sex), row["befolkning"]
        yield cell(row["regionkod"], "2020", sex=sex, birth="foreign"), row["utrikesfodda"]


def _population_2024() -> Pairs:
    for row in source("folkmangd_lan_inrikes_utrikes_2024"):
        birth = {"inrikes född": "native", "utrikes född": "foreign"}[row["birth"]]
        value = "" if row["region_code"] in {"03", "05"} else row["value"]
        yield cell(row["region_code"], row["year"], birth=birth), value


def _grp_eurostat() -> Pairs:
    for row in source("brp_lan_eurostat_2000_2021"):
        if row["unit"] == "MIO_NAC":
            yield cell(row["lanskod"], row["year"]), row["value"]


def _county_2024(measure: str) -> Callable[[], Pairs]:
    def pairs() -> Pairs:
        for row in source("brp_lan_2024"):
            if row["measure"] == measure:
                yield cell(row["region_code"], row["year"]), row["value"]

    return pairs


def _kolada(kpi: str) -> Callable[[], Pairs]:
    def pairs() -> Pairs:
        for row in source("brp_kommun_kolada_2012_2023"):
            if row["kpi"] == kpi:
                yield cell(row["region_code"], row["year"]), row["value"]

    return pairs


def _grp_first() -> Pairs:
    for row in source("brp_per_invanare_kommun_2021"):
        yield cell(row["region_code"], row["year"]), row["value"]


def _grp_regionfakta() -> Pairs:
    for row in source("brp_per_invanare_kommun_2008_2019"):
        yield cell(row["regionkod"], row["year"]), row["brp_per_invanare_tkr"]


def _employment_rate() -> Pairs:
    for row in source("sysselsattningsgrad_kommun_2020_2024"):
        yield cell(row["region_code"], row["year"], age=row["age"]), row["value"]


def _commuting(measure: str, age: str) -> Callable[[], Pairs]:
    def pairs() -> Pairs:
        for row in source("forvarvsarbetande_kommun_2004_2015_2019_2021"):
            if row["measure"] == measure and row["age"] == age:
                yield cell(row["region_code"], row["year"], age=age), row["value"]

    return pairs


def _industry(measure: str) -> Callable[[], Pairs]:
    def pairs() -> Pairs:
        for row in source("forvarvsarbetande_lan_naringsgren_2018"):
            if row["measure"] == measure:
                code = row["industry_sni2007"].split()[0]
                yield cell(row["region_code"], row["year"], age="16+", industry=code), row["value"]

    return pairs


def _unemployed() -> Pairs:
    for row in source("arbetslosa_bas_kommun_kon_2023_manad"):
        key = cell(row["regionkod"], row["manad"], sex=SEX[row["kon"]], age=row["alder"])
        yield key, row["antal"]


def _unemployment_rate() -> Pairs:
    for row in source("arbetsloshet_aku_lan_kon_2018_2022"):
        key = cell(row["region_code"], row["year"], sex=SEX[row["sex"]], age=row["age"])
        yield key, row["value"]


def _education() -> Pairs:
    codes = {
        "förgymnasial utbildning kortare än 9 år": "primary_short",
        "förgymnasial utbildning, 9 (10) år": "primary_9",
        "gymnasial utbildning, högst 2 år": "upper_secondary_2",
        "gymnasial utbildning, 3 år": "upper_secondary_3",
        "eftergymnasial utbildning, mindre än 3 år": "post_secondary_short",
        "eftergymnasial utbildning, 3 år eller mer": "post_secondary_3",
        "forskarutbildning": "postgraduate",
    }
    for row in source("utbildning_kommun_kon_2018_2022"):
        parts = {"age": "16-74", "category": codes[row["utbildningsniva"]]}
        yield cell(row["regionkod"], row["year"], sex=SEX[row["kon"]], **parts), row["antal"]


def _earned_income() -> Pairs:
    for row in source("medianinkomst_kommun_kon_2018_2022"):
        key = cell(row["region_code"], row["year"], sex=SEX[row["sex"]], age=row["age"])
        yield key, row["value"]


def _monthly() -> Pairs:
    ages = {"folkmangd": "total", "folkmangd_20_64": "20-64", "folkmangd_16_64": "16-64"}
    for row in source("folkmangd_kommun_kon_2018_2022_manadstabell"):
        for column, age in ages.items():
            key = cell(row["regionkod"], row["year"], sex=SEX[row["kon"]], age=age)
            yield key, row[column]


def _demography(code: str) -> Callable[[], Pairs]:
    sizes = {"TOTAL": "total", "0": "size_0", "1-9": "size_1_9", "GE10": "size_10_plus"}

    def pairs() -> Pairs:
        for row in source("foretagsdemografi_lan_storlek_eurostat_2008_2020"):
            if row["indic_sb"] == code:
                key = cell(row["lanskod"], row["year"], category=sizes[row["sizeclas"]])
                yield key, row["value"]

    return pairs


def _new_firms_2017(column: str) -> Callable[[], Pairs]:
    def pairs() -> Pairs:
        for row in source("nystartade_foretag_lan_2017"):
            yield cell(row["regionkod"], row["year"]), row[column]

    return pairs


def _new_firms() -> Pairs:
    for row in source("nystartade_foretag_riket_1997_2022"):
        yield cell(row["regionkod"], row["year"]), row["nystartade_foretag"]


def _leader_share() -> Pairs:
    for row in source("nystartade_foretag_lan_kon_2018"):
        yield cell(row["regionkod"], row["year"], sex="women"), row["kvinnlig_ledning_procent"]
        yield cell(row["regionkod"], row["year"], sex="men"), row["manlig_ledning_procent"]


COMPARED: list[tuple[str, str, Callable[[], Pairs]]] = [
    ("population", "kolada_1998_2010", _population_1998),
    ("population", "scb_2011_2024", _population_2011),
    ("population", "eurostat_jan1", _population_eurostat),
    ("population", "scb_2016_age", _population_2016),
    ("population", "scb_2020_birth", _population_2020),
    ("population", "scb_2024_birth", _population_2024),
    ("population_monthly_table", "scb_month", _monthly),
    ("grp", "eurostat_nama_10r_3gdp", _grp_eurostat),
    ("grp", "scb_tab3138", _county_2024("BRP, löpande priser")),
    ("grp_volume_change", "scb_tab3138", _county_2024("BRP, volymförändring")),
    ("grp_per_capita", "scb_tab3138", _county_2024("BRP per invånare")),
    ("grp_per_capita", "kolada_n03702", _kolada("N03702")),
    ("grp_per_capita", "regionfakta_2008_2019", _grp_regionfakta),
    ("grp_per_capita", "first_publication_2021", _grp_first),
    ("grp_per_employed", "scb_tab3138", _county_2024("BRP per sysselsatt")),
    ("grp_per_employed", "kolada_n03703", _kolada("N03703")),
    ("employed_national_accounts", "scb_tab3138", _county_2024("medelantal sysselsatta")),
    ("wages_national_accounts", "scb_tab3138", _county_2024("egentliga löner")),
    ("employment_rate", "scb_tab3200", _employment_rate),
    ("employed_day", "rams_2004_2015", _commuting("forvarvsarbetande_dag", "16+")),
    ("employed_day", "rams_2019_2021", _commuting("forvarvsarbetande_dag", "16-74")),
    ("employed_night", "rams_2004_2015", _commuting("forvarvsarbetande_natt", "16+")),
    ("employed_night", "rams_2019_2021", _commuting("forvarvsarbetande_natt", "16-74")),
    ("commuters_in", "rams_2004_2015", _commuting("inpendlare", "16+")),
    ("commuters_out", "rams_2019_2021", _commuting("utpendlare", "16-74")),
    ("live_and_work", "rams_2004_2015", _commuting("bor_och_arbetar", "16+")),
    ("employed_day_by_industry", "rams_county_2018", _industry("arbetslän (dagbefolkning)")),
    ("employed_night_by_industry", "rams_county_2018", _industry("bostadslän (nattbefolkning)")),
    ("unemployed", "bas_2023_month", _unemployed),
    ("unemployment_rate_lfs", "aku_2018_2022", _unemployment_rate),
    ("education", "scb_2018_2022", _education),
    ("median_earned_income", "scb_tab3554", _earned_income),
    ("median_disposable_income", "scb_2011_2024", _disposable_income),
    ("new_firms", "riket_1997_2022", _new_firms),
    ("new_firms", "county_2017", _new_firms_2017("nystartade_foretag")),
    ("new_firms_per_1000", "county_2017", _new_firms_2017("per_1000_inv_16_64")),
    ("new_firms_leader_share", "county_by_sex_2018", _leader_share),
    ("enterprises_active", "eurostat_bd_size_r3", _demography("V11910")),
    ("enterprise_births", "eurostat_bd_size_r3", _demography("V11920")),
    ("enterprise_deaths", "eurostat_bd_size_r3", _demography("V11930")),
    ("enterprises_surviving_3y", "eurostat_bd_size_r3", _demography("V11943")),
    ("persons_employed_in_enterprises", "eurostat_bd_size_r3", _demography("V16910")),
    ("employees_in_enterprises", "eurostat_bd_size_r3", _demography("V16911")),
    ("persons_employed_in_new_enterprises", "eurostat_bd_size_r3", _demography("V16920")),
]


@pytest.mark.skipif(not FIGURES.is_dir(), reason="the source files are not beside the project")
@pytest.mark.parametrize(
    ("measure", "series", "pairs"), COMPARED, ids=[f"{m}-{s}" for m, s, _ in COMPARED]
)
def test_every_value_equals_its_source(
    measure: str, series: str, pairs: Callable[[], Pairs]
) -> None:
    expected: Cells = {}
    for key, value in pairs():
        assert key not in expected
        expected[key] = value
    rows = select(measure, series=series)
    found = {tuple(key): value for *key, value in rows[[*CELL, "value"]].itertuples(index=False)}
    assert found.keys() == expected.keys()
    wrong = {
        key: (found[key], value)
        for key, value in expected.items()
        if (found[key] == "") != (value == "") or (value and float(found[key]) != float(value))
    }
    assert not wrong

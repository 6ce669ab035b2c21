"""Every measure of people, environment and firms' births, from a hand-made answer to its rows.

The answers in ``tests/answers`` are in the providers' own formats and are SYNTETISKA TESTDATA; the rows
that they must become are written by hand here. A row is region, period, what it is divided by, the figure
(``-`` where there is none) and then its status and marks.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
import yaml

from affarsplan_data import catalogue, regions
from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import DIMENSIONS, Table, load_catalogue
from affarsplan_data.clean import CleaningError, clean
from affarsplan_data.fitting import misfits
from affarsplan_data.observations.schema import segments
from affarsplan_data.scb import Cube, read_cube
from affarsplan_data.scb.reading import model_of
from affarsplan_data.sources.bolagsverket_reading import Wanted, read_file
from affarsplan_data.sources.kolada_reading import Entry, Kpi, Page, as_asked, to_cube, to_kolada
from affarsplan_data.sources.providers import PROVIDERS
from affarsplan_data.sources.servers import addresses
from tests.servers import Servers

ANSWERS = Path(__file__).parent / "answers"
CATALOGUE = load_catalogue()
FILES = ("population", "people", "environment", "kolada", "bolagsverket", "tillvaxtanalys")
MARKS = ("noise", "preliminary")

ROWS: dict[tuple[str, str], str] = {}
"""All the rows that a table gives a measure."""

SOME: dict[tuple[str, str], tuple[int, str]] = {}
"""Some of the rows, and how many there are, where an answer has many."""

SOME["TAB638", "population"] = (
    # 27 ages for three sexes, two regions and two years; 1917 is read as 0331.
    27 * 3 * 2 * 2,
    """
    19 2006 sex=men 101
    19 2006 303 summed
    19 2006 sex=women age=20-64 90 summed
    19 2006 sex=women age=100+ 2
    19 2007 age=16-64 245 summed
    19 2007 sex=men age=20-39 40 summed
    0331 2006 202 summed
    0331 2006 sex=men 101
    0331 2006 sex=men age=0-4 5 summed
    0331 2007 sex=women 101
    0331 2007 age=95-99 10 summed
    """,
)
SOME["TAB5557", "population"] = (
    24 * 3,
    """
    19 2025 280 noise
    19 2025 sex=men 141 noise
    19 2025 sex=women 137 noise
    19 2025 age=20-24 14 noise
    19 2025 sex=men age=20-24 8 noise
    19 2025 sex=women age=20-24 7 noise
    19 2025 age=100+ 2 noise
    19 2025 sex=women age=100+ 3 noise
    19 2025 age=0-4 10 noise
    19 2025 age=20-29 10 noise
    """,
)
SOME["TAB4823", "population"] = (
    # Six sums lack the woman of thirty born abroad, and so do both sexes'.
    27 * 3 * 2 - 12,
    """
    19 2024 sex=men birth=native 202 summed
    19 2024 birth=native 404 summed
    19 2024 sex=men birth=foreign 101 summed
    19 2024 sex=women birth=foreign age=25-29 5 summed
    19 2024 birth=foreign age=100+ 2 summed
    19 2024 sex=women birth=foreign age=100+ 1
    19 2024 sex=men birth=foreign age=30-34 5 summed
    """,
)
ROWS["TAB6645", "population"] = """
    19 2025 birth=native 200 noise
    19 2025 sex=men birth=native 101 noise
    19 2025 sex=women birth=native 98 noise
    19 2025 birth=foreign 80 noise
    19 2025 sex=men birth=foreign 39 noise
    19 2025 sex=women birth=foreign 42 noise
"""
SOME["TAB1212", "domestic_in_migration"] = (
    24,
    """
    19 2024 210 summed
    19 2024 sex=women 110
    19 2024 sex=men age=20-24 15 summed
    19 2024 age=20-39 140 summed
    """,
)
SOME["TAB1212", "domestic_out_migration"] = (
    # A woman of 39 is missing, and with her three sums of women and three of both.
    24 - 6,
    """
    19 2024 210 summed
    19 2024 sex=women 120
    19 2024 sex=women age=30-34 5 summed
    19 2024 sex=men age=20-39 40 summed
    """,
)
SOME["TAB1212", "net_domestic_migration"] = (
    24,
    """
    19 2024 0 summed
    19 2024 sex=men 10
    19 2024 sex=women -10
    19 2024 sex=women age=35-39 15 summed
    19 2024 age=20-29 40 summed
    19 2024 age=20-39 80 summed
    """,
)
SOME["TAB1212", "net_international_migration"] = (
    24,
    """
    19 2024 12 summed
    19 2024 sex=men age=20-24 0 summed
    19 2024 sex=women age=30-39 10 summed
    """,
)
SOME["TAB6640", "domestic_in_migration"] = (21, "19 2025 210 noise\n19 2025 sex=women 112 noise")
SOME["TAB6640", "domestic_out_migration"] = (21, "19 2025 201 noise\n19 2025 sex=men 99 noise")
ROWS["TAB6640", "net_domestic_migration"] = """
    19 2025 8 noise
    19 2025 sex=men 2 noise
    19 2025 sex=women 4 noise
    19 2025 age=20-24 -2 noise
    19 2025 age=25-29 -2 noise
    19 2025 age=30-34 -2 noise
    19 2025 age=35-39 -2 noise
    19 2025 age=20-29 -2 noise
    19 2025 age=30-39 -2 noise
    19 2025 sex=men age=20-24 1 noise
    19 2025 sex=men age=25-29 1 noise
    19 2025 sex=men age=30-34 1 noise
    19 2025 sex=men age=35-39 1 noise
    19 2025 sex=men age=20-29 1 noise
    19 2025 sex=men age=30-39 1 noise
    19 2025 sex=women age=20-24 -4 noise
    19 2025 sex=women age=25-29 -4 noise
    19 2025 sex=women age=30-34 -4 noise
    19 2025 sex=women age=35-39 -4 noise
    19 2025 sex=women age=20-29 -4 noise
    19 2025 sex=women age=30-39 -4 noise
"""
SOME["TAB6640", "net_international_migration"] = (
    21,
    "19 2025 12 noise\n19 2025 sex=women age=20-24 5 noise",
)
ROWS["TAB5169", "population_change"] = """
    19 2024 category=population_change 3
    19 2024 sex=men category=population_change 5
    19 2024 sex=women category=population_change -2
    19 2024 category=births 21
    19 2024 sex=men category=births 11
    19 2024 sex=women category=births 10
    19 2024 category=deaths 25
    19 2024 sex=men category=deaths 12
    19 2024 sex=women category=deaths 13
    19 2024 category=birth_surplus -4
    19 2024 sex=men category=birth_surplus -1
    19 2024 sex=women category=birth_surplus -3
    19 2024 category=net_migration_within_county 0
    19 2024 sex=men category=net_migration_within_county 0
    19 2024 sex=women category=net_migration_within_county 0
    19 2024 category=net_migration_other_counties 1
    19 2024 sex=men category=net_migration_other_counties 2
    19 2024 sex=women category=net_migration_other_counties -1
    19 2024 category=net_immigration 6
    19 2024 sex=men category=net_immigration 4
    19 2024 sex=women category=net_immigration 2
"""
SOME["TAB6481", "population_change"] = (
    21,
    """
    19 2025 category=population_change 1 noise
    19 2025 sex=men category=population_change 2 noise
    19 2025 sex=women category=population_change 1 noise
    19 2025 category=births 22 noise
    19 2025 sex=women category=deaths 12 noise
    19 2025 sex=women category=net_migration_within_county 1 noise
    19 2025 category=net_immigration 4 noise
    """,
)
ROWS["TAB3554", "median_earned_income"] = """
    00 2023 age=20-64 355
    00 2023 sex=men age=20-64 380
    00 2023 sex=women age=20-64 330
    00 2024 age=20-64 366
    00 2024 sex=men age=20-64 391
    00 2024 sex=women age=20-64 341
    19 2023 age=20-64 346
    19 2023 sex=men age=20-64 371
    19 2023 sex=women age=20-64 320
    19 2024 age=20-64 355
    19 2024 sex=men age=20-64 380
    19 2024 sex=women age=20-64 - ..
"""
ROWS["TAB5278", "median_earned_income_by_birth"] = """
    19 2023 age=20-64 340
    19 2023 age=20-64 birth=native 370
    19 2023 age=20-64 birth=foreign 290
    19 2023 sex=men age=20-64 350
    19 2023 sex=men age=20-64 birth=native 380
    19 2023 sex=men age=20-64 birth=foreign 300
    19 2023 sex=women age=20-64 330
    19 2023 sex=women age=20-64 birth=native 360
    19 2023 sex=women age=20-64 birth=foreign - ..
"""
ROWS["TAB3981", "education"] = """
    19 2025 sex=men age=16-74 category=primary_short 11
    19 2025 sex=women age=16-74 category=primary_short 12
    19 2025 age=16-74 category=primary_short 23 summed
    19 2025 sex=men age=16-74 category=primary_9 21
    19 2025 sex=women age=16-74 category=primary_9 22
    19 2025 age=16-74 category=primary_9 43 summed
    19 2025 sex=men age=16-74 category=upper_secondary_2 31
    19 2025 sex=women age=16-74 category=upper_secondary_2 32
    19 2025 age=16-74 category=upper_secondary_2 63 summed
    19 2025 sex=men age=16-74 category=upper_secondary_3 41
    19 2025 sex=women age=16-74 category=upper_secondary_3 42
    19 2025 age=16-74 category=upper_secondary_3 83 summed
    19 2025 sex=men age=16-74 category=post_secondary_short 51
    19 2025 sex=women age=16-74 category=post_secondary_short 52
    19 2025 age=16-74 category=post_secondary_short 103 summed
    19 2025 sex=men age=16-74 category=post_secondary_3 61
    19 2025 sex=women age=16-74 category=post_secondary_3 62
    19 2025 age=16-74 category=post_secondary_3 123 summed
    19 2025 sex=men age=16-74 category=postgraduate 71
    19 2025 sex=women age=16-74 category=postgraduate - ..
"""
SOME["education_25_64", "education"] = (
    # The women with a research degree lack one age, and with them both sexes.
    7 * 3 - 2,
    """
    19 2025 sex=men age=25-64 category=primary_short 40 summed
    19 2025 sex=women age=25-64 category=primary_short 80 summed
    19 2025 age=25-64 category=primary_short 120 summed
    19 2025 age=25-64 category=post_secondary_3 120 summed
    19 2025 sex=men age=25-64 category=postgraduate 40 summed
    """,
)
ROWS["TAB4357", "greenhouse_gases_by_actor"] = """
    1980 2021 512500
    1980 2022 498250
    1904 2021 31000
    1904 2022 - ..
"""
ROWS["utslapp_lan", "greenhouse_gases_by_producers"] = """
    19 2021 category=goods 900500
    19 2022 category=goods 880000
    19 2021 category=services 310000
    19 2022 category=services - ..
    19 2021 1210500 summed
"""
ROWS["kolada_new_firms", "new_firms_per_1000"] = """
    00 2006 9.8
    00 2007 11.2
    19 2006 - ..
    19 2007 9.4
    1904 2006 - ..
    1904 2007 - Missing
"""
ROWS["kolada_new_firms", "new_firms"] = """
    00 2006 60000
    00 2007 65000
    19 2006 - ..
    19 2007 1511
    1904 2006 - ..
    1904 2007 - Deleted
"""
ROWS["kolada_business", "bankruptcies_per_1000"] = "19 2025 1.3\n1980 2025 0"
ROWS["kolada_business", "branch_breadth"] = "19 2025 - ..\n1980 2025 84.5"
ROWS["kolada_rd", "rd_per_capita"] = """
    19 2015 category=business 8000
    19 2017 category=business 8700
    19 2015 category=public 120
    19 2017 category=public - Missing
    19 2015 category=higher_education - ..
    19 2017 category=higher_education 700
"""
ROWS["kolada_environment", "greenhouse_gas_emissions"] = """
    19 2010 1500000
    19 2023 1300000
    19 2010 category=heating - ..
    19 2023 category=heating 9000
    19 2010 category=transport - ..
    19 2023 category=transport 400000
    19 2010 category=machinery - ..
    19 2023 category=machinery 80000
    19 2010 category=power - ..
    19 2023 category=power 310000
    19 2010 category=industry - ..
    19 2023 category=industry 290000
    19 2010 category=agriculture - ..
    19 2023 category=agriculture 150000
"""
ROWS["kolada_environment", "greenhouse_gas_emissions_per_capita"] = "19 2010 - ..\n19 2023 4.6"
ROWS["kolada_environment", "electricity_use_per_capita"] = "19 2010 - ..\n19 2023 11.25"
ROWS["kolada_broadband", "broadband_access"] = "00 2025 88.1\n1904 2025 - Missing"
ROWS["kolada_service", "business_satisfaction"] = "1980 2023 74\n1980 2024 75"
ROWS["ftgstat", "company_registrations"] = """
    0331 2006M12 category=limited_company 2
    0331 2006M12 category=sole_trader 5
    0331 2006M12 category=trading_partnership 1
    0331 2006M12 category=limited_partnership 0
    0331 2007M01 category=limited_company 3
    0331 2007M01 category=sole_trader 4
    0331 2007M01 category=trading_partnership 0
    0331 2007M01 category=limited_partnership - tomt
    1980 2006M12 category=limited_company - ..
    1980 2006M12 category=sole_trader - ..
    1980 2006M12 category=trading_partnership - ..
    1980 2006M12 category=limited_partnership - ..
    1980 2007M01 category=limited_company 31
    1980 2007M01 category=sole_trader 40
    1980 2007M01 category=trading_partnership 6
    1980 2007M01 category=limited_partnership 1
"""
ROWS["new_firms_by_quarter", "new_firms_quarterly"] = """
    19 2023K4 321
    20 2023K4 350
    19 2024K1 402 preliminary
    20 2024K1 - .. preliminary
"""
ROWS["firm_demography", "firms_active"] = """
    19 2023 category=size_0 1000
    19 2023 category=size_1_9 400
    19 2023 category=size_10_plus 150
    19 2023 1550 summed
"""
ROWS["firm_demography", "firms_established"] = """
    19 2023 category=size_0 100
    19 2023 category=size_1_9 30
    19 2023 category=size_10_plus 5
    19 2023 135 summed
"""
ROWS["firm_demography", "firms_closed"] = """
    19 2023 category=size_0 80
    19 2023 category=size_1_9 20
    19 2023 category=size_10_plus 4
    19 2023 104 summed
"""
ROWS["firm_demography", "employees_in_active_firms"] = """
    19 2023 category=size_0 0
    19 2023 category=size_1_9 1500
    19 2023 category=size_10_plus 9000
    19 2023 10500 summed
"""
ROWS["firm_demography", "employees_in_established_firms"] = """
    19 2023 category=size_0 0
    19 2023 category=size_1_9 60
    19 2023 category=size_10_plus 90
    19 2023 150 summed
"""
ROWS["firm_demography", "employees_in_closed_firms"] = """
    19 2023 category=size_0 0
    19 2023 category=size_1_9 40
    19 2023 category=size_10_plus - ..
"""
ROWS["bankruptcies_by_month", "bankruptcies"] = "19 2025M01 14\n19 2025M02 9"
ROWS["bankruptcies_by_month", "employees_in_bankruptcies"] = "19 2025M01 51\n19 2025M02 - .."
ROWS["foreign_owned", "foreign_owned_workplaces"] = "19 2022 105 summed\n19 2023 108 summed"
ROWS["foreign_owned", "employees_in_foreign_owned_workplaces"] = "19 2022 4100 summed"

KOLADA_REGIONS = {
    "kolada_new_firms": ("00", "19", "1904"),
    "kolada_business": ("19", "1980"),
    "kolada_rd": ("19",),
    "kolada_environment": ("19",),
    "kolada_broadband": ("00", "1904"),
    "kolada_service": ("1980",),
}


def small(table: str) -> Table:
    """Return the catalogue's table, for an answer that has a few regions only."""
    declared = CATALOGUE.tables[table]
    columns = {
        name: column.model_copy(update={"levels": ()}) for name, column in declared.columns.items()
    }
    return declared.model_copy(update={"columns": columns})


def answer(table: str, version: str = "") -> Cube:
    """Return an answer as the provider's own reader reads it."""
    name = f"{table}.{version}" if version else table
    source = CATALOGUE.tables[table].source
    if source == "bolagsverket":
        content = (ANSWERS / f"{name}.csv").read_bytes()
        chosen = CATALOGUE.tables[table].selection
        wanted = Wanted(events=(str(chosen["Handelse"]),), forms=tuple(chosen["Form"]))
        return read_file(content, wanted, 10_000)
    content = (ANSWERS / f"{name}.json").read_bytes()
    if source == "kolada":
        asked = KOLADA_REGIONS[table]
        kpis = model_of(Page[Kpi], (ANSWERS / f"{table}.kpi.json").read_bytes()).values
        page = model_of(Page[Entry], content)
        as_asked(page, [kpi.id for kpi in kpis], [to_kolada(code) for code in asked], ())
        return to_cube("SYNTETISKA TESTDATA", kpis, asked, page.values)
    return read_cube(content)


def snapshot(table: str, cube: Cube) -> Snapshot:
    return Snapshot(
        source="prov",
        name=table,
        updated=cube.structure.updated,
        retrieved=datetime(2026, 11, 1, tzinfo=UTC),
        asked={},
        metadata=f"{0:016x}-{0:016x}",
        answers=[],
        cells=0,
        periods=[],
        client="prov",
    )


def given(table: str, version: str = "") -> dict[str, pd.DataFrame]:
    cube = answer(table, version)
    return clean(small(table), [cube], snapshot(table, cube))


Row = tuple[object, ...]


def seen(frame: pd.DataFrame) -> set[Row]:
    rows = set()
    for row in frame.to_dict("records"):
        value = None if pd.isna(row["value"]) else round(float(row["value"]), 6)
        marks = tuple(bool(row[mark]) for mark in MARKS)
        where = tuple(row[dimension] for dimension in DIMENSIONS)
        rows.add((row["region"], row["period"], *where, value, row["status"], *marks))
    return rows


def written(text: str) -> set[Row]:
    rows = set()
    for line in filter(None, map(str.strip, text.splitlines())):
        region, period, *rest = line.split()
        split = dict(part.split("=") for part in rest if "=" in part)
        value, *marks = (part for part in rest if "=" not in part)
        status = next((mark for mark in marks if mark not in MARKS), "")
        where = tuple(split.get(dimension, "total") for dimension in DIMENSIONS)
        figure = None if value == "-" else float(value)
        rows.add((region, period, *where, figure, status, *(mark in marks for mark in MARKS)))
    return rows


def own_tables() -> Sequence[Table]:
    folder = Path(catalogue.__file__).parent / "tables"
    entries = [
        entry
        for name in FILES
        for entry in yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
    ]
    return [CATALOGUE.tables[entry["id"]] for entry in entries]


def test_every_measure_of_the_tables_has_a_hand_made_answer():
    named = {(table.id, one.measure) for table in own_tables() for one in table.gives}
    assert named == ROWS.keys() | SOME.keys()
    assert not ROWS.keys() & SOME.keys()


@pytest.mark.parametrize(("table", "measure"), ROWS)
def test_an_answer_becomes_exactly_these_rows(table, measure):
    assert seen(given(table)[measure]) == written(ROWS[table, measure])


@pytest.mark.parametrize(("table", "measure"), SOME)
def test_an_answer_becomes_these_rows_and_so_many(table, measure):
    count, rows = SOME[table, measure]
    frame = given(table)[measure]
    assert len(frame) == count
    assert written(rows) <= seen(frame)


@pytest.mark.parametrize("table", sorted({table for table, _ in [*ROWS, *SOME]}))
def test_the_table_fits_by_its_title_its_contents_and_every_variable(table):
    cube = answer(table)
    label = None if table in KOLADA_REGIONS else cube.structure.label
    assert misfits(small(table), label, cube.structure.dimensions) == ()


@pytest.mark.parametrize(
    ("table", "measure", "where"),
    [
        ("TAB5557", "population", {"age": "total"}),
        ("TAB6645", "population", {"birth": "foreign"}),
        ("TAB6640", "net_domestic_migration", {"age": "total"}),
        ("TAB6481", "population_change", {"category": "births"}),
    ],
)
def test_where_figures_carry_noise_the_sexes_are_never_added_up(table, measure, where):
    rows = given(table)[measure]
    for dimension, value in where.items():
        rows = rows[rows[dimension] == value]
    figure = rows.set_index("sex")["value"]
    assert figure["total"] != figure["women"] + figure["men"]
    assert rows["noise"].all()
    assert not (rows["status"] == "summed").any()


def test_ages_that_are_not_published_with_noise_are_not_made():
    assert "20-39" in set(given("TAB1212")["net_domestic_migration"]["age"])
    assert "20-39" not in set(given("TAB6640")["net_domestic_migration"]["age"])
    assert not {"16-64", "20-64", "20-39"} & set(given("TAB5557")["population"]["age"])


@pytest.mark.parametrize(
    ("table", "measure", "where", "before", "after"),
    [
        ("TAB3554", "median_earned_income", ("19", "2023", "women"), 320, 321.5),
        ("kolada_environment", "greenhouse_gas_emissions", ("19", "2010", "total"), 1.5e6, 1.49e6),
    ],
)
def test_a_revised_figure_is_the_second_versions_and_no_other_changes(
    table, measure, where, before, after
):
    key = ["region", "period", "sex", "age", "category"]
    first = given(table)[measure].set_index(key)["value"]
    second = given(table, "2")[measure].set_index(key)["value"]
    changed = first[(first != second) & ~(first.isna() & second.isna())]
    assert changed.tolist() == [before]
    assert second[changed.index].tolist() == [after]
    assert changed.index[0][:3] == where


def test_each_version_says_which_it_is():
    vintages = [set(given("TAB3554", v)["median_earned_income"]["vintage"]) for v in ("", "2")]
    assert vintages == [{"2026-01-29T07:00:00Z"}, {"2026-03-05T07:00:00Z"}]


@pytest.mark.parametrize(
    ("table", "measure", "apart"),
    [
        ("kolada_new_firms", "new_firms_per_1000", ("2006", "2007")),
        ("kolada_new_firms", "new_firms", ("2006", "2007")),
        ("kolada_rd", "rd_per_capita", ("2015", "2017")),
        ("kolada_service", "business_satisfaction", ("2023", "2024")),
    ],
)
def test_a_break_keeps_the_years_on_either_side_apart(table, measure, apart):
    rows = given(table)[measure]
    breaks = [one.period for one in CATALOGUE.measure(measure).breaks]
    segment = dict(zip(rows["period"], segments(rows["period"], breaks), strict=True))
    assert segment[apart[0]] != segment[apart[1]]


def test_noise_is_no_break():
    for id in ("population", "net_domestic_migration", "population_change"):
        assert not CATALOGUE.measure(id).breaks


def test_a_published_total_of_owners_is_refused_rather_than_counted_twice():
    text = (ANSWERS / "foreign_owned.json").read_text(encoding="utf-8")
    cube = read_cube(text.replace('"no"', '"tot"').replace("Norge", "Totalt").encode())
    with pytest.raises(CleaningError, match=r"Ägarland har koden tot \(Totalt\)"):
        clean(small("foreign_owned"), [cube], snapshot("foreign_owned", cube))


def test_emissions_in_another_unit_are_refused():
    text = (ANSWERS / "utslapp_lan.json").read_text(encoding="utf-8")
    cube = read_cube(text.replace("kiloton koldioxidekv", "ton koldioxidekv").encode())
    with pytest.raises(
        CleaningError, match="Ingen kod i AmneMiljo har ”växthusgaser” och ”kiloton"
    ):
        clean(small("utslapp_lan"), [cube], snapshot("utslapp_lan", cube))


def test_a_key_figure_in_another_unit_is_refused():
    text = (ANSWERS / "kolada_rd.kpi.json").read_text(encoding="utf-8").replace("kr/inv", "tkr")
    kpis = model_of(Page[Kpi], text.encode()).values
    entries = model_of(Page[Entry], (ANSWERS / "kolada_rd.json").read_bytes()).values
    cube = to_cube("SYNTETISKA TESTDATA", kpis, ("19",), entries)
    with pytest.raises(CleaningError, match="har enheten tkr, men katalogen räknar med kr/inv"):
        clean(small("kolada_rd"), [cube], snapshot("kolada_rd", cube))


def test_the_producer_and_not_kolada_is_the_source_of_a_measure():
    for table in own_tables():
        for one in table.gives:
            assert CATALOGUE.measure(one.measure).source != "kolada"


def test_every_table_says_when_it_comes_or_that_it_has_ended():
    for table in own_tables():
        assert (table.release is None) == table.ended, table.id
        assert table.find or table.title_words or table.source in {"kolada", "bolagsverket"}


@pytest.fixture(scope="module")
def fetched(tmp_path_factory):
    """Fetch tables whole from the test servers, and return what each gives."""
    archive = Archive(tmp_path_factory.mktemp("archive"))
    with Servers() as servers, pytest.MonkeyPatch.context() as patch:
        for name, value in servers.environment.items():
            patch.setenv(name, value)
        at = addresses(CATALOGUE)

        def rows(id: str) -> dict[str, pd.DataFrame]:
            table = CATALOGUE.tables[id]
            provider = PROVIDERS[CATALOGUE.sources[table.source].interface]
            client = provider.open(at[table.source], archive=archive)
            result = provider.fetch([table], client, archive)[0]
            assert result.error is None, result.error
            of = archive.snapshots(client.source, id)[-1]
            return clean(table, provider.read(archive, of), of)

        yield rows


@pytest.mark.parametrize(
    "table", [table.id for table in own_tables() if table.find or table.source != "scb"]
)
def test_a_table_that_is_looked_up_or_of_another_provider_has_every_region(fetched, table):
    levels = {level for c in CATALOGUE.tables[table].columns.values() for level in c.levels}
    expected = {code for code, one in regions.all_regions().items() if one.level in levels}
    for measure, frame in fetched(table).items():
        assert set(frame["region"]) >= expected
        described = CATALOGUE.measure(measure)
        assert set(frame["category"]) <= {"total", *described.categories}
        assert {regions.get(code).level for code in expected} <= set(described.levels)

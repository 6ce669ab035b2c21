"""Every fetched measure of economy, work and firms, from a hand-made answer to rows worked by hand.

The answers in ``answers/`` have the producer's own form, few regions and the ugly cases: totals, symbols
for what is missing, codes that are to be left out, a break between two years, a preliminary last year
and a revised version. The expected rows are written by hand from the answers. SYNTETISKA TESTDATA.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
import yaml

from affarsplan_data import catalogue as package
from affarsplan_data.archive import Snapshot
from affarsplan_data.catalogue import Table, load_catalogue
from affarsplan_data.clean import CleaningError, clean
from affarsplan_data.fitting import misfits
from affarsplan_data.observations import schema
from affarsplan_data.scb import Cube, read_cube
from affarsplan_data.scb.cubes import Dimension, Unit

ANSWERS = Path(__file__).parent / "answers"
FILES = ("economy", "employment", "business")
FOLDER = Path(package.__file__).parent / "tables"
OURS = tuple(
    entry["id"]
    for file in FILES
    for entry in yaml.safe_load((FOLDER / f"{file}.yaml").read_text(encoding="utf-8"))
)
ROW = ("region", "period", "sex", "birth", "age", "industry", "category")


class Row(NamedTuple):
    """One expected row; ``value`` None for a missing figure."""

    measure: str
    region: str
    period: str
    value: float | None
    sex: str = "total"
    birth: str = "total"
    age: str = "total"
    industry: str = "total"
    category: str = "total"
    published: float | None = None
    unit: str = ""
    status: str = ""
    segment: int = 1
    preliminary: bool = False


def given(unit: str, *rows: dict[str, object], **shared: object) -> list[Row]:
    """Return rows with a unit and other columns in common; published as they stand, unless told."""
    made = ({"unit": unit, "published": row["value"]} | shared | row for row in rows)
    return [Row(**fields) for fields in made]  # type: ignore[arg-type]


def row(
    measure: str, region: str, period: str, value: float | None, **more: object
) -> dict[str, object]:
    return {"measure": measure, "region": region, "period": period, "value": value, **more}


WOMEN_ABROAD = {"sex": "women", "birth": "foreign"}
MEN_HERE = {"sex": "men", "birth": "native"}
SUM = {"status": "summed", "published": None}
LAST = {"preliminary": True}

EXPECTED: dict[str, list[Row]] = {
    "TAB3138": [
        *given(
            "mnkr",
            row("grp", "00", "2023", 1100),
            row("grp", "19", "2022", 100),
            row("grp", "19", "2024", 109, **LAST),
            row("wages_national_accounts", "19", "2024", 55, **LAST),
        ),
        *given(
            "procent",
            row("grp_volume_change", "19", "2022", None, status=".."),
            # No change at all is a figure.
            row("grp_volume_change", "00", "2023", 0),
            row("grp_volume_change", "19", "2023", -1.5),
            row("grp_volume_change", "19", "2024", 2.0, **LAST),
        ),
        *given(
            "tkr",
            row("grp_per_capita", "19", "2024", 412.5, **LAST),
            row("grp_per_capita", "00", "2024", 600.5, **LAST),
            row("grp_per_employed", "19", "2024", 905.5, **LAST),
        ),
        *given("1000-tal", row("employed_national_accounts", "19", "2024", 130.5, **LAST)),
    ],
    "TAB3143": [
        *given(
            "miljoner kronor",
            row("grp_municipal", "00", "2023", 1101),
            row("grp_municipal", "1980", "2024", 62, **LAST),
        ),
        *given(
            "tusental kronor",
            row("grp_per_capita", "1980", "2024", 388.5, **LAST),
            row("grp_per_capita", "1980", "2023", None, status=".."),
            # Riket stands here too; the county table goes before.
            row("grp_per_capita", "00", "2024", 601.5, **LAST),
        ),
        *given("tkr", row("grp_per_employed", "1980", "2024", 899.5, **LAST)),
    ],
    "FoUSverigeRegion": given(
        "mnkr",
        row("rd_by_sector", "19", "2023", 2700, category="business"),
        row("rd_by_sector", "19", "2023", 240, category="higher_education"),
        row("rd_by_sector", "19", "2023", 60, category="public"),
        row("rd_by_sector", "19", "2015", 2200, category="business", segment=2),
        row(
            "rd_by_sector", "19", "2015", None, category="higher_education", segment=2, status=".."
        ),
        segment=3,
    ),
    "TAB3200": [
        *given(
            "procent",
            row("employment_rate", "19", "2023", 79.5, age="20-64"),
            row("employment_rate", "19", "2024", 78.0, age="20-64", segment=2),
            row("employment_rate_by_birth", "19", "2024", 78.0, age="20-64", segment=2),
            row(
                "employment_rate_by_birth",
                "19",
                "2024",
                61.5,
                age="20-64",
                segment=2,
                **WOMEN_ABROAD,
            ),
            row("employment_rate_by_birth", "19", "2023", 84.0, age="20-64", **MEN_HERE),
            row(
                "employment_rate_by_birth",
                "1904",
                "2024",
                None,
                age="20-64",
                segment=2,
                status="..",
                **WOMEN_ABROAD,
            ),
            row(
                "unemployment_rate_by_birth",
                "19",
                "2024",
                17.5,
                age="15-74",
                segment=2,
                **WOMEN_ABROAD,
            ),
        ),
        *given(
            "antal",
            row("employed_by_birth", "19", "2024", 130000, age="15-74", segment=2),
            row(
                "unemployed_by_birth", "19", "2023", 4100, age="16-64", sex="women", birth="native"
            ),
            # A dash is left as it is: the table does not say that it is a zero.
            row(
                "unemployed_by_birth",
                "1904",
                "2024",
                None,
                age="20-64",
                sex="men",
                birth="foreign",
                status="-",
                segment=2,
            ),
            row("population_bas_by_birth", "19", "2024", 200000, age="15-74"),
        ),
    ],
    "TAB5655": given(
        "procent",
        row("employment_rate_by_birth", "19", "2025", 78.4),
        row("employment_rate_by_birth", "19", "2025", 62.1, **WOMEN_ABROAD),
        row("employment_rate_by_birth", "19", "2025", None, status=".", **MEN_HERE),
        age="20-64",
        segment=2,
        preliminary=True,
    ),
    "TAB6260": given(
        "procent",
        row("employment_rate_monthly", "19", "2023M12", 79.1),
        row("employment_rate_monthly", "19", "2024M01", 77.7, segment=2),
        row("unemployment_rate_monthly", "19", "2024M01", 18.2, segment=2, **WOMEN_ABROAD),
        row(
            "unemployment_rate_monthly",
            "19",
            "2023M12",
            None,
            status="..",
            sex="men",
            birth="foreign",
        ),
        age="20-64",
        preliminary=True,
    ),
    "TAB3204": given(
        "antal",
        row("employed_day_by_industry_bas", "1980", "2023", 80000),
        row("employed_day_by_industry_bas", "1980", "2024", 81000, segment=2),
        row(
            "employed_day_by_industry_bas",
            "1980",
            "2024",
            950,
            industry="B+C",
            segment=2,
            **WOMEN_ABROAD,
        ),
        row(
            "employed_day_by_industry_bas",
            "1980",
            "2024",
            33,
            industry="unknown",
            segment=2,
            **MEN_HERE,
        ),
        row(
            "employed_night_by_industry_bas", "1980", "2023", 1200, industry="R+S+T+U", sex="women"
        ),
        row(
            "employed_night_by_industry_bas",
            "1980",
            "2024",
            None,
            industry="L",
            sex="men",
            birth="foreign",
            status="..",
            segment=2,
        ),
        row(
            "employed_night_by_industry_bas",
            "1980",
            "2024",
            None,
            industry="D+E",
            sex="men",
            birth="foreign",
            status="-",
            segment=2,
        ),
        age="15-74",
    ),
    "TAB3785": given(
        "antal",
        row("employed_day_by_industry_bas", "1980", "2025", 80500),
        row(
            "employed_night_by_industry_bas",
            "1980",
            "2025",
            2100,
            industry="M+N",
            sex="women",
            birth="native",
        ),
        row(
            "employed_night_by_industry_bas",
            "1980",
            "2025",
            None,
            industry="K",
            sex="men",
            birth="foreign",
            status=".",
        ),
        age="15-74",
        segment=2,
        preliminary=True,
    ),
    "TAB3205": given(
        "antal",
        row("employed_by_status", "19", "2023", 125000),
        row("employed_by_status", "19", "2024", 126000, segment=2),
        row("employed_by_status", "19", "2024", 210, category="own_company", segment=2)
        | WOMEN_ABROAD,
        row("employed_by_status", "19", "2023", 3100, category="self_employed", **MEN_HERE),
        row("employed_by_status", "19", "2024", 57000, category="employee", segment=2, sex="women"),
        row("employed_by_status", "19", "2024", None, category="own_company", status="..")
        | {"sex": "men", "birth": "foreign", "segment": 2},
        age="15-74",
    ),
    "ArRegSektorSyss": given(
        "antal",
        row("employed_by_sector", "19", "2024", 126000, segment=2),
        row("employed_by_sector", "19", "2024", 84000, category="private", segment=2),
        row("employed_by_sector", "19", "2023", 6100, category="private", **WOMEN_ABROAD),
        row("employed_by_sector", "19", "2023", None, category="private", status="..")
        | {"sex": "men", "birth": "foreign"},
        age="15-74",
    ),
    "TAB1828": given(
        "antal",
        row("live_and_work_bas", "1904", "2024", 1100, segment=2),
        row("commuters_in_bas", "1904", "2024", 450, segment=2),
        row("commuters_out_bas", "1904", "2024", 700, segment=2),
        row("commuters_in_bas", "1980", "2023", 9100, sex="women"),
        row("commuters_out_bas", "1980", "2024", 7300, sex="men", segment=2),
        row("commuters_in_bas", "1904", "2024", None, sex="women", status="..", segment=2),
    ),
    "TAB4356": given(
        "procent",
        # Heby has its former code before 2007, its own after.
        row("employment_rate_rams", "0331", "2006", 74.0),
        row("employment_rate_rams", "0331", "2010", 75.5),
        row("employment_rate_rams", "19", "2010", 73.0),
        row("employment_rate_rams", "19", "2011", 73.9, segment=2),
        row("employment_rate_rams", "19", "2011", 51.2, segment=2, **WOMEN_ABROAD),
        row("employment_rate_rams", "19", "2006", None, status=".", **MEN_HERE),
        age="20-64",
    ),
    "TAB5117": given(
        "procent",
        row("employment_rate_rams", "19", "2019", 77.0),
        # The years that BAS has too are kept here, as RAMS.
        row("employment_rate_rams", "19", "2020", 75.8),
        row("employment_rate_rams", "19", "2021", 76.9),
        row("employment_rate_rams", "19", "2021", 55.1, **WOMEN_ABROAD),
        age="20-64",
        segment=3,
    ),
    "TAB900": given(
        "antal",
        row("employed_day_by_industry", "19", "2010", 1, industry="A", sex="men"),
        row("employed_day_by_industry", "19", "2010", 36, industry="unknown", sex="women"),
        row("employed_day_by_industry", "19", "2010", 2 + 22, industry="B+C", **SUM),
        # 1 + 2 + … + 16, and 21 + 22 + … + 36.
        row("employed_day_by_industry", "19", "2010", 136, sex="men", **SUM),
        row("employed_day_by_industry", "19", "2010", 456, sex="women", **SUM),
        row("employed_day_by_industry", "19", "2010", 592, **SUM),
        row("employed_day_by_industry", "19", "2011", 136, sex="men", segment=2, **SUM),
        row("employed_day_by_industry", "19", "2011", None, industry="Q", sex="women")
        | {"status": "..", "segment": 2},
        age="16+",
    ),
    "TAB5837": given(
        "antal",
        row("employed_day_by_industry", "19", "2019", 101, industry="A", sex="men"),
        row("employed_day_by_industry", "19", "2020", 1, industry="A", sex="men"),
        row("employed_day_by_industry", "19", "2020", 592, **SUM),
        age="16+",
        segment=3,
    ),
    "TAB6379": given(
        "procent",
        row("entrepreneur_share", "00", "2023", 8.0),
        row("entrepreneur_share", "00", "2024", 7.5, segment=3),
        row("manager_share", "00", "2024", 4.4, segment=3, **WOMEN_ABROAD),
        row("still_entrepreneur_after_one_year", "00", "2023", 88.5, **MEN_HERE),
        row("qualified_work_share", "00", "2024", 71.0, segment=3),
        segment=2,
    ),
    "TAB6383": given(
        "procent",
        row("entrepreneur_share", "1983", "2023", 6.5),
        row("manager_share", "1983", "2023", None, status="..", **WOMEN_ABROAD),
        row("still_entrepreneur_after_one_year", "1983", "2023", 90.5, **MEN_HERE),
        row("qualified_work_share", "1983", "2023", 66.0, sex="women", birth="native"),
        segment=2,
    ),
    "TAB6384": given(
        "procent",
        row("manager_share", "19", "2023", 5.6),
        row("manager_share", "19", "2024", 5.9, segment=3),
        row("entrepreneur_share", "19", "2024", 5.1, segment=3, **WOMEN_ABROAD),
        row("still_entrepreneur_after_one_year", "19", "2024", None, status=".", segment=3),
        row("qualified_work_share", "19", "2023", 70.0),
        segment=2,
    ),
    "TAB4436": given(
        "antal",
        # Fifteen industries: 1 in each for SSYK 211, 4 for 214 and 104 of its men in one of them.
        row("employees_by_occupation_group", "1980", "2023", 15 + 14 * 4 + 104, sex="men")
        | {"category": "science_engineering"},
        row("employees_by_occupation_group", "1980", "2023", 15 + 15 * 4, sex="women")
        | {"category": "science_engineering"},
        row("employees_by_occupation_group", "1980", "2023", 175 + 75)
        | {"category": "science_engineering"},
        row("employees_by_occupation_group", "1980", "2023", 45, sex="men")
        | {"category": "ict_professionals"},
        row("employees_by_occupation_group", "1980", "2023", 75, sex="women")
        | {"category": "engineering_technicians"},
        row("employees_by_occupation_group", "1980", "2023", 30, sex="men")
        | {"category": "ict_technicians"},
        # 1 + 4 + 3 + 5 + 2 + 6 in each industry, and 100 more; who has no known occupation is not there.
        row("employees_by_occupation_group", "1980", "2023", 15 * 21 + 100, sex="men"),
        **SUM,
    ),
    "YREG60BAS": given(
        "antal",
        row("employees_by_occupation", "19", "2023", 900, sex="men")
        | {"category": "electrical_engineers"},
        row("employees_by_occupation", "19", "2023", 180, sex="women")
        | {"category": "electrical_engineers"},
        row("employees_by_occupation", "19", "2023", 1080, **SUM)
        | {"category": "electrical_engineers"},
        row("employees_by_occupation", "19", "2023", 10, sex="women", category="nurses"),
        row("employees_by_occupation", "19", "2023", 20, category="shunting_staff", **SUM),
        # Fourteen known occupations with 10 each, but 900 and 180 in one of them.
        row("employees_by_occupation", "19", "2023", 13 * 10 + 900, sex="men", **SUM),
        row("employees_by_occupation", "19", "2023", 13 * 10 + 180, sex="women", **SUM),
        row("employees_by_occupation", "19", "2023", 1340, **SUM),
        row("employees_by_occupation", "19", "2024", 40, sex="men", segment=2)
        | {"category": "train_drivers"},
        row("employees_by_occupation", "19", "2024", None, sex="women", status="..", segment=2)
        | {"category": "train_drivers"},
    ),
    "TAB6366": given(
        "procent",
        row("matched_employment_rate", "19", "2019", 70.5),
        row("matched_employment_rate", "19", "2024", 72.0),
        row("matched_employment_rate", "19", "2024", None, category="born_africa", status="..")
        | {"sex": "women"},
        row("matched_employment_rate", "19", "2024", 55.5, category="born_asia", sex="women"),
        row("matched_employment_rate", "19", "2024", 60.5, category="born_elsewhere", sex="men"),
        row("matched_employment_rate", "19", "2019", 64.0, category="born_nordic_eu", sex="men"),
        row("matched_employment_rate", "19", "2024", 76.0, category="born_sweden", sex="women"),
        segment=2,
    ),
    "TAB6329": [
        *given(
            "mnkr",
            row("value_added_business", "19", "2022", 50000),
            row("value_added_business", "19", "2022", 300 + 21000, industry="B+C", **SUM),
            row("net_turnover_business", "19", "2023", 9000, industry="J"),
            row("net_turnover_business", "19", "2023", None, industry="A", status=".."),
            segment=2,
        ),
        *given(
            "antal",
            row("employees_business", "19", "2022", 1500 + 400, industry="D+E", **SUM),
            row("employees_business", "19", "2022", 3000 + 2500, industry="M+N", **SUM),
            row("local_units_business", "19", "2022", 250 + 350, industry="R+S+T+U", **SUM),
            row("local_units_business", "00", "2023", 1200000),
            segment=2,
        ),
    ],
}

ABSENT = {
    # What must not be there: areas that are no regions, codes left out, sums that lack a part.
    "TAB3138": ("grp", {"region": "RIKS2"}),
    "TAB900": ("employed_day_by_industry", {"period": "2011", "sex": "women", "industry": "total"}),
    "TAB5837": ("employed_day_by_industry", {"period": "2019", "sex": "men", "industry": "total"}),
    "TAB4356": ("employment_rate_rams", {"region": "1917"}),
    "TAB4436": (
        "employees_by_occupation_group",
        {"category": "ict_professionals", "sex": "women"},
    ),
    "YREG60BAS": (
        "employees_by_occupation",
        {"period": "2024", "category": "train_drivers", "sex": "total"},
    ),
    "TAB6366": ("matched_employment_rate", {"category": "20-39"}),
    "TAB6329": ("value_added_business", {"period": "2023", "industry": "B+C"}),
    "FoUSverigeRegion": ("rd_by_sector", {"category": "total"}),
}


@cache
def declared(id: str) -> Table:
    """The catalogue's own declaration, but for the demand that every region is there."""
    table = load_catalogue().tables[id]
    columns = {
        name: column.model_copy(update={"levels": ()}) for name, column in table.columns.items()
    }
    return table.model_copy(update={"columns": columns})


@cache
def answer(name: str) -> Cube:
    return read_cube((ANSWERS / f"{name}.json").read_bytes())


def snapshot(table: str, cube: Cube) -> Snapshot:
    return Snapshot(
        source="prov",
        name=table,
        updated=cube.structure.updated,
        retrieved=datetime(2026, 12, 31, tzinfo=UTC),
        asked={},
        metadata=f"{0:016x}-{0:016x}",
        answers=[],
        cells=0,
        periods=[],
        client="prov",
    )


@cache
def frames(id: str, file: str | None = None) -> dict[str, pd.DataFrame]:
    """The rows of every measure that a table gives, with their segments."""
    cube = answer(file or id)
    cleaned = clean(declared(id), [cube], snapshot(id, cube))
    breaks = {m: [b.period for b in load_catalogue().measure(m).breaks] for m in cleaned}
    return {
        m: rows.assign(segment=schema.segments(rows["period"], breaks[m]))
        for m, rows in cleaned.items()
    }


def only(rows: pd.DataFrame, key: Sequence[str]) -> pd.Series:
    hit = rows[(rows[list(ROW)] == list(key)).all(axis=1)]
    assert len(hit) == 1, f"{len(hit)} rader för {key}"
    return hit.iloc[0]


def same(found: float, expected: float | None) -> bool:
    return math.isnan(found) if expected is None else math.isclose(found, expected, rel_tol=1e-12)


@pytest.mark.parametrize(
    ("table", "expected"),
    [(table, row) for table, rows in EXPECTED.items() for row in rows],
    ids=lambda x: x if isinstance(x, str) else "-".join((x.measure, x.region, x.period)),
)
def test_a_row_is_what_the_answer_says(table: str, expected: Row):
    rows = frames(table)[expected.measure]
    found = only(rows, [getattr(expected, name) for name in ROW])
    assert same(found["value"], expected.value)
    assert same(found["published_value"], expected.published)
    assert found["published_unit"] == expected.unit
    assert found["status"] == expected.status
    assert found["segment"] == expected.segment
    assert found["preliminary"] == expected.preliminary
    assert found["vintage"] == answer(table).structure.updated
    assert not found["noise"]


def test_every_measure_of_these_tables_has_a_hand_made_answer():
    promised = {(t, g.measure) for t in OURS for g in load_catalogue().tables[t].gives}
    held = {(t, row.measure) for t, rows in EXPECTED.items() for row in rows}
    assert sorted(promised - held) == []
    assert sorted(held - promised) == []


@pytest.mark.parametrize("table", OURS)
def test_the_answer_fits_what_the_catalogue_says(table: str):
    structure = answer(table).structure
    assert misfits(declared(table), structure.label, structure.dimensions) == ()


@pytest.mark.parametrize("table", ABSENT)
def test_what_is_left_out_is_not_there(table: str):
    measure, where = ABSENT[table]
    rows = frames(table)[measure]
    for name, value in where.items():
        rows = rows[rows[name] == value]
    assert rows.empty


@pytest.mark.parametrize("table", OURS)
def test_a_table_says_when_it_comes_and_what_to_know(table: str):
    entry = load_catalogue().tables[table]
    assert entry.title_words
    assert entry.note
    assert entry.ended == (entry.release is None)


@pytest.mark.parametrize("table", OURS)
def test_another_table_under_the_same_id_is_refused(table: str):
    dimensions = answer(table).structure.dimensions
    assert any("Titeln" in x for x in misfits(declared(table), "Mjölkkor per gård", dimensions))


def test_a_revised_version_changes_its_figures_and_no_others():
    before, after = frames("TAB3138")["grp"], frames("TAB3138", "TAB3138.2")["grp"]
    key = ["region", "period"]
    both = before.merge(after, on=key, suffixes=("", "_new"))
    changed = both[(both["value"] != both["value_new"]) & both["value"].notna()]
    assert changed[[*key, "value", "value_new"]].to_numpy().tolist() == [["19", "2024", 109, 111]]
    assert set(before["vintage"]) == {"2025-12-11T07:00:00Z"}
    assert set(after["vintage"]) == {"2026-12-10T07:00:00Z"}
    assert set(before.loc[before["preliminary"], "period"]) == {"2024"}
    assert set(after.loc[after["preliminary"], "period"]) == {"2025"}


@pytest.mark.parametrize(
    ("first", "second", "measure"),
    [
        ("TAB3138", "TAB3143", "grp_per_capita"),
        ("TAB3200", "TAB5655", "employment_rate_by_birth"),
        ("TAB3204", "TAB3785", "employed_day_by_industry_bas"),
    ],
)
def test_of_two_tables_with_the_same_figure_the_surer_goes_first(first, second, measure):
    tables = load_catalogue().tables
    assert tables[first].precedence > tables[second].precedence
    assert {t.id for t in load_catalogue().tables_of(measure)} == {first, second}


def test_rams_and_bas_are_never_one_measure():
    catalogue = load_catalogue()
    rams = {"TAB4356", "TAB5117", "TAB900", "TAB5837"}
    for measure in catalogue.measures.values():
        named = set(measure.tables) & set(OURS)
        assert named <= rams or not named & rams, measure.id


def with_contents(cube: Cube, **changed: object) -> list[Dimension]:
    """Return the dimensions of an answer, those of its contents changed."""
    return [
        replace(d, **changed) if d.role == "metric" else d  # type: ignore[arg-type]
        for d in cube.structure.dimensions
    ]


def test_a_content_that_means_something_else_is_refused():
    cube = answer("TAB3205")
    told = with_contents(cube, labels=("sysselsatta efter bostadens belägenhet",))
    faults = misfits(declared("TAB3205"), cube.structure.label, told)
    assert any("000002XJ" in fault and "bostadens" in fault for fault in faults)


def test_a_unit_that_has_changed_is_refused():
    cube = answer("TAB3143")
    units = {**cube.structure.metric.units, "NR0105AW": Unit("tkr", 0)}
    faults = misfits(declared("TAB3143"), cube.structure.label, with_contents(cube, units=units))
    assert any("enheten tkr" in fault for fault in faults)


def test_every_region_that_is_promised_must_be_there():
    cube = answer("TAB3138")
    whole = load_catalogue().tables["TAB3138"]
    with pytest.raises(CleaningError, match="Regioner saknas i svaret: 01 Stockholms län"):
        clean(whole, [cube], snapshot("TAB3138", cube))

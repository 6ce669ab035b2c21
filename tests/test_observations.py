"""Observations: the one schema, totals that may be added, and what load() promises."""

import shutil

import pandas as pd
import pytest

import affarsplan_data as ap
from affarsplan_data import project, regions
from affarsplan_data.catalogue import UnknownEntryError, load_catalogue
from affarsplan_data.errors import UsageError
from affarsplan_data.observations import (
    COLUMNS,
    MissingMeasureError,
    ObservationError,
    SelectionError,
    building,
    schema,
    totals,
)
from affarsplan_data.parameters import ParameterError
from affarsplan_data.regions import UnknownRegionError
from affarsplan_data.sources import load_edition
from affarsplan_data.sources.edition import EditionError, read


def one(measure: str, **selection) -> float:
    frame = ap.load(measure, **selection)
    assert len(frame) == 1
    return frame["value"].item()


@pytest.mark.parametrize("measure", sorted(load_edition().measures))
def test_every_measure_follows_the_schema_and_has_one_preferred_figure_per_cell(measure):
    frame = ap.load(measure)
    assert tuple(frame.columns) == COLUMNS
    assert not frame.duplicated(list(schema.KEY)).any()
    assert frame["region"].dtype == "category"
    assert set(frame["region"]) <= set(regions.all_regions())
    assert (frame.loc[frame["value"].isna(), "status"].astype(str) != "").all()
    assert frame.attrs["unit"] == load_catalogue().measure(measure).unit


def test_known_figures():
    assert one("population", region="1980", period="2023", sex="total", age="total") == 159662
    assert round(one("grp", region="19", period="2021") / 1000, 1) == 115.6
    assert one("new_firms", region="19", period="2017") == 1511


def test_women_and_men_of_a_county_with_age():
    frame = ap.load("population", region="19", sex=["women", "men"])
    assert set(frame["sex"]) == {"women", "men"}
    assert set(frame["region"]) == {"19"}
    assert {"total", "20-24"} <= set(frame["age"])


def test_a_county_total_that_nobody_published_is_the_sum_of_its_municipalities():
    period, total = "2024", {"sex": "total", "age": "total", "birth": "total"}
    county = ap.load("population", region="19", period=period, **total)
    parts = ap.load("population", within="19", period=period, **total)
    assert county["status"].item() == "summed"
    assert county["value"].item() == parts["value"].sum()
    assert len(parts) == 10


def test_a_published_total_is_never_replaced_by_a_sum():
    frame = ap.load(
        "population", region="19", period="2020", sex="total", age="total", birth="total"
    )
    assert frame["status"].item() == ""


def test_an_incomplete_county_is_not_summed():
    frame = ap.load("employed_day", level="county", period="2020", sex="total", age="16-74")
    assert "19" in set(frame["region"])
    assert "01" not in set(frame["region"])


def _rows(period: str, missing: str | None = None, noise: bool = False) -> pd.DataFrame:
    rows = [
        {
            "region": code,
            "period": period,
            **dict.fromkeys(["sex", "birth", "age", "industry", "category"], "total"),
            "value": 1.0 if code != missing else float("nan"),
            "status": "" if code != missing else "..",
            "series": "s",
            "measure": "m",
            "noise": noise,
        }
        for code in regions.municipalities()
    ]
    return pd.DataFrame(rows)


def test_sums_over_regions_need_every_part_and_stop_where_noise_begins():
    complete = totals.add_regions(_rows("2024"))
    assert complete.loc[complete["region"] == "00", "value"].item() == 290
    with_gap = totals.add_regions(_rows("2024", missing="1980"))
    assert not {"19", "00"} & set(with_gap["region"])
    assert {"04", "03"} <= set(with_gap["region"])
    assert len(totals.add_regions(_rows("2025", noise=True))) == 290
    without = totals.add_regions(_rows("2024", missing="1980"), left_out=["1980"])
    assert without.loc[without["region"] == "19", "value"].item() == 9


def test_the_schema_refuses_a_missing_value_without_a_reason_and_an_unknown_region():
    frame = ap.load("grp", region="19")
    bad = frame.copy()
    bad.loc[0, "value"] = float("nan")
    with pytest.raises(ObservationError, match="grp"):
        schema.check(bad)
    bad = frame.astype({"region": "object"})
    bad.loc[0, "region"] = "99"
    with pytest.raises(ObservationError, match="grp"):
        schema.check(bad.astype({"region": "category"}))
    doubled = pd.concat([frame, frame.iloc[[0]]], ignore_index=True)
    with pytest.raises(ObservationError, match="två gånger"):
        schema.check(doubled)


def test_period_starts():
    starts = schema.period_start(pd.Series(["2024", "2024K3", "2023M11"]))
    assert list(starts.astype(str)) == ["2024-01-01", "2024-07-01", "2023-11-01"]


def test_helpful_errors():
    with pytest.raises(UnknownEntryError, match="population"):
        ap.load("popullation")
    with pytest.raises(UnknownRegionError, match="1980 Västerås"):
        ap.load("population", region="Vasteras")
    with pytest.raises(SelectionError, match="women"):
        ap.load("population", sex="womn")
    with pytest.raises(MissingMeasureError, match="TAB3200"):
        ap.load("employment_rate_by_birth")
    with pytest.raises(ParameterError, match="edition"):
        ap.load("population", data="../../etc")


def test_a_changed_raw_file_is_refused(tmp_path, monkeypatch):
    entry = load_edition().measures["grp"]
    folder = tmp_path / "data" / "raw" / "edition"
    folder.mkdir(parents=True)
    (folder / "manifest.yaml").write_text("{}", encoding="utf-8")
    (folder / entry.file).write_text("region,period\n19,2020\n", encoding="utf-8")
    monkeypatch.setenv("AFFARSPLAN_HOME", str(tmp_path))
    with pytest.raises(EditionError, match="kontrollsumma"):
        read("grp", entry)


def test_a_second_build_changes_no_byte(tmp_path):
    folder = ap.build("edition")
    before = {p.name: p.read_bytes() for p in folder.glob("*.parquet")}
    ap.build("edition", force=True)
    assert before == {p.name: p.read_bytes() for p in folder.glob("*.parquet")}


@pytest.fixture
def other_home(tmp_path, monkeypatch):
    """A copy of the project's raw data that a test may damage."""
    shutil.copytree(project.raw(), tmp_path / "data" / "raw")
    monkeypatch.setenv("AFFARSPLAN_HOME", str(tmp_path))
    return tmp_path


def test_damaged_processed_data_are_made_anew(other_home):
    folder = ap.build("edition")
    before = len(ap.load("grp"))
    (folder / "grp.parquet").write_bytes(b"PAR1 cut off")
    assert len(ap.load("grp")) == before
    (folder / "grp.parquet").unlink()
    assert len(ap.load("grp")) == before
    (folder / "grp.parquet").write_bytes((folder / "education.parquet").read_bytes())
    assert set(ap.load("grp")["measure"]) == {"grp"}
    (folder / "stamp.json").write_text("[]", encoding="utf-8")
    assert ap.build("edition") == folder


def test_a_raw_file_changed_after_the_build_stops_the_next_one(other_home):
    ap.build()
    with (other_home / "data" / "raw" / "edition" / "grp.csv").open("a") as file:
        file.write("19,2030,total,total,total,total,total,1,,x\n")
    with pytest.raises(EditionError, match="kontrollsumma"):
        ap.build()


def test_build_never_writes_outside_the_processed_data(other_home):
    with pytest.raises(ParameterError, match="edition"):
        ap.build(data="../elsewhere")
    assert not (other_home / "data" / "elsewhere").exists()


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        ({"region": "4"}, "04 Södermanlands län"),
        ({"within": "1980"}, "ska vara ett län"),
        ({"within": "19", "level": "county"}, "inget område gemensamt"),
        ({"region": []}, "inget område gemensamt"),
        ({"period": "1800"}, "1998 till 2024"),
        ({"period": object()}, "lista av koder"),
    ],
)
def test_a_selection_that_cannot_be_made_says_why(selection, said):
    with pytest.raises(UsageError, match=said):
        ap.load("population", **selection)


def test_a_year_that_pandas_made_a_float_is_a_year_still():
    assert len(ap.load("grp", region="19", period=2021.0)) == 1


def test_a_damaged_file_is_told_of_and_it_alone_is_built_anew(other_home, caplog):
    folder = ap.build("edition")
    sound = (folder / "grp.parquet").read_bytes()
    # Whole by its form, but not what was written: nobody would notice when reading it.
    (folder / "grp.parquet").write_bytes((folder / "population.parquet").read_bytes())
    built = []
    building.build("edition", progress=built.append)
    assert built == ["grp"]
    assert (folder / "grp.parquet").read_bytes() == sound
    (told,) = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert told == f"{folder / 'grp.parquet'} är skadad eller ändrad och byggs om ur data/raw."
    assert ap.build("edition") == folder
    assert built == ["grp"]

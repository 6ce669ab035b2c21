"""Exports: complete, harmless in a spreadsheet, described as the specification says, all or nothing."""

import hashlib
import json
import re
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from affarsplan_data import cli
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.errors import UsageError
from affarsplan_data.indicators import evaluate
from affarsplan_data.observations import MissingMeasureError, load
from affarsplan_data.report import datafiles, packaging
from affarsplan_data.report.errors import ExportError, PublishError
from affarsplan_data.report.packaging import export

WHAT = ("grp", "education", "brp_per_capita_index")
TYPES = {"string", "number", "integer", "boolean", "date"}
READ = {
    "csv": lambda path: pd.read_csv(path, dtype=str, keep_default_na=False),
    "parquet": pd.read_parquet,
    "xlsx": lambda path: pd.read_excel(path, dtype={"region": str, "period": str, "code": str}),
}


@pytest.fixture(scope="module", params=["csv", "parquet", "xlsx"])
def written(request, tmp_path_factory) -> tuple[str, Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("uttag") / "mapp"
    export(WHAT, folder, format=request.param, level="county", since="2018", data="edition")
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return request.param, folder, described


def check_package(described: dict[str, Any], folder: Path) -> None:
    """Check a description against the rules of Data Package 2 and Table Schema, as they are written."""
    assert re.fullmatch(r"[-a-z0-9._/]+", described["name"])
    assert datetime.fromisoformat(described["created"]).tzinfo
    assert described["$schema"].startswith("https://datapackage.org/profiles/2.0/")
    names = [resource["name"] for resource in described["resources"]]
    assert len(set(names)) == len(names) > 0
    for owner in (described, *described["resources"]):
        for licence in owner.get("licenses", ()):
            assert licence.get("name") or licence.get("path")
        for source in owner.get("sources", ()):
            assert source["title"]
    assert described["licenses"]
    assert described["sources"]
    for resource in described["resources"]:
        assert re.fullmatch(r"[-a-z0-9._/]+", resource["name"])
        path = Path(resource["path"])
        assert not path.is_absolute()
        assert ".." not in path.parts
        content = (folder / path).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        check_schema(resource["schema"], names)


def check_schema(schema: dict[str, Any], resources: list[str]) -> None:
    fields = [field["name"] for field in schema["fields"]]
    assert len(set(fields)) == len(fields)
    assert set(schema["primaryKey"]) <= set(fields)
    assert schema["missingValues"] == [""]
    for field in schema["fields"]:
        assert field["type"] in TYPES
        assert field["title"]
        assert field["description"]
        known = {"required", "unique", "enum", "pattern"}
        assert field.get("constraints", {}).keys() <= known
        assert field.get("constraints") != {}
    for foreign in schema.get("foreignKeys", ()):
        assert set(foreign["fields"]) <= set(fields)
        assert foreign["reference"]["resource"] in resources
        assert len(foreign["fields"]) == len(foreign["reference"]["fields"])


def test_the_description_follows_the_rules_and_the_files_follow_the_description(written) -> None:
    format, folder, described = written
    check_package(described, folder)
    known = set(READ[format](folder / f"regions.{format}")["code"])
    for resource in described["resources"]:
        frame = READ[format](folder / resource["path"])
        schema = resource["schema"]
        assert list(frame.columns) == [field["name"] for field in schema["fields"]]
        assert not frame.duplicated(schema["primaryKey"]).any()
        for field in schema["fields"]:
            held = frame[field["name"]].dropna().astype(str)
            held = held[held != ""]
            about = field.get("constraints", {})
            assert not about.get("required") or len(held) == len(frame)
            assert "enum" not in about or set(held) <= set(about["enum"])
            assert "pattern" not in about or held.str.fullmatch(about["pattern"]).all()
            if field["type"] in {"number", "integer"}:
                held.astype(float)
        if "region" in frame:
            assert set(frame["region"].astype(str)) <= known


def test_what_is_written_is_what_is_held(written) -> None:
    format, folder, _ = written
    for id in WHAT:
        held = load(id, data="edition") if id != WHAT[2] else evaluate(id, "edition")
        held = held[held["region"].astype(str).str.len().eq(2) & (held["region"] != "00")]
        held = held[held["period"].astype(str) >= "2018"]
        frame = READ[format](folder / f"{id}.{format}")
        assert list(frame["region"].astype(str)) == list(held["region"].astype(str))
        values = pd.to_numeric(frame["value"].replace("", None))
        pd.testing.assert_series_equal(
            values.astype(float).reset_index(drop=True),
            held["value"].reset_index(drop=True),
            check_names=False,
        )


def test_text_that_a_spreadsheet_would_run_is_harmless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["=1+1", "+SUM(A1)", "-A1", "@A1", "\tx", "\r=x"]
    frame = load("grp", region="19", data="edition").head(len(texts)).astype({"table": object})
    frame["table"] = texts
    monkeypatch.setattr(packaging, "load", lambda id, data: frame)
    for format in ("csv", "parquet", "xlsx"):
        export(["grp"], tmp_path / format, format=format, data="edition")
    held = pd.read_csv(tmp_path / "csv" / "grp.csv", keep_default_na=False, lineterminator="\n")
    assert [text[0] for text in held["table"]] == ["'"] * len(texts)
    assert list(pd.read_parquet(tmp_path / "parquet" / "grp.parquet")["table"]) == texts
    sheet = openpyxl.load_workbook(tmp_path / "xlsx" / "grp.xlsx").worksheets[0]
    column = [cell.value for cell in sheet[1]].index("table") + 1
    cells = [sheet.cell(row, column) for row in range(2, len(texts) + 2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(str(cell.value).startswith("'") for cell in cells)


def test_made_up_figures_are_told_in_every_title(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = load("grp", region="19", data="edition").astype({"source": object})
    frame["source"] = "SYNTETISKA TESTDATA – SCB"
    monkeypatch.setattr(packaging, "load", lambda id, data: frame)
    export(["grp"], tmp_path / "ut", format="xlsx", data="edition")
    described = json.loads((tmp_path / "ut" / "datapackage.json").read_text("utf-8"))
    assert described["title"].startswith("SYNTETISKA TESTDATA")
    assert described["resources"][0]["title"].startswith("SYNTETISKA TESTDATA")
    about = openpyxl.load_workbook(tmp_path / "ut" / "grp.xlsx").worksheets[1]
    assert str(about["B1"].value).startswith("SYNTETISKA TESTDATA")


def test_an_earlier_export_stands_until_the_new_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "ut"
    export(["grp"], folder, region=["19"], data="edition")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def stop(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(packaging, "_write_regions", stop)
        with pytest.raises(OSError, match="No space"):
            export(["population"], folder, data="edition")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert {path.name for path in tmp_path.iterdir()} <= {"ut", ".ut.lock", ".ut.lock-holder"}
    export(["population"], folder, region=["19"], format="parquet", data="edition")
    assert {path.name for path in folder.iterdir()} == {
        "population.parquet",
        "regions.parquet",
        "datapackage.json",
    }


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "viktigt.txt").write_text("x")
    with pytest.raises(PublishError, match="ingen export"):
        export(["grp"], tmp_path, data="edition")
    assert [path.name for path in tmp_path.iterdir()] == ["viktigt.txt"]


def test_more_rows_than_a_sheet_holds_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datafiles, "MOST_ROWS", 100)
    with pytest.raises(ExportError, match="--format csv eller parquet"):
        export(["population"], tmp_path / "ut", format="xlsx", data="edition")
    assert not (tmp_path / "ut").exists()


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"what": ["grpp"]}, "grp"),
        ({"format": "pdf"}, "csv"),
        ({"level": "län"}, "county"),
        ({"region": ["1"]}, "01 Stockholms län"),
        ({"since": "i fjol"}, "2015"),
        ({"since": "2999"}, "inga uppgifter"),
        ({"region": ["19"], "level": "municipality"}, "nivån"),
    ],
)
def test_what_does_not_exist_is_refused_before_anything_is_written(tmp_path, wanted, words) -> None:
    given = {"what": ["grp"], "data": "edition"} | wanted
    with pytest.raises(UsageError, match=words):
        export(given.pop("what"), tmp_path / "ut", **given)
    assert not (tmp_path / "ut").exists()


def test_a_measure_that_is_asked_for_by_name_and_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingMeasureError, match="business_climate"):
        export(["business_climate"], tmp_path / "ut", data="edition")


def test_an_indicator_that_cannot_be_computed_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(id: str, data: str) -> pd.DataFrame:
        raise ExportError("Andel: delen är större än helheten.")

    catalogue = replace(
        load_catalogue(),
        measures={"grp": load_catalogue().measures["grp"]},
        indicators={"brp_per_capita_index": load_catalogue().indicators["brp_per_capita_index"]},
    )
    monkeypatch.setattr(packaging, "load_catalogue", lambda: catalogue)
    monkeypatch.setattr(packaging, "evaluate", refuse)
    found = export([], tmp_path / "ut", region=["19"], data="edition")
    assert list(found.rows) == ["grp"]
    assert found.refused == {"brp_per_capita_index": "Andel: delen är större än helheten."}
    with pytest.raises(ExportError, match="delen är större"):
        export(["brp_per_capita_index"], tmp_path / "ut", data="edition")
    assert (tmp_path / "ut" / "grp.csv").is_file()


def test_the_command_writes_and_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "ut"
    arguments = ["grp", "--region", "19", "--output", str(folder), "--data", "edition"]
    monkeypatch.setattr(sys, "argv", ["affarsplan", "export", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capfd.readouterr()
    assert not ended.value.code
    assert out == f"{folder / 'datapackage.json'}\n"
    assert "1 filer" in err

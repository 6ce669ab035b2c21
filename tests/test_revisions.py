"""What new versions changed of figures that were there before. All made up: SYNTETISKA TESTDATA."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import affarsplan_data as ap
from affarsplan_data import project
from affarsplan_data.archive import Archive
from affarsplan_data.catalogue import UnknownEntryError, load_catalogue
from affarsplan_data.observations import SelectionError
from affarsplan_data.observations.comparing import Version, compact, compared
from affarsplan_data.observations.revising import COLUMNS, steps
from affarsplan_data.regions import UnknownRegionError
from affarsplan_data.scb import Limiter, Rate, ScbClient
from affarsplan_data.sources.fetching import fetch
from tests.pxserver import PxServer

KEYS = ("region", "period", "sex", "birth", "age", "industry", "category")


def rows(**values: float | str) -> pd.DataFrame:
    """Figures of riket by ``yYEAR=value``; a text is a missing value's status."""
    found = []
    for name, value in values.items():
        key = dict.fromkeys(KEYS, "total") | {"region": "00", "period": name[1:]}
        missing = isinstance(value, str)
        found.append(
            key | {"value": np.nan if missing else value, "status": value if missing else ""}
        )
    return pd.DataFrame(found)


def version(excerpt: bool = False, since: str | None = None, **values: float | str) -> Version:
    return Version(compact(rows(**values)), excerpt, since)


def kinds(old: Version, new: Version) -> dict[str, str]:
    frame = compared(old, new)
    return dict(zip(frame["period"], frame["kind"], strict=True))


def test_every_kind_of_difference_is_told_and_nothing_else() -> None:
    old = version(y2018=0.1 + 0.2, y2019=50.0, y2020="..", y2021=7.0, y2022="..", y2023=1.0)
    new = version(y2018=0.3, y2019=55.0, y2020="-", y2021="..", y2022=4.0, y2024=9.0)
    assert kinds(old, new) == {
        "2019": "value",
        "2020": "status",
        "2021": "value",
        "2022": "value",
        "2023": "gone",
    }
    frame = compared(old, new).set_index("period")
    assert frame.loc["2019", ["old", "new", "percent"]].tolist() == [50, 55, 10]
    assert frame.loc["2021", ["old_status", "new_status"]].tolist() == ["", ".."]
    assert np.isnan(frame.loc["2022", "percent"])
    assert compared(old, old).empty


def test_a_change_from_zero_has_no_percent_and_one_from_below_zero_keeps_its_sign() -> None:
    frame = compared(version(y2019=0.0, y2020=-10.0), version(y2019=3.0, y2020=-5.0))
    assert np.isnan(frame["percent"].iloc[0])
    assert frame["percent"].iloc[1] == 50


def test_a_figure_that_is_new_in_an_old_period_is_added() -> None:
    old = Version(compact(rows(y2019=1.0, y2020=2.0)))
    more = pd.concat([rows(y2019=1.0, y2020=2.0), rows(y2020=5.0).assign(region="19")])
    assert compared(old, Version(compact(more)))["kind"].tolist() == ["added"]


def test_a_version_of_later_years_only_has_lost_nothing_before_them() -> None:
    old = version(y2018=1.0, y2019=2.0, y2020=3.0, y2021=4.0)
    new = version(since="2020", y2020=3.0)
    assert kinds(old, new) == {"2021": "gone"}


def test_the_editions_rounding_is_no_revision() -> None:
    old = version(excerpt=True, y2019=12.3, y2020=12.3, y2021=400.0, y2022=400.0)
    new = version(y2019=12.26, y2020=12.36, y2021=400.4, y2022=400.6)
    assert kinds(old, new) == {"2020": "value", "2022": "value"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(project.raw() / "edition", tmp_path / "data" / "raw" / "edition")
    monkeypatch.setenv("AFFARSPLAN_HOME", str(tmp_path))
    monkeypatch.delenv("AFFARSPLAN_BASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def server():
    with PxServer(limit=None) as running:
        yield running


@pytest.fixture
def fetched(
    home: Path, server: PxServer, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Archive]:
    """Return a function that fetches tables from the test server into the project's archive."""
    monkeypatch.setenv("AFFARSPLAN_BASE_URL", f"scb={server.url}")

    def run(*tables: str, since: str | None = None) -> Archive:
        archive = Archive(home / "data" / "raw" / "archive")
        client = ScbClient(server.url, archive=archive, limiter=Limiter(Rate(10**6, 1.0)))
        chosen = [load_catalogue().tables[id] for id in tables]
        results = fetch(chosen, client, archive, since=since)
        assert not [result.error for result in results if result.error]
        return archive

    return run


@pytest.fixture
def revised(fetched: Callable[..., Archive], server: PxServer) -> Callable[..., Archive]:
    """Two versions of BRP per municipality, which the edition does not hold: two years of one place."""
    fetched("TAB3143")
    table = server.tables["TAB3143"]
    content = next(
        given.content
        for given in load_catalogue().tables["TAB3143"].gives
        if given.measure == "grp_municipal"
    )
    table.revise(1000.0, Region="1980", ContentsCode=content, Tid=["2020", "2021"])
    table.touch("2027-01-01T07:00:00Z")
    fetched("TAB3143")
    return fetched


def test_what_a_new_version_changed_is_listed_with_from_to_when_and_percent(
    revised: Callable[..., Archive],
) -> None:
    frame = ap.revisions("grp_municipal")
    assert tuple(frame.columns) == COLUMNS
    own = frame[frame["region"] == "1980"]
    assert own["period"].tolist() == ["2020", "2021"]
    assert set(own["kind"]) == {"value"}
    np.testing.assert_allclose(own["new"] - own["old"], 1000)
    np.testing.assert_allclose(own["percent"], 100_000 / own["old"])
    assert set(own["to_version"]) == {"2027-01-01T07:00:00Z"}
    now = ap.load("grp_municipal", region="1980", period="2021")["value"].item()
    assert own["new"].iloc[-1] == now
    pd.testing.assert_frame_equal(
        ap.revisions("grp_municipal", region="1980"), own.reset_index(drop=True)
    )
    assert ap.revisions("grp_municipal", region="1981").empty


def test_only_versions_from_a_day_on(revised: Callable[..., Archive]) -> None:
    frame = ap.revisions("grp_municipal")
    day = frame["retrieved"].iloc[0]
    assert len(ap.revisions("grp_municipal", since=str(day.date()))) == len(frame)
    assert len(ap.revisions("grp_municipal", since=day.date())) == len(frame)
    assert ap.revisions("grp_municipal", since="2999-01-01").empty
    with pytest.raises(SelectionError, match="2026-11-23"):
        ap.revisions("grp_municipal", since="i fjol")


def test_a_version_of_some_years_is_compared_in_those_years_alone(
    revised: Callable[..., Archive], server: PxServer
) -> None:
    server.tables["TAB3143"].revise(5.0, Region="1981", Tid="2022")
    server.tables["TAB3143"].touch("2027-02-01T07:00:00Z")
    revised("TAB3143", since="2022")
    *_, last = steps("grp_municipal")
    assert last.to_version == "2027-02-01T07:00:00Z"
    assert set(last.rows["period"]) == {"2022"}
    assert set(last.rows["kind"]) == {"value"}
    assert last.new_periods == ()


def test_the_editions_figures_are_the_version_before_the_first(
    fetched: Callable[..., Archive],
) -> None:
    before = ap.load("grp", region="19", period="2024", data="edition").iloc[0]
    fetched("TAB3138")
    frame = ap.revisions("grp", region="19")
    assert set(frame["period"]) == {"2024"}
    one = frame.iloc[0]
    assert (one["from_version"], one["table"]) == ("edition", "TAB3138")
    assert one["old"] == before["value"]
    assert one["was_preliminary"] == before["preliminary"]
    assert one["new"] == ap.load("grp", region="19", period="2024")["value"].item()


def test_a_version_that_cannot_be_read_is_told_and_the_others_are_compared(
    revised: Callable[..., Archive], home: Path, server: PxServer
) -> None:
    archive = Archive(home / "data" / "raw" / "archive")
    (source,) = {source for source, _ in archive.names()}
    broken = archive.recorded(source, "TAB3143")[-1]
    server.tables["TAB3143"].revise(7.0, Region="1981", Tid="2022")
    server.tables["TAB3143"].touch("2027-03-01T07:00:00Z")
    revised("TAB3143")
    kept = {id for s in archive.recorded(source, "TAB3143") if s.id != broken.id for id in s.ids}
    folder = archive.folder / source / "TAB3143"
    for id in set(broken.ids) - kept:
        (folder / f"{id}.provenance.json").unlink()
    found = list(steps("grp_municipal"))
    assert [bool(step.fault) for step in found] == [True, False]
    # The third version is set against the first, which is the last that could be read.
    assert set(found[1].rows["region"]) == {"1980", "1981"}


def test_what_does_not_exist_is_refused(home: Path) -> None:
    assert ap.revisions().empty
    with pytest.raises(UnknownEntryError):
        ap.revisions("grp_x")
    with pytest.raises(UnknownRegionError):
        ap.revisions("grp", region="99")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "affarsplan_data", "revisions", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_command_sums_up_per_table_and_lists_the_largest(
    revised: Callable[..., Archive],
) -> None:
    done = run("--measure", "grp_municipal", "--region", "1980")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 ändrade uppgifter; störst +" in done.stdout
    assert "Västerås, 2021" in done.stdout
    assert done.stdout.endswith("2 ändringar i 1 jämförelse.\n")
    (one,) = json.loads(run("--measure", "grp_municipal", "--region", "1980", "--json").stdout)
    assert one["counts"] == {"value": 2, "status": 0, "added": 0, "gone": 0}
    assert [change["period"] for change in one["changes"]] == ["2020", "2021"]


def test_the_command_says_when_there_is_nothing_and_refuses_what_is_wrong(home: Path) -> None:
    done = run()
    assert done.returncode == 0
    assert "inget finns att jämföra" in done.stdout
    done = run("--since", "i fjol")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr

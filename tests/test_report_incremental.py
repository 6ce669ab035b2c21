"""A page is run again only when something that it read has changed; the others are the same bytes."""

import inspect
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BuildSample, WriteNotebook

from affarsplan_data.cli.report import report
from affarsplan_data.report import BuildResult, quick
from affarsplan_data.report.earlier import NAME, Earlier
from affarsplan_data.report.making import PageResult

READS = ("import affarsplan_data as ap\nap.load_plan().name",)


def _ran(result: BuildResult) -> dict[str, str]:
    """Return the pages that were run, with why."""
    return {page.run.page: page.why for page in result.pages if page.verdict == "run"}


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_nothing_changed_leaves_the_report_as_it_is(build_sample: BuildSample) -> None:
    first = build_sample()
    before = _files(first.folder)

    again = build_sample()

    assert set(_ran(first)) == {"forsta", "andra"}
    assert (again.unchanged, again.published, _ran(again)) == (True, False, {})
    assert again.folder == first.folder
    assert _files(first.folder) == before
    assert [p.name for p in first.folder.parent.iterdir() if p.is_dir()] == ["19"]


def test_a_notebook_that_changed_is_run_and_the_others_are_taken_over(
    build_sample: BuildSample, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    before = _files(build_sample().folder)
    write_notebook(sample_home / "notebooks", "andra", 2, ("1 + 1",))

    result = build_sample()

    assert result.published
    assert _ran(result) == {"andra": "anteckningsboken har ändrats"}
    after = _files(result.folder)
    assert after["notebooks/forsta.ipynb"] == before["notebooks/forsta.ipynb"]
    assert after["forsta.html"] == before["forsta.html"]
    assert after["data/forsta.xlsx"] == before["data/forsta.xlsx"]
    assert after["andra.html"] != before["andra.html"]
    manifest = json.loads((result.folder / "manifest.json").read_text("utf-8"))
    assert {p["page"]: p["taken_over"] for p in manifest["pages"]} == {
        "forsta": True,
        "andra": False,
    }


def test_a_new_page_lays_the_others_out_again_without_running_them(
    build_sample: BuildSample, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    before = _files(build_sample().folder)
    write_notebook(sample_home / "notebooks", "tredje", 3)

    result = build_sample()

    assert _ran(result) == {"tredje": "den finns inte i den förra rapporten"}
    after = _files(result.folder)
    assert b'href="tredje.html"' in after["forsta.html"]
    assert after["notebooks/forsta.ipynb"] == before["notebooks/forsta.ipynb"]


def test_a_page_taken_away_is_gone_from_the_report(
    build_sample: BuildSample, sample_home: Path
) -> None:
    build_sample()
    (sample_home / "notebooks" / "02_andra.ipynb").unlink()

    result = build_sample()

    assert (result.published, _ran(result)) == (True, {})
    assert "andra.html" not in _files(result.folder)
    assert b"andra.html" not in _files(result.folder)["index.html"]


def test_force_runs_everything(build_sample: BuildSample) -> None:
    build_sample()
    assert _ran(build_sample(force=True)) == dict.fromkeys(
        ("forsta", "andra"), "--force är angivet"
    )


def test_what_a_page_reads_decides_whether_it_is_run(
    build_sample: BuildSample,
    sample_home: Path,
    write_notebook: WriteNotebook,
) -> None:
    """A change in the plan runs the page that read the plan, and no other."""
    write_notebook(sample_home / "notebooks", "planen", 3, READS)
    build_sample()
    folder = sample_home / "outputs" / "2026" / "19"
    content = json.loads((folder / NAME).read_text("utf-8"))
    plan = next(r for r in content["reads"] if r[1].endswith("2030.yaml"))
    plan[2] = "annat"
    (folder / NAME).write_text(json.dumps(content), "utf-8")

    result = build_sample()

    assert _ran(result) == {"planen": "plan/affarsplan_vastmanland_2030.yaml har ändrats"}


def test_another_version_of_a_library_runs_everything(build_sample: BuildSample) -> None:
    folder = build_sample().folder
    text = (folder / NAME).read_text("utf-8")
    content = json.loads(text)
    for work in content["works"].values():
        work["libraries"]["pandas"] = "0.1"
    (folder / NAME).write_text(json.dumps(content), "utf-8")

    found = _ran(build_sample())

    assert set(found) == {"forsta", "andra"}
    assert found["forsta"].startswith("pandas är version ")
    assert found["forsta"].endswith(", inte 0.1")


@pytest.mark.parametrize(
    ("harm", "ran"),
    [
        (lambda folder: (folder / "forsta.html").write_text("ändrad"), {"forsta"}),
        (lambda folder: (folder / "data" / "andra.xlsx").unlink(), {"andra"}),
        (lambda folder: (folder / NAME).write_text("{}"), {"forsta", "andra"}),
        (lambda folder: (folder / NAME).unlink(), {"forsta", "andra"}),
        (lambda folder: (folder / "index.html").unlink(), set()),
    ],
    ids=["a page", "a download", "the record", "no record", "the start page"],
)
def test_a_report_that_was_harmed_is_made_whole(
    build_sample: BuildSample, harm: Callable[[Path], None], ran: set[str]
) -> None:
    folder = build_sample().folder
    before = _files(folder)
    harm(folder)

    result = build_sample()

    assert result.published
    assert set(_ran(result)) == ran
    assert _files(folder).keys() == before.keys()


def test_pages_of_a_failed_build_are_taken_over_when_the_fault_is_mended(
    build_sample: BuildSample, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    write_notebook(sample_home / "notebooks", "trasig", 3, ["1 / 0"])
    failed = build_sample()
    write_notebook(sample_home / "notebooks", "trasig", 3, ["1 / 1"])

    result = build_sample()

    assert [page.run.page for page in failed.failed] == ["trasig"]
    assert result.published
    assert set(_ran(result)) == {"trasig"}


def test_a_page_that_was_cut_off_while_it_recorded_is_run_again(
    build_sample: BuildSample, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    last = ["import atexit, os\natexit.register(os._exit, 0)"]
    write_notebook(sample_home / "notebooks", "avbruten", 3, last)
    first = build_sample(engine="kernel")

    assert first.published
    assert "avbruten" not in Earlier.read(first.folder).records
    assert set(_ran(build_sample(engine="kernel"))) == {"avbruten"}


def test_reports_of_two_folders_know_nothing_of_each_other(
    build_sample: BuildSample, tmp_path: Path
) -> None:
    one = build_sample(output=tmp_path / "ett").folder
    shutil.rmtree(one / "data")
    assert set(_ran(build_sample(output=tmp_path / "två"))) == {"forsta", "andra"}


def test_a_taken_over_page_keeps_the_time_that_it_took(
    build_sample: BuildSample, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    def seconds(result: BuildResult) -> float:
        (page,) = [p for p in result.pages if p.run.page == "forsta"]
        assert isinstance(page, PageResult)
        return page.seconds

    first = build_sample()
    write_notebook(sample_home / "notebooks", "tredje", 3)
    assert seconds(build_sample()) == seconds(first)


@pytest.fixture
def command(sample_home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs the command in a process of its own, on the made-up project."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", COMMAND, *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


# The made-up project has no statistics to build; what is imported at the end is told.
COMMAND = """
import atexit, sys
from affarsplan_data import cli
if "--heavy" in sys.argv:
    sys.argv.remove("--heavy")
    from affarsplan_data.report import build
    build.prepare_observations = lambda data: None
heavy = ("pandas", "altair", "geopandas", "papermill", "yaml")
atexit.register(lambda: print([m for m in heavy if m in sys.modules], file=sys.stderr))
sys.argv = ["affarsplan", *sys.argv[1:]]
cli.main()
"""


def test_the_command_tells_at_once_that_nothing_has_changed(command, sample_home: Path) -> None:
    index = sample_home / "outputs" / "2026" / "19" / "index.html"
    first = command("report", "--heavy")
    assert (first.returncode, first.stdout) == (0, f"{index}\n")

    again = command("report")

    assert (again.returncode, again.stdout) == (0, f"{index}\n")
    assert "Inget har ändrats sedan rapporten gjordes 2" in again.stderr
    # That it is quick is that nothing heavy is imported; seconds depend on the machine.
    assert again.stderr.endswith("[]\n")


def test_the_command_sees_what_has_changed(
    command, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    command("report", "--heavy")
    write_notebook(sample_home / "notebooks", "andra", 2, ("1 + 1",))

    planned = command("report", "--dry-run", "--heavy")
    result = command("report", "--heavy")

    assert planned.returncode == 0
    assert re.search(r"körs +2026/19 +Prov 2 +anteckningsboken har ändrats", planned.stdout)
    assert re.search(r"tas över +2026/19 +Prov 1 +inget har ändrats", planned.stdout)
    assert "1 av 2 skulle köras. Inget är kört." in planned.stdout
    assert "2 sidor klara" in result.stderr
    assert "1 av dem oförändrade" in result.stderr


def test_all_that_decides_what_a_report_shows_is_compared(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, object] = {}

    def known(output: Path, asked: dict[str, object], state: str) -> quick.Known:
        told.update(asked)
        return quick.Known(output, "2026-11-25T12:00")

    monkeypatch.setattr(quick, "known", known)
    report(base_year=2015)
    ways_to_run = {
        *("output", "jobs", "engine", "cell_timeout", "page_timeout", "memory", "cluster"),
        # A few pages are a report of their own, which is not remembered.
        *("pages", "force", "dry_run", "quiet", "log"),
    }
    assert set(told) == set(inspect.signature(report).parameters) - ways_to_run
    assert told["base_year"] == 2015


@pytest.mark.parametrize("name", ["index.html", "data/forsta.xlsx"])
def test_the_command_sees_that_the_report_was_harmed(command, sample_home: Path, name: str) -> None:
    command("report", "--heavy")
    (sample_home / "outputs" / "2026" / "19" / name).unlink()
    result = command("report", "--heavy")
    assert "Inget har ändrats" not in result.stderr
    assert (sample_home / "outputs" / "2026" / "19" / name).is_file()


@pytest.mark.parametrize(
    "change",
    [
        lambda home: (home / "data/raw/edition/prov.csv").write_text("region,value\n19,2\n"),
        lambda home: (
            (home / "data/raw/delivered").mkdir()
            or (home / "data/raw/delivered/ny.csv").write_text("x")
        ),
        lambda home: (
            (home / "data/raw/archive/scb/TAB1").mkdir(parents=True)
            or (home / "data/raw/archive/scb/TAB1/a.snapshot.json").write_text("x")
        ),
        lambda home: (home / "notebooks/01_forsta.ipynb").write_text("{}"),
    ],
    ids=["a figure", "a delivered file", "a fetch", "a notebook"],
)
def test_anything_that_a_report_may_rest_on_is_another_fingerprint(
    sample_home: Path, change: Callable[[Path], object]
) -> None:
    before = quick.fingerprint(sample_home, sample_home / "notebooks")
    assert quick.fingerprint(sample_home, sample_home / "notebooks") == before
    change(sample_home)
    assert quick.fingerprint(sample_home, sample_home / "notebooks") != before

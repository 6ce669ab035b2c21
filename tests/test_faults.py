"""Full disks, closed folders, kills and clocks: the right words and code, and the old report stands."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import kill_reports
import pytest
from conftest import BuildSample, WriteNotebook

from affarsplan_data import cli, parameters
from affarsplan_data.report import build as report_build
from affarsplan_data.report import making, publish

KILLS = 20


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def command(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Return a function that runs the command on the made-up project: (exit code, what it said)."""
    monkeypatch.setattr(report_build, "prepare_observations", lambda data: None)

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["affarsplan", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        err = capfd.readouterr().err
        assert "Traceback" not in err
        return int(ended.value.code or 0), err

    return run


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processer kan inte förgrenas här")
def test_a_kill_at_any_moment_leaves_a_whole_report(tmp_path: Path) -> None:
    """Run with more kills by ``python tests/kill_reports.py FOLDER 100``, also with ``--run``."""
    script = Path(kill_reports.__file__)
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "projekt"), str(KILLS)],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *killed, completed = [line.split() for line in done.stdout.splitlines()]
    words = Counter(word for line in killed for word in line[1:])
    assert len(killed) == KILLS
    assert set(words) <= {"old", "new"}
    assert completed == ["completed", "new", "new", "19", "19"]


def test_a_report_that_is_mixed_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFFARSPLAN_HOME", str(tmp_path))
    kill_reports.project_in(tmp_path)
    kill_reports.notebooks_of(tmp_path, 7)
    kill_reports.make(tmp_path, tmp_path / "publicerat", kill_reports.Made())
    report = tmp_path / "outputs" / "2026" / "19"
    assert kill_reports.told(report, 6, 7) == "new"
    assert kill_reports.told(report, 7, 8) == "old"
    (report / "sida-1.html").unlink()
    assert kill_reports.told(report, 6, 7) == "mixed"
    shutil.rmtree(report)
    assert kill_reports.told(report, 6, 7) == "gone"


@contextmanager
def _mounted(folder: Path, options: str) -> Iterator[None]:
    """Mount a small disk at ``folder``; the test is skipped where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("här får ingen disk monteras")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_said_and_the_old_report_stands(
    command: Callable[..., tuple[int, str]], sample_home: Path, write_notebook: WriteNotebook
) -> None:
    with _mounted(sample_home / "outputs", "size=400k"):
        assert command("report")[0] == 0
        target = sample_home / "outputs" / "2026" / "19"
        before = _files(target)
        write_notebook(sample_home / "notebooks", "stor", 3, [f'"{"x" * 400_000}"'])

        code, err = command("report")

        assert code == 1
        assert "No space left on device" in err
        assert "Kontrollera diskutrymme" in err
        assert _files(target) == before
        assert [path.name for path in target.parent.iterdir() if path.is_dir()] == ["19"]


@pytest.mark.parametrize("seam", ["take", "start page", "manifest", "force to disk"])
def test_a_disk_that_fills_at_any_step_leaves_the_old_report(
    build_sample: BuildSample,
    sample_home: Path,
    write_notebook: WriteNotebook,
    monkeypatch: pytest.MonkeyPatch,
    seam: str,
) -> None:
    before = _files(build_sample().folder)
    write_notebook(sample_home / "notebooks", "tredje", 3)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "disken")

    places: dict[str, tuple[Any, str]] = {
        "take": (making.Making, "take"),
        "start page": (making, "write_start"),
        "manifest": (making, "write_manifest"),
        "force to disk": (publish, "force"),
    }
    with monkeypatch.context() as broken:
        broken.setattr(*places[seam], full)
        with pytest.raises(Exception, match="No space left"):
            build_sample()
    folder = sample_home / "outputs" / "2026"
    assert _files(folder / "19") == before
    assert [path.name for path in folder.iterdir() if "building" in path.name] == []
    assert build_sample().published


def test_a_folder_that_may_only_be_read_is_said_before_anything_is_run(
    command: Callable[..., tuple[int, str]], sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        pytest.fail("en sida kördes")

    monkeypatch.setattr(report_build, "_built", never)
    with _mounted(sample_home / "outputs", "ro"):
        code, err = command("report")
    assert code == 2
    assert "är skrivskyddad" in err


def test_a_clock_that_has_been_set_back_is_said(
    command: Callable[..., tuple[int, str]], sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Back(date):
        @classmethod
        def today(cls) -> "Back":
            return cls(2019, 1, 1)

    assert command("report")[0] == 0
    before = _files(sample_home / "outputs" / "2026" / "19")
    monkeypatch.setattr(parameters, "date", Back)

    code, err = command("report", "--force")

    assert code == 2
    assert "Datorns klocka säger att året är 2019" in err
    assert _files(sample_home / "outputs" / "2026" / "19") == before


def test_a_clock_set_back_between_two_runs_changes_nothing(
    build_sample: BuildSample, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build_sample()
    real = making.now
    monkeypatch.setattr(making, "now", lambda: real().replace(year=2025))
    again = build_sample()
    assert (again.unchanged, again.folder) == (True, first.folder)

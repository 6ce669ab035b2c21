"""Notebooks are run, published as a whole or not at all, and give the same bytes every time."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from conftest import BuildSample, WriteNotebook

from affarsplan_data.parameters import parameters
from affarsplan_data.report import Progress, build_report

OF_THE_RUN = {"manifest.json", "inputs.json"}
"""What tells of the run itself: when, how long, on what."""
_TIME = re.compile(r'<time class="created".*?</time>')


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): _TIME.sub("", path.read_bytes().decode("latin-1"))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in OF_THE_RUN
    }


def test_report_is_a_whole_folder(build_sample: BuildSample, sample_home: Path) -> None:
    result = build_sample()

    assert result.published
    assert result.folder == sample_home / "outputs" / "2026" / "19"
    assert set(_files(result.folder)) == {
        "index.html",
        "style.css",
        *(f"{page}.html" for page in ("forsta", "andra")),
        *(f"notebooks/{page}.ipynb" for page in ("forsta", "andra")),
        *(f"data/{page}.xlsx" for page in ("forsta", "andra")),
        *(f"data/{page}/prov.csv" for page in ("forsta", "andra")),
        *(f"data/{page}/prov.csv-metadata.json" for page in ("forsta", "andra")),
    }
    assert [p.name for p in result.folder.parent.iterdir() if p.is_dir()] == ["19"]


def test_two_builds_give_the_same_bytes(
    build_sample: BuildSample, sample_home: Path, write_notebook: WriteNotebook, tmp_path: Path
) -> None:
    noisy = (
        "import sys, os\nprint(os.getcwd())\nprint('fel', file=sys.stderr)\nprint(object())",
        "from pathlib import Path\nPath.cwd()",
        "from IPython.display import HTML\nHTML(f'<p>{Path.cwd()}</p>')",
    )
    write_notebook(sample_home / "notebooks", "tredje", 3, noisy)

    first = _files(build_sample(output=tmp_path / "ett", jobs=1).folder)
    second = _files(build_sample(output=tmp_path / "två", jobs=3).folder)

    assert first == second
    assert str(sample_home) not in "".join(first.values())


@pytest.mark.parametrize("home", ["", "/", "/usr"])
def test_a_strange_home_folder_leaves_the_pages_whole(
    build_sample: BuildSample, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.setenv("HOME", home)
    assert "</figure>" in (build_sample().folder / "forsta.html").read_text("utf-8")


def test_time_stamp_follows_source_date_epoch(
    build_sample: BuildSample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    result = build_sample()

    stamp = '<time class="created" datetime="2023-11-14T22:13:20+00:00">14 november 2023 kl. 22.13'
    assert all(stamp in page.read_text("utf-8") for page in result.folder.glob("*.html"))
    manifest = json.loads((result.folder / "manifest.json").read_text("utf-8"))
    assert manifest["started"] == "2023-11-14T22:13:20+00:00"


def test_parameters_reach_the_notebooks(build_sample: BuildSample) -> None:
    node = nbformat.read(build_sample().folder / "notebooks" / "forsta.ipynb", as_version=4)

    injected = next(c for c in node.cells if c.metadata.get("tags") == ["injected-parameters"])
    assert injected.source.splitlines()[1:] == [
        'region = "19"',
        'compare = ["00", "oms"]',
        "year = 2026",
        "base_year = None",
        'data = "newest"',
    ]
    assert set(node.metadata) == {"affarsplan", "kernelspec", "language_info"}


@pytest.mark.parametrize(
    ("code", "name", "message"),
    [
        ("räknat = 1\nvärde = 1 / 0", "ZeroDivisionError", "division by zero"),
        ("import time\ntime.sleep(60)", "CellTimeoutError", "tog för lång tid"),
        ("import sys\nsys.exit(0)", "SystemExit", "0"),
        ("import os\nos._exit(3)", "DeadKernelError", "dog"),
    ],
)
def test_failing_page_is_named_and_the_old_report_stands(
    build_sample: BuildSample,
    sample_home: Path,
    write_notebook: WriteNotebook,
    code: str,
    name: str,
    message: str,
) -> None:
    before = _files(build_sample().folder)
    write_notebook(sample_home / "notebooks", "trasig", 3, ["## Avsnitt", "x = 1", code])

    result = build_sample(limits={"cell_seconds": 4})

    (failed,) = result.failed
    assert not result.published
    # Title, parameters, heading and x = 1 stand before it.
    assert (failed.run.page, failed.error.cell, failed.error.name) == ("trasig", 5, name)
    assert message in failed.error.message
    assert _files(sample_home / "outputs" / "2026" / "19") == before
    assert result.folder == sample_home / "outputs" / "2026" / "19.failed"
    assert (result.folder / "notebooks" / "trasig.ipynb").is_file()
    assert (result.folder / "notebooks" / "forsta.ipynb").is_file()
    assert name in (result.folder / "trasig.html").read_text("utf-8")


def test_good_build_takes_the_failed_one_away(
    build_sample: BuildSample, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    bad = write_notebook(sample_home / "notebooks", "trasig", 3, ["1 / 0"])
    failed = build_sample().folder
    bad.unlink()

    assert build_sample().published
    assert not failed.exists()


def test_page_with_bad_structure_is_not_published(
    build_sample: BuildSample, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    write_notebook(sample_home / "notebooks", "hopp", 3, ["#### För djupt"])

    (failed,) = build_sample().failed

    assert failed.run.page == "hopp"
    assert re.search(r"^Sidan hopp\.html.*nivå 4 direkt efter nivå 1", str(failed.error))
    assert not (sample_home / "outputs" / "2026" / "19").exists()
    kept = sample_home / "outputs" / "2026" / "19.failed"
    assert (kept / "notebooks" / "hopp.ipynb").is_file()
    assert "nivå 4 direkt efter nivå 1" in (kept / "hopp.html").read_text("utf-8")


def test_wrong_parameters_write_nothing(sample_home: Path) -> None:
    prepared: list[str] = []
    given = parameters("19", ["norr"], 2026, groups={"norr"})

    with pytest.raises(Exception, match="norr"):
        build_report(given, prepare=prepared.append)
    assert not prepared
    assert not (sample_home / "outputs").exists()


def test_progress_counts_cells_and_ends_with_a_result(build_sample: BuildSample) -> None:
    steps: list[Progress] = []
    build_sample(progress=steps.append)

    last = {step.run.page: step for step in steps}
    assert {page: step.result.status for page, step in last.items()} == {
        "forsta": "ok",
        "andra": "ok",
    }
    assert all(step.done == step.cells for step in last.values())


def test_nothing_is_written_to_the_console(
    build_sample: BuildSample, capfd: pytest.CaptureFixture[str]
) -> None:
    build_sample()
    assert capfd.readouterr() == ("", "")


def test_manifest_tells_with_what_and_from_what(
    build_sample: BuildSample, sample_home: Path
) -> None:
    folder = build_sample().folder
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))

    assert manifest["parameters"] == parameters("19", year=2026).for_notebook()
    assert manifest["git"] is None
    assert manifest["libraries"]["pandas"]
    assert set(manifest["inputs"]) == {
        "data/raw/edition/manifest.yaml",
        "data/raw/edition/prov.csv",
    }
    assert set(manifest["outputs"]) == {*_files(folder), "inputs.json"}
    assert [(page["page"], page["status"]) for page in manifest["pages"]] == [
        ("forsta", "ok"),
        ("andra", "ok"),
    ]
    assert str(sample_home) not in json.dumps(manifest)

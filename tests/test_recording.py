"""What a page reads is recorded while it runs: all of it, and nothing that it does not read."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from affarsplan_data import observations, project
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.indicators import evaluate
from affarsplan_data.observations import load, store
from affarsplan_data.pages import quality
from affarsplan_data.recording import ABSENT, Noted, code, note, quiet, recorded, state_of
from affarsplan_data.recording.code import loaded_by, state

NOTEBOOKS = sorted(
    path
    for path in project.notebooks().glob("*.ipynb")
    if "delmal" in path.name or "rus" in path.name
)


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """Build the figures first, as the report does."""
    observations.build()


def _run(path: Path) -> tuple[set[tuple[str, str]], frozenset[str]]:
    """Run a notebook's code here; return the kinds and names it read, and the modules it used."""
    cells = nbformat.read(path, as_version=4).cells
    with recorded() as found:
        scope: dict[str, object] = {"display": lambda *_: None}
        for cell in cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, path.name, "exec"), scope)
    return {(read.kind, read.name) for read in found.reads}, loaded_by(found.modules)


def _measures(names: set[tuple[str, str]]) -> set[str]:
    return {name.partition("/")[2] for kind, name in names if kind == "measure"}


@pytest.mark.parametrize("path", NOTEBOOKS[:2], ids=lambda path: path.stem)
def test_a_page_run_again_with_every_cache_warm_reads_the_same(path: Path) -> None:
    first = _run(path)
    assert _run(path) == first
    assert _measures(first[0])


def test_pages_do_not_share_what_only_one_of_them_reads() -> None:
    one, other = (_measures(_run(path)[0]) for path in NOTEBOOKS[:2])
    assert one - other
    assert other - one


def test_an_indicator_reads_its_measures_and_no_others() -> None:
    about = load_catalogue().indicator("brp_per_capita_index")
    with recorded() as found:
        evaluate(about.id)
    names = {(read.kind, read.name) for read in found.reads}
    assert _measures(names) == set(about.measures)
    assert ("indicator", about.id) in names
    assert {name for kind, name in names if kind == "definition"} >= set(about.measures)


def test_a_measure_that_is_lacking_is_taken_down_as_absent() -> None:
    lacking = next(m for m in load_catalogue().measures.values() if m.availability != "edition")
    with recorded() as found, pytest.raises(Exception, match="saknas"):
        load(lacking.id, data="edition")
    assert state_of("measure", f"edition/{lacking.id}") == ABSENT
    assert ("measure", f"edition/{lacking.id}", ABSENT) in found.reads


def test_what_is_read_in_quiet_or_outside_is_not_taken_down() -> None:
    note("declared", "a")
    with recorded() as outer:
        note("declared", "b")
        with quiet():
            note("declared", "c")
        with recorded() as inner:
            note("declared", "d")
        note("declared", "e")
    assert [read.name for read in outer.reads] == ["b", "e"]
    assert [read.name for read in inner.reads] == ["d"]


def test_a_mapping_takes_down_the_keys_that_are_read() -> None:
    held = Noted("declared", {"a": 1, "b": 2})
    with recorded() as found:
        assert held["a"] == 1
        assert held.get("x") is None
    assert [read.name for read in found.reads] == ["a", "x"]
    with recorded() as found:
        assert list(held.items()) == [("a", 1), ("b", 2)]
    assert [read.name for read in found.reads] == ["*", "a", "b"]


@pytest.fixture
def own_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the built-in edition that commands in this test read."""
    home = tmp_path / "projekt"
    shutil.copytree(project.raw() / "edition", home / "data" / "raw" / "edition")
    monkeypatch.setenv("AFFARSPLAN_HOME", str(home))
    return home / "data" / "raw" / "edition"


def test_another_figure_in_the_edition_is_another_state_of_that_measure_alone(
    own_edition: Path,
) -> None:
    ids = [m.id for m in load_catalogue().measures.values() if m.availability == "edition"]
    before = {id: store._content(f"edition/{id}") for id in ids}
    manifest = own_edition / "manifest.yaml"
    text = manifest.read_text("utf-8")
    start = text.index("grp.csv")
    place = text.index("sha256: ", start) + len("sha256: ")
    manifest.write_text(f"{text[:place]}{'a' * 64}{text[place + 64 :]}", "utf-8")
    after = {id: store._content(f"edition/{id}") for id in ids}
    assert [id for id in ids if before[id] != after[id]] == ["grp"]


@pytest.mark.parametrize("module", ["pages.face", "observations", "claims", "figures.boundaries"])
def test_the_code_that_is_used_is_all_that_is_imported(module: str) -> None:
    name = f"affarsplan_data.{module}"
    code = (
        f"import json, sys, {name};"
        "print(json.dumps([m for m in sys.modules if m.startswith('affarsplan_data')]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded_by([name]) == set(json.loads(done.stdout))


def test_code_of_what_runs_pages_is_no_part_of_a_page() -> None:
    assert loaded_by(["affarsplan_data.cli", "affarsplan_data.report.build", "os"]) == frozenset()


def test_the_imports_that_a_page_makes_late_are_taken_down() -> None:
    _, used = _run(NOTEBOOKS[0])
    assert "affarsplan_data.pages.face" in used
    # Imported only by one who asks a producer.
    assert "affarsplan_data.sources.providers" not in used


def test_the_state_of_a_package_follows_its_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "regions"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "regions.csv").write_text("19")
    monkeypatch.setattr(code, "ROOT", tmp_path)
    before = state("affarsplan_data.regions")
    (package / "regions.csv").write_text("20")
    after = state("affarsplan_data.regions")
    assert after != before
    (package / "assets").mkdir()
    (package / "assets" / "style.js").write_text("x")
    assert state("affarsplan_data.regions") != after
    assert state("affarsplan_data.nothing") == ABSENT


def test_nothing_that_a_page_shows_looks_at_the_clock_without_a_note() -> None:
    """Who needs the day takes it from ``this_day``, or is given it."""
    looking = {
        path.relative_to(code.ROOT).as_posix()
        for layer in ("statistics", "indicators", "claims", "figures", "pages", "analysis")
        for path in (code.ROOT / layer).rglob("*.py")
        if re.search(r"\b(date\.today|datetime\.now|time\.time)\(", path.read_text("utf-8"))
    }
    # The year of claims is always given on a page.
    assert looking == {"pages/freshness.py", "claims/evidence.py"}
    with recorded() as found:
        quality.today()
    assert [(read.kind, read.name) for read in found.reads] == [("month", "now")]

"""Shared fixtures: the real report built once, and a tiny project with made-up notebooks.

Every value in the tiny project is invented and says so: SYNTETISKA TESTDATA.
"""

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from filelock import FileLock

from affarsplan_data.archive import Archive
from affarsplan_data.parameters import parameters
from affarsplan_data.report import BuildResult, Limits, PlanWords, build_report
from affarsplan_data.report.build import default_year, plan_words
from affarsplan_data.report.runners import runner
from affarsplan_data.scb import Patience, ScbClient
from tests.browsing import NoBrowserError, chromium
from tests.pxserver import PxServer

WriteNotebook = Callable[..., Path]
BuildSample = Callable[..., BuildResult]

EDITION = """\
edition:
  id: "2026-11"
  title: Inbyggd utgåva, SYNTETISKA TESTDATA
  licence: Påhittade villkor.
measures: {}
missing:
  - what: Påhittad uppgift
    reason: Den har aldrig funnits.
    comes_from: Ingenstans
"""

PARAMETERS = (
    'region = "19"\ncompare = ["00", "oms"]\nyear = 2026\nbase_year = None\ndata = "edition"'
)

OPENING = """\
from IPython.display import display
display({
    "text/html": f'<div class="ap-opening"><p class="ap-answer">Svar för {region}.</p></div>',
    "application/vnd.affarsplan.opening+json": {
        "question": "Ökar det påhittade?", "answer": f"Svar för {region}.", "region": region,
        "region_name": "Provregionen", "lines": [],
    },
}, raw=True)"""

FIGURE = """\
from IPython.display import display
table = '<table><caption>Prov</caption><thead><tr><th scope="col">Region</th>' \\
    '<th scope="col" class="num">Antal</th></tr></thead><tbody><tr><th scope="row">A</th>' \\
    '<td class="num">1,5</td></tr></tbody></table>'
display({
    "text/html": '<figure class="ap-figure" id="fig-prov" aria-labelledby="fig-prov-title">'
        '<figcaption><h3 id="fig-prov-title">SYNTETISKA TESTDATA: prov</h3></figcaption>'
        '<div class="ap-picture ap-wide"><svg role="img" aria-label="Prov" viewBox="0 0 8 4">'
        '<rect width="8" height="4"></rect></svg></div>'
        '<details class="ap-data"><summary>Visa tabell: prov</summary><div class="ap-scroll" '
        f'tabindex="0" role="region" aria-label="Prov">{table}</div></details></figure>',
    "application/vnd.affarsplan.figure+json": {
        "name": "prov", "title": "SYNTETISKA TESTDATA: prov", "subtitle": "Antal, 2024",
        "alt": "Ett prov.", "source": "Underlag: påhittat", "notes": ["SYNTETISKA TESTDATA"],
        "columns": [{"name": "Region", "decimals": None}, {"name": "Antal", "decimals": 1}],
        "rows": [["A", 1.5], ["=2+3", None], ["-7", 2]],
    },
}, raw=True)"""

PAGE = ("## Ett avsnitt\n\nText om **provet**.", OPENING, FIGURE, 'print("hej")')


def is_text(source: str) -> bool:
    """Tell whether a cell of a sample notebook is text (starts as a heading) or code."""
    return source.startswith("#")


@pytest.fixture
def write_notebook() -> WriteNotebook:
    """Return a function that writes one notebook: ``(folder, page, order, cells)``."""

    def write(
        folder: Path,
        page: str,
        order: int,
        cells: Sequence[str] = PAGE,
        title: str | None = None,
        **meta: object,
    ) -> Path:
        heading = f"# SYNTETISKA TESTDATA: {title or page}"
        parameters = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
        others = [
            nbformat.v4.new_markdown_cell(source)
            if is_text(source)
            else nbformat.v4.new_code_cell(source)
            for source in cells
        ]
        node = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_markdown_cell(heading), parameters, *others]
        )
        node.metadata["affarsplan"] = {
            "page": page,
            "order": order,
            "short": f"Prov {order}",
        } | meta
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{order:02}_{page}.ipynb"
        nbformat.write(node, path)
        return path

    return write


@pytest.fixture
def sample_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write_notebook: WriteNotebook
) -> Path:
    """Return a project of two made-up pages, and make it the project that commands work on."""
    home = tmp_path / "projekt"
    edition = home / "data" / "raw" / "edition"
    edition.mkdir(parents=True)
    (edition / "manifest.yaml").write_text(EDITION, encoding="utf-8")
    (edition / "prov.csv").write_text("region,value\n19,1\n", encoding="utf-8")
    write_notebook(home / "notebooks", "forsta", 1)
    write_notebook(home / "notebooks", "andra", 2)
    monkeypatch.setenv("AFFARSPLAN_HOME", str(home))
    return home


@pytest.fixture
def build_sample(sample_home: Path) -> BuildSample:
    """Return a function that builds the made-up project's report."""

    def build(**options: Any) -> BuildResult:
        plan = PlanWords("Provplan", "19", {"oms": "Provgruppen"})
        limits = Limits(**options.pop("limits", {}))
        chosen = runner(options.pop("engine", None), options.pop("jobs", None), limits)
        given = {"plan": plan, "prepare": lambda data: None, "runner": chosen} | options
        return build_report(parameters("19", year=2026), **given)

    return build


@pytest.fixture
def hurried() -> Callable[..., ScbClient]:
    """Return a function that gives a client with little patience: ``(server, archive=None)``."""
    patience = Patience(connect=1, read=0.5, total=8, attempts=4, first_wait=0.02, longest_wait=0.1)

    def client(server: PxServer, archive: Archive | None = None) -> ScbClient:
        return ScbClient(server.url, archive=archive, patience=patience)

    return client


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start headless Chromium once; without it the tests are skipped, but never in CI."""
    try:
        with chromium(tmp_path_factory.mktemp("profil")) as started:
            yield started
    except NoBrowserError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def built_report(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> BuildResult:
    """Build the real report for the plan's region once, and return where it lies.

    Tests that run in several processes share it: the first to ask builds it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    held = shared / "rapport.pickle"
    with FileLock(shared / "rapport.lock"):
        if not held.is_file():
            held.write_bytes(pickle.dumps(_build_report(shared / "rapport")))
    return pickle.loads(held.read_bytes())


def _build_report(output: Path) -> BuildResult:
    plan = plan_words()
    given = parameters(plan.region, year=default_year(), groups=plan.groups)
    result = build_report(given, output=output)
    assert result.published, "; ".join(
        f"{page.run.notebook.path.name}, {page.error}" for page in result.failed
    )
    return result

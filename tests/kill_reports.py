"""Makes and publishes reports and kills it at random moments; run by ``test_faults.py``.

``python kill_reports.py FOLDER KILLS [--run]``: prints a line per kill, with what the folder of
reports and the folder that others read hold then: ``old`` or ``new`` when they are whole, ``mixed`` or
``gone`` when they are not. With ``--run`` the notebooks are run as by the command, else the pages are
made without, which leaves more kills for the moments when files are written and change places.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat

from affarsplan_data.parameters import parameters
from affarsplan_data.report.build import PlanWords, build_reports
from affarsplan_data.report.executing import Executed
from affarsplan_data.report.publishing import publish
from affarsplan_data.report.run import Outcome, Runner, Tell
from affarsplan_data.report.runners import runner as default_runner
from affarsplan_data.report.work import PageWork

PLAN = PlanWords("SYNTETISKA TESTDATA", "19", {"oms": "Provgruppen"})
PAGES = 6
_EDITION = """\
edition: {id: 2026-11, title: SYNTETISKA TESTDATA, licence: Får användas av alla.}
measures: {}
missing: []
"""


class Made:
    """A runner that makes the pages without running any cell."""

    def run(self, works: Iterable[PageWork], step: Tell) -> Iterator[Outcome]:
        """Yield the outcome of every work."""
        for work in works:
            assert isinstance(work, PageWork)
            node = nbformat.reads(work.source, as_version=4)
            yield work._made(Executed(node, None), time.monotonic())


def project_in(home: Path) -> None:
    """Make a project without statistics."""
    (home / "data" / "raw" / "edition").mkdir(parents=True)
    (home / "data" / "raw" / "edition" / "manifest.yaml").write_text(_EDITION, encoding="utf-8")
    os.environ["AFFARSPLAN_HOME"] = str(home)


def notebooks_of(home: Path, version: int) -> None:
    """Write the pages so that every one says ``version``."""
    (home / "notebooks").mkdir(exist_ok=True)
    for number in range(1, PAGES + 1):
        title = f"# SYNTETISKA TESTDATA {number}, version {version}."
        cells = [
            nbformat.v4.new_markdown_cell(title, id="title"),
            nbformat.v4.new_code_cell(
                'region = "19"\ncompare = []\nyear = 2026\nbase_year = None\ndata = "newest"',
                id="given",
                metadata={"tags": ["parameters"]},
            ),
            nbformat.v4.new_markdown_cell("Text. " * 4000, id="text"),
        ]
        node = nbformat.v4.new_notebook(cells=cells)
        node.metadata = {
            "affarsplan": {"page": f"sida-{number}", "order": number, "short": f"Sida {number}"},
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
        }
        nbformat.write(node, home / "notebooks" / f"{number:02}.ipynb")


def make(home: Path, public: Path, runner: Runner) -> None:
    """Make the report and publish it."""
    given = parameters("19", [], 2026, groups=PLAN.groups)
    (result,) = build_reports([given], runner=runner, prepare=lambda data: None, plan=PLAN)
    if result.refused:
        raise result.refused
    assert result.published or result.unchanged, [str(page.error) for page in result.failed]
    publish(home / "outputs" / "2026" / "19", public)


def version_in(folder: Path) -> int | None:
    """Return the version that a report has on all of its pages; None when it is not whole.

    Raises:
        FileNotFoundError: there is no report.
    """
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, sha256 in manifest["outputs"].items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            return None
    pages = sorted(folder.glob("sida-*.html"))
    texts = [path.read_text(encoding="utf-8") for path in pages]
    found = {int(text.split(", version ")[1].split(".")[0]) for text in texts}
    return found.pop() if len(found) == 1 and len(pages) == PAGES else None


def told(folder: Path, old: int, new: int) -> str:
    """Return in a word what a folder holds."""
    try:
        found = version_in(folder)
    except FileNotFoundError:
        return "gone"
    return {old: "old", new: "new"}.get(found if found is not None else -1, "mixed")


def killed_after(seconds: float, home: Path, public: Path, runner: Runner) -> bool:
    """Make a report in a child process, kill it after ``seconds``; tell whether it was still at it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            make(home, public, runner)
            code = 0
        finally:
            os._exit(code)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        assert os.waitstatus_to_exitcode(status) == 0
        return False
    return True


def main() -> None:
    """Kill as many reports as asked for; one that was too quick to be killed does not count."""
    home, kills = Path(sys.argv[1]), int(sys.argv[2])
    runner: Runner = default_runner(jobs=2) if "--run" in sys.argv else Made()
    project_in(home)
    public = home / "publicerat"
    reports = (home / "outputs" / "2026" / "19", public / "2026" / "19")
    notebooks_of(home, 0)
    make(home, public, runner)
    notebooks_of(home, 1)
    start = time.monotonic()
    make(home, public, runner)
    whole = time.monotonic() - start
    chance = random.Random(20261125)
    killed, version, stands = 0, 2, [1, 1]
    while killed < kills:
        notebooks_of(home, version)
        was_killed = killed_after(chance.uniform(0, whole), home, public, runner)
        found = [told(path, old, version) for path, old in zip(reports, stands, strict=True)]
        if was_killed:
            killed += 1
            print("killed", *found, flush=True)
        stands = [
            version if word == "new" else old for word, old in zip(found, stands, strict=True)
        ]
        version += 1
    notebooks_of(home, version)
    make(home, public, runner)
    left = [path.name for folder in reports for path in folder.parent.iterdir()]
    print("completed", *(told(path, -1, version) for path in reports), *sorted(left))
    shutil.rmtree(home)


if __name__ == "__main__":
    main()

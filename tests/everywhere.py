"""Every notebook for several regions, on the edition and on all made-up data, in every way they are run.

``python -m tests.everywhere`` takes long, so it is no part of the tests: it builds each report, lets
nbval run copies of the notebooks with the region's parameters, and chooses Run All in JupyterLab for
each. One line for each way; the exit code is 1 when anything failed. Made-up figures are SYNTETISKA
TESTDATA, which every page that shows them has to say.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from affarsplan_data import project
from tests.browsing import chromium
from tests.homes import HOME, edition_alone, full_data
from tests.keyfigure_cells import COMPARED
from tests.labpages import failures, run_all
from tests.labserver import jupyterlab

REGIONS = ("19", "04", "25", "1980", "1904")
MADE_UP = "SYNTETISKA TESTDATA"


@dataclass(frozen=True)
class Setting:
    """A project to run in, the environment for it, its folder, and where its reports go."""

    name: str
    environment: Mapping[str, str]
    folder: Path
    output: Path

    def run(self, *module: str) -> "subprocess.CompletedProcess[str]":
        """Run a module of Python in it."""
        return subprocess.run(
            [sys.executable, "-m", *module],
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


def edition(folder: Path) -> Mapping[str, str]:
    """Make ``folder`` a project with the built-in edition alone."""
    return {HOME: str(edition_alone(folder))}


DATA: dict[str, Callable[[Path], Mapping[str, str]]] = {"edition": edition, "made-up": full_data}


def notebooks(folder: Path, region: str) -> list[Path]:
    """Write copies of all notebooks with a region's parameters and without outputs."""
    folder.mkdir(parents=True)
    copies = []
    for path in sorted(project.notebooks().glob("*.ipynb")):
        node = load_notebook_node(str(path))
        for cell in node.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            # What is kept is the edition's, for the plan's region.
            tags = [tag for tag in cell.metadata.get("tags", []) if tag != COMPARED]
            cell.metadata["tags"] = tags
        given = parameterize_notebook(
            node, {"region": region}, kernel_name="python3", language="python"
        )
        nbformat.write(given, folder / path.name)
        copies.append(folder / path.name)
    return copies


def by_report(setting: Setting, region: str) -> tuple[str, list[str]]:
    """Build the region's report, which papermill runs, and check every page of it."""
    ended = setting.run(
        *("affarsplan_data", "report", "--quiet", "--region", region),
        *("--output", str(setting.output)),
    )
    if ended.returncode:
        return "ingen rapport", [ended.stderr.strip()]
    index = Path(ended.stdout.strip().splitlines()[-1])
    pages = sorted(index.parent.glob("*.html"))
    faults = []
    for page in pages:
        text = page.read_text(encoding="utf-8")
        if (MADE_UP in text) != (setting.name == "made-up"):
            faults.append(f"{page.name} säger fel om uppgifterna är påhittade")
    return f"{len(pages)} sidor i {index.parent}", faults


def by_nbval(setting: Setting, region: str) -> tuple[str, list[str]]:
    """Let nbval run every cell of every notebook in a kernel."""
    folder = setting.folder / f"nbval-{region}"
    notebooks(folder, region)
    ended = setting.run(
        *("pytest", "-q", "-p", "no:cacheprovider", "-n", "auto", "--dist", "loadfile"),
        *("--nbval-lax", "--nbval-current-env", "--rootdir", str(folder), str(folder)),
    )
    said = ended.stdout.strip().splitlines()
    return said[-1].strip("= ") if said else "", said[-20:] if ended.returncode else []


def by_lab(setting: Setting, region: str) -> tuple[str, list[str]]:
    """Choose Run All for every notebook in JupyterLab."""
    place = setting.folder / f"lab-{region}"
    copies = notebooks(place / "kopior", region)
    before = dict(os.environ)
    os.environ.update(setting.environment)
    faults = []
    try:
        with chromium(place / "profil") as browser, jupyterlab(place) as lab:
            size = {"width": 1400, "height": 1100, "deviceScaleFactor": 1, "mobile": False}
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            for copy in copies:
                faults += [f"{copy.name}: {fault}" for fault in _lab_faults(browser, lab, copy)]
    finally:
        os.environ.clear()
        os.environ.update(before)
    return f"{len(copies)} böcker", faults


def _lab_faults(browser: Any, lab: Any, copy: Path) -> Iterator[str]:
    try:
        node = run_all(browser, lab, copy)
    except AssertionError as error:
        yield str(error)
        return
    for output in failures(node):
        yield f"{output.get('ename', 'utskrift')}: {output.get('evalue', output.get('text'))}"


WAYS = {"report": by_report, "nbval": by_nbval, "lab": by_lab}


def main() -> int:
    """Run what is asked for and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.everywhere",
        description="Kör alla anteckningsböcker för flera regioner, på flera sätt.",
        epilog="Exempel: python -m tests.everywhere --region 04 --data edition --way lab",
    )
    parser.add_argument("--region", action="append", metavar="KOD", help=", ".join(REGIONS))
    parser.add_argument("--data", action="append", choices=DATA, help="båda om inget sägs")
    parser.add_argument("--way", action="append", choices=WAYS, help="alla om inget sägs")
    parser.add_argument("--output", type=Path, metavar="MAPP", help="behåll rapporterna här")
    given = parser.parse_args()
    faults = 0
    with tempfile.TemporaryDirectory(prefix="overallt-") as folder:
        for name in given.data or DATA:
            home = Path(folder, name)
            shutil.copytree(project.notebooks(), home / "notebooks")
            output = given.output / name if given.output else home / "outputs"
            setting = Setting(name, DATA[name](home), home, output.absolute())
            for region in given.region or REGIONS:
                for way in given.way or WAYS:
                    said, found = WAYS[way](setting, region)
                    faults += len(found)
                    print(f"{name:8} {region:5} {way:7} {said}; {len(found)} fel", flush=True)
                    for fault in found:
                        print(f"    {fault}", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

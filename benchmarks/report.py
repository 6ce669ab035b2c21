"""How long the whole yearly report takes, against its bound and against the ordinary tools.

Run ``python -m benchmarks.report`` on a machine that does nothing else. Each design is started from
nothing and measured to its end, and all of them run the same pages: the report of the
plan's region, one page per municipality included. The rounds are interleaved, so that a machine that is
slower for a while is so for all; printed are medians and ratios, of seconds and of processor seconds.

``bound`` runs the cells' code in warm children, as many as there are cores, and draws what they show, but
makes no notebook, no page and no file of it. It is what the code itself takes. A round takes some eight
minutes. ``--sample N`` lets the slow designs run N pages and scales them to all, which the output says: a
quick look, for the pages differ, and heavy ones among the few can make the slow designs seem slower.

``--municipalities`` measures what a page costs when there are 29 and when there are 290, and the memory.
"""

import argparse
import ast
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from affarsplan_data import project, regions
from affarsplan_data.engine import pool
from affarsplan_data.engine.child import Line
from affarsplan_data.engine.parent import shared
from affarsplan_data.parameters import parameters
from affarsplan_data.report import PageRun, notebooks
from affarsplan_data.report.build import default_year, plan_words, prepare_observations
from affarsplan_data.report.pageruns import page_runs
from affarsplan_data.report.runners import THINGS, cores
from affarsplan_data.report.values import write_values
from affarsplan_data.report.warm import Source, in_turn

FEW, ALL = 29, 290
TARGETS = {"bound": 1.35, "api": 6.0, "shell": 10.0}

Design = Callable[[Path, int | None], None]


def every_page() -> tuple[PageRun, ...]:
    """Return the pages of the report of the plan's region."""
    plan = plan_words()
    given = parameters(plan.region, year=default_year(), groups=plan.groups)
    return page_runs(notebooks.find(project.notebooks()), given)


def chosen(count: int | None) -> tuple[PageRun, ...]:
    """Return all pages, or ``count`` of them spread evenly."""
    runs = every_page()
    if count is None or count >= len(runs):
        return runs
    return tuple(runs[i * len(runs) // count] for i in range(count))


def bound(folder: Path, count: int | None) -> None:
    """Run the code of every page in warm children, and nothing more."""
    # The children know this module by its name, not as the command that was started.
    from benchmarks import report as this

    prepare_observations("newest")
    parent, jobs = shared(THINGS), cores()
    runs = chosen(count)
    things = [this._Thing(pool.Task("values", partial(this._values, runs[0], str(folder))), True)]
    things += [
        this._Thing(pool.Task(run.key, partial(this._bare, run)), run.notebook.wide) for run in runs
    ]
    things.sort(key=lambda thing: not thing.wide)
    with closing(Source(parent, jobs, project.root())) as source:
        source.prepare(runs[0].parameters.data)
        tasks = (thing.task for thing in in_turn(things, lambda: source.is_prepared))
        for ended in pool.run(source.fork, tasks, jobs, pool.Limits(600, 600)):
            assert ended.death is None, ended


class _Thing(NamedTuple):
    """A task, and whether it needs most of all figures."""

    task: pool.Task
    wide: bool


def _values(run: PageRun, folder: str, line: Line) -> None:
    write_values(Path(folder), run.parameters)


def _bare(run: PageRun, line: Line) -> None:
    """Run the cells of a page and draw what they show."""
    names: dict[str, Any] = {}
    for cell in json.loads(run.notebook.path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)
        if "parameters" in cell["metadata"].get("tags", ()):
            names |= run.parameters.for_notebook()
        if isinstance(last, ast.Expr):
            shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            if hasattr(shown, "_repr_mimebundle_"):
                shown._repr_mimebundle_()


def ours(folder: Path, count: int | None, jobs: int) -> None:
    """Make the whole report with ``affarsplan report``."""
    subprocess.run(
        [
            *(sys.executable, "-m", "affarsplan_data", "report", "--force", "--quiet"),
            *("--jobs", str(jobs), "--output", str(folder)),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def api(folder: Path, count: int | None) -> None:
    """Run every notebook in a fresh kernel by papermill's API and make it HTML by nbconvert's."""
    import papermill
    from nbconvert import HTMLExporter

    for run in chosen(count):
        target = folder / f"{run.page}.ipynb"
        papermill.execute_notebook(
            str(run.notebook.path),
            str(target),
            parameters=run.parameters.for_notebook(),
            kernel_name="python3",
            progress_bar=False,
        )
        html, _ = HTMLExporter().from_filename(str(target))
        target.with_suffix(".html").write_text(html, encoding="utf-8")


def shell(folder: Path, count: int | None) -> None:
    """The same from the shell: papermill and nbconvert, one after the other."""
    for run in chosen(count):
        target = folder / f"{run.page}.ipynb"
        told = json.dumps(run.parameters.for_notebook())
        for command in (
            [
                *("papermill", "--no-progress-bar", "-k", "python3", "-y", told),
                *(str(run.notebook.path), str(target)),
            ],
            ["nbconvert", "--to", "html", str(target)],
        ):
            subprocess.run(
                [sys.executable, "-m", *command],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )


COMMANDS = ("ours, all cores", "ours, one job", "shell")
"""The designs that are commands themselves; the others are started in a process of their own."""
DESIGNS: dict[str, Design] = {
    "bound": bound,
    "ours, all cores": lambda folder, count: ours(folder, count, cores()),
    "ours, one job": lambda folder, count: ours(folder, count, 1),
    "api": api,
    "shell": shell,
}
SLOW = ("api", "shell")


def measure(design: str, count: int | None) -> tuple[float, float]:
    """Return the seconds and the processor seconds of one design, run as a command of its own."""
    with tempfile.TemporaryDirectory(prefix="matning-") as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        if design in COMMANDS:
            DESIGNS[design](Path(folder), count)
        else:
            own = [sys.executable, "-m", "benchmarks.report", "--design", design]
            subprocess.run([*own, "--folder", folder, "--count", str(count or 0)], check=True)
        seconds = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, used


def compare(rounds: int, sample: int | None) -> dict[str, Any]:
    """Measure all designs, print them side by side, and return what was found."""
    pages = len(every_page())
    counts = {name: sample if name in SLOW else None for name in DESIGNS}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in DESIGNS}
    for number in range(1, rounds + 1):
        for name in DESIGNS:
            count = counts[name]
            scale = pages / count if count else 1.0
            seconds, used = measure(name, count)
            found[name].append((seconds * scale, used * scale))
            told = f"{count} of {pages} pages, scaled" if count else f"{pages} pages"
            print(f"round {number}: {name:16} {seconds:7.1f} s ({told})", flush=True)
    wall = {name: statistics.median(one[0] for one in each) for name, each in found.items()}
    used = {name: statistics.median(one[1] for one in each) for name, each in found.items()}
    print(f"\n{pages} pages, {cores()} cores, medians of {rounds} interleaved rounds")
    print(f"{'design':16} {'s':>8} {'x bound':>8} {'x ours':>8} {'cpu s':>8} {'x bound':>8}")
    best = "ours, all cores"
    for name in DESIGNS:
        note = f"  from {counts[name]} pages" if counts[name] else ""
        print(
            f"{name:16} {wall[name]:8.1f} {wall[name] / wall['bound']:8.2f} "
            f"{wall[name] / wall[best]:8.2f} {used[name]:8.1f} {used[name] / used['bound']:8.2f}{note}"
        )
    print(
        f"targets: ours at most {TARGETS['bound']} x bound: {wall[best] / wall['bound']:.2f}; "
        f"api at least {TARGETS['api']:.0f} x ours: {wall['api'] / wall[best]:.1f}; "
        f"shell at least {TARGETS['shell']:.0f} x ours: {wall['shell'] / wall[best]:.1f}"
    )
    return {"pages": pages, "seconds": wall, "cpu_seconds": used}


def many(rounds: int) -> dict[str, Any]:
    """Measure what a municipality's page costs when there are few and when there are all."""
    codes = {FEW: ",".join(regions.municipalities()[:: ALL // FEW][:FEW]), ALL: "alla"}
    found: dict[int, list[tuple[float, dict[str, float]]]] = {FEW: [], ALL: []}
    for number in range(1, rounds + 1):
        for count, asked in codes.items():
            with tempfile.TemporaryDirectory(prefix="matning-") as folder, _watched() as peaks:
                started = time.perf_counter()
                subprocess.run(
                    [
                        *(sys.executable, "-m", "affarsplan_data", "report", "--force", "--quiet"),
                        *("--pages", "kommunprofil", "--municipalities", asked),
                        *("--output", folder),
                    ],
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
                seconds = time.perf_counter() - started
            found[count].append((seconds, dict(peaks)))
            print(f"round {number}: {count} pages {seconds:.1f} s, {_told(peaks)}", flush=True)
    wall = {n: statistics.median(one[0] for one in each) for n, each in found.items()}
    per = {n: seconds / n for n, seconds in wall.items()}
    print(
        f"per page: {per[FEW]:.3f} s of {FEW}, {per[ALL]:.3f} s of {ALL}; ratio "
        f"{per[ALL] / per[FEW]:.2f}; each page more: {(wall[ALL] - wall[FEW]) / (ALL - FEW):.3f} s"
    )
    return {"seconds": wall, "peaks_mb": {n: each[-1][1] for n, each in found.items()}}


def _told(peaks: dict[str, float]) -> str:
    return ", ".join(f"{name} {mb:.0f} MB" for name, mb in peaks.items())


@contextmanager
def _watched() -> Iterator[dict[str, float]]:
    """Follow the memory of everything this process starts: all of it, and the command itself."""
    peaks = {"all": 0.0, "command": 0.0}
    ended = threading.Event()

    def follow() -> None:
        while not ended.wait(0.5):
            sizes = list(_sizes())
            peaks["all"] = max(peaks["all"], sum(mb for mb, _ in sizes))
            peaks["command"] = max([peaks["command"], *(mb for mb, is_first in sizes if is_first)])

    follower = threading.Thread(target=follow)
    follower.start()
    try:
        yield peaks
    finally:
        ended.set()
        follower.join()


def _sizes() -> Iterator[tuple[float, bool]]:
    """Yield the megabytes of each process, what is shared divided among those who share it."""
    this = psutil.Process()
    for process in this.children(recursive=True):
        try:
            yield process.memory_full_info().pss / 1e6, process.ppid() == this.pid
        except psutil.Error:
            continue


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, help="pages of the slow designs; all when left out")
    parser.add_argument("--municipalities", action="store_true", help="29 against 290 pages")
    parser.add_argument("--json", type=Path, help="write what was found to this file")
    parser.add_argument("--design", choices=DESIGNS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--count", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.design:
        DESIGNS[given.design](given.folder, given.count or None)
        return
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    prepare_observations("newest")
    found = many(given.rounds) if given.municipalities else compare(given.rounds, given.sample)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

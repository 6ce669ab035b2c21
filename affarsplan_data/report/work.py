"""The works of a report: run a page and make its files; compute the file with every value."""

import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat

from affarsplan_data.errors import AffarsplanError
from affarsplan_data.parameters import Parameters
from affarsplan_data.recording import recorded
from affarsplan_data.recording.reads import note_module
from affarsplan_data.report.executed import written
from affarsplan_data.report.executing import Engine, Executed, cut_off, execute
from affarsplan_data.report.pagefiles import PageSite, PageTold, write_page
from affarsplan_data.report.pageruns import PageRun
from affarsplan_data.report.run import Outcome, PageError, Step, Tell
from affarsplan_data.report.values import NAME as VALUES
from affarsplan_data.report.values import write_values


@dataclass(frozen=True)
class PageWork:
    """Run a page's notebook and make its HTML, its downloads and its executed notebook."""

    run: PageRun
    source: str
    site: PageSite

    @property
    def key(self) -> str:
        """The name that no other work of the run has."""
        return self.run.key

    @property
    def data(self) -> str | None:
        """The set of data it computes with."""
        return self.run.parameters.data

    @property
    def wide(self) -> bool:
        """Whether it needs most of all figures."""
        return self.run.notebook.wide

    def carry_out(self, engine: Engine, tell: Tell) -> Outcome:
        """Run the notebook in ``engine`` and make the page, whatever happens in it."""
        started = time.monotonic()

        def cells(done: int, cells: int, cell: int | None) -> None:
            tell(Step(self.key, done, cells, cell))

        executed = execute(self.source, self.run.parameters.for_notebook(), self.key, engine, cells)
        return self._made(executed, started)

    def failed(self, error: PageError, seconds: float, journal: Any = None) -> Outcome:
        """Return the outcome when the process that ran the page died; ``journal`` is its messages."""
        parameters = self.run.parameters.for_notebook()
        executed = cut_off(self.source, parameters, journal or (), error)
        return self._made(executed, time.monotonic() - seconds)

    def _made(self, executed: Executed, started: float) -> Outcome:
        error = executed.error
        told, files, error = _laid_out(self.run, executed.node, error, self.site)
        if executed.node is not None:
            files[f"notebooks/{self.run.page}.ipynb"] = written(executed.node).encode()
        return Outcome(self.key, _since(started), error, files, told, executed.read)


@dataclass(frozen=True)
class LayWork:
    """Lay out a page whose notebook need not be run again: ``executed`` is it as it was run."""

    run: PageRun
    executed: str
    site: PageSite

    @property
    def key(self) -> str:
        """The name that no other work of the run has."""
        return self.run.key

    @property
    def data(self) -> str | None:
        """The set of data it computes with, none."""
        return None

    @property
    def wide(self) -> bool:
        """Whether it needs most of all figures."""
        return False

    def carry_out(self, engine: Engine, tell: Tell) -> Outcome:
        """Make the page of the notebook as it was run."""
        started = time.monotonic()
        node = nbformat.reads(self.executed, as_version=4)
        told, files, error = _laid_out(self.run, node, None, self.site)
        files[f"notebooks/{self.run.page}.ipynb"] = self.executed.encode()
        return Outcome(self.key, _since(started), error, files, told)

    def failed(self, error: PageError, seconds: float, journal: Any = None) -> Outcome:
        """Return the outcome when the process died."""
        told, files, _ = _laid_out(self.run, None, error, self.site)
        return Outcome(self.key, round(seconds, 2), error, files, told)


@dataclass(frozen=True)
class ValuesWork:
    """Compute ``data/indikatorer.csv``, every value behind the report."""

    parameters: Parameters
    made_up: str = ""

    @property
    def key(self) -> str:
        """The name that no other work of the run has."""
        return f"{self.parameters.year}/{self.parameters.region}/{VALUES}"

    @property
    def data(self) -> str | None:
        """The set of data it computes with."""
        return self.parameters.data

    @property
    def wide(self) -> bool:
        """Whether it needs most of all figures."""
        return True

    def carry_out(self, engine: Engine, tell: Tell) -> Outcome:
        """Evaluate every indicator."""
        started = time.monotonic()
        try:
            with TemporaryDirectory(prefix="affarsplan-") as folder:
                with recorded() as read:
                    note_module("affarsplan_data.indicators")
                    write_values(Path(folder, "data"), self.parameters, self.made_up)
                files = _contents(Path(folder))
        except AffarsplanError as error:
            return self.failed(PageError(None, "", str(error)), _since(started))
        return Outcome(self.key, _since(started), files=files, read=read)

    def failed(self, error: PageError, seconds: float, journal: Any = None) -> Outcome:
        """Return the outcome when the process died."""
        return Outcome(self.key, round(seconds, 2), error)


def _laid_out(
    run: PageRun, node: Any | None, error: PageError | None, site: PageSite
) -> tuple[PageTold, dict[str, bytes], PageError | None]:
    """Return what the start page says of a page, its files, and why it failed if it did."""
    with TemporaryDirectory(prefix="affarsplan-") as name:
        folder = Path(name)
        try:
            told = write_page(folder, run, node, error, site)
        except AffarsplanError as fault:
            # The notebook ran, but what it shows cannot become a page.
            error = error or PageError(None, "", str(fault))
            told = write_page(folder, run, None, error, site)
        return told, _contents(folder), error


def _contents(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _since(started: float) -> float:
    return round(time.monotonic() - started, 2)

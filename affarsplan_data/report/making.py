"""One report while it is being made: its place, its works, what came of them, and its last step."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from affarsplan_data.errors import AffarsplanError
from affarsplan_data.pages.whence import Whence
from affarsplan_data.parameters import Parameters
from affarsplan_data.report.manifest import write_manifest
from affarsplan_data.report.pagefiles import Menu, PageTold
from affarsplan_data.report.pageruns import PageRun
from affarsplan_data.report.publish import Place, discard_failed, keep_failed, reserved, swap
from affarsplan_data.report.run import Outcome, PageError, Work
from affarsplan_data.report.site import SiteContext, context, now
from affarsplan_data.report.startpage import write_start
from affarsplan_data.report.work import PageWork, ValuesWork
from affarsplan_data.sources import Edition


@dataclass(frozen=True)
class PageResult:
    """How one page went."""

    run: PageRun
    status: Literal["ok", "failed"]
    seconds: float
    error: PageError | None
    peak_mb: float | None = None


@dataclass(frozen=True)
class Shared:
    """What all reports of a run have in common."""

    root: Path
    edition: Edition
    where: Mapping[str, Whence]
    plan: str


class Making:
    """One report from its first page to its place."""

    def __init__(
        self,
        parameters: Parameters,
        runs: Sequence[PageRun],
        target: Path,
        output: Path,
        shared: Shared,
        stack: ExitStack,
    ) -> None:
        self.runs = runs
        self.target = target
        self.seconds = 0.0
        self._parameters, self._shared = parameters, shared
        self._pages = {run.key: run for run in runs}
        self._place = Place(target, shared=output)
        self._stack = stack.enter_context(ExitStack())
        self._results: dict[str, PageResult] = {}
        self._told: dict[str, PageTold] = {}
        self.fault: PageError | None = None
        self._left = 0

    def begin(self) -> None:
        """Reserve the report's place.

        Raises:
            BusyError: another process is building the same report.
            PublishError: the place holds something that is not a report.
        """
        self._folder = self._stack.enter_context(reserved(self._place))
        self._started, self._clock = now(), time.monotonic()
        self._site = self._context()

    def works(self) -> Iterator[Work]:
        """Yield what there is to do, the longest first."""
        self._left = len(self.runs) + bool(self._shared.edition.measures)
        if self._shared.edition.measures:
            yield ValuesWork(self._parameters, self._site.whence.banner)
        menu = Menu(self.runs)
        for place, run in enumerate(self.runs):
            source = run.notebook.path.read_text(encoding="utf-8")
            yield PageWork(run, source, menu.around(place, self._site))

    def take(self, outcome: Outcome) -> PageResult | None:
        """Write what came of one work; return how the page went, when it was a page."""
        self._left -= 1
        for name, content in outcome.files.items():
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        run = self._pages.get(outcome.key)
        if run is None:
            self.fault = outcome.error
            return None
        result = PageResult(run, outcome.status, outcome.seconds, outcome.error, outcome.peak_mb)
        self._results[run.key], self._told[run.key] = result, outcome.told
        return result

    @property
    def complete(self) -> bool:
        """Whether every work is done."""
        return self._left == 0

    @property
    def results(self) -> tuple[PageResult, ...]:
        """How the pages went, in page order."""
        return tuple(self._results[run.key] for run in self.runs)

    def finish(self) -> tuple[Path, bool]:
        """Publish the report when all went well; return where it lies, and whether it was published."""
        with self._stack:
            told = [self._told[run.key] for run in self.runs]
            try:
                write_start(self._folder, self.runs, told, self._site)
            except AffarsplanError:
                # The executed notebooks are what one needs to see why a page could not be made.
                keep_failed(self._place)
                raise
            self.seconds = time.monotonic() - self._clock
            self._write_manifest()
            if self.fault or any(result.status == "failed" for result in self.results):
                return keep_failed(self._place), False
            swap(self._place)
            discard_failed(self._place)
            return self._place.target, True

    def _context(self) -> SiteContext:
        shared, where = self._shared, self._shared.where[self._parameters.data]
        return context(self._parameters, shared.edition, where, shared.plan, self._started)

    def _write_manifest(self) -> None:
        write_manifest(
            self._folder,
            self._shared.root,
            self._parameters,
            self._shared.edition,
            self._site.whence,
            self.results,
            self._started,
            now(),
            self.seconds,
        )

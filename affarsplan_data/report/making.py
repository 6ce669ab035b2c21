"""One report while it is being made: its place, its works, what came of them, and its last step."""

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from affarsplan_data.errors import AffarsplanError
from affarsplan_data.pages.whence import Whence
from affarsplan_data.parameters import Parameters
from affarsplan_data.recording import digest, of_file
from affarsplan_data.recording.code import layer
from affarsplan_data.report.earlier import (
    Earlier,
    Inputs,
    Judged,
    Record,
    Verdict,
    best,
    reads_of,
    sha256_of,
)
from affarsplan_data.report.earlier import write as write_inputs
from affarsplan_data.report.manifest import write_manifest
from affarsplan_data.report.pagefiles import Menu, PageTold
from affarsplan_data.report.pageruns import PageRun
from affarsplan_data.report.publish import Place, discard_failed, keep_failed, reserved, swap
from affarsplan_data.report.quick import libraries
from affarsplan_data.report.run import Outcome, PageError, Work
from affarsplan_data.report.site import SiteContext, context, now
from affarsplan_data.report.startpage import write_start
from affarsplan_data.report.values import NAME as VALUES
from affarsplan_data.report.work import LayWork, PageWork, ValuesWork
from affarsplan_data.sources import Edition


@dataclass(frozen=True)
class PageResult:
    """How one page went; ``verdict`` and ``why`` say whether it had to be run, and why.

    One that was taken over has the seconds of the time when it was run.
    """

    run: PageRun
    status: Literal["ok", "failed"]
    seconds: float
    error: PageError | None
    peak_mb: float | None = None
    verdict: Verdict = "run"
    why: str = ""


@dataclass(frozen=True)
class Shared:
    """What all reports of a run have in common."""

    root: Path
    edition: Edition
    where: Mapping[str, Whence]
    plan: str


def _told(judged: Judged) -> PageTold | None:
    """Return what the start page says of a page that is taken over; None of the file of values."""
    about = judged.record.told if judged.record else None
    return PageTold.of_data(about) if about else None


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
        force: bool = False,
    ) -> None:
        self.runs = runs
        self.target = target
        self.seconds = 0.0
        self.parameters, self._shared = parameters, shared
        self._pages = {run.key: run for run in runs}
        self._place = Place(target, shared=output)
        self._force = force
        self._records: dict[str, Record] = {}
        self._started = now()
        self._site = self._context()
        self._stack = stack.enter_context(ExitStack())
        self._results: dict[str, PageResult] = {}
        self._told: dict[str, PageTold] = {}
        self.fault: PageError | None = None
        self._left = 0
        self.unchanged = False

    def begin(self) -> None:
        """Reserve the report's place.

        Raises:
            BusyError: another process is building the same report.
            PublishError: the place holds something that is not a report.
        """
        self._folder = self._stack.enter_context(reserved(self._place))
        self._started, self._clock = now(), time.monotonic()
        self._site = self._context()
        self.judge()
        self._left = sum(judged.verdict != "take" for judged in self._judged.values())
        self.unchanged = self._left == 0 and self._is_as_it_was()
        for name, judged in self._judged.items():
            if judged.verdict == "take":
                self._take_over(name, judged)

    def judge(self) -> Mapping[str, Judged]:
        """Return what has to be done, by the names of the works: pages, and the file of values."""
        earlier = [Earlier.read(folder) for folder in (self.target, self._place.failed)]
        self._inputs = dict(self._now())
        self._judged = {
            name: Judged("run", ("--force är angivet",))
            if self._force
            else best([one.judge(name, inputs) for one in earlier])
            for name, inputs in self._inputs.items()
        }
        return self._judged

    def _now(self) -> Iterator[tuple[str, Inputs]]:
        """Yield what each work rests on now."""
        versions = libraries()
        if self._shared.edition.measures:
            given = self.parameters.for_notebook() | {"made_up": self._site.whence.banner}
            yield VALUES, Inputs(layer("report/values.py"), given, versions, "")
        menu = Menu(self.runs)
        for place, run in enumerate(self.runs):
            around = menu.around(place, self._site).state
            given = run.parameters.for_notebook()
            yield (
                run.page,
                Inputs(of_file(run.notebook.path), given, versions, f"{around} {run.title}"),
            )

    def _is_as_it_was(self) -> bool:
        """Tell whether the report that stands would come out the same."""
        before = Earlier.read(self.target)
        return (
            all(judged.folder == self.target for judged in self._judged.values())
            and before.records.keys() == self._judged.keys()
            and before.start == self._start([_told(one) for one in self._judged.values()])
            and sha256_of(self.target / "index.html") == before.index
        )

    def _start(self, told: Sequence[PageTold | None]) -> str:
        """Return what is another text when the start page would say something else."""
        return digest(repr((self._site.state, [one for one in told if one])))

    def _take_over(self, name: str, judged: Judged) -> None:
        """Take the files of a work from the earlier report, byte for byte."""
        record = judged.record
        assert record is not None
        assert judged.folder is not None
        for file in () if self.unchanged else record.files:
            path = self._folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(judged.folder / file, path)
        self._records[name] = record
        if told := _told(judged):
            run = next(run for run in self.runs if run.page == name)
            self._told[run.key] = told
            self._results[run.key] = PageResult(run, "ok", record.seconds, None, verdict="take")

    def works(self) -> list[Work]:
        """Return what there is to do: first what needs most of all figures, which takes longest."""
        return sorted(self._to_do(), key=lambda work: not work.wide)

    def _to_do(self) -> Iterator[Work]:
        if self._judged.get(VALUES, Judged("take")).verdict == "run":
            yield ValuesWork(self.parameters, self._site.whence.banner)
        menu = Menu(self.runs)
        for place, run in enumerate(self.runs):
            judged, site = self._judged[run.page], menu.around(place, self._site)
            if judged.verdict == "run":
                yield PageWork(run, run.notebook.path.read_text(encoding="utf-8"), site)
            elif judged.verdict == "lay" and judged.folder:
                executed = judged.folder / "notebooks" / f"{run.page}.ipynb"
                yield LayWork(run, executed.read_text(encoding="utf-8"), site)

    def take(self, outcome: Outcome) -> PageResult | None:
        """Write what came of one work; return how the page went, when it was a page."""
        self._left -= 1
        for name, content in outcome.files.items():
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        run = self._pages.get(outcome.key)
        self._keep(run.page if run else VALUES, outcome)
        if run is None:
            self.fault = outcome.error
            return None
        judged = self._judged[run.page]
        before = judged.record if judged.verdict == "lay" else None
        seconds = before.seconds if before else outcome.seconds
        result = PageResult(
            run,
            outcome.status,
            seconds,
            outcome.error,
            outcome.peak_mb,
            judged.verdict,
            judged.words,
        )
        self._results[run.key], self._told[run.key] = result, outcome.told
        return result

    def _keep(self, name: str, outcome: Outcome) -> None:
        """Keep what a work read, for the next report to judge by."""
        judged = self._judged[name]
        before = judged.record if judged.verdict == "lay" else None
        if outcome.error or (outcome.read is None and before is None):
            # What is not known to be whole is done anew the next time.
            return
        reads = before.reads if before else ()
        if outcome.read is not None:
            reads = reads_of(outcome.read.reads, outcome.read.modules)
        self._records[name] = Record(
            self._inputs[name],
            reads,
            {file: sha256(content).hexdigest() for file, content in outcome.files.items()},
            asdict(outcome.told) if outcome.told else None,
            before.seconds if before else outcome.seconds,
        )

    @property
    def complete(self) -> bool:
        """Whether every work is done."""
        return self._left == 0

    @property
    def results(self) -> tuple[PageResult, ...]:
        """How the pages went, in page order."""
        return tuple(self._results[run.key] for run in self.runs if run.key in self._results)

    def finish(self) -> tuple[Path, bool]:
        """Publish the report when all went well; return where it lies, and whether it was published."""
        with self._stack:
            if self.unchanged:
                return self.target, False
            told = [self._told[run.key] for run in self.runs]
            try:
                write_start(self._folder, self.runs, told, self._site)
            except AffarsplanError:
                # The executed notebooks are what one needs to see why a page could not be made.
                keep_failed(self._place)
                raise
            index = sha256_of(self._folder / "index.html")
            write_inputs(self._folder, self._records, self._start(told), index)
            self.seconds = time.monotonic() - self._clock
            self._write_manifest()
            if self.fault or any(result.status == "failed" for result in self.results):
                return keep_failed(self._place), False
            swap(self._place)
            discard_failed(self._place)
            return self._place.target, True

    def _context(self) -> SiteContext:
        shared, where = self._shared, self._shared.where[self.parameters.data]
        return context(self.parameters, shared.edition, where, shared.plan, self._started)

    def _write_manifest(self) -> None:
        write_manifest(
            self._folder,
            self._shared.root,
            self.parameters,
            self._shared.edition,
            self._site.whence,
            self.results,
            self._started,
            now(),
            self.seconds,
        )

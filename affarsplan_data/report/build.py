"""Build reports from first check to finished folders, all their pages in one run."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affarsplan_data import project
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.pages import whence
from affarsplan_data.pages.whence import Whence
from affarsplan_data.parameters import DEFAULT_DATA, Parameters
from affarsplan_data.parameters import parameters as checked
from affarsplan_data.report import notebooks as notebook_files
from affarsplan_data.report.earlier import Judged, forget
from affarsplan_data.report.making import Making, PageResult, Shared
from affarsplan_data.report.pageruns import PageRun, page_runs
from affarsplan_data.report.publish import check_output
from affarsplan_data.report.run import PageError, Runner, Step, Work
from affarsplan_data.report.runners import runner as default_runner
from affarsplan_data.sources import load_edition

Prepare = Callable[[str], object]


@dataclass(frozen=True)
class BuildResult:
    """How a build went. ``folder`` is the published report, or the failed build kept beside it.

    ``refused`` is why no page was run, when another run had the place; ``fault`` is what went wrong
    besides the pages. ``unchanged`` says that the report which stands would have come out the same.
    """

    folder: Path
    published: bool
    pages: tuple[PageResult, ...]
    seconds: float
    refused: AffarsplanError | None = None
    fault: PageError | None = None
    unchanged: bool = False

    @property
    def ran(self) -> int:
        """How many of the pages were run."""
        return sum(page.verdict == "run" for page in self.pages)

    @property
    def failed(self) -> tuple[PageResult, ...]:
        """The pages that failed."""
        return tuple(page for page in self.pages if page.status == "failed")

    @property
    def index(self) -> Path:
        """The report's start page."""
        return self.folder / "index.html"


@dataclass(frozen=True)
class Progress:
    """One step: ``done`` of ``cells`` cells of a page are run, and ``cell`` began, counted from 1.

    A finished page has its ``result``. ``pages_done`` and ``pages`` count the pages of all reports.
    """

    run: PageRun
    done: int
    cells: int
    cell: int | None
    pages_done: int
    pages: int
    result: PageResult | None = None


ProgressCallback = Callable[[Progress], None]


@dataclass(frozen=True)
class PlanWords:
    """What the report needs from the plan: its name, its region and its groups' names by id."""

    name: str
    region: str
    groups: Mapping[str, str]


def plan_words() -> PlanWords:
    """Return the words of the plan that is followed up."""
    from affarsplan_data.plan import load_plan

    plan = load_plan()
    groups = {group.id: group.name for group in plan.comparison_groups}
    return PlanWords(plan.name, plan.region, groups)


def default_year(data: str = DEFAULT_DATA) -> int:
    """Return the report's year when none is asked for: the edition's, or that of the last fetch.

    No figure is of a later year than the one in which it was fetched.
    """
    from affarsplan_data import observations

    last = observations.last_retrieved(data)
    return max(load_edition().year, last.year if last else 0)


def prepare_observations(data: str) -> object:
    """Make the processed observations ready for the notebooks."""
    from affarsplan_data import observations

    return observations.build(data=data)


def build_report(parameters: Parameters, **options: Any) -> BuildResult:
    """Build one report as :func:`build_reports` does and return how it went.

    Raises:
        UsageError: a parameter cannot be used; nothing has been written.
        AffarsplanError: the notebooks or the data are at fault, or another run has the place; the
            earlier report stands untouched.
    """
    (result,) = build_reports([parameters], **options)
    if result.refused:
        raise result.refused
    return result


def build_reports(
    reports: Sequence[Parameters],
    *,
    output: Path | None = None,
    notebooks: Path | None = None,
    runner: Runner | None = None,
    pages: Collection[str] = (),
    municipalities: Collection[str] = (),
    progress: ProgressCallback | None = None,
    prepare: Prepare | None = None,
    plan: PlanWords | None = None,
    force: bool = False,
) -> tuple[BuildResult, ...]:
    """Run the pages of all ``reports`` and publish each in ``output/<year>/<region>``.

    A report takes its place as soon as its last page is done, when every one of them succeeded. A page
    whose notebook, parameters, code and figures are as they were is taken over from the earlier report.

    Args:
        reports: what each report shows; checked again here, before anything is written.
        output: the folder for reports; the project's ``outputs`` when None.
        notebooks: the folder with notebooks; the project's ``notebooks`` when None.
        runner: runs the pages; :func:`affarsplan_data.report.runners.runner` when None.
        pages: pages to run, every one when empty; a few pages are a report of their own, in
            ``output/<year>/<region>.urval``.
        municipalities: the municipalities that get a page each, or ``alla``; those of the region's
            county when empty.
        progress: called after every step of a page.
        prepare: makes the data ready; :func:`prepare_observations` when None.
        plan: the plan's words; :func:`plan_words` when None.
        force: run every page, also those that nothing has changed for.

    Returns:
        The results in the order of ``reports``, also when pages failed: then the earlier report stands
        untouched and the executed notebooks lie in ``output/<year>/<region>.failed``.

    Raises:
        UsageError: a parameter cannot be used; nothing has been written.
        AffarsplanError: the notebooks or the data are at fault; earlier reports stand untouched.
    """
    asked = _Asked(reports, output, notebooks, pages, municipalities, prepare, plan, force)
    with ExitStack() as stack:
        makings = asked.makings(stack)
        return _built(makings, runner or default_runner(), progress or (lambda _: None))


@dataclass(frozen=True)
class Planned:
    """What a page, or the file of values, would come to: whether it would be run, and why."""

    report: Parameters
    name: str
    title: str
    judged: Judged


def plan_reports(
    reports: Sequence[Parameters],
    *,
    output: Path | None = None,
    notebooks: Path | None = None,
    pages: Collection[str] = (),
    municipalities: Collection[str] = (),
    prepare: Prepare | None = None,
    plan: PlanWords | None = None,
    force: bool = False,
) -> tuple[Planned, ...]:
    """Return what :func:`build_reports` would do with each page; nothing is run and nothing published.

    Arguments and errors as there.
    """
    asked = _Asked(reports, output, notebooks, pages, municipalities, prepare, plan, force)
    with ExitStack() as stack:
        found = []
        for making in asked.makings(stack):
            titles = {run.page: run.short for run in making.runs}
            found += [
                Planned(making.parameters, name, titles.get(name, name), judged)
                for name, judged in making.judge().items()
            ]
        return tuple(found)


@dataclass(frozen=True)
class _Asked:
    """What reports are asked for."""

    reports: Sequence[Parameters]
    output: Path | None
    notebooks: Path | None
    pages: Collection[str]
    municipalities: Collection[str]
    prepare: Prepare | None
    plan: PlanWords | None
    force: bool

    def makings(self, stack: ExitStack) -> list[Making]:
        """Return the reports to be made, all that was asked for checked and the figures built."""
        output = (self.output or project.outputs()).absolute()
        plan = self.plan or plan_words()
        for one in self.reports:
            checked(
                one.region,
                one.compare,
                one.year,
                one.data,
                base_year=one.base_year,
                groups=plan.groups,
            )
        check_output(output)
        found = notebook_files.find(self.notebooks or project.notebooks())
        runs = [
            page_runs(found, one, pages=self.pages, municipalities=self.municipalities)
            for one in self.reports
        ]
        for data in dict.fromkeys(one.data for one in self.reports):
            (self.prepare or prepare_observations)(data)
        forget()
        shared = _shared(project.root(), {one.data for one in self.reports}, plan)
        return [
            Making(one, its, _target(output, one, self.pages), output, shared, stack, self.force)
            for one, its in zip(self.reports, runs, strict=True)
        ]


def _target(output: Path, report: Parameters, pages: Collection[str]) -> Path:
    # A few pages never take the place of the whole report.
    name = f"{report.region}.urval" if pages else report.region
    return output / str(report.year) / name


def _shared(root: Path, data: Collection[str], plan: PlanWords) -> Shared:
    edition = load_edition()
    where = {name: whence.of_everything(name) if edition.measures else Whence() for name in data}
    return Shared(root, edition, where, plan.name)


def _built(
    makings: Sequence[Making], runner: Runner, progress: ProgressCallback
) -> tuple[BuildResult, ...]:
    of_key: dict[str, Making] = {}
    results: dict[int, BuildResult] = {}
    count = _Count(makings, progress)

    def works() -> Iterator[Work]:
        for place, making in enumerate(makings):
            try:
                making.begin()
            except AffarsplanError as error:
                results[place] = BuildResult(making.target, False, (), 0.0, refused=error)
                count.drop(making.runs)
                continue
            count.skip(making.results)
            if making.complete:
                results[place] = _finished(making)
                continue
            for work in making.works():
                of_key[work.key] = making
                yield work

    with closing(runner.run(works(), count.step)) as outcomes:
        for outcome in outcomes:
            making = of_key.pop(outcome.key)
            count.done(making.take(outcome))
            if making.complete:
                results[makings.index(making)] = _finished(making)
    return tuple(results[place] for place in range(len(makings)))


def _finished(making: Making) -> BuildResult:
    folder, published = making.finish()
    return BuildResult(
        *(folder, published, making.results, making.seconds),
        fault=making.fault,
        unchanged=making.unchanged,
    )


class _Count:
    """Counts pages and cells for the one who watches."""

    def __init__(self, makings: Sequence[Making], progress: ProgressCallback) -> None:
        self._progress = progress
        self._runs = {run.key: run for making in makings for run in making.runs}
        self._cells: dict[str, int] = {}
        self._done = 0

    def skip(self, results: Sequence[PageResult]) -> None:
        """Leave out pages that nothing has to be done with."""
        self.drop([result.run for result in results])

    def drop(self, runs: Sequence[PageRun]) -> None:
        """Leave out the pages of a report that will not be made."""
        for run in runs:
            self._runs.pop(run.key, None)

    def step(self, step: Step) -> None:
        if run := self._runs.get(step.key):
            self._cells[step.key] = step.cells
            self._progress(
                Progress(run, step.done, step.cells, step.cell, self._done, len(self._runs))
            )

    def done(self, result: PageResult | None) -> None:
        if result is None:
            return
        self._done += 1
        cells = self._cells.pop(result.run.key, 0)
        self._progress(
            Progress(result.run, cells, cells, None, self._done, len(self._runs), result)
        )

"""Build one report from first check to finished folder."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from affarsplan_data import project
from affarsplan_data.pages import whence
from affarsplan_data.pages.whence import Whence
from affarsplan_data.parameters import DEFAULT_DATA, Parameters
from affarsplan_data.parameters import parameters as checked
from affarsplan_data.report import notebooks as notebook_files
from affarsplan_data.report.manifest import write_manifest
from affarsplan_data.report.notebooks import Notebook
from affarsplan_data.report.publish import (
    Place,
    check_output,
    discard_failed,
    keep_failed,
    reserved,
    swap,
)
from affarsplan_data.report.run import (
    CELL_TIMEOUT,
    DEFAULT_JOBS,
    PageResult,
    ProgressCallback,
    run_notebooks,
)
from affarsplan_data.report.site import context, now, write_notebooks, write_site
from affarsplan_data.report.values import write_values
from affarsplan_data.sources import load_edition

Prepare = Callable[[str], object]


@dataclass(frozen=True)
class BuildResult:
    """How a build went. ``folder`` is the published report, or the failed build kept beside it."""

    folder: Path
    published: bool
    pages: tuple[PageResult, ...]
    seconds: float

    @property
    def failed(self) -> tuple[PageResult, ...]:
        """The pages that failed."""
        return tuple(page for page in self.pages if page.status == "failed")

    @property
    def index(self) -> Path:
        """The report's start page."""
        return self.folder / "index.html"


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


def build_report(
    parameters: Parameters,
    *,
    output: Path | None = None,
    notebooks: Path | None = None,
    jobs: int = DEFAULT_JOBS,
    cell_timeout: int = CELL_TIMEOUT,
    progress: ProgressCallback | None = None,
    prepare: Prepare | None = None,
    plan: PlanWords | None = None,
) -> BuildResult:
    """Run the notebooks and publish ``output/<year>/<region>`` when every one of them succeeded.

    Args:
        parameters: what the report shows; checked again here, before anything is written.
        output: the folder for reports; the project's ``outputs`` when None.
        notebooks: the folder with notebooks; the project's ``notebooks`` when None.
        jobs: how many notebooks run at the same time.
        cell_timeout: seconds a cell may take.
        progress: called after every cell and every page.
        prepare: makes the data ready; :func:`prepare_observations` when None.
        plan: the plan's words; :func:`plan_words` when None.

    Returns:
        The result, also when pages failed: then the earlier report stands untouched and the
        executed notebooks lie in ``output/<year>/<region>.failed``.

    Raises:
        UsageError: a parameter cannot be used; nothing has been written.
        AffarsplanError: the notebooks, the data or a page's structure are at fault; the earlier
            report stands untouched.
    """
    root = project.root()
    output = (output or project.outputs()).absolute()
    plan = plan or plan_words()
    checked(
        parameters.region,
        parameters.compare,
        parameters.year,
        parameters.data,
        groups=plan.groups,
    )
    check_output(output)
    found = notebook_files.find(notebooks or project.notebooks())
    (prepare or prepare_observations)(parameters.data)
    work = _Work(root, parameters, found, jobs, cell_timeout, progress, plan)
    return _build(work, Place(output / str(parameters.year) / parameters.region))


@dataclass(frozen=True)
class _Work:
    root: Path
    parameters: Parameters
    notebooks: tuple[Notebook, ...]
    jobs: int
    cell_timeout: int
    progress: ProgressCallback | None
    plan: PlanWords


def _build(work: _Work, place: Place) -> BuildResult:
    started, clock = now(), time.monotonic()
    edition = load_edition()
    with reserved(place) as folder:
        results = run_notebooks(
            work.notebooks,
            work.parameters,
            work.root,
            jobs=work.jobs,
            cell_timeout=work.cell_timeout,
            progress=work.progress,
        )
        write_notebooks(folder, results)
        where = whence.of_everything(work.parameters.data) if edition.measures else Whence()
        site = context(work.parameters, edition, where, work.plan.name, work.plan.groups, started)
        try:
            if edition.measures:
                write_values(folder / "data", work.parameters, where.banner)
            write_site(folder, results, site)
        except Exception:
            # The executed notebooks are what one needs to see why a page could not be made.
            keep_failed(place)
            raise
        seconds = time.monotonic() - clock
        write_manifest(
            folder, work.root, work.parameters, edition, where, results, started, now(), seconds
        )
        if any(result.status == "failed" for result in results):
            return BuildResult(keep_failed(place), False, results, seconds)
        swap(place)
        discard_failed(place)
        return BuildResult(place.target, True, results, seconds)

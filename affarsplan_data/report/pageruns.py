"""Which pages a report gets: its notebooks, each run once or once per municipality."""

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from affarsplan_data import regions
from affarsplan_data.errors import UsageError
from affarsplan_data.parameters import Parameters
from affarsplan_data.report.notebooks import MUNICIPALITY, Notebook

ALL = "alla"


@dataclass(frozen=True)
class PageRun:
    """One page of one report: a notebook and the parameters it runs with.

    ``report`` is the report's own region; the page's is in ``parameters``. ``page`` is the page's slug,
    ``short`` its name in menus and ``title`` its full name; ``each`` says that the notebook has become
    several pages.
    """

    report: str
    notebook: Notebook
    parameters: Parameters
    page: str
    short: str
    title: str
    each: bool = False

    @property
    def key(self) -> str:
        """The page's name among all pages of a run: ``year/region/page``."""
        return f"{self.parameters.year}/{self.report}/{self.page}"

    @property
    def href(self) -> str:
        """The page's address, relative to the report's folder."""
        return f"{self.page}.html"


def page_runs(
    notebooks: Sequence[Notebook],
    parameters: Parameters,
    *,
    pages: Collection[str] = (),
    municipalities: Collection[str] = (),
) -> tuple[PageRun, ...]:
    """Return the page runs of one report, in page order.

    Args:
        notebooks: the notebooks in page order.
        parameters: what the report shows.
        pages: page names of notebooks to run, every one when empty; ``kommun-1980`` names one of the
            pages that a notebook becomes.
        municipalities: the municipalities that get a page each: their codes, or ``alla``. When empty
            those of the region's county, or the region alone when it is a municipality.

    Raises:
        UsageError: a page that does not exist, or a code that is no municipality's.
    """
    codes = _municipalities(parameters, municipalities)
    runs = [run for notebook in notebooks for run in _of(notebook, parameters, codes)]
    if not pages:
        return tuple(runs)
    known = {run.notebook.page for run in runs} | {run.page for run in runs}
    for wanted in pages:
        if wanted not in known:
            near = difflib.get_close_matches(wanted, known, n=4, cutoff=0.5)
            shown = near or sorted({run.notebook.page for run in runs})
            raise UsageError(f"Sidan ”{wanted[:40]}” finns inte. Sidor: {', '.join(shown)}.")
    return tuple(run for run in runs if {run.page, run.notebook.page} & set(pages))


def _of(notebook: Notebook, parameters: Parameters, codes: Sequence[str]) -> Iterable[PageRun]:
    if notebook.each != MUNICIPALITY:
        yield PageRun(
            *(parameters.region, notebook, parameters),
            *(notebook.page, notebook.short, notebook.title),
        )
        return
    for code in codes:
        name = regions.name(code)
        compare = tuple(item for item in parameters.compare if item != code)
        yield PageRun(
            parameters.region,
            notebook,
            replace(parameters, region=code, compare=compare),
            page=f"kommun-{code}",
            short=name,
            title=f"{notebook.title}: {name}",
            each=True,
        )


def _municipalities(parameters: Parameters, wanted: Collection[str]) -> tuple[str, ...]:
    if ALL in wanted:
        return regions.municipalities()
    for code in wanted:
        if regions.get(code).level != "municipality":
            raise UsageError(
                f"{code} är {regions.name(code)}, ingen kommun. Ange kommuners koder, till exempel "
                f"1980, med komma emellan, eller {ALL}."
            )
    if wanted:
        return tuple(dict.fromkeys(wanted))
    if parameters.is_municipality:
        return (parameters.region,)
    return regions.municipalities(parameters.county)

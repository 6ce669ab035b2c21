"""The report's start page and its style sheet."""

from collections.abc import Sequence
from pathlib import Path

from affarsplan_data.report.checks import check_page
from affarsplan_data.report.notebooks import Notebook
from affarsplan_data.report.pagefiles import Menu, PageTold
from affarsplan_data.report.pageruns import PageRun
from affarsplan_data.report.site import SiteContext, html, style


def write_start(
    folder: Path, runs: Sequence[PageRun], told: Sequence[PageTold], site: SiteContext
) -> None:
    """Write ``index.html`` and ``style.css`` into ``folder`` when every page has told of itself.

    Raises:
        PageStructureError: the start page breaks a rule.
    """
    (folder / "style.css").write_text(style(), encoding="utf-8", newline="\n")
    groups: dict[Notebook, list[PageTold]] = {}
    for run, page in zip(runs, told, strict=True):
        if page.each:
            groups.setdefault(run.notebook, []).append(page)
    text = html(
        "index",
        site,
        menu=Menu(runs).entries(),
        current=None,
        banner=site.whence.banner,
        pages=[page for page in told if not page.each],
        groups=groups,
    )
    if not any(page.error for page in told):
        check_page("index.html", text)
    (folder / "index.html").write_text(text, encoding="utf-8", newline="\n")

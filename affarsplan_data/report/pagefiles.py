"""The files of one page: its HTML and its downloads, made where the notebook was run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from affarsplan_data import regions
from affarsplan_data.recording import digest
from affarsplan_data.report.checks import Heading, check_page, outline
from affarsplan_data.report.exports import export_page
from affarsplan_data.report.pageruns import PageRun
from affarsplan_data.report.payloads import FigureTable, figures_of, opening_of
from affarsplan_data.report.render import PageBody, render
from affarsplan_data.report.run import PageError
from affarsplan_data.report.site import EMPTY_CELLS, NO_EFFECTS, SiteContext, html
from affarsplan_data.report.workbook import Cover

MANY = 60
"""The most sister pages that stand in a menu: a menu of 290 municipalities helps nobody."""


@dataclass(frozen=True)
class Link:
    """A page as a menu names it."""

    page: str
    href: str
    short: str


@dataclass(frozen=True)
class Entry:
    """One line of the menu, with the pages below it when a notebook has become several."""

    link: Link
    below: tuple[Link, ...] = ()


@dataclass(frozen=True)
class PageSite:
    """The report around one page: what the pages have in common, the menu and the neighbours."""

    context: SiteContext
    menu: tuple[Entry, ...]
    previous: Link | None
    following: Link | None

    @property
    def state(self) -> str:
        """What is another text when a page would be laid out in another way, its time left out."""
        around = (self.context.state, self.menu, self.previous, self.following)
        return digest(repr(around))


@dataclass(frozen=True)
class PageTold:
    """What the report's start page says of a page. ``figures`` are names and titles of its tables."""

    page: str
    short: str
    title: str
    each: bool
    error: str = ""
    question: str = ""
    answer: str = ""
    figures: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_data(cls, about: Mapping[str, Any]) -> "PageTold":
        """Return it from what ``asdict`` gave, as read back from JSON."""
        return cls(**{**about, "figures": tuple((name, title) for name, title in about["figures"])})

    @property
    def href(self) -> str:
        """The page's address, relative to the report's folder."""
        return f"{self.page}.html"

    @property
    def kicker(self) -> str:
        """The short name to stand above the title, empty when the title begins with it."""
        return "" if self.each or self.title.startswith(self.short) else self.short


@dataclass(frozen=True)
class PageView:
    """One page as its template sees it."""

    told: PageTold
    region: str
    body: PageBody | None = None
    sections: tuple[Heading, ...] = ()
    figures: tuple[FigureTable, ...] = ()

    def banner(self, site: SiteContext) -> str:
        """Return what stands on top of the page when any of the report's figures are made up."""
        blocks = self.body.blocks if self.body else ()
        if not any(block.opening for block in blocks):
            # It does not say where its figures come from.
            return site.whence.banner
        return site.whence.banner_above("".join(block.content for block in blocks))


class Menu:
    """The menu of a report: its pages in order, those that one notebook has become below one line."""

    def __init__(self, runs: Sequence[PageRun]) -> None:
        self._links = [Link(run.page, run.href, run.short) for run in runs]
        self._lines: list[tuple[Link, list[Link]]] = []
        groups: dict[str, list[Link]] = {}
        for run, link in zip(runs, self._links, strict=True):
            if not run.each:
                self._lines.append((link, []))
            elif found := groups.get(run.notebook.page):
                found.append(link)
            else:
                name = run.notebook.page
                groups[name] = [link]
                line = Link("", f"index.html#sidor-{name}", run.notebook.short)
                self._lines.append((line, groups[name]))

    def entries(self, here: Link | None = None) -> tuple[Entry, ...]:
        """Return the menu as it stands on the page ``here``, or on the start page."""
        entries = []
        for link, sisters in self._lines:
            if len(sisters) == 1:
                entries.append(Entry(sisters[0]))
            elif here not in sisters:
                entries.append(Entry(link))
            else:
                entries.append(Entry(link, tuple(sisters) if len(sisters) <= MANY else (here,)))
        return tuple(entries)

    def around(self, place: int, context: SiteContext) -> PageSite:
        """Return the report around the page that stands at ``place``, from 0."""
        links = self._links
        return PageSite(
            context,
            self.entries(links[place]),
            links[place - 1] if place else None,
            links[place + 1] if place + 1 < len(links) else None,
        )


def write_page(
    folder: Path, run: PageRun, node: Any | None, error: PageError | None, site: PageSite
) -> PageTold:
    """Write the page and its downloads into ``folder`` and return what the start page says of it.

    The rules of :mod:`affarsplan_data.report.checks` are enforced when the notebook succeeded; the page
    of one that failed is a log to read and may be cut off anywhere.

    Raises:
        PageStructureError: the page breaks a rule.
        ExportError: a figure's table cannot be written.
    """
    view = _view(run, node, error)
    export_page(folder / "data", run.page, view.figures, _cover(view, site.context))
    text = html(
        "page",
        site.context,
        menu=site.menu,
        current=view,
        banner=view.banner(site.context),
        previous=site.previous,
        following=site.following,
    )
    if error is None:
        check_page(run.href, text)
    (folder / run.href).write_text(text, encoding="utf-8", newline="\n")
    return view.told


def _view(run: PageRun, node: Any | None, error: PageError | None) -> PageView:
    told = PageTold(run.page, run.short, run.title, run.each, error=str(error) if error else "")
    region = regions.name(run.parameters.region)
    if node is None:
        return PageView(told, region)
    body, figures, opening = render(run.notebook, node), figures_of(node), opening_of(node)
    if opening:
        told = replace(told, question=opening.question, answer=opening.answer)
    shown = "".join(block.content for block in body.blocks if block.kind == "html")
    return PageView(
        replace(told, figures=tuple((f.name, f.title) for f in figures)),
        region,
        body,
        tuple(h for h in outline(shown) if h.level == 2 and h.id),
        figures,
    )


def _cover(view: PageView, site: SiteContext) -> Cover:
    notes = (NO_EFFECTS, EMPTY_CELLS)
    return Cover(
        *(view.told.title, view.region, site.year, site.compare, site.whence.short),
        notes=notes,
        banner=view.banner(site),
    )

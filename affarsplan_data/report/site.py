"""The report as a folder of pages: a start page, one page per notebook, downloads and style."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from affarsplan_data import regions
from affarsplan_data.pages.whence import Whence
from affarsplan_data.parameters import Parameters
from affarsplan_data.report.checks import Heading, check_page, outline
from affarsplan_data.report.executed import written
from affarsplan_data.report.exports import export_page
from affarsplan_data.report.payloads import FigureTable, Opening, figures_of, opening_of
from affarsplan_data.report.render import PageBody, render
from affarsplan_data.report.run import PageResult
from affarsplan_data.report.workbook import Cover
from affarsplan_data.sources import Edition
from affarsplan_data.swedish import listing

NO_EFFECTS = "Uppgifterna beskriver utvecklingen, inte planens effekter."
EMPTY_CELLS = "En tom cell betyder att uppgiften saknas eller är skyddad."
_MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)


@dataclass(frozen=True)
class SiteContext:
    """What all pages of one report have in common."""

    plan: str
    region: str
    year: int
    compare: str
    outside_plan: str
    edition: Edition
    whence: Whence
    created: datetime

    @property
    def created_text(self) -> str:
        """The time of the build as a Swedish reader writes it."""
        day = f"{self.created.day} {_MONTHS[self.created.month - 1]} {self.created.year}"
        return f"{day} kl. {self.created:%H.%M}"


@dataclass(frozen=True)
class PageView:
    """One page as the templates see it."""

    result: PageResult
    body: PageBody | None = None
    sections: tuple[Heading, ...] = ()
    opening: Opening | None = None
    figures: tuple[FigureTable, ...] = ()

    @property
    def page(self) -> str:
        """The page's slug."""
        return self.result.notebook.page

    @property
    def href(self) -> str:
        """The page's address, relative to the report's folder."""
        return self.result.notebook.href

    @property
    def short(self) -> str:
        """The page's name in menus."""
        return self.result.notebook.short

    @property
    def title(self) -> str:
        """The page's full title as plain text."""
        return self.result.notebook.title

    @property
    def kicker(self) -> str:
        """The short name to stand above the title, empty when the title begins with it."""
        return "" if self.title.startswith(self.short) else self.short


def context(
    parameters: Parameters,
    edition: Edition,
    where: Whence,
    plan: str,
    groups: Mapping[str, str],
    created: datetime,
) -> SiteContext:
    """Return what the pages have in common; ``groups`` gives comparison groups their names."""
    names = [
        groups.get(item) or ("riket" if item == regions.COUNTRY else regions.name(item))
        for item in parameters.compare
    ]
    return SiteContext(
        plan=plan,
        region=regions.name(parameters.region),
        year=parameters.year,
        compare=listing(names) or "ingen annan",
        outside_plan=parameters.outside_plan,
        edition=edition,
        whence=where,
        created=created,
    )


def now() -> datetime:
    """Return the time of the build: ``SOURCE_DATE_EPOCH`` when it is set, else the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    moment = moment.replace(microsecond=0)
    return moment if epoch.isdigit() else moment.astimezone()


def write_notebooks(folder: Path, results: Sequence[PageResult]) -> None:
    """Write the executed notebooks below ``folder/notebooks``."""
    (folder / "notebooks").mkdir(exist_ok=True)
    for result in results:
        if result.executed is not None:
            target = folder / "notebooks" / f"{result.notebook.page}.ipynb"
            target.write_text(written(result.executed), encoding="utf-8", newline="\n")


def write_site(folder: Path, results: Sequence[PageResult], site: SiteContext) -> None:
    """Write start page, pages, downloads and style sheet into ``folder``.

    The rules of :mod:`affarsplan_data.report.checks` are enforced when every notebook succeeded;
    the pages of a failed build are a log to read and may be cut off anywhere.

    Raises:
        PageStructureError: a page breaks a rule.
        ExportError: a figure's table cannot be written.
    """
    views = [_view(result) for result in results]
    whole = all(result.status == "ok" for result in results)
    (folder / "style.css").write_text(style(), encoding="utf-8", newline="\n")
    for view in views:
        export_page(folder / "data", view.page, view.figures, _cover(view, site))
    pages = {"index.html": _html("index", site, views, None)}
    pages |= {view.href: _html("page", site, views, view) for view in views}
    for name, html in pages.items():
        if whole:
            check_page(name, html)
        (folder / name).write_text(html, encoding="utf-8", newline="\n")


def style() -> str:
    """Return the style sheet of the pages."""
    return files(__package__).joinpath("assets", "style.css").read_text(encoding="utf-8")


def _view(result: PageResult) -> PageView:
    view = PageView(result)
    if result.executed is None:
        return view
    body = render(result.notebook, result.executed)
    shown = "".join(block.content for block in body.blocks if block.kind == "html")
    return replace(
        view,
        body=body,
        sections=tuple(h for h in outline(shown) if h.level == 2 and h.id),
        opening=opening_of(result.executed),
        figures=figures_of(result.executed),
    )


def _cover(view: PageView, site: SiteContext) -> Cover:
    notes = (NO_EFFECTS, EMPTY_CELLS)
    return Cover(
        *(view.title, site.region, site.year, site.compare, site.whence.short),
        notes=notes,
        banner=site.whence.banner,
    )


def _html(template: str, site: SiteContext, views: list[PageView], current: PageView | None) -> str:
    place = views.index(current) if current else -1
    return (
        environment()
        .get_template(f"{template}.html.j2")
        .render(
            site=site,
            pages=views,
            current=current,
            previous=views[place - 1] if place > 0 else None,
            following=views[place + 1] if place + 1 < len(views) else None,
            no_effects=NO_EFFECTS,
        )
    )


@cache
def environment() -> Environment:
    """Return the templates; they escape every text that is not marked as ready HTML."""
    templates = Environment(
        loader=PackageLoader("affarsplan_data.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["ready"] = Markup
    return templates

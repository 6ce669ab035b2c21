"""What all pages of one report have in common: its context and the templates."""

import os
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from affarsplan_data import interactive, regions
from affarsplan_data.pages.whence import Whence
from affarsplan_data.parameters import Parameters
from affarsplan_data.recording import digest, state_of
from affarsplan_data.recording.code import layer
from affarsplan_data.report.unbroken import unbroken
from affarsplan_data.sources import Edition
from affarsplan_data.swedish import listing

NO_EFFECTS = "Uppgifterna beskriver utvecklingen, inte planens effekter."
EMPTY_CELLS = "En tom cell betyder att uppgiften saknas eller är skyddad."
_MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)


_APART = {"created", "edition", "whence"}


@cache
def _code() -> str:
    """Return the state of all that lays pages out."""
    words = [state_of("code", f"affarsplan_data.{name}") for name in ("swedish", "regions")]
    return digest(" ".join([layer("report"), *words]))


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
    def state(self) -> str:
        """What is another text when what all pages have in common is another, its time left out."""
        about = self.edition.model_dump_json(include={"about", "missing"})
        told = [getattr(self, field.name) for field in fields(self) if field.name not in _APART]
        where = (self.whence.short, self.whence.banner, bool(self.edition.measures))
        return digest(repr((_code(), about, where, told)))

    @property
    def created_text(self) -> str:
        """The time of the build as a Swedish reader writes it."""
        day = f"{self.created.day} {_MONTHS[self.created.month - 1]} {self.created.year}"
        return f"{day} kl. {self.created:%H.%M}"


def context(
    parameters: Parameters,
    edition: Edition,
    where: Whence,
    plan: str,
    created: datetime,
) -> SiteContext:
    """Return what the pages have in common."""
    return SiteContext(
        plan=plan,
        region=regions.name(parameters.region),
        year=parameters.year,
        compare=listing(parameters.compared) or "ingen annan",
        outside_plan=" ".join(filter(None, [parameters.outside_plan, parameters.replaced])),
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


def html(template: str, site: SiteContext, **values: Any) -> str:
    """Return the page that ``template`` makes of the values and what all pages have in common."""
    found = environment().get_template(f"{template}.html.j2")
    figures = {"policy": interactive.policy(), "script": interactive.tag()}
    return unbroken(found.render(site=site, no_effects=NO_EFFECTS, **figures, **values))


def style() -> str:
    """Return the style sheet of the pages."""
    return files(__package__).joinpath("assets", "style.css").read_text(encoding="utf-8")


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

"""Saves what is shown as files, with sources and the code that gives it again."""

from pathlib import Path

from affarsplan_data import project, regions
from affarsplan_data.analysis import IndicatorView
from affarsplan_data.errors import AffarsplanError, UsageError
from affarsplan_data.explorer import options
from affarsplan_data.explorer.choice import Choice
from affarsplan_data.pages import whence
from affarsplan_data.report.excerpt import write_excerpt
from affarsplan_data.report.site import EMPTY_CELLS, NO_EFFECTS
from affarsplan_data.report.workbook import Cover
from affarsplan_data.swedish import listing

_HEADINGS = {
    "source": "Källa",
    "table": "Tabell",
    "vintage": "Uppdaterad",
    "retrieved": "Hämtad",
    "licence": "Villkor",
    "address": "Adress",
}


def folder_for(choice: Choice) -> Path:
    """Return the folder proposed for a choice: a name of its own below ``outputs/utdrag``."""
    parts = [choice.indicator.replace("_", "-"), choice.region, choice.form, choice.split]
    parts += [
        str(choice.since) if choice.since else None,
        str(choice.year) if choice.year else None,
    ]
    return project.outputs() / "utdrag" / "-".join(part for part in parts if part)


def save(choice: Choice, folder: str | Path) -> tuple[Path, ...]:
    """Write what the choice shows into ``folder`` as CSV, XLSX, HTML and SVG, and return the files.

    Nothing is written when it shows nothing; an earlier excerpt in the folder is replaced as a whole.

    Raises:
        UsageError: no folder is named, or the choice shows nothing.
        AffarsplanError: the folder cannot be written.
    """
    text = str(folder).strip()
    if not text:
        raise UsageError("Skriv vilken mapp utdraget ska ligga i.")
    view = choice.view()
    figure = view.figure(choice.form, split=choice.split, since=choice.since)
    told = view.sources()[list(_HEADINGS)].rename(columns=_HEADINGS).drop_duplicates()
    try:
        target = Path(text).expanduser()
        return write_excerpt(target, figure, _cover(choice, view), told, choice.code)
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise AffarsplanError(
            f"Kan inte skriva i {text[:200]}: {reason}. Välj en annan mapp."
        ) from error


def _cover(choice: Choice, view: IndicatorView) -> Cover:
    where = whence.of_values([view.values])
    last = int(str(view.values.frame["period"].max())[:4])
    return Cover(
        title=view.indicator.name,
        region=regions.name(choice.region),
        year=choice.year or last,
        compare=listing(options.names(choice.compare)) or "ingen annan",
        edition=where.short,
        notes=(NO_EFFECTS, EMPTY_CELLS),
        banner=where.banner,
    )

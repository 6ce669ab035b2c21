"""The end of a page: what the figures do not show, then definitions, sources and series breaks."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from affarsplan_data import observations, regions, swedish
from affarsplan_data.catalogue import Indicator, Measure, load_catalogue
from affarsplan_data.figures import markup
from affarsplan_data.indicators import (
    available,
    changes_of_register,
    definition,
    described,
    measures_in_use,
)
from affarsplan_data.indicators.rebasing import rebased
from affarsplan_data.pages import whence
from affarsplan_data.pages.lacking import covered, lacking
from affarsplan_data.pages.provenance import OWN_WORK
from affarsplan_data.pages.reading import read
from affarsplan_data.pages.texts import Section
from affarsplan_data.parameters import Parameters
from affarsplan_data.plan import load_plan
from affarsplan_data.sources import load_edition
from affarsplan_data.sources.edition import Series


def producers(items: Sequence[Indicator], data: str) -> str:
    """Return the names of the producers behind those of the indicators' measures that are held."""
    catalogue = load_catalogue()
    held = [m for m in _measures(items, data) if observations.available(m.id, data)]
    names = {catalogue.sources[m.source].name for m in held}
    return swedish.listing(sorted(names))


def sources_in_short(items: Sequence[Indicator], data: str) -> str:
    """Return the source line of a figure of many indicators, whose tables are told at the page's end."""
    return (
        f"Underlag: {producers(items, data) or 'saknas ännu'}. Källa och tabell för varje indikator står "
        f"sist på sidan. {whence.of_indicators(items, data).short}. {OWN_WORK}"
    )


def section(items: Sequence[Indicator], given: Parameters) -> Section:
    """Return the closing section of a page about ``items``."""
    parts = [
        "<h3>Definitioner</h3>",
        markup.texts(
            ("Indikator", "Definition och formel", "Uppdateras"),
            [
                (
                    i.name,
                    f"{definition(i, given.data)} {i.formula.text}.",
                    f"{i.lag_months} {'månad' if i.lag_months == '1' else 'månader'} efter året",
                )
                for i in (rebased(item, given.base_year) for item in items)
            ],
            caption="Indikatorernas definitioner",
        ),
        "<h3>Källor</h3>",
        _sources(items, given.data),
        "<h3>Brott i serierna</h3>",
        _breaks(items, given.data),
    ]
    if whence.of_indicators(items, given.data).from_edition:
        parts.append(_missing_in_edition())
    return Section(f'<section class="ap-closing">{"".join(parts)}</section>')


def _missing_in_edition() -> str:
    rows = [(m.what, m.reason, m.comes_from) for m in load_edition().missing]
    headings = ("Uppgift", "Varför den saknas", "Finns hos")
    caption = "Uppgifter som saknas, varför, och var de finns"
    table = markup.texts(headings, rows, caption=caption)
    return f"<details><summary>Alla uppgifter som utgåvan saknar</summary>{table}</details>"


def limits(
    items: Sequence[Indicator], given: Parameters, wanted: Sequence[Indicator] = ()
) -> Section:
    """Return the section on what the figures do not show: for each indicator, and for the whole plan.

    ``wanted`` are the indicators among which those without figures are told; ``items`` when empty.
    """
    plan = load_plan()
    parts = [
        f"<p>Indikatorerna beskriver utvecklingen, inte planens effekter. {escape(plan.equality.limits)}"
        "</p>",
        _listed((item, _limits(item, given)) for item in items),
        "<h3>Det här saknas</h3>",
        _missing_indicators(wanted or items, given),
    ]
    return Section(f'<section class="ap-closing">{"".join(parts)}</section>')


def _measures(items: Sequence[Indicator], data: str) -> list[Measure]:
    catalogue = load_catalogue()
    ids = dict.fromkeys(id for item in items for id in measures_in_use(item, data))
    return [catalogue.measure(id) for id in ids]


def _sources(items: Sequence[Indicator], data: str) -> str:
    """Return each table and version that the page rests on, once, and the measures that lack figures."""
    rows: dict[tuple[str, str], list[str]] = {}
    absent: list[str] = []
    for measure in _measures(items, data):
        told = _publications(measure, data)
        for publication in told:
            rows.setdefault(publication, []).append(measure.title)
        if not told:
            absent.append(measure.title)
    parts = []
    if rows:
        parts += [
            "<p>Där ingen uppdateringsdag står är den okänd.</p>",
            markup.texts(
                ("Källa och tabell", "Version och innehåll", "Mått"),
                [(*told, "; ".join(titles)) for told, titles in rows.items()],
                caption="Tabeller som sidan bygger på",
            ),
        ]
    if absent:
        parts.append(f"<p>Uppgifter saknas för: {escape('; '.join(absent))}.</p>")
    return "".join(parts)


def _publications(measure: Measure, data: str) -> list[tuple[str, str]]:
    """Return source and table, and version and contents, of what the measure's figures come from."""
    if not observations.available(measure.id, data):
        return []
    origins = observations.origins_in_use(measure.id, data)
    told = [
        _fetched(one) for one in observations.retrieved(measure.id, data) if one.origin in origins
    ]
    if entry := load_edition().measures.get(measure.id):
        told += [
            _in_edition(series)
            for key, series in entry.series.items()
            if f"edition/{entry.file}#{key}" in origins
        ]
    return told


def _breaks(items: Sequence[Indicator], data: str) -> str:
    breaks = [(m.title, b.period, b.reason) for m in _measures(items, data) for b in m.breaks]
    for item in items:
        breaks += [(item.name, *change) for change in changes_of_register(item, data).items()]
    found = [
        f"<li><strong>{escape(title)}, {escape(period)}:</strong> {escape(reason)}</li>"
        for title, period, reason in breaks
    ]
    return f"<ul>{''.join(found)}</ul>" if found else "<p>Inga kända brott i sidans serier.</p>"


def _fetched(used: observations.Used) -> tuple[str, str]:
    how = "Levererad som fil, intagen" if used.is_delivered else "Hämtad"
    told = f"{_updated(used.vintage)}{how} den {_day(used.retrieved)}."
    return f"{used.source}, {used.table}", told


def _in_edition(series: Series) -> tuple[str, str]:
    told = f"{_updated(series.vintage)}{series.place} {series.note or ''}"
    return f"{series.producer}, {series.table}", told.strip()


def _updated(vintage: str | None) -> str:
    return f"Uppdaterad den {_day(vintage)}. " if vintage else ""


def _day(moment: str) -> str:
    return swedish.day(date.fromisoformat(moment[:10]))


def _limits(item: Indicator, given: Parameters) -> str:
    """Return what an indicator does not show, riket's values looked for where it matters."""
    has_country = True
    if item.without_country and available(item, given.data):
        has_country = read(item.id, given).latest(regions.COUNTRY) is not None
    return described.limits(item, given.data, has_country=has_country)


def _missing_indicators(items: Sequence[Indicator], given: Parameters) -> str:
    absent = [(item, reason) for item in items if (reason := lacking(item, given))]
    if not absent:
        return (
            f"<p>Alla sidans indikatorer har uppgift för {escape(covered(given))}, men inte för alla "
            "grupper, områden och år.</p>"
        )
    return _listed(absent)


def _listed(told: Iterable[tuple[Indicator, str]]) -> str:
    """Return a list of what is said of indicators, those of which the same is said named together."""
    by_text: dict[str, list[str]] = {}
    for item, text in told:
        by_text.setdefault(text, []).append(item.name)
    rows = [
        f"<li><strong>{escape(_together(names))}:</strong> {escape(text)}</li>"
        for text, names in by_text.items()
    ]
    return f"<ul>{''.join(rows)}</ul>"


def _together(names: Sequence[str]) -> str:
    """Return names in a row; a name with a comma of its own must not run into the next."""
    told = [names[0], *map(swedish.lower_first, names[1:])]
    return "; ".join(told) if any("," in name for name in told) else swedish.listing(told)

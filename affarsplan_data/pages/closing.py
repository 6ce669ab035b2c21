"""The end of a page: what the figures do not show, then definitions, sources and series breaks."""

from collections.abc import Sequence
from datetime import date
from html import escape

from affarsplan_data import observations, swedish
from affarsplan_data.catalogue import Indicator, Measure, load_catalogue
from affarsplan_data.figures import markup
from affarsplan_data.indicators import available, changes_of_register, measures_in_use
from affarsplan_data.indicators.rebasing import rebased
from affarsplan_data.pages import whence
from affarsplan_data.pages.provenance import OWN_WORK
from affarsplan_data.pages.texts import Section
from affarsplan_data.parameters import Parameters
from affarsplan_data.plan import load_plan
from affarsplan_data.sources import load_edition


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
                    f"{i.definition} {i.formula.text}.",
                    f"{i.lag_months} månader efter året",
                )
                for i in (rebased(item, given.base_year) for item in items)
            ],
            caption="Indikatorernas definitioner",
        ),
        "<h3>Källor</h3>",
        markup.texts(
            ("Mått", "Källa och tabell", "Hämtat ur"),
            _sources(items, given.data),
            caption="Tabeller som sidan bygger på",
        ),
        "<h3>Brott i serierna</h3>",
        _breaks(items, given.data),
        "<details><summary>Alla uppgifter som utgåvan saknar</summary>",
        markup.texts(
            ("Uppgift", "Varför den saknas", "Finns hos"),
            [(m.what, m.reason, m.comes_from) for m in load_edition().missing],
            caption="Uppgifter som saknas, varför, och var de finns",
        ),
        "</details>",
    ]
    return Section(f'<section class="ap-closing">{"".join(parts)}</section>')


def limits(items: Sequence[Indicator], given: Parameters) -> Section:
    """Return the section on what the figures do not show: for each indicator, and for the whole plan."""
    by_text: dict[str, list[str]] = {}
    for item in items:
        by_text.setdefault(item.does_not_show, []).append(item.name)
    own = "".join(
        f"<li><strong>{escape(swedish.listing(names))}:</strong> {escape(text)}</li>"
        for text, names in by_text.items()
    )
    plan = load_plan()
    parts = [
        f"<p>Indikatorerna beskriver utvecklingen, inte planens effekter. {escape(plan.equality.limits)}"
        "</p>",
        f"<ul>{own}</ul>",
        "<h3>Det här saknas</h3>",
        _missing_indicators(items, given.data),
    ]
    return Section(f'<section class="ap-closing">{"".join(parts)}</section>')


def _measures(items: Sequence[Indicator], data: str) -> list[Measure]:
    catalogue = load_catalogue()
    ids = dict.fromkeys(id for item in items for id in measures_in_use(item, data))
    return [catalogue.measure(id) for id in ids]


def _sources(items: Sequence[Indicator], data: str) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    held = load_edition().measures
    for measure in _measures(items, data):
        fetched = observations.retrieved(measure.id, data)
        rows += [(measure.title, *_fetched(one)) for one in fetched]
        if measure.id not in held:
            if not fetched:
                rows.append((measure.title, f"{', '.join(measure.tables)}: saknas", "–"))
            continue
        for series in held[measure.id].series.values():
            vintage = (
                f"uppdaterad {series.vintage[:10]}" if series.vintage else "uppdateringsdag okänd"
            )
            note = f" {series.note}" if series.note else ""
            rows.append(
                (
                    measure.title,
                    f"{series.producer}, {series.table}; {vintage}.{note}",
                    series.retrieved_via,
                )
            )
    return rows


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
    vintage = f"uppdaterad {used.vintage[:10]}" if used.vintage else "uppdateringsdag okänd"
    day = swedish.day(date.fromisoformat(used.retrieved[:10]))
    how = "levererad fil, intagen" if used.is_delivered else f"{used.server}, hämtad"
    return f"{used.source}, {used.table}; {vintage}.", f"{how} {day}"


def _missing_indicators(items: Sequence[Indicator], data: str) -> str:
    absent = [
        f"<li><strong>{escape(i.name)}:</strong> {escape(i.missing_reason)}</li>"
        for i in items
        if i.missing_reason and not available(i, data)
    ]
    if not absent:
        return (
            "<p>Alla sidans indikatorer har uppgifter, men inte för alla grupper och områden.</p>"
        )
    return f"<ul>{''.join(absent)}</ul>"

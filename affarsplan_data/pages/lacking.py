"""Which indicators have no figure for a page's region, and why."""

from affarsplan_data import regions, swedish
from affarsplan_data.catalogue import Indicator
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.pages.reading import read, without_base
from affarsplan_data.parameters import Parameters


def lacking(item: Indicator, given: Parameters) -> str:
    """Return why neither the page's region nor its county has any figure; empty when one of them has."""
    try:
        values = read(item.id, given)
    except MissingIndicatorError as error:
        return error.why or error.reason
    if any(values.latest(code) for code in (given.region, given.county)):
        return ""
    return without_base(item.id, given, given.county) or _others(values, given)


def newest(item: Indicator, given: Parameters) -> str | None:
    """Return the newest period of the page's region, or of its county where the region has none."""
    try:
        values = read(item.id, given)
    except MissingIndicatorError:
        return None
    return values.latest(given.region) or values.latest(given.county)


def covered(given: Parameters) -> str:
    """Return whom a figure must be about to count as the page's own."""
    name = sentences.place(given.region)
    return f"{name} eller länet" if given.is_municipality else name


def _others(values: IndicatorValues, given: Parameters) -> str:
    """Say that the county has no figure, and who has."""
    inside = regions.municipalities(given.county)
    own = sum(values.latest(code) is not None for code in inside)
    counties = sum(values.latest(code) is not None for code in regions.counties())
    held = []
    if own:
        everyone = own == len(inside)
        held.append("länets kommuner" if everyone else f"{own} av länets {len(inside)} kommuner")
    if values.latest(regions.COUNTRY):
        held.append("riket")
    if counties:
        held.append("ett annat län" if counties == 1 else f"{counties} andra län")
    who = f", men för {swedish.listing(held)}" if held else ""
    return f"Ingen uppgift att visa för {sentences.place(given.county)} till och med {given.year}{who}."

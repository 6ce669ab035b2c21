"""What is said of an indicator with the data in use: its meaning, its limits, and why it is missing.

What is true of the built-in edition alone is said only where figures in use are the edition's.
"""

from affarsplan_data import observations, swedish
from affarsplan_data.catalogue import Indicator, load_catalogue
from affarsplan_data.indicators.inputs import measures_in_use


def definition(about: Indicator, data: str) -> str:
    """Return what an indicator means, and what the edition has of it where the edition is used."""
    return _joined(about.definition, _in_edition(about, data))


def limits(about: Indicator, data: str, *, has_country: bool = True) -> str:
    """Return what an indicator does not show.

    Args:
        about: the indicator.
        data: which data are used.
        has_country: whether riket has a value; why it has none is said where it has not.
    """
    without = "" if has_country else about.without_country or ""
    return _joined(about.does_not_show, without, _in_edition(about, data))


def why_missing(about: Indicator, data: str) -> str:
    """Return why the data in use cannot give an indicator, and who has its figures.

    Where some of its measures have been fetched, those that have not are named: what the catalogue says
    of an indicator whose figures can all be fetched tells only that the edition lacks them.
    """
    reason = about.missing_reason or "Uppgiften finns inte i de uppgifter som används."
    if about.availability != "open_api" or not _fetched(about, data):
        return reason
    needed = [item for item in about.formula.inputs.values() if not item.optional]
    lacking = {
        item.measure: None
        for item in needed
        if not any(observations.available(one.measure, data) for one in item.readings)
    }
    titles = [swedish.lower_first(load_catalogue().measure(one).title) for one in lacking]
    more = f"Av det som behövs saknas ännu {swedish.listing(titles)}." if titles else ""
    return _joined(reason, more)


def _in_edition(about: Indicator, data: str) -> str:
    """Return what the edition has of an indicator, where any figure in use is the edition's."""
    used = measures_in_use(about, data)
    if not about.in_edition or not any(observations.rests_on_edition(one, data) for one in used):
        return ""
    if _fetched(about, data):
        return f"Där inget är hämtat: {swedish.lower_first(about.in_edition)}"
    return about.in_edition


def _fetched(about: Indicator, data: str) -> bool:
    return any(observations.retrieved(one, data) for one in about.measures)


def _joined(*texts: str) -> str:
    return " ".join(filter(None, texts))

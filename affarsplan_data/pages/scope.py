"""At which level an indicator can be shown for the page's region, and what to say when it cannot."""

from dataclasses import dataclass

from affarsplan_data import regions
from affarsplan_data.indicators import IndicatorValues
from affarsplan_data.parameters import Parameters


@dataclass(frozen=True)
class Scope:
    """What an indicator can show for a region.

    ``focus`` is the region itself, its county when the statistics stop there, or None when neither has
    a value. ``members`` are the regions of a comparison between parts: the county's municipalities, or
    all counties. The notes are sentences for the reader, empty or starting with a space.
    """

    focus: str | None
    level: str
    note: str
    members: list[str]
    members_word: str
    members_note: str


def scope(values: IndicatorValues, given: Parameters) -> Scope:
    """Return at which level ``values`` can be shown for the page's region."""
    name, county = regions.name(given.region), regions.name(given.county)
    focus: str | None = given.region
    note = ""
    if values.latest(given.region) is None:
        focus = given.county if values.latest(given.county) else None
        if given.is_municipality and focus:
            note = f" Uppgiften finns inte för {name}; {county} visas i stället."
    inside = list(regions.municipalities(given.county))
    if any(values.latest(code) for code in inside):
        members, word = inside, "kommuner"
        members_note = f" Kommunerna i {county}."
    else:
        members, word = list(regions.counties()), "län"
        members_note = " Alla län med uppgift." + (
            f" Uppgiften finns inte per kommun; {county} är det län där {name} ligger."
            if given.is_municipality
            else ""
        )
    level = "country" if focus is None else regions.get(focus).level
    return Scope(focus, level, note, members, word, members_note)

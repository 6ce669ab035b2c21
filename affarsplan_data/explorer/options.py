"""The names that the choices stand under, as pairs of label and value."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from affarsplan_data import regions
from affarsplan_data.analysis import indicators
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.explorer.choice import Choice, Offer
from affarsplan_data.indicators import sentences
from affarsplan_data.plan import load_plan
from affarsplan_data.swedish import listing, lower_first

Options = list[tuple[str, str]]
_FORMS: Final = {
    "lines": "Linjer över tid",
    "bars": "Staplar, område för område",
    "groups": "Punkter, grupp mot grupp",
    "parts": "Näringsgrenar eller klasser",
}
_SPLITS: Final = {
    "sex": "Kvinnor och män",
    "birth": "Inrikes och utrikes födda",
    "both": "Fyra grupper efter kön och födelseregion",
}
ALL_TOGETHER: Final = "Alla tillsammans"
CHOSEN_BY_RULE: Final = "Den som passar uppgifterna"


@cache
def listed(search: str, data: str) -> tuple[tuple[str, str], ...]:
    """Return the indicators that have all the words, those with figures first."""
    found = indicators(search or None, data=data)
    rows = sorted(
        zip(found["id"], found["name"], found["available"], strict=True), key=lambda row: not row[2]
    )
    return tuple((name if held else f"{name} (uppgift saknas)", id) for id, name, held in rows)


def region_options() -> Options:
    """Return riket, the counties and the municipalities, the latter by name."""
    codes = [regions.COUNTRY, *regions.counties()]
    codes += sorted(regions.municipalities(), key=regions.name)
    return [(_named(code), code) for code in codes]


def compare_options(region: str) -> Options:
    """Return what ``region`` can be compared with: groups, riket, counties, and its neighbours first."""
    county = regions.get(region).county
    inside = [] if region == regions.COUNTRY else list(regions.municipalities(county))
    others = sorted(set(regions.municipalities()) - set(inside), key=regions.name)
    codes = [regions.COUNTRY, *regions.counties(), *inside, *others]
    groups = [(group.name, group.id) for group in load_plan().comparison_groups]
    return groups + [(_named(code), code) for code in codes if code != region]


def split_options(held: Offer) -> Options:
    """Return everyone together and the splits that there are figures for."""
    return [(ALL_TOGETHER, ""), *((_SPLITS[split], split) for split in held.splits)]


def form_options(held: Offer) -> Options:
    """Return the forms that have something to show."""
    return [(CHOSEN_BY_RULE, ""), *((_FORMS[form], form) for form in held.forms)]


def meant(text: str, items: Sequence[tuple[str, str]]) -> str | None:
    """Return the value that a text stands for: its name or code, else the first that has its words.

    A name that begins with the text comes before one that has its words elsewhere.
    """
    wanted = text.casefold().strip()
    if not wanted:
        return None
    exact = [value for label, value in items if wanted in (label.casefold(), value.casefold())]
    begun = [value for label, value in items if label.casefold().startswith(wanted)]
    words = wanted.split()
    near = [value for label, value in items if all(word in label.casefold() for word in words)]
    return next(iter([*exact, *begun, *near]), None)


def indicator_meant(text: str, data: str) -> str | None:
    """Return the indicator that a text stands for; its name comes before what else is said of it."""
    return meant(text, listed("", data)) or next((id for _, id in listed(text, data)), None)


def said(choice: Choice) -> str:
    """Return the choice in words."""
    name = lower_first(load_catalogue().indicator(choice.indicator).name)
    told = [
        f"Visar {name} i {sentences.place(choice.region)}.",
        f"Jämförs med {listing(names(choice.compare)) or 'ingen annan'}.",
        f"Grupper: {_SPLITS.get(choice.split or '', ALL_TOGETHER).lower()}.",
        f"Diagramform: {_FORMS.get(choice.form or '', CHOSEN_BY_RULE).lower()}.",
    ]
    return " ".join(told)


def names(items: Sequence[str]) -> list[str]:
    """Return the names of regions and comparison groups, as they stand in a sentence."""
    groups = {group.id: group.name for group in load_plan().comparison_groups}
    return [groups.get(item) or sentences.place(item) for item in items]


def _named(code: str) -> str:
    return f"{regions.name(code)} ({code})"

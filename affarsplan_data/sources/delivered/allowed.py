"""The codes that a delivered file may hold in each dimension, and their Swedish words."""

import difflib
import re
from collections.abc import Mapping
from typing import Literal

from affarsplan_data import regions
from affarsplan_data.catalogue import INDUSTRIES, Measure
from affarsplan_data.regions.former import MOVED
from affarsplan_data.sources.delivered.errors import shown

Dimension = Literal["region", "period", "sex", "birth", "age", "industry", "category"]
Field = Literal["region", "period", "sex", "birth", "age", "industry", "category", "value"]

HEADINGS: dict[Field, str] = {
    "region": "Region",
    "period": "Period",
    "sex": "Kön",
    "birth": "Födelseregion",
    "age": "Ålder",
    "industry": "Bransch",
    "category": "Klass",
    "value": "Värde",
}
"""The heading of each column in a template, and in a file whose description names no columns."""

SYMBOLS = {
    "..": "uppgift saknas eller är för osäker",
    ".": "uppgift kan inte förekomma",
    "-": "inget finns att redovisa",
}
"""What may stand in the place of a value, as official statistics write it."""

_TOTAL = {"total": "totalt"}
_SEXES = {**_TOTAL, "women": "kvinnor", "men": "män"}
_BIRTHS = {**_TOTAL, "native": "inrikes född", "foreign": "utrikes född"}
_AGE = re.compile(r"total|unknown|\d{1,3}-\d{1,3}|\d{1,3}\+")
_PERIOD = re.compile(r"(19|20)\d\d(M(0[1-9]|1[0-2])|K[1-4])?")
_NUMBERED = re.compile(r"(\d{2}|\d{4})\s+(\S.*)")


def words(dimension: Dimension, measure: Measure) -> Mapping[str, str]:
    """Return the codes of a dimension with their Swedish words; empty where any of a form will do."""
    match dimension:
        case "sex":
            return _SEXES
        case "birth":
            return _BIRTHS
        case "industry":
            return {**_TOTAL, **INDUSTRIES}
        case "category":
            return {**_TOTAL, **measure.categories}
        case "region":
            known = regions.all_regions().values()
            return {r.code: r.name for r in known if r.level in measure.levels}
    return {}


def code(dimension: Dimension, text: str, measure: Measure) -> str | None:
    """Return the schema's code for what a cell says, or None when there is none.

    A code and its Swedish word are both understood, and for regions ``0180 Stockholm``, when the name
    is that of the code.
    """
    if dimension == "period":
        return text if _PERIOD.fullmatch(text) else None
    if dimension == "age":
        held = text.replace("–", "-").replace("totalt", "total")
        return held if _AGE.fullmatch(held) else None
    known = words(dimension, measure)
    if text in known:
        return text
    if dimension == "region":
        numbered = _NUMBERED.fullmatch(text)
        return numbered[1] if numbered and known.get(numbered[1]) == numbered[2] else None
    by_word = {word.casefold(): key for key, word in known.items()}
    return by_word.get(text.casefold())


def expected(dimension: Dimension, text: str, measure: Measure) -> str:
    """Return the sentence that says what ``text`` should have been."""
    match dimension:
        case "period":
            return "Väntade ett år, ett kvartal eller en månad: 2024, 2024K1 eller 2024M03."
        case "age":
            return "Väntade till exempel 16-64, 65+, unknown eller total."
        case "region":
            return _expected_region(text, measure)
    said = [f"{key} ({word})" for key, word in words(dimension, measure).items()]
    return f"Väntade något av: {', '.join(said)}."


def _expected_region(text: str, measure: Measure) -> str:
    known = words("region", measure)
    if text.casefold().strip(" :") in _SUMS:
        riket = "; hela riket skrivs 00" if regions.COUNTRY in known else ""
        return f"Ta bort rader med summor{riket}."
    if moved := MOVED.get(text[:4]):
        name = regions.name(moved.to)
        return f"Koden gällde {name} före {moved.since}; sedan dess skrivs {name} {moved.to}."
    found = regions.all_regions().get(text.strip().zfill(2) if text.isdigit() else text[:4].strip())
    if found and found.code not in known:
        levels = ", ".join(_LEVELS[level] for level in measure.levels)
        return f"{found.code} är {found.name}, men måttet finns bara för {levels}."
    by_name = {name.casefold(): key for key, name in known.items()}
    near = difflib.get_close_matches(text.casefold(), by_name, n=3, cutoff=0.6)
    codes = [by_name[name] for name in near] or ([found.code] if found else [])
    hint = f" Närmast: {', '.join(f'{c} {known[c]}' for c in codes)}." if codes else ""
    return f"Väntade en regionkod skriven som text, två siffror för län, fyra för kommun.{hint}"


_SUMS = frozenset(("totalt", "total", "summa", "samtliga", "alla län", "hela landet", "sverige"))
_LEVELS = {"country": "riket", "county": "län", "municipality": "kommuner"}


def not_a_number(number: float) -> str:
    """Return how a region that a spreadsheet has made a number of should have been written."""
    whole = str(int(number)) if number == int(number) and 0 <= number < 10_000 else ""
    padded = whole.zfill(2 if len(whole) < 3 else 4)
    found = regions.all_regions().get(padded) if whole else None
    if found is None:
        return "Väntade en regionkod skriven som text."
    return f"Väntade koden skriven som text, med alla siffror: {found.code} ({shown(found.name)})."

"""Words for values, units, regions and groups, in the forms that running text needs."""

from collections.abc import Mapping

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.catalogue import INDUSTRIES, Indicator, load_catalogue

_SHORT = {"procent": "%", "procent per år": "% per år", "procentenheter": "p.e."}
_ONE = {
    "procentenheter": "procentenhet",
    "indexenheter": "indexenhet",
    "betygsenheter": "betygsenhet",
    "enheter": "enhet",
    "personer": "person",
    "kronor": "krona",
    "arbetsställen": "arbetsställe",
}
"""The singular of the first word of a unit, where it differs from the plural."""
_GROUPS = {
    ("women", "total"): "kvinnor",
    ("men", "total"): "män",
    ("total", "native"): "inrikes födda",
    ("total", "foreign"): "utrikes födda",
    ("women", "native"): "inrikes födda kvinnor",
    ("women", "foreign"): "utrikes födda kvinnor",
    ("men", "native"): "inrikes födda män",
    ("men", "foreign"): "utrikes födda män",
}
GAPS = {
    "women_minus_men": "women",
    "share_gap_women_men": "women",
    "foreign_minus_native": "foreign",
    "share_gap_foreign_native": "foreign",
}
"""The formulas whose value is one group minus another, and the group that comes first."""
_COUNTS = [
    "noll",
    "en",
    "två",
    "tre",
    "fyra",
    "fem",
    "sex",
    "sju",
    "åtta",
    "nio",
    "tio",
    "elva",
    "tolv",
]


def with_unit(value: float | None, unit: str, decimals: int) -> str:
    """Return a value with its unit, in the singular after exactly one: ``1 procentenhet``."""
    first, _, rest = unit.partition(" ")
    if first in _ONE and swedish.number(value, decimals).removeprefix(swedish.MINUS) == "1":
        unit = f"{_ONE[first]} {rest}".strip()
    return swedish.with_unit(value, unit, decimals)


def amount(value: float | None, indicator: Indicator) -> str:
    """Return a value with its unit: ``415 tkr``, ``79``, ``23,4 procent``; a gap by its size."""
    if value is not None and is_gap(indicator):
        value = abs(value)
    return with_unit(value, indicator.spoken_unit, indicator.decimals)


def short_amount(value: float | None, indicator: Indicator) -> str:
    """Return a value with its unit in the shortest form a table needs: ``23,4 %``."""
    unit = _SHORT.get(indicator.spoken_unit, indicator.spoken_unit)
    return with_unit(value, unit, indicator.decimals)


def distance(value: float, indicator: Indicator) -> str:
    """Return the size of a difference with its unit: ``2,9 procentenheter``."""
    return with_unit(abs(value), indicator.difference_unit, indicator.decimals)


def difference(own: float, other: float, indicator: Indicator) -> str:
    """Return how ``own`` relates to ``other``: ``1,9 procentenheter lägre än``, ``lika med``."""
    apart = round(own - other, indicator.decimals)
    if apart == 0:
        return "lika med"
    return f"{distance(own - other, indicator)} {'högre än' if apart > 0 else 'lägre än'}"


def is_gap(indicator: Indicator) -> bool:
    """Tell whether an indicator's value is one group minus another, and is judged by its size."""
    return indicator.formula.function in GAPS


def behind_or_ahead(row: pd.Series, indicator: Indicator) -> str:
    """Return which side of zero a gap lies on: ``utrikes födda ligger lägre``."""
    first = "kvinnor" if GAPS[indicator.formula.function] == "women" else "utrikes födda"
    if row["low"] <= 0 <= row["high"]:
        return "inte säkert skild från noll"
    rounded = round(row["value"], indicator.decimals)
    if rounded == 0:
        return "avrundat ingen skillnad"
    return f"{first} ligger {'högre' if rounded > 0 else 'lägre'}"


def place(region: str) -> str:
    """Return a region's name as it stands in running text: ``Västmanlands län``, ``riket``."""
    return "riket" if region == regions.COUNTRY else regions.name(region)


def genitive(text: str) -> str:
    """Return a name in the genitive: ``rikets``, ``Sjöbos``, ``Västerås``."""
    return text if text.endswith(("s", "x", "z")) else f"{text}s"


def count(number: int) -> str:
    """Return a small whole number as a word: ``fem``; larger ones in digits."""
    return _COUNTS[number] if number < len(_COUNTS) else str(number)


def group(dimensions: Mapping[str, str], indicator: Indicator | None = None) -> str:
    """Return the group that a figure is about: ``utrikes födda kvinnor``; empty for everyone.

    Industries and classes are named as the catalogue does, which classes need ``indicator`` for.
    """
    parts = []
    who = dimensions.get("sex", "total"), dimensions.get("birth", "total")
    if who in _GROUPS:
        parts.append(_GROUPS[who])
    if (industry := dimensions.get("industry", "total")) != "total":
        parts.append(INDUSTRIES[industry])
    if (category := dimensions.get("category", "total")) != "total":
        names = categories(indicator) if indicator else {}
        parts.append(names.get(category, category))
    return ", ".join(parts)


def categories(indicator: Indicator) -> dict[str, str]:
    """Return the Swedish names of an indicator's classes, its own and those of the measures it reads."""
    catalogue = load_catalogue()
    used = [catalogue.measure(id) for id in indicator.measures]
    names = {id: name for measure in used for id, name in measure.categories.items()}
    return names | indicator.categories


def among(dimensions: Mapping[str, str], indicator: Indicator) -> str:
    """Return the group as a phrase of its own, with a space before: `` bland kvinnor``."""
    said = group(dimensions, indicator)
    return f" bland {said}" if said else ""


def noun(indicator: Indicator) -> str:
    """Return the indicator's phrase as a sentence begins."""
    return swedish.upper_first(indicator.noun)


def when(period: str, *, inferred: bool = False) -> str:
    """Return a period as a sentence says it, with a caution when the source did not state it."""
    return f"omkring {swedish.period(period)}" if inferred else swedish.period(period)


def joined(sentences: list[str]) -> str:
    """Return the sentences that say anything, one after the other."""
    return " ".join(text for text in sentences if text)

"""Text alternatives for forms whose caller gave none: what it is, the extremes, ours, what is missing."""

from collections.abc import Sequence

import pandas as pd

from affarsplan_data.figures.markup import is_missing
from affarsplan_data.swedish import listing, lower_first, number, with_unit

_ORDERED = "sorterade från högst till lägst"

FORMS = {
    "ranked_bar": f"Liggande stapeldiagram med {{count}}, {_ORDERED}.",
    "lines": "Linjediagram med {count} {periods}.",
    "dumbbell": "Punktdiagram med {count}, en rad för varje och en punkt för varje grupp.",
    "choropleth": f"Karta med {{count}} färgade efter värde, och bredvid samma värden {_ORDERED}.",
    "grouped_bar": "Liggande stapeldiagram med {count}, en stapel för varje grupp.",
    "stacked_bar": "Liggande staplar som var och en summerar till 100 procent, för {count}.",
    "diverging_bar": "Liggande stapeldiagram med {count}: staplar åt höger är högre, åt vänster lägre.",
    "rank_lines": "Linjediagram över placering, 1 överst, för {count} {periods}.",
    "interval_dots": f"Punktdiagram med osäkerhetsintervall för {{count}}, {_ORDERED}.",
    "spine": "Diagram över läget för {count}, var och en på sin egen skala där åt höger är bättre.",
    "part_bars": "Liggande staplar av delar för {count}, positiva åt höger och negativa åt vänster.",
    "small_multiples": "Små linjediagram med gemensam skala, {count}, {periods}.",
    "slope": "Lutningsdiagram {periods} med {count}, en linje för varje från första till sista.",
    "heat_table": "Tabell med {count}, där varje kolumn är tonad efter värde.",
    "beeswarm": "Punktdiagram med {count}, en punkt för varje, längs en axel från lågt till högt.",
    "scatter": "Spridningsdiagram med {count}, en punkt för varje.",
    "key_figures": "Tabell med {count}.",
}


def reading(form: str, count: str, periods: str = "") -> str:
    """Return the sentence that says how to read ``form``.

    Args:
        form: the form's function name.
        count: what is compared, with its number: "21 områden".
        periods: the years, for forms over time: "2000–2021".
    """
    return FORMS[form].format(count=count, periods=periods).replace(" .", ".")


def extremes(
    labels: Sequence[str], values: Sequence[float], unit: str, decimals: int, *, ranked: bool = True
) -> str:
    """Return the sentences on highest, lowest and missing values."""
    known = [(v, label) for v, label in zip(values, labels, strict=True) if not is_missing(v)]
    missing = [label for v, label in zip(values, labels, strict=True) if is_missing(v)]
    sentences = []
    if len(known) > 1 and ranked:
        (low, lowest), (high, highest) = min(known), max(known)
        bottom, top = with_unit(low, unit, decimals), with_unit(high, unit, decimals)
        if bottom == top:
            sentences.append(f"Alla har {top}.")
        else:
            sentences.append(f"Högst är {highest} med {top}, lägst {lowest} med {bottom}.")
    elif known:
        stated = [f"{label} {with_unit(v, unit, decimals)}" for v, label in known]
        sentences.append(f"{'; '.join(stated)}.")
    if missing:
        sentences.append(f"Uppgift saknas för {listing(missing)}.")
    return " ".join(sentences)


def standing(
    label: str,
    value: float,
    others: Sequence[float],
    unit: str,
    decimals: int,
    rank: float | None = None,
) -> str:
    """Return the sentence on one region: its value, and its place from the top among ``others``."""
    if is_missing(value):
        return f"Uppgift saknas för {label}."
    known = [v for v in others if not is_missing(v)]
    place = (
        int(rank)
        if rank is not None and not is_missing(rank)
        else sum(v > value for v in known) + 1
    )
    text = f"{label} har {with_unit(value, unit, decimals)}"
    shared = "delad " if known.count(value) > 1 else ""
    return f"{text}, {shared}plats {place} av {len(known)}." if len(known) > 1 else f"{text}."


def change(label: str, first: tuple[str, float], last: tuple[str, float], decimals: int) -> str:
    """Return the sentence on one line's way from its first to its last value."""
    (start, before), (end, after) = first, last
    if start == end:
        return f"{label}: {number(after, decimals)} {_when(end)}."
    word = "ökar" if after > before else "minskar" if after < before else "är oförändrad"
    text = (
        f"{label} {word} från {number(before, decimals)} {_when(start)} "
        f"till {number(after, decimals)} {_when(end)}."
    )
    return text[:1].upper() + text[1:]


def _when(period: str) -> str:
    return f"år {period}" if period.isdigit() else period


def column(unit: str) -> str:
    """Return the table heading for values in ``unit``."""
    return unit[:1].upper() + unit[1:] if unit else "Värde"


def areas(frame: pd.DataFrame) -> str:
    """Return how many rows are compared, as words: "21 områden"."""
    return f"{len(frame)} {'område' if len(frame) == 1 else 'områden'}"


def lower_start(text: str) -> str:
    """Return ``text`` as it reads after a colon: "Högst är" becomes "högst är", names stay."""
    return lower_first(text) if text.startswith(("Högst ", "Alla ", "Uppgift ")) else text

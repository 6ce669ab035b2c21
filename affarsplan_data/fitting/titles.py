"""What a table is called: the words that its title must hold, whatever years it covers."""

import re

from affarsplan_data.catalogue import Table

_PERIOD = r"\d{4}(?:[MKQ]\d{1,2})?"
_SPAN = re.compile(
    rf"[\s.,:;(]*(?:år|kvartal|månad|månader)?\s*{_PERIOD}(?:\s*[-–—]\s*(?:{_PERIOD})?)?[\s.)]*$",
    re.IGNORECASE,
)


def stem(title: str) -> str:
    """Return a title without the years or months that it ends with.

    >>> stem("Folkmängd efter region och kön. År 1968 - 2024")
    'Folkmängd efter region och kön'
    """
    return _SPAN.sub("", title).strip()


def title_faults(table: Table, title: str) -> list[str]:
    """Return what is wrong with a producer's title, at most one sentence."""
    own = stem(title).casefold()
    lacking = [word for word in table.title_words if word.casefold() not in own]
    if not lacking:
        return []
    return [
        f"Titeln är nu ”{title}”, utan ”{'” och ”'.join(lacking)}”. Pröva om det är samma tabell, "
        "och rätta katalogen."
    ]

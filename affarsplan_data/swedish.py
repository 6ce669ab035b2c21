"""Numbers and small words as Swedish prints them.

Decimal comma, narrow no-break space between thousands, the true minus sign, and never a thousands
space in a year. Every text a reader meets takes its numbers from here.
"""

import math
import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")
MISSING = "uppgift saknas"
MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)


def number(value: float | None, decimals: int = 0) -> str:
    """Return ``value`` in Swedish form, or ``uppgift saknas`` when it is missing.

    Halves are rounded away from zero, as readers do by hand, and a value that rounds to zero has no
    sign.

    >>> number(-1234.5, 1).replace(NARROW_SPACE, "_")
    '−1_234,5'
    """
    if value is None or not math.isfinite(value):
        return MISSING
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,f}".replace(",", NARROW_SPACE).replace(".", ",")
    return f"{MINUS}{text}" if rounded < 0 else text


def signed(value: float | None, decimals: int = 0) -> str:
    """Return ``value`` with an explicit plus or minus sign; zero has none."""
    text = number(value, decimals)
    if value is None or not math.isfinite(value) or value <= 0 or text.strip("0,") == "":
        return text
    return f"+{text}"


def with_unit(value: float | None, unit: str, decimals: int = 0) -> str:
    """Return ``value`` and ``unit`` held together by a no-break space.

    ``unit`` may be empty (an index, a ratio). A missing value stands without unit.
    """
    text = number(value, decimals)
    return text if text == MISSING or not unit else f"{text}{NO_BREAK_SPACE}{unit}"


def span(low: str, high: str) -> str:
    """Return two printed ends as a range: ``3–5``, and ``−8,1 till −4,3`` where a minus sign stands."""
    return f"{low} till {high}" if MINUS in (low[:1], high[:1]) else f"{low}–{high}"


def unbroken_thousands(text: str) -> str:
    """Return a text with narrow no-break spaces where ordinary ones stand between thousands.

    >>> unbroken_thousands("per 1 000 av 78 685 år 2021").replace(NARROW_SPACE, "_")
    'per 1_000 av 78_685 år 2021'
    """
    return _THOUSANDS.sub(lambda found: found[0].replace(" ", NARROW_SPACE), text)


def period(code: str) -> str:
    """Return a period as a sentence says it: ``2024``, ``december 2023``, ``kvartal 1 2024``."""
    if code[4:5] == "M":
        return f"{MONTHS[int(code[5:]) - 1]} {code[:4]}"
    if code[4:5] == "K":
        return f"kvartal {code[5:]} {code[:4]}"
    return code


def day(moment: date) -> str:
    """Return a day as a sentence says it: ``23 november 2026``."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def listing(words: Sequence[str], conjunction: str = "och") -> str:
    """Join words as a Swedish sentence does: ``a, b och c``."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def ordinal(value: int) -> str:
    """Return a rank as Swedish writes it: ``1:a``, ``2:a``, ``3:e``, ``11:e``, ``21:a``."""
    ending = "a" if value % 10 in (1, 2) and value % 100 not in (11, 12) else "e"
    return f"{value}:{ending}"


def upper_first(text: str) -> str:
    """Raise the first letter, as a sentence begins."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Lower the first letter unless the word is an abbreviation such as BRP."""
    if len(text) > 1 and text[1].isupper():
        return text
    return text[:1].lower() + text[1:]

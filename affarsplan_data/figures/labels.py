"""How long a text is, where it breaks, and how labels keep out of each other's way.

Widths are those of Helvetica and Arial, which also their free stand-ins share. Measuring here rather
than in the drawing program gives the same layout on every computer, whatever fonts it has.
"""

import unicodedata
from collections.abc import Sequence
from typing import Final

_WIDTHS: Final = {
    278: " !,./:;I[]\\ft",
    222: "ijl|'",
    333: "()-r`",
    389: "*",
    500: "cksvxyzJ",
    584: "+=<>~−",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "…—@",
    200: "\u202f",
}
_WIDTH: Final = {character: width for width, group in _WIDTHS.items() for character in group}
_BOLD: Final = 1.08


def measure(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of ``text`` in px at ``size`` px; the longest line when it has several."""
    lines = text.split("\n")
    if len(lines) > 1:
        return max(measure(line, size, bold=bold) for line in lines)
    plain = unicodedata.normalize("NFD", text.replace("\u00a0", " "))
    units = sum(_WIDTH.get(c, 556) for c in plain if not unicodedata.combining(c))
    return units * size / 1000 * (_BOLD if bold else 1)


def wrap(text: str, size: float, limit: float, *, bold: bool = False) -> str:
    """Break ``text`` at ordinary spaces so that no line is wider than ``limit`` px.

    A single word wider than the limit is left whole: a cut word is worse than a tight margin.
    """
    lines: list[str] = []
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and measure(joined, size, bold=bold) <= limit:
            lines[-1] = joined
        else:
            lines.append(word)
    return "\n".join(lines)


def spread(
    centres: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Return new centres, in the given order, such that labels of ``heights`` px do not overlap.

    Labels keep their vertical order, move as little as a push down and a push up allow, and stay
    between ``low`` and ``high`` when there is room for them all.
    """
    order = sorted(range(len(centres)), key=lambda i: (centres[i], i))
    placed = list(centres)
    edge = low
    for i in order:
        placed[i] = max(placed[i], edge + heights[i] / 2)
        edge = placed[i] + heights[i] / 2
    edge = high
    for i in reversed(order):
        placed[i] = min(placed[i], edge - heights[i] / 2)
        edge = placed[i] - heights[i] / 2
    return placed

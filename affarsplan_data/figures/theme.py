"""Colours, type and number format that every chart shares.

Each colour that carries data has at least 3:1 against white (WCAG 2.1, 1.4.11) and each text colour at
least 4.5:1 (1.4.3); the tests compute both. Colour is never the only difference: shapes, dashes, order
or labels repeat it.
"""

from typing import Any, Final

FONT: Final = "Arial, Helvetica, sans-serif"

WHITE: Final = "#FFFFFF"
FOCUS: Final = "#12436D"
WOMEN: Final = "#801650"
MEN: Final = "#28A197"
WOMEN_SECOND: Final = "#C06C92"
MEN_SECOND: Final = "#14605A"
REFERENCE: Final = "#3D3D3D"
OTHER: Final = "#767676"
PEER: Final = "#5B87B5"
TEXT: Final = "#1A1A1A"
MUTED_TEXT: Final = "#595959"

# Behind the data: may be faint, since no reading depends on them.
GRID: Final = "#DEDEDE"
OTHER_FILL: Final = "#DEDEDE"
MISSING_FILL: Final = "#F2F2F2"

PATH: Final = "#9A6B00"

# For groups without a colour of their own, in order.
SERIES: Final = (FOCUS, PEER, REFERENCE, PATH, OTHER)

# One hue from light to dark; neighbours are told apart by borders and printed numbers too.
SEQUENTIAL: Final = ("#E1EBF5", "#B5CDE4", "#7FA6CC", "#3F74A8", "#12436D")

# For orders without better or worse.
GREYS: Final = ("#F2F2F2", "#D6D6D6", "#B3B3B3", "#8A8A8A", "#5C5C5C")


def font_size(width: int) -> int:
    """Return the label size in px for a picture of ``width`` px."""
    return 12 if width < 480 else 13


def config(width: int) -> dict[str, Any]:
    """Return the Vega-Lite config for a picture of ``width`` px."""
    size = font_size(width)
    return {
        "background": WHITE,
        "font": FONT,
        "view": {"stroke": None},
        "text": {"font": FONT, "fontSize": size, "fill": TEXT},
        "axis": {
            "labelFont": FONT,
            "labelFontSize": size,
            "labelColor": MUTED_TEXT,
            "labelLimit": 0,
            "titleFont": FONT,
            "titleFontSize": size,
            "titleFontWeight": "normal",
            "titleColor": MUTED_TEXT,
            "gridColor": GRID,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "titlePadding": 8,
        },
    }


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two ``#RRGGBB`` colours as WCAG 2.1 defines it, 1 to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(fill: str) -> str:
    """Return the text colour, dark or white, that reads best on ``fill``."""
    return max((TEXT, WHITE), key=lambda colour: contrast(colour, fill))


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

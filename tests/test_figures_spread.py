"""Forms that show ours within the spread of all: spine. SYNTETISKA TESTDATA throughout."""

import re
from typing import Any

import pandas as pd
import pytest
from test_figures_forms import NONE, indicators, texts, written

from affarsplan_data.figures import FigureError, spine, theme
from affarsplan_data.figures.block import NARROW, WIDE

WORDS: dict[str, Any] = {"focus_label": "Ort", "reference_label": "riket"}


def dots(svg: str, fill: str) -> list[tuple[float, float]]:
    """Return where the round marks with ``fill`` stand, without the key's."""
    found = re.findall(r"<path[^>]*>", svg)
    marks = [m for m in found if f'fill="{fill}"' in m and 'stroke-width="2.2"' in m]
    places = [re.search(r"translate\(([-\d.]+),([-\d.]+)\)", mark) for mark in marks]
    return [(float(p[1]), float(p[2])) for p in places if p]


def test_right_is_better_whichever_way_the_indicator_is_turned() -> None:
    figure = spine(indicators(), **WORDS, **texts("rygg"))
    for width in (WIDE, NARROW):
        more, fewer = sorted(dots(figure.svg(width), theme.FOCUS), key=lambda place: place[1])
        (even,) = dots(figure.svg(width), theme.WHITE)
        assert more[0] > even[0] > fewer[0]


def test_dot_is_filled_only_where_the_difference_is_certain() -> None:
    frame = indicators()
    svg = spine(frame, **WORDS, **texts("rygg")).svg(WIDE)
    assert len(dots(svg, theme.FOCUS)) == 2
    assert len(dots(svg, theme.WHITE)) == 1
    unsure = spine(frame.assign(certain=False), **WORDS, **texts("rygg"))
    assert not dots(unsure.svg(WIDE), theme.FOCUS)
    assert "ingen säker skillnad" in " ".join(written(unsure.svg(WIDE)))
    assert "säker skillnad mot riket" not in " ".join(written(unsure.svg(WIDE)))


def test_difference_is_never_certain_without_what_it_is_compared_with() -> None:
    frame = indicators().assign(reference=NONE)
    figure = spine(frame, **WORDS, **texts("rygg"))
    assert not dots(figure.svg(WIDE), theme.FOCUS)
    assert figure.table["Säker skillnad"].isna().all()


def test_spine_prints_every_value_with_its_own_decimals() -> None:
    figure = spine(indicators(), **WORDS, **texts("rygg"))
    assert [row[2] for row in figure.to_payload()["rows"]] == ["50,0", "50,0", "31,00", None]
    for width in (WIDE, NARROW):
        words = written(figure.svg(width))
        assert words.count("50,0") == 2
        assert {"31,00", "uppgift saknas", "Okänd"} <= set(words)


def test_spine_says_who_is_better_in_words() -> None:
    alt = spine(indicators(), **WORDS, **texts("rygg")).alt
    assert "Säkert bättre än riket: Fler är bättre." in alt
    assert "Säkert sämre än riket: Färre är bättre." in alt
    assert "Ingen säker skillnad mot riket: Osäker." in alt
    assert "Uppgift saknas för Okänd." in alt


def test_spine_takes_rows_where_all_are_alike_and_rows_without_anything() -> None:
    alike = dict.fromkeys(
        ("value", "reference", "lowest", "lower_quartile", "upper_quartile", "highest"), 5.0
    )
    empty = dict.fromkeys(alike, NONE)
    one, other = indicators().head(2).to_dict("records")
    frame = pd.DataFrame([{**one, **alike}, {**other, **empty}])
    for width in (WIDE, NARROW):
        svg = spine(frame, **WORDS, **texts("rygg")).svg(width)
        assert "NaN" not in svg
        assert len(dots(svg, theme.FOCUS)) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [({"better": "sideways"}, "riktning"), ({"lowest": 99.0}, "i ordning")],
)
def test_spine_refuses_what_it_cannot_draw_truly(change: dict[str, Any], words: str) -> None:
    with pytest.raises(FigureError, match=words):
        spine(indicators().assign(**change), **WORDS, **texts("rygg"))

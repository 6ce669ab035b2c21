"""Forms that show ours within the spread of all: spine, beeswarm and scatter.

SYNTETISKA TESTDATA throughout.
"""

import itertools
import math
import re
from typing import Any

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from test_figures_forms import (
    ACROSS,
    NONE,
    UP,
    WESTMANLAND,
    everywhere,
    indicators,
    intervals,
    many,
    texts,
    written,
)

from affarsplan_data import regions
from affarsplan_data.figures import (
    Axis,
    FigureError,
    beeswarm,
    choropleth,
    interval_dots,
    map_names,
    rows,
    scatter,
    spine,
    theme,
)
from affarsplan_data.figures.block import NARROW, WIDE
from affarsplan_data.figures.nearby import beside
from affarsplan_data.figures.swarm import flags, settle
from affarsplan_data.swedish import number

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


SWARM: dict[str, Any] = {"emphasis": WESTMANLAND, "group": "våra kommuner"}
PLACES = st.floats(0, 300).map(lambda v: round(v, 1))


@given(st.lists(st.tuples(PLACES, st.sampled_from([2.5, 4.0])), min_size=1, max_size=80))
def test_dots_of_a_swarm_never_overlap(dots: list[tuple[float, float]]) -> None:
    places, radii = [p for p, _ in dots], [r for _, r in dots]
    away = settle(places, radii)
    for i, j in itertools.combinations(range(len(dots)), 2):
        apart = math.hypot(places[i] - places[j], away[i] - away[j])
        assert apart >= radii[i] + radii[j] - 1e-6


@given(st.lists(st.tuples(PLACES, st.floats(20, 120)), min_size=1, max_size=12))
def test_names_above_a_swarm_meet_neither_names_nor_poles(
    labels: list[tuple[float, float]],
) -> None:
    places, widths = [p for p, _ in labels], [w for _, w in labels]
    raised = flags(places, widths, -100, 400)
    ends = [
        (p - w, p) if flag.leftward else (p, p + w)
        for p, w, flag in zip(places, widths, raised, strict=True)
    ]
    for i, j in itertools.permutations(range(len(labels)), 2):
        if raised[i].level == raised[j].level:
            assert ends[i][1] <= ends[j][0] or ends[j][1] <= ends[i][0]
        if raised[i].level > raised[j].level:
            # The pole of the higher one passes the lower one's text.
            assert not ends[j][0] < places[i] < ends[j][1]


def test_swarm_marks_names_and_counts_ours_among_all() -> None:
    frame = everywhere()
    riket = pd.DataFrame({"region": ["00"], "label": ["Riket"], "value": [50.0]})
    frame = pd.concat([frame, riket], ignore_index=True)
    figure = beeswarm(frame, reference="00", **SWARM, **texts("svarm"))
    for width in (WIDE, NARROW):
        svg = figure.svg(width)
        words = " ".join(written(svg))
        for code in WESTMANLAND:
            value = frame.loc[frame["region"] == code, "value"].iloc[0]
            assert f"{regions.name(code)} {number(value, 1)}" in words
        assert "Riket 50,0" in words
        assert len(re.findall('<circle[^>]*data-series="others"', svg)) == 280
    rows = figure.to_payload()["rows"]
    assert len(rows) == 10 + 1 + 5
    assert rows[10][0] == "Riket"
    assert [row[1] for row in rows[:10]] == sorted((row[1] for row in rows[:10]), reverse=True)
    median = frame.loc[frame["region"] != "00", "value"].median()
    assert next(row[1] for row in rows if row[0].startswith("Median")) == pytest.approx(median)


def test_swarm_says_which_of_ours_it_lacks() -> None:
    frame = everywhere()
    frame.loc[frame["region"].isin(["1980", "1984"]), "value"] = NONE
    figure = beeswarm(frame, **SWARM, **texts("svarm"))
    assert "uppgift saknas: Arboga och Västerås" in written(figure.svg(WIDE))
    assert "Uppgift saknas för 2 av dem, bland dem Arboga och Västerås." in figure.alt
    lacking = [row for row in figure.to_payload()["rows"] if row[1] is None]
    assert [row[0] for row in lacking] == ["Arboga", "Västerås"]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_swarm_of_equals_is_no_taller_than_a_screen(width: int) -> None:
    frame = everywhere().assign(value=[100.0, *[5.0] * 289])
    svg = beeswarm(frame, **SWARM, **texts("svarm")).svg(width)
    (height,) = re.findall(r'viewBox="0 0 \d+ ([\d.]+)"', svg)
    assert float(height) < 720


def test_many_emphasised_are_all_coloured_but_only_the_ends_are_named() -> None:
    ours = regions.municipalities("14")
    svg = beeswarm(everywhere(), emphasis=ours, **texts("svarm")).svg(WIDE)
    (coloured,) = re.findall(rf'<g[^>]*fill="{theme.FOCUS}"[^>]*>(.*?)</g>', svg, re.DOTALL)
    assert len(re.findall('<circle[^>]*data-series="ours"', coloured)) == len(ours)
    named = [w for w in written(svg) if any(w.startswith(f"{regions.name(c)} ") for c in ours)]
    assert 6 <= len(set(named)) <= 7


def test_scatter_names_ours_and_crosses_at_riket() -> None:
    figure = scatter(
        everywhere(), x=ACROSS, y=UP, emphasis=WESTMANLAND, quadrants=(30_000, 50), **texts("moln")
    )
    for width in (WIDE, NARROW):
        words = written(figure.svg(width))
        assert {regions.name(code) for code in WESTMANLAND} <= set(words)
        assert {"riket 30\u202f000", "riket 50,0", "Folkmängd, invånare", "Andel, procent"} <= set(
            words
        )
    frame = everywhere()
    both = int(((frame["other"] > 30_000) & (frame["value"] > 50)).sum())
    assert f"Högre än riket i båda: {both}," in figure.alt
    assert len(figure.table) == 10 + 1 + 5


def test_scatter_of_few_areas_has_them_all_in_the_table() -> None:
    frame = everywhere().head(20)
    frame.loc[3, "value"] = NONE
    figure = scatter(frame, x=ACROSS, y=UP, emphasis=["0114"], **texts("moln"))
    assert len(figure.table) == 20
    assert "Uppgift saknas för 1." in figure.alt


def test_log_axis_has_round_ticks_and_equal_steps() -> None:
    figure = scatter(everywhere(), x=ACROSS, y=UP, emphasis=[], x_log=True, **texts("moln"))
    svg = figure.svg(WIDE)
    places = {
        t: float(x)
        for x, t in re.findall(
            r'<text[^>]*translate\(([-\d.]+),[-\d.]+\)"[^>]*>([\d\u202f]+)<', svg
        )
    }
    ticks = [places[t] for t in ("1\u202f000", "10\u202f000", "100\u202f000")]
    assert ticks[1] - ticks[0] == pytest.approx(ticks[2] - ticks[1], abs=0.2)


@pytest.mark.parametrize(
    ("change", "more", "words"),
    [
        ({"other": 0.0}, {"x_log": True}, "logaritmisk"),
        ({"other": NONE}, {}, "båda värdena"),
        ({}, {"y": Axis("other", "Annat")}, "samma sak"),
        ({}, {"y": Axis("borta", "Annat")}, "borta"),
    ],
)
def test_scatter_refuses_what_it_cannot_draw(
    change: dict[str, Any], more: dict[str, Any], words: str
) -> None:
    given_axes = {"x": ACROSS, "y": UP, **more}
    with pytest.raises(FigureError, match=words):
        scatter(everywhere().assign(**change), emphasis=[], **given_axes, **texts("moln"))


def test_names_beside_points_keep_out_of_each_other() -> None:
    points = [(100.0, 100.0), (104.0, 103.0), (98.0, 97.0), (195.0, 5.0)]
    widths = [80.0, 60.0, 70.0, 90.0]
    placed = beside(points, widths, 16, [], (0, 0, 200, 200))
    boxes = []
    for place, width in zip(placed, widths, strict=True):
        left = place.x - {"left": 0, "center": width / 2, "right": width}[place.align]
        boxes.append((left, place.y - 8, left + width, place.y + 8))
        assert left >= 0
        assert left + width <= 200
    for a, b in itertools.combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_one_wide_interval_does_not_press_the_others_together() -> None:
    frame = intervals()
    even = interval_dots(frame, "1980", **texts("intervall"))
    frame.loc[3, ["low", "high"]] = [-900.0, 900.0]
    figure = interval_dots(frame, "1980", **texts("intervall"))
    assert "intervallet fortsätter utanför figuren" in written(figure.svg(WIDE))
    assert "intervallet fortsätter utanför figuren" not in written(even.svg(WIDE))
    assert "−900,0 till 900,0" in " ".join(written(figure.svg(WIDE)))
    xs = [float(x) for x in re.findall(r"<path transform=\"translate\(([\d.]+)", figure.svg(WIDE))]
    assert max(xs) - min(xs) > 100


def test_county_among_its_municipalities_is_a_square_with_a_bold_name() -> None:
    svg = interval_dots(intervals(), "1980", totals=["00"], **texts("intervall")).svg(WIDE)
    assert re.search(r'<text[^>]*font-weight="bold"[^>]*>Riket<', svg)
    assert len(re.findall(rf'<path[^>]*fill="{theme.REFERENCE}"', svg)) == 1


def test_map_shows_women_and_men_beside_the_dots_when_it_has_them() -> None:
    frame = many().assign(women=lambda f: f["value"] + 2, men=lambda f: f["value"] - 2)
    frame.loc[frame["region"] == "1904", ["value", "men"]] = NONE
    figure = choropleth(frame, WESTMANLAND, focus="1980", reference="00", **texts("karta"))
    assert list(figure.table.columns) == ["Område", "Procent", "Kvinnor", "Män"]
    assert figure.to_payload()["rows"][-1] == ["Riket", 50, 52, 48]
    for width in (WIDE, NARROW):
        svg = figure.svg(width)
        assert {"kvinnor", "män"} <= set(written(svg))
        # One more of each in the key; one municipality lacks all, one lacks men.
        assert len(re.findall(rf'<path[^>]*fill="{theme.WOMEN}"', svg)) == 9 + 1
        assert len(re.findall(rf'<path[^>]*fill="{theme.MEN}"', svg)) == 8 + 1
        assert written(svg).count("uppgift saknas") == 2
    assert "Kvinnor: högst är" in figure.alt


def test_map_keeps_all_and_both_sexes_visible_and_says_which_is_which() -> None:
    frame = many().assign(women=lambda f: f["value"], men=lambda f: f["value"] + 0.01)
    figure = choropleth(frame, WESTMANLAND, **texts("karta"))
    for width in (WIDE, NARROW):
        svg = figure.svg(width)
        assert "alla, i kartans färg" in written(svg)
        # The unit stands over the map's classes and at the dots' axis.
        assert written(svg).count("procent") == 2
        found = re.findall(r'translate\([\d.]+,([\d.]+)\)"[^>]*data-series="(\w+)"', svg)
        order = [series for _, series in found]
        assert order == ["total"] * 9 + ["women"] * 9 + ["men"] * 9
        heights = [float(y) for y, _ in found]
        pairs = zip(heights[9:18], heights[18:], strict=True)
        assert all(men - women == pytest.approx(8) for women, men in pairs)


def test_map_of_few_areas_names_each_of_them() -> None:
    for width in (WIDE, NARROW):
        words = written(choropleth(many(), WESTMANLAND, **texts("karta")).svg(width))
        # At the dots, and on the map (there with a rim of its own, where it stands in its area).
        assert all(words.count(regions.name(code)) >= 2 for code in WESTMANLAND)


def test_name_stands_in_its_area_only_where_it_fits_within_the_borders() -> None:
    lines = [("Kungsör", 11.0, False), ("29,3", 13.0, True)]
    assert map_names.inside(shapely.box(0, 0, 80, 60), lines, (40, 30)) is not None
    assert map_names.inside(shapely.box(0, 0, 40, 60), lines, (20, 30)) is None


def test_name_in_the_open_touches_no_area_and_no_text() -> None:
    shapes = {"a": shapely.box(50, 50, 80, 80), "b": shapely.box(80, 50, 140, 80)}
    taken = (90, 30, 140, 45)
    spot = map_names.outside(shapes, "a", "Kungsör", 11, [taken], (0, 0, 200, 200))
    assert spot is not None
    text = shapely.box(spot.x - 20, spot.y - 5, spot.x + 20, spot.y + 5)
    assert not any(text.intersects(other) for other in [*shapes.values(), shapely.box(*taken)])
    assert shapes["a"].contains(shapely.Point(spot.line[1]))
    assert map_names.outside(shapes, "a", "Kungsör", 11, [], (50, 50, 140, 80)) is None


def test_marks_on_the_same_place_move_apart_in_the_order_given() -> None:
    assert rows.apart([10, 40, NONE], 12) == [0, 0, 0]
    assert rows.apart([12, 10], 12) == [-4, 4]
    four = rows.apart([10, 10, 11, 10], 12)
    assert four == sorted(four)
    assert four[-1] - four[0] == 15


def test_a_name_moves_off_two_points_to_a_free_place_near_by() -> None:
    others = [(130.0, 100.0), (140.0, 100.0)]
    (place,) = beside([(100.0, 100.0)], [60.0], 16, others, (94, 0, 300, 300))
    assert place.joined
    assert abs(place.y - 100) > 8


def test_the_axis_of_powers_is_called_logarithmic() -> None:
    figure = scatter(
        everywhere(), x=ACROSS, y=UP, x_log=True, emphasis=WESTMANLAND, **texts("moln")
    )
    assert "logaritmisk skala" in figure.alt

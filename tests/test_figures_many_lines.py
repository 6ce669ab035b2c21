"""Small multiples, corridors, bands and part bars on small SYNTETISKA TESTDATA."""

import itertools
import re
from typing import Any

import pandas as pd
import pytest

from affarsplan_data.figures import (
    FigureError,
    corridor,
    lines,
    part_bars,
    small_multiples,
    theme,
)
from affarsplan_data.figures.block import NARROW, WIDE
from tests.test_figures_forms import (
    FORMS,
    NONE,
    PARTS,
    decided,
    panels,
    parts,
    places,
    series,
    texts,
    written,
)


def paths(svg: str, colour: str) -> list[str]:
    """Return the lines drawn in ``colour``: paths that are stroked and not filled."""
    found = re.findall(rf'<path[^>]*d="([^"]+)"[^>]*stroke="{colour}"[^>]*>', svg)
    return [d for d in found if "L" in d and not d.endswith("Z")]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("count", [1, 2, 4, 7, 10, 12])
def test_panels_stand_apart_and_inside_the_picture(count: int, width: int) -> None:
    svg = small_multiples(panels(count), **texts("rutor")).svg(width)
    height = float(re.findall(r'viewBox="0 0 \d+ ([\d.]+)"', svg)[0])
    titles = places(svg, "Ruta")
    assert len(set(titles)) == count
    for (x1, y1), (x2, y2) in itertools.combinations(titles, 2):
        assert abs(x1 - x2) > 90 or abs(y1 - y2) > 90
    left, top = map(float, re.findall(r"translate\(([\d.]+),([\d.]+)\)", svg)[0])
    assert all(0 < x + left < width and 0 < y + top < height for x, y in places(svg, ""))
    assert len(paths(svg, theme.WOMEN)) == len(paths(svg, theme.MEN)) == count


def test_panels_share_their_axes() -> None:
    svg = small_multiples(panels(2), zero=True, **texts("rutor")).svg(WIDE)
    first, second = (y for _, y in places(svg, "Ruta"))
    assert first == second
    # Panel 1 ends at 10 and panel 2 at 11: one step apart on one scale, whatever the panel.
    ends = {word: places(svg, word)[-1][1] for word in ("10,0", "12,0")}
    assert ends["12,0"] < ends["10,0"]
    assert written(svg).count("2014") == written(svg).count("2023") == 2


def test_panel_line_is_cut_at_gaps_and_breaks() -> None:
    frame = panels(1, ("women",))
    whole, gap = (
        small_multiples(f, **texts("rutor")).svg(WIDE)
        for f in (frame, frame.assign(value=frame["value"].where(frame["period"] != "2018")))
    )
    assert [len(paths(svg, theme.WOMEN)) for svg in (whole, gap)] == [1, 2]
    cut = small_multiples(
        frame.assign(segment=(frame["period"] > "2018").astype(int)), **texts("rutor")
    )
    assert len(paths(cut.svg(WIDE), theme.WOMEN)) == 2
    assert "tidsseriebrott" in written(cut.svg(NARROW))
    assert "tidsseriebrott" not in written(whole)
    assert cut.table["Tidsserie"].unique().tolist() == ["del 1", "del 2"]
    assert "brutna" in cut.alt


def test_panels_own_series_and_reference() -> None:
    figure = small_multiples(panels(3, ("own", "00")), reference="00", **texts("rutor"))
    svg = figure.svg(WIDE)
    assert {"kommunen", "Riket"} <= set(written(svg))
    assert list(figure.table.columns) == ["Område", "År", "Kommunen", "Riket"]
    dashed = re.findall(rf'<path[^>]*stroke="{theme.REFERENCE}"[^>]*stroke-dasharray', svg)
    assert len(dashed) == 3


def test_panel_without_values_says_so_and_a_single_year_stands_in_the_middle() -> None:
    frame = panels(2)
    empty = frame.assign(value=frame["value"].where(frame["panel"] == "1"))
    figure = small_multiples(empty, **texts("rutor"))
    assert written(figure.svg(NARROW)).count("uppgift saknas") == 1
    assert "Uppgift saknas för Ruta 2." in figure.alt
    single = small_multiples(frame[frame["period"] == "2014"], **texts("rutor")).svg(WIDE)
    assert [w for w in written(single) if re.fullmatch(r"20\d\d", w)] == ["2014", "2014"]


def test_panels_refuse_more_series_than_can_be_told_apart() -> None:
    with pytest.raises(FigureError, match="högst 4"):
        small_multiples(panels(1, ("a", "b", "c", "d", "e")), **texts("rutor"))
    with pytest.raises(FigureError, match="inga värden"):
        small_multiples(panels().assign(value=NONE), **texts("rutor"))
    with pytest.raises(FigureError, match="segment"):
        small_multiples(panels().drop(columns="segment"), **texts("rutor"))


def bars(svg: str) -> dict[str, list[tuple[float, float]]]:
    """Return the bars as (left, right) by colour."""
    found: dict[str, list[tuple[float, float]]] = {}
    for d, fill in re.findall(r'<path[^>]*d="([^"]+)"[^>]*fill="(#\w+)"', svg):
        corners = re.fullmatch(r"M([\d.]+),[\d.]+h([\d.]+)v[\d.]+h-[\d.]+Z", d)
        if corners:
            left, width = map(float, corners.groups())
            found.setdefault(fill, []).append((left, left + width))
    return found


def test_parts_of_one_sign_stand_end_to_end_from_zero() -> None:
    svg = FORMS["part_bars"]().svg(WIDE)
    (country, trade), (mix, _), (region, _) = (bars(svg)[f] for f in list(bars(svg))[:3])
    assert country[0] == pytest.approx(mix[1], abs=0.05)
    assert region[0] == pytest.approx(country[1], abs=0.05)
    assert trade[0] == pytest.approx(country[0], abs=0.05)
    assert (mix[1] - mix[0]) / (country[1] - country[0]) == pytest.approx(8 / 5, rel=0.001)


def test_parts_print_their_sum_and_an_unknown_part_leaves_it_unknown() -> None:
    figure = FORMS["part_bars"]()
    words = written(figure.svg(NARROW))
    assert {"summa", "−2,0", "+6,0", "uppgift saknas"} <= set(words)
    assert figure.to_payload()["rows"] == [
        ["Industri", 5, -8, 1, -2],
        ["Handel", 1, 1, 4, 6],
        ["Vård", 1, None, 2, None],
    ]
    assert "Uppgift saknas för Vård." in figure.alt
    without = part_bars(parts(), parts=PARTS, total=False, **texts("delar"))
    assert "summa" not in written(without.svg(WIDE))
    assert "Summa" not in without.table


def test_the_mark_of_a_sum_does_not_hide_a_small_part() -> None:
    small = pd.DataFrame(
        [["Vård", 0.4, 0.4, 0.4], ["Industri", 30, 30, 30]],
        columns=["label", *(column for column, _ in PARTS)],
    )
    svg = part_bars(small, parts=PARTS, **texts("sma")).svg(WIDE)
    marks = re.findall(rf'<line[^>]*stroke="{theme.TEXT}"[^>]*data-series="sum"', svg)
    assert len(marks) == len(small)


def test_parts_separate_in_greyscale() -> None:
    from affarsplan_data.figures.part_bars import _FILLS

    shades = [theme.contrast(fill, theme.WHITE) for fill in _FILLS]
    assert all(max(a, b) / min(a, b) > 1.5 for a, b in itertools.pairwise(shades))


@pytest.mark.parametrize(
    ("frame", "chosen", "says"),
    [
        (parts(), PARTS[:1], "två till"),
        (parts(), (*PARTS, ("none", "okänd")), "none"),
        (parts().assign(mix=NONE), PARTS, "alla delar"),
        (pd.concat([parts(), parts()]), PARTS, "flera rader"),
    ],
)
def test_parts_refuse_what_they_cannot_show(frame: Any, chosen: Any, says: str) -> None:
    with pytest.raises(FigureError, match=says):
        part_bars(frame, parts=chosen, **texts("fel"))


def test_corridor_runs_to_its_end_year_and_says_how_far_off_we_are() -> None:
    figure = FORMS["corridor"]()
    words = " ".join(written(figure.svg(WIDE)))
    assert "bana till 2030 40,0" in words
    assert "basår 2018" in words
    assert "Område 19 97,0 (2020)" in words
    assert "2030" in written(figure.svg(NARROW))
    assert "2020 ligger Område 19 över banan: 97,0 mot 90,0." in figure.alt
    rows = figure.to_payload()["rows"]
    assert [row[0] for row in rows] == [str(y) for y in range(2018, 2031)]
    assert rows[2] == ["2020", 92, 97, 90]
    assert rows[-1] == ["2030", None, None, 40]


def test_corridor_needs_a_path() -> None:
    with pytest.raises(FigureError, match="minst två år"):
        corridor(
            series({"19": [1, 2]}),
            focus="19",
            path=decided().head(1),
            path_label="bana",
            base_year="2018",
            **texts("fel"),
        )


def test_band_is_cut_where_the_line_is_and_whiskers_replace_it_for_survey_rounds() -> None:
    frame = series({"19": [1, 2, NONE, 3, 4]}, low=0.0, high=5.0)
    svg = lines(frame, "19", **texts("band")).svg(WIDE)
    band = re.findall(r'<path[^>]*fill="#12436D"[^>]*opacity="0.2"', svg)
    assert len(band) == 2
    marked = lines(frame, "19", points=True, **texts("enkat")).svg(WIDE)
    assert 'opacity="0.2"' not in marked
    whiskers = re.findall(r'<line[^>]*stroke="#12436D"[^>]*stroke-width="1.6"', marked)
    assert len(whiskers) == 4
    assert "osäkerhetsintervall" in written(marked)


def test_the_key_shows_whose_interval_each_band_is_in_the_bands_colour() -> None:
    frame = series({"19": [1, 2, 3], "00": [2, 2, 2]}, low=0.0, high=5.0)
    svg = lines(frame, "19", reference="00", **texts("band")).svg(WIDE)
    own, other = "osäkerhetsintervall, Område 19", "osäkerhetsintervall, Område 00"
    assert [word for word in written(svg) if word.startswith("osäker")] == [own, other]
    # 20 percent of the lines' colours on white, as the bands are drawn.
    for shade in ("#D0D9E2", "#D8D8D8"):
        assert re.search(rf'<path[^>]*fill="{shade}"[^>]*data-entry="limits-', svg)


def test_several_breaks_are_explained_once_in_the_key() -> None:
    frame = series({"19": [1, 2, 3, 4, 5, 6]}).assign(segment=[0, 1, 1, 2, 2, 2])
    svg = lines(frame, "19", **texts("brott")).svg(WIDE)
    assert written(svg).count("tidsseriebrott") == 1
    dotted = re.findall(r'<line[^>]*stroke-width="1.4"[^>]*stroke-dasharray="2,3"', svg)
    # Both rules, and the one in the key.
    assert len(dotted) == 3


def test_whiskers_of_women_and_men_do_not_lie_on_each_other() -> None:
    frame = series({"w": [1, 2], "m": [1, 2]}, low=0.0, high=5.0)
    svg = lines(frame, None, styles={"w": "women", "m": "men"}, points=True, **texts("enkat")).svg(
        WIDE
    )
    pattern = r'<line transform="translate\(([-\d.]+),[^>]*stroke="{}" stroke-width="1.6"'
    xs = {c: re.findall(pattern.format(c), svg) for c in (theme.WOMEN, theme.MEN)}
    assert len(xs[theme.WOMEN]) == len(xs[theme.MEN]) == 2
    assert not set(xs[theme.WOMEN]) & set(xs[theme.MEN])


def test_line_that_ends_early_says_when() -> None:
    frame = pd.concat([series({"19": [1, 2]}), series({"00": [1, 2, 3]})])
    words = " ".join(written(lines(frame, "19", **texts("tidig")).svg(WIDE)))
    assert "Område 19 2,0 (2019)" in words
    assert "Område 00 3,0 (" not in words


def test_years_without_a_row_are_a_gap_and_every_other_year_is_not() -> None:
    yearly = series({"19": [1, 2, 3, 4]})
    late = yearly.assign(period=["2014", "2015", "2021", "2022"])
    assert len(paths(lines(late, "19", **texts("lucka")).svg(WIDE), theme.FOCUS)) == 2
    rounds = yearly.assign(period=["2014", "2016", "2018", "2020"])
    assert len(paths(lines(rounds, "19", **texts("vartannat")).svg(WIDE), theme.FOCUS)) == 1
    survey = lines(late, "19", points=True, **texts("enkat")).svg(WIDE)
    assert len(paths(survey, theme.FOCUS)) == 1

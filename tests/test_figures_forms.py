"""Each chart form on small SYNTETISKA TESTDATA: what must be seen in the picture and the table."""

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import pytest

from affarsplan_data import regions
from affarsplan_data.figures import (
    Axis,
    Figure,
    FigureError,
    HeatColumn,
    beeswarm,
    choropleth,
    corridor,
    describe,
    diverging_bar,
    dumbbell,
    grouped_bar,
    heat_table,
    interval_dots,
    key_figures,
    lines,
    part_bars,
    rank_lines,
    ranked_bar,
    scatter,
    slope,
    small_multiples,
    spine,
    theme,
)
from affarsplan_data.figures.block import NARROW, WIDE
from affarsplan_data.figures.svg import unchecked

NONE = float("nan")
WESTMANLAND = regions.municipalities("19")


def texts(name: str, **more: Any) -> dict[str, Any]:
    words = {"title": "Påhittad titel", "source": "SYNTETISKA TESTDATA", "unit": "procent"}
    return {"name": name, **words, **more}


def series(values: dict[str, list[float]], first: int = 2018, **more: Any) -> pd.DataFrame:
    rows = [
        {"region": r, "label": f"Område {r}", "period": str(first + i), "value": v}
        for r, vs in values.items()
        for i, v in enumerate(vs)
    ]
    return pd.DataFrame(rows).assign(**{"segment": 0, "preliminary": False, **more})


def many() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region": ["00", *WESTMANLAND],
            "label": ["Riket", *map(regions.name, WESTMANLAND)],
            "value": [50.0, *(40.0 + 3.5 * i for i in range(9)), NONE],
        }
    )


def sexes() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region": ["1980", "1981", "1982"],
            "label": ["Västerås", "Sala", "Fagersta"],
            "women": [60.5, 55.0, NONE],
            "men": [70.5, NONE, NONE],
        }
    )


def groups() -> pd.DataFrame:
    rows = [
        ("Vård", "men", "män", 20),
        ("Vård", "women", "kvinnor", 80),
        ("Industri", "men", "män", 75),
    ]
    return pd.DataFrame(
        [*rows, ("Industri", "women", "kvinnor", 25)],
        columns=["category_label", "group", "group_label", "value"],
    )


def intervals() -> pd.DataFrame:
    return many().assign(low=lambda f: f["value"] - 4, high=lambda f: f["value"] + 4)


def ranks() -> pd.DataFrame:
    frame = series({"19": [2, 1, 3], "03": [1, 2, 1], "04": [3, 3, 2]})
    return frame.rename(columns={"value": "rank"}).assign(value=10.5)


def indicators() -> pd.DataFrame:
    words = {"unit": "procent", "decimals": 1, "better": "up", "certain": True}
    spread = {"lowest": 10.0, "lower_quartile": 20.0, "upper_quartile": 40.0, "highest": 60.0}
    rows = [
        {"label": "Fler är bättre", "value": 50.0, "reference": 30.0},
        {"label": "Färre är bättre", "value": 50.0, "reference": 30.0, "better": "down"},
        {"label": "Osäker", "value": 31.0, "reference": 30.0, "certain": False, "decimals": 2},
        {"label": "Okänd", "value": NONE, "reference": 30.0},
    ]
    return pd.DataFrame([{**words, **spread, **row} for row in rows])


def four_ends() -> pd.DataFrame:
    rows = [
        ("women_native", "kvinnor, inrikes födda", 78.1, 84.2),
        ("men_native", "män, inrikes födda", 80.2, 85.0),
        ("women_foreign", "kvinnor, utrikes födda", 48.1, 61.3),
        ("men_foreign", "män, utrikes födda", 58.3, NONE),
    ]
    return pd.DataFrame(rows, columns=["key", "label", "first", "last"])


HEAT = (
    HeatColumn("work", "Sysselsättning", 1, "procent", "up"),
    HeatColumn("idle", "Arbetslöshet", 1, "procent", "down"),
    HeatColumn("people", "Folkmängd", 0, "personer", "neutral"),
)


def heat() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["Arboga", "Köping", "Sala", "Fagersta", "Riket"],
            "work": [71.0, 69.04, 69.0, NONE, 99.0],
            "idle": [6.0, 9.5, 8.0, 11.0, 1.0],
            "people": [14000.0, 26000.0, 23000.0, 13000.0, 10000000.0],
        }
    )


def panels(count: int = 10, series: tuple[str, ...] = ("women", "men")) -> pd.DataFrame:
    """Return ``count`` panels of ten years; a series named ``own`` is the panel's own."""
    names = {"women": "kvinnor", "men": "män", "own": "kommunen", "00": "Riket"}
    rows = [
        (
            f"{p}",
            f"Ruta {p}",
            f"{p}" if s == "own" else s,
            names.get(s, s),
            str(2014 + t),
            p + t + i,
        )
        for p in range(1, count + 1)
        for i, s in enumerate(series)
        for t in range(10)
    ]
    columns = ["panel", "panel_label", "series", "series_label", "period", "value"]
    return pd.DataFrame(rows, columns=columns).astype({"value": float}).assign(segment=0)


PARTS = (("country", "riksdel"), ("mix", "branschdel"), ("region", "regional del"))


def parts() -> pd.DataFrame:
    rows = [("Industri", 5.0, -8.0, 1.0), ("Handel", 1.0, 1.0, 4.0), ("Vård", 1.0, NONE, 2.0)]
    return pd.DataFrame(rows, columns=["label", "country", "mix", "region"])


def decided() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period": [str(year) for year in range(2018, 2031)],
            "value": [100.0 - 5 * i for i in range(13)],
        }
    )


def everywhere() -> pd.DataFrame:
    codes = regions.municipalities()
    values = [40 + (i * 37 % 290) ** 2 / 2500 for i in range(290)]
    frame = pd.DataFrame({"region": codes, "label": map(regions.name, codes), "value": values})
    frame["other"] = [1000.0 + (i * 53 % 290) ** 2 for i in range(290)]
    return frame


ACROSS, UP = Axis("other", "Folkmängd", "invånare", 0), Axis("value", "Andel", "procent")

FORMS: dict[str, Callable[[], Figure]] = {
    "lines": partial(lines, series({"19": [1, 2, 3], "00": [2, 2, 2]}), "19", **texts("linjer")),
    "ranked_bar": partial(ranked_bar, many(), "1980", reference="00", **texts("rang")),
    "dumbbell": partial(dumbbell, sexes(), emphasis=["1980"], **texts("hantel")),
    "choropleth": partial(
        choropleth, many(), WESTMANLAND, focus="1980", reference="00", **texts("karta")
    ),
    "grouped_bar": partial(grouped_bar, groups(), **texts("grupper")),
    "stacked_bar": partial(grouped_bar, groups(), stacked=True, **texts("staplade")),
    "diverging_bar": partial(
        diverging_bar,
        pd.DataFrame({"label": ["Industri", "Handel"], "value": [8.1, -2.5]}),
        **texts("avvikelse"),
    ),
    "rank_lines": partial(rank_lines, ranks(), "19", **texts("placering")),
    "interval_dots": partial(
        interval_dots, intervals(), "1980", reference="00", **texts("intervall")
    ),
    "spine": partial(
        spine, indicators(), focus_label="Ort", reference_label="riket", **texts("rygg")
    ),
    "small_multiples": partial(small_multiples, panels(), **texts("rutor")),
    "part_bars": partial(part_bars, parts(), parts=PARTS, **texts("delar")),
    "corridor": partial(
        corridor,
        series({"19": [100, 98, 97], "00": [100, 96, 92]}),
        focus="19",
        path=decided(),
        path_label="bana till 2030",
        base_year="2018",
        **texts("bana"),
    ),
    "slope": partial(slope, four_ends(), first="2010", last="2024", **texts("lutning")),
    "heat_table": partial(heat_table, heat(), columns=HEAT, reference=["Riket"], **texts("varme")),
    "beeswarm": partial(beeswarm, everywhere(), emphasis=WESTMANLAND, **texts("svarm")),
    "scatter": partial(
        scatter,
        everywhere(),
        x=ACROSS,
        y=UP,
        emphasis=WESTMANLAND,
        quadrants=(30_000, 50),
        **texts("moln"),
    ),
    "key_figures": partial(
        key_figures, pd.DataFrame({"Indikator": ["A"], "Värde": ["1,5 %"]}), **texts("nyckeltal")
    ),
}
DRAWN = [name for name in FORMS if FORMS[name]().chart]


def written(svg: str) -> list[str]:
    return [
        re.sub(r"<[^>]+>", " ", t) for t in re.findall(r"<text[^>]*>(.*?)</text>", svg, re.DOTALL)
    ]


def places(svg: str, pattern: str) -> list[tuple[float, float]]:
    found = re.findall(rf'<text[^>]*translate\(([-\d.]+),([-\d.]+)\)"[^>]*>{pattern}', svg)
    return [(float(x), float(y)) for x, y in found]


@pytest.mark.parametrize("name", FORMS)
def test_every_form_describes_itself_and_has_a_table(name: str) -> None:
    figure = FORMS[name]()
    assert len(figure.alt.split()) >= 3
    assert figure.alt.endswith(".")
    assert len(figure.table) >= 1
    assert figure.to_payload()["rows"]


@pytest.mark.parametrize("name", DRAWN)
def test_every_form_fits_both_widths_and_writes_swedish_numbers(name: str) -> None:
    figure = FORMS[name]()
    for width in (WIDE, NARROW):
        svg = figure.svg(width)
        assert f'viewBox="0 0 {width} ' in svg
        assert "clip-path" not in svg
        assert not [t for t in written(svg) if re.search(r"\d\.\d|NaN|undefined|null", t)]
    assert figure.svg(WIDE) != figure.svg(NARROW)


@pytest.mark.parametrize("name", DRAWN)
def test_every_form_is_true_to_the_schema_and_the_same_unchecked(name: str) -> None:
    figure = FORMS[name]()
    for width in (WIDE, NARROW):
        checked = figure.picture(width).to_dict()
        with unchecked():
            assert figure.picture(width).to_dict(validate=False) == checked


@pytest.mark.parametrize("name", DRAWN)
def test_own_alt_is_used_as_it_is(name: str) -> None:
    made = FORMS[name]
    assert isinstance(made, partial)
    assert partial(made, alt="Min egen text.")().alt == "Min egen text."


def test_line_is_cut_at_a_break_and_says_so() -> None:
    frame = series({"19": [1, 2, 3, 4]})
    whole = lines(frame, "19", **texts("hel")).svg(WIDE)
    cut = lines(frame.assign(segment=[1, 1, 2, 2]), "19", **texts("hel")).svg(WIDE)
    assert "tidsseriebrott" in " ".join(written(cut))
    assert "tidsseriebrott" not in " ".join(written(whole))
    strokes = [
        re.findall(r'<path[^>]*stroke="#12436D"[^>]*stroke-width="3.2"', s) for s in (whole, cut)
    ]
    assert [len(s) for s in strokes] == [1, 2]


def test_gap_in_a_line_is_not_bridged_and_a_lone_point_is_marked() -> None:
    svg = lines(series({"19": [1, NONE, 3, 4]}), "19", **texts("lucka")).svg(WIDE)
    assert len(re.findall(r'<path[^>]*stroke="#12436D"[^>]*stroke-width="1.8"', svg)) == 1
    table = lines(series({"19": [1, NONE, 3, 4]}), "19", **texts("lucka")).to_payload()["rows"]
    assert table[1] == ["2019", None]


def test_preliminary_years_are_named_in_key_and_table() -> None:
    frame = series({"19": [1, 2, 3]}, preliminary=[False, False, True])
    figure = lines(frame, "19", **texts("prel"))
    assert "preliminär uppgift" in written(figure.svg(WIDE))
    assert figure.table["År"].tolist() == ["2018", "2019", "2020 (preliminär)"]


def test_years_have_no_separator_and_no_decimals() -> None:
    frame = series({"19": list(range(1000, 1020))}, first=2001)
    words = written(lines(frame, "19", **texts("ar")).svg(NARROW))
    years = [w for w in words if re.fullmatch(r"20\d\d", w)]
    assert "2020" in years
    assert len(years) >= 3
    assert not [w for w in words if re.search(r"2.0\d\d|20\d\d,", w) and w not in years]


def test_end_labels_never_overlap() -> None:
    frame = series({f"{i:02d}": [10.0, 20 + i / 100] for i in range(1, 9)})
    svg = lines(frame, "01", **texts("tatt")).svg(WIDE)
    ys = sorted(y for _, y in places(svg, "Område"))
    assert len(ys) == 8
    assert min(b - a for a, b in itertools.pairwise(ys)) >= 13


def test_bars_are_sorted_with_missing_last() -> None:
    figure = FORMS["ranked_bar"]()
    values = [row[1] for row in figure.to_payload()["rows"]]
    assert values[:-1] == sorted(values[:-1], reverse=True)
    assert values[-1] is None
    assert "Riket 50,0" in written(figure.svg(WIDE))


def test_bar_values_stay_at_their_bars_also_across_the_reference_rule() -> None:
    frame = pd.DataFrame(
        {"region": ["00", "19", "03"], "label": ["Riket", "V", "U"], "value": [50.0, 49.0, 90.0]}
    )
    for values in ([50.0, 49.0, 90.0], [89.0, 49.0, 90.0]):
        svg = ranked_bar(frame.assign(value=values), "19", reference="00", **texts("linje")).svg(
            WIDE
        )
        (value, _) = places(svg, "49,0")[0]
        assert value == pytest.approx(places(svg, "90,0")[0][0] * 49 / 90, abs=20)


def test_negative_values_get_a_true_minus() -> None:
    frame = pd.DataFrame({"region": ["19", "03"], "label": ["V", "U"], "value": [-4.5, 3.0]})
    assert "−4,5" in written(ranked_bar(frame, "19", **texts("minus")).svg(WIDE))


def test_women_come_first_in_keys_and_columns() -> None:
    for name in ("dumbbell", "grouped_bar", "stacked_bar"):
        figure = FORMS[name]()
        columns = list(figure.table.columns)
        assert columns.index("Kvinnor") < columns.index("Män")
        words = written(figure.svg(WIDE))
        assert words.index("kvinnor") < words.index("män")


def test_dumbbell_says_where_nothing_is_known() -> None:
    words = written(FORMS["dumbbell"]().svg(WIDE))
    assert words.count("uppgift saknas") >= 1
    assert {"60,5", "70,5", "55,0"} <= set(words)


def test_dumbbell_tells_apart_marks_on_the_same_place_and_whose_the_numbers_are() -> None:
    frame = pd.DataFrame(
        [["19", "Västmanland", 27.6, 27.7], ["03", "Uppsala", 20.0, 80.0]],
        columns=["region", "label", "women", "men"],
    )
    for width in (WIDE, NARROW):
        svg = dumbbell(frame, **texts("nara")).svg(width)
        assert {"K 27,6", "M 27,7", "20,0", "80,0"} <= set(written(svg))
        assert {"kvinnor (K)", "män (M)"} <= set(written(svg))
        marks = re.findall(
            r'<path transform="translate\([\d.]+,([\d.]+)\)"[^>]*data-key="19" data-series="(\w+)"',
            svg,
        )
        (men, _), (women, _) = sorted(marks, key=lambda mark: mark[1])
        assert float(men) - float(women) >= 6
        assert "män: 27,7\u00a0procent" in svg
    years = frame.rename(columns={"women": "first", "men": "last"})
    svg = dumbbell(years, groups=[("first", "2015"), ("last", "2024")], **texts("ar")).svg(WIDE)
    assert {"2015 27,6", "2024 27,7", "2015"} <= set(written(svg))
    apart = dumbbell(frame.tail(1), **texts("isar")).svg(WIDE)
    assert {"kvinnor", "män"} <= set(written(apart))


def test_four_groups_differ_in_more_than_colour() -> None:
    frame = pd.DataFrame(
        [["19", "Västmanland", 1.0, 2.0, 3.0, 4.0]],
        columns=["region", "label", "women_native", "men_native", "women_foreign", "men_foreign"],
    )
    chosen = [(c, c.replace("_", " ")) for c in frame.columns[2:]]
    svg = dumbbell(frame, groups=chosen, **texts("fyra")).svg(WIDE)
    assert {"1,0", "4,0"} <= set(written(svg))
    looks = re.findall(
        r'<path[^>]*d="(M[^"]{6,})"[^>]*fill="([^"]+)"[^>]*stroke="(#801650|#28A197)"', svg
    )
    assert len({(path[:12], fill) for path, fill, _ in looks}) >= 4


def test_map_prints_every_number_and_marks_missing() -> None:
    figure = FORMS["choropleth"]()
    for width in (WIDE, NARROW):
        words = written(figure.svg(width))
        for value in figure.table["Procent"].dropna():
            assert f"{value:.1f}".replace(".", ",") in " ".join(words)
        assert "–" in words
        assert "– uppgift saknas" in words


def test_map_refuses_an_area_it_knows_nothing_about() -> None:
    with pytest.raises(FigureError, match="1984"):
        choropleth(many().query("region != '1984'"), WESTMANLAND, **texts("lucka"))


def test_shares_sum_to_a_hundred_and_counts_stay_in_the_table() -> None:
    counts = groups().assign(value=[4, 16, 75, 25])
    table = grouped_bar(counts, stacked=True, **texts("antal")).table
    assert (table[["Kvinnor, procent", "Män, procent"]].sum(axis=1) == 100).all()
    assert table["Kvinnor"].tolist() == [16, 25]
    assert list(FORMS["stacked_bar"]().table)[1:] == ["Kvinnor", "Män"]
    with pytest.raises(FigureError, match="alla värden"):
        grouped_bar(groups().assign(value=[1, 2, NONE, 4]), stacked=True, **texts("hal"))


def test_a_place_that_several_have_is_told_as_shared() -> None:
    assert describe.standing("Sala", 3.0, [3.0, 3.0, 1.0], "", 1).endswith("delad plats 1 av 3.")
    assert describe.standing("Sala", 1.0, [3.0, 3.0, 1.0], "", 1).endswith("1,0, plats 3 av 3.")


def test_a_whole_may_lack_a_group_only_where_the_others_are_all_of_it() -> None:
    shares = groups().assign(value=[40, 60, 25, 75]).astype({"value": float})
    rest = shares.assign(group=shares["group"].mask(shares.index == 3, "rest"))
    rest.loc[3, "group_label"] = "okänt"
    shown = grouped_bar(rest, stacked=True, **texts("rest"))
    assert list(shown.table)[1:] == ["Kvinnor", "Män", "Okänt"]
    assert "Uppgift saknas" not in shown.alt
    assert "40" in shown.svg(680)
    with pytest.raises(FigureError, match="alla värden"):
        grouped_bar(rest.assign(value=[40, 60, 25, 70]), stacked=True, **texts("rest"))


def test_shares_have_rules_at_the_limits_that_are_spoken_of() -> None:
    plain = FORMS["stacked_bar"]().svg(WIDE)
    for width in (WIDE, NARROW):
        svg = grouped_bar(groups(), stacked=True, band=(40, 60), **texts("jamn")).svg(width)
        assert {"40 och 60 procent", "40", "60"} <= set(written(svg))
        rules = re.findall(rf'<line[^>]*stroke="{theme.TEXT}"[^>]*stroke-width="1.4"', svg)
        assert len(rules) == 2
    assert "40 och 60 procent" not in written(plain)


def test_diverging_bars_say_which_side_is_which() -> None:
    words = " ".join(written(FORMS["diverging_bar"]().svg(NARROW)))
    assert "lägre än riket" in words
    assert "högre än riket" in words
    assert "+8,1" in words
    assert "−2,5" in words


def test_rank_one_is_on_top_and_ours_is_printed() -> None:
    svg = FORMS["rank_lines"]().svg(WIDE)
    ends = {
        label: places(svg, label)[0][1] for label in ("1 Område 03", "2 Område 04", "3 Område 19")
    }
    assert list(ends.values()) == sorted(ends.values())
    assert {"1", "2", "3"} <= set(written(svg))
    assert list(FORMS["rank_lines"]().table.columns)[:3] == [
        "År",
        "Område 19, placering",
        "Område 19, procent",
    ]


def test_intervals_are_printed_beside_their_value() -> None:
    words = written(FORMS["interval_dots"]().svg(WIDE))
    assert "40,0 (36,0–44,0)" in words


@pytest.mark.parametrize("form", [ranked_bar, interval_dots, lines, rank_lines])
def test_a_missing_column_is_named(form: Callable[..., Figure]) -> None:
    with pytest.raises(FigureError, match="label"):
        form(pd.DataFrame({"region": ["19"]}), "19", **texts("kolumn"))


def test_a_repeated_region_is_refused() -> None:
    with pytest.raises(FigureError, match="flera rader"):
        ranked_bar(pd.concat([many(), many()]), "19", **texts("dubbel"))


def test_slope_names_each_end_and_keeps_the_dumbbells_look() -> None:
    figure = FORMS["slope"]()
    svg = figure.svg(WIDE)
    words = written(svg)
    assert {"2010", "2024", "procent"} <= set(words)
    assert " ".join(words).count("kvinnor, utrikes") == 2
    assert figure.table["Förändring"].round(1).tolist()[:3] == [6.1, 4.8, 13.2]
    assert figure.to_payload()["rows"][3][2:] == [None, None]
    marks = re.findall(r'fill="(#\w+)"[^>]*stroke="(#801650|#28A197)"', svg)
    assert {(fill == "#FFFFFF", stroke) for fill, stroke in marks} == {
        (False, "#801650"),
        (True, "#801650"),
        (False, "#28A197"),
        (True, "#28A197"),
    }
    assert len(re.findall(r'<line[^>]*stroke="#801650"[^>]*stroke-dasharray="7,3"', svg)) == 1
    assert not re.search(r'<line[^>]*stroke="#28A197"[^>]*stroke-dasharray="7,3"', svg)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_slope_labels_of_twenty_one_equal_counties_never_overlap(width: int) -> None:
    codes = regions.counties()
    frame = pd.DataFrame({"key": codes, "label": [*map(regions.name, codes)], "first": 1.0})
    ends = frame.assign(last=[2.0 + i / 1000 for i in range(len(codes))])
    made = slope(ends, first="2010", last="2024", emphasis=["19"], **texts("trangt"))
    svg = made.svg(width)
    height = float(re.findall(r'viewBox="0 0 \d+ ([\d.]+)"', svg)[0])
    right = sorted(y for x, y in places(svg, "") if x > width / 2)[1:]
    assert len(right) == 21
    assert min(b - a for a, b in itertools.pairwise(right)) >= 14
    assert 0 < right[0] < right[-1] < height


def test_slope_says_who_has_no_value_at_all() -> None:
    frame = four_ends().assign(first=[1, 2, 3, NONE])
    words = " ".join(written(slope(frame, first="2010", last="2024", **texts("utan")).svg(NARROW)))
    assert "Uppgift saknas: män, utrikes födda" in words
    with pytest.raises(FigureError, match="inga värden"):
        slope(frame.assign(first=NONE, last=NONE), first="2010", last="2024", **texts("tom"))


def heat_cells(figure: Figure) -> dict[str, list[tuple[str, str]]]:
    """Return each row's cells as (ground, words), read out of the HTML."""
    found = {}
    for label, row in re.findall(r'<th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', figure.html):
        cells = re.findall(r'<td class="num" style="([^"]*)">(.*?)</td>', row)
        found[label] = [
            ("".join(re.findall(r"background:(#\w+)", style)), re.sub(r"<[^>]+>", "", text))
            for style, text in cells
        ]
    return found


def test_heat_is_darkest_where_it_is_best_and_says_so_in_grey_print() -> None:
    figure = FORMS["heat_table"]()
    cells = heat_cells(figure)
    lightest, darkest = theme.SEQUENTIAL[0], theme.SEQUENTIAL[-1]
    assert cells["Arboga"][:2] == [(darkest, "● 71,0"), (darkest, "● 6,0")]
    assert cells["Fagersta"][:2] == [("", "–"), (lightest, "○ 11,0")]
    assert cells["Köping"][2] == (theme.GREYS[-1], "▲ 26\u202f000")
    # What reads the same looks the same; both are last.
    assert cells["Köping"][0] == cells["Sala"][0]
    assert cells["Köping"][0][1] == "○ 69,0"
    assert {ground for ground, _ in cells["Riket"]} == {""}
    assert "Arbetslöshet: bäst Arboga (6,0), sämst Fagersta (11,0)." in figure.alt
    assert "uppgift saknas i 1 av 5" in figure.alt
    assert "lägre är bättre" in " ".join(figure.table.columns)


def test_heat_says_once_that_shades_are_by_column_and_without_direction() -> None:
    mixed = FORMS["heat_table"]().table_html
    assert mixed is not None
    assert mixed.count("i varje kolumn för sig") == 2
    assert "ingen riktning" in mixed
    neutral = [replace(column, direction="neutral", unit="") for column in HEAT]
    plain = heat_table(heat(), columns=neutral, **texts("lika"))
    assert plain.table_html is not None
    assert plain.table_html.count("utan värdering") == 1
    assert "ingen riktning" not in plain.table_html
    assert list(plain.table.columns)[1:] == [column.heading for column in HEAT]


def test_heat_knows_zero_and_band_and_leaves_what_is_equal_alone() -> None:
    columns = [
        HeatColumn("gap", "Gap", 1, "procentenheter", "towards_zero"),
        HeatColumn("share", "Andel", 1, "procent", "target_band", (40, 60)),
        HeatColumn("same", "Lika", 1, "", "up"),
    ]
    frame = pd.DataFrame(
        {
            "label": ["A", "B", "C"],
            "gap": [-8.0, 0.5, 3.0],
            "share": [50.0, 41.0, 65.0],
            "same": 1.0,
        }
    )
    cells = heat_cells(heat_table(frame, columns=columns, **texts("mal")))
    assert [cells[k][0][1] for k in "ABC"] == ["○ −8,0", "● 0,5", "3,0"]
    assert [cells[k][1][1] for k in "ABC"] == ["● 50,0", "● 41,0", "○ 65,0"]
    assert {cells[k][2] for k in "ABC"} == {("", "1,0")}


@pytest.mark.parametrize(
    ("frame", "columns", "says"),
    [
        (heat(), [HeatColumn("work", "A", 1, "", "sideways")], "sideways"),
        (heat(), [HeatColumn("work", "A", 1, "", "target_band")], "gränser"),
        (heat(), [HeatColumn("none", "A", 1, "", "up")], "none"),
        (heat().assign(work=NONE), HEAT[:1], "inga värden"),
        (pd.concat([heat(), heat()]), HEAT, "flera rader"),
        (heat(), [], "inga värden"),
    ],
)
def test_heat_refuses_what_it_cannot_show(frame: Any, columns: Any, says: str) -> None:
    with pytest.raises(FigureError, match=says):
        heat_table(frame, columns=columns, **texts("fel"))


@pytest.mark.parametrize("form", [ranked_bar, interval_dots])
def test_the_place_told_is_the_ranks_own_where_lower_is_better(form: Callable[..., Figure]) -> None:
    frame = intervals().query("region in ['1980', '1981', '1982']").assign(rank=[3, 2, 1])
    figure = form(frame, "1980", **texts("lagre"))
    own = frame.loc[frame["region"] == "1980", "rank"].iloc[0]
    assert f"plats {own} av" in figure.alt


@pytest.mark.parametrize(
    "draw",
    [
        lambda frame: ranked_bar(frame, "19", **texts("lika", decimals=0)),
        lambda frame: interval_dots(
            frame.assign(low=NONE, high=NONE), "19", **texts("lika", decimals=0)
        ),
        lambda frame: choropleth(
            frame.assign(region=["1980", "1981"]), ["1980", "1981"], **texts("lika", decimals=0)
        ),
        lambda frame: lines(
            frame.assign(period="2024", segment=0, preliminary=False),
            "19",
            **texts("lika", decimals=0),
        ),
        lambda frame: dumbbell(
            frame.assign(women=frame["value"], men=18.0), **texts("lika", decimals=0)
        ),
    ],
)
def test_figures_say_when_all_printed_numbers_read_alike_but_differ(draw: Any) -> None:
    frame = pd.DataFrame({"region": ["19", "03"], "label": ["V", "U"], "value": [18.42, 18.1]})
    said = "Tal som skrivs lika i figuren skiljer sig mindre än avrundningen."
    assert draw(frame).notes == (said,)
    assert draw(frame.assign(value=[18.42, 17.1])).notes == ()
    assert draw(frame.assign(value=18.0)).notes == ()


def test_a_reference_that_differs_does_not_keep_back_that_the_rest_read_alike() -> None:
    frame = pd.DataFrame(
        {"region": ["00", "19", "03"], "label": ["Riket", "V", "U"], "value": [16.0, 18.4, 18.1]}
    ).assign(low=NONE, high=NONE)
    for draw in (ranked_bar, interval_dots):
        shown = draw(frame, "19", reference="00", **texts("lika", decimals=0))
        assert shown.notes == ("Tal som skrivs lika i figuren skiljer sig mindre än avrundningen.",)


def test_an_axis_is_not_finer_than_the_printed_numbers() -> None:
    frame = series({"19": [17.5, 17.7, 18.4], "00": [17.5, 17.6, 18.3]})
    for width in (WIDE, NARROW):
        words = written(lines(frame, "19", **texts("axel", decimals=0)).svg(width))
        assert {"17", "18", "19"} <= set(words)
        assert not any("," in word for word in words)
    map_words = written(
        choropleth(
            many().assign(value=lambda f: 65.3 + 0.01 * f.index), WESTMANLAND, **texts("karta")
        ).svg(WIDE)
    )
    assert not any(word.count(",") and len(word.split(",")[1]) > 1 for word in map_words)

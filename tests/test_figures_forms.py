"""Each chart form on small SYNTETISKA TESTDATA: what must be seen in the picture and the table."""

import itertools
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import pytest

from affarsplan_data import regions
from affarsplan_data.figures import (
    Figure,
    FigureError,
    choropleth,
    diverging_bar,
    dumbbell,
    grouped_bar,
    interval_dots,
    key_figures,
    lines,
    rank_lines,
    ranked_bar,
    spine,
)
from affarsplan_data.figures.block import NARROW, WIDE

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
    "key_figures": partial(
        key_figures, pd.DataFrame({"Indikator": ["A"], "Värde": ["1,5 %"]}), **texts("nyckeltal")
    ),
}
DRAWN = [name for name in FORMS if name != "key_figures"]


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


def test_bar_values_keep_clear_of_the_reference_rule() -> None:
    frame = pd.DataFrame(
        {"region": ["00", "19", "03"], "label": ["Riket", "V", "U"], "value": [50.0, 49.0, 90.0]}
    )
    svg = ranked_bar(frame, "19", reference="00", **texts("linje")).svg(WIDE)
    (rule, _), (value, _) = places(svg, "Riket")[0], places(svg, "49,0")[0]
    assert value > rule


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


def test_four_groups_differ_in_more_than_colour() -> None:
    frame = pd.DataFrame(
        [["19", "Västmanland", 1.0, 2.0, 3.0, 4.0]],
        columns=["region", "label", "women_native", "men_native", "women_foreign", "men_foreign"],
    )
    chosen = [(c, c.replace("_", " ")) for c in frame.columns[2:]]
    svg = dumbbell(frame, groups=chosen, **texts("fyra")).svg(WIDE)
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
    table = FORMS["stacked_bar"]().table
    assert (table[["Kvinnor, procent", "Män, procent"]].sum(axis=1) == 100).all()
    assert table["Kvinnor"].tolist() == [80, 25]
    with pytest.raises(FigureError, match="alla värden"):
        grouped_bar(groups().assign(value=[1, 2, NONE, 4]), stacked=True, **texts("hal"))


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

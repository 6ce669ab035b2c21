"""What marks carry for the figures' script, and that the script is ours alone. SYNTETISKA TESTDATA."""

import base64
import hashlib
import re
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from test_figures_forms import DRAWN, FORMS, series, texts

from affarsplan_data import interactive
from affarsplan_data.figures import lines, ranked_bar
from affarsplan_data.figures.block import NARROW, WIDE
from affarsplan_data.figures.drawing import identity, tip, who

SVG = "{http://www.w3.org/2000/svg}"


def marks(svg: str) -> list[ET.Element]:
    return [e for e in ET.fromstring(svg).iter() if e.get("data-key") or e.get("data-series")]


def title(mark: ET.Element) -> str:
    return mark.findtext(f"{SVG}title") or ""


@pytest.mark.parametrize("name", DRAWN)
def test_marks_of_every_form_say_whose_value_they_show(name: str) -> None:
    figure = FORMS[name]()
    for width in (WIDE, NARROW):
        svg = figure.svg(width)
        told = [m for m in marks(svg) if title(m)]
        assert told
        for mark in told:
            first, _, value = (title(mark) + "|" + mark.get("data-points", "")).partition("\n")
            assert first.strip("|")
            assert re.search(r"\d|uppgift saknas", value or mark.get("data-points", ""))
        assert not re.search("\u241f|aria-(?!label=)", svg)


@pytest.mark.parametrize("name", DRAWN)
def test_every_entry_of_a_key_that_can_be_hidden_has_marks(name: str) -> None:
    svg = FORMS[name]().svg(WIDE)
    entries = set(re.findall(r'data-entry="([^"]+)"', svg))
    assert entries <= {mark.get("data-series") for mark in marks(svg)}
    if name in ("dumbbell", "grouped_bar", "stacked_bar"):
        assert entries == {"women", "men"}


def test_a_lines_points_are_those_of_its_path() -> None:
    frame = series({"19": [1, 2, float("nan"), 4, 5]}).assign(label="Väst|manland")
    svg = lines(frame, "19", **texts("linje")).svg(WIDE)
    runs = [m for m in marks(svg) if m.get("data-points")]
    assert [len(m.get("data-points", "").split("|")) for m in runs] == [2, 2]
    for run in runs:
        assert len(re.findall("[ML]", run.get("d", ""))) == 2
    assert runs[1].get("data-points") == "2021: 4,0\u00a0procent|2022: 5,0\u00a0procent"


def test_the_same_area_has_the_same_key_in_every_form() -> None:
    for name in ("ranked_bar", "choropleth", "interval_dots", "beeswarm", "scatter", "dumbbell"):
        assert any(m.get("data-key") == "1980" and title(m) for m in marks(FORMS[name]().svg(WIDE)))


def test_names_written_by_others_stay_text() -> None:
    attack = 'x"/><script>alert(1)</script>\u241fy'
    frame = pd.DataFrame({"region": ["19", "03"], "label": [attack, "B"], "value": [1.0, 2.0]})
    svg = ranked_bar(frame, "19", **texts("namn")).svg(WIDE)
    assert "<script" not in svg
    assert {m.get("data-key") for m in marks(svg)} == {"19", "03"}
    assert any('x"/><script>alert(1)</script>' in title(m) for m in marks(svg))


def test_identity_is_what_was_put_in_and_nothing_else_is_one() -> None:
    found = identity(who(key="19", series="women", tip=tip("A", "1,5", "mer"), points=["a|b", "c"]))
    assert found is not None
    assert (found.key, found.series, found.tip) == ("19", "women", "A\n1,5\nmer")
    assert found.points == "a/b|c"
    assert identity("x: 1; y: 2") is None
    assert identity("a\u241fb") is None


def test_many_like_marks_say_their_look_once_and_look_the_same() -> None:
    svg = FORMS["beeswarm"]().svg(WIDE)
    circles = ET.fromstring(svg).iter(f"{SVG}circle")
    assert len(list(circles)) == 280
    assert len(svg) < 65_000


def test_displayed_figure_brings_the_script_and_a_table_does_not() -> None:
    figure = FORMS["ranked_bar"]()
    assert "<script" not in figure.html
    shown = figure._repr_mimebundle_()["text/html"]
    assert shown == f"{figure.html}\n{interactive.tag()}"
    assert "<script" not in FORMS["key_figures"]()._repr_mimebundle_()["text/html"]


def test_policy_names_this_script_only() -> None:
    digest = base64.b64encode(hashlib.sha256(interactive.source().encode()).digest()).decode()
    assert interactive.policy().startswith(f"script-src 'sha256-{digest}';")
    assert "unsafe" not in interactive.policy()


def test_script_fetches_nothing_and_writes_no_markup() -> None:
    assert not re.search(
        r"fetch|XMLHttp|import|eval|Function\(|innerHTML|outerHTML|insertAdjacent|https?:|//",
        interactive.source(),
    )
    assert "</" not in interactive.source()
    assert len(interactive.tag()) < 16_000

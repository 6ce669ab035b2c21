"""The figure block: structure, escaping, missing values, payload, validation."""

import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from affarsplan_data.figures import MIME, Figure, FigureError, key_figures, ranked_bar
from affarsplan_data.figures.block import NARROW, WIDE

TEXTS = {
    "name": "prov",
    "title": "Ett påhittat värde är högst",
    "subtitle": "procent, 2024",
    "source": "Underlag: SYNTETISKA TESTDATA.",
    "unit": "procent",
}


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text inside each kind of element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region": ["00", "19", "03", "04"],
            "label": ["Riket", "Västmanland", "Uppsala", "Södermanland"],
            "value": [1234.5, 1100.25, 1400.0, float("nan")],
        }
    )


def make(**changes: object) -> Figure:
    return ranked_bar(frame(), "19", reference="00", **{**TEXTS, **changes})  # type: ignore[arg-type]


def test_block_has_one_heading_two_labelled_pictures_and_a_table() -> None:
    html = Elements(make().html)
    assert len(html.all("h3")) == 1
    assert html.all("figure")[0]["aria-labelledby"] == html.all("h3")[0]["id"]
    pictures = html.all("svg")
    assert [p["role"] for p in pictures] == ["img", "img"]
    assert all(p["aria-label"] and p["viewbox"] for p in pictures)
    assert [p["width"] for p in pictures] == [str(WIDE), str(NARROW)]
    boxes = [d for d in html.all("div") if "ap-picture" in str(d.get("class"))]
    assert ["hidden" in box for box in boxes] == [False, True]
    assert len(html.all("details")) == len(html.all("caption")) == 1
    assert {th.get("scope") for th in html.all("th")} == {"col", "row"}
    scroller = next(d for d in html.all("div") if d.get("class") == "ap-scroll")
    assert scroller["tabindex"] == "0"
    assert scroller["role"] == "region"
    assert scroller["aria-label"]


def test_a_table_that_is_all_there_is_becomes_cards_on_a_narrow_screen() -> None:
    alone = Figure(
        **{name: text for name, text in TEXTS.items() if name != "unit"},
        alt="Tabell.",
        table=pd.DataFrame({"Kommun": ["Sala & Heby"], "Antal": [1234.0], "Ord": ["<b>"]}),
        decimals={"Antal": 0},
        chart=None,
    )
    html = Elements(alone.html)
    (table,) = html.all("table")
    assert (table["class"], table["role"]) == ("ap-cards", "table")
    assert [(td["role"], td["data-label"]) for td in html.all("td")] == [
        ("cell", "Antal"),
        ("cell", "Ord"),
    ]
    assert [th["role"] for th in html.all("th")] == [*["columnheader"] * 3, "rowheader"]
    assert "&lt;b&gt;" in alone.html
    assert "Sala &amp; Heby" in alone.html
    assert "ap-cards" not in make().html


def test_pictures_hold_no_roles_or_classes_of_their_own() -> None:
    inner = re.findall(r"<svg.*?>(.*?)</svg>", make().html, flags=re.DOTALL)
    assert len(inner) == 2
    for picture in inner:
        assert not re.search(r"\s(role|class|aria-[a-z]+)=", picture)


def test_no_id_is_repeated_when_two_figures_share_a_page() -> None:
    html = Elements(make().html + make(name="annat").html)
    ids = Counter(a["id"] for _, a in html.found if "id" in a)
    assert len(ids) >= 4
    assert max(ids.values()) == 1


def test_everything_written_by_others_is_escaped() -> None:
    attack = "<script>alert('x')</script>"
    data = frame().assign(label=["Riket", attack, "A & B", 'Med "citat"'])
    figure = ranked_bar(
        data,
        "19",
        reference="00",
        **{**TEXTS, "title": attack, "notes": (attack,), "source": attack, "subtitle": attack},  # type: ignore[arg-type]
    )
    assert "<script" not in figure.html
    assert "&lt;script&gt;" in figure.html
    assert not Elements(figure.html).all("script")


def test_missing_is_shown_as_missing_and_never_as_zero() -> None:
    figure = make()
    assert "uppgift saknas" in figure.svg(WIDE)
    cells = Elements(figure.html)
    missing = [s for s in cells.all("span") if s.get("aria-label") == "uppgift saknas"]
    assert len(missing) == 1
    assert [row[1] for row in figure.to_payload()["rows"]].count(None) == 1


def test_numbers_are_swedish_in_picture_and_table() -> None:
    figure = make(decimals=1)
    for text in (figure.svg(WIDE), figure.html):
        assert "1\u202f100,3" in text
    written = [t for t in Elements(figure.html).texts["text"] if t.strip()]
    assert len(written) > 8
    assert not [t for t in written if re.search(r"\d\.\d", t)]


def test_table_numbers_are_right_aligned() -> None:
    assert {td.get("class") for td in Elements(make().html).all("td")} == {"num"}


def test_narrow_is_another_drawing_than_wide() -> None:
    figure = make()
    wide, narrow = figure.svg(WIDE), figure.svg(NARROW)
    assert wide != narrow
    assert 'viewBox="0 0 680 ' in wide
    assert 'viewBox="0 0 340 ' in narrow


def test_payload_has_plain_numbers_and_decimals() -> None:
    payload = make(decimals=2).to_payload()
    assert payload["columns"] == [
        {"name": "Område", "decimals": None},
        {"name": "Procent", "decimals": 2},
    ]
    assert payload["rows"][0] == ["Uppsala", 1400]
    assert payload["rows"][2] == ["Västmanland", 1100.25]
    bundle = make()._repr_mimebundle_()
    assert bundle[MIME]["name"] == "prov"
    assert bundle["text/html"].startswith("<figure")


def test_picture_is_drawn_once() -> None:
    drawn: list[int] = []
    made = make()

    def chart(width: int) -> object:
        drawn.append(width)
        assert made.chart is not None
        return made.chart(width)

    figure = Figure(
        "en",
        "Titel",
        "",
        "Alt",
        made.table,
        made.decimals,
        "Källa",
        (),
        chart,  # type: ignore[arg-type]
    )
    assert drawn == []
    assert figure.html == figure.html
    assert drawn == [WIDE, NARROW]


@pytest.mark.parametrize(
    "changes",
    [{"name": "Två ord"}, {"name": ""}, {"title": " "}, {"alt": ""}, {"source": ""}],
    ids=str,
)
def test_a_figure_without_what_readers_need_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(FigureError):
        make(**changes)


def test_a_figure_without_rows_is_refused() -> None:
    with pytest.raises(FigureError, match="inga rader"):
        ranked_bar(frame().iloc[:0], "19", **TEXTS)  # type: ignore[arg-type]
    with pytest.raises(FigureError, match="utan rader"):
        Figure("a", "T", "", "A", pd.DataFrame({"Område": []}), {}, "K")


def test_key_figures_stand_open_with_text_cells() -> None:
    rows = pd.DataFrame(
        {"Värde": ["12,3 %", None], "Indikator": ["A", "B"], "Utveckling": ["↑ ökar", ""]}
    )
    figure = key_figures(
        rows, name="nyckeltal", title="Två nyckeltal", source="SYNTETISKA TESTDATA"
    )
    html = Elements(figure.html)
    assert not html.all("details")
    assert not html.all("svg")
    assert list(figure.table.columns) == ["Indikator", "Värde", "Utveckling"]
    assert html.texts["td"] == ["12,3 %", "↑ ökar"]
    with pytest.raises(FigureError):
        figure.svg(WIDE)


def test_two_processes_write_the_same_bytes() -> None:
    code = (
        f"import sys, hashlib; sys.path.insert(0, {str(Path(__file__).parent)!r}); "
        "import test_figures_forms as f; "
        "print([hashlib.sha256(make().html.encode()).hexdigest() for make in f.FORMS.values()])"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert runs[0].count("'") >= 20

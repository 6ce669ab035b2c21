"""Every page is whole, accessible in structure and needs nothing from anywhere else."""

import re
from pathlib import Path

import pytest
from conftest import BuildSample, WriteNotebook

from affarsplan_data import interactive
from affarsplan_data.report import BuildResult
from affarsplan_data.report.checks import check_page, outline
from affarsplan_data.report.errors import PageStructureError
from affarsplan_data.report.unbroken import unbroken

PAGE = '<html lang="sv"><body><h1>Titel</h1>{}</body></html>'
_ADDRESS = re.compile(r"""(?:src|srcset|href)\s*=\s*["']\s*(?:https?:)?//""", re.IGNORECASE)
_LOCAL = re.compile(r"""(?:src|href)="([^"#:]+)(?:#[^"]*)?\"""")


def _pages(result: BuildResult) -> dict[str, str]:
    found = {path.name: path.read_text("utf-8") for path in result.folder.glob("*.html")}
    assert "index.html" in found
    assert len(found) == len(result.pages) + 1
    return found


def _check_site(result: BuildResult) -> None:
    for name, html in _pages(result).items():
        check_page(name, html)
        assert '<html lang="sv">' in html
        assert html.count("<h1>") == 1
        # At most the figures' own script, and nothing else that runs.
        assert "<script" not in html.replace(interactive.tag(), "", 1)
        assert html.index("Content-Security-Policy") < html.index("<title>")
        assert not _ADDRESS.search(html)
        assert 'class="skip" href="#innehall"' in html
        assert html.count("<main ") == html.count("</main>") == 1
        # Once in the column of wide screens, once in the fold of narrow ones.
        assert html.count('aria-current="page"') == 2
        footer = html[html.index("<footer") :]
        assert "Inbyggd utgåva" in footer
        assert "Uppgifterna beskriver utvecklingen, inte planens effekter." in footer
        assert footer.count('<time class="created"') == html.count("<time ") == 1
        for target in _LOCAL.findall(html):
            assert (result.folder / target).is_file(), f"{name} leder till {target}"


def test_sample_site_keeps_the_rules(build_sample: BuildSample) -> None:
    _check_site(build_sample())


def test_real_report_keeps_the_rules(built_report: BuildResult) -> None:
    _check_site(built_report)


def test_real_report_has_an_answer_and_a_table_from_every_page(built_report: BuildResult) -> None:
    index = _pages(built_report)["index.html"]
    # The pages that one notebook has become stand as a list of places.
    assert index.count('class="answer"') == sum(not page.run.each for page in built_report.pages)
    for page in built_report.pages:
        assert (built_report.folder / "data" / f"{page.run.page}.xlsx").is_file()


def test_page_titles_are_unique(build_sample: BuildSample) -> None:
    titles = [
        re.findall("<title>(.+?)</title>", html)[0] for html in _pages(build_sample()).values()
    ]
    assert len(set(titles)) == len(titles)


def test_answer_stands_before_the_notebooks_own_text(build_sample: BuildSample) -> None:
    html = _pages(build_sample())["forsta.html"]
    assert html.index("</h1>") < html.index("Svar för 19") < html.index("Ett avsnitt</h2>")


def test_start_page_gives_answers_downloads_and_what_is_missing(build_sample: BuildSample) -> None:
    html = _pages(build_sample())["index.html"]
    for words in (
        "Ökar det påhittade?",
        "Svar för 19.",
        'href="data/forsta.xlsx"',
        'href="data/forsta/prov.csv"',
        "Påhittad uppgift",
        "Jämförs med riket och Östra Mellansverige",
        'id="tillganglighet"',
    ):
        assert words in html


def test_pages_lead_to_their_neighbours(build_sample: BuildSample) -> None:
    pages = _pages(build_sample())
    assert 'rel="next" href="andra.html"' in pages["forsta.html"]
    assert 'rel="prev" href="forsta.html"' in pages["andra.html"]
    assert 'rel="prev"' not in pages["forsta.html"]


def test_text_and_plain_outputs_are_escaped(
    build_sample: BuildSample, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    cells = [
        '## Rubrik <script>alert("text")</script>',
        '"<script>alert(1)</script>"',
        'print("<b>")',
    ]
    write_notebook(sample_home / "notebooks", "osaker", 3, cells, title="A & <i>B</i>")

    html = _pages(build_sample())["osaker.html"]

    assert "<script" not in html
    assert "&lt;script&gt;alert(&quot;text&quot;)" in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<i>" not in html
    assert "<title>SYNTETISKA TESTDATA: A &amp; &lt;i&gt;B&lt;/i&gt;" in html
    assert "&lt;b&gt;" in html


def test_code_is_folded_and_shows_the_values_that_were_used(build_sample: BuildSample) -> None:
    html = _pages(build_sample())["forsta.html"]
    assert "<summary>Visa koden</summary>" in html
    assert html.count("region = &#34;19&#34;") == 1


def test_picture_without_text_is_refused(
    build_sample: BuildSample, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    code = (
        "from IPython.display import SVG\nSVG(\"<svg xmlns='http://www.w3.org/2000/svg'></svg>\")"
    )
    write_notebook(sample_home / "notebooks", "bild", 3, [code])
    result = build_sample()
    assert not result.published
    (failed,) = result.failed
    assert failed.run.page == "bild"
    assert "textbeskrivning" in str(failed.error)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>Öppet", "<p> stängs aldrig"),
        ("<p><em>Korslagt</p></em>", "</p> stänger inget"),
        ("<h1>En till</h1>", "2 rubriker på nivå 1"),
        ("<h3>Hopp</h3>", "nivå 3 direkt efter nivå 1"),
        ('<p id="a"></p><p id="a"></p>', "står 2 gånger"),
        ('<a href="#borta">x</a>', "leder ingenstans"),
        ("<script></script>", "<script>"),
        ("<script>alert(1)</script>", "<script>"),
        (f'<script src="x.js">{interactive.source()}</script>', "<script>"),
        (f"<script>{interactive.source()} </script>", "<script>"),
        (interactive.tag() * 2, "<script>"),
        (interactive.tag(), "stänger ute andra skript"),
        (f"<svg>{interactive.tag()}</svg>", "<script>"),
        ('<p onclick="x()">x</p>', "skriptattribut"),
        ('<img src="a.png">', "textalternativ"),
        ('<img alt="x" src="https://exempel.se/a.png">', "hämtar"),
        ('<link rel="stylesheet" href="//exempel.se/a.css">', "hämtar"),
        ('<svg><image xlink:href="http://exempel.se/a.png"/></svg>', "hämtar"),
        ("<style>@import 'https://exempel.se/a.css';</style>", "stilmall"),
        ('<p style="background:url(https://exempel.se/a.png)">x</p>', "en annan plats"),
    ],
)
def test_each_broken_rule_is_found(body: str, words: str) -> None:
    check_page("sida.html", PAGE.format("<h2>Hel</h2>"))
    with pytest.raises(PageStructureError, match=re.escape(words)):
        check_page("sida.html", PAGE.format(body))


def test_ranges_and_dates_hold_together_where_lines_are_broken() -> None:
    held = '<span style="white-space:nowrap">{}</span>'.format
    assert unbroken("<p>20–64 år, 5–9</p>") == f"<p>{held('20–64 år')}, {held('5–9')}</p>"
    assert unbroken("<td>2026-03-20</td>") == f"<td>{held('2026-03-20')}</td>"
    large = "1\u202f000–2\u202f000"
    assert unbroken(f"<td>{large}</td>") == f"<td>{held(large)}</td>"
    for same in (
        '<p title="20–64 år">x</p>',
        "<svg><text>20–64</text></svg>",
        "<pre>2026-03-20</pre>",
        "<head><title>2022–2024</title></head>",
        "<p>A–B</p>",
        interactive.tag(),
    ):
        assert unbroken(same) == same


def test_outline_gives_level_id_and_text() -> None:
    (heading,) = outline('<h2 id="a">Ett <em>ord</em>\n till &amp; med</h2>')
    assert (heading.level, heading.id, heading.text) == (2, "a", "Ett ord till & med")


def test_the_figures_own_script_is_allowed_under_its_policy() -> None:
    policy = f'<meta http-equiv="Content-Security-Policy" content="{interactive.policy()}">'
    page = PAGE.format(interactive.tag())
    check_page("sida.html", page.replace("<body>", f"<head>{policy}</head><body>"))
    looser = policy.replace("script-src", "script-src 'unsafe-inline'")
    with pytest.raises(PageStructureError, match="http-equiv"):
        check_page("sida.html", page.replace("<body>", f"<head>{looser}</head><body>"))


@pytest.mark.parametrize(
    "part",
    [
        '<a href=" javascript:alert(1)">x</a>',
        '<meta http-equiv="refresh" content="0;url=x">',
        '<button formaction="x">x</button>',
        "<p>x</p><!-- <p>",
    ],
)
def test_a_page_that_would_run_or_leave_is_refused(part: str) -> None:
    html = f"<html><body><h1>SYNTETISKA TESTDATA</h1>{part}</body></html>"
    with pytest.raises(PageStructureError):
        check_page("prov.html", html)

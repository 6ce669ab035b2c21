"""The built report in a real browser: seen, reflowed, offline and without accessibility faults."""

import json
from pathlib import Path
from typing import Any

import pytest

from affarsplan_data.report import BuildResult
from tests.browsing import accessibility_faults, drawing_faults, open_page

pytestmark = pytest.mark.browser

WIDE, NARROW = 1200, 375
_PICTURES = """
return [...document.querySelectorAll('figure.ap-figure')]
  .filter(figure => figure.querySelector('.ap-picture'))
  .map(figure => {
    const seen = [...figure.querySelectorAll('.ap-picture svg')]
      .map(svg => svg.getBoundingClientRect())
      .filter(box => box.width > 40 && box.height > 40 && box.left >= 0
        && box.right <= document.documentElement.clientWidth + 1);
    return {id: figure.id, seen: seen.length};
  });
"""


def _pages(report: BuildResult) -> list[Path]:
    pages = sorted(report.folder.glob("*.html"))
    assert len(pages) == len(report.pages) + 1
    return pages


def _requests(browser: Any) -> list[str]:
    events = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
        # The browser's own start page asks for things too; only ours are judged.
        and event["params"]["documentURL"].startswith("file://")
    ]


def test_every_page_opens_without_network_and_without_errors(
    browser: Any, built_report: BuildResult
) -> None:
    for page in _pages(built_report):
        browser.get_log("performance")
        browser.get_log("browser")
        open_page(browser, page, WIDE)

        requests = _requests(browser)
        assert page.as_uri() in requests
        assert [url for url in requests if not url.startswith(("file://", "data:"))] == []
        assert browser.get_log("browser") == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_figure_shows_one_picture(
    browser: Any, built_report: BuildResult, width: int
) -> None:
    figures = 0
    for page in _pages(built_report):
        open_page(browser, page, width)
        found = browser.execute_script(_PICTURES)
        figures += len(found)
        assert [figure for figure in found if figure["seen"] != 1] == [], page.name
    assert figures > 0


@pytest.mark.parametrize("width", [WIDE, 390, 320])
def test_nothing_is_too_wide_empty_clipped_or_overlapping(
    browser: Any, built_report: BuildResult, width: int
) -> None:
    for page in _pages(built_report):
        open_page(browser, page, width)
        assert browser.execute_script("return window.innerWidth") == width
        assert drawing_faults(browser) == [], page.name


def test_faults_of_layout_are_found(browser: Any, tmp_path: Path) -> None:
    frame = '<figure id="f"><div class="ap-picture"><svg width="200" height="60">{}</svg></div></figure>'
    bars = '<rect width="20" height="9"></rect><rect y="20" width="30" height="9"></rect>'
    cases = {
        f'{bars}<text x="10" y="40">Sala</text>': "",
        f'{bars}<text x="180" y="40">Hallstahammar</text>': "avklippt",
        f'{bars}<text x="9" y="40">Sala</text><text x="12" y="42">Fagersta</text>': "på varandra",
        bars: "saknar text",
        '<text x="10" y="40">Sala</text>': "tom bild",
    }
    page = tmp_path / "sida.html"
    for drawn, fault in cases.items():
        page.write_text(f"<!doctype html>{frame.format(drawn)}", encoding="utf-8")
        open_page(browser, page, NARROW)
        found = drawing_faults(browser)
        assert (len(found), fault in " ".join(found)) == (bool(fault), True), drawn
    table = '<div class="ap-scroll" aria-label="Prov" style="width:90px;overflow-x:auto">{}</div>'
    for kind, count in {"ap-cards": 1, "": 0}.items():
        wide = table.format(f'<table class="{kind}"><tr><td>Hallstahammarsbo</td></tr></table>')
        page.write_text(f"<!doctype html>{wide}", encoding="utf-8")
        open_page(browser, page, NARROW)
        assert ["syns inte" in fault for fault in drawing_faults(browser)] == [True] * count
    page.write_text('<!doctype html><div style="width:900px">bred</div>', encoding="utf-8")
    open_page(browser, page, NARROW)
    assert "för bred" in drawing_faults(browser)[0]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_page_has_serious_accessibility_faults(
    browser: Any, built_report: BuildResult, width: int
) -> None:
    for page in _pages(built_report):
        open_page(browser, page, width)
        # What is folded is read too, so it is judged unfolded.
        browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert accessibility_faults(browser) == [], page.name


def test_skip_link_leads_to_the_content(browser: Any, built_report: BuildResult) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    open_page(browser, built_report.index, WIDE)
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB, Keys.ENTER)

    assert browser.execute_script("return document.activeElement.id") == "innehall"

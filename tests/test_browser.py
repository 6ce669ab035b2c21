"""The built report in a real browser: seen, reflowed, offline and without accessibility faults."""

import json
import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from affarsplan_data.report import BuildResult

pytestmark = pytest.mark.browser

WIDE, NARROW, HEIGHT = 1200, 375, 900
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)
_AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(
  result => done(result.violations.map(v => ({
    id: v.id, impact: v.impact, nodes: v.nodes.map(n => n.target.join(' ')).slice(0, 5)
  }))),
  error => done([{id: String(error), impact: 'critical', nodes: []}]));
"""
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


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start headless Chromium once, with a profile of its own."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        reason = "Chromium och chromedriver behövs för att pröva sidorna i en webbläsare"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*_FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profil')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    started = webdriver.Chrome(options=options, service=Service(driver))
    yield started
    started.quit()


def _pages(report: BuildResult) -> list[Path]:
    pages = sorted(report.folder.glob("*.html"))
    assert len(pages) == len(report.pages) + 1
    return pages


def _open(browser: Any, page: Path, width: int) -> None:
    size = {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(page.as_uri())


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
        _open(browser, page, WIDE)

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
        _open(browser, page, width)
        found = browser.execute_script(_PICTURES)
        figures += len(found)
        assert [figure for figure in found if figure["seen"] != 1] == [], page.name
    assert figures > 0


@pytest.mark.parametrize("width", [NARROW, 320])
def test_no_page_scrolls_sideways_on_a_narrow_screen(
    browser: Any, built_report: BuildResult, width: int
) -> None:
    for page in _pages(built_report):
        _open(browser, page, width)
        scroll, window = browser.execute_script(
            "return [document.documentElement.scrollWidth, window.innerWidth]"
        )
        assert window == width
        assert scroll <= window, page.name


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_page_has_serious_accessibility_faults(
    browser: Any, built_report: BuildResult, width: int
) -> None:
    axe = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    for page in _pages(built_report):
        _open(browser, page, width)
        # What is folded is read too, so it is judged unfolded.
        browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        browser.execute_script(axe)
        faults = browser.execute_async_script(_AXE)
        serious = [fault for fault in faults if fault["impact"] in ("serious", "critical")]
        assert serious == [], page.name


def test_skip_link_leads_to_the_content(browser: Any, built_report: BuildResult) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    _open(browser, built_report.index, WIDE)
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB, Keys.ENTER)

    assert browser.execute_script("return document.activeElement.id") == "innehall"

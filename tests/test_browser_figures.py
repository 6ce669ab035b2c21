"""A page's figures in a real browser: they answer pointer, touch and keyboard, and are whole without."""

import json
import time
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from test_figures_forms import FORMS

from affarsplan_data import interactive
from affarsplan_data.report.checks import check_page
from tests.browsing import accessibility_faults, open_page

pytestmark = pytest.mark.browser

_SHOWN = ("lines", "ranked_bar", "dumbbell", "choropleth", "beeswarm")
_PAGE = """<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>Figurer</title><style>{style}</style><link rel="icon" href="data:,"></head>
<body><main><h1>Figurer</h1><h2>SYNTETISKA TESTDATA</h2>{figures}</main>{script}</body></html>"""
_CENTRE = """
const mark = document.querySelector(arguments[0]);
mark.closest('figure').scrollIntoView({block: 'center'});
const box = mark.getBoundingClientRect();
return [box.x + box.width / 2, box.y + box.height / 2];
"""
_TIP = "const t = document.querySelector('.ap-tip'); return t && !t.hidden ? t.innerText : ''"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a page with several forms, as the report holds them."""
    style = files("affarsplan_data.report").joinpath("assets", "style.css").read_text("utf-8")
    html = _PAGE.format(
        policy=interactive.policy(),
        style=style,
        figures="".join(_figure(name) for name in _SHOWN),
        script=interactive.tag(),
    )
    check_page("figurer.html", html)
    path = tmp_path_factory.mktemp("sida") / "figurer.html"
    path.write_text(html, encoding="utf-8", newline="\n")
    return path


def _figure(name: str) -> str:
    made = FORMS[name]
    assert isinstance(made, partial)
    return partial(made, subtitle="Påhittat, 2024. Något mer att veta.")().html


@pytest.fixture
def opened(browser: Any, page: Path) -> Any:
    """Open the page on a wide screen."""
    browser.get_log("performance")
    browser.get_log("browser")
    open_page(browser, page, 1200)
    return browser


def _wait(check: Callable[[], Any]) -> Any:
    for _ in range(60):
        if found := check():
            return found
        time.sleep(0.05)
    return check()


def _mouse(browser: Any, kind: str, at: list[float]) -> None:
    button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
    event = {"type": kind, "x": at[0], "y": at[1], **button}
    browser.execute_cdp_cmd("Input.dispatchMouseEvent", event)


def _hover(browser: Any, selector: str) -> list[float]:
    _wait(lambda: browser.execute_script("return document.querySelector('.ap-values') !== null"))
    at: list[float] = browser.execute_script(_CENTRE, selector)
    _mouse(browser, "mouseMoved", at)
    return at


def _press(browser: Any, *keys: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(browser).send_keys(*keys).perform()


def _tip(browser: Any) -> str:
    return _plain(browser.execute_script(_TIP))


def _value(slider: Any) -> str:
    return _plain(slider.get_attribute("aria-valuetext"))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def _dimmed(browser: Any, figure: str) -> list[str]:
    found: list[str] = browser.execute_script(
        f"return [...document.querySelectorAll('#{figure} .ap-wide .ap-dim')]"
        ".map(m => m.dataset.key)"
    )
    return found


def test_pointer_at_a_mark_shows_its_value_and_dims_the_rest(opened: Any) -> None:
    at = _hover(opened, '#fig-rang .ap-wide path[data-key="1981"]')
    said = _wait(lambda: _tip(opened)).split("\n")
    assert said == ["Sala", "61,0 procent", "Påhittat, 2024"]
    dimmed = _dimmed(opened, "fig-rang")
    assert "1981" not in dimmed
    assert {"1980", "1984"} <= set(dimmed)

    # The box itself can be pointed at, and Escape takes it away.
    box = opened.execute_script(
        "const b = document.querySelector('.ap-tip').getBoundingClientRect();"
        "return [b.x + b.width / 2, b.y + b.height - 4]"
    )
    _mouse(opened, "mouseMoved", [box[0], box[1]])
    time.sleep(0.5)
    assert _tip(opened)
    from selenium.webdriver.common.keys import Keys

    _press(opened, Keys.ESCAPE)
    assert not _tip(opened)
    assert not _dimmed(opened, "fig-rang")

    _mouse(opened, "mouseMoved", at)
    assert _wait(lambda: _tip(opened))
    _mouse(opened, "mouseMoved", [2, 2])
    assert _wait(lambda: not _tip(opened))


def test_pointer_near_a_line_shows_the_nearest_period(opened: Any) -> None:
    _hover(opened, "#fig-linjer .ap-wide [data-points][data-key='19']")
    said = _wait(lambda: _tip(opened))
    assert said.split("\n")[:2] == ["Område 19", "2019: 2,0 procent"]


def test_map_answers_under_its_own_letters(opened: Any) -> None:
    _hover(opened, "#fig-karta .ap-wide text[data-key='1980']")
    assert "Västerås\n57,5 procent" in _wait(lambda: _tip(opened))


def test_an_entry_of_the_key_hides_and_shows_its_series(opened: Any) -> None:
    button = _wait(lambda: opened.find_elements("css selector", "#fig-hantel .ap-wide .ap-entry"))[
        0
    ]
    seen = (
        "return [...document.querySelectorAll('#fig-hantel .ap-wide path[data-series=women]')]"
        ".filter(m => m.getBoundingClientRect().width).length"
    )
    assert button.accessible_name == "Visa kvinnor"
    assert opened.execute_script(seen) == 2
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert opened.execute_script(seen) == 0
    assert "60,5" not in opened.find_element("css selector", "#fig-hantel .ap-wide svg").text
    # On paper everything stands as it was drawn.
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert opened.execute_script(seen) == 2
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert opened.execute_script(seen) == 2


def test_keyboard_reaches_values_and_entries(opened: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    _wait(lambda: opened.find_elements("css selector", "#fig-karta .ap-values"))
    opened.execute_script("document.querySelector('#fig-linjer .ap-data summary').focus()")
    _press(opened, Keys.TAB)
    slider = opened.switch_to.active_element
    assert slider.get_attribute("role") == "slider"
    assert _value(slider) == "Köping, 68,0 procent"
    _press(opened, Keys.ARROW_DOWN)
    assert _value(slider) == "Fagersta, 64,5 procent"
    assert _tip(opened).startswith("Fagersta\n")
    _press(opened, Keys.END)
    assert _value(slider) == "Skinnskatteberg, 40,0 procent"
    _press(opened, Keys.HOME, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ENTER)
    _press(opened, Keys.TAB, Keys.TAB, Keys.TAB)
    assert opened.switch_to.active_element.accessible_name == "Visa kvinnor"
    assert "1981" not in _dimmed(opened, "fig-karta")
    _press(opened, Keys.SPACE)
    assert opened.switch_to.active_element.get_attribute("aria-pressed") == "false"


def test_a_chosen_area_is_brought_out_in_every_figure_that_shows_it(opened: Any) -> None:
    at = _hover(opened, '#fig-rang .ap-wide path[data-key="1981"]')
    _mouse(opened, "mousePressed", at)
    _mouse(opened, "mouseReleased", at)
    notes = _wait(lambda: opened.find_elements("css selector", ".ap-shown"))
    figures = [n.find_element("xpath", "..").get_attribute("id") for n in notes]
    assert figures == ["fig-rang", "fig-hantel", "fig-karta", "fig-svarm"]
    for figure in figures:
        dimmed = _dimmed(opened, figure)
        assert dimmed
        assert "1981" not in dimmed
    assert not _dimmed(opened, "fig-linjer")
    notes[2].find_element("css selector", "button").click()
    assert not opened.find_elements("css selector", ".ap-shown, .ap-dim")


def test_a_tap_shows_the_value(browser: Any, page: Path) -> None:
    open_page(browser, page, 375)
    browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        selector = '#fig-rang .ap-narrow path[data-key="1981"]'
        _wait(lambda: browser.find_elements("css selector", ".ap-narrow .ap-values"))
        x, y = browser.execute_script(_CENTRE, selector)
        for kind, points in (("touchStart", [{"x": x, "y": y}]), ("touchEnd", [])):
            event = {"type": kind, "touchPoints": points}
            browser.execute_cdp_cmd("Input.dispatchTouchEvent", event)
        assert "Sala" in _wait(lambda: _tip(browser))
        scroll = "return document.documentElement.scrollWidth <= innerWidth"
        assert browser.execute_script(scroll)
    finally:
        browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def test_a_figure_that_comes_later_answers_too_and_the_script_installs_once(opened: Any) -> None:
    later = FORMS["grouped_bar"]().html
    opened.execute_script(
        "document.querySelector('main').insertAdjacentHTML('beforeend', arguments[0]);"
        "const s = document.createElement('script'); s.textContent = arguments[1];"
        "document.body.append(s);",
        later,
        interactive.source(),
    )
    path = "#fig-grupper .ap-wide .ap-entry"
    assert len(_wait(lambda: opened.find_elements("css selector", path))) == 2
    assert opened.execute_script("return document.querySelectorAll('style').length") == 2
    assert len(opened.find_elements("css selector", "#fig-rang .ap-wide .ap-values")) == 1


def test_nothing_is_fetched_and_nothing_goes_wrong(opened: Any, page: Path) -> None:
    _hover(opened, '#fig-svarm .ap-wide circle[data-key="0114"]')
    assert _wait(lambda: _tip(opened))
    events = [json.loads(e["message"])["message"] for e in opened.get_log("performance")]
    asked = [
        e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"
    ]
    assert page.as_uri() in asked
    assert [url for url in asked if not url.startswith(("file:", "data:", "chrome:"))] == []
    assert opened.get_log("browser") == []


@pytest.mark.parametrize("width", [1200, 375])
def test_page_in_use_has_no_serious_accessibility_faults(
    browser: Any, page: Path, width: int
) -> None:
    open_page(browser, page, width)
    kind = "wide" if width > 640 else "narrow"
    at = _hover(browser, f'#fig-rang .ap-{kind} path[data-key="1981"]')
    _mouse(browser, "mousePressed", at)
    _mouse(browser, "mouseReleased", at)
    _wait(lambda: browser.find_elements("css selector", ".ap-shown"))
    assert accessibility_faults(browser) == []


def test_without_scripts_everything_is_there(browser: Any, page: Path) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        open_page(browser, page, 1200)
        pictures = browser.find_elements("css selector", ".ap-wide svg")
        assert len(pictures) == len(_SHOWN)
        assert all(p.is_displayed() and p.accessible_name for p in pictures)
        assert not browser.find_elements("css selector", ".ap-values, .ap-entry, .ap-tip")
        bar = browser.find_element("css selector", '#fig-rang .ap-wide path[data-key="1981"]')
        assert bar.find_element("css selector", "title").get_attribute("textContent")
        assert len(browser.find_elements("css selector", "details table")) == len(_SHOWN)
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

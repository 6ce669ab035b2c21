"""The notebooks in a real JupyterLab 4: Run All without errors, figures seen, and controls that work.

Needs ``jupyterlab``, which the other tests do without: ``make test-lab`` has a venv of its own for it.
"""

import time
from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
import pytest

from affarsplan_data import project
from tests.browsing import NoBrowserError, chromium
from tests.labpages import all_of, failures, run_all, until
from tests.labserver import Lab, jupyterlab

pytestmark = [
    pytest.mark.lab,
    pytest.mark.skipif(
        not (find_spec("jupyterlab") and find_spec("ipywidgets")),
        reason="jupyterlab och ipywidgets behövs; make test-lab har dem",
    ),
]
PAGES = sorted(path.name for path in project.notebooks().glob("delmal_0[45]_*.ipynb"))
EXPLORER = "utforska.ipynb"

_SEEN = """
const panel = [...document.querySelectorAll('.jp-WindowedPanel-outer')].filter(p => p.offsetParent).pop();
const area = panel.getBoundingClientRect();
return {
  end: panel.scrollTop + panel.clientHeight >= panel.scrollHeight - 2,
  figures: [...panel.querySelectorAll('figure.ap-figure')].map(figure => ({
    id: figure.id,
    pictures: figure.querySelectorAll('.ap-picture').length,
    seen: [...figure.querySelectorAll('.ap-picture svg')].map(svg => svg.getBoundingClientRect())
      .filter(box => box.width > 0 && box.height > 0)
      .map(box => ({width: box.width, height: box.height, inside: box.right <= area.right + 1}))
  }))
};
"""
_NAME = """
const now = document.activeElement;
return now.labels && now.labels.length ? now.labels[0].textContent.trim() : now.textContent.trim();
"""
_AXE = """
const done = arguments[arguments.length - 1];
axe.run({include: ['.jp-OutputArea-output .widget-vbox']},
        {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(
  result => done(result.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])),
  error => done([String(error)]));
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A running JupyterLab."""
    with jupyterlab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Headless Chromium, wide enough for a notebook."""
    try:
        with chromium(tmp_path_factory.mktemp("profil")) as started:
            size = {"width": 1400, "height": 1100, "deviceScaleFactor": 1, "mobile": False}
            started.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            yield started
    except NoBrowserError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def explorer(browser: Any, lab: Lab) -> nbformat.NotebookNode:
    """The explorer's notebook, run and shown."""
    node = run_all(browser, lab, project.notebooks() / EXPLORER)
    until("Diagrammet kom inte", lambda: all_of(browser, ".ap-figure svg"))
    return node


def _figures(browser: Any) -> dict[str, dict[str, Any]]:
    """Scroll through the notebook, which draws only the cells in view, and return what is seen."""
    found: dict[str, dict[str, Any]] = {}
    move = (
        "[...document.querySelectorAll('.jp-WindowedPanel-outer')]"
        ".filter(p => p.offsetParent).pop().scrollTop"
    )
    browser.execute_script(f"{move} = 0")
    for _ in range(60):
        time.sleep(0.4)
        seen = browser.execute_script(_SEEN)
        found |= {figure["id"]: figure for figure in seen["figures"]}
        if seen["end"]:
            break
        browser.execute_script(f"{move} += 500")
    return found


def test_there_are_pages_to_open() -> None:
    assert len(PAGES) == 2
    assert (project.notebooks() / EXPLORER).is_file()


@pytest.mark.parametrize("name", PAGES)
def test_run_all_of_a_page_ends_without_errors_and_every_figure_is_seen_once(
    browser: Any, lab: Lab, name: str
) -> None:
    node = run_all(browser, lab, project.notebooks() / name)
    assert failures(node) == []
    drawn = [
        output.data["text/html"]
        for cell in node.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "<svg" in str(output.get("data", {}).get("text/html", ""))
    ]
    seen = {id: figure for id, figure in _figures(browser).items() if figure["pictures"]}
    assert len(seen) == len(drawn) >= 4
    for id, figure in seen.items():
        assert len(figure["seen"]) == 1, (id, figure)
        assert figure["seen"][0]["width"] > 300, (id, figure)
        assert figure["seen"][0]["height"] > 20, (id, figure)
        assert figure["seen"][0]["inside"], (id, figure)


def test_a_pick_in_the_explorer_changes_chart_table_and_code(
    browser: Any, explorer: nbformat.NotebookNode
) -> None:
    from selenium.webdriver.common.keys import Keys

    assert failures(explorer) == []
    (figure,) = _figures(browser).values()
    assert [picture["width"] > 300 for picture in figure["seen"]] == [True]

    before = _shown(browser)
    assert all(before)
    # By keyboard alone: to a button and the space bar, into a field and its words.
    _button(browser, "Staplar, område för område").send_keys(Keys.SPACE)
    after = until("Diagrammet ändrades inte", lambda: _changed(browser, before))
    assert 'figure("bars")' in after[2]
    _control(browser, "Indikator").send_keys("treårig eftergymnasial", Keys.ENTER)
    other = until("Indikatorn ändrades inte", lambda: _changed(browser, after))
    assert "postsecondary_3y_share" in other[2]
    _button(browser, "Kvinnor och män").click()
    split = until("Grupperna ändrades inte", lambda: _changed(browser, other))
    assert 'split="sex"' in split[2]
    assert "Kvinnor" in split[1]
    _control(browser, "Område").send_keys("Fagersta", Keys.ENTER)
    town = until("Området ändrades inte", lambda: _changed(browser, split))
    assert 'region="1982"' in town[2]


def test_the_explorers_controls_are_labelled_and_reached_by_keyboard(
    browser: Any, explorer: nbformat.NotebookNode
) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    start = _control(browser, "Indikator")
    start.click()
    reached = []
    for _ in range(20):
        reached.append(browser.execute_script(_NAME))
        ActionChains(browser).send_keys(Keys.TAB).perform()
    order = ["Indikator", "Område", "Jämför med", "Ta bort riket", "Alla tillsammans"]
    order += ["Linjer över tid", "Från och med", "Till och med"]
    assert [name for name in reached if name in order] == order
    # No cell was added, run or left by the keys.
    assert len(all_of(browser, ".jp-Cell")) == len(explorer.cells)
    axe = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    browser.execute_script(axe)
    assert browser.execute_async_script(_AXE) == []


def test_a_saved_excerpt_lies_in_the_folder_that_is_named(
    browser: Any, explorer: nbformat.NotebookNode, tmp_path: Path
) -> None:
    from selenium.webdriver.common.keys import Keys

    folder = _control(browser, "Mapp")
    folder.send_keys(Keys.CONTROL, "a")
    folder.send_keys(str(tmp_path / "utdrag"), Keys.TAB)
    _button(browser, "Spara CSV, Excel, HTML och SVG i mappen").click()
    said = f"Sparat i {tmp_path / 'utdrag'}"
    until("Inget sparades", lambda: any(said in e.text for e in all_of(browser, "[role=status]")))
    assert {path.suffix for path in (tmp_path / "utdrag").iterdir()} >= {
        ".csv",
        ".xlsx",
        ".html",
        ".svg",
    }


def _control(browser: Any, label: str) -> Any:
    """Return the control that a label belongs to, as a screen reader finds it."""
    script = (
        "const label = [...document.querySelectorAll('.jp-OutputArea-output label')]"
        ".find(l => l.textContent === arguments[0]);"
        "return label && document.getElementById(label.htmlFor)"
    )
    return until(f"{label} har inget reglage", lambda: browser.execute_script(script, label))


def _button(browser: Any, text: str) -> Any:
    def found() -> Any:
        return next((b for b in all_of(browser, "button.jupyter-button") if b.text == text), None)

    return until(f"Knappen {text} finns inte", found)


def _shown(browser: Any) -> tuple[str, str, str]:
    """Return the picture, the table and the code that the explorer shows."""
    return tuple(
        browser.execute_script(
            "const shown = document.querySelector('.jp-OutputArea-output .widget-vbox');"
            "const text = path => (shown.querySelector(path) || {outerHTML: ''}).outerHTML;"
            "return [text('.ap-picture svg'), text('.ap-figure table'), text('pre code')]"
        )
    )


def _changed(browser: Any, before: tuple[str, str, str]) -> tuple[str, str, str] | None:
    now = _shown(browser)
    return now if all(new and new != old for new, old in zip(now, before, strict=True)) else None

"""What one does with a notebook in JupyterLab's own page: run all of it, and wait for what comes."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat.reader import NotJSONError

from tests.labserver import Lab

PATIENCE = 120.0
_IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'


def until(said: str, met: Callable[[], Any], pause: float = 0.3) -> Any:
    """Return what ``met`` returns when it is true; while the page redraws, elements come and go.

    Raises:
        AssertionError: it was not true in time; ``said`` is what did not happen.
    """
    from selenium.common.exceptions import WebDriverException

    end, last = time.monotonic() + PATIENCE, ""
    while time.monotonic() < end:
        try:
            if found := met():
                return found
        except WebDriverException as error:
            last = str(error)
        time.sleep(pause)
    raise AssertionError(f"{said} inom {PATIENCE:.0f} s. {last}")


def run_all(browser: Any, lab: Lab, notebook: Path) -> nbformat.NotebookNode:
    """Open a copy of a notebook, choose Run All Cells in the menu, and return what it holds when done.

    Raises:
        AssertionError: it was not done in time.
    """
    copy = lab.copy(notebook)
    browser.get(lab.page(copy))
    until("Boken öppnades inte", lambda: all_of(browser, ".jp-Notebook .jp-CodeCell"))
    until("Kärnan startade inte", lambda: all_of(browser, _IDLE))
    until("Menyn Run gick inte att välja", lambda: _chosen(browser))
    return until(f"{notebook.name} blev inte klar", lambda: _finished(browser, copy), pause=2)


def _chosen(browser: Any) -> bool:
    """Choose Run All Cells, and tell whether the kernel has heard of it."""
    if asked := all_of(browser, "dialog.jp-Dialog"):
        if not asked[0].text.startswith("Select Kernel"):
            raise AssertionError(f"JupyterLab frågar: {asked[0].text}")
        # On a busy machine it asks before it knows the kernels; the one proposed is the right one.
        asked[0].find_element("css selector", "button.jp-mod-accept").click()
        return False
    (menu,) = (e for e in all_of(browser, ".lm-MenuBar-item") if e.text == "Run")
    menu.click()
    browser.find_element("css selector", 'li[data-command="runmenu:run-all"]').click()
    time.sleep(4)
    return any(e.text.strip("[]: ") for e in all_of(browser, ".jp-InputPrompt"))


def _finished(browser: Any, copy: Path) -> nbformat.NotebookNode | None:
    """Save the notebook, and return what it holds once all has been run or something has failed."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    ActionChains(browser).key_down(Keys.CONTROL).send_keys("s").key_up(Keys.CONTROL).perform()
    try:
        node = nbformat.read(copy, as_version=4)
    except NotJSONError:
        # It is being saved just now.
        return None
    if all(cell.execution_count for cell in node.cells if cell.cell_type == "code"):
        return node
    if failures(node):
        return node
    # A kernel that was not yet connected forgets what it was asked; then it is asked again.
    waiting = any("*" in e.text for e in all_of(browser, ".jp-InputPrompt"))
    if not waiting and all_of(browser, _IDLE):
        _chosen(browser)
    return None


def all_of(browser: Any, selector: str) -> list[Any]:
    """Return the elements that a CSS selector finds."""
    return list(browser.find_elements("css selector", selector))


def failures(node: nbformat.NotebookNode) -> list[Any]:
    """Return the errors of a notebook that was run, and what it printed, which pages never do."""
    outputs = [o for cell in node.cells if cell.cell_type == "code" for o in cell.outputs]
    return [o for o in outputs if o.output_type in ("error", "stream")]

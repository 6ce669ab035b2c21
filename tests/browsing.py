"""Headless Chromium for the tests that look at pages, and what can be measured on a page by itself."""

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

HEIGHT = 900
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
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
_FAULTS = """
const faults = [];
const scroll = document.documentElement.scrollWidth, room = window.innerWidth;
if (scroll > room) faults.push(`sidan är ${scroll - room} px för bred`);
const area = b => Math.max(0, b.right - b.left) * Math.max(0, b.bottom - b.top);
const shared = (a, b) => area({
  left: Math.max(a.left, b.left), right: Math.min(a.right, b.right),
  top: Math.max(a.top, b.top), bottom: Math.min(a.bottom, b.bottom)});
for (const svg of document.querySelectorAll('.ap-picture svg')) {
  const frame = svg.getBoundingClientRect();
  if (!frame.width) continue;
  const figure = svg.closest('figure').id;
  const marks = [...svg.querySelectorAll('path,line,rect,circle')]
    .map(m => m.getBoundingClientRect())
    .filter(b => b.width + b.height > 1 && b.width < frame.width - 1);
  if (marks.length < 2) faults.push(`${figure}: tom bild`);
  const texts = [...svg.querySelectorAll('text')]
    .map(t => ({said: t.textContent.trim(), box: t.getBoundingClientRect()}))
    .filter(t => t.said && t.box.width);
  if (!texts.length) faults.push(`${figure}: bilden saknar text`);
  for (const t of texts)
    if (t.box.left < frame.left - 1 || t.box.right > frame.right + 1
        || t.box.top < frame.top - 2 || t.box.bottom > frame.bottom + 2)
      faults.push(`${figure}: ”${t.said}” är avklippt`);
  texts.forEach((a, i) => texts.slice(i + 1).forEach(b => {
    // A halo is the same text drawn twice.
    if (a.said === b.said) return;
    if (shared(a.box, b.box) > 0.25 * Math.min(area(a.box), area(b.box)))
      faults.push(`${figure}: ”${a.said}” och ”${b.said}” ligger på varandra`);
  }));
}
// A table that becomes cards where it has no room is never wider than its place.
for (const box of document.querySelectorAll('.ap-scroll')) {
  const table = box.querySelector('.ap-cards');
  const hidden = table && box.clientWidth ? box.scrollWidth - box.clientWidth : 0;
  if (hidden > 1) faults.push(`”${box.ariaLabel}”: ${hidden} px syns inte`);
}
return [...new Set(faults)];
"""


class NoBrowserError(Exception):
    """Chromium or its driver is not installed."""


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """Start headless Chromium with a profile of its own, driven by selenium.

    Raises:
        NoBrowserError: Chromium or chromedriver is not installed.
    """
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    driver = shutil.which("chromedriver")
    if not program or not driver:
        raise NoBrowserError("Chromium och chromedriver behövs för att pröva sidor i en webbläsare")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    started = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield started
    finally:
        started.quit()


def open_page(browser: Any, page: Path, width: int) -> None:
    """Open a file in a window of ``width`` px."""
    size = {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(page.as_uri())


def drawing_faults(browser: Any) -> list[str]:
    """Return what is wrong with the open page's layout: too wide, empty, cut off or overlapping."""
    return list(browser.execute_script(_FAULTS))


def accessibility_faults(browser: Any) -> list[dict[str, Any]]:
    """Return the serious and critical faults that axe finds on the open page (WCAG 2.1 A and AA)."""
    axe = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    browser.execute_script(axe)
    faults = browser.execute_async_script(_AXE)
    return [fault for fault in faults if fault["impact"] in ("serious", "critical")]


def photograph(browser: Any, target: Path, width: int, slice_height: int = 1800) -> list[Path]:
    """Save the whole open page as pictures of at most ``slice_height`` px, ``target-01.png`` and on."""
    height = browser.execute_script("return document.documentElement.scrollHeight")
    saved = []
    for number, top in enumerate(range(0, height, slice_height), start=1):
        clip = {"x": 0, "y": top, "width": width, "scale": 1}
        clip["height"] = min(slice_height, height - top)
        wanted = {"format": "png", "captureBeyondViewport": True, "clip": clip}
        taken = browser.execute_cdp_cmd("Page.captureScreenshot", wanted)
        path = target.with_name(f"{target.name}-{number:02}.png")
        path.write_bytes(base64.b64decode(taken["data"]))
        saved.append(path)
    return saved

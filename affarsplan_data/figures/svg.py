"""From an Altair chart to a clean inline SVG: no script, no stray roles, ids that never collide.

What marks stand for (:func:`affarsplan_data.figures.drawing.who`) comes through Vega as a description.
Here it becomes ``data-key``, ``data-series``, ``data-points`` and, in the figure's key, ``data-entry``;
and a ``<title>``, which browsers show beside the pointer without any script.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from xml.etree import ElementTree as ET

import altair as alt
from altair.utils import schemapi

from affarsplan_data import vega
from affarsplan_data.figures import theme
from affarsplan_data.figures.drawing import Identity, identity
from affarsplan_data.figures.labels import measure

_SVG = "http://www.w3.org/2000/svg"
_URL = re.compile(r"url\(#([^)]+)\)")
_LONG = re.compile(r"-?\d+\.\d{3,}")
_CIRCLE = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0")
_MANY = 40
_LOOKS = ("fill", "stroke", "stroke-width", "font-size", "font-weight", "text-anchor")
_PLACES = {"d", "transform", "x", "y", "x2", "y2", "width", "height"}


def draw(chart: alt.TopLevelMixin, *, prefix: str, label: str, title: str) -> str:
    """Return ``chart`` as one ``<svg role="img">`` to stand inline in a page.

    Args:
        chart: a chart with all its data inline.
        prefix: put before every id, so that several pictures can share a page.
        label: the text alternative.
        title: the short title that a pointer shows.
    """
    with _embedded_data():
        spec = chart.to_dict(validate=False)
    return _clean(vega.to_svg(spec), prefix, label, title)


def unchecked() -> AbstractContextManager[None]:
    """Build charts meanwhile without checking every part of them against Vega-Lite's schema.

    That is most of the time a picture takes, and says nothing new of a form that has been tried. The
    tests build every form with the checks, and the analyst's own charts have them.
    """
    return schemapi.debug_mode(False)


@contextmanager
def _embedded_data() -> Iterator[None]:
    """Keep each layer's data where it is used, whatever the session has set."""
    before = alt.data_transformers.consolidate_datasets
    alt.data_transformers.consolidate_datasets = False
    try:
        with alt.data_transformers.disable_max_rows():
            yield
    finally:
        alt.data_transformers.consolidate_datasets = before


def _clean(svg: str, prefix: str, label: str, title: str) -> str:
    root = ET.fromstring(svg)
    for parent in list(root.iter()):
        for child in [c for c in parent if c.get("display") == "none"]:
            parent.remove(child)
    for element in list(root.iter()):
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
        stands_for = identity(element.get("aria-label", ""))
        element.attrib = dict(_kept(element.attrib, prefix))
        if element.tag == "text":
            _hold_length(element)
        if stands_for:
            _tell(element, stands_for)
    for group in root.iter("g"):
        if len(group) >= _MANY:
            _gather(group)
    width = root.get("width", "")
    root.attrib = {
        "xmlns": _SVG,
        "role": "img",
        "aria-label": label,
        "viewBox": root.attrib["viewBox"],
        "width": width,
        "height": root.attrib["height"],
        "font-family": theme.FONT,
        "style": f"display:block;width:100%;height:auto;max-width:{width}px",
    }
    heading = ET.Element("title")
    heading.text = title
    root.insert(0, heading)
    return ET.tostring(root, encoding="unicode")


def _gather(group: ET.Element) -> None:
    """Say once on the group what all of its many marks look like, and draw round ones as circles."""
    for name in _LOOKS:
        values = {child.get(name) for child in group}
        if len(values) == 1 and (value := values.pop()):
            group.set(name, value)
            for child in group:
                del child.attrib[name]
    for child in group:
        if round_one := _CIRCLE.fullmatch(child.get("d", "")):
            child.tag = "circle"
            del child.attrib["d"]
            child.set("r", round_one[1])


def _tell(element: ET.Element, stands_for: Identity) -> None:
    """Let ``element`` carry what it stands for. Letters say it themselves, so they have no title."""
    for name in ("key", "series", "points", "entry"):
        if value := getattr(stands_for, name):
            element.set(f"data-{name}", value)
    if stands_for.tip and element.tag != "text":
        title = ET.Element("title")
        title.text = stands_for.tip
        element.insert(0, title)


def _hold_length(text: ET.Element) -> None:
    """Give a text the width that the layout was made for, whatever font the reader's computer has.

    A font wider than Helvetica and Arial would else run over its neighbours and out of the picture.
    """
    size = float(text.get("font-size", "0").removesuffix("px"))
    bold = text.get("font-weight") == "bold"
    for line in text if len(text) else [text]:
        if length := measure(line.text or "", size, bold=bold):
            line.set("textLength", f"{length:.1f}")
            line.set("lengthAdjust", "spacingAndGlyphs")


def _kept(attributes: dict[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """Drop Vega's own roles and class names, which would meet the page's, the font, which the root states
    once, and what is so anyway; prefix ids and links; keep hundredths of a px.
    """
    for name, value in attributes.items():
        if name in ("role", "class") or name.startswith("aria-") or value == theme.FONT:
            continue
        if (name, value) == ("opacity", "1"):
            continue
        if name == "id":
            yield name, f"{prefix}-{value}"
        elif name in _PLACES:
            yield name, _LONG.sub(_hundredths, value)
        else:
            yield name, _URL.sub(rf"url(#{prefix}-\1)", value)


def _hundredths(match: re.Match[str]) -> str:
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")

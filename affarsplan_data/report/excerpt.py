"""One figure as files for use elsewhere: table, workbook, page and picture, with their sources."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd

from affarsplan_data import swedish
from affarsplan_data.figures import Figure, markup, theme
from affarsplan_data.figures.block import WIDE
from affarsplan_data.figures.labels import wrap
from affarsplan_data.report.checks import check_page
from affarsplan_data.report.exports import export_table
from affarsplan_data.report.payloads import table_of
from affarsplan_data.report.publish import Place, check_output, reserved, swap
from affarsplan_data.report.site import environment, now, style
from affarsplan_data.report.workbook import Cover, write_workbook

_ROOM = 0.86 * WIDE
"""The width of the lines of text, with room for a font that is wider than the one measured."""
_SVG = "http://www.w3.org/2000/svg"
MARK = "affarsplan_utdrag.py"
"""The file by which an earlier excerpt is known: the code that gives the figure again."""


def write_excerpt(
    folder: Path, figure: Figure, cover: Cover, sources: pd.DataFrame, code: str
) -> tuple[Path, ...]:
    """Write the figure into ``folder`` as CSV, XLSX, HTML and SVG, and return the files.

    The folder is written aside and moved in place when it is whole; an earlier excerpt there is replaced.
    A figure that is a table only has no SVG.

    Args:
        folder: where to write: a folder that is new, empty or an earlier excerpt.
        figure: what is shown.
        cover: the words about the whole; its banner stands in every file.
        sources: the publications behind, with Swedish headings.
        code: the lines of Python that give the figure.

    Raises:
        PublishError, BusyError, OutputError: the folder cannot be written.
        PageStructureError: the page breaks a rule.
    """
    check_output(folder)
    place = Place(folder.absolute(), mark=MARK, noun="mapp med ett utdrag")
    with reserved(place) as aside:
        table = table_of(figure.to_payload())
        export_table(aside, table, cover)
        write_workbook(aside / f"{figure.name}.xlsx", (table,), _whole(cover, sources, code))
        _write(aside / f"{figure.name}.html", _page(figure, cover, sources, code))
        if figure.chart is not None:
            _write(aside / f"{figure.name}.svg", _picture(figure, cover.banner))
        _write(aside / MARK, code)
        names = sorted(path.name for path in aside.iterdir())
        swap(place)
    return tuple(folder / name for name in names)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _page(figure: Figure, cover: Cover, sources: pd.DataFrame, code: str) -> str:
    listed = markup.table(
        sources, {}, title="Källor", caption="Publikationer bakom uppgifterna", cards=True
    )
    html = (
        environment()
        .get_template("figure.html.j2")
        .render(
            cover=cover,
            figure=figure,
            sources=listed,
            code=code,
            style=style(),
            created=swedish.day(now().date()),
        )
    )
    check_page(f"{figure.name}.html", html)
    return html


def _whole(cover: Cover, sources: pd.DataFrame, code: str) -> Cover:
    """Return the workbook's cover with the sources and the code, which the page has under headings."""
    listed = [
        "; ".join(f"{name}: {value}" for name, value in row.items() if not markup.is_missing(value))
        for row in sources.to_dict("records")
    ]
    return replace(
        cover, notes=(*cover.notes, *listed, f"Ger samma figur: {code.splitlines()[-1]}")
    )


def _picture(figure: Figure, banner: str) -> str:
    """Return the picture with title, unit and source written above it, since it will be used alone."""
    inner = ET.fromstring(figure.svg(WIDE))
    for element in inner.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
    for name in ("role", "aria-label", "style"):
        inner.attrib.pop(name)
    inner.remove(inner[0])
    outer = ET.Element("svg", {"xmlns": _SVG, "role": "img", "aria-label": figure.alt})
    ET.SubElement(outer, "title").text = figure.title
    top = 8.0
    for text, size, bold in [
        (banner, 13, True),
        (figure.title, 16, True),
        (figure.subtitle, 13, False),
        (figure.source, 11, False),
    ]:
        for line in wrap(text, size, _ROOM, bold=bold).split("\n") if text else ():
            top += size * 1.3
            look = {"font-size": str(size), "font-weight": "bold" if bold else "normal"}
            place = {"x": "8", "y": f"{top:g}", "font-family": theme.FONT, "fill": theme.TEXT}
            ET.SubElement(outer, "text", place | look).text = line
    height = top + 14 + float(inner.attrib["height"])
    inner.attrib |= {"x": "8", "y": f"{top + 14:g}"}
    outer.append(inner)
    outer.attrib |= {"viewBox": f"0 0 {WIDE + 16} {height:g}", "width": str(WIDE + 16)}
    outer.attrib |= {"height": f"{height:g}"}
    background = {"width": "100%", "height": "100%", "fill": theme.WHITE}
    outer.insert(1, ET.Element("rect", background))
    return ET.tostring(outer, encoding="unicode")

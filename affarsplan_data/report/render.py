"""From an executed notebook to the blocks of a page. The templates turn blocks into HTML."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from nbformat import NotebookNode

from affarsplan_data import interactive
from affarsplan_data.report.errors import PageStructureError
from affarsplan_data.report.executed import INJECTED, tags, without_ansi
from affarsplan_data.report.notebooks import Notebook
from affarsplan_data.report.payloads import OPENING_MIME, FigureTable, figure_of

_SCROLL = '<div class="ap-scroll" tabindex="0" role="region" aria-label="Tabell">'

_MISSING = '<p class="ap-notice ap-missing">'
"""How a notice begins that stands in a figure's place."""

Kind = Literal["html", "plain", "stream", "error", "code"]


@dataclass(frozen=True)
class Block:
    """One piece of a page. ``html`` is ready to insert; every other kind is text to be escaped."""

    kind: Kind
    content: str
    label: str = ""
    figure: FigureTable | None = None
    opening: bool = False


@dataclass(frozen=True)
class PageBody:
    """A page's content: its title as HTML (the one h1) and its blocks in order."""

    title_html: str
    blocks: tuple[Block, ...]


def render(notebook: Notebook, node: Any) -> PageBody:
    """Return the content of one page.

    Raises:
        PageStructureError: the text has several titles, or a picture has no text.
        ExportError: a figure's payload is faulty.
    """
    text = _Text(notebook)
    cells = [cell for cell in node.cells if not _is_replaced(cell, node)]
    blocks = _said_once(
        block for cell in _silent_joined(cells) for block in _cell_blocks(cell, text)
    )
    # The answer stands first on the page, wherever the notebook computes it.
    return PageBody(text.title or "", tuple(sorted(blocks, key=lambda block: not block.opening)))


class _Text:
    """Markdown cells to HTML; takes the title out and gives every heading its own id."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self.title: str | None = None
        self._ids: set[str] = set()
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable(["table"])

    def html(self, source: str) -> str:
        environment: dict[str, Any] = {}
        tokens = list(self._without_title(self._markdown.parse(source, environment), environment))
        for token, inline in pairwise(tokens):
            if token.type == "heading_open":
                token.attrSet("id", self._heading_id(inline.content))
        html = self._markdown.renderer.render(tokens, self._markdown.options, environment)
        return html.replace("<table>", f"{_SCROLL}<table>").replace("</table>", "</table></div>")

    def _without_title(self, tokens: list[Token], environment: dict[str, Any]) -> Iterator[Token]:
        skip = 0
        for index, token in enumerate(tokens):
            if token.type == "heading_open" and token.tag == "h1":
                if self.title is not None:
                    raise PageStructureError(
                        f"{self.notebook.path.name} har flera titlar (#). Använd ## för avsnitt."
                    )
                inline = tokens[index + 1].children or []
                self.title = self._markdown.renderer.render(
                    inline, self._markdown.options, environment
                )
                skip = 3
            if skip:
                skip -= 1
                continue
            yield token

    def _heading_id(self, text: str) -> str:
        plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
        base = "avsnitt-" + (re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "rubrik")
        identity, number = base, 2
        while identity in self._ids:
            identity, number = f"{base}-{number}", number + 1
        self._ids.add(identity)
        return identity


def _is_replaced(cell: Any, node: Any) -> bool:
    """Tell whether the cell holds default parameters that the run put other values after."""
    return "parameters" in tags(cell) and any(INJECTED in tags(other) for other in node.cells)


def _silent_joined(cells: list[Any]) -> Iterator[Any]:
    """Yield the cells, each code cell that shows nothing put together with the code cell after it."""
    waiting = ""
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        is_code = cell.cell_type == "code"
        if is_code and not cell.outputs and following and following.cell_type == "code":
            waiting += f"{cell.source.strip()}\n\n"
        elif is_code:
            yield NotebookNode(cell | {"source": waiting + cell.source})
            waiting = ""
        else:
            yield cell


def _cell_blocks(cell: Any, text: _Text) -> Iterator[Block]:
    if cell.cell_type == "markdown":
        html = text.html(cell.source)
        if html.strip():
            yield Block("html", html)
    elif cell.cell_type == "code":
        # The reader came for the result; the code that made it stands folded below.
        for output in cell.outputs:
            yield from _output_blocks(output, text)
        if cell.source.strip():
            yield Block("code", cell.source.strip("\n"))


def _said_once(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks without a notice that says the same as the one before, nothing shown between."""
    before = ""
    for block in blocks:
        if block.kind == "html":
            if block.content == before and block.content.startswith(_MISSING):
                continue
            before = block.content
        yield block


def _output_blocks(output: Any, text: _Text) -> Iterator[Block]:
    if output.output_type == "stream":
        yield Block("stream", without_ansi(output.text).rstrip("\n"))
    elif output.output_type == "error":
        trace = without_ansi("\n".join(output.traceback))
        yield Block("error", trace, label=f"{output.ename}: {without_ansi(output.evalue)}")
    else:
        yield _data_block(output, text)


def _data_block(output: Any, text: _Text) -> Block:
    data = output.data
    if "text/html" in data:
        return Block(
            "html",
            # The page brings the figures' script itself, once.
            _joined(data["text/html"]).replace(interactive.tag(), ""),
            figure=figure_of(output),
            opening=OPENING_MIME in data,
        )
    if "text/markdown" in data:
        return Block("html", text.html(_joined(data["text/markdown"])))
    if any(mime.startswith("image/") for mime in data):
        raise PageStructureError(
            f"{text.notebook.path.name} visar en bild utan textbeskrivning. Visa den som en figur."
        )
    if any("javascript" in mime or "widget" in mime for mime in data):
        raise PageStructureError(
            f"{text.notebook.path.name} visar något som kräver skript. Visa det som en figur."
        )
    return Block("plain", without_ansi(_joined(data.get("text/plain", ""))))


def _joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)

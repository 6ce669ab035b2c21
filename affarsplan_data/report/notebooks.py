"""The report's notebooks: found in a folder, known by their own metadata, in page order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from affarsplan_data.report.errors import NotebookError

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_TITLE = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_RESERVED = {"index"}
MUNICIPALITY = "municipality"
"""The value of ``each`` for a notebook that becomes one page per municipality."""


@dataclass(frozen=True)
class Notebook:
    """One notebook that becomes one page, or one for ``each`` of something.

    A ``wide`` one needs most of all figures.
    """

    path: Path
    page: str
    order: int
    short: str
    title: str
    each: str | None = None
    wide: bool = False


def find(folder: Path) -> tuple[Notebook, ...]:
    """Return the notebooks of ``folder`` that become pages, in page order.

    One whose metadata say ``"affarsplan": {"report": false}`` is for work by hand and is left out.

    Raises:
        NotebookError: the folder holds none, one of them cannot become a page, or two claim the
            same page or place.
    """
    paths = sorted(p for p in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
    described = [one for path in paths if (one := describe(path))]
    if not described:
        raise NotebookError(f"Hittar inga anteckningsböcker (.ipynb) till rapporten i {folder}.")
    found = sorted(described, key=lambda notebook: notebook.order)
    _refuse_duplicates(found)
    return tuple(found)


def describe(path: Path) -> Notebook | None:
    """Return what the notebook says about itself, or None when it says that it is no page of the report.

    Raises:
        NotebookError: the file is no notebook, or lacks metadata, title or a parameters cell.
    """
    try:
        node = nbformat.read(path, as_version=4)
    except Exception as error:
        raise NotebookError(f"{path.name} går inte att läsa som anteckningsbok: {error}") from error
    meta = node.metadata.get("affarsplan")
    if not isinstance(meta, dict):
        raise NotebookError(
            f"{path.name} saknar metadata ”affarsplan” med page, order och short, "
            'till exempel {"page": "delmal-05", "order": 2, "short": "Delmål 5"}.'
        )
    if not _yes("report", meta.get("report", True), path):
        return None
    try:
        parameters_cell(node)
    except NotebookError as error:
        raise NotebookError(f"{path.name} {error}") from None
    return Notebook(
        path=path,
        page=_page(meta.get("page"), path),
        order=_order(meta.get("order"), path),
        short=_short(meta.get("short"), path),
        title=_title(node, path),
        each=_each(meta.get("each"), path),
        wide=_yes("wide", meta.get("wide", False), path),
    )


def _yes(name: str, value: Any, path: Path) -> bool:
    if not isinstance(value, bool):
        raise NotebookError(f"{path.name}: ”{name}” är {value!r} men ska vara true eller false.")
    return value


def _page(value: Any, path: Path) -> str:
    if not isinstance(value, str) or not SLUG.fullmatch(value) or value in _RESERVED:
        raise NotebookError(
            f"{path.name}: ”page” är {value!r}. Använd små bokstäver a–z, siffror och bindestreck, "
            "till exempel delmal-05 (inte index)."
        )
    return value


def _order(value: Any, path: Path) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotebookError(f"{path.name}: ”order” är {value!r} men ska vara ett heltal.")
    return value


def _short(value: Any, path: Path) -> str:
    if not isinstance(value, str) or not value.strip():
        raise NotebookError(
            f"{path.name}: ”short” ska vara sidans korta namn, till exempel Delmål 5."
        )
    return value.strip()


def _each(value: Any, path: Path) -> str | None:
    if value not in (None, MUNICIPALITY):
        raise NotebookError(
            f"{path.name}: ”each” är {value!r}. Det enda värde som finns är {MUNICIPALITY}."
        )
    return value if value is None else MUNICIPALITY


def _title(node: Any, path: Path) -> str:
    first = next((cell for cell in node.cells if cell.cell_type == "markdown"), None)
    match = _TITLE.search(first.source) if first else None
    if match is None:
        raise NotebookError(
            f"{path.name}: den första textcellen ska börja med sidans titel, ”# Titel”."
        )
    return match.group(1).strip()


def parameters_cell(node: Any) -> int:
    """Return the index of the cell tagged ``parameters``.

    Raises:
        NotebookError: not exactly one code cell has the tag, or a run has left its values behind.
    """
    tags = [set(cell.metadata.get("tags", [])) for cell in node.cells]
    if any("injected-parameters" in found for found in tags):
        raise NotebookError("är en redan körd anteckningsbok (taggen ”injected-parameters”).")
    tagged = [index for index, found in enumerate(tags) if "parameters" in found]
    if len(tagged) != 1 or node.cells[tagged[0]].cell_type != "code":
        raise NotebookError(
            f"ska ha en enda kodcell med taggen ”parameters”, men har {len(tagged)} celler med den."
        )
    return tagged[0]


def _refuse_duplicates(found: Iterable[Notebook]) -> None:
    pages: dict[str, Path] = {}
    orders: dict[int, Path] = {}
    for notebook in found:
        name = notebook.path.name
        if other := pages.get(notebook.page):
            raise NotebookError(f"{other.name} och {name} har samma sida, ”{notebook.page}”.")
        if other := orders.get(notebook.order):
            raise NotebookError(f"{other.name} och {name} har samma ordning, {notebook.order}.")
        pages[notebook.page] = orders[notebook.order] = notebook.path

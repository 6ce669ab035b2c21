"""Notebooks are found, described and refused before any of them is run."""

from pathlib import Path

import nbformat
import pytest
from conftest import WriteNotebook

from affarsplan_data.report import notebooks
from affarsplan_data.report.errors import NotebookError


def _changed(path: Path, **meta: object) -> Path:
    node = nbformat.read(path, as_version=4)
    node.metadata["affarsplan"] |= meta
    nbformat.write(node, path)
    return path


def test_notebooks_come_in_page_order(tmp_path: Path, write_notebook: WriteNotebook) -> None:
    write_notebook(tmp_path, "sist", 9)
    write_notebook(tmp_path, "forst", 1)
    write_notebook(tmp_path / ".ipynb_checkpoints", "gammal", 5)

    found = notebooks.find(tmp_path)

    assert [(n.page, n.short, n.each) for n in found] == [
        ("forst", "Prov 1", None),
        ("sist", "Prov 9", None),
    ]
    assert found[0].title == "SYNTETISKA TESTDATA: forst"


def test_a_notebook_for_work_by_hand_is_left_out_of_the_report(
    tmp_path: Path, write_notebook: WriteNotebook
) -> None:
    write_notebook(tmp_path, "sida", 1)
    by_hand = write_notebook(tmp_path, "utforska", 1)
    node = nbformat.read(by_hand, as_version=4)
    node.metadata["affarsplan"] = {"report": False}
    nbformat.write(node, by_hand)

    assert [notebook.page for notebook in notebooks.find(tmp_path)] == ["sida"]
    assert notebooks.describe(by_hand) is None

    _changed(by_hand, report="nej")
    with pytest.raises(NotebookError, match="true eller false"):
        notebooks.find(tmp_path)


def test_a_folder_with_nothing_for_the_report_is_an_error(
    tmp_path: Path, write_notebook: WriteNotebook
) -> None:
    _changed(write_notebook(tmp_path, "utforska", 1), report=False)
    with pytest.raises(NotebookError, match="till rapporten"):
        notebooks.find(tmp_path)


def test_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="Hittar inga"):
        notebooks.find(tmp_path)


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        ({"page": "../ut"}, "page"),
        ({"page": "index"}, "inte index"),
        ({"page": None}, "page"),
        ({"order": "1"}, "order"),
        ({"short": " "}, "short"),
    ],
)
def test_bad_metadata_is_refused(
    tmp_path: Path, write_notebook: WriteNotebook, meta: dict[str, object], words: str
) -> None:
    path = _changed(write_notebook(tmp_path, "sida", 1), **meta)

    with pytest.raises(NotebookError, match=words) as caught:
        notebooks.describe(path)
    assert path.name in str(caught.value)


def test_same_page_or_order_twice_is_refused(tmp_path: Path, write_notebook: WriteNotebook) -> None:
    write_notebook(tmp_path, "sida", 1)
    other = write_notebook(tmp_path, "annan", 1)
    with pytest.raises(NotebookError, match="samma ordning"):
        notebooks.find(tmp_path)

    _changed(other, page="sida", order=2)
    with pytest.raises(NotebookError, match="samma sida"):
        notebooks.find(tmp_path)


def test_title_and_parameters_cell_are_required(
    tmp_path: Path, write_notebook: WriteNotebook
) -> None:
    path = write_notebook(tmp_path, "sida", 1)
    whole = nbformat.read(path, as_version=4)

    del whole.cells[0]
    nbformat.write(whole, path)
    with pytest.raises(NotebookError, match="titel"):
        notebooks.describe(path)

    whole.cells[0].metadata["tags"] = []
    nbformat.write(whole, path)
    with pytest.raises(NotebookError, match="parameters"):
        notebooks.describe(path)


def test_file_that_is_no_notebook_is_named(tmp_path: Path) -> None:
    (tmp_path / "trasig.ipynb").write_text("{")
    with pytest.raises(NotebookError, match=r"trasig\.ipynb"):
        notebooks.find(tmp_path)

"""The key figures in the notebooks are compared with the edition's, and the comparison can fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from affarsplan_data import project
from affarsplan_data.figures.block import MIME
from tests import keyfigure_cells as cells

NOTEBOOKS = sorted(project.notebooks().glob("*.ipynb"))
TODAY = {"revideringar_och_datakvalitet"}
"""What they show depends on the day they are run."""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_report_notebook_has_an_output_to_compare_and_no_other(path: Path) -> None:
    node = nbformat.read(path, as_version=4)
    held = [c for c in node.cells if c.cell_type == "code" and c.outputs]
    assert [c.id for c in held] == [c.id for c in cells.compared(node)]
    if node.metadata["affarsplan"].get("report") is not False and path.stem not in TODAY:
        assert held
    for cell in held:
        (output,) = cell.outputs
        assert tuple(sorted(output.data)) == tuple(sorted(cells.SHOWN))


def _altered(tmp_path: Path) -> Path:
    """Return a copy of a notebook in which one key figure is another."""
    (source,) = (path for path in NOTEBOOKS if path.stem.startswith("delmal_03"))
    node = nbformat.read(source, as_version=4)
    (cell,) = cells.compared(node)
    cell.outputs[0].data[MIME]["rows"][0][2] = "99,9 %"
    node.cells = node.cells[: node.cells.index(cell) + 1]
    target = tmp_path / source.name
    nbformat.write(node, target)
    return target


def test_a_changed_figure_is_found_and_mended(tmp_path: Path) -> None:
    path = _altered(tmp_path)
    with cells.at_home(cells.edition_alone(tmp_path / "projekt")):
        assert cells.refresh(path)
        assert not cells.refresh(path)
    assert "99,9" not in path.read_text(encoding="utf-8")


def test_a_notebook_whose_key_figures_have_changed_fails_its_test(tmp_path: Path) -> None:
    path = _altered(tmp_path)
    shutil.copy(project.notebooks() / "conftest.py", tmp_path / "conftest.py")
    options = ["-q", "--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-c", "pyproject.toml", str(path)],
        cwd=project.root(),
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert run.returncode == 1
    assert "mismatch" in run.stdout
    assert "1 failed" in run.stdout

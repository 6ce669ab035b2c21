"""The notebooks' key-figure cells, whose committed output is compared when the notebooks are tested.

``python -m tests.keyfigure_cells`` computes the outputs anew and writes them into the notebooks; look at
the difference before it is committed. They are of the built-in edition, whatever has been fetched: cells
are run in a project of its own that holds nothing else.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import nbformat

from affarsplan_data import project
from affarsplan_data.figures.block import MIME
from tests.homes import at_home, edition_alone

COMPARED = "nbval-check-output"
"""The tag that lets nbval compare a cell's output."""
KEPT = "keep_output"
"""The tag that lets nbstripout keep it."""
SHOWN = ("text/plain", MIME)
"""What is kept of the output: title, texts and numbers, but not the layout."""


def compared(node: Any) -> list[Any]:
    """Return the cells of a notebook whose output is compared."""
    return [c for c in node.cells if {COMPARED, KEPT} <= set(c.metadata.get("tags", []))]


def outputs_of(node: Any) -> list[dict[str, Any]]:
    """Run a notebook up to its last compared cell, and return what each of those shows."""
    wanted = compared(node)
    names: dict[str, Any] = {}
    found = []
    for cell in node.cells:
        if len(found) == len(wanted):
            break
        if any(cell is one for one in wanted):
            bundle = eval(cell.source, names)._repr_mimebundle_()
            found.append(json.loads(json.dumps({key: bundle[key] for key in SHOWN})))
        elif cell.cell_type == "code" and not cell.source.startswith("page."):
            exec(cell.source, names)
    return found


def refresh(path: Path) -> bool:
    """Write the outputs of a notebook's compared cells into it; tell whether any has changed."""
    node = nbformat.read(path, as_version=4)
    changed = False
    for cell, data in zip(compared(node), outputs_of(node), strict=True):
        output = nbformat.v4.new_output("execute_result", data=data)
        changed |= cell.outputs != [output]
        cell.outputs, cell.execution_count = [output], None
    if changed:
        text = nbformat.writes(node).rstrip("\n") + "\n"
        path.write_text(text, encoding="utf-8", newline="\n")
    return changed


def main() -> None:
    """Refresh every notebook of the project."""
    paths = sorted(project.notebooks().glob("*.ipynb"))
    with tempfile.TemporaryDirectory() as folder, at_home(edition_alone(Path(folder))):
        for path in paths:
            print(f"{'ändrad' if refresh(path) else 'som förut':9}  {path.name}")


if __name__ == "__main__":
    main()

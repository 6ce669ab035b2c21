"""The notebooks are tested on the built-in edition alone, whatever has been fetched into the project."""

from collections.abc import Generator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.homes import at_home, edition_alone
from tests.keyfigure_cells import COMPARED


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Let a notebook's kernel be started in a project with the edition alone.

    Compared is what a cell says, not how it is laid out.
    """
    found = yield
    for collector in found:
        if file_path.suffix == ".ipynb":
            _on_edition(collector)
    return found


def _on_edition(collector: Any) -> None:
    start = collector.setup

    def setup() -> None:
        # The hook strips the numbers of runs, and nbval takes a cell without one for never run.
        for cell in collector.nb.cells:
            if COMPARED in cell.metadata.get("tags", []):
                cell.execution_count = 1
        with at_home(Path(_home().name)):
            start()

    collector.setup = setup
    collector.skip_compare = (*collector.skip_compare, "text/html")


@cache
def _home() -> TemporaryDirectory[str]:
    """One project for all notebooks of the process; it is removed when that ends."""
    home = TemporaryDirectory()
    edition_alone(Path(home.name))
    return home

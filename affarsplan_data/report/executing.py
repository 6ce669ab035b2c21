"""Run one notebook with papermill, in whatever engine, and say how it went."""

import logging
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import nbformat

from affarsplan_data import project
from affarsplan_data.recording import Recording
from affarsplan_data.report.executed import INJECTED, normalised, tags, without_ansi
from affarsplan_data.report.notebooks import parameters_cell
from affarsplan_data.report.run import PageError

CellCallback = Callable[[int, int, int | None], None]
"""Called with how many cells are done, how many there are, and the cell that began, from 1, or None."""


class Engine(Protocol):
    """Where papermill runs the cells of a page."""

    def options(self, page: str) -> Mapping[str, Any]:
        """Return the arguments to papermill's ``execute_notebook`` that are this engine's own."""

    def taken(self, page: str) -> Any | None:
        """Return the notebook as far as it came, None when nothing was run."""

    def told(self, error: Exception, page: str) -> tuple[str, str]:
        """Return the name of what happened and what it was, in one line."""

    def paths(self) -> Mapping[str, str]:
        """Return the engine's own folders, which no page shall show, and what stands there instead."""

    def recording(self, page: str) -> AbstractContextManager["Recorder"]:
        """Return the recorder of what is read while the page's cells run."""


class Recorder(Protocol):
    """Knows, when the cells have run, what they read."""

    def found(self) -> Recording | None:
        """Return what was read; None when it cannot be told."""


@dataclass(frozen=True)
class Executed:
    """A notebook as far as it came, without anything that differs from run to run."""

    node: nbformat.NotebookNode | None
    error: PageError | None
    read: Recording | None = None


def execute(
    source: str,
    parameters: Mapping[str, Any],
    page: str,
    engine: Engine,
    cells: CellCallback = lambda *_: None,
) -> Executed:
    """Run the notebook whose file content is ``source`` and return it, whatever happens in it."""
    silence()
    with engine.recording(page) as recorder:
        error = _run(source, parameters, page, engine, _Watch(cells))
    read = recorder.found()
    taken = engine.taken(page)
    if taken is None:
        return Executed(None, error, read)
    node = normalised(taken, _paths() | dict(engine.paths()))
    return Executed(node, error or _unraised(node), read)


def _run(
    source: str, parameters: Mapping[str, Any], page: str, engine: Engine, watch: "_Watch"
) -> PageError | None:
    from papermill import PapermillExecutionError, execute_notebook

    try:
        execute_notebook(
            watch.begin(nbformat.reads(source, as_version=4)),
            parameters=dict(parameters),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            autosave_cell_every=0,
            coalesce_streams=True,
            on_cell_start=watch.on_start,
            on_cell_executed=watch.on_executed,
            **engine.options(page),
        )
    except PapermillExecutionError as error:
        return PageError(watch.position(), error.ename, without_ansi(error.evalue))
    except Exception as error:
        # Whatever goes wrong in one notebook is that page's result, never the end of the others.
        return PageError(watch.position(), *engine.told(error, page))
    return None


def _unraised(executed: nbformat.NotebookNode) -> PageError | None:
    """Return the error of a cell that papermill lets pass, such as ``sys.exit(0)``."""
    for number, cell in enumerate((c for c in executed.cells if INJECTED not in tags(c)), start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return PageError(number, output.ename, without_ansi(output.evalue))
    return None


def cut_off(
    source: str, parameters: Mapping[str, Any], messages: Iterable[Any], error: PageError
) -> Executed:
    """Return the notebook with what its messages say of it, when the process that ran it has died."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    from affarsplan_data.engine.journal import replayed

    silence()
    node = parameterize_notebook(
        load_notebook_node(nbformat.reads(source, as_version=4)),
        dict(parameters),
        kernel_name="python3",
        language="python",
    )
    return Executed(normalised(replayed(node, messages), _paths()), error)


class _Watch:
    """Counts cells while nbclient runs them."""

    def __init__(self, tell: CellCallback) -> None:
        self._tell = tell
        self._index: int | None = None
        self._done = self._cells = self._parameters = 0

    def begin(self, source: nbformat.NotebookNode) -> nbformat.NotebookNode:
        self._cells = len(source.cells) + 1
        self._parameters = parameters_cell(source)
        return source

    def on_start(self, cell: Any, cell_index: int) -> None:
        self._index = cell_index
        self._tell(self._done, self._cells, self.position())

    def on_executed(self, cell: Any, cell_index: int, execute_reply: Any) -> None:
        self._done = cell_index + 1
        self._tell(self._done, self._cells, None)

    def position(self) -> int | None:
        """Return the 1-based number of the cell that was running, as the source notebook counts."""
        if self._index is None:
            return None
        # Papermill puts one cell of its own right after the one tagged ``parameters``.
        return self._index + 1 if self._index <= self._parameters else self._index


def first_line(error: Exception) -> str:
    """Return the first line of what the error says."""
    message = without_ansi(str(error)).strip()
    return message.splitlines()[0] if message else "inget felmeddelande"


def _paths() -> dict[str, str]:
    return {
        str(project.root()): "[projektet]",
        sys.prefix: "[python]",
        sys.base_prefix: "[python]",
        str(Path.home()): "~",
    }


def silence() -> None:
    """Keep what papermill, nbclient and zmq log for developers off the user's console.

    Called before any threads start: Python's warning filters are shared by all of them.
    """
    for name in ("papermill", "traitlets", "nbclient"):
        logger = logging.getLogger(name)
        if not any(isinstance(h, logging.NullHandler) for h in logger.handlers):
            logger.addHandler(logging.NullHandler())
        logger.propagate = False
        logger.setLevel(logging.CRITICAL)
    for module in ("papermill", "nbclient", "jupyter_client", "zmq", "traitlets", "nbformat"):
        warnings.filterwarnings("ignore", module=rf"{module}(\..*)?")

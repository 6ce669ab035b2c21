"""Run the report's notebooks with papermill, a few at a time, and say how each of them went."""

import logging
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat

from affarsplan_data.parameters import ParameterError, Parameters
from affarsplan_data.report.executed import INJECTED, normalised, tags, without_ansi
from affarsplan_data.report.kernels import KernelHome
from affarsplan_data.report.notebooks import Notebook, parameters_cell

DEFAULT_JOBS = 2
CELL_TIMEOUT = 300
START_TIMEOUT = 120


@dataclass(frozen=True)
class PageError:
    """Why a page failed: the cell as its author counts them (text cells too), from 1."""

    cell: int | None
    name: str
    message: str

    def __str__(self) -> str:
        place = f"cell {self.cell}" if self.cell else "vid start"
        return f"{place}, {self.name}: {self.message}"


@dataclass(frozen=True)
class PageResult:
    """How one notebook went, and the executed notebook when there is one."""

    notebook: Notebook
    status: Literal["ok", "failed"]
    seconds: float
    error: PageError | None
    executed: nbformat.NotebookNode | None


@dataclass(frozen=True)
class Progress:
    """One step: ``done`` of ``cells`` cells are run; a finished page has its ``result``."""

    notebook: Notebook
    done: int
    cells: int
    result: PageResult | None = None


ProgressCallback = Callable[[Progress], None]


def run_notebooks(
    notebooks: Sequence[Notebook],
    parameters: Parameters,
    project_root: Path,
    *,
    jobs: int = DEFAULT_JOBS,
    cell_timeout: int = CELL_TIMEOUT,
    progress: ProgressCallback | None = None,
) -> tuple[PageResult, ...]:
    """Run every notebook and return the results in the notebooks' order.

    One that fails does not stop the others. ``progress`` may be called from any thread, but never
    from two at once. ``cell_timeout`` is in seconds.

    Raises:
        ParameterError: ``jobs`` is less than one.
    """
    if jobs < 1:
        raise ParameterError(f"Antalet samtidiga körningar är {jobs} men ska vara minst 1.")
    _silence()
    with tempfile.TemporaryDirectory(prefix="affarsplan-", ignore_cleanup_errors=True) as folder:
        home = KernelHome(Path(folder), project_root)
        report = _serialised(progress)
        pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="sida")
        try:
            futures = [
                pool.submit(_run, notebook, parameters, home, cell_timeout, report)
                for notebook in notebooks
            ]
            return tuple(future.result() for future in futures)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            home.stop_all()
            raise
        finally:
            pool.shutdown(wait=True)


def _run(
    notebook: Notebook,
    parameters: Parameters,
    home: KernelHome,
    cell_timeout: int,
    progress: ProgressCallback,
) -> PageResult:
    started = time.monotonic()
    target = home.folder / f"{notebook.page}.ipynb"
    watch = _Watch(notebook, progress)
    error = _execute(notebook, parameters, home, target, cell_timeout, watch)
    executed = None
    if target.is_file():
        raw = nbformat.read(target, as_version=4)
        executed = normalised(raw, _paths(home))
        error = error or _unraised(executed)
    seconds = round(time.monotonic() - started, 2)
    result = PageResult(notebook, "failed" if error else "ok", seconds, error, executed)
    progress(Progress(notebook, watch.done, watch.cells, result))
    return result


def _unraised(executed: nbformat.NotebookNode) -> PageError | None:
    """Return the error of a cell that papermill lets pass, such as ``sys.exit(0)``."""
    for number, cell in enumerate((c for c in executed.cells if INJECTED not in tags(c)), start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return PageError(number, output.ename, without_ansi(output.evalue))
    return None


def _execute(
    notebook: Notebook,
    parameters: Parameters,
    home: KernelHome,
    target: Path,
    cell_timeout: int,
    watch: "_Watch",
) -> PageError | None:
    from papermill import PapermillExecutionError, execute_notebook

    try:
        source = nbformat.read(notebook.path, as_version=4)
        watch.cells = len(source.cells) + 1
        watch.parameters = parameters_cell(source)
        execute_notebook(
            source,
            str(target),
            parameters=parameters.for_notebook(),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            # Saved after every cell: one that hangs or kills its kernel leaves its trace.
            request_save_on_cell_execute=True,
            autosave_cell_every=0,
            start_timeout=START_TIMEOUT,
            execution_timeout=cell_timeout,
            coalesce_streams=True,
            kernel_manager_class=home.manager_class(notebook.page),
            on_cell_start=watch.on_start,
            on_cell_executed=watch.on_executed,
        )
    except PapermillExecutionError as error:
        return PageError(watch.position(), error.ename, without_ansi(error.evalue))
    except Exception as error:
        # Whatever goes wrong in one notebook is that page's result, never the end of the others.
        return PageError(watch.position(), type(error).__name__, _said(error, home, notebook))
    return None


class _Watch:
    """Counts cells while nbclient runs them."""

    def __init__(self, notebook: Notebook, progress: ProgressCallback) -> None:
        self.notebook, self.progress = notebook, progress
        self.index: int | None = None
        self.done = self.cells = self.parameters = 0

    def on_start(self, cell: Any, cell_index: int) -> None:
        self.index = cell_index

    def on_executed(self, cell: Any, cell_index: int, execute_reply: Any) -> None:
        self.done = cell_index + 1
        self.progress(Progress(self.notebook, self.done, self.cells))

    def position(self) -> int | None:
        """Return the 1-based number of the cell that was running, as the source notebook counts."""
        if self.index is None:
            return None
        # Papermill puts one cell of its own right after the one tagged ``parameters``.
        return self.index + 1 if self.index <= self.parameters else self.index


def _said(error: Exception, home: KernelHome, notebook: Notebook) -> str:
    message = without_ansi(str(error)).strip()
    log = home.log(notebook.page)
    if type(error).__name__ == "DeadKernelError" and log.is_file():
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        told = [line for line in lines if "WARNING" not in line]
        return " ".join(["Beräkningen dog, kanske av minnesbrist.", *told[-3:]])
    if type(error).__name__ == "CellTimeoutError":
        return "Cellen tog för lång tid och avbröts."
    return message.splitlines()[0] if message else "inget felmeddelande"


def _paths(home: KernelHome) -> dict[str, str]:
    return {
        str(home.folder): "[tillfällig mapp]",
        str(home.project_root): "[projektet]",
        sys.prefix: "[python]",
        sys.base_prefix: "[python]",
        str(Path.home()): "~",
    }


def _serialised(progress: ProgressCallback | None) -> ProgressCallback:
    lock = threading.Lock()

    def report(step: Progress) -> None:
        if progress is not None:
            with lock:
                progress(step)

    return report


def _silence() -> None:
    """Keep what papermill, nbclient and zmq log for developers off the user's console.

    Set before the threads start: Python's warning filters are shared by all of them.
    """
    for name in ("papermill", "traitlets", "nbclient"):
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
        logger.setLevel(logging.CRITICAL)
    for module in ("papermill", "nbclient", "jupyter_client", "zmq", "traitlets", "nbformat"):
        warnings.filterwarnings("ignore", module=rf"{module}(\..*)?")

"""Pages in Jupyter kernels, one each: the ordinary way, and the one where no process can be forked.

The kernels run apart from the user's own settings and keep their noise off the console.
"""

import os
import signal
import tempfile
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager

from affarsplan_data import project
from affarsplan_data.engine.memory import held_mb
from affarsplan_data.engine.parent import environment
from affarsplan_data.recording import Recording, kernel
from affarsplan_data.report.executing import first_line, silence
from affarsplan_data.report.run import DEATHS, Limits, Outcome, Tell, Work

START_TIMEOUT = 120
_TICK = 0.2


class KernelRunner:
    """Carries out works in threads; each page's cells run in a kernel of its own."""

    def __init__(self, jobs: int, limits: Limits) -> None:
        self._jobs, self._limits = jobs, limits

    def run(self, works: Iterable[Work], step: Tell) -> Generator[Outcome, None, None]:
        """Yield the outcome of every work as it gets done; closing the iterator stops what is running."""
        silence()
        lock = threading.Lock()

        def tell(one: Any) -> None:
            with lock:
                step(one)

        with tempfile.TemporaryDirectory(
            prefix="affarsplan-", ignore_cleanup_errors=True
        ) as folder:
            home = KernelHome(Path(folder), project.root(), self._limits)
            pool = ThreadPoolExecutor(self._jobs, thread_name_prefix="sida")
            ended = threading.Event()
            watcher = threading.Thread(target=home.watch, args=(ended,), daemon=True)
            watcher.start()
            try:
                yield from self._run(iter(works), home, pool, tell)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                home.stop_all()
                raise
            finally:
                pool.shutdown(wait=True)
                ended.set()
                watcher.join()

    def _run(
        self, works: Iterator[Work], home: "KernelHome", pool: ThreadPoolExecutor, tell: Tell
    ) -> Iterator[Outcome]:
        waiting: set[Future[Outcome]] = set()
        while True:
            for work in islice(works, self._jobs - len(waiting)):
                waiting.add(pool.submit(work.carry_out, home, tell))
            if not waiting:
                return
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()


class KernelHome:
    """Where the kernels of one run live: a private folder, and the project they work on."""

    def __init__(self, folder: Path, project_root: Path, limits: Limits) -> None:
        self.folder = folder
        self.project_root = project_root
        self._limits = limits
        self._running: dict[str, tuple[int, float]] = {}
        self._stopped: dict[str, str] = {}
        self._lock = threading.Lock()
        startup = folder / "ipython" / "profile_default" / "startup"
        startup.mkdir(parents=True)
        # From the very first cell what is read is recorded.
        (startup / "record.py").write_text('__import__("affarsplan_data")', encoding="utf-8")

    def options(self, page: str) -> Mapping[str, Any]:
        """Return the arguments to papermill's ``execute_notebook`` that are this engine's own."""
        return {
            "output_path": str(self._target(page)),
            # Saved after every cell: one that hangs or kills its kernel leaves its trace.
            "request_save_on_cell_execute": True,
            "start_timeout": START_TIMEOUT,
            "execution_timeout": self._limits.cell_seconds,
            "kernel_manager_class": self._manager_class(page),
        }

    def taken(self, page: str) -> Any | None:
        """Return the notebook as far as it came, None when nothing was run."""
        self._forget(page)
        target = self._target(page)
        if not target.is_file():
            return None
        node = nbformat.read(target, as_version=4)
        target.unlink()
        return node

    def told(self, error: Exception, page: str) -> tuple[str, str]:
        """Return the name of what happened and what it was, in one line."""
        name, log = type(error).__name__, self._log(page)
        if reason := self._stopped.get(page):
            return DEATHS[reason]
        if name == "CellTimeoutError":
            return DEATHS["step"]
        if name == "DeadKernelError" and log.is_file():
            lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            said = [line for line in lines if "WARNING" not in line]
            return name, " ".join([DEATHS["died"][1], *said[-3:]])
        return name, first_line(error)

    def paths(self) -> Mapping[str, str]:
        """Return the folder of the kernels, which no page shall show, and what stands there instead."""
        return {str(self.folder): "[tillfällig mapp]"}

    def recording(self, page: str) -> AbstractContextManager["KernelRecorder"]:
        """Return the recorder of the page's kernel, which writes down itself what it reads."""
        return nullcontext(KernelRecorder(self._record(page)))

    def stop_all(self) -> None:
        """Kill the kernels of this run, after the user interrupted it."""
        with self._lock:
            for pid, _ in self._running.values():
                _kill(pid)

    def environment(self) -> dict[str, str]:
        """Return the environment that cells have with every engine."""
        return environment(self.folder, {"AFFARSPLAN_HOME": str(self.project_root)})

    def _manager_class(self, page: str) -> type[AsyncKernelManager]:
        """Return the kernel manager for one page; what its kernel prints goes to a log of its own."""
        home, log = self, self._log(page)

        class PageKernelManager(AsyncKernelManager):
            def __init__(self, **kwargs: Any) -> None:
                super().__init__(connection_file=str(home.folder / f"{_flat(page)}.json"), **kwargs)

            async def start_kernel(self, **kwargs: Any) -> None:  # type: ignore[override]
                with log.open("ab") as stream:
                    recording = {kernel.VARIABLE: str(home._record(page))}
                    kwargs |= {"env": home.environment() | recording}
                    kwargs |= {"cwd": str(home.project_root)}
                    kwargs |= {"stdout": stream, "stderr": stream}
                    await super().start_kernel(**kwargs)
                home._began(page, getattr(self.provisioner, "pid", None))

        return PageKernelManager

    def watch(self, ended: threading.Event) -> None:
        """Stop the kernels that take more than they may, until ``ended`` is set."""
        while not ended.wait(_TICK):
            with self._lock:
                for page, (pid, started) in self._running.items():
                    reason = self._reason(pid, started)
                    if reason and page not in self._stopped:
                        self._stopped[page] = reason
                        _kill(pid)

    def _reason(self, pid: int, started: float) -> str | None:
        most = self._limits.memory_mb
        if most is not None and held_mb(pid) > most:
            return "memory"
        return "time" if time.monotonic() - started > self._limits.page_seconds else None

    def _began(self, page: str, pid: int | None) -> None:
        if pid is not None:
            with self._lock:
                self._running[page] = pid, time.monotonic()

    def _forget(self, page: str) -> None:
        """From here on the number of the page's process may be another's."""
        with self._lock:
            self._running.pop(page, None)

    def _target(self, page: str) -> Path:
        return self.folder / f"{_flat(page)}.ipynb"

    def _record(self, page: str) -> Path:
        return self.folder / f"{_flat(page)}.read"

    def _log(self, page: str) -> Path:
        return self.folder / f"{_flat(page)}.log"


@dataclass(frozen=True)
class KernelRecorder:
    """Reads what a kernel has written down of what it read."""

    path: Path

    def found(self) -> Recording | None:
        """Return what was read; None when the kernel was cut off."""
        return kernel.read(self.path)


def _flat(key: str) -> str:
    return key.replace("/", "-")


def _kill(pid: int) -> None:
    # One that has ended on its own needs no signal.
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))

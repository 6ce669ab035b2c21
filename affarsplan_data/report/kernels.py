"""Kernels that run apart from the user's own settings and keep their noise off the console."""

import os
import signal
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager


class KernelHome:
    """Where the kernels of one build live: a private folder, and the project they work on."""

    def __init__(self, folder: Path, project_root: Path) -> None:
        self.folder = folder
        self.project_root = project_root
        self._running: set[int] = set()
        self._lock = threading.Lock()

    def environment(self) -> dict[str, str]:
        """Return the user's environment with the project fixed and IPython's folder private."""
        return {
            **os.environ,
            "AFFARSPLAN_HOME": str(self.project_root),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "PYTHONHASHSEED": "0",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }

    def manager_class(self, page: str) -> type[AsyncKernelManager]:
        """Return the kernel manager for one page; what its kernel prints goes to :meth:`log`."""
        home, log = self, self.log(page)

        class PageKernelManager(AsyncKernelManager):
            def __init__(self, **kwargs: Any) -> None:
                super().__init__(connection_file=str(home.folder / f"{page}.json"), **kwargs)

            async def start_kernel(self, **kwargs: Any) -> None:  # type: ignore[override]
                with log.open("ab") as stream:
                    kwargs |= {"env": home.environment(), "cwd": str(home.project_root)}
                    kwargs |= {"stdout": stream, "stderr": stream}
                    await super().start_kernel(**kwargs)
                home._remember(getattr(self.provisioner, "pid", None))

        return PageKernelManager

    def log(self, page: str) -> Path:
        """Return the file with what the page's kernel wrote outside its cells."""
        return self.folder / f"{page}.log"

    def stop_all(self) -> None:
        """Kill the kernels of this build, after the user interrupted it."""
        with self._lock:
            for pid in self._running:
                # One that has ended on its own needs no signal.
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)

    def _remember(self, pid: int | None) -> None:
        if pid is not None:
            with self._lock:
                self._running.add(pid)

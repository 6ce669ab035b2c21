"""The warm parent as seen from the process that uses it."""

import atexit
import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from affarsplan_data.engine.child import Call, Order
from affarsplan_data.engine.errors import WarmParentError
from affarsplan_data.engine.warm import kill_group

SHELL = "affarsplan_data.engine.shell:warm"
START_SECONDS = 120

_ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    # Arrow's allocator tidies up in a thread of its own otherwise.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


def can_fork() -> bool:
    """Tell whether a warm parent works here: not on Windows, nor on macOS, whose libraries forbid it."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds") and sys.platform != "darwin"


def environment(home: Path, fixed: Mapping[str, str]) -> dict[str, str]:
    """Return the user's environment for cells: no settings of the user's, one thread, fixed hashes."""
    return {
        **os.environ,
        **_ONE_THREAD,
        "IPYTHONDIR": str(home / "ipython"),
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        **fixed,
    }


@cache
def _shared() -> "dict[tuple[str, ...], WarmParent]":
    return {}


def shared(things: Sequence[str]) -> "WarmParent":
    """Return this process's warm parent for ``things``, started when it is first asked for.

    Raises:
        WarmParentError: it could not be started.
    """
    key = tuple(things)
    found = _shared().get(key)
    if found is None or not found.alive:
        found = _shared()[key] = WarmParent(key)
        atexit.register(found.close)
    return found


@dataclass
class Child:
    """One running child: its line, and the files with what it prints below Python."""

    connection: Connection
    output: Path
    pid: int | None = None

    def wait_for(self, kind: str, seconds: float = 30) -> bool:
        """Wait until it says something of this kind; tell whether it did."""
        with suppress(EOFError, OSError):
            while self.connection.poll(seconds):
                said, content = self.connection.recv()
                if said == "pid":
                    self.pid = content
                if said == kind:
                    return True
        return False

    def kill(self) -> None:
        """End it, with all that it has started."""
        if self.pid is not None:
            kill_group(self.pid)

    def last_words(self) -> str:
        """Return the last lines that it wrote on standard error below Python."""
        with suppress(OSError):
            text = self.output.with_name(f"{self.output.name}.err").read_text("utf-8", "replace")
            return " ".join(text.strip().splitlines()[-3:])
        return ""

    def close(self) -> None:
        """Close the line and take away the files."""
        self.connection.close()
        for name in ("out", "err"):
            self.output.with_name(f"{self.output.name}.{name}").unlink(missing_ok=True)


class WarmParent:
    """A warm parent that lives until :meth:`close`, or until this process ends, however it ends.

    Args:
        things: modules to import, or ``module:function`` to import and call.

    Raises:
        WarmParentError: it could not be started.
    """

    def __init__(self, things: Sequence[str]) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="affarsplan-"))
        self._count = 0
        self._ended: dict[int, int] = {}
        self._unread = b""
        self._process, self._control = self._start([SHELL, *things])
        self._ready = False

    @property
    def alive(self) -> bool:
        """Whether it can be asked for a child."""
        return self._process.poll() is None

    def fork(
        self, call: Call, fixed: Mapping[str, str] | None = None, folder: Path | None = None
    ) -> Child:
        """Fork a child that calls ``call``, which is pickled, with its line.

        The child has the environment that this process has now, with the variables ``fixed``, and works
        in ``folder``, the current one when None.

        Raises:
            WarmParentError: the parent could not be started, or has died.
        """
        self._wait_until_ready()
        here, there = socket.socketpair()
        self._count += 1
        output = self.home / f"{self._count}"
        try:
            socket.send_fds(self._control, [b"f"], [there.fileno()])
        except OSError as error:
            raise WarmParentError(self._told("dog")) from error
        finally:
            there.close()
        child = Child(Connection(here.detach()), output)
        order = Order(
            pickle.dumps(call),
            environment(self.home, fixed or {}),
            str(folder or Path.cwd()),
            str(output),
            search=("", *sys.path[1:]),
        )
        child.connection.send(order)
        return child

    def exit_code(self, pid: int, seconds: float = 2) -> int | None:
        """Return how the child ended: its exit code, negative for a signal; None when it is not known."""
        self._control.settimeout(seconds)
        with suppress(OSError):
            while pid not in self._ended:
                line = self._line()
                if not line:
                    break
                told = json.loads(line)
                self._ended[told["pid"]] = told["code"]
        return self._ended.pop(pid, None)

    def close(self) -> None:
        """Let the parent end, and kill what children there are."""
        self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def _start(self, things: Sequence[str]) -> tuple["subprocess.Popen[bytes]", socket.socket]:
        here, there = socket.socketpair()
        with there, (self.home / "parent.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "affarsplan_data.engine.warm", str(there.fileno()), *things],
                pass_fds=[there.fileno()],
                env=environment(self.home, {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the one who asked, who then ends the children one by one.
                start_new_session=True,
            )
        return process, here

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        self._control.settimeout(START_SECONDS)
        try:
            told: Any = json.loads(self._line() or b"{}")
        except OSError:
            told = {}
        if not told.get("ready"):
            raise WarmParentError(self._told(told.get("error", "kom aldrig i gång")))
        self._ready = True

    def _line(self) -> bytes:
        while b"\n" not in self._unread:
            part = self._control.recv(65536)
            if not part:
                return b""
            self._unread += part
        line, self._unread = self._unread.split(b"\n", 1)
        return line

    def _told(self, what: str) -> str:
        with suppress(OSError):
            text = (self.home / "parent.log").read_text("utf-8", "replace").strip()
            if text:
                what += f" ({text.splitlines()[-1]})"
        return f"Processen som kör anteckningsböckerna {what}. Kör med --engine kernel."

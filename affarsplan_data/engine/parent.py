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
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from affarsplan_data.engine.child import READY, Call, Order
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
    """One running child: its line, the files with what it prints below Python, and its parent."""

    connection: Connection
    output: Path
    parent: "Parent"
    pid: int | None = None

    def exit_code(self) -> int | None:
        """Return how it ended: its exit code, negative for a signal; None when it is not known."""
        return None if self.pid is None else self.parent.exit_code(self.pid)

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


class Parent:
    """A process that forks children on request, as seen from the one who asks over ``control``.

    ``home`` is the folder for what the children print and for their settings.
    """

    def __init__(self, home: Path, control: socket.socket) -> None:
        self.home = home
        self._control = control
        self._ended: dict[int, int] = {}
        self._unread = b""

    def fork(
        self, call: Call, fixed: Mapping[str, str] | None = None, folder: Path | None = None
    ) -> Child:
        """Fork a child that calls ``call``, which is pickled, with its line.

        The child has the environment that this process has now, with the variables ``fixed``, and works
        in ``folder``, the current one when None.

        Raises:
            WarmParentError: the parent could not be started, or has died.
        """
        here, there = socket.socketpair()
        output = self.home / uuid.uuid4().hex[:12]
        try:
            socket.send_fds(self._control, [b"f"], [there.fileno()])
        except OSError as error:
            raise WarmParentError(self._said("dog")) from error
        finally:
            there.close()
        child = Child(Connection(here.detach()), output, self)
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

    def _line(self) -> bytes:
        while b"\n" not in self._unread:
            part = self._control.recv(65536)
            if not part:
                return b""
            self._unread += part
        line, self._unread = self._unread.split(b"\n", 1)
        return line

    def _said(self, what: str) -> str:
        with suppress(OSError):
            text = (self.home / "parent.log").read_text("utf-8", "replace").strip()
            if text:
                what += f" ({text.splitlines()[-1]})"
        return f"Processen som kör anteckningsböckerna {what}. Kör med --engine kernel."


class WarmParent(Parent):
    """A warm parent that lives until :meth:`close`, or until this process ends, however it ends.

    Args:
        things: modules to import, or ``module:function`` to import and call.

    Raises:
        WarmParentError: it could not be started.
    """

    def __init__(self, things: Sequence[str]) -> None:
        home = Path(tempfile.mkdtemp(prefix="affarsplan-"))
        self._process, control = _started(home, [SHELL, *things])
        super().__init__(home, control)
        self._ready = False

    @property
    def alive(self) -> bool:
        """Whether it can be asked for a child."""
        return self._process.poll() is None

    def fork(
        self, call: Call, fixed: Mapping[str, str] | None = None, folder: Path | None = None
    ) -> Child:
        """Fork a child as every parent does, when the imports are done.

        Raises:
            WarmParentError: it could not be started, or has died.
        """
        self._wait_until_ready()
        return super().fork(call, fixed, folder)

    def close(self) -> None:
        """Let the parent end, and kill what children there are."""
        self._control.close()
        if not self._ready:
            self._process.kill()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        self._control.settimeout(START_SECONDS)
        try:
            told: Any = json.loads(self._line() or b"{}")
        except OSError:
            told = {}
        if not told.get("ready"):
            raise WarmParentError(self._said(told.get("error", "kom aldrig i gång")))
        self._ready = True


class WarmerParent(Parent):
    """A child of a warm parent that has prepared something more, and forks children in its turn.

    Preparing is under way until :attr:`ready`; meanwhile the warm parent itself can be used. A
    preparation that fails, or leaves a thread behind, is never ready: :attr:`fault` says why.
    """

    def __init__(self, child: Child) -> None:
        descriptor = os.dup(child.connection.fileno())
        super().__init__(child.parent.home, socket.socket(fileno=descriptor))
        self.fault = ""
        self._child = child
        self._state: bool | None = None

    @property
    def ready(self) -> bool:
        """Whether it can be asked for children."""
        with suppress(EOFError, OSError):
            while self._state is None and self._child.connection.poll():
                self._take(*self._child.connection.recv())
        return bool(self._state)

    def _take(self, said: str, content: Any) -> None:
        if said == "pid":
            self._child.pid = content
        elif said == READY:
            self._state = True
        elif said == "raised":
            self._state, self.fault = False, content

    def close(self) -> None:
        """End it, with the children it has."""
        if not self.ready:
            self._child.kill()
        self._control.close()
        self._child.close()


def _started(home: Path, things: Sequence[str]) -> tuple["subprocess.Popen[bytes]", socket.socket]:
    here, there = socket.socketpair()
    with there, (home / "parent.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "affarsplan_data.engine.warm"),
                *(str(there.fileno()), str(home), *things),
            ],
            pass_fds=[there.fileno()],
            env=environment(home, {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C is for the one who asked, who then ends the children one by one.
            start_new_session=True,
        )
    return process, here

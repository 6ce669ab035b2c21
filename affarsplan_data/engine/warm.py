"""The warm parent: imports once, then forks a child for everything that is asked of it.

Run as ``python -m affarsplan_data.engine.warm FD HOME THING...`` by
:class:`affarsplan_data.engine.parent.WarmParent`. ``HOME`` is its folder, which goes when it does. ``FD``
is one end of a socket pair. Every byte that comes carries a file descriptor for a new child, that child's
own line to whoever asked; what goes back is one line of JSON for each child that has ended: its process
number and exit code. When the other end closes, the children are killed.

A thing is a module to import, or ``module:function`` to import and call. Nothing may start a thread: a
forked process has only the thread that forked it, and locks that others held stay locked for ever.
"""

import gc
import importlib
import json
import os
import random
import select
import shutil
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn


def main(arguments: list[str]) -> None:
    """Warm up, say so, and fork until the other end closes."""
    control = socket.socket(fileno=int(arguments[0]))
    # What is imported stays, so looking for garbage meanwhile is a sixth of the time and finds none.
    gc.disable()
    for thing in arguments[2:]:
        _import(thing)
    gc.enable()
    try:
        settle()
    except ThreadsError as error:
        control.sendall(json.dumps({"error": str(error)}).encode() + b"\n")
        return
    control.sendall(b'{"ready": true}\n')
    serve(control)
    # The one who asked may have been killed and not have been able to.
    shutil.rmtree(arguments[1], ignore_errors=True)


class ThreadsError(Exception):
    """A process that is to be forked has threads."""


def settle() -> None:
    """Make this process fit to be forked.

    Raises:
        ThreadsError: something has started a thread, which its children would be without.
    """
    if len(names := threads()) > 1:
        raise ThreadsError(f"har fler trådar än en: {', '.join(names)}")
    # The children never have to copy what is here now only because the collector looked at it.
    gc.collect()
    gc.freeze()


def serve(control: socket.socket) -> None:
    """Fork on request until the other end closes."""
    _Parent(control).serve()


def threads() -> list[str]:
    """Return the names of this process's threads, those of libraries too where the system tells."""
    try:
        folders = sorted(Path("/proc/self/task").iterdir())
        return [(folder / "comm").read_text("utf-8").strip() for folder in folders]
    except OSError:
        return [thread.name for thread in threading.enumerate()]


def _import(thing: str) -> None:
    module, _, function = thing.partition(":")
    found = importlib.import_module(module)
    if function:
        getattr(found, function)()


class _Parent:
    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: set[int] = set()
        # A child that ends writes a byte here, which wakes the loop.
        self._woken, waker = os.pipe()
        os.set_blocking(waker, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)

    def serve(self) -> None:
        watched: list[Any] = [self._control, self._woken]
        while True:
            ready, _, _ = select.select(watched, [], [])
            if self._woken in ready:
                os.read(self._woken, 4096)
                self._reap()
            if self._control in ready:
                data, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
                if not data:
                    break
                self._fork(descriptors[0])
        for pid in self._children:
            kill_group(pid)
            # Waited for, so that what they used is counted as used by this run.
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)

    def _fork(self, descriptor: int) -> None:
        pid = os.fork()
        if pid == 0:
            self._become_child(descriptor)
        os.close(descriptor)
        self._children.add(pid)

    def _become_child(self, descriptor: int) -> NoReturn:
        code = 1
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._control.close()
            random.seed()
            if numpy := sys.modules.get("numpy"):
                numpy.random.seed()
            from affarsplan_data.engine.child import live

            live(descriptor)
            code = 0
        finally:
            # Not the way of sys.exit: what the parent left to be done at its end is the parent's.
            os._exit(code)

    def _reap(self) -> None:
        while self._children:
            with suppress(ChildProcessError):
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                self._children.discard(pid)
                # What the child started and left behind ends with it.
                kill_group(pid)
                line = json.dumps({"pid": pid, "code": os.waitstatus_to_exitcode(status)})
                self._control.sendall(line.encode() + b"\n")
                continue
            return


def kill_group(pid: int) -> None:
    """Kill the process and everything it started, when it is a child that leads its own group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1:])

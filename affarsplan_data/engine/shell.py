"""IPython's shell in this process, as a kernel has it: it runs a cell and hands over messages.

The shell is ipykernel's own, so formatting, tracebacks, magics and display functions are a kernel's. What
differs is the way out: a message goes to a function instead of a socket.
"""

import builtins
import getpass
import io
import os
import sys
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.jsonutil import json_clean
from ipykernel.kernelbase import Kernel
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session, extract_header
from traitlets.config import Config

Message = dict[str, Any]
Send = Callable[[Message], None]


def warm() -> None:
    """Create the shell of this process before it is forked, and run a cell for the first time."""
    _instance().run_cell("None", store_history=False, silent=True)


def _instance() -> ZMQInteractiveShell:
    config = Config()
    # A history on disk would be shared, and its writer is a thread.
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    return ZMQInteractiveShell.instance(config=config, compiler_class=XCachingCompiler)


def kernel_info() -> Message:
    """Return the answer to a request for what kind of kernel this is, with the request's own number."""
    python = {"name": "python", "mimetype": "text/x-python", "file_extension": ".py"}
    language = {
        **python,
        "version": sys.version.split()[0],
        "pygments_lexer": "ipython3",
        "codemirror_mode": {"name": "ipython", "version": sys.version_info.major},
        "nbconvert_exporter": "python",
    }
    return {
        "parent_header": {"msg_id": uuid.uuid4().hex},
        "content": {"language_info": language},
    }


class CellShell:
    """Runs cells in this process. There is one in a process, for good: it takes over the streams.

    Args:
        send: is given every message that a kernel would publish, in order, as plain JSON values.
        caught: the files that file descriptors 1 and 2 were turned to, when they were.
    """

    def __init__(self, send: Send, caught: Mapping[int, int] | None = None) -> None:
        self._session = _Session(send)
        self._shell = _instance()
        for part in (self._shell.displayhook, self._shell.display_pub):
            part.session, part.pub_socket = self._session, None
        places = caught or {}
        sys.stdout = _Stream("stdout", self._session, places.get(1))
        sys.stderr = _Stream("stderr", self._session, places.get(2))
        # As in a kernel whose client cannot be asked: they say so.
        unasked: Any = SimpleNamespace(_allow_stdin=False)
        builtins.input = partial(Kernel.raw_input, unasked)
        getpass.getpass = partial(Kernel.getpass, unasked)

    @property
    def alive(self) -> bool:
        """Whether no cell has asked the shell to end."""
        return not self._shell.exit_now

    async def execute(self, code: str, identity: str, store_history: bool = True) -> Message:
        """Run one cell and return the reply to the request ``identity``; its messages are sent by then.

        Has to be called in a running event loop, as a cell in a kernel is.
        """
        header = self._session.msg("execute_request", {"code": code})
        header["msg_id"] = header["header"]["msg_id"] = identity
        self._begin(header)
        self._publish("status", {"execution_state": "busy"})
        count = self._shell.execution_count
        self._publish("execute_input", {"code": code, "execution_count": count})
        result = await self._run(code, store_history)
        content = self._reply(result)
        sys.stdout.flush()
        sys.stderr.flush()
        reply = self._session.msg("execute_reply", json_clean(content), parent=header)
        self._publish("status", {"execution_state": "idle"})
        return reply

    def _begin(self, header: Message) -> None:
        self._parent = header
        self._session.cell = extract_header(header)
        self._shell.set_parent(header)

    def _publish(self, kind: str, content: Message) -> None:
        self._session.send(None, kind, content, parent=self._parent)

    async def _run(self, code: str, store_history: bool) -> Any:
        """Run the cell as ipykernel does: one with ``await`` at its top in the running loop."""
        shell, fault = self._shell, None
        try:
            transformed = shell.transform_cell(code)
        except Exception:
            transformed, fault = code, sys.exc_info()
        if not shell.should_run_async(
            code, transformed_cell=transformed, preprocessing_exc_tuple=fault
        ):
            return shell.run_cell(code, store_history=store_history, silent=False)
        result = None
        try:
            result = await shell.run_cell_async(
                code,
                store_history=store_history,
                silent=False,
                transformed_cell=transformed,
                preprocessing_exc_tuple=fault,
            )
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    def _reply(self, result: Any) -> Message:
        shell: Any = self._shell
        content: Message = {"execution_count": shell.execution_count - 1}
        shell.payload_manager.clear_payload()
        if result.success and not shell._last_traceback_during_displayhook:
            return content | {"status": "ok", "user_expressions": {}, "payload": []}
        error = result.error_before_exec or result.error_in_exec
        return content | {
            "status": "error",
            "traceback": shell._last_traceback or [],
            "ename": type(error).__name__,
            "evalue": str(error),
        }


class _Session(Session):
    """Makes messages as a kernel's session does, and hands them over instead of sending them."""

    def __init__(self, hand_over: Send) -> None:
        super().__init__()
        self._hand_over = hand_over
        self.cell: Message = {}

    def send(  # type: ignore[override]
        self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, **_: Any
    ) -> Any:
        message = (
            msg_or_type
            if isinstance(msg_or_type, dict)
            else self.msg(msg_or_type, content=content, parent=parent)
        )
        # Through JSON and back, as on its way from a kernel: tuples are lists and keys are text.
        content = self.unpack(self.pack(message["content"]))
        self._hand_over({**message, "content": content})
        return message


class _Stream(io.TextIOBase):
    """What a cell prints. ``caught`` is the file that takes what its subprocesses and C code print."""

    encoding = "UTF-8"
    errors = None

    def __init__(self, name: str, session: _Session, caught: int | None) -> None:
        self.name = name
        self._session, self._caught = session, caught
        self._parts: list[str] = []
        self._size = self._read = 0

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._parts.append(text)
        self._size += len(text)
        if self._size > 65536:
            self.flush()
        return len(text)

    def flush(self) -> None:
        text = "".join(self._parts) + self._from_below()
        self._parts.clear()
        self._size = 0
        if text:
            content = {"name": self.name, "text": text}
            self._session.send(None, "stream", content, parent=self._session.cell)

    def _from_below(self) -> str:
        if self._caught is None:
            return ""
        found = b""
        while part := os.pread(self._caught, 1 << 20, self._read):
            found += part
            self._read += len(part)
        return found.decode("utf-8", "replace")

    def fileno(self) -> int:
        if self._caught is None:
            raise io.UnsupportedOperation("fileno")
        return self._caught

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

"""What nbclient takes for a kernel: a child of a warm parent, spoken with over its own line."""

import asyncio
import uuid
from queue import Empty
from typing import Any

from affarsplan_data.engine.child import Line
from affarsplan_data.engine.parent import Child, WarmParent
from affarsplan_data.engine.shell import CellShell, Message, kernel_info


def serve(line: Line) -> None:
    """Run the cells that are asked for, until nobody is there to ask: the task of the child."""
    shell = CellShell(lambda message: line.tell("message", message), line.caught)

    async def serve() -> None:
        while shell.alive:
            try:
                code, identity, store_history = line.connection.recv()
            except EOFError:
                return
            line.tell("reply", await shell.execute(code, identity, store_history))

    asyncio.run(serve())


class RemoteManager:
    """A kernel manager whose kernel is a child of ``parent``, forked at once."""

    ipykernel = True
    has_kernel = True

    def __init__(self, parent: WarmParent) -> None:
        self._child = parent.fork(serve)
        self._client = _RemoteClient(self._child)

    def client(self) -> "_RemoteClient":
        """Return the client of the child."""
        return self._client

    def is_alive(self) -> bool:
        """Tell whether the child lives."""
        return self._client.is_alive()

    def close(self) -> None:
        """Kill the child."""
        self._client.stop_channels()
        self._child.kill()
        self._child.close()


class _Channel:
    def __init__(self, client: "_RemoteClient") -> None:
        self.messages: asyncio.Queue[Message] = asyncio.Queue()
        self._client = client

    async def get_msg(self, timeout: float | None = None) -> Message:
        self._client.listen()
        try:
            return await asyncio.wait_for(self.messages.get(), timeout)
        except TimeoutError:
            raise Empty from None


class _RemoteClient:
    allow_stdin = False

    def __init__(self, child: Child) -> None:
        self._child = child
        self._loop: asyncio.AbstractEventLoop | None = None
        self._alive = True
        self.iopub_channel, self.shell_channel = _Channel(self), _Channel(self)

    def listen(self) -> None:
        """Take what the child says as long as the running loop runs."""
        loop = asyncio.get_running_loop()
        if self._alive and self._loop is not loop:
            self._loop = loop
            loop.add_reader(self._child.connection.fileno(), self._take)

    def execute(self, code: str, store_history: bool = True, **_: Any) -> str:
        identity = uuid.uuid4().hex
        try:
            self._child.connection.send((code, identity, store_history))
        except OSError:
            self._alive = False
        return identity

    def kernel_info(self) -> str:
        reply = kernel_info()
        self.shell_channel.messages.put_nowait(reply)
        return str(reply["parent_header"]["msg_id"])

    def is_alive(self) -> bool:
        return self._alive

    def start_channels(self) -> None:
        pass

    def stop_channels(self) -> None:
        if self._loop and not self._loop.is_closed():
            self._loop.remove_reader(self._child.connection.fileno())
        self._loop = None

    def wait_for_ready(self, timeout: float | None = None) -> None:
        pass

    def _take(self) -> None:
        try:
            while self._child.connection.poll():
                kind, content = self._child.connection.recv()
                if kind == "pid":
                    self._child.pid = content
                elif kind == "message":
                    self.iopub_channel.messages.put_nowait(content)
                elif kind == "reply":
                    self.shell_channel.messages.put_nowait(content)
        except (EOFError, OSError):
            self.stop_channels()
            self._alive = False

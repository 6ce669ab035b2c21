"""What nbclient takes for a kernel: the shell of this process.

nbclient does with it all it does with a kernel: counts, times, tags, hooks, outputs, display ids.
"""

import uuid
from collections import deque
from collections.abc import Callable
from queue import Empty
from typing import Any

from nbclient.exceptions import DeadKernelError

from affarsplan_data.engine.shell import CellShell, Message, kernel_info


class LocalManager:
    """A kernel manager whose kernel is this process.

    Args:
        caught: the files that file descriptors 1 and 2 were turned to, when they were.
        seen: is given every message as it is made, before the cell has ended.
    """

    ipykernel = True
    has_kernel = True

    def __init__(
        self, caught: dict[int, int] | None = None, seen: Callable[[Message], None] | None = None
    ) -> None:
        self._client = _LocalClient(caught, seen)

    def client(self) -> "_LocalClient":
        """Return the client of the only kernel there is."""
        return self._client

    def is_alive(self) -> bool:
        """Tell whether no cell has asked the shell to end."""
        return self._client.is_alive()


class _Channel:
    """Messages in order. There is nobody to wait for: what is to come comes while a cell runs."""

    def __init__(self) -> None:
        self.messages: deque[Message] = deque()

    def get_msg(self, timeout: float | None = None) -> Message:
        if not self.messages:
            raise Empty
        return self.messages.popleft()


class _LocalClient:
    allow_stdin = False

    def __init__(
        self, caught: dict[int, int] | None, seen: Callable[[Message], None] | None
    ) -> None:
        self.iopub_channel, self.shell_channel = _Channel(), _Channel()
        self._seen = seen
        self._shell = CellShell(self._take, caught)

    def _take(self, message: Message) -> None:
        self.iopub_channel.messages.append(message)
        if self._seen:
            self._seen(message)

    async def execute(self, code: str, store_history: bool = True, **_: Any) -> str:
        identity = uuid.uuid4().hex
        if not self._shell.alive:
            raise DeadKernelError("Kernel died")
        reply = await self._shell.execute(code, identity, store_history)
        self.shell_channel.messages.append(reply)
        return identity

    def kernel_info(self) -> str:
        reply = kernel_info()
        self.shell_channel.messages.append(reply)
        return str(reply["parent_header"]["msg_id"])

    def is_alive(self) -> bool:
        return self._shell.alive

    def start_channels(self) -> None:
        pass

    def stop_channels(self) -> None:
        pass

    def wait_for_ready(self, timeout: float | None = None) -> None:
        pass

"""What a child does: takes one task from its line, carries it out and sends back what came of it."""

import os
import pickle
import socket
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

Call = Callable[["Line"], Any]
READY = "ready"
"""What a child says when it has prepared something and forks children of its own."""


@dataclass(frozen=True)
class Order:
    """What is asked of a child. ``call`` is pickled apart, so that it is read with the paths set."""

    call: bytes
    environment: Mapping[str, str]
    folder: str
    output: str
    search: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A child's line to whoever asked, and the files that its file descriptors 1 and 2 write to."""

    connection: Connection
    caught: Mapping[int, int]

    def tell(self, kind: str, content: Any = None) -> None:
        """Send one message: its kind and what can be pickled."""
        self.connection.send((kind, content))


def live(descriptor: int) -> None:
    """Carry out one task: the whole life of a child."""
    connection = Connection(descriptor)
    connection.send(("pid", os.getpid()))
    order = connection.recv()
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(order.folder)
    sys.path[:] = order.search
    line = Line(connection, _catch(Path(order.output)))
    try:
        result = pickle.loads(order.call)(line)
    except BaseException:
        line.tell("raised", traceback.format_exc())
    else:
        if not connection.closed:
            line.tell("done", result)


def fork_on(prepare: Callable[[], object], line: Line) -> None:
    """Prepare something, say so, and fork children on request: the task of a warmer parent."""
    from affarsplan_data.engine.warm import serve, settle

    prepare()
    settle()
    line.tell(READY)
    control = socket.socket(fileno=os.dup(line.connection.fileno()))
    line.connection.close()
    serve(control)


def peak_mb() -> float:
    """Return the most memory that this process has held, in megabytes, with what it shares."""
    import resource

    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(held / (1024 if sys.platform != "darwin" else 1024**2), 1)


def _catch(output: Path) -> dict[int, int]:
    """Turn file descriptors 1 and 2 to files, and return the file of each."""
    caught = {}
    for descriptor, name in ((1, "out"), (2, "err")):
        file = os.open(f"{output}.{name}", os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        os.dup2(file, descriptor)
        caught[descriptor] = file
    return caught

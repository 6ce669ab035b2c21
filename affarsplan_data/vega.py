"""From a Vega-Lite spec to SVG, in this process or in one that does nothing else.

The first picture in a process takes Vega half a second, and it cannot be made ready before a process is
forked. In a run of many short processes a few that live through it draw for all of them: each asks with
its spec and gets the SVG, the same bytes as if it drew itself, which it does when nobody answers.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Client, Connection, wait
from pathlib import Path
from typing import Any, Final

from affarsplan_data.swedish import MINUS, NARROW_SPACE

VARIABLE = "AFFARSPLAN_DRAWING"
"""The environment variable with the address of those who draw."""

LOCALE: Final[dict[str, Any]] = {
    "decimal": ",",
    "thousands": NARROW_SPACE,
    "grouping": [3],
    "currency": ["", " kr"],
    "minus": MINUS,
}
_WAITING = 64
"""So many may stand in line to be drawn for."""


def to_svg(spec: dict[str, Any]) -> str:
    """Return the picture of ``spec`` as Vega draws it.

    Raises:
        ValueError: Vega cannot make a picture of it.
    """
    if address := os.environ.get(VARIABLE):
        # Whatever is wrong there, the picture can be drawn here.
        with suppress(OSError, EOFError), Client(address, "AF_UNIX") as line:
            line.send_bytes(json.dumps(spec).encode())
            if drawn := line.recv_bytes():
                return drawn.decode()
    return _drawn(spec)


class Drawers:
    """``count`` processes that draw for others, until :meth:`close` or the end of this process.

    They can be asked at once: who comes before they are ready waits in line.

    Args:
        address: the socket to make, where they are asked.
        count: how many they are.
    """

    def __init__(self, address: Path, count: int) -> None:
        self._held, there = socket.socketpair()
        with there, socket.socket(socket.AF_UNIX) as line:
            line.bind(str(address))
            line.listen(_WAITING)
            given = [line.fileno(), there.fileno()]
            self._process = subprocess.Popen(
                [sys.executable, "-m", "affarsplan_data.vega", *map(str, [*given, count])],
                pass_fds=given,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # Ctrl-C is for the one who started them, who then ends them.
                start_new_session=True,
            )

    def close(self) -> None:
        """End them, whatever they are drawing."""
        self._held.close()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def serve(line: socket.socket, held: socket.socket, count: int) -> None:
    """Draw for those who come to ``line``, in ``count`` processes, until ``held`` is let go."""
    # All of them are woken by the same one who comes, and one of them gets him.
    line.setblocking(False)
    for _ in range(count - 1):
        if os.fork() == 0:
            break
    _drawn({"data": {"values": [{}]}, "mark": "point"})
    while held not in wait([line, held]):
        with suppress(OSError, EOFError), Connection(line.accept()[0].detach()) as asked:
            _answer(asked)


def _answer(line: "Connection[Any, Any]") -> None:
    try:
        line.send_bytes(_drawn(json.loads(line.recv_bytes())).encode())
    except ValueError:
        # The one who asks finds out why by drawing it.
        line.send_bytes(b"")


def _drawn(spec: dict[str, Any]) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, format_locale=LOCALE))


if __name__ == "__main__":
    line, held, count = map(int, sys.argv[1:])
    serve(socket.socket(fileno=line), socket.socket(fileno=held), count)

"""From a Vega-Lite spec to SVG, in this process or in one that does nothing else.

The first picture in a process takes Vega half a second, and it cannot be made ready before a process is
forked. In a run of many short processes a few that live through it draw for all of them: each asks with
its spec and gets the SVG, the same bytes as if it drew itself, which it does when nobody answers.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from affarsplan_data.figures import theme

VARIABLE = "AFFARSPLAN_DRAWING"
"""The environment variable with the address of those who draw."""


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


def serve(address: Path, count: int, ready: Callable[[], None]) -> None:
    """Draw for others in ``count`` processes, this one among them, until they are killed.

    ``ready`` is called when it is possible to ask.
    """
    with Listener(str(address), "AF_UNIX", backlog=64) as listener:
        ready()
        for _ in range(count - 1):
            if os.fork() == 0:
                break
        _drawn({"data": {"values": [{}]}, "mark": "point"})
        while True:
            with suppress(OSError, EOFError), listener.accept() as line:
                _answer(line)


def _answer(line: Connection) -> None:
    try:
        line.send_bytes(_drawn(json.loads(line.recv_bytes())).encode())
    except ValueError:
        # The one who asks finds out why by drawing it.
        line.send_bytes(b"")


def _drawn(spec: dict[str, Any]) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, format_locale=theme.LOCALE))

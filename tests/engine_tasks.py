"""What the children of the tests of the engine are asked to do, and whether they have ended."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from affarsplan_data.engine.child import Line


def set_state(line: Line) -> Any:
    import json

    seen = getattr(json, "seen", 0)
    json.seen = seen + 1  # type: ignore[attr-defined]
    return seen


def prepare() -> None:
    import json

    json.seen = 100  # type: ignore[attr-defined]


def start_a_thread() -> None:
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()


def fail_early() -> None:
    raise ValueError("inget att läsa")


def randoms(line: Line) -> float:
    import random

    return random.random()


def sleep(line: Line) -> None:
    line.tell("mark", "en")
    time.sleep(60)


def mark_often(line: Line) -> str:
    for _ in range(8):
        line.tell("mark")
        time.sleep(0.1)
    return "klar"


def eat(line: Line) -> None:
    held = []
    while True:
        held.append(bytearray(10_000_000))
        time.sleep(0.01)


def die(line: Line) -> None:
    os.write(2, b"sista orden\n")
    os.kill(os.getpid(), signal.SIGSEGV)


def fail(line: Line) -> None:
    raise ValueError("fel i uppgiften")


def leave_a_process(line: Line) -> int:
    return subprocess.Popen(["sleep", "600"]).pid


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def gone(pid: int) -> bool:
    """Tell whether the process ends within ten seconds; one that nobody has waited for has ended."""
    deadline = time.monotonic() + 10
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not _alive(pid)

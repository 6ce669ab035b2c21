"""A recording of a whole process that another process has started: a notebook's kernel.

The process that starts it names a file in :data:`VARIABLE`. What is read is written there as it is read,
and the modules when the process ends; a file without its last line is of a process that was cut off.
"""

import atexit
import json
import os
import sys
from pathlib import Path

from affarsplan_data.recording import reads
from affarsplan_data.recording.reads import PACKAGE, Read, Recording

VARIABLE = "AFFARSPLAN_RECORD"


class _Written(Recording):
    """A recording that lies in a file as well."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("w", encoding="utf-8")

    def add(self, kind: str, name: str) -> None:
        before = len(self._states)
        super().add(kind, name)
        if len(self._states) > before:
            self._file.write(json.dumps([kind, name, self._states[kind, name]]) + "\n")
            self._file.flush()

    def end(self) -> None:
        modules = sorted(name for name in sys.modules if name.split(".")[0] == PACKAGE)
        self._file.write(json.dumps({"modules": modules}) + "\n")
        self._file.close()


def begin() -> None:
    """Record from now on, when the one who started this process has asked for it."""
    if path := os.environ.pop(VARIABLE, None):
        recording = _Written(Path(path))
        reads.install(recording)
        atexit.register(recording.end)


def read(path: Path) -> Recording | None:
    """Return what another process has recorded; None when it recorded nothing or was cut off."""
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        modules = lines.pop()["modules"]
        return Recording([Read(*line) for line in lines], modules)
    except (OSError, ValueError, IndexError, KeyError, TypeError):
        return None

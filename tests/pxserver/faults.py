"""What can go wrong on the way: faults that a test puts in the way of coming answers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

BROKEN = ("slow", "hang", "reset", "truncated", "short", "endless_gzip", "bomb")
ANSWERED = (
    "html",
    "empty500",
    "500",
    "502",
    "503",
    "504",
    "storm",
    "redirect",
    "not_json",
    "empty",
    "nan",
)
WRONG = (
    "wrong_codes",
    "other_region",
    "reordered",
    "missing_cell",
    "default_selection",
    "national_total",
    "stale",
)
KINDS = (*BROKEN, *ANSWERED, *WRONG)


@dataclass
class Fault:
    """One fault, to be used on ``times`` calls (None: on all) whose address holds ``path``."""

    kind: str
    times: int | None
    path: str | None
    options: dict[str, Any] = field(default_factory=dict)


class Faults:
    """The faults that wait to happen, taken in the order that they were added."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()
        self.happened: list[str] = []

    def add(
        self, kind: str, times: int | None = 1, path: str | None = None, **options: Any
    ) -> "Faults":
        """Let ``kind`` happen to the next ``times`` calls; faults in the data wait for data.

        Options: ``seconds`` (hang, slow: how long at most), ``rate`` (slow: bytes a second),
        ``retry_after`` (503, storm), ``location`` (redirect), ``gigabytes`` (bomb).
        """
        kind = kind.replace("-", "_")
        if kind not in KINDS:
            raise ValueError(f"Felet {kind} finns inte. Det som finns: {', '.join(KINDS)}.")
        with self._lock:
            self._waiting.append(Fault(kind, times, path, options))
        return self

    def clear(self) -> None:
        """Forget the faults that have not happened."""
        with self._lock:
            self._waiting.clear()

    @property
    def waiting(self) -> list[Fault]:
        """The faults that are still to happen."""
        return list(self._waiting)

    def take(self, address: str, *, is_data: bool) -> Fault | None:
        """Return the fault for a call, and count it as happened."""
        with self._lock:
            for fault in self._waiting:
                if fault.path is not None and fault.path not in address:
                    continue
                if fault.kind in (*WRONG, "nan") and not is_data:
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                self.happened.append(fault.kind)
                return fault
        return None

    @contextmanager
    def during(self, kind: str, path: str | None = None, **options: Any) -> Iterator["Faults"]:
        """Let every call within the block meet the fault."""
        self.add(kind, times=None, path=path, **options)
        try:
            yield self
        finally:
            with self._lock:
                self._waiting = [f for f in self._waiting if f.kind != kind or f.times is not None]

"""One writer at a time: between threads, and between processes."""

import json
import os
import platform
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from affarsplan_data.archive import names
from affarsplan_data.archive.errors import ArchiveBusyError

_POLL = 0.01


class ArchiveLock:
    """The archive's lock. The holder writes who it is beside the lock, for those who wait in vain.

    The operating system lets go of the lock when its holder dies, so a killed process blocks no one.
    """

    def __init__(self, folder: Path, timeout: float) -> None:
        self.folder = folder
        self.timeout = timeout
        # The file lock tells processes apart, but counts a thread of its own process as an owner.
        self._threads = threading.Lock()
        self._processes = FileLock(folder / names.LOCK)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock, waiting at most ``timeout`` seconds; the folder must exist.

        Raises:
            ArchiveBusyError: someone else held it all that time.
            OSError: the lock file cannot be made.
        """
        end = time.monotonic() + self.timeout
        if not self._threads.acquire(timeout=self.timeout):
            raise self._busy()
        try:
            left = max(0.0, end - time.monotonic())
            try:
                self._processes.acquire(timeout=left, poll_interval=_POLL)
            except Timeout:
                raise self._busy() from None
            try:
                sign(self.folder / names.HOLDER)
                yield
            finally:
                self._processes.release()
        finally:
            self._threads.release()

    def _busy(self) -> ArchiveBusyError:
        return ArchiveBusyError(
            f"Arkivet {self.folder} används av {holder(self.folder / names.HOLDER)}. "
            f"Väntade {self.timeout:.0f} sekunder. Vänta tills den är klar, eller avsluta den, och "
            "försök igen."
        )


def sign(path: Path) -> None:
    """Write in ``path``, beside a lock, who holds it: process, computer and since when."""
    since = f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S}"
    text = json.dumps({"process": os.getpid(), "computer": platform.node(), "since": since})
    try:
        path.write_text(text, encoding="utf-8")
    except OSError:
        # The name is a courtesy: a full disk must not stop the pruning that frees it.
        return


def holder(path: Path) -> str:
    """Return who has signed ``path``, in words."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        process, computer, since = held["process"], held["computer"], held["since"]
    except (OSError, ValueError, KeyError, TypeError):
        return "en annan körning"
    if process == os.getpid() and computer == platform.node():
        return f"en annan tråd i samma program (sedan {since})"
    return f"process {process} på datorn {computer} (sedan {since})"

"""Changes files so that a kill, a crash or a power cut leaves either the old or the new, never a part.

A file is written aside in the same folder, forced to the disk, moved in place, and then the folder is
forced to the disk. Everything here raises plain ``OSError``.
"""

import errno
import os
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from affarsplan_data.archive.names import ASIDE

ATTEMPTS = 12 if os.name == "nt" else 1
"""On Windows, a reader or a virus scanner that has a file open stops others for a moment."""

_FIRST_PAUSE = 0.005
_UNSYNCABLE = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}

_T = TypeVar("_T")


def write(path: Path, data: bytes) -> None:
    """Put ``data`` in ``path``, replacing what was there; on the disk when this returns."""
    aside = path.with_name(f"{ASIDE}{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with aside.open("xb") as file:
            file.write(data)
            file.flush()
            _force(file.fileno())
        patiently(lambda: os.replace(aside, path))  # noqa: PTH105
    except BaseException:
        _discard(aside)
        raise
    sync_folder(path.parent)


def move(path: Path, target: Path) -> None:
    """Rename ``path`` to ``target``, replacing what was there; on the disk when this returns."""
    patiently(lambda: os.replace(path, target))  # noqa: PTH105
    sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove ``path`` if it is there. The folder is for the caller to force to the disk."""
    patiently(lambda: path.unlink(missing_ok=True))


def make_folder(folder: Path) -> None:
    """Make ``folder`` and those above it that are missing; on the disk when this returns."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir()
    except FileExistsError:
        # Another process may have been first; a file with that name is another matter.
        if not folder.is_dir():
            raise
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Force the names in ``folder`` to the disk, where that can be done (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _UNSYNCABLE:
            raise
    finally:
        os.close(descriptor)


def patiently(action: Callable[[], _T]) -> _T:
    """Return what ``action`` returns, trying again for about four seconds while a file is in use."""
    pause = _FIRST_PAUSE
    for _ in range(ATTEMPTS - 1):
        try:
            return action()
        except PermissionError:
            time.sleep(pause)
            pause = min(2 * pause, 0.5)
    return action()


def _force(descriptor: int) -> None:
    if sys.platform == "darwin":
        # macOS' fsync stops at the drive's own memory.
        import fcntl

        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError:
            os.fsync(descriptor)
    else:
        os.fsync(descriptor)


def _discard(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return

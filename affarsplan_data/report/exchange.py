"""Two folders trade places in one step, where the system can: a reader sees the old or the new."""

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2
_UNABLE = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM, errno.EXDEV}
"""What systems and file systems answer that cannot do it."""

_Trade = Callable[[bytes, bytes], int]


def exchange(one: Path, other: Path) -> bool:
    """Let two folders that both exist trade names, and tell whether it could be done so.

    It cannot on Windows, nor on some network drives; nothing has then been changed.

    Raises:
        OSError: the system can, but refused it here.
    """
    trade = _trade()
    if trade is None:
        return False
    if trade(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNABLE:
        return False
    raise OSError(code, os.strerror(code), str(other))


@cache
def _trade() -> _Trade | None:
    """Return the system's own call, None where there is none."""
    if sys.platform not in {"linux", "darwin"}:
        return None
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux":
        if not hasattr(library, "renameat2"):
            return None
        call = library.renameat2
        call.argtypes = [
            *(ctypes.c_int, ctypes.c_char_p),
            *(ctypes.c_int, ctypes.c_char_p),
            ctypes.c_uint,
        ]
        return lambda one, other: int(call(_AT_FDCWD, one, _AT_FDCWD, other, _RENAME_EXCHANGE))
    if not hasattr(library, "renamex_np"):
        return None
    call = library.renamex_np
    call.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint]
    return lambda one, other: int(call(one, other, _RENAME_SWAP))

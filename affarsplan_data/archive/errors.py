"""Everything that can go wrong with the archive, in words that say what to do next.

ArchiveError
├── ArchiveNameError        a source, a name or an id that no folder or file can have
├── ArchiveBusyError        another process has held the archive for longer than we wait
├── ArchiveUnreadableError  a file or folder exists but cannot be read
├── ArchiveWriteError       nothing could be written; what was archived before is whole
│   └── ArchiveFullError    the disk or the quota is full
├── MissingAnswerError      the archive has no such answer
└── DamagedAnswerError      an answer or its provenance is not what was once written
"""

import errno
from pathlib import Path

from affarsplan_data.errors import AffarsplanError

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_OCCUPIED = {errno.ENOTDIR, errno.EEXIST, errno.EISDIR}


class ArchiveError(AffarsplanError):
    """The archive of raw answers could not do what was asked."""


class ArchiveNameError(ArchiveError):
    """A source, a name or an id that the archive cannot use as the name of a folder or a file."""

    exit_code = 2


class ArchiveBusyError(ArchiveError):
    """Another process has held the archive for longer than we wait."""

    exit_code = 4


class ArchiveUnreadableError(ArchiveError):
    """A file or a folder of the archive exists but cannot be read."""


class ArchiveWriteError(ArchiveError):
    """Nothing could be written. What was archived before is whole."""


class ArchiveFullError(ArchiveWriteError):
    """The disk, or the user's quota, is full."""


class MissingAnswerError(ArchiveError):
    """The archive has no such answer."""


class DamagedAnswerError(ArchiveError):
    """An answer, or its provenance, is not what was once written."""


def write_error(error: OSError, folder: Path) -> ArchiveWriteError:
    """Return the error to raise when the operating system refused to write in ``folder``."""
    whole = "Det som redan var arkiverat är helt."
    if error.errno in _FULL:
        return ArchiveFullError(
            f"Disken är full: arkivet {folder} kan inte ta emot mer. {whole} Frigör utrymme, till "
            "exempel med affarsplan archive prune, och försök igen."
        )
    if error.errno in _REFUSED:
        return ArchiveWriteError(
            f"Kan inte skriva i arkivet {folder}: det är skrivskyddat, eller så har ett annat program "
            f"filen öppen ({error.filename or folder}). {whole} Läsning går bra ändå."
        )
    if error.errno == errno.ENAMETOOLONG or getattr(error, "winerror", None) == 206:
        return ArchiveWriteError(
            f"Kan inte skriva i arkivet {folder}: sökvägen blir för lång. Flytta projektet till en "
            "mapp med kortare sökväg."
        )
    if error.errno in _OCCUPIED:
        return ArchiveWriteError(
            f"Kan inte skriva i arkivet {folder}: {error.filename or 'något'} är en fil där arkivet "
            "behöver en mapp, eller tvärtom. Flytta undan den och försök igen."
        )
    return ArchiveWriteError(f"Kan inte skriva i arkivet {folder}: {_reason(error)}. {whole}")


def read_error(error: OSError, path: Path) -> ArchiveUnreadableError:
    """Return the error to raise when the operating system refused to read ``path``."""
    if error.errno in _OCCUPIED:
        reason = "det är en fil där arkivet behöver en mapp, eller tvärtom. Flytta undan den"
    elif error.errno in _REFUSED:
        reason = "du saknar rätt att läsa, eller så har ett annat program den öppen"
    else:
        reason = _reason(error)
    return ArchiveUnreadableError(f"Kan inte läsa {path} i arkivet: {reason}.")


def _reason(error: OSError) -> str:
    return f"{error.strerror or error} (fel {error.errno})"

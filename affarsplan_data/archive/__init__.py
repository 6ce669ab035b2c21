"""The archive of raw answers: content-addressed, with provenance, safe against kills and power cuts."""

from affarsplan_data.archive.errors import (
    ArchiveBusyError,
    ArchiveError,
    ArchiveFullError,
    ArchiveNameError,
    ArchiveUnreadableError,
    ArchiveWriteError,
    DamagedAnswerError,
    MissingAnswerError,
)
from affarsplan_data.archive.listing import Entry
from affarsplan_data.archive.prune import Pruned
from affarsplan_data.archive.records import Provenance, Query, Snapshot, Stored
from affarsplan_data.archive.store import Archive
from affarsplan_data.archive.verify import Fault, Verification

__all__ = [
    "Archive",
    "ArchiveBusyError",
    "ArchiveError",
    "ArchiveFullError",
    "ArchiveNameError",
    "ArchiveUnreadableError",
    "ArchiveWriteError",
    "DamagedAnswerError",
    "Entry",
    "Fault",
    "MissingAnswerError",
    "Provenance",
    "Pruned",
    "Query",
    "Snapshot",
    "Stored",
    "Verification",
]

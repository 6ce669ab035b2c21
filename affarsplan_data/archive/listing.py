"""What is archived, for a person to look at."""

from dataclasses import dataclass
from datetime import datetime

from affarsplan_data.archive import records
from affarsplan_data.archive.errors import DamagedAnswerError
from affarsplan_data.archive.records import Provenance, Snapshot
from affarsplan_data.archive.shelf import Shelf, size_of


@dataclass(frozen=True, slots=True)
class Entry:
    """What the archive has under one source and name.

    ``vintages`` are the distinct ``updated``, the oldest first; ``last_seen`` when the source last gave
    one of the answers; ``bytes`` what the folder takes on disk; ``unreadable`` how many records could
    not be read (``verify`` says which).
    """

    source: str
    name: str
    answers: int
    snapshots: int
    vintages: tuple[str, ...]
    last_seen: datetime | None
    bytes: int
    unreadable: int


def entry(shelf: Shelf) -> Entry:
    """Return what ``shelf`` has. Records are read, content is not."""
    found = [*shelf.provenances(), *shelf.snapshots()]
    answers = [record for record in found if isinstance(record, Provenance)]
    return Entry(
        source=shelf.source,
        name=shelf.name,
        answers=len(answers),
        snapshots=sum(isinstance(record, Snapshot) for record in found),
        vintages=records.distinct(v for record in answers for v in record.vintages),
        last_seen=max((record.last_seen for record in answers), default=None),
        bytes=_size(shelf),
        unreadable=sum(isinstance(record, DamagedAnswerError) for record in found),
    )


def _size(shelf: Shelf) -> int:
    return sum(size_of(shelf.folder / file) for file in shelf.files())

"""Tells whether snapshots are whole: every answer they name there, readable and right."""

from affarsplan_data.archive.errors import ArchiveError, DamagedAnswerError, MissingAnswerError
from affarsplan_data.archive.records import Snapshot
from affarsplan_data.archive.shelf import Shelf, is_there


class Wholeness:
    """Judges the snapshots of ``shelf``, reading each answer once.

    Without ``hashing``, content is only looked for, not read.
    """

    def __init__(self, shelf: Shelf, *, hashing: bool = True) -> None:
        self.shelf = shelf
        self.hashing = hashing
        self._known: dict[str, ArchiveError | None] = {}

    def lacks(self, snapshot: Snapshot) -> ArchiveError | None:
        """Return what is wrong with the first answer that is not whole, or None when all are."""
        for id in snapshot.ids:
            if error := self._wrong(id):
                return error
        return None

    def require(self, snapshot: Snapshot) -> None:
        """Do nothing when ``snapshot`` is whole.

        Raises:
            ArchiveError: what is wrong with the first answer that is not.
        """
        if error := self.lacks(snapshot):
            raise error

    def _wrong(self, id: str) -> ArchiveError | None:
        if id not in self._known:
            self._known[id] = self._judged(id)
        return self._known[id]

    def _judged(self, id: str) -> ArchiveError | None:
        try:
            record = self.shelf.provenance(id)
            path = self.shelf.object_path(record.sha256)
            if self.hashing:
                self.shelf.unpacked(record)
            elif not is_there(path):
                return MissingAnswerError(f"Arkivet har inte {path}.")
        except (MissingAnswerError, DamagedAnswerError) as error:
            return error
        return None

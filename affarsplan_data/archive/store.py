"""The archive of raw answers: everything that has come from a source, as it came.

    <source>/<name>/<sha256>.gz                       the answer's content, named by its own hash
    <source>/<name>/<content>-<query>.provenance.json where it came from; one per query and content
    <source>/<name>/<retrieved>-<hash>.snapshot.json  a complete fetch, written last

Content is forced to the disk before its provenance is written, and provenance before the snapshot that
names it, so what can be found is whole whenever the machine stops. The archive knows nothing of what the
answers mean.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from affarsplan_data.archive import listing, names, packing, prune, records, verify, writing
from affarsplan_data.archive.errors import (
    ArchiveError,
    ArchiveNameError,
    ArchiveUnreadableError,
    ArchiveWriteError,
    DamagedAnswerError,
    MissingAnswerError,
    write_error,
)
from affarsplan_data.archive.listing import Entry
from affarsplan_data.archive.locking import ArchiveLock
from affarsplan_data.archive.prune import Pruned
from affarsplan_data.archive.records import Provenance, Query, Snapshot, Stored
from affarsplan_data.archive.shelf import Shelf, is_there, listed, shelves
from affarsplan_data.archive.verify import Progress, Verification
from affarsplan_data.archive.wholeness import Wholeness
from affarsplan_data.recording import note
from affarsplan_data.recording.noted import EVERY

TIMEOUT = 60.0
"""Seconds to wait for another process that is writing."""

_log = logging.getLogger(__name__)


class Archive:
    """The archive in ``folder``, which is made when something is first kept.

    One object may be shared by threads, and any number of processes may use the same folder. Reading
    takes no lock and works where nothing may be written.
    """

    def __init__(self, folder: Path, *, timeout: float = TIMEOUT) -> None:
        self.folder = Path(folder)
        self._lock = ArchiveLock(self.folder, timeout)
        self._prepared: set[Path] = set()

    def __repr__(self) -> str:
        try:
            held = self.names()
        except ArchiveError:
            return f"Archive({str(self.folder)!r})"
        sources = sorted({source for source, _ in held})
        return (
            f"Archive({str(self.folder)!r}: {len(held)} names from {', '.join(sources) or 'none'})"
        )

    def names(self) -> list[tuple[str, str]]:
        """Return the pairs of source and name that have at least one answer, in order."""
        return [
            (shelf.source, shelf.name)
            for shelf in shelves(self.folder)
            if any(names.provenance_id(file) for file in shelf.files())
        ]

    def find(
        self, source: str, name: str, query: Query, *, updated: str | None = None
    ) -> Stored | None:
        """Return the newest answer to ``query``, or None when it must be asked again.

        With ``updated``, only the answer of that vintage. An answer whose content is not what it was is
        set aside (renamed ``*.damaged``) and logged, and never returned; no older one takes its place.

        Raises:
            ArchiveNameError: ``source`` or ``name`` cannot be a folder.
            ArchiveUnreadableError: a file or folder exists but cannot be read.
        """
        shelf = Shelf(self.folder, source, name)
        answers = self._answers(shelf, query)
        if updated is not None:
            answers = [record for record in answers if record.is_of(updated)]
        if not answers:
            return None
        newest = answers[-1]
        try:
            return Stored(newest, shelf.unpacked(newest).content)
        except MissingAnswerError as error:
            _log.warning("%s Det hämtas om.", error)
        except DamagedAnswerError as error:
            _log.warning("%s Det läggs åt sidan och hämtas om.", error)
            self._set_aside(shelf, newest)
        return None

    def history(self, source: str, name: str, query: Query) -> list[Provenance]:
        """Return the provenance of every answer to ``query``, the oldest first.

        The order is by vintage, then by when the answer was last seen; never by the files' own times.
        """
        return self._answers(Shelf(self.folder, source, name), query)

    def read(self, source: str, name: str, id: str) -> Stored:
        """Return the answer with that id, its content checked.

        Raises:
            ArchiveNameError: ``id`` has not the form of an id.
            MissingAnswerError: there is no such answer, or its content is gone.
            DamagedAnswerError: the content or its provenance is not what was written.
        """
        shelf = Shelf(self.folder, source, name)
        record = shelf.provenance(names.check_answer_id(id))
        return Stored(record, shelf.unpacked(record).content)

    def keep(
        self,
        source: str,
        name: str,
        query: Query,
        *,
        content: bytes,
        status: int,
        headers: Mapping[str, str],
        retrieved: datetime,
        updated: str | None = None,
        client: str,
    ) -> Provenance:
        """Archive an answer and return its provenance; it is on the disk when this returns.

        Where the same query has had the same content before, only ``last_seen`` moves, and ``updated``
        when the source says that it is a newer vintage. Content that was damaged is made whole.
        ``retrieved`` must have a time zone.

        Raises:
            ArchiveNameError: ``source`` or ``name`` cannot be a folder.
            ArchiveBusyError: another process has held the archive too long.
            ArchiveWriteError: it could not be written; what was there before is whole.
        """
        shelf = Shelf(self.folder, source, name)
        record = Provenance(
            source=shelf.source,
            name=shelf.name,
            method=query.method,
            url=query.url,
            body=query.body,
            status=status,
            headers=dict(headers),
            retrieved=retrieved,
            last_seen=retrieved,
            updated=updated,
            sha256=packing.digest(content),
            size=len(content),
            client=client,
        )
        # Compressing takes longest, so it is done before anyone has to wait.
        known = is_there(shelf.object_path(record.sha256))
        packed = None if known else packing.pack(content)
        with self._writing(shelf):
            self._put_object(shelf, record, content, packed)
            return self._put_provenance(shelf, record)

    def commit(self, snapshot: Snapshot) -> str:
        """Archive a complete fetch and return its id. Call it when all its answers are kept.

        Raises:
            MissingAnswerError, DamagedAnswerError: it names an answer that is not whole; nothing is
                written.
            ArchiveBusyError, ArchiveWriteError: as for :meth:`keep`.
        """
        shelf = Shelf(self.folder, snapshot.source, snapshot.name)
        snapshot = snapshot.model_copy(update={"source": shelf.source, "name": shelf.name})
        Wholeness(shelf).require(snapshot)
        with self._writing(shelf):
            # Looked for once more: a pruning may have come between.
            Wholeness(shelf, hashing=False).require(snapshot)
            if earlier := self._recorded(shelf):
                if snapshot == earlier[-1].model_copy(update={"number": snapshot.number}):
                    return earlier[-1].id
                snapshot = snapshot.model_copy(update={"number": earlier[-1].number + 1})
            writing.write(shelf.snapshot_path(snapshot.id), records.to_bytes(snapshot))
        return snapshot.id

    def snapshots(self, source: str, name: str) -> list[Snapshot]:
        """Return the whole snapshots, the first fetched first, every answer they name checked."""
        whole = Wholeness(Shelf(self.folder, source, name))
        return [snapshot for snapshot in self._recorded(whole.shelf) if not whole.lacks(snapshot)]

    def recorded(self, source: str, name: str) -> list[Snapshot]:
        """Return the snapshots, the first fetched first, without a look at the answers they name."""
        return self._recorded(Shelf(self.folder, source, name))

    def standing(self, source: str, name: str, asked: object) -> Snapshot | None:
        """Return the snapshot fetched last of what was asked, every answer it names checked, or None.

        Raises:
            MissingAnswerError, DamagedAnswerError: it is not whole. An older one is never given instead.
        """
        whole = Wholeness(Shelf(self.folder, source, name))
        for snapshot in reversed(self._recorded(whole.shelf)):
            if snapshot.asked == asked:
                whole.require(snapshot)
                return snapshot
        return None

    def listing(self) -> list[Entry]:
        """Return what is archived, one entry for each source and name; no content is read."""
        note("archive", EVERY)
        return [listing.entry(shelf) for shelf in shelves(self.folder)]

    def verify(self, progress: Progress | None = None) -> Verification:
        """Read and hash everything, and return what is wrong; nothing is changed.

        ``progress`` is called with the number of answers checked and the number in all.
        """
        return verify.verify_archive(self.folder, progress)

    def prune(self, keep: int, *, dry_run: bool = False) -> Pruned:
        """Remove all but the newest ``keep`` vintages of each name, and what interruptions have left.

        What is never removed is said in :mod:`affarsplan_data.archive.prune`. With ``dry_run``
        nothing is changed, and the answer says what would have been removed.

        Raises:
            ArchiveNameError: ``keep`` is less than 1.
            ArchiveBusyError, ArchiveWriteError: as for :meth:`keep`.
        """
        prune.check_keep(keep)
        if dry_run or not is_there(self.folder):
            return prune.plan(self.folder, keep)
        with self._locked():
            planned = prune.plan(self.folder, keep)
            prune.carry_out(planned)
        return planned

    def _answers(self, shelf: Shelf, query: Query) -> list[Provenance]:
        found = []
        for record in shelf.provenances(query):
            if isinstance(record, DamagedAnswerError):
                _log.warning("%s Den används inte.", record)
            else:
                found.append(record)
        return sorted(found, key=records.order)

    def _recorded(self, shelf: Shelf) -> list[Snapshot]:
        note("archive", f"{shelf.source}/{shelf.name}")
        found = []
        for snapshot in shelf.snapshots():
            if isinstance(snapshot, DamagedAnswerError):
                _log.warning("%s Den används inte.", snapshot)
            else:
                found.append(snapshot)
        return sorted(found, key=records.fetch_order)

    def _put_object(
        self, shelf: Shelf, record: Provenance, content: bytes, packed: bytes | None
    ) -> None:
        try:
            if shelf.unpacked(record).clean:
                return
        except (MissingAnswerError, DamagedAnswerError, ArchiveUnreadableError):
            pass
        writing.write(shelf.object_path(record.sha256), packed or packing.pack(content))

    def _put_provenance(self, shelf: Shelf, record: Provenance) -> Provenance:
        path = shelf.provenance_path(record.id)
        try:
            before = shelf.provenance(record.id)
        except MissingAnswerError:
            before = None
        except DamagedAnswerError as error:
            _log.warning("%s Den läggs åt sidan.", error)
            writing.move(path, path.with_name(path.name + names.DAMAGED))
            before = None
        if before is None:
            after = record
        elif (before.sha256, before.query.key) != (record.sha256, record.query.key):
            raise ArchiveWriteError(
                f"Två olika svar skulle få samma namn i arkivet: {path}. Det nya är inte sparat."
            )
        else:
            after = before.seen_again(record.retrieved, record.updated)
        if after != before:
            writing.write(path, records.to_bytes(after))
        return after

    def _set_aside(self, shelf: Shelf, record: Provenance) -> None:
        path = shelf.object_path(record.sha256)
        try:
            with self._writing(shelf):
                try:
                    shelf.unpacked(record)
                except MissingAnswerError:
                    return
                except DamagedAnswerError:
                    writing.move(path, path.with_name(path.name + names.DAMAGED))
        except ArchiveError as error:
            # The answer is refused all the same; the next one who may write sets it aside.
            _log.warning("%s kunde inte läggas åt sidan. %s", path, error)

    @contextmanager
    def _writing(self, shelf: Shelf) -> Iterator[None]:
        """Hold the lock with the shelf's folder in place, and rid of what interrupted writes left."""
        with self._locked():
            if shelf.folder not in self._prepared or not shelf.folder.is_dir():
                self._refuse_other_case(shelf)
                writing.make_folder(shelf.folder)
                for file in shelf.files():
                    if file.startswith(names.ASIDE):
                        # No one else writes while the lock is ours, so the writer is gone.
                        writing.remove(shelf.folder / file)
                self._prepared.add(shelf.folder)
            yield

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            writing.make_folder(self.folder)
            with self._lock.held():
                yield
        except OSError as error:
            raise write_error(error, self.folder) from error
        except NotImplementedError as error:
            raise ArchiveWriteError(
                f"Kan inte skriva i arkivet {self.folder}: filsystemet kan inte låsa filer. Lägg "
                "projektet på en lokal disk."
            ) from error

    def _refuse_other_case(self, shelf: Shelf) -> None:
        # Two names that differ in case only are one folder on Windows and macOS.
        for folder in (shelf.folder.parent, shelf.folder):
            for other in listed(folder.parent):
                if other != folder.name and other.casefold() == folder.name.casefold():
                    raise ArchiveNameError(
                        f"Arkivet har redan mappen {folder.parent / other}, som skiljer sig från "
                        f"{folder.name} bara i stora och små bokstäver. Skriv namnet likadant."
                    )

"""One folder of the archive, ``<source>/<name>``: finds, reads and judges what lies there.

Reading takes no lock: everything is moved in place whole, content before the provenance that names it.
"""

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from affarsplan_data import project
from affarsplan_data.archive import names, packing, records, writing
from affarsplan_data.archive.errors import (
    ArchiveNameError,
    DamagedAnswerError,
    MissingAnswerError,
    read_error,
)
from affarsplan_data.archive.packing import Unpacked
from affarsplan_data.archive.records import Provenance, Query, Snapshot
from affarsplan_data.recording import ABSENT, digest, kind
from affarsplan_data.recording.noted import EVERY


class Shelf:
    """The answers to what is asked of ``source`` under ``name``. The folder need not exist."""

    def __init__(self, archive: Path, source: str, name: str) -> None:
        self.source = names.slug(source, "Källan")
        self.name = names.slug(name, "Namnet")
        self.folder = existing(existing(archive, self.source), self.name)

    def files(self) -> list[str]:
        """Return the names of the files in the folder, in order; none when there is no folder."""
        return listed(self.folder)

    def object_path(self, sha256: str) -> Path:
        """Return where content with that hash lies, or would lie."""
        return self.folder / f"{sha256}{names.OBJECT}"

    def provenance_path(self, id: str) -> Path:
        """Return where the provenance of that answer lies, or would lie."""
        return self.folder / f"{id}{names.PROVENANCE}"

    def snapshot_path(self, id: str) -> Path:
        """Return where that snapshot lies, or would lie."""
        return self.folder / f"{id}{names.SNAPSHOT}"

    def provenance(self, id: str) -> Provenance:
        """Return the provenance of an answer.

        Raises:
            MissingAnswerError: there is none with that id.
            DamagedAnswerError: it is not as it was written, or does not belong where it lies.
        """
        path = self.provenance_path(id)
        try:
            record = records.from_bytes(Provenance, read(path))
        except DamagedAnswerError as error:
            raise DamagedAnswerError(f"Proveniensfilen {path} {error}.") from None
        if record.id != id:
            raise DamagedAnswerError(
                f"Proveniensfilen {path} har fel namn: den beskriver svaret {record.id}."
            )
        self._check_place(record, path)
        return record

    def snapshot(self, id: str) -> Snapshot:
        """Return a snapshot, without asking whether its answers are there.

        Raises:
            MissingAnswerError, DamagedAnswerError: as for :meth:`provenance`.
        """
        path = self.snapshot_path(id)
        try:
            record = records.from_bytes(Snapshot, read(path))
        except DamagedAnswerError as error:
            raise DamagedAnswerError(f"Ögonblicksbilden {path} {error}.") from None
        if record.id != id:
            raise DamagedAnswerError(
                f"Ögonblicksbilden {path} har fel namn: den heter egentligen {record.id}."
            )
        self._check_place(record, path)
        return record

    def unpacked(self, record: Provenance) -> Unpacked:
        """Return the content that ``record`` tells of, its hash checked.

        Raises:
            MissingAnswerError: the file is not there.
            DamagedAnswerError: it holds something else.
        """
        path = self.object_path(record.sha256)
        packed = read(path, packing.largest_file(record.size))
        try:
            return packing.unpack(packed, size=record.size, sha256=record.sha256)
        except DamagedAnswerError as error:
            raise DamagedAnswerError(f"Svaret {path} {error}.") from None

    def provenances(self, query: Query | None = None) -> Iterator[Provenance | DamagedAnswerError]:
        """Yield every answer's provenance, or those for ``query``; a damaged one as its error."""
        key = query.key if query else ""
        ending = f"-{key[: names.PREFIX]}{names.PROVENANCE}" if query else names.PROVENANCE
        # Thousands of files may lie here: only those that may answer are sorted and looked into.
        files = sorted(file for file in unsorted(self.folder) if file.endswith(ending))
        for id in filter(None, map(names.provenance_id, files)):
            try:
                record = self.provenance(id)
            except MissingAnswerError:
                continue  # pruned since the folder was listed
            except DamagedAnswerError as error:
                yield error
                continue
            if query is None or record.query.key == key:
                yield record

    def snapshots(self) -> Iterator[Snapshot | DamagedAnswerError]:
        """Yield every snapshot, whole or not; one that cannot be read as its error."""
        for file in self.files():
            if id := names.snapshot_stem(file):
                try:
                    yield self.snapshot(id)
                except MissingAnswerError:
                    continue  # pruned since the folder was listed
                except DamagedAnswerError as error:
                    yield error

    def _check_place(self, record: Provenance | Snapshot, path: Path) -> None:
        if (record.source, record.name) != (self.source, self.name):
            raise DamagedAnswerError(
                f"{path} hör inte hemma i mappen: den gäller {record.source}/{record.name}."
            )


def shelves(archive: Path) -> Iterator[Shelf]:
    """Yield every folder of the archive that can hold answers, in order of source and name."""
    for source in folders(archive):
        for name in folders(archive / source):
            try:
                yield Shelf(archive, source, name)
            except ArchiveNameError:
                continue


def existing(parent: Path, name: str) -> Path:
    """Return ``parent / name``, or the folder there whose name is the same in decomposed letters.

    macOS writes å as two characters, and a folder copied from there keeps them.
    """
    path = parent / name
    if not name.isascii() and not is_there(path):
        for other in listed(parent):
            if unicodedata.normalize("NFC", other) == name:
                return parent / other
    return path


def folders(parent: Path) -> list[str]:
    """Return the names of the folders in ``parent``, in order."""
    return [name for name in listed(parent) if os.path.isdir(parent / name)]  # noqa: PTH112


@kind("archive")
def _state(name: str) -> str:
    """Return the state of a shelf of the project's archive: which fetches it has, by their names."""
    archive = project.raw() / "archive"
    folders = sorted(archive.glob("*/*")) if name == EVERY else [archive / name]
    held = [
        (folder.name, file.name)
        for folder in folders
        if folder.is_dir()
        for file in sorted(folder.iterdir())
        if names.snapshot_stem(file.name)
    ]
    return digest(repr(held)) if held else ABSENT


def listed(folder: Path) -> list[str]:
    """Return the names in ``folder``, in order; none when it does not exist.

    Raises:
        ArchiveUnreadableError: it cannot be listed.
    """
    return sorted(unsorted(folder))


def unsorted(folder: Path) -> list[str]:
    """Return what :func:`listed` does, as the system gives it."""
    try:
        return os.listdir(folder)  # noqa: PTH208
    except FileNotFoundError:
        return []
    except OSError as error:
        raise read_error(error, folder) from error


def is_there(path: Path) -> bool:
    """Tell whether ``path`` can be seen to exist; never raises, as ``Path.exists`` does."""
    return os.path.exists(path)  # noqa: PTH110


def size_of(path: Path) -> int:
    """Return what ``path`` takes on disk, in bytes; 0 when it is gone."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def read(path: Path, most: int = -1) -> bytes:
    """Return what ``path`` holds, at most about ``most`` bytes of it.

    Raises:
        MissingAnswerError: it does not exist.
        ArchiveUnreadableError: it cannot be read.
    """

    def attempt() -> bytes:
        with path.open("rb") as file:
            return file.read(most)

    try:
        return writing.patiently(attempt)
    except FileNotFoundError:
        raise MissingAnswerError(f"Arkivet har inte {path}.") from None
    except OSError as error:
        raise read_error(error, path) from error

"""Reads everything in the archive, hashes it, and names what is wrong. Changes nothing.

A fault is something that was archived and is no longer right. A leftover is what an interrupted write
leaves behind: it is in nobody's way, and pruning clears it. No lock is taken, so an archive on a
read-only medium can be verified, and one that is being written to: what vanishes meanwhile is no fault.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from affarsplan_data.archive import names
from affarsplan_data.archive.errors import (
    ArchiveError,
    ArchiveUnreadableError,
    DamagedAnswerError,
    MissingAnswerError,
)
from affarsplan_data.archive.records import Provenance
from affarsplan_data.archive.shelf import Shelf, folders, is_there, listed

Kind = Literal[
    "damaged", "missing", "trailing", "record", "snapshot", "name", "stray", "unreadable"
]
Progress = Callable[[int, int], None]

_AGAIN = (
    "Hör det till den senaste versionen hämtas det på nytt av affarsplan fetch --force. En äldre "
    "version kan bara återställas ur en säkerhetskopia, eller tas bort med affarsplan archive prune."
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong: where, of what kind, and a Swedish sentence that says what to do.

    The kinds: ``damaged`` content, ``missing`` content, ``trailing`` bytes after right content, a
    ``record`` (provenance or snapshot) that cannot be trusted, a ``snapshot`` that names something not
    whole, a folder's ``name``, a ``stray`` file, and what is ``unreadable`` for the operating system.
    """

    path: Path
    kind: Kind
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found.

    ``checked`` counts answers, ``bytes`` their content before compression, each content once.
    ``leftovers`` are files from interrupted writes, content that no provenance names, and what has been
    set aside as damaged.
    """

    checked: int = 0
    bytes: int = 0
    faults: list[Fault] = field(default_factory=list)
    leftovers: list[Path] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether no fault was found."""
        return not self.faults


def verify_archive(archive: Path, progress: Progress | None = None) -> Verification:
    """Return what is wrong in the archive; ``progress`` gets answers checked, and answers in all."""
    faults: list[Fault] = []
    leftovers: list[Path] = []
    found = _sorted_out(archive, faults, leftovers)
    total = sum(names.provenance_id(file) is not None for shelf in found for file in shelf.files())
    checked = size = 0
    for shelf in found:
        check = _ShelfCheck(shelf)
        for _ in check.run():
            checked += 1
            if progress:
                progress(checked, max(total, checked))
        size += check.bytes
        faults += check.faults
        leftovers += check.leftovers
    return Verification(checked, size, faults, leftovers)


def _sorted_out(archive: Path, faults: list[Fault], leftovers: list[Path]) -> list[Shelf]:
    """Return the folders to check, having judged everything that is not in one of them."""
    _loose(archive, {names.LOCK, names.HOLDER}, faults, leftovers)
    found = []
    for source in folders(archive):
        if not _well_named(archive / source, faults):
            continue
        _loose(archive / source, set(), faults, leftovers)
        for name in folders(archive / source):
            if _well_named(archive / source / name, faults):
                found.append(Shelf(archive, source, name))
    return found


def _loose(folder: Path, expected: set[str], faults: list[Fault], leftovers: list[Path]) -> None:
    for file in sorted(set(listed(folder)) - set(folders(folder)) - expected - names.JUNK):
        _unexpected(folder / file, faults, leftovers)


def _unexpected(path: Path, faults: list[Fault], leftovers: list[Path]) -> None:
    if names.is_leftover(path.name):
        leftovers.append(path)
    else:
        faults.append(
            Fault(path, "stray", f"{path} hör inte till arkivet. Flytta eller ta bort filen.")
        )


def _well_named(folder: Path, faults: list[Fault]) -> bool:
    if names.is_slug(folder.name):
        return True
    faults.append(
        Fault(
            folder, "name", f"Mappen {folder} har ett namn som arkivet inte använder. Flytta den."
        )
    )
    return False


class _ShelfCheck:
    """Checks one folder; ``run`` yields once for each answer."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.bytes = 0
        self.faults: list[Fault] = []
        self.leftovers: list[Path] = []
        self._answers: dict[str, str] = {}
        self._contents: dict[str, str] = {}
        self._unread: set[str] = set()

    def run(self) -> Iterator[None]:
        files = self.shelf.files()
        for id in filter(None, map(names.provenance_id, files)):
            self._answer(id)
            yield
        for id in filter(None, map(names.snapshot_stem, files)):
            self._snapshot(id)
        for file in files:
            self._other(file)

    def _answer(self, id: str) -> str:
        """Return what is wrong with an answer, or nothing; each is judged once."""
        if id not in self._answers:
            self._answers[id] = self._judged_answer(id)
        return self._answers[id]

    def _judged_answer(self, id: str) -> str:
        path = self.shelf.provenance_path(id)
        try:
            record = self.shelf.provenance(id)
        except MissingAnswerError as error:
            return str(error)
        except (DamagedAnswerError, ArchiveUnreadableError) as error:
            self._unread.add(id[: names.PREFIX])
            return self._fault(path, _kind(error, "record"), f"{error} {_AGAIN}")
        if record.sha256 not in self._contents:
            self._contents[record.sha256] = self._judged_content(record, path)
        return self._contents[record.sha256]

    def _judged_content(self, record: Provenance, provenance: Path) -> str:
        path = self.shelf.object_path(record.sha256)
        try:
            unpacked = self.shelf.unpacked(record)
        except MissingAnswerError as error:
            if not is_there(provenance):
                return str(error)  # pruned while we looked
            return self._fault(path, "missing", f"Svaret {path} saknas. {_AGAIN}")
        except (DamagedAnswerError, ArchiveUnreadableError) as error:
            return self._fault(path, _kind(error, "damaged"), f"{error} {_AGAIN}")
        self.bytes += record.size
        if not unpacked.clean:
            self._fault(
                path,
                "trailing",
                f"Svaret {path} är rätt, men filen slutar inte där den ska: något har skrivits till "
                f"eller fallit bort i slutet. {_AGAIN}",
            )
        return ""

    def _snapshot(self, id: str) -> None:
        path = self.shelf.snapshot_path(id)
        try:
            snapshot = self.shelf.snapshot(id)
        except MissingAnswerError:
            return  # pruned while we looked
        except (DamagedAnswerError, ArchiveUnreadableError) as error:
            self._fault(path, _kind(error, "record"), f"{error} {_AGAIN}")
            return
        lacking = [wrong for answer in snapshot.ids if (wrong := self._answer(answer))]
        if lacking and is_there(path):
            self._fault(
                path,
                "snapshot",
                f"Ögonblicksbilden {path} är inte hel: {len(lacking)} av {len(snapshot.ids)} svar "
                f"saknas eller är skadade. {_AGAIN}",
            )

    def _other(self, file: str) -> None:
        path = self.shelf.folder / file
        sha256 = names.object_hash(file)
        if sha256 is not None:
            if sha256 not in self._contents and sha256[: names.PREFIX] not in self._unread:
                self.leftovers.append(path)
        elif not (names.provenance_id(file) or names.snapshot_stem(file) or file in names.JUNK):
            _unexpected(path, self.faults, self.leftovers)

    def _fault(self, path: Path, kind: Kind, message: str) -> str:
        self.faults.append(Fault(path, kind, message))
        return message


def _kind(error: ArchiveError, otherwise: Kind) -> Kind:
    return "unreadable" if isinstance(error, ArchiveUnreadableError) else otherwise

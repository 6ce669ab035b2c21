"""From an observation's origin to the file that it came from, the file's hash computed anew."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from affarsplan_data import project
from affarsplan_data.archive import Archive, ArchiveError, Snapshot
from affarsplan_data.archive.shelf import Shelf
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.observations.errors import ObservationError
from affarsplan_data.observations.holding import Cell, holders
from affarsplan_data.sources import edition

Kind = Literal["edition", "archive", "delivered"]
DELIVERED = "delivered"
"""The archive's name for what has come as a file."""


@dataclass(frozen=True)
class Proof:
    """A file with the hash it should have and the one it has now.

    ``path`` is seen from the project's folder. ``found`` is None when the file cannot be read, and then
    ``fault`` says why; it does so too when the hashes differ.
    """

    path: str
    sha256: str
    found: str | None
    fault: str = ""

    @property
    def holds(self) -> bool:
        """Whether the file is the one that was once written."""
        return self.found == self.sha256


@dataclass(frozen=True)
class ArchivedAnswer:
    """An answer in the archive: what was asked, when, and the proof of what came."""

    id: str
    method: str
    url: str
    body: str | None
    retrieved: datetime | None
    updated: str | None
    proof: Proof


@dataclass(frozen=True)
class Origin:
    """Where figures come from, and whether it is still what it was.

    ``origin`` is as in the observations, and ``source`` the producer, server or file. ``asked`` is the
    selection of a snapshot. ``others`` counts the answers of the same snapshot that do not hold the
    figures, the description of the table among them. ``fault`` says why the origin cannot be followed.
    """

    origin: str
    kind: Kind
    source: str = ""
    table: str = ""
    table_id: str | None = None
    snapshot: str | None = None
    retrieved: datetime | None = None
    updated: str | None = None
    asked: Any = None
    found_where: str = ""
    note: str = ""
    file: Proof | None = None
    answers: tuple[ArchivedAnswer, ...] = field(default=())
    others: int = 0
    fault: str = ""

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """The files that the figures rest on."""
        own = (self.file,) if self.file else ()
        return (*own, *(answer.proof for answer in self.answers))

    @property
    def holds(self) -> bool:
        """Whether the origin is found and every file of it is what it was."""
        return not self.fault and bool(self.proofs) and all(p.holds for p in self.proofs)


def kind_of(origin: str) -> Kind:
    """Return what kind of origin an observation has."""
    if origin.startswith("edition/"):
        return "edition"
    return "delivered" if origin.startswith(f"archive/{DELIVERED}/") else "archive"


def place_of(origin: str) -> tuple[str, str, str]:
    """Return source, name and snapshot of an origin in the archive.

    Raises:
        ObservationError: it is not of that form.
    """
    parts = origin.split("/")
    if len(parts) != 4 or parts[0] != "archive":
        raise ObservationError(f"Ursprunget ”{origin[:120]}” går inte att tyda.")
    return parts[1], parts[2], parts[3]


def follow(origin: str, cells: Sequence[Cell], archive: Archive) -> Origin:
    """Return where an origin leads, every file that holds the figures read and hashed now.

    A file that is gone or changed is told in the answer, and raises nothing.

    Args:
        origin: as an observation has it.
        cells: the figures that have it.
        archive: the archive of raw answers.

    Raises:
        ObservationError: no origin has that form.
    """
    if kind_of(origin) == "edition":
        return _in_edition(origin)
    return _in_archive(origin, cells, archive)


def _in_edition(origin: str) -> Origin:
    file, _, key = origin.removeprefix("edition/").partition("#")
    entries = {entry.file: entry for entry in edition.load_edition().measures.values()}
    entry = entries.get(file)
    series = entry.series.get(key) if entry else None
    if entry is None or series is None:
        return Origin(origin, "edition", fault=f"Utgåvans manifest har inte {file}, serien {key}.")
    path = edition.folder() / file
    return Origin(
        origin,
        "edition",
        source=series.producer,
        table=series.table,
        table_id=series.table_id,
        updated=series.vintage,
        found_where=series.retrieved_via,
        note=series.note or "",
        file=_proof(path, entry.sha256),
    )


def _proof(path: Path, sha256: str) -> Proof:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        fault = f"Filen kan inte läsas: {error.strerror or error}. Återställ den med git."
        return Proof(_shown(path), sha256, None, fault)
    fault = "" if found == sha256 else "Filen har ändrats. Återställ den med git."
    return Proof(_shown(path), sha256, found, fault)


def _in_archive(origin: str, cells: Sequence[Cell], archive: Archive) -> Origin:
    source, name, id = place_of(origin)
    kind = kind_of(origin)
    try:
        shelf = Shelf(archive.folder, source, name)
        snapshot = shelf.snapshot(id)
    except ArchiveError as error:
        return Origin(origin, kind, source, name, snapshot=id, fault=str(error))
    catalogue = load_catalogue()
    table = catalogue.tables.get(name)
    if kind == "delivered":
        held = frozenset(snapshot.ids)
    else:
        held = (holders(archive, snapshot, table, cells) if table else None) or frozenset(
            snapshot.answers
        )
    return Origin(
        origin,
        kind,
        source=f"{catalogue.sources[table.source].name} ({source})" if table else source,
        table=table.title if table else name,
        table_id=name,
        snapshot=id,
        retrieved=snapshot.retrieved,
        updated=snapshot.updated,
        asked=snapshot.asked,
        answers=tuple(_answer(shelf, snapshot, one) for one in snapshot.ids if one in held),
        others=sum(one not in held for one in snapshot.ids),
    )


def _answer(shelf: Shelf, snapshot: Snapshot, id: str) -> ArchivedAnswer:
    try:
        record = shelf.provenance(id)
    except ArchiveError as error:
        proof = Proof(_shown(shelf.provenance_path(id)), "", None, str(error))
        return ArchivedAnswer(id, "", "", None, None, snapshot.updated, proof)
    path = _shown(shelf.object_path(record.sha256))
    try:
        content = shelf.unpacked(record).content
        proof = Proof(path, record.sha256, hashlib.sha256(content).hexdigest())
    except ArchiveError as error:
        proof = Proof(path, record.sha256, None, str(error))
    return ArchivedAnswer(
        id, record.method, record.url, record.body, record.retrieved, record.updated, proof
    )


def _shown(path: Path) -> str:
    root = project.root()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)

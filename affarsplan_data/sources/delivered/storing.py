"""Takes delivered files into the archive, and reads them out of it.

Files lie in ``data/raw/delivered``. One that passes every check is archived as it is, with its
description, and committed as a snapshot of its measure; of one that does not, nothing is used, and what
was taken in before under the same name stands.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from affarsplan_data import project
from affarsplan_data.archive import Archive, ArchiveError, Provenance, Query, Snapshot
from affarsplan_data.catalogue import Catalogue
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.scb import Cube, client_name
from affarsplan_data.sources.comparing import Changes, changes
from affarsplan_data.sources.delivered import bounds
from affarsplan_data.sources.delivered.deliveries import ENDINGS, Delivery, check
from affarsplan_data.sources.delivered.errors import DeliveredError, Fault, refuse, shown
from affarsplan_data.sources.delivered.reading import NOT_DELIVERED
from affarsplan_data.sources.delivered.sidecar import ENDING
from affarsplan_data.sources.snapshots import Outcome

SOURCE = "delivered"
"""The archive's name for everything that has come as a file."""

_DONE_BY_SYSTEMS = ("~$", ".")
"""How the names of a spreadsheet program's and the system's own files begin."""
_READ_ME = ("readme.md",)


@dataclass(frozen=True)
class TakenIn:
    """What became of one delivered file.

    ``snapshot`` is what now stands of it in the archive, the earlier one when the file is bad, and None
    when there is none. ``cells`` is the number of figures in it.
    """

    file: str
    outcome: Outcome
    measure: str | None = None
    snapshot: Snapshot | None = None
    cells: int = 0
    changes: Changes = field(default_factory=Changes)
    remarks: tuple[str, ...] = ()
    error: str | None = None


def folder() -> Path:
    """Return the folder where delivered files are put, ``data/raw/delivered``."""
    return project.raw() / "delivered"


def files(where: Path) -> list[Path]:
    """Return what lies in the folder and is to be read, in the order of the names.

    Descriptions beside their file, the system's own files and a README are not.
    """
    if not where.is_dir():
        return []
    there = sorted(where.iterdir())
    described = {path.stem for path in there if path.suffix.lower() in ENDINGS}
    return [
        path
        for path in there
        if not path.name.startswith(_DONE_BY_SYSTEMS)
        and path.name.lower() not in _READ_ME
        and not (path.suffix.lower() == ENDING and path.stem in described)
    ]


def load(path: Path, catalogue: Catalogue) -> Delivery:
    """Return a delivered file, read and checked.

    Raises:
        DeliveredError: it, or its description, is wrong.
    """
    content = _content(path)
    beside = path.with_suffix(ENDING)
    described = _content(beside) if beside.exists() else None
    return check(path.name, content, described, catalogue)


def take_in(
    catalogue: Catalogue,
    archive: Archive,
    where: Path | None = None,
    *,
    dry_run: bool = False,
    done: Callable[[TakenIn], None] | None = None,
) -> list[TakenIn]:
    """Check every delivered file, archive those that are right, and return what became of each.

    Files that stand already go first, so that a copy put beside one of them is the one that is refused.

    Args:
        catalogue: the measures that files may be of.
        archive: where the files are kept.
        where: the folder they lie in; the project's own when None.
        dry_run: check only; nothing is archived.
        done: called after every file.
    """
    results = []
    taken: list[Delivery] = []
    there = files(folder() if where is None else where)
    for path in sorted(there, key=lambda path: not _stands(path.name, archive, catalogue)):
        try:
            delivery = load(path, catalogue)
            _refuse_overlap(delivery, taken)
            taken.append(delivery)
            result = _compared(delivery, archive, catalogue, dry_run)
        except Exception as error:
            # Whatever one file holds, the others are taken in.
            result = _failed(path, error, archive, catalogue)
        results.append(result)
        if done:
            done(result)
    return results


def read(archive: Archive, snapshot: Snapshot, catalogue: Catalogue) -> Cube:
    """Return the figures of a snapshot, read out of the archive and checked as when they came.

    Raises:
        DeliveredError: the catalogue no longer takes what the file holds.
        ArchiveError: the archive is damaged.
    """
    described, content = _stored(archive, snapshot)
    return check(_file_of(snapshot), content, described, catalogue).cube


def standing(
    archive: Archive, catalogue: Catalogue, where: Path | None = None
) -> list[tuple[str, Snapshot]]:
    """Return the measure and newest snapshot of every delivered file that still lies in the folder.

    A file that has been taken away is no longer used, though the archive keeps it.

    Raises:
        ArchiveError: the archive is damaged.
    """
    there = [path.name for path in files(folder() if where is None else where)]
    found = [_newest(archive, catalogue, name) for name in there]
    return [(snapshot.name, snapshot) for snapshot in found if snapshot]


def _newest(archive: Archive, catalogue: Catalogue, file: str) -> Snapshot | None:
    """Return what was last taken in of a file, which may have been of another measure before."""
    held = [archive.standing(SOURCE, measure, _asked(file)) for measure in catalogue.measures]
    return max((snapshot for snapshot in held if snapshot), key=_moment, default=None)


def _stands(file: str, archive: Archive, catalogue: Catalogue) -> bool:
    with suppress(ArchiveError):
        return _newest(archive, catalogue, file) is not None
    return False


def _moment(snapshot: Snapshot) -> datetime:
    return snapshot.retrieved


def _compared(delivery: Delivery, archive: Archive, catalogue: Catalogue, dry_run: bool) -> TakenIn:
    measure = delivery.measure.id
    previous = newest = None
    with suppress(ArchiveError):
        # A damaged archive is no hindrance: keeping the file again makes it whole.
        previous = archive.standing(SOURCE, measure, _asked(delivery.file))
        newest = _newest(archive, catalogue, delivery.file)
    cells = _figures(delivery.cube)
    result = TakenIn(delivery.file, "new", measure, previous, cells, remarks=delivery.remarks)
    if previous is not None:
        described, content = _stored(archive, previous)
        same = (described, content) == (delivery.described, delivery.content)
        if same and newest == previous:
            return replace(result, outcome="unchanged")
        difference = _changes(previous, archive, catalogue, delivery.cube)
        outcome: Outcome = "revised" if difference.any else "unchanged"
        result = replace(result, outcome=outcome, changes=difference)
    return result if dry_run else replace(result, snapshot=_commit(delivery, archive))


def _changes(previous: Snapshot, archive: Archive, catalogue: Catalogue, new: Cube) -> Changes:
    try:
        before = read(archive, previous, catalogue)
    except DeliveredError:
        # The catalogue has changed since: nothing of the earlier file is as it was.
        return Changes(added=_figures(new), gone=previous.cells)
    return changes([before], new)


def _commit(delivery: Delivery, archive: Archive) -> Snapshot:
    now = datetime.now(UTC)
    kept = _keep(archive, delivery, delivery.file, delivery.content, now)
    metadata = kept
    if delivery.described is not None:
        beside = str(Path(delivery.file).with_suffix(ENDING))
        metadata = _keep(archive, delivery, beside, delivery.described, now)
    periods = delivery.cube.structure.time
    snapshot = Snapshot(
        source=SOURCE,
        name=delivery.measure.id,
        updated=delivery.sidecar.retrieved.isoformat(),
        retrieved=now,
        asked=_asked(delivery.file),
        metadata=metadata.id,
        answers=[kept.id],
        cells=_figures(delivery.cube),
        periods=list(periods.codes) if periods else [],
        client=client_name(),
    )
    archive.commit(snapshot)
    stands = archive.standing(SOURCE, delivery.measure.id, _asked(delivery.file))
    return stands or snapshot


def _keep(
    archive: Archive, delivery: Delivery, file: str, content: bytes, now: datetime
) -> Provenance:
    return archive.keep(
        SOURCE,
        delivery.measure.id,
        Query("FILE", file),
        content=content,
        status=200,
        headers={},
        retrieved=now,
        updated=delivery.sidecar.retrieved.isoformat(),
        client=client_name(),
    )


def _stored(archive: Archive, snapshot: Snapshot) -> tuple[bytes | None, bytes]:
    (answer,) = snapshot.answers
    content = archive.read(snapshot.source, snapshot.name, answer).content
    if snapshot.metadata == answer:
        return None, content
    return archive.read(snapshot.source, snapshot.name, snapshot.metadata).content, content


def _asked(file: str) -> dict[str, str]:
    return {"file": file}


def _file_of(snapshot: Snapshot) -> str:
    asked = snapshot.asked
    return str(asked.get("file", "")) if isinstance(asked, dict) else ""


def _failed(path: Path, error: Exception, archive: Archive, catalogue: Catalogue) -> TakenIn:
    text = str(error)
    if isinstance(error, OSError):
        text = f"{shown(path.name)}: filen går inte att läsa ({error.strerror or error})."
    elif not isinstance(error, AffarsplanError):
        said = shown(error, 200)
        text = f"{shown(path.name)}: oväntat fel ({type(error).__name__}): {said}. Anmäl det gärna."
    with suppress(ArchiveError):
        if stands := _newest(archive, catalogue, path.name):
            return TakenIn(path.name, "failed", stands.name, stands, stands.cells, error=text)
    return TakenIn(path.name, "failed", error=text)


def _figures(cube: Cube) -> int:
    """Return the number of cells that the file has a row for."""
    absent = cube.symbols.index(NOT_DELIVERED) if NOT_DELIVERED in cube.symbols else None
    return int(cube.values.size if absent is None else (cube.status != absent).sum())


def _refuse_overlap(delivery: Delivery, others: Iterable[Delivery]) -> None:
    """Refuse a file that holds figures that another file of the same measure holds too."""
    for other in others:
        if other.measure.id != delivery.measure.id:
            continue
        if both := delivery.keys() & other.keys():
            said = _said(sorted(both)[0])
            fault = Fault(
                delivery.file,
                f"{len(both)} uppgifter finns även i {other.file}, den första är {said}.",
                "Ta bort den ena filen, eller de rader som står i båda.",
                delivery.sheet,
            )
            raise DeliveredError([fault])


def _said(key: Sequence[str]) -> str:
    return ", ".join(code for code in key if code != "total")


def _content(path: Path) -> bytes:
    if not path.is_file():
        refuse(path.name, "det är ingen fil.", "Lägg bara filer i mappen för leveranser.")
    bounds.check_size(path.name, path.stat().st_size)
    with path.open("rb") as opened:
        content = opened.read(bounds.MOST_BYTES + 1)
    bounds.check_size(path.name, len(content))
    return content

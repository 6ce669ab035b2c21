"""The newest figures: what has been fetched and delivered, and the edition below it.

Every measure of which something stands in the archive has a file of its own in
``data/processed/newest``, named by the hash of all that it was built from; a measure of which nothing
stands is read from the edition's file. The stamp beside them tells what each was built from, and under
``problems`` why something that has been fetched or delivered is not used.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock

from affarsplan_data import project
from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.archive.shelf import Shelf
from affarsplan_data.catalogue import Measure, Table, load_catalogue
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.observations import deliveries, files
from affarsplan_data.observations.combining import combined
from affarsplan_data.observations.errors import ObservationError
from affarsplan_data.observations.publications import (
    DELIVERED,
    Publication,
    of_delivered,
    of_edition,
    of_table,
)
from affarsplan_data.parameters import NEWEST
from affarsplan_data.recording import digest, kind, note, quiet
from affarsplan_data.sources import edition, standing

FORM = 2
"""Raised when cleaning or the files change, so that what was built before is built anew."""
_TABLES_KEPT = 3
"""Cleaned tables held in memory at a time: those of neighbouring measures are mostly the same."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Used:
    """A table or a file that a measure is built from, besides the edition."""

    source: str
    table: str
    table_id: str | None
    vintage: str | None
    retrieved: str
    origin: str
    made_up: bool

    @property
    def is_delivered(self) -> bool:
        """Whether it has come as a file."""
        return self.server == DELIVERED

    @property
    def server(self) -> str:
        """The archive's name of where it came from."""
        return self.origin.split("/")[1]


@dataclass(frozen=True)
class Held:
    """What the newest data have of a measure.

    ``file`` is its file in :func:`folder`, None where the edition's file is used or nothing is held.
    ``with_edition`` is false when no figure in use is the edition's.
    ``problem`` says what could not be used, and why. ``written`` is what the file is known by.
    """

    measure: str
    signature: str
    file: str | None = None
    used: tuple[Used, ...] = ()
    with_edition: bool = True
    problem: str | None = None
    seen: tuple[int, ...] = ()
    written: str | None = None

    @property
    def path(self) -> Path | None:
        """The measure's file, None where the edition's is used or nothing is held."""
        return folder() / self.file if self.file else None


@dataclass(frozen=True)
class _Plan:
    """What a measure is to be built from; ``faults`` say why tables cannot be."""

    measure: Measure
    tables: tuple[tuple[Table, Snapshot], ...]
    delivered: tuple[Snapshot, ...]
    faults: tuple[str, ...]
    signature: str


def _archive() -> Path:
    return project.raw() / "archive"


def folder() -> Path:
    """Return the folder of the newest data's files."""
    return project.processed() / NEWEST


def resolve(measure: str) -> Held:
    """Return what stands of a measure, built anew when what it rests on has changed.

    Whether it has is told from the folders' times alone.
    """
    root = project.root()
    state = _state(measure, root)
    known = _KNOWN.get((root, measure))
    if known is None or known[0] != state:
        # The state from before the build: what comes meanwhile is seen the next time.
        known = _KNOWN[root, measure] = (state, _current(measure) or _built(measure))
    return known[1]


_KNOWN: dict[tuple[Path, str], tuple[object, Held]] = {}


def rebuilt(measure: str) -> Held:
    """Return what stands of a measure, built anew whatever it is now."""
    _KNOWN.pop((project.root(), measure), None)
    build([measure], force=True)
    return resolve(measure)


def _current(measure: str) -> Held | None:
    """Return what was built of a measure when that is what it should be, without writing anything."""
    stamp = files.read_stamp(folder())
    held = _held(stamp, measure)
    delivered = deliveries.known(stamp.get("delivered"))
    if held is None or delivered is None:
        return None
    plan = _plan(load_catalogue().measure(measure), Archive(_archive()), delivered)
    return held if _is_current(held, plan) else None


def _built(measure: str) -> Held:
    build([measure])
    held = _held(files.read_stamp(folder()), measure)
    if held is None:
        raise ObservationError(f"{folder() / files.STAMP} går inte att läsa efter att ha skrivits.")
    return held


def everything() -> Mapping[str, Held]:
    """Return what stands of every measure in the catalogue."""
    return {id: resolve(id) for id in load_catalogue().measures}


def problems() -> Mapping[str, str]:
    """Return, per measure, why something fetched or delivered is not used, in a sentence or more.

    A delivered file that is refused stands under its own name.
    """
    note("problems", NEWEST)
    with quiet():
        return _problems()


@kind("problems")
def _problems_state(_: str) -> str:
    return digest(json.dumps(_problems(), sort_keys=True))


def _problems() -> dict[str, str]:
    everything()
    found = files.read_stamp(folder()).get("problems", {})
    return dict(found) if isinstance(found, dict) else {}


def build(
    measures: Collection[str] | None,
    force: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Build what is not current of the measures, all when None, and return the folder."""
    target = folder()
    target.mkdir(parents=True, exist_ok=True)
    catalogue = load_catalogue()
    with FileLock(target / ".lock"):
        for left in target.glob(f"*{files.PART}"):
            # No one else writes while the lock is ours, so the writer is gone.
            files.remove(left)
        before = files.read_stamp(target)
        builder = _Builder(deliveries.taken_in(before.get("delivered")), before)
        for id in catalogue.measures if measures is None else measures:
            if builder.build(catalogue.measure(id), force) and progress:
                progress(id)
        builder.finish()
    return target


class _Builder:
    """One build: what has been taken in, what was known before, and tables cleaned on the way."""

    def __init__(self, delivered: deliveries.TakenIn, stamp: Mapping[str, Any]) -> None:
        self.archive = Archive(_archive())
        self.delivered = delivered
        self.stamp = stamp
        known = {id: _held(stamp, id) for id in load_catalogue().measures}
        self.held = {id: held for id, held in known.items() if held}
        self.changed = delivered.asked
        self.cleaned: dict[str, Mapping[str, Publication] | str] = {}

    def build(self, measure: Measure, force: bool) -> bool:
        """Build a measure unless it is current, and tell whether any file was written."""
        plan = _plan(measure, self.archive, self.delivered)
        before = self.held.get(measure.id)
        if not force and before and _is_current(before, plan):
            return False
        if not force and before and before.path and before.signature == plan.signature:
            files.say_damaged(before.path)
        faults = list(plan.faults)
        found = self._publications(plan, faults)
        frame = None
        if found:
            entry = edition.load_edition().measures.get(measure.id)
            below = of_edition(measure, entry) if entry else []
            try:
                frame = combined(measure, [*below, *found])
            except Exception as error:
                # Whatever fetched figures hold, the edition's stand.
                faults.append(_reason(error))
        name = f"{measure.id}-{plan.signature[:16]}.parquet" if frame is not None else None
        written = None
        if frame is not None and name:
            written = files.write_frame(frame, folder() / name)
        problem = " ".join(dict.fromkeys(faults)) or None
        if problem and not (before and before.problem == problem):
            _log.warning("Måttet %s: %s", measure.id, problem)
        self.held[measure.id] = Held(
            measure.id,
            plan.signature,
            name,
            tuple(_used(p) for p in found) if name else (),
            frame is None or _with_edition(frame),
            problem,
            _seen(measure),
            written,
        )
        self.changed = True
        return frame is not None

    def finish(self) -> None:
        """Write the stamp when anything has changed."""
        if not self.changed:
            return
        problems = {id: held.problem for id, held in self.held.items() if held.problem}
        problems |= {
            file: str(about["error"])
            for file, about in self.delivered.files.items()
            if about.get("error")
        }
        content = {
            "form": FORM,
            "problems": problems,
            "measures": {id: asdict(held) for id, held in sorted(self.held.items())},
            "delivered": self.delivered.stamp(),
        }
        files.write_stamp(folder(), content)
        named = {held.file for held in self.held.values()}
        for path in folder().glob("*.parquet"):
            if path.name not in named:
                files.remove(path)

    def _publications(self, plan: _Plan, faults: list[str]) -> list[Publication]:
        found = []
        for table, snapshot in plan.tables:
            given = self._cleaned(table, snapshot)
            if isinstance(given, str):
                faults.append(given)
            elif plan.measure.id in given:
                found.append(given[plan.measure.id])
        for snapshot in plan.delivered:
            try:
                found.append(of_delivered(plan.measure, snapshot, self.archive))
            except Exception as error:
                faults.append(_reason(error))
        return found

    def _cleaned(self, table: Table, snapshot: Snapshot) -> Mapping[str, Publication] | str:
        if table.id not in self.cleaned:
            while len(self.cleaned) >= _TABLES_KEPT:
                del self.cleaned[next(iter(self.cleaned))]
            try:
                self.cleaned[table.id] = of_table(table, snapshot, self.archive)
            except Exception as error:
                # Whatever one table meets with, the others are used.
                self.cleaned[table.id] = _reason(error)
        return self.cleaned[table.id]


def _is_current(held: Held, plan: _Plan) -> bool:
    if held.signature != plan.signature:
        return False
    # What could not be used may have been made whole since, under the same name.
    if held.problem and held.seen != _seen(plan.measure):
        return False
    return held.path is None or files.is_sound(held.path, held.written)


def _reason(error: Exception) -> str:
    text = str(error)
    if not isinstance(error, AffarsplanError | OSError):
        text = f"Oväntat fel ({type(error).__name__}): {error}. Anmäl det gärna."
    return f"{text.rstrip('.')}. Det används inte."


def _with_edition(frame: pd.DataFrame) -> bool:
    origins = frame.loc[frame["preferred"], "origin"].cat.remove_unused_categories()
    return any(origin.startswith("edition/") for origin in origins.cat.categories)


def _used(publication: Publication) -> Used:
    return Used(
        publication.source,
        publication.table,
        publication.table_id,
        publication.vintage,
        publication.retrieved or "",
        publication.origin,
        publication.made_up,
    )


def _plan(measure: Measure, archive: Archive, delivered: deliveries.TakenIn) -> _Plan:
    catalogue = load_catalogue()
    tables, faults = [], []
    for table in catalogue.tables_of(measure.id):
        if all(given.measure != measure.id for given in table.gives):
            continue
        try:
            snapshot = standing.standing(table, archive)
        except AffarsplanError as error:
            faults.append(_reason(error))
            continue
        if snapshot:
            tables.append((table, snapshot))
    files_of = delivered.of(measure.id, archive)
    entry = edition.load_edition().measures.get(measure.id)
    about = [
        FORM,
        measure.model_dump_json(),
        catalogue.sources[measure.source].name,
        [[table.model_dump_json(), snapshot.source, snapshot.id] for table, snapshot in tables],
        [snapshot.id for snapshot in files_of],
        entry.model_dump_json() if entry else None,
        faults,
    ]
    signature = hashlib.sha256(json.dumps(about).encode()).hexdigest()
    return _Plan(measure, tuple(tables), files_of, tuple(faults), signature)


def _state(measure: str, root: Path) -> tuple[object, ...]:
    """Return what tells that nothing has changed since the last look, from the folders' times alone."""
    raw, archive, manifest = _watched(root)
    edition_now = manifest.stat()
    return (
        (edition_now.st_mtime_ns, edition_now.st_size),
        tuple(map(_time, _shelves(measure, archive, tuple(standing.servers().items())))),
        deliveries.state(raw),
    )


@lru_cache(maxsize=8)
def _watched(root: Path) -> tuple[Path, Path, Path]:
    """Return a project's folder of raw data, that of the archive, and the edition's manifest."""
    raw = root / "data" / "raw"
    return raw, raw / "archive", raw / "edition" / "manifest.yaml"


def _seen(measure: Measure) -> tuple[int, ...]:
    archive = _archive()
    shelves = _shelves(measure.id, archive, tuple(standing.servers().items()))
    return tuple(_time(shelf) for shelf in (*shelves, Shelf(archive, DELIVERED, measure.id).folder))


@lru_cache(maxsize=1024)
def _shelves(measure: str, archive: Path, servers: tuple[tuple[str, str], ...]) -> tuple[Path, ...]:
    names = dict(servers)
    return tuple(
        archive / names[table.source] / table.id
        for table in load_catalogue().tables_of(measure)
        if table.source in names
    )


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _held(stamp: Mapping[str, Any], measure: str) -> Held | None:
    """Return what the stamp says of a measure, None when it says nothing that can be read."""
    try:
        about = stamp["measures"][measure]
        used = tuple(Used(**one) for one in about["used"])
        return Held(**{**about, "used": used, "seen": tuple(about["seen"])})
    except (KeyError, TypeError, ValueError):
        return None

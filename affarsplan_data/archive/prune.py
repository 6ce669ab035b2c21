"""Decides what old vintages can go, and removes them.

For each source and name, these stay:

- the whole snapshots of the newest ``keep`` vintages, and the newest whole snapshot of every selection
  that has been asked for, however old it is;
- every answer that a snapshot that stays stands on;
- every answer of one of those vintages, and every answer seen since the newest snapshot was fetched: a
  fetch may be under way;
- where a source gives no vintage, or nothing has been committed, the newest ``keep`` answers to each
  query;
- what cannot be read, and the content it may belong to: a person has to look at it first.

The rest goes, and with it what interrupted writes have left and what has been set aside as damaged. A
snapshot that is not whole goes when a newer whole one answers the same selection, and so does
provenance whose content is gone, when no snapshot that stays names it. Snapshots go first, then
provenance, then content, so that an interrupted pruning leaves no fault behind.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from affarsplan_data.archive import names, records, writing
from affarsplan_data.archive.errors import ArchiveNameError
from affarsplan_data.archive.records import Order, Provenance, Snapshot
from affarsplan_data.archive.shelf import Shelf, is_there, shelves, size_of
from affarsplan_data.archive.wholeness import Wholeness


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a pruning removed, or would remove.

    ``removed`` are files in the order they go, ``bytes`` what they take on disk, and ``kept`` the
    vintages that stay for each source and name, the oldest first.
    """

    removed: list[Path] = field(default_factory=list)
    bytes: int = 0
    kept: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


def check_keep(keep: int) -> None:
    """Do nothing when ``keep`` is a number of vintages that can be kept.

    Raises:
        ArchiveNameError: it is less than 1.
    """
    if keep < 1:
        raise ArchiveNameError(f"Minst en utgåva måste vara kvar, inte {keep}. Ange 1 eller fler.")


def plan(archive: Path, keep: int) -> Pruned:
    """Return what would be removed; nothing is changed, and no lock is taken."""
    removed: list[Path] = []
    kept: dict[tuple[str, str], tuple[str, ...]] = {}
    for shelf in shelves(archive):
        choice = _Choice(shelf, keep)
        removed += choice.removed()
        if vintages := choice.vintages():
            kept[shelf.source, shelf.name] = vintages
    return Pruned(removed, sum(map(size_of, removed)), kept)


def carry_out(planned: Pruned) -> None:
    """Remove what is ``planned``, each step on the disk before the next. The lock must be held."""
    folder_and_step: tuple[Path, int] | None = None
    for path in planned.removed:
        now = path.parent, _step(path)
        if folder_and_step and now != folder_and_step:
            writing.sync_folder(folder_and_step[0])
        writing.remove(path)
        folder_and_step = now
    if folder_and_step:
        writing.sync_folder(folder_and_step[0])


def _step(path: Path) -> int:
    if path.name.endswith(names.SNAPSHOT):
        return 0
    return 1 if path.name.endswith(names.PROVENANCE) else 2


class _Choice:
    """What stays and what goes in one folder."""

    def __init__(self, shelf: Shelf, keep: int) -> None:
        self.shelf = shelf
        self._keep = keep
        found = [r for r in shelf.provenances() if isinstance(r, Provenance)]
        self._answers = {record.id: record for record in sorted(found, key=records.order)}
        snapshots = sorted(
            (s for s in shelf.snapshots() if isinstance(s, Snapshot)), key=records.fetch_order
        )
        wholeness = Wholeness(shelf)
        self._whole = [snapshot for snapshot in snapshots if not wholeness.lacks(snapshot)]
        self._broken = [snapshot for snapshot in snapshots if wholeness.lacks(snapshot)]
        self._newest = _newest_vintages(self._whole, keep)
        staying = [*self._staying_whole(), *self._staying_broken()]
        self._snapshots = {snapshot.id for snapshot in staying}
        self._ids = self._staying_answers(staying)

    def vintages(self) -> tuple[str, ...]:
        """Return the vintages that stay."""
        return records.distinct(v for id in self._ids for v in self._answers[id].vintages)

    def removed(self) -> list[Path]:
        """Return the files that go: snapshots first, content last."""
        files = self.shelf.files()
        snapshots = {s.id for s in [*self._whole, *self._broken]} - self._snapshots
        answers = self._answers.keys() - self._ids
        held = {self._answers[id].sha256 for id in self._ids}
        # Content that an unreadable provenance may be about; its name begins with the content's hash.
        ids = set(filter(None, map(names.provenance_id, files)))
        unread = {id[: names.PREFIX] for id in ids - self._answers.keys()}
        gone = [
            file
            for file in files
            if names.is_leftover(file)
            or names.snapshot_stem(file) in snapshots
            or names.provenance_id(file) in answers
            or _is_orphan(file, held, unread)
        ]
        return sorted((self.shelf.folder / file for file in gone), key=_step)

    def _staying_whole(self) -> list[Snapshot]:
        of_selection = defaultdict(list)
        for snapshot in self._whole:
            of_selection[_asked(snapshot)].append(snapshot)
        staying = [s for s in self._whole if records.vintage_order(s.updated) in self._newest]
        for several in of_selection.values():
            without = [s for s in several if s.updated is None]
            staying += [several[-1], *without[-self._keep :]]
        return staying

    def _staying_broken(self) -> list[Snapshot]:
        answered = {_asked(s): records.fetch_order(s) for s in self._whole}
        return [
            s
            for s in self._broken
            if _asked(s) not in answered or answered[_asked(s)] < records.fetch_order(s)
        ]

    def _staying_answers(self, staying: list[Snapshot]) -> set[str]:
        named = {id for snapshot in staying for id in snapshot.ids}
        of_query = defaultdict(list)
        for record in self._answers.values():
            if record.updated is None or not self._newest:
                of_query[record.query.key].append(record.id)
        newest = {id for ids in of_query.values() for id in ids[-self._keep :]}
        return {
            id
            for id, record in self._answers.items()
            if id in named
            or (self._has_content(record) and (id in newest or self._is_recent(record)))
        }

    def _has_content(self, record: Provenance) -> bool:
        return is_there(self.shelf.object_path(record.sha256))

    def _is_recent(self, record: Provenance) -> bool:
        if any(records.vintage_order(v) in self._newest for v in record.vintages):
            return True
        if not self._whole:
            return False
        last = self._whole[-1]
        later = records.vintage_order(record.updated) > records.vintage_order(last.updated)
        return later or record.last_seen >= last.retrieved


def _newest_vintages(whole: list[Snapshot], keep: int) -> set[Order]:
    given = [records.vintage_order(s.updated) for s in reversed(whole) if s.updated is not None]
    return set(list(dict.fromkeys(given))[:keep])


def _asked(snapshot: Snapshot) -> str:
    return json.dumps(snapshot.asked, sort_keys=True)


def _is_orphan(file: str, held: set[str], unread: set[str]) -> bool:
    sha256 = names.object_hash(file)
    return sha256 is not None and sha256 not in held and sha256[: names.PREFIX] not in unread

"""Fetches the catalogue's tables from their producer into the archive.

A fetch is committed as a snapshot when every answer of a table has come and been checked. Until then the
snapshot before it stands, and what has come is there when the fetch is started again.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from affarsplan_data import project
from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import Catalogue, Table
from affarsplan_data.errors import AffarsplanError, UsageError
from affarsplan_data.scb import (
    ELIMINATE,
    Cube,
    Kept,
    Metadata,
    OfflineError,
    Query,
    ScbClient,
    UpdatedMeanwhileError,
    client_name,
    read_cube,
)
from affarsplan_data.sources.comparing import Changes, changes
from affarsplan_data.sources.errors import ChangedTableError, SourceError

Outcome = Literal["new", "unchanged", "revised", "failed"]
Progress = Callable[[str, int, int], None]
"""Called with a table's id, the number of answers so far and the number expected."""

ATTEMPTS = 3


@dataclass(frozen=True)
class Fetched:
    """What became of one table.

    ``updated``, ``periods`` and ``cells`` (the number of figures) are of the version that now stands.
    """

    table: Table
    outcome: Outcome
    updated: str | None = None
    periods: tuple[str, ...] = ()
    cells: int = 0
    changes: Changes = field(default_factory=Changes)
    error: str | None = None


def archive() -> Archive:
    """Return the project's archive of raw answers, ``data/raw/archive``."""
    return Archive(archive_folder())


def archive_folder() -> Path:
    """Return the folder of the archive."""
    return project.raw() / "archive"


def tables_to_fetch(catalogue: Catalogue, measures: Iterable[str] = ()) -> tuple[Table, ...]:
    """Return the tables of the named measures, or of every measure that is fetched.

    Raises:
        UnknownEntryError: the catalogue has no such measure.
        UsageError: the measure is not fetched; those that are, are named.
    """
    wanted = list(measures)
    fetched = [measure.id for measure in catalogue.fetched()]
    for measure in wanted:
        if not catalogue.tables_of(measure):
            raise UsageError(
                f"Måttet {measure} hämtas inte från producenten. De som hämtas är: "
                f"{', '.join(fetched)}."
            )
    tables = [table for measure in wanted or fetched for table in catalogue.tables_of(measure)]
    return tuple({table.id: table for table in tables}.values())


def fetch(
    tables: Iterable[Table],
    client: ScbClient,
    into: Archive,
    *,
    since: str | None = None,
    force: bool = False,
    progress: Progress | None = None,
    done: Callable[[Fetched], None] | None = None,
) -> list[Fetched]:
    """Fetch tables, one after the other, and return what became of each.

    A table that fails does not stop the others, and what was archived of it before stands.

    Args:
        tables: what to fetch.
        client: the server to ask; it must keep its answers in ``into``.
        into: the archive where snapshots are committed.
        since: a year; only periods from then on.
        force: ask for the figures even when the table has not been updated.
        progress: called after every answer.
        done: called after every table.
    """
    results = []
    for table in tables:
        one = _Fetch(table, client, into, since, force, progress)
        try:
            result = one.run()
        except (AffarsplanError, OSError) as error:
            result = one.failed(error)
        results.append(result)
        if done:
            done(result)
    return results


@dataclass(frozen=True)
class _Fetch:
    """One table's way from the producer to a snapshot."""

    table: Table
    client: ScbClient
    archive: Archive
    since: str | None
    force: bool
    progress: Progress | None

    def run(self) -> Fetched:
        """Return what became of the table.

        Raises:
            AffarsplanError: it could not be fetched; nothing has been committed.
        """
        previous = self._previous()
        if self.client.offline:
            return self._from_archive(previous)
        for _ in range(ATTEMPTS - 1):
            with suppress(UpdatedMeanwhileError):
                return self._from_producer(previous)
        return self._from_producer(previous)

    def failed(self, error: Exception) -> Fetched:
        """Return the failure, with the version that stands in spite of it."""
        standing = None
        with suppress(AffarsplanError, OSError):
            standing = self._previous()
        if standing is None:
            return Fetched(self.table, "failed", error=str(error))
        return replace(_standing(self.table, standing, "failed"), error=str(error))

    def _from_producer(self, previous: Snapshot | None) -> Fetched:
        metadata = self.client.metadata(self.table.id)
        _check_contents(self.table, metadata)
        if previous and not self.force and _is_of(previous, metadata):
            return _standing(self.table, previous)
        query = self.client.query(self.table.id, self._selection(metadata), metadata=metadata)
        cube, kept = self.client.cube(query, progress=self._report, fresh=self.force)
        snapshot = self._commit(query, cube, kept)
        if previous is None:
            return _standing(self.table, snapshot, "new")
        difference = changes(self._cubes(previous), cube)
        outcome: Outcome = "revised" if difference.any else "unchanged"
        return _standing(self.table, snapshot, outcome, difference)

    def _from_archive(self, previous: Snapshot | None) -> Fetched:
        if previous is None:
            raise OfflineError(
                f"Tabellen {self.table.id} finns inte i arkivet. Hämta den en gång med nätverk."
            )
        for answer in previous.ids:
            self.archive.read(previous.source, previous.name, answer)
        return _standing(self.table, previous)

    @property
    def _asked(self) -> dict[str, Any]:
        asked = self.table.model_dump(mode="json", include={"selection", "without"})
        return {**asked, "since": self.since}

    def _previous(self) -> Snapshot | None:
        """Return the newest whole snapshot of the same question."""
        held = self.archive.snapshots(self.client.source, self.table.id)
        return next((s for s in reversed(held) if s.asked == self._asked), None)

    def _cubes(self, snapshot: Snapshot) -> list[Cube]:
        read = (self.archive.read(snapshot.source, snapshot.name, id) for id in snapshot.answers)
        return [read_cube(stored.content) for stored in read]

    def _selection(self, metadata: Metadata) -> dict[str, Any]:
        selection: dict[str, Any] = dict(self.table.selection)
        selection |= dict.fromkeys(self.table.without, ELIMINATE)
        if self.since and (time := metadata.structure.time):
            selection[time.id] = _periods_since(self.table, time.codes, self.since)
        return selection

    def _report(self, done: int, expected: int) -> None:
        if self.progress:
            self.progress(self.table.id, done, expected)

    def _commit(self, query: Query, cube: Cube, kept: Sequence[Kept]) -> Snapshot:
        time = cube.structure.time
        snapshot = Snapshot(
            source=self.client.source,
            name=self.table.id,
            # The oldest, if any answer came from the server's cache: then the table is fetched again.
            updated=min((k.updated for k in kept if k.updated), default=query.metadata.updated),
            retrieved=datetime.now(UTC).replace(microsecond=0),
            asked=self._asked,
            metadata=query.metadata.answer or "",
            answers=[answer.id for answer in kept if answer.id],
            cells=cube.values.size,
            periods=list(time.codes) if time else [],
            client=client_name(),
        )
        self.archive.commit(snapshot)
        return snapshot


def _is_of(snapshot: Snapshot, metadata: Metadata) -> bool:
    """Tell whether a snapshot is of the table as it is now."""
    return snapshot.updated == metadata.updated and snapshot.metadata == metadata.answer


def _standing(
    table: Table,
    snapshot: Snapshot,
    outcome: Outcome = "unchanged",
    difference: Changes | None = None,
) -> Fetched:
    return Fetched(
        table,
        outcome,
        snapshot.updated,
        tuple(snapshot.periods),
        snapshot.cells,
        difference or Changes(),
    )


def _check_contents(table: Table, metadata: Metadata) -> None:
    """Refuse a table whose content codes are gone or have come to mean something else."""
    metric = metadata.structure.metric
    labels = dict(zip(metric.codes, metric.labels, strict=True)) if metric else {}
    for code, words in table.contents.items():
        label = labels.get(code)
        if label is None:
            held = "; ".join(f"{c} {text}" for c, text in labels.items()) or "inget innehåll"
            raise ChangedTableError(
                f"Tabellen {table.id} har inte längre innehållet {code}. Den har: {held}. Rätta "
                "katalogen innan tabellen hämtas."
            )
        if missing := [word for word in words if word.casefold() not in label.casefold()]:
            raise ChangedTableError(
                f"Innehållet {code} i tabellen {table.id} heter nu ”{label}”, utan "
                f"”{', '.join(missing)}”. Pröva om det fortfarande är samma uppgift, och rätta katalogen."
            )


def _periods_since(table: Table, codes: Sequence[str], since: str) -> list[str]:
    wanted = [code for code in codes if code[: len(since)] >= since]
    if not wanted:
        raise SourceError(
            f"Tabellen {table.id} har inga perioder från och med {since}; den senaste är {codes[-1]}."
        )
    return wanted

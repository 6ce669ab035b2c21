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
from affarsplan_data.archive import Archive, ArchiveError, Snapshot
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
    ScbError,
    UnavailableError,
    UpdatedMeanwhileError,
    client_name,
    read_cube,
)
from affarsplan_data.sources.comparing import Changes, changes
from affarsplan_data.sources.errors import ChangedTableError

Outcome = Literal["new", "unchanged", "revised", "failed"]
Progress = Callable[[str, int, int], None]
"""Called with a table's id, the number of answers so far and the number expected."""

ATTEMPTS = 3


@dataclass(frozen=True)
class Fetched:
    """What became of one table.

    ``updated``, ``periods`` and ``cells`` (the number of figures) are of the version that now stands.
    ``label`` is the title that the producer gives the table.
    """

    table: Table
    outcome: Outcome
    updated: str | None = None
    periods: tuple[str, ...] = ()
    cells: int = 0
    changes: Changes = field(default_factory=Changes)
    error: str | None = None
    label: str | None = None


def archive() -> Archive:
    """Return the project's archive of raw answers, ``data/raw/archive``."""
    return Archive(archive_folder())


def archive_folder() -> Path:
    """Return the folder of the archive."""
    return project.raw() / "archive"


def tables_to_fetch(catalogue: Catalogue, measures: Iterable[str] = ()) -> tuple[Table, ...]:
    """Return the tables of the named measures, or of every measure that is fetched.

    A name may be several with commas between them.

    Raises:
        UsageError: the measure does not exist, or is not fetched; those that are, are named.
    """
    wanted = [name.strip() for given in measures for name in given.split(",") if name.strip()]
    fetched = [measure.id for measure in catalogue.fetched()]
    for measure in wanted:
        if measure not in fetched:
            known = (
                "hämtas inte från producenten" if measure in catalogue.measures else "finns inte"
            )
            raise UsageError(
                f"Måttet ”{measure[:60]}” {known}. De som hämtas är: {', '.join(fetched)}."
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
    unreachable: ScbError | None = None
    try:
        client.config()
    except (UnavailableError, OfflineError) as error:
        unreachable = None if client.offline else error
    for table in tables:
        one = _Fetch(table, client, into, since, force, progress)
        try:
            if unreachable:
                raise unreachable
            result = one.run()
        except Exception as error:
            # Whatever one table meets with, the others are fetched.
            result = one.failed(error)
        results.append(result)
        if done:
            done(result)
    return results


@dataclass
class _Fetch:
    """One table's way from the producer to a snapshot; ``_previous`` is the one that stands before."""

    table: Table
    client: ScbClient
    archive: Archive
    since: str | None
    force: bool
    progress: Progress | None
    _previous: Snapshot | None = None

    def run(self) -> Fetched:
        """Return what became of the table.

        Raises:
            AffarsplanError: it could not be fetched; nothing has been committed.
        """
        if self.client.offline:
            return self._from_archive()
        with suppress(ArchiveError):
            # A damaged archive is no hindrance: what is damaged is fetched again.
            self._previous = self._standing()
        for _ in range(ATTEMPTS - 1):
            with suppress(UpdatedMeanwhileError):
                return self._from_producer()
        return self._from_producer()

    def failed(self, error: Exception) -> Fetched:
        """Return the failure, with the version that stands in spite of it."""
        text = str(error)
        if not isinstance(error, AffarsplanError | OSError):
            text = f"Oväntat fel ({type(error).__name__}): {error}. Anmäl det gärna."
        if self._previous is None:
            return Fetched(self.table, "failed", error=text)
        return replace(_standing(self.table, self._previous, "failed"), error=text)

    def _from_producer(self) -> Fetched:
        previous = self._previous
        metadata = self.client.metadata(self.table.id)
        _check_contents(self.table, metadata)
        if previous and not self.force and _is_of(previous, metadata):
            return replace(_standing(self.table, previous), label=metadata.label)
        query = self._query(metadata)
        if query is None:
            periods = metadata.structure.time
            last = periods.codes[-1:] if periods else ()
            return Fetched(self.table, "unchanged", metadata.updated, last, label=metadata.label)
        cube, kept = self.client.cube(query, progress=self._report, fresh=self.force)
        snapshot = self._commit(query, cube, kept)
        if previous is None:
            return replace(_standing(self.table, snapshot, "new"), label=metadata.label)
        difference = changes(self._cubes(previous), cube)
        outcome: Outcome = "revised" if difference.any else "unchanged"
        return replace(
            _standing(self.table, snapshot, outcome), changes=difference, label=metadata.label
        )

    def _from_archive(self) -> Fetched:
        # The whole table answers a question about its later periods too.
        for asked in (self._asked(self.since), self._asked(None)):
            if snapshot := self.archive.standing(self.client.source, self.table.id, asked):
                return _standing(self.table, snapshot)
        raise OfflineError(
            f"Tabellen {self.table.id} finns inte i arkivet för det här urvalet. Hämta den en gång med "
            "nätverk."
        )

    def _asked(self, since: str | None) -> dict[str, Any]:
        asked = self.table.model_dump(mode="json", include={"selection", "without"})
        return {**asked, "since": since}

    def _standing(self) -> Snapshot | None:
        return self.archive.standing(self.client.source, self.table.id, self._asked(self.since))

    def _cubes(self, snapshot: Snapshot) -> list[Cube]:
        read = (self.archive.read(snapshot.source, snapshot.name, id) for id in snapshot.answers)
        return [read_cube(stored.content) for stored in read]

    def _query(self, metadata: Metadata) -> Query | None:
        """Return what is to be asked for; None when the table has no period as late as ``since``."""
        selection: dict[str, Any] = dict(self.table.selection)
        selection |= dict.fromkeys(self.table.without, ELIMINATE)
        query = self.client.query(self.table.id, selection, metadata=metadata)
        time = next((choice for choice in query.choices if choice.variable.is_time), None)
        if self.since is None or time is None:
            return query
        late = [code for code in time.codes if code[: len(self.since)] >= self.since]
        if not late:
            return None
        return self.client.query(self.table.id, selection | {time.code: late}, metadata=metadata)

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
            asked=self._asked(self.since),
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
) -> Fetched:
    periods = tuple(snapshot.periods)
    return Fetched(table, outcome, snapshot.updated, periods, snapshot.cells)


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

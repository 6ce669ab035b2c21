"""Fetches the catalogue's tables from their producer into the archive.

A fetch is committed as a snapshot when every answer of a table has come and been checked. Until then the
snapshot before it stands, and what has come is there when the fetch is started again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from affarsplan_data import project
from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import Catalogue, Table
from affarsplan_data.errors import UsageError
from affarsplan_data.fitting import require
from affarsplan_data.scb import (
    ELIMINATE,
    Cube,
    Kept,
    Metadata,
    Query,
    ScbClient,
    read_cube,
)
from affarsplan_data.sources.finding import find_table
from affarsplan_data.sources.snapshots import (
    Fetched,
    Outcome,
    Progress,
    TableFetch,
    each,
    standing,
)

__all__ = [
    "Fetched",
    "Outcome",
    "Progress",
    "archive",
    "archive_folder",
    "fetch",
    "read_snapshot",
    "selection_of",
    "tables_to_fetch",
]


def archive() -> Archive:
    """Return the project's archive of raw answers, ``data/raw/archive``."""
    return Archive(archive_folder())


def archive_folder() -> Path:
    """Return the folder of the archive."""
    return project.raw() / "archive"


def tables_to_fetch(catalogue: Catalogue, measures: Iterable[str] = ()) -> tuple[Table, ...]:
    """Return the tables of the named measures, or of every measure and last the boundaries.

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
    tables += () if wanted else catalogue.boundaries()
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
    jobs = [_Fetch(table, client, into, since, force, progress) for table in tables]
    return each(jobs, client, client.config, done)


def read_snapshot(archive: Archive, snapshot: Snapshot) -> list[Cube]:
    """Return the figures of a snapshot that :func:`fetch` has committed, a cube for each answer.

    Raises:
        ArchiveError: an answer is gone or damaged.
    """
    read = (archive.read(snapshot.source, snapshot.name, id) for id in snapshot.answers)
    return [read_cube(stored.content) for stored in read]


class _Fetch(TableFetch[ScbClient]):
    """One table's way from SCB to a snapshot."""

    def cubes(self, snapshot: Snapshot) -> list[Cube]:
        return read_snapshot(self.archive, snapshot)

    def from_producer(self) -> Fetched:
        id = find_table(self.table, self.client)
        metadata = self.client.metadata(id, name=self.table.id)
        result = replace(self._of(metadata), label=metadata.label)
        return result if self.table.find is None else replace(result, found=id)

    def _of(self, metadata: Metadata) -> Fetched:
        """Return what became of the table, of which these are the metadata now."""
        query = self._query(metadata)
        require(self.table, metadata.label, query.dimensions)
        if self.previous and not self.force and _is_of(self.previous, metadata):
            return standing(self.table, self.previous)
        late = self._late(query)
        if late is None:
            time = metadata.structure.time
            last = time.codes[-1:] if time else ()
            return Fetched(self.table, "unchanged", metadata.updated, last)
        cube, kept = self.client.cube(late, progress=self.report, fresh=self.force)
        earlier = self.not_shrunken(cube, moving(self.table, cube))
        return self.landed(self._committed(late, cube, kept), cube, metadata.label, earlier)

    def _committed(self, query: Query, cube: Cube, kept: Sequence[Kept]) -> Snapshot:
        # The oldest, if any answer came from the server's cache: then the table is fetched again.
        updated = min((k.updated for k in kept if k.updated), default=query.metadata.updated)
        answers = [answer.id for answer in kept]
        return self.commit(cube, query.metadata.answer or "", answers, updated)

    def _query(self, metadata: Metadata, **periods: list[str]) -> Query:
        """Return what the catalogue asks for, or of the time variable the periods given."""
        selection = selection_of(self.table) | periods
        return self.client.query(metadata.id, selection, metadata=metadata)

    def _late(self, query: Query) -> Query | None:
        """Return the query from ``since`` on; None when the table has no period as late as that."""
        time = next((choice for choice in query.choices if choice.variable.is_time), None)
        if self.since is None or time is None:
            return query
        late = [code for code in time.codes if code[: len(self.since)] >= self.since]
        return self._query(query.metadata, **{time.code: late}) if late else None


def moving(table: Table, cube: Cube) -> set[str]:
    """Return the time variable of a table of which only the newest periods are taken."""
    time = cube.structure.time
    if time is None:
        return set()
    wish = table.selection.get(time.id, "*")
    newest = [w for w in ([wish] if isinstance(wish, str) else wish) if w.upper().startswith("TOP")]
    return {time.id} if newest else set()


def selection_of(table: Table) -> dict[str, Any]:
    """Return what is asked of a table, as the client takes it."""
    return dict(table.selection) | dict.fromkeys(table.without, ELIMINATE)


def _is_of(snapshot: Snapshot, metadata: Metadata) -> bool:
    """Tell whether a snapshot is of the table as it is now."""
    return snapshot.updated == metadata.updated and snapshot.metadata == metadata.answer

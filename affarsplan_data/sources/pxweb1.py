"""Fetches tables from PxWeb v1 servers, Tillväxtanalys' among them, into the archive.

A table is looked up through the server's levels every time, by words in its title and the folder it lies
in: files are renamed often. The interface says nothing of versions; where the level tells when a table
was updated that is its version, and else the figures are always asked for and compared.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import Table
from affarsplan_data.fitting import column_of, require
from affarsplan_data.scb import (
    Cube,
    Dimension,
    Metadata,
    PxWebV1Client,
    Query,
    UpdatedMeanwhileError,
    read_cube,
)
from affarsplan_data.scb.v1_reading import metadata_of, with_labels
from affarsplan_data.sources.errors import UnfoundTableError
from affarsplan_data.sources.fetching import moving, selection_of
from affarsplan_data.sources.finding import Candidate, lies_in, only, sought, titled
from affarsplan_data.sources.snapshots import Fetched, Progress, TableFetch, each, standing

MOST_LEVELS = 60
"""The most levels that are looked through for one table."""


def fetch(
    tables: Iterable[Table],
    client: PxWebV1Client,
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
        tables: what to fetch; each must say under ``find`` how it is looked up.
        client: the server to ask; it must keep its answers in ``into``.
        into: the archive where snapshots are committed.
        since: a year; only periods from then on.
        force: ask for the figures whatever the level says, and take them also when they lack what the
            version before had.
        progress: called after every answer.
        done: called after every table.
    """
    jobs = [_V1Fetch(table, client, into, since, force, progress) for table in tables]
    return each(jobs, client, partial(client.levels, ""), done)


def read_snapshot(archive: Archive, snapshot: Snapshot) -> list[Cube]:
    """Return the figures of a snapshot that :func:`fetch` has committed, a cube for each answer.

    Raises:
        ArchiveError: an answer is gone or damaged.
    """
    described = archive.read(snapshot.source, snapshot.name, snapshot.metadata)
    metadata = metadata_of(snapshot.name, described.content)
    read = (archive.read(snapshot.source, snapshot.name, id) for id in snapshot.answers)
    return [with_labels(metadata, read_cube(stored.content)) for stored in read]


def find_table(table: Table, client: PxWebV1Client) -> Candidate:
    """Return the table that the catalogue's ``find`` finds below the server's levels; its id is a path.

    The folder is a level's name, or several with ``/`` between. Of folders with that name the ones
    nearest the root are looked through, with what lies below them.

    Raises:
        UnfoundTableError: no table, or more than one, has all the words and lies in the folder.
        ScbError: the server could not be asked.
    """
    find = sought(table)
    walk = _Walk(table, client)
    listed = [
        candidate
        for level in walk.inside(find.folder)
        for row in walk.rows(level)
        if (candidate := _table_at(row))
    ]
    return only(table, [one for one in listed if titled(find, one.title)], listed)


def _table_at(row: Any) -> Candidate | None:
    """Return the table that a row of a level is; None when it is a level."""
    if row.type != "t":
        return None
    # A level need not say when its tables were updated.
    told = isinstance(row.updated, str) and row.updated
    return Candidate(row.path, row.text, row.updated if told else None)


class _Walk:
    """A walk through a server's levels in search of one table; each level is asked for once."""

    def __init__(self, table: Table, client: PxWebV1Client) -> None:
        self._table = table
        self._client = client
        self._seen: dict[str, list[Any]] = {}

    def rows(self, level: str) -> list[Any]:
        """Return what is at a level.

        Raises:
            UnfoundTableError: too many levels have been asked for.
        """
        if level not in self._seen:
            if len(self._seen) >= MOST_LEVELS:
                raise UnfoundTableError(
                    f"{self._table.id} söks i fler än {MOST_LEVELS} mappar. Skriv mappens namn i "
                    "folder under find i katalogen."
                )
            self._seen[level] = list(self._client.levels(level).itertuples())
        return self._seen[level]

    def inside(self, folder: str | None) -> list[str]:
        """Return the folder's levels and all below them; every level without a folder."""
        layer = [""] if folder is None else self._nearest(folder)
        found = list(layer)
        while layer := self._below(layer):
            found += layer
        return found

    def _nearest(self, folder: str) -> list[str]:
        """Return the levels of that name that are nearest the root."""
        layer = [""]
        while layer := self._below(layer):
            if matching := [path for path in layer if lies_in(path.split("/"), folder)]:
                return matching
        held = ", ".join(path for path in self._seen if path)
        raise UnfoundTableError(
            f"Servern har ingen mapp {folder}. De som finns: {held[:500] or 'inga'}. Rätta folder "
            f"under find för {self._table.id} i katalogen."
        )

    def _below(self, layer: Sequence[str]) -> list[str]:
        return [row.path for path in layer for row in self.rows(path) if row.type == "l"]


class _V1Fetch(TableFetch[PxWebV1Client]):
    """One table's way from a PxWeb v1 server to a snapshot."""

    def cubes(self, snapshot: Snapshot) -> list[Cube]:
        return [self._recoded(cube) for cube in read_snapshot(self.archive, snapshot)]

    def from_producer(self) -> Fetched:
        listed = find_table(self.table, self.client)
        metadata = self.client.metadata(listed.id, name=self.table.id)
        label = metadata.label or listed.title
        return replace(self._of(listed, metadata, label), label=label, found=listed.id)

    def _of(self, listed: Candidate, metadata: Metadata, label: str) -> Fetched:
        """Return what became of the table that was found."""
        query = self._query(listed, metadata)
        require(self.table, label, query.dimensions)
        if self._stands(listed, metadata) and self.previous and not self.force:
            return standing(self.table, self.previous)
        late = self._late(listed, query)
        if late is None:
            return Fetched(self.table, "unchanged", listed.updated)
        cube, kept = self.client.cube(
            listed.id, late, updated=listed.updated, progress=self.report, fresh=self.force
        )
        require(self.table, label, cube.structure.dimensions)
        self._require_still_there(listed)
        cube = self._recoded(cube)
        earlier = self.not_shrunken(cube, moving(self.table, cube))
        answers = [answer.id for answer in kept if answer.id]
        version = (metadata.answer, answers, listed.updated)
        snapshot = self.previous
        if not (snapshot and (snapshot.metadata, snapshot.answers, snapshot.updated) == version):
            snapshot = self.commit(cube, metadata.answer or "", answers, listed.updated)
        return self.landed(snapshot, cube, label, earlier)

    def _recoded(self, cube: Cube) -> Cube:
        """Return the cube with the codes in the labels, where the producer's own are running numbers.

        Versions are compared by codes, and a running number is another region or month when one comes
        before it.
        """
        dimensions = tuple(map(self._with_own_codes, cube.structure.dimensions))
        return replace(cube, structure=replace(cube.structure, dimensions=dimensions))

    def _with_own_codes(self, dimension: Dimension) -> Dimension:
        column = column_of(self.table, dimension)
        if column is None or not column.code_in_label:
            return dimension
        codes = tuple((label.split() or [""])[0] for label in dimension.labels)
        return replace(dimension, codes=codes) if len(set(codes)) == len(codes) else dimension

    def _stands(self, listed: Candidate, metadata: Metadata) -> bool:
        """Tell whether the level says that the version that stands is the newest."""
        held = self.previous
        return (
            held is not None
            and listed.updated is not None
            and (held.updated, held.metadata) == (listed.updated, metadata.answer)
        )

    def _require_still_there(self, listed: Candidate) -> None:
        """Refuse answers that came while the table was replaced."""
        rows = self.client.levels(listed.id.rpartition("/")[0]).itertuples()
        if listed not in map(_table_at, rows):
            raise UpdatedMeanwhileError(
                f"Tabellen {self.table.id} uppdaterades eller bytte namn under hämtningen. Försök igen."
            )

    def _query(self, listed: Candidate, metadata: Metadata, **periods: list[str]) -> Query:
        """Return what the catalogue asks for, or of the time variable the periods given."""
        selection = selection_of(self.table) | periods
        return self.client.query(listed.id, selection, metadata=metadata)

    def _late(self, listed: Candidate, query: Query) -> Query | None:
        """Return the query from ``since`` on; None when the table has no period as late as that."""
        time = next((choice for choice in query.choices if choice.variable.is_time), None)
        if self.since is None or time is None:
            return query
        column = column_of(self.table, time.variable.dimension)
        texts = time.labels() if column and column.code_in_label else time.codes
        pairs = zip(time.codes, texts, strict=True)
        late = [code for code, text in pairs if text[: len(self.since)] >= self.since]
        return self._query(listed, query.metadata, **{time.code: late}) if late else None

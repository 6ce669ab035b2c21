"""Fetches Bolagsverket's monthly file of companies and associations into the archive.

The file (https://static.bolagsverket.se/statistik/ftgstat_oppna.csv, CC BY 2.5 SE) is the whole history,
made anew on the first weekday of every month. In the catalogue a table of Bolagsverket's has
``selection: {Handelse: "1", Form: [AB, E, HB, KB], Region: "*"}``; what is left out is taken whole.
New registrations are a wider measure than new firms: also dormant companies and changes of legal form.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx

from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import Table
from affarsplan_data.fitting import require
from affarsplan_data.scb.asking import Kept, Question
from affarsplan_data.scb.base import MAX_CELLS, BaseClient
from affarsplan_data.scb.cubes import Cube
from affarsplan_data.scb.errors import OfflineError, RefusedError, UnknownValueError
from affarsplan_data.scb.http import Patience
from affarsplan_data.scb.limits import Limiter
from affarsplan_data.sources.bolagsverket_reading import EVENTS, FILE, Wanted, read_file
from affarsplan_data.sources.snapshots import Fetched, Progress, TableFetch, each, standing

BOLAGSVERKET = "https://static.bolagsverket.se/statistik"
MAX_BYTES = 200_000_000
"""The file was some 60 MB in 2026."""

PATIENCE = Patience(total=600.0)


@dataclass(frozen=True)
class FileVersion:
    """What the server says about the file without sending it; None where it does not say."""

    etag: str | None = None
    last_modified: str | None = None

    def is_same(self, other: "FileVersion") -> bool:
        """Tell whether the two are certainly of one and the same file."""
        if self.etag or other.etag:
            return self.etag == other.etag
        return self.last_modified is not None and self.last_modified == other.last_modified


class BolagsverketClient(BaseClient):
    """Reads Bolagsverket's open file.

    Args:
        base_url: the folder that the file lies in.
        archive: where the file is kept.
        offline: read only from the archive; no connection is ever opened.
        patience: timeouts, waits and number of attempts.
        limiter: keeps to a limit on calls; by default one for all who call the host.
        max_bytes: a larger file is refused.
        max_cells: more figures than this are not laid out at once.
        transport: another way to carry requests than the network, for tests.
    """

    def __init__(
        self,
        base_url: str = BOLAGSVERKET,
        *,
        archive: Archive | None = None,
        offline: bool = False,
        patience: Patience | None = None,
        limiter: Limiter | None = None,
        max_bytes: int = MAX_BYTES,
        max_cells: int = MAX_CELLS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(
            base_url,
            lambda _: None,
            archive,
            offline,
            patience or PATIENCE,
            limiter,
            max_cells,
            transport,
            max_bytes=max_bytes,
            accept="text/csv, */*",
        )

    def version(self) -> FileVersion:
        """Return which version of the file the server has. The file is not sent.

        Raises:
            OfflineError: the network may not be used.
            ScbError: the server cannot be reached. One that does not take the question says nothing.
        """
        if self.offline:
            raise OfflineError("Utan nätverk går det inte att fråga efter filens datum.")
        request = self._connection.request("HEAD", FILE)
        try:
            answer, _ = self._connection.send(request, lambda _: None)
        except RefusedError as error:
            if error.status not in (405, 501):
                raise
            return FileVersion()
        return FileVersion(answer.headers.get("etag"), answer.headers.get("last-modified"))

    def cube(self, wanted: Wanted | None = None, name: str = "ftgstat") -> tuple[Cube, Kept]:
        """Return the file's figures as a cube over Region, Handelse, Form and Tid.

        ``name`` is what the file is archived under.

        Raises:
            BadFileError: the file is not as described; nothing of it has been kept.
        """
        read = partial(read_file, wanted=wanted or Wanted(), max_cells=self.max_cells)
        return self._asker.answer(Question(name, self._connection.request("GET", FILE)), read)


def fetch(
    tables: Iterable[Table],
    client: BolagsverketClient,
    into: Archive,
    *,
    since: str | None = None,
    force: bool = False,
    progress: Progress | None = None,
    done: Callable[[Fetched], None] | None = None,
) -> list[Fetched]:
    """Fetch tables out of Bolagsverket's file, and return what became of each.

    The file is sent only when its ETag or date says that it is another one than the file that stands.

    Args:
        tables: what to take out of the file; see the module for what their selections may hold.
        client: the server to ask; it must keep its answers in ``into``.
        into: the archive where snapshots are committed.
        since: a year; only months from then on.
        force: have the file sent whatever its date, and take it also when it lacks what the last one had.
        progress: called when the file has come.
        done: called after every table.
    """
    jobs = [_BolagsverketFetch(table, client, into, since, force, progress) for table in tables]
    return each(jobs, client, client.version, done)


def read_snapshot(
    archive: Archive, snapshot: Snapshot, *, max_cells: int = MAX_CELLS
) -> list[Cube]:
    """Return the figures of a snapshot that :func:`fetch` has committed, as one cube.

    Raises:
        ArchiveError: the file is gone or damaged.
    """
    asked: Any = snapshot.asked
    stored = archive.read(snapshot.source, snapshot.name, snapshot.metadata)
    wanted = wanted_of(snapshot.name, asked["selection"], asked["since"])
    return [read_file(stored.content, wanted, max_cells)]


class _BolagsverketFetch(TableFetch[BolagsverketClient]):
    """One table's way from Bolagsverket's file to a snapshot."""

    def cubes(self, snapshot: Snapshot) -> list[Cube]:
        return read_snapshot(self.archive, snapshot, max_cells=self.client.max_cells)

    def from_producer(self) -> Fetched:
        if self.table.without:
            raise UnknownValueError(
                f"Bolagsverkets fil går inte att läsa utan {self.table.without}."
            )
        wanted = wanted_of(self.table.id, self.table.selection, self.since)
        if self.previous and not self.force and self._held().is_same(self.client.version()):
            return standing(self.table, self.previous)
        self.report(0, 1)
        cube, kept = self.client.cube(wanted, self.table.id)
        self.report(1, 1)
        # What the file holds is known when it has come, and not before.
        require(self.table, None, cube.structure.dimensions)
        earlier = self.not_shrunken(cube)
        snapshot = self.previous
        if snapshot is None or snapshot.metadata != kept.id:
            snapshot = self.commit(cube, kept.id or "", [kept.id], cube.structure.updated)
        return self.landed(snapshot, cube, cube.structure.label, earlier)

    def _held(self) -> FileVersion:
        """Return the version of the file that stands in the archive."""
        assert self.previous is not None
        held = self.archive.read(self.client.source, self.table.id, self.previous.metadata)
        headers = held.provenance.headers
        return FileVersion(headers.get("etag"), headers.get("last-modified"))


def wanted_of(table: str, selection: Any, since: str | None) -> Wanted:
    """Return what a table's selection takes out of the file.

    Raises:
        UnknownValueError: it names a variable that the file does not have.
    """
    wish = {name: _listed(codes) for name, codes in selection.items()}
    regions = wish.pop("Region", ("*",))
    events = wish.pop("Handelse", tuple(EVENTS))
    forms = wish.pop("Form", ())
    if wish:
        raise UnknownValueError(
            f"Urvalet för {table} nämner {', '.join(wish)}, som Bolagsverkets fil inte har. Den har "
            "Region, Handelse och Form."
        )
    return Wanted(regions, events, () if forms == ("*",) else forms, since)


def _listed(wish: str | Sequence[str]) -> tuple[str, ...]:
    return (wish,) if isinstance(wish, str) else tuple(wish)

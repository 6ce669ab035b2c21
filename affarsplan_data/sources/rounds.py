"""One round to all producers: each at its own server, side by side, and none waiting for another."""

import queue
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from affarsplan_data.archive import Archive
from affarsplan_data.catalogue import Catalogue, Table
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.sources.providers import PROVIDERS, Provider
from affarsplan_data.sources.snapshots import Fetched, Progress

Done = Callable[[Fetched], None]


@dataclass(frozen=True)
class _Jobs:
    """What is to be fetched from one source, and how that is asked."""

    provider: Provider
    address: str
    tables: Sequence[Table]


@dataclass
class _Round:
    """What the threads of a round have in common; ``ended`` gets a source's outcome, or its error."""

    into: Archive
    options: Mapping[str, Any]
    offline: bool
    progress: Progress | None
    done: Done | None
    stop: threading.Event = field(default_factory=threading.Event)
    saying: threading.Lock = field(default_factory=threading.Lock)
    ended: queue.SimpleQueue[list[Fetched] | BaseException] = field(
        default_factory=queue.SimpleQueue
    )

    def visit(self, jobs: _Jobs) -> None:
        """Fetch the tables of one source, and tell how it went."""
        try:
            self.ended.put(self._fetched(jobs))
        except BaseException as error:
            self.ended.put(error)

    def _fetched(self, jobs: _Jobs) -> list[Fetched]:
        try:
            client = jobs.provider.open(jobs.address, archive=self.into, offline=self.offline)
        except AffarsplanError as error:
            return [self._told(Fetched(one, "failed", error=str(error))) for one in jobs.tables]
        with client:
            return jobs.provider.fetch(
                jobs.tables,
                client,
                self.into,
                **self.options,
                progress=self._step,
                done=self._told,
            )

    def _step(self, table: str, done: int, expected: int) -> None:
        self._say(self.progress, table, done, expected)

    def _told(self, result: Fetched) -> Fetched:
        self._say(self.done, result)
        return result

    def _say(self, listener: Callable[..., None] | None, *said: object) -> None:
        with self.saying:
            if self.stop.is_set():
                # Nobody listens any longer; what has been archived is there for the next time.
                raise KeyboardInterrupt
            if listener:
                listener(*said)


def fetch_all(
    catalogue: Catalogue,
    tables: Iterable[Table],
    into: Archive,
    addresses: Mapping[str, str],
    *,
    since: str | None = None,
    force: bool = False,
    offline: bool = False,
    progress: Progress | None = None,
    done: Done | None = None,
) -> list[Fetched]:
    """Fetch tables from their sources, side by side, and return what became of each.

    The outcome is in the catalogue's order, source by source. A source that cannot be reached fails its
    own tables only. An interruption leaves at once; what has come by then is archived.

    Args:
        catalogue: the sources.
        tables: what to fetch.
        into: the archive where snapshots are committed.
        addresses: the base address of every source that is asked.
        since: a year; only periods from then on.
        force: ask for figures that have not changed, and take a version that lacks something.
        offline: read only from the archive.
        progress: called after every answer, from one thread at a time.
        done: called after every table, from one thread at a time.
    """
    asked = list(tables)
    options = {"since": since, "force": force}
    round = _Round(into, options, offline, progress, done)
    sources = [source for source in catalogue.sources if any(t.source == source for t in asked)]
    for source in sources:
        interface = catalogue.sources[source].interface
        assert interface is not None, "tables are only of sources that can be asked"
        of_source = [table for table in asked if table.source == source]
        jobs = _Jobs(PROVIDERS[interface], addresses[source], of_source)
        # Nobody waits for a call under way when the round is interrupted, nor does the interpreter.
        threading.Thread(target=round.visit, args=(jobs,), daemon=True, name=source).start()
    return _in_order(catalogue, _gathered(round, len(sources)))


def _gathered(round: _Round, sources: int) -> list[Fetched]:
    found: list[Fetched] = []
    try:
        for _ in range(sources):
            outcome = round.ended.get()
            if isinstance(outcome, BaseException):
                raise outcome
            found += outcome
    finally:
        round.stop.set()
    return found


def _in_order(catalogue: Catalogue, found: Iterable[Fetched]) -> list[Fetched]:
    sources, tables = list(catalogue.sources), list(catalogue.tables)
    return sorted(
        found, key=lambda one: (sources.index(one.table.source), tables.index(one.table.id))
    )

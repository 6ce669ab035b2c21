"""Fetches SCB's boundaries of municipalities and counties (Digitala gränser, CC0) into the archive.

The zip has another name every year, so it is found through its page on scb.se. What has been fetched
and checked is used for the maps; the project's own copy is there when nothing is. The borders are drawn
for thematic maps: never compute areas or densities from them.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx

from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import Table
from affarsplan_data.scb.asking import Kept, Question, client_name
from affarsplan_data.scb.base import MAX_CELLS, BaseClient
from affarsplan_data.scb.cubes import Cube
from affarsplan_data.scb.http import Patience, Request
from affarsplan_data.scb.limits import Limiter
from affarsplan_data.sources.comparing import Changes
from affarsplan_data.sources.errors import BadFileError
from affarsplan_data.sources.snapshots import Fetched, Progress, TableFetch, each, standing

if TYPE_CHECKING:
    import geopandas as gpd

SITE = "https://www.scb.se"
PAGE = "hitta-statistik/regional-statistik-och-kartor/regionala-indelningar/digitala-granser/"
TITLE = "Digitala gränser"
MAX_BYTES = 20_000_000
"""The zip was 0.2 MB in 2026."""

_LINK = re.compile(rb"contentassets/[0-9a-f]{32}/shape_svenska(?:_(\d{6}))?\.zip", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """Where the zip lies, as a path on the site, and the day in its name (``2026-02-25``)."""

    path: str
    updated: str | None


@dataclass(frozen=True)
class Boundaries:
    """The municipalities' areas: ``code`` and ``geometry``, metres in SWEREF 99 TM."""

    areas: "gpd.GeoDataFrame"
    updated: str | None = None


class BoundariesClient(BaseClient):
    """Reads SCB's page of boundaries and the zip that it links to.

    Args:
        base_url: the site that the page is on.
        archive: where the zip is kept.
        offline: read only from the archive; no connection is ever opened.
        patience: timeouts, waits and number of attempts.
        limiter: keeps to a limit on calls; by default one for all who call the host.
        max_bytes: a larger page or file is refused.
        transport: another way to carry requests than the network, for tests.
    """

    def __init__(
        self,
        base_url: str = SITE,
        *,
        archive: Archive | None = None,
        offline: bool = False,
        patience: Patience | None = None,
        limiter: Limiter | None = None,
        max_bytes: int = MAX_BYTES,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(
            base_url,
            lambda _: None,
            archive,
            offline,
            patience,
            limiter,
            MAX_CELLS,
            transport,
            max_bytes=max_bytes,
            accept="text/html, application/zip, */*",
        )

    def link(self) -> Link:
        """Return where the newest zip lies. The page itself is not kept.

        Raises:
            BadFileError: the page has no link to a zip of boundaries.
            ScbError: the page cannot be reached.
        """
        # The page's address ends with a slash, and the site sends on those who leave it out.
        request = Request("GET", f"{self.base_url}/{PAGE}")
        _, link = self._connection.send(request, _newest_link)
        return link

    def boundaries(self, link: Link, name: str) -> tuple[Boundaries, Kept]:
        """Return what a zip holds; ``name`` is what it is archived under.

        Raises:
            BadFileError: the zip is not as described; nothing of it has been kept.
        """

        def read(content: bytes) -> Boundaries:
            return replace(_read(content), updated=link.updated)

        request = self._connection.request("GET", link.path)
        return self._asker.answer(Question(name, request), read)


def _newest_link(page: bytes) -> Link:
    found = {match[0].decode(): (match[1] or b"").decode() for match in _LINK.finditer(page)}
    if not found:
        raise BadFileError(
            f"SCB:s sida med gränser ({SITE}/{PAGE}) har ingen länk till en fil som heter "
            "shape_svenska_….zip. Kartorna ritas med de gränser som finns."
        )
    path = max(found, key=lambda path: (found[path], path))
    return Link(path, _day(found[path]))


def _day(written: str) -> str | None:
    try:
        return datetime.strptime(written, "%y%m%d").date().isoformat()
    except ValueError:
        return None


def _read(content: bytes) -> Boundaries:
    # What reads maps is large, and most who fetch need none.
    from affarsplan_data.sources.boundaries_reading import read_file

    return Boundaries(read_file(content))


def fetch(
    tables: Iterable[Table],
    client: BoundariesClient,
    into: Archive,
    *,
    since: str | None = None,
    force: bool = False,
    progress: Progress | None = None,
    done: Callable[[Fetched], None] | None = None,
) -> list[Fetched]:
    """Fetch the boundaries, and return what became of them; ``cells`` is the number of areas.

    Args:
        tables: the catalogue's entry for the boundaries.
        client: the site to ask; it must keep its answers in ``into``.
        into: the archive where snapshots are committed.
        since: has no meaning here, for an edition is whole.
        force: has none either, for the zip is always sent; it is small.
        progress: called after the page and after the zip.
        done: called when it is ready.
    """
    jobs = [_BoundariesFetch(table, client, into, since, force, progress) for table in tables]
    return each(jobs, client, lambda: None, done)


def read_snapshot(archive: Archive, snapshot: Snapshot) -> list[Cube]:
    """Return the figures of a snapshot, which are none: boundaries are no figures."""
    areas(archive, snapshot)
    return []


def areas(archive: Archive, snapshot: Snapshot) -> Boundaries:
    """Return the boundaries that :func:`fetch` has committed, checked as when they came.

    Raises:
        BadFileError: the region register no longer agrees with the file.
        ArchiveError: the file is gone or damaged.
    """
    (answer,) = snapshot.answers
    content = archive.read(snapshot.source, snapshot.name, answer).content
    return replace(_read(content), updated=snapshot.updated)


class _BoundariesFetch(TableFetch[BoundariesClient]):
    """The boundaries' way from SCB's page to a snapshot."""

    def cubes(self, snapshot: Snapshot) -> list[Cube]:
        return read_snapshot(self.archive, snapshot)

    def asked(self, since: str | None) -> dict[str, Any]:
        return super().asked(None)

    def from_producer(self) -> Fetched:
        self.report(0, 2)
        link = self.client.link()
        self.report(1, 2)
        found, kept = self.client.boundaries(link, self.table.id)
        self.report(2, 2)
        if self.previous and self.previous.answers == [kept.id]:
            return replace(standing(self.table, self.previous), label=TITLE)
        snapshot = Snapshot(
            source=self.client.source,
            name=self.table.id,
            updated=link.updated,
            retrieved=datetime.now(UTC).replace(microsecond=0),
            asked=self.asked(None),
            metadata=kept.id or "",
            answers=[kept.id] if kept.id else [],
            cells=len(found.areas),
            periods=[],
            client=client_name(),
        )
        self.archive.commit(snapshot)
        return self._outcome(snapshot, found)

    def _outcome(self, snapshot: Snapshot, found: Boundaries) -> Fetched:
        if self.previous is None:
            return replace(standing(self.table, snapshot, "new"), label=TITLE)
        moved = self._moved(self.previous, found)
        outcome = standing(self.table, snapshot, "revised" if moved else "unchanged")
        return replace(outcome, changes=Changes(changed=moved), label=TITLE)

    def _moved(self, previous: Snapshot, found: Boundaries) -> int:
        """Return how many areas are not as they were."""
        try:
            before = areas(self.archive, previous).areas
        except BadFileError:
            return len(found.areas)
        same = before.geometry.geom_equals_exact(found.areas.geometry, tolerance=0.5)
        return int((~same).sum())

"""The one interface that every source is fetched and read through.

A provider opens a client of its kind of server, fetches tables into the archive, and reads a snapshot
back as cubes. What lies behind it (PxWebApi 2, PxWeb v1, Kolada, a file) is nobody else's business.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import Interface, Table
from affarsplan_data.scb import Cube, PxWebV1Client, ScbClient
from affarsplan_data.sources import bolagsverket, boundaries, checks, fetching, kolada, pxweb1
from affarsplan_data.sources.checks import Checked
from affarsplan_data.sources.snapshots import Fetched


@dataclass(frozen=True)
class Provider:
    """One kind of server.

    ``open(address, archive=, offline=)`` returns its client, ``fetch(tables, client, archive, *, since,
    force, progress, done)`` what became of each table, ``read(archive, snapshot)`` the figures of a
    snapshot, and ``check(table, client)`` how a table agrees with the catalogue.
    """

    open: Callable[..., Any]
    fetch: Callable[..., list[Fetched]]
    read: Callable[[Archive, Snapshot], Sequence[Cube]]
    check: Callable[[Table, Any], Checked]


PROVIDERS: Mapping[Interface, Provider] = {
    "pxweb2": Provider(ScbClient, fetching.fetch, fetching.read_snapshot, checks.of_pxweb2),
    "pxweb1": Provider(PxWebV1Client, pxweb1.fetch, pxweb1.read_snapshot, checks.of_pxweb1),
    "kolada": Provider(kolada.KoladaClient, kolada.fetch, kolada.read_snapshot, checks.of_kolada),
    "bolagsverket": Provider(
        bolagsverket.BolagsverketClient,
        bolagsverket.fetch,
        bolagsverket.read_snapshot,
        checks.of_bolagsverket,
    ),
    "boundaries": Provider(
        boundaries.BoundariesClient,
        boundaries.fetch,
        boundaries.read_snapshot,
        checks.of_boundaries,
    ),
}
"""The providers by interface, as the catalogue's sources name them."""

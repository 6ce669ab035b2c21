"""Which archived version of a table stands, and its figures.

Only answers from the address that the source is asked at are read: its own, or the one that
``AFFARSPLAN_BASE_URL`` names.
"""

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import Table, load_catalogue
from affarsplan_data.recording import digest, kind, note
from affarsplan_data.scb import Cube
from affarsplan_data.sources.errors import StaleSnapshotError
from affarsplan_data.sources.servers import VARIABLE, archive_names

MADE_UP = "SYNTETISKA TESTDATA"
"""What the labels of figures that are made up say."""


def servers() -> Mapping[str, str]:
    """Return the name in the archive of every source that can be asked, by the addresses in use."""
    note("environment", VARIABLE)
    return _servers(os.environ.get(VARIABLE, ""))


@kind("environment")
def _state(variable: str) -> str:
    # Only a hash: an address may hold what others should not see.
    return digest(os.environ.get(variable, ""))


@lru_cache(maxsize=8)
def _servers(environment: str) -> Mapping[str, str]:
    return archive_names(load_catalogue())


def standing(table: Table, archive: Archive) -> Snapshot | None:
    """Return the version of a table that figures are read from, or None when it has not been fetched.

    It is the one fetched last of the whole question; when there is none, the one fetched last of the
    periods from some year on. Its answers are not looked at.

    Raises:
        StaleSnapshotError: the table has been fetched, but never with the selection that the catalogue
            has now.
        ArchiveError: the archive cannot be read.
    """
    server = servers().get(table.source)
    found = archive.recorded(server, table.id) if server else []
    if not found:
        return None
    wish = table.model_dump(mode="json", include={"selection", "without"})
    asked = [(snapshot, _asked(snapshot)) for snapshot in reversed(found)]
    same = [(s, a) for s, a in asked if all(a.get(key) == wish[key] for key in wish)]
    whole = [snapshot for snapshot, asked in same if asked.get("since") is None]
    if chosen := [*whole, *(snapshot for snapshot, _ in same)]:
        return chosen[0]
    raise StaleSnapshotError(
        f"Tabellen {table.id} är hämtad med ett annat urval än katalogen nu har. Hämta den igen."
    )


def _asked(snapshot: Snapshot) -> Mapping[str, Any]:
    return snapshot.asked if isinstance(snapshot.asked, dict) else {}


def read(table: Table, snapshot: Snapshot, archive: Archive) -> Sequence[Cube]:
    """Return the figures of a snapshot.

    Raises:
        ArchiveError: an answer is gone or damaged.
        ScbError, SourceError: an answer is not in the form that it had.
    """
    # Every provider's client is imported here, which reading what is built already can do without.
    from affarsplan_data.sources.providers import PROVIDERS

    interface = load_catalogue().sources[table.source].interface
    if interface is None or interface not in PROVIDERS:
        raise StaleSnapshotError(f"Tabellen {table.id} har ingen källa som går att läsa.")
    return PROVIDERS[interface].read(archive, snapshot)


def is_made_up(cubes: Sequence[Cube]) -> bool:
    """Tell whether any title or label of the figures says that they are made up."""
    return any(_says_so(cube) for cube in cubes)


def _says_so(cube: Cube) -> bool:
    about = cube.structure
    texts = [about.label, about.source or "", *(note.text for note in about.notes)]
    for dimension in about.dimensions:
        texts += [dimension.label, *dimension.labels]
    return any(MADE_UP in text.upper() for text in texts)

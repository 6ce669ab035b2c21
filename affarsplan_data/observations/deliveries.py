"""Takes in the files that lie in ``data/raw/delivered`` when the newest data are built.

A file is looked into once; until it, its description or the archive's copy changes, what was found is
remembered. A bad one is told of, and what it was before stands.
"""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from affarsplan_data import project
from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import load_catalogue

SOURCE = "delivered"
_log = logging.getLogger(__name__)

State = tuple[Any, ...]


@dataclass(frozen=True)
class TakenIn:
    """What is known of the delivered files.

    ``files`` holds, per file, ``measure`` and ``snapshot`` (the id of what stands of it, both None when
    nothing does) and ``error``. ``asked`` is true when the files were looked into now.
    """

    state: State
    files: Mapping[str, Mapping[str, str | None]]
    asked: bool

    def of(self, measure: str, archive: Archive) -> tuple[Snapshot, ...]:
        """Return the snapshots that stand of a measure."""
        ids = {about["snapshot"] for about in self.files.values() if about["measure"] == measure}
        if not ids:
            return ()
        return tuple(s for s in archive.recorded(SOURCE, measure) if s.id in ids)

    def stamp(self) -> dict[str, Any]:
        """Return what :func:`taken_in` needs to know the next time."""
        return {"state": self.state, "files": self.files}


@lru_cache(maxsize=8)
def _watched(raw: Path) -> tuple[Path, Path]:
    """Return the folder of delivered files, and that of those that have been taken in."""
    return raw / "delivered", raw / "archive" / SOURCE


def state(raw: Path) -> State:
    """Return what changes when a file is put in the folder, changed or taken away."""
    folder, archive = _watched(raw)
    try:
        with os.scandir(folder) as entries:
            there = sorted(_entry(entry) for entry in entries)
    except OSError:
        there = []
    try:
        archived = archive.stat().st_mtime_ns
    except OSError:
        archived = 0
    return (archived, *there)


def _entry(entry: os.DirEntry[str]) -> tuple[str, int, int]:
    about = entry.stat()
    return entry.name, about.st_mtime_ns, about.st_size


def known(before: object) -> TakenIn | None:
    """Return what was found of the files before, when nothing has changed since."""
    now = state(project.raw())
    if isinstance(before, dict) and _as_json(now) == before.get("state"):
        return TakenIn(now, before["files"], asked=False)
    return None


def taken_in(before: object) -> TakenIn:
    """Return what stands of the delivered files, those that are new or changed taken in.

    Args:
        before: what :meth:`TakenIn.stamp` gave, as read back from JSON; anything else is ignored.
    """
    if held := known(before):
        return held
    raw = project.raw()
    now = state(raw)
    # The reader of workbooks is slow to import, and mostly there is nothing to read.
    from affarsplan_data.sources import delivered

    earlier = before.get("files", {}) if isinstance(before, dict) else {}
    found = {}
    if delivered.files(raw / "delivered"):
        archive = Archive(raw / "archive")
        for one in delivered.take_in(load_catalogue(), archive, raw / "delivered"):
            stands = one.snapshot
            found[one.file] = {
                "measure": stands.name if stands else None,
                "snapshot": stands.id if stands else None,
                "error": one.error,
            }
            if one.error and earlier.get(one.file, {}).get("error") != one.error:
                _log.warning("%s", one.error)
    # Taking in may have made the archive's folder; the files' state is the one from before.
    return TakenIn((state(raw)[0], *now[1:]), found, asked=True)


def _as_json(state: State) -> list[Any]:
    return [list(part) if isinstance(part, tuple) else part for part in state]

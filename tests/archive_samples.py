"""Made-up answers to archive, and processes to archive them in: SYNTETISKA TESTDATA."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from affarsplan_data.archive import Archive, Provenance, Query, Snapshot

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
V1, V2, V3 = "2024-12-05T07:00:00Z", "2025-12-04T07:00:00Z", "2026-12-03T07:00:00Z"
ASK = Query("POST", "https://api.example/data", '{"selection": ["Kön"]}')


def keep(
    archive: Archive,
    content: bytes | str = "SYNTETISKA TESTDATA",
    query: Query = ASK,
    *,
    day: int = 0,
    updated: str | None = V1,
    name: str = "TAB1",
) -> Provenance:
    return archive.keep(
        "scb",
        name,
        query,
        content=content.encode() if isinstance(content, str) else content,
        status=200,
        headers={"content-type": "application/json"},
        retrieved=START + timedelta(days=day),
        updated=updated,
        client="prov 1.0",
    )


def ask(number: int) -> Query:
    return Query("GET", f"https://api.example/data/{number}")


def commit(archive: Archive, day: int, updated: str | None, *, asked: str = "*", n: int = 2) -> str:
    """Keep ``n`` answers and the metadata of one vintage, commit them, and return the snapshot's id."""
    metadata = keep(archive, f"metadata {updated}", Query("GET", "m"), day=day, updated=updated)
    answers = [
        keep(archive, f"{asked} {i} {updated}", ask(i), day=day, updated=updated).id
        for i in range(n)
    ]
    return archive.commit(
        Snapshot(
            source="scb",
            name="TAB1",
            updated=updated,
            retrieved=START + timedelta(days=day),
            asked={"Tid": asked},
            metadata=metadata.id,
            answers=answers,
            cells=10,
            periods=["2023", "2024"],
            client="prov 1.0",
        )
    )


def object_of(archive: Archive, record: Provenance) -> Path:
    return archive.folder / record.source / record.name / f"{record.sha256}.gz"


def provenance_of(archive: Archive, record: Provenance) -> Path:
    return archive.folder / record.source / record.name / f"{record.id}.provenance.json"


def kinds(archive: Archive) -> list[str]:
    return sorted(fault.kind for fault in archive.verify().faults)


def in_child(work: Callable[[], Any]) -> Any:
    """Return what ``work`` returns (JSON) in a process of its own, where it may give up its rights."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            try:
                answer = work()
            except BaseException as error:
                answer = {"raised": repr(error)}
            os.write(writing, json.dumps(answer).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer)


def newest(archive: Archive) -> Snapshot | None:
    """Return the whole snapshot fetched last, whatever was asked."""
    whole = archive.snapshots("scb", "TAB1")
    return whole[-1] if whole else None

"""The project's data as one packet, for a computer that does not share this one's files."""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_TIMES = "times.json"
_LEFT_OUT = {".gz", ".lock"}
"""The answers' own bodies: what they hold is in the processed data."""


@dataclass(frozen=True)
class Bundle:
    """All of ``data/`` that pages read; ``id`` is another when any of it is."""

    id: str
    content: bytes = field(repr=False)


def pack(root: Path) -> Bundle:
    """Return the data of the project at ``root``, with the times by which files are known."""
    times: dict[str, int] = {}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packet:
        for path in _paths(root / "data"):
            name = path.relative_to(root).as_posix()
            times[name] = path.stat().st_mtime_ns
            if path.is_file():
                packet.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
        packet.writestr(zipfile.ZipInfo(_TIMES), json.dumps(times))
    content = stream.getvalue()
    return Bundle(hashlib.sha256(content).hexdigest()[:16], content)


def unpack(bundle: Bundle, root: Path) -> None:
    """Lay the data out below ``root``, which is empty, with the times they had."""
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as packet:
        times: dict[str, int] = json.loads(packet.read(_TIMES))
        packet.extractall(root, [name for name in packet.namelist() if name != _TIMES])
    for name in times:
        if not (root / name).exists():
            (root / name).mkdir(parents=True)
    # What is laid into a folder changes the folder's own time, so the deepest come first.
    for name in sorted(times, key=lambda name: -name.count("/")):
        os.utime(root / name, ns=(times[name], times[name]))


def _paths(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or (path.is_file() and path.suffix not in _LEFT_OUT):
            yield path

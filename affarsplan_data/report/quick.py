"""Tells in a moment whether anything that a report may rest on has changed since it was made.

What is compared is coarse: all code, all notebooks, all figures as they came. When any of it has changed
the pages are judged one by one (:mod:`affarsplan_data.report.earlier`). Nothing heavy is imported here.
"""

import hashlib
import json
import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Any

from affarsplan_data.recording.code import ROOT

NAME = ".reports.json"
FORM = 1
_KEPT = 200
"""So many reports are remembered; the ones asked for longest ago are forgotten."""
_VARIABLES = ("AFFARSPLAN_BASE_URL", "SOURCE_DATE_EPOCH")
_SNAPSHOT = ".snapshot.json"


@dataclass(frozen=True)
class Known:
    """A report that stands and rests on what there is now: its folder and when it was made."""

    folder: Path
    made: str


def libraries() -> dict[str, str]:
    """Return the versions of Python and of every library that the package needs."""
    try:
        needed = distribution("affarsplan-data").requires or []
    except PackageNotFoundError:
        needed = []
    names = sorted({_name(one) for one in needed if "extra ==" not in one})
    found = {name: _version(name) for name in names}
    return {"python": platform.python_version(), **found}


def _name(requirement: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else " " for c in requirement).split()[0]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"


def fingerprint(root: Path, notebooks: Path) -> str:
    """Return what is another text when anything that any report may rest on is another."""
    told = hashlib.sha256()
    about = [
        FORM,
        libraries(),
        {name: os.environ.get(name, "") for name in _VARIABLES},
        # Whether figures are late is told by months.
        f"{date.today():%Y-%m}",
    ]
    told.update(json.dumps(about).encode())
    for name, content in _everything(root, notebooks):
        told.update(f"\n{name}\0".encode())
        told.update(hashlib.sha256(content).digest())
    return told.hexdigest()


def _everything(root: Path, notebooks: Path) -> Iterator[tuple[str, bytes]]:
    raw = root / "data" / "raw"
    for path in _files(ROOT):
        if path.suffix != ".pyc":
            yield f"code/{path.relative_to(ROOT).as_posix()}", path.read_bytes()
    for folder in (notebooks, raw / "edition", raw / "boundaries", raw / "delivered"):
        for path in _files(folder):
            yield f"{folder.name}/{path.relative_to(folder).as_posix()}", path.read_bytes()
    for path in _files(raw / "archive"):
        if path.name.endswith(_SNAPSHOT):
            # Its name holds the hash of what it says, and that names every answer by its hash.
            yield path.relative_to(raw).as_posix(), b""


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in {"__pycache__", ".ipynb_checkpoints"})
        for name in sorted(names):
            yield Path(place, name)


def known(output: Path, asked: Mapping[str, Any], print: str) -> Known | None:
    """Return the report that was made when the same was asked of the same, if it stands unharmed."""
    entry = _read(output).get(_key(asked))
    try:
        if entry is None or entry["fingerprint"] != print:
            return None
        folder = output / entry["folder"]
        manifest = (folder / "manifest.json").read_bytes()
        if hashlib.sha256(manifest).hexdigest() != entry["manifest"]:
            return None
        about = json.loads(manifest)
        return Known(folder, about["finished"]) if _is_whole(folder, about["outputs"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_whole(folder: Path, outputs: Mapping[str, str]) -> bool:
    return all(
        hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
        for name, sha256 in outputs.items()
    )


def remember(output: Path, asked: Mapping[str, Any], print: str, folder: Path) -> None:
    """Take down that the report in ``folder`` is what was asked for. The folder's lock must be held."""
    kept = _read(output)
    kept.pop(_key(asked), None)
    kept[_key(asked)] = {
        "fingerprint": print,
        "folder": folder.relative_to(output).as_posix(),
        "manifest": hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest(),
    }
    content = {"form": FORM, "reports": dict(list(kept.items())[-_KEPT:])}
    aside = output / f"{NAME}.{os.getpid()}"
    aside.write_text(json.dumps(content, indent=1), encoding="utf-8")
    aside.replace(output / NAME)


def _key(asked: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:32]


def _read(output: Path) -> dict[str, Any]:
    try:
        found = json.loads((output / NAME).read_text(encoding="utf-8"))
        return dict(found["reports"]) if found["form"] == FORM else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}

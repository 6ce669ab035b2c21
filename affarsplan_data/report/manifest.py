"""The report's manifest: with what it was made, from what, and what came out of it."""

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from affarsplan_data.pages.whence import Whence
from affarsplan_data.parameters import Parameters
from affarsplan_data.sources import Edition

if TYPE_CHECKING:
    from affarsplan_data.report.making import PageResult

NAME = "manifest.json"
_LIBRARIES = (
    "altair",
    "geopandas",
    "ipykernel",
    "jinja2",
    "markdown-it-py",
    "nbformat",
    "numpy",
    "pandas",
    "papermill",
    "pyarrow",
    "scipy",
    "statsmodels",
    "vl-convert-python",
    "xlsxwriter",
)
_INPUTS = (Path("data/raw/edition"), Path("data/raw/boundaries"))


def write_manifest(
    folder: Path,
    project_root: Path,
    parameters: Parameters,
    edition: Edition,
    where: Whence,
    results: Sequence["PageResult"],
    started: datetime,
    finished: datetime,
    seconds: float,
) -> None:
    """Write ``manifest.json`` into the report ``folder`` when all its other files are there."""
    content = {
        "format": 1,
        "package": {"name": "affarsplan-data", "version": _version("affarsplan-data")},
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "git": git_state(project_root),
        "parameters": parameters.for_notebook(),
        "edition": {"id": edition.about.id, "title": edition.about.title},
        "fetched": list(where.origins),
        "inputs": hashes(project_root, [project_root / part for part in _INPUTS]),
        "outputs": hashes(folder, [folder]),
        "pages": [_page(result) for result in results],
        "started": started.isoformat(),
        "finished": finished.isoformat(),
        "seconds": round(seconds, 2),
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    (folder / NAME).write_text(text, encoding="utf-8", newline="\n")


def hashes(base: Path, folders: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of every file below ``folders``, by path relative to ``base``, sorted."""
    found = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    return {
        path.relative_to(base).as_posix(): _sha256(path)
        for path in sorted(found)
        if path != base / NAME
    }


def git_state(project_root: Path) -> dict[str, Any] | None:
    """Return the commit and whether files differ from it, or None outside a git repository."""
    commit = _git(project_root, "rev-parse", "HEAD")
    if commit is None:
        return None
    return {
        "commit": commit,
        "uncommitted_changes": bool(_git(project_root, "status", "--porcelain")),
    }


def _page(result: "PageResult") -> dict[str, Any]:
    run = result.run
    return {
        "page": run.page,
        "region": run.parameters.region,
        "notebook": run.notebook.path.name,
        "notebook_sha256": _sha256(run.notebook.path),
        "title": run.title,
        "status": result.status,
        "taken_over": result.verdict != "run",
        "seconds": result.seconds,
        "error": asdict(result.error) if result.error else None,
    }


def _git(folder: Path, *arguments: str) -> str | None:
    if not (folder / ".git").exists():
        return None
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None

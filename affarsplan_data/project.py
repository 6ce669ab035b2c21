"""Where the project's files lie: raw data, processed data, notebooks and reports.

The root is ``AFFARSPLAN_HOME`` when set, else the nearest folder at or above the working directory that
holds ``data/raw/edition``, else the folder the package was installed from in editable mode.
"""

import os
from functools import lru_cache
from pathlib import Path

from affarsplan_data.errors import AffarsplanError
from affarsplan_data.recording import is_active, kind, note, of_file

_MARK = Path("data", "raw", "edition", "manifest.yaml")


class ProjectNotFoundError(AffarsplanError):
    """No folder with the project's data was found."""


def root() -> Path:
    """Return the project's root folder.

    Raises:
        ProjectNotFoundError: no candidate folder holds the built-in edition.
    """
    # Asked for at every turn, so the folder is made a path only when it is a new one.
    return _found(os.environ.get("AFFARSPLAN_HOME", ""), os.getcwd())  # noqa: PTH109


@lru_cache(maxsize=64)
def _found(home: str, working: str) -> Path:
    here = Path(working)
    own = Path(__file__).resolve().parent.parent
    candidates = [Path(home)] if home else [here, *here.parents, own]
    for candidate in candidates:
        if (candidate / _MARK).is_file():
            return candidate.resolve()
    where = f" i {home}, som AFFARSPLAN_HOME pekar på" if home else ""
    raise ProjectNotFoundError(
        f"Hittar inte projektets data ({_MARK.as_posix()}){where}. Kör kommandot i projektets mapp "
        "eller låt miljövariabeln AFFARSPLAN_HOME peka dit. Data och anteckningsböcker följer med "
        "projektets git-arkiv, inte med paketet."
    )


def noted(path: Path) -> Path:
    """Return a file of the project's, having said that it is read."""
    if is_active() and path.is_relative_to(root()):
        note("file", path.relative_to(root()).as_posix())
    return path


@kind("file")
def _state(name: str) -> str:
    return of_file(root() / name)


def raw() -> Path:
    """Return ``data/raw``: answers and files as their producers published them."""
    return root() / "data" / "raw"


def processed() -> Path:
    """Return ``data/processed``: observations, rebuilt from ``data/raw`` at any time."""
    return root() / "data" / "processed"


def notebooks() -> Path:
    """Return the folder with the report's notebooks."""
    return root() / "notebooks"


def outputs() -> Path:
    """Return the folder where finished reports are published."""
    return root() / "outputs"

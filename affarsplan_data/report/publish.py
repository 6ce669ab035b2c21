"""Put a finished report, or an export, in its place all at once, or not at all.

It is built in a hidden folder beside its place and takes the place by renames. Whatever happens, the
place holds either the earlier one or the new one, and a run that was cut off is put right by the next.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from affarsplan_data.report.errors import BusyError, OutputError, PublishError

Rename = Callable[[Path, Path], None]


@dataclass(frozen=True)
class Place:
    """The folders of one report: ``outputs/<year>/<region>`` and its siblings.

    ``mark`` is the file by which an earlier one is known, and ``noun`` what is written there, in words.
    """

    target: Path
    mark: str = "manifest.json"
    noun: str = "rapport"

    @property
    def building(self) -> Path:
        """Where this process builds the report."""
        return self.target.with_name(f".{self.target.name}.building-{os.getpid()}")

    @property
    def previous(self) -> Path:
        """Where the earlier report stands aside during the swap."""
        return self.target.with_name(f".{self.target.name}.previous")

    @property
    def failed(self) -> Path:
        """Where a failed build is kept, for the one who looks for the reason."""
        return self.target.with_name(f"{self.target.name}.failed")

    @property
    def lock(self) -> Path:
        """The lock file that keeps a second run out."""
        return self.target.with_name(f".{self.target.name}.lock")


def check_output(folder: Path) -> None:
    """Check that something can be written in ``folder``, which need not exist yet.

    Raises:
        OutputError: the path is a file, lies below a file, or may not be written to.
    """
    nearest = folder.absolute()
    while not nearest.exists():
        nearest = nearest.parent
    if not nearest.is_dir():
        raise OutputError(f"Kan inte skriva i {folder}: {nearest} är ingen mapp.")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise OutputError(f"Kan inte skriva i {folder}: {nearest} är skrivskyddad.")


@contextmanager
def reserved(place: Place) -> Iterator[Path]:
    """Hold the place for this process and yield the empty folder to build in.

    What an earlier run left behind is put right first. The building folder is gone afterwards,
    whether it was published, kept as failed or abandoned.

    Raises:
        BusyError: another process is building the same report.
        PublishError: the place holds something that is not a report.
    """
    place.target.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(place.lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BusyError(
            f"En annan körning skriver just nu {place.target}. Vänta tills den är klar."
        ) from None
    try:
        recover(place)
        _refuse_foreign(place)
        place.building.mkdir()
        yield place.building
    finally:
        shutil.rmtree(place.building, ignore_errors=True)
        lock.release()


def recover(place: Place) -> None:
    """Put right what an interrupted run left: its half-done swap and half-built folders."""
    if place.previous.exists():
        if place.target.exists():
            shutil.rmtree(place.previous)
        else:
            place.previous.rename(place.target)
    for stale in place.target.parent.glob(f".{place.target.name}.building-*"):
        shutil.rmtree(stale)


def swap(place: Place, rename: Rename = Path.rename) -> None:  # type: ignore[assignment]
    """Let the built report take the place; the earlier one is restored if that fails.

    Raises:
        PublishError: the report could not be put in place; the earlier one stands.
    """
    try:
        if place.target.exists():
            rename(place.target, place.previous)
        try:
            rename(place.building, place.target)
        except OSError:
            if place.previous.exists():
                place.previous.rename(place.target)
            raise
    except OSError as error:
        raise PublishError(
            f"Det som skrevs kunde inte läggas i {place.target}: {error.strerror or error}. "
            "Det som fanns där står kvar."
        ) from error
    shutil.rmtree(place.previous, ignore_errors=True)


def keep_failed(place: Place) -> Path:
    """Keep the building folder as the latest failed build, and return where it lies."""
    shutil.rmtree(place.failed, ignore_errors=True)
    place.building.rename(place.failed)
    return place.failed


def discard_failed(place: Place) -> None:
    """Take away the latest failed build."""
    shutil.rmtree(place.failed, ignore_errors=True)


def _refuse_foreign(place: Place) -> None:
    target = place.target
    if not target.exists():
        return
    is_ours = target.is_dir() and (target / place.mark).is_file()
    if not is_ours and not (target.is_dir() and not any(target.iterdir())):
        raise PublishError(
            f"{target} finns redan men är ingen {place.noun}. Flytta undan det eller välj en annan mapp."
        )

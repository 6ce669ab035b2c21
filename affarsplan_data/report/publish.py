"""Put a finished report, or an export, in its place all at once, or not at all.

It is built in a hidden folder beside its place, and then the two trade places in one step, so that a
reader never meets a place that is empty or half full. Where the system cannot do that (Windows, some
network drives) the earlier one is renamed away first. Whatever happens, the place holds either the
earlier one or the new one, and a run that was cut off is put right by the next.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from affarsplan_data.archive.writing import patiently, sync_folder
from affarsplan_data.report.errors import OutputError, PublishError
from affarsplan_data.report.exchange import exchange
from affarsplan_data.report.locking import held

Rename = Callable[[Path, Path], object]
Exchange = Callable[[Path, Path], bool]


@dataclass(frozen=True)
class Place:
    """The folders of one report: ``outputs/<year>/<region>`` and its siblings.

    ``mark`` is the file by which an earlier one is known, and ``noun`` what is written there, in words.
    ``shared`` is the folder of which one run at a time may write any part: that of all reports.
    """

    target: Path
    mark: str = "manifest.json"
    noun: str = "rapport"
    shared: Path | None = None

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
        if self.shared:
            return self.shared / ".lock"
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
    with held(place.lock, place.shared or place.target):
        try:
            recover(place)
            _refuse_foreign(place)
            place.building.mkdir()
            yield place.building
        finally:
            shutil.rmtree(place.building, ignore_errors=True)


def recover(place: Place) -> None:
    """Put right what an interrupted run left: its half-done swap and half-built folders."""
    if place.previous.exists():
        if place.target.exists():
            shutil.rmtree(place.previous)
        else:
            place.previous.rename(place.target)
    for stale in place.target.parent.glob(f".{place.target.name}.building-*"):
        shutil.rmtree(stale)


def swap(place: Place, rename: Rename = Path.rename, trade: Exchange = exchange) -> None:
    """Let the built report take the place; the earlier one is restored if that fails.

    Raises:
        PublishError: the report could not be put in place; the earlier one stands.
    """
    try:
        force(place.building)
        if not place.target.exists():
            patiently(lambda: rename(place.building, place.target))
        elif not trade(place.building, place.target):
            _replace(place, rename)
        sync_folder(place.target.parent)
    except PermissionError as error:
        raise PublishError(
            f"Det som skrevs kunde inte läggas i {place.target}: en fil där är öppen i ett annat "
            "program, till exempel i Excel, eller så får mappen inte ändras. Stäng filen och kör "
            "kommandot igen. Det som fanns där står kvar."
        ) from error
    except OSError as error:
        raise PublishError(
            f"Det som skrevs kunde inte läggas i {place.target}: {error.strerror or error}. "
            "Det som fanns där står kvar."
        ) from error
    shutil.rmtree(place.previous, ignore_errors=True)


def _replace(place: Place, rename: Rename) -> None:
    """Rename the earlier one away and the new one in; between the two the place is empty."""
    patiently(lambda: rename(place.target, place.previous))
    try:
        patiently(lambda: rename(place.building, place.target))
    except OSError:
        patiently(lambda: place.previous.rename(place.target))
        raise


def force(folder: Path) -> None:
    """Force every file below ``folder`` to the disk: what takes a place is whole after a power cut."""
    if os.name == "nt":
        return
    for path in (*folder.rglob("*"), folder):
        if path.is_dir():
            sync_folder(path)
        elif path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


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

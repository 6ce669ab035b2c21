"""One run at a time in a folder, and a second is told who holds it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from affarsplan_data.archive.locking import holder, sign
from affarsplan_data.report.errors import BusyError

NAME = ".lock"


@contextmanager
def held(lock: Path, place: Path) -> Iterator[None]:
    """Hold ``lock``, a file in a folder that exists; ``place`` is what it keeps others from, in words.

    Whoever holds it already may hold it once more. The operating system lets go of it when the holder
    dies, so a killed run blocks no one.

    Raises:
        BusyError: another process holds it; which, on what computer and since when is told.
    """
    found = FileLock(lock, is_singleton=True, thread_local=False)
    signed = lock.with_name(f"{lock.name}-holder")
    try:
        found.acquire(timeout=0)
    except Timeout:
        raise BusyError(
            f"En annan körning skriver just nu i {place}: {holder(signed)}. Vänta tills den är klar, "
            "eller avsluta den, och försök igen."
        ) from None
    except NotImplementedError as error:
        raise BusyError(
            f"Filsystemet kan inte låsa filer i {place}. Välj en mapp på en lokal disk med --output."
        ) from error
    try:
        sign(signed)
        yield
    finally:
        found.release()

"""Starts fetches and kills them at random moments; run by ``test_fetch.py`` in a process of its own.

``python kill_fetches.py BASE_URL FOLDER KILLS``: prints one line per kill, and one per archive
completed afterwards, with the number of faults that ``verify`` found.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from affarsplan_data.archive import Archive
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.scb import Limiter, Rate, ScbClient
from affarsplan_data.sources.fetching import Fetched, fetch

TABLES = ("TAB3138", "TAB3143")
ROUNDS = 3
"""How many times a fetch is killed and started again before another archive is begun."""


def fetch_all(base_url: str, folder: Path) -> list[Fetched]:
    """Fetch the small tables into the archive in ``folder``."""
    archive = Archive(folder)
    tables = [load_catalogue().tables[table] for table in TABLES]
    with ScbClient(base_url, archive=archive, limiter=Limiter(Rate(10**6, 1.0))) as client:
        return fetch(tables, client, archive)


def killed_after(seconds: float, base_url: str, folder: Path) -> bool:
    """Fetch in a child process, kill it after ``seconds``, and tell whether it was still at it."""
    child = os.fork()
    if child == 0:
        fetch_all(base_url, folder)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def main() -> None:
    """Kill as many fetches as asked for; a fetch that was too quick to be killed does not count."""
    base_url, home, kills = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    fetch_all(base_url, home / "first")
    start = time.monotonic()
    fetch_all(base_url, home / "second")
    whole = time.monotonic() - start
    chance = random.Random(20261123)
    folders: list[Path] = []
    killed = in_this = 0
    while killed < kills:
        if in_this % ROUNDS == 0:
            folders.append(home / str(len(folders)))
        in_this += 1
        if killed_after(chance.uniform(0, whole), base_url, folders[-1]):
            killed += 1
            print("killed", len(Archive(folders[-1]).verify().faults), flush=True)
        else:
            in_this = 0
    for folder in folders:
        results = fetch_all(base_url, folder)
        faults = len(Archive(folder).verify().faults)
        print("completed", faults, *(result.outcome for result in results))


if __name__ == "__main__":
    main()

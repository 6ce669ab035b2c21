"""How long all indicators take on full data, against plainly reading the files and one groupby each.

Run ``python -m benchmarks.indicators``. The data are those of the test servers (SYNTETISKA TESTDATA).
They are fetched into a project of their own, which is thrown away, and never reach this one's. Prints
seconds and the ratio to the floor in the same run; the ratio is what to compare between machines and
versions.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from affarsplan_data import project, regions
from tests.homes import full_data

PARALLEL = 20
LIMIT = 10.0
"""Seconds that all values may take."""


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def usable() -> list[str]:
    """Return the indicators that the data in use give."""
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.indicators import MissingIndicatorError, available, evaluate

    found = []
    for id, about in load_catalogue().indicators.items():
        try:
            if available(about):
                evaluate(id)
                found.append(id)
        except MissingIndicatorError:
            continue
    return found


def forget() -> None:
    """Let nothing that has been read or computed be held in memory."""
    from affarsplan_data.indicators import evaluate as computing
    from affarsplan_data.indicators import inputs
    from affarsplan_data.observations import store

    sys.modules[computing.__module__].forget()
    inputs._shared.cache_clear()
    store._read.cache_clear()


def all_values(ids: list[str]) -> int:
    """Compute every indicator for all regions, and return the number of values."""
    from affarsplan_data.indicators import evaluate

    return sum(len(evaluate(id)) for id in ids)


def of_regions(codes: Sequence[str], ids: list[str]) -> int:
    """Return the number of values that all indicators have for some regions."""
    from affarsplan_data.indicators import evaluate

    return sum(len(evaluate(id, regions=codes)) for id in ids)


def by_many(ids: list[str]) -> int:
    """Let :data:`PARALLEL` threads each ask for every indicator of a municipality of its own."""
    with ThreadPoolExecutor(PARALLEL) as pool:
        return sum(pool.map(lambda code: of_regions([code], ids), asked_for()))


def asked_for() -> tuple[str, ...]:
    """Return the municipalities that are asked for at the same time."""
    return regions.municipalities()[:PARALLEL]


def floor(ids: list[str]) -> int:
    """Read every file once, and for each indicator group and merge its rows, as plainly as can be."""
    from affarsplan_data.catalogue import load_catalogue

    rows = 0
    held: dict[str, pd.DataFrame | None] = {}
    for id in ids:
        frames = []
        for measure in load_catalogue().indicator(id).measures:
            if measure not in held:
                held[measure] = _preferred(measure)
            if (frame := held[measure]) is not None:
                frames.append(_grouped(frame))
        joined = frames[0]
        for number, frame in enumerate(frames[1:]):
            joined = joined.merge(frame, on=["region", "period"], suffixes=("", f"_{number}"))
        rows += len(joined)
    return rows


def _preferred(measure: str) -> pd.DataFrame | None:
    folders = [project.processed() / name for name in ("newest", "edition")]
    paths = [
        p for f in folders for p in (*f.glob(f"{measure}-*.parquet"), f / f"{measure}.parquet")
    ]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        return None
    frame = pd.read_parquet(path)
    return frame[frame["preferred"]]


def _grouped(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.groupby(["region", "period"], observed=True)["value"].sum().reset_index()


def main() -> None:
    """Print one line per way of asking: seconds, and the ratio to the floor."""
    with tempfile.TemporaryDirectory() as folder:
        making = seconds(lambda: os.environ.update(full_data(Path(folder))))
        ids = usable()
        values = all_values(ids)
        print(f"{len(ids)} indikatorer, {values} värden; uppgifterna tog {making:.0f} s att göra")
        plain = seconds(lambda: floor(ids))
        print(f"{'golv: läsa, gruppera, foga ihop':<44}{plain:>8.2f} s")
        forget()
        cold = seconds(lambda: all_values(ids))
        _line("alla regioner, inget läst förut", cold, plain)
        _line("alla regioner en gång till", seconds(lambda: all_values(ids)), plain)
        forget()
        some = seconds(lambda: of_regions(asked_for(), ids))
        _line(f"{PARALLEL} kommuner på en gång, inget läst förut", some, plain)
        forget()
        many = seconds(lambda: by_many(ids))
        _line(f"{PARALLEL} kommuner, var och en för sig samtidigt", many, plain)
        print("inom gränsen" if max(cold, some) <= LIMIT else f"över gränsen på {LIMIT:.0f} s")


def _line(what: str, taken: float, plain: float) -> None:
    print(f"{what:<44}{taken:>8.2f} s{taken / plain:>8.1f} gånger golvet")


if __name__ == "__main__":
    main()

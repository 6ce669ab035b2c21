"""How fast JSON-stat becomes a frame, beside parsing the JSON alone and beside other Python clients.

Run ``python benchmarks/jsonstat.py``; ``pip install affarsplan-data[bench]`` brings the others, but for
jsonstat.py, which is pinned to an old pandas: ``pip install --no-deps jsonstat.py terminaltables``. Three
cubes with 312 regions and 2 % missing cells with a status symbol. Every row is timed in a process of its
own, in rounds that take turns; the median is printed in milliseconds with its ratio to ``orjson.loads``
in the same run, which is what to compare between machines and versions. Peak memory is what the process
grew by, the body already loaded. All values are SYNTETISKA TESTDATA.

``python benchmarks/jsonstat.py --check`` only makes sure that ours is fast and lean enough.
"""

import importlib.metadata
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import orjson

WARM_UP = 128
SHAPES = {
    WARM_UP: (4, 4, 2, 1, 4),
    99_840: (312, 20, 2, 2, 4),
    149_760: (312, 20, 2, 2, 6),
    998_400: (312, 100, 2, 1, 16),
}
IDS = ("Region", "Alder", "Kon", "ContentsCode", "Tid")
ROUNDS = {99_840: (5, 5), 149_760: (5, 5), 998_400: (3, 5)}
"""Rounds of processes, and repetitions inside each, per size."""

SLOW_REPETITIONS = 1
BUDGET_RATIO, BUDGET_MEMORY = 2.2, 1.3


def body_of(cells: int) -> bytes:
    """Return the JSON-stat body of a cube with so many made-up cells."""
    shape = SHAPES[cells]
    generator = np.random.default_rng(cells)
    values: list[int | None] = generator.integers(0, 250_000, cells).tolist()
    missing = np.sort(generator.choice(cells, cells // 50, replace=False)).tolist()
    for place in missing:
        values[place] = None
    dataset = {
        "version": "2.0",
        "class": "dataset",
        "label": "SYNTETISKA TESTDATA",
        "source": "SYNTETISKA TESTDATA",
        "updated": "2026-01-01T06:00:00Z",
        "id": IDS,
        "size": shape,
        "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
        "dimension": {id: _dimension(id, size) for id, size in zip(IDS, shape, strict=True)},
        "value": values,
        "status": {str(place): ".." for place in missing},
    }
    return orjson.dumps(dataset)


def _dimension(id: str, size: int) -> dict[str, Any]:
    codes = [f"{2000 + i}" if id == "Tid" else f"{i:04d}" for i in range(size)]
    category: dict[str, Any] = {
        "index": {code: i for i, code in enumerate(codes)},
        "label": {code: f"{id} nummer {code}" for code in codes},
    }
    if id == "ContentsCode":
        category["unit"] = {code: {"base": "antal", "decimals": 0} for code in codes}
    return {"label": id.lower(), "category": category}


def _ours() -> Callable[[bytes], Any]:
    from affarsplan_data.scb.jsonstat import decode

    return decode


def _orjson() -> Callable[[bytes], Any]:
    return orjson.loads


def _pxwebpy() -> Callable[[bytes], Any]:
    import pandas as pd
    from pxweb._internal.functions import unpack_table_data

    return lambda body: pd.DataFrame(unpack_table_data(json.loads(body)))


def _pyjstat() -> Callable[[bytes], Any]:
    from pyjstat import pyjstat

    return lambda body: pyjstat.Dataset.read(body.decode()).write("dataframe")


def _jsonstat_py() -> Callable[[bytes], Any]:
    # This file has the package's name, and its folder comes first among those searched.
    sys.path = [entry for entry in sys.path if Path(entry).resolve() != Path(__file__).parent]
    import jsonstat

    def read(body: bytes) -> Any:
        return jsonstat.JsonStatDataSet().from_string(body.decode()).to_data_frame()

    return read


METHODS: dict[str, tuple[str | None, Callable[[], Callable[[bytes], Any]]]] = {
    "orjson.loads": (None, _orjson),
    "affarsplan_data": (None, _ours),
    "pxwebpy": ("pxwebpy", _pxwebpy),
    "pyjstat": ("pyjstat", _pyjstat),
    "jsonstat.py": ("jsonstat.py", _jsonstat_py),
}


def resident_mb(field: str) -> float:
    """Return a memory figure of this process from Linux, in MB; NaN elsewhere."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return float("nan")
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


def measure(method: str, path: Path, repetitions: int) -> dict[str, Any]:
    """Time one method in this process, and say how much its first run made the process grow."""
    work = METHODS[method][1]()
    work(body_of(WARM_UP))
    body = path.read_bytes()
    before = _forget_peak()
    first = time.perf_counter()
    result = work(body)
    times = [time.perf_counter() - first]
    grown = resident_mb("VmHWM") - before
    held = result.memory_usage(deep=True).sum() / 2**20 if hasattr(result, "memory_usage") else 0.0
    del result
    for _ in range(repetitions - 1):
        start = time.perf_counter()
        work(body)
        times.append(time.perf_counter() - start)
    return {"ms": [1000 * t for t in times], "grown": grown, "held": float(held)}


def _forget_peak() -> float:
    """Reset the process's peak to its present size, where Linux allows it, and return that size."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return resident_mb("VmHWM")
    return resident_mb("VmRSS")


def _in_process(method: str, path: Path, repetitions: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, __file__, "--measure", method, str(path), str(repetitions)],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "2"},
    )
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["okänt fel"])[-1]}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _missing(method: str) -> bool:
    package = METHODS[method][0]
    try:
        if package:
            importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return True
    return False


def compare(cells: int, methods: list[str], folder: Path) -> dict[str, dict[str, Any]]:
    """Return the measurements of every method at one size, taken in turns."""
    path = folder / f"{cells}.json"
    path.write_bytes(body_of(cells))
    rounds, repetitions = ROUNDS[cells]
    found: dict[str, dict[str, Any]] = {}
    for number in range(rounds):
        for method in methods:
            fast = method in ("orjson.loads", "affarsplan_data")
            if number >= rounds - 2 or fast:
                got = _in_process(method, path, repetitions if fast else SLOW_REPETITIONS)
                kept = found.setdefault(method, {"ms": [], "grown": [], "held": 0.0})
                if "failed" in got:
                    kept["failed"] = got["failed"]
                    continue
                kept["ms"] += got["ms"]
                kept["grown"].append(got["grown"])
                kept["held"] = got["held"]
    return found


def report(cells: int, found: dict[str, dict[str, Any]], body_mb: float) -> bool:
    """Print the table of one size; return whether ours keeps within its budget."""
    print(f"\n{cells} celler, svaret {body_mb:.1f} MB")
    print(
        f"{'metod':<18}{'median, ms':>12}{'mot orjson':>12}{'mot vår':>10}{'topp, MB':>11}{'ram, MB':>9}"
    )
    alone = statistics.median(found["orjson.loads"]["ms"])
    ours = statistics.median(found["affarsplan_data"]["ms"])
    for method, row in found.items():
        if "failed" in row:
            print(f"{method:<18}  gick inte: {row['failed'][:80]}")
            continue
        ms, grown = statistics.median(row["ms"]), statistics.median(row["grown"])
        ratios = f"{ms / alone:>12.2f}{ms / ours:>10.1f}"
        print(f"{method:<18}{ms:>12.1f}{ratios}{grown:>11.1f}{row['held']:>9.1f}")
    lean = statistics.median(found["affarsplan_data"]["grown"]) / (
        found["affarsplan_data"]["held"] + body_mb
    )
    print(f"vår: {ours / alone:.2f} × orjson.loads, topp {lean:.2f} × (ram + svar)")
    return ours <= BUDGET_RATIO * alone and not lean > BUDGET_MEMORY


def main(arguments: list[str]) -> int:
    """Print one table per size; return 1 when ours is not within its budget at the largest."""
    if arguments[:1] == ["--measure"]:
        method, path, repetitions = arguments[1:]
        print(json.dumps(measure(method, Path(path), int(repetitions))))
        return 0
    methods = [m for m in METHODS if "--check" not in arguments or METHODS[m][0] is None]
    for method in [m for m in methods if _missing(m)]:
        print(f"{method} är inte installerat och hoppas över.")
        methods.remove(method)
    within = True
    with tempfile.TemporaryDirectory() as folder:
        for cells in ROUNDS:
            found = compare(cells, methods, Path(folder))
            size = (Path(folder) / f"{cells}.json").stat().st_size / 2**20
            within = report(cells, found, size)
    return 0 if within else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

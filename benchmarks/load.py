"""How much faster a warm ``load`` is than reading the same figures from the raw CSV file.

Run ``python benchmarks/load.py``. Prints medians in milliseconds and the ratio in the same run; the
ratio is what to compare between machines and versions.
"""

import statistics
import time
from collections.abc import Callable

import pandas as pd

import affarsplan_data as ap
from affarsplan_data import project

ROUNDS = 25
CASES = {
    "population": {"region": "19", "sex": ["women", "men"]},
    "unemployed": {"within": "19", "sex": ["women", "men"], "age": "20-64"},
    "grp": {"level": "county"},
}


def median_ms(work: Callable[[], object]) -> float:
    """Return the median time of ``work`` in milliseconds over :data:`ROUNDS` rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def main() -> None:
    """Print one line per case: raw CSV, warm load, ratio."""
    ap.build()
    print(f"{'mått':<14}{'rå CSV, ms':>12}{'load, ms':>12}{'kvot':>8}")
    for measure, selection in CASES.items():
        path = project.raw() / "edition" / f"{measure}.csv"
        ap.load(measure, **selection)
        raw = median_ms(lambda path=path: pd.read_csv(path, dtype={"region": str, "period": str}))
        warm = median_ms(lambda m=measure, s=selection: ap.load(m, **s))
        print(f"{measure:<14}{raw:>12.1f}{warm:>12.1f}{raw / warm:>8.1f}")


if __name__ == "__main__":
    main()

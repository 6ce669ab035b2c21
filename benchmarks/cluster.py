"""How long the same pages take here, and on a dask cluster of two workers on this machine.

Run ``python -m benchmarks.cluster`` on a machine with two cores that does nothing else. The pages are
those of municipalities. Both are whole commands, started from nothing; the cluster runs already, as one
that is shared does. Rounds are interleaved; printed are medians, pages per minute, and the ratio.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from affarsplan_data import regions
from affarsplan_data.report.build import prepare_observations
from tests.clusters import Cluster

LIMIT = 1.15
WORKERS = 2


def measure(codes: Sequence[str], *options: str) -> float:
    """Return the seconds that a report of municipality pages takes."""
    with tempfile.TemporaryDirectory(prefix="matning-") as folder:
        started = time.perf_counter()
        subprocess.run(
            [
                *(sys.executable, "-m", "affarsplan_data", "report", "--force", "--quiet"),
                *("--pages", "kommunprofil", "--municipalities", ",".join(codes)),
                *("--output", folder, *options),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.perf_counter() - started


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=58, help="how many municipalities")
    parser.add_argument("--json", type=Path, help="write what was found to this file")
    given = parser.parse_args(arguments)
    codes = sorted(regions.municipalities())[: given.pages]
    prepare_observations("newest")
    found: dict[str, list[float]] = {"here": [], "cluster": []}
    with tempfile.TemporaryDirectory(prefix="kluster-") as folder, Cluster(Path(folder)) as cluster:
        for number in range(1, given.rounds + 1):
            found["here"].append(measure(codes, "--jobs", str(WORKERS)))
            found["cluster"].append(measure(codes, "--cluster", cluster.address))
            told = ", ".join(f"{name} {each[-1]:.1f} s" for name, each in found.items())
            print(f"round {number}: {told}", flush=True)
    wall = {name: statistics.median(each) for name, each in found.items()}
    for name, seconds in wall.items():
        print(f"{name:8} {seconds:7.1f} s  {60 * len(codes) / seconds:5.1f} pages a minute")
    print(f"target: cluster at most {LIMIT} x here: {wall['cluster'] / wall['here']:.2f}")
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

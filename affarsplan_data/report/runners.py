"""The runner for a run: warm children where processes can be forked, else kernels, or a cluster."""

import os

from affarsplan_data.engine.parent import can_fork, shared
from affarsplan_data.errors import UsageError
from affarsplan_data.report.errors import ClusterError
from affarsplan_data.report.run import Limits, Runner
from affarsplan_data.swedish import listing

WARM, KERNEL = "affarsplan", "kernel"
ENGINES = (WARM, KERNEL)


THINGS = (
    "geopandas",
    "papermill",
    "pyogrio",
    "scipy.stats",
    "statsmodels.stats.proportion",
    "affarsplan_data.pages.across",
    "affarsplan_data.report.work",
    "affarsplan_data.report.warm:warm",
)
"""What the warm parent of pages imports and calls."""


def runner(
    engine: str | None = None,
    jobs: int | None = None,
    limits: Limits | None = None,
    cluster: str | None = None,
) -> Runner:
    """Return what runs the pages.

    Args:
        engine: one of :data:`ENGINES`; warm children when None. Where no process can be forked it is
            kernels, whatever is asked for.
        jobs: how many pages run at the same time; as many as there are cores when None.
        limits: what a page may take.
        cluster: the address of a dask scheduler whose workers run the pages, instead of this machine.

    Raises:
        UsageError: no such engine, or less than one page at a time.
        ClusterError: dask is not installed.
    """
    check(engine, jobs)
    if cluster is not None:
        return _on_cluster(cluster, limits or Limits())
    jobs = cores() if jobs is None else jobs
    if engine != KERNEL and can_fork():
        # Begins at once, beside what this process has to import itself.
        shared(THINGS)
        from affarsplan_data.report.warm import WarmRunner

        return WarmRunner(jobs, limits or Limits())
    from affarsplan_data.report.kernels import KernelRunner

    return KernelRunner(jobs, limits or Limits())


def check(engine: str | None, jobs: int | None = None) -> None:
    """Check what :func:`runner` is asked for, without starting anything.

    Raises:
        UsageError: no such engine, or less than one page at a time.
    """
    if engine not in (None, *ENGINES):
        raise UsageError(f"Motorn ”{engine[:20]}” finns inte. Välj {listing(ENGINES, 'eller')}.")
    if jobs is not None and jobs < 1:
        raise UsageError(f"Antalet samtidiga körningar är {jobs} men ska vara minst 1.")


def _on_cluster(address: str, limits: Limits) -> Runner:
    try:
        from affarsplan_data.report.cluster import ClusterRunner
    except ModuleNotFoundError as error:
        if error.name not in {"dask", "distributed"}:
            raise
        raise ClusterError(
            "Att köra i ett kluster kräver dask. Installera det: pip install -e '.[cluster]'."
        ) from None
    return ClusterRunner(address, limits)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

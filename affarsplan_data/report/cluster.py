"""Pages on a dask.distributed cluster that already runs: the same files, byte for byte.

The project's data go to each worker once. There every place has a warm parent that lives as long as the
run, and a page is run in a child of it, just as here. A worker that dies costs only the pages it was
running: they run again on another. What it needs is the extra ``cluster``, and the same version of this
package and of its libraries on every worker.
"""

import os
import queue
import shutil
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from platform import python_version
from typing import Any

from distributed import (
    Client,
    Future,
    KilledWorker,
    Worker,
    WorkerPlugin,
    as_completed,
    get_worker,
)

from affarsplan_data import project
from affarsplan_data.recording.code import own_source
from affarsplan_data.report.bundle import Bundle, pack, unpack
from affarsplan_data.report.errors import ClusterError
from affarsplan_data.report.run import Limits, Outcome, PageError, Step, Tell, Work
from affarsplan_data.report.warm import WarmPlace

CONNECT_SECONDS = 15
AHEAD = 2
"""Pages that are sent for every place, so that none waits for the next."""
_LIBRARIES = ("altair", "ipython", "nbformat", "numpy", "pandas", "pyarrow", "vl-convert-python")
_PASSED_ON = "AFFARSPLAN_"


class ClusterRunner:
    """Carries out works on the cluster whose scheduler is at ``address`` (``tcp://dator:8786``)."""

    def __init__(self, address: str, limits: Limits) -> None:
        self._address, self._limits = address, limits

    def run(self, works: Iterable[Work], step: Tell) -> Generator[Outcome, None, None]:
        """Yield the outcome of every work as it gets done; closing the iterator stops what is running.

        Raises:
            ClusterError: there is no cluster at the address, it has no workers, or they are not alike.
        """
        with _connected(self._address) as client:
            places = _places(client, self._address)
            _refuse_others(client)
            set_up = _SetUp(pack(project.root()), self._limits)
            client.register_plugin(set_up)
            client.subscribe_topic(set_up.topic, _listener(step))
            try:
                yield from _Spread(client, set_up.name, places * AHEAD).outcomes(works)
            finally:
                with suppress(Exception):
                    client.unsubscribe_topic(set_up.topic)
                    client.unregister_worker_plugin(set_up.name)


class _Spread:
    """Sends works to the cluster, a few more than it has places, and takes what comes back."""

    def __init__(self, client: Client, name: str, most: int) -> None:
        self._client, self._name, self._most = client, name, most
        self._sent: dict[Future, Work] = {}

    def outcomes(self, works: Iterable[Work]) -> Iterator[Outcome]:
        waiting = iter(works)
        ended = as_completed(self._send(waiting, self._most), loop=self._client.loop)
        try:
            for future in ended:
                yield _outcome(future, self._sent.pop(future))
                ended.update(self._send(waiting, 1))
        finally:
            self._client.cancel(list(self._sent), force=True)

    def _send(self, works: Iterator[Work], most: int) -> list[Future]:
        futures = []
        for work in islice(works, most):
            future = self._client.submit(_carry_out, self._name, work, pure=False)
            self._sent[future] = work
            futures.append(future)
        return futures


def _outcome(future: Future, work: Work) -> Outcome:
    try:
        outcome: Outcome = future.result()
    except KilledWorker:
        said = "De datorer som körde sidan dog, den ena efter den andra, kanske av minnesbrist."
        return work.failed(PageError(None, "", said), 0.0)
    except Exception as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        return work.failed(PageError(None, "", f"Sidan kunde inte köras i klustret: {said}"), 0.0)
    return outcome


def _carry_out(name: str, work: Work) -> Outcome:
    """Carry out one work: the task of a worker."""
    worker = get_worker()
    set_up: Any = worker.plugins[name]
    outcome: Outcome = set_up.carry_out(worker, work)
    return outcome


class _SetUp(WorkerPlugin):
    """What a run has on each worker: the data, and a warm parent for every place."""

    def __init__(self, bundle: Bundle, limits: Limits) -> None:
        self.name = f"affarsplan-{bundle.id}-{os.getpid()}"
        self.topic = self.name
        self._bundle, self._limits = bundle, limits
        self._passed_on = {k: v for k, v in os.environ.items() if k.startswith(_PASSED_ON)}

    def setup(self, worker: Worker) -> None:
        """Lay out the data and start the warm parents."""
        self._root = Path(worker.local_directory, self.name)
        shutil.rmtree(self._root, ignore_errors=True)
        self._root.mkdir(parents=True)
        unpack(self._bundle, self._root)
        self._free: queue.SimpleQueue[WarmPlace] = queue.SimpleQueue()
        self._places = [
            WarmPlace(self._root, self._limits, self._passed_on)
            for _ in range(worker.state.nthreads)
        ]
        for place in self._places:
            self._free.put(place)

    def teardown(self, worker: Worker) -> None:
        """Stop what is running and take away the data."""
        for place in self._places:
            place.close()
        shutil.rmtree(self._root, ignore_errors=True)

    def carry_out(self, worker: Worker, work: Work) -> Outcome:
        """Carry out one work in a child of a free warm parent."""

        def tell(step: Step) -> None:
            worker.log_event(self.topic, (step.key, step.done, step.cells, step.cell))

        place = self._free.get()
        try:
            return place.carry_out(work, tell)
        finally:
            self._free.put(place)


def _listener(step: Tell) -> Any:
    lock = threading.Lock()

    def heard(event: tuple[float, tuple[Any, ...]]) -> None:
        with lock:
            step(Step(*event[1]))

    return heard


def _connected(address: str) -> Client:
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"Når inget kluster på {address}. Ange adressen som ”dask scheduler” skrev ut, till "
            f"exempel tcp://dator:8786. ({str(error).splitlines()[0]:.120})"
        ) from None


def _places(client: Client, address: str) -> int:
    places = sum(client.nthreads().values())
    if not places:
        raise ClusterError(
            f"Klustret på {address} har inga arbetare. Starta dem: dask worker {address}"
        )
    return places


@dataclass(frozen=True)
class _Installed:
    """What must be the same everywhere for the pages to be."""

    source: str
    versions: tuple[tuple[str, str], ...]


def _installed() -> _Installed:
    found = {"Python": python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "saknas"
    return _Installed(own_source(), tuple(found.items()))


def _refuse_others(client: Client) -> None:
    own = _installed()
    try:
        found: Mapping[str, _Installed] = client.run(_installed)
    except Exception as error:
        raise ClusterError(
            "En arbetare i klustret saknar affarsplan_data, eller har en annan version. Installera "
            f"samma version överallt. ({str(error).splitlines()[0]:.120})"
        ) from None
    for worker, theirs in found.items():
        differ = [
            f"{name} är {other}, här {mine}"
            for (name, mine), (_, other) in zip(own.versions, theirs.versions, strict=True)
            if mine != other
        ]
        if theirs.source != own.source:
            differ.insert(0, "affarsplan_data har annan kod än här")
        if differ:
            raise ClusterError(
                f"Arbetaren {worker} är inte som den här datorn: {'; '.join(differ)}. Installera samma "
                "versioner överallt, annars kan sidorna bli olika."
            )

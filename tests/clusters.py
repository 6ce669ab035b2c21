"""A dask cluster on this machine, for tests and measurements: a scheduler and two workers."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Self


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self) -> None:
        from distributed import Client

        self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = self._address()
        self.workers = [self.add_worker(number) for number in range(2)]
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)

    def _start(self, kind: str, *arguments: str) -> "subprocess.Popen[bytes]":
        log = (self.folder / f"{kind}-{time.monotonic_ns()}.log").open("wb")
        command = [sys.executable, "-m", "dask", kind, *arguments, "--no-dashboard"]
        self.processes.append(subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder))
        return self.processes[-1]

    def add_worker(self, number: int) -> "subprocess.Popen[bytes]":
        place = self.folder / f"arbetare-{number}"
        return self._start(
            *("worker", self.address, "--no-nanny", "--nthreads", "1"),
            *("--local-directory", str(place), "--host", "127.0.0.1"),
        )

    def _address(self) -> str:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for log in self.folder.glob("scheduler-*.log"):
                for line in log.read_text(encoding="utf-8").splitlines():
                    if "Scheduler at:" in line:
                        return line.split()[-1]
            time.sleep(0.1)
        raise TimeoutError("the scheduler never said where it is")

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

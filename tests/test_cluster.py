"""Pages on a real dask cluster: a scheduler and two workers of their own, one of which is killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from affarsplan_data.report.bundle import pack, unpack
from affarsplan_data.report.errors import ClusterError
from affarsplan_data.report.run import Limits, Step
from tests.clusters import Cluster
from tests.conftest import BuildSample, WriteNotebook

distributed = pytest.importorskip("distributed", reason="klustret behöver extrat cluster")
if not hasattr(os, "fork"):
    pytest.skip("arbetarna behöver fork", allow_module_level=True)

SLOW = "import time\ntime.sleep(0.6)"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "kluster"
    folder.mkdir()
    with Cluster(folder) as started:
        yield started


def _files(folder: Path) -> dict[str, bytes]:
    """The report's files, but for the moment at which it was made."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".json":
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return {name: _timeless(content) for name, content in found.items()}


def _timeless(content: bytes) -> bytes:
    head, mark, tail = content.partition(b'<time class="created"')
    return head + tail.partition(b"</time>")[2] if mark else content


def test_a_killed_worker_costs_its_page_alone_and_the_report_is_the_same(
    cluster: Cluster,
    sample_home: Path,
    build_sample: BuildSample,
    write_notebook: WriteNotebook,
    tmp_path: Path,
) -> None:
    from affarsplan_data.report.cluster import ClusterRunner

    for number in range(3, 9):
        write_notebook(sample_home / "notebooks", f"sida-{number}", number, (SLOW, 'print("hej")'))
    here = build_sample(output=tmp_path / "har")
    killed: list[int] = []

    def watch(progress: Any) -> None:
        if progress.pages_done == 2 and not killed:
            cluster.workers[0].send_signal(signal.SIGKILL)
            killed.append(cluster.workers[0].pid)

    there = build_sample(
        output=tmp_path / "dar",
        runner=ClusterRunner(cluster.address, Limits()),
        progress=watch,
    )

    assert killed
    assert (here.published, there.published) == (True, True)
    assert [page.status for page in there.pages] == ["ok"] * 8
    assert _files(there.folder) == _files(here.folder)


def test_a_page_that_fails_is_named_and_steps_are_told(
    cluster: Cluster, sample_home: Path, build_sample: BuildSample, write_notebook: WriteNotebook
) -> None:
    from affarsplan_data.report.cluster import ClusterRunner

    write_notebook(sample_home / "notebooks", "trasig", 3, ("1 / 0",))
    seen: set[str] = set()

    def watch(progress: Any) -> None:
        if progress.result is None:
            seen.add(progress.run.page)

    result = build_sample(runner=ClusterRunner(cluster.address, Limits()), progress=watch)

    assert not result.published
    (failed,) = result.failed
    assert (failed.run.page, failed.error and failed.error.name) == ("trasig", "ZeroDivisionError")
    assert "trasig" in seen


def test_what_is_wrong_with_the_cluster_is_said(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from affarsplan_data.report import cluster

    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    for address in ("tcp://127.0.0.1:1", "ingenstans", "tcp://127.0.0.1"):
        with pytest.raises(ClusterError, match="Når inget kluster"):
            next(cluster.ClusterRunner(address, Limits()).run([], lambda _: None))


def test_workers_that_are_not_alike_are_refused(
    cluster: Cluster, sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from affarsplan_data.report import cluster as module

    monkeypatch.setattr(module, "own_source", lambda: "annan")
    run = module.ClusterRunner(cluster.address, Limits()).run([], _ignored)
    with pytest.raises(ClusterError, match="har annan kod än här"):
        next(run)


def _ignored(step: Step) -> None:
    pass


def test_a_packet_lays_out_the_same_files_with_the_same_times(tmp_path: Path) -> None:
    root, other = tmp_path / "a", tmp_path / "b"
    (root / "data" / "raw" / "tom").mkdir(parents=True)
    (root / "data" / "raw" / "siffror.csv").write_text("region,value\n19,1\n", encoding="utf-8")
    (root / "data" / "raw" / "svar.gz").write_bytes(b"svar")
    os.utime(root / "data" / "raw" / "siffror.csv", ns=(1, 1_700_000_000_123_456_789))
    os.utime(root / "data" / "raw", ns=(1, 1_600_000_000_987_654_321))
    other.mkdir()

    unpack(pack(root), other)

    found = {p.relative_to(other).as_posix() for p in other.rglob("*")}
    assert found == {"data", "data/raw", "data/raw/tom", "data/raw/siffror.csv"}
    for name in ("data/raw/siffror.csv", "data/raw"):
        assert (other / name).stat().st_mtime_ns == (root / name).stat().st_mtime_ns

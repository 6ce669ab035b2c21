"""The archive when its writer is killed, when the power is cut, and when several write at once.

Every answer here is made up: SYNTETISKA TESTDATA.
"""

import itertools
import os
import random
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from affarsplan_data.archive import Archive, writing
from tests.archive_samples import ASK, START, V1, V2, ask, commit, keep, kinds, newest, object_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="provas med fork och signaler")

Acknowledge = Callable[[str], None]


def work(archive: Archive, acknowledge: Acknowledge) -> None:
    """Do everything that writes once, telling after each step that it is done."""
    keep(archive, "fristående", ask(50))
    acknowledge("alone")
    commit(archive, 0, V1)
    acknowledge("first")
    keep(archive, "fristående", ask(50), day=1)
    acknowledge("again")
    object_of(archive, keep(archive, "skadad", ask(51))).write_bytes(b"skadad")
    assert archive.find("scb", "TAB1", ask(51)) is None
    keep(archive, "skadad", ask(51))
    acknowledge("mended")
    commit(archive, 2, V2)
    acknowledge("second")
    archive.prune(1)
    acknowledge("pruned")


def check(archive: Archive, done: set[str]) -> None:
    """Assert that what was acknowledged is there, whole, and that nothing else is wrong."""
    verified = archive.verify()
    # The damage that the work itself does may be unmended; nothing else may be wrong.
    expected = "skadad" if "again" in done and "mended" not in done else ""
    wrong = [f for f in verified.faults if not (expected and f.kind in {"damaged", "missing"})]
    assert wrong == []
    if "alone" in done and "second" not in done:
        assert archive.find("scb", "TAB1", ask(50)).content == b"frist\xc3\xa5ende"
    if "mended" in done and "second" not in done:
        assert archive.find("scb", "TAB1", ask(51)).content == b"skadad"
    latest = newest(archive)
    if "first" in done:
        assert latest is not None
    if "second" in done:
        assert latest.updated == V2
    if latest is not None:
        for id in latest.ids:
            assert latest.updated.encode() in archive.read("scb", "TAB1", id).content


def child(body: Callable[[Acknowledge], None], until: Callable[[], None] | None = None) -> set[str]:
    """Return what ``body`` acknowledged in a process of its own, killed when ``until`` returns."""
    reading, telling = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reading)
            body(lambda word: os.write(telling, f"{word}\n".encode()) and None)
            code = 0
        finally:
            os._exit(code)
    os.close(telling)
    if until:
        until()
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode().split("\n")
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return set(told[:-1])


def die_before(call: int) -> list[int]:
    """Kill this process just before that call which changes a file or a folder; count them."""
    count = [0]

    def step(event: str = "os.fsync", args: tuple = ()) -> None:
        changes = event in {"os.rename", "os.remove", "os.mkdir", "os.fsync"}
        # Flags with any of write, read-and-write, create: an opening that changes something.
        if event == "open" and isinstance(args[2], int):
            changes = bool(args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if changes:
            count[0] += 1
            if count[0] == call:
                os.kill(os.getpid(), signal.SIGKILL)

    real = os.fsync
    os.fsync = lambda descriptor: (step(), real(descriptor))[1]
    sys.addaudithook(step)
    return count


def test_a_kill_before_any_one_system_call_loses_nothing_and_the_next_run_completes(tmp_path):
    def counted(tell: Acknowledge) -> None:
        count = die_before(-1)
        work(Archive(tmp_path / "whole"), lambda word: None)
        tell(str(count[0]))

    calls = int(*child(counted))
    assert calls > 100
    seen = set()
    for call in range(1, calls + 1):
        folder = tmp_path / str(call)

        def killed(tell: Acknowledge, folder: Path = folder, call: int = call) -> None:
            die_before(call)
            work(Archive(folder), tell)

        done = child(killed)
        seen.add(len(done))
        assert "pruned" not in done
        check(Archive(folder), done)
        again = Archive(folder)
        work(again, lambda word: None)
        check(again, {"second"})
        verified = again.verify()
        assert (verified.faults, verified.leftovers) == ([], [])
    assert seen == set(range(6))


def test_fifty_kills_at_random_moments_lose_nothing_that_was_acknowledged(tmp_path):
    chance = random.Random(20261)
    archive = Archive(tmp_path / "archive")
    held: set[str] = set()
    for turn in range(50):

        def body(tell: Acknowledge, turn: int = turn) -> None:
            writer = Archive(tmp_path / "archive")
            for i in itertools.count():
                keep(writer, f"svar {turn} {i} " * (1 + i % 2000), ask(1000 * turn + i))
                tell(str(1000 * turn + i))

        held |= child(body, until=lambda: time.sleep(chance.uniform(0.002, 0.06)))
    verified = archive.verify()
    assert verified.faults == []
    assert len(held) > 20
    for number in map(int, held):
        turn, i = divmod(number, 1000)
        expected = f"svar {turn} {i} " * (1 + i % 2000)
        assert archive.find("scb", "TAB1", ask(number)).content == expected.encode()
    keep(archive)
    archive.prune(1)
    assert archive.verify().leftovers == []


def test_processes_that_write_at_once_corrupt_and_lose_nothing(tmp_path):
    folder = tmp_path / "archive"

    def worker(number: int) -> int:
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                archive = Archive(folder)
                for i in range(40):
                    keep(archive, f"gemensam {i}", ask(i), day=number)
                    keep(archive, f"egen {number} {i}", ask(1000 * (number + 1) + i))
                    assert archive.find("scb", "TAB1", ask(i)).content == f"gemensam {i}".encode()
                    if i % 10 == 9:
                        commit(archive, i, V1, asked=str(number), n=0)
                code = 0
            finally:
                os._exit(code)
        return pid

    workers = [worker(number) for number in range(4)]
    watching = Archive(folder)
    for _ in range(20):
        assert kinds(watching) == []
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in workers] == [0] * 4
    verified = watching.verify()
    assert (verified.faults, verified.leftovers) == ([], [])
    assert len(watching.snapshots("scb", "TAB1")) == 16
    for i in range(40):
        [shared] = watching.history("scb", "TAB1", ask(i))
        assert (shared.last_seen - START).days == 3
        for number in range(4):
            found = watching.find("scb", "TAB1", ask(1000 * (number + 1) + i))
            assert found.content == f"egen {number} {i}".encode()


# A power cut: what the disk has is what was forced to it, and any of what was not


@dataclass
class Disk:
    """What a disk is sure to have, and the changes of names it may or may not have got to."""

    files: dict[Path, bytes | None] = field(default_factory=dict)
    pending: list[tuple[Path, bytes | None, Path | None]] = field(default_factory=list)
    done: set[str] = field(default_factory=set)

    def change(self, path: Path, data: bytes | None, away: Path | None = None) -> None:
        self.pending.append((path, data, away))

    def sync(self, folder: Path) -> None:
        mine = [change for change in self.pending if change[0].parent == folder]
        self.pending = [change for change in self.pending if change[0].parent != folder]
        self.files = _after(self.files, mine)

    def states(self) -> Iterator[dict[Path, bytes | None]]:
        """Yield everything the disk may hold if the power is cut now; a folder's data is None."""
        number = len(self.pending)
        # Every combination of few changes; of many, those with one alone and with all but one.
        few = list(itertools.product([False, True], repeat=number)) if number <= 5 else []
        alone = [tuple(i == j for j in range(number)) for i in range(number)]
        for kept in few or [*alone, *(tuple(not k for k in one) for one in alone)]:
            yield _after(self.files, list(itertools.compress(self.pending, kept)))


_GONE = b"\0gone"


def _after(files: dict[Path, bytes | None], changes: list) -> dict[Path, bytes | None]:
    after = dict(files)
    for path, data, away in changes:
        if away is not None:
            after.pop(away, None)
        if data == _GONE:
            after.pop(path, None)
        else:
            after[path] = data
    return after


@contextmanager
def recorded(root: Path, cut: Callable[[Disk], None]) -> Iterator[Disk]:
    """Record what is forced to the disk under ``root``, and call ``cut`` after every change."""
    disk, forced = Disk({root: None}), set()
    patch = pytest.MonkeyPatch()
    real = {name: getattr(os, name) for name in ("fsync", "replace", "unlink", "mkdir")}

    def fsync(descriptor: int) -> None:
        real["fsync"](descriptor)
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            folders = [p for p in (root, *root.rglob("*")) if p.is_dir()]
            disk.sync(next(p for p in folders if p.stat().st_ino == status.st_ino))
        else:
            forced.add(status.st_ino)
        cut(disk)

    def replace(source: Path, target: Path) -> None:
        # A file that was not forced may turn up empty after the cut.
        data = source.read_bytes() if source.stat().st_ino in forced else b""
        away = None if source.name.startswith(".tmp-") else source
        if away is not None:
            data = source.read_bytes()
        real["replace"](source, target)
        disk.change(target, data, away)
        cut(disk)

    def unlink(path: Path, **more) -> None:
        real["unlink"](path, **more)
        if not Path(path).name.startswith("."):
            disk.change(Path(path), _GONE)
            cut(disk)

    def mkdir(path: Path, *more) -> None:
        real["mkdir"](path, *more)
        disk.change(Path(path), None)
        cut(disk)

    for double in (fsync, replace, unlink, mkdir):
        patch.setattr(os, double.__name__, double)
    try:
        yield disk
    finally:
        patch.undo()


def _lay_out(state: dict[Path, bytes | None], root: Path, place: Path) -> None:
    for path in sorted(state):
        target = place / path.relative_to(root)
        if path != root and path.parent not in state:
            continue  # its folder never reached the disk
        if state[path] is None:
            target.mkdir(parents=True)
        elif target.parent.is_dir():
            target.write_bytes(state[path])


def powerless(tmp_path: Path) -> int:
    """Cut the power after every change in the work; return how many states of the disk were tried."""
    root, tried = tmp_path / "disk", {}

    def cut(disk: Disk) -> None:
        for state in disk.states():
            tried[repr(sorted(state.items())), frozenset(disk.done)] = state

    root.mkdir()
    with recorded(root, cut) as disk:
        work_without_damage(Archive(root / "archive"), disk.done.add)
    for number, ((_, done), state) in enumerate(tried.items()):
        place = tmp_path / f"cut{number}"
        _lay_out(state, root, place)
        check(Archive(place / "archive"), set(done))
    return len(tried)


def work_without_damage(archive: Archive, acknowledge: Acknowledge) -> None:
    keep(archive, "fristående", ask(50))
    acknowledge("alone")
    commit(archive, 0, V1, n=1)
    acknowledge("first")
    keep(archive, "fristående", ask(50), day=1)

    keep(archive, "skadad", ASK)
    commit(archive, 2, V2, n=1)
    acknowledge("second")
    archive.prune(1)


def test_a_power_cut_at_any_moment_leaves_what_was_acknowledged_and_nothing_half(tmp_path):
    assert powerless(tmp_path) > 50


@pytest.mark.parametrize("careless", ["_force", "sync_folder"])
def test_the_power_cut_would_be_noticed_if_anything_was_not_forced_to_the_disk(
    tmp_path, monkeypatch, careless
):
    monkeypatch.setattr(writing, careless, lambda where: None)
    with pytest.raises(AssertionError):
        powerless(tmp_path)

"""Many tasks in children of a warm parent, some at a time, each within its limits."""

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import Any, Literal, NamedTuple

from affarsplan_data.engine.child import Call
from affarsplan_data.engine.memory import available_mb, held_mb
from affarsplan_data.engine.parent import Child

MARK = "mark"
"""The kind of message by which a child says that its next step has begun."""

_TICK = 0.2
_RESERVE_MB = 300.0

Reason = Literal["step", "time", "memory", "died", "raised"]


@dataclass(frozen=True)
class Task:
    """One thing for a child to do: a function that can be pickled, called with the child's line."""

    key: str
    call: Call


@dataclass(frozen=True)
class Limits:
    """What a task may take: seconds from one mark to the next and in all, and megabytes of memory."""

    step_seconds: float
    seconds: float
    memory_mb: float | None = None


@dataclass(frozen=True)
class Death:
    """Why a child gave no result.

    ``step`` it took too long from one mark to the next, ``time`` too long in all, ``memory`` too much
    memory; ``died`` it ended by itself; ``raised`` the task raised an error, whose text is in ``words``.
    """

    reason: Reason
    words: str = ""
    code: int | None = None


class Ended(NamedTuple):
    """What came of a task: its result, or its death."""

    key: str
    seconds: float
    result: Any
    death: Death | None


@dataclass
class _Running:
    task: Task
    child: Child
    started: float
    marked: float
    death: Death | None = None
    result: Any = None
    done: bool = field(default=False)
    inherited: float = 0.0
    peak: float = 0.0


def run(
    fork: Callable[[Call], Child],
    tasks: Iterable[Task],
    jobs: int,
    limits: Limits,
    told: Callable[[str, str, Any], None] = lambda *_: None,
) -> Generator[Ended, None, None]:
    """Carry out the tasks in children that ``fork`` starts, and yield what came of each as it ends.

    ``jobs`` run at a time. A task is taken from ``tasks`` when there is a place free for it, and memory:
    with less left in the machine than a child has needed so far, the next one waits until another has
    ended. ``told`` is given every message of a child: the task's key, the kind and the content. Closing
    the generator kills what is running.

    Raises:
        WarmParentError: the warm parent could not be started, or died.
    """
    pool = _Pool(fork, iter(tasks), jobs, limits, told)
    try:
        while pool.fill():
            yield from pool.ended()
    finally:
        pool.kill()


class _Pool:
    def __init__(
        self,
        fork: Callable[[Call], Child],
        tasks: Iterator[Task],
        jobs: int,
        limits: Limits,
        told: Callable[[str, str, Any], None],
    ) -> None:
        self._fork, self._tasks, self._jobs = fork, tasks, jobs
        self._limits, self._told = limits, told
        self._running: dict[Any, _Running] = {}
        self._more = True
        self._needed = 400.0
        self._checked = 0.0

    def fill(self) -> bool:
        """Start children while there is room; tell whether any is running."""
        while self._more and len(self._running) < self._jobs and self._has_room():
            task = next(self._tasks, None)
            if task is None:
                self._more = False
                break
            child = self._fork(task.call)
            now = time.monotonic()
            self._running[child.connection] = _Running(task, child, now, now)
        return bool(self._running)

    def ended(self) -> Iterator[Ended]:
        """Wait a little, take what the children say, and yield those that have ended."""
        for connection in wait(list(self._running), timeout=_TICK):
            running = self._running[connection]
            if not self._listen(running):
                del self._running[connection]
                yield self._conclude(running)
        now = time.monotonic()
        if now - self._checked >= _TICK:
            self._checked = now
            for running in self._running.values():
                self._check(running, now)

    def kill(self) -> None:
        """Kill what is running."""
        for running in self._running.values():
            running.child.kill()
            running.child.close()
        self._running.clear()

    def _has_room(self) -> bool:
        if not self._running:
            return True
        left = available_mb()
        return left is None or left > self._needed + _RESERVE_MB

    def _listen(self, running: _Running) -> bool:
        """Take one message; tell whether more can come."""
        try:
            kind, content = running.child.connection.recv()
        except (EOFError, OSError):
            return False
        if kind == "pid":
            running.child.pid = content
            running.inherited = held_mb(content)
        elif kind == MARK:
            running.marked = time.monotonic()
        elif kind == "done":
            running.done, running.result = True, content
        elif kind == "raised":
            running.death = Death("raised", content)
        if kind not in ("pid", "done", "raised"):
            self._told(running.task.key, kind, content)
        return True

    def _check(self, running: _Running, now: float) -> None:
        if running.child.pid is None or running.death or running.done:
            return
        held = held_mb(running.child.pid) - running.inherited
        running.peak = max(running.peak, held)
        reason: Reason | None = None
        if self._limits.memory_mb is not None and held > self._limits.memory_mb:
            reason = "memory"
        elif now - running.started > self._limits.seconds:
            reason = "time"
        elif now - running.marked > self._limits.step_seconds:
            reason = "step"
        if reason:
            running.death = Death(reason)
            running.child.kill()

    def _conclude(self, running: _Running) -> Ended:
        self._needed = max(self._needed, running.peak)
        seconds = time.monotonic() - running.started
        death, code = running.death, running.child.exit_code()
        if not running.done and death is None:
            death = Death("died", running.child.last_words(), code)
        running.child.close()
        return Ended(running.task.key, seconds, running.result, None if running.done else death)

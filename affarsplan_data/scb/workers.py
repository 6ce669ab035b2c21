"""Runs a number of calls side by side, and leaves at once when one fails or somebody interrupts."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def side_by_side(
    tasks: Sequence[Callable[[threading.Event], T]], threads: int
) -> Iterator[tuple[int, T]]:
    """Yield each task's number and result as they come; the first failure is raised.

    Every task gets an event that is set when its result is no longer wanted. Nobody waits for tasks that
    are still under way then, nor does the interpreter when it ends.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    finished: queue.SimpleQueue[tuple[int, T | None, BaseException | None]] = queue.SimpleQueue()
    stop = threading.Event()
    for number in range(len(tasks)):
        waiting.put(number)

    def work() -> None:
        while not stop.is_set():
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                finished.put((number, tasks[number](stop), None))
            except BaseException as error:
                finished.put((number, None, error))

    for _ in range(min(threads, len(tasks))):
        threading.Thread(target=work, daemon=True, name="scb").start()
    try:
        for _ in tasks:
            number, result, error = finished.get()
            if error is not None:
                raise error
            yield number, result  # type: ignore[misc]
    finally:
        stop.set()

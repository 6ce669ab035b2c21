"""Shows how far a fetch of several calls has come."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Report = Callable[[int, int], None]
"""Called with the number of answers so far and the number expected."""


@contextmanager
def shown(label: str, calls: int, wanted: bool | Report | None) -> Iterator[Report]:
    """Give a function to report progress to: the caller's own, a bar, or silence.

    With ``None`` a bar is shown on standard error when there is more than one call and somebody to see
    it: a terminal or a notebook.
    """
    if callable(wanted):
        yield wanted
        return
    if not (wanted if wanted is not None else calls > 1 and _watched()):
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=calls)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _watched() -> bool:
    return sys.stderr.isatty() or "ipykernel" in sys.modules

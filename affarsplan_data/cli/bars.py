"""Progress bars on a terminal, one plain line per finished thing elsewhere. On standard error."""

from typing import Any, Self


class Bars:
    """A bar for each thing under way; ``with`` takes them away at the end.

    ``remaining`` shows how long each of them has left.
    """

    def __init__(self, unit: str = "", *, remaining: bool = False) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeRemainingColumn as TimeLeft

        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._bars = Progress(
            *columns,
            TextColumn(unit),
            *([TextColumn("kvar"), TimeLeft()] if remaining else []),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def advance(self, name: str, title: str, done: int, expected: int) -> None:
        """Show how far ``name`` has come."""
        from rich.markup import escape

        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(escape(title), total=expected or None)
        self._bars.update(
            self._tasks[name], completed=done, total=expected or None, description=escape(title)
        )

    def finish(self, name: str, line: str) -> None:
        """Take away the bar of ``name`` and say how it went."""
        if (task := self._tasks.pop(name, None)) is not None:
            self._bars.remove_task(task)
        self._bars.console.print(line, markup=False, highlight=False, soft_wrap=True)

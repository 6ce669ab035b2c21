"""How a report run is shown while it goes on: bars on a terminal, lines, JSON lines, or nothing."""

import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from affarsplan_data.cli.bars import Bars

if TYPE_CHECKING:
    from affarsplan_data.report import BuildResult, PageResult, Progress

TEXT, JSON = "text", "json"
LOGS = (TEXT, JSON)


class Watch(Protocol):
    """Someone who is told how a run goes."""

    def running(self) -> AbstractContextManager[Any]:
        """Return the context in which the run goes on."""

    def step(self, step: "Progress") -> None:
        """Take one step of one page."""


def watch(log: str, quiet: bool) -> Watch:
    """Return the one who shows the run in this way."""
    if log == JSON:
        return JsonLines()
    return Silence() if quiet else Shown()


class Shown:
    """All pages as one bar with the time left, and one bar for each page under way."""

    def __init__(self) -> None:
        self._bars = Bars(remaining=True)

    def running(self) -> AbstractContextManager[Any]:
        """Return the context in which the run goes on."""
        return self._bars

    def step(self, step: "Progress") -> None:
        """Show the step; a page that is done is one line."""
        key, name = step.run.key, step.run.short
        cell = f"{name}, cell {step.cell}" if step.cell else name
        if step.result is None:
            self._bars.advance("", "Sidor", step.pages_done, step.pages)
            self._bars.advance(key, cell, step.done, step.cells)
            return
        mark = "klar" if step.result.status == "ok" else "FEL "
        seconds = f"{step.result.seconds:.1f}".replace(".", ",")
        self._bars.finish(key, f"{mark}  {name} ({step.run.notebook.path.name}), {seconds} s")
        self._bars.advance("", "Sidor", step.pages_done, step.pages)


class Silence:
    """Nothing at all while it goes on."""

    def running(self) -> AbstractContextManager[Any]:
        """Return the context in which the run goes on."""
        return nullcontext()

    def step(self, step: "Progress") -> None:
        """Say nothing."""


class JsonLines:
    """One JSON object a line on standard output: ``page`` when a page is done, ``report`` at the end."""

    def running(self) -> AbstractContextManager[Any]:
        """Return the context in which the run goes on."""
        return nullcontext()

    def step(self, step: "Progress") -> None:
        """Tell of a page that is done."""
        if step.result is not None:
            _tell("page", **_page(step.result), done=step.pages_done, pages=step.pages)


def tell_reports(results: "Sequence[BuildResult]") -> None:
    """Tell of the reports as JSON lines."""
    for result in results:
        _tell(
            "report",
            folder=str(result.folder),
            published=result.published,
            unchanged=result.unchanged,
            pages=len(result.pages),
            failed=len(result.failed),
            seconds=round(result.seconds, 2),
            refused=str(result.refused) if result.refused else None,
            fault=str(result.fault) if result.fault else None,
        )


def _page(result: "PageResult") -> dict[str, Any]:
    return {
        "report": f"{result.run.parameters.year}/{result.run.report}",
        "page": result.run.page,
        "notebook": result.run.notebook.path.name,
        "status": result.status,
        "seconds": result.seconds,
        "peak_mb": result.peak_mb,
        "error": asdict(result.error) if result.error else None,
    }


def _tell(event: str, **about: Any) -> None:
    moment = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = json.dumps({"event": event, "time": moment, **about}, ensure_ascii=False)
    print(line, file=sys.stdout, flush=True)

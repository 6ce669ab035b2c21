"""The run of many pages: what one piece of work is, who carries it out, and what comes back.

A *work* is one thing to do for one report: a page (:class:`affarsplan_data.report.work.PageWork`) or a
file that is computed. It is a small value that can be pickled, holds all it needs and does not care where
it runs. A *runner* carries works out, several at a time, and yields an :class:`Outcome` for each in the
order they get done. The outcome holds the files as bytes, so a runner on another machine gives the same
report as one here, and the one who asked writes them down at once and keeps nothing in memory.

There are two runners: :class:`affarsplan_data.report.warm.WarmRunner`, children forked from a warm
parent, and :class:`affarsplan_data.report.kernels.KernelRunner`, a Jupyter kernel for each page. A third,
for a cluster say, is a class with a :meth:`Runner.run` that

- takes the next work only when it has a place free for it, since the works are made as they are taken;
- carries a work out by ``work.carry_out(engine, tell)``, in whatever process it likes, with one of the
  engines of :mod:`affarsplan_data.report.engines`;
- calls ``step`` with every :class:`Step` that ``tell`` is given, from one thread at a time;
- yields an outcome for every work, :meth:`Work.failed` when the process that had it died.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from affarsplan_data.recording import Recording

CELL_TIMEOUT = 300
PAGE_TIMEOUT = 1800


@dataclass(frozen=True)
class PageError:
    """Why a page failed: the cell as its author counts them (text cells too), from 1.

    ``cell`` is None when it was no cell: then ``message`` is a whole sentence if ``name`` is empty.
    """

    cell: int | None
    name: str
    message: str

    def __str__(self) -> str:
        if self.cell is None and not self.name:
            return self.message
        place = f"cell {self.cell}" if self.cell else "vid start"
        return f"{place}, {self.name}: {self.message}"


DEATHS = {
    "step": ("CellTimeoutError", "Cellen tog för lång tid och avbröts."),
    "time": ("PageTimeoutError", "Sidan tog för lång tid och avbröts."),
    "memory": ("MemoryLimitError", "Beräkningen tog för mycket minne och avbröts."),
    "died": ("DeadKernelError", "Beräkningen dog, kanske av minnesbrist."),
}
"""How a page that was ended, or ended by itself, is named and told, whichever engine ran it."""


@dataclass(frozen=True)
class Limits:
    """What a page may take: seconds for a cell and for the whole page, and megabytes of memory."""

    cell_seconds: float = CELL_TIMEOUT
    page_seconds: float = PAGE_TIMEOUT
    memory_mb: int | None = None


@dataclass(frozen=True)
class Step:
    """``done`` of ``cells`` cells of the work ``key`` are run; ``cell`` is the one that began, from 1."""

    key: str
    done: int
    cells: int
    cell: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of one work.

    ``files`` are what it made, by path below the report's folder; ``told`` is what the report's start
    page needs to know of a page; ``read`` is what was read on the way, None where that was not recorded;
    ``peak_mb`` is the most memory that the process held.
    """

    key: str
    seconds: float
    error: PageError | None = None
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    told: Any = None
    read: Recording | None = field(default=None, repr=False)
    peak_mb: float | None = None

    @property
    def status(self) -> Literal["ok", "failed"]:
        """Whether the work was done."""
        return "failed" if self.error else "ok"


Tell = Callable[[Step], None]


class Work(Protocol):
    """One thing to do, in a process of its own."""

    @property
    def key(self) -> str:
        """The name that no other work of the run has."""

    @property
    def data(self) -> str | None:
        """The set of data it computes with, None when it computes nothing."""

    @property
    def wide(self) -> bool:
        """Whether it needs most of all figures, so that it gains from their being known."""

    def carry_out(self, engine: Any, tell: Tell) -> Outcome:
        """Do it. What goes wrong is in the outcome; an exception means that the process is no good."""

    def failed(self, error: PageError, seconds: float, journal: Any = None) -> Outcome:
        """Return the outcome when the process died; ``journal`` is what is known of how far it came."""


class Runner(Protocol):
    """Carries out works, several at a time; see the module's text."""

    def run(self, works: Iterable[Any], step: Tell) -> Generator[Outcome, None, None]:
        """Yield the outcome of every work as it gets done; closing the iterator stops what is running."""

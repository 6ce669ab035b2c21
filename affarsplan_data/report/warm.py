"""Pages in children forked from a warm parent: the fast way.

The child runs the notebook and makes the page's files too, so that both are done on all cores. What it
tells while it works is kept until it is done: of one that dies the page shows how far it came.

Where there are many pages to make, a child of the warm parent evaluates every indicator while the first
pages are made, and the later ones are forked from it.
"""

import os
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from affarsplan_data import project, vega
from affarsplan_data.engine import pool
from affarsplan_data.engine.child import Call, Line, fork_on, peak_mb
from affarsplan_data.engine.parent import Child, WarmerParent, WarmParent, shared
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.recording import Recording, recorded
from affarsplan_data.report.executing import first_line
from affarsplan_data.report.run import DEATHS, Limits, Outcome, PageError, Step, Tell, Work
from affarsplan_data.report.runners import THINGS


class WarmRunner:
    """Carries out works in children of one warm parent, ``jobs`` at a time."""

    def __init__(self, jobs: int, limits: Limits) -> None:
        self._jobs, self._limits = jobs, limits

    def run(self, works: Iterable[Work], step: Tell) -> Generator[Outcome, None, None]:
        """Yield the outcome of every work as it gets done; closing the iterator stops what is running.

        Raises:
            WarmParentError: the warm parent could not be started, or died.
        """
        taken = iter(works)
        # As many as show whether there is more to do than to read and compute all figures once.
        first = list(islice(taken, 2 * self._jobs + 1))
        if not first:
            return
        with closing(Source(shared(THINGS), self._jobs, project.root())) as source:
            if len(first) > 2 * self._jobs:
                source.prepare(first[-1].data)
            ordered = in_turn(chain(first, taken), lambda: source.is_prepared)
            yield from _carried_out(source, ordered, self._jobs, self._limits, step)


class _Wide(Protocol):
    @property
    def wide(self) -> bool: ...


_W = TypeVar("_W", bound=_Wide)


def in_turn(works: Iterable[_W], is_prepared: Callable[[], bool]) -> Iterator[_W]:
    """Yield the works, but those that need most of all figures once these are computed.

    Until then they would only compute the same beside it. When there is nothing else left they wait no
    more.
    """
    waiting: list[_W] = []
    for work in works:
        if is_prepared():
            yield from waiting
            waiting = []
        elif work.wide:
            waiting.append(work)
            continue
        yield work
    yield from waiting


class WarmPlace:
    """A place on another machine, where one work at a time is carried out; lives until :meth:`close`.

    Args:
        root: the folder with the project's data.
        limits: what a page may take.
        fixed: environment variables for the pages.

    Raises:
        WarmParentError: its warm parent could not be started.
    """

    def __init__(self, root: Path, limits: Limits, fixed: Mapping[str, str]) -> None:
        self._limits = limits
        self._parent = WarmParent(THINGS)
        self._source = Source(self._parent, 1, root, fixed)

    def carry_out(self, work: Work, step: Tell) -> Outcome:
        """Carry out one work and return what came of it."""
        self._source.prepare(work.data)
        (outcome,) = _carried_out(self._source, [work], 1, self._limits, step)
        return outcome

    def close(self) -> None:
        """Stop what is running."""
        self._source.close()
        self._parent.close()


class Source:
    """Where the children of a run come from, and the processes that draw for them.

    Args:
        parent: the warm parent.
        jobs: how many children there are at a time.
        root: the folder with the project's data.
        fixed: environment variables for the children.
    """

    def __init__(
        self, parent: WarmParent, jobs: int, root: Path, fixed: Mapping[str, str] | None = None
    ) -> None:
        self._parent, self._root = parent, root
        address = parent.home / f"draw-{uuid.uuid4().hex[:8]}"
        # Started before the warm parent has to be ready, for they take their time too.
        self._drawers = vega.Drawers(address, jobs)
        self._fixed = {**(fixed or {}), "AFFARSPLAN_HOME": str(root), vega.VARIABLE: str(address)}
        self._prepared: str | None = None
        self._warmer: WarmerParent | None = None

    def prepare(self, data: str | None) -> None:
        """Begin to compute every indicator of this set of data, for all children to come.

        They have the values as they would have had them after asking once themselves. Until it is done
        children come from the warm parent.
        """
        if data is not None and self._prepared is None:
            self._prepared = data
            call = partial(fork_on, partial(compute, data))
            self._warmer = WarmerParent(self._parent.fork(call, self._fixed, self._root))

    @property
    def is_prepared(self) -> bool:
        """Whether children come with every indicator computed."""
        return self._warmer is not None and self._warmer.ready

    def fork(self, call: Call) -> Child:
        """Fork a child, from where most is prepared."""
        best = self._warmer if self._warmer and self.is_prepared else self._parent
        return best.fork(call, self._fixed, self._root)

    def close(self) -> None:
        """End what is not a page's own."""
        self._drawers.close()
        if self._warmer:
            self._warmer.close()


def compute(data: str) -> None:
    """Evaluate every indicator once, so that what is asked for again is known."""
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.indicators import prepare

    for indicator in load_catalogue().indicators:
        # What cannot be computed is told by the page that asks for it.
        with suppress(AffarsplanError):
            prepare(indicator, data)


def _carried_out(
    source: Source, works: Iterable[Work], jobs: int, limits: Limits, step: Tell
) -> Generator[Outcome, None, None]:
    follow = _Follow(step)
    allowed = pool.Limits(limits.cell_seconds, limits.page_seconds, limits.memory_mb)
    with closing(pool.run(source.fork, follow.tasks(works), jobs, allowed, follow.told)) as ended:
        for one in ended:
            yield follow.outcome(one)


class _Follow:
    """Keeps what is known of the works under way."""

    def __init__(self, step: Tell) -> None:
        self._step = step
        self._works: dict[str, Work] = {}
        self._steps: dict[str, Step] = {}
        self._journals: dict[str, list[Any]] = {}

    def tasks(self, works: Iterable[Work]) -> Iterator[pool.Task]:
        for work in works:
            self._works[work.key], self._journals[work.key] = work, []
            yield pool.Task(work.key, partial(_carry_out, work))

    def told(self, key: str, kind: str, content: Any) -> None:
        if kind == pool.MARK:
            self._steps[key] = content
            self._step(content)
        else:
            self._journals[key].append(content)

    def outcome(self, ended: pool.Ended) -> Outcome:
        work, journal = self._works.pop(ended.key), self._journals.pop(ended.key)
        step = self._steps.pop(ended.key, None)
        if ended.death is None:
            outcome: Outcome = ended.result
            return outcome
        return work.failed(_error(ended.death, step), ended.seconds, journal)


def _error(death: pool.Death, step: Step | None) -> PageError:
    if death.reason == "raised":
        lines = death.words.strip().splitlines()
        return PageError(None, "", f"Sidan kunde inte göras: {lines[-1] if lines else 'okänt fel'}")
    name, words = DEATHS[death.reason]
    cell = step.cell if step else None
    return PageError(cell, name, " ".join(filter(None, [words, death.words])))


def _carry_out(work: Work, line: Line) -> Outcome:
    """Carry out one work: the task of a child."""

    def tell(step: Step) -> None:
        line.tell(pool.MARK, step)

    return replace(work.carry_out(ChildEngine(line), tell), peak_mb=peak_mb())


class ChildEngine:
    """Runs a page's cells in this process, which is a child of the warm parent."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._taken: Any = None

    def options(self, page: str) -> Mapping[str, Any]:
        """Return the arguments to papermill's ``execute_notebook`` that are this engine's own."""
        from affarsplan_data.engine.local import LocalManager
        from affarsplan_data.engine.papermill import NAME, register

        register()
        return {
            "engine_name": NAME,
            "output_path": None,
            "request_save_on_cell_execute": False,
            "km": LocalManager(dict(self._line.caught), partial(self._line.tell, "message")),
            "keep": self._keep,
        }

    def taken(self, page: str) -> Any | None:
        """Return the notebook as far as it came, None when nothing was run."""
        return self._taken

    def told(self, error: Exception, page: str) -> tuple[str, str]:
        """Return the name of what happened and what it was, in one line."""
        return type(error).__name__, first_line(error)

    def paths(self) -> Mapping[str, str]:
        """Return the engine's own folder, which no page shall show, and what stands there instead."""
        return {str(Path(os.environ["IPYTHONDIR"]).parent): "[tillfällig mapp]"}

    def recording(self, page: str) -> AbstractContextManager[Recording]:
        """Return the recorder of what is read while the page's cells run."""
        return recorded()

    def _keep(self, node: Any) -> None:
        self._taken = node


def warm() -> None:
    """Do once in the warm parent what every page would do first: read declarations, compile templates."""
    import nbformat

    from affarsplan_data import regions
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.plan import load_plan
    from affarsplan_data.report.site import environment

    regions.all_regions()
    load_plan()
    load_catalogue()
    # The schema of notebooks is compiled when the first is held against it.
    nbformat.validate(nbformat.v4.new_notebook())
    for name in environment().list_templates():
        environment().get_template(name)

"""The recorder: what has been read since it was started, and the state each thing was in."""

import builtins
import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

ABSENT = "-"
"""The state of what is not there: it may come."""
PACKAGE = "affarsplan_data"

StateOf = Callable[[str], str]
_S = TypeVar("_S", bound=StateOf)


class Read(NamedTuple):
    """One thing that was read: what kind it is of, its name, and the state that it was in."""

    kind: str
    name: str
    state: str


class Recording:
    """What has been read so far; it can be sent to another process."""

    def __init__(self, reads: Iterable[Read] = (), modules: Iterable[str] = ()) -> None:
        self._states = {(read.kind, read.name): read.state for read in reads}
        self._modules = set(modules)

    @property
    def reads(self) -> tuple[Read, ...]:
        """Everything that was read, each thing once, in the state that it was in the first time."""
        return tuple(Read(*what, state) for what, state in sorted(self._states.items()))

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules of the package that were asked for; they have imported others."""
        return tuple(sorted(self._modules))

    def found(self) -> "Recording":
        """Return what was read: itself."""
        return self

    def add(self, kind: str, name: str) -> None:
        """Take down that something was read."""
        if (kind, name) not in self._states:
            with quiet():
                self._states[kind, name] = state_of(kind, name)

    def add_modules(self, name: str, parts: Sequence[str]) -> None:
        """Take down that a module of the package was imported, and what of it."""
        self._modules.add(name)
        self._modules |= {f"{name}.{part}" for part in parts if part.isidentifier()}


class _Quiet(threading.local):
    """How many in this thread have asked for quiet."""

    asked: int = 0


class _Running:
    """The recording under way. Threads share it: a page may read in several."""

    recording: Recording | None = None


_quiet = _Quiet()
_running = _Running()
_one_at_a_time = threading.RLock()
_KINDS: dict[str, StateOf] = {}


def kind(name: str) -> Callable[[_S], _S]:
    """Register the function that returns the state of a thing of this kind, by the thing's name."""

    def register(function: _S) -> _S:
        _KINDS[name] = function
        return function

    return register


def state_of(kind: str, name: str) -> str:
    """Return the state that a thing is in now.

    Raises:
        KeyError: the layer that knows the kind has not been imported.
    """
    return _KINDS[kind](name)


def is_active() -> bool:
    """Tell whether what is read here is taken down."""
    return _running.recording is not None and not _quiet.asked


def note(kind: str, name: str) -> None:
    """Say that something is read. Costs next to nothing when nobody is recording."""
    if _running.recording is not None and not _quiet.asked:
        _running.recording.add(kind, name)


def note_module(name: str) -> None:
    """Say that a module of the package is used."""
    if _running.recording is not None:
        _running.recording.add_modules(name, ())


def install(recording: Recording) -> None:
    """Record in this whole process from now on."""
    _running.recording = recording


@contextmanager
def quiet() -> Iterator[None]:
    """Take nothing down meanwhile: what is read here is part of something that has been noted."""
    _quiet.asked += 1
    try:
        yield
    finally:
        _quiet.asked -= 1


@contextmanager
def recorded() -> Iterator[Recording]:
    """Record what is read in this process, the package's modules that are imported too.

    One recording within another hides from the outer what it takes down itself. Two threads record one
    after the other.
    """
    with _one_at_a_time:
        yield from _recorded()


def _recorded() -> Iterator[Recording]:
    before, importing = _running.recording, builtins.__import__
    recording = _running.recording = Recording()

    def listening(
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        # An import of what has been imported before comes here too, also in a forked process.
        if name.startswith(PACKAGE) and _running.recording is not None:
            _running.recording.add_modules(name, fromlist or ())
        return importing(name, globals, locals, fromlist or (), level)

    builtins.__import__ = listening
    try:
        yield recording
    finally:
        builtins.__import__ = importing
        _running.recording = before


def digest(content: str | bytes) -> str:
    """Return a state for a content: the beginning of its SHA-256."""
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()[:32]


def of_file(path: str | os.PathLike[str]) -> str:
    """Return the state of a file by its content, never its time."""
    try:
        return digest(Path(path).read_bytes())
    except OSError:
        return ABSENT

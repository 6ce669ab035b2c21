"""The package's own code as something that is read: which modules a module brings with it."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from affarsplan_data.recording.reads import ABSENT, PACKAGE, digest, kind, note, of_file

ROOT = Path(__file__).resolve().parent.parent
RUNNERS = frozenset({"cli", "report", "__main__"})
"""The parts that run pages and lay them out; nothing of them is in what a page computes."""
_NOTED = {".yaml", ".yml"}
"""What the package declares is noted entry by entry where it is read, not as code."""


def loaded_by(modules: Iterable[str]) -> frozenset[str]:
    """Return the modules of the package that these names stand for, and all that they import.

    Names that are no modules are left out. An import inside a function counts only when it has been
    made, for then it is among ``modules``.
    """
    found: set[str] = set()
    waiting = [name for name in modules if _is_module(name)]
    while waiting:
        name = waiting.pop()
        if name in found or not RUNNERS.isdisjoint(name.split(".")[1:2]):
            continue
        found.add(name)
        waiting += _imported(name)
    return frozenset(found)


@kind("code")
def state(module: str) -> str:
    """Return the state of a module: its source, and for a package the files that lie beside it."""
    path = _path(module)
    if path is None:
        return ABSENT
    parts = [path.read_bytes()]
    if path.name == "__init__.py":
        parts += [file.read_bytes() for file in _beside(path.parent)]
    return digest(b"\0".join(parts))


def layer(name: str) -> str:
    """Return the state of all files of a part of the package, code and others."""
    place = ROOT / name
    files = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file())
    return digest("".join(of_file(path) for path in files if path.suffix != ".pyc"))


@kind("declared")
def declared(name: str) -> str:
    """Return the state of a file that the package declares something in, by its path in the package."""
    return of_file(ROOT / name)


def own_source() -> str:
    """Return the state of the whole package: every file of it, the compiled ones left out."""
    files = sorted(p for p in ROOT.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    named = (p.relative_to(ROOT).as_posix().encode() + b"\0" + p.read_bytes() for p in files)
    return digest(b"\0".join(named))


def note_declared(path: Path) -> None:
    """Say that a file that declares something is read: the package's own, or another of the same form."""
    note("declared", _declared_name(path))


@lru_cache(maxsize=64)
def _declared_name(path: Path) -> str:
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()


def _beside(folder: Path) -> list[Path]:
    """Return the files of a package that are neither code nor noted, also those in its plain folders."""
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            is_plain = path.name != "__pycache__" and not (path / "__init__.py").exists()
            found += _beside(path) if is_plain else []
        elif path.suffix not in {".py", ".pyc", *_NOTED}:
            found.append(path)
    return found


def _path(module: str) -> Path | None:
    parts = module.split(".")
    if parts[0] != PACKAGE:
        return None
    place = ROOT.joinpath(*parts[1:])
    for path in (place / "__init__.py", place.with_name(f"{place.name}.py")):
        if path.is_file():
            return path
    return None


@cache
def _is_module(name: str) -> bool:
    return _path(name) is not None


@cache
def _imported(module: str) -> tuple[str, ...]:
    """Return the modules that are imported when ``module`` is, its own package among them."""
    path = _path(module)
    if path is None:
        return ()
    names: list[str] = [module.rpartition(".")[0]]
    for node in _executed(ast.parse(path.read_bytes()).body):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return tuple(name for name in dict.fromkeys(names) if _is_module(name))


def _executed(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            yield from _executed(node.orelse)
            continue
        yield node
        for part in ("body", "orelse", "finalbody"):
            yield from _executed(getattr(node, part, ()))
        for handler in getattr(node, "handlers", ()):
            yield from _executed(handler.body)

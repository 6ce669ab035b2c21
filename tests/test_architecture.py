"""The layers import in one direction only, and the command line holds nothing heavy at its top."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import affarsplan_data

PACKAGE = Path(affarsplan_data.__file__).parent
LAYERS = [
    "errors",
    "recording",
    "swedish",
    "vega",
    "interactive",
    "project",
    "archive",
    "scb",
    "regions",
    "plan",
    "parameters",
    "catalogue",
    "fitting",
    "sources",
    "clean",
    "observations",
    "statistics",
    "indicators",
    "claims",
    "figures",
    "pages",
    "analysis",
    "engine",
    "report",
    "yearly",
    "explorer",
    "cli",
    "__main__",
]


def _layer(path: Path) -> str:
    part = path.relative_to(PACKAGE).parts[0]
    return part.removesuffix(".py")


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "affarsplan_data":
                found |= {alias.name for alias in node.names}
            elif node.module.startswith("affarsplan_data."):
                found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.count(".")}
    return found & set(LAYERS)


MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p.parent != PACKAGE or p.stem != "__init__")


def test_every_part_of_the_package_has_a_place_in_the_order():
    assert {_layer(path) for path in MODULES} == set(LAYERS)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_its_own_layer_or_those_before_it(path):
    own = LAYERS.index(_layer(path))
    later = {name for name in _imports(path) if LAYERS.index(name) > own}
    assert not later, f"{path.name} importerar {later}"


def test_statistics_and_figures_know_neither_files_nor_the_catalogue():
    for layer in ("statistics", "figures"):
        for path in (PACKAGE / layer).rglob("*.py"):
            forbidden = {"catalogue", "sources", "observations", "plan"}
            assert not forbidden & _imports(path), path.name


def test_the_code_knows_no_particular_region():
    for path in MODULES:
        names = {
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and node.value in ("19", "1980", "Västmanland")
        }
        assert _layer(path) == "cli" or not names, path.name


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, affarsplan_data, affarsplan_data.cli;"
        "print([m for m in ('pandas','altair','geopandas','papermill','httpx') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"

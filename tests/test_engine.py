"""Children of a warm parent give what a kernel gives, share nothing, and end when they have to."""

import os
import signal
import subprocess
import sys
import time
import tomllib
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from affarsplan_data.engine import papermill as engine
from affarsplan_data.engine.child import fork_on
from affarsplan_data.engine.errors import WarmParentError
from affarsplan_data.engine.parent import WarmerParent, WarmParent, can_fork
from affarsplan_data.engine.pool import Limits, Task, run
from affarsplan_data.report.executed import normalised, written
from tests import engine_tasks

pytestmark = pytest.mark.skipif(not can_fork(), reason="inga processer kan förgrenas här")

WIDE = Limits(60, 60)
CELLS = (
    "print('ett'); import sys; print('två', file=sys.stderr)\n1 + 1",
    "_ + 1",
    "import asyncio\nawait asyncio.sleep(0.01)\n'väntat'",
    "import asyncio, time\nasyncio.get_running_loop().is_running()",
    "from IPython.display import display, clear_output, HTML, Markdown",
    "h = display('a', display_id='x')\ndisplay(HTML('<b>b</b>'), Markdown('*c*'))",
    "h.update('ny')",
    "print('bort'); clear_output(); print('kvar')",
    "print('bort'); clear_output(wait=True); display('kvar')",
    "display({'text/plain': 'x', 'application/b+json': {'k': (1, 2)}}, raw=True, metadata={'m': 1})",
    "import os, subprocess\nos.system('echo under'); subprocess.run(['echo', 'djupt'])\ntime.sleep(1)",
    "!echo skal",
    "%%bash\necho bash",
    "%precision 3\n1 / 3",
    "import pandas as pd\npd.DataFrame({'a': [1.5, None], 'b': ['x', 'y']})",
    "hash('a'), __name__, sorted(k for k in globals() if not k.startswith('_'))[:3]",
    "import warnings\nwarnings.warn('varning')",
    "from IPython import get_ipython\ntype(get_ipython()).__name__, get_ipython().execution_count",
    "len?",
    "x = 1;",
    "",
)
FAILING = (
    "def f():\n    return 1 / 0\n\n\ndef g():\n    f()\n\n\ng()",
    "this is no python",
    "raise SystemExit(3)",
    "import affarsplan_data as ap\nap.load('finns_inte')",
    "raise ExceptionGroup('flera', [ValueError(1), KeyError(2)])",
    "input('svar?')",
    "class Trasig:\n    def _repr_html_(self):\n        raise ValueError('visning')\nTrasig()",
    "%%nosuchmagic\n1",
)


def _notebook(cells: Any) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])


def _executed(node: Any, name: str | None, folder: Path) -> nbformat.NotebookNode:
    target = folder / f"{name}.ipynb"
    engine.register()
    # A kernel that finds it does not listen to what subprocesses print.
    os.environ.pop("PYTEST_CURRENT_TEST", None)
    with suppress(papermill.PapermillExecutionError):
        papermill.execute_notebook(
            node, target, engine_name=name, kernel_name="python3", progress_bar=False
        )
    return nbformat.read(target, as_version=4)


def _same(node: Any, folder: Path) -> nbformat.NotebookNode:
    """Run the notebook in a kernel and in a child; return the child's when they are the same."""
    kernel, child = (_executed(node, name, folder) for name in (None, engine.NAME))
    left, right = (written(normalised(one, {str(folder): "[mapp]"})) for one in (kernel, child))
    assert left.splitlines() == right.splitlines()
    return child


@pytest.fixture(autouse=True)
def _same_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A kernel that papermill starts by itself has the user's environment; here that is the engine's."""
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))


def test_cells_give_what_they_give_in_a_kernel(tmp_path: Path) -> None:
    child = _same(_notebook(CELLS), tmp_path)
    assert child.cells[0].outputs[0].text == "ett\n"
    assert child.metadata.language_info.name == "python"


@pytest.mark.parametrize("source", FAILING)
def test_an_error_stops_the_notebook_as_in_a_kernel(source: str, tmp_path: Path) -> None:
    child = _same(_notebook(["1", source, "2"]), tmp_path)
    assert child.cells[-1].outputs == [] or source.startswith("%%")


def test_times_are_told_as_with_a_kernel(tmp_path: Path) -> None:
    node = _notebook(["import time; time.sleep(0.2)"])
    kernel, child = (_executed(node, name, tmp_path) for name in (None, engine.NAME))
    for key in ("execution", "papermill"):
        assert set(kernel.cells[0].metadata[key]) == set(child.cells[0].metadata[key])
    assert 0.2 <= child.cells[0].metadata.papermill.duration < 5
    told = child.cells[0].metadata.execution
    begun, ended = told["iopub.status.busy"], told["shell.execute_reply"]
    assert begun < ended < told["iopub.status.idle"]


def test_a_child_that_dies_and_a_cell_without_end_are_errors(tmp_path: Path) -> None:
    engine.register()
    for source, name, limit in (
        ("import os; os._exit(3)", "DeadKernelError", None),
        ("while True: pass", "CellTimeoutError", 1),
    ):
        with pytest.raises((DeadKernelError, CellTimeoutError)) as caught:
            papermill.execute_notebook(
                _notebook(["print('hit')", source]),
                tmp_path / "ut.ipynb",
                engine_name=engine.NAME,
                kernel_name="python3",
                progress_bar=False,
                execution_timeout=limit,
            )
        assert type(caught.value).__name__ == name
        kept = nbformat.read(tmp_path / "ut.ipynb", as_version=4)
        assert kept.cells[0].outputs[0].text == "hit\n"


def test_the_engine_is_papermills_own_when_installed(tmp_path: Path) -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    points = project["entry-points"]["papermill.engine"]
    installed = tmp_path / "prov-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: prov\nVersion: 1\n")
    lines = "\n".join(f"{name} = {place}" for name, place in points.items())
    (installed / "entry_points.txt").write_text(f"[papermill.engine]\n{lines}\n")
    nbformat.write(_notebook(["1 + 1"]), tmp_path / "in.ipynb")

    search = os.pathsep.join([str(tmp_path), str(Path.cwd()), os.environ.get("PYTHONPATH", "")])
    subprocess.run(
        [
            *(sys.executable, "-m", "papermill", "--engine", "affarsplan", "-k", "python3"),
            *("--no-progress-bar", str(tmp_path / "in.ipynb"), str(tmp_path / "ut.ipynb")),
        ],
        env={**os.environ, "PYTHONPATH": search},
        check=True,
        capture_output=True,
    )

    node = nbformat.read(tmp_path / "ut.ipynb", as_version=4)
    assert node.cells[0].outputs[0].data["text/plain"] == "2"


@pytest.fixture(scope="module")
def parent():
    """A warm parent that has imported next to nothing."""
    parent = WarmParent(["json"])
    yield parent
    parent.close()


def _one(parent: WarmParent, call: Any, limits: Limits = WIDE) -> Any:
    (ended,) = run(parent.fork, [Task("en", call)], 1, limits)
    return ended


def test_children_share_no_state(parent: WarmParent) -> None:
    tasks = [Task(str(number), engine_tasks.set_state) for number in range(4)]
    assert [ended.result for ended in run(parent.fork, tasks, 2, WIDE)] == [0, 0, 0, 0]
    assert _one(parent, engine_tasks.randoms).result != _one(parent, engine_tasks.randoms).result


@pytest.mark.parametrize(
    ("call", "limits", "reason"),
    [
        (engine_tasks.sleep, Limits(0.5, 60), "step"),
        (engine_tasks.mark_often, Limits(60, 0.4), "time"),
        (engine_tasks.eat, Limits(60, 60, memory_mb=300), "memory"),
        (engine_tasks.die, WIDE, "died"),
        (engine_tasks.fail, WIDE, "raised"),
    ],
)
def test_limits_and_deaths(parent: WarmParent, call: Any, limits: Limits, reason: str) -> None:
    ended = _one(parent, call, limits)

    assert ended.result is None
    assert ended.death.reason == reason
    assert ended.seconds < 30
    if reason == "died":
        assert (ended.death.code, ended.death.words) == (-signal.SIGSEGV, "sista orden")
    assert _one(parent, engine_tasks.mark_often, Limits(0.5, 60)).result == "klar"


def test_what_a_child_leaves_behind_is_ended(parent: WarmParent) -> None:
    assert engine_tasks.gone(_one(parent, engine_tasks.leave_a_process).result)


def test_stopping_half_way_ends_the_children(parent: WarmParent) -> None:
    told: list[Any] = []
    tasks = [Task("snabb", engine_tasks.set_state), Task("lång", engine_tasks.sleep)]
    running = run(parent.fork, tasks, 2, WIDE, lambda *one: told.append(one))
    assert next(running).key == "snabb"
    before = set(_children(parent))
    running.close()
    assert len(before) == 1
    assert all(engine_tasks.gone(pid) for pid in before)


def test_tasks_are_taken_as_there_is_room(parent: WarmParent) -> None:
    taken: list[int] = []

    def tasks():
        for number in range(5):
            taken.append(number)
            yield Task(str(number), engine_tasks.set_state)

    running = run(parent.fork, tasks(), 2, WIDE)
    next(running)
    assert len(taken) <= 3
    assert len(list(running)) == 4


def test_all_end_with_the_one_who_asked(tmp_path: Path) -> None:
    code = (
        "from affarsplan_data.engine.parent import WarmParent\n"
        "from affarsplan_data.engine.pool import Limits, Task, run\n"
        "from tests.engine_tasks import sleep\n"
        "parent = WarmParent(['json'])\n"
        "tell = lambda *_: print(parent._process.pid, parent.home, flush=True)\n"
        "list(run(parent.fork, [Task('en', sleep)], 1, Limits(60, 60), tell))\n"
    )
    env = {
        **os.environ,
        "PYTHONPATH": str(Path.cwd()),
    }
    asker = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=env)
    told, home = asker.stdout.readline().split()
    warm = int(told)
    children = _children_of(warm)
    assert children

    asker.kill()
    asker.wait()

    assert all(engine_tasks.gone(pid) for pid in (warm, *children))
    assert not Path(home.decode()).exists()


def test_a_warmer_parent_passes_on_what_it_has_prepared(parent: WarmParent) -> None:
    warmer = WarmerParent(parent.fork(partial(fork_on, engine_tasks.prepare)))
    assert _ready(warmer)

    tasks = [Task(str(number), engine_tasks.set_state) for number in range(3)]
    assert [ended.result for ended in run(warmer.fork, tasks, 2, WIDE)] == [100, 100, 100]
    # The warm parent knows nothing of it.
    assert _one(parent, engine_tasks.set_state).result == 0
    (death,) = [one.death for one in run(warmer.fork, [Task("en", engine_tasks.die)], 1, WIDE)]
    assert death.code == -signal.SIGSEGV

    running = run(warmer.fork, [Task("lång", engine_tasks.sleep), tasks[0]], 2, WIDE)
    assert next(running).key == "0"
    (pid,) = _children_of(warmer._child.pid)
    warmer.close()
    assert engine_tasks.gone(pid)
    running.close()


@pytest.mark.parametrize(
    ("prepare", "words"),
    [(engine_tasks.start_a_thread, "fler trådar"), (engine_tasks.fail_early, "inget att läsa")],
)
def test_a_preparation_that_fails_is_never_ready(
    parent: WarmParent, prepare: Any, words: str
) -> None:
    warmer = WarmerParent(parent.fork(partial(fork_on, prepare)))
    assert not _ready(warmer)
    assert words in warmer.fault
    warmer.close()


def _ready(warmer: WarmerParent) -> bool:
    deadline = time.monotonic() + 30
    while not warmer.ready and not warmer.fault and time.monotonic() < deadline:
        time.sleep(0.02)
    return warmer.ready


@pytest.mark.parametrize(
    ("thing", "words"),
    [("tests_that_do_not_exist", "No module named"), ("tradstartare", "fler trådar")],
)
def test_a_parent_that_cannot_be_warmed_says_why(
    thing: str, words: str, tmp_path: Path, monkeypatch
) -> None:
    (tmp_path / "tradstartare.py").write_text(
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(99,), daemon=True).start()\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(Path.cwd())]))
    cold = WarmParent([thing])
    with pytest.raises(WarmParentError, match=words):
        cold.fork(engine_tasks.sleep)
    cold.close()


def _children(parent: WarmParent) -> list[int]:
    return _children_of(parent._process.pid)


def _children_of(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]

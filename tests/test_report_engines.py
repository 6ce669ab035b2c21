"""Every page is the same bytes with every engine, and each engine keeps the limits."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import BuildSample, WriteNotebook

from affarsplan_data.errors import UsageError
from affarsplan_data.recording import Read
from affarsplan_data.report import BuildResult, build_report
from affarsplan_data.report.earlier import Earlier, Record
from affarsplan_data.report.runners import ENGINES, KERNEL, runner
from tests.engine_tasks import gone

LOOP = "import time\nprint('hit', flush=True)\ntime.sleep(60)"
EATER = "held = []\nwhile True:\n    held.append(bytearray(10_000_000))"
LEFT = "import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid)"


def test_all_notebooks_give_the_same_in_kernels(built_report: BuildResult, tmp_path: Path) -> None:
    first = next(page.run for page in built_report.pages)
    several = [page.run.parameters.region for page in built_report.pages if page.run.each]
    result = build_report(
        first.parameters, output=tmp_path, runner=runner(KERNEL), municipalities=several[:1]
    )

    assert result.published, [str(page.error) for page in result.failed]
    notebooks = sorted((result.folder / "notebooks").iterdir())
    assert {path.stem for path in notebooks} == {page.run.page for page in result.pages}
    for path in [*notebooks, *sorted((result.folder / "data").rglob("*.*"))]:
        twin = built_report.folder / path.relative_to(result.folder)
        assert path.read_bytes() == twin.read_bytes(), path.name
    # What has been computed before the process was forked is read by the page all the same.
    here, there = (Earlier.read(one.folder).records for one in (built_report, result))
    for name, record in there.items():
        assert _figures(here[name]) == _figures(record), name


def _figures(record: Record) -> set[Read]:
    return {read for read in record.reads if read.kind != "code"}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("code", "limits", "name"),
    [
        (LOOP, {"cell_seconds": 3}, "CellTimeoutError"),
        (LOOP, {"page_seconds": 6}, "PageTimeoutError"),
        (EATER, {"memory_mb": 700}, "MemoryLimitError"),
    ],
)
def test_a_page_that_takes_too_much_is_its_own_error(
    build_sample: BuildSample,
    sample_home: Path,
    write_notebook: WriteNotebook,
    engine: str,
    code: str,
    limits: dict[str, float],
    name: str,
) -> None:
    write_notebook(
        sample_home / "notebooks", "trasig", 3, ["print('fö' + 're')", code, "print('ef' + 'ter')"]
    )

    result = build_sample(engine=engine, limits=limits)

    (failed,) = result.failed
    assert (failed.run.page, failed.error.cell, failed.error.name) == ("trasig", 4, name)
    assert "avbröts" in failed.error.message
    html = (result.folder / "trasig.html").read_text("utf-8")
    assert "före" in html
    assert "efter" not in html
    if code == LOOP:
        assert "hit" in html


def test_where_no_process_can_be_forked_pages_run_in_kernels() -> None:
    program = (
        "import os, signal, socket, sys\n"
        # What Windows lacks.
        "sys.modules['resource'] = None\n"
        "del os.fork, os.killpg, os.setsid, socket.send_fds, socket.recv_fds, signal.SIGCHLD\n"
        "from affarsplan_data.report.runners import runner\n"
        "print(type(runner()).__name__, type(runner('affarsplan')).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "KernelRunner KernelRunner\n", done.stderr


def test_what_a_page_starts_ends_with_it(
    build_sample: BuildSample, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    write_notebook(sample_home / "notebooks", "kvar", 3, [LEFT])
    html = (build_sample().folder / "kvar.html").read_text("utf-8")
    assert gone(int(re.search(r"Meddelanden\">(\d+)</pre>", html)[1]))


@pytest.mark.parametrize(
    ("options", "words"), [({"jobs": 0}, "minst 1"), ({"engine": "x"}, "Motorn")]
)
def test_wrong_options_are_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        runner(**options)  # type: ignore[arg-type]

"""Pictures drawn in another process are the same bytes, and are drawn here when nobody answers."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from affarsplan_data import vega
from affarsplan_data.engine.parent import can_fork
from affarsplan_data.figures import svg
from affarsplan_data.figures.block import NARROW, WIDE
from tests.test_figures_forms import DRAWN, FORMS

pytestmark = pytest.mark.skipif(not can_fork(), reason="inga processer kan förgrenas här")


@pytest.fixture(scope="module")
def drawers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The address of two processes that draw."""
    address = tmp_path_factory.mktemp("ritar") / "uttag"
    with closing(vega.Drawers(address, 2)):
        yield address


def test_the_picture_is_the_same_wherever_it_is_drawn(
    drawers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = {(name, width): FORMS[name]().svg(width) for name in DRAWN for width in (WIDE, NARROW)}
    monkeypatch.setenv(vega.VARIABLE, str(drawers))
    monkeypatch.setattr(vega, "_drawn", lambda spec: pytest.fail("bilden ritades här"))
    # Twice and in another order: what has been drawn before leaves no trace.
    for _ in range(2):
        for (name, width), drawn in reversed(here.items()):
            assert FORMS[name]().svg(width) == drawn, name


def test_a_spec_that_cannot_be_drawn_is_the_same_error(
    drawers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(vega.VARIABLE, str(drawers))
    with pytest.raises(ValueError, match="conversion failed"):
        vega.to_svg({"mark": "finns inte"})
    chart = FORMS["ranked_bar"]().picture(WIDE)
    assert svg.draw(chart, prefix="a", label="b", title="c").startswith("<svg")


def test_nobody_there_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = FORMS["ranked_bar"]().svg(WIDE)
    monkeypatch.setenv(vega.VARIABLE, str(tmp_path / "ingen"))
    assert FORMS["ranked_bar"]().svg(WIDE) == expected


def _living(group: int) -> list[int]:
    """Return the processes of a group that have not ended."""
    found = []
    for about in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, rest = about.read_text("utf-8", "replace").rsplit(")", 1)
            state, _, leader = rest.split()[:3]
            if int(leader) == group and state != "Z":
                found.append(int(name.split()[0]))
    return found


def _started(address: Path) -> "subprocess.Popen[str]":
    """Start a process that has two others draw, and says which group they are."""
    script = (
        "import sys, time; from pathlib import Path; from affarsplan_data import vega\n"
        "made = vega.Drawers(Path(sys.argv[1]), 2)\n"
        "print(made._process.pid, flush=True); time.sleep(600)"
    )
    return subprocess.Popen(
        [sys.executable, "-c", script, str(address)], stdout=subprocess.PIPE, text=True
    )


def test_they_end_with_the_one_who_started_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _started(tmp_path / "uttag") as starter:
        assert starter.stdout is not None
        group = int(starter.stdout.readline())
        monkeypatch.setenv(vega.VARIABLE, str(tmp_path / "uttag"))
        vega.to_svg({"data": {"values": [{}]}, "mark": "point"})
        assert len(_living(group)) == 2
        starter.kill()
    until = time.monotonic() + 30
    while _living(group) and time.monotonic() < until:
        time.sleep(0.05)
    assert _living(group) == []


def test_when_they_are_gone_the_picture_is_drawn_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = FORMS["ranked_bar"]().svg(WIDE)
    vega.Drawers(tmp_path / "uttag", 1).close()
    monkeypatch.setenv(vega.VARIABLE, str(tmp_path / "uttag"))
    assert FORMS["ranked_bar"]().svg(WIDE) == expected

"""Pictures drawn in another process are the same bytes, and are drawn here when nobody answers."""

import multiprocessing
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from affarsplan_data.engine.parent import can_fork
from affarsplan_data.figures import svg, vega
from affarsplan_data.figures.block import NARROW, WIDE
from tests.test_figures_forms import DRAWN, FORMS

pytestmark = pytest.mark.skipif(not can_fork(), reason="inga processer kan förgrenas här")


def _serve(address: Path, said: "multiprocessing.Queue[str]") -> None:
    os.setsid()
    vega.serve(address, 2, partial(said.put, "redo"))


@pytest.fixture(scope="module")
def drawers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two processes that draw, and the address where they are asked."""
    address = tmp_path_factory.mktemp("ritar") / "uttag"
    context = multiprocessing.get_context("spawn")
    said: multiprocessing.Queue[str] = context.Queue()
    process = context.Process(target=_serve, args=(address, said), daemon=True)
    process.start()
    assert said.get(timeout=60) == "redo"
    yield address
    os.killpg(process.pid or 0, 9)
    process.join()


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

"""A report takes its place as a whole, and a swap that was cut off is put right."""

from pathlib import Path

import pytest
from filelock import FileLock

from affarsplan_data.report.errors import BusyError, PublishError
from affarsplan_data.report.publish import Place, keep_failed, recover, reserved, swap


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place with a published report whose manifest says ``gammal``."""
    place = Place(tmp_path / "2026" / "19")
    _report(place.target, "gammal")
    return place


def _report(folder: Path, words: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(words)


def _published(place: Place) -> str:
    return (place.target / "manifest.json").read_text()


def _others(place: Place) -> set[str]:
    return {path.name for path in place.target.parent.iterdir()} - {"19", ".19.lock"}


def test_new_report_takes_the_place(place: Place) -> None:
    with reserved(place) as folder:
        _report(folder, "ny")
        swap(place)

    assert _published(place) == "ny"
    assert _others(place) == set()


def test_abandoned_build_leaves_no_trace(place: Place) -> None:
    def interrupted() -> None:
        with reserved(place) as folder:
            _report(folder, "ny")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert _published(place) == "gammal"
    assert _others(place) == set()


def test_earlier_report_is_restored_when_the_second_rename_fails(place: Place) -> None:
    calls: list[Path] = []

    def failing(source: Path, target: Path) -> None:
        calls.append(source)
        if len(calls) == 2:
            raise OSError(28, "disken är full")
        source.rename(target)

    with reserved(place) as folder:
        _report(folder, "ny")
        with pytest.raises(PublishError, match="disken är full"):
            swap(place, rename=failing)

    assert len(calls) == 2
    assert _published(place) == "gammal"
    assert _others(place) == set()


def test_swap_cut_off_between_the_renames_is_undone(place: Place) -> None:
    place.target.rename(place.previous)

    recover(place)

    assert _published(place) == "gammal"
    assert _others(place) == set()


def test_swap_cut_off_after_the_renames_is_finished(place: Place) -> None:
    place.target.rename(place.previous)
    _report(place.target, "ny")

    recover(place)

    assert _published(place) == "ny"
    assert _others(place) == set()


def test_half_built_folder_of_a_dead_run_is_removed(place: Place) -> None:
    _report(place.target.with_name(".19.building-1"), "halv")
    _report(place.target.with_name(".1980.building-1"), "en annan regions")

    with reserved(place):
        pass

    assert _others(place) == {".1980.building-1"}


def test_second_run_is_kept_out(place: Place) -> None:
    with (
        FileLock(place.lock),
        pytest.raises(BusyError, match="En annan körning"),
        reserved(place),
    ):
        pytest.fail("platsen var upptagen")
    assert _published(place) == "gammal"


def test_folder_that_is_no_report_is_never_replaced(tmp_path: Path) -> None:
    place = Place(tmp_path / "19")
    place.target.mkdir()
    (place.target / "viktigt.txt").write_text("kvar")

    with pytest.raises(PublishError, match="ingen rapport"), reserved(place):
        pytest.fail("platsen höll något annat")
    assert (place.target / "viktigt.txt").read_text() == "kvar"


def test_failed_build_replaces_the_failed_build_before_it(place: Place) -> None:
    for words in ("första", "andra"):
        with reserved(place) as folder:
            _report(folder, words)
            kept = keep_failed(place)

    assert (kept / "manifest.json").read_text() == "andra"
    assert _others(place) == {"19.failed"}

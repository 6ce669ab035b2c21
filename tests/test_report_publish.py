"""A report takes its place as a whole, and a swap that was cut off is put right."""

import platform
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from affarsplan_data.report.errors import BusyError, PublishError
from affarsplan_data.report.exchange import exchange
from affarsplan_data.report.locking import held
from affarsplan_data.report.publish import Place, keep_failed, recover, reserved, swap


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place with a published report whose manifest says ``gammal``."""
    place = Place(tmp_path / "2026" / "19")
    _report(place.target, "gammal")
    return place


def unable(one: Path, other: Path) -> bool:
    """Be a system where folders cannot trade places."""
    return False


def _report(folder: Path, words: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(words)


def _published(place: Place) -> str:
    return (place.target / "manifest.json").read_text()


def _others(place: Place) -> set[str]:
    return {path.name for path in place.target.parent.iterdir()} - {
        "19",
        ".19.lock",
        ".19.lock-holder",
    }


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
            swap(place, rename=failing, trade=unable)

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
        pytest.raises(BusyError, match="En annan körning skriver") as refused,
        reserved(place),
    ):
        pytest.fail("platsen var upptagen")
    assert refused.value.exit_code == 4
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


def test_the_new_and_the_earlier_trade_places_without_a_moment_between(place: Place) -> None:
    renamed: list[Path] = []

    def never(source: Path, target: Path) -> None:
        renamed.append(source)

    with reserved(place) as folder:
        _report(folder, "ny")
        if not exchange(place.building, place.target):
            pytest.skip("filsystemet kan inte byta plats på två mappar i ett steg")
        exchange(place.building, place.target)
        assert _published(place) == "gammal"
        swap(place, rename=never)

    assert renamed == []
    assert _published(place) == "ny"
    assert _others(place) == set()


def test_a_reader_always_finds_a_report(place: Place) -> None:
    if not exchange(place.target, place.target):
        pytest.skip("filsystemet kan inte byta plats på två mappar i ett steg")
    found: list[str] = []
    missed: list[OSError] = []
    stop = threading.Event()

    def reading() -> None:
        while not stop.is_set():
            try:
                found.append(_published(place))
            except OSError as error:
                missed.append(error)

    reader = threading.Thread(target=reading)
    reader.start()
    for number in range(60):
        with reserved(place) as folder:
            _report(folder, f"ny {number}")
            swap(place)
    stop.set()
    reader.join(20)
    assert missed == []
    assert len(set(found)) > 3


def test_a_file_open_in_excel_is_said_and_the_earlier_report_stands(place: Place) -> None:
    def refusing(source: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied", str(source))

    with reserved(place) as folder:
        _report(folder, "ny")
        with pytest.raises(PublishError, match="öppen i ett annat program, till exempel i Excel"):
            swap(place, rename=refusing, trade=unable)

    assert _published(place) == "gammal"
    assert _others(place) == set()


def test_one_lock_for_all_reports_says_who_holds_it(tmp_path: Path) -> None:
    """A second process is kept out of every region, and told which process, where and since when."""
    hold = (
        "import sys; from pathlib import Path\n"
        "from affarsplan_data.report.publish import Place, reserved\n"
        "with reserved(Place(Path(sys.argv[1]) / '2026' / '19', shared=Path(sys.argv[1]))):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdin
    assert holder.stdout.readline() == "held\n"
    other = Place(tmp_path / "2026" / "04", shared=tmp_path)
    with pytest.raises(BusyError) as refused, reserved(other):
        pytest.fail("mappen var upptagen")
    assert f"process {holder.pid} på datorn {platform.node()} (sedan 2" in str(refused.value)
    holder.kill()
    holder.wait()
    with reserved(other) as folder, held(other.lock, tmp_path):
        assert folder.is_dir()

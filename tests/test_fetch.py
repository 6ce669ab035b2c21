"""``affarsplan fetch``: what is fetched, what is not fetched again, and what stands when it fails."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from affarsplan_data import cli
from affarsplan_data.archive import Archive
from affarsplan_data.catalogue import Table, load_catalogue
from affarsplan_data.errors import AffarsplanError, UsageError
from affarsplan_data.scb import Cube, Dimension, Limiter, Rate, ScbClient, Structure, decode
from affarsplan_data.scb.addresses import archive_name
from affarsplan_data.sources.comparing import changes
from affarsplan_data.sources.fetching import Fetched, fetch, tables_to_fetch
from tests.pxserver import PxServer

BRP = ["TAB3138", "TAB3143"]


@pytest.fixture
def server():
    with PxServer(limit=None, max_cells=4_000) as running:
        yield running


class Fetching:
    """Fetches tables into an archive of its own, with little patience."""

    def __init__(self, server: PxServer, folder: Path) -> None:
        self.server = server
        self.archive = Archive(folder)

    def __call__(self, *tables: str, offline: bool = False, **options: object) -> list[Fetched]:
        from affarsplan_data.scb import Patience

        patience = Patience(total=4, read=0.5, attempts=3, first_wait=0.02, longest_wait=0.1)
        free = Limiter(Rate(10**6, 1.0))
        client = ScbClient(
            self.server.url, archive=self.archive, patience=patience, limiter=free, offline=offline
        )
        chosen = [load_catalogue().tables[table] for table in tables or BRP]
        return fetch(chosen, client, self.archive, **options)

    def outcomes(self, *tables: str, **options: object) -> list[str]:
        return [result.outcome for result in self(*tables, **options)]

    @property
    def posts(self) -> int:
        return len(self.server.data_calls())

    @property
    def source(self) -> str:
        return archive_name(self.server.url)


@pytest.fixture
def fetching(server, tmp_path) -> Fetching:
    return Fetching(server, tmp_path / "archive")


def test_the_first_fetch_is_new_and_the_second_asks_for_no_figures(fetching):
    first = fetching()
    assert [result.outcome for result in first] == ["new", "new"]
    assert first[0].periods[0] == "2000"
    assert first[0].periods[-1] == "2024"
    posts = fetching.posts
    assert fetching.outcomes() == ["unchanged", "unchanged"]
    assert fetching.posts == posts


def test_a_revised_table_is_fetched_again_and_the_old_version_stays(fetching, server):
    fetching("TAB3138")
    table = server.tables["TAB3138"]
    table.touch("2026-01-10T07:00:00Z")
    table.add("Tid", "2025")
    table.revise(10.0, Region="19", ContentsCode="NR0105AH", Tid=["2022", "2023"])
    result = fetching("TAB3138")[0]
    assert result.outcome == "revised"
    assert result.updated == "2026-01-10T07:00:00Z"
    assert result.changes.changed == 2
    assert result.changes.periods == ("2025",)
    assert result.changes.added == result.cells // 26
    assert result.changes.gone == 0
    held = fetching.archive.snapshots(fetching.source, "TAB3138")
    assert [snapshot.updated for snapshot in held] == [
        "2025-12-11T07:00:00Z",
        "2026-01-10T07:00:00Z",
    ]
    old = fetching.archive.read(fetching.source, "TAB3138", held[0].answers[0])
    assert "2025" not in set(decode(old.content)["Tid"])


def test_a_new_version_with_the_same_figures_is_unchanged_and_kept(fetching, server):
    fetching("TAB3138")
    server.tables["TAB3138"].touch("2026-01-10T07:00:00Z")
    result = fetching("TAB3138")[0]
    assert (result.outcome, result.updated) == ("unchanged", "2026-01-10T07:00:00Z")
    assert len(fetching.archive.snapshots(fetching.source, "TAB3138")) == 2


def test_a_table_without_a_municipality_does_not_fit_and_the_old_stands(fetching, server):
    fetching("TAB3143")
    posts = fetching.posts
    server.tables["TAB3143"].touch("2026-01-10T07:00:00Z")
    server.tables["TAB3143"].drop("Region", "1984")
    for force in (False, True):
        result = fetching("TAB3143", force=force)[0]
        assert result.outcome == "failed"
        assert "1984 Arboga" in str(result.error)
        assert result.updated is not None
        assert not result.updated.startswith("2026")
    assert fetching.posts == posts


def test_a_version_without_a_year_is_taken_only_when_that_is_asked_for(fetching, server):
    fetching("TAB3138")
    server.tables["TAB3138"].touch("2026-01-10T07:00:00Z")
    server.tables["TAB3138"].drop("Tid", "2000")
    refused = fetching("TAB3138")[0]
    assert (refused.outcome, refused.periods[0]) == ("failed", "2000")
    assert "2000" in str(refused.error)
    assert "--force" in str(refused.error)
    taken = fetching("TAB3138", force=True)[0]
    assert (taken.outcome, taken.periods[0]) == ("revised", "2001")
    assert taken.changes.gone == taken.cells // 24


def test_a_table_of_the_newest_periods_may_leave_the_oldest_behind(fetching, server):
    table = load_catalogue().tables["TAB6260"]
    small = table.model_copy(update={"selection": {**table.selection, "Tid": "TOP(3)"}})
    client = ScbClient(server.url, archive=fetching.archive, limiter=Limiter(Rate(10**6, 1.0)))
    (first,) = fetch([small], client, fetching.archive)
    server.tables["TAB6260"].touch("2026-06-10T07:00:00Z")
    server.tables["TAB6260"].add("Tid", "2026M04")
    (second,) = fetch([small], client, fetching.archive)
    assert second.outcome == "revised", second.error
    assert second.periods == (*first.periods[1:], "2026M04")


def test_force_asks_for_the_figures_again(fetching):
    fetching("TAB3138")
    posts = fetching.posts
    assert fetching.outcomes("TAB3138", force=True) == ["unchanged"]
    assert fetching.posts > posts


def test_since_takes_only_later_periods_and_leaves_the_whole_fetch_as_it_was(fetching):
    fetching("TAB3138")
    result = fetching("TAB3138", since="2020")[0]
    assert result.outcome == "new"
    assert result.periods == ("2020", "2021", "2022", "2023", "2024")
    assert fetching("TAB3138")[0].periods[0] == "2000"
    assert fetching.outcomes("TAB3138", since="2026") == ["unchanged"]


def test_since_never_takes_more_than_the_catalogue_does(fetching, monkeypatch):
    table = load_catalogue().tables["TAB3138"]
    narrow = table.model_copy(update={"selection": {**table.selection, "Tid": "FROM(2015)"}})
    client = ScbClient(fetching.server.url, archive=fetching.archive)
    result = fetch([narrow], client, fetching.archive, since="2001")[0]
    assert (result.periods[0], result.periods[-1]) == ("2015", "2024")


@pytest.mark.parametrize(
    "fault", ["html", "empty500", "wrong_codes", "national_total", "truncated"]
)
def test_one_failing_table_does_not_stop_the_others_and_the_old_stands(fetching, server, fault):
    fetching()
    for table in BRP:
        server.tables[table].touch("2026-01-10T07:00:00Z")
    with server.faults.during(fault, path="TAB3138/data"):
        failed, fetched = fetching()
    assert (failed.outcome, fetched.outcome) == ("failed", "unchanged")
    assert failed.error
    assert failed.updated == "2025-12-11T07:00:00Z"
    held = fetching.archive.snapshots(fetching.source, "TAB3138")
    assert [snapshot.updated for snapshot in held] == ["2025-12-11T07:00:00Z"]
    assert fetching.archive.verify().ok
    assert fetching.outcomes() == ["unchanged", "unchanged"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.rename("ContentsCode", "NR0105AH", "BRP, fasta priser, mnkr"), "fasta priser"),
        (lambda t: t.recode("ContentsCode", "NR0105AH", "NR0105ZZ"), "NR0105ZZ"),
        (lambda t: t.drop("ContentsCode", "NR0105AH"), "NR0105AH"),
    ],
)
def test_a_content_that_has_come_to_mean_something_else_is_not_fetched(
    fetching, server, change, said
):
    change(server.tables["TAB3138"])
    result = fetching("TAB3138")[0]
    assert result.outcome == "failed"
    assert said in str(result.error)
    assert fetching.posts == 0


def test_an_interrupted_fetch_goes_on_where_it_was(fetching, server):
    def interrupt(table: str, done: int, expected: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetching("TAB3143", progress=interrupt)
    answered = len({call.body for call in server.data_calls()})
    assert answered >= 2
    assert fetching.outcomes("TAB3143") == ["new"]
    assert len(server.data_calls()) == len({call.body for call in server.data_calls()})


def test_offline_says_what_the_archive_has_and_opens_no_connection(fetching, monkeypatch):
    fetching("TAB3138")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr("socket.socket", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    held, missing = fetching(offline=True)
    assert (held.outcome, held.updated) == ("unchanged", "2025-12-11T07:00:00Z")
    assert missing.outcome == "failed"
    assert "arkivet" in str(missing.error)


def test_offline_notices_a_damaged_archive(fetching):
    fetching("TAB3138")
    for held in (fetching.archive.folder / fetching.source / "TAB3138").glob("*.gz"):
        held.write_bytes(held.read_bytes()[:-20])
    assert fetching.outcomes("TAB3138", offline=True) == ["failed"]
    assert fetching.outcomes("TAB3138") == ["new"]


def test_a_table_being_updated_all_the_time_fails_and_leaves_nothing_half(fetching, server):
    table = server.tables["TAB3143"]
    count = iter(range(1000))

    def publish(_: str, done: int, expected: int) -> None:
        table.touch(f"2026-02-01T07:{next(count) % 60:02}:00Z")

    result = fetching("TAB3143", progress=publish)[0]
    assert result.outcome == "failed"
    assert "versioner" in str(result.error)
    assert fetching.archive.snapshots(fetching.source, "TAB3143") == []
    assert fetching.archive.verify().ok
    assert fetching.outcomes("TAB3143") == ["new"]


def test_the_tables_of_a_measure_are_found_and_one_that_is_not_fetched_is_refused():
    catalogue = load_catalogue()
    assert [t.id for t in tables_to_fetch(catalogue, ["grp"])] == ["TAB3138"]
    assert {t.id for t in tables_to_fetch(catalogue)} >= {"TAB3138", "TAB3143", "TAB638"}
    assert [t.id for t in tables_to_fetch(catalogue, ["grp", "grp_per_capita"])] == BRP
    with pytest.raises(UsageError, match="population"):
        tables_to_fetch(catalogue, ["business_rd"])
    with pytest.raises(AffarsplanError, match="grp"):
        tables_to_fetch(catalogue, ["grpp"])


def test_a_table_may_not_both_take_and_leave_out_a_variable():
    with pytest.raises(ValueError, match="Kon"):
        Table(id="T1", source="scb", title="x", selection={"Kon": "*"}, without=("Kon",))


def test_three_versions_are_each_compared_with_the_one_before(fetching, server):
    table = server.tables["TAB3138"]
    fetching("TAB3138")
    for month, changed in (("02", "2020"), ("03", "2021")):
        table.touch(f"2026-{month}-10T07:00:00Z")
        table.revise(7.0, Region="19", ContentsCode="NR0105AH", Tid=changed)
        assert fetching("TAB3138")[0].changes.changed == 1
    table.touch("2026-02-10T07:00:00Z")
    table.revisions.pop()
    taken_back = fetching("TAB3138")[0]
    assert (taken_back.outcome, taken_back.changes.changed) == ("revised", 1)
    assert fetching.outcomes("TAB3138") == ["unchanged"]
    assert fetching("TAB3138", offline=True)[0].updated == "2026-02-10T07:00:00Z"


def test_a_damaged_newest_version_is_never_replaced_by_an_older_one(fetching, server):
    fetching("TAB3138")
    server.tables["TAB3138"].touch("2026-01-10T07:00:00Z")
    server.tables["TAB3138"].revise(1.0)
    fetching("TAB3138")
    folder = fetching.archive.folder / fetching.source / "TAB3138"
    newest = fetching.archive.snapshots(fetching.source, "TAB3138")[-1]
    held = fetching.archive.read(fetching.source, "TAB3138", newest.answers[0]).provenance
    (folder / f"{held.sha256}.gz").write_bytes(b"x")
    result = fetching("TAB3138", offline=True)[0]
    assert result.outcome == "failed"
    assert held.sha256 in str(result.error)


def test_contents_with_another_unit_are_not_fetched(fetching, server):
    fetching("TAB3143")
    server.tables["TAB3143"].touch("2026-01-10T07:00:00Z")
    server.tables["TAB3143"]["ContentsCode"].units["NR0105AW"]["base"] = "tkr"
    result = fetching("TAB3143")[0]
    assert result.outcome == "failed"
    assert "tkr" in str(result.error)


def test_contents_with_another_name_that_fits_are_told(fetching, server):
    fetching("TAB3143")
    server.tables["TAB3143"].touch("2026-01-10T07:00:00Z")
    server.tables["TAB3143"].rename("ContentsCode", "NR0105AW", "BRP i löpande priser, omräknad")
    result = fetching("TAB3143")[0]
    assert result.outcome == "revised"
    assert "omräknad" in result.changes.renamed[0]


def test_an_unforeseen_error_in_one_table_does_not_stop_the_others(fetching, monkeypatch):
    from affarsplan_data.sources import fetching as module

    def broken(table: Table, *_: object) -> None:
        if table.id == "TAB3138":
            raise ZeroDivisionError("oj")

    monkeypatch.setattr(module, "require", broken)
    failed, fetched = fetching()
    assert "ZeroDivisionError" in str(failed.error)
    assert fetched.outcome == "new"


def test_a_server_that_is_not_there_is_asked_once_for_all_tables(tmp_path):
    server = PxServer(limit=None)
    server.start()
    server.stop()
    one = Fetching(server, tmp_path)
    results = one()
    assert {result.outcome for result in results} == {"failed"}
    assert len({result.error for result in results}) == 1


def changed_cubes() -> tuple[Cube, Cube]:
    def cube(codes: tuple[str, ...], values: list[float], status: list[int]) -> Cube:
        region = Dimension("Region", "", codes, codes, None, {}, (), {})
        time = Dimension("Tid", "", ("2020",), ("2020",), "time", {}, (), {})
        structure = Structure("SYNTETISKA TESTDATA", None, None, (region, time), (), {})
        return Cube(structure, np.array(values), np.array(status), ("", ".."))

    nan = float("nan")
    return cube(("a", "b", "c"), [1, nan, 3], [0, 1, 0]), cube(
        ("c", "a", "b"), [3, 1, nan], [0, 0, 0]
    )


def test_another_status_is_a_change_and_another_order_is_none():
    old, new = changed_cubes()
    assert changes([old], new).changed == 1
    assert changes([old], old) == changes([new], new)
    turned = replace(
        new,
        structure=replace(new.structure, dimensions=new.structure.dimensions[::-1]),
    )
    assert changes([old], turned).changed == 1
    region, period = old.structure.dimensions
    dimensions = (replace(region, id="Annat"), period)
    fewer = replace(old, structure=replace(old.structure, dimensions=dimensions))
    assert (changes([fewer], new).added, changes([fewer], new).gone) == (3, 3)


def test_versions_are_compared_by_codes_and_not_by_place(server):
    client = ScbClient(server.url, limiter=Limiter(Rate(10**6, 1.0)))
    query = client.query("TAB3138", {"Region": ["00", "19"], "Tid": "TOP(2)"})
    old, _ = client.cube(query)
    wider = client.query("TAB3138", {"Region": ["00", "18", "19"], "Tid": "TOP(3)"})
    new, _ = client.cube(wider)
    difference = changes([old], new)
    assert (difference.changed, difference.gone) == (0, 0)
    assert difference.added == new.values.size - old.values.size
    assert difference.periods == ("2022",)
    assert changes([new], old).gone == new.values.size - old.values.size
    assert changes([old], old).any is False


# The command


@pytest.fixture
def command(server, sample_home):
    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli.app, ["fetch", "--base-url", server.url, *arguments])
        if isinstance(result.exception, AffarsplanError):
            return result.exception.exit_code, str(result.exception)
        return result.exit_code, result.output

    return run


def test_the_command_ends_with_a_table_and_zero(command, sample_home):
    code, output = command("--measure", "grp", "--measure", "grp_per_capita")
    assert code == 0
    for expected in ("TAB3138", "TAB3143", "ny", "2025-12-11", "2000–2024"):
        assert expected in output
    assert list((sample_home / "data" / "raw" / "archive").iterdir())
    assert "oförändrad" in command("--measure", "grp")[1]


def test_the_command_ends_with_three_when_a_table_failed(command, server):
    server.faults.add("redirect", times=None, path="TAB3138")
    code, output = command("--measure", "grp_per_capita")
    assert code == 3
    assert "1 av 2" in output
    assert "TAB3143" in output


@pytest.mark.parametrize(
    "arguments",
    [
        ("--measure", "finnsinte"),
        ("--measure", "business_rd"),
        ("--since", "i fjol"),
        ("--since", "2999"),
        ("--force", "--offline"),
        ("--base-url", ""),
        ("--base-url", "127.0.0.1:80/api"),
        ("--base-url", "http://olle:hemligt@127.0.0.1/api"),
    ],
)
def test_wrong_use_ends_with_two_and_asks_nothing(command, server, arguments):
    code, output = command(*arguments)
    assert code == 2
    assert "." in output
    assert "hemligt" not in output
    assert server.calls == []


def test_made_up_data_are_named_as_such_and_kept_apart_from_scbs(command, sample_home):
    _, output = command("--measure", "grp")
    assert "SYNTETISKA TESTDATA" in output
    assert "inte källans egen server" in output
    folders = [path.name for path in (sample_home / "data/raw/archive").iterdir() if path.is_dir()]
    assert folders
    assert "statistikdatabasen.scb.se" not in folders


def test_several_measures_may_stand_with_commas(command):
    code, output = command("--measure", "grp,population", "--since", "2024")
    assert code == 0
    assert "TAB3138" in output
    assert "TAB638: Tabellen slutar med 2024" in output


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1", "utf-8"])
def test_a_log_in_any_encoding_is_no_hindrance(server, sample_home, encoding):
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "affarsplan_data",
            "fetch",
            "--measure",
            "population",
            "--base-url",
            server.url,
        ],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "TAB638" in run.stdout.decode(encoding)
    assert "1?718" not in run.stdout.decode(encoding)


@pytest.mark.skipif(os.name != "posix", reason="behöver signaler")
@pytest.mark.parametrize("fault", ["hang", "storm"])
def test_an_interruption_ends_the_command_at_once_and_leaves_a_whole_archive(sample_home, fault):
    with PxServer(limit=(3, 40.0)) as server:
        server.faults.add(fault, times=None, path="/data", seconds=60, retry_after=60)
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "affarsplan_data",
                "fetch",
                "--measure",
                "grp",
                "--base-url",
                server.url,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A test run in the background inherits an ignored SIGINT, which Python would keep.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        deadline = time.monotonic() + 20
        while not server.data_calls() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.3)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        assert time.monotonic() - start < 5
    assert process.returncode == cli.INTERRUPTED
    assert "Kör kommandot igen" in errors
    assert "Traceback" not in errors
    assert Archive(sample_home / "data/raw/archive").verify().ok


def archive_command(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, ["archive", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_the_archive_can_be_listed_verified_and_pruned(command, server, sample_home):
    assert "tomt" in archive_command("list")[1]
    command("--measure", "grp")
    assert archive_command("verify")[0] == 0
    server.tables["TAB3138"].touch("2026-01-10T07:00:00Z")
    server.tables["TAB3138"].revise(5.0)
    command("--measure", "grp")
    listed = archive_command("list")[1]
    assert "TAB3138" in listed
    assert "2026-01-10" in listed
    before = {path for path in (sample_home / "data/raw/archive").rglob("*") if path.is_file()}
    assert "skulle tas bort" in archive_command("prune", "--keep", "1", "--dry-run")[1]
    assert before == {p for p in (sample_home / "data/raw/archive").rglob("*") if p.is_file()}
    assert archive_command("prune", "--keep", "1")[0] == 0
    assert len(list((sample_home / "data/raw/archive").rglob("*.snapshot.json"))) == 1
    for held in (sample_home / "data/raw/archive").rglob("*.gz"):
        held.write_bytes(b"x")
    code, output = archive_command("verify")
    assert code == 1
    assert ".gz" in output


@pytest.mark.skipif(not hasattr(os, "fork"), reason="behöver fork")
def test_fifty_fetches_killed_at_random_moments_leave_a_whole_archive(server, tmp_path):
    script = Path(__file__).with_name("kill_fetches.py")
    run = subprocess.run(
        [sys.executable, script, server.url, tmp_path, "50"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    lines = [line.split() for line in run.stdout.splitlines()]
    kills = [line for line in lines if line[0] == "killed"]
    completed = [line for line in lines if line[0] == "completed"]
    assert len(kills) == 50
    assert len(completed) >= 17
    assert all(faults == "0" for _, faults, *_ in lines)
    assert all(set(outcomes) <= {"new", "unchanged"} for _, _, *outcomes in completed)

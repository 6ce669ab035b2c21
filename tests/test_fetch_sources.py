"""Fetching from every source at once, each at a test server of its own. SYNTETISKA TESTDATA."""

import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from affarsplan_data import cli
from affarsplan_data.archive import Archive
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.scb import Patience
from affarsplan_data.scb.addresses import archive_name
from affarsplan_data.sources.providers import PROVIDERS
from affarsplan_data.sources.rounds import fetch_all
from affarsplan_data.sources.snapshots import Fetched
from tests.pxserver.themes_firms import BANKRUPTCIES, NEW_FIRMS
from tests.servers import Servers
from tests.servers.front import PATHS

ONE_OF_EACH = ("TAB6384", "kolada_service", "new_firms_by_quarter", "ftgstat", "digitala_granser")
SOURCES = ("scb", "kolada", "tillvaxtanalys", "bolagsverket", "scb_boundaries")
LOOKED_UP, FOUND = "ArRegSektorSyss", "TAB92101"
SUMMARY_WIDTH = 80


@pytest.fixture(scope="module")
def running() -> Iterator[Servers]:
    with Servers() as servers:
        yield servers


@pytest.fixture
def servers(running: Servers) -> Iterator[Servers]:
    """All servers, plugged in afterwards."""
    yield running
    for source in PATHS:
        running.plug_in(source)


@pytest.fixture
def fresh() -> Iterator[Servers]:
    """Servers of the test's own, to change."""
    with Servers() as servers:
        yield servers


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no client wait long for a server that does not answer."""

    def little(**_: object) -> Patience:
        return Patience(total=60, attempts=2, first_wait=0.02, longest_wait=0.1)

    monkeypatch.setattr("affarsplan_data.scb.base.Patience", little)
    monkeypatch.setattr("affarsplan_data.sources.bolagsverket.PATIENCE", little())


class Round:
    """Fetches tables by their ids into an archive of its own, and returns what became of each."""

    def __init__(self, servers: Servers, folder: Path) -> None:
        self.addresses = {source: servers.url(source) for source in PATHS}
        self.archive = Archive(folder)
        self.servers = servers

    def __call__(self, *tables: str, **options: object) -> dict[str, Fetched]:
        catalogue = load_catalogue()
        chosen = [catalogue.tables[table] for table in tables]
        results = fetch_all(catalogue, chosen, self.archive, self.addresses, **options)
        return {result.table.id: result for result in results}

    def server(self, source: str) -> str:
        """Return a source's name in the archive."""
        return archive_name(self.addresses[source])


def outcomes(results: dict[str, Fetched]) -> dict[str, str]:
    return {id: result.outcome for id, result in results.items()}


def errors(results: dict[str, Fetched]) -> str:
    return "; ".join(str(result.error) for result in results.values() if result.error)


def test_a_whole_fetch_lands_every_table_and_a_silent_source_takes_no_other_with_it(
    servers, sample_home, monkeypatch, impatient
):
    for name, value in servers.environment.items():
        monkeypatch.setenv(name, value)
    first = CliRunner().invoke(cli.app, ["fetch"])
    assert first.exit_code == 0, first.output
    catalogue = load_catalogue()
    archive = Archive(sample_home / "data/raw/archive")
    for table in catalogue.tables.values():
        server = archive_name(servers.url(table.source))
        (snapshot,) = archive.recorded(server, table.id)
        cubes = PROVIDERS[catalogue.sources[table.source].interface].read(archive, snapshot)
        assert cubes or catalogue.is_of_boundaries(table), table.id
    assert archive.verify().ok
    rows = [line for line in first.stdout.splitlines() if "  ny  " in line]
    assert len(rows) >= len(catalogue.tables)
    assert max(len(row.rstrip()) for row in rows) <= SUMMARY_WIDTH
    for source in SOURCES:
        assert f"Hämtat till arkivet: {catalogue.sources[source].name}" in first.stdout

    asked = servers.data_calls()
    servers.unplug("kolada")
    second = CliRunner().invoke(cli.app, ["fetch"])
    assert second.exit_code == 3
    assert servers.data_calls() == asked
    of_kolada = [t.id for t in catalogue.tables.values() if t.source == "kolada"]
    assert (
        f"{len(of_kolada)} av {len(catalogue.tables)} tabeller kunde inte hämtas" in second.output
    )
    assert second.stdout.count("  oförändrad  ") == len(catalogue.tables) - len(of_kolada)
    for table in of_kolada:
        assert len(archive.recorded(archive_name(servers.url("kolada")), table)) == 1


@pytest.fixture(scope="module")
def fetched(running: Servers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a table of each source."""
    folder = tmp_path_factory.mktemp("fetched")
    results = Round(running, folder)(*ONE_OF_EACH)
    assert set(outcomes(results).values()) == {"new"}, errors(results)
    return folder


@pytest.mark.parametrize(
    ("source", "how"), [*zip(SOURCES, ["503", "cut", "cut", "503", "503"], strict=True)]
)
def test_one_source_unplugged_fails_its_own_tables_and_the_old_stands(
    servers, fetched, tmp_path, impatient, source, how
):
    fetch = Round(servers, shutil.copytree(fetched, tmp_path / "archive"))
    mine = next(t for t in ONE_OF_EACH if load_catalogue().tables[t].source == source)
    servers.unplug(source, how)
    results = fetch(*ONE_OF_EACH)
    assert outcomes(results) == dict.fromkeys(ONE_OF_EACH, "unchanged") | {mine: "failed"}
    assert results[mine].cells > 0
    assert results[mine].error
    assert fetch.archive.verify().ok


def test_a_source_whose_address_is_none_fails_its_own_tables(servers, tmp_path, monkeypatch):
    fetch = Round(servers, tmp_path)
    monkeypatch.setitem(fetch.addresses, "kolada", "ingen adress")
    results = fetch("TAB6384", "kolada_service")
    assert outcomes(results) == {"TAB6384": "new", "kolada_service": "failed"}
    assert "ingen adress" in errors(results)


def test_an_interruption_is_not_outlived_by_what_is_under_way(servers, tmp_path):
    fetch = Round(servers, tmp_path)

    def interrupt(_: Fetched) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(*ONE_OF_EACH, done=interrupt)
    assert fetch.archive.verify().ok
    assert set(outcomes(fetch(*ONE_OF_EACH)).values()) <= {"new", "unchanged"}


def test_offline_reads_all_sources_and_asks_nobody(servers, fetched, tmp_path, monkeypatch):
    fetch = Round(servers, shutil.copytree(fetched, tmp_path / "archive"))
    fetch(LOOKED_UP)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr("socket.socket", refuse)
    results = fetch(*ONE_OF_EACH, LOOKED_UP, "kolada_rd", offline=True)
    assert results.pop("kolada_rd").outcome == "failed"
    assert set(outcomes(results).values()) == {"unchanged"}
    assert all(result.cells for result in results.values())


def test_since_reaches_every_source(servers, tmp_path):
    fetch = Round(servers, tmp_path)
    results = fetch("TAB6384", "kolada_service", "bankruptcies_by_month", "ftgstat", since="2024")
    assert set(outcomes(results).values()) == {"new"}, errors(results)
    assert {period[:4] for result in results.values() for period in result.periods} == {
        "2024",
        "2025",
    }
    late = fetch("bankruptcies_by_month", since="2025")["bankruptcies_by_month"]
    assert late.periods == tuple(f"2025M{month:02}" for month in range(1, 13))
    assert late.cells == 12 * 21 * 2


# Tables that are looked up


def test_a_table_that_is_looked_up_lies_under_the_catalogues_name_and_shows_the_producers(
    fresh, tmp_path
):
    fetch = Round(fresh, tmp_path)
    first = fetch(LOOKED_UP)[LOOKED_UP]
    assert (first.outcome, first.found) == ("new", FOUND), first.error
    server = fetch.server("scb")
    (snapshot,) = fetch.archive.recorded(server, LOOKED_UP)
    addresses = {
        fetch.archive.read(server, LOOKED_UP, answer).provenance.url for answer in snapshot.ids
    }
    assert all(f"/tables/{FOUND}/" in address for address in addresses)
    posts = fresh.data_calls()
    assert fetch(LOOKED_UP)[LOOKED_UP].outcome == "unchanged"
    assert fresh.data_calls() == posts


def test_a_table_under_a_new_id_is_found_again_and_has_not_changed(fresh, tmp_path):
    fetch = Round(fresh, tmp_path)
    fetch(LOOKED_UP)
    tables = fresh.scb.tables
    table = tables.find(FOUND)
    del tables[FOUND], tables._builders[FOUND]
    table.id = "TAB77777"
    tables["TAB77777"] = table
    moved = fetch(LOOKED_UP)[LOOKED_UP]
    assert (moved.outcome, moved.found) == ("unchanged", "TAB77777"), moved.error


def test_of_two_tables_that_fit_neither_is_fetched(fresh, tmp_path):
    fetch = Round(fresh, tmp_path)
    table = fresh.scb.tables.find(FOUND)
    twin = type(table)(**{**vars(table), "id": "TAB77777"})
    fresh.scb.tables["TAB77777"] = twin
    result = fetch(LOOKED_UP)[LOOKED_UP]
    assert result.outcome == "failed"
    for said in ("Flera tabeller", FOUND, "TAB77777", f"find för {LOOKED_UP}"):
        assert said in str(result.error)
    assert fresh.data_calls() == 0
    twin.path = (("XX", "Annat"), ("XX0001", "Annat"))
    assert fetch(LOOKED_UP)[LOOKED_UP].found == FOUND


def test_a_table_that_is_not_found_is_said_with_what_was_looked_through(fresh, tmp_path):
    fetch = Round(fresh, tmp_path)
    fetch(LOOKED_UP)
    fresh.scb.tables.find(FOUND).path = (("XX", "Annat"),)
    result = fetch(LOOKED_UP)[LOOKED_UP]
    assert result.outcome == "failed"
    assert "Ingen tabell har" in str(result.error)
    assert f"find för {LOOKED_UP}" in str(result.error)
    assert result.cells > 0


# PxWeb v1


def agency(servers: Servers) -> dict:
    """Return the agency's tables by their paths, which the server makes when it is first asked."""
    urllib.request.urlopen(servers.url("tillvaxtanalys").rpartition("/")[0] + "/sv").read()
    return servers.tillvaxtanalys.v1.agency


def test_a_renamed_file_is_found_again_and_has_not_changed(fresh, tmp_path):
    fetch = Round(fresh, tmp_path)
    first = fetch("new_firms_by_quarter")["new_firms_by_quarter"]
    assert (first.outcome, first.found) == ("new", NEW_FIRMS), first.error
    tables = agency(fresh)
    renamed = NEW_FIRMS.replace("nystartade_foretag_kvartal_lan", "nyaf_kvartal_lan_2026")
    tables[renamed] = tables.pop(NEW_FIRMS)
    second = fetch("new_firms_by_quarter")["new_firms_by_quarter"]
    assert (second.outcome, second.found) == ("unchanged", renamed), second.error
    posts = fresh.data_calls()
    assert fetch("new_firms_by_quarter")["new_firms_by_quarter"].outcome == "unchanged"
    assert fresh.data_calls() == posts


def test_a_file_is_fetched_again_when_its_level_says_that_it_was_updated(fresh, tmp_path):
    fetch = Round(fresh, tmp_path)
    fetch("new_firms_by_quarter")
    table = agency(fresh)[NEW_FIRMS]
    table.touch("2025-05-20T08:00:00Z")
    table.revise(3.0, **{"Län": "0"})
    result = fetch("new_firms_by_quarter")["new_firms_by_quarter"]
    assert (result.outcome, result.updated) == ("revised", "2025-05-20T08:00:00")
    assert result.changes.changed == len(result.periods)


def test_running_numbers_are_read_and_compared_by_the_codes_in_their_labels(fresh, tmp_path):
    fetch = Round(fresh, tmp_path)
    name = "bankruptcies_by_month"
    first = fetch(name)[name]
    assert first.periods[0] == "2024M01"
    assert first.periods[-1] == "2025M12"
    table = agency(fresh)[BANKRUPTCIES]
    table.touch("2026-02-20T08:00:00Z")
    table.add("månad", "24", "2026M01")
    assert fetch(name)[name].changes.periods == ("2026M01",)
    months = table["månad"]
    months.values = {str(n): label for n, label in enumerate([*months.values.values()][1:])}
    table.touch("2026-03-20T08:00:00Z")
    refused = fetch(name)[name]
    assert refused.outcome == "failed"
    assert "2024M01" in str(refused.error)
    assert "--force" in str(refused.error)
    assert fetch(name, force=True)[name].periods[0] == "2024M02"


def test_a_level_that_says_no_time_lets_the_figures_be_asked_for_and_compared(fresh, tmp_path):
    fetch = Round(fresh, tmp_path)
    agency(fresh)[NEW_FIRMS].updated = None
    name = "new_firms_by_quarter"
    assert fetch(name)[name].outcome == "new"
    posts = fresh.data_calls()
    assert fetch(name)[name].outcome == "unchanged"
    assert fresh.data_calls() > posts
    assert len(fetch.archive.recorded(fetch.server("tillvaxtanalys"), name)) == 1


def test_two_files_that_fit_and_a_folder_that_is_gone_are_said(fresh, tmp_path):
    fetch = Round(fresh, tmp_path)
    tables = agency(fresh)
    name = "new_firms_by_quarter"
    twin = NEW_FIRMS.replace("_lan.px", "_lan_2.px")
    tables[twin] = tables[NEW_FIRMS]
    several = str(fetch(name)[name].error)
    assert NEW_FIRMS in several
    assert twin in several
    for path in (NEW_FIRMS, twin):
        tables[path.replace("Nystartade företag", "Nya företag")] = tables.pop(path)
    gone = str(fetch(name)[name].error)
    assert "ingen mapp Nystartade företag" in gone
    assert "Nya företag" in gone
    assert fresh.data_calls() == 0


def test_an_interrupted_v1_fetch_goes_on_where_it_was(fresh, tmp_path):
    fetch = Round(fresh, tmp_path)
    fresh.tillvaxtanalys.v1.max_cells = 200
    name = "new_firms_by_quarter"

    def interrupt(_: str, done: int, __: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(name, progress=interrupt)
    assert fetch(name)[name].outcome == "new"
    bodies = [call.body for call in fresh.tillvaxtanalys.calls if call.method == "POST"]
    assert len(bodies) == len(set(bodies)) > 4


# What does not fit


def test_what_does_not_fit_the_catalogue_is_refused_before_its_figures_are_asked_for(
    fresh, tmp_path
):
    fetch = Round(fresh, tmp_path)
    fresh.scb.tables.find("TAB6384").drop("Region", "19")
    fresh.kolada.kpis["U07451"]["title"] = "Något helt annat"
    agency(fresh)[NEW_FIRMS]["Län"].values["0"] = "Stockholms län"
    results = fetch("TAB6384", "kolada_service", "new_firms_by_quarter")
    assert set(outcomes(results).values()) == {"failed"}
    assert "19 Västmanland" in str(results["TAB6384"].error)
    assert "Något helt annat" in str(results["kolada_service"].error)
    assert "Stockholms län" in str(results["new_firms_by_quarter"].error)
    assert fresh.data_calls() == 0


def test_a_file_that_does_not_fit_is_refused_before_it_is_committed(fresh, tmp_path):
    fetch = Round(fresh, tmp_path)
    lines = fresh.bolagsverket.content.split(b"\r\n")
    fresh.bolagsverket.content = b"\r\n".join(line for line in lines if b"Arboga" not in line)
    result = fetch("ftgstat")["ftgstat"]
    assert result.outcome == "failed"
    assert "1984 Arboga" in str(result.error)
    assert fetch.archive.recorded(fetch.server("bolagsverket"), "ftgstat") == []


# The command


def test_delivered_files_are_taken_in_and_one_with_faults_gives_three(
    servers, sample_home, monkeypatch
):
    for name, value in servers.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(
        "affarsplan_data.sources.fetching.tables_to_fetch",
        lambda catalogue, measures: (catalogue.tables["TAB6384"],),
    )
    folder = sample_home / "data/raw/delivered"
    folder.mkdir(parents=True)
    (folder / "fel.csv").write_text("inte;en;mall\n", encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["fetch"])
    assert result.exit_code == 3
    assert "TAB6384" in result.output
    assert "fel.csv" in result.output
    (folder / "fel.csv").unlink()
    assert CliRunner().invoke(cli.app, ["fetch"]).exit_code == 0


def test_an_address_of_a_source_that_cannot_be_asked_is_wrong_use(sample_home):
    result = CliRunner().invoke(cli.app, ["fetch", "--base-url", "skr=http://127.0.0.1:1/"])
    assert isinstance(result.exception, AffarsplanError)
    assert result.exception.exit_code == 2
    assert "kolada" in str(result.exception)


def test_the_test_servers_start_by_hand_and_say_how_they_are_reached():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.servers", "--fault", "kolada:503"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    try:
        line = process.stdout.readline()
        assert line.startswith('export AFFARSPLAN_BASE_URL="scb=http://127.0.0.1:')
        address = dict(part.split("=", 1) for part in line.split('"')[1].split())
        assert set(address) == set(PATHS)
        with pytest.raises(urllib.error.HTTPError, match="503"):
            urllib.request.urlopen(f"{address['kolada']}/municipality")
        with urllib.request.urlopen(f"{address['kolada']}/municipality") as answer:
            assert answer.status == 200
    finally:
        process.terminate()
        process.wait(timeout=10)

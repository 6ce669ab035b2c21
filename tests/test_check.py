"""``affarsplan check``: what no longer fits is said, one sentence for each thing."""

import json

import pytest
from typer.testing import CliRunner

from affarsplan_data import cli
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.sources.checks import of_pxweb2
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.scb import Limiter, Rate, ScbClient
from tests.pxserver import PxServer


@pytest.fixture
def server():
    with PxServer(limit=None) as running:
        yield running


def found(server: PxServer, table: str, **changes: object):
    client = ScbClient(server.url, limiter=Limiter(Rate(10**6, 1.0)))
    return of_pxweb2(load_catalogue().tables[table].model_copy(update=changes), client)


@pytest.mark.parametrize("table", list(load_catalogue().tables))
def test_every_table_of_the_catalogue_fits_the_server_made_after_it(server, table):
    checked = found(server, table)
    assert checked.faults == ()
    assert "SYNTETISKA TESTDATA" in str(checked.label)
    assert checked.updated
    assert checked.last_period


CHANGES = {
    "a content renamed": (
        lambda t: t.rename("ContentsCode", "NR0105AW", "Något annat"),
        "Något annat",
    ),
    "a content gone": (lambda t: t.drop("ContentsCode", "NR0105AW"), "NR0105AW"),
    "a municipality gone": (lambda t: t.drop("Region", "1984"), "1984 Arboga"),
    "a municipality unknown": (lambda t: t.add("Region", "1999", "Nystad"), "1999 Nystad"),
    "another unit": (
        lambda t: t["ContentsCode"].units["NR0105AW"].update(base="kronor"),
        "kronor",
    ),
    "a variable renamed": (lambda t: setattr(t["Region"], "code", "Omrade"), "Region"),
    "discontinued": (lambda t: setattr(t, "discontinued", True), "uppdateras inte"),
    "a period that is none": (lambda t: t.add("Tid", "i fjol"), "i fjol"),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_what_no_longer_fits_is_said(server, change):
    act, said = CHANGES[change]
    act(server.tables["TAB3143"])
    checked = found(server, "TAB3143")
    assert not checked.ok
    assert any(said in fault for fault in checked.faults), checked.faults


def test_a_table_that_is_not_there_is_looked_for_by_its_title(server):
    checked = found(server, "TAB3143", id="TAB31430")
    assert "finns inte" in checked.faults[0]
    assert any(proposal.startswith("TAB3143 ") for proposal in checked.proposals)


@pytest.fixture
def command(server, sample_home):
    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli.app, ["check", "--base-url", server.url, *arguments])
        if isinstance(result.exception, AffarsplanError):
            return result.exception.exit_code, str(result.exception)
        return result.exit_code, result.output

    return run


def test_the_command_writes_a_dated_file_and_ends_with_zero_when_all_fits(command, sample_home):
    code, output = command("--table", "TAB3138", "--table", "TAB3143")
    assert code == 0
    assert "stämmer inte" not in output
    (written,) = (sample_home / "data/processed/checks").glob("*.json")
    report = json.loads(written.read_text(encoding="utf-8"))
    assert [one["table"] for one in report["tables"]] == ["TAB3138", "TAB3143"]
    assert all(one["ok"] for one in report["tables"])


def test_the_command_ends_with_one_when_something_does_not_fit(command, server):
    server.tables["TAB3143"].drop("Region", "1984")
    code, output = command("--table", "TAB3143")
    assert code == 1
    assert "1984 Arboga" in output


def test_an_unknown_table_is_wrong_use(command, server):
    code, output = command("--table", "TAB1")
    assert code == 2
    assert "TAB3138" in output
    assert server.calls == []


def test_a_server_that_cannot_be_asked_ends_with_three(sample_home):
    running = PxServer(limit=None)
    running.start()
    running.stop()
    result = CliRunner().invoke(cli.app, ["check", "--table", "TAB3138", "--base-url", running.url])
    assert isinstance(result.exception, AffarsplanError)
    assert result.exception.exit_code == 3

"""``affarsplan check``: what no longer fits is said, one sentence for each thing, source by source.

SYNTETISKA TESTDATA: what the servers answer is made up.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from typer.testing import CliRunner

from affarsplan_data import cli, regions
from affarsplan_data.catalogue import Table, load_catalogue
from affarsplan_data.catalogue.releases import Release
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.scb import Limiter, Patience, PxWebV1Client, Rate, ScbClient
from affarsplan_data.sources.bolagsverket import BolagsverketClient
from affarsplan_data.sources.checks import (
    Checked,
    late,
    of_bolagsverket,
    of_kolada,
    of_pxweb1,
    of_pxweb2,
)
from affarsplan_data.sources.inspection import check_tables
from affarsplan_data.sources.kolada import KoladaClient
from tests.bolagsverketserver import BolagsverketServer
from tests.koladaserver import KoladaServer
from tests.pxserver import PxServer
from tests.servers import Servers

CATALOGUE = load_catalogue()
OF_SCB = [table.id for table in CATALOGUE.tables.values() if table.source == "scb"]
LEVELS = ["country", "county", "municipality"]

PRODUCT = Table.model_validate(
    {
        "id": "TAB3143",
        "source": "scb",
        "title": "Bruttoregionprodukt per kommun",
        "title_words": ["bruttoregionprodukt", "kommun"],
        "selection": {"Region": "*", "ContentsCode": ["NR0105AW", "NR0105AY"], "Tid": "*"},
        "contents": {"NR0105AW": ["BRP, löpande"], "NR0105AY": ["BRP", "invånare"]},
        "columns": {
            "Region": {"to": "region", "drop": ["9900"], "levels": ["municipality"]},
            "Tid": "period",
        },
        "gives": [
            {"measure": "grp_municipal", "content": "NR0105AW", "unit": ["mnkr"]},
            {"measure": "grp_per_capita", "content": "NR0105AY", "unit": ["tkr"]},
        ],
    }
)
PEOPLE = Table.model_validate(
    {
        "id": "TAB638",
        "source": "scb",
        "title": "Folkmängd efter region, civilstånd, ålder och kön",
        "selection": {"Region": "*", "Alder": "tot", "Kon": "*", "ContentsCode": "BE0101N1"},
        "without": ["Civilstand"],
        "columns": {
            "Region": {"to": "region", "levels": LEVELS},
            "Alder": {"to": "age", "codes": {"tot": "total"}},
            "Kon": {"to": "sex", "codes": {"1": "men", "2": "women"}},
            "Tid": "period",
        },
        "gives": [{"measure": "population", "content": "BE0101N1"}],
    }
)


@pytest.fixture
def server() -> Iterator[PxServer]:
    with PxServer(limit=None) as running:
        yield running


def limiter() -> Limiter:
    return Limiter(Rate(10**6, 1.0))


def found(server: PxServer, table: Table, **changes: Any) -> Checked:
    client = ScbClient(server.url, limiter=limiter())
    return of_pxweb2(table.model_copy(update=changes), client)


@pytest.mark.parametrize("table", OF_SCB)
def test_every_table_of_the_catalogue_fits_the_server_made_after_it(server, table):
    checked = found(server, CATALOGUE.tables[table])
    assert checked.faults == ()
    assert "SYNTETISKA TESTDATA" in str(checked.label)
    assert checked.updated
    assert checked.last_period


@pytest.mark.parametrize("table", [PRODUCT, PEOPLE])
def test_a_table_that_is_as_declared_fits(server, table):
    checked = found(server, table)
    assert checked.faults == ()
    assert checked.ok


CHANGES: dict[str, tuple[Callable[[Any], object], str]] = {
    "a content with another code": (
        lambda t: t.recode("ContentsCode", "NR0105AW", "NR0105ZZ"),
        "Innehållet NR0105AW finns inte. De som finns: NR0105ZZ",
    ),
    "a content with another label": (
        lambda t: t.rename("ContentsCode", "NR0105AW", "Något annat"),
        "heter nu ”Något annat”, utan ”BRP, löpande”",
    ),
    "a content gone": (lambda t: t.drop("ContentsCode", "NR0105AW"), "NR0105AW finns inte"),
    "a municipality gone": (lambda t: t.drop("Region", "1984"), "saknas i svaret: 1984 Arboga"),
    "a municipality unknown": (
        lambda t: t.add("Region", "1999", "Nystad"),
        "Regionen 1999 Nystad finns inte i regionregistret",
    ),
    "kr where there was tkr": (
        lambda t: t["ContentsCode"].units["NR0105AY"].update(base="kr"),
        "har enheten kr, men katalogen räknar med tkr",
    ),
    "a variable renamed": (
        lambda t: setattr(t["Region"], "code", "Omrade"),
        "inte variabeln ”Region”",
    ),
    "discontinued": (lambda t: setattr(t, "discontinued", True), "uppdateras inte längre"),
    "a period that is none": (lambda t: t.add("Tid", "i fjol"), "”i fjol” är ingen period"),
    "another title": (
        lambda t: setattr(t, "label", "SYNTETISKA TESTDATA: Löner per kommun"),
        "utan ”bruttoregionprodukt”",
    ),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_what_no_longer_fits_is_said_once(server, change):
    act, said = CHANGES[change]
    act(server.tables["TAB3143"])
    checked = found(server, PRODUCT)
    assert not checked.ok
    assert [said in fault for fault in checked.faults].count(True) == 1, checked.faults
    assert all(fault.endswith(".") for fault in checked.faults)


def test_two_things_wrong_are_two_sentences(server):
    table = server.tables["TAB3143"]
    table.drop("Region", "1984")
    table["ContentsCode"].units["NR0105AY"].update(base="kr")
    assert len(found(server, PRODUCT).faults) == 2


def test_a_new_code_in_a_mapped_variable_is_a_fault(server):
    server.tables["TAB638"].add("Kon", "3", "uppgift saknas")
    (fault,) = found(server, PEOPLE).faults
    assert fault == "Variabeln Kon har koden 3 (uppgift saknas), som katalogen inte förklarar."


def test_a_code_that_is_asked_for_and_gone_is_said_and_the_rest_is_checked_too(server):
    server.tables["TAB638"].recode("Alder", "tot", "TotSA")
    server.tables["TAB638"].drop("Region", "1984")
    faults = found(server, PEOPLE).faults
    assert len(faults) == 2
    assert any("Alder" in fault and "tot" in fault for fault in faults)
    assert any("1984 Arboga" in fault for fault in faults)


def test_a_series_that_the_catalogue_calls_ended_may_be_discontinued(server):
    server.tables["TAB3143"].discontinued = True
    assert found(server, PRODUCT, ended=True).ok


def test_a_table_that_has_moved_is_looked_for_by_its_title(server):
    checked = found(server, PRODUCT, id="TAB31430")
    assert "TAB31430 finns inte på servern" in checked.faults[0]
    assert any(proposal.startswith("TAB3143 ") for proposal in checked.proposals)


def test_a_table_without_a_known_id_is_looked_up_and_its_id_shown(server):
    find = {"query": "bruttoregionprodukt kommun", "words": ["bruttoregionprodukt", "kommun"]}
    unknown = Table.model_validate({**PRODUCT.model_dump(), "id": "brp_kommun", "find": find})
    checked = found(server, unknown)
    assert checked.ok, checked.faults
    assert checked.id == "TAB3143"
    find["words"] = ["bruttoregionprodukt", "stadsdel"]
    lost = Table.model_validate({**unknown.model_dump(), "find": find})
    (fault,) = found(server, lost).faults
    assert "stadsdel" in fault
    assert "TAB3143" in fault


def test_figures_that_should_have_come_long_ago_are_a_remark_and_no_fault(server):
    yearly = Release(frequency="year", lag_months=12)
    table = PRODUCT.model_copy(update={"release": yearly})
    assert late(table, "2024", date(2026, 12, 1)) is None
    assert late(table, "2024", date(2027, 1, 15)) is None
    assert "nya väntades 2026-12" in str(late(table, "2024", date(2027, 3, 1)))
    assert late(table.model_copy(update={"ended": True}), "2024", date(2030, 1, 1)) is None
    assert "2024M01" in str(late(table, "2024M01", date(2026, 1, 1)))
    for year in [code for code in server.tables["TAB3143"]["Tid"].values if code > "2015"]:
        server.tables["TAB3143"].drop("Tid", year)
    checked = found(server, table)
    assert checked.ok
    assert "slutar med 2015" in checked.remarks[0]


NEW_FIRMS = Table.model_validate(
    {
        "id": "new_firms_by_quarter",
        "source": "tillvaxtanalys",
        "title": "Nystartade företag efter län och kvartal",
        "title_words": ["nystartade företag"],
        "find": {
            "query": "nystartade företag",
            "words": ["nystartade företag", "kvartal"],
            "folder": "Nystartade företag",
        },
        "columns": {
            "Tid": "period",
            "Län": {"to": "region", "code_in_label": True, "levels": ["country", "county"]},
            "variabel": {"to": "none", "codes": {"0": "total"}},
        },
        "gives": [{"measure": "new_firms_quarterly"}],
    }
)


def at_tillvaxtanalys(server: PxServer) -> Checked:
    return of_pxweb1(NEW_FIRMS, PxWebV1Client(server.url_tva, limiter=limiter()))


def test_a_v1_table_is_looked_up_and_its_regions_read_from_labels(server):
    checked = at_tillvaxtanalys(server)
    assert checked.ok, checked.faults
    assert str(checked.id).endswith("nystartade_foretag_kvartal_lan.px")
    assert checked.last_period == "2024K4"
    assert str(checked.updated).startswith("2025-02-20")


def test_a_county_that_a_v1_table_has_lost_is_named(server):
    table = server.v1.agency[str(at_tillvaxtanalys(server).id)]
    place = next(c for c, label in table["Län"].values.items() if label.startswith("19 "))
    table.drop("Län", place)
    table.add("variabel", "1", "Andel nystartade företag")
    faults = at_tillvaxtanalys(server).faults
    assert any("19 Västmanlands län" in fault for fault in faults)
    assert any("Andel nystartade företag" in fault for fault in faults)


KPIS = Table.model_validate(
    {
        "id": "kolada_new_firms",
        "source": "kolada",
        "title": "Nystartade företag (Kolada)",
        "selection": {"KPI": ["N00999", "N01003"], "Region": "*"},
        "contents": {"N00999": ["nystartade", "1 000"], "N01003": ["nystartade företag", "antal"]},
        "columns": {
            "Region": {"to": "region", "levels": LEVELS},
            "Kon": {"to": "sex", "codes": {"T": "total"}},
            "Tid": "period",
        },
        "gives": [
            {"measure": "new_firms_per_1000", "content": "N00999"},
            {"measure": "new_firms", "content": "N01003", "unit": "antal"},
        ],
    }
)


@pytest.fixture
def kolada() -> Iterator[KoladaServer]:
    with KoladaServer() as running:
        running.municipalities = {
            code.rjust(4, "0"): (region.name, "K" if len(code) == 4 else "L")
            for code, region in regions.all_regions().items()
        }
        yield running


def at_kolada(kolada: KoladaServer) -> Checked:
    return of_kolada(KPIS, KoladaClient(kolada.url, limiter=limiter()))


def test_key_figures_as_declared_fit(kolada):
    checked = at_kolada(kolada)
    assert checked.ok, checked.faults
    assert checked.remarks == ()
    assert checked.updated == "2026-04-01"
    assert kolada.data_calls() == []


def test_a_key_figure_that_is_gone_or_deleted_is_said_once(kolada):
    removed = kolada.kpis.pop("N01003")
    (fault,) = at_kolada(kolada).faults
    assert "N01003 finns inte längre i Kolada" in fault
    assert "N00999" in fault
    kolada.kpis["N01003"] = removed | {"is_deleted": True}
    assert len(at_kolada(kolada).faults) == 1


def test_a_key_figure_with_another_title_or_unit_is_said(kolada):
    kolada.kpis["N00999"]["title"] = "Nedlagda företag, antal/1 000 invånare"
    kolada.kpis["N01003"]["title"] = "Nystartade företag, antal, andel (%)"
    title, unit = at_kolada(kolada).faults
    assert "N00999 heter nu ”Nedlagda företag" in title
    assert "har enheten andel (%), men katalogen räknar med antal" in unit


def test_a_municipality_that_kolada_lacks_is_named_and_a_new_one_is_a_remark(kolada):
    kolada.municipalities["1999"] = ("Nystad", "K")
    checked = at_kolada(kolada)
    assert checked.ok
    assert "1999 Nystad" in checked.remarks[0]
    del kolada.municipalities["1984"]
    (fault,) = at_kolada(kolada).faults
    assert "1984 Arboga" in fault


FILE = Table.model_validate(
    {
        "id": "ftgstat",
        "source": "bolagsverket",
        "title": "Nyregistrerade företag",
        "selection": {"Handelse": "1", "Form": ["AB", "E"]},
    }
)


def test_bolagsverkets_file_is_there_or_not_and_is_not_sent():
    with BolagsverketServer() as running:
        client = BolagsverketClient(running.url, limiter=limiter())
        checked = of_bolagsverket(FILE, client)
        assert checked.ok
        assert checked.updated == "2026-03-02T05:30:00+00:00"
        assert "Filens kolumner kan inte prövas" in checked.remarks[0]
        running.head_status = 404
        (fault,) = of_bolagsverket(FILE, client).faults
        assert "404" in fault
        assert running.times("GET") == 0
        wrong = FILE.model_copy(update={"selection": {"Storlek": "1"}})
        assert "Storlek" in of_bolagsverket(wrong, client).faults[0]


@pytest.fixture
def hasty(monkeypatch) -> None:
    monkeypatch.setattr(Patience, "wait", lambda *_: 0.01)


def closed() -> str:
    with PxServer(limit=None) as running:
        return running.url


def test_a_silent_server_stops_no_other_and_is_asked_once(kolada, hasty):
    told: list[str] = []
    result = check_tables(
        CATALOGUE,
        [PRODUCT, PEOPLE, KPIS],
        {"scb": closed(), "kolada": kolada.url},
        lambda one: told.append(one.table.id),
    )
    assert told == ["TAB3143", "TAB638", "kolada_new_firms"]
    assert [one.error is None for one in result] == [False, False, True]
    assert result[0].error == result[1].error
    assert result[2].ok


def test_every_table_of_every_source_fits_the_servers_made_after_the_catalogue(
    sample_home, monkeypatch
):
    with Servers() as servers:
        for name, value in servers.environment.items():
            monkeypatch.setenv(name, value)
        result = CliRunner().invoke(cli.app, ["check"])
    assert result.exit_code == 0, result.output
    tables = written(sample_home)["tables"]
    assert {one["table"] for one in tables} == CATALOGUE.tables.keys()
    assert {one["source"] for one in tables} >= {"scb", "kolada", "tillvaxtanalys", "bolagsverket"}
    looked_up = [t.id for t in CATALOGUE.tables.values() if t.find]
    assert all(one["id"] != one["table"] for one in tables if one["table"] in looked_up)


@pytest.fixture
def command(server, sample_home):
    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli.app, ["check", "--base-url", server.url, *arguments])
        if isinstance(result.exception, AffarsplanError):
            return result.exception.exit_code, str(result.exception)
        return result.exit_code, result.output

    return run


def written(home: Any) -> dict[str, Any]:
    (path,) = (home / "data/processed/checks").glob("*.json")
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return report


def test_the_command_writes_a_dated_file_and_ends_with_zero_when_all_fits(command, sample_home):
    code, output = command("--table", "TAB3138", "--table", "TAB3143")
    assert code == 0
    assert "stämmer inte" not in output
    report = written(sample_home)
    assert [one["table"] for one in report["tables"]] == ["TAB3138", "TAB3143"]
    assert all(one["ok"] for one in report["tables"])


def test_the_command_ends_with_one_when_something_does_not_fit(command, server, sample_home):
    server.tables["TAB3143"].drop("Region", "1984")
    code, output = command("--table", "TAB3143")
    assert code == 1
    assert "TAB3143: Regioner saknas i svaret: 1984 Arboga." in output
    assert written(sample_home)["tables"][0]["faults"] == ["Regioner saknas i svaret: 1984 Arboga."]


def test_the_environment_says_where_to_ask_too(server, sample_home, monkeypatch):
    monkeypatch.setenv("AFFARSPLAN_BASE_URL", f"scb={server.url}")
    result = CliRunner().invoke(cli.app, ["check", "--table", "TAB3143"])
    assert result.exit_code == 0, result.output
    assert written(sample_home)["tables"][0]["server"] == server.url


def test_an_unknown_table_or_source_is_wrong_use(command, server):
    code, output = command("--table", "TAB1")
    assert code == 2
    assert "TAB3138" in output
    code, output = command("--base-url", "okand=http://127.0.0.1:1")
    assert code == 2
    assert "kolada" in output
    assert server.calls == []


def test_a_server_that_cannot_be_asked_ends_with_three_and_is_written(sample_home, hasty):
    arguments = ["check", "--table", "TAB3138", "--base-url", f"scb={closed()}"]
    result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == 3
    assert "kunde inte prövas" in result.output
    (one,) = written(sample_home)["tables"]
    assert not one["ok"]
    assert "Förbindelsen" in one["error"]

"""Kolada: what is asked, what is believed of the answers, and what stands when they cannot be used.

Every figure is SYNTETISKA TESTDATA.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pytest

from affarsplan_data import regions
from affarsplan_data.archive import Archive
from affarsplan_data.catalogue import Table
from affarsplan_data.errors import UsageError
from affarsplan_data.regions import UnknownRegionError
from affarsplan_data.scb import (
    Cube,
    Limiter,
    OfflineError,
    Patience,
    Rate,
    RefusedError,
    UnreadableAnswerError,
    WrongAnswerError,
)
from affarsplan_data.scb.limits import limiter_for
from affarsplan_data.sources.errors import MissingKpiError
from affarsplan_data.sources.kolada import (
    ASSUMED,
    KOLADA,
    KoladaClient,
    fetch,
    read_snapshot,
)
from affarsplan_data.sources.kolada_reading import Kpi, chosen, from_kolada, to_kolada
from affarsplan_data.sources.snapshots import Fetched
from tests.koladaserver import KoladaServer, entry, figure

SOME = ("00", "19", "0331", "1904", "1980")
FIRMS = Table(
    id="kolada_new_firms",
    source="kolada",
    title="Nystartade företag, SYNTETISKA TESTDATA",
    selection={"KPI": ("N00999", "N01003"), "Region": SOME},
    contents={"N00999": ("nystartade",), "N01003": ("antal",)},
)
INCOME = FIRMS.model_copy(
    update={"id": "kolada_income", "selection": {"KPI": "N00905", "Region": SOME}, "contents": {}}
)
HASTY = Patience(total=4, read=0.4, attempts=3, first_wait=0.02, longest_wait=0.1)


@pytest.fixture
def server() -> Iterator[KoladaServer]:
    with KoladaServer() as running:
        yield running


class Fetching:
    """Fetches from a server into an archive of its own, with little patience."""

    def __init__(self, server: KoladaServer, folder: Path) -> None:
        self.server = server
        self.archive = Archive(folder)

    def client(self, *, offline: bool = False) -> KoladaClient:
        return KoladaClient(
            self.server.url,
            archive=self.archive,
            offline=offline,
            patience=HASTY,
            limiter=Limiter(Rate(10**6, 1.0)),
        )

    def __call__(self, *tables: Table, offline: bool = False, **options: object) -> list[Fetched]:
        client = self.client(offline=offline)
        return fetch(tables or (FIRMS,), client, self.archive, **options)

    def cube(self, table: Table = FIRMS) -> Cube:
        snapshot = self.archive.snapshots(self.client().source, table.id)[-1]
        (cube,) = read_snapshot(self.archive, snapshot)
        return cube


@pytest.fixture
def fetching(server: KoladaServer, tmp_path: Path) -> Fetching:
    return Fetching(server, tmp_path / "archive")


def at(cube: Cube, *codes: str) -> tuple[float, str]:
    """Return value and status symbol of a cell."""
    dimensions = cube.structure.dimensions
    place = tuple(d.codes.index(code) for d, code in zip(dimensions, codes, strict=True))
    shape = cube.structure.shape
    number = int(np.ravel_multi_index(place, shape))
    return float(cube.values[number]), cube.symbols[cube.status[number]]


def test_every_figure_lands_where_it_belongs(fetching):
    (result,) = fetching()
    assert (result.outcome, result.error) == ("new", None)
    assert result.periods == tuple(str(year) for year in range(2019, 2025))
    cube = fetching.cube()
    assert [d.id for d in cube.structure.dimensions] == ["KPI", "Region", "Kon", "Tid"]
    for kpi in ("N00999", "N01003"):
        for region in SOME:
            for year in range(2019, 2025):
                value, symbol = at(cube, kpi, region, "T", str(year))
                made_up = entry(kpi, to_kolada(region), year)
                if made_up is None:
                    assert (np.isnan(value), symbol) == (True, "..")
                elif made_up["values"][0]["value"] is None:
                    assert (np.isnan(value), symbol) == (True, "Missing")
                else:
                    assert (value, symbol) == (made_up["values"][0]["value"], "")


def test_the_cube_says_contents_units_genders_and_roles(fetching):
    fetching(FIRMS, INCOME)
    structure = fetching.cube().structure
    assert structure.metric is not None
    assert structure.metric.codes == ("N00999", "N01003")
    assert structure.metric.units["N00999"].base == "antal/1 000 invånare"
    assert structure.metric.units["N01003"].base == "antal"
    assert structure.dimension("Kon").codes == ("T",)
    assert structure.dimension("Region").labels[1] == "Västmanlands län"
    income = fetching.cube(INCOME).structure
    assert income.dimension("Kon").codes == ("T", "K", "M")
    assert income.metric is not None
    assert income.metric.units == {}


def test_women_and_men_are_kept_apart(fetching):
    fetching(INCOME)
    cube = fetching.cube(INCOME)
    total = at(cube, "N00905", "1980", "T", "2024")[0]
    assert at(cube, "N00905", "1980", "K", "2024")[0] == pytest.approx(total - 1)
    assert at(cube, "N00905", "1980", "M", "2024")[0] == pytest.approx(total + 1)


@pytest.mark.parametrize(
    ("code", "kolada"),
    [("00", "0000"), ("19", "0019"), ("01", "0001"), ("1980", "1980"), ("0114", "0114")],
)
def test_region_codes_go_to_kolada_and_back(code, kolada):
    assert to_kolada(code) == kolada
    assert from_kolada(kolada) == code


def test_a_pattern_stands_for_regions_and_a_wrong_code_is_named():
    assert len(chosen(["*"])) == 312
    assert len(chosen(["??"])) == 22
    assert chosen(["1981", "00"]) == ("00", "1981")
    with pytest.raises(UnknownRegionError):
        chosen(["1917"])


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Nystartade företag, antal/1 000 inv. 16-64 år", "antal/1 000 inv. 16-64 år"),
        ("Förvärvsarbetande invånare 20-64 år, andel (%)", "andel (%)"),
        ("Bruttoregionalprodukt (BRP), kr/inv", "kr/inv"),
        ("Företagsklimat enligt Insikt", None),
        ("Företag med krav, ja eller nej", None),
    ],
)
def test_the_unit_is_read_out_of_the_title_when_the_title_says_one(title, unit):
    assert Kpi(id="N00001", title=title).unit_said == unit


def test_a_unit_that_kolada_gives_goes_before_the_title():
    assert Kpi(id="N00001", title="Företag, antal", unit="procent").unit_said == "procent"


def test_the_second_fetch_asks_again_and_finds_nothing_new(fetching, server):
    fetching()
    calls = len(server.data_calls())
    (again,) = fetching()
    assert again.outcome == "unchanged"
    assert len(server.data_calls()) == 2 * calls
    assert len(fetching.archive.snapshots(fetching.client().source, FIRMS.id)) == 1


def test_a_revised_figure_is_counted_and_the_old_version_stays(fetching, server):
    fetching()

    def revised(kpi, code, year):
        made_up = entry(kpi, code, year)
        if (kpi, code, year) == ("N00999", "1980", 2022):
            made_up["values"] = [figure("T", 4711.0)]
        return made_up

    server.entry = revised
    (result,) = fetching()
    assert result.outcome == "revised"
    assert (result.changes.changed, result.changes.added, result.changes.gone) == (1, 0, 0)
    assert at(fetching.cube(), "N00999", "1980", "T", "2022") == (4711.0, "")
    first = fetching.archive.snapshots(fetching.client().source, FIRMS.id)[0]
    (old,) = read_snapshot(fetching.archive, first)
    before = entry("N00999", "1980", 2022)["values"][0]["value"]
    assert at(old, "N00999", "1980", "T", "2022")[0] == before


def test_a_new_title_is_told(fetching, server):
    fetching()
    server.kpis["N01003"]["title"] = "Nystartade företag, SYNTETISKA TESTDATA, antal per år"
    (result,) = fetching()
    assert result.outcome == "revised"
    assert "N01003" in result.changes.renamed[0]


def test_pages_are_followed_to_the_last_on_the_server_that_was_asked(tmp_path):
    with KoladaServer(page=7) as server:
        server.next_host = "http://annan.invalid"
        fetching = Fetching(server, tmp_path)
        (result,) = fetching()
        assert result.error is None
        assert at(fetching.cube(), "N01003", "1980", "T", "2024")[1] == ""
        assert any("page=2" in call for call in server.data_calls())


def test_no_list_in_an_address_is_longer_than_the_server_takes(server, tmp_path):
    every = {to_kolada(code): (regions.name(code), "K") for code in regions.all_regions()}
    server.municipalities = every
    only = {"selection": {"KPI": "N00999"}, "contents": {}}
    table = FIRMS.model_copy(update=only)
    fetching = Fetching(server, tmp_path)
    (result,) = fetching(table)
    assert result.error is None
    assert len(server.data_calls()) == 13
    assert fetching.cube(table).structure.shape == (1, 312, 1, 6)
    assert max(map(len, server.calls)) < 500


def test_since_asks_for_those_years_alone_and_is_a_version_of_its_own(fetching, server):
    fetching()
    (result,) = fetching(since="2023")
    assert (result.outcome, result.periods) == ("new", ("2023", "2024"))
    assert "/year/2023,2024" in server.data_calls()[-1]
    assert fetching(offline=True)[0].periods[0] == "2019"


def test_offline_reads_the_archive_and_opens_no_connection(fetching, server):
    fetching()
    calls = len(server.calls)
    (result,) = fetching(offline=True)
    assert (result.outcome, len(result.periods)) == ("unchanged", 6)
    (other,) = fetching(INCOME, offline=True)
    assert other.outcome == "failed"
    assert "finns inte i arkivet" in other.error
    assert len(server.calls) == calls


def test_without_archive_there_is_no_offline():
    with pytest.raises(OfflineError):
        KoladaClient(offline=True)


def test_a_kpi_that_is_gone_is_an_error_with_the_nearest_titles(fetching, server):
    fetching()
    gone = server.kpis.pop("N00999")
    server.kpis["N01999"] = gone | {"id": "N01999", "title": gone["title"].replace("1 000", "1000")}
    (result,) = fetching()
    assert result.outcome == "failed"
    assert "N00999 finns inte längre" in result.error
    assert "N01999 ”Nystartade företag" in result.error
    assert result.periods[-1] == "2024", "den förra versionen står kvar"


def test_a_kpi_marked_as_deleted_is_gone(fetching, server):
    server.kpis["N00999"]["is_deleted"] = True
    with pytest.raises(MissingKpiError) as caught:
        fetching.client().kpi("N00999", "Nystartade företag, SYNTETISKA TESTDATA, antal/1000 inv")
    assert caught.value.kpi == "N00999"
    assert [id for id, _ in caught.value.nearest] == ["N01003"]


def test_a_kpi_answered_with_404_is_gone_too(fetching, server):
    server.faults = [(404, {}, b'{"detail":"Not Found"}')]
    with pytest.raises(MissingKpiError, match="Ingen liknande titel"):
        fetching.client().kpi("N00998")


def test_a_kpi_that_has_come_to_mean_something_else_is_refused(fetching, server):
    server.kpis["N00999"]["title"] = "Avslutade företag, SYNTETISKA TESTDATA, antal"
    (result,) = fetching()
    assert result.outcome == "failed"
    assert "heter nu ”Avslutade företag" in result.error
    assert server.data_calls() == []


def test_a_municipality_that_kolada_no_longer_has_is_named(fetching, server):
    fetching()
    del server.municipalities["1904"]
    (result,) = fetching()
    assert result.outcome == "failed"
    assert "Kolada har inte 1904 Skinnskatteberg" in result.error


def test_a_version_that_lacks_a_year_is_refused_unless_forced(fetching, server):
    fetching()
    server.entry = lambda kpi, code, year: None if year == 2021 else entry(kpi, code, year)
    (result,) = fetching()
    assert result.outcome == "failed"
    assert "År 2021" in result.error
    assert len(fetching.archive.snapshots(fetching.client().source, FIRMS.id)) == 1
    (forced,) = fetching(force=True)
    assert forced.outcome == "revised"
    assert forced.changes.gone == 10


def _each(change):
    """Return an alteration of every entry in an answer with figures."""

    def alter(path, answer):
        if "/data/" in path:
            answer["values"] = [change(dict(one)) for one in answer["values"]]
        return answer

    return alter


WRONG = {
    "another kpi": (_each(lambda one: one | {"kpi": "N00001"}), "nyckeltalet N00001"),
    "another region": (_each(lambda one: one | {"municipality": "0180"}), "regionen 0180"),
    "a group": (_each(lambda one: one | {"municipality": "G123"}), "regionen G123"),
    "another year": (_each(lambda one: one | {"period": 1066}), "året 1066"),
    "another gender": (_each(lambda one: one | {"values": [figure("F", 1.0)]}), "könet 'F'"),
    "given and missing": (
        _each(lambda one: one | {"values": [figure("T", 1.0, status="Missing")]}),
        "saknas och ger det ändå",
    ),
    "the same twice": (
        _each(lambda one: one | {"values": [figure("T", 1.0), figure("T", 1.0)]}),
        "två gånger",
    ),
    "the same year throughout": (_each(lambda one: one | {"period": 2020}), "två gånger"),
    "a text for a number": (_each(lambda one: one | {"values": [figure("T", "1,5")]}), "value"),
    "true for a number": (_each(lambda one: one | {"values": [figure("T", True)]}), "value"),
    "no gender": (_each(lambda one: one | {"values": [{"value": 1}]}), "gender"),
    "no values": (lambda p, a: {"count": 0} if "/data/" in p else a, "values"),
    "a list": (lambda p, a: a["values"] if "/data/" in p else a, "inte av det slag"),
    "too few": (
        lambda p, a: a | {"values": a["values"][:-1]} if "/data/" in p else a,
        "säger att svaret har",
    ),
    "nothing at all": (
        lambda p, a: a | {"values": [], "count": 0} if "/data/" in p else a,
        "inga värden alls",
    ),
    "pages without end": (
        lambda p, a: a | {"next_url": f"http://x{p.split('?')[0]}?page=1"} if "/data/" in p else a,
        "tar aldrig slut",
    ),
    "a page of something else": (
        lambda p, a: a | {"next_url": "http://x/v3/kpi?page=2"} if "/data/" in p else a,
        "annan fråga som nästa sida",
    ),
    "another kpi described": (
        lambda p, a: (
            a | {"values": [v | {"id": "N9"} for v in a["values"]]} if "/kpi/N" in p else a
        ),
        "N9, som inte efterfrågades",
    ),
}


@pytest.mark.parametrize("fault", WRONG)
def test_an_answer_that_is_not_what_was_asked_for_is_never_used(fetching, server, fault):
    fetching()
    server.alter, said = WRONG[fault]
    (result,) = fetching(force=True)
    assert result.outcome == "failed"
    assert said in result.error
    assert "Oväntat fel" not in result.error
    assert len(fetching.archive.snapshots(fetching.client().source, FIRMS.id)) == 1
    assert result.periods[-1] == "2024"


def test_a_withdrawn_figure_is_missing_and_says_so(fetching, server):
    server.alter = _each(
        lambda one: (
            one | {"values": [figure("T", 9.0, isdeleted=True)]}
            if (one["municipality"], one["period"]) == ("1980", 2024)
            else one
        )
    )
    fetching()
    value, symbol = at(fetching.cube(), "N00999", "1980", "T", "2024")
    assert (np.isnan(value), symbol) == (True, "Deleted")


def test_a_status_that_nobody_knows_is_kept_with_the_figure(fetching, server):
    server.alter = _each(lambda one: one | {"values": [figure("T", 9.0, status="Preliminär")]})
    fetching()
    assert at(fetching.cube(), "N00999", "1980", "T", "2024") == (9.0, "Preliminär")


@pytest.mark.parametrize(
    "fault",
    [
        (429, {"Retry-After": "0"}, b""),
        (500, {}, b"fel"),
        (503, {}, b"<html>closed</html>"),
        (200, {}, b"<html>Under arbete</html>"),
        "cut",
        "slow",
    ],
)
def test_a_passing_fault_is_waited_out(fetching, server, fault):
    server.faults = [fault]
    (result,) = fetching()
    assert (result.outcome, result.error) == ("new", None)


def test_a_refusal_says_what_the_server_said(fetching, server):
    server.faults = [(200, {}, b'{"values":[]}'), (422, {}, b'{"detail":"too long"}')]
    with pytest.raises(RefusedError, match="too long"):
        fetching.client().search("x") or fetching.client().search("y")


def test_a_server_that_never_answers_json_ends_in_an_error(fetching, server):
    server.faults = [(200, {}, b"nej")] * 10
    with pytest.raises(UnreadableAnswerError):
        fetching.client().municipalities()


def test_with_no_server_every_table_fails_at_once_and_the_old_stands(tmp_path):
    with KoladaServer() as server:
        fetching = Fetching(server, tmp_path)
        fetching(FIRMS, INCOME)
    results = fetching(FIRMS, INCOME)
    assert [result.outcome for result in results] == ["failed", "failed"]
    assert results[0].error == results[1].error
    assert fetching(offline=True)[0].outcome == "unchanged"


def test_one_table_that_fails_does_not_stop_the_others(fetching):
    odd = FIRMS.model_copy(update={"id": "odd", "selection": {"KPI": "N00999", "Kon": "T"}})
    assert [result.outcome for result in fetching(odd, FIRMS)] == ["failed", "new"]


def test_a_kpi_changed_during_the_fetch_is_fetched_anew(fetching, server):
    titles = iter(["antal", "antal", "stycken, antal"])

    def alter(path, answer):
        if "/kpi/N00999,N01003?" in path:
            answer["values"] = [dict(v) for v in answer["values"]]
            answer["values"][1]["title"] = f"Nystartade, {next(titles, 'stycken, antal')}"
        return answer

    server.alter = alter
    (first,) = fetching()
    assert first.outcome == "new"
    server.alter = lambda _, answer: answer
    calls = len(server.data_calls())
    titles = iter(["antal", "kvar, antal"])
    server.alter = alter
    (second,) = fetching()
    assert second.outcome == "revised"
    assert len(server.data_calls()) == calls + 2


@pytest.mark.parametrize(
    "ids", [[], ["N00999", "N00999"], [f"N{n:05}" for n in range(26)], ["a/b"]]
)
def test_lists_that_no_address_can_hold_are_usage_errors(fetching, ids):
    with pytest.raises(UsageError):
        fetching.client().kpis(ids)


def test_the_call_limit_is_assumed_until_kolada_says_one():
    client = KoladaClient()
    assert client.base_url == KOLADA
    assert limiter_for("api.kolada.se").rates == (ASSUMED,)
    assert client.source.startswith("api.kolada.se-")


def test_progress_counts_to_the_end(fetching):
    seen: list[tuple[str, int, int]] = []
    fetching(progress=lambda *one: seen.append(one))
    assert seen[-1] == (FIRMS.id, 1, 1)


def test_a_damaged_archive_is_fetched_again(fetching):
    fetching()
    for path in fetching.archive.folder.rglob("*.gz"):
        path.write_bytes(gzip.compress(b"annat"))
    (result,) = fetching()
    assert result.outcome == "new"
    assert at(fetching.cube(), "N00999", "1980", "T", "2024")[1] == ""


def test_the_test_server_refuses_lists_that_are_too_long(server):
    codes = ",".join(f"{n:04}" for n in range(26))
    status, body = server.answer(f"/v3/data/kpi/N00999/municipality/{codes}")
    assert (status, "25" in body["detail"][0]["msg"]) == (422, True)
    with urlopen(f"{server.url}/kpi/N00999", timeout=5) as response:
        assert "SYNTETISKA TESTDATA" in json.load(response)["values"][0]["title"]


def test_a_wrong_count_on_a_page_is_an_error_of_its_own(fetching, server):
    server.alter = lambda path, answer: answer | {"count": 99}
    with pytest.raises(WrongAnswerError, match="99 poster"):
        fetching.client().municipalities()

"""The test server against SCB's recorded answers, and its traps as a naive client meets them."""

import gzip
import http.client
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.pxserver import KINDS, Faults, PxServer
from tests.pxserver.limiter import FixedWindow, SlidingWindow
from tests.pxserver.recorded import RECORDINGS
from tests.pxserver.selection import expand

SCB = "https://statistikdatabasen.scb.se/api/v2"
recordings = pytest.mark.skipif(not RECORDINGS.exists(), reason="inspelningarna finns inte här")


@pytest.fixture
def server() -> Iterator[PxServer]:
    with PxServer(limit=None) as running:
        yield running


def fetch(url: str, body: Any = None, **headers: str) -> tuple[int, bytes, Any]:
    """Ask as a naive client does; return status, body and headers, also of a refusal."""
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **headers}
    address = quote(url, safe=":/?&=,%*()@")
    request = urllib.request.Request(address, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read(), refusal.headers


def get(url: str) -> Any:
    status, body, _ = fetch(url)
    assert status == 200, body
    return json.loads(body)


def select(server: PxServer, table: str, placement: Any = None, **codes: Any) -> Any:
    """Ask for data with POST; a tuple is (code list, codes)."""
    body: dict[str, Any] = {"selection": [_variable(v, c) for v, c in codes.items()]}
    if placement:
        body["placement"] = placement
    status, answer, _ = fetch(f"{server.url}/tables/{table}/data", body)
    return json.loads(answer) if status == 200 else (status, answer)


def _variable(variable: str, codes: Any) -> dict[str, Any]:
    if isinstance(codes, tuple):
        return {"variableCode": variable, "codelist": codes[0], "valueCodes": codes[1]}
    return {"variableCode": variable, "valueCodes": codes if isinstance(codes, list) else [codes]}


def codes_of(dataset: Any, variable: str) -> list[str]:
    return list(dataset["dimension"][variable]["category"]["index"])


def recording(path: str) -> Any:
    return json.loads((RECORDINGS / path).read_text(encoding="utf-8"))


# Recorded answers


@recordings
def test_recorded_metadata_are_answered_as_recorded(server):
    assert get(f"{server.url}/tables/TAB6471/metadata") == recording("scb-v2/TAB6471_metadata.json")


@recordings
def test_the_recorded_query_has_the_recorded_answer(server):
    expected = recording("scb-v2/TAB6471_data.json")
    asked = {variable: codes_of(expected, variable) for variable in expected["id"]}
    assert select(server, "TAB6471", **asked) == expected


@recordings
def test_cells_outside_the_recording_are_said_to_be_made_up(server):
    answer = select(server, "TAB6471", Region="1980", Alder="TotSA", ContentsCode="*", Tid="TOP(1)")
    assert "SYNTETISKA TESTDATA" in answer["label"]
    assert "SYNTETISKA TESTDATA" in answer["source"]


@recordings
@pytest.mark.parametrize("table", ["TAB001", "TAB003", "TAB005", "TAB2936"])
def test_derived_tables_are_answered_as_recorded_when_everything_is_selected(server, table):
    expected = recording(f"derived/{table}.jsonstat2.json")
    assert select(server, table, **dict.fromkeys(expected["id"], "*")) == expected


@recordings
def test_one_cell_of_a_derived_table_has_its_own_value_and_status(server):
    whole = recording("derived/TAB2936.jsonstat2.json")
    place = int(next(iter(whole["status"])))
    codes: dict[str, str] = {}
    rest = place
    for variable, size in zip(reversed(whole["id"]), reversed(whole["size"]), strict=True):
        codes[variable] = codes_of(whole, variable)[rest % size]
        rest //= size
    answer = select(server, "TAB2936", **codes)
    assert answer["value"] == [None]
    assert answer["status"] == {"0": whole["status"][str(place)]}


@recordings
def test_config_list_and_codelist_are_answered_as_recorded():
    with PxServer(links=SCB, catalogue_size=4246) as server:
        assert get(f"{server.url}/config") == recording("scb-v2/config_2026-09_reconstructed.json")
        assert get(f"{server.url}/tables") == recording("scb-v2/tables.json")
        expected = recording("scb-v2/codelist_agg_Alder10arJ.json")
        assert get(f"{server.url}/codelists/agg_Ålder10årJ") == expected


PERIOD = {"variableCode": "Tid", "valueCodes": ["TOP(1)"]}
CONTENT = {"variableCode": "ContentsCode", "valueCodes": ["NR0105AH"]}


def _county(*more: Any, **changes: Any) -> dict[str, Any]:
    region = {"variableCode": "Region", "valueCodes": ["19"], **changes}
    return {"selection": [region, PERIOD, CONTENT, *more]}


COUNTY = "/tables/TAB3138/data"
REFUSALS = {
    "v2_400_non_existent_variable.json": (COUNTY, _county({"variableCode": "Kon"})),
    "v2_400_non_existent_codelist.json": (COUNTY, _county(codelist="vs_Finns")),
    "v2_404_codelist_body_says_400.json": ("/codelists/vs_Finns", None),
    "v2_400_non_existent_value.json": (COUNTY, _county(valueCodes=["9999"])),
    "v2_400_missing_selection.json": (COUNTY, {"selection": [PERIOD, CONTENT]}),
    "v2_400_illegal_selection_expression.json": (COUNTY, _county(valueCodes=["TOP(0)"])),
    "v2_400_illegal_placement.json": (
        COUNTY,
        {**_county(), "placement": {"heading": ["Tid"], "stub": ["Region"]}},
    ),
    "v2_400_too_many_cells.json": (
        "/tables/TAB638/data",
        {
            "selection": [
                {"variableCode": code, "valueCodes": ["*"]}
                for code in ("Region", "Alder", "Kon", "ContentsCode", "Tid")
            ]
        },
    ),
    "v2_400_unsupported_output_format.json": (f"{COUNTY}?outputFormat=parquet", _county()),
    "v2_400_unsupported_language.json": ("/tables/TAB3138?lang=no", None),
    "v2_400_data_non_existent_table_body_says_404.json": ("/tables/TAB0/data", _county()),
    "v2_404_non_existent_table.json": ("/tables/TAB0/metadata", None),
    "v2_404_non_existent_page.json": ("/tables?pageNumber=999", None),
    "v2_404_saved_query_not_found.json": ("/savedqueries/1", None),
    "v2_400_create_saved_query_none.json": ("/savedqueries", b""),
}


@recordings
@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_have_the_recorded_status_and_body(server, name):
    path, body = REFUSALS[name]
    expected = next(e for e in recording("errors/INDEX.json") if e["file"] == name)
    status, answer, _ = fetch(server.url + path, body)
    assert status == expected["http_status"]
    assert json.loads(answer) == recording(f"errors/{name}")


# The traps


def test_a_misspelt_parameter_gives_the_default_selection_with_status_200(server):
    right = get(f"{server.url}{COUNTY}?valuecodes[Region]=19&valuecodes[ContentsCode]=NR0105AH"
                "&valuecodes[Tid]=2024")  # fmt: skip
    wrong = get(f"{server.url}{COUNTY}?valueCode[Region]=19&valueCode[Tid]=2024")
    assert right["size"] == [1, 1, 1]
    assert codes_of(wrong, "Region") != ["19"]
    assert len(codes_of(wrong, "Region")) > 20


@pytest.mark.parametrize("body", [b"", {}, {"selections": []}, {"selection": []}])
def test_a_body_without_a_selection_gives_the_default_selection(server, body):
    status, answer, _ = fetch(f"{server.url}{COUNTY}", body)
    assert status == 200
    assert codes_of(json.loads(answer), "Tid") == ["2024"]


@recordings
def test_the_default_selection_of_the_monthly_table_has_no_regions(server):
    answer = select(server, "TAB6471")
    assert sorted(answer["size"]) == [1, 1, 1, 3]
    assert "Region" not in answer["id"]


def test_a_wildcard_without_match_gives_the_national_total_with_status_200(server):
    asked = {"ContentsCode": "BE0101N1", "Tid": "2024"}
    nobody = select(server, "TAB638", Region="39*", **asked)
    country = select(server, "TAB638", Region="00", **asked)
    assert "Region" not in nobody["id"]
    assert nobody["value"] == country["value"]


def test_a_wildcard_without_match_is_refused_where_the_variable_cannot_be_eliminated(server):
    status, body = select(server, "TAB3138", Region="39*", ContentsCode="*", Tid="2024")
    assert status == 400
    assert b"Missing selection" in body


def test_a_variable_left_out_is_eliminated_silently(server):
    women_and_men = select(
        server, "TAB638", Region="19", Kon="*", ContentsCode="BE0101N1", Tid="2024"
    )
    both = select(server, "TAB638", Region="19", ContentsCode="BE0101N1", Tid="2024")
    assert both["id"] == ["Region", "ContentsCode", "Tid"]
    assert both["value"] == [sum(women_and_men["value"])]


def test_a_codelist_without_values_is_ignored_in_an_address(server):
    address = (
        f"{server.url}/tables/TAB638/data?valuecodes[ContentsCode]=BE0101N1&valuecodes[Tid]=2024"
    )
    with_list = get(f"{address}&codelist[Region]=vs_RegionLän07")
    assert with_list["id"] == ["ContentsCode", "Tid"]
    used = get(f"{address}&codelist[Region]=vs_RegionLän07&valuecodes[Region]=*")
    assert used["size"][0] == 21


def test_the_same_code_twice_is_an_empty_500(server):
    assert select(server, "TAB3138", Region=["19", "19"], ContentsCode="*", Tid="2024") == (
        500,
        b"",
    )


def test_a_code_and_an_expression_that_holds_it_are_a_union(server):
    answer = select(server, "TAB3138", Region=["19", "1*"], ContentsCode="NR0105AH", Tid="2024")
    assert codes_of(answer, "Region") == ["10", "12", "13", "14", "17", "18", "19"]


def test_brackets_around_an_expression_belong_in_addresses_only(server):
    rest = "valuecodes[Region]=19&valuecodes[ContentsCode]=NR0105AH"
    answer = get(f"{server.url}{COUNTY}?{rest}&valuecodes[Tid]=[RANGE(2020,2022)]")
    assert codes_of(answer, "Tid") == ["2020", "2021", "2022"]
    bare, body, _ = fetch(f"{server.url}{COUNTY}?{rest}&valuecodes[Tid]=RANGE(2020,2022)")
    assert bare == 400
    assert b"Illegal selection expression" in body
    posted = select(
        server, "TAB3138", Region="19", ContentsCode="NR0105AH", Tid="[RANGE(2020,2022)]"
    )
    assert posted[0] == 400
    assert b"Non-existent value" in posted[1]


def test_data_may_come_in_another_order_than_the_metadata(server):
    described = get(f"{server.url}/tables/TAB9001/metadata")
    asked = dict.fromkeys(described["id"], "*")
    answer = select(server, "TAB9001", **asked)
    assert sorted(answer["id"]) == sorted(described["id"])
    assert answer["id"] != described["id"]
    turned = select(
        server, "TAB9001", {"stub": described["id"][:3], "heading": described["id"][3:]}, **asked
    )
    assert turned["id"] == described["id"]
    assert _cell(
        answer, Region="19", SNI2007="C", Kon="1", ContentsCode="XX9001A1", Tid="2020"
    ) == (_cell(turned, Region="19", SNI2007="C", Kon="1", ContentsCode="XX9001A1", Tid="2020"))


def _cell(dataset: Any, **codes: str) -> Any:
    place = 0
    for variable, size in zip(dataset["id"], dataset["size"], strict=True):
        index = dataset["dimension"][variable]["category"]["index"]
        place = place * size + index[codes[variable]]
    return dataset["value"][place], dataset.get("status", {}).get(str(place))


def test_missing_figures_are_null_and_only_the_status_tells_them_apart(server):
    answer = select(
        server, "TAB9001", Region="*", SNI2007="*", Kon="*", ContentsCode="XX9001A1", Tid="*"
    )
    symbols = set(answer["status"].values())
    assert symbols == {"-", "..", "."}
    assert all(answer["value"][int(place)] is None for place in answer["status"])


def test_noise_keeps_totals_from_adding_up(server):
    answer = select(
        server, "TAB5557", Region="*", Alder="TotSA", Kon="*", ContentsCode="000007Y1", Tid="2025"
    )
    totals, men, women = answer["value"][0::3], answer["value"][1::3], answer["value"][2::3]
    off = [t - m - w for t, m, w in zip(totals, men, women, strict=True)]
    assert any(off)
    assert max(map(abs, off)) <= 6
    notes = get(f"{server.url}/tables/TAB5557/metadata")["note"]
    assert any("slumpmässig osäkerhet" in note for note in notes)


def test_a_long_address_is_404_and_a_long_body_is_not(server):
    everyone = [code for code in server.tables["TAB3143"]["Region"].values if code != "00"]
    listed = ",".join(everyone) + "," * 1000
    status, _, _ = fetch(
        f"{server.url}/tables/TAB3143/data?valuecodes[Region]={listed}"
        "&valuecodes[ContentsCode]=NR0105AW&valuecodes[Tid]=2024"
    )
    assert status == 404
    answer = select(server, "TAB3143", Region=everyone, ContentsCode="NR0105AW", Tid="2024")
    assert answer["size"] == [291, 1, 1]


def test_format_parameters_are_refused_with_json(server):
    status, body, _ = fetch(f"{server.url}{COUNTY}?outputFormatParams=UseCodes", _county())
    assert status == 400
    assert b"Unsupported output format" in body


def test_an_unreadable_body_is_refused_in_another_shape(server):
    status, body, _ = fetch(f"{server.url}{COUNTY}", b'{"selection": [')
    assert status == 400
    assert "errors" in json.loads(body)
    status, body, _ = fetch(f"{server.url}{COUNTY}", b"{}", **{"Content-Type": "text/plain"})
    assert status == 415


# Selection


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["TOP(2)"], ["2023", "2024"]),
        (["top(2,1)"], ["2022", "2023"]),
        (["BOTTOM(1)"], ["2021"]),
        (["RANGE(2023,2022)"], ["2022", "2023"]),
        (["FROM(2023)"], ["2023", "2024"]),
        (["TO(2022)"], ["2021", "2022"]),
        (["FROM(2024)", "TO(2021)"], ["2024", "2021"]),
        (["202?"], ["2021", "2022", "2023", "2024"]),
        (["*3"], ["2023"]),
        (["*02*"], ["2021", "2022", "2023", "2024"]),
        (["19*"], []),
        (["2024", "2024"], ["2024", "2024"]),
    ],
)
def test_expressions_on_periods(values, expected):
    assert expand(["2021", "2022", "2023", "2024"], values, is_time=True) == expected


def test_top_counts_from_the_start_where_the_variable_is_not_time():
    assert expand(["a", "b", "c"], ["TOP(2)"], is_time=False) == ["a", "b"]
    assert expand(["a", "b", "c"], ["BOTTOM(2)"], is_time=False) == ["b", "c"]


def test_a_code_wins_over_an_expression_and_case_does_not_matter(server):
    assert expand(["*", "TotSA"], ["*"], is_time=False) == ["*"]
    answer = select(
        server, "TAB5557", region="19", ALDER="totsa", ContentsCode="000007y1", time="2025"
    )
    assert codes_of(answer, "Alder") == ["TotSA"]


@pytest.mark.parametrize(
    "expression", ["1*9", "***", "TOP(-1)", "TOP()", "RANGE(2020)", "FROM(a,b)"]
)
def test_malformed_expressions_are_refused(server, expression):
    status, body = select(server, "TAB3138", Region=expression, ContentsCode="*", Tid="2024")
    assert status == 400
    assert b"Illegal selection expression" in body


def test_codelists_heed_case_and_their_codes_replace_the_variables_own(server):
    asked = {"ContentsCode": "BE0101N1", "Tid": "2024", "Region": "19"}
    grouped = select(server, "TAB638", Alder=("agg_Ålder5år", ["-4", "5-9"]), **asked)
    assert codes_of(grouped, "Alder") == ["-4", "5-9"]
    single = select(server, "TAB638", Alder=["0", "1", "2", "3", "4"], **asked)
    assert grouped["value"][0] == sum(single["value"])
    assert select(server, "TAB638", Alder=("agg_ålder5år", ["-4"]), **asked)[0] == 400
    assert select(server, "TAB638", Alder=("agg_Ålder5år", ["0"]), **asked)[0] == 400


def test_metadata_tell_each_codelist_and_the_list_tells_its_map(server):
    described = get(f"{server.url}/tables/TAB638/metadata")
    assert described["size"][0] == 312
    assert described["value"] == []
    ids = [c["id"] for c in described["dimension"]["Region"]["extension"]["codelists"]]
    assert ids == ["vs_RegionRiket99", "vs_RegionLän07", "vs_RegionKommun07"]
    counties = get(f"{server.url}/codelists/vs_RegionLän07")
    assert len(counties["values"]) == 21
    assert counties["type"] == "Valueset"
    narrowed = get(f"{server.url}/tables/TAB638/metadata?codelist[Region]=vs_RegionLän07")
    assert narrowed["size"][0] == 21


# Values


def test_made_up_totals_are_the_sums_of_their_parts(server):
    asked = {"Alder": "20", "Kon": "2", "ContentsCode": "BE0101N1", "Tid": "2024"}
    county = select(server, "TAB638", Region="19", **asked)
    parts = select(server, "TAB638", Region=("vs_RegionKommun07", ["19*"]), **asked)
    assert parts["size"][0] == 10
    assert county["value"] == [sum(parts["value"])]
    national = select(server, "TAB3138", Region="00", ContentsCode="NR0105AH", Tid="2024")
    counties = select(server, "TAB3138", Region=["??", "90"], ContentsCode="NR0105AH", Tid="2024")
    assert national["value"][0] * 2 == sum(counties["value"])


def test_a_figure_is_the_same_however_it_is_asked_for(server):
    alone = select(server, "TAB3143", Region="1980", ContentsCode="NR0105AY", Tid="2020")
    among = select(server, "TAB3143", Region="*", ContentsCode="*", Tid="*")
    assert alone["value"] == [_cell(among, Region="1980", ContentsCode="NR0105AY", Tid="2020")[0]]


def test_everything_made_up_says_so(server):
    for id in ("TAB638", "TAB5557", "TAB3138", "TAB3143", "TAB9001", "TAB9002"):
        described = get(f"{server.url}/tables/{id}/metadata")
        answer = select(server, id)
        for text in (described["label"], described["source"], answer["label"], answer["source"]):
            assert "SYNTETISKA TESTDATA" in text
        assert any("SYNTETISKA TESTDATA" in note for note in answer["note"])


def test_a_table_changes_while_the_server_runs(server):
    asked = {"Region": ["19", "1980"], "ContentsCode": "NR0105AW", "Tid": "TOP(1)"}
    table = server.tables["TAB3143"]
    asked["Region"] = ["1980", "1981"]
    before = select(server, "TAB3143", **asked)
    table.revise(5, Region="1981", Tid="2024")
    table.touch("2027-01-01T07:00:00Z")
    table.rename("ContentsCode", "NR0105AW", "BRP, fasta priser")
    after = select(server, "TAB3143", **asked)
    assert [b - a for a, b in zip(before["value"], after["value"], strict=True)] == [0, 5]
    assert after["updated"] == "2027-01-01T07:00:00Z"
    assert after["label"].startswith("SYNTETISKA TESTDATA: BRP, fasta priser")
    table.drop("Region", "1981")
    table.add("Tid", "2025")
    assert select(server, "TAB3143", **asked)[0] == 400
    described = get(f"{server.url}/tables/TAB3143/metadata")
    assert described["size"] == [291, 3, 14]
    assert get(f"{server.url}/tables/TAB3143")["lastPeriod"] == "2025"


# The list of tables


def test_search_wants_every_word_and_a_starred_word_is_not_stemmed(server):
    def found(query: str) -> set[str]:
        return {
            row["id"] for row in get(f"{server.url}/tables?query={query}&pageSize=100")["tables"]
        }

    assert {"TAB3138", "TAB3143"} <= found("bruttoregionprodukt")
    assert found("bruttoregionprodukt kommun") == {"TAB3143"}
    assert "TAB638" in found("folkmängden civilstånd")
    assert "TAB638" in found("folkmäng*")
    assert found("folkmängd*") == set()
    assert get(f"{server.url}/tables?query=finnsinte")["page"]["totalPages"] == 1


def test_discontinued_tables_are_listed_on_demand_and_page_links_forget_it(server):
    def ids(answer: Any) -> list[str]:
        return [row["id"] for row in answer["tables"]]

    assert "TAB9002" not in ids(get(f"{server.url}/tables?pageSize=1000"))
    everything = get(f"{server.url}/tables?pageSize=1000&includeDiscontinued=true")
    assert "TAB9002" in ids(everything)
    first = get(f"{server.url}/tables?pageSize=2&includeDiscontinued=true")
    following = next(li["href"] for li in first["page"]["links"] if li["rel"] == "next")
    assert "includeDiscontinued" not in following


def test_pages_hold_each_table_once(server):
    first = get(f"{server.url}/tables?pageSize=3")
    pages = range(1, first["page"]["totalPages"] + 1)
    ids = [
        row["id"]
        for number in pages
        for row in get(f"{server.url}/tables?pageSize=3&pageNumber={number}")["tables"]
    ]
    assert len(ids) == len(set(ids)) == first["page"]["totalElements"]
    status, body, _ = fetch(f"{server.url}/tables?pageNumber=x")
    assert status == 400
    assert "pageNumber" in json.loads(body)["errors"]


def test_past_days_and_language_narrow_the_list(server):
    server.tables["TAB3138"].touch(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
    assert [r["id"] for r in get(f"{server.url}/tables?pastDays=1")["tables"]] == ["TAB3138"]
    assert "TAB3138" not in str(get(f"{server.url}/tables?lang=en&pageSize=100"))
    assert fetch(f"{server.url}/tables/TAB3138/metadata?lang=en")[0] == 404


def test_old_addresses_are_gone(server):
    assert fetch(f"{server.url}/navigation")[0] == 404


# Limits


def test_calls_over_the_limit_get_plain_text_429_and_headers_before():
    with PxServer(limit=(3, 1.0)) as server:
        standing = [fetch(f"{server.url}/tables/TAB3138")[2] for _ in range(3)]
        assert [h["X-Rate-Limit-Remaining"] for h in standing] == ["2", "1", "0"]
        assert {h["X-Rate-Limit-Limit"] for h in standing} == {"1s"}
        status, body, headers = fetch(f"{server.url}/tables/TAB3138")
        assert (status, body) == (429, b"API calls quota exceeded! maximum admitted 3 per 1s.")
        assert headers["Content-Type"] == "text/plain"
        assert headers["Retry-After"] == "1"
        assert fetch(f"{server.url}/config")[0] == 200
        time.sleep(1.05)
        assert fetch(f"{server.url}/tables/TAB3138")[0] == 200
        assert [call.status for call in server.calls] == [200, 200, 200, 429, 200, 200]


def test_config_may_count_too():
    with PxServer(limit=(1, 5.0), config_exempt=False) as server:
        assert fetch(f"{server.url}/config")[0] == 200
        assert fetch(f"{server.url}/config")[0] == 429


def test_config_may_keep_the_limit_to_itself():
    with PxServer(limit=(5, 60.0), config_limit=(0, 0)) as server:
        config = get(f"{server.url}/config")
        assert (config["maxCallsPerTimeWindow"], config["timeWindow"]) == (0, 0)
        assert fetch(f"{server.url}/tables/TAB3138")[2]["X-Rate-Limit-Limit"] == "60s"


def test_the_window_starts_with_its_first_call_and_refusals_do_not_lengthen_it():
    now = [100.0]
    window = FixedWindow(2, 10.0, clock=lambda: now[0])
    assert window.ask("a").allowed
    now[0] = 109.0
    assert window.ask("a").allowed
    assert not window.ask("a").allowed
    assert window.ask("b").allowed
    now[0] = 110.0
    assert window.ask("a").allowed


def test_the_wait_is_rounded_to_the_nearest_second_and_so_may_be_too_short():
    now = [0.0]
    window = FixedWindow(1, 10.0, clock=lambda: now[0])
    window.ask("a")
    now[0] = 5.6
    assert window.ask("a").headers == {"Retry-After": "4"}
    now[0] = 9.9
    assert window.ask("a").headers == {"Retry-After": "1"}


def test_in_the_older_window_refused_calls_count():
    now = [0.0]
    window = SlidingWindow(2, 10.0, clock=lambda: now[0])
    assert window.ask("a").allowed
    assert window.ask("a").allowed
    for moment in (5.0, 9.0, 14.0, 18.0):
        now[0] = moment
        assert not window.ask("a").allowed
    now[0] = 29.0
    assert window.ask("a").allowed


def test_refusals_are_cached_as_scb_caches_them():
    with PxServer(limit=None, cache=60) as server:
        assert fetch(f"{server.url}/tables/TAB3138/metadata?lang=en")[0] == 404
        server.tables["TAB3138"].languages = ("sv", "en")
        assert fetch(f"{server.url}/tables/TAB3138/metadata?lang=en")[0] == 404
        assert fetch(f"{server.url}/tables/TAB3138?lang=en")[0] == 200


def test_a_front_end_may_pack_answers():
    with PxServer(limit=None, compress=True) as server:
        url = f"{server.url}/tables/TAB3138/metadata"
        _, packed, headers = fetch(url, **{"Accept-Encoding": "gzip"})
        assert headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed) == fetch(url)[1]


# Faults


def ask(server: PxServer) -> tuple[int, bytes, Any]:
    return fetch(f"{server.url}{COUNTY}", _county(valueCodes=["01", "19"]))


@pytest.mark.parametrize(
    ("kind", "status", "beginning"),
    [
        ("html", 200, b"<!DOCTYPE html"),
        ("empty500", 500, b""),
        ("502", 502, b"<!DOCTYPE html"),
        ("503", 503, b"Service Unavailable"),
        ("storm", 429, b"API calls quota exceeded!"),
        ("redirect", 200, b"<!DOCTYPE html"),
        ("not_json", 200, b"SYNTETISKA TESTDATA"),
        ("empty", 200, b""),
    ],
)
def test_faults_that_answer_something_else_happen_once(server, kind, status, beginning):
    server.faults.add(kind)
    if kind == "redirect":
        answered, body, _ = fetch(f"{server.url}{COUNTY}?valuecodes[Region]=19")
    else:
        answered, body, _ = ask(server)
    assert answered == status
    assert body.startswith(beginning)
    assert len(body) > 0 or beginning == b""
    assert ask(server)[0] == 200
    assert server.faults.happened == [kind]


def test_truncated_json_looks_whole_to_the_transport(server):
    server.faults.add("truncated")
    status, body, headers = ask(server)
    assert (status, int(headers["Content-Length"])) == (200, len(body))
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def test_a_short_body_is_less_than_promised(server):
    server.faults.add("short")
    with pytest.raises(http.client.IncompleteRead):
        ask(server)


def test_a_reset_breaks_the_connection_in_the_body(server):
    server.faults.add("reset")
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        ask(server)


def test_a_hanging_server_says_nothing(server):
    server.faults.add("hang")
    with pytest.raises(TimeoutError):
        urllib.request.urlopen(f"{server.url}/config", timeout=0.3)
    assert fetch(f"{server.url}/config")[0] == 200


def test_a_slow_server_drips_and_never_pauses_for_long(server):
    server.faults.add("slow", rate=200)
    started = time.monotonic()
    answer = urllib.request.urlopen(f"{server.url}/config", timeout=2)
    assert answer.read(40)
    assert time.monotonic() - started > 0.1
    answer.close()


def _unpacked(server: PxServer, most: int) -> int:
    """Unpack what /config sends until more than ``most`` bytes, or the end."""
    unpacker, total = zlib.decompressobj(31), 0
    with urllib.request.urlopen(f"{server.url}/config", timeout=20) as answer:
        while total <= most and (part := answer.read1(1 << 14)):
            while part:
                total += len(unpacker.decompress(part, 1 << 22))
                part = unpacker.unconsumed_tail
                if total > most:
                    break
    return total


@pytest.mark.parametrize("kind", ["endless_gzip", "bomb"])
def test_packed_answers_that_grow_beyond_every_bound(server, kind):
    server.faults.add(kind)
    assert _unpacked(server, 60_000_000) > 60_000_000


def test_a_bomb_is_small_on_the_way(server):
    server.faults.add("bomb")
    with urllib.request.urlopen(f"{server.url}/config", timeout=20) as answer:
        assert len(answer.read()) < 4_000_000


def test_wrong_data_are_valid_json_with_the_fault_in_them(server):
    right = json.loads(ask(server)[1])

    def spoilt(kind: str) -> Any:
        server.faults.add(kind, path="data")
        assert fetch(f"{server.url}/config")[0] == 200
        return json.loads(ask(server)[1])

    assert codes_of(spoilt("wrong_codes"), "Region") == ["01X", "19"]
    assert set(codes_of(spoilt("other_region"), "Region")).isdisjoint({"01", "19"})
    turned = spoilt("reordered")
    assert turned["id"] == right["id"][::-1]
    assert turned["value"] == right["value"][::-1]
    assert spoilt("missing_cell")["value"] == right["value"][:-1]
    assert len(codes_of(spoilt("default_selection"), "Region")) > 20
    assert "Region" not in spoilt("national_total")["id"]
    assert spoilt("stale")["updated"] < right["updated"]
    assert json.loads(ask(server)[1]) == right


def test_nan_is_no_json(server):
    server.faults.add("nan")
    body = ask(server)[1]
    assert b"[NaN," in body


def test_faults_wait_for_their_path_and_for_their_number(server):
    server.faults.add("empty500", times=2, path="metadata")
    assert fetch(f"{server.url}/config")[0] == 200
    statuses = [fetch(f"{server.url}/tables/TAB3138/metadata")[0] for _ in range(3)]
    assert statuses == [500, 500, 200]
    with server.faults.during("503"):
        assert [fetch(f"{server.url}/config")[0] for _ in range(3)] == [503] * 3
    assert fetch(f"{server.url}/config")[0] == 200
    with pytest.raises(ValueError, match="finns inte"):
        Faults().add("okänt")


def test_stopping_does_not_wait_for_a_hanging_answer():
    with PxServer() as server:
        server.faults.add("hang")
        connection = socket.create_connection(("127.0.0.1", server.port))
        connection.sendall(b"GET /api/v2/config HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.1)
        started = time.monotonic()
    assert time.monotonic() - started < 2
    connection.close()


def test_one_connection_serves_many_calls(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    for path in ("/api/v2/config", "/api/v2/tables/TAB0", "/api/v2/tables/TAB3138"):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.version == 11
        answer.read()
        assert not answer.will_close
    connection.close()


# The older API


def v1(server: PxServer, kind: str, base: str = "", **filters: Any) -> tuple[int, bytes]:
    query = [
        {"code": code, "selection": {"filter": how, "values": values}}
        for code, (how, values) in filters.items()
    ]
    url = base or f"{server.url_v1}/NR/NR0105/NR0105A/NR0105ENS2010T01A"
    return fetch(url, {"query": query, "response": {"format": kind}})[:2]


VASTMANLAND = {
    "Region": ("item", ["19"]),
    "ContentsCode": ("item", ["NR0105AH", "NR0105AI"]),
    "Tid": ("top", ["2"]),
}


def test_the_older_api_lists_levels_and_describes_tables(server):
    assert {level["id"] for level in get(server.url_v1)} >= {"BE", "NR"}
    table = get(f"{server.url_v1}/NR/NR0105/NR0105A")[0]
    assert (table["type"], table["id"]) == ("t", "NR0105ENS2010T01A")
    described = get(f"{server.url_v1}/START/NR/NR0105/NR0105A/NR0105ENS2010T01A")
    assert [v["code"] for v in described["variables"]] == ["Region", "ContentsCode", "Tid"]
    assert described["variables"][2]["time"] is True
    assert set(get(f"{server.url_v1}?config")) >= {"maxValues", "maxCells", "maxCalls"}


def test_the_older_formats_hold_the_same_figures(server):
    second = json.loads(v1(server, "json-stat2", **VASTMANLAND)[1])
    first = json.loads(v1(server, "json-stat", **VASTMANLAND)[1])["dataset"]
    assert second["extension"]["px"]["tableid"] == "TAB3138"
    assert first["value"] == second["value"]
    assert first["dimension"]["id"] == second["id"]
    body = v1(server, "json", **VASTMANLAND)[1]
    assert body.startswith(b"\xef\xbb\xbf")
    rows = json.loads(body.decode("utf-8-sig"))
    assert [c["type"] for c in rows["columns"]] == ["d", "t", "c", "c"]
    by_period = {row["key"][1]: row["values"] for row in rows["data"]}
    assert list(map(float, by_period["2024"])) == second["value"][1::2]


def test_missing_figures_are_symbols_in_the_older_rows(server):
    asked = {**VASTMANLAND, "Tid": ("item", ["2000"])}
    rows = json.loads(v1(server, "json", **asked)[1].decode("utf-8-sig"))
    assert rows["data"][0]["values"][1] == ".."


def test_a_variable_left_out_of_an_older_query_comes_whole(server):
    asked = {k: v for k, v in VASTMANLAND.items() if k != "Region"}
    answer = json.loads(v1(server, "json-stat2", **asked)[1])
    assert answer["size"][0] == 31


def test_older_refusals(server):
    wrong = {**VASTMANLAND, "Region": ("item", ["9999"])}
    assert v1(server, "json-stat2", **wrong) == (400, b"Bad Request")
    assert fetch(f"{server.url_v1}/NR/NR0105/finnsinte")[:2] == (400, b"Bad Request")
    everything = {"Region": ("all", ["*"]), "Alder": ("all", ["*"]), "Kon": ("all", ["*"])}
    status, body = v1(
        server, "json-stat2", f"{server.url_v1}/BE/BE0101/BE0101A/BefolkningNy", **everything
    )
    assert (status, json.loads(body)) == (403, {"error": "Too many values selected"})
    status, body, _ = fetch(f"{server.url_v1}?query=brp")
    assert json.loads(body) == {"error": "Search not activated"}


def test_the_agencys_table_has_running_numbers_as_codes(server):
    base = f"{server.url_tva}/Tillväxtanalys statistikdatabas/Nystartade företag"
    table = f"{base}/{get(base)[0]['id']}"
    county = next(v for v in get(table)["variables"] if v["code"] == "Län")
    code = county["values"][county["valueTexts"].index("19 Västmanlands län")]
    assert code != "19"
    status, body = v1(server, "json-stat2", table, Län=("item", [code]), Tid=("top", ["4"]))
    assert status == 200
    answer = json.loads(body)
    assert sorted(answer["size"]) == [1, 1, 4]
    assert "SYNTETISKA TESTDATA" in answer["label"]
    assert v1(server, "json-stat2", table, Fel=("item", ["1"]))[1] == b'{"error":"Parameter error"}'


def test_the_older_api_refuses_with_json_and_the_whole_window():
    with PxServer(limit=(2, 7.0)) as server:
        assert [fetch(server.url_v1)[0] for _ in range(3)] == [200, 200, 429]
        _, body, headers = fetch(server.url_v1)
        assert "429 - Too many requests" in json.loads(body)["error"]
        assert headers["Retry-After"] == "7"


# By hand


def test_it_starts_by_hand_within_seconds_and_is_quiet():
    command = [sys.executable, "-m", "tests.pxserver", "--port", "0", "--fault", "html:2"]
    root = Path(__file__).resolve().parents[1]
    process = subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        answers = [fetch(f"{url}/config")[1] for _ in range(3)]
        assert [answer.startswith(b"<") for answer in answers] == [True, True, False]
    finally:
        process.terminate()
        _, complaints = process.communicate(timeout=10)
    assert complaints == ""


def test_it_starts_at_once():
    started = time.monotonic()
    with PxServer() as server:
        get(f"{server.url}/config")
        assert time.monotonic() - started < 0.5


def test_it_runs_without_recordings(tmp_path):
    with PxServer(recordings=tmp_path) as server:
        assert fetch(f"{server.url}/tables/TAB6471/metadata")[0] == 404
        assert get(f"{server.url}/tables/TAB3138")["id"] == "TAB3138"


def test_the_help_names_every_fault():
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "tests.pxserver", "--help"]
    text = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    joined = "".join(text.split())
    assert all(kind in joined for kind in KINDS)

"""PxWeb v1: the ``json`` format, and the client against the test server and recorded answers."""

import contextlib
import json
import time
from pathlib import Path

import httpx
import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affarsplan_data.archive import Archive
from affarsplan_data.scb import (
    ELIMINATE,
    Limiter,
    NotEliminableError,
    OfflineError,
    Patience,
    Rate,
    RateLimitError,
    RefusedError,
    SelectionError,
    ServerFaultError,
    TooManyCellsError,
    UnknownTableError,
    UnknownValueError,
    UnknownVariableError,
    UnreadableAnswerError,
    UnsupportedError,
    WrongAnswerError,
)
from affarsplan_data.scb.jsonstat import read_cube, to_frame
from affarsplan_data.scb.pxjson import read_pxjson
from affarsplan_data.scb.v1 import PxWebV1Client
from affarsplan_data.scb.v1_reading import V1Config
from tests.pxserver import PxServer

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "recordings"
RESPONSES = RECORDED / "v1" / "responses"
recorded = pytest.mark.skipif(not RESPONSES.is_dir(), reason="the recordings are not here")

FOLKMÄNGD = "BE/BE0101/BE0101A/BefolkningNy"
BRP = "NR/NR0105/NR0105A/NR0105ENS2010T01A"
FÖRETAG = "Tillväxtanalys statistikdatabas/Nystartade företag/nystartade_foretag_kvartal_lan.px"
SMALL = {"Region": ["00", "19"], "ContentsCode": "NR0105AH", "Tid": "TOP(3)"}
HURRIED = Patience(connect=2, read=2, total=3, attempts=3, first_wait=0.02, longest_wait=0.1)
BASE = "http://pxweb.invalid/api/v1/sv"


@pytest.fixture(scope="module")
def server():
    with PxServer(limit=None) as running:
        yield running


@pytest.fixture
def scb(server):
    with PxWebV1Client(server.url_v1, patience=HURRIED, limiter=free()) as client:
        yield client


def free():
    return Limiter(Rate(100_000, 1.0))


def answering(*answers, metadata=None, config=None):
    """A client whose server gives the same metadata, and to each question the next of the answers."""
    waiting = list(answers)
    asked = []

    def respond(request):
        if request.url.query.startswith(b"config"):
            return httpx.Response(200, content=config) if config else httpx.Response(400)
        if request.method == "GET" and metadata is not None:
            return httpx.Response(200, content=metadata)
        asked.append(request)
        status, content = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return httpx.Response(status, content=content, headers={"Retry-After": "0"})

    client = PxWebV1Client(
        BASE, patience=HURRIED, limiter=free(), transport=httpx.MockTransport(respond)
    )
    return client, asked


# The json format


def pxjson(**changes):
    answer = {
        "columns": [
            {"code": "Region", "text": "region", "type": "d"},
            {"code": "Tid", "text": "år", "type": "t"},
            {"code": "N1", "text": "Folkmängd", "type": "c", "unit": "antal"},
            {"code": "N2", "text": "Andel", "type": "c"},
        ],
        "comments": [
            {"variable": "Region", "value": "19", "comment": "SYNTETISKA TESTDATA\r\n"},
            {"variable": "", "value": "", "comment": "om hela tabellen"},
        ],
        "data": [
            {"key": ["19", "2023"], "values": ["1", ".."]},
            {"key": ["19", "2024"], "values": ["2", "-"]},
            {"key": ["20", "2023"], "values": ["-3.5", ""]},
            {
                "key": ["20", "2024"],
                "values": ["1 000 000".replace(" ", "\N{NO-BREAK SPACE}"), "5,5"],
            },
        ],
    }
    answer.update(changes)
    return b"\xef\xbb\xbf" + orjson.dumps(answer)


def test_texts_become_numbers_and_symbols_become_status():
    frame = to_frame(read_pxjson(pxjson()), contents="columns", columns="codes")
    assert list(frame) == ["Region", "Tid", "N1", "N1_status", "N2", "N2_status"]
    assert frame["N1"].tolist() == [1, 2, -3.5, 1_000_000]
    np.testing.assert_array_equal(frame["N2"], [np.nan, np.nan, np.nan, 5.5])
    assert frame["N2_status"].tolist() == ["..", "-", "", ""]
    assert frame.attrs["time"] == "Tid"
    assert frame.attrs["units"] == {"N1": "antal"}
    assert frame.attrs["other_notes"] == ["om hela tabellen", "SYNTETISKA TESTDATA"]


def test_rows_are_placed_by_their_keys_and_not_by_their_order():
    answer = orjson.loads(pxjson()[3:])
    first, second, third, fourth = answer["data"]
    mixed = read_pxjson(pxjson(data=[first, fourth, third, second]))
    assert mixed.structure.dimension("Tid").codes == ("2023", "2024")
    frame = to_frame(mixed, contents="columns", columns="codes")
    assert frame[["Region", "Tid", "N1"]].values.tolist() == [
        ["19", "2023", 1],
        ["19", "2024", 2],
        ["20", "2023", -3.5],
        ["20", "2024", 1_000_000],
    ]


ROW = {"key": ["19", "2023"], "values": ["1", "2"]}


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\xef\xbb\xbf",
        b"[]",
        b"{}",
        b"<html>",
        pxjson()[:-30],
        pxjson(columns=None),
        pxjson(columns=[{"code": "A", "type": "d"}]),
        pxjson(columns=[{"type": "c"}]),
        pxjson(data=[]),
        pxjson(data=None),
        pxjson(data=[1]),
        pxjson(data=[ROW, ROW]),
        pxjson(data=[ROW, {"key": ["20", "2024"], "values": ["1", "2"]}]),
        pxjson(data=[{"key": ["19"], "values": ["1", "2"]}]),
        pxjson(data=[{"key": ["19", "2023"], "values": ["1"]}]),
        pxjson(data=[{"key": ["19", "2023"], "values": ["1", "1e999"]}]),
        pxjson(data=[{"key": ["19", "2023"], "values": ["1", "2x"]}]),
        pxjson(data=[{"key": ["19", "2023"], "values": ["1", True]}]),
        pxjson(data=[{"key": ["19", "2023"], "values": ["1", "ett långt meddelande"]}]),
        pxjson(comments=[1]),
        pxjson(comments=3),
    ],
)
def test_rows_that_make_no_whole_cube_are_refused(broken):
    with pytest.raises(UnreadableAnswerError):
        read_pxjson(broken)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_byte_is_changed_only_one_error_comes_out(data):
    content = bytearray(pxjson())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnreadableAnswerError):
        to_frame(read_pxjson(bytes(content)))


# Recorded answers


@recorded
@pytest.mark.parametrize("path", sorted(RESPONSES.glob("*")), ids=lambda path: path.name)
def test_every_recorded_answer_is_read_as_what_it_is(path):
    content = path.read_bytes()
    if "levels" in path.name:
        client, _ = answering((200, content))
        levels = client.levels("BE")
        assert len(levels) == len(json.loads(content))
        assert levels["path"].iloc[0] == f"BE/{levels['id'].iloc[0]}"
        assert set(levels["type"]) <= {"l", "t"}
    elif "tablemeta" in path.name:
        client, _ = answering((200, content))
        metadata, told = client.metadata("BE/tabell"), json.loads(content)
        assert [v.code for v in metadata.variables] == [v["code"] for v in told["variables"]]
        assert [v.codes for v in metadata.variables] == [
            tuple(v["values"]) for v in told["variables"]
        ]
        assert [v.code for v in metadata.variables if v.is_time] == ["Tid"]
        assert [v.code for v in metadata.variables if v.is_metric] == ["ContentsCode"]
    elif "pxjson" in path.name:
        cube, told = read_pxjson(content), json.loads(content.decode("utf-8-sig"))
        assert cube.values.tolist() == [float(row["values"][0]) for row in told["data"]]
        assert cube.structure.time.id == "Tid"
    elif "query" in path.name:
        with pytest.raises(UnreadableAnswerError):
            read_cube(content)
    else:
        cube = read_cube(content)
        assert cube.structure.cells == len(cube.values)


@recorded
@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("v1_400_parameter_error.json", 400, RefusedError),
        ("v1_400_search_not_activated.json", 400, UnsupportedError),
        ("v1_403_too_many_values.json", 403, TooManyCellsError),
        ("v1_429_too_many_requests.json", 429, RateLimitError),
    ],
)
def test_every_recorded_error_becomes_its_own_type_and_says_what_was_asked(name, status, kind):
    client, asked = answering((status, (RECORDED / "errors" / name).read_bytes()))
    with pytest.raises(kind) as caught:
        client.metadata("BE/tabell")
    assert "/BE/tabell" in str(caught.value)
    assert caught.value.status == status
    # What will be refused again is asked once; what may pass is asked as often as patience allows.
    assert (len(asked) > 1) == (kind is RateLimitError)


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (400, b"Bad Request", RefusedError),
        (404, b"", UnknownTableError),
        (404, b"<html>Not found</html>", UnknownTableError),
        (403, b"<html>Forbidden</html>", RefusedError),
        (429, b"", RateLimitError),
        (500, b"", ServerFaultError),
        (503, b"<html>", ServerFaultError),
        (200, b'{"error":"Parameter error"}', RefusedError),
        (200, b'{"error":"Too many values selected"}', TooManyCellsError),
        (200, b"<html>Underh\xc3\xa5ll</html>", UnreadableAnswerError),
        (200, b"", UnreadableAnswerError),
        (200, b'{"title":"t"}', UnreadableAnswerError),
        (200, b'{"title":"t","variables":[]}', UnreadableAnswerError),
        (200, b'{"title":"t","variables":[{"code":1}]}', UnreadableAnswerError),
        (
            200,
            b'{"variables":[{"code":"A","values":["1"],"valueTexts":[]},3]}',
            UnreadableAnswerError,
        ),
        (200, b'{"variables":[{"code":"A","values":["1","1"]}]}', UnreadableAnswerError),
        (
            200,
            b'{"variables":[{"code":"A","values":["1"],"valueTexts":["a","b"]}]}',
            UnreadableAnswerError,
        ),
        (200, b'[{"id":"BE","type":"l","text":"x"}]', UnknownTableError),
    ],
)
def test_other_answers_than_a_table_become_typed_errors(status, content, kind):
    client, _ = answering((status, content))
    with pytest.raises(kind):
        client.metadata("BE/tabell")


def test_a_table_asked_for_as_a_level_says_so():
    client, _ = answering((200, b'{"title":"t","variables":[]}'))
    with pytest.raises(RefusedError, match="är en tabell"):
        client.levels("BE/tabell")


# The client against the test server


def test_the_way_from_the_top_to_a_table_is_walked_by_the_paths_given(scb):
    path = ""
    while True:
        levels = scb.levels(path)
        step = levels.iloc[0]
        path = step["path"]
        if step["type"] == "t":
            break
    assert scb.metadata(path).variables


@pytest.mark.parametrize("format", ["json-stat2", "json-stat", "json"])
def test_all_three_formats_give_the_same_figures_codes_and_labels(scb, format):
    frame = scb.data(BRP, SMALL, format=format)
    expected = scb.data(BRP, SMALL)
    for column in ("Region", "Region_label", "Tid", "ContentsCode", "value", "status"):
        assert frame[column].tolist() == expected[column].tolist()
    assert frame["Region"].tolist() == ["00"] * 3 + ["19"] * 3
    assert frame["Tid"].tolist() == ["2022", "2023", "2024"] * 2
    assert frame.attrs["table"] == "NR0105ENS2010T01A"


def test_a_missing_value_keeps_its_symbol_in_every_format(scb):
    first = {"Region": "19", "ContentsCode": "NR0105AI", "Tid": "BOTTOM(2)"}
    for format in ("json-stat2", "json-stat", "json"):
        frame = scb.data(BRP, first, format=format)
        assert frame["value"].isna().tolist() == [True, False]
        assert frame["status"].tolist() == ["..", ""]


def test_every_variable_is_sent_with_its_codes_written_out(server, scb):
    scb.data(BRP, {"Region": "*", "ContentsCode": "NR0105AH"})
    body = json.loads(server.calls[-1].body)
    assert [item["code"] for item in body["query"]] == ["Region", "ContentsCode", "Tid"]
    assert all(item["selection"]["filter"] == "item" for item in body["query"])
    assert body["query"][2]["selection"]["values"] == [str(year) for year in range(2000, 2025)]


def test_a_variable_taken_whole_is_told(scb):
    frame = scb.data(BRP, {"Region": "19", "Tid": "2024"})
    assert frame.attrs["taken_whole"] == ["ContentsCode"]


def test_elimination_leaves_the_variable_out_of_question_and_answer(server, scb):
    chosen = {"Region": "19", "Alder": "tot", "ContentsCode": "BE0101N1", "Tid": "2024"}
    total = scb.data(FOLKMÄNGD, {**chosen, "Kon": ELIMINATE, "Civilstand": ELIMINATE})
    assert "Kon" not in total
    sent = json.loads(server.calls[-1].body)["query"]
    assert "Kon" not in [item["code"] for item in sent]
    parts = scb.data(FOLKMÄNGD, {**chosen, "Kon": ["1", "2"], "Civilstand": ELIMINATE})
    assert parts["value"].sum() == total["value"].item()
    with pytest.raises(NotEliminableError):
        scb.data(FOLKMÄNGD, {**chosen, "Tid": ELIMINATE})


@pytest.mark.parametrize(
    ("selection", "kind"),
    [
        ({"Regionn": "19"}, UnknownVariableError),
        ({"Region": "9999"}, UnknownValueError),
        ({"Region": "x*"}, UnknownValueError),
        ({"Region": []}, SelectionError),
    ],
)
def test_what_the_table_does_not_have_is_refused_before_it_is_sent(server, scb, selection, kind):
    before = sum(call.method == "POST" for call in server.calls)
    with pytest.raises(kind):
        scb.data(BRP, selection)
    assert sum(call.method == "POST" for call in server.calls) == before


def test_a_codelist_is_read_by_codes_that_are_named(scb):
    chosen = {"Alder": ["-4", "5-9"], "Kon": "1", "ContentsCode": "BE0101N1", "Tid": "2024"}
    chosen |= {"Region": "19", "Civilstand": ELIMINATE}
    groups = scb.metadata(FOLKMÄNGD)
    assert "-4" not in groups.variable("Alder").codes
    frame = scb.data(FOLKMÄNGD, chosen, codelists={"Alder": "agg_Ålder5år"})
    ages = [str(age) for age in range(10)]
    single = scb.data(FOLKMÄNGD, {**chosen, "Alder": ages})
    assert frame["value"].tolist() == [single["value"][:5].sum(), single["value"][5:].sum()]
    assert frame["Alder_label"].tolist() != frame["Alder"].tolist()
    with pytest.raises(SelectionError, match="Skriv ut koderna"):
        scb.data(FOLKMÄNGD, {**chosen, "Alder": "*"}, codelists={"Alder": "agg:Ålder5år"})
    with pytest.raises(SelectionError, match="ingen kodlista"):
        scb.data(FOLKMÄNGD, chosen, codelists={"Alder": "Ålder5år"})


def test_tillvaxtanalys_table_is_read_in_every_format(server):
    with PxWebV1Client(server.url_tva, patience=HURRIED, limiter=free()) as client:
        assert client.levels()["id"].tolist() == ["Tillväxtanalys statistikdatabas"]
        assert set(client.levels("Tillväxtanalys statistikdatabas")["type"]) == {"l"}
        metadata = client.metadata(FÖRETAG)
        assert metadata.variable("Län").labels[0].startswith("00 ")
        chosen = {"Län": ["0", "5"], "Tid": "RANGE(2024K1,2024K4)"}
        frames = [
            client.data(FÖRETAG, chosen, format=f) for f in ("json-stat2", "json-stat", "json")
        ]
    for frame in frames:
        assert frame["value"].tolist() == frames[0]["value"].tolist()
        assert frame["Län_label"].tolist() == frames[0]["Län_label"].tolist()
        assert frame["Tid"].tolist()[::2] == ["2024K1", "2024K2", "2024K3", "2024K4"]


def test_a_selection_above_the_limit_is_fetched_in_parts_and_joined_in_order():
    chosen = {"Region": ["00", "19", "20"], "Tid": "TOP(7)"}
    with PxServer(limit=None) as whole, PxServer(limit=None, max_cells=17) as small:
        with PxWebV1Client(whole.url_v1, limiter=free()) as client:
            expected = client.data(BRP, chosen)
        for format in ("json-stat2", "json"):
            with PxWebV1Client(small.url_v1, limiter=free()) as client:
                frame = client.data(BRP, chosen, format=format)
            assert frame["value"].equals(expected["value"])
            assert frame["Region"].tolist() == expected["Region"].tolist()
            assert frame["Tid"].tolist() == expected["Tid"].tolist()
        sent = [call for call in small.calls if call.method == "POST"]
        assert len(sent) >= 2 * -(-len(expected) // 17)
        assert {call.status for call in sent} == {200}


def test_the_client_keeps_to_the_window_so_that_no_call_is_refused():
    with PxServer(limit=(5, 0.6)) as server:
        with PxWebV1Client(
            server.url_v1, patience=HURRIED, limiter=Limiter(Rate(5, 0.6))
        ) as client:
            client._config = V1Config(maxCells=1000)
            start = time.monotonic()
            for _ in range(12):
                client.metadata(BRP)
            taken = time.monotonic() - start
        assert {call.status for call in server.calls} == {200}
        assert taken >= 1.2


def test_a_refused_call_is_made_again_when_the_whole_window_has_passed():
    with PxServer(limit=(2, 1.0)) as server:
        patience = Patience(total=20, attempts=3, first_wait=0.02)
        with PxWebV1Client(server.url_v1, patience=patience, limiter=free()) as client:
            client._config = V1Config()
            for _ in range(4):
                assert client.metadata(BRP).variables
        statuses = [call.status for call in server.calls]
        assert statuses.count(429) == 1
        assert statuses.count(200) == 4


def test_the_limits_are_the_servers_own_or_else_the_cautious_ones(scb, server):
    assert scb.config().max_cells == 150_000
    silent, _ = answering((200, b"[]"))
    assert silent.config() == V1Config()
    assert silent.config().rate is None
    assert Limiter().rates == (Rate(10, 10.0),)
    assert silent.config().max_cells == 100_000
    odd, _ = answering((200, b"[]"), config=b'{"maxCells":"inget"}')
    assert odd.config() == V1Config()
    told, _ = answering(
        (200, b"[]"), config=b'{"maxValues":5,"maxCells":7,"maxCalls":3,"timeWindow":4}'
    )
    assert (told.config().max_cells, told.config().rate) == (7, Rate(3, 4.0))


@pytest.mark.parametrize(
    "kind",
    ["truncated", "short", "reset", "html", "not_json", "empty", "empty500", "503", "redirect"],
)
def test_whatever_goes_wrong_on_the_way_the_figures_are_right_or_there_is_an_error(kind):
    with (
        PxServer(limit=None) as server,
        PxWebV1Client(server.url_v1, patience=HURRIED, limiter=free()) as client,
    ):
        expected = client.data(BRP, SMALL)
        server.faults.add(kind, times=1, path="T01A")
        if kind == "redirect":
            with pytest.raises(RefusedError):
                client.data(BRP, SMALL)
        else:
            assert client.data(BRP, SMALL).equals(expected)
        assert server.faults.happened


class Spoiling(httpx.BaseTransport):
    """Passes requests on, and spoils the answers to questions about data."""

    def __init__(self, spoil):
        self.spoil = spoil
        self.inner = httpx.HTTPTransport()

    def handle_request(self, request):
        response = self.inner.handle_request(request)
        content = response.read()
        if request.method == "POST":
            answer = orjson.loads(content)
            self.spoil(answer)
            content = orjson.dumps(answer)
        return httpx.Response(response.status_code, content=content)


def rename(variable, code, other):
    def spoil(answer):
        for part in ("index", "label"):
            held = answer["dimension"][variable]["category"][part]
            answer["dimension"][variable]["category"][part] = {
                other if key == code else key: value for key, value in held.items()
            }

    return spoil


def turned(answer):
    index = answer["dimension"]["Tid"]["category"]["index"]
    answer["dimension"]["Tid"]["category"]["index"] = {c: 2 - place for c, place in index.items()}


def shortened(answer):
    answer["value"].pop()


def national(answer):
    answer["id"], answer["size"] = answer["id"][1:], answer["size"][1:]
    del answer["dimension"]["Region"]
    answer["value"] = answer["value"][:3]


def another_variable(answer):
    answer["dimension"]["Sektor"] = answer["dimension"].pop("Region")
    answer["id"][0] = "Sektor"


def one_more(answer):
    answer["dimension"]["Kon"] = {"label": "kön", "category": {"label": {"1": "män"}}}
    answer["id"].append("Kon")
    answer["size"].append(1)


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (rename("Region", "19", "20"), WrongAnswerError),
        (rename("Tid", "2024", "2023x"), WrongAnswerError),
        (rename("ContentsCode", "NR0105AH", "NR0105AI"), WrongAnswerError),
        (turned, WrongAnswerError),
        (national, WrongAnswerError),
        (another_variable, WrongAnswerError),
        (one_more, WrongAnswerError),
        (shortened, UnreadableAnswerError),
    ],
)
def test_a_whole_answer_with_other_data_than_asked_for_is_never_a_frame(server, spoil, kind):
    asked = {"patience": HURRIED, "limiter": free()}
    with PxWebV1Client(server.url_v1, transport=Spoiling(lambda answer: None), **asked) as client:
        assert len(client.data(BRP, SMALL)) == 6
    client = PxWebV1Client(server.url_v1, transport=Spoiling(spoil), **asked)
    with client, pytest.raises(kind):
        client.data(BRP, SMALL)


def test_an_answer_to_another_question_is_never_a_frame():
    metadata = orjson.dumps(
        {
            "title": "SYNTETISKA TESTDATA",
            "variables": [
                {
                    "code": "Region",
                    "text": "region",
                    "values": ["19", "20"],
                    "valueTexts": ["a", "b"],
                },
                {"code": "Tid", "text": "år", "values": ["2023", "2024"], "time": True},
            ],
        }
    )
    columns = [
        {"code": c, "text": c, "type": t} for c, t in (("Region", "d"), ("Tid", "t"), ("N", "c"))
    ]

    def rows(*keys):
        data = [{"key": list(key), "values": ["1"]} for key in keys]
        return 200, orjson.dumps({"columns": columns, "comments": [], "data": data})

    right, _ = answering(rows(("19", "2024")), metadata=metadata)
    frame = right.data("t", {"Region": "19", "Tid": "2024"}, format="json")
    assert frame["Region_label"].tolist() == ["a"]
    for wrong in (rows(("20", "2024")), rows(("19", "2023")), rows(("19", "2024"), ("20", "2024"))):
        client, _ = answering(wrong, metadata=metadata)
        with pytest.raises(WrongAnswerError):
            client.data("t", {"Region": "19", "Tid": "2024"}, format="json")


def test_a_variable_too_large_to_be_listed_is_asked_for_by_codes_that_are_named():
    metadata = orjson.dumps(
        {
            "title": "SYNTETISKA TESTDATA",
            "variables": [
                {"code": "Namn", "text": "namn", "values": None, "valueTexts": None},
                {
                    "code": "Tid",
                    "text": "år",
                    "values": ["2024"],
                    "valueTexts": ["2024"],
                    "time": True,
                },
            ],
        }
    )
    columns = [
        {"code": c, "text": c, "type": t} for c, t in (("Namn", "d"), ("Tid", "t"), ("N", "c"))
    ]
    data = [
        {"key": [name, "2024"], "values": [value]} for name, value in (("Bo", "2"), ("Al", "1"))
    ]
    content = orjson.dumps({"columns": columns, "comments": [], "data": data})
    client, asked = answering((200, content), metadata=metadata)
    frame = client.data("t", {"Namn": ["Al", "Bo"]}, format="json")
    assert frame[["Namn", "value"]].values.tolist() == [["Al", 1], ["Bo", 2]]
    assert json.loads(asked[0].content)["query"][0]["selection"]["values"] == ["Al", "Bo"]
    for unlisted in ({}, {"Namn": "*"}, {"Namn": "TOP(3)"}):
        with pytest.raises(SelectionError, match="Skriv ut koderna"):
            client.data("t", unlisted, format="json")
    with pytest.raises(WrongAnswerError):
        client.data("t", {"Namn": ["Al", "Cy"]}, format="json")


def test_too_many_cells_for_the_client_are_refused_before_they_are_asked_for(server):
    client = PxWebV1Client(server.url_v1, limiter=free(), max_cells=10)
    with client, pytest.raises(TooManyCellsError, match="max_cells"):
        client.data(BRP, {"Region": "*"})


def test_a_path_cannot_lead_out_of_the_database_or_into_the_query():
    client, asked = answering((200, b"[]"))
    with pytest.raises(RefusedError):
        client.levels("BE/../../hemligt")
    client.levels("Å/a b?c#d%20")
    assert asked[0].url.raw_path == b"/api/v1/sv/%C3%85/a%20b%3Fc%23d%2520"


def test_an_unknown_format_is_refused(scb):
    with pytest.raises(SelectionError, match="json-stat2"):
        scb.data(BRP, SMALL, format="px")


def test_what_has_been_fetched_is_read_again_without_network(server, tmp_path):
    archive = Archive(tmp_path)
    with PxWebV1Client(server.url_v1, archive=archive, limiter=free()) as client:
        expected = client.data(BRP, SMALL)
    broken = httpx.MockTransport(lambda request: pytest.fail("a call was made"))
    with PxWebV1Client(
        server.url_v1, archive=archive, offline=True, transport=broken, limiter=free()
    ) as client:
        assert client.data(BRP, SMALL).equals(expected)
        with pytest.raises(OfflineError):
            client.data(BRP, {**SMALL, "Region": "20"})
    with pytest.raises(OfflineError):
        PxWebV1Client(server.url_v1, offline=True)

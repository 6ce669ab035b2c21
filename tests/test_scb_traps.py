"""The ways in which a PxWebApi 2 server answers 200 with the wrong data, and what the client does.

Each trap is first sprung with a naive client, so that the test proves the trap to be there: the naive
client takes the answer for what it asked for.
"""

import json
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from affarsplan_data.scb import (
    ELIMINATE,
    NotEliminableError,
    ScbClient,
    ScbError,
    TooManyCellsError,
    UnknownCodelistError,
    UnknownValueError,
    UnknownVariableError,
    UpdatedMeanwhileError,
    WrongAnswerError,
)
from tests.pxserver import PxServer

Answer = dict[str, Any]


@pytest.fixture
def server():
    with PxServer(limit=None) as running:
        yield running


@pytest.fixture
def scb(server):
    return ScbClient(server.url)


def naive_get(server: PxServer, table: str, **params: str) -> Answer:
    """Ask with GET as a quick script does, and believe a 200."""
    query = urllib.parse.urlencode({"lang": "sv", **params}, safe="[]()*,")
    with urllib.request.urlopen(f"{server.url}/tables/{table}/data?{query}") as answer:
        return json.loads(answer.read())


def naive_post(server: PxServer, table: str, selection: Mapping[str, list[str]]) -> Answer:
    """Ask with POST as a quick script does, and believe a 200."""
    items = [{"variableCode": v, "valueCodes": codes} for v, codes in selection.items()]
    request = urllib.request.Request(
        f"{server.url}/tables/{table}/data?lang=sv",
        json.dumps({"selection": items}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())


POPULATION = {"Alder": ["tot"], "ContentsCode": ["BE0101N1"], "Tid": ["2024"]}


def test_a_misspelt_variable_gets_a_default_selection_and_here_an_error(server, scb):
    naive = naive_get(server, "TAB3138", **{"valueCode[Tid]": "2024", "valueCode[Region]": "19"})
    assert naive["size"] != [1, 1, 1]
    with pytest.raises(UnknownVariableError, match="Region"):
        scb.data("TAB3138", {"Reigon": "19"})


def test_no_selection_gets_a_default_selection_and_here_the_whole_table(server, scb):
    naive = naive_get(server, "TAB3143")
    cells = int(np.prod(naive["size"]))
    frame = scb.data("TAB3143")
    assert len(frame) == scb.metadata("TAB3143").cells > cells


def test_a_wildcard_without_match_gets_the_national_total_and_here_an_error(server, scb):
    naive = naive_post(server, "TAB638", {"Region": ["X*"], "Kon": ["1"], **POPULATION})
    assert "Region" not in naive["id"]
    assert naive["value"][0] > 1_000_000
    with pytest.raises(UnknownValueError, match="X"):
        scb.data("TAB638", {"Region": "X*", "Kon": "1", **POPULATION})


def test_a_variable_left_out_is_eliminated_and_here_taken_whole_or_left_out_on_purpose(server, scb):
    naive = naive_post(server, "TAB638", {"Region": ["19"], **POPULATION})
    assert "Kon" not in naive["id"]
    whole = scb.data("TAB638", {"Region": "19", **POPULATION})
    assert set(whole["Kon"]) == {"1", "2"}
    total = scb.data(
        "TAB638", {"Region": "19", "Kon": ELIMINATE, "Civilstand": ELIMINATE, **POPULATION}
    )
    assert "Kon" not in total
    assert total["value"].item() == naive["value"][0] == whole["value"].sum()
    with pytest.raises(NotEliminableError, match="Tid"):
        scb.data("TAB638", {"Region": "19", "Tid": ELIMINATE})


def test_a_codelist_without_values_is_ignored_and_here_applied(server, scb):
    naive = naive_get(
        server,
        "TAB638",
        **{
            "codelist[Alder]": "agg_Ålder5år",
            "valuecodes[Region]": "19",
            "valuecodes[ContentsCode]": "BE0101N1",
            "valuecodes[Tid]": "2024",
        },
    )
    assert "Alder" not in naive["id"]
    frame = scb.data(
        "TAB638",
        {"Region": "19", "Kon": "1", "ContentsCode": "BE0101N1", "Tid": "2024"},
        {"Alder": "agg_Ålder5år"},
    )
    assert {"-4", "5-9", "10-14"} <= set(frame["Alder"])


def test_a_codelist_in_another_case_is_unknown_and_the_right_one_is_named(scb):
    with pytest.raises(UnknownCodelistError, match="agg_Ålder5år"):
        scb.data("TAB638", {"Tid": "2024"}, {"Alder": "agg_ålder5år"})


def test_top_means_the_latest_periods_in_rising_order(server, scb):
    naive = naive_post(
        server, "TAB3138", {"Region": ["19"], "ContentsCode": ["NR0105AH"], "Tid": ["TOP(2)"]}
    )
    assert list(naive["dimension"]["Tid"]["category"]["index"]) == ["2023", "2024"]
    frame = scb.data("TAB3138", {"Region": "19", "ContentsCode": "NR0105AH", "Tid": "TOP(2)"})
    assert list(frame["Tid"]) == ["2023", "2024"]
    assert frame["value"].tolist() == naive["value"]


def test_a_code_asked_for_twice_fails_at_the_server_and_is_sent_once_here(server, scb):
    with pytest.raises(urllib.error.HTTPError) as raised:
        naive_post(
            server,
            "TAB3138",
            {"Region": ["19", "19"], "ContentsCode": ["NR0105AH"], "Tid": ["2024"]},
        )
    assert raised.value.code == 500
    frame = scb.data(
        "TAB3138", {"Region": ["19", "1*", "19"], "ContentsCode": "NR0105AH", "Tid": "2024"}
    )
    assert frame["Region"].is_unique


def test_data_in_another_order_than_the_metadata_land_in_the_right_cells(server, scb):
    metadata = scb.metadata("TAB9001")
    ids = [variable.code for variable in metadata.variables]
    naive = naive_post(server, "TAB9001", {v.code: ["*"] for v in metadata.variables})
    assert naive["id"] != ids
    frame = scb.data("TAB9001")
    assert list(frame.columns[: 2 * len(ids) : 2]) == ids
    by_code = cells_by_code(naive)
    for row in frame.sample(40, random_state=1).itertuples():
        key = tuple(sorted((name, getattr(row, name)) for name in ids))
        expected = by_code[key]
        assert (row.value == expected) or (np.isnan(row.value) and expected is None)


def cells_by_code(dataset: Answer) -> dict[tuple[tuple[str, str], ...], float | None]:
    """Return every cell of a dataset by its codes, worked out the slow and plain way."""
    names = dataset["id"]
    codes = [
        sorted(index, key=index.get)
        for index in (dataset["dimension"][name]["category"]["index"] for name in names)
    ]
    cells = {}
    for place, value in enumerate(dataset["value"]):
        at = np.unravel_index(place, dataset["size"])
        key = tuple(sorted((n, c[i]) for n, c, i in zip(names, codes, at, strict=True)))
        cells[key] = value
    return cells


def test_a_dash_is_empty_with_its_symbol_and_not_the_same_as_missing(server, scb):
    frame = scb.data("TAB9001")
    symbols = set(frame.loc[frame["value"].isna(), "status"])
    assert {"-", "..", "."} <= symbols
    assert "" not in symbols


def test_noise_keeps_totals_from_adding_up_and_the_note_says_so(scb):
    frame = scb.data("TAB5557", {"Region": ["00", "19*"], "ContentsCode": "*", "Tid": "*"})
    total = frame[frame["Kon"] == "TotSa"]["value"].to_numpy()
    parts = sum(frame[frame["Kon"] == sex]["value"].to_numpy() for sex in ("1", "2"))
    assert (total != parts).any()
    assert any("osäkerhet" in note for note in frame.attrs["notes"])


def test_a_question_longer_than_an_address_may_be_is_sent_all_the_same(server, scb):
    codes = scb.codelist("vs_RegionKommun07").codes
    with pytest.raises(urllib.error.HTTPError) as raised:
        naive_get(
            server,
            "TAB3143",
            **{
                "valuecodes[Region]": ",".join(codes * 2),
                "valuecodes[Tid]": "2024",
                "valuecodes[ContentsCode]": "*",
            },
        )
    assert raised.value.code == 404
    frame = scb.data("TAB3143", {"Region": list(codes), "Tid": "2024", "ContentsCode": "NR0105AW"})
    assert frame["Region"].nunique() == 290
    assert all(
        call.method == "POST"
        for call in server.calls
        if call.status == 200 and call.path.endswith("/data")
    )


def test_cells_are_counted_without_the_overflow_of_the_server(scb):
    with pytest.raises(TooManyCellsError, match="cell"):
        scb.data("TAB638")


WRONG: dict[str, type[ScbError]] = {
    "wrong_codes": WrongAnswerError,
    "other_region": WrongAnswerError,
    "default_selection": WrongAnswerError,
    "national_total": WrongAnswerError,
    "reordered": WrongAnswerError,
    "missing_cell": ScbError,
    "nan": ScbError,
    "stale": UpdatedMeanwhileError,
}


@pytest.mark.parametrize(("fault", "error"), WRONG.items())
def test_an_answer_to_another_question_is_never_a_frame(fault, error, hurried):
    with PxServer(limit=None) as server, server.faults.during(fault, path="data"):
        scb = hurried(server)
        with pytest.raises(error) as raised:
            scb.data(
                "TAB3138", {"Region": ["19", "00"], "ContentsCode": "*", "Tid": ["2023", "2024"]}
            )
        assert "TAB3138" in str(raised.value)


CHANGES: dict[str, Callable[[Any], None]] = {
    "a content under another name": lambda t: t.rename("ContentsCode", "NR0105AH", "Annat"),
    "a content under another code": lambda t: t.recode("ContentsCode", "NR0105AH", "NR0105ZZ"),
    "a municipality gone": lambda t: t.drop("Region", "19"),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_a_table_changed_after_its_metadata_were_read_gives_new_labels_or_an_error(
    server, scb, change
):
    query = scb.query(
        "TAB3138", {"Region": ["00", "19"], "ContentsCode": "NR0105AH", "Tid": "2024"}
    )
    CHANGES[change](server.tables["TAB3138"])
    if change == "a content under another name":
        cube, _ = scb.cube(query)
        assert cube.structure.metric.labels == ("Annat",)
        return
    with pytest.raises(ScbError):
        scb.cube(query)

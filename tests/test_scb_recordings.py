"""Every recorded answer is read, or raises the error that it means. Needs ../shared."""

from functools import partial
from pathlib import Path

import httpx
import orjson
import pytest

from affarsplan_data.scb import (
    Codelist,
    Config,
    IllegalExpressionError,
    Limiter,
    NotEliminableError,
    Patience,
    PxWebV1Client,
    Rate,
    RateLimitError,
    RefusedError,
    ScbClient,
    ScbError,
    ServerFaultError,
    TooManyCellsError,
    UnknownCodelistError,
    UnknownPageError,
    UnknownTableError,
    UnknownValueError,
    UnknownVariableError,
    UnreadableAnswerError,
    UnsupportedError,
    decode,
)
from affarsplan_data.scb.limits import exhausted_for, rate_in
from affarsplan_data.scb.reading import metadata_of, model_of, page_of

RECORDINGS = Path(__file__).parent.parent.parent / "shared" / "recordings"
pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="behöver ../shared/recordings")
ONCE = Patience(total=0.2, attempts=1, first_wait=0.01)

V2_ERRORS = {
    "v2_400_non_existent_variable": UnknownVariableError,
    "v2_400_non_existent_codelist": UnknownCodelistError,
    "v2_404_codelist_body_says_400": UnknownCodelistError,
    "v2_400_non_existent_value": UnknownValueError,
    "v2_400_missing_selection": NotEliminableError,
    "v2_400_illegal_selection_expression": IllegalExpressionError,
    "v2_400_illegal_placement": UnsupportedError,
    "v2_400_too_many_cells": TooManyCellsError,
    "v2_400_unsupported_output_format": UnsupportedError,
    "v2_400_unsupported_language": UnsupportedError,
    "v2_400_data_non_existent_table_body_says_404": UnknownTableError,
    "v2_404_non_existent_table": UnknownTableError,
    "v2_404_non_existent_page": UnknownPageError,
    "v2_404_saved_query_not_found": RefusedError,
    "v2_400_create_saved_query_none": RefusedError,
    "v2_429_body": RateLimitError,
    "v2_500_body": ServerFaultError,
}
V1_ERRORS = {
    "v1_400_parameter_error": RefusedError,
    "v1_400_search_not_activated": UnsupportedError,
    "v1_403_too_many_values": TooManyCellsError,
    "v1_429_too_many_requests": RateLimitError,
}


def body(name: str) -> bytes:
    return (RECORDINGS / name).read_bytes()


def recorded_errors() -> list[dict[str, object]]:
    return orjson.loads(body("errors/INDEX.json")) if RECORDINGS.is_dir() else []


def answering(entry: dict[str, object]) -> httpx.MockTransport:
    headers = dict(entry.get("headers") or {})
    if entry["content_type"]:
        headers["Content-Type"] = str(entry["content_type"])
    content = body(f"errors/{entry['file']}")
    return httpx.MockTransport(
        lambda request: httpx.Response(int(entry["http_status"]), headers=headers, content=content)
    )


@pytest.mark.parametrize("entry", recorded_errors(), ids=lambda entry: str(entry["file"]))
def test_every_recorded_error_is_raised_as_what_it_means(entry):
    name = Path(str(entry["file"])).stem
    options = {
        "transport": answering(entry),
        "patience": ONCE,
        "limiter": Limiter(Rate(10**6, 1.0)),
    }
    v2 = ScbClient("http://prov.invalid/api/v2", **options)
    v1 = PxWebV1Client("http://prov.invalid/v1/sv/ssd", **options)
    ask = v2.config if name in V2_ERRORS else partial(v1.metadata, "BE/Tabell")
    with pytest.raises(ScbError) as raised:
        ask()
    expected = {**V2_ERRORS, **V1_ERRORS}[name]
    assert type(raised.value) is expected
    assert raised.value.status == entry["http_status"]
    assert "prov.invalid" in str(raised.value)


def test_no_recorded_error_has_been_forgotten():
    files = {path.stem for path in (RECORDINGS / "errors").iterdir()} - {"INDEX", "HEADERS"}
    assert files == V2_ERRORS.keys() | V1_ERRORS.keys()


def test_recorded_headers_are_understood():
    headers = orjson.loads(body("errors/HEADERS.json"))
    lowered = {k: {n.lower(): v for n, v in h.items()} for k, h in headers.items()}
    assert rate_in(lowered["ssb_v2"]) == Rate(40, 60.0)
    assert rate_in(lowered["scb_v2_success"]) is None
    assert exhausted_for(lowered["scb_v2_success"]) == 0.0


@pytest.mark.parametrize(
    ("name", "rate", "cells"),
    [
        ("config", Rate(3, 1.0), 150_000),
        ("config_2026-09_reconstructed", Rate(30, 10.0), 150_000),
        ("config_ssb_2026-08-30", None, 800_000),
    ],
)
def test_recorded_configurations_are_read(name, rate, cells):
    config = model_of(Config, body(f"scb-v2/{name}.json"))
    assert config.rate == rate
    assert config.max_data_cells == cells
    assert config.languages


@pytest.mark.parametrize(("name", "all_tables"), [("tables", 4246), ("search", 10)])
def test_recorded_lists_of_tables_are_read(name, all_tables):
    tables, expected = page_of(body(f"scb-v2/{name}.json"))
    assert expected == all_tables
    assert all(table.id.startswith("TAB") and table.updated for table in tables)


def test_the_recorded_metadata_data_and_codelist_are_read_and_fit_each_other():
    metadata = metadata_of("TAB6471", body("scb-v2/TAB6471_metadata.json"))
    frame = decode(body("scb-v2/TAB6471_data.json"))
    assert metadata.cells == 312 * 134 * 3 * 1 * 16
    assert metadata.variable("Region").eliminable
    assert [link.id for link in metadata.variable("region").codelists] == [
        "vs_CKM01Riket",
        "vs_CKM02Län",
        "vs_CKM03Kommun",
    ]
    assert sum(note.mandatory for note in metadata.notes) == 5
    for variable in metadata.variables:
        assert set(frame[variable.code]) <= set(variable.codes)
    codelist = model_of(Codelist, body("scb-v2/codelist_agg_Alder10arJ.json"))
    assert codelist.codes[0] == "-9"
    assert codelist.values[-1].parts == ("100+",)


@pytest.mark.parametrize("name", ["TAB001", "TAB003", "TAB005", "TAB2936"])
def test_the_derived_answers_are_read_cell_by_cell(name):
    content = body(f"derived/{name}.jsonstat2.json")
    dataset = orjson.loads(content)
    frame = decode(content)
    expected = [float("nan") if value is None else float(value) for value in dataset["value"]]
    assert frame["value"].tolist() == pytest.approx(expected, nan_ok=True)
    symbols = dataset.get("status", {})
    assert [s for s in frame["status"] if s] == [symbols[k] for k in sorted(symbols, key=int)]


def test_the_standards_own_examples_contradict_themselves_and_are_refused():
    for name, said in (("dataset-meta", "size"), ("tableMetadata", "JSON-stat")):
        with pytest.raises(UnreadableAnswerError, match=said):
            metadata_of("TAB638", body(f"spec-examples/examplesAsJson__{name}.json"))

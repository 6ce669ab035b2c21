"""JSON-stat to cube to frame. Hand-made answers are SYNTETISKA TESTDATA shaped as the agencies' own."""

import json
import math
import string
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from affarsplan_data.scb import cells
from affarsplan_data.scb.errors import UnreadableAnswerError
from affarsplan_data.scb.jsonstat import (
    Cube,
    Dimension,
    Note,
    Structure,
    Unit,
    decode,
    read_cube,
    read_structure,
    to_frame,
)
from tests.pxserver.encoding import encode

RECORDINGS = Path(__file__).resolve().parents[2] / "shared" / "recordings"
recorded = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not here")


def dataset(**changes):
    """A small answer as SCB writes it: two regions, two contents, two years, one missing cell."""
    answer = {
        "version": "2.0",
        "class": "dataset",
        "label": "SYNTETISKA TESTDATA",
        "source": "SYNTETISKA TESTDATA",
        "updated": "2026-01-01T06:00:00Z",
        "note": ["måste läsas", "kan läsas"],
        "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
        "id": ["Region", "ContentsCode", "Tid"],
        "size": [2, 2, 2],
        "dimension": {
            "Region": {
                "label": "region",
                "note": ["om regioner"],
                "category": {
                    "index": {"19": 0, "20": 1},
                    "label": {"19": "Västmanlands län", "20": "Dalarnas län"},
                    "note": {"19": ["Heby ingick till 2006"]},
                },
                "extension": {
                    "elimination": True,
                    "noteMandatory": {"0": True},
                    "categoryNoteMandatory": {"19": {"0": True}},
                },
            },
            "ContentsCode": {
                "label": "tabellinnehåll",
                "category": {
                    "index": {"N1": 0, "N2": 1},
                    "label": {"N1": "Folkmängd", "N2": "Andel"},
                    "unit": {
                        "N1": {"base": "antal", "decimals": 0},
                        "N2": {"base": "procent", "decimals": 1},
                    },
                },
            },
            "Tid": {
                "label": "år",
                "category": {
                    "index": {"2023": 0, "2024": 1},
                    "label": {"2023": "2023", "2024": "2024"},
                },
            },
        },
        "extension": {"noteMandatory": {"0": True}, "px": {"tableid": "TAB0"}},
        "value": [1, 2, 3.5, None, 5, 6, 7.25, 8],
        "status": {"3": "..", "5": "p"},
    }
    answer.update(changes)
    return {name: value for name, value in answer.items() if value is not ...}


def body(**changes):
    return orjson.dumps(dataset(**changes))


def one_dimension(category, value, **changes):
    return body(
        id=["A"],
        size=[len(value)],
        dimension={"A": {"label": "a", "category": category}},
        role=...,
        status=...,
        value=value,
        **changes,
    )


# What a frame holds


def test_a_frame_has_codes_labels_value_unit_and_status_in_cube_order():
    frame = decode(body())
    assert list(frame.columns) == [
        "Region",
        "Region_label",
        "ContentsCode",
        "ContentsCode_label",
        "Tid",
        "Tid_label",
        "value",
        "unit",
        "status",
    ]
    assert frame["Region"].tolist() == ["19"] * 4 + ["20"] * 4
    assert frame["Region_label"].tolist() == ["Västmanlands län"] * 4 + ["Dalarnas län"] * 4
    assert frame["ContentsCode"].tolist() == ["N1", "N1", "N2", "N2"] * 2
    assert frame["Tid"].tolist() == ["2023", "2024"] * 4
    assert frame["unit"].tolist() == ["antal", "antal", "procent", "procent"] * 2
    assert frame["status"].tolist() == ["", "", "", "..", "", "p", "", ""]
    np.testing.assert_array_equal(frame["value"], [1, 2, 3.5, np.nan, 5, 6, 7.25, 8])
    assert frame["value"].dtype == np.float64
    assert all(isinstance(frame[c].dtype, pd.CategoricalDtype) for c in frame if c != "value")


def test_what_must_be_read_rides_along_with_the_frame_and_is_plain_json():
    attrs = decode(body()).attrs
    assert json.loads(json.dumps(attrs)) == attrs
    assert attrs["notes"] == ["måste läsas", "om regioner", "Heby ingick till 2006"]
    assert attrs["other_notes"] == ["kan läsas"]
    assert attrs["updated"] == "2026-01-01T06:00:00Z"
    assert attrs["units"] == {"N1": "antal", "N2": "procent"}
    assert (attrs["time"], attrs["metric"]) == ("Tid", "ContentsCode")


def test_codes_or_labels_alone_keep_their_column_names():
    codes, labels = decode(body(), columns="codes"), decode(body(), columns="labels")
    assert list(codes)[:3] == ["Region", "ContentsCode", "Tid"]
    assert list(labels)[:3] == ["Region_label", "ContentsCode_label", "Tid_label"]


def test_contents_as_columns_give_each_content_its_values_and_status():
    frame = decode(body(), contents="columns", columns="codes")
    assert list(frame) == ["Region", "Tid", "N1", "N1_status", "N2", "N2_status"]
    assert frame["N1"].tolist() == [1, 2, 5, 6]
    np.testing.assert_array_equal(frame["N2"], [3.5, np.nan, 7.25, 8])
    assert frame["N1_status"].tolist() == ["", "", "", "p"]
    assert frame["N2_status"].tolist() == ["", "..", "", ""]
    assert frame.attrs["units"] == {"N1": "antal", "N2": "procent"}


def test_contents_as_columns_are_named_by_label_and_told_apart_when_labels_are_alike():
    assert "Folkmängd" in decode(body(), contents="columns", columns="labels")
    answer = dataset()
    answer["dimension"]["ContentsCode"]["category"]["label"] = {"N1": "Antal", "N2": "Antal"}
    frame = decode(orjson.dumps(answer), contents="columns", columns="labels")
    assert frame["Antal (N1)"].tolist() == [1, 2, 5, 6]
    assert "Antal (N2)" in frame


def test_two_codes_with_the_same_label_stay_two_codes():
    category = {"index": ["a", "b", "c"], "label": {"a": "Övrigt", "b": "Annat", "c": "Övrigt"}}
    frame = decode(one_dimension(category, [1, 2, 3]))
    assert frame["A"].tolist() == ["a", "b", "c"]
    assert frame["A_label"].tolist() == ["Övrigt", "Annat", "Övrigt"]
    assert list(frame["A_label"].cat.categories) == ["Övrigt", "Annat"]


def test_a_variable_named_as_a_column_of_ours_gets_an_underscore():
    names = ["value", "unit", "status", "B", "B_label"]
    described = {n: {"label": n, "category": {"label": {"x": n.upper()}}} for n in names}
    frame = decode(
        body(id=names, size=[1] * 5, dimension=described, value=[7], status=..., role=...)
    )
    assert frame["value"].tolist() == [7]
    assert frame["value_"].tolist() == ["x"]
    assert frame["value_label"].tolist() == ["VALUE"]
    assert frame["B_label"].tolist() == ["x"]
    assert frame["B_label_"].tolist() == ["B"]
    assert frame.columns.is_unique


def test_a_variable_named_as_a_content_gets_an_underscore():
    answer = dataset()
    answer["dimension"]["N1"] = answer["dimension"].pop("Region")
    answer["id"][0] = "N1"
    frame = decode(orjson.dumps(answer), contents="columns", columns="codes")
    assert list(frame)[:3] == ["N1_", "Tid", "N1"]


def test_a_content_named_as_the_status_of_another_loses_nothing():
    answer = orjson.dumps(dataset()).replace(b'"N2"', b'"N1_status"')
    frame = decode(answer, contents="columns", columns="codes")
    assert list(frame)[2:] == ["N1", "N1_status_", "N1_status", "N1_status_status"]
    np.testing.assert_array_equal(frame["N1_status"], [3.5, np.nan, 7.25, 8])
    assert frame["N1_status_"].tolist() == ["", "", "", "p"]


def test_a_content_without_unit_has_none():
    answer = dataset()
    del answer["dimension"]["ContentsCode"]["category"]["unit"]["N2"]
    frame = decode(orjson.dumps(answer))
    assert frame["unit"].isna().tolist() == [False, False, True, True] * 2
    del answer["dimension"]["ContentsCode"]["category"]["unit"]
    assert "unit" not in decode(orjson.dumps(answer))


def test_changing_a_frame_changes_neither_the_cube_nor_another_column():
    cube = read_cube(body())
    frame = to_frame(cube)
    frame.loc[0, "value"] = -1.0
    frame.loc[0, "Region"] = "20"
    frame.loc[0, "status"] = "p"
    assert cube.values[0] == 1
    assert cube.status[0] == 0
    assert frame.loc[0, "Region_label"] == "Västmanlands län"


def test_the_categories_of_a_variable_keep_cube_order_even_where_it_is_not_alphabetic():
    category = {"index": {"Z": 0, "A": 1}, "label": {"A": "först", "Z": "sist"}}
    assert list(decode(one_dimension(category, [1, 2]))["A"].cat.categories) == ["Z", "A"]


# The forms an answer comes in


def test_an_index_object_is_ordered_by_its_numbers_and_not_by_its_keys():
    category = {"index": {"0": 0, "1": 2, "2": 1}, "label": {"0": "a", "1": "b", "2": "c"}}
    frame = decode(one_dimension(category, [10, 20, 30]))
    assert frame["A"].tolist() == ["0", "2", "1"]
    assert frame["A_label"].tolist() == ["a", "c", "b"]


def test_codes_without_labels_are_their_own_labels():
    assert decode(one_dimension({"index": ["x", "y"]}, [1, 2]))["A_label"].tolist() == ["x", "y"]


def test_a_variable_with_one_value_needs_no_index():
    assert decode(one_dimension({"label": {"x": "ett"}}, [1]))["A"].tolist() == ["x"]


def test_sizes_may_be_written_as_texts():
    assert read_structure(dataset(size=["2", "2", "2"])).shape == (2, 2, 2)


def test_sparse_values_as_eurostat_sends_them_leave_the_rest_missing():
    frame = decode(body(value={"0": 1.5, "7": 8}, status={"1": ":", "7": "e"}))
    np.testing.assert_array_equal(frame["value"], [1.5, *[np.nan] * 6, 8])
    assert frame["status"].tolist() == ["", ":", "", "", "", "", "", "e"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("e", ["e"] * 8),
        (["e"], ["e"] * 8),
        (["", "a", None, "b", "a", "", "", ""], ["", "a", "", "b", "a", "", "", ""]),
        ({}, [""] * 8),
        (None, [""] * 8),
    ],
)
def test_status_is_read_as_one_text_a_list_or_an_object(status, expected):
    assert decode(body(status=status))["status"].tolist() == expected


def test_eurostats_answer_is_read_though_it_has_a_variable_called_unit():
    answer = {
        "version": "2.0",
        "class": "dataset",
        "label": "SYNTETISKA TESTDATA",
        "source": "ESTAT",
        "updated": "2026-03-10T23:00:00+0100",
        "value": {"1": 2.5, "2": 3},
        "status": {"1": "p"},
        "id": ["freq", "unit", "geo", "time"],
        "size": [1, 1, 2, 2],
        "dimension": {
            "freq": {"label": "f", "category": {"index": {"A": 0}, "label": {"A": "Annual"}}},
            "unit": {"label": "u", "category": {"index": {"PC": 0}, "label": {"PC": "Percent"}}},
            "geo": {"label": "g", "category": {"index": {"SE": 0, "FI": 1}, "label": {}}},
            "time": {"label": "t", "category": {"index": {"2023": 0, "2024": 1}, "label": {}}},
        },
        "extension": {"lang": "EN", "id": "X", "agencyId": "ESTAT", "positions-with-no-data": {}},
    }
    frame = decode(orjson.dumps(answer))
    assert frame["unit_"].tolist() == ["PC"] * 4
    assert frame["status"].tolist() == ["", "p", "", ""]
    assert frame.attrs["updated"] == "2026-03-10T23:00:00+0100"


def test_statistics_norways_answer_keeps_its_status_object_and_geo_role():
    answer = dataset(role={"time": ["Tid"], "geo": ["Region"], "metric": ["ContentsCode"]})
    structure = read_structure(answer)
    assert structure.dimension("Region").role == "geo"
    assert structure.metric.units == {"N1": Unit("antal", 0), "N2": Unit("procent", 1)}
    assert Note("Heby ingick till 2006", True, "Region", "19") in structure.dimensions[0].notes


def test_a_collection_or_bundle_is_read_when_it_holds_exactly_one_dataset():
    inside = dataset()
    collection = {"class": "collection", "link": {"item": [{"class": "dataset", "href": "x"}]}}
    with pytest.raises(UnreadableAnswerError, match="0 tabeller"):
        decode(orjson.dumps(collection))
    collection["link"]["item"].append(inside)
    assert len(decode(orjson.dumps(collection))) == 8
    collection["link"]["item"].append(inside)
    with pytest.raises(UnreadableAnswerError, match="2 tabeller"):
        decode(orjson.dumps(collection))
    with pytest.raises(UnreadableAnswerError, match="2 tabeller"):
        decode(orjson.dumps({"oecd": inside, "canada": inside}))
    assert len(decode(orjson.dumps({"oecd": inside}))) == 8


def test_version_1_keeps_id_size_and_role_among_the_dimensions():
    new = dataset()
    old = {k: v for k, v in new.items() if k not in ("version", "class", "id", "size", "role")}
    old["dimension"] |= {k: new[k] for k in ("id", "size", "role")}
    pd.testing.assert_frame_equal(decode(orjson.dumps({"dataset": old})), decode(body()))


def boxed(value):
    """R's way: every scalar in a list of its own."""
    if isinstance(value, dict):
        return {k: boxed(v) for k, v in value.items()}
    return [boxed(v) for v in value] if isinstance(value, list) else [value]


def test_an_answer_with_every_scalar_in_a_list_reads_the_same():
    plain = dataset(role=..., note=..., extension=...)
    for described in plain["dimension"].values():
        described.pop("extension", None)
        described.pop("note", None)
        described["category"].pop("note", None)
    pd.testing.assert_frame_equal(
        decode(orjson.dumps(boxed(plain))), decode(orjson.dumps(plain)), check_like=False
    )


def test_a_byte_order_mark_is_no_obstacle():
    assert len(decode(b"\xef\xbb\xbf" + body())) == 8


def test_a_hierarchy_is_read_as_the_flat_list_it_is_indexed_as():
    category = {
        "index": ["T", "M", "F"],
        "label": {"T": "Totalt", "M": "Män", "F": "Kvinnor"},
        "child": {"T": ["M", "F"]},
    }
    assert decode(one_dimension(category, [3, 1, 2]))["A"].tolist() == ["T", "M", "F"]


# What cannot be read


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b" ",
        b"<!DOCTYPE html><title>Underh\xc3\xa5ll</title>",
        b"null",
        b"3",
        b"[]",
        b"{}",
        b'"text"',
        body()[:-40],
        body() + b"x",
        body()[:50] + b"\xff" + body()[51:],
        b"[" * 100_000,
        body(id=...),
        body(size=...),
        body(dimension=...),
        body(value=...),
        body(value=None),
        body(value="8"),
        body(id=["Region"]),
        body(id=[], size=[], value=[1]),
        body(id=["Region", "Region", "Tid"]),
        body(id=["Region", "ContentsCode", "Saknas"]),
        body(id=[1, 2, 3]),
        body(id="Region"),
        body(size=[2, 2, 3]),
        body(size=[2, 2, -2]),
        body(size=[2, 2, 2.0]),
        body(size=[2, 2, True]),
        body(size=[2, 2, "två"]),
        body(size=[2, 2, "²"]),
        body(value=[1] * 7),
        body(value=[1] * 9),
        body(value=[]),
        body(value=[True] * 8),
        body(value=["1"] * 8),
        body(value=[[1, 2]] + [1] * 7),
        body(value={"8": 1}),
        body(value={"-1": 1}),
        body(value={"1.0": 1}),
        body(value={"": 1}),
        body(value={"1": 1, "01": 2}),
        body(value={"9" * 5000: 1}),
        body(value={"1": "x"}),
        body(value={"1": True}),
        body(status=3),
        body(status=["a"] * 7),
        body(status=[3] * 8),
        body(status={"8": "a"}),
        body(status={"x": "a"}),
        body(status={"1": 1}),
        body().replace(b"3.5", b"NaN"),
        body().replace(b"3.5", b"1e999"),
        body().replace(b"3.5", b"Infinity"),
        body(role={"time": [1]}),
        body(role=[["Tid"]]),
        body(note=[1]),
        body(label=1),
        body(source={}),
        one_dimension({"index": {"a": 0, "b": 2}}, [1, 2]),
        one_dimension({"index": {"a": 0, "b": 0}}, [1, 2]),
        one_dimension({"index": {"a": 1, "b": 2}}, [1, 2]),
        one_dimension({"index": {"a": "x", "b": 1}}, [1, 2]),
        one_dimension({"index": ["a", "a"]}, [1, 2]),
        one_dimension({"index": [1, 2]}, [1, 2]),
        one_dimension({"index": 3}, [1, 2]),
        one_dimension({"label": {"a": "1", "b": "2"}}, [1, 2]),
        one_dimension({}, [1]),
        one_dimension({"index": ["a"], "label": {"a": 1}}, [1]),
        one_dimension({"index": ["a"], "unit": {"a": 1}}, [1]),
        one_dimension({"index": ["a"], "note": {"a": 1}}, [1]),
    ],
)
def test_an_answer_that_is_not_whole_is_refused_in_words(broken):
    with pytest.raises(UnreadableAnswerError, match="Svaret går inte att läsa"):
        decode(broken)


def test_the_place_of_a_value_that_is_no_number_is_named():
    with pytest.raises(UnreadableAnswerError, match=r"plats 5 är 'sex'"):
        decode(body(value=[1, 2, 3, 4, 5, "sex", 7, 8]))
    with pytest.raises(UnreadableAnswerError, match=r"plats 6 är True"):
        decode(body(value={"2": 1, "6": True}))


def test_a_sparse_answer_may_not_claim_a_size_that_no_memory_holds():
    long = {"index": [str(i) for i in range(1000)]}
    claims = body(
        id=list("ABCD"),
        size=[1000] * 4,
        dimension={name: {"category": long} for name in "ABCD"},
        role=...,
        status=...,
        value={"0": 1},
    )
    with pytest.raises(UnreadableAnswerError, match="1000000000000 celler"):
        decode(claims)
    assert read_structure(orjson.loads(claims)).cells == 10**12


# The quick way and the plain way


def large(values, **changes):
    """An answer long enough for its values to be cut out of it."""
    return one_dimension({"index": [f"c{i}" for i in range(len(values))]}, values, **changes)


LONG = [None if i % 50 == 0 else i * 1.25 if i % 3 else i for i in range(6000)]


def quick(content):
    """Whether the values are read as a column of numbers, without Python objects."""
    _, numbers = cells.load(content)
    return numbers is not None and cells.read_numbers(numbers, 6000) is not None


def test_a_large_answer_is_read_the_quick_way_and_gives_what_the_plain_way_gives():
    content = large(LONG)
    assert quick(content)
    expected = np.array(orjson.loads(content)["value"], dtype=float)
    np.testing.assert_array_equal(read_cube(content).values, expected)


def test_the_quick_way_leaves_no_digit_behind():
    generator = np.random.default_rng(3)
    values = (
        generator.standard_normal(6000) * 10.0 ** generator.integers(-300, 300, 6000)
    ).tolist()
    content = large(values)
    assert quick(content)
    assert read_cube(content).values.tolist() == values


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"7500", b"true"),
        (b"7500", b'"75"'),
        (b"7500", b"NaN"),
        (b"7500", b"nan"),
        (b"7500", b"inf"),
        (b"7500", b"nul"),
        (b"7500", b"nulL"),
        (b"7500", b"\xff\xff"),
        (b"7500", b"e"),
        (b"7500", b""),
        (b"7500", b"1 2"),
        (b"7500", b"1e999"),
        (b"7500", b"[1,2]"),
        (b"7500", b"{}"),
        (b",7500", b""),
        (b",7500", b",7500,7500"),
    ],
)
def test_a_fault_among_many_values_is_found_the_quick_way_too(old, new):
    content = large([0.5] * 3000 + [7500] + [0.5] * 2999)
    assert content.count(old) == 1
    with pytest.raises(UnreadableAnswerError):
        decode(content.replace(old, new))


def plainly(content):
    """The values by a plain reading, or None when the content is not JSON with numbers."""
    try:
        return np.array(orjson.loads(content)["value"], dtype=float)
    except (ValueError, TypeError):
        return None


@pytest.mark.parametrize("length", [1, 2, 7, 64, 1000])
def test_wherever_the_values_are_cut_into_pieces_none_is_lost_or_made(monkeypatch, length):
    monkeypatch.setattr(cells, "_PIECE", length)
    content = large(LONG)
    assert quick(content)
    np.testing.assert_array_equal(read_cube(content).values, plainly(content))
    ending = content.index(b"]", content.index(b'"value":['))
    for broken in (
        content[:ending] + b"," + content[ending:],
        content.replace(b'"value":[', b'"value":[,'),
    ):
        with pytest.raises(UnreadableAnswerError):
            decode(broken)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_byte_changed_among_many_values_gives_what_plain_reading_gives_or_an_error(data):
    content = bytearray(large(LONG))
    begin = content.index(b'"value":[') + 9
    place = data.draw(st.integers(begin, begin + 40))
    content[place] = data.draw(
        st.sampled_from(b'0123456789.,-+eEnul \n"[]{}tx') | st.integers(0, 255)
    )
    expected = plainly(bytes(content))
    try:
        values = read_cube(bytes(content)).values
    except UnreadableAnswerError:
        return
    assert len(values) == 6000
    # Only numbers like 01 and .5, which are clear though JSON forbids them, are read all the same.
    if expected is not None:
        np.testing.assert_array_equal(values, expected)


def test_another_key_called_value_is_not_taken_for_the_values():
    decoy = {"value": [9] * 20_000}
    for content in (
        large(LONG, extension=decoy),
        orjson.dumps({"extension": decoy} | orjson.loads(large(LONG))),
        large(LONG, label='"value":[1,2,3]' * 2000),
    ):
        np.testing.assert_array_equal(
            read_cube(content).values, np.array(LONG, dtype=float), strict=True
        )
    only_decoy = orjson.loads(large(LONG, extension=decoy))
    del only_decoy["value"]
    with pytest.raises(UnreadableAnswerError):
        decode(orjson.dumps(only_decoy))


def test_an_indented_answer_is_read_the_plain_way():
    content = json.dumps(orjson.loads(large(LONG)), indent=1).encode()
    assert not quick(content)
    np.testing.assert_array_equal(read_cube(content).values, np.array(LONG, dtype=float))


def test_a_large_answer_in_boxes_is_read_the_plain_way():
    content = large([[value] for value in LONG])
    np.testing.assert_array_equal(read_cube(content).values, np.array(LONG, dtype=float))


# Recorded answers


@recorded
def test_scbs_recorded_answer_is_read_to_the_last_cell():
    content = (RECORDINGS / "scb-v2" / "TAB6471_data.json").read_bytes()
    frame, loaded = decode(content), json.loads(content)
    assert len(frame) == 21 * 11 * 3 * 4
    assert frame["value"].tolist() == loaded["value"]
    row = frame[(frame["Region"] == "01") & (frame["Alder"] == "0-9") & (frame["Kon"] == "TotSa")]
    assert row["value"].tolist() == loaded["value"][:4]
    assert row["Region_label"].unique().tolist() == ["Stockholms län"]
    assert frame["unit"].unique().tolist() == ["antal"]
    assert len(frame.attrs["notes"]) == 5
    assert frame.attrs["time"] == "Tid"


@recorded
def test_scbs_recorded_metadata_is_read_though_it_has_no_values():
    structure = read_structure(
        json.loads((RECORDINGS / "scb-v2" / "TAB6471_metadata.json").read_bytes())
    )
    assert structure.cells == 2_006_784
    assert structure.dimension("Alder").codes[:2] == ("0", "TotSA")
    assert structure.dimension("Region").extension["codelists"][0]["id"] == "vs_CKM01Riket"


@recorded
@pytest.mark.parametrize("name", ["TAB001", "TAB003", "TAB005", "TAB2936"])
def test_answers_made_from_real_px_files_keep_values_and_symbols(name):
    content = (RECORDINGS / "derived" / f"{name}.jsonstat2.json").read_bytes()
    loaded, frame = json.loads(content), decode(content)
    np.testing.assert_array_equal(frame["value"], np.array(loaded["value"], dtype=float))
    marked = {str(i): s for i, s in enumerate(frame["status"]) if s}
    assert marked == loaded.get("status", {})


@recorded
def test_version_1_as_scb_and_r_wrote_it_is_read():
    folder = RECORDINGS / "v1" / "responses"
    boxes = decode((folder / "scb_data_jsonstat1_BefolkningNy_en.json").read_bytes())
    assert boxes["value"].tolist()[:3] == [2762601, 2820248, 2870477]
    assert boxes["Civilstand_label"].tolist()[-1] == "divorced"
    assert boxes.attrs["units"] == {"BE0101N1": "number"}
    old = decode((folder / "scb_statswe_jsonstat1.json").read_bytes())
    assert (len(old), old["value"].iloc[-1]) == (1120, 137)


@recorded
@pytest.mark.parametrize(
    "path", sorted(RECORDINGS.glob("errors/*")) + sorted(RECORDINGS.glob("scb-v2/[cst]*"))
)
def test_no_recorded_error_or_list_is_mistaken_for_data(path):
    with pytest.raises(UnreadableAnswerError):
        decode(path.read_bytes())


# Any bytes at all

ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(string.printable, max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("12ab", max_size=2), inner),
    max_leaves=5,
)
PATHS = [
    ("id",),
    ("size",),
    ("role",),
    ("role", "time"),
    ("dimension",),
    ("dimension", "Region"),
    ("dimension", "Region", "category"),
    ("dimension", "Region", "category", "index"),
    ("dimension", "Region", "category", "label"),
    ("dimension", "Region", "category", "note"),
    ("dimension", "Region", "extension"),
    ("dimension", "Region", "extension", "categoryNoteMandatory"),
    ("dimension", "ContentsCode", "category", "unit"),
    ("dimension", "ContentsCode", "category", "unit", "N1"),
    ("value",),
    ("status",),
    ("note",),
    ("extension",),
    ("extension", "noteMandatory"),
    ("class",),
    ("label",),
]


def reads_or_refuses(content):
    try:
        frame = decode(content)
    except UnreadableAnswerError:
        return
    assert isinstance(frame, pd.DataFrame)
    assert isinstance(decode(content, contents="columns"), pd.DataFrame)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_whatever_the_bytes_only_one_error_comes_out(content):
    reads_or_refuses(content)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(PATHS), ANY_JSON)
def test_whatever_stands_in_one_field_only_one_error_comes_out(path, value):
    answer = dataset()
    place = answer
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    reads_or_refuses(orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_byte_is_changed_only_one_error_comes_out(data):
    content = bytearray(body())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    reads_or_refuses(bytes(content))


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=6)


@st.composite
def dimensions(draw, role):
    codes = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    labels = draw(st.lists(NAMES, min_size=len(codes), max_size=len(codes)))
    unit = st.builds(Unit, NAMES, st.none() | st.integers(0, 4))
    units = {code: draw(unit) for code in codes} if role == "metric" else {}
    id = draw(NAMES)
    notes = draw(
        st.lists(st.builds(Note, NAMES, st.booleans(), st.just(id), st.none()), max_size=2)
    )
    of_values = (
        [Note(draw(NAMES), draw(st.booleans()), id, codes[0])] if draw(st.booleans()) else []
    )
    return Dimension(
        id, draw(NAMES), tuple(codes), tuple(labels), role, units, (*notes, *of_values), {}
    )


@st.composite
def cubes(draw):
    roles = draw(st.permutations(["time", "metric", "geo", None, None]))
    kept = roles[: draw(st.integers(1, 4))]
    found = [draw(dimensions(role)) for role in kept]
    if len({d.id for d in found}) < len(found):
        reject()
    notes = draw(st.lists(st.builds(Note, NAMES, st.booleans(), st.none(), st.none()), max_size=2))
    text = st.none() | NAMES
    structure = Structure(draw(NAMES), draw(text), draw(text), tuple(found), tuple(notes), {})
    number = st.floats(allow_nan=False, allow_infinity=False) | st.just(math.nan)
    values = draw(st.lists(number, min_size=structure.cells, max_size=structure.cells))
    symbols = ("", *draw(st.lists(NAMES, max_size=3, unique=True)))
    mark = st.integers(0, len(symbols) - 1)
    status = draw(st.lists(mark, min_size=structure.cells, max_size=structure.cells))
    return Cube(structure, np.array(values), np.array(status, dtype=np.uint8), symbols)


def without_mandatory(structure):
    """The structure without the extensions, which hold a second account of which notes are mandatory."""
    bare = tuple(replace(d, extension={}) for d in structure.dimensions)
    return replace(structure, dimensions=bare, extension={})


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    cubes(),
    st.booleans(),
    st.sampled_from(["object", "list", "string"]),
    st.booleans(),
    st.booleans(),
)
def test_what_is_written_as_json_stat_is_read_back_the_same(cube, sparse, form, texts, listed):
    content = encode(
        cube, sparse=sparse, status_form=form, size_as_strings=texts, index_as_list=listed
    )
    back = read_cube(content)
    assert without_mandatory(back.structure) == without_mandatory(cube.structure)
    np.testing.assert_array_equal(back.values, cube.values)
    marks, expected = np.array(back.symbols)[back.status], np.array(cube.symbols)[cube.status]
    assert marks.tolist() == expected.tolist()
    frame, wanted = decode(content), to_frame(cube)
    assert frame.columns.is_unique
    pd.testing.assert_series_equal(frame["value"], wanted["value"])
    for number, dimension in enumerate(cube.structure.dimensions):
        places = np.unravel_index(np.arange(cube.structure.cells), cube.structure.shape)[number]
        assert frame.iloc[:, 2 * number].tolist() == [dimension.codes[p] for p in places]
        assert frame.iloc[:, 2 * number + 1].tolist() == [dimension.labels[p] for p in places]
    wide = to_frame(cube, contents="columns")
    metric = cube.structure.metric
    assert len(wide) * (len(metric.codes) if metric else 1) == cube.structure.cells
    assert wide.columns.is_unique


def test_a_cube_states_its_cells_without_overflow():
    structure = read_structure(dataset())
    assert structure.cells == math.prod(structure.shape) == 8
    with pytest.raises(KeyError):
        structure.dimension("Saknas")
    assert isinstance(read_cube(body()), Cube)

"""Selections: resolved by the server's rules, in the table's order, and never to nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affarsplan_data.scb import (
    ELIMINATE,
    IllegalExpressionError,
    Metadata,
    NotEliminableError,
    SelectionError,
    Structure,
    UnknownCodelistError,
    UnknownValueError,
    UnknownVariableError,
)
from affarsplan_data.scb.cubes import Dimension
from affarsplan_data.scb.selection import Query, resolve

REGIONS = {"00": "Riket", "19": "Västmanlands län", "1904": "Skinnskatteberg", "1980": "Västerås"}
YEARS = {str(year): str(year) for year in range(2015, 2025)}
CODELISTS = [
    {"id": "vs_Kommun", "label": "kommuner", "type": "Valueset"},
    {"id": "agg_Grupp", "label": "grupper", "type": "Aggregation"},
]


def dimension(name, values, role=None, **extension):
    return Dimension(
        name, name.lower(), tuple(values), tuple(values.values()), role, {}, (), extension
    )


TABLE = Metadata(
    "TAB1",
    Structure(
        "SYNTETISKA TESTDATA",
        None,
        "2026-01-01T07:00:00Z",
        (
            dimension("Region", REGIONS, elimination=True, codelists=CODELISTS),
            dimension(
                "Avfall", {"01.4,02": "kemiskt", "A*": "stjärna", "b1": "liten"}, elimination=True
            ),
            dimension("ContentsCode", {"X1": "Antal"}, "metric", elimination=False),
            dimension("Tid", YEARS, "time", elimination=False),
        ),
        (),
        {},
    ),
)


def asked(selection, through=None, members=lambda name: ("1980", "1904", "9999")) -> Query:
    return resolve(TABLE, selection, through or {}, members)


def codes(variable: str, wanted) -> tuple[str, ...]:
    return next(c for c in asked({variable: wanted}).choices if c.code == variable).codes


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("*", ("00", "19", "1904", "1980")),
        ("19", ("19",)),
        (19, ("19",)),
        (["1980", "19", "1980"], ("19", "1980")),
        ("19*", ("19", "1904", "1980")),
        ("*80", ("1980",)),
        ("*9*", ("19", "1904", "1980")),
        ("??", ("00", "19")),
        ("19??", ("1904", "1980")),
        (["1980", "19*"], ("19", "1904", "1980")),
        ("TOP(2)", ("00", "19")),
        ("top(1,2)", ("1904",)),
        ("BOTTOM(1)", ("1980",)),
        ("RANGE(1904,19)", ("19", "1904")),
        ("FROM(1904)", ("1904", "1980")),
        ("TO(19)", ("00", "19")),
        ("vs_Kommun", ("1904", "1980")),
        (["00", "vs_Kommun"], ("00", "1904", "1980")),
        ("TOP(99)", ("00", "19", "1904", "1980")),
    ],
)
def test_an_expression_becomes_the_codes_it_stands_for(wanted, expected):
    assert codes("Region", wanted) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("TOP(2)", ("2023", "2024")),
        ("TOP(1,1)", ("2023",)),
        ("BOTTOM(2)", ("2015", "2016")),
        ("FROM(2022)", ("2022", "2023", "2024")),
        (2020, ("2020",)),
    ],
)
def test_top_means_the_latest_periods_in_rising_order(wanted, expected):
    assert codes("Tid", wanted) == expected


def test_a_code_of_the_table_wins_over_an_expression():
    assert codes("Avfall", "A*") == ("A*",)
    assert codes("Avfall", "B1") == ("b1",)


def test_a_range_between_codes_that_hold_commas_is_understood():
    assert codes("Avfall", "RANGE(01.4,02,A*)") == ("01.4,02", "A*")


def test_the_time_variable_answers_to_time_and_case_does_not_matter():
    query = asked({"time": "TOP(1)", "REGION": "19"})
    assert [c.codes for c in query.choices if c.code in ("Region", "Tid")] == [("19",), ("2024",)]


def test_every_variable_is_sent_and_what_is_not_mentioned_is_taken_whole():
    query = asked({"Region": "19"})
    assert [item["variableCode"] for item in query.body()["selection"]] == [
        "Region",
        "Avfall",
        "ContentsCode",
        "Tid",
    ]
    assert all(item["valueCodes"] for item in query.body()["selection"])
    assert [c.code for c in query.choices if c.assumed] == ["Avfall", "ContentsCode", "Tid"]


def test_a_variable_is_left_out_only_when_that_is_said():
    query = asked({"Avfall": ELIMINATE})
    sent = {item["variableCode"]: item["valueCodes"] for item in query.body()["selection"]}
    assert sent["Avfall"] == []
    assert query.body()["placement"] == {"heading": [], "stub": ["Region", "ContentsCode", "Tid"]}
    assert query.cells == 4 * 1 * 10


def test_a_codelist_goes_with_its_variable():
    body = asked({"Region": "*"}, {"Region": "agg_Grupp"}).body()["selection"][0]
    assert body["codelist"] == "agg_Grupp"


@pytest.mark.parametrize(
    ("selection", "error", "named"),
    [
        ({"Region": "ZZ*"}, UnknownValueError, "ZZ"),
        ({"Region": "1981"}, UnknownValueError, "1980"),
        ({"Region": "västerås"}, UnknownValueError, r"1980 \(Västerås\)"),
        ({"Region": "RANGE(19,1985)"}, UnknownValueError, "1980"),
        ({"Region": "FROM(2000)"}, UnknownValueError, "2000"),
        ({"Region": "TOP(1,50)"}, UnknownValueError, "TOP"),
        ({"Region": "TOP(0)"}, IllegalExpressionError, "TOP"),
        ({"Region": "TOP(x)"}, IllegalExpressionError, "TOP"),
        ({"Region": "RANGE(19)"}, IllegalExpressionError, "RANGE"),
        ({"Region": "1*9"}, IllegalExpressionError, "1\\*9"),
        ({"Region": "***"}, IllegalExpressionError, "\\*\\*\\*"),
        ({"Region": "1?*"}, IllegalExpressionError, "1"),
        ({"Region": ""}, UnknownValueError, "Riket"),
        ({"Region": []}, SelectionError, "tomt"),
        ({"Region": [None]}, SelectionError, "None"),
        ({"Region": [True]}, SelectionError, "True"),
        ({"Region": 19.5}, SelectionError, "19.5"),
        ({"Region": "[TOP(1)]"}, UnknownValueError, "TOP"),
        ({"Region": "vs_kommun"}, UnknownCodelistError, "vs_Kommun"),
        ({"Region": "agg_Grupp"}, UnknownCodelistError, "codelists="),
        ({"Tid": ELIMINATE}, NotEliminableError, "Tid"),
        ({"Regon": "*"}, UnknownVariableError, "Region"),
        ({"Region": "19", "region": "00"}, SelectionError, "två gånger"),
        ({"Region": "TOP(" + "9" * 5000 + ")"}, IllegalExpressionError, "TOP"),
        ({1: "19"}, UnknownVariableError, "Region"),
        (["Region"], SelectionError, "dict"),
    ],
)
def test_what_the_table_does_not_have_is_an_error_that_names_the_nearest(selection, error, named):
    with pytest.raises(error, match=named) as raised:
        asked(selection)
    assert isinstance(raised.value, SelectionError)


def test_eliminating_a_variable_and_reading_it_through_a_codelist_is_a_contradiction():
    with pytest.raises(SelectionError, match="det ena"):
        asked({"Region": ELIMINATE}, {"Region": "agg_Grupp"})


def test_codes_of_a_codelist_that_the_table_lacks_are_told():
    choice = asked({"Region": "vs_Kommun"}).choices[0]
    assert (choice.codes, choice.lacking) == (("1904", "1980"), ("9999",))


def test_a_code_with_a_space_is_the_code_it_is():
    table = table_of(dimension("V", {" 1": "med", "1": "utan"}))
    assert resolve(table, {"V": " 1"}, {}, lambda name: ()).choices[0].codes == (" 1",)
    assert resolve(table, {"V": "1 "}, {}, lambda name: ()).choices[0].codes == ("1",)


def test_a_variable_without_values_and_a_selection_of_nothing_are_errors():
    with pytest.raises(SelectionError, match="inga värden"):
        resolve(table_of(dimension("V", {})), {}, {}, lambda name: ())
    lone = table_of(dimension("V", {"a": "a"}, elimination=True))
    with pytest.raises(SelectionError, match="alla variabler"):
        resolve(lone, {"V": ELIMINATE}, {}, lambda name: ())


def test_the_latest_periods_are_the_latest_also_where_they_fall_or_are_not_pointed_out():
    falling = dimension("Tid", {"2022": "", "2021": "", "2020": ""}, "time")
    untold = dimension("Tid", {"2020": "", "2021": "", "2022": ""})
    for variable in (falling, untold):
        query = resolve(table_of(variable), {"Tid": "TOP(1)"}, {}, lambda name: ())
        assert query.choices[0].codes == ("2022",)


def test_contents_that_the_server_has_invented_are_expected_and_not_asked_for():
    invented = dimension("ContentsCode", {"EliminatedValue": "x"}, "metric", elimination=True)
    query = resolve(table_of(invented, dimension("V", {"a": "a"})), {}, {}, lambda name: ())
    assert [item["variableCode"] for item in query.body()["selection"]] == ["V"]
    assert query.body()["placement"]["stub"] == ["V"]
    assert query.shape == (1, 1)


def table_of(*dimensions) -> Metadata:
    return Metadata("T1", Structure("SYNTETISKA TESTDATA", None, None, dimensions, (), {}))


def test_a_codelist_without_any_of_the_tables_codes_is_an_error():
    with pytest.raises(UnknownValueError, match="vs_Kommun"):
        asked({"Region": "vs_Kommun"}, members=lambda name: ("9999",))


code = st.text("ABCabc019.-+", min_size=1, max_size=4)


@settings(deadline=None)
@given(
    st.lists(code, min_size=1, max_size=12, unique_by=str.casefold),
    st.one_of(
        st.text("ABCabc019*?.-+(),", max_size=8), st.from_regex(r"TOP\(\d\)|BOTTOM\(\d,\d\)")
    ),
    st.booleans(),
)
def test_whatever_is_asked_becomes_known_codes_in_order_or_a_selection_error(held, wanted, time):
    values = dimension("V", dict(zip(held, held, strict=True)), "time" if time else None)
    table = Metadata("T", Structure("", None, None, (values,), (), {}))
    try:
        found = resolve(table, {"V": wanted}, {}, lambda name: ()).choices[0].codes
    except SelectionError:
        return
    assert found
    assert list(found) == [code for code in held if code in set(found)]
    if re.fullmatch(r"[^*?()]+", wanted.strip()):
        assert [code.casefold() for code in found] == [wanted.strip().casefold()]

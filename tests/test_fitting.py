"""A table held against the catalogue: each way not to fit is said, and all of them at once.

SYNTETISKA TESTDATA: every table here is made up.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from affarsplan_data import regions
from affarsplan_data.catalogue import Table
from affarsplan_data.fitting import MisfitError, misfits, require, stem, taken
from affarsplan_data.scb.cubes import Dimension, Unit

Codes = Sequence[str] | Mapping[str, str]
ROLES: dict[str, Any] = {"Tid": "time", "ContentsCode": "metric", "Region": "geo"}
EVERYWHERE = {code: region.name for code, region in regions.all_regions().items()}
TITLE = "SYNTETISKA TESTDATA: Medianinkomst efter region och kön. År 2000 - 2024"


def dimension(id: str, codes: Codes, units: Mapping[str, str] | None = None) -> Dimension:
    labels = dict(codes) if isinstance(codes, Mapping) else {code: code for code in codes}
    told = {code: Unit(unit, 0) for code, unit in (units or {}).items()}
    return Dimension(
        id, id.lower(), tuple(labels), tuple(labels.values()), ROLES.get(id), told, (), {}
    )


def table(**more: Any) -> Table:
    declared: dict[str, Any] = {
        "id": "TAB1",
        "source": "scb",
        "title": "SYNTETISKA TESTDATA",
        "title_words": ["medianinkomst", "region"],
        "contents": {"A1": ["medianinkomst"]},
        "columns": {
            "Region": {"to": "region", "levels": ["country", "county", "municipality"]},
            "Kon": {"to": "sex", "codes": {"1": "men", "2": "women", "1+2": "total"}},
            "Tid": "period",
        },
        "gives": [{"measure": "x", "content": "A1", "unit": "tkr"}],
    }
    return Table.model_validate({**declared, **more})


def sides(**changed: Dimension) -> list[Dimension]:
    """Return the variables of a table that fits, some of them changed."""
    fitting = {
        "Region": dimension("Region", EVERYWHERE),
        "Kon": dimension("Kon", ["1", "2", "1+2"]),
        "ContentsCode": dimension("ContentsCode", {"A1": "Medianinkomst, tkr"}, {"A1": "tkr"}),
        "Tid": dimension("Tid", ["2023", "2024"]),
    }
    return list({**fitting, **changed}.values())


def without(*gone: str) -> dict[str, str]:
    return {code: name for code, name in EVERYWHERE.items() if code not in gone}


def test_a_table_that_is_as_declared_has_no_misfit():
    assert misfits(table(), TITLE, sides()) == ()
    require(table(), TITLE, sides())
    assert len(EVERYWHERE) == 1 + 21 + 290


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Region": dimension("Region", without("1984"))}, "saknas i svaret: 1984 Arboga."),
        ({"Region": dimension("Region", without("19"))}, "19 Västmanlands län"),
        ({"Region": dimension("Region", without("00"))}, "00 Riket"),
        (
            {"Region": dimension("Region", {**EVERYWHERE, "1999": "Nystad"})},
            "Regionen 1999 Nystad finns inte i regionregistret",
        ),
        ({"Kon": dimension("Kon", ["1", "2", "1+2", "9"])}, "har koden 9 (9), som katalogen inte"),
        ({"Kon": dimension("Kon", ["1", "2"])}, "har inte koden 1+2"),
        ({"Tid": dimension("Tid", ["2024", "i fjol"])}, "”i fjol” är ingen period"),
        (
            {"ContentsCode": dimension("ContentsCode", {"A2": "Medianinkomst, tkr"})},
            "Innehållet A1 finns inte. De som finns: A2 Medianinkomst, tkr.",
        ),
        (
            {"ContentsCode": dimension("ContentsCode", {"A1": "Medelinkomst, tkr"})},
            "heter nu ”Medelinkomst, tkr”, utan ”medianinkomst”",
        ),
        (
            {"ContentsCode": dimension("ContentsCode", {"A1": "Medianinkomst"}, {"A1": "kr"})},
            "”Medianinkomst” har enheten kr, men katalogen räknar med tkr.",
        ),
        ({"Ny": dimension("Ny", ["0"])}, "Variabeln Ny (ny) är inte beskriven"),
        ({"Kon": dimension("Sex", ["1", "2", "1+2"])}, "Variabeln Kon finns inte."),
    ],
)
def test_what_does_not_fit_is_said(change, said):
    faults = misfits(table(), TITLE, sides(**change))
    assert any(said in fault for fault in faults), faults


def test_all_that_is_wrong_is_said_at_once_in_a_text_that_begins_with_the_id():
    wrong = sides(
        Region=dimension("Region", {**without("1984"), "1999": "Nystad"}),
        Kon=dimension("Kon", ["1", "2", "1+2", "9"]),
        ContentsCode=dimension("ContentsCode", {"A1": "Medianinkomst"}, {"A1": "kr"}),
        Tid=dimension("Tid", ["2024T1"]),
    )
    with pytest.raises(MisfitError) as caught:
        require(table(), "SYNTETISKA TESTDATA: Medelålder efter region", wrong)
    text = str(caught.value)
    assert text.startswith("TAB1: ")
    assert len(caught.value.faults) == 6
    for word in ("medianinkomst", "1999 Nystad", "1984 Arboga", "koden 9", "enheten kr", "2024T1"):
        assert word in text


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Folkmängd efter kön. År 1968 - 2024", "Folkmängd efter kön"),
        ("Folkmängd efter kön. Månad 2020M01 - 2026M03", "Folkmängd efter kön"),
        ("Nystartade företag per län, 2011K1–2024K4", "Nystartade företag per län"),
        ("Befolkning 16–74 år efter kön", "Befolkning 16–74 år efter kön"),
        ("Utsläpp (SNI 2007) efter län. År 2008-", "Utsläpp (SNI 2007) efter län"),
    ],
)
def test_the_years_that_a_title_ends_with_do_not_matter(title, expected):
    assert stem(title) == expected


def test_a_title_without_its_words_is_another_table():
    assert misfits(table(), "Medianinkomst efter region. År 2000 - 2025", sides()) == ()
    (fault,) = misfits(table(), "Medianinkomst efter yrke. År 2000 - 2025", sides())
    assert "”region”" in fault
    assert misfits(table(), None, sides()) == ()


def test_where_the_catalogue_names_no_content_there_must_be_one_alone():
    declared = table(contents={}, gives=[{"measure": "x"}])
    assert misfits(declared, TITLE, sides()) == ()
    two = dimension("ContentsCode", {"A1": "Antal", "A2": "Andel"})
    (fault,) = misfits(declared, TITLE, sides(ContentsCode=two))
    assert "A1 Antal; A2 Andel" in fault


def test_values_that_a_measure_is_limited_to_must_be_there():
    columns = {**table().model_dump()["columns"], "Kon": {"to": "sex", "codes": {"1": "men"}}}
    gives = [{"measure": "x", "content": "A1", "where": {"sex": ["total"]}}]
    declared = table(columns=columns, gives=gives)
    (fault,) = misfits(declared, TITLE, sides(Kon=dimension("Kon", ["1"])))
    assert "Kon ger inte total" in fault


def test_a_variable_outside_the_schema_must_come_down_to_one_value():
    columns = {
        **table().model_dump()["columns"],
        "Kon": {"to": "none", "words": {"total": ["t"]}, "rest": "drop"},
    }
    declared = table(columns=columns)
    (fault,) = misfits(declared, TITLE, sides(Kon=dimension("Kon", {"a": "ta", "b": "tb"})))
    assert "Flera koder i Kon har ”t” i namnet: a ta; b tb." in fault


IN_LABEL = {"to": "region", "levels": ["country", "county"], "code_in_label": True}
RUNNING = {
    str(n): f"{code} {regions.name(code)}" for n, code in enumerate(["00", *regions.counties()])
}


def labelled(labels: Mapping[str, str]) -> tuple[str, ...]:
    columns = {**table().model_dump()["columns"], "Region": IN_LABEL}
    return misfits(table(columns=columns), TITLE, sides(Region=dimension("Region", labels)))


def test_region_codes_are_read_out_of_labels_where_the_catalogue_says_so():
    columns = {**table().model_dump()["columns"], "Region": IN_LABEL}
    declared = table(columns=columns)
    side = dimension("Region", RUNNING)
    found = taken("TAB1", declared.columns["Region"], side)
    where = {one.value: side.labels[one.places[0]] for one in found}
    assert where["19"] == "19 Västmanlands län"
    assert list(where) == ["00", *regions.counties()]
    assert labelled(RUNNING) == ()


def test_labels_that_lack_a_region_or_have_it_twice_are_said():
    gone = {n: label for n, label in RUNNING.items() if not label.startswith("19 ")}
    assert any("19 Västmanlands län" in fault for fault in labelled(gone))
    assert any("blir 19" in fault for fault in labelled({**RUNNING, "99": "19 Västmanland"}))
    assert any("Utlandet" in fault for fault in labelled({**RUNNING, "99": "Utlandet"}))

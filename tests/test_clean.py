"""Hand-made answers, one per theme, and the ugly cases: what is not as declared is an error."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from affarsplan_data import clean as layer
from affarsplan_data import regions
from affarsplan_data.archive import Snapshot
from affarsplan_data.catalogue import Table, load_catalogue
from affarsplan_data.clean import MISSING, SUMMED, CleaningError, clean
from affarsplan_data.observations.schema import SUMMED as SUMMED_IN_OBSERVATIONS
from affarsplan_data.scb.cubes import Cube, Dimension, Structure, Unit

# SYNTETISKA TESTDATA: alla tal i filen är påhittade.
Codes = Sequence[str] | Mapping[str, str]
ROLES = {"Tid": "time", "ContentsCode": "metric", "Region": "geo"}


def dimension(id: str, codes: Codes, units: Mapping[str, str] | None = None) -> Dimension:
    labels = codes if isinstance(codes, Mapping) else {code: code for code in codes}
    told = {code: Unit(unit, 0) for code, unit in (units or {}).items()}
    texts = tuple(labels.values())
    return Dimension(id, id.lower(), tuple(labels), texts, ROLES.get(id), told, (), {})


def cube(dimensions: Sequence[Dimension], cells: Sequence[float | str | None]) -> Cube:
    """Return a cube; a text among the cells is a status without a value, None an empty cell."""
    structure = Structure("SYNTETISKA TESTDATA", "ingen", "2026-01-01", tuple(dimensions), (), {})
    assert structure.cells == len(cells)
    symbols = ("", *dict.fromkeys(cell for cell in cells if isinstance(cell, str)))
    values = [cell if isinstance(cell, int | float) else np.nan for cell in cells]
    status = [symbols.index(cell) if isinstance(cell, str) else 0 for cell in cells]
    return Cube(structure, np.array(values, float), np.array(status, np.uint8), symbols)


def snapshot(table: str) -> Snapshot:
    return Snapshot(
        source="prov",
        name=table,
        updated="2026-01-01T07:00:00Z",
        retrieved=datetime(2026, 1, 2, tzinfo=UTC),
        asked={},
        metadata=f"{0:016x}-{0:016x}",
        answers=[],
        cells=0,
        periods=[],
        client="prov",
    )


def table(**more: object) -> Table:
    """Return a small declared table; ``more`` replaces what it says."""
    declared = {
        "id": "TAB1",
        "source": "scb",
        "title": "SYNTETISKA TESTDATA",
        "columns": {
            "Region": {"to": "region", "drop": ["RIKS*"]},
            "Kon": {"to": "sex", "codes": {"1": "men", "2": "women", "1+2": "total"}},
            "Tid": "period",
        },
        "gives": [{"measure": "antal", "content": "A1", "unit": "antal"}],
    }
    return Table.model_validate({**declared, **more})


def small(
    cells: Sequence[float | str | None],
    region: Codes = ("1980",),
    sex: Codes = ("1", "2", "1+2"),
    time: Codes = ("2023",),
    contents: Codes = ("A1",),
    unit: str = "antal",
) -> Cube:
    sides = [
        dimension("Region", region),
        dimension("Kon", sex),
        dimension("ContentsCode", contents, dict.fromkeys(contents, unit)),
        dimension("Tid", time),
    ]
    return cube(sides, cells)


def rows(declared: Table, *cubes: Cube) -> pd.DataFrame:
    frames = clean(declared, cubes, snapshot(declared.id))
    assert len(frames) == 1
    return next(iter(frames.values()))


def values(frame: pd.DataFrame, *keys: str) -> dict[tuple[str, ...], float]:
    return dict(
        zip(frame[list(keys)].itertuples(index=False, name=None), frame["value"], strict=True)
    )


def test_codes_become_the_schemas_values_and_the_answers_facts_follow():
    frame = rows(table(), small([5, 7, 12]))
    assert values(frame, "sex") == {("men",): 5, ("women",): 7, ("total",): 12}
    assert set(frame["birth"]) == set(frame["age"]) == {"total"}
    assert set(frame["table"]) == {"TAB1"}
    assert set(frame["vintage"]) == {"2026-01-01T07:00:00Z"}
    assert not frame["preliminary"].any()
    assert not frame["noise"].any()
    assert frame.attrs["unit"] == "antal"
    assert frame.attrs["content"] == "A1"
    assert frame.attrs["snapshot"] == snapshot("TAB1").id


def test_a_region_that_the_register_lacks_is_named():
    with pytest.raises(CleaningError, match=r"TAB1.*Regionen 1999 Nyköpingstuna"):
        rows(table(), small([1, 2, 3], region={"1999": "Nyköpingstuna"}))


def test_a_region_is_left_out_only_where_the_catalogue_says_so():
    answer = small([1, 2, 3, 4, 5, 6], region=["RIKS2", "19"])
    assert set(rows(table(), answer)["region"]) == {"19"}
    strict = table(columns={**table().model_dump()["columns"], "Region": "region"})
    with pytest.raises(CleaningError, match="RIKS2"):
        rows(strict, answer)


def test_a_missing_municipality_is_named():
    columns = {
        "Region": {"to": "region", "levels": ["municipality"]},
        "Kon": {"to": "sex", "codes": {"1+2": "total"}},
        "Tid": "period",
    }
    whole = regions.municipalities()
    fine = small([1.0] * 290, region=whole, sex=["1+2"])
    assert len(rows(table(columns=columns), fine)) == 290
    without = [code for code in whole if code != "1984"]
    with pytest.raises(CleaningError, match="saknas i svaret: 1984 Arboga"):
        rows(table(columns=columns), small([1.0] * 289, region=without, sex=["1+2"]))


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["1", "2", "1+2", "3"], "Kon har koden 3"),
        (["1", "2"], r"Kon har inte koden 1\+2"),
    ],
)
def test_a_code_more_or_less_than_declared_is_an_error_that_names_it(codes, expected):
    with pytest.raises(CleaningError, match=f"TAB1: Variabeln {expected}"):
        rows(table(), small([1.0] * len(codes), sex=codes))


def test_symbols_stay_and_a_suppressed_figure_is_never_zero():
    frame = rows(table(), small(["..", "-", None]))
    assert frame["value"].isna().all()
    assert frame["status"].tolist() == ["..", "-", MISSING]


def test_a_dash_is_zero_only_where_the_table_says_so():
    frame = rows(table(zero=["-"]), small(["..", "-", 3]))
    assert frame["value"].isna().tolist() == [True, False, False]
    assert frame["value"].tolist()[1:] == [0, 3]
    assert frame["status"].tolist() == ["..", "-", ""]


def test_another_unit_than_declared_is_an_error():
    declared = table(gives=[{"measure": "antal", "content": "A1", "unit": "tkr"}])
    with pytest.raises(CleaningError, match="enheten kr, men katalogen räknar med tkr"):
        rows(declared, small([1, 2, 3], unit="kr"))


def test_a_factor_brings_the_figure_to_the_measures_unit_and_keeps_the_original():
    declared = table(gives=[{"measure": "x", "content": "A1", "unit": ["Tkr"], "factor": 0.001}])
    frame = rows(declared, small([1500, "..", 2], unit="tkr"))
    assert frame["value"].iloc[0] == pytest.approx(1.5)
    assert frame.attrs["unit"] == "tkr"
    assert frame.attrs["factor"] == 0.001


def test_a_content_that_is_gone_is_an_error_that_names_those_there_are():
    with pytest.raises(CleaningError, match="Innehållet A1 finns inte.*A2 Andel"):
        rows(table(), small([1, 2, 3], contents={"A2": "Andel"}))


WORDS = {"measure": "x", "words": ["BRP", "sysselsatt"]}


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"A": "BRP per invånare", "B": "Medelantal sysselsatta"}, "Ingen kod.*Medelantal"),
        ({"A": "BRP per sysselsatt, tkr", "B": "BRP per sysselsatt, kr"}, "Flera koder.*A.*B"),
    ],
)
def test_words_that_fit_none_or_several_contents_are_an_error(labels, expected):
    with pytest.raises(CleaningError, match=expected):
        rows(table(gives=[WORDS]), small([1.0] * 6, contents=labels))


def test_words_find_the_one_content_at_the_beginning_of_words():
    labels = {"A": "BRP per SYSSELSATT", "B": "Medelantal sysselsatta", "C": "BRP, ej osysselsatt"}
    frame = rows(table(gives=[WORDS]), small(np.arange(9.0).tolist(), contents=labels))
    assert frame.attrs["content"] == "A"
    assert frame["value"].tolist() == [0, 3, 6]


def test_a_label_equal_to_the_word_goes_before_those_that_hold_it():
    columns = {
        "Region": "region",
        "Tid": "period",
        "Kon": {
            "to": "birth",
            "words": {"total": ["samtliga"], "foreign": ["samtliga utrikes födda"]},
            "rest": "drop",
        },
    }
    labels = {
        "a": "Samtliga",
        "b": "samtliga utrikes födda invandrare",
        "c": "samtliga utrikes födda",
        "d": "vistelsetid 0–1 år",
    }
    frame = rows(table(columns=columns), small([1, 2, 3, 4], sex=labels))
    assert values(frame, "birth") == {("total",): 1, ("foreign",): 3}


SUMS = {
    "Region": "region",
    "Kon": {
        "to": "age",
        "codes": {"tot": "total"},
        "sums": {"0-2": ["0..2"], "1-2": ["1..2"], "total": ["0..2"]},
    },
    "Tid": "period",
}


def test_declared_sums_are_marked_and_a_published_total_goes_before_them():
    frame = rows(table(columns=SUMS), small([1, 2, 4, 99], sex=["0", "1", "2", "tot"]))
    assert values(frame, "age") == {("total",): 99, ("0-2",): 7, ("1-2",): 6}
    assert frame["status"].tolist() == ["", SUMMED, SUMMED]


def test_a_sum_that_lacks_a_part_is_no_row():
    frame = rows(table(columns=SUMS), small([None, 2, 4, 99], sex=["0", "1", "2", "tot"]))
    assert values(frame, "age") == {("total",): 99, ("1-2",): 6}
    with pytest.raises(CleaningError, match="har inte koden 1, som ingår i en summa"):
        rows(table(columns=SUMS), small([1, 4, 99], sex=["0", "2", "tot"]))


def test_where_figures_carry_noise_nothing_is_summed():
    answer = small(np.arange(8.0).tolist(), sex=["0", "1", "2", "tot"], time=["2024", "2025"])
    frame = rows(table(columns=SUMS, noise_from="2025"), answer)
    assert set(frame.loc[frame["period"] == "2024", "age"]) == {"total", "0-2", "1-2"}
    assert set(frame.loc[frame["period"] == "2025", "age"]) == {"total"}
    assert frame.groupby("period")["noise"].first().to_dict() == {"2024": False, "2025": True}


def test_preliminary_periods_by_number_by_name_or_all():
    answer = small([1.0] * 9, time={"2022": "2022 (preliminär)", "2023": "2023", "2024": "2024"})

    def preliminary(declared: Table) -> set[str]:
        frame = rows(declared, answer)
        return set(frame.loc[frame["preliminary"], "period"])

    assert preliminary(table()) == {"2022"}
    assert preliminary(table(preliminary=1)) == {"2022", "2024"}
    assert preliminary(table(preliminary="all")) == {"2022", "2023", "2024"}


@pytest.mark.parametrize("period", ["2024M13", "2024K5", "24", "2024Q5", "2023-2024"])
def test_a_period_in_another_form_is_an_error(period):
    with pytest.raises(CleaningError, match=f"”{period}” är ingen period"):
        rows(table(), small([1, 2, 3], time=[period]))


def test_months_and_quarters_are_kept_as_they_are():
    frame = rows(table(), small([1.0] * 12, time=["2024", "2024M03", "2024K1", "2024Q2"]))
    assert set(frame["period"]) == {"2024", "2024M03", "2024K1", "2024K2"}


HEBY = {"1917": "Heby (Västmanland)", "0331": "Heby"}


def test_heby_keeps_its_figures_through_the_move_and_is_never_two():
    answer = small([10, None, "..", 11], region=HEBY, sex=["1+2"], time=["2006", "2007"])
    frame = rows(_only_totals(), answer)
    assert values(frame, "region", "period") == {("0331", "2006"): 10, ("0331", "2007"): 11}
    alone = small([10, None], region=["1917"], sex=["1+2"], time=["2006", "2007"])
    assert values(rows(_only_totals(), alone), "region", "period") == {("0331", "2006"): 10}


def test_heby_under_both_codes_must_agree():
    same = small([10, 10], region=HEBY, sex=["1+2"], time=["2006"])
    assert rows(_only_totals(), same)["value"].tolist() == [10]
    with pytest.raises(CleaningError, match="0331 har två olika uppgifter för 2006"):
        rows(_only_totals(), small([10, 12], region=HEBY, sex=["1+2"], time=["2006"]))
    with pytest.raises(CleaningError, match="1917 har uppgifter 2007"):
        rows(_only_totals(), small([10, 12], region=HEBY, sex=["1+2"], time=["2007"]))


def _only_totals() -> Table:
    columns = {"Region": "region", "Kon": {"to": "sex", "codes": {"1+2": "total"}}, "Tid": "period"}
    return table(columns=columns)


def test_answers_in_parts_are_put_together_whatever_their_order():
    whole = small(np.arange(18.0).tolist(), region=["19", "1980"], time=["2022", "2023", "2024"])
    block = whole.values.reshape(2, 3, 1, 3)
    parts = [
        small(
            block[r : r + 1, :, :, t : t + 1].reshape(-1).tolist(),
            region=[("19", "1980")[r]],
            time=[("2022", "2023", "2024")[t]],
        )
        for t, r in itertools.product((2, 0, 1), (0, 1))
    ]
    keys = ("region", "sex", "period")
    assert values(rows(table(), *parts), *keys) == values(rows(table(), whole), *keys)
    with pytest.raises(CleaningError, match="3 av 18 uppgifter finns inte"):
        rows(table(), *parts[1:])
    with pytest.raises(CleaningError, match="finns i flera av svaren"):
        rows(table(), *parts, parts[0])
    with pytest.raises(CleaningError, match="det finns inget svar"):
        rows(table())


def test_symbols_of_different_answers_are_not_mixed_up():
    first = small(["..", 1, "."], time=["2022"])
    second = small([".", "..", 2], time=["2023"])
    frame = rows(table(), first, second).sort_values(["period", "sex"])
    status = dict(
        zip(zip(frame["period"], frame["sex"], strict=True), frame["status"], strict=True)
    )
    assert status["2022", "men"] == ".."
    assert status["2022", "total"] == "."
    assert status["2023", "men"] == "."
    assert status["2023", "women"] == ".."


def test_a_variable_that_nobody_has_described_is_an_error():
    sides = [dimension("Region", ["19"]), dimension("Ny", ["a"]), dimension("Tid", ["2024"])]
    with pytest.raises(CleaningError, match=r"variabeln Ny \(ny\) är inte beskriven"):
        rows(_only_totals(), cube(sides, [1]))
    with pytest.raises(CleaningError, match="svaret saknar variabeln för sex"):
        rows(_only_totals(), cube([sides[0], sides[2]], [1]))


def test_a_variable_can_be_found_by_its_name():
    columns = {"region": "region", "kon": {"to": "sex", "codes": {"1+2": "total"}}, "Tid": "period"}
    assert len(rows(table(columns=columns), small([1], sex=["1+2"]))) == 1


def test_one_content_can_give_two_measures_each_with_its_part():
    gives = [
        {"measure": "alla", "content": "A1", "where": {"sex": ["total"]}},
        {"measure": "delade", "content": "A1"},
    ]
    frames = clean(table(gives=gives), [small([1, 2, 3])], snapshot("TAB1"))
    assert frames["alla"]["value"].tolist() == [3]
    assert len(frames["delade"]) == 3


def test_the_same_figure_from_two_contents_of_one_measure_is_an_error():
    gives = [{"measure": "x", "content": "A1"}, {"measure": "x", "content": "A2"}]
    with pytest.raises(CleaningError, match="måttet x får två uppgifter för 1980, 2023"):
        rows(table(gives=gives), small([1.0] * 6, contents=["A1", "A2"]))


def test_a_table_limited_to_an_age_says_so_on_every_row():
    assert set(rows(table(fixed={"age": "15-74"}), small([1, 2, 3]))["age"]) == {"15-74"}


@pytest.mark.parametrize(
    ("column", "problem"),
    [
        ({"to": "sex", "codes": {"1": "male"}}, "male är inget värde i sex"),
        ({"to": "age", "codes": {"1": "1 år"}}, "1 år är inget värde i age"),
        ({"to": "birth"}, "codes, words eller sums krävs"),
        ({"to": "none", "codes": {"TOT": "alla"}}, "alla är inget värde i none"),
        ({"to": "birth", "codes": {"in": "native"}, "levels": ["county"]}, "levels hör till"),
    ],
)
def test_a_column_that_cannot_be_right_is_refused_when_the_catalogue_is_read(column, problem):
    columns = {"Region": "region", "Tid": "period", "X": column}
    with pytest.raises(ValidationError, match=problem):
        table(columns=columns)


def test_the_mark_of_a_sum_is_the_one_that_observations_use():
    assert layer.SUMMED == SUMMED_IN_OBSERVATIONS


# One hand-made answer per theme, cleaned by the catalogue's own declaration.

EVERYWHERE = tuple(regions.all_regions())


def declared(id: str) -> Table:
    return load_catalogue().tables[id]


def answer(
    id: str, codes: Mapping[str, Codes], units: Mapping[str, str], **special: object
) -> Cube:
    """Return a cube over ``codes`` with the place of each cell as its value.

    ``special`` replaces cells: ``c5="..."`` is the cell at place 5.
    """
    sides = [dimension(name, given, units) for name, given in codes.items()]
    size = int(np.prod([len(side.codes) for side in sides]))
    cells: list[float | str | None] = [float(n) for n in range(size)]
    for place, cell in special.items():
        cells[int(place[1:])] = cell  # type: ignore[call-overload]
    return cube(sides, cells)


def test_product_leaves_the_national_areas_out_and_marks_the_newest_year():
    contents = {
        "NR0105AH": "BRP, löpande priser, mnkr",
        "NR0105AI": "BRP, volymutveckling i procent",
        "X1": "BRP per invånare, löpande priser, tkr",
        "X2": "BRP per sysselsatt, löpande priser, tkr",
        "X3": "Medelantal sysselsatta, 1000-tal",
        "X4": "Egentlig lön, löpande priser, mnkr",
    }
    units = dict(zip(contents, ("mnkr", "procent", "tkr", "tkr", "1000-tal", "mnkr"), strict=True))
    codes = {
        "Region": ("00", "RIKS2", *regions.counties(), "90"),
        "ContentsCode": contents,
        "Tid": ("2023", "2024"),
    }
    given = answer("TAB3138", codes, units, c2="..")
    frames = clean(declared("TAB3138"), [given], snapshot("TAB3138"))
    grp = values(frames["grp"], "region", "period")
    assert len(grp) == 2 * 22
    assert grp["00", "2024"] == 1
    assert grp["01", "2023"] == 24
    change = frames["grp_volume_change"]
    assert change.loc[change["value"].isna(), "status"].tolist() == [".."]
    assert values(frames["wages_national_accounts"], "region", "period")["25", "2024"] == 275
    assert set(frames["grp_per_employed"]["preliminary"]) == {True, False}


def test_population_by_birth_adds_ages_and_sexes_only_where_all_are_there():
    ages = [*(str(age) for age in range(100)), "100+"]
    codes = {
        "Region": EVERYWHERE,
        "Alder": ages,
        "Kon": ("1", "2"),
        "Fodelseregion": {"09": "Född i Sverige", "11": "Utrikes född"},
        "ContentsCode": {"X": "Folkmängd"},
        "Tid": ("2024",),
    }
    # The woman of three years born abroad, in riket, is missing.
    frame = rows(declared("TAB4823"), answer("TAB4823", codes, {"X": "antal"}, c15=".."))
    country = values(frame[frame["region"] == "00"], "age", "sex", "birth")
    assert country["0-4", "men", "native"] == 0 + 4 + 8 + 12 + 16
    assert country["total", "men", "native"] == sum(4 * age for age in range(101))
    assert country["total", "total", "native"] == sum(8 * age + 2 for age in range(101))
    assert country["100+", "women", "foreign"] == 403
    assert ("0-4", "women", "foreign") not in country
    assert ("total", "total", "foreign") not in country
    assert country["5-9", "women", "foreign"] == sum(4 * age + 3 for age in range(5, 10))


def test_population_with_noise_is_taken_as_published_classes_and_all():
    classes = ["-4", *(f"{low}-{low + 4}" for low in range(5, 100, 5)), "100+5", "20-29", "30-39"]
    codes = {
        "Region": EVERYWHERE,
        "Alder": ["TotSA", "0", "1", *classes, "100+1"],
        "Kon": ("TotSa", "1", "2"),
        "ContentsCode": {"X": "Folkmängd", "Y": "Folkökning"},
        "Tid": ("2025",),
    }
    units = {"X": "antal", "Y": "antal"}
    frame = rows(declared("TAB5557"), answer("TAB5557", codes, units))
    country = values(frame[frame["region"] == "00"], "age", "sex")
    assert len(country) == 24 * 3
    assert country["total", "total"] == 0
    assert country["0-4", "women"] == 3 * 6 + 2 * 2
    assert frame["noise"].all()
    assert set(frame["status"]) == {""}


def test_employment_gives_four_groups_and_totals_as_published():
    contents = {
        "000002NT": "antal sysselsatta",
        "000002NM": "antal arbetslösa",
        "000002NU": "antal totalt",
        "000002NS": "sysselsättningsgrad",
        "000002NN": "arbetslöshet",
    }
    units = {c: "procent" if c in {"000002NS", "000002NN"} else "antal" for c in contents}
    codes = {
        "Region": EVERYWHERE,
        "Kon": ("1", "2", "1+2"),
        "Alder": ("15-74", "16-64", "20-64"),
        "Fodelseregion": ("in", "ut", "tot"),
        "ContentsCode": contents,
        "Tid": ("2024",),
    }
    frames = clean(declared("TAB3200"), [answer("TAB3200", codes, units)], snapshot("TAB3200"))
    rate = frames["employment_rate_by_birth"]
    assert set(rate["age"]) == {"20-64"}
    assert len(rate) == 312 * 9
    country = values(rate[rate["region"] == "00"], "sex", "birth")
    # Place in the answer: sex x 45 + age x 15 + birth x 5 + content.
    assert country["men", "native"] == 0 * 45 + 2 * 15 + 0 * 5 + 3
    assert country["women", "foreign"] == 1 * 45 + 2 * 15 + 1 * 5 + 3
    assert country["total", "total"] == 2 * 45 + 2 * 15 + 2 * 5 + 3
    assert len(frames["employment_rate"]) == 312
    assert set(frames["employed_by_birth"]["age"]) == {"15-74", "16-64", "20-64"}


def test_industry_has_every_group_and_a_new_one_is_an_error():
    groups = [*declared("TAB3204").columns["SNI2007"].codes]
    codes = {
        "Region": EVERYWHERE,
        "Kon": ("1", "2", "1+2"),
        "SNI2007": groups,
        "Fodelseregion": ("in", "ut", "tot"),
        "ContentsCode": {
            "000002XH": "efter arbetsställets belägenhet",
            "000002XI": "efter bostadens belägenhet",
        },
        "Tid": ("2024",),
    }
    units = {"000002XH": "antal", "000002XI": "antal"}
    frames = clean(declared("TAB3204"), [answer("TAB3204", codes, units)], snapshot("TAB3204"))
    day = frames["employed_day_by_industry_bas"]
    assert set(day["industry"]) == {*groups, "unknown", "total"} - {"US", "A-U+US"}
    assert set(day["age"]) == {"15-74"}
    codes["SNI2007"] = [*groups, "V"]
    with pytest.raises(CleaningError, match="SNI2007 har koden V"):
        clean(declared("TAB3204"), [answer("TAB3204", codes, units)], snapshot("TAB3204"))


def test_income_is_the_median_and_a_change_of_unit_stops_it():
    codes = {
        "Region": EVERYWHERE,
        "Kon": ("1", "2", "1+2"),
        "Alder": ("20-64",),
        "Inkomstklass": ("TOT",),
        "ContentsCode": {"HE0110J8": "Medianinkomst, tkr"},
        "Tid": ("2024",),
    }
    frame = rows(declared("TAB3554"), answer("TAB3554", codes, {"HE0110J8": "tkr"}))
    assert values(frame[frame["region"] == "00"], "sex", "age") == {
        ("men", "20-64"): 0,
        ("women", "20-64"): 1,
        ("total", "20-64"): 2,
    }
    with pytest.raises(CleaningError, match="enheten kr, men katalogen räknar med tkr"):
        rows(declared("TAB3554"), answer("TAB3554", codes, {"HE0110J8": "kr"}))


def test_education_leaves_the_unknown_out_and_adds_the_sexes():
    levels = {
        "1": "förgymnasial utbildning kortare än 9 år",
        "2": "förgymnasial utbildning, 9 (10) år",
        "3": "gymnasial utbildning, högst 2 år",
        "4": "gymnasial utbildning, 3 år",
        "5": "eftergymnasial utbildning, mindre än 3 år",
        "6": "eftergymnasial utbildning, 3 år eller mer",
        "7": "forskarutbildning",
        "US": "uppgift om utbildningsnivå saknas",
    }
    codes = {
        "Region": EVERYWHERE,
        "Alder": ("tot16-74",),
        "UtbildningsNiva": levels,
        "Kon": ("1", "2"),
        "ContentsCode": {"UF0506A1": "Antal"},
        "Tid": ("2024",),
    }
    frame = rows(declared("TAB3981"), answer("TAB3981", codes, {"UF0506A1": "antal"}, c4=".."))
    country = values(frame[frame["region"] == "00"], "category", "sex")
    assert len(country) == 7 * 3 - 1
    assert country["upper_secondary_3", "women"] == 7
    assert country["upper_secondary_3", "total"] == 6 + 7
    # The men of one level are missing: no total for that level.
    assert np.isnan(country["upper_secondary_2", "men"])
    assert ("upper_secondary_2", "total") not in country


def test_managers_are_found_by_words_among_much_else():
    from tests.pxserver.themes import BACKGROUNDS, SHARES

    codes = {
        "Region": regions.counties(),
        "Kon": ("1+2", "1", "2"),
        "UtbNiv": ("000",),
        "BakgrVar": BACKGROUNDS,
        "ContentsCode": {f"X{n}": text for n, text in enumerate(SHARES)},
        "Tid": ("2023",),
    }
    units = {f"X{n}": "procent" for n in range(len(SHARES))}
    frames = clean(declared("TAB6384"), [answer("TAB6384", codes, units)], snapshot("TAB6384"))
    managers = values(frames["manager_share"], "region", "sex", "birth")
    width = len(SHARES)
    assert managers["01", "total", "total"] == 1 * width + 4
    assert managers["01", "total", "native"] == 2 * width + 4
    assert managers["01", "total", "foreign"] == 5 * width + 4
    assert len(managers) == 21 * 3 * 3
    share = frames["entrepreneur_share"]
    assert share.attrs["content"] == "X1"
    assert frames["still_entrepreneur_after_one_year"].attrs["content"] == "X3"
    assert frames["qualified_work_share"].attrs["content"] == "X6"


def test_emissions_come_down_to_greenhouse_gases_in_tonnes():
    codes = {
        "Region": regions.municipalities(),
        "ämne": {
            "a": "koldioxid, fossil, kiloton",
            "b": "växthusgaser, kiloton koldioxidekvivalenter",
        },
        "ContentsCode": {"X": "Utsläpp"},
        "Tid": ("2022",),
    }
    frame = rows(declared("TAB4357"), answer("TAB4357", codes, {}))
    assert values(frame, "region")["0114",] == 1000
    codes["ämne"] = {"a": "koldioxid", "b": "växthusgaser, ton koldioxidekvivalenter"}
    with pytest.raises(CleaningError, match="kiloton"):
        rows(declared("TAB4357"), answer("TAB4357", codes, {}))

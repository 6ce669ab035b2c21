"""The catalogue loads, covers the plan, and names file and entry when something is wrong."""

import shutil
from pathlib import Path

import pytest
import yaml

from affarsplan_data import catalogue
from affarsplan_data.catalogue import CatalogueError, UnknownEntryError, load_catalogue
from affarsplan_data.indicators.formulas import FUNCTIONS
from affarsplan_data.plan import load_plan
from affarsplan_data.sources import load_edition

HOME = Path(catalogue.__file__).parent


@pytest.fixture
def copy(tmp_path):
    """A copy of the catalogue's data that a test may damage."""
    folder = tmp_path / "catalogue"
    shutil.copytree(HOME, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


def _change(path: Path, id: str, change) -> None:
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    for entry in entries:
        if entry["id"] == id:
            change(entry)
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")


def test_every_goal_of_the_plan_has_an_indicator():
    loaded, plan = load_catalogue(), load_plan()
    for goal in [*plan.subgoals, *plan.rus_goals]:
        assert loaded.indicators_of(goal.id), goal.id


def test_every_measure_of_the_edition_is_declared_with_the_same_unit_and_classes():
    loaded = load_catalogue()
    for id, file in load_edition().measures.items():
        measure = loaded.measure(id)
        assert measure.unit == file.unit
        assert set(file.categories) - {"total"} <= set(measure.categories)


def test_a_measure_that_comes_as_a_file_says_how_to_get_it_and_what_its_figures_can_be():
    for measure in load_catalogue().measures.values():
        if measure.availability in {"open_file", "survey_file", "ordered"}:
            assert len(measure.missing_reason) > 40, measure.id
            assert measure.lowest is not None, measure.id
            if measure.unit == "procent":
                assert (measure.lowest, measure.highest) == (0, 100), measure.id


def test_every_share_of_a_survey_has_the_number_of_answers_beside_it():
    measures = load_catalogue().measures
    for id, measure in measures.items():
        if measure.availability == "survey_file" and id.endswith("_share"):
            answers = measures[id.removesuffix("_share") + "_answers"]
            assert (answers.unit, answers.splits) == ("svar", measure.splits)
            assert answers.levels == measure.levels
            assert answers.release == measure.release


def test_the_declared_formulas_are_the_ones_that_exist():
    assert set(FUNCTIONS) == set(catalogue.FORMULAS)


def test_a_table_is_shown_with_its_id_where_that_is_the_producers_own():
    shown = {table.id: table.shown for table in load_catalogue().tables.values()}
    assert shown["TAB3143"] == "Bruttoregionprodukt per kommun (TAB3143)"
    assert shown["kolada_new_firms"] == "Nystartade företag (Kolada)"
    assert shown["firm_demography"].endswith("efter län och storleksklass")


def test_definitions_are_at_most_two_sentences():
    for indicator in load_catalogue().indicators.values():
        assert indicator.definition.count(". ") <= 1, indicator.id
        assert indicator.definition.endswith("."), indicator.id


@pytest.mark.parametrize(
    ("file", "id", "change", "expected"),
    [
        (
            "indicators/economy.yaml",
            "brp_nominal_growth_10y",
            lambda e: e["formula"]["inputs"].update(value={"measure": "grpp"}),
            "måttet grpp, som inte finns",
        ),
        (
            "indicators/economy.yaml",
            "median_income",
            lambda e: e.pop("unit"),
            "unit: fältet saknas",
        ),
        ("measures/economy.yaml", "grp", lambda e: e.update(unit=" "), "unit: fältet är tomt"),
        (
            "indicators/industry.yaml",
            "manufacturing_share_daytime",
            lambda e: e["formula"]["inputs"].pop("whole"),
            "saknar underlaget whole",
        ),
        (
            "indicators/firms.yaml",
            "new_firms",
            lambda e: e["formula"].update(function="magic"),
            "formeln magic finns inte",
        ),
        (
            "indicators/people.yaml",
            "postgraduate_share",
            lambda e: e["formula"]["inputs"]["part"]["select"].update(category="wizard"),
            "har inte klassen wizard",
        ),
        (
            "indicators/surveys.yaml",
            "business_climate_sn",
            lambda e: e.update(subgoals=["D13"]),
            "delmålet D13 finns inte",
        ),
        (
            "indicators/innovation.yaml",
            "business_rd",
            lambda e: e.update(surprise=1),
            "surprise: fältet finns inte",
        ),
        (
            "measures/economy.yaml",
            "grp",
            lambda e: e.update(source="nobody"),
            "källan nobody finns inte",
        ),
        (
            "indicators/environment.yaml",
            "ghg_territorial_index",
            lambda e: e.update(availability="edition"),
            "greenhouse_gas_emissions saknas i utgåvan",
        ),
        (
            "measures/economy.yaml",
            "grp",
            lambda e: e.update(definition="Andel per 1 000 invånare."),
            "skriv ”Andel per 1\u202f000 invånare.”",
        ),
        (
            "indicators/firms.yaml",
            "new_firms",
            lambda e: e["formula"].update(text="(företag / invånare)"),
            "formula.text: skrivs som en mening",
        ),
        (
            "indicators/firms.yaml",
            "new_firms",
            lambda e: e.update(definition="Nystartade företag"),
            "definition: skrivs som hela meningar",
        ),
    ],
)
def test_a_faulty_entry_is_named_with_its_file(copy, file, id, change, expected):
    _change(copy / file, id, change)
    with pytest.raises(CatalogueError) as error:
        load_catalogue(copy)
    assert Path(file).name in str(error.value)
    assert id in str(error.value)
    assert expected in str(error.value)


def _grp(entry):
    return next(given for given in entry["gives"] if given["measure"] == "grp")


@pytest.mark.parametrize(
    ("table", "change", "expected"),
    [
        ("TAB3138", lambda e: _grp(e).update(measure="grpp"), "måttet grpp, som inte finns"),
        (
            "TAB3138",
            lambda e: _grp(e).update(measure="grp_municipal"),
            "måttet grp_municipal, som inte nämner tabellen",
        ),
        ("TAB3138", lambda e: _grp(e).update(content="NR0105XX"), "NR0105XX i gives saknas"),
        ("TAB3138", lambda e: _grp(e).update(words=["BRP"]), "antingen content eller words"),
        ("TAB3138", lambda e: _grp(e).update(factor=0), "factor"),
        ("TAB3138", lambda e: e["columns"].pop("Tid"), "gives kräver att columns har period"),
        ("TAB3138", lambda e: e["columns"].update(Ar="period"), "flera variabler.*blir period"),
        (
            "TAB638",
            lambda e: e["columns"].update(Civilstand={"to": "none", "codes": {"G": "total"}}),
            "Civilstand står både i columns och without",
        ),
        ("TAB3204", lambda e: e["fixed"].update(sex="women"), "sex står både i columns och fixed"),
        (
            "TAB3204",
            lambda e: e["gives"][0].update(where={"sex": ["women"], "birth": ["nowhere"]}),
            "väljer nowhere, som inte finns",
        ),
        (
            "TAB3200",
            lambda e: e["gives"][0].pop("where"),
            "måttet employment_rate delas inte på sex; välj ett värde i where",
        ),
        (
            "TAB3981",
            lambda e: e["columns"]["UtbildningsNiva"]["words"].update(wizard=["trollkarl"]),
            "måttet education har inte klassen wizard",
        ),
        (
            "TAB3204",
            lambda e: e["columns"]["SNI2007"]["codes"].update(A="lantbruk"),
            "branschen lantbruk för employed_day_by_industry_bas finns inte i INDUSTRIES",
        ),
        ("TAB3138", lambda e: e.pop("title_words"), "title_words krävs"),
        ("TAB3138", lambda e: e.pop("release"), "release krävs"),
        ("TAB900", lambda e: e.pop("ended"), "release krävs"),
    ],
)
def test_a_table_that_cannot_give_what_it_says_is_named(copy, table, change, expected):
    file = next(
        f for f in (copy / "tables").glob("*.yaml") if f"id: {table}\n" in f.read_text("utf-8")
    )
    _change(file, table, change)
    with pytest.raises(CatalogueError, match=rf"{file.name}.*{table}.*{expected}"):
        load_catalogue(copy)


def test_every_table_of_scbs_says_which_measures_it_gives():
    for table in load_catalogue().tables.values():
        if table.source == "scb":
            assert table.gives, table.id


def test_every_content_code_that_gives_a_measure_is_checked_by_its_name_before_it_is_fetched():
    for table in load_catalogue().tables.values():
        codes = {given.content for given in table.gives if given.content}
        assert codes <= set(table.contents), table.id


def test_a_goal_without_indicators_is_an_error(copy):
    for path in (copy / "indicators").glob("*.yaml"):
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        for entry in entries:
            entry["subgoals"] = [goal for goal in entry.get("subgoals", []) if goal != "D07"]
        kept = [entry for entry in entries if entry["subgoals"] or entry.get("rus")]
        path.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")
    with pytest.raises(CatalogueError, match="D07.*saknar indikatorer"):
        load_catalogue(copy)


def test_the_same_id_twice_is_an_error(copy):
    path = copy / "measures" / "economy.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump([*entries, entries[0]], allow_unicode=True), encoding="utf-8")
    with pytest.raises(CatalogueError, match="grp.*två gånger"):
        load_catalogue(copy)


def test_broken_yaml_names_the_file(copy):
    (copy / "sources.yaml").write_text("- {id: scb", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"sources\.yaml"):
        load_catalogue(copy)


def test_an_unknown_id_gets_the_nearest_ones():
    with pytest.raises(UnknownEntryError, match="brp_per_capita"):
        load_catalogue().indicator("brp_per_capta")

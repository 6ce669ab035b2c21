"""The public face: what there is, one indicator for a region, its chart, words and sources."""

import doctest
import importlib
import inspect
import re
import subprocess
import sys

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

import affarsplan_data as ap
from affarsplan_data import analysis, project
from affarsplan_data.analysis import forms
from affarsplan_data.analysis.names import Ids
from affarsplan_data.catalogue import UnknownEntryError, load_catalogue
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import MissingIndicatorError, evaluate
from affarsplan_data.pages import whence
from affarsplan_data.pages.whence import Whence
from affarsplan_data.parameters import ParameterError
from affarsplan_data.plan import UnknownPlanEntryError
from affarsplan_data.regions import UnknownRegionError

OMS = ["03", "04", "05", "18"]
NOT_WORDS = re.compile(r"\bnan\b|None|NaT|\binf\b|  |\(\)|<NA>")
IN_EDITION = ap.indicators(available=True, data="edition")["id"].tolist()


def view(id: str, **asked) -> analysis.IndicatorView:
    return ap.indicator(id, data="edition", **asked)


# --- what there is ----------------------------------------------------------------------------------


def test_the_module_lists_its_public_names_and_keeps_them():
    assert {"indicators", "measures", "indicator", "ids", "load", "page"} <= set(dir(ap))
    importlib.import_module("affarsplan_data.indicators.values")
    assert callable(ap.indicators)
    assert inspect.getdoc(ap.indicators)
    with pytest.raises(AttributeError, match="indikatorer"):
        _ = ap.indikatorer


def test_every_indicator_and_measure_is_listed_once_with_its_availability():
    catalogue = load_catalogue()
    found = ap.indicators(data="edition")
    assert found["id"].tolist() == list(catalogue.indicators)
    assert set(found[found["available"]]["id"]) == {
        i.id for i in catalogue.indicators.values() if i.availability == "edition"
    }
    lacking = found[~found["available"]]
    assert lacking["availability"].str.startswith("Saknas").all()
    assert found[found["available"]]["availability"].str.contains("utgåva").all()
    assert ap.measures(data="edition")["id"].tolist() == list(catalogue.measures)
    assert (found["definition"] != "").all()


@pytest.mark.parametrize(
    ("search", "id"),
    [
        ("utrikes SYSSELSÄTTNINGSGRAD", "employment_gap_birth"),
        ("new_firms_per_1000", "new_firms_per_1000"),
        ("TAB3200", "employment_gap_birth"),
        ("nama_10r_3gdp", "brp_nominal_growth_10y"),
    ],
)
def test_a_search_looks_in_texts_ids_tables_and_sources(search, id):
    assert id in ap.indicators(search, data="edition")["id"].tolist()


def test_all_words_of_a_search_must_stand():
    both = set(ap.indicators("kvinnor företag")["id"])
    assert both
    assert both <= set(ap.indicators("kvinnor")["id"]) & set(ap.indicators("företag")["id"])
    nothing = ap.indicators("finns inte alls zzz")
    assert nothing.empty
    assert "Pröva ett kortare ord" in nothing._repr_html_()


def test_goals_select_by_subgoal_rus_and_target_area():
    catalogue = load_catalogue()
    assert ap.indicators(goal="D05")["id"].tolist() == [
        i.id for i in catalogue.indicators_of("D05")
    ]
    assert set(ap.indicators(goal="RUS20")["id"]) == {
        i.id for i in catalogue.indicators_of("RUS20")
    }
    area = ap.load_plan().target_areas[0].id
    inside = {s.id for s in ap.load_plan().subgoals_of(area)}
    assert all(inside & set(g.split(", ")) for g in ap.indicators(goal=area)["goals"])
    used = {m for i in catalogue.indicators_of("D05") for m in i.measures}
    assert set(ap.measures(goal="D05")["id"]) == used


def test_a_wrong_goal_or_search_is_told_what_there_is():
    with pytest.raises(UnknownPlanEntryError, match=r"D05.*RUS20"):
        ap.indicators(goal="D5x")
    with pytest.raises(ParameterError, match="Sök med ord"):
        ap.measures(5)
    with pytest.raises(ParameterError, match="newest eller edition"):
        ap.indicators(data="nyast")


def test_a_listing_is_a_frame_that_shows_itself_escaped():
    found = ap.indicators("kvinnor", data="edition")
    assert isinstance(found, pd.DataFrame)
    chosen = found[found["available"]][["id", "name"]]
    assert "<th" in chosen._repr_html_()
    assert "Direction" not in found._repr_html_()
    nasty = found.copy()
    nasty["name"] = "<script>alert(1)</script> & sånt"
    html = nasty._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert f"{len(found)} rader" in html


def test_ids_complete_and_suggest():
    assert ap.ids.employment_gap_birth == "employment_gap_birth"
    assert dir(ap.ids) == sorted(load_catalogue().indicators)
    assert list(ap.ids) == list(load_catalogue().indicators)
    assert "new_firms" in ap.ids
    assert len(ap.ids) == len(load_catalogue().indicators)
    with pytest.raises(AttributeError, match="new_firms"):
        _ = ap.ids.new_frms
    assert "&lt;b&gt;" in Ids({"x": "<b>"})._repr_html_()


# --- an indicator -----------------------------------------------------------------------------------


def test_the_frame_has_the_regions_asked_for_in_that_order():
    shown = view("brp_per_capita_index", region="19", compare=["00", "oms"])
    assert shown.frame["region"].drop_duplicates().tolist() == ["19", "00", *OMS]
    assert shown.frame.loc[0, "name"] == "Västmanlands län"
    same = evaluate("brp_per_capita_index", "edition")
    same = same[same["region"] == "19"]["value"].tolist()
    assert shown.frame.loc[shown.frame["region"] == "19", "value"].tolist() == same
    assert shown.frame.columns.drop("name").tolist() == list(
        evaluate("brp_per_capita_index").columns
    )


@pytest.mark.parametrize(
    ("region", "others"),
    [("1980", [*OMS, "19"]), ("25", ["24"]), ("1280", ["10", "12"]), ("01", [])],
)
def test_a_county_outside_the_plans_group_is_compared_with_its_own_riksomrade(region, others):
    shown = view("brp_per_capita_index", region=region, compare=["00", "oms"])
    assert [code for code in shown.asked.codes if code not in {region, "00"}] == others
    assert bool(shown.asked.groups) == (region == "25")


def test_without_a_region_every_region_is_there():
    shown = view("brp_per_capita_index")
    assert shown.frame["region"].nunique() == evaluate("brp_per_capita_index")["region"].nunique()
    assert shown.value("19", "2021") == pytest.approx(79.3, abs=0.5)
    assert shown.standing("19", "2021").rank == 16
    assert shown.ranking("2021")["rank"].iloc[0] == 1
    assert shown.row("19", "2021")["region"] == "19"
    assert "högst i Stockholms län" in shown.sentence()


def test_a_year_limits_what_is_used():
    shown = view("brp_per_capita_index", region="19", year=2016)
    assert shown.frame["period"].max() == "2016"
    assert "2016" in shown.sentence()
    assert not re.search(r"20(1[7-9]|2\d)", shown.sentence())


def test_the_newest_row_of_each_region_and_group():
    rows = view("postsecondary_3y_share", region="1980", compare=["00"]).latest()
    assert rows.groupby("region").size().to_dict() == {"00": 3, "1980": 3}
    own = rows[(rows["region"] == "1980") & (rows["sex"] == "women")].iloc[0]
    assert own["period"] == "2022"
    assert own["low"] < own["value"] < own["high"]
    assert not own["preliminary"]
    lacking = view("brp_per_capita_index", region="1980", compare=["19"]).latest()
    assert lacking["region"].tolist() == ["1980", "19"]
    assert pd.isna(lacking.loc[0, "value"])
    assert "bara för riket och län" in lacking.loc[0, "note"]
    assert lacking.loc[1, "preliminary"]


def test_hidden_values_stay_hidden_in_every_form():
    frame = evaluate("postgraduate_share", "edition")
    hidden = frame[(frame["status"] == "hidden") & (frame["period"] == frame["period"].max())]
    code = hidden["region"].iloc[0]
    shown = view("postgraduate_share", region=code, compare=["00"])
    rows = shown.latest()
    rows = rows[(rows["region"] == code) & rows["value"].isna()]
    assert len(rows)
    assert rows["note"].str.startswith("visas inte").all()
    assert rows[["low", "high"]].isna().all(axis=None)


def test_words_of_the_region_and_of_its_municipalities_where_it_has_none():
    said = view("brp_per_capita_index", region="19").sentences(since=2015)
    assert any("Från 2015 till 2021" in text for text in said)
    assert any("Östra Mellansverige" in text for text in said)
    other = view("brp_per_capita_index", region="24").sentence()
    assert "Östra Mellansverige" not in other
    inside = view("employment_rate_20_64", region="19").sentence()
    assert "bland kommunerna i Västmanlands län; uppgift för länet saknas" in inside


def test_sources_say_where_when_and_on_what_terms():
    sources = view("brp_per_capita_index", region="19").sources()
    assert sources.columns.tolist() == [
        "measure",
        "source",
        "table",
        "vintage",
        "retrieved",
        "licence",
        "address",
        "origin",
    ]
    assert set(sources["measure"]) == {"grp", "population"}
    assert sources["origin"].str.startswith("edition/").all()
    assert sources["retrieved"].str.startswith("utgåvan ").all()
    assert (sources[["source", "table", "licence", "address"]] != "").all(axis=None)


@pytest.mark.parametrize(
    ("asked", "error", "hint"),
    [
        ({"id": "employment_gap_brith"}, UnknownEntryError, "employment_gap_birth"),
        ({"region": "198"}, UnknownRegionError, "1980"),
        ({"region": "Västmanland"}, UnknownRegionError, "19 Västmanlands län"),
        ({"region": 19}, UnknownRegionError, 'region="19"'),
        ({"region": "19", "compare": ["ÖMS"]}, ParameterError, "Menade du oms"),
        ({"region": "19", "compare": ["riket"]}, ParameterError, "Menade du 00"),
        ({"region": "19", "compare": ["Uppsala län"]}, ParameterError, "Menade du 03"),
        ({"region": "19", "compare": "00"}, ParameterError, "som en lista"),
        ({"region": "19", "compare": ["19"]}, ParameterError, "med sig själv"),
        ({"compare": ["00"]}, ParameterError, "Ange vilken region"),
        ({"region": "19", "year": "2020"}, ParameterError, "årtal"),
        ({"region": "19", "data": "x"}, ParameterError, "newest eller edition"),
        ({"id": "employment_gap_birth", "region": "19"}, MissingIndicatorError, "TAB3200"),
    ],
)
def test_what_does_not_exist_is_told_with_what_is_nearest(asked, error, hint):
    id = asked.pop("id", "brp_per_capita_index")
    with pytest.raises(error, match=hint):
        ap.indicator(id, **{"data": "edition"} | asked)


# --- charts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "region", "form"),
    [
        ("brp_per_capita_index", "19", "lines"),
        ("brp_per_capita_index", None, "bars"),
        ("industry_diversity_shannon", "19", "bars"),
        ("employment_rate_20_64", "19", "bars"),
        ("new_firms_per_1000_by_sex", "19", "groups"),
        ("strength_area_lq", "19", "parts"),
        ("industry_share_difference", "19", "parts"),
    ],
)
def test_the_form_follows_from_what_the_values_are_divided_by(id, region, form):
    shown = view(id, region=region)
    assert forms.rule(shown.values, shown.asked) == form
    figure = shown.figure()
    assert isinstance(figure, Figure)
    pd.testing.assert_frame_equal(shown.table(), figure.table)
    assert shown.figure(form).title == figure.title
    assert shown.chart(width=340).to_dict()["width"] < shown.chart().to_dict()["width"]


def test_counties_are_bars_for_a_county_and_the_regions_asked_for_for_a_municipality():
    county = view("industry_diversity_shannon", region="19").table()
    assert len(county) == 22
    town = view("postsecondary_3y_share", region="1980", compare=["1981", "00"]).table("bars")
    assert set(town["Område"]) == {"Västerås", "Sala", "Riket"}
    inside = view("employment_rate_20_64", region="19").table()
    assert len(inside) == 10


def test_riket_is_left_out_of_plain_numbers():
    assert "Riket" not in view("new_firms", region="19").table("bars")["Område"].tolist()
    assert set(view("new_firms", region="00").table("lines")) == {"År", "Tidsserie", "Riket"}


def test_women_and_men_keep_their_colours_in_bars_of_parts():
    told = [{"sex": sex, "category": part} for sex in ("women", "men") for part in ("a", "b")]
    assert forms._group_ids(told) == ["women_2", "women_1", "men_2", "men_1"]
    assert forms._group_ids([{"sex": "women", "category": "total"}]) == ["women"]
    assert forms._group_ids([{"sex": "total", "birth": "native"}]) == ["native"]
    shown = view("new_firms_by_leader", region="00").table()
    assert shown.columns.tolist()[1:3] == ["Kvinnor, svensk bakgrund", "Kvinnor, utländsk bakgrund"]


def test_a_form_that_does_not_fit_says_what_does():
    shown = view("brp_per_capita_index", region="19")
    with pytest.raises(ParameterError, match="lines, bars, groups eller parts"):
        shown.figure("pie")
    with pytest.raises(MissingIndicatorError, match="två grupper"):
        shown.figure("groups")
    with pytest.raises(MissingIndicatorError, match="saknas för Västerås"):
        view("brp_per_capita_index", region="1980", compare=[]).figure("lines")


@pytest.mark.parametrize("region", [None, "00", "19", "1980", "0980"])
def test_every_indicator_shows_itself_for_any_kind_of_region(region):
    for id in IN_EDITION:
        shown = view(id, region=region)
        said = re.sub(r"<[^>]+>", "\n", shown._repr_html_()).replace("latest()", "")
        assert not (found := NOT_WORDS.search(said)), (id, found, said[:300])
        assert shown.sentence()
        assert shown.indicator.name in repr(shown)
        assert len(shown.sources()) or shown.frame["value"].isna().all()
        try:
            figure = shown.figure()
        except MissingIndicatorError:
            held = set(shown.frame.dropna(subset=["value"])["region"])
            assert region not in held, id
            continue
        words = " ".join([figure.title, figure.subtitle, figure.alt, figure.source])
        assert not NOT_WORDS.search(words), (id, words)


def test_texts_are_escaped_where_an_indicator_shows_itself():
    shown = view("brp_per_capita_index", region="19")
    nasty = shown.indicator.model_copy(update={"name": "<i>BRP</i>", "definition": "a < b & c"})
    values = type(shown.values)(nasty, shown.values.frame, "edition")
    html = analysis.IndicatorView(values, shown.asked)._repr_html_()
    assert "<i>" not in html
    assert "&lt;i&gt;BRP" in html
    assert "a &lt; b &amp; c" in html


def test_made_up_figures_are_shown_as_such_everywhere(monkeypatch):
    made_up = Whence(from_edition=False, made_up=True)
    monkeypatch.setattr(whence, "of_values", lambda values: made_up)
    monkeypatch.setattr(whence, "of_everything", lambda data: made_up)
    assert "SYNTETISKA TESTDATA" in view("brp_per_capita_index", region="19")._repr_html_()
    for listed in (ap.indicators("brp"), ap.measures("brp"), ap.indicators("finns inte zzz")):
        assert "SYNTETISKA TESTDATA" in listed._repr_html_()


# --- where it is used -------------------------------------------------------------------------------


def test_the_examples_in_the_docstrings_run():
    tried = 0
    for name in ("", ".analysis.names", ".analysis.listing", ".analysis.view", ".swedish"):
        result = doctest.testmod(importlib.import_module(f"affarsplan_data{name}"))
        assert not result.failed, name
        tried += result.attempted
    assert tried >= 10


def test_the_first_use_imports_the_right_thing_whatever_was_imported_before():
    code = (
        "import affarsplan_data.indicators.sentences\n"
        "import affarsplan_data as ap\n"
        "assert callable(ap.indicators) and ap.indicators.__module__.endswith('listing')\n"
        "from affarsplan_data import indicators\n"
        "assert indicators is ap.indicators\n"
        "from affarsplan_data.indicators import evaluate\n"
        "import pickle; v = ap.indicator('new_firms', region='19', data='edition')\n"
        "assert pickle.loads(pickle.dumps(v)).sentence() == v.sentence()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=project.root())


def test_a_real_kernel_shows_lists_indicators_and_charts_and_completes():
    cells = [
        "import affarsplan_data as ap",
        'ap.indicators("kvinnor", data="edition")',
        'ap.measures("folkmängd", data="edition")',
        'view = ap.indicator("brp_per_capita_index", region="19", data="edition")\nview',
        "view.chart()",
        "view.figure()",
        "ap.ids",
        "from IPython.core.completer import provisionalcompleter\n"
        "with provisionalcompleter():\n"
        '    found = [c.text for c in get_ipython().Completer.completions("ap.ids.brp_", 11)]\n'
        "found",
        "view.latest()",
        'view.chart().properties(title="Egen rubrik")',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute(cwd=str(project.root()))
    shown = [cell.outputs[-1]["data"] if cell.outputs else {} for cell in notebook.cells]
    assert "<table" in shown[1]["text/html"]
    assert "Folkmängd" in shown[2]["text/html"]
    assert "<h3>BRP per invånare" in shown[3]["text/html"]
    assert "plats 16 av 21" in shown[3]["text/html"]
    assert shown[4]["text/html"].startswith("<svg")
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", shown[4]["text/html"])
    assert "<svg" in shown[9]["text/html"]
    assert "<figure" in shown[5]["text/html"]
    assert "brp_per_capita_index" in shown[6]["text/html"]
    assert "brp_per_capita_index" in shown[7]["text/plain"]
    assert "Västmanlands län" in shown[8]["text/html"]


def test_the_change_from_every_start_year_is_told_and_none_across_a_break() -> None:
    table = ap.indicator("business_rd", region="19", compare=["00"], data="edition").every_start()
    change = table.set_index(["region", "start"])["change"]
    assert (round(change["19", "2017"]), round(change["00", "2017"])) == (-4, 11)
    cut = table[table["start"] < "2017"]
    assert cut["change"].isna().all()
    assert set(cut["reason"]) == {"serien bryts inom perioden"}
    assert set(table["end"]) == {"2019"}
    with pytest.raises(ParameterError, match="procentenheter"):
        ap.indicator("employment_rate_20_64", region="1980", data="edition").every_start()

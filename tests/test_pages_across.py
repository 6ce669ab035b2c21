"""The pages that cut across: the spine, groups, municipalities, goals, claims, quality."""

import json
import re

import pandas as pd
import pytest

import affarsplan_data as ap
from affarsplan_data import project, regions
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, indicator
from affarsplan_data.pages import charts_across, charts_of_gaps, closing, definitions, equality
from affarsplan_data.pages.texts import Notice
from affarsplan_data.parameters import parameters
from affarsplan_data.plan import load_claims, load_plan

COUNTY = parameters("19", year=2026, data="edition")
EDUCATION, GROWTH = "postsecondary_3y_share", "brp_nominal_growth_10y"


def _page(id: str, region: str = "19"):
    return ap.page(id, region=region, year=2026, data="edition")


def _row(id: str, frame: pd.DataFrame | None = None) -> dict | None:
    values = indicator(id, data="edition")
    if frame is not None:
        values = IndicatorValues(values.indicator, frame, "edition")
    return charts_across._spine_row(values, "19", regions.counties())


def test_the_spine_shows_the_spread_of_the_counties_in_the_regions_newest_year():
    row = _row(EDUCATION)
    values = indicator(EDUCATION, data="edition")
    period = values.latest("19", "total")
    every = [values.value(code, period) for code in regions.counties()]
    assert row["value"] == values.value("19", period)
    assert row["reference"] == values.value("00", period)
    assert (row["lowest"], row["highest"]) == (min(every), max(every))
    assert row["lower_quartile"] == pytest.approx(pd.Series(every).quantile(0.25))
    assert (row["better"], row["certain"], row["ahead"]) == ("up", True, False)


def test_a_dot_is_not_certain_when_the_intervals_meet():
    frame = indicator(EDUCATION, data="edition").frame
    unsure = frame.assign(count=float("nan"), base=float("nan"), low=0.0, high=100.0)
    row = _row(EDUCATION, unsure)
    assert (row["certain"], row["ahead"]) == (False, False)


def test_too_few_counties_or_no_better_way_give_no_row():
    frame = indicator(EDUCATION, data="edition").frame
    assert _row(EDUCATION, frame[~frame["region"].isin(regions.counties()[:8])]) is None
    assert _row("manufacturing_share_daytime") is None
    assert _row("goods_exporting_firms") is None


def test_a_target_is_a_direction_only_when_all_are_on_one_side_of_it():
    gap = load_catalogue().indicator("median_income_gap")
    assert gap.target_band == (100, 100)
    assert charts_across._better(gap, pd.Series([80.0, 95.0])) == "up"
    assert charts_across._better(gap, pd.Series([105.0, 120.0])) == "down"
    assert charts_across._better(gap, pd.Series([95.0, 105.0])) is None


def test_the_spine_of_a_municipality_is_among_municipalities():
    shown = _page("oversikt", "1980").spine()
    assert isinstance(shown, Figure)
    assert "kommunerna" in shown.alt
    assert "Visas inte" in " ".join(shown.notes)


def test_groups_fall_back_to_women_and_men_and_name_what_lacks_them():
    shown = charts_across.groups_across([EDUCATION, "entrepreneur_rate"], COUNTY)
    assert list(shown.table) == ["Indikator", "Kvinnor", "Män"]
    assert "andel företagare av de sysselsatta" in shown.notes[0]
    none = charts_across.groups_across(["entrepreneur_rate"], COUNTY)
    assert isinstance(none, Notice)


def test_the_heat_table_has_every_municipality_and_the_printed_values():
    shown = charts_across.municipality_heat(["employment_rate_20_64", "entrepreneur_rate"], COUNTY)
    assert len(shown.table) == len(regions.municipalities("19")) + 2
    values = indicator("employment_rate_20_64", data="edition")
    shown_value = shown.table.set_index("Kommun").loc["Västerås"].iloc[0]
    assert f"{values.value('1980', '2024'):.1f}".replace(".", ",") in str(shown_value).replace(
        ".", ","
    )
    assert "andel företagare" in shown.notes[-1]


def test_figures_of_gaps_keep_their_kinds_apart():
    found = equality.gaps(COUNTY, equality.BY_SEX)
    shares = charts_of_gaps.points(found, equality.BY_SEX, COUNTY)
    amounts = charts_of_gaps.ratios(found, equality.BY_SEX, COUNTY)
    assert len(shares.table) + len(amounts.table) == len(found)
    assert not set(shares.table["Indikator"]) & set(amounts.table["Indikator"])
    assert "Skillnad, procentenheter" in shares.table
    assert "Kvinnor i procent av män" in amounts.table
    assert isinstance(charts_of_gaps.points([], equality.BY_BIRTH, COUNTY), Notice)


def test_womens_share_of_a_whole_is_counted_against_forty_to_sixty():
    shown = charts_of_gaps.women_shares(COUNTY)
    women = shown.table["Kvinnor"].astype(float)
    even = women.between(40, 60).sum()
    assert f"i {even} av {len(women)} helheter" in shown.title


def test_the_rest_of_a_whole_is_men_only_where_the_whole_is_women_and_men():
    table = charts_of_gaps.women_shares(COUNTY).table.set_index("Helhet").astype(float)
    led = table.filter(like="leds av kvinnor", axis="index").iloc[0]
    rest = "Män, övriga och okänt, inte uppdelat"
    assert pd.isna(led["Män"])
    assert led["Kvinnor"] + led[rest] == pytest.approx(100)
    unemployed = table.filter(like="arbetslösa", axis="index").iloc[0]
    assert unemployed["Kvinnor"] + unemployed["Män"] == pytest.approx(100)
    assert pd.isna(unemployed[rest])


def test_one_month_is_said_in_the_singular():
    items = [load_catalogue().indicator(id) for id in ("sickness_days", "employment_rate_20_64")]
    said = closing.section(items, COUNTY)._repr_html_()
    assert ">1 månad efter året" in said
    assert "11 månader efter året" in said


def test_every_rus_goal_is_answered_with_its_own_indicators():
    page = _page("rus-uppfoljning")
    plan = load_plan()
    assert set(page.about.answers) == set(page.about.goals) == {g.id for g in plan.rus_goals}
    assert len(page.opening.lines) == len(page.about.goals)
    for goal in plan.rus_goals:
        said = page.goal(goal.id)._repr_html_()
        assert goal.question in said
        assert "<li>" in said
        table = page.key_figures_of(goal.id)
        answered = (load_catalogue().indicator(id) for id in page.about.answers[goal.id])
        names = {i.name for i in (*load_catalogue().indicators_of(goal.id), *answered)}
        assert set(table.table["Indikator"]) == names
        assert table.name == f"nyckeltal-{goal.id.lower()}"


def test_the_claims_page_has_a_section_for_each_of_the_plans():
    page = _page("pastaenden")
    sections = sorted({claim.section for claim in load_claims()})
    said = "".join(page.chapter(section)._repr_html_() for section in sections)
    assert len(re.findall("<article", said)) == len(load_claims())
    assert len(page.opening.lines) == 3


def test_a_county_is_told_how_to_choose_a_municipality_and_a_municipality_is_not():
    county = _page("kommunprofil")
    assert 'region = "1904"' in county.opening.lines[0]
    assert len(county.chosen().table) == 10
    assert isinstance(county.development(), Notice)
    town = _page("kommunprofil", "1980")
    assert not any("region =" in line for line in town.opening.lines)
    assert "medianen bland lika stora kommuner" in town.opening.lines[0]
    assert len(town.chosen().table) == 20


def test_a_place_among_all_municipalities_is_said_on_both_sides():
    shown = _page("kommunprofil", "1904").place("employment_rate_20_64")
    assert re.search(r"högre än i \d+ och lägre än i \d+ av 289 andra kommuner", shown.title)
    missing = _page("kommunprofil", "1904").place("employment_gap_birth")
    assert isinstance(missing, Notice)


def test_quality_is_dated_only_where_the_day_matters():
    page = _page("revideringar")
    assert any(note.startswith("Läget den ") for note in page.freshness().notes)
    assert not any(note.startswith("Läget den ") for note in page.breaks().notes)
    assert isinstance(page.revisions(), Notice)
    assert len(page.missing().table) > 0


def test_every_page_of_its_own_class_is_defined():
    from affarsplan_data.pages.across import PAGES

    assert set(PAGES) <= set(definitions.definitions())


def test_a_value_without_rikets_has_no_place_where_riket_is_in_the_middle():
    shown = _page("oversikt", "19").spine()
    assert "Andel nystartade företag som leds av kvinnor" not in list(shown.table.iloc[:, 0])
    assert any("leds av kvinnor" in note for note in shown.notes)
    assert shown.table["Riket"].notna().all()


def test_what_a_notebook_shows_is_defined_at_the_end_of_its_page():
    known = set(load_catalogue().indicators.held)
    checked = 0
    for path in sorted(project.notebooks().glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        opened = re.search(r'ap\.page\(\s*"([\w-]+)"', code)
        if opened is None:
            continue
        defined = {about.id for about in _page(opened[1], "19")._items()}
        shown = set(re.findall(r'"([a-z0-9_]+)"', code)) & known
        if opened[1] == "kommunprofil":
            defined |= {about.id for about in _page(opened[1], "1980")._items()}
        assert shown <= defined, path.name
        checked += len(shown)
    assert checked > 100

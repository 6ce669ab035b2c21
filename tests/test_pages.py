"""Pages: parameters, scope, and that every figure of every notebook stands for any kind of region."""

import ast
import re
from datetime import date
from functools import cache

import nbformat
import pytest

import affarsplan_data as ap
from affarsplan_data import project, regions
from affarsplan_data.figures import Figure
from affarsplan_data.pages import Page
from affarsplan_data.pages.definitions import UnknownPageError, definitions
from affarsplan_data.pages.texts import Notice
from affarsplan_data.parameters import ParameterError, parameters
from affarsplan_data.regions import UnknownRegionError
from affarsplan_data.report.notebooks import find
from tests.keyfigure_cells import COMPARED

NOTEBOOKS = sorted(notebook.path for notebook in find(project.notebooks()))


def _calls(path) -> list[str]:
    cells = nbformat.read(path, as_version=4).cells
    return [c.source for c in cells if c.cell_type == "code" and c.source.startswith("page.")]


def _page_id(path) -> str:
    return nbformat.read(path, as_version=4).metadata["affarsplan"]["page"]


@cache
def _shown(path, region: str, year: int = 2026) -> list[object]:
    page = ap.page(_page_id(path), region=region, year=year)
    return [eval(call, {"page": page}) for call in _calls(path)]


NOT_WORDS = re.compile(r"\bnan\b|None|NaT|\binf\b|  |\(\)")


def _said(shown: object) -> str:
    """Everything a block says in words and numbers, without drawing its picture."""
    if isinstance(shown, Figure):
        cells = shown.table.astype(object).fillna("").astype(str).to_numpy().ravel()
        return "\n".join(
            [shown.title, shown.subtitle, shown.alt, shown.source, *shown.notes, *cells]
        )
    return re.sub(r"<[^>]+>", "\n", shown._repr_html_())


@pytest.mark.parametrize("region", ["19", "04", "1980", "0980", "09", "01", "2584", "0330"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_call_shows_a_figure_or_says_why_not(path, region):
    for shown in _shown(path, region):
        text = _said(shown)
        assert text.strip()
        assert not (found := NOT_WORDS.search(text)), (found, text[:300])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_municipality_alone_in_its_county_can_be_drawn(path):
    for shown in _shown(path, "0980"):
        if isinstance(shown, Figure):
            assert "<figure" in shown.html


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
@pytest.mark.parametrize("region", ["19", "1980"])
def test_figures_have_names_of_their_own_and_a_delmal_has_few(path, region):
    shown = _shown(path, region)
    names = [f.name for f in shown if isinstance(f, Figure)]
    assert len(set(names)) == len(names)
    if "delmal" in path.stem:
        # What the edition cannot draw says so in place.
        told = [f for f in shown if isinstance(f, Figure | Notice) and f is not shown[0]]
        assert 4 <= len(told) <= 9
        assert sum(isinstance(f, Figure) and f.chart is not None for f in told) <= 7


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_an_early_year_uses_nothing_later(path):
    for shown in _shown(path, "19", year=2018):
        if isinstance(shown, Figure):
            text = f"{shown.title} {shown.subtitle}"
            assert not re.search(r"\b20(19|2\d)\b", text), text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_are_thin(path):
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[0].source.startswith("# ")
    tagged = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    assert len(tagged) == 1
    names = [n.targets[0].id for n in ast.parse(tagged[0].source).body]
    assert names == ["region", "compare", "year", "base_year", "data"]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not cell.outputs or COMPARED in cell.metadata.get("tags", [])
            assert cell.execution_count is None
            assert len(cell.source.splitlines()) <= 15
            assert "def " not in cell.source


def test_a_municipality_is_told_what_exists_only_for_its_county():
    page = ap.page("rus-uppfoljning", region="1980")
    assert "Uppgiften finns inte för Västerås; Västmanlands län visas i stället" in (
        page.lines("brp_per_capita_index").subtitle
    )
    assert any("Västmanlands län" in line for line in page.opening.lines)


def test_a_region_without_figures_gets_a_sentence():
    shown = ap.page("delmal-05", region="2584").women_and_men("new_firms_per_1000_by_sex")
    assert isinstance(shown, Figure)
    shown = ap.page("oversikt", region="19", year=2005).lines("new_firms_per_1000")
    assert isinstance(shown, Notice)
    assert "2005" in shown.reason
    shown = ap.page("delmal-05", region="19").lines("employment_gap_birth")
    assert isinstance(shown, Notice)
    assert "TAB3200" in shown.reason


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_sources_are_told_for_readers_and_once(path):
    html = ap.page(_page_id(path), region="19", data="edition").sources().html
    tables = re.findall(r"<table[^>]*>.*?</table>", html, re.DOTALL)
    assert all(table.count('scope="col"') == 3 for table in tables)
    (sources,) = [table for table in tables if "<caption>Tabeller som sidan" in table]
    body = sources.split('<tr role="row">')[1:]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in body]
    told = [(source, version) for source, version, _ in rows]
    assert len(told) == len(set(told)) > 0
    assert not re.search(r"[0-9a-f]{12}|xn--|127\.0\.0\.1", html)
    defined = tables[0].split('<tr role="row">')[1:]
    definitions = [re.findall(r"<td[^>]*>(.*?)</td>", row)[0] for row in defined]
    assert definitions
    for text in definitions:
        assert not (found := re.search(r"[^.]\. [a-zåäö(]", text)), (found, text)


def test_the_opening_answers_with_value_distance_and_rank():
    lines = ap.page("rus-uppfoljning", region="19").opening.lines
    assert "plats 16 av 21 län" in lines[4]
    assert "högst i" in lines[3]


def test_a_region_outside_the_plan_is_told_so():
    assert ap.page("oversikt", region="1980").opening.remarks == ()
    (remark,) = ap.page("oversikt", region="04").opening.remarks
    assert remark.startswith("Affärsplan Västmanland 2030 gäller Västmanlands län.")
    assert "Södermanlands län" in remark


def test_comparison_groups_unfold_without_the_region_itself():
    assert parameters("19", ["00", "oms"]).peers == ("03", "04", "05", "18")
    assert parameters("04", ["00", "oms"]).peers == ("03", "05", "18", "19")
    assert parameters("1980", ["01"]).peers == ("01",)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"region": "00"}, "Riket"),
        ({"region": "19", "year": 1999}, "2005"),
        ({"region": "19", "year": 3000}, "2027"),
        ({"region": "19", "year": True}, "2005"),
        ({"region": "19", "data": "../x"}, "edition"),
        ({"region": "19", "compare": ["nosuch"]}, "oms"),
        ({"region": "19", "compare": ["19"]}, "sig själv"),
        ({"region": "19", "compare": "00"}, "lista"),
    ],
)
def test_wrong_parameters_are_refused_with_what_is_allowed(given, said):
    with pytest.raises(ParameterError, match=said):
        parameters(**given, today=date(2026, 11, 1))


def test_unknown_regions_and_pages_list_what_exists():
    with pytest.raises(UnknownRegionError, match="04 Södermanlands län"):
        ap.page("oversikt", region="99")
    with pytest.raises(UnknownRegionError, match="skriven som text"):
        ap.page("oversikt", region=19)
    with pytest.raises(UnknownPageError, match="delmal-05"):
        ap.page("delmal-55", region="19")


def test_every_notebook_has_a_page():
    assert {_page_id(path) for path in NOTEBOOKS} <= set(definitions())


def test_key_figures_never_show_a_rank_without_a_value():
    for id, about in definitions().items():
        if not about.goals and about.key_figures != "headline":
            continue
        table = ap.page(id, region="19").key_figures().table
        ranked = table[table["Placering"].astype(str).str.contains(" av ")]
        assert (ranked["Värde"] != "–").all()
        assert len(table) >= 4


def test_no_county_breaks_a_page():
    for code in regions.counties():
        page: Page = ap.page("oversikt", region=code)
        assert page.opening.lines
        assert len(page.key_figures().table)

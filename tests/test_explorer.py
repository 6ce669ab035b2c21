"""The explorer: what is picked, the code that gives it again, what is saved, and the controls."""

import re
import sys
from dataclasses import replace
from xml.sax.saxutils import quoteattr

import openpyxl
import pandas as pd
import pytest

import affarsplan_data as ap
from affarsplan_data import regions
from affarsplan_data.analysis import IndicatorView, forms
from affarsplan_data.analysis.asked import asked
from affarsplan_data.analysis.splits import SPLITS
from affarsplan_data.errors import AffarsplanError, UsageError
from affarsplan_data.explorer import Choice, explore, first_choice, options, save
from affarsplan_data.explorer.choice import Offer, fitted, offer
from affarsplan_data.explorer.opening import NEEDS_WIDGETS, Sentence
from affarsplan_data.explorer.saving import folder_for
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError
from affarsplan_data.pages import whence
from affarsplan_data.pages.whence import Whence
from affarsplan_data.parameters import ParameterError
from affarsplan_data.report import publish
from affarsplan_data.report.errors import PublishError
from affarsplan_data.report.excerpt import MARK

FIRST = Choice("brp_per_capita_index", "19", ("00", "oms"), data="edition")
BY_SEX = replace(FIRST, indicator="postsecondary_3y_share", split="sex")


def by_four_groups(region: str = "19") -> IndicatorView:
    """Return an indicator with all four groups in two years: SYNTETISKA TESTDATA."""
    values = ap.indicator("postsecondary_3y_share", region=region, data="edition").values
    total = values.frame[(values.frame["sex"] == "total") & (values.frame["birth"] == "total")]
    parts = [
        total.assign(sex=sex, birth=birth, value=total["value"] + 3 * place)
        for split in SPLITS.values()
        for place, (sex, birth) in enumerate(split)
    ]
    frame = pd.concat([total, *parts], ignore_index=True)
    made_up = IndicatorValues(values.indicator, frame, "edition")
    return IndicatorView(made_up, asked(region, None, None, "edition"))


# --- what is picked ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "choice",
    [
        FIRST,
        replace(FIRST, since=2012, year=2018, form="lines"),
        replace(FIRST, compare=(), form="bars"),
        replace(FIRST, region="04", compare=("00", "19"), form="lines", since=2015),
        BY_SEX,
        replace(BY_SEX, form="lines"),
        replace(BY_SEX, region="1980", compare=("1981", "00"), form="groups", year=2022),
        replace(FIRST, indicator="strength_area_lq", form="parts"),
        replace(FIRST, region="00", compare=("19",), data="newest"),
    ],
    ids=lambda choice: choice.call[13:90],
)
def test_the_code_gives_the_same_figure(choice):
    shown = choice.shown()
    assert shown.figure is not None, shown.message
    assert len(choice.call.splitlines()) == 1
    names: dict[str, object] = {}
    exec(choice.code.replace(choice.call, f"found = {choice.call}"), names)
    again = names["found"]
    assert again.to_payload() == shown.figure.to_payload()
    assert again.svg(680) == shown.figure.svg(680)


def test_other_choices_give_other_code_and_other_figures():
    years = replace(FIRST, since=2015).shown().figure
    assert years.table["År"].iloc[0].startswith("2015")
    assert FIRST.shown().figure.table["År"].iloc[0] == "2000"
    assert BY_SEX.shown().figure.table.columns.tolist() == ["Område", "Kvinnor", "Män"]
    lines = replace(BY_SEX, form="lines").shown().figure
    assert lines.table.columns.tolist() == ["År", "Kvinnor", "Män"]
    own = ap.indicator(BY_SEX.indicator, region="19", data="edition")
    women = own.value("19", "2022", sex="women")
    assert lines.table.set_index("År").loc["2022", "Kvinnor"] == pytest.approx(women)
    assert len({c.call for c in (FIRST, BY_SEX, replace(BY_SEX, form="lines"))}) == 3


def test_what_is_not_held_is_a_sentence_with_the_way_to_get_it():
    shown = replace(FIRST, indicator="employment_gap_birth").shown()
    assert shown.figure is None
    assert "TAB3200" in shown.message
    assert "affarsplan fetch" in shown.message
    assert offer(shown.choice) == Offer()
    town = replace(FIRST, region="1980", compare=(), form="lines").shown()
    assert town.figure is None
    assert "Västerås" in town.message


def test_only_what_there_are_figures_for_is_offered():
    held = offer(FIRST)
    assert held.forms == ("lines", "bars")
    assert held.splits == ()
    assert held.years[0] == 2005
    assert held.years[-1] == 2022
    assert offer(BY_SEX).splits == ("sex",)
    assert offer(BY_SEX).forms == ("lines", "groups")
    assert [value for _, value in options.form_options(held)] == ["", "lines", "bars"]
    assert options.split_options(offer(BY_SEX))[1] == ("Kvinnor och män", "sex")


def test_a_new_indicator_or_region_takes_away_what_it_cannot_show():
    other = fitted(replace(BY_SEX, indicator="brp_per_capita_index", form="groups", since=1999))
    assert (other.split, other.form, other.since) == (None, None, None)
    kept = fitted(replace(BY_SEX, form="lines", since=2018))
    assert (kept.split, kept.form, kept.since) == ("sex", "lines", 2018)
    assert fitted(replace(FIRST, region="00")).compare == ("oms",)


def test_every_indicator_of_the_edition_shows_a_figure_or_says_why_not():
    for id in ap.indicators(data="edition")["id"]:
        shown = fitted(replace(FIRST, indicator=id, region="1904", compare=("1980",))).shown()
        assert (shown.figure is None) == bool(shown.message), id


def test_names_to_pick_from():
    assert len(options.region_options()) == len(regions.all_regions())
    compare = options.compare_options("19")
    assert compare[0][1] == "oms"
    assert "19" not in dict(map(reversed, compare))
    assert [code for _, code in compare].index("1980") < [c for _, c in compare].index("0114")
    found = options.listed("företag kvinnor", "edition")
    assert "new_firms_women_share" in {id for _, id in found}
    every = options.listed("", "edition")
    lacking = [name.endswith("(uppgift saknas)") for name, _ in every]
    assert lacking == sorted(lacking)
    assert len(every) == len(ap.ids)


def test_the_first_choice_is_the_plans_region_and_an_indicator_with_figures():
    choice = first_choice(data="edition")
    assert choice.region == ap.load_plan().region
    assert choice.shown().figure is not None


# --- splits and years of a figure -------------------------------------------------------------------


def test_groups_of_people_by_birth_and_by_both():
    view = by_four_groups()
    assert view.splits() == ("sex", "birth", "both")
    birth = view.table("groups", split="birth")
    assert birth.columns.tolist() == ["Område", "Inrikes födda", "Utrikes födda"]
    lines = view.table("lines", split="birth")
    assert lines.columns.tolist() == ["År", "Inrikes födda", "Utrikes födda"]
    assert lines["Utrikes födda"].sub(lines["Inrikes födda"]).to_numpy() == pytest.approx(3.0)
    assert len(view.table(split="both").columns) == 5
    with pytest.raises(MissingIndicatorError, match="fyra grupper"):
        view.figure("lines", split="both")


@pytest.mark.parametrize(
    ("shown", "error", "hint"),
    [
        ({"split": "age"}, ParameterError, "sex, birth eller both"),
        ({"form": "pie"}, ParameterError, "lines, bars"),
        ({"form": "bars", "split": "sex"}, ParameterError, "lines eller groups"),
        ({"since": "2015"}, ParameterError, "årtal"),
        ({"since": True}, ParameterError, "årtal"),
        ({"since": 2023}, MissingIndicatorError, "till och med 2022 men inga från 2023"),
        ({"form": "lines", "split": "birth"}, MissingIndicatorError, "inrikes födda och utrikes"),
    ],
)
def test_what_cannot_be_shown_is_told(shown, error, hint):
    view = ap.indicator("postsecondary_3y_share", region="19", data="edition")
    with pytest.raises(error, match=hint):
        view.figure(shown.pop("form", None), **shown)


def test_forms_and_splits_have_names_for_readers():
    assert set(options._FORMS) == set(forms.FORMS)
    assert set(options._SPLITS) == set(SPLITS)


# --- saving -----------------------------------------------------------------------------------------


def test_what_is_shown_is_saved_with_sources_and_code(tmp_path):
    choice = replace(BY_SEX, form="groups")
    files = save(choice, tmp_path / "utdrag")
    assert sorted(path.suffix for path in files) == [
        ".csv",
        ".html",
        ".json",
        ".py",
        ".svg",
        ".xlsx",
    ]
    by_kind = {path.suffix: path for path in files}
    figure = choice.figure()
    source = figure.source.split(". ")[0]
    frame = pd.read_csv(by_kind[".csv"])
    pd.testing.assert_frame_equal(frame, figure.table, check_names=False)
    assert source in by_kind[".json"].read_text(encoding="utf-8")
    html = by_kind[".html"].read_text(encoding="utf-8")
    assert source in html
    assert html.count("<svg") == 2
    svg = by_kind[".svg"].read_text(encoding="utf-8")
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "ns0:" not in svg
    assert "Underlag: " in re.sub(r"<[^>]+>", "", svg.partition("</title>")[2])
    book = openpyxl.load_workbook(by_kind[".xlsx"])
    cover = "\n".join(str(c.value) for row in book["Om tabellerna"] for c in row if c.value)
    assert source in cover
    assert choice.call in cover
    names: dict[str, object] = {}
    exec(by_kind[".py"].read_text(encoding="utf-8"), names)
    assert choice.call in by_kind[".py"].read_text(encoding="utf-8")


def test_made_up_figures_say_so_in_every_file(tmp_path, monkeypatch):
    made_up = Whence(from_edition=False, made_up=True)
    monkeypatch.setattr(whence, "of_values", lambda values: made_up)
    for path in save(FIRST, tmp_path / "utdrag"):
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            for sheet in book:
                assert any("SYNTETISKA" in str(c.value) for row in sheet for c in row)
        elif path.name != MARK:
            assert "SYNTETISKA TESTDATA" in path.read_text(encoding="utf-8"), path.name


def test_an_earlier_excerpt_is_replaced_as_a_whole_and_other_folders_are_left(
    tmp_path, monkeypatch
):
    target = tmp_path / "utdrag"
    save(BY_SEX, target)
    save(FIRST, target)
    assert not list(target.glob("grupper*"))
    before = sorted(target.iterdir())

    def fails(path, to):
        raise OSError(28, "Disken är full")

    def never(path, to):
        return False

    real = publish.swap
    monkeypatch.setattr(
        "affarsplan_data.report.excerpt.swap", lambda place: real(place, fails, never)
    )
    with pytest.raises(PublishError, match="står kvar"):
        save(BY_SEX, target)
    assert sorted(target.iterdir()) == before
    assert not list(tmp_path.glob(".utdrag.building-*"))

    foreign = tmp_path / "eget"
    foreign.mkdir()
    (foreign / "viktigt.txt").write_text("spara", encoding="utf-8")
    with pytest.raises(PublishError, match="ingen mapp med ett utdrag"):
        save(FIRST, foreign)
    assert [path.name for path in foreign.iterdir()] == ["viktigt.txt"]


@pytest.mark.parametrize("folder", ["", "   ", "a\0b", "~ingen-sådan-användare/x"])
def test_a_folder_that_cannot_be_used_is_a_sentence(folder):
    with pytest.raises(AffarsplanError, match=r"Skriv vilken mapp|Kan inte skriva"):
        save(FIRST, folder)


def test_nothing_is_saved_when_nothing_is_shown(tmp_path):
    with pytest.raises(UsageError, match="TAB3200"):
        save(replace(FIRST, indicator="employment_gap_birth"), tmp_path / "utdrag")
    assert list(tmp_path.iterdir()) == []


def test_every_choice_has_a_folder_of_its_own():
    assert folder_for(FIRST).name == "brp-per-capita-index-19"
    assert folder_for(FIRST).parent.name == "utdrag"
    chosen = replace(BY_SEX, form="lines", since=2015, year=2020)
    assert folder_for(chosen).name == "postsecondary-3y-share-19-lines-sex-2015-2020"


# --- the controls -----------------------------------------------------------------------------------


@pytest.fixture
def explorer(monkeypatch):
    """The controls, with pictures that cost nothing: how a figure is drawn has tests of its own."""
    pytest.importorskip("ipywidgets", reason="ipywidgets behövs för reglagen")

    def drawn(self, width):
        look = f'role="img" aria-label={quoteattr(self.alt)} style="" width="{width}" height="9"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {look}><title>prov</title></svg>'

    monkeypatch.setattr(Figure, "svg", drawn)
    return ap.explore("brp_per_capita_index", region="19", data="edition")


def test_a_pick_changes_chart_table_and_code(explorer):
    before = explorer._figure.value, explorer._code.value
    assert "<svg" in before[0]
    assert "<table" in before[0]
    explorer._form.value = "bars"
    assert explorer.choice.form == "bars"
    assert explorer._figure.value != before[0]
    assert "figure(&quot;bars&quot;)" in explorer._code.value
    assert "staplar" in explorer._picked.value
    explorer._indicator.value = "treårig eftergymnasial"
    assert explorer.choice.indicator == "postsecondary_3y_share"
    assert explorer._indicator.value == ""
    assert explorer.choice.form == "bars"
    explorer._split.value = "sex"
    assert explorer.choice.form is None
    assert explorer.shown.figure.table.columns.tolist() == ["Område", "Kvinnor", "Män"]
    explorer._region.value = "västerås"
    assert explorer.shown.figure.table["Område"].iloc[0] == "Västerås"
    explorer._year.value = "2018"
    assert explorer.choice.year == 2018
    assert "i Västerås" in explorer._picked.value


def test_what_is_compared_with_is_added_and_taken_away(explorer):
    assert explorer.choice.compare == ("00", "oms")
    names = [button.description for button in explorer._compared.children]
    assert names == ["Ta bort riket", "Ta bort Östra Mellansverige"]
    explorer._compare.value = "Stockholms län (01)"
    assert explorer.choice.compare == ("00", "oms", "01")
    assert "Stockholm" in explorer.shown.figure.table.columns
    explorer._compare.value = "oms"
    assert explorer.choice.compare == ("00", "oms", "01")
    explorer._compared.children[1].click()
    assert explorer.choice.compare == ("00", "01")
    assert "Uppsala" not in explorer.shown.figure.table.columns


@pytest.mark.parametrize("field", ["indicator", "region", "compare"])
def test_a_search_that_finds_nothing_says_so_and_keeps_the_figure(explorer, field):
    control, before = getattr(explorer, f"_{field}"), explorer.choice
    control.value = "<b>zzz</b>"
    assert "&lt;b&gt;zzz" in explorer._message.value
    assert explorer.choice == before
    assert "<svg" in explorer._figure.value
    control.value = " "
    assert explorer.choice == before


@pytest.mark.parametrize("year", ["1066", "i fjol", "2022x"])
def test_a_year_without_figures_says_which_there_are(explorer, year):
    explorer._since.value = year
    assert "det finns 2005–2022" in explorer._message.value
    assert explorer.choice.since is None
    explorer._since.value = "2010"
    assert explorer.choice.since == 2010
    assert explorer._message.value == ""
    explorer._since.value = ""
    assert explorer.choice.since is None


def test_words_are_understood_as_names_codes_or_parts_of_them():
    regions_ = options.region_options()
    assert options.meant("19", regions_) == "19"
    assert options.meant("  VÄSTERÅS ", regions_) == "1980"
    assert options.meant("Sala", regions_) == "1981"
    assert options.meant("", regions_) is None
    assert options.meant("finns inte", regions_) is None
    assert options.indicator_meant("brp_per_capita_index", "edition") == "brp_per_capita_index"
    found = options.indicator_meant("TAB3200", "edition")
    assert found in ap.indicators("TAB3200", data="edition")["id"].tolist()


def test_what_is_not_held_takes_the_figure_away(explorer):
    explorer._indicator.value = "employment_gap_birth"
    assert "TAB3200" in explorer._message.value
    assert explorer._figure.value == ""
    assert explorer._button.disabled


def test_saving_by_the_button_names_the_folder_and_the_files(explorer, tmp_path):
    assert explorer._folder.value.endswith("brp-per-capita-index-19")
    explorer._folder.value = str(tmp_path / "ut & in")
    explorer._button.click()
    assert "ut &amp; in" in explorer._saved.value
    assert "linje-brp-per-capita-index.svg" in explorer._saved.value
    explorer._folder.value = ""
    explorer._button.click()
    assert "Skriv vilken mapp" in explorer._saved.value


def test_a_fault_in_the_program_leaves_no_old_figure_beside_the_new_choice(explorer, monkeypatch):
    def fails(self):
        raise ZeroDivisionError("<fel>")

    monkeypatch.setattr(Choice, "shown", fails)
    explorer._form.value = "bars"
    assert explorer._figure.value == ""
    assert "&lt;fel&gt;" in explorer._message.value
    monkeypatch.setattr("affarsplan_data.explorer.widgets.save", lambda *_: fails(None))
    explorer._button.click()
    assert "Inget sparades" in explorer._saved.value


def test_every_control_has_a_label(explorer):
    used = [explorer._indicator, explorer._region, explorer._compare, explorer._split]
    used += [explorer._form, explorer._since, explorer._year, explorer._folder, explorer._button]
    assert all(control.description for control in used)


def test_without_ipywidgets_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.delitem(sys.modules, "affarsplan_data.explorer.widgets", raising=False)
    found = ap.explore(region="19", data="edition")
    assert isinstance(found, Sentence)
    assert found.text == NEEDS_WIDGETS
    assert "pip install -e .[lab]" in found._repr_html_()


@pytest.mark.parametrize(
    ("asked_for", "hint"),
    [
        ({"id": "brp_per_capita_idx"}, "brp_per_capita_index"),
        ({"region": 19}, 'region="19"'),
        ({"region": "198"}, "1980"),
        ({"compare": "oms"}, "lista"),
        ({"compare": ["19"], "region": "19"}, "med sig själv"),
        ({"year": "i år"}, "årtal"),
        ({"data": "nytt"}, "newest eller edition"),
    ],
)
def test_what_cannot_be_used_is_a_sentence_in_place_of_the_controls(asked_for, hint):
    found = explore(**asked_for)
    assert isinstance(found, Sentence)
    assert hint in repr(found)
    assert "<p" in found._repr_html_()

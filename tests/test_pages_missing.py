"""What pages say of the edition and of what is missing: only what is true, once, for the reader.

Figures that are made up are SYNTETISKA TESTDATA.
"""

import re
from collections.abc import Mapping
from html import unescape
from importlib import import_module

import pandas as pd
import pytest

import affarsplan_data as ap
from affarsplan_data import observations
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.claims import judge_all, setting
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, described
from affarsplan_data.indicators.evaluate import COLUMNS, evaluated
from affarsplan_data.observations import SelectionError
from affarsplan_data.pages import (
    charts_by_group,
    charts_by_industry,
    claims_table,
    closing,
    forms,
    keyfigures,
    lacking,
    provenance,
    tables_of_quality,
)
from affarsplan_data.pages.scope import scope
from affarsplan_data.parameters import parameters
from affarsplan_data.report import render

CATALOGUE = load_catalogue()
EDITION = parameters("19", year=2026, data="edition")
NEWEST = parameters("19", year=2026)
EDUCATION = CATALOGUE.indicator("postsecondary_3y_share")
AGE = "I den inbyggda utgåvan är åldern 16–74 år."


def _row(region: str, value: float | None, **other: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(COLUMNS, "total")
    row |= {"region": region, "period": "2023", "value": value, "segment": 0, "status": ""}
    row |= dict.fromkeys(("low", "high", "count", "base"), float("nan"))
    row |= {"preliminary": False, "other_sources": "", "vintage": ""}
    return row | {"source": "påhittad", "table": "SYNTETISKA TESTDATA"} | other


def _values(id: str, *rows: Mapping[str, object]) -> IndicatorValues:
    frame = pd.DataFrame(list(rows), columns=[*COLUMNS]).astype({"value": float})
    return IndicatorValues(CATALOGUE.indicator(id), frame, "edition")


def _all_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observations, "rests_on_edition", lambda measure, data: False)
    archived = frozenset({"archive/scb/tab/2026"})
    monkeypatch.setattr(observations, "origins_in_use", lambda measure, data: archived)


def _text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))


# ---- The edition


def test_what_the_edition_has_is_said_only_where_its_figures_are_used(monkeypatch):
    assert described.definition(EDUCATION, "edition").endswith(AGE)
    assert AGE in described.limits(EDUCATION, "edition")
    assert AGE in _text(closing.limits([EDUCATION], EDITION).html)
    assert AGE in _text(closing.section([EDUCATION], NEWEST).html)
    _all_fetched(monkeypatch)
    for said in (
        described.definition(EDUCATION, "edition"),
        described.limits(EDUCATION, "edition"),
        closing.limits([EDUCATION], EDITION).html,
        closing.section([EDUCATION], NEWEST).html,
    ):
        assert "utgåva" not in said


def test_where_a_part_has_been_fetched_the_edition_is_said_to_be_the_rest(monkeypatch):
    monkeypatch.setattr(observations, "retrieved", lambda measure, data: ("SYNTETISKA TESTDATA",))
    assert described.limits(EDUCATION, "edition").endswith(
        "Där inget är hämtat: i den inbyggda utgåvan är åldern 16–74 år."
    )


def test_a_figures_note_tells_of_the_edition_only_when_it_is_used(monkeypatch):
    values = _values("women_share_by_industry", _row("00", 48.0, industry="A"))
    assert "bara riket 2016" in provenance.notes([values], ["00"])[0]
    _all_fetched(monkeypatch)
    assert "utgåva" not in provenance.notes([values], ["00"])[0]


def test_the_catalogue_tells_of_the_edition_in_its_own_field():
    for about in CATALOGUE.indicators.values():
        assert "utgåva" not in f"{about.definition} {about.does_not_show}", about.id
        assert "utgåva" not in about.model_dump_json(exclude={"in_edition", "missing_reason"}), (
            about.id
        )
        assert about.in_edition is None or about.in_edition.endswith("."), about.id


def test_tables_of_the_edition_are_no_source_when_none_of_their_figures_is_used(monkeypatch):
    rate = CATALOGUE.indicator("employment_rate_20_64")
    assert "som utgåvan saknar" in _text(closing.section([rate], NEWEST).html)
    _all_fetched(monkeypatch)
    assert "utgåva" not in closing.section([rate], NEWEST).html


def test_only_riket_is_said_where_no_county_has_the_industries():
    segregation = _values("gender_segregation_index_industry", _row("00", 20.0))
    rows = [_row("00", 48.0, industry=code) for code in ("A", "F")]
    own = [_row("19", 47.0, industry="A")]
    notes = []
    for held in (rows, [*rows, *own]):
        values = _values("women_share_by_industry", *held)
        drawn = charts_by_industry.women_share_by_industry(
            values, scope(values, EDITION), EDITION, segregation=segregation
        )
        notes.append(" ".join(drawn.notes))
    assert "finns inte per län i de uppgifter som används" in notes[0]
    assert "finns inte per län" not in notes[1]


# ---- Riket


@pytest.mark.parametrize("id", ["rd_share_of_brp", "ghg_intensity_brp"])
def test_why_riket_has_no_value_is_said_only_when_it_has_none(id, monkeypatch):
    counties = [_row("19", 2.0), _row("04", 3.0)]
    without, whole = _values(id, *counties), _values(id, *counties, _row("00", 2.5))
    for values, told in ((without, True), (whole, False)):
        assert ("Riket redovisas inte" in provenance.notes([values], ["19"])[0]) is told
        monkeypatch.setattr(closing, "read", lambda *_, held=values: held)
        monkeypatch.setattr(closing, "available", lambda *_: True)
        assert ("Riket redovisas inte" in closing.limits([values.indicator], EDITION).html) is told
    # A figure of a year in which riket has none says so, though another year has.
    early = _values(id, *counties, _row("00", 2.5, period="2021"))
    assert "Riket redovisas inte" in provenance.notes([early], ["19"], ["2023"])[0]


# ---- What is missing


def _lacking(monkeypatch, *rows: Mapping[str, object], id: str = "new_firms_per_1000") -> str:
    values = _values(id, *rows)
    monkeypatch.setattr(lacking, "read", lambda *_: values)
    return lacking.lacking(values.indicator, EDITION)


def test_an_indicator_without_a_figure_for_the_region_is_missing_though_others_have_one(
    monkeypatch,
):
    start = "Ingen uppgift att visa för Västmanlands län till och med 2026"
    assert _lacking(monkeypatch, _row("19", 1.0)) == ""
    assert _lacking(monkeypatch, _row("19", None)) == f"{start}."
    assert _lacking(monkeypatch, _row("04", 1.0)) == f"{start}, men för ett annat län."
    assert _lacking(monkeypatch, _row("04", 1.0), _row("03", 1.0), _row("00", 1.0)) == (
        f"{start}, men för riket och 2 andra län."
    )
    assert _lacking(monkeypatch, _row("1980", 1.0), _row("00", 1.0)) == (
        f"{start}, men för 1 av länets 10 kommuner och riket."
    )
    one_sex = _row("19", 1.0, sex="women")
    assert _lacking(monkeypatch, one_sex) == ""


def test_everything_is_said_to_be_there_only_when_it_is(monkeypatch):
    items = [
        CATALOGUE.indicator("new_firms_per_1000"),
        CATALOGUE.indicator("new_firms_women_share"),
    ]
    monkeypatch.setattr(lacking, "read", lambda id, given: _values(id, _row("19", 1.0)))
    assert "Alla sidans indikatorer har uppgift för Västmanlands län" in (
        closing.limits(items, EDITION).html
    )
    monkeypatch.setattr(lacking, "read", lambda id, given: _values(id, _row("04", 1.0)))
    said = closing.limits(items, EDITION).html
    assert "Alla sidans indikatorer" not in said
    # Those that are missing for one reason are named together.
    assert said.count("men för ett annat län") == 1


def test_names_with_a_comma_of_their_own_do_not_run_into_each_other():
    ids = ("growth_willingness_share", "growth_willingness_by_leader")
    said = closing.limits([CATALOGUE.indicator(id) for id in ids], EDITION).html
    assert "som vill växa; andel små och medelstora företag som vill växa, efter ledarens" in said


def test_the_headline_of_the_update_calendar_counts_what_the_key_figures_show():
    headline = [about for about in CATALOGUE.indicators.values() if about.headline]
    table = keyfigures.table(headline, EDITION).set_index("Indikator")
    shown = int((table.drop(columns="Anmärkning") != "–").any(axis=1).sum())
    bare = sum(bool(lacking.lacking(about, EDITION)) for about in headline)
    inside = int(table["Anmärkning"].str.contains("länet saknas|bara för riket").sum())
    title = tables_of_quality.update_calendar(headline, EDITION).title
    assert title.startswith(
        f"{len(headline) - bare} av {len(headline)} huvudindikatorer har uppgift för Västmanlands län"
    )
    assert len(headline) - bare == shown - inside


def test_the_claims_page_tells_of_the_indicators_that_its_claims_lack():
    judged = judge_all(setting("19", 2026, "edition"))
    wanted = {about.id for about in claims_table.wanted(judged)}
    assert wanted > {about.id for about in claims_table.indicators(judged)}
    said = ap.page("pastaenden", region="19", year=2026, data="edition").limits().html
    assert "Alla sidans indikatorer" not in said
    assert CATALOGUE.indicator("business_climate_sn").name in said.split("Det här saknas")[1]


def test_what_has_not_been_fetched_is_named_where_the_rest_has(monkeypatch):
    about = CATALOGUE.indicator("net_domestic_migration_20_39")
    assert described.why_missing(about, "newest") == about.missing_reason
    monkeypatch.setattr(
        observations, "retrieved", lambda measure, data: () if "migration" in measure else ("x",)
    )
    assert described.why_missing(about, "newest").removeprefix(f"{about.missing_reason} ") == (
        "Av det som behövs saknas ännu inrikes inflyttade och inrikes utflyttade."
    )


def test_figures_without_the_division_that_is_needed_are_told_without_codes(monkeypatch):
    def refused(*_):
        raise SelectionError("Måttet grp har inte category = x.")

    monkeypatch.setattr(import_module("affarsplan_data.indicators.evaluate"), "_computed", refused)
    about = CATALOGUE.indicator("net_enterprise_entry_rate").model_copy(update={"noun": "prov"})
    with pytest.raises(MissingIndicatorError) as error:
        evaluated(about, "edition")
    assert "category" not in error.value.reason
    assert "category" in str(error.value)


# ---- Notices in figures' places


@pytest.mark.parametrize("about", CATALOGUE.indicators.values(), ids=lambda about: about.id)
def test_a_reader_is_not_told_what_to_do(about):
    told = f"{about.missing_reason or ''} {about.does_not_show} {about.definition}"
    for words in ("mallen", "data/raw", "affarsplan ", "Leverera", "Be om", "Visa "):
        assert words not in told, told


def test_a_page_says_why_and_leaves_the_command_to_the_error():
    page = ap.page("delmal-05", region="19", data="edition")
    shown = page.lines("employment_gap_birth")
    assert "TAB3200" in shown._repr_html_()
    assert "affarsplan fetch" not in shown._repr_html_()
    assert "affarsplan fetch" in shown.ways
    with pytest.raises(MissingIndicatorError, match="affarsplan fetch"):
        ap.indicator("employment_gap_birth", data="edition")


def test_indicators_that_are_missing_for_one_reason_are_named_together_once():
    page = ap.page("delmal-07", region="19", data="edition")
    one = page.ranked("goods_export_per_capita")
    both = page.two_values("goods_export_per_capita", other="services_export_per_capita")
    assert both.reason.startswith("Varuexport per invånare och tjänsteexport per invånare saknas: ")
    assert both.reason.split(": ")[1] == one.reason.split(": ")[1]
    errors = [MissingIndicatorError("Uppgiften saknas.")] * 2
    assert forms.together(errors) == ["Uppgiften saknas."]


def test_a_figure_that_another_indicator_stops_says_so():
    page = ap.page("delmal-10", region="19", data="edition")
    shown = page.growth_of_special("strength_area_lq", growth="strength_area_employment_index")
    own = CATALOGUE.indicator("strength_area_lq").name
    other = CATALOGUE.indicator("strength_area_employment_index").name
    assert shown.reason.startswith(f"{own} visas inte här")
    assert f"{other} saknas" in shown.reason


def test_a_missing_figure_is_told_by_the_indicators_full_name():
    page = ap.page("delmal-02", region="04", data="edition")
    shown = page.lines("rd_share_of_brp")
    name = CATALOGUE.indicator("rd_share_of_brp").name
    assert shown.reason == f"{name}: uppgift saknas för Södermanlands län till och med 2026."


def test_the_same_notice_twice_in_a_row_is_shown_once():
    def block(text: str, kind: str = "html") -> render.Block:
        html = f'<p class="ap-notice ap-missing">{text}</p>' if kind == "html" else text
        return render.Block(kind, html)

    code, heading = block("kod", "code"), render.Block("html", "<h2>Rubrik</h2>")
    blocks = [block("A"), code, block("A"), code, block("B"), heading, block("B"), heading, heading]
    assert list(render._said_once(blocks)) == [*blocks[:2], *blocks[3:]]


# ---- Groups


def test_a_region_with_one_sex_is_said_to_lack_the_other_alone():
    sexes = {"1980": (8.0, 12.0), "1981": (7.0, None), "1982": (None, 9.0), "1983": (6.0, 7.0)}
    rows = [
        _row(code, value, sex=sex)
        for code, pair in sexes.items()
        for sex, value in zip(("women", "men"), pair, strict=True)
    ]
    values = _values("entrepreneur_rate", *rows)
    drawn = charts_by_group.women_and_men(values, scope(values, EDITION), EDITION)
    said = " ".join(drawn.notes)
    assert "Uppgift för män saknas för Sala." in said
    assert "Uppgift för kvinnor saknas för Fagersta." in said
    nobody = next(note for note in drawn.notes if note.startswith("Uppgift saknas för "))
    assert not any(name in nobody for name in ("Sala", "Fagersta", "Västerås", "Köping"))

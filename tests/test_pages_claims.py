"""The claims as a page shows them: every one of them, the plan's years before today, nothing lost."""

import re

import pytest

from affarsplan_data.claims import Outcome, Verdict
from affarsplan_data.errors import UsageError
from affarsplan_data.figures import Figure
from affarsplan_data.pages import charts_of_claims, claims_table
from affarsplan_data.pages.texts import Notice
from affarsplan_data.parameters import parameters
from affarsplan_data.plan import load_claims

GIVEN = parameters("19", year=2026, data="edition")
_SURE = (Outcome.HOLDS, Outcome.FAILS)


@pytest.fixture(scope="module")
def judged():
    return claims_table.judgements(GIVEN)


def _text(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def test_every_claim_stands_once_in_the_table_and_once_in_its_chapter(judged):
    table = claims_table.table(judged)
    assert [text[:3] for text in table["Påstående"]] == [claim.id for claim in load_claims()]
    blocks = [
        claims_table.in_chapter(judged, section, GIVEN).html
        for section in claims_table.chapters(judged)
    ]
    found = re.findall(r'<h3 id="[^"]+">(C\d\d)\.', "".join(blocks))
    assert sorted(found) == [claim.id for claim in load_claims()]


def test_the_counts_add_up_by_chapter_and_verdict(judged):
    counts = claims_table.counts(judged).set_index("Avsnitt")
    parts = counts.drop(index="Alla")
    assert (parts.sum() == counts.loc["Alla"]).all()
    assert (counts.drop(columns="Påståenden").sum(axis=1) == counts["Påståenden"]).all()
    assert counts.loc["Alla", "Påståenden"] == len(judged)
    supported = claims_table.heading(Verdict.SUPPORTED)
    assert counts.loc["Alla", supported] == sum(one.verdict == "stöds" for one in judged)


def test_the_plans_own_year_stands_before_today(judged):
    one = next(j for j in judged if j.claim.id == "C09")
    html = claims_table.block(one)
    assert html.index("Planens år, 2017") < html.index("Senaste uppgifter, 2021")
    row = claims_table.table(judged).set_index("Avsnitt").iloc[8]
    assert row["Planens år"] == "2017: stöds"
    assert row["Senast"] == "2021: stöds inte"
    assert list(claims_table.table(judged))[2:4] == ["Planens år", "Senast"]


def test_a_claim_says_why_it_is_not_decided_and_how_it_would_fall_otherwise(judged):
    by_id = {one.claim.id: one for one in judged}
    assert "Växthusgasutsläpp i länet saknas" in _text(claims_table.block(by_id["C01"]))
    said = _text(claims_table.block(by_id["C10"]))
    assert "Med andra val" in said
    assert "Tre platser upp eller ned: planens år: stöds; senast: stöds delvis." in said
    assert by_id["C03"].claim.limits in _text(claims_table.block(by_id["C03"]))


def test_the_answer_counts_and_names_those_that_no_longer_hold(judged):
    lines = claims_table.answer(judged)
    assert lines[0].startswith("Av planens 47 påståenden stöds 6 av de senaste uppgifterna")
    assert "C09 och C10 stämde för planens år" in lines[2]
    tried = [one for one in judged if one.anchor and one.anchor.verdict != Verdict.UNDECIDED]
    assert 0 < len(tried) < sum(one.anchor is not None for one in judged)
    assert lines[1].startswith(f"{len(tried)} påståenden kan prövas för planens egna år;")


def test_texts_are_escaped_and_an_unknown_chapter_is_refused(judged):
    claim = judged[0].claim.model_copy(update={"about": "<script>x</script>"})
    other = type(judged[0])(claim, Verdict.UNDECIDED, reason="a < b")
    html = claims_table.block(other)
    assert "<script>" not in html
    assert "a &lt; b" in html
    with pytest.raises(UsageError, match=r"2\.1, 2\.2"):
        claims_table.in_chapter(judged, "9.9", GIVEN)


def test_another_county_and_a_municipality_are_told_what_the_claims_are_about():
    other = parameters("04", year=2026, data="edition")
    figure = claims_table.summary_figure(claims_table.judgements(other), other)
    assert "som planen inte uttalar sig om" in figure.subtitle
    inside = parameters("1980", year=2026, data="edition")
    figure = claims_table.table_figure(claims_table.judgements(inside), inside)
    assert "Påståendena gäller länet, inte Västerås." in figure.subtitle


def test_distances_are_told_for_what_is_tested_against_a_number_and_signed_by_what_is_claimed(
    judged,
):
    figure = charts_of_claims.distances(judged, GIVEN)
    assert isinstance(figure, Figure)
    by_id = {text[:3]: value for text, value in figure.table.iloc[:, :2].itertuples(index=False)}
    margins = {
        one.claim.id: finding.margin.value
        for one in judged
        if one.now
        for finding in one.now.findings
        if finding.margin
    }
    assert {id: by_id[id] for id in margins} == margins
    # The verdict and the side agree wherever the claim has this one condition alone.
    for one in judged:
        findings = one.now.findings if one.now else ()
        if len(findings) == 1 and findings[0].margin and findings[0].outcome in _SURE:
            assert (findings[0].margin.value > 0) == (findings[0].outcome == Outcome.HOLDS)
    last = figure.table.iloc[-1]
    assert (last["Påstående"], last.iloc[1]) == ("det som prövas", 0)
    assert str(len(margins)) in figure.title
    assert "standardavvikelser" in figure.svg(680)


def test_without_figures_the_place_of_the_distances_says_so(judged):
    none = [one for one in judged if not (one.now and any(f.margin for f in one.now.findings))]
    shown = charts_of_claims.distances(none, GIVEN)
    assert isinstance(shown, Notice)
    assert "2026" in shown.reason

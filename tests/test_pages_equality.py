"""Gaps between groups: compared in their own terms, certain or not, closed on which side."""

import pytest

import affarsplan_data as ap
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.indicators import indicator, sentences
from affarsplan_data.pages import equality
from affarsplan_data.parameters import parameters
from affarsplan_data.statistics import GapVerdict

COUNTY = parameters("19", year=2026, data="edition")
TOWN = parameters("1980", year=2026, data="edition")


@pytest.fixture(scope="module")
def by_sex():
    return equality.gaps(TOWN, equality.BY_SEX)


def _of(found, id):
    return next(gap for gap in found if gap.about.id == id)


def test_a_gap_is_points_for_a_share_and_a_ratio_for_an_amount(by_sex):
    share = _of(by_sex, "postsecondary_3y_share")
    values = indicator("postsecondary_3y_share", data="edition")
    women, men = (values.value("1980", share.period, sex=sex) for sex in ("women", "men"))
    assert (share.kind, share.size) == ("points", pytest.approx(women - men))
    income = _of(by_sex, "median_income")
    values = indicator("median_income", data="edition")
    women, men = (values.value("1980", income.period, sex=sex) for sex in ("women", "men"))
    assert (income.kind, income.size) == ("ratio", pytest.approx(100 * women / men))
    assert income.distance == pytest.approx(100 - income.size)


def test_kinds_are_never_mixed_and_the_largest_comes_first_in_each(by_sex):
    kinds = [gap.kind for gap in by_sex]
    assert kinds == sorted(kinds)
    for kind in set(kinds):
        sizes = [gap.distance for gap in by_sex if gap.kind == kind]
        assert sizes == sorted(sizes, reverse=True)
        units = {gap.about.unit for gap in by_sex if gap.kind == kind}
        assert (units == {"procent"}) == (kind == "points")


def test_what_compares_groups_already_or_has_no_common_base_is_left_out():
    for id in (
        "median_income_gap",
        "employment_gap_sex",
        "entrepreneurs_women_share",
        "employed_daytime_index",
        "ict_workforce_diversity",
        "new_firms_by_leader",
        "net_domestic_migration_20_39",
    ):
        assert not equality.comparable(load_catalogue().indicator(id)), id
    assert equality.comparable(load_catalogue().indicator("employment_rate_20_64"))


def test_a_gap_that_narrowed_says_from_which_side(by_sex):
    gap = _of(by_sex, "employment_rate_rams_20_64")
    assert gap.change.verdict is GapVerdict.CLOSED_UPWARDS
    assert gap.change.found.start == "2011"
    table = equality.changes(by_sex, "1980").set_index("Indikator")
    row = table.loc["Förvärvsfrekvens 20–64 år (RAMS)"]
    assert row["Skillnaden har"] == "minskat"
    assert row["Hur"] == "uppåt: den lägre gruppen har stigit"


def test_an_amounts_gap_closes_or_widens_in_percent_and_not_in_kronor(by_sex):
    gap = _of(by_sex, "median_income")
    told = equality.development(gap)
    assert abs(gap.change.found.end_gap) > abs(gap.change.found.start_gap)
    values = indicator("median_income", data="edition")
    found = gap.change.found
    for year, said in ((found.start, told.before), (found.end, told.after)):
        women, men = (values.value("1980", year, sex=sex) for sex in ("women", "men"))
        assert said == f"{round(100 * women / men)}\u00a0procent"
    assert told.moved == "minskat"
    assert "Medianinkomst 20–64 år" in set(equality.changes(by_sex, "1980")["Indikator"])


def test_the_ways_that_gaps_closed_add_up_to_the_closed(by_sex):
    closed = [equality.Development("", "", "minskat", how) for how in equality._COUNTED]
    told = iter([*closed, equality.Development("", "", "ökat", "")])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(equality, "development", lambda gap: next(told))
        said = equality.answer([by_sex[0]] * (len(closed) + 1), [])[-1]
    assert said.startswith("Av 6 skillnader med jämförbara år har 5 minskat (1 uppåt, genom att")
    assert "har stigit; 1 nedåt, genom att den högre gruppen har sjunkit; 1 från båda håll;" in said
    assert ", och 1 i belopp eller tal, räknat i procent) och 1 ökat." in said


def test_the_lead_and_the_table_count_the_same_gaps():
    page = ap.page("jamstalldhet-mangfald", region="19", year=2026, data="edition")
    assert page.opening.lines[-1] == page.gap_changes().title


def test_the_development_starts_after_the_break(by_sex):
    gap = _of(by_sex, "employment_rate_rams_20_64")
    values = indicator("employment_rate_rams_20_64", data="edition")
    segments = values.series("1980", sex="women").set_index("period")["segment"]
    assert segments["2010"] != segments["2011"] == segments[gap.period]


def test_a_figure_of_another_place_is_said_to_be_so():
    found = equality.gaps(COUNTY, equality.BY_SEX)
    labels = [equality.label(gap, "19") for gap in found]
    assert "Öppet arbetslösa, andel av befolkningen (riket)" in labels
    inside = [equality.label(gap, "1980") for gap in equality.gaps(TOWN, equality.BY_SEX)]
    assert "Arbetslöshet enligt AKU (Västmanlands län)" in inside


def test_an_unsure_gap_is_neither_certain_nor_the_largest():
    found = equality.gaps(COUNTY, equality.BY_SEX)
    survey = _of(found, "unemployment_rate_lfs")
    assert not survey.certain
    lines = equality.answer([survey], [])
    assert not any("störst" in line for line in lines)


def test_the_largest_gap_names_both_groups(by_sex):
    income = _of(by_sex, "median_income")
    said = equality.largest([income], "ratio")
    women, men = (sentences.amount(value, income.about) for value in (income.one, income.other))
    assert f"{women} bland kvinnor och {men} bland män i Västerås" in said


def test_the_answer_counts_the_closed_and_the_widened(by_sex):
    said = equality.answer(by_sex, [])[-1]
    assert said.startswith("Av 4 skillnader med jämförbara år har 2 minskat (1 uppåt")
    assert "1 ökat; för 1 går ingen säker förändring att se" in said
    assert "har två jämförbara år" in equality.answer([], [])[-1]


def test_what_has_no_split_is_listed_with_the_reason():
    table = equality.without_split("edition").set_index("Indikator")
    catalogue = load_catalogue()
    both = table.loc[catalogue.indicator("brp_per_capita").name]
    assert set(both[["Kvinnor och män", "Inrikes och utrikes födda"]]) == {
        "finns inte i statistiken"
    }
    rate = table.loc[catalogue.indicator("employment_rate_20_64").name]
    assert rate["Kvinnor och män"].startswith("finns hos källan, men inte")
    income = table.loc[catalogue.indicator("median_income").name]
    assert income["Kvinnor och män"] == "finns"
    assert income["Inrikes och utrikes födda"] == "finns inte i statistiken"
    gap = catalogue.indicator("employment_gap_sex").name
    assert table.loc[gap, "Kvinnor och män"].startswith("finns hos källan")

"""A municipality beside its county, riket and those of its size: openly chosen, never one exact place."""

import math

import pandas as pd
import pytest

from affarsplan_data import observations, regions
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.indicators import IndicatorValues, indicator
from affarsplan_data.pages import profile
from affarsplan_data.parameters import parameters

TOWN = parameters("1980", year=2026, data="edition")


def test_the_size_group_is_the_nearest_by_population():
    group = profile.size_group("1904", 2026, "edition")
    frame = observations.load("population", sex="total", birth="total", age="total", data="edition")
    people = frame[frame["period"] == group.period].set_index("region")["value"]
    people = people[people.index.isin(regions.municipalities())]
    apart = {
        code: abs(math.log(people[code] / people["1904"]))
        for code in people.index
        if code != "1904"
    }
    assert len(group.codes) == profile.SIZE
    assert "1904" not in group.codes
    assert max(apart[code] for code in group.codes) <= min(
        far for code, far in apart.items() if code not in group.codes
    )
    assert (group.smallest, group.largest) == (people[group.codes[0]], people[group.codes[-1]])
    assert group.said.startswith("Lika stora kommuner är de 20 kommuner vars folkmängd")


def test_the_group_uses_nothing_later_than_the_year():
    assert profile.size_group("1980", 2018, "edition").period <= "2018"


def test_the_median_is_of_the_size_group_and_needs_enough_values():
    group = profile.size_group("1980", 2026, "edition")
    values = indicator("employment_rate_20_64", data="edition")
    known = [values.value(code, "2024") for code in group.codes]
    by_hand = pd.Series(known).dropna().median()
    row = profile.row(values, TOWN, group)
    assert row["Lika stora kommuner, median"].startswith(f"{by_hand:.1f}".replace(".", ","))
    few = IndicatorValues(
        values.indicator, values.frame[~values.frame["region"].isin(group.codes[:15])], "edition"
    )
    assert profile.row(few, TOWN, group)["Lika stora kommuner, median"] is None


def test_places_are_counts_on_both_sides_and_keep_to_intervals():
    values = indicator("employment_rate_20_64", data="edition")
    frame = values.frame[values.frame["period"] == "2024"].set_index("region")["value"].round(1)
    frame = frame[frame.index.isin(regions.municipalities())]
    above, below = (frame < frame["1980"]).sum(), (frame > frame["1980"]).sum()
    assert profile.among_all(values, "1980", "2024") == (
        f"högre än i {above} och lägre än i {below} av {len(frame) - 1}"
    )
    shares = indicator("postsecondary_3y_share", data="edition")
    assert profile.among_all(shares, "1980", "2022").startswith("säkert högre än i ")
    wide = shares.frame.assign(low=0.0, high=100.0)
    unsure = IndicatorValues(shares.indicator, wide, "edition")
    assert "säkert högre än i 0 och säkert lägre än i 0" in profile.among_all(
        unsure, "1980", "2022"
    )


def test_every_municipal_figure_has_a_row_with_county_and_country():
    group = profile.size_group("1980", 2026, "edition")
    table = profile.table(profile.held("1980", TOWN), TOWN, group).set_index("Indikator")
    row = table.loc[load_catalogue().indicator("postsecondary_3y_share").name]
    values = indicator("postsecondary_3y_share", data="edition")
    for heading, code in (("Västerås", "1980"), ("Västmanlands län", "19"), ("Riket", "00")):
        shown = f"{values.value(code, row['År'][:4]):.1f}".replace(".", ",")
        assert row[heading].startswith(shown), heading
    assert row["Kvinnor"]
    assert row["Män"]
    assert len(table) == len(profile.held("1980", TOWN))


def test_the_development_never_crosses_a_break():
    used = profile.held("1980", TOWN)
    table = profile.development(used, TOWN).set_index("Indikator")
    rams = table.loc[load_catalogue().indicator("employment_rate_rams_20_64").name]
    assert rams["Från"].startswith("2011:")
    assert not (table["Trend"] == "ett enda år").any()


@pytest.mark.parametrize("code", ["0980", "2584", "0330", "0117"])
def test_any_municipality_has_a_profile(code):
    given = parameters(code, year=2026, data="edition")
    group = profile.size_group(code, 2026, "edition")
    table = profile.table(profile.held(code, given), given, group)
    assert len(table) >= 8
    assert (
        not table.astype(str).apply(lambda column: column.str.contains("nan|None")).any(axis=None)
    )

"""Whom a region is compared with: the plan's group for its members, else the region's own riksområde."""

import pandas as pd
import pytest

import affarsplan_data as ap
from affarsplan_data import regions
from affarsplan_data.indicators import indicator
from affarsplan_data.pages import peers
from affarsplan_data.parameters import PeerGroup, parameters
from affarsplan_data.plan import load_plan
from affarsplan_data.regions.nuts2 import areas, nuts2


def test_every_county_lies_in_one_riksomrade():
    listed = [code for area in areas() for code in area.counties]
    assert sorted(listed) == list(regions.counties())
    assert [area.code for area in areas()] == [
        *("SE11", "SE12", "SE21", "SE22", "SE23", "SE31", "SE32", "SE33")
    ]


def test_the_plans_group_is_its_riksomrade():
    group = load_plan().comparison_group("oms")
    assert set(group.counties) == set(nuts2("19").counties)
    assert nuts2("1980") == nuts2("19")


@pytest.mark.parametrize("region", ["19", "04", "1980"])
def test_a_member_is_compared_with_the_plans_group(region):
    given = parameters(region, ["00", "oms"])
    assert given.replaced == ""
    assert given.group == PeerGroup("Östra Mellansverige", ("03", "04", "05", "18", "19"))


@pytest.mark.parametrize(
    ("region", "others"), [("25", ("24",)), ("2584", ("24",)), ("12", ("10",))]
)
def test_others_are_compared_with_their_own_riksomrade_and_told_so(region, others):
    given = parameters(region, ["00", "oms"])
    assert given.peers == others
    assert given.compared == ("riket", nuts2(region).name)
    assert "hör inte till Östra Mellansverige" in given.replaced
    assert nuts2(region).code in given.replaced
    assert given.replaced in ap.page("oversikt", region=region).opening.remarks


def test_a_county_alone_in_its_riksomrade_has_nobody_to_be_compared_with():
    given = parameters("01", ["00", "oms"])
    assert given.peers == ()
    assert "inga grannlän" in given.replaced
    assert "Stockholm" not in ap.page("oversikt", region="01").key_figures().table.columns


def test_no_group_is_made_up_when_none_is_asked_for():
    given = parameters("25", ["00", "24"])
    assert given.group is None
    assert given.replaced == ""
    assert given.compared == ("riket", "Västerbottens län")


def test_a_groups_share_is_counted_from_the_numbers_behind_it():
    values = indicator("postsecondary_3y_share", data="edition")
    group = parameters("19").group
    assert group is not None
    period = values.latest("19", "total")
    rows = pd.DataFrame([values.row(code, period) for code in group.counties])
    found = peers.group_figure(values, group, period)
    assert found is not None
    assert found.value == pytest.approx(100 * rows["count"].sum() / rows["base"].sum())
    assert rows["value"].min() < found.value < rows["value"].max()
    assert found.value != pytest.approx(rows["value"].mean(), abs=0.05)


def test_figures_that_cannot_be_added_are_told_as_a_range():
    values = indicator("brp_per_capita_index", data="edition")
    group = parameters("19").group
    assert group is not None
    found = peers.group_figure(values, group, "2021")
    assert found is not None
    assert found.value is None
    assert peers.group_cell(values, group, "2021") == "73–94"


def test_a_county_without_a_value_keeps_the_group_from_being_added():
    values = indicator("postsecondary_3y_share", data="edition")
    period = values.latest("19", "total")
    frame = values.frame.copy()
    frame.loc[(frame["region"] == "03") & (frame["sex"] == "total"), "value"] = float("nan")
    cut = type(values)(values.indicator, frame, values.data)
    group = parameters("19").group
    assert group is not None
    assert peers.group_cell(cut, group, period).endswith("(4 av 5 län)")

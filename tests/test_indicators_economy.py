"""Economy and industry: real growth, gaps to riket taken apart, change by shift-share, quotients.

Anchors are published figures of the edition; all other figures are made up: SYNTETISKA TESTDATA.
"""

import math
import random
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from affarsplan_data import statistics
from affarsplan_data.catalogue import FORMULAS, load_catalogue
from affarsplan_data.indicators import MissingIndicatorError, evaluate, indicator
from affarsplan_data.indicators.formulas import evaluate as formula
from affarsplan_data.indicators.inputs import META
from affarsplan_data.indicators.used import used
from affarsplan_data.observations import load

ABOUT: dict[str, Any] = dict.fromkeys(
    ("source", "table", "vintage", "status"), "SYNTETISKA TESTDATA"
)
TOTALS = dict.fromkeys(("sex", "birth", "age", "industry", "category"), "total")


def figures(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return an input: region 19 and 2024 where nothing else is said."""
    return pd.DataFrame(
        [
            {"region": "19", "period": "2024", "segment": 0, "preliminary": False, **ABOUT} | row
            for row in rows
        ]
    )


def yearly(values: dict[int, float], region: str = "19", **more: Any) -> list[dict[str, Any]]:
    return [{"region": region, "period": str(y), "value": v, **more} for y, v in values.items()]


# ---- Published anchors.


APART = {"01": 6, "03": 10.5, "04": 2.1, "05": 3, "06": 1.5, "07": 1.2}
"""How far, in tkr, the published series of other counties may lie from BRP over mean population.

They are of an earlier version than the edition's BRP, with another division between the counties.
"""


def test_grp_per_inhabitant_is_the_published_within_one_thousand_kronor():
    """BRP over mean population, 2008–2018, against the figures that SCB has published."""
    limits = {"00": 1, "19": 1} | APART
    grp, people = (
        load(m, region=list(limits), sex="total", age="total", birth="total", data="edition")
        .astype({"region": str, "period": str})
        .set_index(["region", "period"])["value"]
        for m in ("grp", "population")
    )
    published = indicator("brp_per_capita", data="edition")
    for region, year in product(limits, range(2008, 2019)):
        mean = (people[region, str(year)] + people[region, str(year - 1)]) / 2
        own = 1000 * grp[region, str(year)] / mean
        assert abs(own - published.value(region, str(year))) < limits[region], (region, year)


def test_the_county_has_the_places_in_growth_that_the_anchors_say():
    growth = indicator("brp_nominal_growth_10y", data="edition")
    places = {year: growth.standing("19", str(year)).rank for year in range(2015, 2022)}
    assert places == {2015: 7, 2016: 8, 2017: 12, 2018: 9, 2019: 15, 2020: 14, 2021: 16}


def test_what_the_edition_lacks_says_why_and_how_it_is_had():
    with pytest.raises(MissingIndicatorError, match="2024.*fetch --measure grp_volume_change"):
        indicator("brp_volume_growth_10y", data="edition")
    with pytest.raises(MissingIndicatorError, match="bara för riksområden") as error:
        indicator("gross_investment_nuts2")
    assert "fetch" not in str(error.value)


# ---- Real growth over published changes.


def test_real_growth_is_the_geometric_mean_of_ten_published_changes():
    changes = {
        2014 + n: c
        for n, c in enumerate([1.5, -4.0, 3.2, 0.4, 2.0, -0.7, 1.1, 6.0, -2.5, 0.9, 1.3])
    }
    result = formula("volume_growth", {"change": figures(yearly(changes))}, {"years": 10})
    by_year = result.set_index("period")["value"]
    assert by_year[:"2022"].isna().all()
    for last in (2023, 2024):
        volume = math.prod(1 + changes[y] / 100 for y in range(last - 9, last + 1))
        assert by_year[str(last)] == pytest.approx(100 * (volume**0.1 - 1), abs=1e-12)
    # The same as chained levels give.
    years = pd.Index([str(y) for y in (2013, *changes)])
    ones, change = pd.Series(1.0, index=years), pd.Series([np.nan, *changes.values()], index=years)
    chained = statistics.chained(ones, change, "2013")
    assert by_year["2023"] == pytest.approx(statistics.window_growth(chained, "2013", "2023"))


@pytest.mark.parametrize("fault", ["gap", "missing", "break"])
def test_real_growth_is_missing_where_the_chain_is_not_whole(fault):
    rows = yearly(dict.fromkeys(range(2015, 2025), 2.0))
    if fault == "gap":
        del rows[4]
    elif fault == "missing":
        rows[4]["value"] = np.nan
    else:
        rows = rows[:5] + [row | {"segment": 1} for row in rows[5:]]
    result = formula("volume_growth", {"change": figures(rows)}, {"years": 10})
    assert result["value"].isna().all()


def test_real_growth_per_inhabitant_takes_the_growth_of_the_population_away():
    change = figures(yearly(dict.fromkeys(range(2015, 2025), 2.0)))
    people = figures(yearly({2014: 1000.0, 2024: 1000.0 * 1.01**10}))
    result = formula(
        "volume_growth_per_head", {"change": change, "population": people}, {"years": 10}
    )
    assert result["value"].item() == pytest.approx(100 * (1.02 / 1.01 - 1), abs=1e-10)
    later = people.assign(segment=[0, 1])
    assert formula(
        "volume_growth_per_head", {"change": change, "population": later}, {"years": 10}
    ).empty


def test_a_published_value_against_rikets():
    rows = [{"region": r, "value": v} for r, v in (("00", 800.0), ("19", 720.0), ("04", np.nan))]
    result = formula("value_relative_to_country", {"value": figures(rows)}, {})
    values = result.set_index("region")["value"]
    assert (values["00"], values["19"]) == (100, 90)
    assert np.isnan(values["04"])


# ---- Differences to riket, and changes, taken apart.

CHAIN = ("grp", "employed_in_accounts", "daytime", "nighttime", "working_age", "population")


def test_the_gap_in_grp_per_inhabitant_is_the_sum_of_its_parts():
    own = dict(zip(CHAIN, (120.0, 0.14, 130.0, 136.0, 152.0, 278.0), strict=True))
    riket = dict(zip(CHAIN, (6000.0, 5.2, 5050.0, 5100.0, 5900.0, 10500.0), strict=True))
    frames = {
        name: figures(
            [{"region": "19", "value": own[name]}, {"region": "00", "value": riket[name]}]
        )
        for name in CHAIN
    }
    result = formula("grp_gap", frames, {})
    assert set(result["region"]) == {"19"}
    parts = result.set_index("category")["value"]
    total = 100 * math.log((120 / 278) / (6000 / 10500))
    assert parts["total"] == pytest.approx(total, abs=1e-9)
    assert parts.drop("total").sum() == pytest.approx(total, abs=1e-9)
    assert parts["commuting"] == pytest.approx(
        100 * math.log((130 / 136) / (5050 / 5100)), abs=1e-9
    )
    assert parts["productivity"] == pytest.approx(
        100 * math.log((120 / 0.14) / (6000 / 5.2)), abs=1e-9
    )


def shift_share(numbers: dict[tuple[str, str, str], float], **segments: int) -> pd.DataFrame:
    rows = [
        {"region": r, "period": p, "industry": i, "value": v, "segment": segments.get(f"y{p}", 0)}
        for (r, p, i), v in numbers.items()
    ]
    return formula("shift_share", {"value": figures(rows)}, {})


NUMBERS = {
    ("00", "2020", "A"): 100.0, ("00", "2020", "F"): 300.0, ("00", "2020", "total"): 400.0,
    ("00", "2023", "A"): 90.0, ("00", "2023", "F"): 360.0, ("00", "2023", "total"): 450.0,
    ("19", "2020", "A"): 40.0, ("19", "2020", "F"): 60.0, ("19", "2020", "total"): 100.0,
    ("19", "2023", "A"): 44.0, ("19", "2023", "F"): 63.0, ("19", "2023", "total"): 107.0,
}  # fmt: skip


def test_shift_share_by_hand():
    result = shift_share(NUMBERS).set_index(["industry", "category"])["value"]
    # Riket grows by 12,5 percent, A falls by 10 and F grows by 20.
    assert result["total", "national"] == pytest.approx(12.5)
    assert result["total", "mix"] == pytest.approx(40 * -0.225 + 60 * 0.075)
    assert result["total", "regional"] == pytest.approx(44 - 40 * 0.9 + 63 - 60 * 1.2)
    assert result["total", "total"] == result["total", "regional"]
    assert result["total", "change"] == pytest.approx(7.0)
    assert result["A", "regional"] == pytest.approx(8.0)
    assert result["F", "change"] == pytest.approx(3.0)


def test_the_parts_of_shift_share_add_up_and_so_do_the_industries():
    numbers = np.random.default_rng(5)
    keys = product(("00", "04", "19"), ("2020", "2021", "2023"), ("A", "F", "G", "total"))
    result = shift_share({key: float(numbers.uniform(50, 900)) for key in keys})
    wide = result.pivot(index=["region", "period", "industry"], columns="category", values="value")
    parts = wide[["national", "mix", "regional"]].sum(axis=1)
    assert np.allclose(parts, wide["change"], rtol=0, atol=1e-9)
    by_industry = wide.drop(index="total", level="industry").groupby(["region", "period"]).sum()
    totals = wide.xs("total", level="industry")
    assert np.allclose(by_industry, totals[by_industry.columns], rtol=0, atol=1e-9)
    assert set(result["period"]) == {"2021", "2023"}
    assert "00" not in set(result["region"])


def test_shift_share_never_crosses_a_break_and_a_missing_industry_makes_the_total_missing():
    assert shift_share(NUMBERS, y2023=1).empty
    lacking = shift_share(NUMBERS | {("19", "2023", "A"): np.nan})
    values = lacking.set_index(["industry", "category"])["value"]
    assert values["total"].isna().all()
    assert values["F"].notna().all()


def test_a_county_whose_own_series_is_broken_has_no_parts():
    rows = [
        {
            "region": r,
            "period": p,
            "industry": i,
            "value": v,
            "segment": int(r == "19" and p == "2023"),
        }
        for (r, p, i), v in NUMBERS.items()
    ]
    assert formula("shift_share", {"value": figures(rows)}, {})["value"].isna().all()


def test_an_industrys_quotient_says_how_many_it_rests_on():
    rows = [
        {"region": r, "industry": i, "value": v}
        for r, i, v in (("00", "A", 100), ("00", "F", 300), ("19", "A", 30), ("19", "F", 30))
    ]
    result = formula("location_quotient", {"value": figures(rows)}, {})
    own = result[result["region"] == "19"].set_index("industry")
    assert own["value"].to_dict() == {"A": 2.0, "F": pytest.approx(0.5 / 0.75)}
    assert (own.loc["A", "count"], own.loc["A", "base"]) == (30, 60)


# ---- What holds for every formula here.

SPLITS: dict[str, dict[str, tuple[str, ...]]] = {
    "share_gap_women_men": {"sex": ("women", "men")},
    "share_gap_foreign_native": {"birth": ("native", "foreign")},
    "representation": {"birth": ("total", "foreign"), "industry": ("total", "A", "F")},
    "category_quotient": {"category": ("total", "nurses", "train_drivers")},
    "volume_growth": {},
    "volume_growth_per_head": {},
    "value_relative_to_country": {"sex": ("total", "women")},
    "grp_gap": {},
    "rate_decomposition": {"sex": ("women", "men"), "birth": ("native", "foreign")},
    "shift_share": {"industry": ("total", "A", "F", "G")},
    "published_share": {"sex": ("total", "women")},
    "share_of_two": {"sex": ("total", "women")},
    "group_share": {"sex": ("total", "women")},
    "women_share_per_men_share": {"sex": ("women", "men")},
}
PARAMETERS: dict[str, dict[str, Any]] = {
    "volume_growth": {"years": 3},
    "volume_growth_per_head": {"years": 3},
    "representation": {"dimension": "birth", "group": "foreign"},
}
PARTS_OF_ONE = {"shift_share", "rate_decomposition"}
"""The parts are missing together, so a figure matters when it moves any of them."""
RESULT = ["value", "low", "high", "count", "base"]


def made_up(function: str, seed: int, missing: float = 0.02) -> dict[str, pd.DataFrame]:
    numbers = np.random.default_rng(seed)
    keys = {"region": ("00", "04", "19"), "period": tuple(map(str, range(2014, 2021)))} | SPLITS[
        function
    ]
    frames = {}
    for name in sorted(FORMULAS[function]):
        frame = pd.DataFrame(list(product(*keys.values())), columns=list(keys))
        low, high = {"part": (40, 90), "change": (-5, 5)}.get(name, (200, 500))
        values = numbers.uniform(low, high, len(frame))
        for dimension in set(SPLITS[function]) - {"sex"}:
            values = np.where(frame[dimension] == "total", 4 * values, values)
        values[numbers.random(len(frame)) < missing] = np.nan
        frame["value"] = values
        frame = frame.assign(
            segment=(frame["period"] >= "2019").astype(int), preliminary=False, **ABOUT
        )
        frames[name] = frame[[*keys, "value", *META]]
    return frames


def computed(function: str, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    result = formula(function, frames, PARAMETERS.get(function, {}))
    result = result.assign(**{d: "total" for d in TOTALS if d not in result})
    return (
        result.set_index(["region", "period", *TOTALS])
        .reindex(columns=RESULT)
        .astype(float)
        .sort_index()
    )


def changed(frame: pd.DataFrame, mask: np.ndarray) -> pd.DataFrame:
    values = frame["value"].fillna(frame["value"].mean()) * 1.3 + 1
    return frame.assign(value=np.where(mask, values, frame["value"]))


def mask_of(frame: pd.DataFrame, keys: list[dict[str, str]]) -> np.ndarray:
    hits = [np.logical_and.reduce([frame[c] == v for c, v in key.items()]) for key in keys]
    return np.logical_or.reduce(hits) if hits else np.zeros(len(frame), dtype=bool)


def here(result: pd.DataFrame, function: str, key: dict[str, str]) -> np.ndarray:
    place = {**key, "category": slice(None)} if function in PARTS_OF_ONE else key
    return result.loc[tuple(place.values()), :].to_numpy()


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("function", sorted(SPLITS))
def test_a_value_rests_on_the_figures_that_are_named_and_on_no_other(function, seed):
    frames = made_up(function, seed)
    before = computed(function, frames)
    tried = 0
    known = np.flatnonzero(before["value"].notna()).tolist()
    chance = random.Random(seed)
    for place in chance.sample(known, 3) + chance.sample(range(len(before)), 2):
        key = dict(zip(before.index.names, before.index[place], strict=True))
        needs = used(function, frames, PARAMETERS.get(function, {}), key)
        assert needs.keys() == frames.keys()
        others = {n: changed(f, ~mask_of(f, needs[n])) for n, f in frames.items()}
        own = here(before, function, key)
        assert np.allclose(here(computed(function, others), function, key), own, equal_nan=True), (
            key
        )
        by_definition = key["region"] == "00" and function in {
            "value_relative_to_country",
            "category_quotient",
        }
        intervals = before["low"].notna().any()
        row = before.iloc[place]
        if np.isnan(row["value"]) or by_definition or (intervals and np.isnan(row["low"])):
            continue
        tried += 1
        for name, keys in needs.items():
            for figure in keys:
                way = frames | {name: changed(frames[name], mask_of(frames[name], [figure]))}
                moved = here(computed(function, way), function, key)
                assert not np.allclose(moved, own, rtol=1e-12, atol=1e-12, equal_nan=True), (
                    key,
                    name,
                    figure,
                )
    assert tried


@pytest.mark.parametrize("function", sorted(SPLITS))
def test_what_a_formula_gives_does_not_depend_on_the_rows_order_or_on_which_county_is_which(
    function,
):
    frames = made_up(function, 7)
    expected = computed(function, frames)
    mixed = {n: f.sample(frac=1, random_state=3).reset_index(drop=True) for n, f in frames.items()}
    pd.testing.assert_frame_equal(computed(function, mixed), expected)
    other = {"04": "19", "19": "04", "00": "00"}
    swapped = {n: f.assign(region=f["region"].map(other)) for n, f in frames.items()}
    values = computed(function, swapped).rename(index=other, level="region").sort_index()
    pd.testing.assert_frame_equal(values, expected)


@pytest.mark.parametrize("function", sorted(SPLITS))
def test_figures_that_are_all_missing_give_no_value(function):
    frames = {n: f.assign(value=np.nan) for n, f in made_up(function, 1).items()}
    assert computed(function, frames)["value"].isna().all()


RATIOS = (
    "category_quotient",
    "group_share",
    "grp_gap",
    "rate_decomposition",
    "representation",
    "share_of_two",
    "shift_share",
    "value_relative_to_country",
    "women_share_per_men_share",
)


@pytest.mark.parametrize("function", RATIOS)
def test_another_unit_of_every_figure_leaves_a_ratio_as_it_is(function):
    frames = made_up(function, 2)
    larger = {n: f.assign(value=1000 * f["value"]) for n, f in frames.items()}
    one, other = (computed(function, given)["value"] for given in (frames, larger))
    assert np.allclose(one, other, rtol=1e-9, equal_nan=True)


def test_another_unit_scales_what_is_published():
    frames = made_up("published_share", 2)
    rate = frames["value"].assign(value=frames["value"]["value"] / 10)
    one, other = (
        computed("published_share", frames | {"value": f}) for f in (frames["value"], rate)
    )
    assert np.allclose(one["value"], 10 * other["value"], equal_nan=True)


@pytest.mark.parametrize(
    "id",
    [
        "brp_volume_growth_10y",
        "brp_per_capita_real_growth_10y",
        "brp_per_employed_index",
        "brp_gap_decomposition",
        "gross_investment_nuts2",
        "shift_share_regional_component",
        "strength_occupations_lq",
        "engineers_ict_share",
    ],
)
def test_every_indicator_here_has_its_goals_and_says_its_limits(id):
    one = load_catalogue().indicator(id)
    assert one.subgoals + one.rus
    assert one.agenda_2030
    assert one.missing_reason
    assert one.definition.count(". ") <= 1


def test_industries_of_the_edition_are_still_those_of_rams():
    for id in ("industry_diversity_shannon", "strength_area_lq", "manufacturing_share_daytime"):
        frame = evaluate(id, "edition")
        assert set(frame.loc[frame["region"] == "19", "period"]) == {"2018"}
        assert not frame["table"].str.contains("TAB3204").any()

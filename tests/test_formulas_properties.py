"""What holds for every formula, whatever it computes, and hand values for the simplest of them.

All figures are made up: SYNTETISKA TESTDATA.
"""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from affarsplan_data import regions
from affarsplan_data.catalogue import FORMULAS, load_catalogue
from affarsplan_data.indicators import IndicatorValues, formulas
from affarsplan_data.indicators.inputs import META
from affarsplan_data.statistics import pooled_share, pooled_shares

REGIONS = ("00", "04", "19", "20")
BLEKINGE = ("1060", "1080", "1081", "1082", "1083")
TOTALS = ("sex", "birth", "age", "industry", "category")
SEXES = {"sex": ("women", "men")}
BIRTHS = {"birth": ("native", "foreign")}
INDUSTRIES = {"industry": ("A", "F", "G")}
SPLITS: dict[str, dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        (
            "women_per_men",
            "women_share_per_men_share",
            "women_minus_men",
            "women_share",
            "share_gap_women_men",
        ),
        SEXES,
    ),
    **dict.fromkeys(("foreign_minus_native", "share_gap_foreign_native"), BIRTHS),
    **dict.fromkeys(
        (
            "effective_number",
            "concentration",
            "specialisation",
            "location_quotient",
            "share_difference",
        ),
        INDUSTRIES,
    ),
    "segregation": SEXES | INDUSTRIES,
    "representation": {"birth": ("total", "foreign"), "industry": ("total", "A", "F")},
    "category_quotient": {"category": ("total", "nurses", "train_drivers")},
    "rate_decomposition": SEXES | BIRTHS,
    "shift_share": {"industry": ("total", "A", "F", "G")},
    "components": {"category": ("change", "births")},
    "municipal_range": {"region": ("00", "10", *BLEKINGE)},
    "municipal_deviation": {"region": ("00", "10", *BLEKINGE)},
}
PATH = {"base": "2014", "target": "2045", "left": 0.25}
PARAMETERS: dict[str, dict[str, Any]] = {
    **{key: {"years": 2} for key in ("growth", "volume_growth", "volume_growth_per_head")},
    **{key: {"years": 3} for key in ("pooled_rate", "pooled_share", "pooled_quotient")},
    **{key: {"reference": "2016"} for key in ("chained_volume", "fixed_price_intensity")},
    **dict.fromkeys(("distance_to_path", "needed_cut"), PATH),
    "representation": {"dimension": "birth", "group": "foreign"},
    "components": {"whole": "change"},
    "share_of_increase": {"years": 2},
}
RANGES = {"part": (40, 90), "change": (-5, 5), "share": (5, 40), "published": (5, 40)}
PERCENT = {"change", "share", "published"}
"""Inputs whose figures are percentages, which have no other unit."""
AS_THEIR_FIGURES = {
    "published",
    "published_with_count",
    "published_rate",
    "published_share",
    "women_minus_men",
    "foreign_minus_native",
    "share_gap_women_men",
    "share_gap_foreign_native",
    "chained_volume",
    "municipal_range",
    "municipal_deviation",
}
"""The formulas whose values have the unit of their figures; those of all others have none of it."""
EVERY = sorted(formulas.FUNCTIONS)


def made_up(function: str, seed: int = 1) -> dict[str, pd.DataFrame]:
    numbers = np.random.default_rng(seed)
    splits = SPLITS.get(function, {})
    keys = {"region": REGIONS, "period": tuple(map(str, range(2014, 2020)))} | splits
    first = {"value", "part", "numerator", "inflow", "level", "count", "share"}
    frames = {}
    for name in sorted(FORMULAS[function], key=lambda n: (n not in first, n)):
        own = {k: v for k, v in keys.items() if not (name == "population" and k == "category")}
        frame = pd.DataFrame(list(product(*own.values())), columns=list(own))
        values = numbers.uniform(*RANGES.get(name, (200, 900)), len(frame))
        for dimension in set(splits) & {"birth", "industry", "category"}:
            if dimension in frame:
                values = np.where(frame[dimension] == "total", 4 * values, values)
        texts = dict.fromkeys(("source", "table", "vintage", "status"), "SYNTETISKA TESTDATA")
        frame = frame.assign(value=values, segment=0, preliminary=False, **texts)
        frames[name] = frame[[*own, "value", *META]]
    return frames


def computed(function: str, frames: dict[str, pd.DataFrame]) -> pd.Series:
    """Return a formula's values by key, in order."""
    result = formulas.evaluate(function, frames, PARAMETERS.get(function, {}))
    result = result.assign(**{d: "total" for d in TOTALS if d not in result})
    return result.set_index(["region", "period", *TOTALS])["value"].astype(float).sort_index()


@pytest.mark.parametrize("function", EVERY)
def test_every_formula_gives_values_of_whole_figures(function):
    assert computed(function, made_up(function)).notna().any()


@pytest.mark.parametrize("function", EVERY)
def test_figures_that_are_all_missing_give_missing_and_never_zero(function):
    frames = {n: f.assign(value=np.nan) for n, f in made_up(function).items()}
    assert computed(function, frames).isna().all()


@pytest.mark.parametrize("function", EVERY)
def test_which_region_is_which_does_not_matter(function):
    """Counties trade places, and so do their values; of municipalities the county's value stands."""
    frames = made_up(function)
    if function.startswith("municipal"):
        new = dict(zip(BLEKINGE, (*BLEKINGE[1:], BLEKINGE[0]), strict=True))
    else:
        new = {"04": "19", "19": "20", "20": "04"}
    moved = {n: f.assign(region=f["region"].replace(new)) for n, f in frames.items()}
    expected = computed(function, frames).rename(index=new, level="region").sort_index()
    pd.testing.assert_series_equal(computed(function, moved), expected, rtol=1e-9)


@pytest.mark.parametrize("function", EVERY)
def test_another_unit_scales_the_values_or_leaves_them(function):
    frames = made_up(function)
    larger = {
        n: f if n in PERCENT else f.assign(value=1000 * f["value"]) for n, f in frames.items()
    }
    factor = 1000 if function in AS_THEIR_FIGURES else 1
    one, other = computed(function, frames), computed(function, larger)
    pd.testing.assert_series_equal(other, factor * one, rtol=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=21, max_size=21), st.permutations(regions.counties()))
def test_permuting_counties_permutes_their_places(values, order):
    def places(codes):
        frame = pd.DataFrame({"region": codes, "value": [float(v) for v in values]})
        texts = dict.fromkeys((*TOTALS,), "total") | {
            "period": "2024",
            "low": np.nan,
            "high": np.nan,
        }
        about = load_catalogue().indicator("brp_per_capita")
        ranking = IndicatorValues(about, frame.assign(**texts)).ranking("2024")
        return ranking.set_index("region")["rank"].to_dict()

    before, after = places(list(regions.counties())), places(list(order))
    new = dict(zip(regions.counties(), order, strict=True))
    assert after == {new[code]: place for code, place in before.items()}


# ---- Hand values of the simplest.


def one(value: float) -> pd.DataFrame:
    frame = made_up("published")["value"].iloc[:1]
    return frame.assign(value=value)


def test_a_quotient_by_hand():
    given = {"numerator": one(30.0), "denominator": one(120.0)}
    assert formulas.evaluate("quotient", given, {"factor": 1000})["value"].item() == 250
    assert formulas.evaluate("quotient", given, {})["value"].item() == 0.25
    nothing = {"numerator": one(30.0), "denominator": one(0.0)}
    assert formulas.evaluate("quotient", nothing, {})["value"].isna().all()


def test_a_net_share_by_hand():
    given = {"inflow": one(14.0), "outflow": one(20.0), "stock": one(200.0)}
    assert formulas.evaluate("net_share", given, {})["value"].item() == pytest.approx(-3)


def test_a_published_rate_with_its_count_by_hand():
    """9.4 per 1 000 of 1 511 firms: the interval is the count's, in the rate's unit."""
    given = {"value": one(9.4), "count": one(1511.0)}
    row = formulas.evaluate("published_with_count", given, {}).iloc[0]
    assert row["value"] == 9.4
    assert row["low"] == pytest.approx(9.4 / 1511 * chi2.ppf(0.025, 2 * 1511) / 2)
    assert row["high"] == pytest.approx(9.4 / 1511 * chi2.ppf(0.975, 2 * 1512) / 2)


def test_shares_pooled_for_many_series_are_those_of_each():
    years = ["2020", "2021", "2022", "2023"]
    part = pd.Series([1.0, 4.0, 3.0, 9.0, 5.0, 6.0, 7.0, 8.0])
    whole = pd.Series([10.0, 12.0, 14.0, 16.0, 20.0, 22.0, 24.0, 26.0])
    units = pd.Series([0] * 4 + [1] * 4)
    many = pooled_shares(part, whole, units, pd.Series(years * 2), pd.Series(0, part.index), 3)
    assert many["value"][3] == pytest.approx(100 * (4 + 3 + 9) / (12 + 14 + 16))
    for unit in (0, 1):
        rows = units == unit
        alone = pooled_share(
            pd.Series(part[rows].to_numpy(), index=years),
            pd.Series(whole[rows].to_numpy(), index=years),
            3,
        )
        named = alone.set_index("end") if "end" in alone else alone
        assert np.allclose(many.loc[rows, "value"].dropna(), named["value"].dropna())

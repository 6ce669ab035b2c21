"""Inputs for every formula, made up by chance, with what each formula needs: SYNTETISKA TESTDATA.

The property that they are for: figures that a formula's rule in ``indicators/used.py`` does not name
never matter to a value, and those that it names do.
"""

import random
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from affarsplan_data.catalogue import FORMULAS
from affarsplan_data.indicators import formulas
from affarsplan_data.indicators.inputs import META
from affarsplan_data.indicators.used import used

RESULT = ("value", "low", "high", "count", "base")
TOTALS = dict.fromkeys(("sex", "birth", "age", "industry", "category"), "total")
Splits = Mapping[str, tuple[str, ...]]

BLEKINGE = ("1060", "1080", "1081", "1082", "1083")
MUNICIPAL = {"region": ("00", "10", *BLEKINGE), "sex": ("total", "women")}
SPLITS: dict[str, Splits] = {
    "components": {"sex": ("total", "women"), "category": ("change", "births")},
    "municipal_range": MUNICIPAL,
    "municipal_deviation": MUNICIPAL,
}
"""The dimensions of a formula's inputs, where they are not ``sex`` alone."""
WITHOUT = {("components", "population"): "category"}
"""A dimension that one of a formula's inputs lacks."""
PARAMETERS: dict[str, dict[str, Any]] = {
    "components": {"whole": "change"},
    "distance_to_path": {"base": "2014", "target": "2045", "left": 0.25},
    "needed_cut": {"base": "2014", "target": "2045", "left": 0.25},
    "fixed_price_intensity": {"reference": "2016"},
    "pooled_rate": {"years": 3},
    "share_of_increase": {"years": 2},
}
RANGES = {
    "part": (40, 90),
    "change": (-5, 5),
    "share": (5, 40),
    "published": (5, 40),
    "count": (20, 60),
    "inflow": (20, 90),
    "outflow": (20, 90),
}
"""Parts are smaller than wholes, changes and shares are percentages."""
WITHOUT_ZEROS = {"whole", "base", "answers", "denominator", "population", "numerator"}
"""Nothing is divided by zero, and a quotient of zero is zero whatever it is divided by."""
UNMOVED_AT_BASE = {"distance_to_path", "needed_cut"}
"""Formulas whose value in the base year is the same whatever the figures are."""


LATER = {("share_else_published", "part"), ("share_else_published", "whole")}
"""Inputs that have figures only for the last half of the years."""


def made_up(function: str, seed: int) -> dict[str, pd.DataFrame]:
    """Return inputs for a formula, with missing figures, zeros and a break among them."""
    numbers = np.random.default_rng(seed)
    return {
        name: _input(function, name, numbers)
        for name in sorted(FORMULAS[function], key=lambda n: (n not in _FIRST, n))
    }


_FIRST = {"value", "part", "numerator", "inflow", "level", "count", "share"}
"""The input whose columns carry source and segment stands first."""


def _input(function: str, name: str, numbers: np.random.Generator) -> pd.DataFrame:
    keys: dict[str, tuple[str, ...]] = {
        "region": ("00", "04", "19"),
        "period": tuple(map(str, range(2013, 2021))),
        **SPLITS.get(function, {"sex": ("total", "women")}),
    }
    keys.pop(WITHOUT.get((function, name), ""), None)
    frame = pd.DataFrame(list(product(*keys.values())), columns=list(keys))
    low, high = RANGES.get(name, (200, 900))
    values = numbers.uniform(low, high, len(frame))
    values[numbers.random(len(frame)) < 0.03] = np.nan
    if name not in WITHOUT_ZEROS:
        values[numbers.random(len(frame)) < 0.03] = 0
    texts = dict.fromkeys(("source", "table", "vintage", "status"), "SYNTETISKA TESTDATA")
    frame = frame.assign(value=values, segment=(frame["period"] >= "2019").astype(int), **texts)
    frame = frame.assign(preliminary=False)[[*keys, "value", *META]]
    return frame[frame["period"] >= "2017"] if (function, name) in LATER else frame


def computed(function: str, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return a formula's values by key, with all columns of :data:`RESULT`."""
    result = formulas.evaluate(function, frames, PARAMETERS.get(function, {}))
    for dimension in TOTALS:
        if dimension not in result:
            result[dimension] = "total"
    keys = ["region", "period", *TOTALS]
    return result.set_index(keys).reindex(columns=list(RESULT)).astype(float)


def sampled(
    function: str, frames: Mapping[str, pd.DataFrame], seed: int, size: int = 4
) -> Iterator[tuple[dict[str, str], pd.Series, dict[str, list[dict[str, str]]]]]:
    """Give some of a formula's values, with their keys and the figures that the rule names."""
    before = computed(function, frames)
    for place in random.Random(seed).sample(range(len(before)), min(size, len(before))):
        key = dict(zip(before.index.names, before.index[place], strict=True))
        needs = used(function, frames, PARAMETERS.get(function, {}), key)
        yield key, before.iloc[place], needs


def changed(frame: pd.DataFrame, mask: np.ndarray, seed: int) -> pd.DataFrame:
    """Return ``frame`` with other, positive figures where ``mask`` is true."""
    factors = np.random.default_rng(seed).uniform(1.2, 1.9, len(frame))
    values = frame["value"].fillna(frame["value"].max()).to_numpy() * factors + 1
    return frame.assign(value=np.where(mask, values, frame["value"]))


def far_off(frame: pd.DataFrame, mask: np.ndarray) -> pd.DataFrame:
    """Return ``frame`` with figures far above all others where ``mask`` is true."""
    return frame.assign(value=np.where(mask, 50 * frame["value"].max(), frame["value"]))


def mask_of(frame: pd.DataFrame, keys: list[dict[str, str]]) -> np.ndarray:
    """Return which rows have one of the keys."""
    hits = [np.logical_and.reduce([frame[c] == v for c, v in key.items()]) for key in keys]
    return np.logical_or.reduce(hits) if hits else np.zeros(len(frame), dtype=bool)


def same(one: pd.Series, other: pd.Series) -> bool:
    """Tell whether two values are the same, with interval and numbers."""
    return bool(np.allclose(one, other, rtol=1e-12, atol=1e-12, equal_nan=True))


def figures(text: str, columns: str = "region period value", **more: str) -> pd.DataFrame:
    """Return an input from lines of made-up figures: SYNTETISKA TESTDATA.

    ``columns`` names what the lines hold, ``more`` gives columns that are the same in all of them.
    """
    names = columns.split()
    frame = pd.DataFrame([line.split() for line in text.splitlines()], columns=names).assign(**more)
    texts = dict.fromkeys(("source", "table", "vintage", "status"), "SYNTETISKA TESTDATA")
    frame = frame.assign(value=frame["value"].astype(float), segment=0, preliminary=False, **texts)
    keys = [name for name in (*names, *more) if name != "value"]
    return frame[[*keys, "value", *META]]

"""Formulas of firms, export, innovation, surveys and environment, by hand and against the rules.

Made-up figures say so: SYNTETISKA TESTDATA.
"""

import numpy as np
import pytest

from affarsplan_data.indicators import formulas
from affarsplan_data.indicators.used import RULES
from tests.made_up_inputs import (
    PARAMETERS,
    UNMOVED_AT_BASE,
    changed,
    computed,
    far_off,
    made_up,
    mask_of,
    same,
    sampled,
)

OURS = (
    "components",
    "distance_to_path",
    "fixed_price_intensity",
    "municipal_deviation",
    "municipal_range",
    "needed_cut",
    "net_rate",
    "pooled_quotient",
    "pooled_rate",
    "pooled_share",
    "published_rate",
    "rate",
    "share_else_published",
    "share_of_increase",
    "survey_share",
)
SPREADS = {"municipal_range"}
"""A figure between the highest and the lowest may stand still for a small change."""


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("function", OURS)
def test_a_value_rests_on_the_figures_that_are_named_and_on_no_other(function, seed):
    frames = made_up(function, seed)
    tried = 0
    for key, before, needs in sampled(function, frames, seed):
        assert needs.keys() == frames.keys()
        others = {n: changed(f, ~mask_of(f, needs[n]), seed) for n, f in frames.items()}
        assert same(computed(function, others).loc[tuple(key.values())], before), key
        at_base = key["period"] == PARAMETERS.get(function, {}).get("base")
        if np.isnan(before["value"]) or (function in UNMOVED_AT_BASE and at_base):
            continue
        tried += 1
        for name, figures in needs.items():
            for figure in figures:
                here = mask_of(frames[name], [figure])
                ways = [changed(frames[name], here, seed + 1)]
                if function in SPREADS:
                    ways.append(far_off(frames[name], here))
                moved = [computed(function, frames | {name: way}) for way in ways]
                still = [same(m.loc[tuple(key.values())], before) for m in moved]
                assert not all(still), (key, name, figure)
    assert tried


def test_the_formulas_here_are_declared_and_ruled():
    assert set(OURS) <= formulas.FUNCTIONS.keys() & RULES.keys()

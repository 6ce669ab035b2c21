"""The tests that a claim may name: each takes a reading and its own parameters, and returns a finding.

A test's parameters are its keyword arguments, whose types say what the plan's claims may give.
"""

from collections.abc import Callable, Mapping

from affarsplan_data.claims.findings import Finding
from affarsplan_data.claims.forms import change, groups, level, municipal, pace, ranks, structure

Form = Callable[..., Finding]

FORMS: Mapping[str, Form] = {
    form.__name__: form
    for form in (
        level.below_country,
        level.above_country,
        level.below,
        level.above,
        level.at_least,
        level.between,
        level.quotient_to_country,
        level.below_median,
        ranks.rank_is,
        ranks.rank_at_most,
        ranks.rank_at_least,
        change.risen,
        change.growth_below_country,
        change.growth_at_least_country,
        change.every_start_year,
        change.latest_round_lower,
        change.round_change_below_country,
        pace.mean_risen,
        pace.pace_slowed,
        pace.on_path,
        groups.group_spread,
        groups.women_below_men,
        groups.foreign_below_native,
        groups.represented_unlike,
        groups.group_above,
        municipal.municipalities_at_least,
        municipal.municipal_spread,
        municipal.smaller_below_largest,
        municipal.smaller_below_same_size,
        structure.industries_above,
        structure.industries_outside_band,
        structure.industries_outside_band_in_group,
        structure.industries_growth_at_least_country,
    )
}
"""The tests by the name that the plan's claims use."""

"""The tests that a claim may name: each takes a reading and parameters, and returns what it found."""

from collections.abc import Callable, Mapping
from typing import Any

from affarsplan_data.claims.findings import Finding
from affarsplan_data.claims.forms import change, groups, level, municipal, structure
from affarsplan_data.claims.reading import Reading

Form = Callable[[Reading, Mapping[str, Any]], Finding]

FORMS: Mapping[str, Form] = {
    "below_country": level.below_country,
    "above_country": level.above_country,
    "below": level.below,
    "at_least": level.at_least,
    "between": level.between,
    "outside_band": level.outside_band,
    "quotient_to_country": level.quotient_to_country,
    "rank_is": level.rank_is,
    "rank_at_most": level.rank_at_most,
    "rank_at_least": level.rank_at_least,
    "below_median": level.below_median,
    "risen": change.risen,
    "growth_below_country": change.growth_below_country,
    "growth_at_least_country": change.growth_at_least_country,
    "mean_risen": change.mean_risen,
    "pace_slowed": change.pace_slowed,
    "on_path": change.on_path,
    "every_start_year": change.every_start_year,
    "latest_round_lower": change.latest_round_lower,
    "group_spread": groups.group_spread,
    "group_below": groups.group_below,
    "groups_apart": groups.groups_apart,
    "group_largest": groups.group_largest,
    "municipalities_at_least": municipal.municipalities_at_least,
    "municipal_spread": municipal.municipal_spread,
    "smaller_below_largest": municipal.smaller_below_largest,
    "industries_at_least": structure.industries_at_least,
    "industries_outside_band": structure.industries_outside_band,
    "industries_growth_at_least_country": structure.industries_growth_at_least_country,
}
"""The tests by the name that the plan's claims use."""

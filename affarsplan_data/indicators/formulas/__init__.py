"""The formulas a catalogue indicator may name: from input figures to indicator values.

Every function takes the inputs by name (see :mod:`affarsplan_data.indicators.inputs`) and the
formula's parameters, and returns one row per region, period and kept dimension with ``value`` and,
where they apply, ``low`` and ``high`` (95 % interval), ``count`` (numerator) and ``base`` (denominator).
"""

from collections.abc import Callable

import pandas as pd

from affarsplan_data.indicators.formulas import (
    change,
    counted,
    decompositions,
    gaps,
    groups,
    growth,
    intensity,
    paths,
    published,
    rates,
    shares,
    spreads,
    structure,
    surveys,
    volumes,
)
from affarsplan_data.indicators.formulas.frames import Frames, Parameters, keys_of
from affarsplan_data.indicators.formulas.shares import IMPOSSIBLE

FUNCTIONS: dict[str, Callable[[Frames, Parameters], pd.DataFrame]] = {
    "published": published.published,
    "published_with_count": published.published_with_count,
    "share": shares.share,
    "share_else_published": shares.share_else_published,
    "quotient": shares.quotient,
    "net_share": shares.net_share,
    "relative_to_country": shares.relative_to_country,
    "women_per_men": gaps.women_per_men,
    "women_share_per_men_share": gaps.women_share_per_men_share,
    "women_minus_men": gaps.women_minus_men,
    "foreign_minus_native": gaps.foreign_minus_native,
    "women_share": shares.women_share,
    "growth": growth.growth,
    "index": growth.index,
    "chained_volume": growth.chained_volume,
    "effective_number": structure.effective_number,
    "concentration": structure.concentration,
    "specialisation": structure.specialisation,
    "location_quotient": structure.location_quotient,
    "share_difference": structure.share_difference,
    "segregation": structure.segregation,
    "published_share": counted.published_share,
    "share_gap_women_men": counted.share_gap_women_men,
    "share_gap_foreign_native": counted.share_gap_foreign_native,
    "share_of_two": counted.share_of_two,
    "group_share": groups.group_share,
    "representation": groups.representation,
    "category_quotient": groups.category_quotient,
    "volume_growth": volumes.volume_growth,
    "volume_growth_per_head": volumes.volume_growth_per_head,
    "value_relative_to_country": volumes.value_relative_to_country,
    "grp_gap": decompositions.grp_gap,
    "rate_decomposition": decompositions.rate_decomposition,
    "shift_share": decompositions.shift_share,
    "survey_share": surveys.survey_share,
    "rate": rates.rate,
    "published_rate": rates.published_rate,
    "net_rate": rates.net_rate,
    "pooled_rate": rates.pooled_rate,
    "pooled_share": rates.pooled_share,
    "pooled_quotient": rates.pooled_quotient,
    "components": rates.components,
    "municipal_range": spreads.municipal_range,
    "municipal_deviation": spreads.municipal_deviation,
    "distance_to_path": paths.distance_to_path,
    "needed_cut": paths.needed_cut,
    "fixed_price_intensity": intensity.fixed_price_intensity,
    "share_of_increase": change.share_of_increase,
}
"""The functions behind the names the catalogue declares in ``FORMULAS``."""


def evaluate(function: str, frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Return the result of the named formula."""
    return FUNCTIONS[function](frames, parameters)


__all__ = ["FUNCTIONS", "IMPOSSIBLE", "Frames", "Parameters", "evaluate", "keys_of"]

"""The formulas a catalogue indicator may name: from input figures to indicator values.

Every function takes the inputs by name (see :mod:`affarsplan_data.indicators.inputs`) and the
formula's parameters, and returns one row per region, period and kept dimension with ``value`` and,
where they apply, ``low`` and ``high`` (95 % interval), ``count`` (numerator) and ``base`` (denominator).
"""

from collections.abc import Callable

import pandas as pd

from affarsplan_data.indicators.formulas import gaps, growth, published, shares, structure
from affarsplan_data.indicators.formulas.frames import Frames, Parameters, keys_of

FUNCTIONS: dict[str, Callable[[Frames, Parameters], pd.DataFrame]] = {
    "published": published.published,
    "published_with_count": published.published_with_count,
    "share": shares.share,
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
}
"""The functions behind the names the catalogue declares in ``FORMULAS``."""


def evaluate(function: str, frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Return the result of the named formula."""
    return FUNCTIONS[function](frames, parameters)


__all__ = ["FUNCTIONS", "Frames", "Parameters", "evaluate", "keys_of"]

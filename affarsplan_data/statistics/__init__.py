"""Statistical methods as pure functions: no region names, no files, no network.

A missing value stays missing through every function and is never taken for zero. Values that break
a method's conditions raise :class:`InvalidValuesError`.
"""

from affarsplan_data.statistics.chaining import chained
from affarsplan_data.statistics.convergence import coefficient_of_variation, sigma_convergence
from affarsplan_data.statistics.disclosure import Disclosure, disclosure
from affarsplan_data.statistics.errors import (
    GrowthAcrossBreakError,
    InvalidValuesError,
    MissingBaseError,
    StatisticsError,
)
from affarsplan_data.statistics.gap import gap_interval_pp, gap_pp, ratio_percent
from affarsplan_data.statistics.growth import compound_growth, growth_by_start, window_growth
from affarsplan_data.statistics.index import base_periods, index_series
from affarsplan_data.statistics.intervals import (
    difference_of_shares_interval,
    poisson_interval,
    wilson_interval,
)
from affarsplan_data.statistics.rank import Neighbours, competition_rank, neighbours
from affarsplan_data.statistics.structure import (
    dissimilarity,
    effective_number,
    hhi,
    krugman,
    location_quotient,
    shannon,
)
from affarsplan_data.statistics.trend import Trend, TrendVerdict, adjusted, trend

__all__ = [
    "Disclosure",
    "GrowthAcrossBreakError",
    "InvalidValuesError",
    "MissingBaseError",
    "Neighbours",
    "StatisticsError",
    "Trend",
    "TrendVerdict",
    "adjusted",
    "base_periods",
    "chained",
    "coefficient_of_variation",
    "competition_rank",
    "compound_growth",
    "difference_of_shares_interval",
    "disclosure",
    "dissimilarity",
    "effective_number",
    "gap_interval_pp",
    "gap_pp",
    "growth_by_start",
    "hhi",
    "index_series",
    "krugman",
    "location_quotient",
    "neighbours",
    "poisson_interval",
    "ratio_percent",
    "shannon",
    "sigma_convergence",
    "trend",
    "wilson_interval",
    "window_growth",
]

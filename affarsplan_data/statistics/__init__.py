"""Statistical methods as pure functions: no region names, no files, no network.

A missing value stays missing through every function and is never taken for zero. Values that break
a method's conditions raise :class:`InvalidValuesError`.

``scipy.stats`` and statsmodels, heavy to import, are so when the first method that needs them is called.
"""

from affarsplan_data.statistics.band import BALANCED, BandPosition, band_distance, band_position
from affarsplan_data.statistics.beta_convergence import (
    BetaConvergence,
    ConvergenceVerdict,
    beta_convergence,
)
from affarsplan_data.statistics.chaining import chained
from affarsplan_data.statistics.convergence import coefficient_of_variation, sigma_convergence
from affarsplan_data.statistics.corridor import corridor, needed_cut
from affarsplan_data.statistics.decoupling import Decoupling, DecouplingVerdict, decoupling
from affarsplan_data.statistics.disclosure import Disclosure, disclosure
from affarsplan_data.statistics.errors import (
    AcrossBreakError,
    GrowthAcrossBreakError,
    InvalidValuesError,
    MissingBaseError,
    StatisticsError,
)
from affarsplan_data.statistics.four_groups import FourGroups, four_groups
from affarsplan_data.statistics.gap import gap_interval_pp, gap_pp, ratio_percent
from affarsplan_data.statistics.gap_development import GapDevelopment, GapVerdict, gap_development
from affarsplan_data.statistics.growth import compound_growth, growth_by_start, window_growth
from affarsplan_data.statistics.index import base_periods, index_series
from affarsplan_data.statistics.intervals import (
    difference_of_shares_interval,
    excludes_zero,
    net_interval,
    poisson_interval,
    wilson_interval,
)
from affarsplan_data.statistics.kitagawa import Kitagawa, kitagawa, kitagawa_sums
from affarsplan_data.statistics.log_decomposition import (
    GRP_CHAIN,
    GRP_CHAIN_TWO_SOURCES,
    GRP_PARTS,
    GRP_PARTS_TWO_SOURCES,
    log_decomposition,
)
from affarsplan_data.statistics.mann_kendall import mann_kendall
from affarsplan_data.statistics.pace import Pace, PaceVerdict, Slope, pace
from affarsplan_data.statistics.pooling import pooled_rate, pooled_share
from affarsplan_data.statistics.pooling_many import any_pooled, pooled_rates, pooled_shares
from affarsplan_data.statistics.rank import Neighbours, competition_rank, neighbours
from affarsplan_data.statistics.rank_range import rank_bounds, rank_by_period, rank_range
from affarsplan_data.statistics.rate_ratio import rate_ratio, rate_ratio_interval
from affarsplan_data.statistics.representation import representation_interval, representation_ratio
from affarsplan_data.statistics.shift_share import ShiftShare, shift_share
from affarsplan_data.statistics.splice import Splice, splice
from affarsplan_data.statistics.spread import standard_deviation, value_range
from affarsplan_data.statistics.structure import (
    dissimilarity,
    effective_number,
    hhi,
    krugman,
    location_quotient,
    shannon,
)
from affarsplan_data.statistics.survey import survey_difference_interval, survey_margin
from affarsplan_data.statistics.trend import Trend, TrendVerdict, adjusted, trend

__all__ = [
    "BALANCED",
    "GRP_CHAIN",
    "GRP_CHAIN_TWO_SOURCES",
    "GRP_PARTS",
    "GRP_PARTS_TWO_SOURCES",
    "AcrossBreakError",
    "BandPosition",
    "BetaConvergence",
    "ConvergenceVerdict",
    "Decoupling",
    "DecouplingVerdict",
    "Disclosure",
    "FourGroups",
    "GapDevelopment",
    "GapVerdict",
    "GrowthAcrossBreakError",
    "InvalidValuesError",
    "Kitagawa",
    "MissingBaseError",
    "Neighbours",
    "Pace",
    "PaceVerdict",
    "ShiftShare",
    "Slope",
    "Splice",
    "StatisticsError",
    "Trend",
    "TrendVerdict",
    "adjusted",
    "any_pooled",
    "band_distance",
    "band_position",
    "base_periods",
    "beta_convergence",
    "chained",
    "coefficient_of_variation",
    "competition_rank",
    "compound_growth",
    "corridor",
    "decoupling",
    "difference_of_shares_interval",
    "disclosure",
    "dissimilarity",
    "effective_number",
    "excludes_zero",
    "four_groups",
    "gap_development",
    "gap_interval_pp",
    "gap_pp",
    "growth_by_start",
    "hhi",
    "index_series",
    "kitagawa",
    "kitagawa_sums",
    "krugman",
    "location_quotient",
    "log_decomposition",
    "mann_kendall",
    "needed_cut",
    "neighbours",
    "net_interval",
    "pace",
    "poisson_interval",
    "pooled_rate",
    "pooled_rates",
    "pooled_share",
    "pooled_shares",
    "rank_bounds",
    "rank_by_period",
    "rank_range",
    "rate_ratio",
    "rate_ratio_interval",
    "ratio_percent",
    "representation_interval",
    "representation_ratio",
    "shannon",
    "shift_share",
    "sigma_convergence",
    "splice",
    "standard_deviation",
    "survey_difference_interval",
    "survey_margin",
    "trend",
    "value_range",
    "wilson_interval",
    "window_growth",
]

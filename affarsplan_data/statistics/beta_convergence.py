"""Beta convergence: do units that start low grow faster? Context only, with few units."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import floats, same_index, same_segment, tail
from affarsplan_data.statistics.errors import InvalidValuesError

MIN_UNITS = 3


class ConvergenceVerdict(StrEnum):
    """What may be said, in the words of the report."""

    CONVERGING = "de som låg lågt har vuxit snabbare"
    DIVERGING = "de som låg högt har vuxit snabbare"
    UNCERTAIN = "inget säkert samband mellan nivå och tillväxt"


@dataclass(frozen=True)
class BetaConvergence:
    """The regression of growth on the initial log level over ``units`` units.

    ``slope`` with ``low`` and ``high`` is in percentage points of yearly growth per log unit of the
    initial level (a level 1 percent higher goes with ``slope`` / 100 points). ``r_squared`` is the
    share of the variation in growth that the level accounts for, from 0 to 1.
    """

    units: int
    slope: float
    low: float
    high: float
    p_value: float
    r_squared: float

    @property
    def verdict(self) -> ConvergenceVerdict:
        """Return what may be said: a direction only when the interval holds no zero."""
        if self.high < 0:
            return ConvergenceVerdict.CONVERGING
        return ConvergenceVerdict.DIVERGING if self.low > 0 else ConvergenceVerdict.UNCERTAIN


def beta_convergence(
    start: pd.Series,
    end: pd.Series,
    years: int,
    segments: tuple[object, object] | None = None,
    level: float = 0.95,
) -> BetaConvergence | None:
    """Regress 100 · ln(end / start) / years on ln(start), ordinary least squares, every unit alike.

    Source: Barro and Sala-i-Martin (1992), the linear form.

    Args:
        start: the initial level per unit, in fixed prices, any unit.
        end: the level ``years`` later, on the same index.
        years: years between the two.
        segments: the series' segment in the first and in the last year: one mark, or one per unit.
        level: level of the interval, from the t distribution.

    Returns:
        None with fewer than three units whose two values are above zero, or the same initial level
        everywhere. Units without both values are left out; ``units`` tells how many are left.

    Raises:
        AcrossBreakError: the segments differ.
        InvalidValuesError: ``years`` is not above zero, or different index.
    """
    same_index(start, end)
    alpha = tail(level)
    if not years > 0:
        raise InvalidValuesError(f"Konvergens: antalet år ska vara större än noll, inte {years}.")
    if segments is not None:
        same_segment(*segments, what="Konvergens")
    first, last = floats(start, "Startvärde"), floats(end, "Slutvärde")
    known = (first > 0) & (last > 0)
    initial = np.log(first[known])
    if known.sum() < MIN_UNITS or np.ptp(initial) == 0:
        return None
    growth = 100 * (np.log(last[known]) - initial) / years
    # Slow to import, and needed here alone.
    from statsmodels.regression.linear_model import OLS

    fit = OLS(growth, np.column_stack([np.ones_like(initial), initial])).fit()
    low, high = fit.conf_int(alpha=alpha)[1]
    return BetaConvergence(
        units=int(known.sum()),
        slope=float(fit.params[1]),
        low=float(low),
        high=float(high),
        p_value=float(fit.pvalues[1]),
        r_squared=float(fit.rsquared),
    )

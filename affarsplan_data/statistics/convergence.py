"""Sigma convergence: do regions grow more alike?"""

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import Numbers, floats, not_negative, same_index
from affarsplan_data.statistics.errors import InvalidValuesError


def coefficient_of_variation(values: Numbers, weights: Numbers | None = None) -> float:
    """Return 100 · standard deviation / mean, percent, over all units (divisor n, not n − 1).

    Args:
        values: one value per unit. The units are the whole population (all counties), no sample.
        weights: weight per unit, for example population; None counts every unit once.

    Returns:
        Missing when a value or a weight is missing, with fewer than two units of weight, and when
        the mean is not above zero. Leave units out on purpose, never by chance.

    Raises:
        InvalidValuesError: a negative weight, another shape, or two Series with different index.
    """
    if weights is not None:
        same_index(values, weights)
    units = floats(values, "Variationskoefficient")
    mass = np.ones(units.shape) if weights is None else floats(weights, "Vikter")
    if units.ndim != 1 or units.shape != mass.shape:
        raise InvalidValuesError("Variationskoefficient: ange ett värde och en vikt per enhet.")
    not_negative(mass, "Vikter")
    if np.isnan(units).any() or np.isnan(mass).any() or np.count_nonzero(mass) < 2:
        return float("nan")
    mean = np.average(units, weights=mass)
    if not mean > 0:
        return float("nan")
    spread = np.sqrt(np.average(np.square(units - mean), weights=mass))
    return float(100 * spread / mean)


def sigma_convergence(values: pd.DataFrame, weights: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the coefficient of variation per period: falling values mean convergence.

    Only units with a value (and a weight) in every period count, so that the spread never changes
    because a unit came or went.

    Args:
        values: periods in rows, units (regions) in columns.
        weights: the same rows and columns; None leaves the weighted column missing.

    Returns:
        Per period: ``cv`` and ``cv_weighted`` in percent, and ``units``, the number of units used.

    Raises:
        InvalidValuesError: ``weights`` lacks a row or column, or has a negative weight.
    """
    numbers = _frame(values, "Variationskoefficient")
    complete = numbers.notna().all()
    mass = None
    if weights is not None:
        if not (values.index.isin(weights.index).all() and values.columns.isin(weights).all()):
            raise InvalidValuesError("Vikter: en period eller en enhet saknas.")
        mass = _frame(weights.loc[values.index, values.columns], "Vikter")
        complete &= mass.notna().all()
    kept = numbers.loc[:, complete]
    return pd.DataFrame(
        {
            "cv": [coefficient_of_variation(row) for row in kept.to_numpy()],
            "cv_weighted": [
                np.nan
                if mass is None
                else coefficient_of_variation(kept.loc[p], mass.loc[p, complete])
                for p in kept.index
            ],
            "units": int(complete.sum()),
        },
        index=values.index,
    )


def _frame(values: pd.DataFrame, what: str) -> pd.DataFrame:
    return pd.DataFrame(floats(values, what), index=values.index, columns=values.columns)

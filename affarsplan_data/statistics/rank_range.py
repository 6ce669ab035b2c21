"""How firm is a place on a list? Ranks over years, and the ranks that intervals allow."""

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import floats, same_index
from affarsplan_data.statistics.errors import InvalidValuesError
from affarsplan_data.statistics.rank import Direction, competition_rank

WINDOWS = 3


def rank_by_period(values: pd.DataFrame, direction: Direction = "up") -> pd.DataFrame:
    """Return competition ranks among the units of each period.

    Args:
        values: periods (or growth windows) in rows in time order, units in columns.
        direction: ``up`` when the highest value is best, ``down`` when the lowest is.

    Returns:
        Ranks in the form of ``values``, missing where the value is.

    Raises:
        InvalidValuesError: a period or a unit stands twice, or an unknown direction.
    """
    if not (values.index.is_unique and values.columns.is_unique):
        raise InvalidValuesError("Rang: en period eller en enhet förekommer två gånger.")
    ranks = [competition_rank(row, direction) for row in floats(values, "Rang")]
    return pd.DataFrame(np.reshape(ranks, values.shape), index=values.index, columns=values.columns)


def rank_range(
    values: pd.DataFrame, direction: Direction = "up", windows: int = WINDOWS
) -> pd.DataFrame:
    """Return the newest rank of each unit and its best and worst over the last windows.

    Arguments and errors as in :func:`rank_by_period`; ``windows`` is the number of rows used.

    Returns:
        Per unit: ``rank`` in the newest window, ``best`` and ``worst`` over the windows (missing
        when a window lacks the unit's value), ``of``: units ranked in the newest window, and
        ``same_units``: whether every window ranks the same units. Where it is False, a place may
        have changed because another unit came or went.

    Raises:
        InvalidValuesError: fewer rows than ``windows``, or ``windows`` below two.
    """
    if windows < 2 or len(values) < windows:
        raise InvalidValuesError(
            f"Rangens spann: {windows} perioder behövs, minst två, men {len(values)} finns."
        )
    ranks = rank_by_period(values, direction).iloc[-windows:]
    known = ranks.notna()
    return pd.DataFrame(
        {
            "rank": ranks.iloc[-1],
            "best": ranks.min(skipna=False),
            "worst": ranks.max(skipna=False),
            "of": int(known.iloc[-1].sum()),
            "same_units": bool((known == known.iloc[-1]).all(axis=None)),
        }
    )


def rank_bounds(low: pd.Series, high: pd.Series, direction: Direction = "up") -> pd.DataFrame:
    """Return the ranks each unit may have when every value lies somewhere in its interval.

    A unit is only above another when their intervals do not overlap. Where ``best`` and ``worst``
    differ, the unit has no place of its own and must not be given one.

    Args:
        low: lower end per unit.
        high: upper end per unit, on the same index.
        direction: as in :func:`rank_by_period`.

    Returns:
        Per unit ``best`` and ``worst`` among the units with an interval, missing without one.

    Raises:
        InvalidValuesError: different index, a low end above its high end, or unknown direction.
    """
    same_index(low, high)
    if direction not in ("up", "down"):
        raise InvalidValuesError(f"Rang: riktningen ”{direction}” finns inte; ange up eller down.")
    bottom, top = floats(low, "Intervall"), floats(high, "Intervall")
    if (bottom > top).any():
        raise InvalidValuesError("Rang: ett intervall slutar innan det börjar.")
    if direction == "down":
        bottom, top = -top, -bottom
    known = ~(np.isnan(bottom) | np.isnan(top))
    surely_above = bottom[:, None] > top[None, :]
    best = np.where(known, 1.0 + surely_above.sum(axis=0), np.nan)
    worst = np.where(known, known.sum() - surely_above.sum(axis=1), np.nan)
    return pd.DataFrame({"best": best, "worst": worst}, index=low.index)

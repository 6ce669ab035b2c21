"""Index series that restart at every series break."""

import pandas as pd

from affarsplan_data.statistics._values import floats, labels
from affarsplan_data.statistics.errors import InvalidValuesError, MissingBaseError


def index_series(
    values: pd.Series, base_period: str | None = None, segments: pd.Series | None = None
) -> pd.Series:
    """Return 100 · x_t / x_base, one value per period, on the index of ``values``.

    Args:
        values: one series by period, in time order; any unit.
        base_period: the period set to 100, in the segment it lies in. Other segments, and all
            segments when it is None, start at their own first value above zero.
        segments: a mark for each period that changes at a series break. A segment is only compared
            with its own base, so an index never crosses a break. The bases are told by
            :func:`base_periods`; state them where the index is shown.

    Raises:
        MissingBaseError: ``base_period`` is not in the series, or has no value above zero.
        InvalidValuesError: a period occurs twice, or ``segments`` has another index or a missing
            mark.
    """
    numbers = _numbers(values)
    bases = base_periods(values, base_period, segments)
    return 100 * numbers / bases.map(numbers).astype(float)


def base_periods(
    values: pd.Series, base_period: str | None = None, segments: pd.Series | None = None
) -> pd.Series:
    """Return, for each period, the period its index is based on; missing where none is usable.

    Arguments and errors as in :func:`index_series`.
    """
    numbers = _numbers(values)
    marks = labels(segments, values, "Seriens delar")
    usable = numbers[numbers > 0]
    bases = {mark: usable.index[marks[usable.index] == mark] for mark in marks.unique()}
    chosen = {mark: periods[0] for mark, periods in bases.items() if len(periods)}
    if base_period is not None:
        if base_period not in usable.index:
            raise MissingBaseError(f"Basperioden {base_period} saknar ett värde över noll.")
        chosen[marks[base_period]] = base_period
    return pd.Series([chosen.get(mark) for mark in marks], index=values.index, dtype=object)


def _numbers(values: pd.Series) -> pd.Series:
    if not values.index.is_unique:
        raise InvalidValuesError("Index: en period förekommer två gånger i serien.")
    return pd.Series(floats(values, "Index"), index=values.index)

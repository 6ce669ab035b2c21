"""Shared handling of input: floats with missing kept missing, results in the form of the input."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from affarsplan_data.statistics.errors import AcrossBreakError, InvalidValuesError

Array: TypeAlias = npt.NDArray[np.float64]
Numbers: TypeAlias = float | Sequence[float] | npt.NDArray[Any] | pd.Series


def floats(values: Any, what: str) -> Array:
    """Return ``values`` as floats with NaN for missing, in their own shape.

    Raises:
        InvalidValuesError: text, or an infinite value.
    """
    try:
        if isinstance(values, pd.Series) and values.dtype in ("float64", "int64"):
            array = values.to_numpy(dtype=float)
        elif isinstance(values, pd.Series | pd.DataFrame):
            array = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        else:
            array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidValuesError(f"{what}: värdena är inte tal ({error}).") from error
    if np.isinf(array).any():
        raise InvalidValuesError(f"{what}: ett värde är oändligt.")
    return array


def distribution(values: Any, what: str) -> Array:
    """Return one distribution over groups: one-dimensional, without negative values.

    Raises:
        InvalidValuesError: another shape, no groups, or a negative value.
    """
    array = floats(values, what)
    if array.ndim != 1 or array.size == 0:
        raise InvalidValuesError(
            f"{what}: ange en fördelning, alltså en lista med minst ett värde."
        )
    not_negative(array, what)
    return array


def not_negative(array: Array, what: str) -> None:
    """Raise :class:`InvalidValuesError` when a value is below zero."""
    if (array < 0).any():
        raise InvalidValuesError(f"{what}: ett värde är negativt ({np.nanmin(array):g}).")


def same_index(*values: object) -> None:
    """Raise :class:`InvalidValuesError` when two Series do not describe the same rows in order."""
    series = [value for value in values if isinstance(value, pd.Series)]
    for other in series[1:]:
        if not other.index.equals(series[0].index):
            raise InvalidValuesError("Två serier har olika index; para ihop dem först.")


def like(result: Any, *given: object) -> Any:
    """Return ``result`` with the index of the first Series given, else as array or float."""
    for value in given:
        if isinstance(value, pd.Series):
            return pd.Series(np.array(np.broadcast_to(result, value.shape)), index=value.index)
    return float(result) if np.ndim(result) == 0 else np.asarray(result)


def year_numbers(index: pd.Index) -> npt.NDArray[np.int64]:
    """Return an index of yearly periods (``"2024"``) as whole years.

    Raises:
        InvalidValuesError: a period is no year, or occurs twice.
    """
    texts = [str(period) for period in index]
    if wrong := [text for text in texts if not (len(text) == 4 and text.isdecimal())]:
        raise InvalidValuesError(f"Metoden gäller årsvärden, men en period är ”{wrong[0]}”.")
    if len(set(texts)) != len(texts):
        raise InvalidValuesError("Ett år förekommer två gånger i serien.")
    return np.array([int(text) for text in texts], dtype=np.int64)


def labels(marks: pd.Series | None, values: pd.Series, what: str) -> pd.Series:
    """Return ``marks`` (segment, vintage) for each period of ``values``; one single mark when None.

    Raises:
        InvalidValuesError: the marks have another index, or one is missing.
    """
    if marks is None:
        return pd.Series(0, index=values.index)
    same_index(values, marks)
    if marks.isna().any():
        raise InvalidValuesError(f"{what}: en period saknar märkning.")
    return marks


def same_segment(start: Any, end: Any, what: str) -> None:
    """Check that marks (one, or one per unit) do not change between two periods.

    Raises:
        AcrossBreakError: a mark changes.
        InvalidValuesError: a mark is missing, or two Series have different index.
    """
    same_index(start, end)
    before, after = np.asarray(start, dtype=object), np.asarray(end, dtype=object)
    if pd.isna(before).any() or pd.isna(after).any():
        raise InvalidValuesError(f"{what}: en period saknar märkning.")
    if np.any(before != after):
        raise AcrossBreakError(
            f"{what}: serien bryts mellan perioderna. Välj två perioder på samma sida om brottet."
        )


def part_and_whole(part: Any, whole: Any) -> tuple[Array, Array]:
    """Return part and whole, broadcast; an empty whole becomes missing.

    Raises:
        InvalidValuesError: a negative number, or a part above its whole.
    """
    some, everything = np.broadcast_arrays(floats(part, "Antal"), floats(whole, "Totalt"))
    not_negative(some, "Antal")
    not_negative(everything, "Totalt")
    if (some > everything).any():
        raise InvalidValuesError("Andel: delen är större än helheten.")
    return np.array(some), np.where(everything > 0, everything, np.nan)


def tail(level: float) -> float:
    """Return 1 − ``level``, the part of the distribution outside an interval.

    Raises:
        InvalidValuesError: the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise InvalidValuesError(f"Konfidensnivån ska ligga mellan 0 och 1, inte {level}.")
    return 1 - level


def interval_years(first: Any, last: Any, what: str) -> int:
    """Return the number of years from ``first`` to ``last``.

    Raises:
        InvalidValuesError: no year, or the last is not after the first.
    """
    start, end = (int(year_numbers(pd.Index([year]))[0]) for year in (first, last))
    if end <= start:
        raise InvalidValuesError(f"{what}: slutåret {last} ligger inte efter startåret {first}.")
    return end - start

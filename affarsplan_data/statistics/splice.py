"""Two versions of a series joined over a break by the years they share.

A spliced line is an estimate: show the series unspliced first, and spliced points as such.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import floats, year_numbers
from affarsplan_data.statistics.errors import InvalidValuesError


@dataclass(frozen=True)
class Splice:
    """An old series brought to the level of a new one.

    ``table`` is indexed by year in time order with ``value``, ``spliced`` (True for the old
    series' years, which are scaled) and ``published``, the value as it was published. ``factor`` is
    the geometric mean of new / old over ``overlap``; ``lowest`` and ``highest`` are the factors of
    single years and ``spread`` the highest over the lowest in percent, missing with a single year:
    one year cannot tell how steady the break is.
    """

    table: pd.DataFrame
    overlap: tuple[str, ...]
    factor: float
    lowest: float
    highest: float
    spread: float


def splice(old: pd.Series, new: pd.Series) -> Splice:
    """Scale ``old`` by k = new / old in the years both have, and put ``new`` after it.

    The new series stands unchanged from its first value; a year it lacks after that stays missing.

    Args:
        old: values by year before the break, any unit.
        new: values by year after it, the same unit.

    Raises:
        InvalidValuesError: no common year where both are above zero, or an index that is not yearly.
    """
    before, after = _by_year(old), _by_year(new)
    both = pd.concat({"old": before, "new": after}, axis="columns", join="inner")
    both = both[(both > 0).all(axis="columns")]
    if both.empty:
        raise InvalidValuesError(
            "Serierna har inget gemensamt år med värden över noll och kan inte kedjas. "
            "Visa dem var för sig."
        )
    factors = both["new"] / both["old"]
    factor = float(np.exp(np.log(factors).mean()))
    first = after.first_valid_index()
    earlier, later = before[before.index < first], after[after.index >= first]
    published = pd.concat([earlier, later])
    table = pd.DataFrame(
        {
            "value": pd.concat([earlier * factor, later]),
            "spliced": published.index < first,
            "published": published,
        }
    )
    table.index = table.index.astype(str)
    return Splice(
        table=table,
        overlap=tuple(str(year) for year in both.index),
        factor=factor,
        lowest=float(factors.min()),
        highest=float(factors.max()),
        spread=float(100 * (factors.max() / factors.min() - 1)) if len(both) > 1 else float("nan"),
    )


def _by_year(values: pd.Series) -> pd.Series:
    years = year_numbers(values.index)
    return pd.Series(floats(values, "Kedjning"), index=years).sort_index()

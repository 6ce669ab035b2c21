"""A ratio as a chain of ratios, so that a gap in gross regional product per inhabitant adds up.

ln(grp/population) = ln(grp/day) + ln(day/night) + ln(night/working age) + ln(working age/population):
productivity, commuting, employment and age structure. Differences to the reference are in log points
times 100, which lie near percent while they are small.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import Array, floats
from affarsplan_data.statistics.errors import InvalidValuesError

GRP_CHAIN = ("grp", "daytime", "nighttime", "working_age", "population")
GRP_PARTS = ("productivity", "commuting", "employment", "age")
# With the accounts' own number of employed between product and register, what differs between the
# two sources is a part of its own and not hidden in productivity.
GRP_CHAIN_TWO_SOURCES = ("grp", "employed_in_accounts", *GRP_CHAIN[1:])
GRP_PARTS_TWO_SOURCES = ("productivity", "sources", *GRP_PARTS[1:])


def log_decomposition(
    own: pd.DataFrame,
    reference: pd.Series,
    chain: Sequence[str] = GRP_CHAIN,
    parts: Sequence[str] = GRP_PARTS,
) -> pd.DataFrame:
    """Return differences to the reference in log points · 100, by part and in total.

    Part k is 100 · (ln(x_k / x_k+1) − the same in the reference).

    Args:
        own: one row per region with the quantities of ``chain`` as columns, any units.
        reference: the same quantities in the reference, in the same units.
        chain: the quantities in order; each is divided by the next.
        parts: a name for each quotient.

    Returns:
        One row per region: ``parts`` and ``total``, the difference in first / last quantity. The
        parts add up to the total. A part is missing when one of its quantities is missing or not
        above zero; the total only when its own two are.

    Raises:
        InvalidValuesError: a quantity lacks, or ``parts`` does not fit ``chain``.
    """
    if len(parts) != len(chain) - 1:
        raise InvalidValuesError("Uppdelning: det ska finnas ett namn för varje kvot i kedjan.")
    lacking = [name for name in chain if name not in own or name not in reference.index]
    if lacking:
        raise InvalidValuesError(f"Uppdelning: uppgiften {lacking[0]} saknas.")
    distance = _logs(own[list(chain)]) - _logs(reference[list(chain)])
    result = pd.DataFrame(distance[:, :-1] - distance[:, 1:], index=own.index, columns=list(parts))
    return result.assign(total=distance[:, 0] - distance[:, -1])


def _logs(values: pd.DataFrame | pd.Series) -> Array:
    numbers = floats(values, "Uppdelning")
    return 100 * np.log(np.where(numbers > 0, numbers, np.nan))

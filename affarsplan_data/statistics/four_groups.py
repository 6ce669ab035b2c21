"""Women and men by native- and foreign-born, side by side: the default table of diversity."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from affarsplan_data.statistics._values import floats
from affarsplan_data.statistics.disclosure import Disclosure, disclosure
from affarsplan_data.statistics.errors import InvalidValuesError
from affarsplan_data.statistics.intervals import difference_of_shares_interval

Group: TypeAlias = tuple[str, str]

GROUPS: tuple[Group, ...] = (
    ("women", "native"),
    ("women", "foreign"),
    ("men", "native"),
    ("men", "foreign"),
)


@dataclass(frozen=True)
class FourGroups:
    """The four groups, women first.

    ``table`` is indexed by (sex, birth) and has ``value`` (missing when hidden), ``count`` and
    ``base``, ``shown`` (:class:`Disclosure`), ``difference`` to the reference group with ``low`` and
    ``high``. ``spread`` is the highest value minus the lowest: missing unless all four can be shown,
    since a spread over fewer groups would look smaller than it is; ``highest`` and ``lowest`` are
    then None.
    """

    table: pd.DataFrame
    reference: Group
    spread: float
    highest: Group | None
    lowest: Group | None

    @property
    def hidden(self) -> tuple[Group, ...]:
        """Return the groups whose value the small-number rule hides."""
        return tuple(g for g in GROUPS if self.table.at[g, "shown"] is Disclosure.HIDDEN)

    @property
    def revealed_by_total(self) -> bool:
        """Return whether one single group is hidden, so that a total beside it gives it away."""
        return len(self.hidden) == 1


def four_groups(rows: pd.DataFrame, reference: Group = ("men", "native")) -> FourGroups:
    """Return the four groups of one figure (one region, one period) as a table.

    Only rows that are published for both sex and birth are used. A group is never made by
    subtraction: from totals with random noise that gives figures that no one has published.

    Args:
        rows: one row per group with ``sex``, ``birth`` and ``value``; ``count`` (numerator) and
            ``base`` (denominator) where they are known. Totals may stand among the rows. The
            differences get a 95 % interval, in percentage points, where both groups have counts;
            use it for shares in percent only.
        reference: the group that the others are compared with.

    Raises:
        InvalidValuesError: a group stands twice, a column lacks, or the reference is no group.
    """
    if reference not in GROUPS:
        raise InvalidValuesError(f"Fyra grupper: ”{reference}” är ingen av grupperna.")
    table = _table(rows)
    difference = table["value"] - table.at[reference, "value"]
    low, high = _difference_interval(table, reference)
    known = table["value"].dropna()
    all_four = len(known) == len(GROUPS)
    return FourGroups(
        table=table.assign(difference=difference, low=low, high=high),
        reference=reference,
        spread=float(known.max() - known.min()) if all_four else float("nan"),
        highest=GROUPS[int(table["value"].argmax())] if all_four else None,
        lowest=GROUPS[int(table["value"].argmin())] if all_four else None,
    )


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return value, count and base of the four groups, with hidden values taken out."""
    if lacking := [name for name in ("sex", "birth", "value") if name not in rows]:
        raise InvalidValuesError(f"Fyra grupper: kolumnen {lacking[0]} saknas.")
    index = pd.MultiIndex.from_arrays([rows["sex"].astype(str), rows["birth"].astype(str)])
    own = index.isin(GROUPS)
    if index[own].has_duplicates:
        raise InvalidValuesError("Fyra grupper: en grupp står två gånger. Välj region och period.")
    numbers = pd.DataFrame(
        {
            name: floats(rows[name], name) if name in rows else np.nan
            for name in ("value", "count", "base")
        },
        index=index,
    )
    groups = pd.MultiIndex.from_tuples(GROUPS, names=["sex", "birth"])
    table = numbers[own].reindex(groups)
    table["shown"] = disclosure(table["count"], table["base"])
    hidden = table["shown"].map(lambda shown: shown is Disclosure.HIDDEN)
    table["value"] = table["value"].where(~hidden)
    return table


def _difference_interval(table: pd.DataFrame, reference: Group) -> tuple[pd.Series, pd.Series]:
    """Return Newcombe's interval for value − reference, missing for the reference itself."""
    shown = table["value"].notna()
    count, base = table["count"].where(shown), table["base"].where(shown)
    low, high = difference_of_shares_interval(
        count, base, float(count[reference]), float(base[reference])
    )
    other = pd.Series([group != reference for group in GROUPS], index=table.index)
    return 100 * low.where(other), 100 * high.where(other)

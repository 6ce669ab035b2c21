"""Decoupling: does the economy grow while its pressure on the environment falls?

Both series are always shown; their ratio alone hides which of them moved.
"""

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from affarsplan_data.statistics._values import labels, same_index
from affarsplan_data.statistics.index import index_series


class DecouplingVerdict(StrEnum):
    """What the two indices show, in the words of the report."""

    ABSOLUTE = "ekonomin har vuxit medan belastningen har minskat"
    RELATIVE = "belastningen har ökat mindre än ekonomin"
    NONE = "belastningen har ökat minst lika mycket som ekonomin"
    NO_GROWTH = "ekonomin har inte vuxit"
    UNKNOWN = "kan inte bedömas"


@dataclass(frozen=True)
class Decoupling:
    """Two indices side by side, ``base`` = 100.

    ``table`` has ``economy`` and ``pressure`` by year. ``verdict`` is about ``base`` to ``last``,
    the newest year with both on the same side of every break as the base; None when there is none.
    """

    table: pd.DataFrame
    base: str
    last: str | None
    verdict: DecouplingVerdict


def decoupling(
    economy: pd.Series, pressure: pd.Series, base: str, segments: pd.Series | None = None
) -> Decoupling:
    """Return both series as index with ``base`` = 100, and what they show.

    Args:
        economy: volume of the economy (fixed prices) by year in time order, any unit.
        pressure: emissions or another pressure, the same years, any unit.
        base: the year set to 100.
        segments: a mark for each year that changes at a break in either series. Other segments than
            the base's are left missing, since they have no common 100.

    Raises:
        MissingBaseError: a series has no value above zero in ``base``.
        InvalidValuesError: the series have different years, or a mark is missing.
    """
    same_index(economy, pressure)
    marks = labels(segments, economy, "Seriens delar")
    table = pd.DataFrame(
        {
            "economy": index_series(economy, base, marks),
            "pressure": index_series(pressure, base, marks),
        }
    )
    table = table.where(marks == marks[base])
    years = table.dropna().index
    last = years[-1] if len(years) and years[-1] != base else None
    verdict = DecouplingVerdict.UNKNOWN if last is None else _verdict(*table.loc[last])
    return Decoupling(table, base, last, verdict)


def _verdict(economy: float, pressure: float) -> DecouplingVerdict:
    if economy <= 100:
        return DecouplingVerdict.NO_GROWTH
    if pressure < 100:
        return DecouplingVerdict.ABSOLUTE
    return DecouplingVerdict.RELATIVE if pressure < economy else DecouplingVerdict.NONE

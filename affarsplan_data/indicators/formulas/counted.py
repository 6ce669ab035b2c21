"""Published shares, and gaps between them, with intervals from the numbers of persons behind them.

The published share is the value. The numbers give the width of the interval, laid around the value, and
are left out where the data lack them: the value then stands without an interval.
"""

import numpy as np
import pandas as pd

from affarsplan_data import statistics
from affarsplan_data.indicators.formulas.frames import (
    Frames,
    Parameters,
    fitting,
    join,
    side_by_side,
)
from affarsplan_data.statistics.disclosure import HIDE_DENOMINATOR_BELOW


def published_share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """The published share in percent with a Wilson interval."""
    joined = _counted(frames)
    part, whole = fitting(joined["part"], joined["whole"])
    low, high = statistics.wilson_interval(part, whole)
    share = part / whole
    return joined.assign(
        low=joined["value"] - 100 * (share - low),
        high=joined["value"] + 100 * (high - share),
        count=joined["part"],
        base=joined["whole"],
    )


def share_gap_women_men(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Women's published share minus men's, percentage points, with Newcombe's interval."""
    return _share_gap(frames, "sex", ("women", "men"))


def share_gap_foreign_native(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Foreign-born's published share minus native-born's, percentage points, Newcombe's interval."""
    return _share_gap(frames, "birth", ("foreign", "native"))


def share_of_two(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · part / (part + other) with a Wilson interval: unemployed of all in the labour force."""
    joined = join({"part": frames["part"], "other": frames["other"]})
    both = joined["part"] + joined["other"]
    whole = both.where(both > 0)
    low, high = statistics.wilson_interval(joined["part"], whole)
    return joined.assign(
        value=100 * joined["part"] / whole,
        low=100 * low,
        high=100 * high,
        count=joined["part"],
        base=both,
    )


def _counted(frames: Frames) -> pd.DataFrame:
    return join({name: frames[name] for name in ("value", "part", "whole")}, how="left")


def _share_gap(frames: Frames, dimension: str, groups: tuple[str, str]) -> pd.DataFrame:
    counted = _counted(frames)
    columns = {
        name: counted.drop(columns=["value", "part", "whole"]).assign(value=counted[name])
        for name in ("value", "part", "whole")
    }
    first, second = groups
    wide = side_by_side(columns["value"], dimension, groups)
    parts = side_by_side(columns["part"], dimension, groups)
    wholes = side_by_side(columns["whole"], dimension, groups)
    one, other = (fitting(parts[group], wholes[group]) for group in groups)
    gap = 100 * (one[0] / one[1] - other[0] / other[1])
    low, high = statistics.gap_interval_pp(*one, *other)
    value = statistics.gap_pp(wide[first], wide[second])
    count, base = _smallest(parts, wholes, groups)
    return wide.assign(
        value=value, low=value - (gap - low), high=value + (high - gap), count=count, base=base
    )


def _smallest(
    parts: pd.DataFrame, wholes: pd.DataFrame, groups: tuple[str, str]
) -> tuple[pd.Series, pd.Series]:
    """Return count and base of the group that the small-number rule bites first.

    A base under the rule's limit comes first, then the fewest inside or outside the part.
    """
    cells = [np.fmin(parts[group], wholes[group] - parts[group]) for group in groups]
    fewest = [
        cell.where(wholes[group] >= HIDE_DENOMINATOR_BELOW, -1.0).where(wholes[group].notna())
        for cell, group in zip(cells, groups, strict=True)
    ]
    second = (fewest[1] < fewest[0]) | fewest[0].isna()
    first = ~second
    count = parts[groups[0]].where(first, parts[groups[1]])
    return count, wholes[groups[0]].where(first, wholes[groups[1]])

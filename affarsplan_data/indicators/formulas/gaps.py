"""Differences and ratios between two groups."""

import pandas as pd

from affarsplan_data import statistics
from affarsplan_data.indicators.formulas.frames import (
    Frames,
    Parameters,
    by_sex,
    fitting,
    side_by_side,
)
from affarsplan_data.indicators.formulas.shares import share


def women_per_men(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · women / men."""
    wide = by_sex(frames["value"])
    return wide.assign(value=statistics.ratio_percent(wide["women"], wide["men"]))


def women_share_per_men_share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · (women's part / women's whole) / (men's part / men's whole) with a log-normal interval.

    ``count`` and ``base`` are those of the sex with the fewest in the part.
    """
    counted = share(frames, parameters).drop(columns=["low", "high", "count", "base"])
    parts = by_sex(counted.assign(value=counted["part"]))
    wholes = by_sex(counted.assign(value=counted["whole"]))
    numbers = [number for sex in ("women", "men") for number in fitting(parts[sex], wholes[sex])]
    low, high = statistics.representation_interval(*numbers)
    women_fewer = parts["women"] <= parts["men"]
    return parts.assign(
        value=100 * statistics.representation_ratio(*numbers),
        low=100 * low,
        high=100 * high,
        count=parts["women"].where(women_fewer, parts["men"]),
        base=wholes["women"].where(women_fewer, wholes["men"]),
    )


def women_minus_men(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Women minus men, in percentage points when the input is a share in percent."""
    wide = by_sex(frames["value"])
    return wide.assign(value=statistics.gap_pp(wide["women"], wide["men"]))


def foreign_minus_native(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Foreign-born minus native-born, in percentage points when the input is a share in percent."""
    wide = side_by_side(frames["value"], "birth", ("foreign", "native"))
    return wide.assign(value=wide["foreign"] - wide["native"])

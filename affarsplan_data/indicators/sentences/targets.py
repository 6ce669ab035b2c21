"""Where a figure lies beside a stated band or path: an even spread of the sexes, a decided cut."""

import math

import pandas as pd

from affarsplan_data import statistics, swedish
from affarsplan_data.indicators.sentences import words
from affarsplan_data.indicators.sentences.over_time import newest_segment
from affarsplan_data.indicators.values import IndicatorValues


def band(values: IndicatorValues, region: str, period: str, **dimensions: str) -> str:
    """Return where a figure lies beside the indicator's target band; empty without band or figure.

    When the figure's interval reaches across an end of the band, the position is not certain.
    """
    about = values.indicator
    row = values.row(region, period, **dimensions)
    if about.target_band is None or row is None or pd.isna(row["value"]):
        return ""
    low, high = about.target_band
    ends = f"{swedish.number(low)}–{swedish.number(high)}"
    span = words.with_unit(high, about.spoken_unit, 0)
    named = f"målbandet {ends}{span.removeprefix(swedish.number(high))}"
    what = f"Värdet {words.amount(row['value'], about)}"
    if low == high:
        return _single(what, row, low, about.difference_unit, about.decimals)
    position = statistics.band_position(float(row["value"]), about.target_band)
    crossed = [end for end in (low, high) if row["low"] < end < row["high"]]
    inside = position is statistics.BandPosition.INSIDE
    if crossed:
        return f"{what} ligger inte säkert {'inom' if inside else 'utanför'} {named}."
    if inside:
        return f"{what} ligger inom {named}."
    away = statistics.band_distance(float(row["value"]), about.target_band)
    side = "under" if away < 0 else "över"
    return f"{what} ligger {words.distance(away, about)} {side} {named}."


def _single(what: str, row: pd.Series, target: float, unit: str, decimals: int) -> str:
    """Return the distance to a target that is one value."""
    named = f"målvärdet {swedish.number(target)}"
    away = float(row["value"]) - target
    if row["low"] < target < row["high"]:
        return f"{what} är inte säkert skilt från {named}."
    if round(away, decimals) == 0:
        return f"{what} är lika med {named}."
    size = words.with_unit(abs(away), unit, decimals)
    return f"{what} ligger {size} {'under' if away < 0 else 'över'} {named}."


def corridor(
    values: IndicatorValues,
    region: str,
    *,
    base_year: str,
    target_year: str,
    share_left: float,
) -> str:
    """Return the newest figure beside the path to a decided level, and the yearly cut that is left.

    Use it only where a plan or a decided strategy gives the number. Empty where the base year is not in
    the newest unbroken series, or the target year has passed.

    Args:
        values: a quantity that is to be cut.
        region: whose figures.
        base_year: the year that counts as 100.
        target_year: when ``share_left`` is to be reached.
        share_left: what is left then, as a fraction: 0.25 for a cut by 75 percent.
    """
    series = newest_segment(values, region).set_index("period")["value"]
    if base_year not in series.index or series[base_year] <= 0:
        return ""
    last = str(series.index[-1])
    if not base_year < last < target_year:
        return ""
    now = 100 * float(series[last]) / float(series[base_year])
    path = statistics.corridor([last], base_year, target_year, share_left)[last]
    cut = statistics.needed_cut(now, last, target_year, share_left)
    word = "över" if now > path else "under"
    side = "på målbanan" if math.isclose(now, path, abs_tol=0.5) else f"{word} målbanan"
    return (
        f"{words.noun(values.indicator)} i {words.place(region)} låg {last} på {swedish.number(now)} "
        f"({base_year} = 100), {side} som då ligger på {swedish.number(path)}. För att nå "
        f"{swedish.number(100 * share_left)} till {target_year} behövs en minskning med "
        f"{swedish.with_unit(cut, 'procent', 1)} per år från {last}."
    )

"""How figures have developed: inside an unbroken series, and a trend only where eight points carry it."""

from dataclasses import dataclass

import pandas as pd

from affarsplan_data import statistics, swedish
from affarsplan_data.catalogue import ROLLING, Indicator
from affarsplan_data.indicators.behind import behind
from affarsplan_data.indicators.sentences import words
from affarsplan_data.indicators.sentences.certainty import Relation, compare, is_share
from affarsplan_data.indicators.sentences.groups import FOREIGN, MEN, NATIVE, WOMEN, Group
from affarsplan_data.indicators.values import IndicatorValues
from affarsplan_data.statistics import GapDevelopment, GapVerdict

NO_TREND = "ingen säker trend"
ONE_YEAR = "ett enda år"
NOT_TESTED = "prövas inte"
"""Rolling windows share years with each other, and plain numbers grow with the population: neither is
put to a trend test."""


def development(values: IndicatorValues, region: str, sex: str = "total") -> str:
    """Return how the newest segment has developed, in words that keep the eight-point rule."""
    series = newest_segment(values, region, sex)
    if len(series) < 2:
        return ONE_YEAR
    if values.indicator.formula.function in ROLLING or not values.indicator.comparable_size:
        return NOT_TESTED
    if series["period"].str.len().max() > len("2024"):
        return NO_TREND
    verdict = statistics.trend(series.set_index("period")["value"]).verdict
    if verdict == statistics.TrendVerdict.RISING:
        return "ökar"
    if verdict == statistics.TrendVerdict.FALLING:
        return "minskar"
    return NO_TREND


def newest_segment(
    values: IndicatorValues, region: str, sex: str = "total", years: int = 1
) -> pd.DataFrame:
    """Return the rows of the newest unbroken series of a region, in period order.

    Series with fewer than ``years`` years are passed over; an empty frame means that none is left.
    """
    return _unbroken(values.series(region, sex=sex), years)


def _unbroken(frame: pd.DataFrame, years: int = 1) -> pd.DataFrame:
    long = frame[frame.groupby("segment")["period"].transform("size") >= years]
    return long if long.empty else long[long["segment"] == long["segment"].iloc[-1]]


def since(values: IndicatorValues, region: str, start: int | None = None, **dimensions: str) -> str:
    """Return the change since the year ``start``, and the trend word.

    Only the newest unbroken series is used; a ``start`` before it is moved to its first year, and the
    sentence says so. Of months and quarters the same one is compared. Empty for growth over windows,
    which share years, and where there are no two years.
    """
    about = values.indicator
    if about.formula.function in ROLLING or words.is_gap(about):
        return ""
    if about.formula.function == "index" and start is None:
        # The level is already said as a change since the base.
        return _trend(values, region, **dimensions)
    series = _same_part_of_year(_unbroken(values.series(region, **dimensions)))
    first, late = _first(series, start)
    if first is None:
        return ""
    last = series.iloc[-1]
    years = f"{swedish.period(first['period'])} till {swedish.period(last['period'])}"
    preliminary = " (preliminärt)" if last["preliminary"] else ""
    what = f"{about.noun}{words.among(dimensions, about)} i {words.place(region)}"
    text = f"Från {years}{preliminary} har {what} {_moved(first, last, values)}"
    if late:
        text += f"; serien är jämförbar först från {swedish.period(first['period'])}"
    return words.joined([f"{text}.", _trend(values, region, **dimensions)])


def _same_part_of_year(series: pd.DataFrame) -> pd.DataFrame:
    return (
        series
        if series.empty
        else series[series["period"].str[4:] == series["period"].iloc[-1][4:]]
    )


def _first(series: pd.DataFrame, start: int | None) -> tuple[pd.Series | None, bool]:
    """Return the row to count from, and whether the series begins after the year asked for."""
    if len(series) < 2:
        return None, False
    if start is None:
        return series.iloc[0], False
    later = series[series["period"].str[:4].astype(int) >= start]
    if len(later) < 2:
        return None, False
    return later.iloc[0], int(later["period"].iloc[0][:4]) > start


def _moved(first: pd.Series, last: pd.Series, values: IndicatorValues) -> str:
    about = values.indicator
    before, now = (words.amount(row["value"], about) for row in (first, last))
    found = compare(last, first, about).relation
    if before == now and found.is_certain:
        return f"legat kvar på {now}"
    if found is Relation.EQUAL:
        return f"i stort sett legat stilla, från {before} till {now}"
    if not found.is_certain:
        return f"inte säkert förändrats ({before} då, {now} nu)"
    return f"{'stigit' if found is Relation.HIGHER else 'sjunkit'} från {before} till {now}"


def _trend(values: IndicatorValues, region: str, sex: str = "total", **others: str) -> str:
    if any(value != "total" for value in others.values()):
        return ""
    word = development(values, region, sex)
    if word in (ONE_YEAR, NOT_TESTED):
        return ""
    series = newest_segment(values, region, sex)
    span = f"{series['period'].iloc[0]}–{series['period'].iloc[-1]}"
    if word == NO_TREND:
        return f"{swedish.upper_first(NO_TREND)} {span}."
    return f"Serien {span} visar en säker trend: den {word}."


def gap_since(
    values: IndicatorValues,
    region: str,
    start: int | None = None,
    groups: tuple[Group, Group] = (WOMEN, MEN),
    within: Group | None = None,
) -> str:
    """Return whether the gap between two groups has closed since ``start``, and from which side.

    Works on the newest unbroken series that the groups share. For an indicator that is itself a
    difference, the groups are those behind it. Empty where the statistics do not carry a statement.

    Args:
        values: an indicator with the groups, or a difference between them.
        region: whose gap.
        start: the first year; the first of the series when None.
        groups: the group that comes first in the difference, and the other.
        within: what both groups are limited to (``{"sex": "women"}``).
    """
    limits = dict(within or {})
    if words.is_gap(values.indicator):
        parts = behind(values)
        by_sex = words.GAPS[values.indicator.formula.function] == "women"
        groups = (WOMEN, MEN) if by_sex else (FOREIGN, NATIVE)
        return gap_since(parts, region, start, groups, limits) if parts else ""
    about = values.indicator
    if about.formula.function in {*ROLLING, "index"} or not about.comparable_size:
        return ""
    pair = [
        _same_part_of_year(_unbroken(values.series(region, **(dict(group) | limits))))
        for group in groups
    ]
    shared = _shared(*pair)
    first, late = _first(shared[0], start)
    if first is None or not about.ranked:
        return ""
    names = [words.group(dict(group) | limits, about) for group in groups]
    found = _gap(shared, str(first["period"]))
    return "" if found is None else _told(found, _Pair(names, shared, about, region, late))


@dataclass(frozen=True)
class _Pair:
    """Two groups' series of the same periods; ``late`` when they begin after the year asked for."""

    names: list[str]
    series: list[pd.DataFrame]
    about: Indicator
    region: str
    late: bool

    def moved(self, group: int, start: str) -> Relation:
        """Return what may be said of a group's last figure beside that of the year ``start``."""
        rows = self.series[group]
        first = rows[rows["period"].str[:4] == start].iloc[0]
        return compare(rows.iloc[-1], first, self.about).relation


def _shared(one: pd.DataFrame, other: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the periods that both groups have in their newest unbroken series."""
    periods = set(one["period"]) & set(other["period"])
    return [frame[frame["period"].isin(periods)] for frame in (one, other)]


def _gap(pair: list[pd.DataFrame], start: str) -> GapDevelopment | None:
    """Return how the gap developed; None where the figures have intervals but not the numbers behind."""
    end = str(pair[0]["period"].iloc[-1])
    ends = [frame[frame["period"].isin([start, end])] for frame in pair]
    counted = all(is_share(row) for frame in ends for _, row in frame.iterrows())
    if not counted and any(frame["low"].notna().any() for frame in ends):
        return None
    years = [frame.set_index(frame["period"].str[:4]) for frame in ends]
    counts = tuple(frame[["count", "base"]].set_axis(["count", "total"], axis=1) for frame in years)
    return statistics.gap_development(
        years[0]["value"],
        years[1]["value"],
        start[:4],
        end[:4],
        counts=(counts[0], counts[1]) if counted else None,
    )


def _told(found: GapDevelopment, pair: _Pair) -> str:
    about = pair.about
    what = f"Skillnaden mellan {pair.names[0]} och {pair.names[1]} i {words.place(pair.region)}"
    sizes = [words.distance(gap, about) for gap in (found.start_gap, found.end_gap)]
    start = f" (första jämförbara året {found.start})" if pair.late else ""
    preliminary = any(frame["preliminary"].iloc[-1] for frame in pair.series)
    end = f"{found.end} (preliminärt)" if preliminary else found.end
    span = f"från {found.start}{start} till {end}"
    if found.verdict is GapVerdict.UNCERTAIN:
        return f"{what} har inte säkert förändrats {span} ({sizes[0]} då, {sizes[1]} nu)."
    if found.verdict is GapVerdict.UNCHANGED or round(found.change, about.decimals) == 0:
        return f"{what} är oförändrad {span} ({sizes[1]})."
    way = f"{span}, {sizes[0]} då och {sizes[1]} nu"
    side = "högre" if found.end_gap > 0 else "lägre"
    turned = f"; {pair.names[0]} ligger nu {side}" if found.reversed else ""
    if found.verdict is GapVerdict.WIDENED:
        return f"{what} har ökat {way}{turned}."
    return f"{what} har minskat {way}{_cause(found, pair)}{turned}."


def _cause(found: GapDevelopment, pair: _Pair) -> str:
    """Say what closed the gap: the lower group's rise, the higher group's fall, or both.

    Only what each group's own figures carry is said.
    """
    low, high = (0, 1) if found.start_gap < 0 else (1, 0)
    noun = pair.about.noun
    rose = pair.moved(low, found.start) is Relation.HIGHER
    fell = pair.moved(high, found.start) is Relation.LOWER
    risen = f"{noun} bland {pair.names[low]} har stigit"
    fallen = f"{noun} bland {pair.names[high]} har sjunkit"
    if found.verdict is GapVerdict.CLOSED_UPWARDS and rose:
        return f", genom att {risen} mer än bland {pair.names[high]}"
    if found.verdict is GapVerdict.CLOSED_DOWNWARDS and fell:
        return f", genom att {fallen} mer än bland {pair.names[low]}"
    if found.verdict is GapVerdict.CLOSED_BOTH_WAYS and (rose or fell):
        said = [text for text, is_so in ((risen, rose), (fallen, fell)) if is_so]
        return f", genom att {' och '.join(said)}"
    return "; vilken grupp som har närmat sig den andra är inte säkert"

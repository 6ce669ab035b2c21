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

RISING, FALLING = "ökar", "minskar"
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
    about = values.indicator
    if about.formula.function in ROLLING or not (about.comparable_size and about.bears_growth):
        return NOT_TESTED
    if series["period"].str.len().max() > len("2024"):
        return NO_TREND
    verdict = statistics.trend(series.set_index("period")["value"]).verdict
    if verdict == statistics.TrendVerdict.RISING:
        return RISING
    if verdict == statistics.TrendVerdict.FALLING:
        return FALLING
    return NO_TREND


def newest_segment(
    values: IndicatorValues, region: str, sex: str = "total", years: int = 1
) -> pd.DataFrame:
    """Return the rows of the newest unbroken series of a region, in period order.

    Series with fewer than ``years`` years are passed over; an empty frame means that none is left.
    """
    return _unbroken(values.series(region, sex=sex), years)


def _unbroken(frame: pd.DataFrame, years: int = 1) -> pd.DataFrame:
    segments = frame["segment"].to_numpy()
    if len(frame) >= years and (segments == segments[-1:]).all():
        return frame
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


@dataclass(frozen=True)
class Change:
    """The last figure of an unbroken series minus the first; of a gap, by its size."""

    first: str
    last: str
    difference: float
    relation: Relation


def change(
    values: IndicatorValues, region: str, start: int | None = None, **dimensions: str
) -> Change | None:
    """Return the change inside the newest unbroken series, from ``start`` when it is given.

    Of months and quarters the same one is compared. None for growth over windows, which share years,
    for figures too rough to compare, and where there are no two years.
    """
    about = values.indicator
    if about.formula.function in ROLLING or not about.bears_growth:
        return None
    first, _ = _first(_same_part_of_year(_unbroken(values.series(region, **dimensions))), start)
    if first is None:
        return None
    last = _unbroken(values.series(region, **dimensions)).iloc[-1]
    found = compare(last, first, about)
    return Change(str(first["period"]), str(last["period"]), found.difference, found.relation)


def signed_change(found: Change, values: IndicatorValues, trend: str) -> str:
    """Return a change as a table prints it.

    With one decimal more than the values where it would be printed as none beside a trend that is sure.
    """
    decimals = values.indicator.decimals
    if trend in (RISING, FALLING) and round(found.difference, decimals) == 0:
        decimals += 1
    return swedish.signed(found.difference, decimals)


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
    found = gap_change(values, region, start, groups, within)
    return "" if found is None else _told(found)


def gap_change(
    values: IndicatorValues,
    region: str,
    start: int | None = None,
    groups: tuple[Group, Group] = (WOMEN, MEN),
    within: Group | None = None,
) -> "GapChange | None":
    """Return how the gap between two groups has developed since ``start``, in figures.

    Arguments and rules as for :func:`gap_since`; None where that has nothing to say.
    """
    limits = dict(within or {})
    if words.is_gap(values.indicator):
        parts = behind(values)
        by_sex = words.GAPS[values.indicator.formula.function] == "women"
        groups = (WOMEN, MEN) if by_sex else (FOREIGN, NATIVE)
        return gap_change(parts, region, start, groups, limits) if parts else None
    about = values.indicator
    if about.formula.function in {*ROLLING, "index"} or not about.comparable_size:
        return None
    pair = [
        _same_part_of_year(_unbroken(values.series(region, **(dict(group) | limits))))
        for group in groups
    ]
    shared = _shared(*pair)
    first, late = _first(shared[0], start)
    if first is None or not about.ranked:
        return None
    names = (
        words.group(dict(groups[0]) | limits, about),
        words.group(dict(groups[1]) | limits, about),
    )
    found = _gap(shared, str(first["period"]))
    return None if found is None else GapChange(found, names, tuple(shared), about, region, late)


@dataclass(frozen=True)
class GapChange:
    """The gap between two groups at two years of one unbroken series.

    ``found`` has the sizes and the verdict, ``names`` the groups in its order, ``series`` their figures.
    ``late`` says that they begin after the year asked for.
    """

    found: GapDevelopment
    names: tuple[str, str]
    series: tuple[pd.DataFrame, ...]
    about: Indicator
    region: str
    late: bool

    @property
    def verdict(self) -> GapVerdict:
        """How the gap has changed; a change that is not seen when it is rounded is none."""
        verdict = self.found.verdict
        if verdict is GapVerdict.UNCERTAIN or round(self.found.change, self.about.decimals):
            return verdict
        return GapVerdict.UNCHANGED

    @property
    def preliminary(self) -> bool:
        """Whether any group's last figure is preliminary."""
        return any(bool(frame["preliminary"].iloc[-1]) for frame in self.series)

    @property
    def closed_by(self) -> tuple[str, ...]:
        """What closed a gap, as far as each group's own figures carry it: ``rise``, ``fall`` or both.

        ``rise`` is that of the group that was lower, ``fall`` that of the one that was higher. Empty for
        a gap that has not closed, and where it is not certain which group has come nearer.
        """
        low, high = (0, 1) if self.found.start_gap < 0 else (1, 0)
        ways = {
            GapVerdict.CLOSED_UPWARDS: ("rise",),
            GapVerdict.CLOSED_DOWNWARDS: ("fall",),
            GapVerdict.CLOSED_BOTH_WAYS: ("rise", "fall"),
        }.get(self.verdict, ())
        certain = {
            "rise": self._moved(low) is Relation.HIGHER,
            "fall": self._moved(high) is Relation.LOWER,
        }
        return tuple(way for way in ways if certain[way])

    def _moved(self, group: int) -> Relation:
        """Return what may be said of a group's last figure beside its first."""
        rows = self.series[group]
        first = rows[rows["period"].str[:4] == self.found.start].iloc[0]
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


def _told(change: GapChange) -> str:
    found, about, names = change.found, change.about, change.names
    what = f"Skillnaden mellan {names[0]} och {names[1]} i {words.place(change.region)}"
    sizes = [words.distance(gap, about) for gap in (found.start_gap, found.end_gap)]
    start = f" (första jämförbara året {found.start})" if change.late else ""
    end = f"{found.end} (preliminärt)" if change.preliminary else found.end
    span = f"från {found.start}{start} till {end}"
    if change.verdict is GapVerdict.UNCERTAIN:
        return f"{what} har inte säkert förändrats {span} ({sizes[0]} då, {sizes[1]} nu)."
    if change.verdict is GapVerdict.UNCHANGED:
        return f"{what} är oförändrad {span} ({sizes[1]})."
    way = f"{span}, {sizes[0]} då och {sizes[1]} nu"
    side = "högre" if found.end_gap > 0 else "lägre"
    turned = f"; {names[0]} ligger nu {side}" if found.reversed else ""
    if change.verdict is GapVerdict.WIDENED:
        return f"{what} har ökat {way}{turned}."
    return f"{what} har minskat {way}{_cause(change)}{turned}."


def _cause(change: GapChange) -> str:
    """Say what closed the gap: the lower group's rise, the higher group's fall, or both."""
    low, high = (0, 1) if change.found.start_gap < 0 else (1, 0)
    noun, names = change.about.noun, change.names
    said = {
        "rise": f"{noun} bland {names[low]} har stigit",
        "fall": f"{noun} bland {names[high]} har sjunkit",
    }
    ways = change.closed_by
    if not ways:
        return "; vilken grupp som har närmat sig den andra är inte säkert"
    if change.verdict is GapVerdict.CLOSED_BOTH_WAYS:
        return f", genom att {' och '.join(said[way] for way in ways)}"
    other = names[high] if ways == ("rise",) else names[low]
    return f", genom att {said[ways[0]]} mer än bland {other}"

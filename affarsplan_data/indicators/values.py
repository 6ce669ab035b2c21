"""An indicator's values seen from one region: newest figure, distance to riket, rank, women and men."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from math import isnan
from numbers import Integral

import numpy as np
import numpy.typing as npt
import pandas as pd

from affarsplan_data import regions, statistics
from affarsplan_data.catalogue import Indicator, load_catalogue
from affarsplan_data.indicators.evaluate import evaluated
from affarsplan_data.indicators.places import NONE, Places
from affarsplan_data.indicators.rebasing import rebased
from affarsplan_data.parameters import DEFAULT_DATA, ParameterError

MIN_RANKED = 15
"""A rank is given only when at least this many of the 21 counties have a value."""
RANK_WINDOWS = 3
"""Over how many of the last periods the range of a county's places is told."""


@dataclass(frozen=True)
class Standing:
    """Where a region stands: ``rank`` of ``of`` counties with the distance to the nearest on each side.

    ``above`` and ``below`` are the values of the counties ranked just before and just after, or None;
    ``shared`` says that other counties have the same place.
    """

    region: str
    period: str
    value: float
    rank: int
    of: int
    above: float | None
    below: float | None
    shared: bool = False


@dataclass(frozen=True)
class RankSpan:
    """The best and the worst place of a county in the last periods, from ``first`` to ``last``."""

    best: int
    worst: int
    first: str
    last: str


@dataclass(frozen=True)
class IndicatorValues:
    """One indicator's values up to ``year``, for all regions. ``frame`` has evaluate's columns.

    ``data`` is the set of data that they are computed from.
    """

    indicator: Indicator
    frame: pd.DataFrame
    data: str = DEFAULT_DATA

    @cached_property
    def _places(self) -> Places:
        return Places(self.frame)

    @cached_property
    def _numbers(self) -> npt.NDArray[np.float64]:
        return self.frame["value"].to_numpy(dtype=float)

    def row(
        self,
        region: str,
        period: str,
        sex: str = "total",
        birth: str = "total",
        industry: str = "total",
        category: str = "total",
    ) -> pd.Series | None:
        """Return the row of one figure, or None when the statistics have none."""
        place = self._places.figure(region, period, sex, birth, industry, category)
        return None if place is None else self.frame.iloc[place]

    def value(self, region: str, period: str, **dimensions: str) -> float | None:
        """Return one value, or None when it is missing; dimensions as for :meth:`row`."""
        place = self._places.figure(region, period, **dimensions)
        return None if place is None or isnan(self._numbers[place]) else float(self._numbers[place])

    def series(
        self,
        region: str,
        sex: str = "total",
        birth: str = "total",
        industry: str = "total",
        category: str = "total",
    ) -> pd.DataFrame:
        """Return the rows of a region and a group that have a value, in period order."""
        places = self._places.series.get((region, sex, birth, industry, category), NONE)
        known = places[~np.isnan(self._numbers[places])]
        rows = self.frame.take(known)
        rows.index = pd.RangeIndex(len(rows))
        return rows

    def at(
        self,
        period: str,
        *,
        sex: str = "total",
        birth: str = "total",
        industry: str | None = "total",
        category: str = "total",
        level: str | None = None,
    ) -> pd.DataFrame:
        """Return all regions' values of one period and group, in region order; ``level`` keeps one level.

        ``industry`` None keeps every industry.
        """
        places = self._places.group(period, sex, birth, category, industry)
        if level:
            wanted, codes = _codes(level), self._places.column("region")[places]
            places = places[np.fromiter((code in wanted for code in codes), bool, len(codes))]
        return self.frame.take(places)

    def latest(self, region: str, sex: str | None = None) -> str | None:
        """Return the newest period in which ``region`` has a value, or None."""
        places = self._places.regions.get(region, NONE)
        known = places[~np.isnan(self._numbers[places])]
        if sex:
            known = known[self._places.column("sex")[known] == sex]
        return max(self._places.column("period")[known], default=None)

    def latest_shared(self, codes: Sequence[str], sex: str = "total") -> str | None:
        """Return the newest period in which more than half of ``codes`` have a value.

        When there is none, the newest period in which any has; None when none has a value at all.
        """
        period, groups = self._places.column("period"), self._places.column("sex")
        held: Counter[str] = Counter()
        for code in dict.fromkeys(codes):
            places = self._places.regions.get(code, NONE)
            known = places[(groups[places] == sex) & ~np.isnan(self._numbers[places])]
            held.update(set(period[known]))
        shared = [one for one, count in held.items() if count > len(codes) / 2]
        return max(shared or held, default=None)

    def ranking(self, period: str, sex: str = "total") -> pd.DataFrame:
        """Return the counties with a value, best first: region, value, low, high, rank.

        The direction of the indicator decides what is best: high, low, near zero or near the target
        band. Ties share the better rank.
        """
        if (period, sex) not in self._rankings:
            self._rankings[period, sex] = self._ranked(period, sex)
        return self._rankings[period, sex].copy(deep=False)

    @cached_property
    def _rankings(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}

    def _ranked(self, period: str, sex: str) -> pd.DataFrame:
        frame = self.at(period, sex=sex, level="county")
        frame = frame[frame["value"].notna()][["region", "value", "low", "high"]]
        if frame.empty:
            return frame.assign(rank=pd.Series(dtype=int))
        ranks = statistics.competition_rank(self._merit(frame["value"]), direction="up")
        frame = frame.assign(rank=ranks.astype(int))
        return frame.sort_values(["rank", "region"], kind="stable", ignore_index=True)

    def _merit(self, values: pd.Series) -> pd.Series:
        """Return the values on a scale where higher is better."""
        match self.indicator.direction:
            case "down":
                return -values
            case "towards_zero":
                return -values.abs()
            case "target_band":
                low, high = self.indicator.target_band or (0.0, 0.0)
                return -(values - values.clip(low, high)).abs()
            case _:
                return values

    def standing(self, region: str, period: str, sex: str = "total") -> Standing | None:
        """Return a county's rank with value and distance to its neighbours, or None.

        None too when a rank would say nothing: the county has no value, fewer than
        :data:`MIN_RANKED` counties have one, no direction is better, the values are plain numbers, too
        uncertain or indices on a base of their own, or the county lies inside the target band.
        """
        about = self.indicator
        if about.direction == "neutral" or not (about.comparable_size and about.ranked):
            return None
        if about.formula.function == "index":
            return None
        table = self.ranking(period, sex).set_index("region")
        if region not in table.index or len(table) < MIN_RANKED:
            return None
        if self.indicator.direction == "target_band" and self._merit(table["value"])[region] == 0:
            return None
        near = statistics.neighbours(self._merit(table["value"]), region)
        assert near is not None
        return Standing(
            region=region,
            period=period,
            value=float(table["value"][region]),
            rank=near.rank,
            of=near.of,
            above=float(table["value"][near.above[0]]) if near.above else None,
            below=float(table["value"][near.below[0]]) if near.below else None,
            shared=bool(near.tied_with),
        )

    def rank_span(self, region: str, period: str) -> RankSpan | None:
        """Return a county's best and worst place in the last :data:`RANK_WINDOWS` periods, or None.

        The periods are the newest up to ``period`` in which the county can be ranked. None when there
        are too few, when the county's series is broken among them, or when they do not rank the same
        counties, so that a place may have changed because another county came or went.
        """
        own = self.series(region)
        own = own[own["period"] <= period]
        rankable = (p for p in own["period"].iloc[::-1] if self.standing(region, p))
        ranked = [*islice(rankable, RANK_WINDOWS)][::-1]
        if len(ranked) < RANK_WINDOWS or ranked[-1] != period:
            return None
        if own.loc[own["period"].isin(ranked), "segment"].nunique() > 1:
            return None
        places = {p: self.ranking(p).set_index("region")["value"] for p in ranked}
        merits = pd.DataFrame({p: self._merit(column) for p, column in places.items()}).T
        found = statistics.rank_range(merits, windows=RANK_WINDOWS).loc[region]
        if not found["same_units"]:
            return None
        return RankSpan(int(found["best"]), int(found["worst"]), ranked[0], ranked[-1])

    def rank_bounds(self, region: str, period: str) -> tuple[int, int] | None:
        """Return the best and the worst place that the values' intervals leave open for a county.

        None when the county or any other ranked one has no interval, or the best value is in the middle.
        """
        direction = self.indicator.direction
        if direction != "up" and direction != "down":
            return None
        table = self.ranking(period).set_index("region")
        if region not in table.index or table[["low", "high"]].isna().any(axis=None):
            return None
        bounds = statistics.rank_bounds(table["low"], table["high"], direction).loc[region]
        return int(bounds["best"]), int(bounds["worst"])

    def publications(self, codes: list[str], periods: list[str] | None = None) -> pd.DataFrame:
        """Return the distinct publications behind a selection of values.

        Columns: source, table, vintage and ``other_sources``, the publications of a formula's other
        inputs as text.
        """
        frame = self.frame[self.frame["region"].isin(codes) & self.frame["value"].notna()]
        if periods:
            frame = frame[frame["period"].isin(periods)]
        return frame[["source", "table", "vintage", "other_sources"]].drop_duplicates()


@cache
def _codes(level: str) -> frozenset[str]:
    return frozenset(
        code for code, region in regions.all_regions().items() if region.level == level
    )


def indicator(
    id: str,
    *,
    until: int | None = None,
    data: str = DEFAULT_DATA,
    base_year: int | None = None,
) -> IndicatorValues:
    """Return an indicator's values for all regions, up to and including the year ``until``.

    An index, or a path, is counted from ``base_year`` when it is given.

    Raises:
        UnknownEntryError: no such indicator; the nearest ids are named.
        MissingIndicatorError: declared, but the data in use lack it.
    """
    found = evaluated(load_catalogue().indicator(id), data, base_year)
    if until is not None:
        if not isinstance(until, Integral) or isinstance(until, bool):
            raise ParameterError(
                f"Ange until som ett årtal, till exempel 2024, inte {until!r:.40}."
            )
        found = found.until(int(until))
    about = rebased(load_catalogue().indicator(id), base_year)
    values = IndicatorValues(about, found.frame.copy(deep=False), data)
    # The same figures stand in the same places, so they are found once for all who ask.
    values.__dict__["_places"] = found.places
    return values

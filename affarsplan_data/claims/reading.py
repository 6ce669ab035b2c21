"""One indicator as a test reads it: from one region, up to a year, in the groups that are asked for."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from affarsplan_data import regions
from affarsplan_data.catalogue import DIMENSIONS, load_catalogue
from affarsplan_data.claims.certainty import Estimate, difference
from affarsplan_data.indicators import IndicatorValues, sentences
from affarsplan_data.observations import MissingMeasureError, SelectionError, load

COUNTIES_NEEDED = 15
"""Counties are compared only when at least this many of the 21 have a figure."""


class NoFiguresError(Exception):
    """There are no figures of what a test asks for; the message says so, in a Swedish clause."""


class Figures:
    """An indicator's values, laid out as series once so that many tests can read them."""

    def __init__(self, values: IndicatorValues) -> None:
        self.values = values
        self._series: dict[tuple[str, ...], tuple[pd.DataFrame, list[int]]] = {}
        self._cut: dict[tuple[tuple[str, ...], int], pd.DataFrame] = {}
        self._counties: dict[tuple[str, ...], pd.DataFrame] = {}

    @cached_property
    def _known(self) -> pd.DataFrame:
        known = self.values.frame[self.values.frame["value"].notna()]
        return known.sort_values("period", kind="stable", ignore_index=True)

    @cached_property
    def _places(self) -> Mapping[tuple[str, ...], np.ndarray]:
        return self._known.groupby(["region", *DIMENSIONS], sort=False).indices

    def series(self, key: tuple[str, ...], until: int | None) -> pd.DataFrame:
        """Return the rows with a value of a region and its dimensions, in period order."""
        if key not in self._series:
            rows = self._known.take(self._places.get(key, [])).reset_index(drop=True)
            self._series[key] = rows, [int(period[:4]) for period in rows["period"]]
        rows, years = self._series[key]
        if until is None:
            return rows
        if (key, until) not in self._cut:
            self._cut[key, until] = rows.iloc[: bisect_right(years, until)]
        return self._cut[key, until]

    def counties(self, periods: tuple[str, ...]) -> pd.DataFrame:
        """Return the counties' values of everyone in some periods, county by county."""
        if periods not in self._counties:
            every = [self.values.at(period, level="county") for period in periods]
            rows = pd.concat(every) if every else self.values.frame.iloc[:0]
            rows = rows[["region", "period", "value", "low", "high"]]
            rows = rows[rows["value"].notna()]
            self._counties[periods] = rows.sort_values("region", kind="stable", ignore_index=True)
        return self._counties[periods]

    @cached_property
    def survey(self) -> bool:
        """Whether the figures rest on a survey."""
        measures = load_catalogue().measures
        inputs = self.values.indicator.formula.inputs.values()
        return any(item.measure in measures and measures[item.measure].survey for item in inputs)


@dataclass(frozen=True)
class Reading:
    """An indicator seen from ``region``, with the periods up to and including the year ``until``."""

    figures: Figures
    region: str
    until: int | None = None

    @property
    def values(self) -> IndicatorValues:
        """The indicator's values of all periods."""
        return self.figures.values

    def series(self, region: str | None = None, **dimensions: str) -> pd.DataFrame:
        """Return the rows with a value of a region, in period order; what is not named is the total."""
        chosen = [dimensions.get(name, "total") for name in DIMENSIONS]
        return self.figures.series((region or self.region, *chosen), self.until)

    def latest(self, region: str | None = None, **dimensions: str) -> pd.Series:
        """Return the newest row of a region.

        Raises:
            NoFiguresError: there is none.
        """
        rows = self.series(region, **dimensions)
        if rows.empty:
            raise NoFiguresError(self._lacks(region or self.region))
        return rows.iloc[-1]

    def row(self, period: str, region: str | None = None, **dimensions: str) -> pd.Series:
        """Return the row of one period.

        Raises:
            NoFiguresError: there is none.
        """
        rows = self.series(region, **dimensions)
        rows = rows[rows["period"] == period]
        if rows.empty:
            raise NoFiguresError(self._lacks(region or self.region, period))
        return rows.iloc[-1]

    def segment(self, region: str | None = None, **dimensions: str) -> pd.DataFrame:
        """Return the newest unbroken series of a region, in period order.

        Raises:
            NoFiguresError: the region has no value.
        """
        newest = self.latest(region, **dimensions)
        rows = self.series(region, **dimensions)
        return rows[rows["segment"] == newest["segment"]].reset_index(drop=True)

    def before(self, years: int, region: str | None = None, **dimensions: str) -> pd.Series:
        """Return the row ``years`` before the newest, in the same unbroken series.

        Raises:
            NoFiguresError: the unbroken series has no such year.
        """
        rows = self.segment(region, **dimensions)
        newest = str(rows["period"].iloc[-1])
        wanted = f"{int(newest[:4]) - years}{newest[4:]}"
        found = rows[rows["period"] == wanted]
        if found.empty:
            raise NoFiguresError(
                f"{self.noun} kan inte jämföras mellan {wanted} och {newest}: "
                + self._unbroken(rows, len(self.series(region, **dimensions)))
            )
        return found.iloc[0]

    def _unbroken(self, rows: pd.DataFrame, all_rows: int) -> str:
        first, last = rows["period"].iloc[0], rows["period"].iloc[-1]
        if first == last:
            only = "har ett enda jämförbart år"
            return f"serien {only}" if all_rows > 1 else "det finns ett enda år"
        return f"serien är obruten {first}–{last}"

    def shared_latest(self) -> tuple[pd.Series, pd.Series]:
        """Return the rows of the region and of riket for the newest period that both have.

        Raises:
            NoFiguresError: they have none in common.
        """
        own, country = self.series(), self.series(regions.COUNTRY)
        both = sorted(set(own["period"]) & set(country["period"]))
        if not both:
            place = sentences.place(self.region)
            raise NoFiguresError(f"uppgift om {self.noun} saknas för {place} och riket samma år")
        return self.row(both[-1]), self.row(both[-1], regions.COUNTRY)

    def up_to(self, period: str) -> "Reading":
        """Return the reading with the periods up to and including the year of ``period``."""
        return replace(self, until=int(period[:4]))

    def counties(self, periods: int = 1) -> pd.DataFrame:
        """Return the counties' values with low and high of the newest periods that the region has.

        Columns: region, period, value, low, high.
        """
        own = self.series()["period"].tolist()[-periods:]
        return self.figures.counties(tuple(own))

    @cached_property
    def municipalities(self) -> tuple[str, ...]:
        """The municipalities of the region's county."""
        return regions.municipalities(regions.get(self.region).county)

    def others_at(self, period: str) -> pd.Series:
        """Return the values of the municipalities outside the county in a period, by code."""
        rows = [self.series(code) for code in regions.municipalities()]
        frame = pd.concat(rows, ignore_index=True)
        frame = frame[(frame["period"] == period) & ~frame["region"].isin(self.municipalities)]
        return frame.set_index("region")["value"]

    def population(self, period: str) -> pd.Series:
        """Return the municipalities' population at the end of a year, by code."""
        try:
            rows = load(
                "population",
                level="municipality",
                period=period,
                sex="total",
                birth="total",
                age="total",
                data=self.values.data,
            )
        except (MissingMeasureError, SelectionError):
            raise NoFiguresError(f"uppgift om folkmängden {period} saknas") from None
        return rows.astype({"region": str}).set_index("region")["value"].dropna()

    def difference(self, one: pd.Series, other: pd.Series) -> Estimate:
        """Return ``one`` − ``other`` of the indicator, with its interval where one is known."""
        decimals = self.values.indicator.decimals
        return difference(one, other, survey=self.figures.survey, decimals=decimals)

    def amount(self, value: float) -> str:
        """Return a value with its unit."""
        return sentences.amount(value, self.values.indicator)

    @property
    def noun(self) -> str:
        """The indicator in running text."""
        return self.values.indicator.noun

    @property
    def id(self) -> str:
        """The indicator's id."""
        return self.values.indicator.id

    def _lacks(self, region: str, period: str | None = None) -> str:
        when = f" {period}" if period else ""
        return f"uppgift om {self.noun} saknas för {sentences.place(region)}{when}"

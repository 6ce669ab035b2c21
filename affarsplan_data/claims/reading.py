"""One indicator as a test reads it: for one region, in the groups and industries that are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from affarsplan_data import regions
from affarsplan_data.indicators import IndicatorValues, sentences

_DIMENSIONS = ("sex", "birth", "industry", "category")


class UndecidedError(Exception):
    """The figures do not carry an answer; the message says why, in Swedish."""


@dataclass(frozen=True)
class Reading:
    """An indicator's values for ``region``. ``select`` fixes dimensions; others stand at the total."""

    values: IndicatorValues
    region: str
    select: Mapping[str, str] = field(default_factory=dict)

    def series(self, region: str | None = None, **dimensions: str) -> pd.DataFrame:
        """Return the rows with a value of a region, in period order."""
        chosen = dict.fromkeys(_DIMENSIONS, "total") | dict(self.select) | dimensions
        frame = self.values.frame
        mask = (frame["region"] == (region or self.region)) & frame["value"].notna()
        for name, value in chosen.items():
            mask &= frame[name] == value
        return frame[mask].sort_values("period", kind="stable", ignore_index=True)

    def latest(self, region: str | None = None, **dimensions: str) -> pd.Series:
        """Return the newest row of a region.

        Raises:
            UndecidedError: there is none.
        """
        rows = self.series(region, **dimensions)
        if rows.empty:
            raise UndecidedError(self._lacks(region or self.region))
        return rows.iloc[-1]

    def row(self, period: str, region: str | None = None, **dimensions: str) -> pd.Series:
        """Return the row of one period.

        Raises:
            UndecidedError: there is none.
        """
        rows = self.series(region, **dimensions)
        rows = rows[rows["period"] == period]
        if rows.empty:
            raise UndecidedError(self._lacks(region or self.region, period))
        return rows.iloc[-1]

    def segment(self, region: str | None = None, **dimensions: str) -> pd.DataFrame:
        """Return the newest unbroken series of a region.

        Raises:
            UndecidedError: the region has no value.
        """
        newest = self.latest(region, **dimensions)
        rows = self.series(region, **dimensions)
        return rows[rows["segment"] == newest["segment"]].reset_index(drop=True)

    def before(self, years: int, region: str | None = None, **dimensions: str) -> pd.Series:
        """Return the row ``years`` before the newest, in the same unbroken series.

        Raises:
            UndecidedError: the unbroken series is too short.
        """
        rows = self.segment(region, **dimensions)
        wanted = str(int(rows["period"].iloc[-1][:4]) - years) + rows["period"].iloc[-1][4:]
        found = rows[rows["period"] == wanted]
        if found.empty:
            first, last = rows["period"].iloc[0], rows["period"].iloc[-1]
            raise UndecidedError(
                f"serien är obruten bara {first}–{last}, och jämförelsen går {years} år tillbaka"
            )
        return found.iloc[0]

    def shared_latest(self) -> tuple[pd.Series, pd.Series]:
        """Return the rows of the region and of riket for the newest period that both have."""
        own, country = self.series(), self.series(regions.COUNTRY)
        both = sorted(set(own["period"]) & set(country["period"]))
        if not both:
            raise UndecidedError(self._lacks(self.region) + ", eller för riket samma år")
        return self.row(both[-1]), self.row(both[-1], regions.COUNTRY)

    @cached_property
    def municipalities(self) -> tuple[str, ...]:
        """The municipalities of the region's county."""
        return regions.municipalities(regions.get(self.region).county)

    def amount(self, value: float) -> str:
        """Return a value with its unit."""
        return sentences.amount(value, self.values.indicator)

    @property
    def noun(self) -> str:
        """The indicator in running text."""
        return self.values.indicator.noun

    def _lacks(self, region: str, period: str | None = None) -> str:
        when = f" för {period}" if period else ""
        return f"uppgift om {self.noun} saknas för {sentences.place(region)}{when}"

"""An indicator linked to the register before it, by the years that both have: an estimate, and said so.

The two are shown apart unless someone asks for the link. A break inside the earlier register stays one.
"""

from dataclasses import dataclass

import pandas as pd

from affarsplan_data import statistics, swedish
from affarsplan_data.indicators.errors import MissingIndicatorError
from affarsplan_data.indicators.values import IndicatorValues, indicator
from affarsplan_data.statistics import InvalidValuesError


@dataclass(frozen=True)
class Spliced:
    """One region's and group's values with the earlier register's brought to their level.

    ``frame`` has a row for each year: ``region``, ``period``, ``sex``, ``birth``, ``value``, ``spliced``
    (True where the value is an estimate), ``published`` (as the producer gave it), ``segment`` (a line is
    not drawn from one to the next) and ``preliminary``. ``factor`` is what the earlier values are
    multiplied by, the geometric mean of later over earlier in the years ``overlap``; ``spread`` is how
    far apart, in percent, the factors of single years lie, missing with one year. ``earlier`` and
    ``later`` are the two indicators.
    """

    frame: pd.DataFrame
    factor: float
    overlap: tuple[str, ...]
    spread: float
    earlier: IndicatorValues
    later: IndicatorValues

    @property
    def label(self) -> str:
        """What must stand where the linked values are shown."""
        years = swedish.listing([swedish.period(year) for year in self.overlap])
        steady = ""
        if self.spread == self.spread:
            apart = swedish.with_unit(self.spread, "procent", 1)
            steady = f" Faktorn skiljer sig {apart} mellan åren."
        return (
            f"Länkad serie: {self.earlier.indicator.noun} är omräknad med faktorn "
            f"{swedish.number(self.factor, 3)}, efter {years} som finns i båda registren.{steady} "
            "Det är en uppskattning, inte publicerad statistik."
        )


def spliced(
    values: IndicatorValues, region: str, *, sex: str = "total", birth: str = "total"
) -> Spliced:
    """Return the values of a region and a group linked to the register before.

    Raises:
        MissingIndicatorError: there is no earlier register, it lacks the region or the group, or the two
            have no year in common.
    """
    about = values.indicator
    if about.earlier_register is None:
        raise MissingIndicatorError(f"{about.name} har inget tidigare register att länkas till.")
    earlier = indicator(about.earlier_register, data=values.data)
    before, after = (one.series(region, sex=sex, birth=birth) for one in (earlier, values))
    if before.empty or after.empty:
        lacking = (earlier if before.empty else values).indicator.name
        raise MissingIndicatorError(f"{lacking} saknas för området eller gruppen.")
    try:
        linked = statistics.splice(
            *(rows.set_index("period")["value"] for rows in (before, after)),
        )
    except InvalidValuesError as error:
        raise MissingIndicatorError(
            f"{earlier.indicator.name} går till {before['period'].max()} och {about.name} från "
            f"{after['period'].min()}. {error}"
        ) from None
    rows = linked.table.reset_index(names="period")
    return Spliced(
        frame=rows.assign(
            region=region,
            sex=sex,
            birth=birth,
            segment=_segments(rows, before, after, linked.overlap),
            preliminary=rows["period"].isin(after.loc[after["preliminary"], "period"]),
        ),
        factor=linked.factor,
        overlap=linked.overlap,
        spread=linked.spread,
        earlier=earlier,
        later=values,
    )


def _segments(
    rows: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, overlap: tuple[str, ...]
) -> pd.Series:
    """Number the unbroken parts; the earlier register's last is one with the later's first."""
    old = before.set_index("period")["segment"]
    new = after.set_index("period")["segment"]
    marks = [
        ("old", old[period]) if estimated else ("new", new[period])
        for period, estimated in zip(rows["period"], rows["spliced"], strict=True)
    ]
    joined = {("old", old[overlap[0]]): ("new", new[overlap[0]])}
    return pd.Series(pd.factorize(pd.Series([joined.get(m, m) for m in marks]))[0], rows.index)

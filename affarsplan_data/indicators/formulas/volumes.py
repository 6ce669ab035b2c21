"""Real growth over a chain of published changes of volume: never across a break or two publications."""

import numpy as np
import pandas as pd

from affarsplan_data import regions, statistics
from affarsplan_data.indicators.formulas.frames import Frames, Parameters, join, keys_of
from affarsplan_data.indicators.formulas.growth import growth


def volume_growth(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Mean growth in percent per year over ``years`` published changes, from the year before them."""
    frame = frames["change"]
    years = int(parameters["years"])
    return frame.assign(value=_mean_change(frame, years))


def volume_growth_per_head(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Mean real growth per inhabitant: volume over ``population``, percent a year."""
    volume = volume_growth(frames, parameters)
    people = growth({"value": frames["population"]}, parameters)
    joined = join({"volume": volume, "people": people})
    per_head = (1 + joined["volume"] / 100) / (1 + joined["people"] / 100)
    return joined.assign(value=100 * (per_head - 1))


def value_relative_to_country(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · the published value / riket's of the same period."""
    frame = frames["value"]
    keys = keys_of(frame, "region")
    country = frame.loc[frame["region"] == regions.COUNTRY, [*keys, "value"]]
    joined = frame.merge(country, on=keys, suffixes=("", "_country"))
    whole = joined["value_country"].where(joined["value_country"] > 0)
    return joined.assign(value=100 * joined["value"] / whole)


def _mean_change(frame: pd.DataFrame, years: int) -> pd.Series:
    """Return the mean of each year's last ``years`` changes; missing unless all lie in one segment."""
    factors = 1 + frame["value"] / 100
    table = frame.assign(
        factor=np.log(factors.where(factors > 0)), year=frame["period"].astype(int)
    )
    means = pd.Series(np.nan, index=frame.index)
    for _, rows in table.groupby([*keys_of(frame, "period"), "segment"], sort=False):
        by_year = rows.set_index("year")["factor"]
        whole = by_year.reindex(range(by_year.index.min(), by_year.index.max() + 1))
        product = np.exp(whole.rolling(years).sum())
        start = pd.Series(1.0, index=product.index)
        mean = statistics.compound_growth(start, product, years)
        means[rows.index] = mean.loc[rows["year"]].to_numpy()
    return means

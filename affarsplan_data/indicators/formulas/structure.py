"""The distribution over industries: how many, how concentrated, how unlike riket."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from affarsplan_data import regions, statistics
from affarsplan_data.indicators.formulas.frames import Frames, Parameters, by_sex, keys_of, single
from affarsplan_data.indicators.inputs import META


def _per_region(
    frame: pd.DataFrame, function: Callable[[np.ndarray], float], over: str = "industry"
) -> pd.DataFrame:
    """One value per region and period from the distribution over ``over``; a gap makes it missing."""
    wide, meta = _distribution(frame, over)
    values = [function(row) if np.isfinite(row).all() else np.nan for row in wide.to_numpy()]
    return meta.assign(value=values)


def _distribution(frame: pd.DataFrame, over: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    keys = keys_of(frame, over)
    wide = frame.pivot(index=keys, columns=over, values="value")
    meta = frame.groupby(keys)[list(META)].first().loc[wide.index].reset_index()
    return wide, meta


def effective_number(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """exp of the Shannon diversity: the number of equally large industries with the same spread."""
    return _per_region(frames["value"], statistics.effective_number)


def concentration(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Herfindahl-Hirschman index, 0 to 10 000."""
    return _per_region(frames["value"], statistics.hhi)


def segregation(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Dissimilarity index between women's and men's distribution over industries, percent."""
    wide = by_sex(frames["value"])
    women, meta = _distribution(single(wide, "women"), "industry")
    men, _ = _distribution(single(wide, "men"), "industry")
    pairs = zip(women.to_numpy(), men.to_numpy(), strict=True)
    return meta.assign(value=[statistics.dissimilarity(w, m) for w, m in pairs])


def specialisation(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Krugman index against riket, percent."""
    wide, meta = _distribution(frames["value"], "industry")
    country = _country_rows(wide)
    pairs = zip(wide.to_numpy(), country.to_numpy(), strict=True)
    values = meta.assign(value=[statistics.krugman(own, whole) for own, whole in pairs])
    return values[values["region"] != regions.COUNTRY]


def location_quotient(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Industry's share in the region over its share in riket, one row per industry.

    ``count`` is the number in the industry and ``base`` in all of them.
    """
    frame = frames["value"]
    own, whole = _shares(frame)
    quotients = _per_industry(frame, own / whole.where(whole > 0))
    numbers = frame[[*keys_of(frame), "value"]].rename(columns={"value": "count"})
    base = numbers.groupby(keys_of(frame, "industry"))["count"].transform("sum")
    return quotients.merge(numbers.assign(base=base), on=keys_of(frame))


def share_difference(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Industry's share in the region minus its share in riket, percentage points, per industry."""
    own, whole = _shares(frames["value"])
    return _per_industry(frames["value"], 100 * (own - whole))


def _shares(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    wide, _ = _distribution(frame, "industry")
    country = _country_rows(wide)
    return (
        wide.div(wide.sum(axis=1, skipna=False), axis=0),
        country.div(country.sum(axis=1, skipna=False), axis=0),
    )


def _country_rows(wide: pd.DataFrame) -> pd.DataFrame:
    """Riket's row for every row of ``wide`` of the same period; missing where riket has none."""
    country = wide.xs(regions.COUNTRY, level="region")
    others = wide.index.droplevel("region")
    return country.reindex(others).set_axis(wide.index)


def _per_industry(frame: pd.DataFrame, wide: pd.DataFrame) -> pd.DataFrame:
    long = wide.stack().rename("value").reset_index()
    return frame.drop(columns="value").merge(long, on=keys_of(frame))

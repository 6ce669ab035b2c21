"""Shares and quotients, with intervals where the numbers behind them are known."""

import pandas as pd

from affarsplan_data import regions, statistics
from affarsplan_data.indicators.formulas.frames import (
    Frames,
    Parameters,
    by_sex,
    fitting,
    join,
    keys_of,
    single,
)

IMPOSSIBLE = "impossible"
"""Status of a share whose part is larger than its whole: the two figures do not go together."""

_COUNTED = 100_000_000
"""What is added to the segments of shares that are computed from numbers, beside published ones."""


def share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · part / whole with a Wilson interval; missing where the part is larger than the whole."""
    joined = join(frames)
    part, whole = fitting(joined["part"], joined["whole"])
    low, high = statistics.wilson_interval(part, whole)
    impossible = joined["part"] > joined["whole"]
    joined["status"] = joined["status"].mask(impossible, IMPOSSIBLE)
    return joined.assign(
        value=100 * part / whole,
        low=100 * low,
        high=100 * high,
        count=joined["part"],
        base=joined["whole"],
    )


def share_else_published(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · part / whole with a Wilson interval; the published share where the two are not given.

    The published share must be of the same whole. A break lies between the two.
    """
    counted = share({name: frames[name] for name in ("part", "whole")}, parameters)
    published = frames["published"]
    keys = keys_of(published)
    known = published.set_index(keys).index.isin(counted.set_index(keys).index)
    counted = counted.assign(segment=counted["segment"] + _COUNTED)
    parts = [part for part in (counted, published[~known]) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else counted


def women_share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · women / (women + men) with a Wilson interval."""
    wide = by_sex(frames["value"])
    both = wide.assign(part=wide["women"], whole=wide["women"] + wide["men"])
    return share({"part": single(both, "part"), "whole": single(both, "whole")}, parameters)


def quotient(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """factor · numerator / denominator."""
    joined = join(frames)
    denominator = joined["denominator"].where(joined["denominator"] > 0)
    return joined.assign(
        value=float(parameters.get("factor", 1)) * joined["numerator"] / denominator
    )


def net_share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · (inflow − outflow) / stock."""
    joined = join(frames)
    stock = joined["stock"].where(joined["stock"] > 0)
    return joined.assign(value=100 * (joined["inflow"] - joined["outflow"]) / stock)


def relative_to_country(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · (numerator / denominator) in the region over the same quotient in riket."""
    ratio = quotient(frames, {})
    country = ratio.loc[ratio["region"] == regions.COUNTRY, [*keys_of(ratio, "region"), "value"]]
    joined = ratio.merge(country, on=keys_of(ratio, "region"), suffixes=("", "_country"))
    of_country = joined["value_country"].where(joined["value_country"] > 0)
    return joined.assign(value=100 * joined["value"] / of_country)

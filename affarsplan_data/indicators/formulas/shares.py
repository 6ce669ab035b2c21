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


def share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · part / whole with a Wilson interval."""
    joined = join(frames)
    part, whole = fitting(joined["part"], joined["whole"])
    low, high = statistics.wilson_interval(part, whole)
    return joined.assign(
        value=100 * part / whole,
        low=100 * low,
        high=100 * high,
        count=joined["part"],
        base=joined["whole"],
    )


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
    return joined.assign(value=100 * joined["value"] / joined["value_country"])

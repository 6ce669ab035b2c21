"""Growth, indices and chained volumes: never across a break."""

import numpy as np
import pandas as pd

from affarsplan_data import statistics
from affarsplan_data.indicators.formulas.frames import Frames, Parameters, join, keys_of


def growth(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Compound yearly growth over ``years``, only inside one segment (no break, one publication)."""
    years = int(parameters["years"])
    frame = frames["value"]
    start = frame[[*keys_of(frame), "value", "segment"]].copy()
    start["period"] = (start["period"].astype(int) + years).astype(str)
    joined = frame.merge(start, on=[*keys_of(frame), "segment"], suffixes=("", "_start"))
    rate = statistics.compound_growth(joined["value_start"], joined["value"], years)
    return joined.assign(value=rate)


def index(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · value / base: the year ``base`` when it is given, else the first year of each segment.

    Figures in a segment without the base year get no value. With the parameter ``counted`` the values are
    numbers of cases, which the small-number rule is to see.
    """
    frame = frames["value"].sort_values("period", kind="stable")
    series = [*keys_of(frame, "period"), "segment"]
    usable = frame["value"].where(frame["value"] > 0)
    if "base" in parameters:
        usable = usable.where(frame["period"] == str(parameters["base"]))
    base = usable.groupby([frame[column] for column in series]).transform("first")
    indexed = frame.assign(value=100 * frame["value"] / base).sort_index()
    return indexed.assign(count=frame["value"]) if parameters.get("counted") else indexed


def chained_volume(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """Levels in the prices of the year ``reference``, chained from the published changes of volume.

    A year that the changes do not join to the reference year has no value.
    """
    joined = join({"level": frames["level"], "change": frames["change"]}, how="left")
    reference = str(parameters["reference"])
    # The segment of the change, which is what is chained.
    link = joined["segment"] % 10_000
    chains = [
        _chain(rows, link, reference)
        for _, rows in joined.groupby(keys_of(joined, "period"), sort=False)
    ]
    return joined.assign(value=pd.concat(chains) if chains else float("nan"))


def _chain(rows: pd.DataFrame, link: pd.Series, reference: str) -> pd.Series:
    years = pd.Index(rows["period"])
    level, change, segment = (
        pd.Series(values.to_numpy(), index=years)
        for values in (rows["level"], rows["change"], link.loc[rows.index])
    )
    try:
        values = statistics.chained(level, change, reference, segment).to_numpy()
    except statistics.MissingBaseError:
        values = np.full(len(rows), np.nan)
    return pd.Series(values, index=rows.index)

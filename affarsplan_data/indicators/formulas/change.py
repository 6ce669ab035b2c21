"""How much of a change a part stands for."""

import pandas as pd

from affarsplan_data.indicators.formulas.frames import Frames, Parameters, join, keys_of


def share_of_increase(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · change of part / change of whole over ``years`` years, inside one segment.

    Only where the whole has risen: a share of a decrease reads the other way round, and a share of no
    change is nothing. Above 100 means that the rest has fallen, below 0 that the part has.
    """
    years = int(parameters["years"])
    joined = join({"part": frames["part"], "whole": frames["whole"]})
    keys = [*keys_of(joined), "segment"]
    start = joined[[*keys, "part", "whole"]].copy()
    start["period"] = (start["period"].astype(int) + years).astype(str)
    both = joined.merge(start, on=keys, suffixes=("", "_start"))
    rise = both["whole"] - both["whole_start"]
    return both.assign(value=100 * (both["part"] - both["part_start"]) / rise.where(rise > 0))

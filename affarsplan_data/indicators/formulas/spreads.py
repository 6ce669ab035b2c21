"""How far apart a county's municipalities lie."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from affarsplan_data import regions, statistics
from affarsplan_data.indicators.formulas.frames import Frames, Parameters, keys_of
from affarsplan_data.indicators.inputs import META


def municipal_range(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """The highest of a county's municipalities minus the lowest, one value per county."""
    return _per_county(frames["value"], statistics.value_range)


def municipal_deviation(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """The standard deviation over a county's municipalities, one value per county."""
    return _per_county(frames["value"], statistics.standard_deviation)


def _per_county(frame: pd.DataFrame, spread: Callable[[np.ndarray], float]) -> pd.DataFrame:
    """One value per county and period; a municipality without a value makes it missing.

    A value is preliminary when a municipality's is; the rest of a row is the first municipality's.
    """
    codes = {code: regions.get(code).county for code in regions.municipalities()}
    expected = pd.Series(codes).value_counts()
    municipal = frame[frame["region"].isin(codes)].sort_values("region", kind="stable")
    keys = keys_of(frame)
    rows = []
    for key, inside in municipal.assign(region=municipal["region"].map(codes)).groupby(keys):
        complete = len(inside) == expected[key[0]]
        value = spread(inside["value"].to_numpy()) if complete else float("nan")
        preliminary = bool(inside["preliminary"].any())
        rows.append(inside.iloc[0].to_dict() | {"value": value, "preliminary": preliminary})
    return pd.DataFrame(rows, columns=[*keys, "value", *META])

"""An index set against the path to a decided level."""

import pandas as pd

from affarsplan_data import statistics
from affarsplan_data.indicators.formulas.frames import Frames, Parameters
from affarsplan_data.indicators.formulas.growth import index


def distance_to_path(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """The index on the year ``base`` minus the path to ``left`` of it in ``target``, index units.

    Above zero is above the path. Years outside the path have no value.
    """
    base, target, left = _path(parameters)
    indexed = index(frames, parameters)
    years = sorted(indexed["period"].unique())
    path = statistics.corridor(years, base, target, left)
    return indexed.assign(value=indexed["value"] - indexed["period"].map(path))


def needed_cut(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """The cut in percent per year that leads from each year's index to ``left`` in ``target``.

    Years before ``base``, and from ``target`` on, have no value.
    """
    base, target, left = _path(parameters)
    indexed = index(frames, parameters)
    on_the_way = indexed["period"].between(base, target, inclusive="left")
    cuts = {
        year: statistics.needed_cut(rows["value"], year, target, left)
        for year, rows in indexed[on_the_way].groupby("period")
    }
    values = pd.concat(cuts.values()) if cuts else pd.Series(dtype=float)
    return indexed.assign(value=values.reindex(indexed.index))


def _path(parameters: Parameters) -> tuple[str, str, float]:
    """Return base year, target year, and what is to be left then as a fraction."""
    return str(parameters["base"]), str(parameters["target"]), float(parameters["left"])

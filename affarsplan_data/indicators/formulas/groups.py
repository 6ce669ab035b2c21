"""Groups in a whole: how large each is, and whether it is as common in a part as in the whole."""

import pandas as pd

from affarsplan_data import regions, statistics
from affarsplan_data.catalogue import DIMENSIONS
from affarsplan_data.indicators.formulas.frames import Frames, Parameters, keys_of
from affarsplan_data.indicators.formulas.shares import share

_NUMBERS = ("group_in_part", "part", "group_in_whole", "whole")


def group_share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · group / whole with a Wilson interval, for each group; the whole itself is left out."""
    part, whole = frames["part"], frames["whole"]
    split = [dim for dim in DIMENSIONS if dim in part and dim not in whole]
    everyone = (part[split] == "total").all(axis=1) if split else pd.Series(False, index=part.index)
    return share({"part": part[~everyone], "whole": whole}, parameters)


def representation(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """A group's share in an industry over its share in all industries, with a log-normal interval.

    Parameters: ``dimension`` and ``group``. One means as common as in all industries.
    """
    dimension, group = str(parameters["dimension"]), str(parameters["group"])
    frame = frames["value"]
    everyone = frame[frame[dimension] == "total"].drop(columns=dimension)
    own = frame[frame[dimension] == group].drop(columns=dimension)
    numbers = own[own["industry"] != "total"].rename(columns={"value": "group_in_part"})
    numbers = _with(numbers, everyone, "part")
    numbers = _with(numbers, _whole(own, "industry"), "group_in_whole")
    return _ratio(_with(numbers, _whole(everyone, "industry"), "whole"))


def category_quotient(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """A class's share of all in the region over its share in riket, with a log-normal interval.

    The classes are set against the published total, of which they are a part.
    """
    frame = frames["value"]
    country = frame[frame["region"] == regions.COUNTRY].drop(columns="region")
    numbers = frame[frame["category"] != "total"].rename(columns={"value": "group_in_part"})
    numbers = _with(numbers, _whole(frame, "category"), "part")
    numbers = _with(numbers, country, "group_in_whole")
    return _ratio(_with(numbers, _whole(country, "category"), "whole"))


def _whole(frame: pd.DataFrame, dimension: str) -> pd.DataFrame:
    return frame[frame[dimension] == "total"].drop(columns=dimension)


def _with(numbers: pd.DataFrame, frame: pd.DataFrame, name: str) -> pd.DataFrame:
    on = keys_of(frame)
    return numbers.merge(frame[[*on, "value"]].rename(columns={"value": name}), on=on, how="left")


def _ratio(numbers: pd.DataFrame) -> pd.DataFrame:
    fits = numbers["group_in_part"] <= numbers["part"]
    fits &= numbers["group_in_whole"] <= numbers["whole"]
    some, those, group, everyone = (numbers[name].where(fits) for name in _NUMBERS)
    low, high = statistics.representation_interval(some, those, group, everyone)
    return numbers.assign(
        value=statistics.representation_ratio(some, those, group, everyone),
        low=low,
        high=high,
        count=numbers["group_in_part"],
        base=numbers["part"],
    )

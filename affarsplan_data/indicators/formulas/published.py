"""Values as their producer published them."""

import pandas as pd

from affarsplan_data import statistics
from affarsplan_data.indicators.formulas.frames import Frames, Parameters, join


def published(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """The source's own value."""
    return frames["value"]


def published_with_count(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """A published rate with an exact Poisson interval from the published number of events."""
    joined = join(frames, how="left")
    low, high = statistics.poisson_interval(joined["count"])
    per_event = joined["value"] / joined["count"].where(joined["count"] > 0)
    return joined.assign(low=low * per_event, high=high * per_event)

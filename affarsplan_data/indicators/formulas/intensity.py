"""A quantity per unit of output, the output counted in fixed prices."""

import pandas as pd

from affarsplan_data.indicators.formulas.frames import Frames, Parameters
from affarsplan_data.indicators.formulas.growth import chained_volume
from affarsplan_data.indicators.formulas.shares import quotient


def fixed_price_intensity(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """numerator / output, the output in the prices of ``reference`` (see ``chained_volume``)."""
    output = chained_volume({name: frames[name] for name in ("level", "change")}, parameters)
    return quotient({"numerator": frames["numerator"], "denominator": output}, {})

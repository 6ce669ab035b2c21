"""The parts that a total was added up from, when no producer has published it."""

import math

import pandas as pd

from affarsplan_data import regions
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.observations.schema import KEY, SUMMED
from affarsplan_data.observations.store import load


def parts_of(measure: str, total: pd.Series, data: str) -> list[pd.Series]:
    """Return the observations that a total is the sum of, of the same origin, in the order of the key.

    None are returned for a total that was added up from cells of the archived answer itself.

    Args:
        measure: the measure's id.
        total: an observation with the status :data:`SUMMED`.
        data: the data it is read from.
    """
    frame = load(measure, all_publications=True, data=data)
    same = (frame["origin"] == total["origin"]) & frame["value"].notna()
    for dimension, parts in (("sex", ("women", "men")), ("region", _inside(measure, total))):
        here = same & frame[dimension].isin(parts)
        for column in KEY:
            if column != dimension:
                here &= frame[column] == total[column]
        found = frame[here]
        # Women and men are added before regions are, so that they are published when they are parts.
        if dimension == "sex" and (len(found) != len(parts) or (found["status"] == SUMMED).any()):
            continue
        if len(found) and math.isclose(found["value"].sum(), total["value"], abs_tol=1e-6):
            return [row for _, row in found.iterrows()]
    return []


def _inside(measure: str, total: pd.Series) -> list[str]:
    """Return the regions that a sum for ``total``'s region is made of."""
    region = total["region"]
    left_out = load_catalogue().measure(measure).leave_out_of_sums
    level = regions.get(region).level
    if level == "municipality":
        return []
    inside = regions.counties() if level == "country" else regions.municipalities(region)
    return [code for code in inside if code not in left_out]

"""Observations: every figure in one tidy schema, built from raw data and read back in one line."""

from affarsplan_data.observations.building import build
from affarsplan_data.observations.errors import (
    MissingMeasureError,
    ObservationError,
    SelectionError,
)
from affarsplan_data.observations.newest import Used, problems
from affarsplan_data.observations.revising import revisions
from affarsplan_data.observations.schema import COLUMNS, INDUSTRIES, SUMMED
from affarsplan_data.observations.store import (
    available,
    figures,
    how_to_get,
    last_retrieved,
    load,
    origins_in_use,
    rests_on_edition,
    retrieved,
    state,
    values_held,
)

__all__ = [
    "COLUMNS",
    "INDUSTRIES",
    "SUMMED",
    "MissingMeasureError",
    "ObservationError",
    "SelectionError",
    "Used",
    "available",
    "build",
    "figures",
    "how_to_get",
    "last_retrieved",
    "load",
    "origins_in_use",
    "problems",
    "rests_on_edition",
    "retrieved",
    "revisions",
    "state",
    "values_held",
]

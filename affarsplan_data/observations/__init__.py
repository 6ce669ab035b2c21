"""Observations: every figure in one tidy schema, built from raw data and read back in one line."""

from affarsplan_data.observations.building import build
from affarsplan_data.observations.errors import (
    MissingMeasureError,
    ObservationError,
    SelectionError,
)
from affarsplan_data.observations.newest import problems
from affarsplan_data.observations.schema import COLUMNS, INDUSTRIES, SUMMED
from affarsplan_data.observations.store import available, how_to_get, load, state

__all__ = [
    "COLUMNS",
    "INDUSTRIES",
    "SUMMED",
    "MissingMeasureError",
    "ObservationError",
    "SelectionError",
    "available",
    "build",
    "how_to_get",
    "load",
    "problems",
    "state",
]

"""The catalogue: which statistics follow the plan up, and how. Data with models that validate it."""

from affarsplan_data.catalogue.errors import CatalogueError, UnknownEntryError
from affarsplan_data.catalogue.loading import Catalogue, load_catalogue
from affarsplan_data.catalogue.models import (
    DIMENSIONS,
    FORMULAS,
    Formula,
    Indicator,
    Input,
    Measure,
    SeriesBreak,
    Source,
    Table,
)

__all__ = [
    "DIMENSIONS",
    "FORMULAS",
    "Catalogue",
    "CatalogueError",
    "Formula",
    "Indicator",
    "Input",
    "Measure",
    "SeriesBreak",
    "Source",
    "Table",
    "UnknownEntryError",
    "load_catalogue",
]

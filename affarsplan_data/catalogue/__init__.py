"""The catalogue: which statistics follow the plan up, and how. Data with models that validate it."""

from affarsplan_data.catalogue.base import DIMENSIONS
from affarsplan_data.catalogue.errors import CatalogueError, UnknownEntryError
from affarsplan_data.catalogue.industries import INDUSTRIES
from affarsplan_data.catalogue.loading import Catalogue, load_catalogue
from affarsplan_data.catalogue.models import (
    FORMULAS,
    Formula,
    Indicator,
    Input,
    Measure,
    SeriesBreak,
    Source,
)
from affarsplan_data.catalogue.tables import Column, Gives, Table

__all__ = [
    "DIMENSIONS",
    "FORMULAS",
    "INDUSTRIES",
    "Catalogue",
    "CatalogueError",
    "Column",
    "Formula",
    "Gives",
    "Indicator",
    "Input",
    "Measure",
    "SeriesBreak",
    "Source",
    "Table",
    "UnknownEntryError",
    "load_catalogue",
]

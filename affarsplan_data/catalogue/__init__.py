"""The catalogue: which statistics follow the plan up, and how. Data with models that validate it."""

from affarsplan_data.catalogue.base import DIMENSIONS
from affarsplan_data.catalogue.errors import CatalogueError, UnknownEntryError
from affarsplan_data.catalogue.formulas import FORMULAS, ROLLING
from affarsplan_data.catalogue.industries import INDUSTRIES, Classification
from affarsplan_data.catalogue.loading import Catalogue, load_catalogue
from affarsplan_data.catalogue.models import (
    Formula,
    Indicator,
    Input,
    Interface,
    Measure,
    SeriesBreak,
    Source,
)
from affarsplan_data.catalogue.releases import Release
from affarsplan_data.catalogue.table import Column, Find, Gives, Table

__all__ = [
    "DIMENSIONS",
    "FORMULAS",
    "INDUSTRIES",
    "ROLLING",
    "Catalogue",
    "CatalogueError",
    "Classification",
    "Column",
    "Find",
    "Formula",
    "Gives",
    "Indicator",
    "Input",
    "Interface",
    "Measure",
    "Release",
    "SeriesBreak",
    "Source",
    "Table",
    "UnknownEntryError",
    "load_catalogue",
]

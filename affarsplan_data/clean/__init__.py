"""From answers to rows: a table's cubes, read as the catalogue declares, in the one schema."""

from affarsplan_data.clean.errors import CleaningError
from affarsplan_data.clean.rows import COLUMNS, MISSING, SUMMED, clean

__all__ = ["COLUMNS", "MISSING", "SUMMED", "CleaningError", "clean"]

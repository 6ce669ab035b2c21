"""Whether a table is what the catalogue says, and how its codes become values of the schema."""

from affarsplan_data.fitting.contents import check_unit, content_code, contents_of, is_idle
from affarsplan_data.fitting.errors import MisfitError
from affarsplan_data.fitting.labels import named
from affarsplan_data.fitting.mapping import Taken, column_of, taken
from affarsplan_data.fitting.misfits import misfits, require
from affarsplan_data.fitting.titles import stem, title_faults

__all__ = [
    "MisfitError",
    "Taken",
    "check_unit",
    "column_of",
    "content_code",
    "contents_of",
    "is_idle",
    "misfits",
    "named",
    "require",
    "stem",
    "taken",
    "title_faults",
]

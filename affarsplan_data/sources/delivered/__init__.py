"""Figures that come as a file: read, checked in every cell, and kept in the archive like other answers.

An analyst puts an .xlsx or .csv file in ``data/raw/delivered``, filled into a measure's :func:`template`
or with a description beside it. A file with a single mistake is not used at all; every mistake is told
with file, sheet, cell and what was expected.
"""

from affarsplan_data.sources.delivered.allowed import SYMBOLS
from affarsplan_data.sources.delivered.deliveries import Delivery, check
from affarsplan_data.sources.delivered.errors import DeliveredError, Fault
from affarsplan_data.sources.delivered.reading import CONTENT, NOT_DELIVERED
from affarsplan_data.sources.delivered.rows import rows
from affarsplan_data.sources.delivered.sidecar import Sidecar
from affarsplan_data.sources.delivered.storing import (
    SOURCE,
    TakenIn,
    files,
    folder,
    load,
    read,
    standing,
    take_in,
)
from affarsplan_data.sources.delivered.template import deliverable, template
from affarsplan_data.sources.delivered.units import factor

__all__ = [
    "CONTENT",
    "NOT_DELIVERED",
    "SOURCE",
    "SYMBOLS",
    "DeliveredError",
    "Delivery",
    "Fault",
    "Sidecar",
    "TakenIn",
    "check",
    "deliverable",
    "factor",
    "files",
    "folder",
    "load",
    "read",
    "rows",
    "standing",
    "take_in",
    "template",
]

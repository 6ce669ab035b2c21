"""A delivered file's figures as raw rows; its codes are already those of the schema."""

import numpy as np
import pandas as pd

from affarsplan_data.archive import Snapshot
from affarsplan_data.catalogue import DIMENSIONS, Measure
from affarsplan_data.scb.cubes import Cube
from affarsplan_data.sources.delivered import units
from affarsplan_data.sources.delivered.reading import CONTENT, NOT_DELIVERED

KEY = ("region", "period", *DIMENSIONS)
COLUMNS = (
    *(*KEY, "value", "status", "table", "vintage", "preliminary", "noise"),
    *("published_value", "published_unit"),
)
"""The columns of raw rows, as cleaning gives them; it lies in a later layer, and a test compares."""


def rows(cube: Cube, snapshot: Snapshot, measure: Measure) -> pd.DataFrame:
    """Return one row per figure that the file has, with :data:`COLUMNS`.

    ``value`` is in the measure's unit, NaN where a symbol stands in ``status``. A dimension that the file
    is not divided by is ``total``. ``attrs`` holds ``source``, ``snapshot``, ``content``, ``label``,
    ``unit`` (the file's) and ``factor``, as for tables that are fetched, and ``producer``.
    """
    structure = cube.structure
    codes = {d.id: np.array(d.codes, dtype=object) for d in structure.dimensions}
    places = np.unravel_index(np.arange(cube.values.size), structure.shape)
    frame = pd.DataFrame(
        {name: codes[name][place] for name, place in zip(codes, places, strict=True)}
    )
    unit = structure.dimension(CONTENT).units[measure.id].base
    factor = units.factor(unit, measure.unit)
    about = structure.extension["delivered"]
    frame = frame.assign(
        **{name: "total" for name in DIMENSIONS if name not in frame},
        value=cube.values * factor,
        status=np.array(cube.symbols, dtype=object)[cube.status],
        table=structure.label,
        vintage=snapshot.updated,
        preliminary=frame["period"].isin(about["preliminary"]),
        noise=False,
        published_value=cube.values,
        published_unit=unit,
    )
    frame = frame.loc[frame["status"] != NOT_DELIVERED, list(COLUMNS)].reset_index(drop=True)
    frame.attrs = {
        "source": snapshot.source,
        "snapshot": snapshot.id,
        "content": measure.id,
        "label": structure.label,
        "unit": unit,
        "factor": factor,
        "producer": structure.source,
    }
    return frame

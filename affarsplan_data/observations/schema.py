"""The one schema: a row per figure, checked at the door of ``data/processed``."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pandera.pandas as pa

from affarsplan_data import regions
from affarsplan_data.catalogue import INDUSTRIES
from affarsplan_data.observations.errors import ObservationError

COLUMNS = (
    "measure",
    "region",
    "period",
    "start",
    "sex",
    "birth",
    "age",
    "industry",
    "category",
    "value",
    "unit",
    "status",
    "source",
    "table",
    "vintage",
    "preliminary",
    "noise",
    "segment",
    "published_value",
    "published_unit",
    "origin",
)
"""The columns, in order.

``segment`` counts the series breaks that the measure has passed, from 1; figures of different segments
are not compared. ``noise`` marks figures that carry random noise. ``published_value`` and
``published_unit`` are the figure as its producer wrote it, ``value`` and ``unit`` as the measure has it;
a total that the build has added up was never published. ``origin`` is where in ``data/raw`` the figure
comes from: ``edition/grp.csv#scb_2023`` or ``archive/SERVER/TABLE/SNAPSHOT``.
"""

CATEGORICAL = tuple(
    c
    for c in COLUMNS
    if c not in {"start", "value", "preliminary", "noise", "segment", "published_value"}
)
KEY = ("region", "period", "sex", "birth", "age", "industry", "category")
SEXES = ("total", "women", "men")
BIRTHS = ("total", "native", "foreign")
SUMMED = "summed"
"""Status of a total that the producer did not publish and the build has added up from its parts."""


def _text(*checks: pa.Check) -> pa.Column:
    return pa.Column("category", checks=list(checks), nullable=False)


def _one_of(*allowed: str) -> pa.Check:
    return pa.Check(lambda column: set(column.cat.categories) <= set(allowed), name="known values")


def _matches(pattern: str) -> pa.Check:
    return pa.Check(
        lambda column: column.cat.categories.str.fullmatch(pattern).all(), name=f"form {pattern}"
    )


SCHEMA = pa.DataFrameSchema(
    {
        "measure": _text(),
        "region": _text(_one_of(*regions.all_regions())),
        "period": _text(_matches(r"\d{4}(M(0[1-9]|1[0-2])|K[1-4])?")),
        "start": pa.Column("datetime64[ns]", nullable=False),
        "sex": _text(_one_of(*SEXES)),
        "birth": _text(_one_of(*BIRTHS)),
        "age": _text(_matches(r"total|unknown|\d+-\d+|\d+\+")),
        "industry": _text(_one_of("total", *INDUSTRIES)),
        "category": _text(_matches(r"[a-z][a-z0-9_]*")),
        "value": pa.Column("float64", nullable=True),
        "unit": _text(),
        "status": _text(),
        "source": _text(),
        "table": _text(),
        "vintage": pa.Column("category", nullable=True),
        "preliminary": pa.Column(bool),
        "noise": pa.Column(bool),
        "segment": pa.Column("int16", checks=pa.Check.ge(1)),
        "published_value": pa.Column("float64", nullable=True),
        "published_unit": _text(),
        "origin": _text(),
    },
    checks=[
        pa.Check(
            lambda frame: frame["value"].notna() | (frame["status"].astype(str) != ""),
            error="ett saknat värde måste ha en status som säger varför",
        ),
        pa.Check(
            lambda frame: ~frame.duplicated([*KEY, "table", "vintage"]),
            error="samma uppgift förekommer två gånger i samma publicering",
        ),
    ],
    strict=True,
    ordered=True,
)


def period_start(periods: pd.Series) -> pd.Series:
    """Return the first day of each period (``2024``, ``2024K1`` or ``2024M03``)."""
    text = periods.astype(str)
    month = text.str.extract(r"M(\d\d)")[0].astype("float")
    quarter = text.str.extract(r"K(\d)")[0].astype("float")
    number = month.fillna(quarter.sub(1).mul(3).add(1)).fillna(1).astype(int)
    dates = pd.to_datetime({"year": text.str[:4].astype(int), "month": number, "day": 1})
    return dates.astype("datetime64[ns]")


def segments(periods: pd.Series, breaks: Iterable[str]) -> pd.Series:
    """Return the number of the segment that each period lies in, from 1; a break begins a new one."""
    begins = sorted(breaks)
    passed = np.searchsorted(begins, periods.str[:4].to_numpy(dtype=str), side="right")
    return pd.Series(passed + 1, index=periods.index, dtype="int16")


def check(frame: pd.DataFrame) -> pd.DataFrame:
    """Return ``frame`` when it follows the schema.

    Raises:
        ObservationError: it does not; the message names the measure and the first faults.
    """
    try:
        return SCHEMA.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        faults = error.failure_cases[["column", "check", "failure_case"]].head(5)
        measure = str(frame["measure"].iloc[0]) if len(frame) else "okänt mått"
        raise ObservationError(
            f"Måttet {measure} följer inte schemat för observationer:\n{faults.to_string(index=False)}"
        ) from None

"""Every indicator value behind the report as one tidy file with codes, status and source."""

from contextlib import suppress
from pathlib import Path

import pandas as pd

from affarsplan_data import regions
from affarsplan_data.catalogue import Indicator, load_catalogue
from affarsplan_data.indicators import MissingIndicatorError, evaluate
from affarsplan_data.parameters import Parameters

NAME = "indikatorer.csv"


def _values(indicator: Indicator, given: Parameters) -> pd.DataFrame:
    frame = evaluate(indicator.id, given.data, base_year=given.base_year)
    return frame.assign(name=indicator.name)


def write_values(folder: Path, parameters: Parameters, made_up: str = "") -> None:
    """Write ``indikatorer.csv`` into ``folder``: UTF-8, comma, decimal point, missing as empty cells.

    One row per indicator, region, period and group: the columns of
    :func:`affarsplan_data.indicators.evaluate` with the indicator's and the region's Swedish names.
    Riket, all counties and the municipalities of the region's county, up to the report's year. What
    ``made_up`` says stands on every row, in a last column ``note``.
    """
    frames = []
    for indicator in load_catalogue().indicators.values():
        with suppress(MissingIndicatorError):
            frames.append(_values(indicator, parameters))
    shown = {
        regions.COUNTRY,
        *regions.counties(),
        *regions.municipalities(parameters.county),
    }
    frame = pd.concat([f[f["region"].isin(shown)] for f in frames], ignore_index=True)
    frame = frame[frame["period"].str[:4].astype(int) <= parameters.year]
    frame.insert(1, "name", frame.pop("name"))
    frame.insert(3, "region_name", frame["region"].map(regions.name))
    if made_up:
        frame = frame.assign(note=made_up)
    folder.mkdir(parents=True, exist_ok=True)
    frame.drop(columns="segment").to_csv(
        folder / NAME, index=False, encoding="utf-8", lineterminator="\n"
    )

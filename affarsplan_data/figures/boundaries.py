"""Boundaries of municipalities and counties, for thematic maps only.

Source: SCB, Digitala gränser (CC0): the project's own copy in ``data/raw/boundaries``, or another file of
the same form. The lines are drawn for small maps: never compute areas or densities from them.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import coverage_union_all

from affarsplan_data import project, regions
from affarsplan_data.figures.errors import BoundariesError

CRS = "EPSG:3006"
_FILE = Path("boundaries", "municipalities.geojson")


def areas(codes: Sequence[str], file: Path | None = None) -> gpd.GeoDataFrame:
    """Return the areas with ``codes``: columns ``code`` and ``geometry``, metres in SWEREF 99 TM.

    Municipalities (four digits) and counties (two digits) may be mixed; rows are in code order. They are
    read from ``file``, or from the project's own copy when it is None.

    Raises:
        UnknownRegionError: a code that does not exist.
        BoundariesError: the file is missing or damaged, or riket was asked for.
    """
    wanted = sorted(regions.get(code).code for code in dict.fromkeys(codes))
    every = _every(project.noted(file or project.raw() / _FILE))
    if absent := sorted(set(wanted) - set(every["code"])):
        raise BoundariesError(f"Kartfilen saknar gränser för {', '.join(absent)}.")
    return every[every["code"].isin(wanted)].sort_values("code", ignore_index=True)


@cache
def _every(path: Path) -> gpd.GeoDataFrame:
    try:
        municipalities = gpd.read_file(path)[["code", "geometry"]].to_crs(CRS)
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        raise BoundariesError(
            f"Kan inte läsa kommungränserna i {path}. "
            "Hämta tillbaka filen ur projektets versionshantering."
        ) from error
    counties = gpd.GeoDataFrame(
        [
            {"code": code, "geometry": coverage_union_all(group.geometry.values)}
            for code, group in municipalities.groupby(municipalities["code"].str[:2], sort=True)
        ],
        crs=CRS,
    )
    return gpd.GeoDataFrame(pd.concat([counties, municipalities], ignore_index=True), crs=CRS)

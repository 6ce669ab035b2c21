"""Totals that no producer published, added up from complete and published parts.

Allowed only for measures that the catalogue says can be added, only where no published total exists in
any series, and never of figures that carry noise: their sums are not totals.
"""

from collections.abc import Collection
from functools import cache

import pandas as pd

from affarsplan_data import regions
from affarsplan_data.observations.keys import Keys
from affarsplan_data.observations.schema import KEY, SUMMED

_FIRST_PERIOD = {"0330": "2002"}
"""Knivsta was part of Uppsala municipality until the end of 2002; SCB's series begins that year."""


def add_sexes(frame: pd.DataFrame) -> pd.DataFrame:
    """Return ``frame`` with women plus men as ``total`` where no total is published."""
    parts = frame[frame["sex"].isin(["women", "men"]) & frame["value"].notna() & ~frame["noise"]]
    parts = parts[_lacks(frame, parts.assign(sex="total"))]
    if parts.empty:
        return frame
    keys = [k for k in KEY if k != "sex"] + ["series"]
    sums = parts.groupby(keys, sort=True).agg(value=("value", "sum"), parts=("sex", "nunique"))
    both = sums[sums["parts"] == 2].drop(columns="parts").reset_index()
    return _append(frame, both.assign(sex="total"))


def add_regions(frame: pd.DataFrame, left_out: Collection[str] = ()) -> pd.DataFrame:
    """Return ``frame`` with counties summed from all their municipalities, and riket from all counties.

    A county is summed only when every municipality that existed that year, save those ``left_out``, has
    a value.
    """
    municipal = _usable(frame, regions.municipalities())
    municipal = municipal[~municipal["region"].isin(left_out)]
    frame = _sum_up(frame, municipal, municipal["region"].str[:2], left_out)
    county = _usable(frame, regions.counties())
    return _sum_up(frame, county, pd.Series(regions.COUNTRY, index=county.index), left_out)


def _usable(frame: pd.DataFrame, codes: Collection[str]) -> pd.DataFrame:
    return frame[frame["region"].isin(codes) & frame["value"].notna() & ~frame["noise"]]


def _sum_up(
    frame: pd.DataFrame, parts: pd.DataFrame, parent: pd.Series, left_out: Collection[str]
) -> pd.DataFrame:
    parts = parts.assign(parent=parent)
    parts = parts[_lacks(frame, parts.assign(region=parent))]
    if parts.empty:
        return frame
    keys = [k for k in KEY if k != "region"] + ["series"]
    grouped = parts.groupby(["parent", *keys], sort=True)
    sums = grouped.agg(value=("value", "sum"), parts=("region", "nunique")).reset_index()
    pairs = zip(sums["parent"], sums["period"].str[:4], strict=True)
    needed = [_expected(parent, year, left_out) for parent, year in pairs]
    sums = sums[sums["parts"] == needed].rename(columns={"parent": "region"})
    return _append(frame, sums.drop(columns="parts"))


@cache
def _existing(county: str, year: str) -> frozenset[str]:
    codes = regions.municipalities(county)
    return frozenset(code for code in codes if _FIRST_PERIOD.get(code, "0000") <= year)


def _expected(parent: str, year: str, left_out: Collection[str]) -> int:
    if parent == regions.COUNTRY:
        return len(regions.counties())
    return len(_existing(parent, year) - set(left_out))


def _lacks(frame: pd.DataFrame, wanted: pd.DataFrame) -> pd.Series:
    """Return for which of ``wanted`` no series has the figure."""
    keys = Keys(frame)
    held = pd.Index(keys.numbers(frame)).unique()
    return pd.Series(~pd.Index(keys.numbers(wanted)).isin(held), index=wanted.index)


def _append(frame: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    if sums.empty:
        return frame
    new = sums.assign(status=SUMMED, noise=False)
    return pd.concat([frame, new], ignore_index=True)

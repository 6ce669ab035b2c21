"""Differences to riket, and changes, taken apart: parts that add up, as classes beside the whole.

The parts are accounting identities that describe; none of them explains.
"""

from collections.abc import Iterable

import pandas as pd

from affarsplan_data import regions, statistics
from affarsplan_data.indicators.formulas.frames import Frames, Parameters, join, keys_of
from affarsplan_data.indicators.inputs import META
from affarsplan_data.statistics.shift_share import PARTS

GROUPS = ["sex", "birth"]


def grp_gap(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """The difference to riket in grp per inhabitant, log points · 100: ``total`` and its five parts."""
    chain, parts = statistics.GRP_CHAIN_TWO_SOURCES, statistics.GRP_PARTS_TWO_SOURCES
    joined = join({name: frames[name] for name in chain})
    found = []
    for _, rows in joined.groupby("period", sort=False):
        riket = rows[rows["region"] == regions.COUNTRY]
        own = rows[rows["region"] != regions.COUNTRY]
        if len(riket) == 1:
            split = statistics.log_decomposition(own, riket.iloc[0][list(chain)], chain, parts)
            found += [own.assign(category=part, value=split[part]) for part in split]
    return _together(found, joined)


def rate_decomposition(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """The difference in a rate to riket, percentage points: ``total``, ``composition`` and ``rate``.

    The groups are women and men by native- and foreign-born (Kitagawa).
    """
    joined = join({"part": frames["part"], "whole": frames["whole"]})
    fits = joined["part"] <= joined["whole"]
    joined = joined.assign(count=joined["part"].where(fits), base=joined["whole"])
    found = []
    for _, rows in joined.groupby("period", sort=False):
        groups = {code: own.set_index(GROUPS) for code, own in rows.groupby("region", sort=False)}
        riket = groups.pop(regions.COUNTRY, None)
        for own in groups.values():
            if riket is not None and set(own.index) == set(riket.index):
                found.append(_kitagawa(own, riket))
    return _together(found, joined.drop(columns=GROUPS))


def _kitagawa(own: pd.DataFrame, riket: pd.DataFrame) -> pd.DataFrame:
    split = statistics.kitagawa(own, riket)
    values = {"total": split.difference, "composition": split.composition, "rate": split.rate}
    base = own["base"].min(skipna=False)
    first = own.iloc[[0]].assign(count=own["count"].min(skipna=False), base=base)
    rows = first.loc[first.index.repeat(len(values))].reset_index(drop=True)
    return rows.assign(category=list(values), value=list(values.values()))


def shift_share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """The change in employment since the first year of the segment, percent of that year's employed.

    The classes ``national``, ``mix`` and ``regional`` add up to ``change``; ``total`` is the regional
    part, which is the indicator's own value. The industries' rows are shares of the same base, so that
    they too add up. Riket is left out, being what the regions are set against.
    """
    frame = frames["value"]
    years = frame.loc[frame["region"] == regions.COUNTRY].groupby("segment")["period"]
    found = [
        _change(frame[frame["segment"] == segment], str(first), str(year))
        for segment, periods in years
        for first in [periods.min()]
        for year in sorted(set(periods) - {first})
    ]
    return _together(found, frame)


def _change(frame: pd.DataFrame, first: str, year: str) -> pd.DataFrame:
    start, end = (
        frame[frame["period"] == p].pivot(index="industry", columns="region", values="value")
        for p in (first, year)
    )
    both = [code for code in start.columns if code in end.columns and code != regions.COUNTRY]
    industries = [code for code in start.index if code != "total"]
    riket = (start[regions.COUNTRY], end[regions.COUNTRY])
    result = statistics.shift_share(
        start.loc[industries, both],
        end.reindex(industries)[both],
        riket[0][industries],
        riket[1].reindex(industries),
        reference_totals=(float(riket[0]["total"]), float(riket[1]["total"])),
    )
    base = result.totals["start"].where(result.totals["start"] > 0)
    totals = result.totals.assign(industry="total").set_index("industry", append=True)
    numbers = pd.concat([totals, result.industries])
    few = numbers[["start", "end"]].min(axis=1, skipna=False)
    parts = 100 * numbers[["change", *PARTS]].div(base, axis="index", level="region")
    parts = parts.assign(total=parts["regional"])
    long = parts.reset_index().melt(["region", "industry"], var_name="category")
    long = long.merge(few.rename("count").reset_index(), on=["region", "industry"])
    about = frame[frame["period"] == year].groupby("region")[["segment", *_origin()]].first()
    return long.merge(about.reset_index(), on="region").assign(period=year)


def _origin() -> list[str]:
    return [name for name in META if name != "segment"]


def _together(found: Iterable[pd.DataFrame], frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows found, or none with the columns that a result has."""
    some = [rows for rows in found if len(rows)]
    if some:
        return pd.concat(some, ignore_index=True)
    keys = [key for key in keys_of(frame) if key != "category"]
    return frame.iloc[:0][[*keys, *META]].assign(category="", value=0.0)

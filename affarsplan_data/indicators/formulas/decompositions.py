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
    wide = joined.set_index([*keys_of(joined.drop(columns=GROUPS)), *GROUPS])
    count, base = (wide[name].unstack(GROUPS) for name in ("count", "base"))
    country = count.index.get_level_values("region") == regions.COUNTRY
    others = count.index.droplevel("region")
    riket = [frame[country].droplevel("region").reindex(others) for frame in (count, base)]
    composition, rate, total = statistics.kitagawa_sums(count, base, *riket)
    about = joined.groupby(list(count.index.names))[list(META)].first().loc[count.index]
    result = about.assign(
        count=count.min(axis=1, skipna=False), base=base.min(axis=1, skipna=False)
    )[~country].reset_index()
    parts = {"total": total, "composition": composition, "rate": rate}
    found = [result.assign(category=name, value=part[~country]) for name, part in parts.items()]
    return pd.concat(found, ignore_index=True)


def shift_share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """The change in employment since the first year of the segment, percent of that year's employed.

    The classes ``national``, ``mix`` and ``regional`` add up to ``change``; ``total`` is the regional
    part, which is the indicator's own value. The industries' rows are shares of the same base, so that
    they too add up. Riket is left out, being what the regions are set against.
    """
    frame = frames["value"]
    country = frame[(frame["region"] == regions.COUNTRY) & (frame["industry"] == "total")]
    found = [
        _change(frame, str(periods.min()), str(year))
        for _, periods in country.groupby("segment")["period"]
        for year in sorted(set(periods) - {periods.min()})
    ]
    return _together(found, frame)


def _change(frame: pd.DataFrame, first: str, year: str) -> pd.DataFrame:
    """Return the parts of the change between two years, where each series is unbroken between them."""
    unit = ["region", "industry"]
    start, end = (
        frame.loc[frame["period"] == p, [*unit, "value", "segment"]] for p in (first, year)
    )
    both_years = start.merge(end, on=unit, suffixes=("_first", "_last")).set_index(unit)
    unbroken = both_years["segment_first"] == both_years["segment_last"]
    codes = sorted(set(frame["industry"]))
    start, end = (
        both_years[f"value_{which}"].where(unbroken).unstack("region").reindex(codes)
        for which in ("first", "last")
    )
    both = [code for code in start.columns if code != regions.COUNTRY]
    industries = [code for code in codes if code != "total"]
    riket = (start[regions.COUNTRY], end[regions.COUNTRY])
    result = statistics.shift_share(
        start.loc[industries, both],
        end.loc[industries, both],
        riket[0][industries],
        riket[1][industries],
        reference_totals=(float(riket[0]["total"]), float(riket[1]["total"])),
    )
    base = result.totals["start"].where(result.totals["start"] > 0)
    totals = result.totals.assign(industry="total").set_index("industry", append=True)
    numbers = pd.concat([totals, result.industries])
    few = numbers[["start", "end"]].min(axis=1, skipna=False)
    parts = 100 * numbers[["change", *PARTS]].div(base, axis="index", level="region")
    # The identity is missing as a whole: a change without its parts says nothing here.
    parts = parts.where(parts["regional"].notna()).assign(total=parts["regional"])
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

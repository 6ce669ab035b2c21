"""An indicator's values as the page's parameters ask for them, and why they cannot be had."""

from dataclasses import replace

import pandas as pd

from affarsplan_data import swedish
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.indicators import (
    IndicatorValues,
    MissingIndicatorError,
    has_base,
    indicator,
    sentences,
)
from affarsplan_data.parameters import Parameters


def read(id: str, given: Parameters) -> IndicatorValues:
    """Return an indicator's values up to the page's year, on the page's base year where it has one.

    Raises:
        MissingIndicatorError: the data in use lack it, or no series of it has the base year.
    """
    if given.base_year is None or not has_base(load_catalogue().indicator(id)):
        return indicator(id, until=given.year, data=given.data)
    values = indicator(id, until=given.year, data=given.data, base_year=given.base_year)
    newest = values.frame["value"].where(_usable(id, given)[1])
    if newest.isna().all() and (reason := without_base(id, given, given.county)):
        raise MissingIndicatorError(reason)
    return replace(values, frame=values.frame.assign(value=newest))


def without_base(id: str, given: Parameters, region: str) -> str:
    """Say that a region's series cannot be shown on the page's base year; empty when it can.

    A series is never carried over a break, so the base year has to lie in the newest unbroken one: an
    index that ends before it would tell nothing of today.
    """
    about = load_catalogue().indicator(id)
    if given.base_year is None or not has_base(about):
        return ""
    whole, usable = _usable(id, given)
    frame = whole[usable & (whole["region"] == region)]
    if str(given.base_year) in set(frame["period"]):
        return ""
    reason = f"{about.name} kan inte räknas om till basåret {given.base_year}"
    if frame.empty:
        return f"{reason}: {sentences.place(region)} har ingen obruten serie på minst två år."
    return (
        f"{reason}: det ska ligga i den senaste obrutna serien, som för {sentences.place(region)} är "
        f"{frame['period'].min()}–{frame['period'].max()}."
    )


def _usable(id: str, given: Parameters) -> tuple[pd.DataFrame, pd.Series]:
    """Return an indicator's rows, and which of them lie in the newest unbroken series of their group.

    Figures that begin after the indicator's own base year have no value on it: the chosen one tells then.
    """
    own = indicator(id, until=given.year, data=given.data).frame
    if own["value"].notna().any():
        return own, _in_newest(own)
    chosen = indicator(id, until=given.year, data=given.data, base_year=given.base_year).frame
    return chosen, _in_newest(chosen.assign(value=0.0)) & chosen["value"].notna()


def _in_newest(frame: pd.DataFrame) -> pd.Series:
    """Tell which values lie in the newest unbroken series, of at least two years, of their own group."""
    group = ["region", "sex", "birth", "industry", "category"]
    known = frame["value"].notna()
    long = known & (frame.groupby([*group, "segment"])["value"].transform("count") > 1)
    last = frame["period"].where(long).groupby([frame[c] for c in group]).transform("max")
    ends = frame["segment"].where(long & (frame["period"] == last))
    return long & (frame["segment"] == ends.groupby([frame[c] for c in group]).transform("max"))


def base_remark(ids: list[str], given: Parameters) -> str:
    """Say which of the page's indicators the chosen base year is used for; empty without one."""
    if given.base_year is None:
        return ""
    catalogue = load_catalogue()
    based = [a.name for a in map(catalogue.indicator, ids) if has_base(a)]
    if not based:
        return f"Basåret {given.base_year} påverkar inget här: ingen av sidans indikatorer har ett basår."
    names = swedish.listing([swedish.lower_first(name) for name in based])
    return f"Basåret {given.base_year} används för {names}. Övriga indikatorer har inget basår."

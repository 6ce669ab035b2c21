"""Tests of a place among the counties, always with the value, the distances and the latest places."""

from typing import Literal

import pandas as pd

from affarsplan_data import regions, statistics, swedish
from affarsplan_data.claims.certainty import Estimate
from affarsplan_data.claims.findings import Finding, Outcome
from affarsplan_data.claims.forms.saying import dated, found, own
from affarsplan_data.claims.reading import COUNTIES_NEEDED, NoFiguresError, Reading
from affarsplan_data.indicators import sentences

WINDOWS = 5
"""So many periods' places are told beside the newest: one place alone says little."""


def rank_is(about: Reading, *, rank: int, tolerance: int = 0) -> Finding:
    """The county's place is ``rank``, give or take ``tolerance``."""
    return _placed(about, rank - tolerance, rank + tolerance)


def rank_at_most(about: Reading, *, rank: int) -> Finding:
    """The county's place is ``rank`` or better."""
    return _placed(about, 1, rank)


def rank_at_least(about: Reading, *, rank: int) -> Finding:
    """The county's place is ``rank`` or worse."""
    return _placed(about, rank, len(regions.counties()))


def _placed(about: Reading, first: int, last: int) -> Finding:
    row = about.latest()
    table = about.counties(WINDOWS)
    values = table.pivot(index="period", columns="region", values="value").sort_index()
    newest = values.loc[row["period"]].dropna()
    if len(newest) < COUNTIES_NEEDED:
        raise NoFiguresError(f"bara {len(newest)} län har en uppgift för {row['period']}")
    if about.region not in newest.index:
        raise NoFiguresError(f"{sentences.place(about.region)} har ingen plats bland länen")
    near = statistics.neighbours(newest, about.region, _direction(about))
    assert near is not None
    outcome = _possible(about, table, near.rank).within(first, last)
    figure = f"plats {near.rank} av {near.of} län"
    text = f"{own(about, row)}, {figure}{_distances(about, near)}{_places(about, values)}"
    if outcome == Outcome.UNKNOWN:
        text += "; platsen är inte säker"
    return found(about, outcome, text, row["period"], near.rank, figure)


def _direction(about: Reading) -> Literal["up", "down"]:
    return "down" if about.values.indicator.direction == "down" else "up"


def _possible(about: Reading, table: pd.DataFrame, rank: int) -> Estimate:
    """Return the place with those that intervals and counties without a figure leave possible."""
    now = table[table["period"] == table["period"].max()].set_index("region")
    absent = len(regions.counties()) - len(now)
    best = worst = float(rank)
    if now[["low", "high"]].notna().all(axis=None):
        bounds = statistics.rank_bounds(now["low"], now["high"], _direction(about))
        best, worst = bounds.loc[about.region, ["best", "worst"]]
    if best == worst and not absent:
        return Estimate(rank)
    return Estimate(rank, float(best), float(worst + absent))


def _distances(about: Reading, near: statistics.Neighbours) -> str:
    indicator = about.values.indicator
    unit = indicator.difference_unit if indicator.unit_after_number else ""
    # A distance between neighbours is often smaller than the values' own last decimal.
    said = [
        f"{swedish.with_unit(distance, unit, indicator.decimals + 1)} till platsen {where}"
        for distance, where in ((near.distance_above, "före"), (near.distance_below, "efter"))
        if distance is not None
    ]
    tied = f"delad med {len(near.tied_with)} län" if near.tied_with else ""
    listed = swedish.listing([part for part in (tied, *said) if part])
    return f" ({listed})" if listed else ""


def _places(about: Reading, values: pd.DataFrame) -> str:
    """Return the places of the periods before the newest, those in which enough counties have one."""
    enough = values[values.notna().sum(axis=1) >= COUNTIES_NEEDED]
    ranks = statistics.rank_by_period(enough, _direction(about))[about.region].dropna()
    earlier = [dated(str(int(rank)), period) for period, rank in ranks.iloc[:-1].items()]
    return f"; tidigare plats {swedish.listing(earlier)}" if earlier else ""

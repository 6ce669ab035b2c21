"""The group of counties a region is compared with, as one figure where the statistics allow it."""

from dataclasses import dataclass

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.indicators import IndicatorValues, sentences
from affarsplan_data.parameters import PeerGroup

WAYS = (
    "Värdet för {name} är gruppens eget där antalen bakom varje läns tal är kända och kan läggas ihop. "
    "Annars står det lägsta och det högsta värdet bland gruppens län: tal per län kan inte vägas ihop."
)
"""The note on how a group's figure is had."""


@dataclass(frozen=True)
class GroupFigure:
    """A group's figure: ``value`` when it is one, else the ``lowest`` and ``highest`` of its counties.

    ``known`` of ``of`` counties have a value.
    """

    value: float | None
    lowest: float | None
    highest: float | None
    known: int
    of: int


def group_figure(values: IndicatorValues, group: PeerGroup, period: str) -> GroupFigure | None:
    """Return the group's figure in a period; None when fewer than two of its counties have one.

    Numbers behind rates are added only when every county has them; plain numbers and figures whose parts
    are not known give a range, since a mean of counties is no figure of the group.
    """
    rows = [values.row(code, period) for code in group.counties]
    known = [row for row in rows if row is not None and pd.notna(row["value"])]
    if len(known) < 2:
        return None
    complete = len(known) == len(group.counties)
    whole = sentences.together(known) if complete else None
    found = [float(row["value"]) for row in known]
    value = None if whole is None else float(whole["value"])
    return GroupFigure(value, min(found), max(found), len(known), len(rows))


def group_cell(values: IndicatorValues, group: PeerGroup, period: str) -> str:
    """Return the group's figure as a table's cell; empty when there is none."""
    found = group_figure(values, group, period)
    about = values.indicator
    if found is None or about.formula.function == "index":
        return ""
    if found.value is not None:
        return sentences.short_amount(found.value, about)
    lowest = swedish.number(found.lowest, about.decimals)
    span = swedish.span(lowest, sentences.short_amount(found.highest, about))
    return span if found.known == found.of else f"{span} ({found.known} av {found.of} län)"


def members(group: PeerGroup) -> str:
    """Return the group's counties by name."""
    return swedish.listing([regions.name(code) for code in group.counties])

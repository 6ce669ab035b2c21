"""What there is to say of an indicator for a region, in the order of the evidence."""

from collections.abc import Mapping, Sequence

from affarsplan_data.indicators.sentences import words
from affarsplan_data.indicators.sentences.among import across, among
from affarsplan_data.indicators.sentences.groups import (
    FOREIGN,
    MEN,
    NATIVE,
    WOMEN,
    by_birth,
    four_groups,
    group_gap,
    women_and_men,
)
from affarsplan_data.indicators.sentences.levels import interval, missing
from affarsplan_data.indicators.sentences.over_time import gap_since, since
from affarsplan_data.indicators.sentences.places import standing
from affarsplan_data.indicators.sentences.targets import band
from affarsplan_data.indicators.values import IndicatorValues


def summary(
    values: IndicatorValues,
    region: str,
    groups: Mapping[str, Sequence[str]] | None = None,
    start: int | None = None,
) -> tuple[str, ...]:
    """Return the sentences on a region: level and gap, development, place, and the groups.

    Args:
        values: the indicator.
        region: whose figures.
        groups: other regions to say the position among, by the name of the group.
        start: the year from which the development is told; as far as the series goes when None.
    """
    period = values.latest(region)
    if period is None:
        return (f"{missing(values, region)}.",)
    said = _whole(values, region, groups or {}, start) + _parts(values, region, period, start)
    if not any(said):
        name = values.indicator.name
        return (f"{name}: uppgifterna för {words.place(region)} finns bara i delar; se tabellen.",)
    return tuple(text for text in said if text)


def _whole(
    values: IndicatorValues, region: str, groups: Mapping[str, Sequence[str]], start: int | None
) -> list[str]:
    """Return what is said of everyone in the region."""
    period = values.latest(region, "total")
    if period is None or values.row(region, period) is None:
        return []
    return [
        standing(values, region, period),
        interval(values, region, period),
        band(values, region, period),
        *(among(values, region, period, codes, name) for name, codes in groups.items()),
        since(values, region, start),
    ]


def _parts(values: IndicatorValues, region: str, period: str, start: int | None) -> list[str]:
    """Return what is said of the groups in the region, women and men apart where they are known."""
    if words.is_gap(values.indicator):
        by_sex = words.GAPS[values.indicator.formula.function] == "women"
        within = (NATIVE, FOREIGN) if by_sex else (WOMEN, MEN)
        developed = [gap_since(values, region, start, within=one) for one in ({}, *within)]
        return [group_gap(values, region, period), words.joined(developed)]
    return [
        across(values, region, period),
        women_and_men(values, region, period),
        gap_since(values, region, start),
        by_birth(values, region, period),
        four_groups(values, region, period),
        gap_since(values, region, start, (FOREIGN, NATIVE)),
    ]

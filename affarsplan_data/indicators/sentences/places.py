"""A county's place among the counties, never without its value, the distance and how firm it is."""

from affarsplan_data import swedish
from affarsplan_data.catalogue import ROLLING
from affarsplan_data.indicators.sentences import words
from affarsplan_data.indicators.sentences.levels import against_country, level
from affarsplan_data.indicators.values import IndicatorValues, Standing


def standing(values: IndicatorValues, region: str, period: str, *, brief: bool = False) -> str:
    """Return level, distance to riket and, for a county, rank with the distance to its neighbours.

    The range of the places in the last three periods stands with the rank, and, where the values have
    intervals, the places that these leave open. ``brief`` tells only one of the two, and no neighbours.
    """
    text = f"{level(values, region, period)}{against_country(values, region, period)}."
    spot = values.standing(region, period)
    if spot is None:
        return text
    return f"{text} {_brief(values, spot) if brief else _rank(values, spot)}"


def ranked(spot: Standing) -> str:
    """Return a county's place: ``plats 3 av 21 län``, ``delad plats 1 av 21 län``."""
    return f"{'delad ' if spot.shared else ''}plats {spot.rank} av {spot.of} län"


def place_bounds(values: IndicatorValues, region: str, period: str) -> str:
    """Return the sentence on which places a county's intervals leave open; empty when none is told."""
    return _open(values, region, period).strip()


def _brief(values: IndicatorValues, spot: Standing) -> str:
    """Return a county's place and how firm it is: the places left open, else those of three periods."""
    if bounds := _left_open(values, spot.region, spot.period):
        return f"Det är {ranked(spot)}; intervallen rymmer plats {bounds}."
    return f"Det är {ranked(spot)}{_span(values, spot)}."


def _rank(values: IndicatorValues, spot: Standing) -> str:
    own = words.amount(spot.value, values.indicator)
    near = [
        f"{said} {where}"
        for value, where in ((spot.above, "närmast före"), (spot.below, "närmast efter"))
        # A neighbour that prints as the county's own value tells of no distance.
        if value is not None and (said := words.amount(value, values.indicator)) != own
    ]
    neighbours = f" ({swedish.listing(near)})" if near else ""
    span = _span(values, spot)
    bounds = _open(values, spot.region, spot.period)
    return f"Det är {ranked(spot)}{neighbours}{span}.{bounds}"


def _span(values: IndicatorValues, spot: Standing) -> str:
    found = values.rank_span(spot.region, spot.period)
    if found is None:
        return ""
    what = "åren" if len(found.last) == len("2024") else "perioderna"
    if values.indicator.formula.function in ROLLING:
        what = "fönstren"
    last = f"de tre senaste {what} med uppgift ({found.first}–{found.last})"
    if found.best == found.worst:
        return f", samma plats {last}"
    return f", plats {found.best}–{found.worst} {last}"


def _open(values: IndicatorValues, region: str, period: str) -> str:
    bounds = _left_open(values, region, period)
    return f" Platsen är inte säker: intervallen rymmer plats {bounds}." if bounds else ""


def _left_open(values: IndicatorValues, region: str, period: str) -> str:
    bounds = values.rank_bounds(region, period)
    return "" if bounds is None or bounds[0] == bounds[1] else f"{bounds[0]}–{bounds[1]}"

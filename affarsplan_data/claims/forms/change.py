"""Tests of a change between two years: only inside one unbroken series, never across a break."""

import pandas as pd

from affarsplan_data import regions, statistics, swedish
from affarsplan_data.claims.certainty import Estimate, subtracted
from affarsplan_data.claims.findings import Finding, holds_if, joined
from affarsplan_data.claims.forms.saying import (
    change,
    found,
    from_to,
    percent,
    unless_unmeasured,
    unsure,
)
from affarsplan_data.claims.reading import NoFiguresError, Reading


def risen(about: Reading, *, years: int) -> Finding:
    """The value has risen over ``years``, beyond its intervals when it has any."""
    now, before = about.latest(), about.before(years)
    rise = about.difference(now, before)
    outcome = unless_unmeasured(about, rise, rise.above(0))
    text = from_to(about, before, now) + unsure(about, rise, outcome)
    figure = f"{change(about, rise.value)} på {years} år"
    return found(about, outcome, text, now["period"], rise.value, figure)


def growth_below_country(about: Reading, *, years: int) -> Finding:
    """The growth in percent over ``years`` is lower than riket's."""
    return _growth_against_country(about, years, sign=-1)


def growth_at_least_country(about: Reading, *, years: int) -> Finding:
    """The growth in percent over ``years`` is at least riket's."""
    return _growth_against_country(about, years, sign=1)


def growth(about: Reading, years: int, region: str | None = None, **dimensions: str) -> float:
    """Return the change in percent over ``years`` up to the newest figure.

    Raises:
        NoFiguresError: the unbroken series is too short, or begins at zero.
    """
    now = about.latest(region, **dimensions)
    before = about.before(years, region, **dimensions)
    if before["value"] <= 0:
        raise NoFiguresError("serien börjar inte över noll")
    return float(100 * (now["value"] / before["value"] - 1))


def _growth_against_country(about: Reading, years: int, sign: int) -> Finding:
    now, _ = about.shared_latest()
    about = about.up_to(str(now["period"]))
    own, country = growth(about, years), growth(about, years, regions.COUNTRY)
    figure = f"{percent(own)}, riket {percent(country)}"
    holds = own >= country if sign > 0 else own < country
    text = f"{percent(own)} på {years} år till {now['period']}, riket {percent(country)}"
    return found(about, holds_if(holds), text, now["period"], own, figure)


def every_start_year(about: Reading, *, back: int) -> Finding:
    """The value has grown, whichever year of the last ``back`` is taken as the start."""
    end = str(about.latest()["period"])
    table = _by_start(about, about.region, end, back)
    known = table[table["change"].notna()]
    if known.empty:
        why = f": {table['reason'].iloc[-1]}" if len(table) else ""
        raise NoFiguresError(f"{about.noun} kan inte jämföras mellan {end} och något år före{why}")
    text = f"till {end}: {_listed(known)}"
    if end in set(about.series(regions.COUNTRY)["period"]):
        country = _by_start(about, regions.COUNTRY, end, back)
        country = country[country["change"].notna() & country["start"].isin(known["start"])]
        text += f", i riket {_listed(country)}" if len(country) else ""
    if len(known) < len(table):
        text += f"; tidigare år går inte att jämföra med {end}"
    outcome = joined([holds_if(one > 0) for one in known["change"]])
    lowest, highest = float(known["change"].min()), float(known["change"].max())
    figure = percent(lowest, 0)
    if len(known) > 1:
        figure = f"mellan {swedish.signed(lowest, 0)} och {percent(highest, 0)}"
    return found(about, outcome, text, end, lowest, figure)


def _by_start(about: Reading, region: str, end: str, back: int) -> pd.DataFrame:
    rows = about.series(region).set_index("period")
    table = statistics.growth_by_start(rows["value"], end, segments=rows["segment"])
    return table[table["start"].astype(int) >= int(end) - back]


def _listed(table: pd.DataFrame) -> str:
    said = [f"{percent(row.change, 0)} från {row.start}" for row in table.itertuples()]
    return swedish.listing(said)


def latest_round_lower(about: Reading) -> Finding:
    """The newest round of a survey lies below the one before it, beyond their margins."""
    before, now = _rounds(about)
    fall = about.difference(now, before)
    outcome = unless_unmeasured(about, fall, fall.below(0))
    text = from_to(about, before, now) + unsure(about, fall, outcome)
    return found(about, outcome, text, now["period"], fall.value, change(about, fall.value))


def round_change_below_country(about: Reading) -> Finding:
    """The value's change since the survey's round before is below riket's, beyond the margins."""
    before, now = _rounds(about)
    old, new = (about.row(str(row["period"]), regions.COUNTRY) for row in (before, now))
    own = about.difference(now, before)
    country = about.difference(new, old)
    apart: Estimate = subtracted(own, country)
    outcome = unless_unmeasured(about, apart, apart.below(0))
    text = f"{from_to(about, before, now)}, i riket {change(about, country.value)}"
    text += unsure(about, apart, outcome)
    figure = f"{change(about, own.value)}, riket {change(about, country.value)}"
    return found(about, outcome, text, now["period"], own.value, figure)


def _rounds(about: Reading) -> tuple[pd.Series, pd.Series]:
    rows = about.segment()
    if len(rows) < 2:
        raise NoFiguresError(f"det finns bara en omgång av {about.noun}")
    return rows.iloc[-2], rows.iloc[-1]

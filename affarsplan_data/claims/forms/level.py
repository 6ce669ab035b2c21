"""Tests of a level: against riket, against a limit, against the counties' median."""

from affarsplan_data import regions, swedish
from affarsplan_data.claims.certainty import estimate, rate_quotient
from affarsplan_data.claims.findings import Finding, Outcome, joined
from affarsplan_data.claims.forms.saying import (
    doubt,
    found,
    limit,
    margin,
    own,
    pair,
    plain,
    span,
    unless_unmeasured,
    unsure,
)
from affarsplan_data.claims.reading import COUNTIES_NEEDED, NoFiguresError, Reading


def below_country(about: Reading, *, windows: int = 1) -> Finding:
    """The value is below riket's, in each of the newest ``windows`` periods."""
    return _against_country(about, windows, sign=-1)


def above_country(about: Reading, *, windows: int = 1) -> Finding:
    """The value is above riket's, in each of the newest ``windows`` periods."""
    return _against_country(about, windows, sign=1)


def _against_country(about: Reading, windows: int, sign: int) -> Finding:
    now, country = about.shared_latest()
    rows, others = about.series(), about.series(regions.COUNTRY)
    shared = [p for p in rows["period"] if p in set(others["period"])][-windows:]
    if len(shared) < windows:
        raise NoFiguresError(
            f"bara {len(shared)} av {windows} perioder finns för både länet och riket"
        )
    outcomes = []
    for period in shared:
        gap = about.difference(about.row(period), about.row(period, regions.COUNTRY))
        outcome = gap.below(0) if sign < 0 else gap.above(0)
        outcomes.append(unless_unmeasured(about, gap, outcome))
    outcome = joined(outcomes)
    text = f"{pair(about, now, country)}{unsure(about, gap, outcomes[-1])}"
    if windows > 1:
        side = "under" if sign < 0 else "över"
        text += f"; {side} riket {outcomes.count(Outcome.HOLDS)} av de senaste {windows} perioderna"
    figure = f"{about.amount(now['value'])}, riket {about.amount(country['value'])}"
    far = margin(about, gap, now["period"], sign)
    return found(about, outcome, text, now["period"], now["value"], figure, far)


def below(about: Reading, *, limit: float) -> Finding:
    """The value is below ``limit``, with its whole interval when it has one."""
    return _against_limit(about, limit, "below")


def above(about: Reading, *, limit: float) -> Finding:
    """The value is above ``limit``, with its whole interval when it has one."""
    return _against_limit(about, limit, "above")


def at_least(about: Reading, *, limit: float) -> Finding:
    """The value is at least ``limit``, with its whole interval when it has one."""
    return _against_limit(about, limit, "at_least")


def _against_limit(about: Reading, wanted: float, side: str) -> Finding:
    row = about.latest()
    number = estimate(row)
    outcome = getattr(number, side)(wanted)
    text = f"{own(about, row)}, prövat mot {limit(about, wanted)}{doubt(about, number, outcome)}"
    far = margin(about, number.minus(wanted), row["period"], -1 if side == "below" else 1)
    figure = about.amount(row["value"])
    return found(about, outcome, text, row["period"], row["value"], figure, far)


def between(about: Reading, *, low: float, high: float) -> Finding:
    """The value lies from ``low`` to ``high``, with its whole interval when it has one."""
    row = about.latest()
    number = estimate(row)
    outcome = number.within(low, high)
    text = f"{own(about, row)}, prövat mot {span(about, low, high)}"
    text += doubt(about, number, outcome)
    return found(about, outcome, text, row["period"], row["value"], about.amount(row["value"]))


def quotient_to_country(about: Reading, *, low: float, high: float) -> Finding:
    """The value over riket's lies from ``low`` to ``high``, with its whole interval when known."""
    row, country = about.shared_latest()
    if country["value"] == 0:
        raise NoFiguresError(f"{about.noun} är noll i riket")
    quotient = rate_quotient(row, country)
    outcome = quotient.within(low, high)
    said = f"{swedish.number(quotient.value, 2)} av rikets"
    text = f"{pair(about, row, country)}, alltså {said}"
    if quotient.low is not None and quotient.high is not None:
        text += f" ({swedish.number(quotient.low, 2)}–{swedish.number(quotient.high, 2)})"
    text += f", prövat mot {plain(low)}–{plain(high)}{doubt(about, quotient, outcome)}"
    return found(about, outcome, text, row["period"], quotient.value, said)


def below_median(about: Reading) -> Finding:
    """The value is below the median of the counties, with its whole interval when it has one."""
    row = about.latest()
    values = about.counties()["value"]
    if len(values) < COUNTIES_NEEDED:
        raise NoFiguresError(f"bara {len(values)} län har en uppgift för {row['period']}")
    median = float(values.median())
    number = estimate(row)
    outcome = number.below(median)
    text = f"{own(about, row)}, länens median är {about.amount(median)}"
    text += doubt(about, number, outcome)
    figure = f"{about.amount(row['value'])}, median {about.amount(median)}"
    far = margin(about, number.minus(median), row["period"], -1)
    return found(about, outcome, text, row["period"], row["value"], figure, far)

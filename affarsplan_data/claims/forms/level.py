"""Tests of a level: against riket, against a limit, among the counties."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.claims.findings import Finding, Outcome, holds_if, share_of
from affarsplan_data.claims.reading import Reading, UndecidedError
from affarsplan_data.indicators import sentences

P = Mapping[str, Any]
COUNTIES_NEEDED = 15
"""A place among the counties is told only when at least this many of the 21 have a figure."""


def below_country(about: Reading, p: P) -> Finding:
    """The value is below riket's, in the newest ``windows`` years (default the newest alone)."""
    return _against_country(about, int(p.get("windows", 1)), sign=-1)


def above_country(about: Reading, p: P) -> Finding:
    """The value is above riket's, in the newest ``windows`` years (default the newest alone)."""
    return _against_country(about, int(p.get("windows", 1)), sign=1)


def _against_country(about: Reading, windows: int, sign: int) -> Finding:
    own, country = about.shared_latest()
    unclear = sentences.indistinct(own, country)
    text = f"{_pair(about, own, country)}{f' ({unclear})' if unclear else ''}"
    if unclear:
        return _finding(about, Outcome.UNKNOWN, text, own)
    if windows == 1:
        return _finding(about, holds_if(sign * (own["value"] - country["value"]) > 0), text, own)
    pairs = about.series().merge(
        about.series(regions.COUNTRY), on="period", suffixes=("", "_country")
    )
    last = pairs.tail(windows)
    if len(last) < windows:
        raise UndecidedError(
            f"bara {len(last)} av {windows} perioder finns för både länet och riket"
        )
    met = int((sign * (last["value"] - last["value_country"]) > 0).sum())
    word = "under" if sign < 0 else "över"
    return _finding(
        about, share_of(met, windows), f"{text}; {word} riket {met} av de senaste {windows}", own
    )


def below(about: Reading, p: P) -> Finding:
    """The value is below ``limit``, its whole interval when it has one."""
    return _against_limit(about, float(p["limit"]), sign=-1)


def at_least(about: Reading, p: P) -> Finding:
    """The value is at least ``limit``, its whole interval when it has one."""
    return _against_limit(about, float(p["limit"]), sign=1)


def _against_limit(about: Reading, limit: float, sign: int) -> Finding:
    own = about.latest()
    text = f"{_own(about, own)}, gränsen är {about.amount(limit)}"
    if own["low"] < limit < own["high"]:
        return _finding(about, Outcome.UNKNOWN, f"{text} och ligger inom intervallet", own)
    holds = own["value"] >= limit if sign > 0 else own["value"] < limit
    return _finding(about, holds_if(holds), text, own)


def between(about: Reading, p: P) -> Finding:
    """The value lies from ``low`` to ``high``."""
    own = about.latest()
    low, high = float(p["low"]), float(p["high"])
    text = f"{_own(about, own)}, prövat mot {_span(about, low, high)}"
    return _finding(about, holds_if(low <= own["value"] <= high), text, own)


def outside_band(about: Reading, p: P) -> Finding:
    """The value lies outside ``low`` to ``high`` (default 40–60), its whole interval when it has one."""
    own = about.latest()
    low, high = float(p.get("low", 40)), float(p.get("high", 60))
    text = f"{_own(about, own)}, prövat mot {_span(about, low, high)}"
    if any(own["low"] < limit < own["high"] for limit in (low, high)):
        return _finding(about, Outcome.UNKNOWN, f"{text}; gränsen ligger inom intervallet", own)
    return _finding(about, holds_if(not low <= own["value"] <= high), text, own)


def quotient_to_country(about: Reading, p: P) -> Finding:
    """The value over riket's lies from ``low`` to ``high``."""
    own, country = about.shared_latest()
    quotient = own["value"] / country["value"]
    text = f"{_pair(about, own, country)}, kvot {swedish.number(quotient, 2)}"
    return _finding(about, holds_if(float(p["low"]) <= quotient <= float(p["high"])), text, own)


def rank_is(about: Reading, p: P) -> Finding:
    """The county's place is ``rank``, give or take ``tolerance`` (default 0)."""
    own, rank, of = _placed(about)
    wanted, tolerance = int(p["rank"]), int(p.get("tolerance", 0))
    return _finding(
        about, holds_if(abs(rank - wanted) <= tolerance), _place(about, own, rank, of), own
    )


def rank_at_most(about: Reading, p: P) -> Finding:
    """The county's place is ``rank`` or better."""
    own, rank, of = _placed(about)
    return _finding(about, holds_if(rank <= int(p["rank"])), _place(about, own, rank, of), own)


def rank_at_least(about: Reading, p: P) -> Finding:
    """The county's place is ``rank`` or worse."""
    own, rank, of = _placed(about)
    return _finding(about, holds_if(rank >= int(p["rank"])), _place(about, own, rank, of), own)


def below_median(about: Reading, p: P) -> Finding:
    """The value is below the median of the counties."""
    own = about.latest()
    values = about.values.at(str(own["period"]), level="county")["value"].dropna()
    if len(values) < COUNTIES_NEEDED:
        raise UndecidedError(f"bara {len(values)} län har en uppgift för {own['period']}")
    median = float(values.median())
    text = f"{_own(about, own)}, länens median är {about.amount(median)}"
    return _finding(about, holds_if(own["value"] < median), text, own)


def _placed(about: Reading) -> tuple[pd.Series, int, int]:
    own = about.latest()
    table = about.values.ranking(str(own["period"]))
    if len(table) < COUNTIES_NEEDED:
        raise UndecidedError(f"bara {len(table)} län har en uppgift för {own['period']}")
    found = table[table["region"] == about.region]
    if found.empty:
        raise UndecidedError(f"{sentences.place(about.region)} har ingen plats bland länen")
    return own, int(found["rank"].iloc[0]), len(table)


def _place(about: Reading, own: pd.Series, rank: int, of: int) -> str:
    return f"{_own(about, own)}, plats {rank} av {of} län"


def _own(about: Reading, own: pd.Series) -> str:
    when = swedish.period(str(own["period"]))
    preliminary = " (preliminärt)" if own["preliminary"] else ""
    return f"{about.amount(own['value'])} {when}{preliminary}"


def _pair(about: Reading, own: pd.Series, country: pd.Series) -> str:
    return f"{_own(about, own)}, riket {about.amount(country['value'])}"


def _span(about: Reading, low: float, high: float) -> str:
    return f"{swedish.number(low, 1)}–{about.amount(high)}"


def _finding(about: Reading, outcome: Outcome, text: str, own: pd.Series) -> Finding:
    return Finding(
        outcome, text, about.values.indicator.id, str(own["period"]), float(own["value"])
    )

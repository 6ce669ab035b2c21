"""Tests of several industries at once: the plan's areas of strength, by their coarse industry groups."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.catalogue import INDUSTRIES
from affarsplan_data.claims.findings import Finding, Outcome, share_of
from affarsplan_data.claims.forms.change import growth
from affarsplan_data.claims.reading import Reading

P = Mapping[str, Any]


def industries_at_least(about: Reading, p: P) -> Finding:
    """Each of ``industries`` reaches ``limit`` (a location quotient of 1)."""
    rows = {code: about.latest(industry=code) for code in p["industries"]}
    met = sum(row["value"] >= float(p["limit"]) for row in rows.values())
    return _finding(about, share_of(met, len(rows)), _listed(about, rows), rows)


def industries_outside_band(about: Reading, p: P) -> Finding:
    """Each of ``industries`` lies outside ``low`` to ``high`` (default 40–60)."""
    low, high = float(p.get("low", 40)), float(p.get("high", 60))
    rows = {code: about.latest(industry=code) for code in p["industries"]}
    met = sum(not low <= row["value"] <= high for row in rows.values())
    text = f"{_listed(about, rows)}, prövat mot {swedish.number(low, 1)}–{swedish.number(high, 1)}"
    return _finding(about, share_of(met, len(rows)), text, rows)


def industries_growth_at_least_country(about: Reading, p: P) -> Finding:
    """Each of ``industries`` has grown at least as much as in riket over ``years``."""
    years = int(p["years"])
    rows, met, texts = {}, 0, []
    for code in p["industries"]:
        rows[code] = about.latest(industry=code)
        own = growth(about, years, industry=code)
        country = growth(about, years, regions.COUNTRY, industry=code)
        met += own >= country
        texts.append(
            f"{_name(code)} {swedish.signed(own, 1)}\u00a0procent, riket "
            f"{swedish.signed(country, 1)}\u00a0procent"
        )
    period = next(iter(rows.values()))["period"]
    text = f"{'; '.join(texts)} på {years} år till {period}"
    return _finding(about, share_of(met, len(rows)), text, rows)


def _listed(about: Reading, rows: Mapping[str, pd.Series]) -> str:
    listed = "; ".join(f"{_name(code)} {about.amount(row['value'])}" for code, row in rows.items())
    return f"{listed} {next(iter(rows.values()))['period']}"


def _name(code: str) -> str:
    return swedish.lower_first(INDUSTRIES.get(code, code))


def _finding(about: Reading, outcome: Outcome, text: str, rows: Mapping[str, pd.Series]) -> Finding:
    first = next(iter(rows.values()))
    return Finding(
        outcome, text, about.values.indicator.id, str(first["period"]), float(first["value"])
    )

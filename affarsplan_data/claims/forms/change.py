"""Tests of a development: only inside one unbroken series, never across a break."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from affarsplan_data import regions, statistics, swedish
from affarsplan_data.claims.findings import Finding, Outcome, holds_if, share_of
from affarsplan_data.claims.reading import Reading, UndecidedError
from affarsplan_data.indicators import sentences

P = Mapping[str, Any]


def risen(about: Reading, p: P) -> Finding:
    """The value has risen over ``years``; told apart from chance where both years have intervals."""
    now, before = about.latest(), about.before(int(p["years"]))
    text = _from_to(about, before, now)
    if sentences.indistinct(now, before):
        return _finding(about, Outcome.UNKNOWN, f"{text}; skillnaden är inte säker", now)
    return _finding(about, holds_if(now["value"] > before["value"]), text, now)


def growth_below_country(about: Reading, p: P) -> Finding:
    """The growth in percent over ``years`` is lower than riket's."""
    return _growth_against_country(about, int(p["years"]), sign=-1)


def growth_at_least_country(about: Reading, p: P) -> Finding:
    """The growth in percent over ``years`` is at least riket's."""
    return _growth_against_country(about, int(p["years"]), sign=1)


def growth(about: Reading, years: int, region: str | None = None, **dimensions: str) -> float:
    """Return the change in percent over ``years`` up to the newest figure.

    Raises:
        UndecidedError: the unbroken series is too short, or begins at zero.
    """
    now = about.latest(region, **dimensions)
    before = about.before(years, region, **dimensions)
    if before["value"] <= 0:
        raise UndecidedError("serien börjar inte över noll")
    return float(100 * (now["value"] / before["value"] - 1))


def _growth_against_country(about: Reading, years: int, sign: int) -> Finding:
    now = about.latest()
    own, country = growth(about, years), growth(about, years, regions.COUNTRY)
    if about.latest(regions.COUNTRY)["period"] != now["period"]:
        raise UndecidedError("länets och rikets senaste år är inte desamma")
    text = (
        f"{swedish.signed(own, 1)}\u00a0procent på {years} år till {now['period']}, riket "
        f"{swedish.signed(country, 1)}\u00a0procent"
    )
    holds = own >= country if sign > 0 else own < country
    return _finding(about, holds_if(holds), text, now)


def mean_risen(about: Reading, p: P) -> Finding:
    """The mean of the newest ``years`` is above the mean of as many years before them."""
    years = int(p.get("years", 3))
    rows = about.segment()
    if len(rows) < 2 * years:
        raise UndecidedError(
            f"serien har {len(rows)} år; {2 * years} behövs på samma sida om ett brott"
        )
    late, early = rows.tail(years), rows.iloc[-2 * years : -years]
    means = [float(part["value"].mean()) for part in (early, late)]
    text = f"{about.amount(means[1])} i medeltal {_years(late)}, {about.amount(means[0])} {_years(early)}"
    counts = [part["count"].sum(skipna=False) for part in (early, late)]
    if all(math.isfinite(count) for count in counts) and _overlap(*counts, *means):
        return _finding(about, Outcome.UNKNOWN, f"{text}; skillnaden är inte säker", late.iloc[-1])
    return _finding(about, holds_if(means[1] > means[0]), text, late.iloc[-1])


def _overlap(count: float, other: float, rate: float, other_rate: float) -> bool:
    """Whether the Poisson intervals of two rates overlap."""
    bounds = []
    for number, level in ((count, rate), (other, other_rate)):
        low, high = statistics.poisson_interval(pd.Series([number]))
        bounds.append((low.iloc[0] * level / number, high.iloc[0] * level / number))
    (low, high), (other_low, other_high) = bounds
    return bool(low <= other_high and other_low <= high)


def pace_slowed(about: Reading, p: P) -> Finding:
    """The value has fallen, and fell more slowly in the ``recent`` years than in those before."""
    recent, earlier = int(p.get("recent", 5)), int(p.get("before", 10))
    rows = about.segment()
    if len(rows) < recent + earlier or (rows["value"] <= 0).any():
        raise UndecidedError(
            f"serien har {len(rows)} år i obruten följd; {recent + earlier} behövs för att jämföra takten"
        )
    late, early = rows.tail(recent), rows.iloc[-recent - earlier : -recent]
    paces = [_pace(part) for part in (early, late)]
    fell = rows["value"].iloc[-1] < early["value"].iloc[0]
    text = (
        f"{swedish.signed(paces[0], 1)}\u00a0procent per år {_years(early)}, "
        f"{swedish.signed(paces[1], 1)}\u00a0procent per år {_years(late)}"
    )
    return _finding(about, share_of(int(fell) + int(paces[1] > paces[0]), 2), text, rows.iloc[-1])


def _pace(rows: pd.DataFrame) -> float:
    """Return the Theil-Sen slope of the logarithm, percent per year."""
    years = rows["period"].str[:4].astype(int)
    return float(100 * math.expm1(stats.theilslopes(np.log(rows["value"]), years).slope))


def on_path(about: Reading, p: P) -> Finding:
    """The value is on or below a path of even yearly cuts.

    The path goes from the value of the year ``base`` to ``left`` percent of it in the year ``target``.
    """
    base, target, left = int(p["base"]), int(p["target"]), float(p["left"]) / 100
    rows = about.series()
    start = rows[rows["period"] == str(base)]
    if start.empty:
        raise UndecidedError(f"uppgift om basåret {base} saknas")
    now = rows.iloc[-1]
    year = int(now["period"])
    allowed = start["value"].iloc[0] * left ** ((year - base) / (target - base))
    goal = start["value"].iloc[0] * left
    needed = (
        100 * (1 - (goal / now["value"]) ** (1 / (target - year))) if target > year else math.nan
    )
    text = (
        f"{about.amount(now['value'])} {year}, vägen från {base} tillåter {about.amount(allowed)}; "
        f"minskningen behöver bli {swedish.number(needed, 1)}\u00a0procent per år till {target}"
    )
    return _finding(about, holds_if(now["value"] <= allowed), text, now)


def every_start_year(about: Reading, p: P) -> Finding:
    """The value has grown, whichever year of the last ``back`` is taken as the start."""
    rows = about.segment()
    now = rows.iloc[-1]
    first = int(now["period"]) - int(p["back"])
    starts = rows[(rows["period"].astype(int) >= first) & (rows["period"] < now["period"])]
    if starts.empty:
        raise UndecidedError("serien har bara ett år")
    changes = {
        start["period"]: 100 * (now["value"] / start["value"] - 1) for _, start in starts.iterrows()
    }
    listed = "; ".join(
        f"{swedish.signed(change, 0)}\u00a0procent från {year}" for year, change in changes.items()
    )
    met = sum(change > 0 for change in changes.values())
    return _finding(about, share_of(met, len(changes)), f"till {now['period']}: {listed}", now)


def latest_round_lower(about: Reading, p: P) -> Finding:
    """The newest round of a survey lies below the one before it, beyond their intervals."""
    rows = about.series()
    if len(rows) < 2:
        raise UndecidedError("det finns bara en omgång av undersökningen")
    now, before = rows.iloc[-1], rows.iloc[-2]
    text = _from_to(about, before, now)
    if sentences.indistinct(now, before):
        return _finding(about, Outcome.UNKNOWN, f"{text}; skillnaden är inte säker", now)
    return _finding(about, holds_if(now["value"] < before["value"]), text, now)


def _from_to(about: Reading, before: pd.Series, now: pd.Series) -> str:
    preliminary = " (preliminärt)" if now["preliminary"] else ""
    return (
        f"från {about.amount(before['value'])} {before['period']} till "
        f"{about.amount(now['value'])} {now['period']}{preliminary}"
    )


def _years(rows: pd.DataFrame) -> str:
    return f"{rows['period'].iloc[0]}–{rows['period'].iloc[-1]}"


def _finding(about: Reading, outcome: Outcome, text: str, now: pd.Series) -> Finding:
    return Finding(
        outcome, text, about.values.indicator.id, str(now["period"]), float(now["value"])
    )

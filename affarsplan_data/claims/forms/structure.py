"""Tests of several industries at once: the plan's areas of strength, by their coarse industry groups."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.catalogue import INDUSTRIES
from affarsplan_data.claims.certainty import Estimate, estimate, turned
from affarsplan_data.claims.findings import Finding, Outcome, holds_if, joined
from affarsplan_data.claims.forms import saying
from affarsplan_data.claims.forms.change import growth
from affarsplan_data.claims.forms.saying import HAS_LIMIT, found, percent, plain
from affarsplan_data.claims.reading import NoFiguresError, Reading
from affarsplan_data.indicators import sentences
from affarsplan_data.plan import load_plan


def industries_above(about: Reading, *, industries: tuple[str, ...], limit: float) -> Finding:
    """Each of ``industries`` lies above ``limit``."""
    said = saying.limit(about, limit)
    return _each(about, industries, lambda number: number.above(limit), f"mer än {said}")


def industries_outside_band(
    about: Reading, *, industries: tuple[str, ...], low: float = 40, high: float = 60
) -> Finding:
    """Each of ``industries`` lies outside ``low`` to ``high``."""
    said = f"utanför {plain(low)}–{saying.limit(about, high)}"
    return _each(about, industries, lambda number: turned(number.within(low, high)), said)


def industries_outside_band_in_group(
    about: Reading,
    *,
    industries: tuple[str, ...],
    group: str,
    low: float = 40,
    high: float = 60,
) -> Finding:
    """Each of ``industries`` lies outside ``low`` to ``high`` in every other county of a group."""
    codes = [code for code in load_plan().comparison_group(group).counties if code != about.region]
    parts = {}
    for code in codes:
        try:
            other = replace(about, region=code)
            parts[code] = industries_outside_band(other, industries=industries, low=low, high=high)
        except NoFiguresError:
            continue
    if not parts:
        raise NoFiguresError(f"uppgift om {about.noun} saknas för de andra länen")
    outcomes = [one.outcome for one in parts.values()]
    outcomes += [Outcome.UNKNOWN] * (len(codes) - len(parts))
    met = outcomes.count(Outcome.HOLDS)
    said = [f"{regions.name(code)}: {one.figure} {one.period}" for code, one in parts.items()]
    text = "; ".join(said)
    if absent := [sentences.place(code) for code in codes if code not in parts]:
        text += f"; uppgift saknas för {swedish.listing(absent)}"
    period = max(str(one.period) for one in parts.values())
    figure = f"alla branschgrupper i {met} av {len(codes)} län"
    return found(about, joined(outcomes), text, period, met, figure)


def _each(
    about: Reading, industries: Sequence[str], test: Callable[[Estimate], Outcome], said: str
) -> Finding:
    rows = _shared(about, industries)
    outcomes = [test(estimate(row)) for row in rows.values()]
    outcome = joined(outcomes)
    period = next(iter(rows.values()))["period"]
    listed = "; ".join(f"{_name(code)} {about.amount(row['value'])}" for code, row in rows.items())
    met = outcomes.count(Outcome.HOLDS)
    figure = f"{met} av {len(rows)} branschgrupper {said}"
    text = f"{listed} ({period}), prövat mot {said}"
    if outcome == Outcome.UNKNOWN:
        text += f"; {HAS_LIMIT}"
    return found(about, outcome, text, period, met, figure)


def industries_growth_at_least_country(
    about: Reading, *, industries: tuple[str, ...], years: int
) -> Finding:
    """Each of ``industries`` has grown at least as much as in riket over ``years``."""
    period = _shared_with_country(about, industries)
    about = about.up_to(period)
    outcomes, texts = [], []
    for code in industries:
        own = growth(about, years, industry=code)
        country = growth(about, years, regions.COUNTRY, industry=code)
        outcomes.append(holds_if(own >= country))
        texts.append(f"{_name(code)} {percent(own)}, riket {percent(country)}")
    met = outcomes.count(Outcome.HOLDS)
    figure = f"{met} av {len(industries)} branschgrupper minst som i riket"
    text = f"{'; '.join(texts)} på {years} år till {period}"
    return found(about, joined(outcomes), text, period, met, figure)


def _shared(about: Reading, industries: Sequence[str]) -> Mapping[str, pd.Series]:
    """Return the industries' rows of the newest year that all of them have."""
    series = [about.series(industry=code) for code in industries]
    shared = set.intersection(*(set(rows["period"]) for rows in series))
    if not shared:
        raise NoFiguresError(f"uppgift om {about.noun} saknas för branschgrupperna samma år")
    return {code: about.row(max(shared), industry=code) for code in industries}


def _shared_with_country(about: Reading, industries: Sequence[str]) -> str:
    """Return the newest period in which both the region and riket have all of the industries."""
    both = (about.region, regions.COUNTRY)
    series = [about.series(region, industry=code) for region in both for code in industries]
    if not (shared := set.intersection(*(set(rows["period"]) for rows in series))):
        raise NoFiguresError(f"uppgift om {about.noun} saknas för länet och riket samma år")
    return str(max(shared))


def _name(code: str) -> str:
    return swedish.lower_first(INDUSTRIES.get(code, code))

"""Tests of how the county's municipalities lie."""

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.claims.certainty import estimate
from affarsplan_data.claims.findings import Finding, Outcome, holds_if
from affarsplan_data.claims.forms import saying
from affarsplan_data.claims.forms.saying import HAS_LIMIT, change, dated, doubt, found, plain
from affarsplan_data.claims.reading import NoFiguresError, Reading
from affarsplan_data.indicators import sentences

SHOWN = 3
PEERS = 5
"""How many municipalities of the same size there must be to set one against."""


def municipalities_at_least(about: Reading, *, limit: float, count: int) -> Finding:
    """At least ``count`` municipalities reach ``limit``; one without a figure may or may not."""
    rows = _rows(about)
    outcomes = [estimate(row).at_least(limit) for _, row in rows.iterrows()]
    sure = outcomes.count(Outcome.HOLDS)
    absent = len(about.municipalities) - len(rows)
    possible = sure + outcomes.count(Outcome.UNKNOWN) + absent
    outcome = Outcome.HOLDS if sure >= count else Outcome.UNKNOWN
    if possible < count:
        outcome = Outcome.FAILS
    top = swedish.listing(
        [f"{regions.name(r.region)} {about.amount(r.value)}" for r in rows.head(SHOWN).itertuples()]
    )
    period = rows["period"].iloc[0]
    reached = dated(saying.limit(about, limit), period)
    text = f"{sure} av {len(rows)} kommuner når {reached}; högst är {top}"
    if absent:
        text += f"; {absent} kommuner saknar uppgift"
    elif outcome == Outcome.UNKNOWN:
        text += f"; {HAS_LIMIT}"
    figure = f"{sure} av {len(about.municipalities)} kommuner"
    return found(about, outcome, text, period, sure, figure)


def municipal_spread(about: Reading, *, at_least: float) -> Finding:
    """The highest municipality lies at least ``at_least`` above the lowest."""
    rows = _rows(about)
    top, bottom = rows.iloc[0], rows.iloc[-1]
    spread = about.difference(top, bottom)
    outcome = spread.at_least(at_least)
    text = f"{_ends(about, rows)} {top['period']}, prövat mot {saying.distance(about, at_least)}"
    text += doubt(about, spread, outcome)
    absent = len(about.municipalities) - len(rows)
    if absent:
        # Those without a figure can only widen the spread.
        outcome = outcome if outcome == Outcome.HOLDS else Outcome.UNKNOWN
        text += f"; {absent} kommuner saknar uppgift"
    return found(about, outcome, text, top["period"], spread.value, change(about, spread.value))


def _ends(about: Reading, rows: pd.DataFrame) -> str:
    """Return the lowest and the highest municipality; one alone, and all alike, as what they are."""
    top, bottom = (about.amount(rows.iloc[end]["value"]) for end in (0, -1))
    names = [regions.name(rows.iloc[end]["region"]) for end in (0, -1)]
    if len(rows) == 1:
        return f"{top} i {names[0]}, den enda kommunen med uppgift"
    if top == bottom:
        return f"{top} i alla {len(rows)} kommuner med uppgift"
    return f"från {bottom} i {names[1]} till {top} i {names[0]}"


def smaller_below_largest(about: Reading, *, largest: str) -> Finding:
    """The median of the county's other municipalities lies below the one named in ``largest``."""
    if largest not in about.municipalities:
        place = sentences.place(regions.get(about.region).county)
        raise NoFiguresError(f"{regions.name(largest)} ligger inte i {place}")
    rows = _rows(about)
    big = rows[rows["region"] == largest]
    others = rows[rows["region"] != largest]
    absent = len(about.municipalities) - len(rows)
    if big.empty or absent:
        raise NoFiguresError(f"uppgift om {about.noun} saknas för {absent} av länets kommuner")
    median = float(others["value"].median())
    number = estimate(big.iloc[0])
    decimals = about.values.indicator.decimals
    # Two values that read the same are not one below the other.
    outcome = number.above(median)
    if not number.certain:
        outcome = holds_if(round(number.value, decimals) > round(median, decimals))
    figure = f"{about.amount(median)}, {regions.name(largest)} {about.amount(number.value)}"
    text = (
        f"medianen i de andra kommunerna är {about.amount(median)}, i {regions.name(largest)} "
        f"{dated(about.amount(number.value), rows['period'].iloc[0])}{doubt(about, number, outcome)}"
    )
    return found(about, outcome, text, rows["period"].iloc[0], median, figure)


def smaller_below_same_size(about: Reading, *, largest: str, within: float = 25) -> Finding:
    """Most of the county's other municipalities lie below those of about their size in other counties.

    Each is set against the median of the municipalities outside the county whose population differs from
    its own by at most ``within`` percent; ``largest`` is left out.
    """
    rows = _rows(about)
    own = rows[rows["region"] != largest].set_index("region")["value"]
    wanted = [code for code in about.municipalities if code != largest]
    if len(own) < len(wanted):
        absent = len(wanted) - len(own)
        raise NoFiguresError(f"uppgift om {about.noun} saknas för {absent} av länets kommuner")
    period = str(rows["period"].iloc[0])
    others = about.others_at(period)
    people = about.population(period)
    apart = {}
    for code, value in own.items():
        size = people.get(code)
        near = people[(people / size - 1).abs() <= within / 100] if size else people.iloc[:0]
        peers = others[others.index.isin(near.index)]
        if len(peers) < PEERS:
            raise NoFiguresError(f"uppgift om {about.noun} saknas för kommuner av samma storlek")
        apart[code] = round(value - float(peers.median()), about.values.indicator.decimals)
    lower = sum(difference < 0 for difference in apart.values())
    middle = float(pd.Series(apart).median())
    figure = f"{lower} av {len(apart)} kommuner"
    text = (
        f"{lower} av {len(apart)} kommuner ligger under medianen av kommuner i andra län med högst "
        f"{plain(within)} procent fler eller färre invånare {period}; medianen av skillnaderna är "
        f"{change(about, middle)}"
    )
    return found(about, holds_if(lower > len(apart) / 2), text, period, lower, figure)


def _rows(about: Reading) -> pd.DataFrame:
    """Return the municipalities' rows of the newest year that most of them have, highest first."""
    rows = pd.concat([about.series(code) for code in about.municipalities], ignore_index=True)
    if rows.empty:
        raise NoFiguresError(f"uppgift om {about.noun} saknas för länets kommuner")
    held = rows.groupby("period")["region"].nunique()
    most = held[held > len(about.municipalities) / 2]
    rows = rows[rows["period"] == (most if len(most) else held).index.max()]
    return rows.sort_values(["value", "region"], ascending=[False, True], ignore_index=True)

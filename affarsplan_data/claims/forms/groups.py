"""Tests of differences between groups: women and men, born in Sweden and abroad."""

import math
from collections.abc import Mapping
from typing import Literal

import pandas as pd

from affarsplan_data import statistics, swedish
from affarsplan_data.claims.certainty import Estimate, estimate
from affarsplan_data.claims.findings import Finding, Outcome, joined
from affarsplan_data.claims.forms import saying
from affarsplan_data.claims.forms.saying import (
    HAS_LIMIT,
    UNSURE,
    change,
    distance,
    doubt,
    found,
    own,
    plain,
    unless_unmeasured,
)
from affarsplan_data.claims.reading import NoFiguresError, Reading

FOUR = {
    "inrikes födda kvinnor": {"sex": "women", "birth": "native"},
    "inrikes födda män": {"sex": "men", "birth": "native"},
    "utrikes födda kvinnor": {"sex": "women", "birth": "foreign"},
    "utrikes födda män": {"sex": "men", "birth": "foreign"},
}
Group = Literal[
    "inrikes födda kvinnor", "inrikes födda män", "utrikes födda kvinnor", "utrikes födda män"
]
_WORDS = {
    "women": "kvinnor",
    "men": "män",
    "native": "inrikes födda",
    "foreign": "utrikes födda",
}


def group_spread(about: Reading, *, at_least: float) -> Finding:
    """The highest of the four groups lies at least ``at_least`` above the lowest."""
    rows = _four(about)
    top = max(rows, key=lambda name: rows[name]["value"])
    bottom = min(rows, key=lambda name: rows[name]["value"])
    spread = about.difference(rows[top], rows[bottom])
    outcome = spread.at_least(at_least)
    period = rows[top]["period"]
    text = (
        f"högst bland {top} ({about.amount(rows[top]['value'])}) och lägst bland {bottom} "
        f"({about.amount(rows[bottom]['value'])}) {period}, prövat mot {distance(about, at_least)}"
    )
    text += doubt(about, spread, outcome)
    return found(about, outcome, text, period, spread.value, change(about, spread.value))


def women_below_men(about: Reading) -> Finding:
    """Women lie below men, among those born in Sweden and among those born abroad."""
    return _group_below(about, "sex", "women", "men", "birth", ("native", "foreign"))


def foreign_below_native(about: Reading) -> Finding:
    """Those born abroad lie below those born in Sweden, among women and among men."""
    return _group_below(about, "birth", "foreign", "native", "sex", ("women", "men"))


def _group_below(
    about: Reading, dimension: str, group: str, other: str, within: str, parts: tuple[str, str]
) -> Finding:
    outcomes, texts, gaps = [], [], []
    period = next(iter(_four(about).values()))["period"]
    for part in parts:
        mine = about.row(str(period), **{dimension: group, within: part})
        theirs = about.row(str(period), **{dimension: other, within: part})
        gap = about.difference(mine, theirs)
        outcome = unless_unmeasured(about, gap, gap.below(0))
        unsure = f", {UNSURE}" if outcome == Outcome.UNKNOWN else ""
        outcomes.append(outcome)
        gaps.append(gap.value)
        texts.append(
            f"{_WORDS[part]}: {_WORDS[group]} {about.amount(mine['value'])}, {_WORDS[other]} "
            f"{about.amount(theirs['value'])}{unsure}"
        )
    figure = swedish.listing(
        [f"{change(about, gap)} bland {_WORDS[p]}" for gap, p in zip(gaps, parts, strict=True)]
    )
    text = f"{'; '.join(texts)} ({period})"
    return found(about, joined(outcomes), text, period, gaps[0], figure)


def represented_unlike(
    about: Reading, *, low: float = 0.8, high: float = 1.2, count: int = 2
) -> Finding:
    """At least ``count`` of the four groups have a representation ratio outside ``low`` to ``high``.

    The ratio is the group's share of those counted over its share of those they are counted among.
    """
    rows = _four(about)
    period = next(iter(rows.values()))["period"]
    ratios = _representation(about, rows)
    inside = {name: ratio.within(low, high) for name, ratio in ratios.items()}
    outside = list(inside.values()).count(Outcome.FAILS)
    possible = outside + list(inside.values()).count(Outcome.UNKNOWN)
    outcome = Outcome.HOLDS if outside >= count else Outcome.UNKNOWN
    if possible < count:
        outcome = Outcome.FAILS
    listed = "; ".join(f"{name} {_said(ratio)}" for name, ratio in ratios.items())
    text = f"{listed} ({period}), prövat mot {plain(low)}–{plain(high)}"
    if outcome == Outcome.UNKNOWN:
        text += f"; {HAS_LIMIT}"
    figure = f"{outside} av {len(ratios)} grupper utanför {plain(low)}–{plain(high)}"
    return found(about, outcome, text, period, outside, figure)


def _representation(about: Reading, rows: Mapping[str, pd.Series]) -> dict[str, Estimate]:
    """Return each group's representation ratio, with its interval when the numbers are known."""
    counts = {name: float(row["count"]) for name, row in rows.items()}
    bases = {name: float(row["base"]) for name, row in rows.items()}
    if all(math.isfinite(n) and n > 0 for n in (*counts.values(), *bases.values())):
        part, whole = sum(counts.values()), sum(bases.values())
        ratios = {}
        for name in rows:
            numbers = (counts[name], part, bases[name], whole)
            low, high = statistics.representation_interval(*numbers)
            ratios[name] = Estimate(
                float(statistics.representation_ratio(*numbers)), float(low), float(high)
            )
        return ratios
    total = about.row(str(next(iter(rows.values()))["period"]))["value"]
    if total <= 0:
        raise NoFiguresError(f"{about.noun} är noll i alla grupper")
    return {name: Estimate(float(row["value"] / total)) for name, row in rows.items()}


def _said(ratio: Estimate) -> str:
    text = swedish.number(ratio.value, 2)
    if ratio.low is None or ratio.high is None:
        return text
    return f"{text} ({swedish.number(ratio.low, 2)}–{swedish.number(ratio.high, 2)})"


def group_above(about: Reading, *, group: Group, limit: float) -> Finding:
    """One of the four groups lies above ``limit``, with its whole interval when it has one."""
    row = about.latest(**FOUR[group])
    number = estimate(row)
    outcome = number.above(limit)
    text = f"{group}: {own(about, row)}, prövat mot {saying.limit(about, limit)}"
    text += doubt(about, number, outcome)
    return found(about, outcome, text, row["period"], row["value"], about.amount(row["value"]))


def _four(about: Reading) -> dict[str, pd.Series]:
    """Return the four groups' rows of the newest year that all of them have."""
    series = {name: about.series(**chosen) for name, chosen in FOUR.items()}
    shared = set.intersection(*(set(rows["period"]) for rows in series.values()))
    if not shared:
        raise NoFiguresError(f"uppgift om {about.noun} saknas för de fyra grupperna samma år")
    return {name: about.row(max(shared), **chosen) for name, chosen in FOUR.items()}

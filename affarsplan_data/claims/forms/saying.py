"""Words and findings that the tests have in common."""

import pandas as pd

from affarsplan_data import swedish
from affarsplan_data.claims.certainty import Estimate
from affarsplan_data.claims.findings import Finding, Margin, Outcome
from affarsplan_data.claims.reading import COUNTIES_NEEDED, Reading
from affarsplan_data.indicators.sentences import words

UNSURE = "skillnaden är inte säker"
NO_MARGIN = "felmarginalen är inte känd"
HAS_LIMIT = "gränsen ligger inom intervallet"


def found(
    about: Reading,
    outcome: Outcome,
    text: str,
    period: object,
    value: float,
    figure: str,
    margin: Margin | None = None,
) -> Finding:
    """Return a finding about an indicator."""
    return Finding(outcome, text, about.id, str(period), float(value), figure, margin)


def margin(about: Reading, gap: Estimate, period: object, sign: int) -> Margin | None:
    """Return a difference as it is told of all indicators alike; ``sign`` is -1 where below is claimed.

    None where too few counties have a value to say how much counties differ.
    """
    values = about.figures.counties((str(period),))["value"]
    spread = float(values.std(ddof=0)) if len(values) >= COUNTIES_NEEDED else 0.0
    if not spread > 0:
        return None
    ends = sorted(sign * end / spread for end in (gap.low, gap.high) if end is not None)
    low, high = ends if len(ends) == 2 else (None, None)
    return Margin(sign * gap.value / spread, low, high)


def dated(figure: str, period: object) -> str:
    """Return a figure with its period, the year in words after a bare number: ``82 år 2019``."""
    said = swedish.period(str(period))
    return f"{figure} år {said}" if figure[-1].isdigit() and said.isdigit() else f"{figure} {said}"


def own(about: Reading, row: pd.Series) -> str:
    """Return a figure with its year and, when it is so, that it is preliminary."""
    preliminary = " (preliminärt)" if row["preliminary"] else ""
    return f"{dated(about.amount(row['value']), row['period'])}{preliminary}"


def pair(about: Reading, row: pd.Series, country: pd.Series) -> str:
    """Return a figure with riket's beside it."""
    return f"{own(about, row)}, riket {about.amount(country['value'])}"


def from_to(about: Reading, before: pd.Series, now: pd.Series) -> str:
    """Return two years' figures."""
    return f"från {own(about, before)} till {own(about, now)}"


def change(about: Reading, value: float) -> str:
    """Return a difference with its sign and unit."""
    indicator = about.values.indicator
    unit = indicator.difference_unit if indicator.unit_after_number else ""
    text = swedish.signed(value, indicator.decimals)
    return f"{text}{swedish.NO_BREAK_SPACE}{unit}" if unit else text


def percent(value: float, decimals: int = 1) -> str:
    """Return a change in percent with its sign."""
    return f"{swedish.signed(value, decimals)}{swedish.NO_BREAK_SPACE}procent"


def span(about: Reading, low: float, high: float) -> str:
    """Return two limits with the unit."""
    decimals = about.values.indicator.decimals
    return swedish.span(swedish.number(low, decimals), about.amount(high))


def plain(value: float) -> str:
    """Return a limit with the decimals that it has: ``10``, ``37,5``, ``0,85``."""
    return swedish.number(value, _decimals(value))


def _decimals(value: float) -> int:
    return len(f"{value:g}".partition(".")[2])


def limit(about: Reading, value: float) -> str:
    """Return a limit with the unit of the values, where they are said with one: ``10 procent``."""
    return words.with_unit(value, about.values.indicator.spoken_unit, _decimals(value))


def distance(about: Reading, value: float) -> str:
    """Return a limit of a difference with its unit: ``10 procentenheter``."""
    indicator = about.values.indicator
    unit = indicator.difference_unit if indicator.unit_after_number else ""
    return words.with_unit(value, unit, _decimals(value))


def doubt(about: Reading, estimate: Estimate, outcome: Outcome) -> str:
    """Return what to add about a number's interval, empty when there is nothing to say."""
    if outcome == Outcome.UNKNOWN:
        return f"; {HAS_LIMIT}"
    return f"; {NO_MARGIN}" if about.figures.survey and not estimate.certain else ""


def unless_unmeasured(about: Reading, estimate: Estimate, outcome: Outcome) -> Outcome:
    """Return the outcome, unknown for a difference between survey figures without margins."""
    return Outcome.UNKNOWN if about.figures.survey and not estimate.certain else outcome


def unsure(about: Reading, estimate: Estimate, outcome: Outcome) -> str:
    """Return what to add about a difference that is not certain."""
    if outcome != Outcome.UNKNOWN:
        return ""
    return f"; {UNSURE}" if estimate.certain else f"; {NO_MARGIN}"

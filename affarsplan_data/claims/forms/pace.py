"""Tests of a pace: several years against several years, and against the path to a decided level."""

import math

import pandas as pd

from affarsplan_data import statistics, swedish
from affarsplan_data.claims.certainty import Estimate
from affarsplan_data.claims.findings import Finding, Outcome, holds_if, joined
from affarsplan_data.claims.forms.saying import UNSURE, dated, found, percent
from affarsplan_data.claims.reading import NoFiguresError, Reading


def mean_risen(about: Reading, *, years: int) -> Finding:
    """The rate of the newest ``years`` is above that of as many years before, beyond chance."""
    rows = about.segment()
    if len(rows) < 2 * years:
        raise NoFiguresError(
            f"det finns {len(rows)} år i obruten följd av {about.noun}; {2 * years} behövs"
        )
    late, early = rows.tail(years), rows.iloc[-2 * years : -years]
    ratio = _ratio(late, early)
    outcome = ratio.above(1) if ratio.certain else Outcome.UNKNOWN
    means = [float(part["value"].mean()) for part in (early, late)]
    text = f"{about.amount(means[0])} i medeltal {_years(early)}, {about.amount(means[1])} {_years(late)}"
    if outcome == Outcome.UNKNOWN:
        text += f"; {UNSURE}" if ratio.certain else "; antalen är inte kända för alla år"
    rise = 100 * (ratio.value - 1)
    return found(about, outcome, text, late["period"].iloc[-1], rise, percent(rise))


def _ratio(late: pd.DataFrame, early: pd.DataFrame) -> Estimate:
    """Return the later rate over the earlier: sums over sums where the numbers are known."""
    counts = [float(part["count"].sum(skipna=False)) for part in (late, early)]
    usable = all(math.isfinite(count) and count > 0 for count in counts)
    if not usable or (pd.concat([late, early])["value"] <= 0).any():
        early_mean = float(early["value"].mean())
        if early_mean <= 0:
            raise NoFiguresError("perioden före har inga fall")
        return Estimate(float(late["value"].mean()) / early_mean)
    # The base of each year in the rate's own unit: only the quotient of the two matters.
    bases = [float((part["count"] / part["value"]).sum()) for part in (late, early)]
    numbers = (counts[0], bases[0], counts[1], bases[1])
    low, high = statistics.rate_ratio_interval(*numbers)
    return Estimate(float(statistics.rate_ratio(*numbers)), float(low), float(high))


def pace_slowed(about: Reading, *, recent: int, before: int) -> Finding:
    """The value has fallen over the whole time, and surely fell more slowly in the ``recent`` years."""
    rows = about.segment().set_index("period")
    if (rows["value"] <= 0).any():
        raise NoFiguresError(f"{about.noun} är inte över noll alla år")
    paces = statistics.pace(rows["value"], recent=recent, before=before)
    if paces is None:
        raise NoFiguresError(
            f"det finns {len(rows)} år i obruten följd av {about.noun}; {recent + before} behövs"
        )
    slower = holds_if(paces.recent.percent > paces.before.percent)
    outcome = joined([holds_if(paces.change < 0), slower if paces.certain else Outcome.UNKNOWN])
    text = (
        f"{percent(paces.before.percent)} per år {paces.before.first}–{paces.before.last}, "
        f"{percent(paces.recent.percent)} per år {paces.recent.first}–{paces.recent.last}, "
        f"sammanlagt {percent(paces.change)}"
    )
    if not paces.certain:
        text += "; skillnaden i takt är inte säker"
    figure = f"{percent(paces.recent.percent)} per år"
    return found(about, outcome, text, paces.recent.last, paces.recent.percent, figure)


def on_path(about: Reading, *, base: int, target: int, left: float) -> Finding:
    """The value is on or below a path of even yearly cuts.

    The path goes from the value of the year ``base`` to ``left`` percent of it in the year ``target``.
    """
    rows = about.segment().set_index("period")["value"]
    if str(base) not in rows.index or rows[str(base)] <= 0:
        raise NoFiguresError(f"uppgift om {about.noun} saknas för basåret {base}")
    year = str(rows.index[-1])
    if not base < int(year) < target:
        raise NoFiguresError(f"det senaste året, {year}, ligger inte mellan {base} och {target}")
    level = float(100 * rows[year] / rows[str(base)])
    path = statistics.corridor([year], str(base), str(target), left / 100)
    allowed = float(path.iloc[0])
    cut = float(statistics.needed_cut(level, year, str(target), left / 100))
    figure = f"{swedish.number(level, 0)} av 100 ({base})"
    text = (
        f"{dated(swedish.number(level, 0), year)} när {base} är 100, vägen tillåter "
        f"{swedish.number(allowed, 0)}; därefter behövs {swedish.number(cut, 1)}"
        f"{swedish.NO_BREAK_SPACE}procent mindre per år till {target}"
    )
    return found(about, holds_if(level <= allowed), text, year, level, figure)


def _years(rows: pd.DataFrame) -> str:
    return f"{rows['period'].iloc[0]}–{rows['period'].iloc[-1]}"

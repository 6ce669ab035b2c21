"""Events and flows set against the number of inhabitants or firms, one year or several together."""

from collections.abc import Callable

import pandas as pd

from affarsplan_data import statistics
from affarsplan_data.indicators.formulas.frames import Frames, Parameters, join, keys_of

_PER = 1000.0
_WINDOW = ("value", "low", "high", "count", "base")
Windows = Callable[[pd.DataFrame, int], pd.DataFrame]
"""From a series by period, and a number of years, to the windows of ``statistics.pooled_rate``."""


def rate(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """per · count / base with an exact Poisson interval; ``per`` is 1 000 unless told."""
    joined = join(frames)
    per = _per(parameters)
    base = joined["base"].where(joined["base"] > 0)
    low, high = statistics.poisson_interval(joined["count"])
    return joined.assign(
        value=per * joined["count"] / base, low=per * low / base, high=per * high / base
    )


def published_rate(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """A published rate per ``per`` of ``base``, with a Poisson interval from the events it stands for.

    The number of events is the rate times the base, to the nearest whole one; the producer publishes
    only the rate. Where the base is not known the rate stands without an interval.
    """
    joined = join(frames, how="left")
    per = _per(parameters)
    base = joined["base"].where(joined["base"] > 0)
    count = (joined["value"] * base / per).round()
    low, high = statistics.poisson_interval(count)
    return joined.assign(low=per * low / base, high=per * high / base, count=count, base=base)


def net_rate(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """per · (inflow − outflow) / stock, with the interval of a difference between two Poisson counts.

    ``count`` is the inflow and the outflow together, the number of events that the net rests on.
    """
    joined = join(frames)
    per = _per(parameters)
    stock = joined["stock"].where(joined["stock"] > 0)
    low, high = statistics.net_interval(joined["inflow"], joined["outflow"])
    return joined.assign(
        value=per * (joined["inflow"] - joined["outflow"]) / stock,
        low=per * low / stock,
        high=per * high / stock,
        count=joined["inflow"] + joined["outflow"],
    )


def pooled_rate(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """per · Σ count / Σ base over ``years`` years, the period being the last of them; Poisson interval.

    Windows share years, so that their values repeat each other and are never tested for a trend.
    """
    per = _per(parameters)

    def windows(rows: pd.DataFrame, years: int) -> pd.DataFrame:
        return statistics.pooled_rate(rows["count"], rows["base"], years, per, rows["segment"])

    return _pooled(join(frames), parameters, windows)


def pooled_share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · Σ part / Σ whole over ``years`` years, as in :func:`pooled_rate`, with a Wilson interval."""

    def windows(rows: pd.DataFrame, years: int) -> pd.DataFrame:
        return statistics.pooled_share(rows["part"], rows["whole"], years, rows["segment"])

    return _pooled(join(frames), parameters, windows)


def pooled_quotient(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """per · Σ numerator / Σ denominator over ``years`` years, without interval: kronor are no events."""
    events = {"count": frames["numerator"], "base": frames["denominator"]}
    return pooled_rate(events, parameters).drop(columns=["low", "high", "count", "base"])


def components(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """per · part / population for each category; the category ``whole`` is given as ``total``."""
    joined = join({"value": frames["value"], "population": frames["population"]})
    population = joined["population"].where(joined["population"] > 0)
    whole = joined["category"] == parameters["whole"]
    return joined.assign(
        value=_per(parameters) * joined["value"] / population,
        category=joined["category"].mask(whole, "total"),
    )


def _per(parameters: Parameters) -> float:
    return float(parameters.get("per", _PER))


def _pooled(joined: pd.DataFrame, parameters: Parameters, windows: Windows) -> pd.DataFrame:
    """Return ``joined`` with value, interval, count and base of the window that ends in each period."""
    years = int(parameters.get("years", 3))
    found = [
        _in_each_period(rows, windows(rows.set_index("period"), years), years)
        for _, rows in joined.groupby(keys_of(joined, "period"), sort=False)
    ]
    if not found:
        return joined.assign(value=float("nan"))
    replaced = [column for column in (*_WINDOW, "preliminary") if column in joined]
    return joined.drop(columns=replaced).join(pd.concat(found))


def _in_each_period(rows: pd.DataFrame, windows: pd.DataFrame, years: int) -> pd.DataFrame:
    held = windows.set_index("last").reindex(rows["period"])[list(_WINDOW)].astype(float)
    return held.set_axis(rows.index).assign(preliminary=_any_of_the_last(rows, years))


def _any_of_the_last(rows: pd.DataFrame, years: int) -> list[bool]:
    """Return for each row whether it, or any of the years pooled with it, is preliminary."""
    year = rows["period"].astype(int)
    said = set(year[rows["preliminary"].astype(bool)])
    return [not said.isdisjoint(range(last - years + 1, last + 1)) for last in year]

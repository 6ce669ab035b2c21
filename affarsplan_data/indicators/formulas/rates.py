"""Events and flows set against the number of inhabitants or firms, one year or several together."""

import pandas as pd

from affarsplan_data import statistics
from affarsplan_data.indicators.formulas.frames import Frames, Parameters, join, keys_of

_PER = 1000.0
_WINDOW = ("value", "low", "high", "count", "base")


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
    joined = join(frames)
    years = _years(parameters)
    given = (joined["count"], joined["base"], *_series(joined), joined["segment"])
    return _pooled(joined, statistics.pooled_rates(*given, years, _per(parameters)), years)


def pooled_share(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """100 · Σ part / Σ whole over ``years`` years, as in :func:`pooled_rate`, with a Wilson interval."""

    joined = join(frames)
    years = _years(parameters)
    given = (joined["part"], joined["whole"], *_series(joined), joined["segment"])
    return _pooled(joined, statistics.pooled_shares(*given, years), years)


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


def _years(parameters: Parameters) -> int:
    return int(parameters.get("years", 3))


def _series(joined: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return which series each row belongs to, and its period."""
    return joined.groupby(keys_of(joined, "period"), sort=False).ngroup(), joined["period"]


def _pooled(joined: pd.DataFrame, windows: pd.DataFrame, years: int) -> pd.DataFrame:
    """Return ``joined`` with value, interval, count and base of the window that ends in each period."""
    early = statistics.any_pooled(joined["preliminary"], *_series(joined), years)
    return joined.assign(**{name: windows[name] for name in _WINDOW}, preliminary=early)

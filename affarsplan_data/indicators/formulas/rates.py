"""Events and flows set against the number of inhabitants or firms, one year or several together."""

from collections.abc import Callable

import pandas as pd

from affarsplan_data import statistics
from affarsplan_data.indicators.formulas.frames import Frames, Parameters, join, keys_of

_PER = 1000.0
Windows = Callable[[pd.DataFrame], pd.DataFrame]


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
    columns = ("value", "low", "high", "count", "base")
    return _pooled(join({name: frames[name] for name in ("count", "base")}), parameters, columns)


def pooled_quotient(frames: Frames, parameters: Parameters) -> pd.DataFrame:
    """per · Σ numerator / Σ denominator over ``years`` years, without interval: kronor are no events."""
    joined = join({"count": frames["numerator"], "base": frames["denominator"]})
    return _pooled(joined, parameters, ("value",)).drop(columns=["count", "base"])


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


def _pooled(joined: pd.DataFrame, parameters: Parameters, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return ``joined`` with ``columns`` taken from the window that ends in each row's period."""
    years, per = int(parameters.get("years", 3)), _per(parameters)
    joined = joined.assign(**{name: float("nan") for name in columns if name not in joined})
    for _, rows in joined.groupby(keys_of(joined, "period"), sort=False):
        series = rows.set_index("period")
        windows = statistics.pooled_rate(
            series["count"], series["base"], years, per, series["segment"]
        ).set_index("last")
        held = windows.reindex(rows["period"])
        joined.loc[rows.index, list(columns)] = held[list(columns)].to_numpy()
        joined.loc[rows.index, "preliminary"] = _any_of_the_last(rows, years)
    return joined


def _any_of_the_last(rows: pd.DataFrame, years: int) -> list[bool]:
    """Return for each row whether it, or any of the years pooled with it, is preliminary."""
    year = rows["period"].astype(int)
    said = set(year[rows["preliminary"].astype(bool)])
    return [not said.isdisjoint(range(last - years + 1, last + 1)) for last in year]

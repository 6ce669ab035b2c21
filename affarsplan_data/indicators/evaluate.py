"""Evaluates the catalogue's indicators: every region and year at once, with intervals and disclosure."""

import threading
from collections.abc import Collection, Mapping
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from affarsplan_data import observations, statistics
from affarsplan_data.catalogue import DIMENSIONS, Indicator, load_catalogue
from affarsplan_data.indicators import formulas
from affarsplan_data.indicators.errors import MissingIndicatorError
from affarsplan_data.indicators.inputs import read
from affarsplan_data.indicators.rebasing import has_base, rebased
from affarsplan_data.observations import SelectionError
from affarsplan_data.parameters import DEFAULT_DATA, EDITION, NEWEST, check_data

COLUMNS = (
    "indicator",
    "region",
    "period",
    *DIMENSIONS,
    "value",
    "low",
    "high",
    "count",
    "base",
    "unit",
    "status",
    "segment",
    "preliminary",
    "source",
    "table",
    "vintage",
    "other_sources",
)
HIDDEN = "hidden"
FEW = "few"


_COMPUTING = threading.Lock()
"""Those who ask for the same indicator at the same time wait for one computation."""


def evaluate(
    id: str,
    data: str = DEFAULT_DATA,
    regions: Collection[str] | None = None,
    *,
    base_year: int | None = None,
) -> pd.DataFrame:
    """Return an indicator's values for every period, with the columns of :data:`COLUMNS`.

    ``status`` is ``hidden`` where the small-number rule removed a value, ``few`` where it rests on fewer
    than 30 cases, else the source's own symbol.

    Args:
        id: the indicator's id.
        data: which data to read.
        regions: codes of the regions wanted; all when None.
        base_year: the year that an index, or a path, is counted from; the indicator's own when None.

    Raises:
        UnknownEntryError: no such indicator.
        MissingIndicatorError: declared, but the data in use lack it; the message gives the reason.
    """
    found = _evaluate(load_catalogue().indicator(id), data, base_year)
    return found.frame.copy() if regions is None else found.of(regions)


class _Evaluated:
    """An indicator's values, with where each region's stand."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._reading = threading.Lock()

    @cached_property
    def _places(self) -> Mapping[str, np.ndarray]:
        return self.frame.groupby("region", sort=False).indices

    def of(self, regions: Collection[str]) -> pd.DataFrame:
        """Return the rows of some regions, in the order in which all of them stand."""
        with self._reading:
            held = self._places
        places = [held[code] for code in regions if code in held]
        rows = np.sort(np.concatenate(places)) if places else np.empty(0, dtype=np.intp)
        return self.frame.take(rows).reset_index(drop=True)


def available(indicator: Indicator, data: str = DEFAULT_DATA) -> bool:
    """Tell whether the data in use hold every measure that the indicator is computed from.

    An indicator that is declared as lacking in the edition is not made available by the edition's
    figures alone.
    """
    check_data(data)
    if indicator.availability == "edition":
        return True
    needed = [item for item in indicator.formula.inputs.values() if not item.optional]
    return (
        data != EDITION
        and all(any(observations.available(o.measure, data) for o in i.readings) for i in needed)
        and any(observations.retrieved(measure, data) for measure in indicator.measures)
    )


@lru_cache(maxsize=256)
def _evaluate_cached(id: str, data: str, base_year: int | None, state: object) -> _Evaluated:
    indicator = rebased(load_catalogue().indicator(id), base_year)
    frames = {name: read(item, data) for name, item in indicator.formula.inputs.items()}
    formula = indicator.formula
    result = formulas.evaluate(formula.function, frames, formula.parameters)
    return _Evaluated(finished(result, indicator))


def _evaluate(indicator: Indicator, data: str, base_year: int | None) -> _Evaluated:
    if not available(indicator, data):
        ways = " ".join(map(observations.how_to_get, _lacking(indicator)))
        raise MissingIndicatorError(f"{indicator.name} saknas: {indicator.missing_reason}", ways)
    state = tuple(observations.state(measure, data) for measure in indicator.measures)
    try:
        with _COMPUTING:
            year = base_year if has_base(indicator) else None
            return _evaluate_cached(indicator.id, data, year, state)
    except SelectionError as error:
        # What is held of a measure may lack the classes or the groups that the formula reads.
        raise MissingIndicatorError(f"{indicator.name} saknas: {error}") from None


def _lacking(indicator: Indicator) -> list[str]:
    """Return the measures that must be had before the indicator can be computed."""
    if indicator.availability == "not_available":
        return []
    needed = [item.measure for item in indicator.formula.inputs.values() if not item.optional]
    lacking = [measure for measure in needed if not observations.available(measure, NEWEST)]
    return list(dict.fromkeys(lacking or needed))


def finished(frame: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Return a formula's result with :data:`COLUMNS`, the small-number rule applied."""
    frame = frame.assign(indicator=indicator.id, unit=indicator.unit)
    keys = ["region", *(dim for dim in DIMENSIONS if dim in frame), "period"]
    for dimension in DIMENSIONS:
        if dimension not in frame:
            frame[dimension] = "total"
    if "other_sources" not in frame:
        frame["other_sources"] = ""
    for column in ("low", "high", "count", "base"):
        frame[column] = frame[column].astype(float) if column in frame else float("nan")
    if indicator.small_numbers:
        frame = _disclosed(frame, indicator)
    return frame.sort_values(keys, kind="stable", ignore_index=True)[list(COLUMNS)]


def _disclosed(frame: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    if not indicator.comparable_size:
        frame = frame.assign(count=frame["count"].fillna(frame["value"]))
    # A share of a group gives its complement away, so the rule applies to the smaller of the two.
    # What is no part of its base (noise, or two kinds of numbers) has no complement.
    complement = frame["base"] - frame["count"]
    complement = complement.where(complement >= 0).fillna(frame["count"])
    smaller = frame["count"].where(frame["count"] <= complement, complement)
    rule = statistics.disclosure(smaller, frame["base"])
    hidden = (rule == statistics.Disclosure.HIDDEN).to_numpy()
    few = (rule == statistics.Disclosure.FEW).to_numpy()
    frame = frame.copy()
    frame.loc[hidden, ["value", "low", "high", "count"]] = float("nan")
    frame.loc[hidden, "status"] = HIDDEN
    frame.loc[few & ~hidden, "status"] = FEW
    return frame

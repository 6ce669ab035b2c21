"""Evaluates the catalogue's indicators: every region and year at once, with intervals and disclosure."""

import threading
from collections.abc import Collection
from functools import cached_property

import numpy as np
import pandas as pd

from affarsplan_data import observations, statistics
from affarsplan_data.catalogue import DIMENSIONS, Indicator, load_catalogue
from affarsplan_data.indicators import formulas
from affarsplan_data.indicators.described import why_missing
from affarsplan_data.indicators.errors import MissingIndicatorError
from affarsplan_data.indicators.inputs import read
from affarsplan_data.indicators.places import Places
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
_TEXTS = ("category", "str")
_NOT_DIVIDED = "De uppgifter som används har inte den uppdelning som indikatorn räknas på."
HIDDEN = "hidden"
FEW = "few"


_COMPUTING = threading.Lock()
"""Held by the one who computes: those who lack the same wait for it, and the rest read on."""
_HELD: dict[tuple[str, str, int | None], tuple[object, "Evaluated"]] = {}
"""What has been computed, by indicator, data and base year, with what it was computed from."""


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
    found = evaluated(load_catalogue().indicator(id), data, base_year)
    return found.frame.copy(deep=False) if regions is None else found.of(regions)


class Evaluated:
    """An indicator's values, with where each region's, and each figure, stand."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._until: dict[int, Evaluated] = {}
        codes, first = np.unique(frame["region"].to_numpy(dtype=object), return_index=True)
        self._first = dict(zip(codes, first, strict=True))
        self._after = dict(zip(codes, [*first, len(frame)][1:], strict=True))

    def of(self, regions: Collection[str]) -> pd.DataFrame:
        """Return the rows of some regions, in the order in which all of them stand."""
        held = sorted({code for code in regions if code in self._first})
        parts = [self.frame.iloc[self._first[code] : self._after[code]] for code in held]
        if len(parts) == 1:
            return parts[0].reset_index(drop=True)
        return pd.concat(parts or [self.frame.iloc[:0]], ignore_index=True)

    def until(self, year: int) -> "Evaluated":
        """Return the values up to and including a year."""
        if (found := self._until.get(year)) is None:
            found = self
            if self._last[:4] > f"{year:04}":
                kept = self.frame["period"].str[:4].astype(int) <= year
                found = Evaluated(self.frame[kept].reset_index(drop=True))
            self._until[year] = found
        return found

    @cached_property
    def _last(self) -> str:
        """The newest period; empty when there are no figures."""
        return max(self.places.column("period"), default="")

    @cached_property
    def places(self) -> Places:
        """Where each figure stands."""
        return Places(self.frame)


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


def _computed(indicator: Indicator, data: str) -> Evaluated:
    frames = {name: read(item, data) for name, item in indicator.formula.inputs.items()}
    formula = indicator.formula
    result = formulas.evaluate(formula.function, frames, formula.parameters)
    return Evaluated(finished(result, indicator))


def prepare(id: str, data: str = DEFAULT_DATA) -> None:
    """Compute an indicator and find its figures, for those who are forked from this process.

    Raises:
        MissingIndicatorError: declared, but the data in use lack it.
    """
    evaluated(load_catalogue().indicator(id), data).places.find_all()


def evaluated(indicator: Indicator, data: str, base_year: int | None = None) -> Evaluated:
    """Return an indicator's values as they are held in memory, computed when need be.

    Raises:
        MissingIndicatorError: declared, but the data in use lack it.
    """
    year = base_year if has_base(indicator) else None
    rests_on = indicator, tuple(observations.state(one, data) for one in indicator.measures)
    if found := _held(indicator.id, data, year, rests_on):
        return found
    if not available(indicator, data):
        ways = " ".join(map(observations.how_to_get, _lacking(indicator)))
        raise MissingIndicatorError.of(indicator.name, why_missing(indicator, data), ways)
    with _COMPUTING:
        if found := _held(indicator.id, data, year, rests_on):
            return found
        try:
            found = _computed(rebased(indicator, year), data)
        except SelectionError as error:
            # What is held of a measure may lack the classes or the groups that the formula reads.
            raise MissingIndicatorError.of(indicator.name, _NOT_DIVIDED, str(error)) from None
        _HELD[indicator.id, data, year] = rests_on, found
        return found


def _held(id: str, data: str, year: int | None, rests_on: object) -> Evaluated | None:
    """Return what has been computed, when it was from the same; nothing is waited for."""
    before, found = _HELD.get((id, data, year), (None, None))
    return found if before == rests_on else None


def forget() -> None:
    """Let no values be held in memory: the next who asks has them computed anew."""
    with _COMPUTING:
        _HELD.clear()


def _lacking(indicator: Indicator) -> list[str]:
    """Return the measures that must be had before the indicator can be computed."""
    if indicator.availability == "not_available":
        return []
    needed = [item.measure for item in indicator.formula.inputs.values() if not item.optional]
    lacking = [measure for measure in needed if not observations.available(measure, NEWEST)]
    return list(dict.fromkeys(lacking or needed))


def finished(frame: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Return a formula's result with :data:`COLUMNS`, the small-number rule applied."""
    keys = ["region", *(dim for dim in DIMENSIONS if dim in frame), "period"]
    frame = _in_order(frame[[name for name in COLUMNS if name in frame]], keys)
    numbers = ("low", "high", "count", "base")
    constants = {"indicator": indicator.id, "unit": indicator.unit}
    constants |= {dim: "total" for dim in DIMENSIONS if dim not in frame}
    if "other_sources" not in frame:
        constants["other_sources"] = ""
    frame = frame.assign(
        **{name: _constant(text, len(frame)) for name, text in constants.items()},
        **{name: frame[name].astype(float) if name in frame else np.nan for name in numbers},
    )
    if indicator.small_numbers:
        frame = _disclosed(frame, indicator)
    # Categories are for the formulas: a reader of a few rows would meet names of all the others. Columns
    # of one kind in one block make a few rows several times faster to pick.
    texts = {name: _as_objects(frame[name]) for name in COLUMNS if frame[name].dtype in _TEXTS}
    return frame.assign(**texts)[list(COLUMNS)].copy()


def _as_objects(texts: pd.Series) -> pd.Series:
    """Return texts as plain ones, of which all that are equal are one and the same."""
    codes, different = pd.factorize(texts)
    plain = np.array([*different, np.nan], dtype=object)[codes]
    return pd.Series(plain, index=texts.index, dtype="object")


def _constant(text: str, rows: int) -> pd.Series:
    return pd.Series(np.full(rows, text, dtype=object), dtype="object")


def _in_order(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the rows in the order of the keys; most formulas keep the order of their inputs."""
    places = [pd.factorize(frame[key], sort=True)[0] for key in keys]
    order = np.lexsort(places[::-1])
    if (order[1:] < order[:-1]).any():
        frame = frame.take(order)
    return frame.reset_index(drop=True)


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

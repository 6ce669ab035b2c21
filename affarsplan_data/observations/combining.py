"""Puts the publications of a measure together, and says which figure is used where several hold it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from affarsplan_data import regions
from affarsplan_data.catalogue import Measure
from affarsplan_data.observations import schema, totals
from affarsplan_data.observations.keys import Keys, first_of_each
from affarsplan_data.observations.publications import Publication, Tier
from affarsplan_data.observations.schema import COLUMNS, KEY, SUMMED


def combined(measure: Measure, publications: Sequence[Publication]) -> pd.DataFrame:
    """Return a measure's observations: the schema's columns and ``preferred``, one row per figure.

    ``preferred`` is true on the row to use where several publications hold the same figure:

    - A fetched table goes before a delivered file, and that before the edition.
    - Of fetched tables the one with the highest ``precedence`` goes first, so that a preliminary table is
      used only where the final one has no row. Of two alike a published figure goes before one that has
      been added up, and then the newer version before the older.
    - A row decides even when its value is missing: a figure that its producer now suppresses is not taken
      from an older or lower publication instead. Within the edition a known value goes before a missing
      one.
    - Where a fetched table has rows at a level (riket, county, municipality), the edition's rows of the
      same table at that level are never used, not even for other years: one series never holds two
      versions of one table.

    Totals are added up as the catalogue says, of the rows that may be used, within one publication, never
    of figures with noise, and never where any publication has one.

    Raises:
        ObservationError: the rows do not follow the schema.
    """
    rows = [p.rows.assign(series=place) for place, p in enumerate(publications)]
    replaced = [_replaced(p, publications) for p in publications]
    used = pd.concat([r[~gone] for r, gone in zip(rows, replaced, strict=True)], ignore_index=True)
    if measure.sum_sexes:
        used = totals.add_sexes(used)
    if measure.sum_regions:
        used = totals.add_regions(used, measure.leave_out_of_sums)
    unused = [r[gone] for r, gone in zip(rows, replaced, strict=True) if gone.any()]
    frame = pd.concat([used.assign(used=True), *(r.assign(used=False) for r in unused)])
    return _described(frame.reset_index(drop=True), measure, publications)


def _replaced(publication: Publication, others: Sequence[Publication]) -> pd.Series:
    """Return which rows of the edition a fetched version of the same table has taken the place of."""
    rows = publication.rows
    if publication.tier is not Tier.EDITION or publication.table_id is None:
        return pd.Series(False, index=rows.index)
    fetched = {
        _level(code)
        for other in others
        if other.tier is Tier.FETCHED and other.table_id == publication.table_id
        for code in other.rows["region"].unique()
    }
    return rows["region"].map(_level).isin(fetched)


def _level(code: str) -> str:
    return regions.get(code).level


def _described(
    frame: pd.DataFrame, measure: Measure, publications: Sequence[Publication]
) -> pd.DataFrame:
    keys = Keys(frame)
    codes = keys.codes(frame)
    numbers = keys.joined(codes, len(frame))
    order = np.lexsort([frame["series"].to_numpy(), numbers])
    frame = frame.take(order).reset_index(drop=True)
    numbers, codes = numbers[order], {name: code[order] for name, code in codes.items()}
    periods = pd.Series(keys.values["period"], dtype="str")
    start = schema.period_start(periods).to_numpy()
    segment = schema.segments(periods, (b.period for b in measure.breaks)).to_numpy()
    series = frame["series"].to_numpy()
    columns = {
        **{name: pd.Categorical.from_codes(codes[name], keys.values[name]) for name in KEY},
        "measure": _one(measure.id, len(frame)),
        "start": start[codes["period"]],
        "value": frame["value"].astype("float64"),
        "unit": _one(measure.unit, len(frame)),
        "status": frame["status"].astype("category"),
        "source": _by_series(series, [p.source for p in publications]),
        "table": _by_series(series, [p.table for p in publications]),
        "vintage": _by_series(series, [p.vintage for p in publications]),
        "preliminary": _preliminary(series, codes["period"], keys, publications),
        "noise": frame["noise"].astype(bool),
        "segment": segment[codes["period"]],
        "published_value": frame["published_value"].astype("float64"),
        "published_unit": frame["published_unit"].fillna(measure.unit).astype("category"),
        "origin": _by_series(series, [p.origin for p in publications]),
    }
    ratings = [frame["used"].to_numpy(), *_ratings(frame, series, publications)]
    preferred = first_of_each(numbers, [rating.astype(np.int64) for rating in ratings])
    checked = schema.check(pd.DataFrame(columns)[list(COLUMNS)])
    return checked.assign(preferred=preferred & frame["used"].to_numpy())


def _one(text: str, rows: int) -> pd.Categorical:
    return pd.Categorical.from_codes(np.zeros(rows, dtype=np.int8), [text])


def _by_series(series: np.ndarray, texts: Sequence[str | None]) -> pd.Categorical:
    return pd.Categorical(pd.Series(texts, dtype="object")).take(series).remove_unused_categories()


def _preliminary(
    series: np.ndarray, periods: np.ndarray, keys: Keys, publications: Sequence[Publication]
) -> np.ndarray:
    said = np.array([keys.values["period"].isin(p.preliminary) for p in publications])
    return said[series, periods]


def _ratings(
    frame: pd.DataFrame, series: np.ndarray, publications: Sequence[Publication]
) -> list[np.ndarray]:
    """Return what rows of one figure are compared by, the weightiest first."""
    tier = np.array([p.tier for p in publications])[series]
    precedence = np.array([p.precedence for p in publications])[series]
    ages = sorted({p.age for p in publications})
    age = np.array([ages.index(p.age) for p in publications])[series]
    known, published = frame["value"].notna(), frame["status"] != SUMMED
    of_edition = tier == Tier.EDITION
    return [
        tier,
        np.where(of_edition, known, True),
        precedence,
        np.where(of_edition, True, published),
        np.where(of_edition, 0, age),
    ]

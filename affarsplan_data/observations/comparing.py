"""Two versions of a measure's rows compared figure by figure."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from affarsplan_data.observations.keys import Keys
from affarsplan_data.observations.schema import KEY

VALUE, STATUS, ADDED, GONE = "value", "status", "added", "gone"
KINDS = (VALUE, STATUS, ADDED, GONE)
CHANGES = (*KEY, "kind", "old", "new", "percent", "old_status", "new_status")
_SAME = 1e-9


@dataclass(frozen=True)
class Version:
    """A version's rows: dimensions as categories, ``value`` and ``status``.

    ``excerpt`` says that the rows are a part of the version, from a publication that may have rounded
    them: what it lacks was not absent, and a figure with more decimals is another only when it does not
    round to the excerpt's. ``since`` is the first period that was asked for, None for all.
    """

    rows: pd.DataFrame
    excerpt: bool = False
    since: str | None = None

    @property
    def periods(self) -> frozenset[str]:
        """The periods that the version has."""
        return frozenset(self.rows["period"].cat.categories)


def compact(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that are compared, in little memory."""
    kept = rows[[*KEY, "value", "status"]].reset_index(drop=True)
    return kept.astype(dict.fromkeys((*KEY, "status"), "category"))


def compared(old: Version, new: Version) -> pd.DataFrame:
    """Return the figures that differ, with :data:`CHANGES`.

    ``kind`` is :data:`VALUE` when the value is another, or came or went, :data:`STATUS` when only the
    producer's symbol is, :data:`ADDED` for a figure that the old version lacked in a period that it had,
    and :data:`GONE` for one that the new version lacks and was asked for. ``percent`` is the change in
    percent of the old value; missing where there is none, or it is zero.
    """
    keys = Keys({name: _values(old.rows[name], new.rows[name]) for name in KEY})
    before, after = keys.numbers(old.rows), keys.numbers(new.rows)
    _, mine, theirs = np.intersect1d(before, after, assume_unique=True, return_indices=True)
    kinds = _kinds(old.rows.take(mine), new.rows.take(theirs), old.excerpt)
    differs = kinds != ""
    held = old.rows.take(mine[differs]).reset_index(drop=True)
    came = new.rows.take(theirs[differs]).reset_index(drop=True)
    both = held[list(KEY)].assign(
        kind=kinds[differs],
        old=held["value"],
        new=came["value"],
        old_status=held["status"].astype(str),
        new_status=came["status"].astype(str),
    )
    parts = [both, _added(old, new, before, after), _gone(old, new, before, after)]
    texts = [part.astype(dict.fromkeys((*KEY, "kind"), "object")) for part in parts if len(part)]
    frame = pd.concat(texts, ignore_index=True) if texts else both
    change = 100 * (frame["new"] - frame["old"]) / frame["old"].abs().where(frame["old"] != 0)
    return frame.assign(percent=change)[list(CHANGES)]


def _values(old: pd.Series, new: pd.Series) -> pd.Series:
    return pd.Series(old.cat.categories.union(new.cat.categories), dtype="object")


def _kinds(old: pd.DataFrame, new: pd.DataFrame, excerpt: bool) -> np.ndarray:
    """Return the kind of difference per row, empty where there is none."""
    before, after = old["value"].to_numpy(float), new["value"].to_numpy(float)
    allowed = _SAME * np.abs(before)
    if excerpt:
        allowed = np.maximum(allowed, 0.5 * 10.0 ** -_decimals(before) * (1 + _SAME))
    neither = np.isnan(before) & np.isnan(after)
    with np.errstate(invalid="ignore"):
        same = neither | (np.abs(after - before) <= allowed)
    symbol = old["status"].astype(str).to_numpy() != new["status"].astype(str).to_numpy()
    # An excerpt has no symbols for the figures that it holds.
    other = symbol & (neither if excerpt else True)
    return np.where(~same, VALUE, np.where(other, STATUS, ""))


def _decimals(values: np.ndarray) -> np.ndarray:
    """Return the number of decimals that each value is written with."""
    distinct, places = np.unique(values, return_inverse=True)
    written = [repr(float(value)).partition(".")[2] for value in distinct]
    return np.array([0 if text in ("", "0") else len(text) for text in written])[places]


def _added(old: Version, new: Version, before: np.ndarray, after: np.ndarray) -> pd.DataFrame:
    rows = new.rows.take(np.flatnonzero(~np.isin(after, before)))
    rows = rows[rows["period"].isin(old.periods)] if not old.excerpt else rows.iloc[:0]
    status = rows["status"].astype(str)
    return rows[list(KEY)].assign(
        kind=ADDED, old=np.nan, new=rows["value"], old_status="", new_status=status
    )


def _gone(old: Version, new: Version, before: np.ndarray, after: np.ndarray) -> pd.DataFrame:
    rows = old.rows.take(np.flatnonzero(~np.isin(before, after)))
    if new.since is not None:
        rows = rows[rows["period"].astype(str) >= new.since]
    status = rows["status"].astype(str)
    return rows[list(KEY)].assign(
        kind=GONE, old=rows["value"], new=np.nan, old_status=status, new_status=""
    )

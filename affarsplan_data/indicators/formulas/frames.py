"""What formulas do with their inputs before they compute: keys, joins, groups side by side."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from affarsplan_data.catalogue import DIMENSIONS
from affarsplan_data.indicators.inputs import META

_ORIGIN = ("source", "table", "vintage")
Frames = Mapping[str, pd.DataFrame]
Parameters = Mapping[str, Any]


def keys_of(frame: pd.DataFrame, without: str = "") -> list[str]:
    """Return the columns that tell a frame's figures apart, one of them left out when it is named."""
    known = ("region", "period", *DIMENSIONS)
    return [column for column in known if column in frame.columns and column != without]


def join(frames: Frames, how: Literal["inner", "left"] = "inner") -> pd.DataFrame:
    """Join inputs on their common dimensions; ``left`` keeps figures whose other inputs are missing.

    The columns of the first carry source and segment; ``other_sources`` names the publications of the
    others, where they differ.
    """
    (first, joined), *others = frames.items()
    none = pd.Categorical.from_codes(np.zeros(len(joined), dtype=np.int8), [""])
    joined = joined.rename(columns={"value": first}).assign(other_sources=none)
    for name, frame in others:
        on = [key for key in keys_of(frame) if key in joined.columns]
        extra = frame[[*on, "value", "segment", *_ORIGIN]].rename(columns={"value": name})
        joined = joined.merge(extra, on=on, how=how, suffixes=("", "_other"))
        joined["segment"] = joined["segment"] * 10_000 + joined.pop("segment_other").fillna(
            0
        ).astype(int)
        joined["other_sources"] = _with_publication(joined)
    return joined


def _with_publication(joined: pd.DataFrame) -> pd.Series:
    """Return ``other_sources`` with the publication of the newest input, whose columns are dropped."""
    parts = [*_ORIGIN, *(f"{part}_other" for part in _ORIGIN), "other_sources"]
    # Few publications stand behind many rows: the text is put together once for each.
    which = joined.groupby(parts, sort=False, dropna=False).ngroup().to_numpy()
    firsts = np.unique(which, return_index=True)[1]
    texts = _named(joined.iloc[firsts][parts].astype("object"))
    for part in _ORIGIN:
        joined.pop(f"{part}_other")
    code, text = pd.factorize(texts.to_numpy(dtype=object), use_na_sentinel=False)
    return pd.Series(pd.Categorical.from_codes(code[which], text), index=joined.index)


def _named(rows: pd.DataFrame) -> pd.Series:
    own = _publication(*(rows[part] for part in _ORIGIN))
    other = _publication(*(rows[f"{part}_other"] for part in _ORIGIN)).fillna(own)
    listed = (rows["other_sources"] + "; " + other).str.removeprefix("; ")
    return rows["other_sources"].where(other == own, listed)


def _publication(source: pd.Series, table: pd.Series, vintage: pd.Series) -> pd.Series:
    # The day is enough for a reader; the moment is told where the publication stands in columns.
    updated = (", uppdaterad " + vintage.str[:10]).where(vintage != "", "")
    return source + ", " + table + updated


def fitting(part: pd.Series, whole: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the numbers where they can be part and whole, else missing.

    A part can exceed its whole where noise is added, and where the two are not quite of one kind.
    """
    fits = (part <= whole) & (whole > 0)
    return part.where(fits), whole.where(fits)


def by_sex(frame: pd.DataFrame) -> pd.DataFrame:
    return side_by_side(frame, "sex", ("women", "men"))


def side_by_side(frame: pd.DataFrame, dimension: str, groups: tuple[str, str]) -> pd.DataFrame:
    """Two groups of a dimension as two columns; the rest of a row is the first group's."""
    keys = keys_of(frame, dimension)
    first, second = (
        frame[frame[dimension] == group].rename(columns={"value": group}).drop(columns=dimension)
        for group in groups
    )
    return first.merge(second[[*keys, groups[1]]], on=keys)


def single(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame[[*keys_of(frame), *META]].assign(value=frame[column])

"""Tells figures apart: the schema's dimensions of each row as one whole number."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from affarsplan_data.observations.schema import KEY


class Keys:
    """Numbers that are equal when the dimensions are, and that sort as the dimensions do.

    Args:
        frame: the rows whose values there are; its columns of the schema's key as text.
    """

    def __init__(self, frame: pd.DataFrame | Mapping[str, pd.Series]) -> None:
        self.values = {name: pd.Index(np.sort(frame[name].unique())) for name in KEY}

    def codes(self, frame: pd.DataFrame) -> Mapping[str, np.ndarray]:
        """Return the place of each row's value in :attr:`values`, per dimension; -1 for another."""
        found = {}
        for name, values in self.values.items():
            # Few values stand in many rows: each is looked up once.
            places, distinct = pd.factorize(frame[name])
            found[name] = values.get_indexer(distinct)[places]
        return found

    def numbers(self, frame: pd.DataFrame) -> np.ndarray:
        """Return one number per row, -1 where a dimension has another value."""
        return self.joined(self.codes(frame), len(frame))

    def joined(self, codes: Mapping[str, np.ndarray], rows: int) -> np.ndarray:
        """Return what :meth:`numbers` does, of codes that are known."""
        found = np.zeros(rows, dtype=np.int64)
        other = np.zeros(rows, dtype=bool)
        for name, values in self.values.items():
            found = found * len(values) + codes[name]
            other |= codes[name] < 0
        found[other] = -1
        return found


def first_of_each(numbers: np.ndarray, ratings: Sequence[np.ndarray]) -> np.ndarray:
    """Return, for every row, whether it is rated highest of those with its number.

    The first of ``ratings`` weighs most; of rows that are rated alike the first is taken.
    """
    order = np.lexsort([*(-rating for rating in reversed(ratings)), numbers])
    first = np.ones(len(numbers), dtype=bool)
    first[1:] = numbers[order][1:] != numbers[order][:-1]
    best = np.zeros(len(numbers), dtype=bool)
    best[order[first]] = True
    return best

"""Where an indicator's figures stand in its frame, so that one is found without reading them all."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

FIGURE = ("region", "period", "sex", "birth", "industry", "category")
SERIES = ("region", "sex", "birth", "industry", "category")
GROUP = ("period", "sex", "birth", "category", "industry")

Rows = npt.NDArray[np.intp]
NONE: Rows = np.empty(0, dtype=np.intp)


class Places:
    """The row numbers of a frame of figures: of one figure, of a series, of a group in all regions.

    Args:
        frame: at least the columns of :data:`FIGURE`.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._columns = {name: frame[name].to_numpy(dtype=object) for name in FIGURE}

    @cached_property
    def figures(self) -> dict[tuple[str, ...], int]:
        """The row of each figure, by :data:`FIGURE`."""
        return {key: row for row, key in enumerate(self._keys(FIGURE))}

    def figure(
        self,
        region: str,
        period: str,
        sex: str = "total",
        birth: str = "total",
        industry: str = "total",
        category: str = "total",
    ) -> int | None:
        """Return the row of one figure, None when there is none."""
        return self.figures.get((region, period, sex, birth, industry, category))

    @cached_property
    def series(self) -> dict[tuple[str, ...], Rows]:
        """The rows of each series, in period order, by :data:`SERIES`."""
        period = self._columns["period"]
        return {
            key: np.array(sorted(rows, key=period.__getitem__), dtype=np.intp)
            for key, rows in self._by(SERIES).items()
        }

    @cached_property
    def regions(self) -> dict[str, Rows]:
        """The rows of each region, in the frame's order."""
        return {key: np.array(rows, dtype=np.intp) for (key,), rows in self._by(["region"]).items()}

    @cached_property
    def groups(self) -> dict[tuple[str, ...], Rows]:
        """The rows of each group in a period, in the frame's order, by :data:`GROUP`."""
        return {key: np.array(rows, dtype=np.intp) for key, rows in self._by(GROUP).items()}

    def group(self, period: str, sex: str, birth: str, category: str, industry: str | None) -> Rows:
        """Return the rows of a group in a period, in the frame's order; of all industries when None."""
        wanted = (period, sex, birth, category)
        if industry is not None:
            return self.groups.get((*wanted, industry), NONE)
        found = [rows for key, rows in self.groups.items() if key[:-1] == wanted]
        return np.sort(np.concatenate([NONE, *found]))

    def column(self, name: str) -> npt.NDArray[np.object_]:
        """Return one of the columns of :data:`FIGURE`."""
        return self._columns[name]

    def find_all(self) -> None:
        """Find everything now, for those who are forked from this process."""
        for found in (self.figures, self.series, self.groups, self.regions):
            assert found is not None

    def _by(self, names: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
        found: dict[tuple[str, ...], list[int]] = {}
        for row, key in enumerate(self._keys(names)):
            found.setdefault(key, []).append(row)
        return found

    def _keys(self, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
        return zip(*(self._columns[name] for name in names), strict=True)

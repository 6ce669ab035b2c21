"""The catalogue's indicator ids as attributes, so that a notebook completes them."""

import difflib
from collections.abc import Iterator, Mapping
from html import escape

from affarsplan_data.catalogue import load_catalogue


class Ids:
    """The ids of ``names`` as attributes that are the ids themselves; ``dir`` gives them alone.

    >>> Ids({"new_firms": "Nystartade företag"}).new_firms
    'new_firms'
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self.__dict__.update({id: id for id in names})
        self._names = dict(names)

    def __getattr__(self, name: str) -> str:
        near = difflib.get_close_matches(name, self.__dict__.get("_names", ()), n=3, cutoff=0.5)
        hint = f" Närmast: {', '.join(near)}." if near else ""
        raise AttributeError(f"Indikatorn ”{name}” finns inte.{hint}")

    def __dir__(self) -> list[str]:
        return sorted(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, id: object) -> bool:
        return id in self._names

    def __repr__(self) -> str:
        return f"{len(self)} indikatorer: {', '.join(self._names)}"

    def _repr_html_(self) -> str:
        items = "".join(
            f"<li><code>{escape(id)}</code> {escape(name)}</li>" for id, name in self._names.items()
        )
        return f"<ul>{items}</ul>"


ids = Ids({id: item.name for id, item in load_catalogue().indicators.items()})
"""The ids of the catalogue's indicators: ``ids.new_firms_per_1000``."""

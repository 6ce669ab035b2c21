"""A mapping that takes down which of its entries are read."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from affarsplan_data.recording.reads import note

EVERY = "*"
"""The name under which it is noted that all keys were gone through."""

_V = TypeVar("_V")


class Noted(Mapping[str, _V]):
    """The entries ``held``, each noted as of ``kind`` when it is read or asked for in vain."""

    def __init__(self, kind: str, held: Mapping[str, _V]) -> None:
        self._kind = kind
        self.held = held
        """The entries, for one who reads without its being noted."""

    def __getitem__(self, key: str) -> _V:
        if isinstance(key, str):
            note(self._kind, key)
        return self.held[key]

    def __iter__(self) -> Iterator[str]:
        note(self._kind, EVERY)
        return iter(self.held)

    def __len__(self) -> int:
        note(self._kind, EVERY)
        return len(self.held)

    def __repr__(self) -> str:
        return repr(dict(self.held))

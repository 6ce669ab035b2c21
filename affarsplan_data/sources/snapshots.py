"""What every fetch has in common: the version that stands, what the new one changed, and the outcome.

A source gives a :class:`TableFetch` that says how it asks its producer; the rest is the same for all. A
fetch is committed as a snapshot when every answer has come and been checked, and never before.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar

import numpy as np

from affarsplan_data.archive import Archive, ArchiveError, Snapshot
from affarsplan_data.catalogue import Table
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.fitting import column_of, taken
from affarsplan_data.scb import Cube, OfflineError, UpdatedMeanwhileError, client_name
from affarsplan_data.scb.base import BaseClient
from affarsplan_data.scb.errors import UnavailableError
from affarsplan_data.sources.comparing import Changes, changes
from affarsplan_data.sources.errors import ShrunkenError

Outcome = Literal["new", "unchanged", "revised", "failed"]
Progress = Callable[[str, int, int], None]
"""Called with a table's id, the number of answers so far and the number expected."""

ATTEMPTS = 3
SHOWN = 5

C = TypeVar("C", bound=BaseClient)


@dataclass(frozen=True)
class Fetched:
    """What became of one table.

    ``updated``, ``periods`` and ``cells`` (the number of figures) are of the version that now stands.
    ``label`` is the title that the producer gives the table, and ``found`` what the producer calls it
    where the catalogue's id is a name of our own and the table was looked up.
    """

    table: Table
    outcome: Outcome
    updated: str | None = None
    periods: tuple[str, ...] = ()
    cells: int = 0
    changes: Changes = field(default_factory=Changes)
    error: str | None = None
    label: str | None = None
    found: str | None = None


def standing(table: Table, snapshot: Snapshot, outcome: Outcome = "unchanged") -> Fetched:
    """Return the outcome of a fetch after which ``snapshot`` is the version that stands."""
    return Fetched(table, outcome, snapshot.updated, tuple(snapshot.periods), snapshot.cells)


@dataclass
class TableFetch(ABC, Generic[C]):
    """One table's way from a producer to a snapshot; ``previous`` is the one that stands before.

    ``force`` asks for the figures even when nothing says that they have changed, and takes a version
    that lacks what the one before it had.
    """

    table: Table
    client: C
    archive: Archive
    since: str | None = None
    force: bool = False
    progress: Progress | None = None
    previous: Snapshot | None = field(default=None, init=False)

    def run(self) -> Fetched:
        """Return what became of the table.

        Raises:
            AffarsplanError: it could not be fetched; nothing has been committed.
        """
        if self.client.offline:
            return self.from_archive()
        self._look_up_previous()
        for _ in range(ATTEMPTS - 1):
            with suppress(UpdatedMeanwhileError):
                return self.from_producer()
        return self.from_producer()

    def failed(self, error: Exception) -> Fetched:
        """Return the failure, with the version that stands in spite of it."""
        text = str(error)
        if not isinstance(error, AffarsplanError | OSError):
            text = f"Oväntat fel ({type(error).__name__}): {error}. Anmäl det gärna."
        if self.previous is None:
            self._look_up_previous()
        if self.previous is None:
            return Fetched(self.table, "failed", error=text)
        return replace(standing(self.table, self.previous, "failed"), error=text)

    def _look_up_previous(self) -> None:
        # A damaged archive is no hindrance: what is damaged is fetched again.
        with suppress(ArchiveError):
            self.previous = self.archive.standing(
                self.client.source, self.table.id, self.asked(self.since)
            )

    @abstractmethod
    def from_producer(self) -> Fetched:
        """Ask the producer, and commit what came when it is whole."""

    @abstractmethod
    def cubes(self, snapshot: Snapshot) -> list[Cube]:
        """Return the figures of a snapshot, out of the archive."""

    def from_archive(self) -> Fetched:
        """Return what the archive holds of the table.

        Raises:
            OfflineError: nothing of this selection.
        """
        # The whole table answers a question about its later periods too.
        for asked in (self.asked(self.since), self.asked(None)):
            if snapshot := self.archive.standing(self.client.source, self.table.id, asked):
                return standing(self.table, snapshot)
        raise OfflineError(
            f"Tabellen {self.table.id} finns inte i arkivet för det här urvalet. Hämta den en gång med "
            "nätverk."
        )

    def asked(self, since: str | None) -> dict[str, Any]:
        """Return the selection as it is written in the snapshot."""
        wish = self.table.model_dump(mode="json", include={"selection", "without"})
        return {**wish, "since": since}

    def report(self, done: int, expected: int) -> None:
        """Tell whoever follows the fetch how far it has come."""
        if self.progress:
            self.progress(self.table.id, done, expected)

    def commit(
        self, cube: Cube, metadata: str, answers: Sequence[str | None], updated: str | None
    ) -> Snapshot:
        """Commit the version that ``answers`` are, and return it."""
        snapshot = Snapshot(
            source=self.client.source,
            name=self.table.id,
            updated=updated,
            retrieved=datetime.now(UTC).replace(microsecond=0),
            asked=self.asked(self.since),
            metadata=metadata,
            answers=[answer for answer in answers if answer],
            cells=cube.values.size,
            periods=self._periods(cube),
            client=client_name(),
        )
        self.archive.commit(snapshot)
        return snapshot

    def _periods(self, cube: Cube) -> list[str]:
        """Return the periods that a cube has, as the catalogue reads them."""
        time = cube.structure.time
        column = column_of(self.table, time) if time else None
        if time is None or column is None:
            return list(time.codes) if time else []
        return [one.value for one in taken(self.table.id, column, time)]

    def landed(
        self, snapshot: Snapshot, cube: Cube, label: str, earlier: Sequence[Cube] | None = None
    ) -> Fetched:
        """Return the outcome of a commit, compared with the version before it.

        ``earlier`` is that version's figures, when they have been read already.
        """
        if self.previous is None:
            return replace(standing(self.table, snapshot, "new"), label=label)
        difference = changes(self.cubes(self.previous) if earlier is None else earlier, cube)
        outcome: Outcome = "revised" if difference.any else "unchanged"
        return replace(standing(self.table, snapshot, outcome), changes=difference, label=label)

    def not_shrunken(self, cube: Cube, apart: Collection[str] = ()) -> list[Cube] | None:
        """Return the figures of the version before, after a look at whether the new one lacks any.

        ``apart`` are variables that are not looked at, since their codes are meant to change.

        Raises:
            ShrunkenError: a region, a period or a content that had figures has none now.
        """
        if self.previous is None:
            return None
        try:
            earlier = self.cubes(self.previous)
        except AffarsplanError:
            # What stands cannot be read any longer: there is nothing to compare with.
            self.previous = None
            return None
        if not self.force and (gone := lost(earlier, cube, apart)):
            raise ShrunkenError(
                f"Den nya versionen av {self.table.id} saknar uppgifter som den förra hade: "
                f"{'; '.join(gone)}. Den förra står kvar. Hämta med --force om bortfallet är riktigt."
            )
        return earlier


def each(
    fetches: Iterable[TableFetch[C]],
    client: C,
    ready: Callable[[], object],
    done: Callable[[Fetched], None] | None = None,
) -> list[Fetched]:
    """Run fetches one after the other, and return what became of each.

    One that fails does not stop the others. ``ready`` makes a first call to the producer: when that
    cannot be reached, every fetch fails at once instead of each waiting in turn.
    """
    results = []
    unreachable: AffarsplanError | None = None
    try:
        # Out of the archive alone nobody is asked.
        if not client.offline:
            ready()
    except UnavailableError as error:
        unreachable = error
    except AffarsplanError:
        # Something else is wrong with that answer: each fetch tells what it means for it.
        pass
    for one in fetches:
        try:
            if unreachable:
                raise unreachable
            result = one.run()
        except Exception as error:
            # Whatever one table meets with, the others are fetched.
            result = one.failed(error)
        results.append(result)
        if done:
            done(result)
    return results


def lost(earlier: Sequence[Cube], new: Cube, apart: Collection[str] = ()) -> list[str]:
    """Return, per variable, the codes that had figures before and have none now, a phrase each.

    The variables in ``apart`` are left out.
    """
    phrases = []
    for dimension in new.structure.dimensions:
        if dimension.id in apart:
            continue
        before = {code for cube in earlier for code in _with_figures(cube, dimension.id)}
        if gone := sorted(before - _with_figures(new, dimension.id)):
            more = f" och {len(gone) - SHOWN} till" if len(gone) > SHOWN else ""
            phrases.append(f"{dimension.label} {', '.join(gone[:SHOWN])}{more}")
    return phrases


def _with_figures(cube: Cube, variable: str) -> set[str]:
    ids = [dimension.id for dimension in cube.structure.dimensions]
    if variable not in ids:
        return set()
    axis = ids.index(variable)
    known = ~np.isnan(cube.values.reshape(cube.structure.shape))
    any_figure = known.any(axis=tuple(n for n in range(known.ndim) if n != axis))
    codes = cube.structure.dimensions[axis].codes
    return {code for code, has in zip(codes, any_figure, strict=True) if has}

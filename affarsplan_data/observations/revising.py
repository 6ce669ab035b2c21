"""What new versions have changed of figures that were there before: why an old report says otherwise.

Every version of a table in the archive is compared with the one before it, and the first with the
edition's figures of the same table. One table's versions are held in memory at a time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from affarsplan_data import project, regions
from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import Measure, Table, load_catalogue
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.observations.comparing import (
    CHANGES,
    KINDS,
    VALUE,
    Version,
    compact,
    compared,
)
from affarsplan_data.observations.errors import SelectionError
from affarsplan_data.observations.publications import (
    DELIVERED,
    Publication,
    of_delivered,
    of_edition,
    of_table,
)
from affarsplan_data.observations.schema import KEY
from affarsplan_data.sources import edition, standing

COLUMNS = (
    "measure",
    *CHANGES,
    "unit",
    "was_preliminary",
    "table",
    "from_version",
    "to_version",
    "retrieved",
)
"""The columns of :func:`revisions`.

``old`` and ``new`` are in ``unit``; ``percent`` is the change in percent of the old value. ``kind`` is
``value``, ``status``, ``added`` or ``gone``. ``was_preliminary`` says that the old figure was called
preliminary, so that a change was to be expected. ``table`` is the table's id, or the name of a delivered
file. The versions are the producer's own times; ``edition`` is the built-in edition. ``retrieved`` is the
day on which the new version came.
"""
EDITION = "edition"


@dataclass(frozen=True)
class Step:
    """What one version of a table or a file changed of the one before it.

    ``rows`` has :data:`COLUMNS`. ``new_periods`` are those that only the new version has. ``fault`` says
    why the two could not be compared, and then there are no rows.
    """

    table: str
    title: str
    from_version: str
    to_version: str
    retrieved: datetime
    rows: pd.DataFrame
    new_periods: tuple[str, ...] = ()
    fault: str = ""

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of figures by kind."""
        held = self.rows["kind"].value_counts()
        return {kind: int(held.get(kind, 0)) for kind in KINDS}

    @property
    def largest(self) -> pd.Series | None:
        """The row whose value changed most in percent, None when none did."""
        percent = self.rows.loc[self.rows["kind"] == VALUE, "percent"].abs()
        return None if percent.isna().all() else self.rows.loc[percent.idxmax()]


def revisions(
    measure: str | None = None, region: str | None = None, since: str | date | None = None
) -> pd.DataFrame:
    """Return the figures that a new version has changed, the newest version first.

    Args:
        measure: a measure's id; all when None.
        region: a region's code; all when None.
        since: versions that came on this day or later; all when None.

    Returns:
        A frame with :data:`COLUMNS`, one row per figure and change. Figures of new periods are no
        changes and not listed.

    Raises:
        UnknownEntryError: no such measure.
        UnknownRegionError: no region has the code.
        SelectionError: ``since`` is not a day.
    """
    found = [step.rows for step in steps(measure, region, since) if len(step.rows)]
    if not found:
        return _empty()
    newest = sorted(found, key=lambda rows: rows["retrieved"].iloc[0], reverse=True)
    return pd.concat(newest, ignore_index=True)


def steps(
    measure: str | None = None, region: str | None = None, since: str | date | None = None
) -> Iterator[Step]:
    """Yield what each version changed, table by table, the oldest version first.

    Arguments and errors as for :func:`revisions`.
    """
    catalogue = load_catalogue()
    if measure is not None:
        catalogue.measure(measure)
    code = None if region is None else regions.get(region).code
    first = _day(since)
    archive = Archive(project.raw() / "archive")
    return _steps(archive, measure, code, first)


def _steps(
    archive: Archive, measure: str | None, region: str | None, since: date | None
) -> Iterator[Step]:
    catalogue = load_catalogue()
    tables = catalogue.tables_of(measure) if measure else tuple(catalogue.tables.values())
    for table in tables:
        if not catalogue.is_of_boundaries(table):
            yield from _of_table(table, archive, measure, region, since)
    for id in [measure] if measure else catalogue.measures:
        yield from _of_files(catalogue.measure(id), archive, region, since)


def _of_table(
    table: Table, archive: Archive, measure: str | None, region: str | None, since: date | None
) -> Iterator[Step]:
    server = standing.servers().get(table.source)
    wish = table.model_dump(mode="json", include={"selection", "without"})
    held = [
        snapshot
        for snapshot in (archive.recorded(server, table.id) if server else [])
        if isinstance(snapshot.asked, dict)
        and all(snapshot.asked.get(key) == wish[key] for key in wish)
    ]

    def read(snapshot: Snapshot) -> dict[str, Publication]:
        given = of_table(table, snapshot, archive)
        return {id: p for id, p in given.items() if measure in (None, id)}

    measures = [given.measure for given in table.gives if measure in (None, given.measure)]
    start = {id: found for id in measures if (found := _edition(id, table.id)) is not None}
    yield from _Chain(table.id, table.title, read, region, since).steps(held, start)


def _of_files(
    measure: Measure, archive: Archive, region: str | None, since: date | None
) -> Iterator[Step]:
    """Compare the versions of each delivered file of a measure."""
    by_file: dict[str, list[Snapshot]] = {}
    for snapshot in archive.recorded(DELIVERED, measure.id):
        asked = snapshot.asked if isinstance(snapshot.asked, dict) else {}
        by_file.setdefault(str(asked.get("file", "")), []).append(snapshot)

    def read(snapshot: Snapshot) -> dict[str, Publication]:
        return {measure.id: of_delivered(measure, snapshot, archive)}

    for file, held in by_file.items():
        yield from _Chain(file, measure.title, read, region, since).steps(held, {})


@dataclass(frozen=True)
class _Held:
    """A measure's rows in one version, in little memory."""

    version: Version
    preliminary: frozenset[str]


@dataclass
class _Chain:
    """A table's versions, each read once and set against the one before it."""

    table: str
    title: str
    read: Callable[[Snapshot], dict[str, Publication]]
    region: str | None
    since: date | None

    def steps(self, held: list[Snapshot], start: dict[str, Publication]) -> Iterator[Step]:
        before = {id: self._compact(one, excerpt=True) for id, one in start.items()}
        version = EDITION
        for place, snapshot in enumerate(held):
            wanted = self._is_wanted(snapshot)
            if not wanted and not any(map(self._is_wanted, held[place + 1 : place + 2])):
                before, version = {}, _version(snapshot)
                continue
            try:
                after = self._read(snapshot)
            except (AffarsplanError, OSError) as error:
                if wanted:
                    yield self._step(version, snapshot, [], (), str(error))
                continue
            if wanted and before:
                yield self._compared(version, snapshot, before, after)
            before, version = before | after, _version(snapshot)

    def _is_wanted(self, snapshot: Snapshot) -> bool:
        return self.since is None or snapshot.retrieved.date() >= self.since

    def _read(self, snapshot: Snapshot) -> dict[str, _Held]:
        asked = snapshot.asked if isinstance(snapshot.asked, dict) else {}
        since = asked.get("since")
        given = self.read(snapshot)
        return {id: self._compact(given.pop(id), since=since) for id in list(given)}

    def _compact(self, one: Publication, excerpt: bool = False, since: Any = None) -> _Held:
        rows = one.rows if self.region is None else one.rows[one.rows["region"] == self.region]
        return _Held(Version(compact(rows), excerpt, since), one.preliminary)

    def _compared(
        self,
        version: str,
        snapshot: Snapshot,
        before: dict[str, _Held],
        after: dict[str, _Held],
    ) -> Step:
        parts: list[pd.DataFrame] = []
        periods: set[str] = set()
        for id, new in after.items():
            if (old := before.get(id)) is None:
                continue
            changes = compared(old.version, new.version)
            unit = load_catalogue().measure(id).unit
            early = changes["period"].astype(str).isin(old.preliminary)
            parts.append(changes.assign(measure=id, unit=unit, was_preliminary=early))
            if not old.version.excerpt:
                periods |= new.version.periods - old.version.periods
        return self._step(version, snapshot, parts, tuple(sorted(periods)), "")

    def _step(
        self,
        version: str,
        snapshot: Snapshot,
        parts: list[pd.DataFrame],
        periods: tuple[str, ...],
        fault: str,
    ) -> Step:
        rows = pd.concat(parts, ignore_index=True) if parts else _empty()
        after = _version(snapshot)
        rows = rows.assign(
            table=self.table,
            from_version=version,
            to_version=after,
            retrieved=pd.Timestamp(snapshot.retrieved.date()),
        )[list(COLUMNS)]
        return Step(
            self.table, self.title, version, after, snapshot.retrieved, rows, periods, fault
        )


def _edition(measure: str, table: str) -> Publication | None:
    """Return the edition's rows of a measure that are of a table; of two alike the weightier."""
    entry = edition.load_edition().measures.get(measure)
    if entry is None or all(series.table_id != table for series in entry.series.values()):
        return None
    about = load_catalogue().measure(measure)
    found = [one for one in of_edition(about, entry) if one.table_id == table]
    found.sort(key=lambda one: one.precedence)
    rows = pd.concat([one.rows for one in found], ignore_index=True)
    rows = rows.drop_duplicates(list(KEY), keep="last", ignore_index=True)
    preliminary = frozenset(period for one in found for period in one.preliminary)
    return replace(found[-1], rows=rows, preliminary=preliminary)


def _version(snapshot: Snapshot) -> str:
    return snapshot.updated or snapshot.retrieved.isoformat()


def _day(since: str | date | None) -> date | None:
    if isinstance(since, datetime):
        return since.date()
    if since is None or isinstance(since, date):
        return since
    text = str(since).strip()
    try:
        return date.fromisoformat(f"{text}-01-01" if len(text) == 4 else text)
    except ValueError:
        raise SelectionError(
            f"Dagen ”{text[:20]}” går inte att använda. Ange den som 2026-11-23, eller ett år."
        ) from None


def _empty() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS)).astype(
        {"old": float, "new": float, "percent": float, "retrieved": "datetime64[ns]"}
    )

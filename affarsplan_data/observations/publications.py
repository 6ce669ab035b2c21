"""Publications: the rows that one producer's table, delivered file or series of the edition gives."""

from dataclasses import dataclass
from enum import IntEnum

import pandas as pd

from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.archive.records import Order, vintage_order
from affarsplan_data.catalogue import Measure, Table, load_catalogue
from affarsplan_data.observations.errors import ObservationError
from affarsplan_data.observations.schema import KEY
from affarsplan_data.sources import edition
from affarsplan_data.sources.standing import MADE_UP, is_made_up
from affarsplan_data.sources.standing import read as read_snapshot

ROWS = (*KEY, "value", "status", "noise", "published_value", "published_unit")
"""The columns of a publication's rows; the dimensions are text."""
DELIVERED = "delivered"
"""The archive's name for what has come as a file."""
_NEVER = "9999"
_AGGREGATOR = "kolada"


class Tier(IntEnum):
    """How near its producer a publication is; the highest goes first."""

    EDITION = 0
    DELIVERED = 1
    FETCHED = 2


@dataclass(frozen=True)
class Publication:
    """Rows with :data:`ROWS`, and what is said of all of them.

    ``preliminary`` are the periods whose figures are preliminary, ``table_id`` the producer's own id of
    the table, and ``retrieved`` when it was fetched or taken in, as ISO 8601.
    """

    rows: pd.DataFrame
    tier: Tier
    precedence: int
    source: str
    table: str
    table_id: str | None
    vintage: str | None
    origin: str
    preliminary: frozenset[str]
    retrieved: str | None = None

    @property
    def age(self) -> Order:
        """What publications are compared by to tell the newer."""
        return vintage_order(self.vintage)

    @property
    def made_up(self) -> bool:
        """Whether the figures are made up, as their source then says."""
        return self.source.startswith(MADE_UP)


def of_edition(measure: Measure, entry: edition.EditionFile) -> list[Publication]:
    """Return the edition's series of a measure, in the order of their keys.

    Raises:
        EditionError: the file is not the one that the manifest describes.
        ObservationError: its unit is not the measure's.
    """
    if entry.unit != measure.unit:
        raise ObservationError(
            f"Måttet {measure.id}: utgåvan har enheten {entry.unit}, katalogen {measure.unit}."
        )
    frame = edition.read(measure.id, entry)
    frame = frame.assign(noise=False, published_value=frame["value"], published_unit=measure.unit)
    tables = load_catalogue().tables
    found = []
    for key in sorted(entry.series):
        series = entry.series[key]
        table = tables.get(series.table_id or "")
        noise_from = (table.noise_from if table else None) or _NEVER
        rows = frame.loc[frame["series"] == key, list(ROWS)]
        found.append(
            Publication(
                rows=rows.assign(noise=rows["period"] >= noise_from),
                tier=Tier.EDITION,
                precedence=series.precedence,
                source=series.producer,
                table=series.table,
                table_id=series.table_id,
                vintage=series.vintage,
                origin=f"edition/{entry.file}#{key}",
                preliminary=frozenset(map(str, series.preliminary_periods)),
            )
        )
    return found


def of_table(table: Table, snapshot: Snapshot, archive: Archive) -> dict[str, Publication]:
    """Return what a fetched table gives, per measure.

    Raises:
        AffarsplanError: the archive is damaged, or the answers no longer fit the catalogue.
    """
    from affarsplan_data.clean import clean

    cubes = read_snapshot(table, snapshot, archive)
    made_up = is_made_up(cubes)
    catalogue = load_catalogue()
    found = {}
    for id, rows in clean(table, cubes, snapshot).items():
        measure = catalogue.measure(id)
        found[id] = Publication(
            rows=_with_unit(rows, measure),
            tier=Tier.FETCHED,
            precedence=table.precedence,
            source=_said(_producer(measure, table), made_up),
            table=table.shown,
            table_id=table.id,
            vintage=snapshot.updated,
            origin=f"archive/{snapshot.source}/{snapshot.name}/{snapshot.id}",
            preliminary=_preliminary(rows),
            retrieved=snapshot.retrieved.isoformat(),
        )
    return found


def of_delivered(measure: Measure, snapshot: Snapshot, archive: Archive) -> Publication:
    """Return what a delivered file gives.

    Raises:
        AffarsplanError: the archive is damaged, or the catalogue no longer takes the file.
    """
    from affarsplan_data.sources import delivered

    cube = delivered.read(archive, snapshot, load_catalogue())
    rows = delivered.rows(cube, snapshot, measure)
    return Publication(
        rows=_with_unit(rows, measure),
        tier=Tier.DELIVERED,
        precedence=0,
        source=_said(str(rows.attrs["producer"]), is_made_up([cube])),
        table=str(rows.attrs["label"]),
        table_id=None,
        vintage=snapshot.updated,
        origin=f"archive/{snapshot.source}/{snapshot.name}/{snapshot.id}",
        preliminary=_preliminary(rows),
        retrieved=snapshot.retrieved.isoformat(),
    )


def _with_unit(rows: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    unit = rows["published_unit"].where(rows["published_unit"] != "", measure.unit)
    return rows.assign(published_unit=unit)[list(ROWS)]


def _preliminary(rows: pd.DataFrame) -> frozenset[str]:
    return frozenset(rows.loc[rows["preliminary"], "period"].unique())


def _producer(measure: Measure, table: Table) -> str:
    sources = load_catalogue().sources
    producer = sources[measure.source].name
    if table.source == _AGGREGATOR != measure.source:
        return f"{producer}, via {sources[table.source].name}"
    return producer


def _said(source: str, made_up: bool) -> str:
    return f"{MADE_UP} – {source}" if made_up and not source.startswith(MADE_UP) else source

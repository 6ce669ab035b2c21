"""Tells whether a table is still what the catalogue says, from what its producer says of it.

No figures are asked for. There is one check per interface; each takes a table and a client of its kind of
server, and raises only when the server could not be asked: that a table does not fit is no error here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from affarsplan_data import regions
from affarsplan_data.catalogue import Table
from affarsplan_data.fitting import (
    MisfitError,
    column_of,
    contents_of,
    misfits,
    taken,
    title_faults,
)
from affarsplan_data.scb import Metadata, ScbClient, UnknownTableError
from affarsplan_data.scb.cubes import Dimension
from affarsplan_data.scb.errors import RefusedError, SelectionError
from affarsplan_data.scb.v1 import PxWebV1Client
from affarsplan_data.sources import bolagsverket, boundaries, kolada, pxweb1
from affarsplan_data.sources.errors import BadFileError, SourceError
from affarsplan_data.sources.fetching import selection_of
from affarsplan_data.sources.finding import find_table
from affarsplan_data.sources.kolada_reading import dimensions_of, from_kolada, to_kolada

PROPOSALS = 5
LATE = timedelta(days=60)
"""How long after a release was expected that its absence is worth a remark."""


@dataclass(frozen=True)
class Checked:
    """What was found of one table.

    Attributes:
        table: what the catalogue says of it.
        label: the title that the producer gives it.
        updated: which version the producer has, as it says so itself.
        last_period: the last period that there are figures for.
        faults: what does not fit the catalogue, a sentence each.
        proposals: tables with a like title, where the table itself is not to be found.
        remarks: what is worth knowing and no fault.
        id: the producer's own id or path, when it was looked up.
        error: why the table could not be checked, when it could not.
    """

    table: Table
    label: str | None = None
    updated: str | None = None
    last_period: str | None = None
    faults: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    id: str | None = None
    error: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the table can be fetched and trusted."""
        return not self.faults and self.error is None


def of_pxweb2(table: Table, client: ScbClient) -> Checked:
    """Compare a table of a PxWebApi 2 server with the catalogue.

    Raises:
        ScbError: the server could not be asked.
    """
    try:
        id = find_table(table, client)
        listed, metadata = client.table(id), client.metadata(id)
    except UnknownTableError:
        gone = f"Tabellen {table.id} finns inte på servern. Se om den har flyttats, och rätta katalogen."
        return Checked(table, faults=(gone,), proposals=_like(table, client))
    except SourceError as error:
        return Checked(table, faults=(str(error),))
    ended = ["Tabellen uppdateras inte längre. Se vilken som har tagit vid, och rätta katalogen."]
    faults = ended if listed.discontinued and not table.ended else []
    found = _of_pxweb(table, client, metadata, faults)
    found = replace(found, last_period=found.last_period or listed.last_period)
    return replace(found, id=id if table.find else None)


def of_pxweb1(table: Table, client: PxWebV1Client) -> Checked:
    """Compare a table of a PxWeb v1 server with the catalogue. Its metadata have no units.

    Raises:
        ScbError: the server could not be asked.
    """
    try:
        there = pxweb1.find_table(table, client)
        metadata = client.metadata(there.id)
    except (SourceError, RefusedError) as error:
        return Checked(table, faults=(str(error),))
    found = _of_pxweb(table, client, replace(metadata, id=there.id), [])
    return replace(found, label=found.label or there.title, updated=there.updated, id=there.id)


def of_kolada(table: Table, client: kolada.KoladaClient) -> Checked:
    """Compare a table of key figures with what Kolada says of them and of its regions.

    Raises:
        ScbError: Kolada could not be asked.
    """
    ids, asked = kolada.wish(table)
    kpis = [kpi for kpi in client.kpis(ids)[0] if not kpi.is_deleted]
    gone = [id for id in ids if id not in {kpi.id for kpi in kpis}]
    faults = [
        str(client.missing(id, " ".join(table.contents.get(id, ())) or table.title)) for id in gone
    ]
    for kpi in kpis:
        faults += title_faults(table, kpi.title)
    known = {one.id: one.title for one in client.municipalities()}
    if lacking := [code for code in asked if to_kolada(code) not in known]:
        named = ", ".join(f"{code} {regions.name(code)}" for code in lacking[:PROPOSALS])
        more = f" och {len(lacking) - PROPOSALS} till" if len(lacking) > PROPOSALS else ""
        faults.append(f"Kolada har inte {named}{more}, som katalogen frågar efter.")
    faults += misfits(_without(table, gone), None, dimensions_of(kpis, asked))
    new = [f"{code} {name}" for code, name in known.items() if not _registered(code)]
    remarks = [f"Kolada har regioner som inte finns i registret: {', '.join(new)}."] if new else []
    published = max((kpi.publication_date for kpi in kpis if kpi.publication_date), default=None)
    label = "; ".join(kpi.title for kpi in kpis) or None
    return Checked(table, label, published, None, tuple(faults), remarks=tuple(remarks))


def of_bolagsverket(table: Table, client: bolagsverket.BolagsverketClient) -> Checked:
    """Tell whether Bolagsverket's file is there. Its columns are only told by the file itself.

    Raises:
        ScbError: the server could not be asked.
    """
    try:
        bolagsverket.wanted_of(table.id, table.selection, None)
        version = client.version()
    except (SelectionError, RefusedError) as error:
        return Checked(table, faults=(str(error),))
    untold = "Filens kolumner kan inte prövas utan att hela filen hämtas. De prövas när den hämtas."
    return Checked(table, updated=_moment(version.last_modified), remarks=(untold,))


def of_boundaries(table: Table, client: boundaries.BoundariesClient) -> Checked:
    """Tell whether the page of boundaries has a link to a file of them.

    Raises:
        ScbError: the site could not be asked.
    """
    try:
        link = client.link()
    except (BadFileError, RefusedError) as error:
        return Checked(table, faults=(str(error),))
    untold = "Filens områden kan inte prövas utan att filen hämtas. De prövas när den hämtas."
    return Checked(table, label=boundaries.TITLE, updated=link.updated, remarks=(untold,))


def late(table: Table, last: str | None, today: date) -> str | None:
    """Return a remark when figures after the period ``last`` should have come long ago."""
    if table.release is None or table.ended or last is None:
        return None
    try:
        expected = table.release.expected_after(last)
    except ValueError:
        return f"Perioden {last} har inte den form som katalogen väntar sig."
    if today - expected < LATE:
        return None
    return (
        f"Uppgifterna slutar med {last}; nya väntades {expected:%Y-%m}. Se om de har flyttats till en "
        "annan tabell."
    )


def _of_pxweb(
    table: Table, client: ScbClient | PxWebV1Client, metadata: Metadata, faults: list[str]
) -> Checked:
    answer, refused = _answer(table, client, metadata)
    known = {name: c for name, c in table.columns.items() if name.casefold() not in refused}
    rest = table.model_copy(update={"columns": known}) if known else table
    faults = [*faults, *refused.values(), *misfits(rest, metadata.label, answer)]
    last = _last_period(table, metadata.structure.time)
    remark = late(table, last, date.today())
    return Checked(
        table,
        metadata.label,
        metadata.updated,
        last,
        tuple(dict.fromkeys(faults)),
        remarks=(remark,) if remark else (),
    )


def _answer(
    table: Table, client: ScbClient | PxWebV1Client, metadata: Metadata
) -> tuple[list[Dimension], dict[str, str]]:
    """Return the dimensions that an answer will have, and per refused variable why it is refused.

    A refused variable is left out; the contents are there in any case.
    """
    good: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for name, wish in selection_of(table).items():
        try:
            client.query(metadata.id, {**good, name: wish}, metadata=metadata)
        except SelectionError as error:
            refused[name.casefold()] = str(error)
        else:
            good[name] = wish
    query = client.query(metadata.id, good, metadata=metadata)
    dimensions = query.dimensions
    metric = contents_of(table, dimensions)
    answer = [d for d in dimensions if d is metric or d.id.casefold() not in refused]
    if metric and set(table.contents) - set(metric.codes):
        # That a content is gone is said with its name; once is enough.
        refused.pop(metric.id.casefold(), None)
    return answer, refused


def _last_period(table: Table, time: Dimension | None) -> str | None:
    if time is None or not time.codes:
        return None
    column = column_of(table, time)
    try:
        return max(one.value for one in taken(table.id, column, time)) if column else time.codes[-1]
    except MisfitError:
        return time.codes[-1]


def _without(table: Table, contents: Sequence[str]) -> Table:
    """Return a table without the contents that are gone, so that they are not missed twice."""
    return table.model_copy(
        update={
            "contents": {id: words for id, words in table.contents.items() if id not in contents},
            "gives": tuple(given for given in table.gives if given.content not in contents),
        }
    )


def _registered(code: str) -> bool:
    return from_kolada(code) in regions.all_regions()


def _moment(http_date: str | None) -> str | None:
    try:
        return parsedate_to_datetime(http_date).isoformat() if http_date else None
    except ValueError:
        return http_date


def _like(table: Table, client: ScbClient) -> tuple[str, ...]:
    """Return the tables whose titles hold the most telling words of the catalogue's title."""
    words = sorted(set(table.title.replace(",", " ").split()), key=len, reverse=True)
    for count in (3, 2, 1):
        found = client.search(" ".join(words[:count]))
        if len(found):
            pairs = found.head(PROPOSALS)[["id", "label"]].itertuples(index=False)
            return tuple(f"{id} {label}" for id, label in pairs)
    return ()

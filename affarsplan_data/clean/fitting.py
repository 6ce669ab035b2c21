"""Tells whether a table is still what the catalogue says, from its metadata alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from affarsplan_data.catalogue import Gives, Table
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.fitting import check_unit, content_code, taken
from affarsplan_data.scb import Metadata, Query, ScbClient, UnknownTableError
from affarsplan_data.scb.cubes import Dimension
from affarsplan_data.sources.fetching import check_contents, selection_of

PROPOSALS = 5


@dataclass(frozen=True)
class Checked:
    """What was found of one table: ``faults`` are sentences, none when the table fits the catalogue.

    ``proposals`` are tables with a like title, where the table itself is not to be found.
    """

    table: Table
    label: str | None = None
    updated: str | None = None
    last_period: str | None = None
    faults: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the table can be fetched and trusted."""
        return not self.faults


def check(table: Table, client: ScbClient) -> Checked:
    """Compare a table with what the catalogue says of it.

    Raises:
        ScbError: the server could not be asked. That a table does not fit is no error here.
    """
    try:
        listed = client.table(table.id)
        metadata = client.metadata(table.id)
    except UnknownTableError:
        absent = f"tabellen {table.id} finns inte på servern."
        return Checked(table, faults=(absent,), proposals=_like(table, client))
    faults = []
    if listed.discontinued:
        faults.append("tabellen uppdateras inte längre.")
    faults += _misfits(table, metadata, client)
    time = metadata.structure.time
    last = time.codes[-1] if time and time.codes else listed.last_period
    return Checked(table, metadata.label, metadata.updated, last, tuple(faults))


def _misfits(table: Table, metadata: Metadata, client: ScbClient) -> Iterator[str]:
    yield from _said(partial(check_contents, table, metadata))
    try:
        query = client.query(table.id, selection_of(table), metadata=metadata)
    except AffarsplanError as error:
        yield str(error)
        return
    for name in table.columns:
        if not any(name in (d.id, d.label) for d in _dimensions(query)):
            yield f"variabeln {name} finns inte."
    for dimension in _dimensions(query):
        yield from _said(partial(_check_variable, table, dimension))
    if (metric := metadata.structure.metric) is not None:
        for given in table.gives:
            yield from _said(partial(_check_content, table, given, metric))


def _dimensions(query: Query) -> list[Dimension]:
    """Return the dimensions that an answer to the query will have."""
    return [
        replace(choice.variable.dimension, codes=choice.codes, labels=choice.labels())
        for choice in query.kept
    ]


def _check_variable(table: Table, dimension: Dimension) -> None:
    if dimension.role == "metric":
        return
    column = table.columns.get(dimension.id) or table.columns.get(dimension.label)
    if column is not None:
        taken(table.id, column, dimension)
    elif table.columns:
        raise AffarsplanError(
            f"variabeln {dimension.id} ({dimension.label}) är inte beskriven i katalogen."
        )


def _check_content(table: Table, given: Gives, metric: Dimension) -> None:
    code = content_code(table, given, metric)
    unit = metric.units[code].base if code in metric.units else None
    check_unit(table, given, metric.labels[metric.codes.index(code)], unit)


def _said(check: Callable[[], None]) -> Iterator[str]:
    """Yield what a check says is wrong, if anything."""
    try:
        check()
    except AffarsplanError as error:
        yield str(error)


def _like(table: Table, client: ScbClient) -> tuple[str, ...]:
    """Return the tables whose titles hold the most telling words of the catalogue's title."""
    words = sorted(set(table.title.replace(",", " ").split()), key=len, reverse=True)
    for count in (3, 2, 1):
        found = client.search(" ".join(words[:count]))
        if len(found):
            pairs = found.head(PROPOSALS)[["id", "label"]].itertuples(index=False)
            return tuple(f"{id} {label}" for id, label in pairs)
    return ()

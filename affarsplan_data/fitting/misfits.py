"""Holds a table, as its answer is or will be, against everything that the catalogue says of it."""

from collections.abc import Sequence

from affarsplan_data.catalogue import Table
from affarsplan_data.fitting.contents import content_faults, contents_of, is_idle
from affarsplan_data.fitting.errors import MisfitError
from affarsplan_data.fitting.mapping import column_of, taken
from affarsplan_data.fitting.titles import title_faults
from affarsplan_data.scb.cubes import Dimension


def misfits(table: Table, label: str | None, dimensions: Sequence[Dimension]) -> tuple[str, ...]:
    """Return all that is wrong with a table, a Swedish sentence for each; nothing when it fits.

    Args:
        table: what the catalogue says of it.
        label: the title that the producer gives it; None where the producer gives none.
        dimensions: its variables with the codes that the answer has or will have, the contents
            (role ``metric``) among them.
    """
    faults = title_faults(table, label) if label is not None else []
    metric = contents_of(table, dimensions)
    faults += content_faults(table, metric)
    if not table.columns:
        return tuple(faults)
    names = {name for dimension in dimensions for name in (dimension.id, dimension.label)}
    faults += [f"Variabeln {name} finns inte." for name in table.columns if name not in names]
    for dimension in dimensions:
        if dimension is not metric and not is_idle(table, dimension):
            faults += _variable_faults(table, dimension)
    return tuple(dict.fromkeys(faults))


def require(table: Table, label: str | None, dimensions: Sequence[Dimension]) -> None:
    """Do nothing when a table fits; the arguments are those of :func:`misfits`.

    Raises:
        MisfitError: it does not; all that is wrong is said.
    """
    if faults := misfits(table, label, dimensions):
        raise MisfitError(table.id, faults)


def _variable_faults(table: Table, dimension: Dimension) -> list[str]:
    column = column_of(table, dimension)
    if column is None:
        return [f"Variabeln {dimension.id} ({dimension.label}) är inte beskriven i katalogen."]
    try:
        values = {one.value for one in taken(table.id, column, dimension)}
    except MisfitError as error:
        return list(error.faults)
    wanted = {
        value
        for given in table.gives
        for name, allowed in given.where.items()
        if name == column.to
        for value in allowed
    }
    return [f"Variabeln {dimension.id} ger inte {value}." for value in sorted(wanted - values)]

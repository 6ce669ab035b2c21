"""Which contents a table must have, what they must be called, and in which units."""

from collections.abc import Sequence

from affarsplan_data.catalogue import Gives, Table
from affarsplan_data.fitting.errors import MisfitError
from affarsplan_data.fitting.labels import named
from affarsplan_data.scb.cubes import Dimension

NONE = "Tabellen nämner inget innehåll."


def contents_of(table: Table, dimensions: Sequence[Dimension]) -> Dimension | None:
    """Return the dimension whose codes are a table's contents; None when it has none.

    It is the one that the catalogue points out, else the one that the producer does.
    """
    named_so = {name for name, column in table.columns.items() if column.to == "content"}
    if named_so:
        return next((d for d in dimensions if named_so & {d.id, d.label}), None)
    return next((d for d in dimensions if d.role == "metric"), None)


def is_idle(table: Table, dimension: Dimension) -> bool:
    """Tell whether a dimension is the producer's single content beside those pointed out."""
    pointed_out = any(column.to == "content" for column in table.columns.values())
    return pointed_out and dimension.role == "metric" and len(dimension.codes) == 1


def content_code(table: Table, given: Gives, metric: Dimension) -> str:
    """Return the code of the content that gives a measure.

    Raises:
        MisfitError: the table has no such content, or several that fit.
    """
    if given.words:
        return named(table.id, metric, given.words)
    if given.content is None and len(metric.codes) == 1:
        return metric.codes[0]
    if given.content is None or given.content not in metric.codes:
        sought = (
            f"Innehållet {given.content} finns inte" if given.content else "Innehållen är flera"
        )
        raise MisfitError(table.id, [f"{sought}. De som finns: {_listed(metric)}."])
    return given.content


def check_unit(table: Table, given: Gives, label: str, unit: str | None) -> None:
    """Do nothing when a content's unit is one that the catalogue knows, or is not given.

    Raises:
        MisfitError: it is another; the sentence names both.
    """
    if not given.unit or unit is None:
        return
    if unit.casefold().strip() not in {known.casefold() for known in given.unit}:
        known = " eller ".join(given.unit)
        fault = f"”{label}” har enheten {unit}, men katalogen räknar med {known}."
        raise MisfitError(table.id, [fault])


def content_faults(table: Table, metric: Dimension | None) -> list[str]:
    """Return what is wrong with the contents of a table, a sentence for each thing."""
    faults = []
    labels = dict(zip(metric.codes, metric.labels, strict=True)) if metric else {}
    held = f"De som finns: {_listed(metric)}." if metric else NONE
    for code, words in table.contents.items():
        if code not in labels:
            faults.append(f"Innehållet {code} finns inte. {held}")
        elif lacking := [w for w in words if w.casefold() not in labels[code].casefold()]:
            faults.append(
                f"Innehållet {code} heter nu ”{labels[code]}”, utan ”{'” och ”'.join(lacking)}”. Pröva "
                "om det är samma uppgift, och rätta katalogen."
            )
    for given in table.gives:
        try:
            _check_given(table, given, metric)
        except MisfitError as error:
            faults += error.faults
    return list(dict.fromkeys(faults))


def _check_given(table: Table, given: Gives, metric: Dimension | None) -> None:
    if metric is None:
        if given.content or given.words:
            sought = given.content or "” och ”".join(given.words)
            raise MisfitError(table.id, [f"Innehållet {sought} finns inte. {NONE}"])
        return
    code = content_code(table, given, metric)
    unit = metric.units[code].base if code in metric.units else None
    check_unit(table, given, metric.labels[metric.codes.index(code)], unit)


def _listed(metric: Dimension) -> str:
    return "; ".join(f"{c} {x}" for c, x in zip(metric.codes, metric.labels, strict=True))

"""Says which of a variable's codes make up each value of the schema."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from affarsplan_data import regions
from affarsplan_data.catalogue import Column, Table
from affarsplan_data.fitting.errors import MisfitError
from affarsplan_data.fitting.labels import named
from affarsplan_data.regions.former import MOVED
from affarsplan_data.scb.cubes import Dimension

_PERIOD = re.compile(r"\d{4}(M(0[1-9]|1[0-2])|K[1-4])?")
_QUARTER = re.compile(r"(\d{4})Q([1-4])")
_RUN = re.compile(r"(\d+)\.\.(\d+)")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Taken:
    """A value of the schema and the places of the codes it is; several are added up."""

    value: str
    places: tuple[int, ...]


def column_of(table: Table, dimension: Dimension) -> Column | None:
    """Return what the catalogue says of a variable, by its code or its name; None if nothing."""
    return table.columns.get(dimension.id) or table.columns.get(dimension.label)


def taken(table: str, column: Column, dimension: Dimension) -> list[Taken]:
    """Return what is taken of a variable, in the order of its codes, sums last.

    Raises:
        MisfitError: codes that the catalogue does not account for, some it names that are not there,
            or regions that are missing; all of them are said.
    """
    if column.to == "region":
        found, faults = _regions(column, dimension)
    elif column.to == "period":
        found, faults = _periods(column, dimension)
    else:
        found, faults = _values(table, column, dimension)
    values = [one.value for one in found]
    if twice := sorted({value for value in values if values.count(value) > 1}):
        faults.append(f"Flera koder i {dimension.id} blir {', '.join(twice[:SHOWN])}.")
    if faults:
        raise MisfitError(table, faults)
    return found


def _codes(column: Column, dimension: Dimension) -> Sequence[str]:
    """Return the codes of regions or periods, out of the labels where the catalogue says so."""
    if not column.code_in_label:
        return dimension.codes
    return [label.split()[0] if label.split() else "" for label in dimension.labels]


def _regions(column: Column, dimension: Dimension) -> tuple[list[Taken], list[str]]:
    known = regions.all_regions()
    found, unknown = [], []
    for place, code in enumerate(_codes(column, dimension)):
        label = dimension.labels[place]
        if code in known or code in MOVED:
            found.append(Taken(code, (place,)))
        elif not _dropped(code, column):
            unknown.append(label if column.code_in_label else f"{code} {label}")
    held = {one.value for one in found}
    lacking = [
        f"{code} {region.name}"
        for code, region in known.items()
        if region.level in column.levels and code not in held
    ]
    faults = []
    if unknown:
        which = "Regionen" if len(unknown) == 1 else "Regionerna"
        faults.append(
            f"{which} {_some(unknown)} finns inte i regionregistret, och katalogen säger inte att "
            f"{'den' if len(unknown) == 1 else 'de'} ska lämnas bort."
        )
    if lacking:
        faults.append(f"Regioner saknas i svaret: {_some(lacking)}.")
    return found, faults


def _periods(column: Column, dimension: Dimension) -> tuple[list[Taken], list[str]]:
    codes = [_QUARTER.sub(r"\1K\2", code) for code in _codes(column, dimension)]
    faults: list[str] = []
    if wrong := [code for code in codes if not _PERIOD.fullmatch(code)]:
        faults.append(f"”{_some(wrong)}” är ingen period (2024, 2024K1 eller 2024M03).")
    return [Taken(code, (place,)) for place, code in enumerate(codes)], faults


def _values(table: str, column: Column, dimension: Dimension) -> tuple[list[Taken], list[str]]:
    place = {code: n for n, code in enumerate(dimension.codes)}
    meaning = dict(column.codes)
    faults: list[str] = []
    for value, words in column.words.items():
        try:
            meaning[named(table, dimension, words)] = value
        except MisfitError as error:
            faults += error.faults
    if absent := [code for code in meaning if code not in place]:
        faults.append(f"Variabeln {dimension.id} har inte koden {_some(absent)}.")
    sums = {value: _parts(parts, dimension) for value, parts in column.sums.items()}
    used = dict.fromkeys(code for parts in sums.values() for code in parts)
    if absent := [code for code in used if code not in place]:
        faults.append(
            f"Variabeln {dimension.id} har inte koden {_some(absent)}, som ingår i en summa."
        )
    if strange := _unexplained(column, dimension, {*meaning, *used}):
        faults.append(
            f"Variabeln {dimension.id} har koden {_some(strange)}, som katalogen inte förklarar."
        )
    found = [Taken(meaning[code], (n,)) for code, n in place.items() if code in meaning]
    published = {one.value for one in found}
    added = [
        Taken(value, tuple(place[code] for code in parts if code in place))
        for value, parts in sums.items()
        if value not in published
    ]
    return found + added, faults


def _unexplained(column: Column, dimension: Dimension, explained: set[str]) -> list[str]:
    if column.rest == "drop":
        return []
    return [
        f"{code} ({label})"
        for code, label in zip(dimension.codes, dimension.labels, strict=True)
        if code not in explained and not _dropped(code, column)
    ]


def _parts(parts: Sequence[str], dimension: Dimension) -> list[str]:
    codes: list[str] = []
    for part in parts:
        if run := _RUN.fullmatch(part):
            codes += map(str, range(int(run[1]), int(run[2]) + 1))
        elif any(sign in part for sign in "*?["):
            # A pattern that nothing matches stands itself for the code that is not there.
            codes += _matching(part, dimension) or [part]
        else:
            codes.append(part)
    return list(dict.fromkeys(codes))


def _matching(pattern: str, dimension: Dimension) -> list[str]:
    return [
        code
        for code, label in zip(dimension.codes, dimension.labels, strict=True)
        if fnmatchcase(code, pattern) or fnmatchcase(label, pattern)
    ]


def _dropped(code: str, column: Column) -> bool:
    return any(fnmatchcase(code, pattern) for pattern in column.drop)


def _some(names: Sequence[str]) -> str:
    more = f" och {len(names) - SHOWN} till" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more

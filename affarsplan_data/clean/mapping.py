"""Says which of a variable's codes make up each value of the schema."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from affarsplan_data import regions
from affarsplan_data.catalogue import Column
from affarsplan_data.clean.errors import CleaningError
from affarsplan_data.clean.labels import named
from affarsplan_data.clean.moves import MOVED
from affarsplan_data.scb.cubes import Dimension

_PERIOD = re.compile(r"\d{4}(M(0[1-9]|1[0-2])|K[1-4])?")
_RUN = re.compile(r"(\d+)\.\.(\d+)")


@dataclass(frozen=True, slots=True)
class Taken:
    """A value of the schema and the places of the codes it is; several are added up."""

    value: str
    places: tuple[int, ...]


def taken(table: str, column: Column, dimension: Dimension) -> list[Taken]:
    """Return what is taken of a variable, in the order of its codes, sums last.

    Raises:
        CleaningError: a code that the catalogue does not account for, one it names that is not there,
            or a region that is missing.
    """
    if column.to == "region":
        return _regions(table, column, dimension)
    if column.to == "period":
        return _periods(table, dimension)
    return _values(table, column, dimension)


def _regions(table: str, column: Column, dimension: Dimension) -> list[Taken]:
    known = regions.all_regions()
    found = []
    for place, code in enumerate(dimension.codes):
        if code in known or code in MOVED:
            found.append(Taken(code, (place,)))
        elif not _dropped(code, column):
            raise CleaningError(
                table,
                f"regionen {code} {dimension.labels[place]} finns inte i regionregistret, och "
                "katalogen säger inte att den ska lämnas bort.",
            )
    held = {one.value for one in found}
    lacking = [
        f"{code} {region.name}"
        for code, region in known.items()
        if region.level in column.levels and code not in held
    ]
    if lacking:
        more = f" och {len(lacking) - 5} till" if len(lacking) > 5 else ""
        raise CleaningError(table, f"regioner saknas i svaret: {', '.join(lacking[:5])}{more}.")
    return found


def _periods(table: str, dimension: Dimension) -> list[Taken]:
    for code in dimension.codes:
        if not _PERIOD.fullmatch(code):
            raise CleaningError(table, f"”{code}” är ingen period (2024, 2024K1 eller 2024M03).")
    return [Taken(code, (place,)) for place, code in enumerate(dimension.codes)]


def _values(table: str, column: Column, dimension: Dimension) -> list[Taken]:
    place = {code: n for n, code in enumerate(dimension.codes)}
    meaning = dict(column.codes)
    for value, words in column.words.items():
        meaning[named(table, dimension, words)] = value
    if absent := [code for code in meaning if code not in place]:
        raise CleaningError(table, f"{dimension.id} har inte koden {', '.join(absent)}.")
    sums = {value: _parts(table, parts, dimension) for value, parts in column.sums.items()}
    used = {code for parts in sums.values() for code in parts}
    for code, label in zip(dimension.codes, dimension.labels, strict=True):
        if code in meaning or code in used or column.rest == "drop" or _dropped(code, column):
            continue
        raise CleaningError(
            table, f"{dimension.id} har koden {code} ({label}), som katalogen inte förklarar."
        )
    found = [Taken(meaning[code], (n,)) for code, n in place.items() if code in meaning]
    published = [one.value for one in found]
    if twice := sorted({value for value in published if published.count(value) > 1}):
        raise CleaningError(table, f"flera koder i {dimension.id} blir {', '.join(twice)}.")
    added = [
        Taken(value, tuple(place[code] for code in parts))
        for value, parts in sums.items()
        if value not in published
    ]
    return found + added


def _parts(table: str, parts: Sequence[str], dimension: Dimension) -> list[str]:
    codes: list[str] = []
    for part in parts:
        run = _RUN.fullmatch(part)
        codes += map(str, range(int(run[1]), int(run[2]) + 1)) if run else [part]
    if absent := [code for code in codes if code not in dimension.codes]:
        shown = ", ".join(absent[:6])
        raise CleaningError(table, f"{dimension.id} har inte koden {shown}, som ingår i en summa.")
    return codes


def _dropped(code: str, column: Column) -> bool:
    return any(fnmatchcase(code, pattern) for pattern in column.drop)

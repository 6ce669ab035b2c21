"""Reads Kolada's answers: key figures, regions and values, and lays values out as a cube.

The shape is that of Kolada's interface v3 (RKA, https://api.kolada.se/v3/docs): every answer is a page
``{"values": [...], "count": n, "next_url": ..., "previous_url": ...}``.
"""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Generic, TypeVar

import numpy as np
from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from affarsplan_data import regions
from affarsplan_data.scb.cubes import Cube, Dimension, Note, Role, Structure, Unit
from affarsplan_data.scb.errors import WrongAnswerError

GENDERS = {"T": "Totalt", "K": "Kvinnor", "M": "Män"}
NO_ENTRY = ".."
"""The status of a figure that Kolada has no entry for."""

MISSING = "Missing"
"""Kolada's own word for a figure that is missing."""

DELETED = "Deleted"
"""The status of a figure that Kolada has withdrawn (``isdeleted``)."""

_AS_IT_SHOULD_BE = {"", "OK"}
_UNIT = re.compile(
    r"(antal|andel|procent|index|kr|tkr|mnkr|mkr|miljoner|kronor|ton|kg|kwh|mwh|gwh|dagar|år|poäng)\b|%",
    re.IGNORECASE,
)

Item = TypeVar("Item")


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True)


class Page(_Read, Generic[Item]):
    """One page of an answer. ``next_url`` is None on the last one."""

    values: tuple[Item, ...]
    count: int | None = None
    next_url: str | None = None


class Kpi(_Read):
    """A key figure as Kolada describes it.

    ``municipality_type`` is ``K`` for municipalities, ``L`` for counties and ``A`` for both.
    """

    id: str
    title: str
    description: str | None = None
    unit: str | None = None
    is_divided_by_gender: bool = False
    municipality_type: str | None = None
    publication_date: str | None = None
    auspice: str | None = None
    is_deleted: bool = Field(False, validation_alias=AliasChoices("is_deleted", "isdeleted"))

    @property
    def unit_said(self) -> str | None:
        """The unit: as given, else the part of the title that says one; None when nothing does."""
        if self.unit:
            return self.unit
        parts = [part.strip() for part in self.title.split(", ")[1:]]
        return next((part for part in reversed(parts) if _UNIT.match(part)), None)


class Municipality(_Read):
    """A region as Kolada names it: ``0000`` riket, ``0019`` a county, ``1980`` a municipality."""

    id: str
    title: str
    type: str


class Figure(_Read):
    """One figure: ``gender`` is T, K or M, and ``value`` None where it is missing."""

    gender: str
    value: Annotated[float, Field(strict=True, allow_inf_nan=False)] | None = None
    status: str | None = None
    count: int | None = None
    isdeleted: bool = False


class Entry(_Read):
    """The figures of one key figure in one region and one year."""

    kpi: str
    municipality: str
    period: int
    values: tuple[Figure, ...]


def to_kolada(region: str) -> str:
    """Return Kolada's code for a region: ``0000`` for ``00``, ``0019`` for ``19``."""
    return region.rjust(4, "0")


def from_kolada(code: str) -> str:
    """Return the region's own code: ``00`` for ``0000``, ``19`` for ``0019``."""
    return code[2:] if code.startswith("00") else code


def chosen(expressions: Iterable[str]) -> tuple[str, ...]:
    """Return the region codes that expressions stand for: ``*`` all, ``??`` two characters, or a code.

    Raises:
        UnknownRegionError: an expression matches no region.
    """
    found: dict[str, None] = {}
    for expression in expressions:
        matching = [code for code in regions.all_regions() if fnmatchcase(code, expression)]
        found |= dict.fromkeys(matching or [regions.get(expression).code])
    return tuple(code for code in regions.all_regions() if code in found)


def as_asked(
    page: Page[Entry], kpis: Sequence[str], municipalities: Sequence[str], years: Sequence[int]
) -> Page[Entry]:
    """Return the page when it holds only what was asked for; no years means every year.

    Raises:
        WrongAnswerError: another key figure, region, year or gender, or a figure that is both given and
            missing.
    """
    for entry in page.values:
        for what, code, asked in (
            ("nyckeltalet", entry.kpi, kpis),
            ("regionen", entry.municipality, municipalities),
            ("året", entry.period, years or range(1900, 2101)),
        ):
            if code not in asked:
                raise WrongAnswerError(
                    f"Kolada svarade om {what} {code!s:.40}, som inte efterfrågades."
                )
        for figure in entry.values:
            _check(figure, entry)
    return page


def _check(figure: Figure, entry: Entry) -> None:
    where = f"{entry.kpi}, {entry.municipality}, {entry.period}"
    if figure.gender not in GENDERS:
        raise WrongAnswerError(
            f"Kolada svarade om könet {figure.gender!r:.40} ({where}); T, K och M är kända."
        )
    if figure.value is not None and figure.status == MISSING:
        raise WrongAnswerError(f"Kolada säger att ett värde saknas och ger det ändå ({where}).")


def to_cube(
    label: str, kpis: Sequence[Kpi], asked: Sequence[str], entries: Iterable[Entry]
) -> Cube:
    """Return entries as a cube over KPI, Region, Kon and Tid.

    Args:
        label: the cube's title.
        kpis: the key figures asked for, which are the cube's contents.
        asked: the regions asked for, with the project's codes; every one has a place in the cube.
        entries: what came, checked by :func:`as_asked`. A figure without an entry gets ``..``.

    Raises:
        WrongAnswerError: the same figure came twice, or none at all of a key figure.
    """
    entries = tuple(entries)
    sides = dimensions_of(kpis, asked, entries)
    places = [{code: n for n, code in enumerate(d.codes)} for d in sides]
    shape = tuple(len(d.codes) for d in sides)
    values = np.full(shape, np.nan)
    status = np.full(shape, NO_ENTRY, dtype=object)
    seen = np.zeros(shape, dtype=bool)
    for entry in entries:
        keys = (entry.kpi, from_kolada(entry.municipality), str(entry.period))
        for figure in entry.values:
            codes = (keys[0], keys[1], figure.gender, keys[2])
            place = tuple(where[code] for where, code in zip(places, codes, strict=True))
            if seen[place]:
                raise WrongAnswerError(f"Kolada gav samma uppgift två gånger: {', '.join(codes)}.")
            seen[place] = True
            values[place], status[place] = _cell(figure)
    empty = [kpi.id for n, kpi in enumerate(kpis) if np.isnan(values[n]).all()]
    if empty:
        raise WrongAnswerError(
            f"Kolada gav inga värden alls för {', '.join(empty)} i de regioner som efterfrågades. "
            "Kontrollera att nyckeltalet finns för den sortens regioner."
        )
    symbols = ("", *sorted(set(status.ravel().tolist()) - {""}))
    numbers = {symbol: n for n, symbol in enumerate(symbols)}
    coded = np.array([numbers[symbol] for symbol in status.ravel()], dtype=np.uint8)
    structure = Structure(label, "Kolada", None, sides, (), {})
    return Cube(structure, values.ravel(), coded, symbols)


def _cell(figure: Figure) -> tuple[float, str]:
    status = figure.status or ""
    if figure.isdeleted:
        return np.nan, DELETED
    if figure.value is None:
        return np.nan, MISSING if status in _AS_IT_SHOULD_BE else status
    return figure.value, "" if status in _AS_IT_SHOULD_BE else status


def dimensions_of(
    kpis: Sequence[Kpi], asked: Sequence[str], entries: Sequence[Entry] = ()
) -> tuple[Dimension, ...]:
    """Return KPI, Region, Kon and Tid. Which years there are is known by the entries alone."""
    came = {figure.gender for entry in entries for figure in entry.values}
    divided = any(kpi.is_divided_by_gender for kpi in kpis)
    genders = [code for code in GENDERS if code == "T" or divided or code in came]
    years = sorted({str(entry.period) for entry in entries})
    said = {kpi.id: kpi.unit_said for kpi in kpis}
    units = {id: Unit(unit, None) for id, unit in said.items() if unit}
    notes = tuple(Note(kpi.description, False, "KPI", kpi.id) for kpi in kpis if kpi.description)
    dated = {kpi.id: kpi.publication_date for kpi in kpis if kpi.publication_date}
    return (
        Dimension(
            "KPI",
            "Nyckeltal",
            tuple(kpi.id for kpi in kpis),
            tuple(kpi.title for kpi in kpis),
            "metric",
            units,
            notes,
            {"publication_date": dated} if dated else {},
        ),
        _plain("Region", asked, [regions.name(code) for code in asked], "Region", "geo"),
        _plain("Kon", genders, [GENDERS[code] for code in genders], "Kön", None),
        _plain("Tid", years, years, "År", "time"),
    )


def _plain(
    id: str, codes: Sequence[str], labels: Sequence[str], label: str, role: Role | None
) -> Dimension:
    return Dimension(id, label, tuple(codes), tuple(labels), role, {}, (), {})

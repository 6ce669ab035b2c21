"""Turns a delivered sheet and its description into a cube, or says everything that is wrong with it."""

import difflib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from affarsplan_data.catalogue import Measure
from affarsplan_data.catalogue.releases import Frequency
from affarsplan_data.scb.cubes import Cube, Dimension, Note, Role, Structure, Unit
from affarsplan_data.sources.delivered import allowed, bounds, units
from affarsplan_data.sources.delivered.errors import DeliveredError, Fault, shown
from affarsplan_data.sources.delivered.grid import Cell, Grid
from affarsplan_data.sources.delivered.sidecar import (
    ABOUT,
    ENDING,
    FIELDS,
    Column,
    Sidecar,
    heading_columns,
    unread_headings,
)

CONTENT = "measure"
"""The dimension whose only code is the measure."""
NOT_DELIVERED = "not_delivered"
"""Status of a cell of the cube that no row of the file is about; it is not an observation."""
EXAMPLE = "EXEMPEL"
"""How the remark of a template's example row begins."""

_COUNTS = ("personer", "företag", "tusental personer", "svar")
_FORMS: Mapping[Frequency, str] = {"month": "M", "quarter": "K"}
"""The letter in a period of each frequency; a year has none."""
_UNBROKEN: Mapping[Frequency, int] = {"month": 12, "quarter": 4, "year": 1}
"""The periods in a year of what is published for each of them, and never skips one."""
_LABELS: dict[str, str] = {**dict(allowed.HEADINGS.items()), CONTENT: "Mått"}
_ROLES: Mapping[str, Role] = {"region": "geo", "period": "time"}
_ORDER: tuple[allowed.Dimension, ...] = ("region", "sex", "birth", "age", "industry", "category")

MOST_TITLES = 50
"""The rows that headings which are not where they should be are looked for in."""

Key = tuple[str, ...]
Held = tuple[float, str]


def read(
    grid: Grid, sidecar: Sidecar, measure: Measure, described_in: str
) -> tuple[Cube, tuple[str, ...]]:
    """Return the figures of a sheet as a cube over measure, region, the measure's splits and period.

    With it come remarks, a sentence each, on what may be right but is seldom meant.

    Codes are the schema's, and the unit is the file's own. A row that says a symbol in the place of a
    value is missing with that symbol as status; a cell that the file has no row for has the status
    :data:`NOT_DELIVERED`.

    Args:
        grid: the cells.
        sidecar: what the file is.
        measure: the measure that it is of.
        described_in: the name of the file that the description stands in.

    Raises:
        DeliveredError: something is wrong; every mistake that was found is in it.
    """
    if faults := _described_wrongly(sidecar, measure, described_in):
        raise DeliveredError(faults)
    reader = _Reader(grid, sidecar, measure)
    reader.read_headings()
    reader.read_rows()
    cube = reader.cube()
    return cube, reader.remarks(cube)


def _described_wrongly(sidecar: Sidecar, measure: Measure, file: str) -> list[Fault]:
    faults = []
    if sidecar.unit not in (known := units.accepted(measure.unit)):
        problem = f"enheten {shown(sidecar.unit)} går inte att räkna om till {measure.unit}."
        own = not file.endswith(ENDING)
        sheet, field = (ABOUT, FIELDS["unit"]) if own else (None, "unit")
        wanted = f"Väntade {' eller '.join(known)}."
        faults.append(Fault(file, problem, wanted, sheet, f"fältet {field}"))
    if fault := _wrong_kind_of_period(sidecar, measure, file):
        faults.append(fault)
    given: list[tuple[str, allowed.Dimension, str]] = [
        ("fixed", dimension, text) for dimension, text in sidecar.fixed.items()
    ]
    for heading, column in sidecar.columns.items():
        if column.to != "value":
            where = f"columns.{shown(heading)}.codes"
            given += [(where, column.to, text) for text in column.codes.values()]
        elif column.codes:
            faults.append(
                Fault(
                    file,
                    "en kolumn med värden kan inte ha codes.",
                    "Ta bort dem; .., . och - förstås ändå.",
                    cell=f"fältet columns.{shown(heading)}",
                )
            )
    for dimension, text in sidecar.fixed.items():
        if dimension not in ("region", "period", *measure.splits) and text != "total":
            problem = f"måttet {measure.id} delas inte på {dimension}."
            faults.append(Fault(file, problem, "Väntade total.", cell=f"fältet fixed.{dimension}"))
    for where, dimension, text in given:
        if allowed.code(dimension, text, measure) is None:
            wanted = allowed.expected(dimension, text, measure)
            problem = f"{shown(text)} finns inte för {dimension}."
            faults.append(Fault(file, problem, wanted, cell=f"fältet {where}"))
    return faults


def _wrong_kind_of_period(sidecar: Sidecar, measure: Measure, file: str) -> Fault | None:
    if measure.release is None:
        return None
    form = _FORMS.get(measure.release.frequency, "")
    first = sidecar.period.first
    if first[4:5] == form:
        return None
    own = not file.endswith(ENDING)
    example = {"": "ett år, 2024", "K": "ett kvartal, 2024K1", "M": "en månad, 2024M03"}[form]
    return Fault(
        file,
        f"perioden {first} är inte av det slag som måttet {measure.id} har.",
        f"Väntade {example}.",
        ABOUT if own else None,
        f"fältet {FIELDS['first'] if own else 'period'}",
    )


class _Reader:
    def __init__(self, grid: Grid, sidecar: Sidecar, measure: Measure) -> None:
        self.grid, self.sidecar, self.measure = grid, sidecar, measure
        self.dimensions: tuple[allowed.Dimension, ...] = (
            "region",
            *(name for name in _ORDER if name in measure.splits),
            "period",
        )
        self._columns: dict[str, tuple[int, Column]] = {}
        self._cells: dict[Key, Held] = {}
        self._first_seen: dict[Key, str] = {}
        self._codes_of: dict[tuple[allowed.Dimension, str], str | None] = {}
        self._faults: list[Fault] = []
        self._number = _number_pattern(grid.decimal)
        self._to_measure = units.factor(sidecar.unit, measure.unit)
        self._places: dict[Key, str] = {}

    def read_headings(self) -> None:
        """Find the column of everything that is to be read."""
        row = self.sidecar.heading_row
        headings = self.grid.rows[row - 1] if len(self.grid.rows) >= row else ()
        if all(cell.kind == "empty" for cell in headings):
            self._fault(row, 1, "rubrikraden är tom.", f"Väntade rubriker: {self._wanted()}.")
            raise DeliveredError(self._faults)
        known = heading_columns(self.sidecar)
        for place, cell in enumerate(headings):
            self._read_heading(row, place, cell, known)
        self._check_complete(row)
        if self._faults and (found := self._headings_elsewhere(row)):
            wanted = f"Väntade dem på rad {row}."
            problem = f"rubrikerna står på rad {found}."
            raise DeliveredError([self.grid.fault(row, 1, problem, wanted)])
        self._stop()

    def _headings_elsewhere(self, row: int) -> int | None:
        """Return the row, among the first, that has every heading that is wanted, if not this one."""
        known = heading_columns(self.sidecar).items()
        used = {*self.dimensions, "value"} - self.sidecar.fixed.keys()
        wanted = {heading for heading, column in known if column.to in used}
        rows = enumerate(self.grid.rows[:MOST_TITLES], 1)
        return next((n for n, r in rows if n != row and wanted <= {cell.text for cell in r}), None)

    def _read_heading(self, row: int, place: int, cell: Cell, known: Mapping[str, Column]) -> None:
        if cell.kind == "empty":
            below = enumerate(self.grid.rows[row:], row + 1)
            if filled := [n for n, cells in below if cells[place].kind != "empty"]:
                where = self.grid.where(filled[0], place + 1)
                problem = f"kolumnen har ingen rubrik, men {where} är ifylld."
                self._fault(row, place + 1, problem, f"Väntade en rubrik: {self._wanted()}.")
            return
        if cell.text in unread_headings(self.sidecar):
            return
        column = known.get(cell.text)
        if column is None:
            near = difflib.get_close_matches(cell.text, known, n=1, cutoff=0.5)
            hint = f"Menades {near[0]}?" if near else f"Väntade någon av: {self._wanted()}."
            self._fault(row, place + 1, f"rubriken {shown(cell.text)} är okänd.", hint)
        elif column.to in self._columns:
            first = self.grid.where(row, self._columns[column.to][0] + 1)
            problem = f"rubriken {shown(cell.text)} står även i {first}."
            self._fault(row, place + 1, problem, "Varje rubrik får stå en gång.")
        elif column.to != "value" and column.to not in self.dimensions:
            problem = f"kolumnen {shown(cell.text)} hör inte till måttet {self.measure.id}."
            self._fault(row, place + 1, problem, f"Väntade bara: {self._wanted()}.")
        else:
            self._columns[column.to] = (place, column)

    def _check_complete(self, row: int) -> None:
        headings: dict[str, str] = {
            column.to: name for name, column in heading_columns(self.sidecar).items()
        }
        for name in (*self.dimensions, "value"):
            if name not in self._columns and name not in self.sidecar.fixed:
                heading = headings.get(name, _LABELS[name])
                self._faults.append(
                    Fault(
                        self.grid.file,
                        f"kolumnen {shown(heading)} saknas.",
                        f"Väntade rubriker: {self._wanted()}.",
                        self.grid.sheet,
                        f"rad {row}",
                    )
                )

    def _wanted(self) -> str:
        known = heading_columns(self.sidecar)
        used = {*self.dimensions, "value"} - self.sidecar.fixed.keys()
        return ", ".join(shown(name) for name, column in known.items() if column.to in used)

    def read_rows(self) -> None:
        """Read every row that is not empty; afterwards all cells are right or the error is raised."""
        first = self.sidecar.heading_row + 1
        for number, row in enumerate(self.grid.rows[first - 1 :], first):
            if all(cell.kind == "empty" for cell in row):
                continue
            if examples := [n for n, c in enumerate(row, 1) if c.text.startswith(EXAMPLE)]:
                self._fault(number, examples[0], "raden är mallens exempel.", "Ta bort raden.")
            else:
                self._read_row(number, row)
        self._stop()
        self._check_covered()
        self._stop()

    def _read_row(self, number: int, row: Sequence[Cell]) -> None:
        found = {name: self._code(name, number, row) for name in self._from_the_left}
        codes = [found[name] for name in self.dimensions]
        place, _ = self._columns["value"]
        held = self._value(number, place + 1, row[place])
        key = tuple(code for code in codes if code is not None)
        if held is None or len(key) != len(codes):
            return
        if key in self._cells:
            column = self._columns.get("region", (0,))[0] + 1
            said = ", ".join(key)
            problem = f"raden är om samma sak som {self._first_seen[key]} ({said})."
            self._fault(number, column, problem, "Varje uppgift får stå en gång.")
            return
        self._cells[key] = held
        self._first_seen[key] = f"rad {number}"
        self._places[key] = self.grid.where(number, place + 1)

    @cached_property
    def _from_the_left(self) -> list[allowed.Dimension]:
        """The dimensions in the order of their columns, which is the order their faults are told in."""
        return sorted(self.dimensions, key=lambda name: self._columns.get(name, (0,))[0])

    def _code(self, name: allowed.Dimension, number: int, row: Sequence[Cell]) -> str | None:
        """Return the schema's code that a row has in a dimension, or None when it is at fault."""
        if name not in self._columns:
            return self._known(name, self.sidecar.fixed[name])
        place, column = self._columns[name]
        cell = row[place]
        text = column.codes.get(cell.text, cell.text)
        mapped = cell.text in column.codes
        is_year = name == "period" and cell.kind == "number" and cell.text.isdigit()
        if cell.kind == "text" or (cell.kind == "number" and mapped) or is_year:
            code = self._known(name, text)
            if code is None:
                problem = f"{shown(cell.text)} är ingen känd kod."
                wanted = allowed.expected(name, text, self.measure)
                self._fault(number, place + 1, problem, wanted)
            elif name == "period":
                return self._covered(number, place + 1, code)
            return code
        wanted = allowed.expected(name, cell.text, self.measure)
        if name == "region" and cell.kind == "number":
            wanted = allowed.not_a_number(cell.number)
        self._fault(number, place + 1, _not_text(cell), wanted)
        return None

    def _known(self, name: allowed.Dimension, text: str) -> str | None:
        # A column says few things many times.
        if (name, text) not in self._codes_of:
            self._codes_of[name, text] = allowed.code(name, text, self.measure)
        return self._codes_of[name, text]

    def _covered(self, number: int, column: int, period: str) -> str | None:
        covered = self.sidecar.period
        alike = len(period) == len(covered.first) and period[4:5] == covered.first[4:5]
        if alike and covered.first <= period <= covered.last:
            return period
        wanted = (
            f"Väntade en period från {covered.first} till {covered.last}, som beskrivningen säger."
        )
        self._fault(number, column, f"perioden {period} ligger utanför leveransen.", wanted)
        return None

    def _value(self, number: int, column: int, cell: Cell) -> Held | None:
        """Return the figure and status of a cell, or None when it is at fault."""
        if cell.kind == "text" and cell.text in allowed.SYMBOLS:
            return math.nan, cell.text
        wanted = f"Väntade ett tal i {self.sidecar.unit}, eller .. när uppgift saknas."
        if cell.kind == "number" and cell.percent:
            problem = (
                f"cellen är formaterad som procent: den håller {_swedish(cell)} men visar mer."
            )
            wanted = "Väntade ett vanligt tal i filens enhet; ta bort procentformatet."
        elif cell.kind == "number":
            return self._figure(number, column, cell.number)
        elif cell.kind == "text" and self.grid.is_text and self._number.fullmatch(cell.text):
            return self._figure(number, column, _parsed(cell.text, self.grid.decimal))
        elif cell.kind == "text" and _number_pattern("[.,]").fullmatch(cell.text):
            problem = f"talet {shown(cell.text)} är skrivet som text."
            if self.grid.is_text:
                problem = f"talet {shown(cell.text)} har fel decimaltecken."
                wanted = f"Väntade ”{self.grid.decimal}” i en fil med det skiljetecknet."
        elif cell.kind == "text":
            problem = f"{shown(cell.text)} är inget tal."
        else:
            problem = _not_text(cell)
        self._fault(number, column, problem, wanted)
        return None

    def _figure(self, number: int, column: int, figure: float) -> Held | None:
        if not math.isfinite(figure) or abs(figure) > 1e15:
            self._fault(number, column, "talet är orimligt stort.", "Väntade ett tal under 10^15.")
            return None
        if fault := self._outside(figure):
            self._fault(number, column, *fault)
            return None
        return figure, ""

    def _outside(self, figure: float) -> tuple[str, str] | None:
        """Return what is wrong with a figure that the measure cannot have, and what was expected."""
        unit = self.sidecar.unit
        is_count = unit in _COUNTS
        lowest = 0.0 if is_count and self.measure.lowest is None else self.measure.lowest
        if lowest is not None and figure * self._to_measure < lowest:
            if is_count and figure < 0:
                return (
                    f"talet är negativt ({figure:.10g}).",
                    f"Antalet {unit} kan inte vara mindre än noll.",
                )
            return (
                f"talet {_plain(figure)} är för litet.",
                f"Väntade lägst {_plain(lowest / self._to_measure)} {unit}.",
            )
        highest = self.measure.highest
        if highest is not None and figure * self._to_measure > highest:
            return (
                f"talet {_plain(figure)} är för stort.",
                f"Väntade högst {_plain(highest / self._to_measure)} {unit}.",
            )
        return None

    def _check_covered(self) -> None:
        first = self.sidecar.heading_row + 1
        if not self._cells:
            self._fault(first, 1, "inga uppgifter finns under rubrikerna.", "Väntade minst en rad.")
            return
        there = {key[-1] for key in self._cells}
        needed = {self.sidecar.period.first, self.sidecar.period.last, *self.sidecar.preliminary}
        for period in sorted((needed | self._unbroken(there)) - there):
            wanted = (
                "Beskrivningen säger att den finns: rätta den, eller lägg till raderna, med .. där "
                "uppgift saknas."
            )
            problem = f"inga uppgifter finns för {period}."
            self._faults.append(Fault(self.grid.file, problem, wanted, self.grid.sheet))

    def _unbroken(self, there: set[str]) -> set[str]:
        """Return every period from the first to the last of a measure that skips none."""
        release = self.measure.release
        steps = _UNBROKEN.get(release.frequency) if release else None
        if release is None or steps is None:
            return set()
        form = _FORMS.get(release.frequency, "")
        width = 2 if form == "M" else 1
        counted = sorted(
            int(period[:4]) * steps + (int(period[5:]) - 1 if form else 0) for period in there
        )
        return {
            f"{n // steps}{form}{n % steps + 1:0{width}}" if form else str(n)
            for n in range(counted[0], counted[-1] + 1)
        }

    def remarks(self, cube: Cube) -> tuple[str, ...]:
        """Return what may be right but is seldom meant, a sentence each."""
        said = [*self._remarks_on_shares(), *self._remark_on_gaps(cube)]
        return tuple(f"{shown(self.grid.file, 80)}: {sentence}" for sentence in said)

    def _remarks_on_shares(self) -> Iterator[str]:
        if self.measure.unit != "procent":
            return
        figures = {
            key: value * self._to_measure
            for key, (value, status) in self._cells.items()
            if not status
        }
        outside = [key for key, share in figures.items() if not 0 <= share <= 100]
        if outside:
            count = f"{len(outside)} värden" if len(outside) > 1 else "ett värde"
            where = self._places[outside[0]]
            yield f"{count} ligger utanför 0–100 procent, det första i {where}; läses som det är."
        if len(figures) > 2 and all(0 <= share <= 1 for share in figures.values()):
            yield "alla värden ligger mellan 0 och 1: pröva att de är procent och inte andelar."

    def _remark_on_gaps(self, cube: Cube) -> Iterator[str]:
        if NOT_DELIVERED not in cube.symbols:
            return
        absent = np.flatnonzero(cube.status == cube.symbols.index(NOT_DELIVERED))
        codes = [dimension.codes for dimension in cube.structure.dimensions]
        first = [
            held[place]
            for held, place in zip(
                codes, np.unravel_index(absent[0], cube.structure.shape), strict=True
            )
        ]
        count = f"{len(absent)} uppgifter" if len(absent) > 1 else "en uppgift"
        yield f"{count} har ingen rad, den första är {', '.join(first[1:])}; räknas som saknad."

    def cube(self) -> Cube:
        """Return what has been read.

        Raises:
            DeliveredError: the cube would be too large, since the rows have little in common.
        """
        codes = [self._codes(place) for place in range(len(self.dimensions))]
        shape = tuple(len(held) for held in codes)
        if math.prod(shape) > bounds.MOST_CELLS:
            self._faults.append(
                Fault(
                    self.grid.file,
                    f"uppgifterna blir {math.prod(shape)} celler när de ställs upp.",
                    f"Högst {bounds.MOST_CELLS} tas emot; dela filen i flera.",
                    self.grid.sheet,
                )
            )
            self._stop()
        used = sorted({status for _, status in self._cells.values()} - {""})
        symbols = ("", *used)
        if len(self._cells) < math.prod(shape):
            symbols = (*symbols, NOT_DELIVERED)
        values = np.full(math.prod(shape), math.nan)
        status = np.full(math.prod(shape), len(symbols) - 1, dtype=np.uint8)
        where = [{code: place for place, code in enumerate(held)} for held in codes]
        for key, (value, symbol) in self._cells.items():
            place = 0
            for code, places, size in zip(key, where, shape, strict=True):
                place = place * size + places[code]
            values[place] = value
            status[place] = symbols.index(symbol)
        return Cube(self._structure(codes), values, status, symbols)

    def _codes(self, place: int) -> list[str]:
        there = {key[place] for key in self._cells}
        known = list(allowed.words(self.dimensions[place], self.measure))
        return sorted(there, key=lambda code: (known.index(code) if code in known else 0, code))

    def _structure(self, codes: Sequence[Sequence[str]]) -> Structure:
        measure, sidecar = self.measure, self.sidecar
        unit = {measure.id: Unit(sidecar.unit, None)}
        content = _dimension(CONTENT, [measure.id], [measure.title], "metric", unit)
        dimensions = [content]
        for name, held in zip(self.dimensions, codes, strict=True):
            said = allowed.words(name, measure)
            labels = [said.get(code, code) for code in held]
            dimensions.append(_dimension(name, held, labels, _ROLES.get(name), {}))
        about = sidecar.model_dump(
            mode="json", include={"producer", "publication", "retrieved", "ordered", "preliminary"}
        )
        return Structure(
            label=sidecar.publication,
            source=sidecar.producer,
            updated=sidecar.retrieved.isoformat(),
            dimensions=tuple(dimensions),
            notes=(Note(sidecar.note, False, None, None),) if sidecar.note else (),
            extension={"delivered": {**about, "file": self.grid.file}},
        )

    def _fault(self, row: int, column: int, problem: str, wanted: str) -> None:
        self._faults.append(self.grid.fault(row, column, problem, wanted))

    def _stop(self) -> None:
        if self._faults:
            raise DeliveredError(self._faults)


def _dimension(
    name: str,
    codes: Sequence[str],
    labels: Sequence[str],
    role: Role | None,
    units: Mapping[str, Unit],
) -> Dimension:
    label = _LABELS[name]
    return Dimension(name, label, tuple(codes), tuple(labels), role, units, (), {})


def _not_text(cell: Cell) -> str:
    match cell.kind:
        case "empty":
            return "cellen är tom."
        case "date":
            return f"cellen är ett datum ({shown(cell.text)})."
        case "truth":
            return f"cellen är ett sanningsvärde ({shown(cell.text)})."
        case "error":
            return f"cellen har ett felvärde ({shown(cell.text)})."
    return f"cellen är talet {_swedish(cell)}."


def _swedish(cell: Cell) -> str:
    return shown(cell.text.replace(".", ","))


def _plain(figure: float) -> str:
    return f"{figure:.10g}".replace(".", ",")


def _number_pattern(decimal: str) -> re.Pattern[str]:
    sign = decimal if decimal.startswith("[") else re.escape(decimal)
    return re.compile(
        rf"[-\N{{MINUS SIGN}}]?(\d{{1,3}}([ \u00a0\u202f]\d{{3}})+|\d+)({sign}\d+)?", re.ASCII
    )


def _parsed(text: str, decimal: str) -> float:
    plain = re.sub(r"[ \u00a0\u202f]", "", text).replace("\N{MINUS SIGN}", "-")
    return float(plain.replace(decimal, "."))

"""Reads Bolagsverket's monthly file of companies and associations, and lays it out as a cube.

One row per month, event and municipality of the registered seat; one column per legal form. The file has
no totals for counties or riket. Columns: ``ar, manad, handelse, regfam, regfamtext, SATELAN, SATEKOMMUN,
LANTEXT, KOMTEXT``, then the legal forms, then ``LADDATUM, armanad``. Bolagsverket's own description of
the events is not open to machines: that 1 is newly registered, 2 all registered and 3 ended is how
others read it, and agrees with the sizes of the figures.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

import numpy as np

from affarsplan_data.scb.cubes import Cube, Dimension, Role, Structure, Unit
from affarsplan_data.scb.errors import TooManyCellsError, UnknownValueError
from affarsplan_data.sources.errors import BadFileError

FILE = "ftgstat_oppna.csv"
EVENTS = {"1": "Nyregistrerade", "2": "Alla registrerade", "3": "Avslutade"}
FORMS = {
    "AB": "Aktiebolag",
    "E": "Enskilda näringsidkare",
    "HB": "Handelsbolag",
    "KB": "Kommanditbolag",
    "EK": "Ekonomiska föreningar",
    "BRF": "Bostadsrättsföreningar",
    "FL": "Filialer till utländska företag",
    "I": "Ideella föreningar som bedriver näring",
    "BF": "Bostadsföreningar",
    "SF": "Sambruksföreningar",
    "KHF": "Kooperativa hyresrättsföreningar",
    "OFB": "Ömsesidiga försäkringsbolag",
    "BFL": "Utländska bankers filialer",
    "BAB": "Bankaktiebolag",
    "FAB": "Försäkringsaktiebolag",
    "MB": "Medlemsbanker",
    "SB": "Sparbanker",
    "TSF": "Trossamfund",
    "SE": "Europabolag",
}
"""What the better known legal forms are called; others go by their codes."""

EMPTY = "tomt"
"""The status of a figure whose row is in the file with nothing in the form's column."""

NO_ROW = ".."
"""The status of a figure whose row is not in the file."""

MOST_ROWS = 2_000_000
MOST_COLUMNS = 100
_BEFORE = (
    "ar", "manad", "handelse", "regfam", "regfamtext", "SATELAN", "SATEKOMMUN", "LANTEXT", "KOMTEXT",
)  # fmt: skip
_AFTER = ("LADDATUM", "armanad")
_FORM = re.compile(r"[A-ZÅÄÖ]{1,6}")
_LOADED = re.compile(r"(\d{2}[A-Z]{3}\d{4})(:\d{2}:\d{2}:\d{2})?", re.ASCII)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NO_SEAT = ("", "")

_Key = tuple[str, str, str]


@dataclass(frozen=True)
class Wanted:
    """What is taken out of the file.

    ``regions`` are municipality codes or patterns (``*``, ``19??``); ``events`` and ``forms`` are codes,
    where no forms means every one; ``since`` is the first year.
    """

    regions: tuple[str, ...] = ("*",)
    events: tuple[str, ...] = tuple(EVENTS)
    forms: tuple[str, ...] = ()
    since: str | None = None

    def takes(self, key: _Key) -> bool:
        """Tell whether the row of a region, an event and a period (or its year) is wanted."""
        region, event, period = key
        return (
            event in self.events
            and (self.since is None or period[:4] >= self.since)
            and any(fnmatchcase(region, pattern) for pattern in self.regions)
        )


@dataclass
class _Taken:
    """The rows taken so far: their figures by region, event and period."""

    rows: dict[_Key, list[float]] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    loaded: str | None = None


def read_file(content: bytes, wanted: Wanted, max_cells: int) -> Cube:
    """Return the file's figures as a cube over Region, Handelse, Form and Tid.

    The whole file is checked, also what is not taken. An empty field is a missing figure, never 0.

    Raises:
        BadFileError: a row or a column is not as described; the error says which.
        TooManyCellsError: what is wanted is more than ``max_cells`` figures.
    """
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    try:
        heading = next(reader, [])
        forms = _forms(heading)
        chosen = _chosen(forms, wanted)
        taken = _taken(reader, heading, forms, chosen, wanted)
    except csv.Error as error:
        raise BadFileError(
            f"{FILE}, rad {reader.line_num}: raden går inte att läsa ({error}).", reader.line_num
        ) from None
    if not taken.rows:
        raise BadFileError(f"{FILE} har inga rader för urvalet. Ingenting i filen har använts.")
    return _cube(taken, chosen, max_cells)


def _text(content: bytes) -> str:
    start = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    if not start or start.startswith(b"<") or b"\0" in content[:10_000]:
        seen = start[:60].decode("latin-1") or "ingenting"
        raise BadFileError(f"{FILE} är ingen csv-fil. Den börjar med: {seen}", 1)
    try:
        # Swedish letters in latin-1 are hardly ever UTF-8, so what can be read as that is it.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _forms(heading: Sequence[str]) -> list[str]:
    """Return the legal forms that have a column, in the file's order."""
    if len(heading) > MOST_COLUMNS or len(set(heading)) < len(heading):
        raise BadFileError(
            f"{FILE}, rad 1: rubrikerna är för många eller förekommer två gånger.", 1
        )
    for name in (*_BEFORE, *_AFTER):
        if name not in heading:
            seen = ", ".join(heading)[:200]
            raise BadFileError(
                f"{FILE}, rad 1: kolumnen {name} saknas. Rubrikerna är: {seen}", 1, name
            )
    forms = [name for name in heading if name not in _BEFORE and name not in _AFTER]
    for name in forms:
        if not _FORM.fullmatch(name):
            raise BadFileError(
                f"{FILE}, rad 1: kolumnen {name[:40]!r} är ny och ingen företagsform. Filen har ändrats.",
                1,
                name[:40],
            )
    return forms


def _chosen(forms: Sequence[str], wanted: Wanted) -> list[str]:
    for event in wanted.events:
        if event not in EVENTS:
            raise UnknownValueError(
                f"Bolagsverket har ingen händelse {event!r:.40}. De som finns är {', '.join(EVENTS)}."
            )
    for form in wanted.forms:
        if form not in forms:
            raise BadFileError(
                f"{FILE}, rad 1: företagsformen {form:.40} saknas. De som finns är: {', '.join(forms)}.",
                1,
                form[:40],
            )
    return list(wanted.forms or forms)


def _taken(
    reader: Iterator[list[str]],
    heading: Sequence[str],
    forms: Sequence[str],
    chosen: Sequence[str],
    wanted: Wanted,
) -> _Taken:
    lines = _Lines(heading, forms)
    order = [forms.index(form) for form in chosen]
    name_at = heading.index("KOMTEXT")
    taken, seen = _Taken(), set[_Key]()
    takes: dict[_Key, bool] = {}
    for number, row in enumerate(reader, start=2):
        if len(row) != len(heading):
            raise BadFileError(
                f"{FILE}, rad {number}: raden har {len(row)} fält, {len(heading)} väntades.", number
            )
        if number > MOST_ROWS:
            raise BadFileError(f"{FILE} har fler än {MOST_ROWS} rader.", number)
        key = lines.key(row, number)
        if key in seen:
            raise BadFileError(
                f"{FILE}, rad {number}: {', '.join(key)} står redan på en rad ovanför.", number
            )
        seen.add(key)
        figures = lines.figures(row, number)
        region, event, period = key
        # Whether a region and a month are wanted does not change from row to row.
        asked = (region, event, period[:4])
        if asked not in takes:
            takes[asked] = wanted.takes(asked)
        if takes[asked]:
            taken.rows[key] = [figures[place] for place in order]
            # A municipality that has changed names goes by its latest.
            name = (period, row[name_at].strip())
            taken.names[region] = max(taken.names.get(region, name), name)
    taken.loaded = max(filter(None, lines.loaded.values()), default=None)
    return taken


class _Lines:
    """Reads rows, and remembers what it has read: the same few texts come again in every row."""

    def __init__(self, heading: Sequence[str], forms: Sequence[str]) -> None:
        self.at = {name: place for place, name in enumerate(heading)}
        self.loaded: dict[str, str | None] = {}
        self._forms = [(form, self.at[form]) for form in forms]
        self._places = [place for _, place in self._forms]
        self._seat = self.at["SATELAN"], self.at["SATEKOMMUN"]
        self._time = self.at["ar"], self.at["manad"], self.at["armanad"]
        self._event, self._load = self.at["handelse"], self.at["LADDATUM"]
        self._regions: dict[tuple[str, str], str] = {}
        self._periods: dict[tuple[str, str, str], str] = {}
        self._numbers: dict[str, float] = {"": np.nan}

    def key(self, row: list[str], number: int) -> _Key:
        """Return region, event and period of a row; its load date is looked at too."""
        seat = (row[self._seat[0]], row[self._seat[1]])
        time = (row[self._time[0]], row[self._time[1]], row[self._time[2]])
        event, loaded = row[self._event], row[self._load]
        region, period = self._regions.get(seat), self._periods.get(time)
        if region is None or period is None or event not in EVENTS or loaded not in self.loaded:
            line = _Line(row, self.at, number)
            region = self._regions[seat] = line.region()
            event = line.event()
            period = self._periods[time] = line.period()
            self.loaded[loaded] = line.loaded()
        return region, event, period

    def figures(self, row: list[str], number: int) -> list[float]:
        """Return the figures of a row's legal forms, in the file's order; NaN where a field is empty."""
        try:
            return [self._numbers[row[place]] for place in self._places]
        except KeyError:
            line = _Line(row, self.at, number)
            for form, place in self._forms:
                if row[place] not in self._numbers:
                    self._numbers[row[place]] = line.figure(form, place)
            return [self._numbers[row[place]] for place in self._places]


@dataclass(frozen=True, slots=True)
class _Line:
    """One row: each field as what it means, or an error that names row and column."""

    row: Sequence[str]
    at: Mapping[str, int]
    number: int

    def region(self) -> str:
        """Return the municipality of the seat; ``0000`` where there is none."""
        county, municipality = (self.row[self.at[name]] for name in ("SATELAN", "SATEKOMMUN"))
        if (county, municipality) == _NO_SEAT:
            return "0000"
        return f"{self._whole('SATELAN', 0, 99):02}{self._whole('SATEKOMMUN', 0, 99):02}"

    def event(self) -> str:
        """Return the event's code."""
        code = self.row[self.at["handelse"]]
        if code not in EVENTS:
            raise self._wrong("handelse", f"någon av {', '.join(EVENTS)}")
        return code

    def period(self) -> str:
        """Return the month, as ``2024M03``."""
        year, month = self._whole("ar", 1900, 2100), self._whole("manad", 1, 12)
        if self.row[self.at["armanad"]] != f"{year}{month:02}":
            raise self._wrong("armanad", f"{year}{month:02}, efter ar och manad")
        return f"{year}M{month:02}"

    def figure(self, form: str, place: int) -> float:
        """Return the figure of a legal form; the field is not empty."""
        text = self.row[place]
        if not (text.isascii() and text.isdigit()) or len(text) > 9:
            raise self._wrong(form, "ett antal i siffror, eller tomt")
        return float(text)

    def loaded(self) -> str | None:
        """Return when Bolagsverket made the file, as an ISO time without zone."""
        text = self.row[self.at["LADDATUM"]]
        if not text:
            return None
        match = _LOADED.fullmatch(text)
        try:
            if match is None:
                raise ValueError
            day, month, year = text[:2], _MONTHS.index(text[2:5]) + 1, text[5:9]
            time = (match[2] or ":00:00:00")[1:]
            return datetime.fromisoformat(f"{year}-{month:02}-{day}T{time}").isoformat()
        except ValueError:
            raise self._wrong("LADDATUM", "en tid som 01JUL2026:00:00:00") from None

    def _whole(self, column: str, least: int, most: int) -> int:
        text = self.row[self.at[column]]
        if not (text.isascii() and text.isdigit()) or not least <= int(text[:9]) <= most:
            raise self._wrong(column, f"ett tal {least}–{most}")
        return int(text)

    def _wrong(self, column: str, expected: str) -> BadFileError:
        text = self.row[self.at[column]]
        return BadFileError(
            f"{FILE}, rad {self.number}, kolumn {column}: {text!r:.60} där det skulle stå {expected}. "
            "Ingenting i filen har använts.",
            self.number,
            column,
        )


def _cube(taken: _Taken, forms: Sequence[str], max_cells: int) -> Cube:
    regions, events, periods = (sorted({key[n] for key in taken.rows}) for n in range(3))
    shape = (len(regions), len(events), len(forms), len(periods))
    if (cells := int(np.prod(shape))) > max_cells:
        raise TooManyCellsError(
            f"Urvalet ur {FILE} har {cells} celler, fler än de {max_cells} som tas emot. Välj färre "
            "företagsformer, händelser eller kommuner, eller ett senare första år."
        )
    where = [{code: n for n, code in enumerate(codes)} for codes in (regions, events, periods)]
    values = np.full(shape, np.nan)
    status = np.full(shape, 1, dtype=np.uint8)
    for (region, event, period), figures in taken.rows.items():
        row = np.asarray(figures)
        place = (where[0][region], where[1][event], slice(None), where[2][period])
        values[place] = row
        status[place] = np.where(np.isnan(row), 2, 0)
    symbols = ("", NO_ROW, EMPTY)
    dimensions = (
        _dimension("Region", "Kommun", regions, [taken.names[r][1] for r in regions], "geo"),
        _dimension("Handelse", "Händelse", events, [EVENTS[e] for e in events], "metric"),
        _dimension("Form", "Företagsform", forms, [FORMS.get(f, f) for f in forms], None),
        _dimension("Tid", "Månad", periods, periods, "time"),
    )
    label = "Företag och föreningar efter sätets kommun, händelse, företagsform och månad"
    structure = Structure(label, "Bolagsverket", taken.loaded, dimensions, (), {})
    return Cube(structure, values.ravel(), status.ravel(), symbols)


def _dimension(
    id: str, label: str, codes: Sequence[str], labels: Sequence[str], role: Role | None
) -> Dimension:
    units = dict.fromkeys(codes, Unit("antal", 0)) if role == "metric" else {}
    return Dimension(id, label, tuple(codes), tuple(labels), role, units, (), {})

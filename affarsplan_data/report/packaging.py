"""Exports measures and indicators as files, with a description that machines read beside them."""

import difflib
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from affarsplan_data import regions
from affarsplan_data.catalogue import DIMENSIONS, Indicator, Measure, load_catalogue
from affarsplan_data.errors import AffarsplanError, UsageError
from affarsplan_data.indicators import MissingIndicatorError, described, evaluate
from affarsplan_data.observations import MissingMeasureError, load
from affarsplan_data.parameters import DEFAULT_DATA, check_data
from affarsplan_data.report import datapackage
from affarsplan_data.report.datafiles import WRITERS
from affarsplan_data.report.publish import Place, check_output, reserved, swap
from affarsplan_data.report.site import now
from affarsplan_data.swedish import listing

MARK = "datapackage.json"
KEY = ("region", "period", *DIMENSIONS)
LEVELS = ("country", "county", "municipality")

Progress = Callable[[str, int, int], None]
"""Called with the name of what is written, how many files are done and how many there are to be."""


@dataclass(frozen=True)
class Exported:
    """What was written: the folder, and its files with their number of rows.

    ``left_out`` are those without figures, and ``refused`` those that could not be computed, with why.
    """

    folder: Path
    rows: Mapping[str, int]
    left_out: tuple[str, ...]
    refused: Mapping[str, str]


@dataclass(frozen=True)
class _Item:
    about: Measure | Indicator

    @property
    def id(self) -> str:
        return self.about.id

    @property
    def title(self) -> str:
        return self.about.title if isinstance(self.about, Measure) else self.about.name

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures that the figures come from."""
        if isinstance(self.about, Measure):
            return (self.about,)
        return tuple(load_catalogue().measure(id) for id in self.about.measures)

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(measure.source for measure in self.measures))

    @property
    def categories(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for measure in self.measures:
            found |= measure.categories
        return found if isinstance(self.about, Measure) else found | self.about.categories

    def definition(self, data: str) -> str:
        if isinstance(self.about, Measure):
            return self.about.definition
        return described.definition(self.about, data)

    def read(self, data: str) -> pd.DataFrame:
        if isinstance(self.about, Measure):
            return load(self.id, data=data)
        return evaluate(self.id, data)


def export(
    what: Iterable[str],
    folder: Path,
    *,
    format: str = "csv",
    region: Sequence[str] = (),
    level: str | None = None,
    since: str | None = None,
    data: str = DEFAULT_DATA,
    progress: Progress | None = None,
) -> Exported:
    """Write measures and indicators below ``folder``, one file each, and ``datapackage.json``.

    The folder is written aside and moved in place when it is whole; an earlier export there is replaced.

    Args:
        what: ids of measures and indicators; everything that the data have when there are none.
        folder: where to write: a folder that is new, empty or an earlier export.
        format: ``csv``, ``parquet`` or ``xlsx``.
        region: only these regions.
        level: only regions of this level: ``country``, ``county`` or ``municipality``.
        since: only periods from this year on.
        data: which data to read.
        progress: called before every file and when all are written.

    Raises:
        UsageError: something that is asked for does not exist, is not held, or has no figures.
        ExportError: a file cannot be written in that format.
        PublishError, BusyError, OutputError: the folder cannot be written.
    """
    _check(format, level, since)
    check_data(data)
    codes = _codes(region, level)
    wanted = _items(what)
    named = bool(wanted)
    check_output(folder)
    place = Place(folder.absolute(), mark=MARK, noun="export")
    rows: dict[str, int] = {}
    left_out: list[str] = []
    refused: dict[str, str] = {}
    resources: list[dict[str, Any]] = []
    frames: list[pd.DataFrame] = []
    sources: list[str] = []
    with reserved(place) as aside:
        items = wanted or _everything()
        for done, item in enumerate(items):
            if progress:
                progress(item.id, done, len(items))
            try:
                frame = _selected(item, data, codes, since, named)
            except AffarsplanError as error:
                if named:
                    raise
                refused[item.id] = str(error)
                continue
            if frame is None:
                left_out.append(item.id)
                continue
            resources.append(_write(aside, item, frame, format, item.definition(data)))
            rows[item.id] = len(frame)
            frames.append(frame[[c for c in ("source", "other_sources") if c in frame]])
            sources += item.sources
        if not resources:
            raise UsageError("Inget av det som valts har några uppgifter. Inget har skrivits.")
        resources.append(_write_regions(aside, format))
        title = datapackage.titled("Uppgifter till uppföljningen av affärsplanen", frames)
        described = datapackage.package(
            resources, list(dict.fromkeys(sources)), title, now().isoformat()
        )
        text = json.dumps(described, ensure_ascii=False, indent=1) + "\n"
        (aside / MARK).write_text(text, encoding="utf-8", newline="\n")
        swap(place)
        if progress:
            progress("", len(items), len(items))
    return Exported(folder, rows, tuple(left_out), refused)


def _check(format: str, level: str | None, since: str | None) -> None:
    if format not in WRITERS:
        raise UsageError(
            f"Formatet ”{format[:20]}” finns inte. Välj {listing([*WRITERS], 'eller')}."
        )
    if level is not None and level not in LEVELS:
        raise UsageError(f"Nivån ”{level[:20]}” finns inte. Välj {listing(LEVELS, 'eller')}.")
    if since is not None and not re.fullmatch(r"[12]\d{3}", since):
        raise UsageError(f"--since ska vara ett år, till exempel 2015, inte ”{since[:20]}”.")


def _codes(region: Sequence[str], level: str | None) -> frozenset[str]:
    chosen = [regions.get(code).code for code in region] or list(regions.all_regions())
    codes = frozenset(c for c in chosen if level is None or regions.get(c).level == level)
    if not codes:
        raise UsageError(
            "Ingen av regionerna är av den nivån. Ange den ena av --region och --level."
        )
    return codes


def _items(what: Iterable[str]) -> list[_Item]:
    catalogue = load_catalogue()
    known: dict[str, Measure | Indicator] = {**catalogue.measures, **catalogue.indicators}
    found = []
    for id in dict.fromkeys(what):
        if id not in known:
            near = difflib.get_close_matches(id, known, n=3, cutoff=0.5) or [*known][:8]
            raise UsageError(
                f"”{id[:60]}” är varken indikator eller mått. Närmast: {', '.join(near)}."
            )
        found.append(_Item(known[id]))
    return found


def _everything() -> list[_Item]:
    catalogue = load_catalogue()
    found = [_Item(measure) for measure in catalogue.measures.values()]
    return found + [_Item(indicator) for indicator in catalogue.indicators.values()]


def _selected(
    item: _Item, data: str, codes: frozenset[str], since: str | None, named: bool
) -> pd.DataFrame | None:
    """Return the figures to write; None when there are none and nobody has asked for them by name."""
    try:
        frame = item.read(data)
    except (MissingMeasureError, MissingIndicatorError):
        if named:
            raise
        return None
    frame = frame[frame["region"].isin(codes)]
    if since is not None:
        frame = frame[frame["period"].astype(str).str[:4] >= since]
    if frame.empty and named:
        raise UsageError(f"{item.id} har inga uppgifter för de regioner och år som valts.")
    return None if frame.empty else frame.reset_index(drop=True)


def _write(
    folder: Path, item: _Item, frame: pd.DataFrame, format: str, definition: str
) -> dict[str, Any]:
    title = datapackage.titled(item.title, [frame])
    homepage = load_catalogue().sources[item.sources[0]].homepage
    told = datapackage.publications(frame, homepage)
    about = {
        "Namn": title,
        "Definition": definition,
        "Enhet": item.about.unit,
        "Källor": "\n".join(source["title"] for source in told),
    }
    if isinstance(item.about, Indicator):
        about["Formel"] = item.about.formula.text
    return _resource(folder, item.id, frame, format, about) | {
        "title": title,
        "description": definition,
        "licenses": datapackage.licences(item.sources),
        "sources": told,
        "schema": datapackage.schema(frame, KEY, item.categories),
    }


def _write_regions(folder: Path, format: str) -> dict[str, Any]:
    name = datapackage.REGIONS
    about = {"Namn": "Regioner", "Definition": "Riket, länen och kommunerna med SCB:s koder."}
    return _resource(folder, name, datapackage.regions_frame(), format, about) | {
        "title": about["Namn"],
        "description": about["Definition"],
        "schema": datapackage.regions_schema(),
    }


def _resource(
    folder: Path, name: str, frame: pd.DataFrame, format: str, about: Mapping[str, str]
) -> dict[str, Any]:
    """Write one file and return what the package says of it."""
    path = folder / f"{name}.{format}"
    WRITERS[format](path, frame, about)
    content = path.read_bytes()
    described = {
        "name": name,
        "type": "table",
        "path": path.name,
        "format": format,
        "mediatype": datapackage.MEDIA[format],
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if format == "csv":
        described |= {"encoding": "utf-8", "dialect": {"delimiter": ",", "header": True}}
    return described

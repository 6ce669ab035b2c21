"""Reads observations: ``load("population", region="19", sex=["women", "men"])``."""

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from numbers import Integral
from pathlib import Path

import numpy as np
import pandas as pd

from affarsplan_data import project, regions
from affarsplan_data.catalogue import Measure, load_catalogue
from affarsplan_data.observations import building, newest
from affarsplan_data.observations.errors import MissingMeasureError, SelectionError
from affarsplan_data.observations.files import read_frame
from affarsplan_data.observations.schema import COLUMNS, KEY
from affarsplan_data.parameters import DEFAULT_DATA, EDITION, NEWEST, check_data
from affarsplan_data.recording import ABSENT, digest, kind, note, quiet
from affarsplan_data.sources import edition

Choice = str | Sequence[str] | None
FIGURES = (
    "measure",
    *KEY,
    "value",
    "status",
    "source",
    "table",
    "vintage",
    "preliminary",
    "preferred",
)
"""The columns that formulas read, and by which a publication is chosen."""


def load(
    measure: str,
    *,
    region: Choice = None,
    within: str | None = None,
    level: str | None = None,
    period: Choice = None,
    sex: Choice = None,
    birth: Choice = None,
    age: Choice = None,
    industry: Choice = None,
    category: Choice = None,
    all_publications: bool = False,
    data: str = DEFAULT_DATA,
) -> pd.DataFrame:
    """Return the observations of a measure, one row per figure.

    Args:
        measure: the measure's id in the catalogue, for example ``population``.
        region: one or more region codes (``"19"``, ``["19", "00"]``).
        within: a county code; its municipalities.
        level: ``country``, ``county`` or ``municipality``.
        period, sex, birth, age, industry, category: one value or several; None means all.
        all_publications: also the figures that a later or better publication has replaced.
        data: ``newest``: what has been fetched and delivered, and the built-in edition where nothing
            has; ``edition``: the built-in edition alone.

    Returns:
        A frame with the columns of the one schema. ``frame.attrs`` holds the measure's title, unit,
        definition and series breaks, and when something has been fetched or delivered, ``retrieved``:
        when, per origin.

    Raises:
        UnknownEntryError: no such measure; the nearest ids are named.
        MissingMeasureError: the measure is declared but these data lack it.
        SelectionError: a value that the measure does not have; the ones it has are named.

    Example:
        >>> load("population", region="1980", period="2023", age="total", sex="total")["value"].item()
        159662.0
    """
    frame = _all(measure, data)
    wanted = {
        "region": _regions(region, within, level),
        "period": _listed(period),
        "sex": _listed(sex),
        "birth": _listed(birth),
        "age": _listed(age),
        "industry": _listed(industry),
        "category": _listed(category),
    }
    result = _selected(frame, wanted, measure, all_publications)[list(COLUMNS)]
    result.attrs = dict(frame.attrs)
    return result


def figures(
    measure: str, chosen: Mapping[str, Sequence[str]], data: str = DEFAULT_DATA
) -> pd.DataFrame:
    """Return the observations that :func:`load` gives, with the columns of :data:`FIGURES` alone.

    No more than those columns is read from the file, and nothing is told of the measure, so that formulas
    get their figures quickly.

    Args:
        measure: the measure's id.
        chosen: the values wanted of each dimension that is not taken whole.
        data: as for :func:`load`; the errors too.
    """
    frame = _selected(_all(measure, data, FIGURES), chosen, measure, all_publications=False)
    # What is said of a measure is not read by formulas, and is copied at every step.
    frame.attrs = {}
    return frame


def _selected(
    frame: pd.DataFrame,
    wanted: Mapping[str, Sequence[str] | None],
    measure: str,
    all_publications: bool,
) -> pd.DataFrame:
    """Return the rows with the wanted values, renumbered."""
    places: np.ndarray | None = None
    for column, values in wanted.items():
        if values is not None:
            codes = _chosen(frame[column], list(values), measure, strict=column != "region")
            places = _narrowed(frame[column], codes, places)
    if not all_publications:
        preferred = frame["preferred"].to_numpy()
        places = np.flatnonzero(preferred) if places is None else places[preferred[places]]
    result = frame if places is None else frame.take(places)
    return result.reset_index(drop=True)


def available(measure: str, data: str = DEFAULT_DATA) -> bool:
    """Tell whether the data in use hold a measure.

    Raises:
        ParameterError: no such data.
        UnknownEntryError: no such measure.
    """
    return _place(measure, data) is not None


def values_held(measure: str, dimension: str, data: str = DEFAULT_DATA) -> tuple[str, ...]:
    """Return the values of a dimension (or the regions or periods) that the data have of a measure.

    Raises:
        MissingMeasureError: the data lack the measure.
    """
    return tuple(_all(measure, data, FIGURES)[dimension].cat.categories)


def origins_in_use(measure: str, data: str = DEFAULT_DATA) -> frozenset[str]:
    """Return where in the archive and the edition the figures in use of a measure come from.

    Raises:
        MissingMeasureError: the data lack the measure.
    """
    frame = _all(measure, data, ("measure", "origin", "preferred"))
    used = frame.loc[frame["preferred"], "origin"].astype("category")
    return frozenset(used.cat.remove_unused_categories().cat.categories)


def retrieved(measure: str, data: str = DEFAULT_DATA) -> tuple[newest.Used, ...]:
    """Return the fetched tables and delivered files that a measure's figures come from, if any."""
    place = _place(measure, data)
    return place.used if place else ()


def last_retrieved(data: str = DEFAULT_DATA) -> date | None:
    """Return the day on which anything in the data in use was last fetched or taken in, if any was."""
    check_data(data)
    if data == EDITION:
        return None
    every = [one.retrieved for held in newest.everything().values() for one in held.used]
    return max((date.fromisoformat(moment[:10]) for moment in every), default=None)


def rests_on_edition(measure: str, data: str = DEFAULT_DATA) -> bool:
    """Tell whether any of the figures in use of a measure that is held is the built-in edition's."""
    place = _place(measure, data)
    return place is not None and place.with_edition


def state(measure: str, data: str = DEFAULT_DATA) -> object:
    """Return what is another value when the figures of a measure may be others."""
    place = _place(measure, data)
    return place and (place.path, place.path.stat().st_mtime_ns)


@dataclass(frozen=True)
class _Place:
    """Where a measure's observations lie, and what of them has been fetched or delivered."""

    path: Path
    used: tuple[newest.Used, ...] = ()
    with_edition: bool = True


def _place(measure: str, data: str) -> _Place | None:
    """Return where the current observations of a measure lie, built when need be."""
    check_data(data)
    declared = load_catalogue().measure(measure)
    note("measure", f"{data}/{measure}")
    with quiet():
        return _found(declared, data)


@kind("measure")
def _content(name: str) -> str:
    """Return the state of a measure's figures: what they are built from, not the files built."""
    data, _, measure = name.partition("/")
    declared = load_catalogue().measures.held.get(measure)
    if declared is None:
        return ABSENT
    if data == NEWEST and (held := newest.resolve(measure)).file:
        return held.signature[:32]
    if declared.availability != "edition":
        return ABSENT
    entry = edition.load_edition().measures.get(measure)
    about = [str(building.FORM), declared.model_dump_json(), entry and entry.model_dump_json()]
    return digest(json.dumps(about))


def _found(declared: Measure, data: str) -> _Place | None:
    measure = declared.id
    if data == NEWEST and (path := (held := newest.resolve(measure)).path):
        return _Place(path, held.used, held.with_edition)
    if declared.availability != "edition":
        return None
    target, path, manifest = _of_edition(project.root(), measure)
    about = manifest.stat()
    if not _is_current(target, (about.st_mtime_ns, about.st_size)) or not path.is_file():
        building.build(EDITION)
        _is_current.cache_clear()
    return _Place(path)


@lru_cache(maxsize=1024)
def _of_edition(root: Path, measure: str) -> tuple[Path, Path, Path]:
    """Return where the edition is built, a measure's file there, and the edition's manifest."""
    built = root / "data" / "processed" / EDITION
    return built, built / f"{measure}.parquet", root / "data" / "raw" / EDITION / "manifest.yaml"


def _all(measure: str, data: str, columns: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Return all that is held of a measure; some columns alone when they are named."""
    place = _place(measure, data)
    if place is None:
        declared = load_catalogue().measure(measure)
        raise MissingMeasureError(
            f"Måttet {measure} ({declared.title}) saknas: {declared.missing_reason} "
            f"{how_to_get(measure)}"
        )
    try:
        return _read(place, place.path.stat().st_mtime_ns, columns)
    except (OSError, ValueError):
        # A damaged file in data/processed is no loss: everything there is made from data/raw.
        if place.used:
            newest.rebuilt(measure)
        else:
            building.build(EDITION, force=True)
    if (place := _place(measure, data)) is None:
        raise MissingMeasureError(f"Måttet {measure} går inte längre att läsa.")
    return _read(place, place.path.stat().st_mtime_ns, columns)


def how_to_get(measure: str) -> str:
    """Return the sentence that says how the figures of a measure are got."""
    if load_catalogue().tables_of(measure):
        return f"Hämta uppgifterna: affarsplan fetch --measure {measure}."
    return (
        "Lägg en fil med uppgifterna i data/raw/delivered; mallen skrivs av affarsplan template "
        f"{measure}."
    )


@lru_cache(maxsize=4)
def _is_current(target: Path, state: tuple[int, int]) -> bool:
    return building.current_signature(target) == building.signature()


@lru_cache(maxsize=256)
def _read(place: _Place, changed: int, columns: tuple[str, ...] | None) -> pd.DataFrame:
    frame = read_frame(place.path, columns)
    name = place.path.stem.partition("-")[0]
    if set(frame["measure"].unique()) != {name}:
        raise ValueError(f"{place.path} holds another measure")
    measure = load_catalogue().measure(name)
    frame.attrs = {
        "measure": measure.id,
        "title": measure.title,
        "unit": measure.unit,
        "definition": measure.definition,
        "breaks": {b.period: b.reason for b in measure.breaks},
    }
    if place.used:
        frame.attrs["retrieved"] = {one.origin: one.retrieved for one in place.used}
    return frame


def _listed(choice: Choice) -> list[str] | None:
    if choice is None:
        return None
    if isinstance(choice, str | Integral | float):
        return [_code(choice)]
    if not isinstance(choice, Iterable):
        raise SelectionError(f"Ange en kod eller en lista av koder, inte {choice!r:.40}.")
    return [_code(value) for value in choice]


def _code(value: object) -> str:
    """Return a code as text; a year that pandas has made a float is a year still."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _regions(region: Choice, within: str | None, level: str | None) -> list[str] | None:
    chosen: Iterable[str] | None = None
    if region is not None:
        chosen = [regions.get(code).code for code in _listed(region) or []]
    if within is not None:
        if regions.get(within).level != "county":
            raise SelectionError(f"within ska vara ett län, till exempel 19, inte {within}.")
        inside = regions.municipalities(regions.get(within).code)
        chosen = inside if chosen is None else [code for code in chosen if code in inside]
    if level is not None:
        if level not in ("country", "county", "municipality"):
            raise SelectionError(
                f"Nivån ”{level}” finns inte. Välj country, county eller municipality."
            )
        candidates = regions.all_regions() if chosen is None else chosen
        chosen = [code for code in candidates if regions.get(code).level == level]
    if chosen is not None and not (chosen := list(chosen)):
        raise SelectionError("Valet av region, within och level har inget område gemensamt.")
    return chosen


def _chosen(column: pd.Series, values: list[str], measure: str, strict: bool) -> list[int]:
    """Return the places of the values among the column's categories."""
    held = list(column.cat.categories)
    if strict and (unknown := [value for value in values if value not in held]):
        near = difflib.get_close_matches(unknown[0], held, n=3) or held[:12]
        listed = ", ".join(near)
        if column.name == "period":
            listed = f"{held[0]} till {held[-1]}"
        elif len(near) < len(held):
            listed += f" och {len(held) - len(near)} till"
        raise SelectionError(
            f"Måttet {measure} har inte {column.name} = {unknown[0]}. Det har: {listed}."
        )
    place = {value: number for number, value in enumerate(held)}
    return [place[value] for value in values if value in place]


def _narrowed(column: pd.Series, codes: list[int], places: np.ndarray | None) -> np.ndarray:
    """Return those of ``places`` (all rows when None) where the column has one of the codes."""
    held = column.cat.codes.to_numpy()
    if places is not None:
        held = held[places]
    chosen = np.zeros(len(column.cat.categories) + 1, dtype=bool)
    chosen[codes] = True
    kept = np.flatnonzero(held == codes[0] if len(codes) == 1 else chosen[held])
    return kept if places is None else places[kept]

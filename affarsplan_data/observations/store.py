"""Reads observations: ``load("population", region="19", sex=["women", "men"])``."""

import difflib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from numbers import Integral
from pathlib import Path

import pandas as pd

from affarsplan_data import project, regions
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.observations import building
from affarsplan_data.observations.errors import MissingMeasureError, SelectionError
from affarsplan_data.observations.schema import COLUMNS
from affarsplan_data.parameters import check_data
from affarsplan_data.sources import edition

Choice = str | Sequence[str] | None


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
    data: str = "edition",
) -> pd.DataFrame:
    """Return the observations of a measure, one row per figure.

    Args:
        measure: the measure's id in the catalogue, for example ``population``.
        region: one or more region codes (``"19"``, ``["19", "00"]``).
        within: a county code; its municipalities.
        level: ``country``, ``county`` or ``municipality``.
        period, sex, birth, age, industry, category: one value or several; None means all.
        all_publications: also the figures that a later or better publication has replaced.
        data: which data to read; ``edition`` is the built-in one.

    Returns:
        A frame with the columns of the one schema. ``frame.attrs`` holds the measure's title, unit,
        definition and series breaks.

    Raises:
        UnknownEntryError: no such measure; the nearest ids are named.
        MissingMeasureError: the measure is declared but these data lack it.
        SelectionError: a value that the measure does not have; the ones it has are named.

    Example:
        >>> load("population", region="1980", period="2023", age="total", sex="total")["value"].item()
        159662.0
    """
    frame = _all(measure, data)
    mask = pd.Series(True, index=frame.index) if all_publications else frame["preferred"].copy()
    wanted = {
        "region": _regions(region, within, level),
        "period": _listed(period),
        "sex": _listed(sex),
        "birth": _listed(birth),
        "age": _listed(age),
        "industry": _listed(industry),
        "category": _listed(category),
    }
    for column, values in wanted.items():
        if values is not None:
            mask &= _chosen(frame[column], values, measure, strict=column != "region")
    result = frame.loc[mask, list(COLUMNS)].reset_index(drop=True)
    result.attrs = dict(frame.attrs)
    return result


def _all(measure: str, data: str) -> pd.DataFrame:
    check_data(data)
    declared = load_catalogue().measure(measure)
    if declared.availability != "edition":
        raise MissingMeasureError(
            f"Måttet {measure} ({declared.title}) saknas: {declared.missing_reason}"
        )
    target = project.processed() / data
    path = target / f"{measure}.parquet"
    if not _is_current(target, _raw_state()) or not path.is_file():
        building.build(data)
        _is_current.cache_clear()
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError):
        # A damaged file in data/processed is no loss: everything there is made from data/raw.
        building.build(data, force=True)
        return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _is_current(target: Path, state: tuple[tuple[str, int, int], ...]) -> bool:
    return building.current_signature(target) == building.signature()


def _raw_state() -> tuple[tuple[str, int, int], ...]:
    stat = (edition.folder() / "manifest.yaml").stat()
    return (("manifest.yaml", stat.st_mtime_ns, stat.st_size),)


@lru_cache(maxsize=128)
def _read(path: Path, changed: int) -> pd.DataFrame:
    frame = pd.read_parquet(path)
    if set(frame["measure"].unique()) != {path.stem}:
        raise ValueError(f"{path} holds another measure")
    measure = load_catalogue().measure(path.stem)
    frame.attrs = {
        "measure": measure.id,
        "title": measure.title,
        "unit": measure.unit,
        "definition": measure.definition,
        "breaks": {b.period: b.reason for b in measure.breaks},
    }
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


def _chosen(column: pd.Series, values: list[str], measure: str, strict: bool) -> pd.Series:
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
    return column.isin(values)

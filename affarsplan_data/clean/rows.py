"""Turns a table's cubes into raw rows of the one schema, by the catalogue's declaration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from affarsplan_data.archive import Snapshot
from affarsplan_data.catalogue import DIMENSIONS, Gives, Table
from affarsplan_data.clean.errors import CleaningError
from affarsplan_data.clean.joining import joined
from affarsplan_data.clean.moves import follow
from affarsplan_data.fitting import (
    MisfitError,
    Taken,
    check_unit,
    column_of,
    content_code,
    contents_of,
    is_idle,
    taken,
)
from affarsplan_data.scb.cubes import Cube, Dimension

KEY = ("region", "period", *DIMENSIONS)
COLUMNS = (
    *(*KEY, "value", "status", "table", "vintage", "preliminary", "noise"),
    *("published_value", "published_unit"),
)
SUMMED = "summed"
"""Status of a figure that the producer has not published and that is added up from its parts."""
MISSING = "missing"
"""Status of a figure that the producer gives as missing without saying why."""


@dataclass(frozen=True)
class _Block:
    """Cells of one content with an axis per dimension, as published.

    ``status`` is each cell's place in ``symbols``.
    """

    values: np.ndarray
    status: np.ndarray
    symbols: tuple[str, ...]
    dimensions: tuple[Dimension, ...]


def clean(table: Table, cubes: Sequence[Cube], snapshot: Snapshot) -> dict[str, pd.DataFrame]:
    """Return the rows that a table gives, per measure.

    Each frame has :data:`COLUMNS`: text in the dimensions, ``value`` in the measure's unit (NaN where
    there is none, and then ``status`` says why), ``status`` the producer's symbol, :data:`SUMMED` or
    :data:`MISSING`, ``table`` and ``vintage`` as in the snapshot, ``preliminary`` and ``noise`` true or
    false, ``published_value`` and ``published_unit`` the figure as the producer wrote it (none for a
    sum; the unit is empty when neither the producer nor the catalogue says it). ``attrs`` holds
    ``source``, ``snapshot`` (its id), ``content``, ``label``, ``unit`` (as the producer writes it) and
    ``factor`` (what the figures have been multiplied by).

    Args:
        table: what the catalogue says of the table.
        cubes: the answers of the snapshot, read.
        snapshot: the version they are of.

    Raises:
        CleaningError: the cubes are not what the catalogue says; nothing is returned.
    """
    try:
        return _clean(table, joined(table.id, cubes), snapshot)
    except MisfitError as error:
        raise CleaningError(table.id, " ".join(error.faults)) from None


def _clean(table: Table, cube: Cube, snapshot: Snapshot) -> dict[str, pd.DataFrame]:
    frames: dict[str, pd.DataFrame] = {}
    for given in table.gives:
        block, facts = _content(table, given, cube)
        rows = _rows(table, given, block, snapshot)
        rows["published_unit"] = facts["unit"] or next(iter(given.unit), "")
        if given.measure in frames:
            rows = pd.concat([frames[given.measure], rows], ignore_index=True)
        _check_once(table, given.measure, rows)
        rows.attrs = {"source": snapshot.source, "snapshot": snapshot.id, **facts}
        frames[given.measure] = rows
    return frames


def _content(table: Table, given: Gives, cube: Cube) -> tuple[_Block, dict[str, Any]]:
    """Return the cells of the content that a measure is, and what the producer says of it."""
    shape = cube.structure.shape
    values: np.ndarray = cube.values.reshape(shape)
    status: np.ndarray = cube.status.reshape(shape).astype(np.int16)
    dimensions = cube.structure.dimensions
    metric = contents_of(table, dimensions)
    facts: dict[str, Any] = {"content": None, "label": cube.structure.label, "unit": None}
    if metric is not None:
        code = content_code(table, given, metric)
        place, axis = metric.codes.index(code), dimensions.index(metric)
        values, status = values.take(place, axis), status.take(place, axis)
        dimensions = dimensions[:axis] + dimensions[axis + 1 :]
        unit = metric.units[code].base if code in metric.units else None
        check_unit(table, given, metric.labels[place], unit)
        facts = {"content": code, "label": metric.labels[place], "unit": unit}
    for idle in [d for d in dimensions if is_idle(table, d)]:
        axis = dimensions.index(idle)
        values, status = values.take(0, axis), status.take(0, axis)
        dimensions = dimensions[:axis] + dimensions[axis + 1 :]
    symbols = (*cube.symbols, SUMMED, MISSING)
    zero = [place for place, symbol in enumerate(symbols) if symbol in table.zero]
    values = np.where(np.isnan(values) & np.isin(status, zero), 0.0, values)
    return _Block(values, status, symbols, dimensions), {**facts, "factor": given.factor}


def _rows(table: Table, given: Gives, block: _Block, snapshot: Snapshot) -> pd.DataFrame:
    names, along = [], []
    preliminary: set[str] = set()
    for axis, dimension in enumerate(block.dimensions):
        column = column_of(table, dimension)
        if column is None:
            raise CleaningError(
                table.id, f"variabeln {dimension.id} ({dimension.label}) är inte beskriven."
            )
        chosen = taken(table.id, column, dimension)
        if column.to == "period":
            preliminary = _preliminary(table, dimension, chosen)
        elif column.to in given.where:
            chosen = [one for one in chosen if one.value in given.where[column.to]]
        if not chosen or (column.to == "none" and len(chosen) > 1):
            raise CleaningError(
                table.id, f"av variabeln {dimension.id} återstår {len(chosen)} värden."
            )
        block = _along(block, axis, chosen)
        names.append(column.to)
        along.append(chosen)
    if absent := {c.to for c in table.columns.values()} - {*names, "content"}:
        raise CleaningError(table.id, f"svaret saknar variabeln för {', '.join(sorted(absent))}.")
    rows = _long(table, names, along, block, snapshot, preliminary, {**table.fixed, **given.fixed})
    return rows.assign(value=rows["value"] * given.factor)


def _along(block: _Block, axis: int, chosen: Sequence[Taken]) -> _Block:
    """Return the block with ``chosen`` along one axis."""
    first = [one.places[0] for one in chosen]
    values, status = block.values.take(first, axis), block.status.take(first, axis)
    summed = block.symbols.index(SUMMED)
    for place, one in enumerate(chosen):
        if len(one.places) > 1:
            here = (slice(None),) * axis + (place,)
            # A part that is missing makes the sum missing.
            values[here] = block.values.take(one.places, axis).sum(axis)
            status[here] = summed
    return _Block(values, status, block.symbols, block.dimensions)


def _preliminary(table: Table, periods: Dimension, chosen: Sequence[Taken]) -> set[str]:
    """Return the periods that are preliminary, by the catalogue or by their own names."""
    named_so = {one.value for one in chosen if "prel" in periods.labels[one.places[0]].casefold()}
    every = [one.value for one in chosen]
    if table.preliminary == "all":
        return set(every)
    return named_so | set(sorted(every, reverse=True)[: table.preliminary])


def _long(
    table: Table,
    names: Sequence[str],
    along: Sequence[Sequence[Taken]],
    block: _Block,
    snapshot: Snapshot,
    preliminary: set[str],
    fixed: Mapping[Any, str],
) -> pd.DataFrame:
    columns: dict[str, Any] = dict.fromkeys(KEY, "total")
    columns.update(fixed)
    shape = block.values.shape
    for axis, name in enumerate(names):
        if name != "none":
            texts = np.array([one.value for one in along[axis]], dtype=object)
            columns[name] = texts[_places(shape, axis)]
    marks = np.array(block.symbols, dtype=object)[block.status.reshape(-1)]
    rows = pd.DataFrame({**columns, "value": block.values.reshape(-1), "status": marks})
    empty = rows["value"].isna()
    rows.loc[empty & (rows["status"] == ""), "status"] = MISSING
    noise = rows["period"] >= table.noise_from if table.noise_from else False
    rows = rows.assign(
        table=table.id,
        vintage=snapshot.updated,
        preliminary=rows["period"].isin(preliminary),
        noise=noise,
    )
    # A sum that lacks a part, or whose parts carry noise, is no figure.
    rows = rows[~((rows["status"] == SUMMED) & (empty | rows["noise"]))]
    rows = follow(table.id, rows, list(KEY))
    rows = rows.assign(published_value=rows["value"].where(rows["status"] != SUMMED))
    return rows.assign(published_unit="")[list(COLUMNS)].reset_index(drop=True)


def _places(shape: tuple[int, ...], axis: int) -> np.ndarray:
    """Return each cell's place along one axis, in C order."""
    side = [-1 if n == axis else 1 for n in range(len(shape))]
    return np.broadcast_to(np.arange(shape[axis]).reshape(side), shape).reshape(-1)


def _check_once(table: Table, measure: str, rows: pd.DataFrame) -> None:
    twice = rows.duplicated(list(KEY))
    if twice.any():
        where = rows.loc[twice, list(KEY)].iloc[0]
        text = ", ".join(str(value) for value in where if value != "total")
        raise CleaningError(table.id, f"måttet {measure} får två uppgifter för {text}.")

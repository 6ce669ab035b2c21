"""Turns a table, or an extract of one, into the JSON-stat 2 that the server sends."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import orjson

from tests.pxserver.model import Point, Table, Variable
from tests.pxserver.selection import Axis

MADE_UP = "SYNTETISKA TESTDATA"
PER_TEXT = ("noteMandatory",)


def encoded(answer: object) -> bytes:
    """Return JSON; a missing number is null."""
    return orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY)


def metadata(
    table: Table, language: str, axes: Sequence[Axis] | None = None, links: str = ""
) -> dict[str, Any]:
    """Return the dataset without values: the whole table, or the values of ``axes``."""
    axes = axes or [Axis(v, v.points()) for v in table.variables]
    dataset = _head(
        table, table.translations.get(language, table.label), [a for a in axes if a.kept]
    )
    dataset["dimension"] = {
        axis.variable.code: _described(axis, language, links) for axis in axes if axis.kept
    }
    dataset["extension"] = _extension(table, language, None)
    dataset["value"] = []
    return dataset


def data(table: Table, language: str, axes: Sequence[Axis], order: Sequence[str]) -> dict[str, Any]:
    """Return the extract with its values, the dimensions in ``order``."""
    by_code = {axis.variable.code: axis for axis in axes}
    kept = [by_code[code] for code in order]
    values, status = table.cells([axis.points for axis in axes])
    places = {axis.variable.code: n for n, axis in enumerate(axes)}
    turned = [places[code] for code in order]
    gone = [n for n in range(len(axes)) if n not in turned]
    values = values.transpose([*turned, *gone]).ravel()
    status = status.transpose([*turned, *gone]).ravel()
    dataset = _head(table, _title(table, kept, axes), kept)
    dataset["dimension"] = {axis.variable.code: _extract(axis) for axis in kept}
    dataset["extension"] = {**_extension(table, language, order), **table.data_extension}
    dataset["value"] = numbers(values)
    marked = np.flatnonzero(status != "")
    if marked.size:
        dataset["status"] = {str(n): str(status[n]) for n in marked.tolist()}
    _say_if_made_up(table, axes, dataset)
    return dataset


def numbers(values: np.ndarray) -> Any:
    """Return the values as JSON numbers, whole ones without decimals, missing ones as None."""
    missing = np.isnan(values)
    if not (np.where(missing, 0, values) % 1).any():
        if not missing.any():
            return values.astype(np.int64)
        whole = np.where(missing, 0, values).astype(np.int64).tolist()
        return [None if gone else n for n, gone in zip(whole, missing.tolist(), strict=True)]
    return np.ascontiguousarray(values)


def _head(table: Table, label: str, axes: Iterable[Axis]) -> dict[str, Any]:
    axes = list(axes)
    dataset: dict[str, Any] = {"version": "2.0", "class": "dataset", "label": label}
    if table.publisher is not None:
        dataset["source"] = table.publisher
    if table.updated is not None:
        dataset["updated"] = table.updated
    if table.notes:
        dataset["note"] = list(table.notes)
    roles: dict[str, list[str]] = {}
    for role in ("time", "metric"):
        codes = [axis.variable.code for axis in axes if axis.variable.role == role]
        if codes:
            roles[role] = codes
    dataset["role"] = roles
    dataset["id"] = [axis.variable.code for axis in axes]
    dataset["size"] = [len(axis.points) for axis in axes]
    return dataset


def _title(table: Table, kept: Sequence[Axis], axes: Sequence[Axis]) -> str:
    if table.data_label is not None:
        return table.data_label
    contents = next((a.points for a in axes if a.variable.role == "metric"), [])
    one = contents[0].label if len(contents) == 1 else table.contents
    names = [a.variable.label for a in kept if a.variable.role != "metric" or len(contents) > 1]
    listed = ", ".join(names[:-1]) + " och " + names[-1] if len(names) > 1 else "".join(names)
    made_up = f"{MADE_UP}: " if MADE_UP in table.label else ""
    return f"{made_up}{one} efter {listed}"


def _dimension(variable: Variable, points: Sequence[Point]) -> dict[str, Any]:
    dimension: dict[str, Any] = {"label": variable.label}
    if variable.notes:
        dimension["note"] = list(variable.notes)
    category: dict[str, Any] = {
        "index": {p.code: n for n, p in enumerate(points)},
        "label": {p.code: p.label for p in points},
    }
    notes = {p.code: variable.value_notes[p.code] for p in points if p.code in variable.value_notes}
    units = {p.code: variable.units[p.code] for p in points if p.code in variable.units}
    if notes:
        category["note"] = notes
    if units:
        category["unit"] = units
    dimension["category"] = category
    return dimension


def _described(axis: Axis, language: str, links: str) -> dict[str, Any]:
    variable = axis.variable
    dimension = _dimension(variable, axis.points)
    dimension["extension"] = {
        "elimination": variable.eliminable,
        **_of_the_points(variable.extension, axis.points),
        "codelists": _codelists(variable, language, links),
    }
    return dimension


def _codelists(variable: Variable, language: str, links: str) -> list[dict[str, Any]]:
    if variable.codelist_texts is not None:
        return variable.codelist_texts
    return [
        {
            "id": codelist.id,
            "label": codelist.label,
            "type": codelist.type,
            "links": [
                {
                    "rel": "metadata",
                    "hreflang": language,
                    "href": f"{links}/codeLists/{codelist.id}?lang={language}",
                }
            ],
        }
        for codelist in variable.codelists
    ]


def _extract(axis: Axis) -> dict[str, Any]:
    """Describe a dimension of an extract, where elimination is told of the extract itself."""
    variable = axis.variable
    dimension = _dimension(variable, axis.points)
    code = variable.elimination_code
    told: dict[str, Any] = {"elimination": variable.eliminable}
    if variable.eliminable and code is not None:
        told["elimination"] = any(point.code == code for point in axis.points)
        if told["elimination"]:
            told["eliminationValueCode"] = code
    dimension["extension"] = {**told, **_of_the_points(variable.extension, axis.points)}
    return dimension


def _of_the_points(extension: Mapping[str, Any], points: Sequence[Point]) -> dict[str, Any]:
    codes = {point.code for point in points}
    return {
        key: {c: v for c, v in value.items() if c in codes}
        if isinstance(value, dict) and key not in PER_TEXT
        else value
        for key, value in extension.items()
    }


def _extension(table: Table, language: str, order: Sequence[str] | None) -> dict[str, Any]:
    extension = dict(table.extension)
    if "px" in extension and "stub" in extension["px"]:
        px = dict(extension["px"], language=language, stub=table.stub, heading=table.heading)
        if order is not None:
            px["stub"] = [code for code in order if code not in table.heading]
            px["heading"] = [code for code in order if code in table.heading]
        extension["px"] = px
    return extension


def _say_if_made_up(table: Table, axes: Sequence[Axis], dataset: dict[str, Any]) -> None:
    """Say so when a table with recorded cells answers with others than those."""
    made_up = getattr(table.source, "made_up", None)
    if made_up is not None and made_up(table, [axis.points for axis in axes]):
        dataset["label"] = f"{dataset['label']} ({MADE_UP})"
        dataset["source"] = f"{dataset.get('source', '')} ({MADE_UP})".strip()

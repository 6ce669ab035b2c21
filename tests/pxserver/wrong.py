"""Answers that are whole, valid and wrong: the faults that only a checking client notices."""

from typing import Any

import numpy as np

from tests.pxserver import answers
from tests.pxserver.defaults import default_query
from tests.pxserver.model import Table
from tests.pxserver.placement import order
from tests.pxserver.routing import Answer, Api
from tests.pxserver.selection import Axis, Query


def spoilt(api: Api, answer: Answer, kind: str) -> Answer:
    """Return ``answer`` with the fault in it; the status and the format stay right."""
    assert answer.table is not None
    assert answer.axes is not None
    if kind == "default_selection":
        return api.extract(answer.table, default_query(answer.table))
    dataset = _SPOIL[kind](answer.table, answer.axes, dict(answer.dataset or {}))
    return Answer(200, answers.encoded(dataset), headers=dict(answer.headers), dataset=dataset)


def _again(table: Table, axes: list[Axis]) -> dict[str, Any]:
    return answers.data(table, "sv", axes, order(table, axes, Query()))


def _wrong_codes(table: Table, axes: list[Axis], dataset: dict[str, Any]) -> dict[str, Any]:
    """Rename one code of the first dimension."""
    first = dataset["id"][0]
    old = next(iter(dataset["dimension"][first]["category"]["index"]))

    def renamed(texts: dict[str, Any]) -> dict[str, Any]:
        return {f"{code}X" if code == old else code: text for code, text in texts.items()}

    category = {k: renamed(v) for k, v in dataset["dimension"][first]["category"].items()}
    dimension = dict(dataset["dimension"][first], category=category)
    return dict(dataset, dimension={**dataset["dimension"], first: dimension})


def _other_region(table: Table, axes: list[Axis], dataset: dict[str, Any]) -> dict[str, Any]:
    """Answer for as many values of the first variable, but other ones."""
    first, *rest = axes
    asked = {point.code for point in first.points}
    others = [point for point in first.variable.points() if point.code not in asked]
    points = (others + first.points)[: len(first.points)]
    return _again(table, [Axis(first.variable, points), *rest])


def _reordered(table: Table, axes: list[Axis], dataset: dict[str, Any]) -> dict[str, Any]:
    """Turn the order of the dimensions and of every dimension's values, consistently."""
    turned = [Axis(a.variable, a.points[::-1], a.kept) for a in axes]
    codes = order(table, axes, Query())
    return answers.data(table, "sv", turned, codes[::-1])


def _missing_cell(table: Table, axes: list[Axis], dataset: dict[str, Any]) -> dict[str, Any]:
    return dict(dataset, value=_listed(dataset)[:-1])


def _national_total(table: Table, axes: list[Axis], dataset: dict[str, Any]) -> dict[str, Any]:
    """Eliminate the first variable, as when an expression matches nothing."""
    first, *rest = axes
    return _again(table, [Axis(first.variable, [first.variable.eliminated()], kept=False), *rest])


def _stale(table: Table, axes: list[Axis], dataset: dict[str, Any]) -> dict[str, Any]:
    """Tell of an earlier publication than the metadata do."""
    return dict(dataset, updated="2001-01-01T07:00:00Z")


def with_nan(body: bytes) -> bytes:
    """Put a NaN, which JSON does not have, first among the values."""
    return body.replace(b'"value":[', b'"value":[NaN,', 1)


def _listed(dataset: dict[str, Any]) -> list[Any]:
    value = dataset["value"]
    return value.tolist() if isinstance(value, np.ndarray) else list(value)


_SPOIL = {
    "wrong_codes": _wrong_codes,
    "other_region": _other_region,
    "reordered": _reordered,
    "missing_cell": _missing_cell,
    "national_total": _national_total,
    "stale": _stale,
}

"""The older PxWeb API: SCB's own, and Tillväxtanalys' server with a table shaped as theirs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

from tests.pxserver import answers, problems
from tests.pxserver.model import Point, Table, Tables, Variable
from tests.pxserver.routing import Answer
from tests.pxserver.selection import Axis
from tests.pxserver.themes_firms import NEW_FIRMS, agency_tables

SCB = "/OV0104/v1/doris"
TVA = "/PxWeb/api/v1"
TVA_TABLE = NEW_FIRMS
MAX_VALUES = 110_000
BOM = b"\xef\xbb\xbf"


class BadQuery(Exception):  # noqa: N818 - the protocol's word
    """A query or a path that the server does not understand."""


class TooMany(Exception):  # noqa: N818 - the protocol's word
    """More cells than may be asked for."""


def too_many(seconds: float) -> Answer:
    """Return the refusal of a call too many; the wait is the whole window."""
    text = "429 - Too many requests in too short timeframe. Please try again later."
    return _error(429, text, {"Retry-After": f"{max(1, round(seconds))}"})


def _error(status: int, text: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, orjson.dumps({"error": text}), "application/json", headers or {})


@dataclass
class Api:
    """The v1 side of the server, with two databases: SCB's and Tillväxtanalys'."""

    tables: Tables
    max_cells: int
    limit: tuple[int, float]
    agency: dict[str, Table] = field(default_factory=dict)

    def answer(self, method: str, path: str, query: str, body: bytes) -> Answer:
        """Answer a call below either root."""
        root = next((r for r in (SCB, TVA) if path.startswith(r)), None)
        if root is None:
            return Answer(404, b"", "")
        try:
            return self._route(root, method, path.removeprefix(root), query, body)
        except TooMany:
            return _error(403, "Too many values selected")
        except BadQuery:
            # SCB's front end puts its own words instead of the server's.
            if root == SCB:
                return Answer(400, b"Bad Request", "text/plain")
            return _error(400, "Parameter error")

    def _route(self, root: str, method: str, path: str, query: str, body: bytes) -> Answer:
        if query.lower().startswith("config"):
            return _json(self._config())
        if query.lower().startswith("query="):
            return _error(400, "Search not activated")
        parts = [part for part in path.split("/") if part]
        if root == SCB:
            parts = parts[:1] + [p for p in parts[1:] if p not in {"ssd", "START"}]
        if not parts or parts[0] not in {"sv", "en"}:
            raise BadQuery
        tables = self._tables(root)
        where = "/".join(parts[1:])
        if where in tables:
            table = tables[where]
            if parts[0] not in table.languages:
                raise BadQuery
            return self._data(table, body) if method == "POST" else _json(_described(table))
        if method == "POST":
            raise BadQuery
        return _json(_level(tables, parts[1:]))

    def _tables(self, root: str) -> dict[str, Table]:
        if root == TVA:
            if not self.agency:
                self.agency.update(agency_tables())
            return self.agency
        return {t.v1_path: t for t in self.tables.everything() if t.v1_path}

    def _config(self) -> dict[str, Any]:
        return {
            "maxValues": MAX_VALUES,
            "maxCells": self.max_cells,
            "maxCalls": self.limit[0],
            "timeWindow": self.limit[1],
            "CORS": True,
        }

    def _data(self, table: Table, body: bytes) -> Answer:
        query = _read(body)
        axes = [_axis(variable, query) for variable in table.variables]
        known = {variable.code for variable in table.variables}
        if not {item["code"] for item in query["query"]} <= known:
            raise BadQuery
        if int(np.prod([len(axis.points) for axis in axes], dtype=object)) > self.max_cells:
            raise TooMany
        return _encoded(table, axes, query.get("response", {}).get("format", "px"))


def _json(answer: object) -> Answer:
    return Answer(200, orjson.dumps(answer), "application/json; charset=utf-8")


def _level(tables: Mapping[str, Table], parts: list[str]) -> list[dict[str, Any]]:
    """List what is below a level: levels and tables."""
    below: dict[str, dict[str, Any]] = {}
    for path, table in tables.items():
        steps = path.split("/")
        if steps[: len(parts)] != parts or len(steps) == len(parts):
            continue
        step = steps[len(parts)]
        if len(steps) > len(parts) + 1:
            below[step] = {"id": step, "type": "l", "text": step}
        else:
            updated = (table.updated or "").removesuffix("Z")
            below[step] = {"id": step, "type": "t", "text": table.label, "updated": updated}
    if not below:
        raise BadQuery
    return [below[step] for step in sorted(below)]


def _described(table: Table) -> dict[str, Any]:
    return {"title": table.label, "variables": [_variable(v) for v in table.variables]}


def _variable(variable: Variable) -> dict[str, Any]:
    described: dict[str, Any] = {
        "code": variable.code,
        "text": variable.label,
        "values": list(variable.values),
        "valueTexts": list(variable.values.values()),
    }
    if variable.eliminable:
        described["elimination"] = True
    if variable.role == "time":
        described["time"] = True
    return described


def _read(body: bytes) -> dict[str, Any]:
    try:
        query = orjson.loads(body)
        for item in query["query"]:
            selection = item["selection"]
            if not isinstance(item["code"], str) or not isinstance(selection["values"], list):
                raise BadQuery
            selection["filter"] = str(selection["filter"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise BadQuery from None
    return dict(query)


def _axis(variable: Variable, query: Mapping[str, Any]) -> Axis:
    """Return what is selected; a variable left out is eliminated, or else taken whole."""
    item = next((i for i in query["query"] if i["code"] == variable.code), None)
    if item is None:
        if variable.eliminable:
            return Axis(variable, [variable.eliminated()], kept=False)
        return Axis(variable, variable.points())
    selection = item["selection"]
    points = _filtered(variable, selection["filter"], [str(v) for v in selection["values"]])
    if not points:
        raise BadQuery
    return Axis(variable, points)


def _filtered(variable: Variable, how: str, values: list[str]) -> list[Point]:
    kind, _, name = how.partition(":")
    points = variable.points()
    if kind.lower() in {"agg", "vs"}:
        codelist = variable.codelist(f"{kind.lower()}_{name}")
        if codelist is None:
            raise BadQuery
        points = codelist.points
    if kind.lower() == "top":
        count = _count(values)
        return points[-count:] if variable.role == "time" else points[:count]
    if kind.lower() == "all":
        return [p for p in points if any(_like(p.code, value) for value in values)]
    codes = {point.code for point in points}
    if not set(values) <= codes:
        raise BadQuery
    return [point for point in points if point.code in set(values)]


def _count(values: list[str]) -> int:
    if len(values) != 1 or not values[0].isdigit() or int(values[0]) < 1:
        raise BadQuery
    return int(values[0])


def _like(code: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return code.startswith(pattern[:-1])
    return code == pattern


def _encoded(table: Table, axes: list[Axis], kind: str) -> Answer:
    kept = [axis.variable.code for axis in axes if axis.kept]
    match kind.lower():
        case "json-stat2":
            return _json2(answers.data(table, "sv", axes, kept))
        case "json-stat":
            return _json2(_first_version(answers.data(table, "sv", axes, kept)))
        case "json":
            return _rows(table, axes)
        case "px":
            text = f'CHARSET="ANSI";\nTITLE="{table.label}";\n'
            return Answer(200, text.encode("cp1252"), "application/octet-stream")
    raise BadQuery


def _json2(dataset: object) -> Answer:
    return Answer(200, answers.encoded(dataset), problems.JSON)


def _first_version(dataset: dict[str, Any]) -> dict[str, Any]:
    """Return the dataset as JSON-stat 1 has it."""
    inner = {
        **dataset["dimension"],
        "id": dataset["id"],
        "size": dataset["size"],
        "role": dataset["role"],
    }
    names = ("label", "source", "updated", "value", "status", "extension")
    rest = {name: dataset[name] for name in names if name in dataset}
    return {"dataset": {"dimension": inner, **rest}}


def _rows(table: Table, axes: list[Axis]) -> Answer:
    """Return the ``json`` format: rows with keys, numbers as text, and a byte order mark first."""
    kept = [axis for axis in axes if axis.kept]
    metric = next((axis for axis in kept if axis.variable.role == "metric"), None)
    keys = [axis for axis in kept if axis is not metric]
    values, status = table.cells([axis.points for axis in axes])
    order = [*(axes.index(a) for a in keys), *(n for n, a in enumerate(axes) if a not in keys)]
    wide = len(metric.points) if metric else 1
    texts = [
        symbol or f"{number:.10g}"
        for number, symbol in zip(
            values.transpose(order).ravel().tolist(),
            status.transpose(order).ravel().tolist(),
            strict=True,
        )
    ]
    combined = _combinations([[p.code for p in axis.points] for axis in keys])
    body = {
        "columns": _columns(table, keys, metric),
        "comments": [{"variable": "", "value": "", "comment": note} for note in table.notes],
        "data": [
            {"key": key, "values": texts[n * wide : (n + 1) * wide]}
            for n, key in enumerate(combined)
        ],
    }
    return Answer(200, BOM + orjson.dumps(body), "application/json; charset=utf-8")


def _columns(table: Table, keys: list[Axis], metric: Axis | None) -> list[dict[str, Any]]:
    columns: list[dict[str, Any]] = [
        {
            "code": axis.variable.code,
            "text": axis.variable.label,
            "type": "t" if axis.variable.role == "time" else "d",
        }
        for axis in keys
    ]
    if metric is None:
        return [*columns, {"code": table.id, "text": table.contents, "type": "c"}]
    units = metric.variable.units
    return columns + [
        {
            "code": p.code,
            "text": p.label,
            "type": "c",
            "unit": units.get(p.code, {}).get("base", ""),
        }
        for p in metric.points
    ]


def _combinations(codes: list[list[str]]) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    for along in codes:
        rows = [[*row, code] for row in rows for code in along]
    return rows

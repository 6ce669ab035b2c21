"""PxWebApi 2: from a request to an answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import orjson

from tests.pxserver import answers, catalogue, problems
from tests.pxserver.defaults import default_query
from tests.pxserver.model import Codelist, Table, Tables
from tests.pxserver.placement import order
from tests.pxserver.selection import Axis, Query, Wanted, resolve

LANGUAGES = ("sv", "en")
FORMAT = "json-stat2"
LONGEST_ADDRESS = 2_100


@dataclass(frozen=True)
class Request:
    """What came in: the path is decoded and without the base, parameters have lower-case names."""

    method: str
    path: str
    parameters: Mapping[str, str]
    body: bytes
    content_type: str = "application/json"
    address_length: int = 0


@dataclass
class Answer:
    """What goes out. ``dataset`` is the body before it was encoded, when it is a table's data."""

    status: int
    body: bytes
    content_type: str = problems.JSON
    headers: dict[str, str] = field(default_factory=dict)
    dataset: dict[str, Any] | None = None
    table: Table | None = None
    axes: list[Axis] | None = None


def refused(refusal: problems.Refusal) -> Answer:
    """Return the answer that a refusal makes."""
    body = refusal.body
    raw = body.encode() if isinstance(body, str) else orjson.dumps(body)
    return Answer(refusal.status, raw, refusal.content_type, dict(refusal.headers))


@dataclass
class Api:
    """The v2 side of the server.

    Attributes:
        limit: the calls and the seconds that ``/config`` tells; (0, 0) means "see the headers".
        links: the address that links in answers begin with.
        catalogue_size: how long the list of tables is made to be, with rows without tables.
    """

    tables: Tables
    config: dict[str, Any]
    max_cells: int
    links: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    codelists: dict[str, dict[str, Any]] = field(default_factory=dict)
    catalogue_size: int | None = None

    def answer(self, request: Request) -> Answer:
        """Answer a request, refusals included."""
        try:
            if request.address_length > LONGEST_ADDRESS:
                raise problems.address_too_long()
            return self._route(request)
        except problems.Refusal as refusal:
            return refused(refusal)

    def _route(self, request: Request) -> Answer:
        parts = [part for part in request.path.split("/") if part]
        fixed = [part.lower() for part in parts]
        language = self._language(request.parameters)
        match request.method, fixed:
            case "GET", ["config"]:
                return _json(self.config)
            case "GET", ["tables"]:
                return _json(self._list(request.parameters, language))
            case "GET", ["tables", _]:
                table = self._table(parts[1], language, problems.unknown_table)
                return _json({"language": language, **catalogue.row(table, language, self.links)})
            case "GET", ["tables", _, "metadata"]:
                return self._metadata(parts[1], request.parameters, language)
            case "GET", ["tables", _, "defaultselection"]:
                return self._default(parts[1], language)
            case (("GET" | "POST"), ["tables", _, "data"]):
                return self._data(parts[1], request, language)
            case "GET", ["codelists", _]:
                return self._codelist(parts[1], language)
            case "GET", ["savedqueries", *_]:
                raise problems.unknown_saved_query()
            case "POST", ["savedqueries"]:
                raise problems.no_saved_query()
        raise problems.nothing_here()

    def _language(self, parameters: Mapping[str, str]) -> str:
        language = parameters.get("lang") or self.config["defaultLanguage"]
        if language not in LANGUAGES:
            raise problems.unsupported_language()
        return str(language)

    def _table(self, id: str, language: str, refusal: Any) -> Table:
        table = self.tables.find(id)
        if table is None or language not in table.languages:
            raise refusal()
        return table

    def _list(self, parameters: Mapping[str, str], language: str) -> dict[str, Any]:
        listed = {row["id"] for row in self.rows}
        own = [t for t in self.tables.everything() if t.id not in listed]
        rows = list(self.rows) if language == "sv" else []
        rows += [catalogue.row(t, language, self.links) for t in own if language in t.languages]
        current = sum(not row.get("discontinued") for row in rows)
        fillers = range(1, (self.catalogue_size or 0) - current + 1)
        rows += [catalogue.filler(number, self.links) for number in fillers]
        return catalogue.page(catalogue.search(rows, parameters), parameters, language, self.links)

    def _metadata(self, id: str, parameters: Mapping[str, str], language: str) -> Answer:
        table = self._table(id, language, problems.unknown_table)
        axes = [Axis(v, v.points()) for v in table.variables]
        if parameters.get("defaultselection", "").lower() == "true":
            axes = resolve(table, default_query(table), self.max_cells)
        for name, codelist in _bracketed(parameters, "codelist").items():
            variable = table.variable(name)
            if variable is None:
                raise problems.unknown_variable()
            found = variable.codelist(codelist)
            if found is None:
                raise problems.unknown_codelist()
            axes = [Axis(variable, found.points) if a.variable is variable else a for a in axes]
        return _json(answers.metadata(table, language, axes, self.links))

    def _default(self, id: str, language: str) -> Answer:
        table = self._table(id, language, problems.unknown_table)
        query = default_query(table)
        selection = [
            {"variableCode": w.variable, "codelist": w.codelist, "valueCodes": w.values}
            for w in query.wanted
        ]
        here = f"{self.links}/tables/{id}/defaultselection?lang={language}"
        return _json(
            {
                "selection": selection,
                "placement": {"heading": query.heading, "stub": query.stub},
                "language": language,
                "links": [{"rel": "self", "hreflang": language, "href": here}],
            }
        )

    def _data(self, id: str, request: Request, language: str) -> Answer:
        posted = request.method == "POST"
        query = _posted(request) if posted else _in_the_address(request.parameters)
        wanted_format = request.parameters.get("outputformat") or FORMAT
        if wanted_format.lower() != FORMAT or request.parameters.get("outputformatparams"):
            raise problems.unsupported_format()
        table = self._table(id, language, problems.unknown_table_for_data)
        return self.extract(table, query if query.wanted else default_query(table), language)

    def extract(self, table: Table, query: Query, language: str = "sv") -> Answer:
        """Return the extract that a query selects."""
        axes = resolve(table, query, self.max_cells)
        dataset = answers.data(table, language, axes, order(table, axes, query))
        answer = _json(dataset)
        answer.headers["Content-Disposition"] = f'inline; filename="{table.id}.json"'
        answer.dataset, answer.table, answer.axes = dataset, table, axes
        return answer

    def _codelist(self, id: str, language: str) -> Answer:
        if id in self.codelists and self.codelists[id]["language"] == language:
            return _json(self.codelists[id])
        for table in self.tables.everything():
            for variable in table.variables:
                found = variable.codelist(id)
                if found is not None and language in table.languages:
                    return _json(self._described(found, language))
        raise problems.unknown_codelist_page()

    def _described(self, codelist: Codelist, language: str) -> dict[str, Any]:
        here = f"{self.links}/codeLists/{codelist.id}?lang={language}"
        return {
            "id": codelist.id,
            "label": codelist.label,
            "language": language,
            "languages": list(codelist.languages),
            "elimination": codelist.eliminable,
            "type": codelist.type,
            "values": [
                {"code": p.code, "label": p.label, "valueMap": list(p.members)}
                for p in codelist.points
            ],
            "links": [{"rel": "self", "hreflang": language, "href": here}],
        }


def _json(answer: object) -> Answer:
    return Answer(200, answers.encoded(answer))


def _bracketed(parameters: Mapping[str, str], name: str) -> dict[str, str]:
    """Return ``name[VAR]=...`` parameters by VAR; anything spelt otherwise is not seen."""
    pattern = re.compile(rf"{name}\[(.+)\]", re.IGNORECASE)
    found = ((pattern.fullmatch(key), value) for key, value in parameters.items())
    return {match[1]: value for match, value in found if match is not None}


def _in_the_address(parameters: Mapping[str, str]) -> Query:
    """Read a GET selection; a code list without values for its variable is not seen."""
    codelists = {key.lower(): c for key, c in _bracketed(parameters, "codelist").items()}
    wanted = [
        Wanted(name, _split(text), codelists.get(name.lower()))
        for name, text in _bracketed(parameters, "valuecodes").items()
    ]
    return Query(wanted, _split(parameters.get("heading")), _split(parameters.get("stub")))


def _split(text: str | None) -> list[str]:
    """Split at commas, except within brackets, which are then taken away."""
    parts = re.findall(r"\[([^\]]*)\]|([^,]+)", text or "")
    return [(bracketed or plain).strip() for bracketed, plain in parts if bracketed or plain]


def _posted(request: Request) -> Query:
    """Read a POST body as ASP.NET does: names ignore case, unknown names are not seen."""
    if not request.body.strip():
        return Query()
    if "json" not in request.content_type.lower():
        raise problems.unsupported_media()
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise problems.unbound("", "Unexpected character encountered while parsing.") from None
    if not isinstance(body, dict):
        raise problems.unbound("", "Error converting value.")
    body = _folded(body)
    placement = _folded(body.get("placement") or {})
    wanted = [_wanted(_folded(item)) for item in body.get("selection") or []]
    return Query(wanted, placement.get("heading") or [], placement.get("stub") or [])


def _wanted(item: Mapping[str, Any]) -> Wanted:
    code, values = item.get("variablecode"), item.get("valuecodes") or []
    if not isinstance(code, str):
        raise problems.unbound("selection", "The VariableCode field is required.")
    if not isinstance(values, list):
        raise problems.unbound("selection", "Error converting value.")
    return Wanted(code, [str(value) for value in values], item.get("codelist"))


def _folded(mapping: object) -> dict[str, Any]:
    if not isinstance(mapping, dict):
        raise problems.unbound("", "Error converting value.")
    return {str(key).lower(): value for key, value in mapping.items()}


def query_parameters(query: str) -> dict[str, str]:
    """Split the query part of an address; names ignore case, variable codes in them do not matter."""
    pairs = (part.partition("=") for part in query.split("&") if part)
    return {unquote(n.replace("+", " ")).lower(): unquote(v.replace("+", " ")) for n, _, v in pairs}

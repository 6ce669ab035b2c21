"""Reads the bodies that PxWeb v1 answers with: limits, levels, metadata and errors."""

from dataclasses import replace
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from affarsplan_data.scb.cells import plain
from affarsplan_data.scb.cubes import Cube, Dimension, Structure
from affarsplan_data.scb.errors import (
    RateLimitError,
    RefusedError,
    ScbError,
    TooManyCellsError,
    UnknownTableError,
    UnsupportedError,
)
from affarsplan_data.scb.fields import (
    array,
    mapping,
    optional_text,
    text,
    texts,
    unboxed,
    unreadable,
)
from affarsplan_data.scb.http import Answer, retry_after
from affarsplan_data.scb.limits import Rate, rate
from affarsplan_data.scb.metadata import Metadata, Variable
from affarsplan_data.scb.problems import LONGEST_ERROR_BODY
from affarsplan_data.scb.pxjson import CONTENTS
from affarsplan_data.scb.selection import Choice, Query

OPEN = "utan uppräkning"
"""Marks a variable whose codes the metadata leave out because they are too many."""


class V1Config(BaseModel):
    """The server's own limits (``?config``); what it does not say is what SCB's old pages say.

    ``rate`` is None when the limit on calls is not said; the limiter then keeps to 10 in 10 seconds.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    max_values: int = Field(100_000, alias="maxValues", ge=1)
    max_cells: int = Field(100_000, alias="maxCells", ge=1)
    max_calls: int = Field(0, alias="maxCalls")
    window: float = Field(0, alias="timeWindow")

    @property
    def rate(self) -> Rate | None:
        """The limit on calls."""
        return rate(self.max_calls, self.window)


def config_of(content: bytes) -> V1Config:
    """Return the limits a body declares; the cautious ones when it declares none that make sense."""
    try:
        return V1Config.model_validate_json(content)
    except ValidationError:
        return V1Config()


def levels_of(path: str, content: bytes) -> list[dict[str, Any]]:
    """Return what a level holds.

    Raises:
        UnreadableAnswerError: the body is no such list.
        RefusedError: there is a table at the path.
    """
    listed = plain(content)
    if isinstance(listed, dict) and "variables" in listed:
        raise RefusedError(f"{path} är en tabell och har inga nivåer under sig. Använd metadata().")
    above = f"{path.strip('/')}/" if path.strip("/") else ""
    rows = []
    for item in array(listed, "nivåerna"):
        found = mapping(item, "nivån")
        # At the root the databases are named ``dbid``, and have no type.
        name = text(found.get("id", found.get("dbid")), "id")
        rows.append(
            {
                "id": name,
                "type": optional_text(found.get("type"), "type") or "l",
                "text": optional_text(found.get("text"), "text") or name,
                "updated": optional_text(found.get("updated"), "updated"),
                "path": above + name,
            }
        )
    return rows


def metadata_of(path: str, content: bytes) -> Metadata:
    """Return a table's metadata.

    Raises:
        UnreadableAnswerError: the body does not describe a table.
        UnknownTableError: there is a level at the path.
    """
    described = plain(content)
    if isinstance(described, list):
        raise UnknownTableError(f"{path or 'Roten'} är en nivå, inte en tabell. Använd levels().")
    answer = mapping(described, "svaret")
    variables = array(answer.get("variables"), "variables")
    dimensions = tuple(_dimension(mapping(v, "variables")) for v in variables)
    if not dimensions or len({d.id for d in dimensions}) != len(dimensions):
        raise unreadable("variables är tom eller har samma variabel två gånger")
    title = optional_text(answer.get("title"), "title") or ""
    structure = Structure(title, None, None, dimensions, (), {})
    return Metadata(path.strip("/").rsplit("/", 1)[-1], structure)


def _dimension(variable: Any) -> Dimension:
    code = text(variable.get("code"), "code")
    codes = texts(variable.get("values"), f"{code}.values")
    labels = texts(variable.get("valueTexts"), f"{code}.valueTexts")
    if (labels and len(labels) != len(codes)) or len(set(codes)) != len(codes):
        raise unreadable(f"{code} har {len(codes)} koder och {len(labels)} namn")
    extension: dict[str, Any] = {"elimination": unboxed(variable.get("elimination")) is True}
    if not codes:
        extension[OPEN] = True
    is_time = unboxed(variable.get("time")) is True
    return Dimension(
        id=code,
        label=optional_text(variable.get("text"), f"{code}.text") or code,
        codes=codes,
        labels=labels or codes,
        role="time" if is_time else "metric" if code.casefold() == CONTENTS.casefold() else None,
        units={},
        notes=(),
        extension=extension,
    )


def extended(query: Query, cube: Cube) -> Query:
    """Return the query with the contents as a variable, for tables whose metadata have none.

    A table with one content need not declare it; an answer names it all the same.
    """
    asked = {choice.code for choice in query.choices}
    unasked = [d for d in cube.structure.dimensions if d.id not in asked]
    if len(unasked) != 1 or unasked[0].role != "metric" or len(unasked[0].codes) != 1:
        return query
    variable = Variable(unasked[0], is_time=False, is_metric=True)
    return replace(query, choices=(*query.choices, Choice(variable, unasked[0].codes)))


def with_labels(metadata: Metadata, cube: Cube) -> Cube:
    """Return the cube with the metadata's names where the answer has only codes."""
    known = {dimension.id: dimension for dimension in metadata.structure.dimensions}

    def named(dimension: Dimension) -> Dimension:
        described = known.get(dimension.id)
        if described is None or dimension.labels != dimension.codes:
            return dimension
        names = dict(zip(described.codes, described.labels, strict=True))
        label = described.label if dimension.label == dimension.id else dimension.label
        labels = tuple(names.get(code, code) for code in dimension.codes)
        return replace(dimension, label=label, labels=labels)

    dimensions = tuple(named(dimension) for dimension in cube.structure.dimensions)
    label = cube.structure.label or metadata.label
    return replace(cube, structure=replace(cube.structure, dimensions=dimensions, label=label))


def read_v1_problem(answer: Answer) -> ScbError | None:
    """Return the typed error that an answer is; None when it is none, or one that the status tells."""
    said = _said(answer)
    if answer.status == 429 or said.startswith("429"):
        error: ScbError = _error(
            RateLimitError,
            "Servern tar inte emot fler anrop just nu. Vänta och försök igen.",
            answer,
        )
        assert isinstance(error, RateLimitError)
        error.retry_after = retry_after(answer.headers)
        return error
    if "too many values" in said:
        return _error(TooManyCellsError, "Urvalet har fler celler än servern tillåter.", answer)
    if "search not activated" in said:
        return _error(UnsupportedError, "Databasen har ingen sökning.", answer)
    if answer.status in (400, 404) or (said and answer.status < 500):
        return _error(
            UnknownTableError if answer.status == 404 else RefusedError,
            "Servern förstod inte frågan: sökvägen, variablerna eller koderna stämmer inte. "
            "Gå genom nivåerna med levels() och hämta tabellens metadata på nytt.",
            answer,
        )
    return None


def _said(answer: Answer) -> str:
    """Return what the body's ``error`` says, in lower case; empty when it is no error body."""
    if len(answer.content) > LONGEST_ERROR_BODY:
        return ""
    try:
        body = orjson.loads(answer.content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return ""
    error = body.get("error") if isinstance(body, dict) else None
    return error.strip().lower() if isinstance(error, str) else ""


def _error(kind: type[ScbError], sentence: str, answer: Answer) -> ScbError:
    said = answer.text[:200] or "ingenting"
    return kind(
        f"{sentence} Frågan var {answer.request}; servern svarade ”{said}” (HTTP {answer.status}).",
        asked=str(answer.request),
        status=answer.status,
        answer=answer.text,
    )

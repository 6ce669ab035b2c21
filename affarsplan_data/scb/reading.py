"""Reads the bodies of answers that are not data: configuration, tables, metadata, codelists."""

from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from affarsplan_data.scb import jsonstat
from affarsplan_data.scb.errors import UnreadableAnswerError
from affarsplan_data.scb.metadata import Metadata, TableInfo

BOM = b"\xef\xbb\xbf"

_Model = TypeVar("_Model", bound=BaseModel)


def loaded(content: bytes) -> dict[str, Any]:
    """Return the JSON object that a body holds.

    Raises:
        UnreadableAnswerError: it holds none.
    """
    try:
        loaded = orjson.loads(content.removeprefix(BOM))
    except orjson.JSONDecodeError as error:
        raise UnreadableAnswerError(
            f"Svaret är inte JSON ({error}). Det börjar: {content[:60]!r}",
            answer=content[:300].decode("utf-8", "replace"),
        ) from None
    if not isinstance(loaded, dict):
        raise UnreadableAnswerError("Svaret är JSON, men inte av det slag som efterfrågades.")
    return loaded


def model_of(model: type[_Model], content: bytes) -> _Model:
    """Return a body as a model.

    Raises:
        UnreadableAnswerError: a field is missing or of the wrong kind.
    """
    try:
        return model.model_validate(loaded(content))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise UnreadableAnswerError(
            f"Svaret saknar eller har fel i fältet {where}: {first['msg']}."
        ) from None


def metadata_of(table: str, content: bytes) -> Metadata:
    """Return a table's metadata.

    Raises:
        UnreadableAnswerError: the body does not describe a table.
    """
    return Metadata(table, jsonstat.read_structure(loaded(content)))


class _PageNumbers(BaseModel):
    totalElements: int  # noqa: N815 - the server's name


class _Page(BaseModel):
    tables: list[TableInfo]
    page: _PageNumbers


def page_of(content: bytes) -> tuple[list[TableInfo], int]:
    """Return a page of the list of tables, and the number of tables in all.

    Raises:
        UnreadableAnswerError: the body is no such page.
    """
    page = model_of(_Page, content)
    return page.tables, page.page.totalElements

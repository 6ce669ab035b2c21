"""Reads PxWeb v1, the interface before PxWebApi 2, which several agencies still have.

    >>> tillvaxtanalys = PxWebV1Client("https://.../PxWeb/api/v1/sv")
    >>> tillvaxtanalys.levels()
    >>> tillvaxtanalys.metadata("Databas/Nystartade företag/tabell.px")
    >>> tillvaxtanalys.data("Databas/Nystartade företag/tabell.px", {"Län": "*", "År": "TOP(3)"})

Tables are found by their path. The interface takes all values of a variable that is left out, or its
total, without saying which; here every variable is asked for, and answers are compared with questions.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import httpx
import pandas as pd

from affarsplan_data.archive import Archive
from affarsplan_data.scb import v1_reading as reading
from affarsplan_data.scb.asking import Kept, Question
from affarsplan_data.scb.base import MAX_CELLS, BaseClient
from affarsplan_data.scb.checking import as_asked, whole_structure
from affarsplan_data.scb.cubes import Cube
from affarsplan_data.scb.errors import (
    OfflineError,
    RefusedError,
    SelectionError,
    UpdatedMeanwhileError,
)
from affarsplan_data.scb.frames import Columns, Contents, check_layout, laid_out
from affarsplan_data.scb.http import Patience, Request
from affarsplan_data.scb.jsonstat import read_cube
from affarsplan_data.scb.limits import Limiter
from affarsplan_data.scb.metadata import Metadata, Variable
from affarsplan_data.scb.progress import Report, shown
from affarsplan_data.scb.pxjson import read_pxjson
from affarsplan_data.scb.selection import ELIMINATE, Choice, Query, Selection, resolve
from affarsplan_data.scb.splitting import join
from affarsplan_data.scb.v1_reading import OPEN, V1Config, read_v1_problem
from affarsplan_data.scb.vintages import agree

SCB_V1 = "https://api.scb.se/OV0104/v1/doris/sv/ssd"

Format = Literal["json-stat2", "json-stat", "json"]
T = TypeVar("T")
_READERS: dict[str, Callable[[bytes], Cube]] = {
    "json-stat2": read_cube,
    "json-stat": read_cube,
    "json": read_pxjson,
}
_CODELIST = re.compile(r"(agg|vs)[_:](.+)", re.DOTALL)
_EXPRESSION = re.compile(r"[*?]|(TOP|BOTTOM|FROM|TO|RANGE)\(", re.IGNORECASE)


class PxWebV1Client(BaseClient):
    """Reads statistics from a PxWeb v1 server.

    Limits are those of the server's ``?config``, or 10 calls per 10 seconds and 100 000 cells until it
    has said. Calls are made one at a time: one refused for its haste counts too, and lengthens the wait.

    Args:
        base_url: the address with the language, below which the databases are.
        archive: where answers are kept, for reading with ``offline``.
        offline: read only from the archive; no connection is ever opened.
        patience: timeouts, waits and number of attempts.
        max_cells: a selection with more cells than this is refused.
        transport: another way to carry requests than the network, for tests.
    """

    def __init__(
        self,
        base_url: str = SCB_V1,
        *,
        archive: Archive | None = None,
        offline: bool = False,
        patience: Patience | None = None,
        limiter: Limiter | None = None,
        max_cells: int = MAX_CELLS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(
            base_url, read_v1_problem, archive, offline, patience, limiter, max_cells, transport
        )
        self._config: V1Config | None = None

    def config(self) -> V1Config:
        """Return the server's limits; the cautious ones when it does not tell. Asked for once."""
        if self._config is None:
            question = Question("config", Request("GET", f"{self.base_url}?config"))
            try:
                config, _ = self._asker.answer(question, reading.config_of)
            except (RefusedError, OfflineError):
                config = V1Config()
            self._connection.limiter.declare(config.rate)
            self._config = config
        return self._config

    def levels(self, path: str = "") -> pd.DataFrame:
        """Return what is below a level, one row each, with the ``path`` to ask for next.

        ``type`` is ``l`` for a level and ``t`` for a table.

        Raises:
            RefusedError: there is no such level.
        """
        rows, _ = self._get(path, partial(reading.levels_of, path))
        return pd.DataFrame(rows, columns=["id", "type", "text", "updated", "path"])

    def metadata(self, path: str, *, name: str | None = None) -> Metadata:
        """Return a table's variables and codes.

        A variable with very many values has no codes here; such ones must be named in the selection.
        ``name`` is what the table's answers are to be archived under, instead of its path.

        Raises:
            UnknownTableError: there is a level at that path, and no table.
            RefusedError: there is nothing at that path.
        """
        metadata, kept = self._get(path, partial(reading.metadata_of, path), name)
        return replace(metadata, answer=kept.id, name=name)

    def query(
        self,
        path: str,
        selection: Selection | None = None,
        codelists: Mapping[str, str] | None = None,
        *,
        metadata: Metadata | None = None,
    ) -> Query:
        """Return what a selection means, with every expression as the codes it stands for.

        ``metadata`` saves a call to the server when they have just been asked for.

        Raises:
            SelectionError: the table does not have what the selection asks for.
        """
        metadata = metadata or self.metadata(path)
        wanted = dict(selection or {})
        through = {
            metadata.variable(name).code: _filter(given)
            for name, given in (codelists or {}).items()
        }
        for variable in metadata.variables:
            if OPEN in variable.dimension.extension:
                through.setdefault(variable.code, OPEN)
        for code, how in through.items():
            metadata = _with_named(metadata, metadata.variable(code), wanted, how)
        return resolve(metadata, wanted, through, lambda _: ())

    def data(
        self,
        path: str,
        selection: Selection | None = None,
        codelists: Mapping[str, str] | None = None,
        *,
        columns: Columns = "both",
        contents: Contents = "rows",
        format: Format = "json-stat2",
        progress: bool | Report | None = None,
    ) -> pd.DataFrame:
        """Return the figures of a table that a selection asks for.

        Args:
            path: the table's path below the base address.
            selection: per variable a code, an expression, or a list of them, as for
                :class:`~affarsplan_data.scb.ScbClient`. A variable that is not mentioned is taken whole.
            codelists: per variable a codelist (``vs:...`` or ``agg:...``) that its codes belong to. The
                interface does not list a codelist's codes, so they must all be named.
            columns: codes and labels, or only one of them.
            contents: the table's contents as rows, or as one column each.
            format: ``json-stat2``; older servers have only ``json-stat`` or ``json``.
            progress: a bar, no bar, or a function; by default a bar when somebody is there to see it.

        Returns:
            One row per cell, as from :class:`~affarsplan_data.scb.ScbClient`.

        Raises:
            SelectionError: the table does not have what is asked for. Nothing was sent for it.
            WrongAnswerError: the server answered another question.
            UnavailableError: the server could not be reached, or not in time.
        """
        if format not in _READERS:
            raise SelectionError(
                f"Formatet ”{format}” kan inte läsas. Välj bland {', '.join(_READERS)}."
            )
        check_layout(columns, contents)
        query = self.query(path, selection, codelists)
        cube, kept = self.cube(path, query, format=format, progress=progress)
        frame = laid_out(cube, columns, contents)
        frame.attrs |= {
            "table": query.metadata.id,
            "retrieved": max(answer.retrieved for answer in kept).isoformat(),
            "taken_whole": [choice.code for choice in query.choices if choice.assumed],
            "answers": [answer.id for answer in kept if answer.id],
        }
        return frame

    def cube(
        self,
        path: str,
        query: Query,
        *,
        updated: str | None = None,
        format: Format = "json-stat2",
        progress: bool | Report | None = None,
        fresh: bool = False,
    ) -> tuple[Cube, list[Kept]]:
        """Return the answer to a query as a cube, and the answers it was put together from, in order.

        Args:
            path: the table's path below the base address.
            query: what is asked for.
            updated: the version of the table, as its level says; an answer of that version out of the
                archive is then as good as a new one. The interface says no version itself.
            format: as for :meth:`data`.
            progress: as for :meth:`data`.
            fresh: ask the server even when the archive has the answer.

        Raises:
            UpdatedMeanwhileError: the table was updated between two calls; ask for the query again.
        """
        pieces = self._pieces(query, self.config().max_cells)
        cubes, kept = [], []
        with shown(query.metadata.id, len(pieces), progress) as report:
            for done, piece in enumerate(pieces, start=1):
                cube, answer = self._part(path, query.part(piece), format, updated, fresh)
                cubes.append(cube)
                kept.append(answer)
                report(done, len(pieces))
        if not agree(cubes):
            raise UpdatedMeanwhileError(
                f"Tabellen {path} uppdaterades under hämtningen. Inget av svaren används. Försök igen."
            )
        whole = reading.extended(query, cubes[0])
        extra = tuple(slice(None) for _ in whole.shape[len(query.shape) :])
        placed = [(piece + extra, cube) for piece, cube in zip(pieces, cubes, strict=True)]
        return join(whole_structure(whole, cubes), placed), kept

    def _part(
        self, path: str, query: Query, format: Format, updated: str | None, fresh: bool
    ) -> tuple[Cube, Kept]:
        metadata = query.metadata

        def read(content: bytes) -> Cube:
            cube = _READERS[format](content)
            return reading.with_labels(metadata, as_asked(reading.extended(query, cube), cube))

        request = self._connection.request("POST", _quoted(path), body=_body(query, format))
        question = Question(metadata.name or _slug(path), request, updated)
        return self._asker.answer(question, read, fresh=fresh)

    def _get(
        self, path: str, read: Callable[[bytes], T], name: str | None = None
    ) -> tuple[T, Kept]:
        self.config()
        request = self._connection.request("GET", _quoted(path))
        return self._asker.answer(Question(name or _slug(path), request), read)


def _body(query: Query, format: Format) -> dict[str, Any]:
    asked = [
        {"code": choice.code, "selection": {"filter": _how(choice), "values": list(choice.codes)}}
        for choice in query.kept
    ]
    return {"query": asked, "response": {"format": format}}


def _how(choice: Choice) -> str:
    return choice.codelist if choice.codelist and choice.codelist != OPEN else "item"


def _filter(codelist: str) -> str:
    """Return a codelist as v1 names it: ``agg_X`` and ``agg:X`` are ``agg:X``."""
    if match := _CODELIST.fullmatch(codelist):
        return f"{match[1]}:{match[2]}"
    raise SelectionError(f"”{codelist}” är ingen kodlista. En sådan börjar med vs: eller agg:.")


def _with_named(
    metadata: Metadata, variable: Variable, wanted: Mapping[str, Any], how: str
) -> Metadata:
    """Return the metadata with the codes that the selection names as all that the variable has."""
    given = next(
        (value for name, value in wanted.items() if metadata.variable(name).code == variable.code),
        None,
    )
    if given is ELIMINATE:
        return metadata
    items = [given] if isinstance(given, str | int) else list(given or ())
    codes = tuple(dict.fromkeys(str(item).strip() for item in items))
    if not codes or any(_EXPRESSION.search(code) for code in codes):
        why = "har för många värden för att räknas upp" if how == OPEN else f"läses genom {how}"
        raise SelectionError(
            f"{variable.code} i {metadata.id} {why}, och servern säger inte vilka koder som finns. "
            "Skriv ut koderna en för en."
        )
    named = replace(variable.dimension, codes=codes, labels=codes)
    dimensions = tuple(named if d.id == variable.code else d for d in metadata.structure.dimensions)
    return replace(metadata, structure=replace(metadata.structure, dimensions=dimensions))


def _quoted(path: str) -> str:
    steps = path.strip("/").split("/")
    if any(step in (".", "..") for step in steps):
        raise RefusedError(f"{path!r:.100} är ingen sökväg till en tabell.")
    return "/".join(quote(step, safe="") for step in steps)


def _slug(path: str) -> str:
    """Return a path as a folder name for the archive."""
    name = re.sub(r"[^A-Za-z0-9ÅÄÖåäö-]+", "_", path.strip("/")).strip("_")
    return f"v1-{name[-90:]}" if name else "v1"

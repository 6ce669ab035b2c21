"""The client: one table, one selection, one frame, or an error that says why not."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Literal, TypeVar
from urllib.parse import quote

import httpx
import pandas as pd

from affarsplan_data.archive import Archive
from affarsplan_data.scb import jsonstat
from affarsplan_data.scb.asking import Kept, Question
from affarsplan_data.scb.base import MAX_CELLS, BaseClient
from affarsplan_data.scb.checking import as_asked, whole_structure
from affarsplan_data.scb.cubes import Cube
from affarsplan_data.scb.errors import (
    OfflineError,
    ScbError,
    SelectionError,
    UnknownCodelistError,
    UnknownTableError,
    UnsupportedError,
    UpdatedMeanwhileError,
    WrongAnswerError,
)
from affarsplan_data.scb.frames import check_layout, laid_out
from affarsplan_data.scb.http import Patience
from affarsplan_data.scb.limits import Limiter
from affarsplan_data.scb.metadata import Codelist, Config, Metadata, TableInfo
from affarsplan_data.scb.mixing import warn_of_mixed_levels
from affarsplan_data.scb.problems import read_problem
from affarsplan_data.scb.progress import Report, shown
from affarsplan_data.scb.reading import metadata_of, model_of, page_of
from affarsplan_data.scb.selection import Query, Selection, resolve
from affarsplan_data.scb.splitting import join
from affarsplan_data.scb.vintages import agree, is_newer, is_older
from affarsplan_data.scb.workers import side_by_side

SCB = "https://statistikdatabasen.scb.se/api/v2"
PAGE_SIZE = 100
THREADS = 4
RESTARTS = 2

T = TypeVar("T")
_RESERVED_IN_SEARCH = re.compile(r"[(){}\[\]^~:/\\!+\"]")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_CODELIST = re.compile(r"(agg|vs)_[^/\\?#]{1,150}")
_TABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class ScbClient(BaseClient):
    """Reads statistics from a PxWebApi 2 server, SCB's unless another is named.

    Every answer is compared with the question, and is used whole or not at all. Calls are spaced by the
    limits that the server declares, large selections are cut into as many calls as needed, and what may
    pass is tried again. One client may be used from several threads.

    Args:
        base_url: the address of the interface.
        language: the language of labels, ``sv`` or ``en`` at SCB.
        archive: where answers are kept; the same question for the same version of a table is then not
            asked again.
        offline: read only from the archive; no connection is ever opened.
        patience: timeouts, waits and number of attempts.
        max_cells: a selection with more cells than this is refused.
        transport: another way to carry requests than the network, for tests.

    Example:
        >>> scb = ScbClient()
        >>> scb.data("TAB3138", {"Region": ["00", "19"], "ContentsCode": "NR0105AH", "Tid": "TOP(5)"})
    """

    def __init__(
        self,
        base_url: str = SCB,
        language: str = "sv",
        *,
        archive: Archive | None = None,
        offline: bool = False,
        patience: Patience | None = None,
        limiter: Limiter | None = None,
        max_cells: int = MAX_CELLS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            raise UnsupportedError(
                f"{language!r:.40} är inget språk. Ange till exempel sv eller en."
            )
        super().__init__(
            base_url, read_problem, archive, offline, patience, limiter, max_cells, transport
        )
        self.language = language
        self._config: Config | None = None

    def __repr__(self) -> str:
        return f"ScbClient({self.base_url!r}, language={self.language!r})"

    def config(self) -> Config:
        """Return the server's limits and choices. Asked for once per client.

        Raises:
            ScbError: no answer, or not one to rely on.
        """
        if self._config is None:
            request = self._connection.request("GET", "config")
            config, _ = self._asker.answer(Question("config", request), partial(model_of, Config))
            self._connection.limiter.declare(config.rate)
            self._config = config
        return self._config

    def search(
        self,
        query: str | None = None,
        *,
        past_days: int | None = None,
        discontinued: bool = False,
    ) -> pd.DataFrame:
        """Return the tables that a search finds, one row each, from all pages of the answer.

        Args:
            query: words to search for; SCB requires all of them. ``*`` stands for any ending. None lists
                every table.
            past_days: only tables updated in so many days.
            discontinued: also tables that are no longer updated.
        """
        words = _RESERVED_IN_SEARCH.sub(" ", query).strip() if query else None
        found: dict[str, TableInfo] = {}
        page, expected = 0, 1
        while len(found) < expected:
            page += 1
            params = {
                "query": words,
                "pastDays": past_days,
                "includeDiscontinued": str(discontinued).lower(),
                "pageNumber": page,
                "pageSize": PAGE_SIZE,
            }
            (tables, expected), _ = self._get("tables", "tables", page_of, params)
            new = {table.id: table for table in tables if table.id not in found}
            found |= new
            if not new:
                break
        if len(found) != expected:
            raise WrongAnswerError(
                f"Listan över tabeller ändrades under hämtningen: {expected} väntades, {len(found)} kom. "
                "Försök igen."
            )
        rows = [table.model_dump(exclude={"paths"}) for table in found.values()]
        columns = [name for name in TableInfo.model_fields if name != "paths"]
        frame = pd.DataFrame(rows, columns=columns)
        frame["updated"] = pd.to_datetime(frame["updated"], utc=True, errors="coerce")
        return frame

    def table(self, table: str) -> TableInfo:
        """Return a table's title, periods and last update.

        Raises:
            UnknownTableError: there is no such table in this language.
        """
        name = _table_id(table)
        return self._get(f"tables/{name}", name, partial(model_of, TableInfo))[0]

    def metadata(
        self, table: str, codelists: Mapping[str, str] | None = None, *, name: str | None = None
    ) -> Metadata:
        """Return a table's variables, codes, codelists and notes.

        Args:
            table: the table's id, for example ``TAB3138``.
            codelists: per variable a codelist to read it through; the codes are then the codelist's.
            name: what the table's answers are to be archived under, instead of its id.

        Raises:
            UnknownTableError: there is no such table in this language.
        """
        question, read = self._about(_table_id(table), codelists, name)
        self.config()
        metadata, kept = self._asker.answer(question, read)
        return replace(metadata, answer=kept.id, name=name)

    def _about(
        self, table: str, codelists: Mapping[str, str] | None = None, name: str | None = None
    ) -> tuple[Question, Callable[[bytes], Metadata]]:
        """Return the question about a table's metadata, and how to read its answer."""
        params = {f"codelist[{code}]": given for code, given in (codelists or {}).items()}
        request = self._connection.request(
            "GET", f"tables/{table}/metadata", {"lang": self.language, **params}
        )
        return Question(name or table, request), partial(metadata_of, table)

    def codelist(self, codelist: str) -> Codelist:
        """Return a codelist with its values.

        Raises:
            UnknownCodelistError: there is no such codelist; ids tell upper from lower case.
        """
        if not isinstance(codelist, str) or not _CODELIST.fullmatch(codelist):
            raise UnknownCodelistError(
                f"{codelist!r:.80} är ingen kodlista. En sådan börjar med agg_ eller vs_; tabellens "
                "metadata säger vilka som finns."
            )
        name = re.sub(r"[^A-Za-z0-9ÅÄÖåäö._-]", "_", codelist)
        path = f"codelists/{quote(codelist, safe='')}"
        return self._get(path, f"codelist-{name}"[:100], partial(model_of, Codelist))[0]

    def query(
        self,
        table: str,
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
        metadata = metadata or self.metadata(table)
        if not isinstance(codelists or {}, Mapping):
            raise SelectionError(
                f"codelists ska vara en dict från variabel till kodlista, inte {codelists!r:.60}."
            )
        through = {
            metadata.variable(name).code: metadata.variable(name).codelist(given).id
            for name, given in (codelists or {}).items()
        }
        if through:
            metadata = self._through(metadata, through)
        return resolve(metadata, selection or {}, through, lambda name: self.codelist(name).codes)

    def data(
        self,
        table: str,
        selection: Selection | None = None,
        codelists: Mapping[str, str] | None = None,
        *,
        columns: Literal["both", "codes", "labels"] = "both",
        contents: Literal["rows", "columns"] = "rows",
        progress: bool | Report | None = None,
        fresh: bool = False,
    ) -> pd.DataFrame:
        """Return the figures of a table that a selection asks for.

        Args:
            table: the table's id, for example ``TAB3138``.
            selection: per variable a code, an expression (``"*"``, ``"19*"``, ``"TOP(5)"``,
                ``"RANGE(2015,2024)"``, ``"FROM(2015)"``), a codelist of values (``"vs_..."``) or a list
                of these. :data:`ELIMINATE` asks for the table's total over a variable. A variable that is
                not mentioned is taken whole.
            codelists: per variable a codelist (``agg_`` or ``vs_``) to read it through.
            columns: codes and labels, or only one of them.
            contents: the table's contents as rows, or as one column each.
            progress: a bar, no bar, or a function; by default a bar when somebody is there to see it.
            fresh: ask the server even when the archive has the answer.

        Returns:
            One row per cell: a column per variable, ``value``, ``unit`` and ``status`` (the producer's
            symbol where a value is missing). ``frame.attrs`` holds title, source, ``updated``, notes
            that must be read, units, and the answers' places in the archive.

        Raises:
            SelectionError: the table does not have what is asked for. Nothing was sent for it.
            WrongAnswerError: the server answered another question.
            UnavailableError: the server could not be reached, or not in time.
        """
        check_layout(columns, contents)
        wanted = _repeatable(selection or {})
        for metadata in self._versions(table):
            query = self.query(table, wanted, codelists, metadata=metadata)
            try:
                cube, kept = self.cube(query, progress=progress, fresh=fresh)
                break
            except (UpdatedMeanwhileError, OfflineError) as error:
                failure: ScbError = error
        else:
            raise failure
        warn_of_mixed_levels(query)
        frame = laid_out(cube, columns, contents)
        frame.attrs |= {
            "table": query.metadata.id,
            "language": self.language,
            "retrieved": max(answer.retrieved for answer in kept).isoformat(),
            "taken_whole": [choice.code for choice in query.choices if choice.assumed],
            "not_in_table": {c.code: list(c.lacking) for c in query.choices if c.lacking},
            "answers": [answer.id for answer in kept if answer.id],
        }
        return frame

    def _versions(self, table: str) -> Iterator[Metadata]:
        """Yield the table's metadata: as they are now, once per attempt; offline, every version held."""
        if not self.offline:
            for _ in range(RESTARTS + 1):
                yield self.metadata(table)
            return
        question, read = self._about(_table_id(table))
        yield self.metadata(table)
        for metadata, kept in self._asker.held(question, read)[1:]:
            yield replace(metadata, answer=kept.id)

    def cube(
        self, query: Query, *, progress: bool | Report | None = None, fresh: bool = False
    ) -> tuple[Cube, list[Kept]]:
        """Return the answer to a query as a cube, and the answers it was put together from, in order.

        Raises:
            UpdatedMeanwhileError: the table was updated between two calls; ask for the query again.
        """
        pieces = self._pieces(query, self.config().max_data_cells)
        tasks = [partial(self._part, query.part(piece), fresh) for piece in pieces]
        answers: dict[int, tuple[Cube, Kept]] = {}
        with shown(query.metadata.id, len(tasks), progress) as report:
            for number, answer in side_by_side(tasks, THREADS):
                answers[number] = answer
                report(len(answers), len(tasks))
        cubes, kept = zip(*(answers[number] for number in range(len(tasks))), strict=True)
        if any(answer.asked_now for answer in kept) and self._has_moved(query, cubes):
            raise UpdatedMeanwhileError(
                f"Svaren om {query.metadata.id} hör till olika versioner av tabellen: den uppdaterades "
                "under hämtningen, eller så lämnar servern ut en gammal version. Inget av svaren "
                "används. Försök igen om en stund."
            )
        whole = join(whole_structure(query, cubes), list(zip(pieces, cubes, strict=True)))
        return whole, list(kept)

    def _has_moved(self, query: Query, cubes: Sequence[Cube]) -> bool:
        """Tell whether the answers can be of more than one version of the table, or of an old one."""
        updated = query.metadata.updated
        if not agree(cubes) or (query.has_all_contents and is_older(updated, cubes)):
            return True
        if len(cubes) == 1 and not is_newer(updated, cubes):
            return False
        metadata = query.metadata
        return self.metadata(metadata.id, name=metadata.name).updated != updated

    def _part(self, query: Query, fresh: bool, stop: Event) -> tuple[Cube, Kept]:
        metadata = query.metadata
        request = self._connection.request(
            "POST",
            f"tables/{metadata.id}/data",
            {"lang": self.language, "outputFormat": "json-stat2"},
            query.body(),
        )
        return self._asker.answer(
            Question(metadata.archived_as, request, metadata.updated, query.has_all_contents),
            lambda content: as_asked(query, jsonstat.read_cube(content)),
            fresh=fresh,
            stop=stop,
        )

    def _get(
        self,
        path: str,
        name: str,
        read: Callable[[bytes], T],
        params: Mapping[str, object] | None = None,
    ) -> tuple[T, Kept]:
        self.config()
        given = {"lang": self.language, **(params or {})}
        return self._asker.answer(
            Question(name, self._connection.request("GET", path, given)), read
        )

    def _through(self, metadata: Metadata, through: Mapping[str, str]) -> Metadata:
        """Return the metadata with the codes of the codelists in place of the table's own."""
        read = self.metadata(metadata.id, through, name=metadata.name)
        for code, codelist in through.items():
            if read.variable(code).codes == metadata.variable(code).codes:
                # Not every server applies the parameter; the codelist itself says what its codes are.
                read = read.with_codes(code, self.codelist(codelist), metadata.variable(code))
        return replace(read, structure=replace(read.structure, updated=metadata.updated))


def _repeatable(selection: Selection) -> Selection:
    """Return a selection that can be read more than once, also when it was given as generators."""
    if not isinstance(selection, Mapping):
        return selection
    return {name: list(v) if isinstance(v, Iterator) else v for name, v in selection.items()}


def _table_id(table: str) -> str:
    if not isinstance(table, str) or not _TABLE.fullmatch(table):
        raise UnknownTableError(
            f"{table!r:.80} är inget tabell-id. Ett sådant ser ut som TAB3138. Sök med search()."
        )
    return table

"""The client: one table, one selection, one frame, or an error that says why not."""

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Literal, TypeVar
from urllib.parse import quote, urlsplit

import httpx
import pandas as pd

from affarsplan_data.archive import Archive
from affarsplan_data.scb import jsonstat
from affarsplan_data.scb.asking import Asker, Kept, Question, client_name
from affarsplan_data.scb.checking import as_asked, whole_structure
from affarsplan_data.scb.cubes import Cube
from affarsplan_data.scb.errors import (
    OfflineError,
    TooManyCellsError,
    UnknownCodelistError,
    UnknownTableError,
    UnsupportedError,
    UpdatedMeanwhileError,
    WrongAnswerError,
)
from affarsplan_data.scb.http import Connection, Patience
from affarsplan_data.scb.limits import Limiter, limiter_for
from affarsplan_data.scb.metadata import Codelist, Config, Metadata, TableInfo
from affarsplan_data.scb.problems import read_problem
from affarsplan_data.scb.progress import Report, shown
from affarsplan_data.scb.reading import metadata_of, model_of, page_of
from affarsplan_data.scb.selection import Query, Selection, resolve
from affarsplan_data.scb.splitting import Part, join, parts
from affarsplan_data.scb.vintages import agree, outdated

SCB = "https://statistikdatabasen.scb.se/api/v2"
PAGE_SIZE = 100
THREADS = 4
RESTARTS = 2

T = TypeVar("T")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_CODELIST = re.compile(r"(agg|vs)_[^/\\?#]{1,150}")
_TABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class ScbClient:
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
        max_cells: int = 20_000_000,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        if not _LANGUAGE.fullmatch(language):
            raise UnsupportedError(f"”{language}” är inget språk. Ange till exempel sv eller en.")
        if offline and archive is None:
            raise OfflineError("Utan nätverk behövs ett arkiv att läsa ur. Ange archive.")
        self.base_url = base_url.rstrip("/")
        self.language = language
        self.max_cells = max_cells
        host = urlsplit(self.base_url).netloc
        self._connection = Connection(
            self.base_url,
            limiter or limiter_for(host),
            read_problem,
            patience or Patience(),
            transport,
            headers={"User-Agent": client_name()},
        )
        self._asker = Asker(self._connection, host.replace(":", "_"), archive, offline)
        self._config: Config | None = None

    def __enter__(self) -> "ScbClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"ScbClient({self.base_url!r}, language={self.language!r})"

    def close(self) -> None:
        """Close the connections to the server."""
        self._connection.close()

    @property
    def offline(self) -> bool:
        """Whether only the archive is read."""
        return self._asker.offline

    @property
    def source(self) -> str:
        """The server's name in the archive."""
        return self._asker.source

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
            query: words to search for; SCB requires all of them. None lists every table.
            past_days: only tables updated in so many days.
            discontinued: also tables that are no longer updated.
        """
        self.config()
        found: list[TableInfo] = []
        page, pages, expected = 1, 1, 0
        while page <= pages:
            params = {
                "query": query,
                "pastDays": past_days,
                "includeDiscontinued": str(discontinued).lower(),
                "pageNumber": page,
                "pageSize": PAGE_SIZE,
            }
            (tables, pages, expected), _ = self._get("tables", "tables", page_of, params)
            found += tables
            page += 1
        rows = [table.model_dump(exclude={"paths"}) for table in found]
        frame = pd.DataFrame(rows, columns=[*TableInfo.model_fields]).drop(columns="paths")
        if len(frame) != expected or frame["id"].duplicated().any():
            raise WrongAnswerError(
                f"Listan över tabeller ändrades under hämtningen: {expected} väntades, "
                f"{frame['id'].nunique()} kom. Försök igen."
            )
        return frame

    def table(self, table: str) -> TableInfo:
        """Return a table's title, periods and last update.

        Raises:
            UnknownTableError: there is no such table in this language.
        """
        name = _table_id(table)
        return self._get(f"tables/{name}", name, partial(model_of, TableInfo))[0]

    def metadata(self, table: str, codelists: Mapping[str, str] | None = None) -> Metadata:
        """Return a table's variables, codes, codelists and notes.

        Args:
            table: the table's id, for example ``TAB3138``.
            codelists: per variable a codelist to read it through; the codes are then the codelist's.

        Raises:
            UnknownTableError: there is no such table in this language.
        """
        name = _table_id(table)
        params = {f"codelist[{variable}]": given for variable, given in (codelists or {}).items()}
        metadata, kept = self._get(
            f"tables/{name}/metadata", name, partial(metadata_of, name), params
        )
        return replace(metadata, answer=kept.id)

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
        for attempt in range(RESTARTS + 1):
            query = self.query(table, selection, codelists)
            try:
                cube, kept = self.cube(query, progress=progress, fresh=fresh)
                break
            except UpdatedMeanwhileError:
                if attempt == RESTARTS:
                    raise
        frame = jsonstat.to_frame(cube, columns=columns, contents=contents)
        frame.attrs |= {
            "table": query.metadata.id,
            "language": self.language,
            "retrieved": max(answer.retrieved for answer in kept).isoformat(),
            "taken_whole": [choice.code for choice in query.choices if choice.assumed],
            "answers": [answer.id for answer in kept if answer.id],
        }
        return frame

    def cube(
        self, query: Query, *, progress: bool | Report | None = None, fresh: bool = False
    ) -> tuple[Cube, list[Kept]]:
        """Return the answer to a query as a cube, and the answers it was put together from, in order.

        Raises:
            UpdatedMeanwhileError: the table was updated between two calls; ask for the query again.
        """
        pieces = self._pieces(query)
        with shown(query.metadata.id, len(pieces), progress) as report:
            answers = self._all([query.part(piece) for piece in pieces], report, fresh)
        cubes = [cube for cube, _ in answers]
        stale = query.has_all_contents and outdated(query.metadata.updated, cubes)
        if stale or not agree(cubes):
            raise UpdatedMeanwhileError(
                f"Svaren om {query.metadata.id} hör till olika versioner av tabellen: den uppdaterades "
                "under hämtningen, eller så lämnar servern ut en gammal version. Inget av svaren "
                "används. Försök igen om en stund."
            )
        whole = join(whole_structure(query, cubes), list(zip(pieces, cubes, strict=True)))
        return whole, [kept for _, kept in answers]

    def _pieces(self, query: Query) -> list[Part]:
        if query.cells > self.max_cells:
            raise TooManyCellsError(
                f"Urvalet ur {query.metadata.id} har {query.cells} celler, fler än de "
                f"{self.max_cells} som klienten tar emot. Gör ett mindre urval, eller höj max_cells."
            )
        return parts(query.shape, self.config().max_data_cells)

    def _all(
        self, queries: Sequence[Query], report: Report, fresh: bool
    ) -> list[tuple[Cube, Kept]]:
        """Return the answers to all queries, in order; one that fails stops the rest."""
        stop = Event()
        pool = ThreadPoolExecutor(THREADS, thread_name_prefix="scb")
        try:
            waiting = [pool.submit(self._part, query, fresh, stop) for query in queries]
            for done, _ in enumerate(as_completed(waiting), start=1):
                _.result()
                report(done, len(waiting))
            return [future.result() for future in waiting]
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)

    def _part(self, query: Query, fresh: bool, stop: Event) -> tuple[Cube, Kept]:
        metadata = query.metadata
        request = self._connection.request(
            "POST",
            f"tables/{metadata.id}/data",
            {"lang": self.language, "outputFormat": "json-stat2"},
            query.body(),
        )
        return self._asker.answer(
            Question(metadata.id, request, metadata.updated, query.has_all_contents),
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
        read = self.metadata(metadata.id, through)
        for code, codelist in through.items():
            if read.variable(code).codes == metadata.variable(code).codes:
                # Not every server applies the parameter; the codelist itself says what its codes are.
                read = read.with_codes(code, self.codelist(codelist), metadata.variable(code))
        return replace(read, structure=replace(read.structure, updated=metadata.updated))


def _table_id(table: str) -> str:
    if not isinstance(table, str) or not _TABLE.fullmatch(table):
        raise UnknownTableError(
            f"{table!r:.80} är inget tabell-id. Ett sådant ser ut som TAB3138. Sök med search()."
        )
    return table

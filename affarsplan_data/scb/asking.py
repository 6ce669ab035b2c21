"""Gets answers: from the archive when it has the table's present version, else from the server."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from threading import Event
from typing import TypeVar

from affarsplan_data.archive import Archive, ArchiveError
from affarsplan_data.archive import Query as ArchivedQuery
from affarsplan_data.scb.cubes import Cube
from affarsplan_data.scb.errors import AnswerError, OfflineError
from affarsplan_data.scb.http import Answer, Connection, Request
from affarsplan_data.scb.metadata import Metadata
from affarsplan_data.scb.vintages import vintage

KEPT_HEADERS = {"content-type", "date", "etag", "last-modified", "server"}

T = TypeVar("T")


@dataclass(frozen=True)
class Kept:
    """An answer that has been read: when it came, of which version of the table, and its archive id.

    ``asked_now`` tells an answer that the server has just given from one out of the archive.
    """

    retrieved: datetime
    updated: str | None = None
    id: str | None = None
    asked_now: bool = True


@dataclass(frozen=True)
class Question:
    """A request, the archive's name for what it is about, and the version of the table asked for.

    ``all_contents`` says that the answer will hold every content of the table.
    """

    name: str
    request: Request
    updated: str | None = None
    all_contents: bool = False


@dataclass(frozen=True)
class Asker:
    """Asks one server, and keeps what it answers.

    ``source`` is the server's name in the archive. With ``offline`` no connection is ever opened.
    """

    connection: Connection
    source: str
    archive: Archive | None = None
    offline: bool = False

    def answer(
        self,
        question: Question,
        read: Callable[[bytes], T],
        *,
        fresh: bool = False,
        stop: Event | None = None,
    ) -> tuple[T, Kept]:
        """Return what an answer says: from the archive when it may be, else from the server."""
        if self.offline or (question.updated is not None and not fresh):
            if (held := self._archived(question, read)) is not None:
                return held
            if self.offline:
                raise OfflineError(
                    f"Svaret finns inte i arkivet ({question.request}). Hämta det en gång med nätverk."
                )
        answer, value = self.connection.send(question.request, read, stop)
        updated = _updated(value)
        if question.updated is not None:
            updated = vintage(
                question.updated, updated, answer.retrieved, all_contents=question.all_contents
            )
        return value, Kept(answer.retrieved, updated, self._keep(question, answer, updated))

    def held(self, question: Question, read: Callable[[bytes], T]) -> list[tuple[T, Kept]]:
        """Return every answer to a question that the archive has, the newest version first."""
        if self.archive is None:
            return []
        asked = _archived_query(question.request)
        found = []
        for provenance in reversed(self.archive.history(self.source, question.name, asked)):
            with suppress(AnswerError, ArchiveError):
                stored = self.archive.read(self.source, question.name, provenance.id)
                kept = Kept(provenance.retrieved, provenance.updated, stored.id, asked_now=False)
                found.append((read(stored.content), kept))
        return found

    def _archived(self, question: Question, read: Callable[[bytes], T]) -> tuple[T, Kept] | None:
        if self.archive is None:
            return None
        asked = _archived_query(question.request)
        held = self.archive.find(self.source, question.name, asked, updated=question.updated)
        if held is None:
            return None
        try:
            updated = held.provenance.updated if self.offline else question.updated
            kept = Kept(held.provenance.retrieved, updated, held.id, asked_now=False)
            return read(held.content), kept
        except AnswerError:
            # Kept by an earlier version that saw no fault in it: the server is asked again.
            if self.offline:
                raise
            return None

    def _keep(self, question: Question, answer: Answer, updated: str | None) -> str | None:
        if self.archive is None:
            return None
        kept = self.archive.keep(
            self.source,
            question.name,
            _archived_query(answer.request),
            content=answer.content,
            status=answer.status,
            headers={k: v for k, v in answer.headers.items() if k in KEPT_HEADERS},
            retrieved=answer.retrieved,
            updated=updated,
            client=client_name(),
        )
        return kept.id


def client_name() -> str:
    """Return the client's name and version, as servers and the archive see it."""
    try:
        return f"affarsplan-data/{version('affarsplan-data')}"
    except PackageNotFoundError:
        return "affarsplan-data"


def _archived_query(request: Request) -> ArchivedQuery:
    body = None if request.body is None else request.body.decode()
    return ArchivedQuery(request.method, request.url, body)


def _updated(value: object) -> str | None:
    structure = value.structure if isinstance(value, Metadata | Cube) else None
    return structure.updated if structure else getattr(value, "updated", None)

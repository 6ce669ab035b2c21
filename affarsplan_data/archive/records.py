"""What the archive knows about its answers: queries, provenance and snapshots.

Records lie on disk as JSON that a person can read, closed by a seal: the hash of everything above it.
A record changed by hand, or by a failing disk, is thereby told from one that is as it was written. The
seal is against accidents; it cannot stop anyone who sets out to forge.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
)

from affarsplan_data.archive import names
from affarsplan_data.archive.errors import DamagedAnswerError

SEAL = "seal"

Moment = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
AnswerId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}-[0-9a-f]{16}$")]
Order = tuple[int, datetime, str]

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Query:
    """A question to a source: what decides the answer.

    ``body`` is the text sent, or None. Two bodies that are the same JSON are the same question, however
    their keys are ordered and spaced; the order within lists counts, for it can decide the answer's.
    """

    method: str
    url: str
    body: str | None = None

    @property
    def key(self) -> str:
        """The query's own hash: 64 hexadecimal digits."""
        parts = [self.method.upper(), self.url, _canonical_body(self.body)]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Provenance(_Record):
    """Where an answer came from. One for each pair of query and content.

    ``retrieved`` is when this content first came, ``last_seen`` when it last did; both are UTC.
    ``updated`` is the newest vintage that this content was the answer for, as the source writes it, and
    ``earlier_updated`` the vintages before it that had exactly the same content. ``size`` is in bytes,
    and both it and ``sha256`` are of the content as it came, not of the compressed file.
    """

    source: str
    name: str
    method: str
    url: str
    body: str | None
    status: int
    headers: dict[str, str]
    retrieved: Moment
    last_seen: Moment
    updated: str | None
    earlier_updated: tuple[str, ...] = ()
    sha256: Sha256
    size: int = Field(ge=0)
    client: str

    @property
    def query(self) -> Query:
        """The question that this was the answer to."""
        return Query(self.method, self.url, self.body)

    @property
    def id(self) -> str:
        """The answer's id within its source and name."""
        return names.answer_id(self.sha256, self.query.key)

    @property
    def vintages(self) -> tuple[str, ...]:
        """Every vintage that this content was the answer for, the newest last."""
        return (
            self.earlier_updated if self.updated is None else (*self.earlier_updated, self.updated)
        )

    def is_of(self, updated: str) -> bool:
        """Tell whether this content was the answer in the vintage ``updated``."""
        wanted = vintage_order(updated)
        return any(vintage_order(vintage) == wanted for vintage in self.vintages)

    def seen_again(self, when: datetime, updated: str | None) -> "Provenance":
        """Return this provenance after the same answer came again, in the vintage ``updated``."""
        change: dict[str, Any] = {"last_seen": max(self.last_seen, when.astimezone(UTC))}
        if updated is not None and not self.is_of(updated):
            *earlier, newest = sorted({*self.vintages, updated}, key=vintage_order)
            change |= {"updated": newest, "earlier_updated": tuple(earlier)}
        return self.model_copy(update=change)


@dataclass(frozen=True, slots=True)
class Stored:
    """An archived answer: its provenance, and its content checked against the hash when read."""

    provenance: Provenance
    content: bytes

    @property
    def id(self) -> str:
        """The answer's id within its source and name."""
        return self.provenance.id


class Snapshot(_Record):
    """A complete fetch of a table: the answers that together are one vintage of it.

    ``metadata`` and ``answers`` are answers' ids, ``asked`` the selection as it was written, ``cells``
    how many values the answers hold together. ``number`` counts the fetches of the name; the archive
    gives it, and goes by it: a producer may take a version back, and a clock may be set back.
    """

    source: str
    name: str
    updated: str | None
    retrieved: Moment
    asked: JsonValue
    metadata: AnswerId
    answers: list[AnswerId]
    cells: int = Field(ge=0)
    periods: list[str]
    client: str
    number: int = Field(0, ge=0)

    @property
    def id(self) -> str:
        """The snapshot's id within its source and name."""
        return names.snapshot_id(self.retrieved, _seal(self.model_dump(mode="json")))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of everything the snapshot stands on, each once."""
        return tuple(dict.fromkeys([self.metadata, *self.answers]))


_R = TypeVar("_R", Provenance, Snapshot)


def order(record: Provenance) -> tuple[Order, datetime, str]:
    """Return what answers are sorted by, oldest first: vintage, then when last seen, then id.

    The files' own times are never used: copying an archive, or a clock set back, changes them.
    """
    return vintage_order(record.updated), record.last_seen, record.id


def fetch_order(snapshot: Snapshot) -> tuple[int, datetime, str]:
    """Return what snapshots are sorted by, the first fetched first."""
    return snapshot.number, snapshot.retrieved, snapshot.id


def vintage_order(updated: str | None) -> Order:
    """Return what vintages are sorted and compared by: the moment, whichever way it is written.

    No vintage comes before every vintage, and a text that is not a time before those that are. A time
    without a zone is taken as UTC.
    """
    if updated is None:
        return 0, _NEVER, ""
    try:
        moment = datetime.fromisoformat(updated)
        return 2, moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC), ""
    except (ValueError, OverflowError):
        return 1, _NEVER, updated


def distinct(vintages: Iterable[str]) -> tuple[str, ...]:
    """Return each vintage once, the oldest first; one moment written in two ways is one vintage."""
    by_order = {vintage_order(vintage): vintage for vintage in vintages}
    return tuple(by_order[key] for key in sorted(by_order))


def to_bytes(record: Provenance | Snapshot) -> bytes:
    """Return ``record`` as the sealed JSON text that lies on disk."""
    fields = record.model_dump(mode="json")
    sealed = fields | {SEAL: _seal(fields)}
    return (json.dumps(sealed, ensure_ascii=False, indent=1) + "\n").encode()


def from_bytes(model: type[_R], data: bytes) -> _R:
    """Return the record that ``data`` holds.

    Raises:
        DamagedAnswerError: it is not a record of that kind, or not as it was written. The message is
            the second half of a sentence, to stand after the file's name.
    """
    try:
        fields = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise DamagedAnswerError("är inte läsbar JSON") from None
    if not isinstance(fields, dict) or SEAL not in fields:
        raise DamagedAnswerError("saknar sigill, och är inte skriven av arkivet")
    if fields.pop(SEAL) != _seal(fields):
        raise DamagedAnswerError("har ändrats sedan den skrevs: sigillet stämmer inte")
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise DamagedAnswerError(f"har en uppgift som inte går att tyda: {where}") from None


def _seal(fields: Mapping[str, Any]) -> str:
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical_body(body: str | None) -> str | None:
    if body is None:
        return None
    try:
        parsed = json.loads(body, object_pairs_hook=_object_without_repeats)
        return json.dumps(parsed, sort_keys=True, separators=(",", ":"))
    except (ValueError, RecursionError):
        return body


def _object_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # With a key twice, a parser keeps one and a server perhaps the other: such a body is its own text.
    if len(pairs) != len({key for key, _ in pairs}):
        raise ValueError("repeated key")
    return dict(pairs)

"""Sends a request until there is an answer to read: limit, timeouts, retries and a bound on size."""

import random
import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event, Lock
from typing import Any, TypeVar

import httpx
import orjson

from affarsplan_data.scb.addresses import base_address
from affarsplan_data.scb.errors import (
    AnswerTooLargeError,
    RateLimitError,
    RefusedError,
    ScbError,
    ServerFaultError,
    TimedOutError,
    UnavailableError,
    UnreachableError,
    UnreadableAnswerError,
)
from affarsplan_data.scb.limits import Limiter

T = TypeVar("T")

RETRY_AFTER_MARGIN = 0.6
"""Seconds added to ``Retry-After``, which is rounded to whole seconds and may be half a second short."""

SHORTEST_REFUSAL = 1.0
"""The least seconds that ``Retry-After`` can mean: servers round to whole ones."""

LASTING_ATTEMPTS = 3
"""Attempts at what seldom passes: a plain 500, or an answer that cannot be read."""

MAX_BYTES = 200_000_000
"""An unpacked answer larger than this is refused."""

_PASSING = {408, 425, 500, 502, 503, 504}
_GZIP_OR_ZLIB = 47


@dataclass(frozen=True)
class Request:
    """What is asked of the server. ``body`` is JSON."""

    method: str
    url: str
    body: bytes | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


@dataclass(frozen=True)
class Answer:
    """What the server answered: the body after decompression, header names in lower case."""

    request: Request
    status: int
    headers: Mapping[str, str]
    content: bytes
    retrieved: datetime

    @property
    def text(self) -> str:
        """The beginning of the body as text, for messages."""
        return self.content[:400].decode("utf-8", "replace").strip()


@dataclass(frozen=True)
class Patience:
    """How long to wait: seconds per connection and read, and for one request with all its retries."""

    connect: float = 10.0
    read: float = 30.0
    total: float = 180.0
    attempts: int = 6
    first_wait: float = 0.5
    longest_wait: float = 30.0

    def wait(self, failures: int) -> float:
        """Return the wait after so many failures in a row: doubled each time, with some chance in it."""
        whole = min(self.first_wait * 2 ** (failures - 1), self.longest_wait)
        return whole * random.uniform(0.75, 1.25)


@dataclass
class _Effort:
    """What one request has cost so far. Waiting for the first place among the calls costs nothing."""

    patience: Patience
    failures: int = 0
    lasting: int = 0
    refusals: int = 0
    deadline: float | None = None

    def begun(self) -> float:
        """Return when patience ends, counted from the first call of this."""
        if self.deadline is None:
            self.deadline = time.monotonic() + self.patience.total
        return self.deadline

    def wait_after(self, error: ScbError, window: float) -> float | None:
        """Count a failure and return the wait before the next attempt; None means give up.

        Refusals for haste do not use up attempts, only time. Failures that seldom pass, such as a plain
        500 or an answer that cannot be read, are given fewer attempts than others.
        """
        if isinstance(error, RateLimitError):
            self.refusals += 1
            asked = (
                window if error.retry_after is None else max(error.retry_after, SHORTEST_REFUSAL)
            )
            wait = max(asked + RETRY_AFTER_MARGIN, self.patience.wait(self.refusals))
        else:
            self.failures += 1
            self.lasting += error.status == 500 or isinstance(error, UnreadableAnswerError)
            wait = self.patience.wait(self.failures)
            if isinstance(error, UnavailableError) and error.retry_after is not None:
                wait = max(wait, error.retry_after + RETRY_AFTER_MARGIN)
        enough = self.failures >= self.patience.attempts or self.lasting >= LASTING_ATTEMPTS
        return None if enough or time.monotonic() + wait >= self.begun() else wait


@dataclass
class Connection:
    """Requests to one server. Safe to use from several threads.

    Args:
        base_url: the address that paths are added to.
        limiter: shared by all who call the same host.
        problem: reads a server's error body into a typed error; None when it is not one.
        transport: another way to carry requests than the network, for tests.
        max_bytes: an unpacked answer larger than this is refused.
        headers: sent with every request.
    """

    base_url: str
    limiter: Limiter
    problem: Callable[[Answer], ScbError | None]
    patience: Patience = field(default_factory=Patience)
    transport: httpx.BaseTransport | None = None
    max_bytes: int = MAX_BYTES
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.base_url = base_address(self.base_url)
        self._opened: httpx.Client | None = None
        self._closed = False
        self._opening = Lock()

    @property
    def _client(self) -> httpx.Client:
        """The connections, opened when they are first needed: one who reads an archive needs none."""
        with self._opening:
            if self._closed:
                raise RefusedError("Klienten är stängd. Skapa en ny.")
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> httpx.Client:
        try:
            return httpx.Client(
                transport=self.transport,
                headers={
                    "Accept-Encoding": "gzip",
                    "Accept": "application/json",
                    **self.headers,
                },
                timeout=httpx.Timeout(self.patience.read, connect=self.patience.connect),
            )
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
            raise RefusedError(
                f"Kan inte ordna förbindelsen till {self.base_url}: {error}. Kontrollera "
                "miljövariablerna SSL_CERT_FILE, HTTP_PROXY och HTTPS_PROXY."
            ) from error

    def close(self) -> None:
        """Close the connections to the server."""
        with self._opening:
            self._closed = True
            if self._opened is not None:
                self._opened.close()

    def request(
        self, method: str, path: str, params: Mapping[str, Any] | None = None, body: Any = None
    ) -> Request:
        """Return the request for ``path``; parameters that are None are left out."""
        given = {k: v for k, v in (params or {}).items() if v is not None}
        try:
            url = httpx.URL(f"{self.base_url}/{path.lstrip('/')}".rstrip("/"), params=given)
        except (httpx.InvalidURL, UnicodeError) as error:
            raise RefusedError(f"{path!r:.100} går inte att fråga efter: {error}.") from error
        address = str(url) if given else str(url).rstrip("?")
        return Request(method, address, None if body is None else orjson.dumps(body))

    def send(
        self, request: Request, read: Callable[[bytes], T], stop: Event | None = None
    ) -> tuple[Answer, T]:
        """Return the answer and what ``read`` makes of its body.

        Tries again after too many calls, server faults, broken connections and answers that cannot be
        read (``read`` raises :class:`UnreadableAnswerError`), until the patience is at an end or ``stop``
        is set.

        Raises:
            ScbError: the last failure, typed.
        """
        effort = _Effort(self.patience)
        while True:
            try:
                answer = self._attempt(request, effort, stop)
                return answer, read(self._accepted(answer).content)
            except (UnavailableError, UnreadableAnswerError) as error:
                wait = effort.wait_after(error, self.limiter.window)
                if wait is None or (stop and stop.is_set()):
                    raise _about(error, request) from error.__cause__
                if isinstance(error, RateLimitError):
                    self.limiter.close_for(wait)
                elif stop:
                    stop.wait(wait)
                else:
                    time.sleep(wait)

    def _attempt(self, request: Request, effort: _Effort, stop: Event | None) -> Answer:
        client = self._client
        try:
            with self.limiter.place(effort.deadline, stop) as place:
                deadline = effort.begun()
                with client.stream(
                    request.method, request.url, content=request.body, headers=_type_of(request)
                ) as response:
                    place.answered()
                    return self._received(response, deadline, request)
        except TimeoutError as error:
            raise RateLimitError(
                f"Serverns gräns för antal anrop gav ingen plats i tid ({request}). Försök igen senare.",
                asked=str(request),
            ) from error
        except httpx.TimeoutException as error:
            raise TimedOutError(
                f"Servern svarade inte i tid ({request}). Försök igen senare.", asked=str(request)
            ) from error
        except (httpx.TransportError, zlib.error) as error:
            raise _broken(error, request) from error

    def _received(self, response: httpx.Response, deadline: float, request: Request) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        self.limiter.observe(headers)
        content = b"".join(self._body(response, deadline, request))
        retrieved = datetime.now(UTC).replace(microsecond=0)
        return Answer(request, response.status_code, headers, content, retrieved)

    def _body(self, response: httpx.Response, deadline: float, request: Request) -> Iterator[bytes]:
        """Yield the unpacked body in pieces, never more than allowed and never after the deadline."""
        # A transport that answers from memory has read and unpacked the body already.
        in_memory = response.is_stream_consumed
        unpack = None if in_memory else _unpacker(response, request)
        size = 0
        for raw in [response.content] if in_memory else response.iter_raw():
            if time.monotonic() > deadline:
                raise TimedOutError(
                    f"Svaret kom för långsamt och avbröts efter {self.patience.total:g} s ({request}). "
                    "Försök igen senare.",
                    asked=str(request),
                )
            piece = unpack.decompress(raw, self.max_bytes - size + 1) if unpack else raw
            size += len(piece)
            if size > self.max_bytes:
                raise AnswerTooLargeError(
                    f"Svaret är större än {self.max_bytes} byte och avbröts ({request}). "
                    "Gör ett mindre urval, eller kontrollera adressen.",
                    asked=str(request),
                    status=response.status_code,
                )
            yield piece
        if unpack and not unpack.eof and size:
            raise zlib.error("svaret slutar mitt i")

    def _accepted(self, answer: Answer) -> Answer:
        """Return the answer when its status is 200 and its body is no error body."""
        if (problem := self.problem(answer)) is not None:
            raise problem
        if answer.status != 200:
            raise _refusal(answer)
        return answer


def _refusal(answer: Answer) -> ScbError:
    """Return the error that a status other than 200 means, when the body says nothing typed."""
    asked, status = str(answer.request), answer.status
    error: ScbError
    if status == 429:
        error = RateLimitError(
            f"Servern tar inte emot fler anrop just nu (429, {asked}). Vänta och försök igen."
        )
    elif status in _PASSING:
        error = ServerFaultError(
            f"Servern har ett fel eller är stängd (HTTP {status}, {asked}). Försök igen senare."
        )
    elif 300 <= status < 400:
        target = answer.headers.get("location", "okänd adress")[:200]
        error = RefusedError(
            f"Servern hänvisar till {target} (HTTP {status}, {asked}). Ange den nya adressen."
        )
    else:
        error = RefusedError(
            f"Servern avvisade frågan (HTTP {status}, {asked}): {answer.text or 'utan förklaring'}"
        )
    error.asked, error.status, error.answer = asked, status, answer.text
    if isinstance(error, UnavailableError):
        error.retry_after = retry_after(answer.headers)
    return error


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, as a number or as a date; None without it."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", text, re.ASCII):
        return float(text)
    try:
        return max((parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def _type_of(request: Request) -> dict[str, str]:
    return {} if request.body is None else {"Content-Type": "application/json"}


def _unpacker(response: httpx.Response, request: Request) -> Any:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        return None
    if encoding in ("gzip", "x-gzip", "deflate"):
        return zlib.decompressobj(_GZIP_OR_ZLIB)
    raise RefusedError(
        f"Servern packade svaret på ett sätt som inte efterfrågades ({encoding[:40]}, {request}).",
        asked=str(request),
        status=response.status_code,
    )


def _about(error: ScbError, request: Request) -> ScbError:
    """Return the error, saying what was asked when it does not say so already."""
    if error.asked is None:
        error.asked = str(request)
        error.args = (f"{error} Frågan var {request}. Försök igen senare.",)
    return error


def _broken(error: Exception, request: Request) -> ScbError:
    said = str(error) or type(error).__name__
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return RefusedError(
            f"Serverns certifikat godtas inte ({request}): {said[:200]}. Går trafiken genom en egen "
            "proxy, låt miljövariabeln SSL_CERT_FILE peka på dess certifikat.",
            asked=str(request),
        )
    return UnreachableError(
        f"Förbindelsen med servern fungerade inte ({request}): {said[:200]}. "
        "Kontrollera nätverket och försök igen.",
        asked=str(request),
    )

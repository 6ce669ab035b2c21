"""Requests: what is tried again and what is not, how long, and how each failure is named."""

import gzip
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import orjson
import pytest

from affarsplan_data.scb.addresses import archive_name, host_of
from affarsplan_data.scb.errors import (
    AnswerTooLargeError,
    IllegalExpressionError,
    NotEliminableError,
    RateLimitError,
    RefusedError,
    ScbError,
    ServerFaultError,
    TimedOutError,
    TooManyCellsError,
    UnknownCodelistError,
    UnknownPageError,
    UnknownTableError,
    UnknownValueError,
    UnknownVariableError,
    UnreachableError,
    UnreadableAnswerError,
    UnsupportedError,
)
from affarsplan_data.scb.http import LASTING_ATTEMPTS, Connection, Patience, retry_after
from affarsplan_data.scb.limits import Limiter, Rate
from affarsplan_data.scb.problems import read_problem
from affarsplan_data.scb.reading import loaded

Answers = Callable[[httpx.Request], httpx.Response]
HURRIED = Patience(total=5.0, attempts=4, first_wait=0.01, longest_wait=0.05)


class Server(httpx.BaseTransport):
    """Gives one prepared answer after the other, and the last one for ever."""

    def __init__(self, *answers: Answers | httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)


def connection(server: Server, patience: Patience = HURRIED, **options: object) -> Connection:
    return Connection(
        "http://prov.invalid/api/v2",
        Limiter(Rate(1000, 1.0)),
        read_problem,
        patience,
        server,
        **options,
    )


def ask(server: Server, patience: Patience = HURRIED, **options: object) -> dict[str, object]:
    with_server = connection(server, patience, **options)
    return with_server.send(with_server.request("GET", "config"), loaded)[1]


def fine(_: object = None) -> httpx.Response:
    return httpx.Response(200, json={"ja": 1})


@pytest.mark.parametrize(
    "fault",
    [
        httpx.Response(429, text="API calls quota exceeded! maximum admitted 30 per 10s."),
        httpx.Response(500),
        httpx.Response(502, text="<html>Bad gateway</html>"),
        httpx.Response(503, headers={"Retry-After": "0"}),
        httpx.Response(504),
        httpx.ConnectError("refused"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("peer closed connection"),
        httpx.ReadTimeout("slow"),
        httpx.Response(200, text="<html>Underhåll</html>"),
        httpx.Response(200, content=b'{"ja": '),
        httpx.Response(200, content=b""),
    ],
    ids=lambda fault: getattr(fault, "status_code", type(fault).__name__).__str__(),
)
def test_what_may_pass_is_tried_again(fault):
    server = Server(fault, fine())
    assert ask(server) == {"ja": 1}
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 501])
def test_what_will_not_change_is_asked_once(status):
    server = Server(httpx.Response(status, text="nej"))
    with pytest.raises(RefusedError) as raised:
        ask(server)
    assert len(server.requests) == 1
    assert raised.value.status == status
    assert "http://prov.invalid/api/v2/config" in str(raised.value)


def test_a_redirection_is_named_and_not_followed():
    server = Server(httpx.Response(301, headers={"Location": "http://ny.invalid/"}))
    with pytest.raises(RefusedError, match="ny.invalid"):
        ask(server)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (httpx.Response(500), ServerFaultError),
        (httpx.ConnectError("refused"), UnreachableError),
        (httpx.ConnectTimeout("slow"), TimedOutError),
        (httpx.Response(200, text="<html>"), UnreadableAnswerError),
        (httpx.Response(200, json=[1, 2]), UnreadableAnswerError),
    ],
)
def test_a_failure_that_stays_is_raised_after_the_allowed_attempts(fault, kind):
    server = Server(fault)
    with pytest.raises(kind):
        ask(server)
    lasting = kind is UnreadableAnswerError or fault_status(fault) == 500
    assert len(server.requests) == (LASTING_ATTEMPTS if lasting else HURRIED.attempts)


def fault_status(fault: object) -> int | None:
    return getattr(fault, "status_code", None)


def test_too_many_calls_are_given_up_only_when_the_time_is_out():
    server = Server(httpx.Response(429, text="quota", headers={"Retry-After": "0"}))
    with pytest.raises(RateLimitError):
        ask(server, Patience(total=5, attempts=1, first_wait=0.05, longest_wait=0.05))
    assert 2 <= len(server.requests) < 6


def test_too_many_calls_without_a_wait_are_answered_by_waiting_a_whole_window():
    server = Server(httpx.Response(429, text="quota"), fine())
    start = time.monotonic()
    assert ask(server) == {"ja": 1}
    assert time.monotonic() - start >= 1.0


def test_a_wait_longer_than_the_time_allowed_is_not_begun():
    server = Server(httpx.Response(503, headers={"Retry-After": "3600"}))
    with pytest.raises(ServerFaultError):
        ask(server)
    assert len(server.requests) == 1


def test_waits_grow_and_are_bounded():
    patience = Patience(first_wait=1.0, longest_wait=8.0)
    waits = [patience.wait(failures) for failures in range(1, 9)]
    assert 0.75 <= waits[0] <= 1.25
    assert all(wait <= 10.0 for wait in waits)
    assert waits[3] > waits[0]


def test_retry_after_is_read_as_seconds_and_as_a_date():
    assert retry_after({"retry-after": "4"}) == 4.0
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert retry_after({"retry-after": later}) == pytest.approx(30, abs=2)
    assert retry_after({"retry-after": "Tue, 08 Sep 2020 07:21:03 GMT"}) == 0.0
    assert retry_after({"retry-after": "snart"}) is None
    assert retry_after({"retry-after": "\u00b2"}) is None
    assert retry_after({"retry-after": "9" * 5000}) is None
    assert retry_after({"retry-after": "Tue, 08 Sep 2026 07:21:03 +9999999999999999999"}) is None
    assert retry_after({}) is None


def endless(piece: bytes) -> Iterator[bytes]:
    while True:
        yield piece


def test_an_answer_without_end_is_cut_off():
    server = Server(lambda _: httpx.Response(200, content=endless(b" " * 65536)))
    with pytest.raises(AnswerTooLargeError):
        ask(server, max_bytes=1_000_000)


def test_a_packed_answer_that_unpacks_without_end_is_cut_off():
    bomb = gzip.compress(b"0" * 50_000_000)
    assert len(bomb) < 100_000
    packed = httpx.Response(
        200, headers={"Content-Encoding": "gzip"}, content=endless(bomb[:60_000])
    )
    with pytest.raises((AnswerTooLargeError, UnreachableError)):
        ask(Server(lambda _: packed), max_bytes=1_000_000)


def test_a_packed_answer_that_never_says_anything_ends_with_the_time_allowed():
    packer = zlib.compressobj(wbits=31)
    start = packer.compress(b"") + packer.flush(zlib.Z_SYNC_FLUSH)
    empty = packer.flush(zlib.Z_SYNC_FLUSH) or b"\x00\x00\x00\xff\xff"

    def silent(_: object) -> httpx.Response:
        def body() -> Iterator[bytes]:
            yield start
            yield from endless(empty)

        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=body())

    with pytest.raises(TimedOutError):
        ask(Server(silent), Patience(total=0.3, attempts=1))


def test_a_packed_answer_cut_off_in_the_middle_is_asked_for_again():
    whole = gzip.compress(orjson.dumps({"ja": 1}))
    cut = httpx.Response(
        200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(whole[:-12])
    )
    server = Server(cut, fine())
    assert ask(server) == {"ja": 1}
    assert len(server.requests) == 2


def test_a_packing_that_was_not_asked_for_is_refused():
    odd = httpx.Response(200, headers={"Content-Encoding": "br"}, stream=httpx.ByteStream(b"x"))
    with pytest.raises(RefusedError, match="br"):
        ask(Server(odd))


def test_a_certificate_that_is_not_accepted_is_no_reason_to_try_again():
    server = Server(httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self signed"))
    with pytest.raises(RefusedError, match="SSL_CERT_FILE"):
        ask(server)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "address",
    [
        *("", "ftp://x", "statistikdatabasen.scb.se", "http://", "http://[::1", "https://a..b/x"),
        *("http://x:abc/", "http://x/\x00", "http://x:0/", None, 5),
    ],
)
def test_an_address_that_is_none_is_refused_at_once(address):
    with pytest.raises(RefusedError, match="webbadress"):
        Connection(address, Limiter(), read_problem)


@pytest.mark.parametrize("address", ["http://olle:hemligt@x/api", "olle:hemligt@[x"])
def test_a_password_in_the_address_is_neither_used_nor_shown(address):
    with pytest.raises(RefusedError, match="lösenord") as raised:
        Connection(address, Limiter(), read_problem)
    assert "hemligt" not in str(raised.value)


def test_one_host_has_one_name_however_it_is_spelt():
    names = {
        host_of(address)
        for address in ("https://SCB.se/api", "https://scb.se:443/api/v2", "https://scb.se")
    }
    assert names == {"scb.se"}
    assert host_of("http://127.0.0.1:8080/api/v2") == "127.0.0.1_8080"
    assert archive_name("https://statistikdatabasen.scb.se/api/v2") == "statistikdatabasen.scb.se"
    others = {
        archive_name(address)
        for address in (
            "http://statistikdatabasen.scb.se/api/v2",
            "https://statistikdatabasen.scb.se/annat/api/v2",
            "https://statistikdatabasen.scb.se:8443/api/v2",
        )
    }
    assert len(others) == 3
    assert "statistikdatabasen.scb.se" not in others


def test_a_closed_client_and_a_missing_certificate_file_are_said_plainly(monkeypatch):
    closed = connection(Server(fine()))
    closed.close()
    with pytest.raises(RefusedError, match="stängd"):
        closed.send(closed.request("GET", "config"), loaded)
    monkeypatch.setenv("SSL_CERT_FILE", "/finns/inte.pem")
    unopened = Connection("https://prov.invalid", Limiter(), read_problem)
    with pytest.raises(RefusedError, match="SSL_CERT_FILE"):
        unopened.send(unopened.request("GET", "config"), loaded)


def test_a_byte_order_mark_before_the_answer_does_not_matter():
    assert ask(Server(httpx.Response(200, content=b'\xef\xbb\xbf{"ja": 1}'))) == {"ja": 1}


TITLES = [
    ("Non-existent table", 400, UnknownTableError),
    ("Non-existent table", 404, UnknownTableError),
    ("Non-existent variable", 400, UnknownVariableError),
    ("Non-existent value", 400, UnknownValueError),
    ("Non-existent codelist", 404, UnknownCodelistError),
    ("Missing selection for mandantory variable", 400, NotEliminableError),
    ("Illegal selection expression", 400, IllegalExpressionError),
    ("Illegal placment", 400, UnsupportedError),
    ("Too many cells selected", 403, TooManyCellsError),
    ("Too many cells selected", 200, TooManyCellsError),
    ("Unsupported language", 400, UnsupportedError),
    ("Unsupported output format", 500, UnsupportedError),
    ("Non-existent page", 404, UnknownPageError),
]


@pytest.mark.parametrize(("title", "status", "kind"), TITLES)
def test_the_title_of_an_error_decides_and_not_its_status(title, status, kind):
    body = {"type": "Parameter error", "title": title, "status": 400 if status != 400 else 404}
    server = Server(httpx.Response(status, json=body))
    with pytest.raises(ScbError) as raised:
        ask(server)
    assert type(raised.value) is kind
    assert raised.value.status == status
    assert title in str(raised.value)
    assert len(server.requests) == 1


def test_the_errors_of_a_binding_are_shown():
    body = {"title": "One or more validation errors occurred.", "errors": {"lang": ["fel språk"]}}
    with pytest.raises(RefusedError, match="fel språk"):
        ask(Server(httpx.Response(400, json=body)))


def test_an_answer_that_merely_has_a_title_is_no_error():
    body = {"class": "dataset", "title": "Non-existent table"}
    assert ask(Server(httpx.Response(200, json=body))) == body

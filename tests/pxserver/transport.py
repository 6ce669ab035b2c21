"""Sends answers, whole or broken on the way."""

import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

from tests.pxserver.faults import Fault
from tests.pxserver.routing import Answer

BLOCK = 1 << 24


class Gone(Exception):  # noqa: N818 - a signal, not a fault
    """The connection must not be used again."""


def send(handler: BaseHTTPRequestHandler, answer: Answer, length: int | None = None) -> None:
    """Send a whole answer; ``length`` is what the header claims when that is not the truth."""
    handler.send_response(answer.status)
    if answer.content_type:
        handler.send_header("Content-Type", answer.content_type)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(answer.body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(answer.body)


def send_broken(
    handler: BaseHTTPRequestHandler, answer: Answer, fault: Fault, closing: threading.Event
) -> None:
    """Send an answer with a fault of the transport in it; always ends the connection."""
    _SEND[fault.kind](handler, answer, fault, closing)
    raise Gone


def _slow(
    h: BaseHTTPRequestHandler, answer: Answer, fault: Fault, closing: threading.Event
) -> None:
    """Drip the body, ``rate`` bytes a second."""
    rate = float(fault.options.get("rate", 20))
    seconds = float(fault.options.get("seconds", 600))
    step = max(1, int(rate / 20))
    send(h, Answer(answer.status, b"", answer.content_type, answer.headers), len(answer.body))
    for start in range(0, len(answer.body), step):
        h.wfile.write(answer.body[start : start + step])
        h.wfile.flush()
        seconds -= step / rate
        if seconds < 0 or closing.wait(step / rate):
            return


def _hang(
    h: BaseHTTPRequestHandler, answer: Answer, fault: Fault, closing: threading.Event
) -> None:
    """Say nothing at all, until the client or the server gives up."""
    left = float(fault.options.get("seconds", 600))
    h.connection.settimeout(0.1)
    while left > 0 and not closing.wait(0.05):
        left -= 0.15
        try:
            if h.connection.recv(1, socket.MSG_PEEK) == b"":
                return
        except TimeoutError:
            continue


def _reset(
    h: BaseHTTPRequestHandler, answer: Answer, fault: Fault, closing: threading.Event
) -> None:
    """Break the connection in the middle of the body, with a reset."""
    half = Answer(answer.status, answer.body[: len(answer.body) // 2], answer.content_type)
    send(h, half, len(answer.body))
    h.wfile.flush()
    h.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    h.connection.close()


def _truncated(
    h: BaseHTTPRequestHandler, answer: Answer, fault: Fault, closing: threading.Event
) -> None:
    """Send half the JSON as if it were all of it."""
    send(h, Answer(answer.status, answer.body[: len(answer.body) // 2], answer.content_type))


def _short(
    h: BaseHTTPRequestHandler, answer: Answer, fault: Fault, closing: threading.Event
) -> None:
    """Promise the whole body, send half and close in good order."""
    half = Answer(answer.status, answer.body[: len(answer.body) // 2], answer.content_type)
    send(h, half, len(answer.body))


def _chunked(h: BaseHTTPRequestHandler, parts: Iterator[bytes], closing: threading.Event) -> None:
    h.send_response(200)
    h.send_header("Content-Type", "application/json; charset=utf-8")
    h.send_header("Content-Encoding", "gzip")
    h.send_header("Transfer-Encoding", "chunked")
    h.end_headers()
    for part in parts:
        if closing.is_set():
            return
        if part:
            h.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
    h.wfile.write(b"0\r\n\r\n")


def _endless(
    h: BaseHTTPRequestHandler, answer: Answer, fault: Fault, closing: threading.Event
) -> None:
    """Send a gzip body that never ends; every part can be unpacked."""

    def parts() -> Iterator[bytes]:
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)
        yield packer.compress(b'{"version":"2.0","class":"dataset","value":[0')
        while not closing.wait(0.001):
            yield packer.compress(b",12345" * 40_000) + packer.flush(zlib.Z_SYNC_FLUSH)

    _chunked(h, parts(), closing)


def _bomb(
    h: BaseHTTPRequestHandler, answer: Answer, fault: Fault, closing: threading.Event
) -> None:
    """Send some megabytes that unpack to gigabytes of blanks."""

    def parts() -> Iterator[bytes]:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        yield packer.compress(b"{") + packer.flush(zlib.Z_FULL_FLUSH)
        # After a full flush nothing refers back, so one packed block can be sent over and over.
        block = packer.compress(b" " * BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
        for _ in range(int(float(fault.options.get("gigabytes", 2)) * (1 << 30) / BLOCK)):
            yield block

    _chunked(h, parts(), closing)


_SEND = {
    "slow": _slow,
    "hang": _hang,
    "reset": _reset,
    "truncated": _truncated,
    "short": _short,
    "endless_gzip": _endless,
    "bomb": _bomb,
}

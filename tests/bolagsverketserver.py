"""A test server that serves Bolagsverket's file as the real one does. SYNTETISKA TESTDATA.

    with BolagsverketServer() as server:
        urllib.request.urlopen(f"{server.url}/ftgstat_oppna.csv")

The columns are those of the real file; every figure in it is made up.
"""

import threading
from collections.abc import Iterable, Mapping
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

FORMS = (
    "AB", "BAB", "BF", "BRF", "EK", "E", "SE", "FL", "FAB", "HB", "I", "KB", "KHF", "MB", "SF", "SB",
    "TSF", "BFL", "OFB", "SCE", "S", "EGTS", "FOF", "TPAB", "OTPB", "TPF",
)  # fmt: skip
HEADING = (
    "ar", "manad", "handelse", "regfam", "regfamtext", "SATELAN", "SATEKOMMUN", "LANTEXT", "KOMTEXT",
    *FORMS, "LADDATUM", "armanad",
)  # fmt: skip
PLACES = {("19", "80"): "Västerås", ("19", "81"): "Sala", ("3", "31"): "Heby", ("19", "0"): ""}
MONTHS = (("2025", "12"), ("2026", "1"), ("2026", "2"))


def row(
    year: str,
    month: str,
    event: str,
    place: tuple[str, str],
    counts: Mapping[str, str],
    **given: str,
) -> dict[str, str]:
    """Return one row of the file; forms that are not in ``counts`` are empty."""
    fields = dict.fromkeys(HEADING, "") | {
        "ar": year,
        "manad": month,
        "handelse": event,
        "regfam": "3",
        "regfamtext": "Påhittad regionfamilj",
        "SATELAN": place[0],
        "SATEKOMMUN": place[1],
        "LANTEXT": "Uppsala län" if place[0] == "3" else "Västmanlands län",
        "KOMTEXT": PLACES[place],
        "LADDATUM": "02MAR2026:06:30:00",
        "armanad": f"{year}{month.zfill(2)}",
    }
    return fields | counts | given


def rows() -> list[dict[str, str]]:
    """Return a small made-up file, row by row."""
    return [
        row(year, month, event, place, {"AB": str(n * int(event) + 10), "E": str(n), "HB": "0"})
        for n, (year, month) in enumerate(MONTHS, start=1)
        for event in ("1", "2", "3")
        for place in PLACES
    ]


def written(lines: Iterable[Mapping[str, str]], encoding: str = "latin-1") -> bytes:
    """Return rows as the bytes of the file."""
    body = [",".join(HEADING), *(",".join(line.values()) for line in lines)]
    return ("\r\n".join(body) + "\r\n").encode(encoding)


class BolagsverketServer:
    """Bolagsverket's file on this machine.

    Attributes:
        content: the file's bytes.
        headers: further headers, or others than the usual; None takes one away.
        head_status: the status of HEAD; 405 is a server that does not take it.
        faults: what the next calls of GET meet: a status, or ``"cut"`` for an answer that breaks off.
        calls: method and path of every call, in order.
    """

    def __init__(self) -> None:
        self.content = written(rows())
        self.headers: dict[str, str | None] = {}
        self.head_status = 200
        self.faults: list[int | str] = []
        self.calls: list[tuple[str, str]] = []
        self.accepted: list[str | None] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/statistik"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self.close()

    def close(self) -> None:
        """Let go of the port of a server that is not answering."""
        self._http.server_close()

    def times(self, method: str) -> int:
        """Return how many calls there have been of a method."""
        return sum(called == method for called, _ in self.calls)

    def respond(self, handler: BaseHTTPRequestHandler, path: str) -> None:
        """Answer a call that has come to a handler."""
        self.calls.append((handler.command, path))
        if handler.command == "HEAD":
            self._begin(handler, self.head_status)
            return
        self.accepted.append(handler.headers.get("Accept"))
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, int):
            handler.send_response(fault)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        self._begin(handler, 200)
        handler.wfile.write(self.content[: len(self.content) // 2] if fault else self.content)
        handler.close_connection = bool(fault)

    def _begin(self, handler: BaseHTTPRequestHandler, status: int) -> None:
        handler.send_response(status)
        mark = sha256(self.content).hexdigest()[:12]
        usual: dict[str, str | None] = {
            "Content-Type": "text/csv",
            "Content-Length": str(len(self.content)),
            "ETag": f'"{mark}"',
            "Last-Modified": "Mon, 02 Mar 2026 05:30:00 GMT",
        }
        for name, value in (usual | self.headers).items():
            if value is not None:
                handler.send_header(name, value)
        handler.end_headers()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                server.respond(self, self.path)

            def do_GET(self) -> None:
                server.respond(self, self.path)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

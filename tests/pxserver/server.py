"""The server: listens on loopback, counts calls, answers, and puts faults in the way."""

import gzip
import sys
import threading
import time
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from tests.pxserver import recorded, replies, transport, v1
from tests.pxserver.faults import ANSWERED, BROKEN, WRONG, Fault, Faults
from tests.pxserver.limiter import FixedWindow, SlidingWindow
from tests.pxserver.model import Tables
from tests.pxserver.routing import Answer, Api, Request, query_parameters
from tests.pxserver.tables import add_made_up_tables
from tests.pxserver.themes import add_themes
from tests.pxserver.themes_people import add_people
from tests.pxserver.wrong import spoilt

BASE = "/api/v2"
CONFIG: dict[str, Any] = {
    "apiVersion": "2.3.2",
    "appVersion": "1.0.0",
    "languages": [{"id": "en", "label": "English"}, {"id": "sv", "label": "Svenska"}],
    "defaultLanguage": "sv",
    "license": "https://creativecommons.org/share-your-work/public-domain/cc0/",
    "sourceReferences": [
        {"language": "en", "text": "Source: Statistics Sweden"},
        {"language": "sv", "text": "Källa: SCB"},
    ],
    "defaultDataFormat": "json-stat2",
    "dataFormats": ["json-stat2", "csv", "px", "xlsx", "html", "json-px"],
    "features": [{"id": "CORS", "params": [{"key": "enabled", "value": "True"}]}],
}


class Quiet(ThreadingHTTPServer):
    """Says nothing of clients that hang up, as one that is killed does."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@dataclass
class Call:
    """A call that came to the server; ``at`` is ``time.monotonic()``, ``status`` None until answered."""

    method: str
    path: str
    query: str
    body: bytes
    at: float
    status: int | None = None


class PxServer:
    """A PxWeb server on a free port of loopback, run in threads of this process.

    Args:
        limit: calls and seconds of the window, told by ``/config`` and enforced; None: no limit.
        max_cells: the most cells that an answer may hold.
        faults: what is to go wrong; more can be added while the server runs.
        host, port: where to listen; port 0 takes a free one.
        config_exempt: whether ``/config`` is free of the limit.
        config_limit: what ``/config`` tells instead of ``limit``; (0, 0) means "see the headers".
        recordings: the folder of recorded answers, None for the usual place.
        links: the address that links in answers begin with; None for the server's own.
        catalogue_size: make the list of tables this long, with rows without tables behind them.
        cache: seconds that answers to the same call are kept, refusals too (SCB's: about 300).
        compress: pack answers with gzip when the client takes that, as a front end may.
    """

    def __init__(
        self,
        limit: tuple[int, float] | None = (30, 10.0),
        max_cells: int = 150_000,
        faults: Faults | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        config_exempt: bool = True,
        config_limit: tuple[int, float] | None = None,
        recordings: Path | None = None,
        links: str | None = None,
        catalogue_size: int | None = None,
        cache: float = 0.0,
        compress: bool = False,
    ) -> None:
        calls, seconds = limit or (1_000_000_000, 10.0)
        self.limit = (calls, seconds)
        self.faults = faults if faults is not None else Faults()
        self.calls: list[Call] = []
        self.limiter = FixedWindow(calls, seconds)
        self.sliding = SlidingWindow(calls, seconds)
        self.closing = threading.Event()
        self._exempt, self._compress, self._cache_seconds = config_exempt, compress, cache
        self._cached: dict[tuple[str, str, bytes], tuple[float, Answer]] = {}
        self.tables = Tables()
        folder = recordings or recorded.RECORDINGS
        recorded.add_recorded_tables(self.tables, folder)
        add_made_up_tables(self.tables)
        add_themes(self.tables)
        add_people(self.tables)
        self._listen(host, port)
        self.api = self._api(folder, max_cells, links, catalogue_size, config_limit or self.limit)
        self.v1 = v1.Api(self.tables, max_cells, self.limit)

    def _listen(self, host: str, port: int) -> None:
        self._http = Quiet((host, port), Handler, bind_and_activate=False)
        self._http.server_bind()
        self._http.server_activate()
        self._http.px = self  # type: ignore[attr-defined]
        self.port = self._http.server_port
        self.origin = f"http://{host}:{self.port}"
        self.url = f"{self.origin}{BASE}"
        self.url_v1 = f"{self.origin}{v1.SCB}/sv/ssd"
        self.url_tva = f"{self.origin}{v1.TVA}/sv"

    def _api(
        self,
        folder: Path,
        max_cells: int,
        links: str | None,
        size: int | None,
        told: tuple[int, float],
    ) -> Api:
        calls, seconds = told
        config = dict(CONFIG)
        # The order of the keys is that of SCB's answer.
        config["maxDataCells"] = max_cells
        config["maxCallsPerTimeWindow"] = calls
        config["timeWindow"] = int(seconds) if float(seconds).is_integer() else seconds
        listed = recorded.read(folder, "tables.json") or {"tables": []}
        codelist = recorded.read(folder, "codelist_agg_Alder10arJ.json")
        return Api(
            self.tables,
            config,
            max_cells,
            links or self.url,
            rows=listed["tables"],
            codelists={codelist["id"]: codelist} if codelist else {},
            catalogue_size=size,
        )

    def start(self) -> "PxServer":
        """Start answering, in a thread."""
        thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        thread.start()
        return self

    def stop(self) -> None:
        """Stop answering; answers under way are cut off."""
        self.closing.set()
        self._http.shutdown()
        self.close()

    def close(self) -> None:
        """Let go of the port of a server that is not answering."""
        self._http.server_close()

    def __enter__(self) -> "PxServer":
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def data_calls(self) -> list[Call]:
        """Return the calls for data, refused ones included."""
        return [call for call in self.calls if call.path.endswith("/data")]

    def respond(self, handler: BaseHTTPRequestHandler, target: str) -> None:
        """Answer a call that has come to a handler, for a path with its query."""
        arrived = time.monotonic()
        path, _, query = target.partition("?")
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        call = Call(handler.command, unquote(path), query, body, arrived)
        self.calls.append(call)
        try:
            answer, fault = self.answer(call, handler.headers)
            call.status = answer.status
            if fault is None:
                transport.send(handler, answer)
            else:
                transport.send_broken(handler, answer, fault, self.closing)
            handler.wfile.flush()
        except (transport.Gone, OSError):
            handler.close_connection = True

    def answer(self, call: Call, headers: Any) -> tuple[Answer, Fault | None]:
        """Return the answer to a call, and the fault that its transport is to have."""
        if call.path == replies.MAINTENANCE:
            return replies.maintenance(), None
        if not call.path.startswith(BASE):
            return self._older(call, headers)
        standing = self._counted(call, headers)
        if isinstance(standing, Answer):
            return standing, None
        answer = self._fresh_or_cached(call, headers)
        fault = self.faults.take(f"{call.path}?{call.query}", is_data=answer.dataset is not None)
        if fault is not None and fault.kind in WRONG:
            answer = spoilt(self.api, answer, fault.kind)
        elif fault is not None and fault.kind in ANSWERED:
            answer = replies.replaced(answer, fault, self.limiter)
        elif self._compress and "gzip" in headers.get("Accept-Encoding", ""):
            answer = _packed(answer)
        answer.headers = {**standing, **answer.headers}
        return answer, fault if fault is not None and fault.kind in BROKEN else None

    def _older(self, call: Call, headers: Any) -> tuple[Answer, Fault | None]:
        """Answer in the older API, whose window slides and counts refused calls."""
        if not self.sliding.ask(_address(headers)).allowed:
            return v1.too_many(self.limit[1]), None
        answer = self.v1.answer(call.method, call.path, call.query, call.body)
        fault = self.faults.take(f"{call.path}?{call.query}", is_data=False)
        if fault is not None and fault.kind in ANSWERED:
            return replies.replaced(answer, fault, self.limiter), None
        return answer, fault

    def _counted(self, call: Call, headers: Any) -> dict[str, str] | Answer:
        if self._exempt and call.path.lower() == f"{BASE}/config":
            return {}
        verdict = self.limiter.ask(_address(headers))
        if verdict.allowed:
            return verdict.headers
        return Answer(429, self.limiter.refusal().encode(), "text/plain", verdict.headers)

    def _fresh_or_cached(self, call: Call, headers: Any) -> Answer:
        key = (call.method, f"{call.path}?{call.query}", call.body)
        kept = self._cached.get(key)
        if kept is not None and time.monotonic() - kept[0] < self._cache_seconds:
            return replace(kept[1], headers=dict(kept[1].headers))
        request = Request(
            call.method,
            call.path.removeprefix(BASE),
            query_parameters(call.query),
            call.body,
            headers.get("Content-Type", ""),
            len(self.origin) + len(call.path) + len(call.query) + 1,
        )
        answer = self.api.answer(request)
        if self._cache_seconds and answer.status != 500:
            self._cached[key] = (time.monotonic(), answer)
        return answer


def _address(headers: Any) -> str:
    return str(headers.get("X-Forwarded-For", "127.0.0.1")).split(",")[0].strip()


def _packed(answer: Answer) -> Answer:
    headers = {**answer.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Answer(answer.status, gzip.compress(answer.body, 1), answer.content_type, headers)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "pxserver"
    sys_version = ""
    disable_nagle_algorithm = True
    # Headers and body leave together; a client that has gone away is no fault.
    wbufsize = -1

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""

    def _handle(self) -> None:
        px: PxServer = self.server.px  # type: ignore[attr-defined]
        px.respond(self, self.path)

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            self.close_connection = True

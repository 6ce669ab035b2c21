"""The one port: finds out by the prefix whose call it is, and lets that source's server answer."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any, Self

from affarsplan_data.sources.servers import VARIABLE
from tests.bolagsverketserver import BolagsverketServer
from tests.boundariesserver import BoundariesServer
from tests.koladaserver import KoladaServer
from tests.pxserver import PxServer
from tests.pxserver.server import Quiet
from tests.servers.made_up import bolagsverkets_file, fill_kolada

PATHS = {
    "scb": "/scb/api/v2",
    "kolada": "/kolada/v3",
    "tillvaxtanalys": "/tillvaxtanalys/PxWeb/api/v1/sv",
    "bolagsverket": "/bolagsverket",
    "scb_boundaries": "/boundaries",
}
"""The path of each source's interface, by the source's id."""

FREE = {"x-ratelimit-policy": "1000000;w=1"}
"""Tells the client that it may call as often as it likes."""

Respond = Callable[[BaseHTTPRequestHandler, str], None]


class Servers:
    """Every source's test server, on one port of loopback.

    Args:
        port: where to listen; 0 takes a free one.
        limit: calls and seconds of the PxWeb servers' windows; None: no limit, and none at the others.

    Attributes:
        scb, tillvaxtanalys, kolada, bolagsverket, boundaries: the servers, each with its tables, calls
            and faults.
    """

    def __init__(self, port: int = 0, limit: tuple[int, float] | None = None) -> None:
        self.scb = PxServer(limit)
        self.tillvaxtanalys = PxServer(limit)
        self.kolada = KoladaServer()
        self.bolagsverket = BolagsverketServer()
        self.boundaries = BoundariesServer()
        fill_kolada(self.kolada)
        self.bolagsverket.content = bolagsverkets_file()
        if limit is None:
            self.kolada.headers.update(FREE)
            self.bolagsverket.headers.update(FREE)
        self._unplugged: dict[str, str] = {}
        self._responders: dict[str, Respond] = {
            "scb": self.scb.respond,
            "tillvaxtanalys": self.tillvaxtanalys.respond,
            "kolada": self.kolada.respond,
            "bolagsverket": self.bolagsverket.respond,
            "scb_boundaries": self.boundaries.respond,
        }
        self._http = Quiet(("127.0.0.1", port), _Handler)
        self._http.front = self  # type: ignore[attr-defined]
        self.origin = f"http://127.0.0.1:{self._http.server_port}"
        self.scb.api.links = self.url("scb")

    def url(self, source: str) -> str:
        """Return the base address of a source."""
        return f"{self.origin}{PATHS[source]}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment variable that lets the program ask these servers."""
        return {VARIABLE: " ".join(f"{source}={self.url(source)}" for source in PATHS)}

    def unplug(self, source: str, how: str = "503") -> None:
        """Let every call to a source be answered with 503, or ``cut`` off without an answer."""
        if source not in PATHS or how not in ("503", "cut"):
            raise ValueError(f"{source} kan inte dras ur så: {how}")
        self._unplugged[source] = how

    def plug_in(self, source: str) -> None:
        """Let a source answer again."""
        self._unplugged.pop(source, None)

    def data_calls(self) -> int:
        """Return how many calls for figures there have been, of all sources; boundaries are none."""
        return (
            len(self.scb.data_calls())
            + sum(call.method == "POST" for call in self.tillvaxtanalys.calls)
            + len(self.kolada.data_calls())
            + self.bolagsverket.times("GET")
        )

    def start(self) -> Self:
        """Start answering, in a thread."""
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop answering, and let go of every port."""
        for px in (self.scb, self.tillvaxtanalys):
            px.closing.set()
            px.close()
        self._http.shutdown()
        for one in (self.kolada, self.bolagsverket):
            one.close()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer a call."""
        prefix, _, rest = handler.path.removeprefix("/").partition("/")
        source = "scb_boundaries" if prefix == "boundaries" else prefix
        if source in self._unplugged:
            if self._unplugged[source] == "503":
                _refuse(handler, 503)
            handler.close_connection = True
        elif source in self._responders:
            self._responders[source](handler, f"/{rest}")
        else:
            _refuse(handler, 404)


def _refuse(handler: BaseHTTPRequestHandler, status: int) -> None:
    handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    handler.send_response(status)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def _handle(self) -> None:
        front: Servers = self.server.front  # type: ignore[attr-defined]
        front.respond(self)

    do_GET = do_POST = do_HEAD = _handle  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            self.close_connection = True

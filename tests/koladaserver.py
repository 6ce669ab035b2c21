"""A test server that answers as Kolada's interface v3 does. Every figure is SYNTETISKA TESTDATA.

    with KoladaServer() as server:
        urllib.request.urlopen(f"{server.url}/kpi/N00999")

Written from what is known of the interface, and independent of the client that it judges: pages with
``values``, ``count``, ``next_url`` and ``previous_url``, lists of at most 25 in an address, and entries
with one figure per gender.
"""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

LONGEST_LIST = 25
MOST_PER_PAGE = 5000

KPIS: dict[str, dict[str, Any]] = {
    "N00999": {
        "id": "N00999",
        "title": "Nystartade företag, SYNTETISKA TESTDATA, antal/1 000 invånare",
        "description": "Påhittade tal i stället för nystartade företag.",
        "is_divided_by_gender": False,
        "municipality_type": "A",
        "publication_date": "2026-04-01",
    },
    "N01003": {
        "id": "N01003",
        "title": "Nystartade företag, SYNTETISKA TESTDATA, antal",
        "description": "Påhittade tal.",
        "is_divided_by_gender": False,
        "municipality_type": "A",
        "publication_date": "2026-04-01",
    },
    "N00905": {
        "id": "N00905",
        "title": "Medianinkomst, SYNTETISKA TESTDATA",
        "description": None,
        "is_divided_by_gender": True,
        "municipality_type": "A",
        "publication_date": None,
    },
}
MUNICIPALITIES = {
    "0000": ("Riket", "L"),
    "0003": ("Region Uppsala", "L"),
    "0019": ("Region Västmanland", "L"),
    "0331": ("Heby", "K"),
    "1904": ("Skinnskatteberg", "K"),
    "1980": ("Västerås", "K"),
    "1981": ("Sala", "K"),
}
YEARS = range(2019, 2025)


def figure(gender: str, value: float | None, **given: Any) -> dict[str, Any]:
    """Return a figure as Kolada writes it."""
    status = "" if value is not None else "Missing"
    return {
        "gender": gender, "count": 1, "status": status, "value": value, "isdeleted": False
    } | given  # fmt: skip


def entry(kpi: str, municipality: str, year: int) -> dict[str, Any] | None:
    """Return made-up figures; Skinnskatteberg's of 2019 are missing, and Heby has no entry for 2020."""
    if (municipality, year) == ("0331", 2020):
        return None
    base = int(kpi[1:]) % 97 + int(municipality) / 1000 + (year - 2000) / 100
    missing = (municipality, year) == ("1904", 2019)
    genders = {"T": 0.0, "K": -1.0, "M": 1.0} if KPIS[kpi]["is_divided_by_gender"] else {"T": 0.0}
    values = [figure(g, None if missing else round(base + d, 3)) for g, d in genders.items()]
    return {"kpi": kpi, "period": year, "municipality": municipality, "values": values}


class KoladaServer:
    """Kolada on this machine.

    Attributes:
        kpis, municipalities, years: what it has; tests may change them.
        alter: changes an answer before it is sent; gets the path and the answer.
        faults: what the next calls meet instead of an answer: a status with headers and a body, ``"cut"``
            for an answer that breaks off, or ``"slow"`` for one that does not come in time.
        headers: further headers of every answer.
        next_host: the host that addresses of next pages name; by default the server's own.
        calls: path and query of every call, in order.
    """

    def __init__(self, page: int = MOST_PER_PAGE) -> None:
        self.kpis = {id: dict(kpi) for id, kpi in KPIS.items()}
        self.municipalities = dict(MUNICIPALITIES)
        self.entry: Callable[[str, str, int], dict[str, Any] | None] = entry
        self.alter: Callable[[str, dict[str, Any]], dict[str, Any]] = lambda _, answer: answer
        self.faults: list[Any] = []
        self.headers: dict[str, str] = {}
        self.next_host: str | None = None
        self.years = YEARS
        self.page = page
        self.calls: list[str] = []
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.host = f"http://127.0.0.1:{self._http.server_port}"
        self.url = f"{self.host}/v3"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self.close()

    def close(self) -> None:
        """Let go of the port of a server that is not answering."""
        self._http.server_close()

    def data_calls(self) -> list[str]:
        """Return the calls for figures."""
        return [call for call in self.calls if "/data/" in call]

    def respond(self, handler: BaseHTTPRequestHandler, target: str) -> None:
        """Answer a call that has come to a handler, for a path with its query."""
        with self._lock:
            self.calls.append(target)
            fault = self.faults.pop(0) if self.faults else None
        status, body = self.answer(target)
        answer = self.alter(target, body) if status == 200 else body
        content = json.dumps(answer, ensure_ascii=False).encode()
        headers: dict[str, str] = {}
        if fault == "slow":
            time.sleep(2.0)
        elif fault == "cut":
            headers["Content-Length"] = str(len(content) + 100)
        elif fault is not None:
            status, headers, content = fault
        usual = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        handler.send_response(status)
        for name, value in (usual | self.headers | headers).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)
        if fault == "cut":
            handler.close_connection = True

    def answer(self, target: str) -> tuple[int, dict[str, Any]]:
        """Return status and body for a path with its query."""
        parts = urlsplit(target)
        steps = unquote(parts.path).removeprefix("/v3/").split("/")
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        lists = [step.split(",") for step in steps]
        if any(len(items) > LONGEST_LIST for items in lists):
            return 422, {"detail": [{"msg": "List should have at most 25 items", "loc": ["path"]}]}
        match steps:
            case ["municipality"]:
                every = [
                    {"id": id, "title": title, "type": kind}
                    for id, (title, kind) in self.municipalities.items()
                ]
            case ["kpi"]:
                wanted = query.get("title", "").casefold()
                every = [k for k in self.kpis.values() if wanted in k["title"].casefold()]
            case ["kpi", _]:
                every = [self.kpis[id] for id in lists[1] if id in self.kpis]
            case ["data", "kpi", _, "municipality", _]:
                every = self._entries(lists[2], lists[4], [str(year) for year in self.years])
            case ["data", "kpi", _, "municipality", _, "year", _]:
                every = self._entries(lists[2], lists[4], lists[6])
            case _:
                return 404, {"detail": "Not Found"}
        return 200, self._paged(every, parts.path, query)

    def _entries(self, kpis: list[str], codes: list[str], years: list[str]) -> list[dict[str, Any]]:
        found = [
            self.entry(kpi, code, int(year))
            for kpi in kpis
            for code in codes
            for year in years
            if kpi in self.kpis and code in self.municipalities and int(year) in self.years
        ]
        return [one for one in found if one is not None]

    def _paged(self, every: list[Any], path: str, query: dict[str, str]) -> dict[str, Any]:
        size = min(int(query.get("per_page", MOST_PER_PAGE)), self.page)
        number = int(query.get("page", 1))
        values = every[(number - 1) * size : number * size]
        host = self.next_host or self.host

        def link(page: int) -> str:
            title = f"&title={query['title']}" if "title" in query else ""
            return f"{host}{path}?page={page}&per_page={size}{title}"

        return {
            "values": values,
            "count": len(values),
            "next_url": link(number + 1) if number * size < len(every) else None,
            "previous_url": link(number - 1) if number > 1 else None,
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.respond(self, self.path)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

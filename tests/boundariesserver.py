"""A test server that serves SCB's page of boundaries and its zip as the real ones are.

    with BoundariesServer() as server:
        urllib.request.urlopen(f"{server.url}/{PAGE}")

The boundaries are the project's own copy of SCB's, laid out as SCB's file is: a zip of zips with a
shapefile in each. Nothing in it is made up; what a test adds to it is damage.
"""

import io
import tempfile
import threading
import zipfile
from collections.abc import Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import geopandas as gpd
from shapely import coverage_union_all

from affarsplan_data import regions

PAGE = "hitta-statistik/regional-statistik-och-kartor/regionala-indelningar/digitala-granser/"
FOLDER = "contentassets/3443fea3fa6640f7a57ea15d9a372d33"
OWN_COPY = Path(__file__).parents[1] / "data/raw/boundaries/municipalities.geojson"


@cache
def municipalities() -> gpd.GeoDataFrame:
    """Return the own copy as SCB's layer of municipalities: ``KnKod``, ``KnNamn`` and the areas."""
    areas = gpd.read_file(OWN_COPY).rename(columns={"code": "KnKod"})
    areas.insert(1, "KnNamn", [regions.name(code) for code in areas["KnKod"]])
    return areas


@cache
def counties() -> gpd.GeoDataFrame:
    """Return the own copy as SCB's layer of counties: ``LnKod``, ``LnNamn`` and the areas."""
    areas = municipalities()
    rows = [
        {
            "LnKod": code,
            "LnNamn": regions.name(code),
            "geometry": coverage_union_all(group.geometry.values),
        }
        for code, group in areas.groupby(areas["KnKod"].str[:2], sort=True)
    ]
    return gpd.GeoDataFrame(rows, crs=areas.crs)


def shapefile(layer: gpd.GeoDataFrame, name: str) -> bytes:
    """Return a layer as a zip with a shapefile called ``name``; its ``.prj`` names no authority."""
    with tempfile.TemporaryDirectory() as folder:
        layer.to_file(Path(folder, f"{name}.shp"), encoding="ISO-8859-1")
        return zipped({path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of the parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def edition(
    of_municipalities: gpd.GeoDataFrame | None = None, of_counties: gpd.GeoDataFrame | None = None
) -> bytes:
    """Return SCB's zip of zips, with other layers than the usual when they are given."""
    if of_municipalities is None and of_counties is None:
        return _usual()
    kn = municipalities() if of_municipalities is None else of_municipalities
    ln = counties() if of_counties is None else of_counties
    return zipped(
        {
            "Kommun_Sweref99TM.zip": shapefile(kn, "Kommun_Sweref99TM"),
            "LanSweref99TM.zip": shapefile(ln, "Lan_Sweref99TM_region"),
        }
    )


@cache
def _usual() -> bytes:
    return edition(municipalities(), counties())


class BoundariesServer:
    """SCB's page and file on this machine.

    Attributes:
        name: what the zip is called; it changes about once a year.
        content: the zip; None stands for :func:`edition` as it is.
        page: the page's HTML; None stands for one with a link to the zip.
        faults: statuses that the next calls meet.
        calls: the path of every call, in order.
    """

    def __init__(self) -> None:
        self.name = "shape_svenska_260225.zip"
        self.content: bytes | None = None
        self.page: str | None = None
        self.faults: list[int] = []
        self.calls: list[str] = []

    def __enter__(self) -> Self:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def html(self) -> str:
        """Return the page: a link to the zip among others, from the root of the site as SCB's are."""
        if self.page is not None:
            return self.page
        return (
            '<html><body><a href="/hitta-statistik/">Statistik</a>'
            f'<a href="/{FOLDER}/tab_{self.name.removeprefix("shape_")}">MapInfo</a>'
            f'<a href="/{FOLDER}/{self.name}">Shape</a></body></html>'
        )

    def respond(self, handler: BaseHTTPRequestHandler, path: str) -> None:
        """Answer a call; ``path`` is what comes after the site's address, with its first slash."""
        self.calls.append(path)
        status, kind, body = self._reply(path.removeprefix("/"))
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _reply(self, path: str) -> tuple[int, str, bytes]:
        if self.faults:
            return self.faults.pop(0), "text/plain", b""
        if path == PAGE:
            return 200, "text/html; charset=utf-8", self.html().encode()
        if path == f"{FOLDER}/{self.name}":
            content = edition() if self.content is None else self.content
            return 200, "application/x-zip-compressed", content
        return 404, "text/plain", b"Sidan finns inte"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.respond(self, self.path)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

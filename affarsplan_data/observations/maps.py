"""The boundaries that maps are drawn with: those fetched last, as a file in ``data/processed/newest``.

The file has the form of the project's own copy, which maps are drawn with when nothing has been fetched.
"""

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from affarsplan_data import project
from affarsplan_data.archive import Archive
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.observations import files
from affarsplan_data.parameters import NEWEST
from affarsplan_data.recording import ABSENT, kind, note, quiet
from affarsplan_data.sources import boundaries as source
from affarsplan_data.sources import standing

if TYPE_CHECKING:
    import geopandas as gpd

_HEAD = (
    '{"type":"FeatureCollection","crs":{"type":"name","properties":'
    '{"name":"urn:ogc:def:crs:EPSG::3006"}},"features":[\n'
)
_log = logging.getLogger(__name__)


def folder() -> Path:
    """Return the folder of the boundaries that have been fetched."""
    return project.processed() / NEWEST / "boundaries"


@dataclass(frozen=True)
class Borders:
    """What maps are drawn with: a file, and SCB's date of it; the own copy when ``file`` is None."""

    file: Path | None = None
    updated: str | None = None


def boundaries(data: str) -> Borders:
    """Return the municipalities' boundaries to draw ``data`` with.

    What has been fetched is read out of the archive the first time. If it cannot be, the own copy is
    used, and the log says why.
    """
    if data != NEWEST:
        return Borders()
    note("boundaries", data)
    with quiet():
        return _usable()


@kind("boundaries")
def _state(_: str) -> str:
    file = _usable().file
    return file.name if file else ABSENT


def _usable() -> Borders:
    try:
        return _newest()
    except (AffarsplanError, OSError) as error:
        _log.warning("De hämtade gränserna används inte: %s", error)
        return Borders()


def _newest() -> Borders:
    archive = Archive(project.raw() / "archive")
    for table in load_catalogue().boundaries():
        snapshot = standing.standing(table, archive)
        if snapshot is None:
            continue
        path = folder() / f"municipalities-{snapshot.answers[0]}.geojson"
        if not path.is_file():
            _write(source.areas(archive, snapshot).areas, path)
        return Borders(path, snapshot.updated)
    return Borders()


def _write(areas: "gpd.GeoDataFrame", path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_text(geojson(areas), path)
    for stale in path.parent.glob("*.geojson"):
        if stale != path:
            files.remove(stale)


def geojson(areas: "gpd.GeoDataFrame") -> str:
    """Return areas (``code`` and ``geometry``) in the form of the own copy: one per line, in order."""
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {"code": code},
                "geometry": {"type": shape.geom_type, "coordinates": _plain(shape)},
            },
            separators=(",", ":"),
        )
        for code, shape in zip(areas["code"], areas.geometry.values, strict=True)
    ]
    return _HEAD + ",\n".join(lines) + "\n]}\n"


def _plain(shape: object) -> object:
    """Return the coordinates as lists; those that are whole are written without decimals."""
    from shapely.geometry import mapping

    return _whole(mapping(shape)["coordinates"])


def _whole(held: object) -> object:
    if isinstance(held, list | tuple):
        return [_whole(one) for one in held]
    assert isinstance(held, float)
    return int(held) if held.is_integer() else held

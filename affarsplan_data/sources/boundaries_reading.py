"""Reads SCB's file of boundaries, a zip of zips with a shapefile in each, and finds what is wrong.

The names inside change between editions, so layers and fields are found by how they begin. Nothing is
unpacked under a name from the file. The coordinates are SWEREF 99 TM, though the file's own description
names no authority.
"""

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from affarsplan_data import regions
from affarsplan_data.sources.errors import BadFileError
from affarsplan_data.swedish import listing

CRS = "EPSG:3006"
MOST_PARTS = 200
MOST_UNZIPPED = 100_000_000
"""Bytes, in the outer zip and in each of those within; the file of 2026 is some 0.5 MB."""
MOST_AREAS = 1_000
WIDEST_GAP = 200.0
"""Metres: gaps between neighbours narrower than this are SCB's drawing, lakes are wider."""
MOST_REPAIR = 0.01
"""The share of an area that repairing may change."""
MOST_APART = 0.02
"""The share of a county that may differ from its municipalities together."""
SWEDEN = (200_000, 6_000_000, 1_000_000, 7_800_000)
"""Metres east and north that every border lies within."""
_SHOWN = 5
_PARTS = (".shp", ".shx", ".dbf")


@dataclass(frozen=True)
class _Layer:
    """What the file calls a layer and its fields, and the regions that are to be in it."""

    name: str
    file: re.Pattern[str]
    code: re.Pattern[str]
    label: re.Pattern[str]
    codes: tuple[str, ...]


_MUNICIPALITIES = _Layer(
    "kommunerna",
    re.compile(r"kommun"),
    re.compile(r"kn_?kod|kommun_?kod"),
    re.compile(r"kn_?namn|kommun_?namn"),
    regions.municipalities(),
)
_COUNTIES = _Layer(
    "länen",
    re.compile(r"l[aä]ns?[_ -]?(sweref|\.|$)"),
    re.compile(r"ln_?kod|l[aä]ns?_?kod"),
    re.compile(r"ln_?namn|l[aä]ns?_?namn"),
    regions.counties(),
)


def read_file(content: bytes) -> gpd.GeoDataFrame:
    """Return the municipalities in SCB's file: ``code`` and ``geometry``, in code order, whole metres.

    The areas meet without gaps or overlaps, and rings run clockwise.

    Raises:
        BadFileError: the file is damaged, too large or harmful, or its areas are not those of the
            region register.
    """
    outer = _opened(content, "filen")
    municipalities = _areas(outer, _MUNICIPALITIES)
    counties = _areas(outer, _COUNTIES)
    whole = _repaired(municipalities)
    _check_counties(whole, counties)
    return whole


def _opened(content: bytes, what: str) -> Mapping[str, bytes]:
    """Return the parts of a zip by name, none of them a folder."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            entries = [entry for entry in parts.infolist() if not entry.is_dir()]
            _check_entries(entries, what)
            return {entry.filename: parts.read(entry) for entry in entries}
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
        zlib.error,
    ) as error:
        raise BadFileError(
            f"SCB:s {what} med gränser är skadad eller är ingen zip. Inget av den används; försök igen."
        ) from error


def _check_entries(entries: list[zipfile.ZipInfo], what: str) -> None:
    if len(entries) > MOST_PARTS:
        _refuse(f"{what} har {len(entries)} delar, fler än de {MOST_PARTS} som tas emot.")
    if (size := sum(entry.file_size for entry in entries)) > MOST_UNZIPPED:
        _refuse(
            f"{what} blir {size / 1e6:.0f} megabyte uppackad, mer än de {MOST_UNZIPPED / 1e6:.0f} som "
            "tas emot."
        )
    for entry in entries:
        name = entry.filename
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
            _refuse(f"{what} har en del med ett otillåtet namn ({name!r:.80}).")
        if entry.flag_bits & 1:
            _refuse(f"{what} är skyddad med lösenord.")


def _areas(outer: Mapping[str, bytes], layer: _Layer) -> gpd.GeoDataFrame:
    """Return a layer's areas with their codes, after a look at codes, names and place."""
    inner = _opened(
        outer[_only(outer, layer, ".zip")], f"del {_only(outer, layer, '.zip')[:60]} i filen"
    )
    stem = _only(inner, layer, ".shp").removesuffix(".shp")
    if absent := [ending for ending in _PARTS if f"{stem}{ending}" not in inner]:
        _refuse(f"lagret med {layer.name} saknar {listing(absent)}.")
    found = _read_shapefile(
        {e: inner[f"{stem}{e}"] for e in (*_PARTS, ".cpg") if f"{stem}{e}" in inner}
    )
    codes = _codes(found, layer)
    _check_codes(codes, layer)
    _check_names(codes, found[_field(found, layer, layer.label)], layer)
    areas = gpd.GeoDataFrame({"code": codes}, geometry=found.geometry.values)
    areas = areas.set_crs(CRS, allow_override=True).sort_values("code", ignore_index=True)
    _check_place(areas, layer)
    return areas


def _only(parts: Iterable[str], layer: _Layer, ending: str) -> str:
    """Return the one part that is the layer's."""
    found = [
        name
        for name in parts
        if name.lower().endswith(ending) and layer.file.match(PurePosixPath(name).name.lower())
    ]
    if len(found) != 1:
        _refuse(f"filen har {len(found)} delar ({ending}) med {layer.name}, där en väntades.")
    return found[0]


def _read_shapefile(parts: Mapping[str, bytes]) -> gpd.GeoDataFrame:
    """Read a shapefile from its parts by ending, under names of our own."""
    with tempfile.TemporaryDirectory() as folder:
        for ending, content in parts.items():
            Path(folder, f"layer{ending}").write_bytes(content)
        path = Path(folder, "layer.shp")
        try:
            if (number := pyogrio.read_info(path)["features"]) > MOST_AREAS:
                _refuse(f"ett lager har {number} områden, fler än de {MOST_AREAS} som tas emot.")
            return pyogrio.read_dataframe(path)
        except BadFileError:
            raise
        except Exception as error:
            # A file made to harm can break the reader anywhere; none of it is used.
            raise BadFileError(
                f"Ett lager i SCB:s fil med gränser går inte att läsa ({type(error).__name__}). Inget "
                "av filen används."
            ) from error


def _field(found: gpd.GeoDataFrame, layer: _Layer, pattern: re.Pattern[str]) -> str:
    names = [str(name) for name in found.columns if pattern.fullmatch(str(name).lower())]
    if len(names) != 1:
        held = ", ".join(str(name)[:20] for name in found.columns if name != "geometry")
        _refuse(f"lagret med {layer.name} har inte de fält som väntades. Det har {held or 'inga'}.")
    return names[0]


def _codes(found: gpd.GeoDataFrame, layer: _Layer) -> list[str]:
    width = len(layer.codes[0])
    held = found[_field(found, layer, layer.code)]
    return [str(code).strip().removesuffix(".0").zfill(width) for code in held]


def _check_codes(codes: list[str], layer: _Layer) -> None:
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        _refuse(f"lagret med {layer.name} har {_some(twice)} mer än en gång.")
    if unknown := sorted(set(codes) - set(layer.codes)):
        _refuse(f"lagret med {layer.name} har koder som regionlistan inte har: {_some(unknown)}.")
    if absent := sorted(set(layer.codes) - set(codes)):
        named = [f"{code} {regions.name(code)}" for code in absent]
        _refuse(f"lagret med {layer.name} saknar {_some(named)}.")


def _check_names(codes: list[str], names: Iterable[Any], layer: _Layer) -> None:
    for code, name in zip(codes, names, strict=True):
        if _plain(str(name)) != _plain(regions.name(code)):
            _refuse(
                f"{code} heter {str(name)!r:.60} i lagret med {layer.name}, men {regions.name(code)} i "
                "regionlistan."
            )


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").split())


def _check_place(areas: gpd.GeoDataFrame, layer: _Layer) -> None:
    kinds = set(areas.geom_type.fillna("inget"))
    if not kinds <= {"Polygon", "MultiPolygon"} or areas.geometry.is_empty.any():
        _refuse(f"lagret med {layer.name} har annat än ytor.")
    west, south, east, north = areas.total_bounds
    if not (SWEDEN[0] < west < east < SWEDEN[2] and SWEDEN[1] < south < north < SWEDEN[3]):
        _refuse(f"lagret med {layer.name} har inte koordinater i SWEREF 99 TM.")


def _repaired(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas without overlaps and narrow gaps, in whole metres where that keeps them whole."""
    given = np.array([_polygons(shape) for shape in areas.geometry.values])
    clean = shapely.coverage_clean(given, gap_width=WIDEST_GAP)
    rounded = shapely.set_precision(clean, 1.0, mode="pointwise")
    shapes = rounded if _is_whole(rounded) else clean
    if not _is_whole(shapes):
        _refuse("kommunernas ytor går inte att foga ihop utan glapp.")
    before, after = shapely.area(given), shapely.area(shapes)
    apart = np.abs(after - before) > MOST_REPAIR * before
    if apart.any():
        codes = areas["code"][apart].tolist()
        _refuse(f"kommunernas ytor ligger på varandra eller glappar: {_some(codes)}.")
    shapes = shapely.normalize(shapes)
    return gpd.GeoDataFrame(
        {"code": areas["code"]}, geometry=shapely.orient_polygons(shapes, exterior_cw=True), crs=CRS
    )


def _polygons(shape: Any) -> Any:
    """Return a valid area: what a border that crosses itself encloses."""
    valid = shapely.make_valid(shape)
    parts = [p for p in shapely.get_parts(valid) if p.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts)


def _is_whole(shapes: Any) -> bool:
    return bool(
        shapely.is_valid(shapes).all()
        and not shapely.is_empty(shapes).any()
        and shapely.coverage_is_valid(shapes)
    )


def _check_counties(municipalities: gpd.GeoDataFrame, counties: gpd.GeoDataFrame) -> None:
    """Refuse a file whose counties are not their municipalities together: codes have changed places."""
    for code, county in zip(counties["code"], counties.geometry.values, strict=True):
        of_county = municipalities.geometry.values[municipalities["code"].str[:2] == code]
        ours = shapely.coverage_union_all(of_county)
        apart = shapely.area(shapely.symmetric_difference(ours, _polygons(county)))
        if apart > MOST_APART * shapely.area(ours):
            _refuse(f"{regions.name(code)} täcker inte samma yta som sina kommuner tillsammans.")


def _some(items: list[str]) -> str:
    more = f" och {len(items) - _SHOWN} till" if len(items) > _SHOWN else ""
    return ", ".join(item[:60] for item in items[:_SHOWN]) + more


def _refuse(problem: str) -> NoReturn:
    raise BadFileError(f"SCB:s fil med gränser: {problem} Inget av den används.")

"""SCB's boundaries: found through their page, checked area by area, and kept, or not used at all."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import shapely
from shapely.affinity import translate

from affarsplan_data import regions
from affarsplan_data.archive import Archive
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.scb import OfflineError
from affarsplan_data.scb.errors import AnswerTooLargeError
from affarsplan_data.scb.http import Patience
from affarsplan_data.scb.limits import Limiter, Rate
from affarsplan_data.sources import boundaries, boundaries_reading, checks
from affarsplan_data.sources.boundaries import BoundariesClient
from affarsplan_data.sources.errors import BadFileError
from affarsplan_data.sources.fetching import tables_to_fetch
from affarsplan_data.sources.snapshots import Fetched
from tests import boundariesserver as made
from tests.boundariesserver import BoundariesServer

(TABLE,) = load_catalogue().boundaries()
HASTE = Patience(attempts=2, first_wait=0.01, longest_wait=0.01)


@pytest.fixture
def server() -> Iterator[BoundariesServer]:
    """Return a running test server."""
    with BoundariesServer() as running:
        yield running


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an empty archive."""
    return Archive(tmp_path / "archive")


def _client(server: BoundariesServer, archive: Archive, **given: object) -> BoundariesClient:
    limiter = Limiter(Rate(1000, 1.0))
    return BoundariesClient(
        server.url,
        archive=archive,
        patience=HASTE,
        limiter=limiter,
        **given,  # type: ignore[arg-type]
    )


def _fetched(server: BoundariesServer, archive: Archive, **given: object) -> Fetched:
    with _client(server, archive, **given) as client:
        [result] = boundaries.fetch([TABLE], client, archive)
    return result


def test_the_file_is_found_through_its_page_and_archived_with_where_it_came_from(server, archive):
    result = _fetched(server, archive)

    assert (result.outcome, result.updated, result.cells) == ("new", "2026-02-25", 290)
    [snapshot] = archive.recorded(_client(server, archive).source, "digitala_granser")
    kept = archive.read(snapshot.source, snapshot.name, snapshot.answers[0])
    assert kept.content == made.edition()
    assert kept.provenance.url == f"{server.url}/{made.FOLDER}/shape_svenska_260225.zip"
    assert kept.provenance.updated == "2026-02-25"
    assert server.calls == [f"/{made.PAGE}", f"/{made.FOLDER}/shape_svenska_260225.zip"]


def test_what_is_read_back_is_the_own_copy_area_by_area(server, archive):
    _fetched(server, archive)
    [snapshot] = archive.recorded(_client(server, archive).source, "digitala_granser")

    areas = boundaries.areas(archive, snapshot).areas

    assert list(areas["code"]) == sorted(regions.municipalities())
    assert all(
        ours.equals(theirs)
        for ours, theirs in zip(made.municipalities().geometry, areas.geometry, strict=True)
    )
    assert areas.crs.to_epsg() == 3006
    assert boundaries.read_snapshot(archive, snapshot) == []


@pytest.mark.parametrize(
    ("links", "name", "updated"),
    [
        ("", "shape_svenska_270301.zip", "2027-03-01"),
        ("", "shape_svenska.zip", None),
        (f'<a href="/{made.FOLDER}/shape_svenska_250121.zip">förra</a>', "shape_svenska_270301.zip",
         "2027-03-01"),
        (f'<a href="/{made.FOLDER}/shape_svenska.zip">förra</a>', "shape_svenska_260225.zip",
         "2026-02-25"),
    ],
)  # fmt: skip
def test_the_newest_link_is_followed_whatever_it_is_called(server, archive, links, name, updated):
    server.name = name
    server.page = server.html() + links

    result = _fetched(server, archive)

    assert (result.outcome, result.updated) == ("new", updated)
    assert server.calls[-1].endswith(name)


def test_the_newest_is_told_by_its_day_and_not_by_the_folder_that_it_lies_in(server, archive):
    older = f'<a href="/contentassets/{"f" * 32}/shape_svenska_250121.zip">förra</a>'
    server.page = server.html() + older

    assert _fetched(server, archive).updated == "2026-02-25"


def test_a_page_without_a_link_is_told_and_what_stands_stands(server, archive):
    _fetched(server, archive)
    server.page = "<html><body><a href='/shape_annat.zip'>Ny sida</a></body></html>"

    result = _fetched(server, archive)

    assert result.outcome == "failed"
    assert "har ingen länk till en fil som heter shape_svenska" in str(result.error)
    assert "Kartorna ritas med de gränser som finns" in str(result.error)
    assert (result.updated, result.cells) == ("2026-02-25", 290)
    assert len(server.calls) == 3


def test_a_link_to_another_host_is_not_followed(server, archive):
    server.page = f'<a href="https://elak.example/{made.FOLDER}/shape_svenska_260225.zip">x</a>'

    assert _fetched(server, archive).outcome == "new"
    assert server.calls[-1] == f"/{made.FOLDER}/shape_svenska_260225.zip"


def test_the_same_file_again_is_unchanged_and_moved_areas_are_counted(server, archive):
    _fetched(server, archive)
    again = _fetched(server, archive)
    server.name, server.content = "shape_svenska_270301.zip", made.edition(_nudged(), None)
    moved = _fetched(server, archive)

    assert (again.outcome, again.changes.changed) == ("unchanged", 0)
    assert len(archive.recorded(_client(server, archive).source, "digitala_granser")) == 2
    assert (moved.outcome, moved.updated) == ("revised", "2027-03-01")
    assert 1 <= moved.changes.changed < 10


def test_without_network_the_archive_answers_and_an_empty_one_says_so(server, archive, tmp_path):
    _fetched(server, archive)
    calls = len(server.calls)

    assert _fetched(server, archive, offline=True).updated == "2026-02-25"
    empty = _fetched(server, Archive(tmp_path / "empty"), offline=True)
    assert (empty.outcome, "finns inte i arkivet" in str(empty.error)) == ("failed", True)
    assert len(server.calls) == calls
    with _client(server, archive, offline=True) as client, pytest.raises(OfflineError):
        client.boundaries(boundaries.Link("contentassets/x.zip", None), "digitala_granser")


def test_a_fault_that_passes_is_tried_again_and_a_lasting_one_leaves_what_stands(server, archive):
    server.faults = [503]
    assert _fetched(server, archive).outcome == "new"
    server.faults = [503, 503, 503]

    result = _fetched(server, archive)

    assert (result.outcome, result.updated) == ("failed", "2026-02-25")


def test_a_file_larger_than_is_taken_is_broken_off(server, archive):
    with (
        _client(server, archive, max_bytes=10_000) as client,
        pytest.raises(AnswerTooLargeError),
    ):
        client.boundaries(client.link(), "digitala_granser")


def _nudged():
    """Return the municipalities with one border point moved, so that two overlap and gap a little."""
    areas = made.municipalities().copy()
    row = areas.index[areas["KnKod"] == "0305"][0]
    points = shapely.get_coordinates(areas.geometry[row])
    points[3] += (150, 90)
    areas.loc[row, "geometry"] = shapely.Polygon(points)
    return areas


def _without(code: str):
    areas = made.municipalities()
    return areas[areas["KnKod"] != code]


def _swapped(one: str, other: str, column: str = "KnKod"):
    areas = made.municipalities().copy()
    return areas.assign(**{column: areas[column].replace({one: other, other: one})})


def _called(one: str, other: str, column: str = "KnNamn"):
    areas = made.municipalities()
    return areas.assign(**{column: areas[column].replace({one: other})})


def _elsewhere():
    areas = made.municipalities().copy()
    areas["geometry"] = [translate(shape, -5_000_000, 0) for shape in areas.geometry]
    return areas


def _shifted():
    """Return the municipalities with one of them lying over its neighbours."""
    areas = made.municipalities().copy()
    row = areas.index[areas["KnKod"] == "1980"][0]
    areas.loc[row, "geometry"] = translate(areas.geometry[row], 9_000, 0)
    return areas


def _points():
    areas = made.municipalities()
    return areas.assign(geometry=areas.geometry.representative_point())


def _repacked(change: Callable[[str, bytes], Mapping[str, bytes]]) -> bytes:
    """Return SCB's zip with the parts of the zips within changed."""
    outer = zipfile.ZipFile(io.BytesIO(made.edition()))
    parts = {}
    for name in outer.namelist():
        inner = zipfile.ZipFile(io.BytesIO(outer.read(name)))
        changed: dict[str, bytes] = {}
        for part in inner.namelist():
            changed |= change(part, inner.read(part))
        parts[name] = made.zipped(changed)
    return made.zipped(parts)


def _bomb() -> bytes:
    return made.zipped({"Kommun_Sweref99TM.zip": b"\0" * (boundaries_reading.MOST_UNZIPPED + 1)})


def _bomb_within() -> bytes:
    inner = made.zipped({"Kommun.shp": b"\0" * (boundaries_reading.MOST_UNZIPPED + 1)})
    return made.zipped({"Kommun_Sweref99TM.zip": inner})


def _cut_short(part: str, content: bytes) -> dict[str, bytes]:
    return {part: content[:200] if part.endswith(".shp") else content}


FAULTY: dict[str, tuple[Callable[[], bytes], str]] = {
    "no zip": (lambda: b"<html>fel sida</html>", "är skadad eller är ingen zip"),
    "cut off": (lambda: made.edition()[:20_000], "är skadad eller är ingen zip"),
    "empty": (lambda: b"", "är skadad eller är ingen zip"),
    "no layers": (lambda: made.zipped({"las_mig.txt": b"x"}), "har 0 delar .* med kommunerna"),
    "broken within": (
        lambda: made.zipped({"Kommun_Sweref99TM.zip": b"x", "LanSweref99TM.zip": b"x"}),
        "del Kommun_Sweref99TM.zip i filen med gränser är skadad",
    ),
    "a bomb": (_bomb, "filen blir 100 megabyte uppackad"),
    "a bomb within": (_bomb_within, "Kommun_Sweref99TM.zip i filen blir 100 megabyte uppackad"),
    "many parts": (
        lambda: made.zipped({f"{n}.txt": b"" for n in range(201)}),
        "har 201 delar, fler än de 200",
    ),
    "names that climb": (
        lambda: made.zipped({"../../Kommun_Sweref99TM.zip": b"x"}),
        "otillåtet namn",
    ),
    "names that climb within": (
        lambda: _repacked(lambda part, content: {f"../{part}": content}),
        "otillåtet namn",
    ),
    "absolute names": (lambda: made.zipped({"/etc/Kommun.zip": b"x"}), "otillåtet namn"),
    "names of another system": (
        lambda: made.zipped({"C:\\Kommun.zip": b"x"}),
        "otillåtet namn",
    ),
    "no dbf": (
        lambda: _repacked(lambda part, c: {} if part.endswith(".dbf") else {part: c}),
        "kommunerna saknar .dbf",
    ),
    "a cut shapefile": (lambda: _repacked(_cut_short), "går inte att läsa|annat än ytor"),
    "a municipality short": (lambda: made.edition(_without("1980")), "saknar 1980 Västerås"),
    "a former code": (
        lambda: made.edition(_called("0331", "1917", "KnKod")),
        "koder som regionlistan inte har: 1917",
    ),
    "a code twice": (
        lambda: made.edition(_called("1981", "1980", "KnKod")),
        "har 1980 mer än en gång",
    ),
    "another name": (lambda: made.edition(_called("Sala", "Salo")), "1981 heter 'Salo'"),
    "names changed about": (lambda: made.edition(_swapped("Sala", "Arboga", "KnNamn")), "heter"),
    "codes and names changed about": (
        lambda: made.edition(
            _swapped("1980", "1480").assign(
                KnNamn=lambda f: [regions.name(code) for code in f["KnKod"]]
            )
        ),
        "täcker inte samma yta som sina kommuner",
    ),
    "other fields": (
        lambda: made.edition(made.municipalities().rename(columns={"KnKod": "Kod"})),
        "har inte de fält som väntades. Det har Kod, KnNamn",
    ),
    "other coordinates": (lambda: made.edition(_elsewhere()), "inte koordinater i SWEREF 99 TM"),
    "areas upon each other": (lambda: made.edition(_shifted()), "ligger på varandra eller glappar"),
    "no areas": (lambda: made.edition(_points()), "annat än ytor"),
    "a county short": (
        lambda: made.edition(None, made.counties()[made.counties()["LnKod"] != "19"]),
        "länen saknar 19 Västmanlands län",
    ),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_faulty_file_is_told_and_nothing_of_it_is_kept(fault, server, archive):
    content, said = FAULTY[fault]
    server.content = content()

    result = _fetched(server, archive)

    assert result.outcome == "failed"
    with pytest.raises(BadFileError, match=said):
        raise BadFileError(str(result.error))
    assert archive.names() == []


def test_older_names_and_fields_are_found_by_how_they_begin():
    kn = made.municipalities().rename(columns={"KnKod": "KNKOD", "KnNamn": "kommunnamn"})
    ln = made.counties().rename(columns={"LnKod": "LANSKOD", "LnNamn": "LANSNAMN"})
    content = made.zipped(
        {
            "mapp/KommunSweref99TM.zip": made.shapefile(kn, "Kommun_Sweref99TM_region"),
            "mapp/Lan_Sweref99TM.zip": made.shapefile(ln, "Lan_Sweref99TM_region"),
            "mapp/LA_Sweref99TM.zip": b"SYNTETISKA TESTDATA",
        }
    )

    assert len(boundaries_reading.read_file(content)) == 290


def test_codes_that_have_become_numbers_keep_their_zeros():
    numbered = made.municipalities()
    numbered = numbered.assign(KnKod=numbered["KnKod"].astype(int))

    assert boundaries_reading.read_file(made.edition(numbered))["code"].iloc[0] == "0114"


def test_small_overlaps_and_gaps_are_repaired_and_neighbours_share_their_lines():
    nudged = _nudged()
    assert not shapely.coverage_is_valid(nudged.geometry.values)

    areas = boundaries_reading.read_file(made.edition(nudged))

    assert shapely.coverage_is_valid(areas.geometry.values)
    assert areas.geometry.is_valid.all()
    points = shapely.get_coordinates(areas.geometry.values)
    assert (points == points.round()).all()


def test_the_page_alone_is_checked_and_a_page_without_link_does_not_fit(server, archive):
    with _client(server, archive) as client:
        found = checks.of_boundaries(TABLE, client)
        server.page = "<html></html>"
        lost = checks.of_boundaries(TABLE, client)

    assert (found.ok, found.updated, found.label) == (True, "2026-02-25", "Digitala gränser")
    assert "ingen länk" in lost.faults[0]
    assert server.calls == [f"/{made.PAGE}"] * 2


def test_the_boundaries_are_fetched_last_and_with_no_measure_named():
    catalogue = load_catalogue()

    assert tables_to_fetch(catalogue)[-1] == TABLE
    assert TABLE not in tables_to_fetch(catalogue, ["grp"])

"""Maps are drawn with the boundaries that have been fetched, and with the own copy when none have."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from shapely.affinity import translate

from affarsplan_data import project, regions
from affarsplan_data.archive import Archive
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.figures import boundaries as drawn
from affarsplan_data.observations import maps
from affarsplan_data.observations.maps import Borders
from affarsplan_data.sources import boundaries as source
from tests import boundariesserver as made
from tests.boundariesserver import BoundariesServer

(TABLE,) = load_catalogue().boundaries()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with nothing in it but what marks it as one."""
    edition = tmp_path / "data" / "raw" / "edition"
    edition.mkdir(parents=True)
    (edition / "manifest.yaml").write_text("measures: {}\n", encoding="utf-8")
    monkeypatch.setenv("AFFARSPLAN_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BoundariesServer]:
    """Return a running test server that the program asks for boundaries."""
    with BoundariesServer() as running:
        monkeypatch.setenv("AFFARSPLAN_BASE_URL", f"scb_boundaries={running.url}")
        yield running


def _fetch(server: BoundariesServer) -> None:
    archive = Archive(project.raw() / "archive")
    with source.BoundariesClient(server.url, archive=archive) as client:
        [result] = source.fetch([TABLE], client, archive)
    assert result.error is None


def test_the_file_has_exactly_the_form_of_the_own_copy():
    areas = made.municipalities().rename(columns={"KnKod": "code"})

    assert maps.geojson(areas).encode() == made.OWN_COPY.read_bytes()


def test_nothing_fetched_is_the_own_copy_and_so_is_the_edition(home, server):
    assert maps.boundaries("newest") == Borders()
    _fetch(server)
    assert maps.boundaries("edition") == Borders()


def test_what_has_been_fetched_is_drawn_from_a_file_made_once(server):
    _fetch(server)

    borders = maps.boundaries("newest")
    written = borders.file.stat().st_mtime_ns

    assert borders.updated == "2026-02-25"
    ours, theirs = (drawn.areas(regions.municipalities(), f) for f in (made.OWN_COPY, borders.file))
    assert all(a.equals(b) for a, b in zip(ours.geometry, theirs.geometry, strict=True))
    assert maps.boundaries("newest") == borders
    assert borders.file.stat().st_mtime_ns == written
    assert len(drawn.areas([*regions.counties(), "1980"], borders.file)) == 22


def test_a_new_edition_takes_the_place_of_the_one_before(server):
    _fetch(server)
    first = maps.boundaries("newest").file
    moved = made.municipalities().copy()
    moved["geometry"] = [translate(shape, 10, 0) for shape in moved.geometry]
    counties = made.counties().copy()
    counties["geometry"] = [translate(shape, 10, 0) for shape in counties.geometry]
    server.name, server.content = "shape_svenska_270301.zip", made.edition(moved, counties)
    _fetch(server)

    second = maps.boundaries("newest")

    assert second.updated == "2027-03-01"
    assert list(maps.folder().iterdir()) == [second.file]
    assert first != second.file
    there = drawn.areas(["1980"], second.file).total_bounds
    before = made.municipalities().set_index("KnKod").loc[["1980"]].total_bounds
    assert (there - before).tolist() == [10, 0, 10, 0]


def test_boundaries_from_another_address_than_the_one_in_use_are_not_drawn(server, monkeypatch):
    _fetch(server)
    monkeypatch.delenv("AFFARSPLAN_BASE_URL")

    assert maps.boundaries("newest") == Borders()


def test_a_damaged_archive_is_logged_and_the_own_copy_drawn(server, caplog):
    _fetch(server)
    for kept in (project.raw() / "archive").rglob("*.gz"):
        kept.write_bytes(b"skadad")

    with caplog.at_level(logging.WARNING):
        assert maps.boundaries("newest") == Borders()

    assert "De hämtade gränserna används inte" in caplog.text

"""The newest data: what is fetched and delivered above the edition. All made up: SYNTETISKA TESTDATA."""

import json
import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import affarsplan_data as ap
from affarsplan_data import observations, project, regions, swedish
from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import Table, load_catalogue
from affarsplan_data.indicators import MissingIndicatorError, available
from affarsplan_data.observations import MissingMeasureError, newest, publications, totals
from affarsplan_data.observations.combining import combined
from affarsplan_data.observations.publications import Publication, Tier
from affarsplan_data.scb import Limiter, Rate, ScbClient
from affarsplan_data.sources import load_edition, standing
from affarsplan_data.sources.fetching import fetch
from tests.pxserver import PxServer

MADE_UP = "SYNTETISKA TESTDATA"
CATALOGUE = load_catalogue()


@pytest.fixture(scope="module")
def server():
    with PxServer(limit=None) as running:
        yield running


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A copy of the edition where nothing has been fetched."""
    built = ap.build("edition")
    shutil.copytree(project.raw() / "edition", tmp_path / "data" / "raw" / "edition")
    shutil.copytree(built, tmp_path / "data" / "processed" / "edition")
    monkeypatch.setenv("AFFARSPLAN_HOME", str(tmp_path))
    monkeypatch.delenv("AFFARSPLAN_BASE_URL", raising=False)
    return tmp_path


Fetch = Callable[..., Archive]


@pytest.fixture
def fetched(home, server, monkeypatch) -> Fetch:
    """Return a function that fetches tables from the test server into the project's archive."""
    monkeypatch.setenv("AFFARSPLAN_BASE_URL", f"scb={server.url}")

    def run(*tables: str, since: str | None = None) -> Archive:
        archive = Archive(home / "data" / "raw" / "archive")
        client = ScbClient(server.url, archive=archive, limiter=Limiter(Rate(10**6, 1.0)))
        results = fetch([CATALOGUE.tables[id] for id in tables], client, archive, since=since)
        assert not [result.error for result in results if result.error]
        return archive

    return run


def built() -> list[str]:
    """Build what is not current and return the measures that were."""
    done: list[str] = []
    newest.build(None, progress=done.append)
    return done


def snapshots(archive: Archive, table: str) -> list[Snapshot]:
    return archive.recorded(standing.servers()["scb"], table)


def folder_of(archive: Archive, table: str) -> Path:
    return archive.folder / standing.servers()["scb"] / table


# What the data are when nothing, or something, has been fetched.


def test_nothing_fetched_gives_the_editions_own_files_and_figures(home):
    folder = ap.build()
    assert folder == home / "data" / "processed" / "newest"
    assert not list(folder.glob("*.parquet"))
    for measure in load_edition().measures:
        pd.testing.assert_frame_equal(ap.load(measure), ap.load(measure, data="edition"))
        assert "retrieved" not in ap.load(measure).attrs
    assert not available(CATALOGUE.indicator("employment_gap_birth"))


def test_fetched_figures_go_before_the_edition_and_say_that_they_are_made_up(fetched):
    before = ap.load("grp", region="19", period="2021")
    archive = fetched("TAB3138")
    row = ap.load("grp", region="19", period="2021").iloc[0]
    (snapshot,) = snapshots(archive, "TAB3138")
    assert row["value"] != before["value"].item()
    assert row["value"] == row["published_value"]
    assert row["source"] == f"{MADE_UP} – SCB"
    assert row["origin"] == f"archive/{snapshot.source}/TAB3138/{snapshot.id}"
    assert row["vintage"] == snapshot.updated
    frame = ap.load("grp")
    assert frame.attrs["retrieved"] == {row["origin"]: snapshot.retrieved.isoformat()}
    assert ap.load("grp", region="19", period="2021", data="edition").equals(before)
    # Riket and the counties are the fetched table's for every year; no year is left of the edition's.
    scb = frame[frame["region"].isin(["00", *regions.counties()])]
    assert set(scb["origin"]) == {row["origin"]}
    every = ap.load("grp", all_publications=True)
    assert every["origin"].astype(str).str.startswith("edition/").any()
    assert not frame.duplicated(list(observations.schema.KEY)).any()


def test_answers_of_another_address_are_used_only_when_it_is_named(fetched, monkeypatch):
    fetched("TAB3138")
    value = ap.load("grp", region="19", period="2021")["value"].item()
    monkeypatch.delenv("AFFARSPLAN_BASE_URL")
    assert ap.load("grp").equals(ap.load("grp", data="edition"))
    monkeypatch.setenv("AFFARSPLAN_BASE_URL", "scb=http://127.0.0.1:9/other")
    assert ap.load("grp").equals(ap.load("grp", data="edition"))
    assert value != ap.load("grp", region="19", period="2021")["value"].item()


def test_only_the_measures_that_are_touched_are_built_again(fetched):
    fetched("TAB3143")
    given = {one.measure for one in CATALOGUE.tables["TAB3143"].gives}
    assert set(built()) == given
    assert built() == []
    files = {path: path.stat().st_mtime_ns for path in newest.folder().glob("*.parquet")}
    fetched("TAB3554")
    assert built() == ["median_earned_income"]
    assert {path: path.stat().st_mtime_ns for path in files} == files


def test_a_measure_and_an_indicator_that_the_edition_lacks_are_there_when_fetched(fetched):
    with pytest.raises(MissingMeasureError, match="fetch --measure employment_rate_by_birth"):
        ap.load("employment_rate_by_birth")
    with pytest.raises(MissingIndicatorError, match="fetch --measure employment_rate_by_birth"):
        ap.indicator("employment_gap_birth")
    assert "affarsplan template" in observations.how_to_get("goods_export_head_office")
    fetched("TAB3200", "TAB5655")
    values = ap.indicator("employment_gap_birth", region="19")
    assert not values.latest().empty
    with pytest.raises(MissingIndicatorError):
        ap.indicator("employment_gap_birth", data="edition")


def test_the_preliminary_year_is_used_only_where_the_final_register_has_none(fetched):
    tables = CATALOGUE.tables
    assert tables["TAB3200"].precedence > tables["TAB5655"].precedence
    archive = fetched("TAB3200", "TAB5655")
    frame = ap.load("employment_rate_by_birth", age="20-64")
    final, first = (snapshots(archive, id)[-1] for id in ("TAB3200", "TAB5655"))
    of_final = frame["origin"].astype(str).str.endswith(final.id)
    assert set(frame.loc[of_final, "period"]) == set(final.periods)
    assert set(frame.loc[~of_final, "period"]) == set(first.periods) - set(final.periods)
    assert frame.loc[~of_final, "preliminary"].all()


def test_a_snapshot_since_a_year_stands_only_until_the_whole_is_fetched(fetched):
    archive = fetched("TAB3138", since="2020")
    frame = ap.load("grp", region="19")
    late = frame["period"].astype(str) >= "2020"
    assert frame.loc[late, "origin"].astype(str).str.startswith("archive/").all()
    # Earlier years of the same table are the edition's, and two versions are never one series.
    held = load_edition().measures["grp"]
    same = {f"edition/{held.file}#{k}" for k, v in held.series.items() if v.table_id == "TAB3138"}
    assert same
    assert not same & set(frame["origin"])
    assert frame.loc[~late, "origin"].astype(str).str.startswith("edition/").all()
    fetched("TAB3138")
    fetched("TAB3138", since="2022")
    whole = next(s for s in snapshots(archive, "TAB3138") if s.asked["since"] is None)
    assert set(ap.load("grp", region="19")["origin"]) == {
        f"archive/{whole.source}/TAB3138/{whole.id}"
    }


def test_population_with_noise_is_never_added_up(fetched):
    fetched("TAB5557")
    frame = ap.load("population", period="2025", all_publications=True)
    assert frame["noise"].all()
    assert "summed" not in set(frame["status"])
    assert (frame["published_unit"] != "").all()


# What cannot be used.


def test_a_snapshot_that_no_longer_fits_falls_back_and_tells_once(fetched, monkeypatch, caplog):
    fetched("TAB3138")
    wrong = CATALOGUE.tables["TAB3138"]
    gives = tuple(g.model_copy(update={"unit": ("kronor",)}) for g in wrong.gives)
    tables = {**CATALOGUE.tables, "TAB3138": wrong.model_copy(update={"gives": gives})}
    monkeypatch.setattr(
        "affarsplan_data.catalogue.loading.Catalogue.tables_of",
        lambda self, measure: tuple(
            tables[id] for id in self.measure(measure).tables if id in tables
        ),
    )
    newest._shelves.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert ap.load("grp").equals(ap.load("grp", data="edition"))
        ap.load("grp")
        newest._KNOWN.clear()
        ap.load("grp")
    told = [r.getMessage() for r in caplog.records if "Måttet grp" in r.getMessage()]
    assert len(told) == 1
    assert "enheten" in told[0]
    assert observations.problems()["grp"] in told[0]


def test_a_damaged_answer_falls_back_until_it_is_whole_again(fetched, caplog):
    archive = fetched("TAB3138")
    good = ap.load("grp", region="19")
    shutil.rmtree(newest.folder())
    newest._KNOWN.clear()
    (snapshot,) = snapshots(archive, "TAB3138")
    folder = folder_of(archive, "TAB3138")
    answer = archive.read(snapshot.source, "TAB3138", snapshot.answers[0]).provenance
    path = folder / f"{answer.sha256}.gz"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert ap.load("grp").equals(ap.load("grp", data="edition"))
    assert "grp" in observations.problems()
    aside = path.with_suffix(".part")
    aside.write_bytes(whole)
    aside.replace(path)
    pd.testing.assert_frame_equal(ap.load("grp", region="19"), good)
    assert "grp" not in observations.problems()


def test_a_selection_that_has_changed_since_the_fetch_is_not_used(fetched):
    archive = fetched("TAB3138")
    table = CATALOGUE.tables["TAB3138"].model_copy(update={"selection": {"Region": "00"}})
    with pytest.raises(standing.StaleSnapshotError, match="Hämta den igen"):
        standing.standing(table, archive)


def test_damaged_processed_files_are_made_anew(fetched):
    fetched("TAB3138")
    before = ap.load("grp", region="19")
    (path,) = newest.folder().glob("grp-*.parquet")
    path.write_bytes(b"PAR1 cut off")
    pd.testing.assert_frame_equal(ap.load("grp", region="19"), before)
    (newest.folder() / "stamp.json").write_text('{"measures": {"grp": 1}}', encoding="utf-8")
    newest._KNOWN.clear()
    pd.testing.assert_frame_equal(ap.load("grp", region="19"), before)
    path.unlink()
    newest._KNOWN.clear()
    pd.testing.assert_frame_equal(ap.load("grp", region="19"), before)


def test_a_build_that_was_killed_leaves_nothing_that_is_used(fetched):
    fetched("TAB3138")
    newest.folder().mkdir(parents=True)
    (newest.folder() / "grp-0123456789abcdef.parquet.77.part").write_bytes(b"half")
    (newest.folder() / "grp-0123456789abcdef.parquet").write_bytes(b"of an earlier version")
    assert len(ap.load("grp", region="19"))
    assert len(list(newest.folder().glob("grp-*"))) == 1


# Delivered files.


def _deliver(home: Path, value: float, name: str = "export") -> Path:
    folder = home / "data" / "raw" / "delivered"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.csv"
    path.write_text(f"Region;Period;Värde\n19;2023;{value:.0f}\n", encoding="utf-8")
    path.with_suffix(".yaml").write_text(DESCRIPTION, encoding="utf-8")
    return path


DESCRIPTION = """\
measure: goods_export_head_office
producer: SYNTETISKA TESTDATA, ingen riktig källa
publication: Prov
retrieved: 2026-10-01
unit: mnkr
period: {first: "2023", last: "2023"}
"""


def test_a_delivered_file_is_taken_in_by_lying_there_and_a_bad_one_is_told_of(home, caplog):
    measure = "goods_export_head_office"
    where = {"region": "19", "period": "2023"}
    path = _deliver(home, 4711)
    row = ap.load(measure, **where).iloc[0]
    assert (row["published_value"], row["published_unit"]) == (4711, "mnkr")
    assert (row["value"], row["unit"]) == (4.711, CATALOGUE.measure(measure).unit)
    assert row["source"].startswith(MADE_UP)
    assert row["origin"].startswith(f"archive/delivered/{measure}/")
    good = path.read_text(encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        path.write_text(good.replace("4711", "inte ett tal"), encoding="utf-8")
        assert ap.load(measure, **where)["value"].item() == 4.711
        ap.load(measure)
    assert len([r for r in caplog.records if path.name in r.getMessage()]) == 1
    assert path.name in observations.problems()
    path.unlink()
    path.with_suffix(".yaml").unlink()
    assert ap.load(measure).equals(ap.load(measure, data="edition"))
    assert path.name not in observations.problems()


# The rule, on rows made by hand.


def _publication(
    tier: Tier, values: Mapping[tuple[str, str], float | None], **more: Any
) -> Publication:
    rows = pd.DataFrame(
        [
            {
                "region": region,
                "period": period,
                **dict.fromkeys(["sex", "birth", "age", "industry", "category"], "total"),
                "value": np.nan if value is None else value,
                "status": ".." if value is None else more.get("status", ""),
                "noise": more.get("noise", False),
                "published_value": value,
                "published_unit": "mnkr",
            }
            for (region, period), value in values.items()
        ]
    )
    about = {
        "precedence": 0,
        "source": MADE_UP,
        "table": str(more.get("origin")),
        "table_id": None,
        "vintage": None,
        "origin": "edition/x.csv#y",
        "preliminary": frozenset(),
    }
    given = {key: value for key, value in more.items() if key not in {"status", "noise"}}
    return Publication(rows, tier, **(about | given))


def _used(*parts: Publication, measure: str = "grp") -> dict[tuple[str, str], float | None]:
    frame = combined(CATALOGUE.measure(measure), parts)
    frame = frame[frame["preferred"]]
    keys = zip(frame["region"], frame["period"], frame["value"], strict=True)
    return {(r, p): None if np.isnan(v) else v for r, p, v in keys}


A, B, C = ("19", "2020"), ("19", "2021"), ("19", "2022")


def test_tier_then_precedence_then_version_decide():
    edition = _publication(Tier.EDITION, {A: 1, B: 1, C: 1}, precedence=900, origin="edition/a#b")
    delivered = _publication(Tier.DELIVERED, {A: 2, B: 2}, origin="archive/delivered/m/s")
    low = _publication(
        Tier.FETCHED, {A: 3}, precedence=1, vintage="2027-01-01", origin="archive/a/l/s"
    )
    high = _publication(
        Tier.FETCHED, {A: 4}, precedence=2, vintage="2025-01-01", origin="archive/a/h/s"
    )
    newer = _publication(
        Tier.FETCHED, {A: 5}, precedence=2, vintage="2026-01-01", origin="archive/a/n/s"
    )
    parts: Sequence[Publication] = [edition, delivered, low, high, newer]
    assert _used(*parts) == {A: 5, B: 2, C: 1}
    assert _used(*reversed(parts)) == {A: 5, B: 2, C: 1}
    assert _used(edition, delivered, low, high)[A] == 4


def test_a_suppressed_figure_is_not_taken_from_an_older_publication():
    edition = _publication(Tier.EDITION, {A: 1, B: 1}, origin="edition/a#b")
    new = _publication(Tier.FETCHED, {A: None, B: 2}, precedence=1, origin="archive/a/n/s")
    low = _publication(Tier.FETCHED, {A: 3}, origin="archive/a/l/s")
    assert _used(edition, new, low) == {A: None, B: 2}
    assert _used(edition, _publication(Tier.EDITION, {A: None}, precedence=9, origin="x"))[A] == 1


def test_a_published_total_goes_before_a_sum_of_the_same_standing():
    summed = _publication(
        Tier.FETCHED, {A: 1}, status="summed", vintage="2027-01-01", origin="archive/a/s/s"
    )
    published = _publication(Tier.FETCHED, {A: 2}, vintage="2025-01-01", origin="archive/a/p/s")
    assert _used(summed, published) == {A: 2}


def test_a_tables_own_rows_in_the_edition_are_not_mixed_with_its_fetched_ones():
    municipal, county = ("1980", "2020"), ("19", "2020")
    edition = _publication(
        Tier.EDITION,
        {county: 1, ("19", "2019"): 1, municipal: 1},
        table_id="T",
        origin="edition/a#b",
    )
    other = _publication(Tier.EDITION, {("19", "2018"): 7}, table_id="U", origin="edition/a#c")
    table = _publication(Tier.FETCHED, {county: 2}, table_id="T", origin="archive/a/T/s")
    # At the level of municipalities nothing has been fetched, and another table is another series.
    assert _used(edition, other, table) == {county: 2, municipal: 1, ("19", "2018"): 7}


def test_sums_are_of_one_publication_without_noise():
    every = dict.fromkeys(((code, "2024") for code in regions.municipalities()), 1.0)
    quiet = _publication(Tier.FETCHED, every, origin="archive/a/q/s")
    assert _used(quiet, measure="population")["00", "2024"] == 290
    noisy = _publication(Tier.FETCHED, every, noise=True, origin="archive/a/n/s")
    assert ("00", "2024") not in _used(noisy, measure="population")
    halves = [
        dict(list(every.items())[:150]),
        dict(list(every.items())[150:]),
    ]
    parts = [
        _publication(Tier.FETCHED, half, origin=f"archive/a/{n}/s") for n, half in enumerate(halves)
    ]
    assert ("00", "2024") not in _used(*parts, measure="population")
    published = _publication(Tier.EDITION, {("19", "2024"): 11}, origin="edition/a#b")
    assert _used(quiet, published, measure="population")["19", "2024"] == 11
    frame = quiet.rows.assign(series=0, sex="women")
    assert len(totals.add_sexes(frame.assign(noise=True))) == len(frame)


def test_a_report_of_made_up_figures_says_so_on_every_page_and_in_every_file(
    fetched, home, tmp_path, write_notebook
):
    fetched("TAB3138")
    from affarsplan_data.parameters import parameters
    from affarsplan_data.report import build_report
    from affarsplan_data.report.build import default_year

    for number, (name, about) in enumerate({"prov": "delmal-09", "annan": "delmal-05"}.items()):
        shown = f"import affarsplan_data as ap\npage = ap.page('{about}', region=region, data=data)"
        cells = (f"{shown}\npage.opening", "page.key_figures()", "page.sources()")
        write_notebook(home / "notebooks", name, number + 1, ("## Avsnitt", *cells))
    given = parameters("19", year=default_year())
    result = build_report(given, output=tmp_path / "ut")
    assert result.published, [str(page.error) for page in result.pages]
    (snapshot,) = snapshots(Archive(home / "data" / "raw" / "archive"), "TAB3138")
    day = swedish.day(snapshot.retrieved.date())
    said = f"Uppgifter: hämtade {day}, och utgåvan 2026-11 där inget är hämtat"
    for name in ("index.html", "prov.html"):
        html = (result.folder / name).read_text(encoding="utf-8")
        assert f'<p class="ap-error"><strong>{MADE_UP}. Talen är påhittade' in html
        assert said in html
    # Nothing on the page is made up: its own box says so, and the banner does not say otherwise.
    html = (result.folder / "annan.html").read_text(encoding="utf-8")
    assert f'<p class="ap-error"><strong>{MADE_UP}. Andra sidor i rapporten har påhittade' in html
    assert "Talen på den här sidan är publicerade uppgifter." in html
    assert "Verkliga publicerade uppgifter" in html
    assert "Talen är påhittade" not in html
    files = list((result.folder / "data").rglob("*.csv"))
    assert {file.name for file in files} == {"nyckeltal.csv", "indikatorer.csv"}
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        assert all(MADE_UP in line for line in lines[1:])
    book = openpyxl.load_workbook(result.folder / "data" / "prov.xlsx")
    for sheet in book.worksheets:
        assert any(MADE_UP in str(cell.value) for row in sheet.iter_rows() for cell in row)
    manifest = json.loads((result.folder / "manifest.json").read_text(encoding="utf-8"))
    assert f"archive/{snapshot.source}/TAB3138/{snapshot.id}" in manifest["fetched"]


def test_a_producer_met_through_kolada_is_named_with_both():
    measure = CATALOGUE.measure("new_firms")
    table = Table(id="N00999", source="kolada", title="Prov")
    assert publications._producer(measure, table) == "Tillväxtanalys, via RKA (Kolada)"
    own = table.model_copy(update={"source": "scb"})
    assert publications._producer(measure, own) == "Tillväxtanalys"

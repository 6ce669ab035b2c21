"""Bolagsverket's file: read to the last row, used whole or not at all. SYNTETISKA TESTDATA."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from affarsplan_data.archive import Archive
from affarsplan_data.catalogue import Table
from affarsplan_data.scb import (
    AnswerTooLargeError,
    Cube,
    Limiter,
    OfflineError,
    Patience,
    Rate,
    TooManyCellsError,
    UnknownValueError,
)
from affarsplan_data.sources.bolagsverket import (
    BOLAGSVERKET,
    BolagsverketClient,
    FileVersion,
    fetch,
    read_snapshot,
)
from affarsplan_data.sources.bolagsverket_reading import Wanted, read_file
from affarsplan_data.sources.errors import BadFileError
from affarsplan_data.sources.snapshots import Fetched
from tests.bolagsverketserver import (
    FORMS,
    HEADING,
    MONTHS,
    BolagsverketServer,
    row,
    rows,
    written,
)

REGISTERED = Table(
    id="bolagsverket_registered",
    source="bolagsverket",
    title="Nyregistrerade företag, SYNTETISKA TESTDATA",
    selection={"Handelse": "1", "Form": ("AB", "E", "HB", "KB")},
)
HASTY = Patience(total=4, read=0.4, attempts=3, first_wait=0.02, longest_wait=0.1)
PLACE = ("19", "80")


@pytest.fixture
def server() -> Iterator[BolagsverketServer]:
    with BolagsverketServer() as running:
        yield running


class Fetching:
    """Fetches from a server into an archive of its own, with little patience."""

    def __init__(self, server: BolagsverketServer, folder: Path) -> None:
        self.server = server
        self.archive = Archive(folder)

    def client(self, **options: object) -> BolagsverketClient:
        free = Limiter(Rate(10**6, 1.0))
        return BolagsverketClient(
            self.server.url, archive=self.archive, patience=HASTY, limiter=free, **options
        )

    def __call__(self, *tables: Table, offline: bool = False, **options: object) -> list[Fetched]:
        client = self.client(offline=offline)
        return fetch(tables or (REGISTERED,), client, self.archive, **options)

    def cube(self, table: Table = REGISTERED) -> Cube:
        snapshot = self.archive.snapshots(self.client().source, table.id)[-1]
        (cube,) = read_snapshot(self.archive, snapshot)
        return cube


@pytest.fixture
def fetching(server: BolagsverketServer, tmp_path: Path) -> Fetching:
    return Fetching(server, tmp_path / "archive")


def at(cube: Cube, *codes: str) -> tuple[float, str]:
    """Return value and status symbol of a cell."""
    dimensions = cube.structure.dimensions
    place = tuple(d.codes.index(code) for d, code in zip(dimensions, codes, strict=True))
    number = int(np.ravel_multi_index(place, cube.structure.shape))
    return float(cube.values[number]), cube.symbols[cube.status[number]]


def read(lines: list[dict[str, str]], wanted: Wanted | None = None) -> Cube:
    return read_file(written(lines), wanted or Wanted(), 10**6)


def test_every_figure_of_the_file_is_in_the_cube():
    cube = read(rows())
    assert [d.id for d in cube.structure.dimensions] == ["Region", "Handelse", "Form", "Tid"]
    assert cube.structure.dimension("Region").codes == ("0331", "1900", "1980", "1981")
    assert cube.structure.dimension("Form").codes == FORMS
    assert cube.structure.dimension("Tid").codes == ("2025M12", "2026M01", "2026M02")
    for line in rows():
        region = line["SATELAN"].zfill(2) + line["SATEKOMMUN"].zfill(2)
        period = f"{line['ar']}M{line['manad'].zfill(2)}"
        for form in FORMS:
            value, symbol = at(cube, region, line["handelse"], form, period)
            if line[form]:
                assert (value, symbol) == (float(line[form]), "")
            else:
                assert (np.isnan(value), symbol) == (True, "tomt")


def test_events_are_the_contents_with_names_and_unit():
    metric = read(rows()).structure.metric
    assert metric is not None
    assert metric.labels == ("Nyregistrerade", "Alla registrerade", "Avslutade")
    assert metric.units["2"].base == "antal"


def test_a_zero_is_a_zero_and_an_empty_field_is_missing():
    cube = read(rows())
    assert at(cube, "1980", "1", "HB", "2026M01") == (0.0, "")
    assert np.isnan(at(cube, "1980", "1", "KB", "2026M01")[0])


def test_a_row_that_is_not_in_the_file_is_told_from_an_empty_field():
    lines = [line for line in rows() if (line["KOMTEXT"], line["manad"]) != ("Sala", "1")]
    value, symbol = at(read(lines), "1981", "1", "AB", "2026M01")
    assert (np.isnan(value), symbol) == (True, "..")


def test_only_what_is_wanted_is_taken():
    cube = read(rows(), Wanted(("19??",), ("3",), ("E", "AB"), "2026"))
    assert cube.structure.shape == (3, 1, 2, 2)
    assert at(cube, "1981", "3", "AB", "2026M02") == (19.0, "")


def test_swedish_letters_come_through_in_latin_1_and_in_utf_8():
    for encoding in ("latin-1", "utf-8", "utf-8-sig"):
        cube = read_file(written(rows(), encoding), Wanted(), 10**6)
        assert cube.structure.dimension("Region").labels[2] == "Västerås"


def test_the_file_says_when_it_was_made():
    assert read(rows()).structure.updated == "2026-03-02T06:30:00"
    assert read([line | {"LADDATUM": ""} for line in rows()]).structure.updated is None
    assert read([line | {"LADDATUM": "02MAR2026"} for line in rows()]).structure.updated == (
        "2026-03-02T00:00:00"
    )


def test_a_row_without_seat_belongs_to_no_municipality():
    line = row("2026", "2", "1", PLACE, {"AB": "5"}, SATELAN="", SATEKOMMUN="", KOMTEXT="")
    assert at(read([*rows(), line]), "0000", "1", "AB", "2026M02") == (5.0, "")


def test_a_form_that_is_new_in_the_file_is_taken_along_by_its_code():
    body = written(rows()).decode("latin-1").replace("TPF,LADDATUM", "TPF,NYTT,LADDATUM")
    body = body.replace(",02MAR2026", ",7,02MAR2026")
    cube = read_file(body.encode("latin-1"), Wanted(), 10**6)
    assert at(cube, "1980", "1", "NYTT", "2026M02") == (7.0, "")


def test_columns_in_another_order_are_read_by_their_names():
    lines = [dict(reversed(line.items())) for line in rows()]
    body = "\n".join([",".join(reversed(HEADING)), *(",".join(line.values()) for line in lines)])
    cube = read_file(body.encode("latin-1"), Wanted(), 10**6)
    assert at(cube, "1980", "3", "AB", "2026M02") == (19.0, "")


BAD = {
    "a letter in a figure": ({"AB": "1O"}, "AB", "1O"),
    "a decimal": ({"AB": "1.5"}, "AB", "ett antal"),
    "a negative figure": ({"E": "-3"}, "E", "ett antal"),
    "a figure with a space": ({"HB": "1 000"}, "HB", "ett antal"),
    "a figure in other digits": ({"HB": "٣"}, "HB", "ett antal"),
    "a figure too large": ({"KB": "9" * 10}, "KB", "ett antal"),
    "a month that is none": ({"manad": "13", "armanad": "202613"}, "manad", "1–12"),
    "a year that is none": ({"ar": "0026", "armanad": "002602"}, "ar", "1900–2100"),
    "a month that is not the row's": ({"armanad": "202601"}, "armanad", "202602"),
    "an event nobody knows": ({"handelse": "4"}, "handelse", "1, 2, 3"),
    "a county that is a name": ({"SATELAN": "Västmanland"}, "SATELAN", "0–99"),
    "a county without a municipality": ({"SATEKOMMUN": ""}, "SATEKOMMUN", "0–99"),
    "a whole code for a municipality": ({"SATEKOMMUN": "1980"}, "SATEKOMMUN", "0–99"),
    "a load date that is none": ({"LADDATUM": "2026-03-02"}, "LADDATUM", "01JUL2026"),
    "a load date in no month": ({"LADDATUM": "02MAJ2026"}, "LADDATUM", "01JUL2026"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_field_is_named_by_row_and_column(fault):
    given, column, said = BAD[fault]
    lines = rows()
    assert lines[-1]["ar"] == "2026"
    lines[-1] |= given
    encoding = "utf-8" if fault == "a figure in other digits" else "latin-1"
    with pytest.raises(BadFileError) as caught:
        read_file(written(lines, encoding), Wanted(regions=("0331",)), 10**6)
    assert (caught.value.row, caught.value.column) == (len(lines) + 1, column)
    assert f"rad {len(lines) + 1}, kolumn {column}" in str(caught.value)
    assert said in str(caught.value)


FILES = {
    "nothing": (b"", "börjar med: ingenting", 1),
    "a web page": (b"<!DOCTYPE html><html>", "börjar med: <!DOCTYPE", 1),
    "a workbook": (b"PK\x03\x04\0\0\0\0", "ingen csv-fil", 1),
    "a heading gone": (written(rows()).replace(b"SATELAN", b"LAN"), "kolumnen SATELAN saknas", 1),
    "a heading twice": (written(rows()).replace(b"BAB", b"AB", 1), "två gånger", 1),
    "a heading nobody knows": (
        written(rows()).replace(b"TPF", b"Kon", 1),
        "kolumnen 'Kon' är ny",
        1,
    ),
    "semicolons": (written(rows()).replace(b",", b";"), "kolumnen ar saknas", 1),
    "a row cut off": (written(rows())[:-30], "fält, 37 väntades", 37),
    "a row too long": (written(rows()) + b"1,2\r\n", "2 fält", 38),
    "an empty row": (written(rows()) + b"\r\n", "0 fält", 38),
    "a row twice": (written([*rows(), rows()[0]]), "står redan", 38),
    "an open quotation": (written(rows()) + b'"2026', "går inte att läsa", 38),
    "a heading and no rows": (written([]), "inga rader", None),
}


@pytest.mark.parametrize("fault", FILES)
def test_a_file_that_is_not_as_described_is_refused(fault):
    content, said, number = FILES[fault]
    with pytest.raises(BadFileError) as caught:
        read_file(content, Wanted(), 10**6)
    assert said in str(caught.value)
    assert caught.value.row == number


def test_a_form_that_the_file_has_lost_is_named():
    with pytest.raises(BadFileError, match="företagsformen XYZ saknas") as caught:
        read(rows(), Wanted(forms=("XYZ",)))
    assert caught.value.column == "XYZ"


def test_an_event_that_nobody_has_is_a_usage_error():
    with pytest.raises(UnknownValueError, match="händelse '9'"):
        read(rows(), Wanted(events=("9",)))


def test_more_cells_than_allowed_are_refused_with_advice():
    with pytest.raises(TooManyCellsError, match="färre företagsformer"):
        read_file(written(rows()), Wanted(), 100)


def test_the_first_fetch_is_new_and_the_second_is_not_sent(fetching, server):
    (first,) = fetching()
    assert (first.outcome, first.error) == ("new", None)
    assert (first.updated, first.periods[-1]) == ("2026-03-02T06:30:00", "2026M02")
    assert first.cells == 4 * 1 * 4 * 3
    assert server.times("GET") == 1
    (second,) = fetching()
    assert second.outcome == "unchanged"
    assert server.times("GET") == 1
    assert server.accepted == ["text/csv, */*"]


def test_force_has_the_file_sent_and_the_same_file_is_the_same_version(fetching, server):
    fetching()
    (again,) = fetching(force=True)
    assert again.outcome == "unchanged"
    assert server.times("GET") == 2
    assert len(fetching.archive.snapshots(fetching.client().source, REGISTERED.id)) == 1


@pytest.mark.parametrize("head", [200, 405, 501])
def test_a_server_that_says_nothing_of_versions_sends_the_file(fetching, server, head):
    server.headers = {"ETag": None, "Last-Modified": None}
    server.head_status = head
    fetching()
    (again,) = fetching()
    assert again.outcome == "unchanged"
    assert server.times("GET") == 2


def test_two_versions_are_the_same_only_when_the_server_says_so():
    assert FileVersion("a", "m").is_same(FileVersion("a", "n"))
    assert not FileVersion("a", "m").is_same(FileVersion("b", "m"))
    assert not FileVersion("a", "m").is_same(FileVersion(None, "m"))
    assert FileVersion(None, "m").is_same(FileVersion(None, "m"))
    assert not FileVersion().is_same(FileVersion())


def test_a_new_month_and_a_revised_figure_are_counted(fetching, server):
    fetching()
    lines = rows()
    lines[0] |= {"AB": "999"}
    lines += [line | {"manad": "3", "armanad": "202603"} for line in rows() if line["manad"] == "2"]
    server.content = written(lines)
    (result,) = fetching()
    assert result.outcome == "revised"
    assert (result.changes.changed, result.changes.gone) == (1, 0)
    assert result.changes.periods == ("2026M03",)
    assert result.changes.added == 4 * 4
    source = fetching.client().source
    first = fetching.archive.snapshots(source, REGISTERED.id)[0]
    (old,) = read_snapshot(fetching.archive, first)
    assert at(old, "1980", "1", "AB", "2025M12") == (11.0, "")
    assert at(fetching.cube(), "1980", "1", "AB", "2025M12") == (999.0, "")


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        (lambda line: line["manad"] != "1", "Månad 2026M01"),
        (lambda line: line["KOMTEXT"] != "Sala", "Kommun 1981"),
    ],
)
def test_a_file_that_has_lost_something_is_refused_unless_forced(fetching, server, keep, said):
    fetching()
    server.content = written([line for line in rows() if keep(line)])
    (result,) = fetching()
    assert result.outcome == "failed"
    assert said in result.error
    assert result.periods == ("2025M12", "2026M01", "2026M02")
    assert fetching(force=True)[0].outcome == "revised"


def test_a_bad_file_leaves_the_old_one_and_is_not_kept(fetching, server):
    fetching()
    server.content = written([rows()[0] | {"AB": "ett"}, *rows()[1:]])
    (result,) = fetching()
    assert result.outcome == "failed"
    assert "rad 2, kolumn AB: 'ett'" in result.error
    assert result.periods[-1] == "2026M02"
    held = fetching.archive.listing()
    assert [entry.name for entry in held] == [REGISTERED.id]
    assert len(list(fetching.archive.folder.rglob("*.provenance.json"))) == 1
    assert fetching(offline=True)[0].outcome == "unchanged"


@pytest.mark.parametrize("fault", [500, 503, 429, "cut"])
def test_a_passing_fault_is_waited_out(fetching, server, fault):
    server.faults = [fault]
    (result,) = fetching()
    assert (result.outcome, result.error) == ("new", None)
    assert server.times("GET") == 2


def test_a_file_larger_than_allowed_is_refused(fetching):
    with pytest.raises(AnswerTooLargeError):
        fetching.client(max_bytes=1000).cube()


def test_since_takes_only_later_months(fetching):
    (result,) = fetching(since="2026")
    assert result.periods == ("2026M01", "2026M02")


def test_a_selection_that_the_file_does_not_have_is_named(fetching):
    odd = REGISTERED.model_copy(update={"selection": {"Kon": "1"}})
    (result,) = fetching(odd)
    assert "nämner Kon" in result.error


def test_offline_reads_the_archive_alone(fetching, server):
    (nothing,) = fetching(offline=True)
    assert "finns inte i arkivet" in nothing.error
    fetching()
    calls = len(server.calls)
    assert fetching(offline=True)[0].periods == ("2025M12", "2026M01", "2026M02")
    assert len(server.calls) == calls
    with pytest.raises(OfflineError):
        BolagsverketClient(offline=True)


def test_with_no_server_every_table_fails_and_what_was_there_stands(tmp_path):
    with BolagsverketServer() as server:
        fetching = Fetching(server, tmp_path)
        fetching()
    assert [result.outcome for result in fetching()] == ["failed"]
    assert fetching(offline=True)[0].outcome == "unchanged"


def test_the_real_address_is_the_default():
    assert BolagsverketClient().base_url == BOLAGSVERKET


def test_a_long_history_is_read_in_reasonable_time():
    lines = [
        row(str(year), str(month), "1", PLACE, {"AB": "1"}, SATEKOMMUN=str(place))
        for year in range(1995, 2026)
        for month in range(1, 13)
        for place in range(40)
    ]
    cube = read(lines, Wanted(forms=("AB",)))
    assert cube.values.size == len(lines) == 31 * 12 * 40
    assert len(MONTHS) < len(cube.structure.dimension("Tid").codes)
    assert np.nansum(cube.values) == len(lines)

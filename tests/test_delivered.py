"""Delivered files that are right: every figure comes through, and the archive keeps what came."""

import io
import math
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from affarsplan_data import clean, regions
from affarsplan_data.archive import Archive
from affarsplan_data.catalogue import Catalogue, Measure, load_catalogue
from affarsplan_data.errors import UsageError
from affarsplan_data.scb import Cube
from affarsplan_data.sources import delivered
from affarsplan_data.sources.delivered import DeliveredError, allowed, storing, units
from affarsplan_data.sources.delivered.sidecar import read_sidecar
from tests import deliveries as made
from tests.deliveries import CATALOGUE


def _figures(cube: Cube) -> dict[tuple[str, ...], tuple[float | None, str]]:
    """Return value and status by codes, the measure's own left out; cells of no row too."""
    codes = [dimension.codes for dimension in cube.structure.dimensions[1:]]
    found = {}
    place = 0
    for region in codes[0]:
        for other in codes[1]:
            for period in codes[2]:
                value = float(cube.values[place])
                status = cube.symbols[cube.status[place]]
                found[region, other, period] = (None if math.isnan(value) else value, status)
                place += 1
    return found


DELIVERABLE = [m for m in load_catalogue().measures.values() if m.availability != "not_available"]
EXPECTED = {
    ("04", "women", "2023"): (11.5, ""),
    ("04", "men", "2023"): (12.0, ""),
    ("04", "women", "2024"): (None, ".."),
    ("04", "men", "2024"): (0.0, ""),
    ("19", "women", "2023"): (-3.0, ""),
    ("19", "men", "2023"): (14.0, ""),
    ("19", "women", "2024"): (None, "-"),
    ("19", "men", "2024"): (None, "not_delivered"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder for delivered files."""
    where = tmp_path / "delivered"
    where.mkdir()
    return where


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an empty archive."""
    return Archive(tmp_path / "archive")


def _check(content: bytes, described: str | None = None, file: str = "prov.xlsx") -> Cube:
    beside = None if described is None else described.encode()
    return delivered.check(file, content, beside, CATALOGUE).cube


def test_every_figure_and_symbol_of_a_filled_template_comes_through():
    cube = _check(made.saved(made.book()))

    assert _figures(cube) == EXPECTED
    assert [d.id for d in cube.structure.dimensions] == ["measure", "region", "sex", "period"]
    assert cube.structure.time
    assert cube.structure.time.codes == ("2023", "2024")
    assert cube.structure.metric
    assert cube.structure.metric.units["made_up_export"].base == "mnkr"
    assert cube.structure.source == "SYNTETISKA TESTDATA"
    assert cube.structure.updated == "2026-11-20"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_semicolon_file_with_decimal_commas_gives_the_same_figures_in_any_encoding(encoding):
    rows = ["Region;Period;Kön;Värde"]
    rows += [";".join([r, p, s, str(v).replace(".5", ",5")]) for r, p, s, v, _ in made.ROWS]
    content = "\n".join(rows).encode(encoding)

    assert _figures(_check(content, made.SIDECAR, "prov.csv")) == EXPECTED


def test_a_comma_file_has_decimal_points_and_quoted_texts():
    content = made.table("04 2023 kvinnor 1.5", '"19" 2024 "män" -2.25', separator=",")

    figures = _figures(_check(content, made.SIDECAR, "prov.csv"))

    assert figures["04", "women", "2023"] == (1.5, "")
    assert figures["19", "men", "2024"] == (-2.25, "")


def test_thousands_are_read_with_any_of_the_spaces_that_producers_use():
    rows = "Region;Period;Kön;Värde\n04;2023;män;1 234,5\n04;2024;män;12\u00a0345"
    rows += "\n19;2024;män;−1\u202f000"

    figures = _figures(_check(rows.encode(), made.SIDECAR, "prov.csv"))

    assert figures["04", "men", "2023"] == (1234.5, "")
    assert figures["04", "men", "2024"] == (12345.0, "")
    assert figures["19", "men", "2024"] == (-1000.0, "")


def test_texts_that_the_workbook_shares_and_divides_are_read_whole():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Uppgifter")
        for number, row in enumerate([made.HEADINGS, *made.ROWS]):
            sheet.write_row(number, 0, row)
        sheet.write_rich_string(1, 2, "kvin", book.add_format({"bold": True}), "nor")

    assert _figures(_check(content.getvalue(), made.SIDECAR)) == EXPECTED


def test_a_description_beside_the_file_maps_the_producers_own_headings_and_words():
    sidecar = """\
measure: made_up_export
producer: SYNTETISKA TESTDATA
publication: Påhittad tabell
retrieved: 2026-11-20
ordered: 2026-10-01
unit: tkr
period: {first: 2023, last: 2023}
sheet: Tabell 1
heading_row: 3
columns:
  Län: {to: region, codes: {Hela riket: "00"}}
  År: {to: period}
  Tkr: {to: value}
ignore: [Antal varugrupper]
fixed: {sex: total}
preliminary: [2023]
note: Påhittat.
"""
    book = made.book(
        [["", "", "", ""], ["Län", "År", "Antal varugrupper", "Tkr"], ["Hela riket", 2023, 5, 900.25],
         ["04 Södermanlands län", 2023, "många", 17]],
        ["Påhittad tabell över export"],
        sheet="Tabell 1",
    )  # fmt: skip
    book["Tabell 1"].merge_cells("A1:D2")
    cube = _check(made.saved(book), sidecar)

    assert _figures(cube) == {
        ("00", "total", "2023"): (900.25, ""),
        ("04", "total", "2023"): (17.0, ""),
    }
    about = cube.structure.extension["delivered"]
    assert (about["preliminary"], about["ordered"]) == (["2023"], "2026-10-01")
    assert cube.structure.notes[0].text == "Påhittat."
    metric = cube.structure.metric
    assert metric
    assert metric.units["made_up_export"].base == "tkr"


def test_dates_and_years_that_a_spreadsheet_has_understood_describe_the_file_too():
    about = {
        "Hämtad": date(2026, 11, 20),
        "Beställd": datetime(2026, 10, 1, 12),
        "Sista period": 2024,
    }
    about |= {"Preliminära perioder": "2023, 2024", "Anmärkning": "Påhittat"}

    cube = _check(made.saved(made.book(about=about)))

    held = cube.structure.extension["delivered"]
    assert (held["retrieved"], held["ordered"]) == ("2026-11-20", "2026-10-01")
    assert held["preliminary"] == ["2023", "2024"]
    assert _figures(cube) == EXPECTED


def test_hidden_sheets_and_rows_are_told():
    book = made.book()
    book.create_sheet("Hemligt").sheet_state = "hidden"
    book["Uppgifter"].row_dimensions[3].hidden = True

    checked = delivered.check("prov.xlsx", made.saved(book), None, CATALOGUE)

    assert checked.remarks == (
        "prov.xlsx: dolda blad läses inte: Hemligt.",
        "prov.xlsx: bladet Uppgifter har en dold rad, som läses som de andra.",
        "prov.xlsx: en uppgift har ingen rad, den första är 19, men, 2024; räknas som saknad.",
    )


def test_formatted_but_empty_cells_far_below_are_no_figures():
    book = made.book()
    book["Uppgifter"].cell(900_000, 40).number_format = "0.00"

    assert _figures(_check(made.saved(book))) == EXPECTED


def test_a_file_in_the_folder_becomes_a_snapshot_that_gives_the_same_cube(folder, archive):
    (folder / "prov.xlsx").write_bytes(made.saved(made.book()))

    [result] = delivered.take_in(CATALOGUE, archive, folder)

    assert (result.outcome, result.measure, result.cells) == ("new", "made_up_export", 7)
    assert result.snapshot
    assert result.snapshot.periods == ["2023", "2024"]
    assert _figures(delivered.read(archive, result.snapshot, CATALOGUE)) == EXPECTED
    assert delivered.standing(archive, CATALOGUE, folder) == [("made_up_export", result.snapshot)]
    assert not archive.verify().faults


def test_the_archive_keeps_file_and_description_byte_for_byte(folder, archive):
    content = made.table("04 2023 kvinnor 1,5", "04 2024 män 2")
    (folder / "prov.csv").write_bytes(content)
    (folder / "prov.yaml").write_text(made.SIDECAR, encoding="utf-8")

    [result] = delivered.take_in(CATALOGUE, archive, folder)

    assert result.snapshot
    kept = [archive.read("delivered", "made_up_export", id) for id in result.snapshot.ids]
    assert [stored.content for stored in kept] == [made.SIDECAR.encode(), content]
    assert [stored.provenance.url for stored in kept] == ["prov.yaml", "prov.csv"]


def test_the_same_file_again_is_unchanged_and_a_changed_figure_is_counted(folder, archive):
    path = folder / "prov.xlsx"
    path.write_bytes(made.saved(made.book()))
    [first] = delivered.take_in(CATALOGUE, archive, folder)
    [again] = delivered.take_in(CATALOGUE, archive, folder)
    path.write_bytes(made.saved(made.book(made.changed(2, 4, 99))))
    [third] = delivered.take_in(CATALOGUE, archive, folder)

    assert (again.outcome, again.snapshot) == ("unchanged", first.snapshot)
    assert (third.outcome, third.changes.changed) == ("revised", 1)
    assert third.snapshot
    assert _figures(delivered.read(archive, third.snapshot, CATALOGUE))["04", "women", "2023"] == (
        99.0,
        "",
    )


def test_a_bad_file_leaves_the_earlier_one_standing_and_the_others_are_taken_in(folder, archive):
    (folder / "a.xlsx").write_bytes(made.saved(made.book()))
    [good] = delivered.take_in(CATALOGUE, archive, folder)
    (folder / "a.xlsx").write_bytes(made.saved(made.book(made.changed(2, 4, "tolv"))))
    other = made.book([["00", "2023", "totalt", 1], ["00", "2024", "totalt", 2]])
    (folder / "b.xlsx").write_bytes(made.saved(other))

    bad, fine = delivered.take_in(CATALOGUE, archive, folder)

    assert (bad.outcome, bad.snapshot) == ("failed", good.snapshot)
    assert bad.error
    assert "cell D2" in bad.error
    assert fine.outcome == "new"
    assert good.snapshot
    assert _figures(delivered.read(archive, good.snapshot, CATALOGUE)) == EXPECTED


def test_two_files_with_the_same_figure_are_refused_naming_both(folder, archive):
    for name in ("a.xlsx", "b.xlsx"):
        (folder / name).write_bytes(made.saved(made.book()))

    first, second = delivered.take_in(CATALOGUE, archive, folder)

    assert (first.outcome, second.outcome) == ("new", "failed")
    assert second.error
    assert "7 uppgifter finns även i a.xlsx" in second.error


def test_a_file_taken_away_from_the_folder_is_no_longer_used(folder, archive):
    path = folder / "prov.xlsx"
    path.write_bytes(made.saved(made.book()))
    delivered.take_in(CATALOGUE, archive, folder)
    path.unlink()

    assert delivered.standing(archive, CATALOGUE, folder) == []
    assert archive.snapshots("delivered", "made_up_export")


def test_a_file_that_comes_to_be_of_another_measure_stands_for_that_one_only(folder, archive):
    path = folder / "prov.csv"
    firms = made.SIDECAR.replace("made_up_export", "made_up_firms").replace("mnkr", "företag")
    as_export = made.table("04 2023 män 1", "04 2024 män 2")
    as_firms = as_export.replace("Kön".encode(), b"Klass").replace("män".encode(), "små".encode())

    stood = []
    for sidecar, content in (
        (made.SIDECAR, as_export), (firms, as_firms), (made.SIDECAR, as_export)
    ):  # fmt: skip
        path.write_bytes(content)
        path.with_suffix(".yaml").write_text(sidecar, encoding="utf-8")
        delivered.take_in(CATALOGUE, archive, folder)
        stood.append([measure for measure, _ in delivered.standing(archive, CATALOGUE, folder)])

    assert stood == [["made_up_export"], ["made_up_firms"], ["made_up_export"]]


def test_what_is_damaged_in_the_archive_is_made_whole_by_taking_the_file_in_again(folder, archive):
    (folder / "prov.xlsx").write_bytes(made.saved(made.book()))
    delivered.take_in(CATALOGUE, archive, folder)
    [kept] = archive.folder.rglob("*.gz")
    kept.write_bytes(b"skada")

    [again] = delivered.take_in(CATALOGUE, archive, folder)

    assert again.snapshot
    assert _figures(delivered.read(archive, again.snapshot, CATALOGUE)) == EXPECTED


def test_a_file_that_trips_the_reader_stops_none_of_the_others(folder, archive, monkeypatch):
    for name in ("a.xlsx", "b.xlsx"):
        (folder / name).write_bytes(made.saved(made.book()))
    real = storing.load

    def load(path, catalogue):
        if path.name == "a.xlsx":
            raise RuntimeError("något ingen tänkt på")
        return real(path, catalogue)

    monkeypatch.setattr(storing, "load", load)

    first, second = delivered.take_in(CATALOGUE, archive, folder)

    assert first.error == (
        "a.xlsx: oväntat fel (RuntimeError): något ingen tänkt på. Anmäl det gärna."
    )
    assert second.outcome == "new"


def test_a_dry_run_checks_and_archives_nothing(folder, archive):
    (folder / "prov.xlsx").write_bytes(made.saved(made.book()))

    [result] = delivered.take_in(CATALOGUE, archive, folder, dry_run=True)

    assert (result.outcome, result.snapshot) == ("new", None)
    assert archive.names() == []


def test_lock_files_and_the_systems_own_are_passed_over(folder, archive):
    for name in ("~$prov.xlsx", ".gitkeep", ".DS_Store", "README.md"):
        (folder / name).write_bytes(b"x")

    assert delivered.take_in(CATALOGUE, archive, folder) == []


def _filled(measure: Measure, rows: list[list[object]]) -> bytes:
    """Return the measure's template as an analyst fills it in."""
    book = openpyxl.load_workbook(io.BytesIO(delivered.template(measure)))
    sheet = book["Uppgifter"]
    sheet.delete_rows(2)
    for row in rows:
        sheet.append(row)
    about = book["Om leveransen"]
    values = {**made.ABOUT, "Mått": measure.id, "Enhet": measure.unit}
    for row in about.iter_rows(min_row=2):
        if row[0].value in values:
            row[1].value = values[row[0].value]
    return made.saved(book)


def test_a_template_filled_in_needs_nothing_beside_it():
    assert _figures(_check(_filled(made.MADE_UP, made.ROWS))) == EXPECTED


def test_a_template_with_classes_and_municipalities_takes_their_words():
    rows = [["0180", 2023, "små", 5], ["04", 2024, "large", 6]]

    figures = _figures(_check(_filled(made.COUNTED, rows)))

    assert figures["0180", "small", "2023"] == (5.0, "")
    assert figures["04", "large", "2024"] == (6.0, "")


def test_an_untouched_template_is_refused_for_its_example_row_and_its_empty_fields():
    with pytest.raises(DeliveredError, match="Producent"):
        _check(delivered.template(made.MADE_UP))
    book = openpyxl.load_workbook(io.BytesIO(_filled(made.MADE_UP, made.ROWS)))
    example = openpyxl.load_workbook(io.BytesIO(delivered.template(made.MADE_UP)))["Uppgifter"][2]
    book["Uppgifter"].append([cell.value for cell in example])
    with pytest.raises(DeliveredError, match=r"cell E9: raden är mallens exempel. Ta bort raden."):
        _check(made.saved(book))


@pytest.mark.parametrize("measure", DELIVERABLE, ids=lambda m: m.id)
def test_every_measures_template_is_a_workbook_whose_example_codes_are_right(measure):
    book = openpyxl.load_workbook(io.BytesIO(delivered.template(measure)))
    headings, example = [[c.value for c in row] for row in book["Uppgifter"].iter_rows(max_row=2)]
    by_heading = {heading: name for name, heading in allowed.HEADINGS.items()}

    for heading, text in zip(headings[:-2], example[:-2], strict=True):
        assert allowed.code(by_heading[heading], text, measure) is not None
    assert len(headings) == 4 + len(measure.splits)
    assert {row[1].value: row[0].value for row in book["Koder"].iter_rows(min_row=2)}[".."]


def test_a_template_says_the_unit_what_the_figures_can_be_and_how_to_get_them():
    measure = load_catalogue().measure("fvv_growth_share")
    book = openpyxl.load_workbook(io.BytesIO(delivered.template(measure)))
    text = "\n".join(str(row[0].value) for row in book["Läs mig"].iter_rows())

    assert measure.missing_reason in text
    assert "Värdet är 0–100." in text
    assert book["Uppgifter"]["E1"].comment.text == "Enhet: procent"


def test_a_measure_that_no_statistics_have_gets_no_template_and_no_file_of_it_is_used():
    measure = load_catalogue().measure("exporting_firms_by_leader")
    with pytest.raises(UsageError, match="finns inte i statistiken"):
        delivered.template(measure)

    catalogue = Catalogue({}, {}, {measure.id: measure}, {})
    about = {"Mått": measure.id, "Enhet": "företag"}
    with pytest.raises(DeliveredError, match="exporting_firms_by_leader finns inte i statistiken"):
        delivered.check("prov.xlsx", made.saved(made.book(about=about)), None, catalogue)


def test_what_can_be_delivered_is_what_comes_as_files_and_nothing_that_is_fetched_or_nowhere():
    ids = {measure.id for measure in delivered.deliverable(load_catalogue())}

    assert {"export_goods_county", "business_climate", "goods_exporting_firms"} <= ids
    assert not {"exporting_firms_by_leader", "population", "regional_innovation_scoreboard"} & ids


def test_a_copy_put_beside_a_file_that_stands_is_the_one_that_is_refused(folder, archive):
    (folder / "export.xlsx").write_bytes(made.saved(made.book()))
    delivered.take_in(CATALOGUE, archive, folder)
    (folder / "export (1).xlsx").write_bytes(made.saved(made.book()))

    outcomes = {r.file: r for r in delivered.take_in(CATALOGUE, archive, folder)}

    assert outcomes["export.xlsx"].outcome == "unchanged"
    assert "7 uppgifter finns även i export.xlsx" in outcomes["export (1).xlsx"].error
    assert [s.asked["file"] for _, s in delivered.standing(archive, CATALOGUE, folder)] == [
        "export.xlsx"
    ]


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ([120, 30, 30], "ett värde ligger utanför 0–100 procent, det första i cell C2"),
        ([-1, 130, 30], "2 värden ligger utanför 0–100 procent, det första i cell C2"),
        ([0.1, 0.2, 0.3], "alla värden ligger mellan 0 och 1"),
        ([10, 20, 30], None),
    ],
)
def test_shares_that_are_seldom_meant_are_remarked_where_the_measure_allows_them(figures, said):
    share = made.COUNTED.model_copy(
        update={"unit": "procent", "splits": (), "categories": {}, "levels": ("county",)}
    )
    rows = [["04", str(year), figure] for year, figure in enumerate(figures, 2022)]
    about = {"Mått": share.id, "Enhet": "procent", "Första period": "2022"}
    book = made.book(rows, ["Region", "Period", "Värde"], about)

    checked = delivered.check(
        "prov.xlsx", made.saved(book), None, Catalogue({}, {}, {share.id: share}, {})
    )

    assert len(checked.remarks) == (said is not None)
    assert said is None or said in checked.remarks[0]


def test_a_unit_may_be_written_with_ordinary_spaces():
    unit = load_catalogue().measure("new_firms_per_1000").unit
    written = unit.replace("\u202f", " ")
    assert written != unit
    told = made.SIDECAR.replace("unit: mnkr", f"unit: {written}")
    assert read_sidecar("prov.yaml", told.encode()).unit == unit


def test_units_of_one_kind_are_made_into_each_other_and_no_others():
    assert units.factor("tkr", "mnkr") == pytest.approx(0.001)
    assert units.factor("promille", "procent") == pytest.approx(0.1)
    assert units.factor("företag", "företag") == 1.0
    assert units.accepted("företag") == ("företag",)
    with pytest.raises(KeyError):
        units.factor("kr", "personer")


def test_every_region_is_known_by_its_code_and_by_code_with_name():
    measure = made.MADE_UP.model_copy(update={"levels": ("country", "county", "municipality")})
    for code, region in regions.all_regions().items():
        assert allowed.code("region", code, measure) == code
        assert allowed.code("region", f"{code} {region.name}", measure) == code
    assert allowed.code("region", "04 Uppsala län", measure) is None


def test_rows_have_every_figure_once_in_the_measures_unit(folder, archive):
    about = {"Enhet": "tkr", "Preliminära perioder": "2024"}
    (folder / "prov.xlsx").write_bytes(made.saved(made.book(about=about)))
    [taken] = delivered.take_in(CATALOGUE, archive, folder)
    assert taken.snapshot
    cube = delivered.read(archive, taken.snapshot, CATALOGUE)

    rows = delivered.rows(cube, taken.snapshot, made.MADE_UP)

    assert tuple(rows.columns) == clean.COLUMNS
    held = {
        (row.region, row.sex, row.period): (
            None if math.isnan(row.value) else row.value,
            row.status,
        )
        for row in rows.itertuples()
    }
    assert len(held) == len(rows) == 7
    assert held == {
        key: (None if value is None else pytest.approx(value / 1000), status)
        for key, (value, status) in EXPECTED.items()
        if status != "not_delivered"
    }
    assert set(rows.loc[rows["preliminary"], "period"]) == {"2024"}
    assert set(rows["birth"]) == set(rows["category"]) == {"total"}
    assert set(rows["vintage"]) == {"2026-11-20"}
    assert rows.attrs["unit"] == "tkr"
    assert rows.attrs["snapshot"] == taken.snapshot.id

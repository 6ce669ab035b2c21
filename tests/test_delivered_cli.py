"""``affarsplan template`` and ``affarsplan delivered``, from a template to a figure in the archive."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import typer
from typer.testing import CliRunner, Result

from affarsplan_data.archive import Archive
from affarsplan_data.cli import delivered
from affarsplan_data.cli.words import Command, Group
from affarsplan_data.errors import UsageError
from tests import deliveries as made

Run = Callable[..., Result]

# The commands by themselves, as the program wires them.
app = typer.Typer(cls=Group)
app.command(cls=Command, epilog=delivered.TEMPLATE_EXAMPLES)(delivered.template)
app.command(cls=Command, epilog=delivered.EXAMPLES)(delivered.delivered)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project without figures, which is also the working directory."""
    edition = tmp_path / "data" / "raw" / "edition"
    edition.mkdir(parents=True)
    (edition / "manifest.yaml").write_text("measures: {}\n", encoding="utf-8")
    (tmp_path / "data" / "raw" / "delivered").mkdir()
    monkeypatch.setenv("AFFARSPLAN_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(home: Path) -> Run:
    """Return a function that runs a command in the project."""
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def _fill_in(path: Path, to: Path, value: object) -> None:
    """Fill in a template of ``rd_by_sector`` with one made-up figure, SYNTETISKA TESTDATA."""
    book = openpyxl.load_workbook(path)
    sheet = book["Uppgifter"]
    sheet.delete_rows(2)
    sheet.append(["04", "2024", "business", value, None])
    answers = {**made.ABOUT, "Första period": "2024"}
    for name, cell, *_ in book["Om leveransen"].iter_rows(min_row=2):
        if name.value in answers and cell.value is None:
            cell.value = answers[name.value]
    book.save(to)


def test_a_template_filled_in_and_put_in_the_folder_is_all_it_takes(run: Run, home: Path) -> None:
    written = run("template", "rd_by_sector")
    _fill_in(home / "rd_by_sector.xlsx", home / "data/raw/delivered/fou.xlsx", 12.5)
    taken = run("delivered")

    assert (written.exit_code, written.stdout) == (0, "rd_by_sector.xlsx\n")
    assert (taken.exit_code, taken.stderr) == (0, "")
    assert "fou.xlsx" in taken.stdout
    assert "ny" in taken.stdout
    archive = Archive(home / "data/raw/archive")
    assert [s.cells for s in archive.snapshots("delivered", "rd_by_sector")] == [1]


def test_a_bad_file_ends_the_command_with_3_and_names_the_cell(run: Run, home: Path) -> None:
    run("template", "rd_by_sector", "--output", "mall.xlsx")
    _fill_in(home / "mall.xlsx", home / "data/raw/delivered/fou.xlsx", 12.5)
    run("delivered")
    _fill_in(home / "mall.xlsx", home / "data/raw/delivered/fou.xlsx", "tolv")

    taken = run("delivered")

    assert taken.exit_code == 3
    assert "fou.xlsx, bladet Uppgifter, cell D2: tolv är inget tal." in taken.stderr
    assert (
        "1 av 1 filer har fel. Inget i dem används. För 1 av dem står det som kom" in taken.stderr
    )


def test_a_dry_run_leaves_the_archive_alone(run: Run, home: Path) -> None:
    run("template", "rd_by_sector")
    _fill_in(home / "rd_by_sector.xlsx", home / "data/raw/delivered/fou.xlsx", 12.5)

    assert run("delivered", "--dry-run").exit_code == 0
    assert not (home / "data/raw/archive").exists()


def test_without_a_measure_the_command_lists_what_can_be_delivered(run: Run, home: Path) -> None:
    listed = run("template")

    assert listed.exit_code == 0
    assert "export_goods_county" in listed.stdout
    assert "Varuexport efter län, där varorna tillverkas" in listed.stdout
    assert "exporting_firms_by_leader" not in listed.stdout
    assert "…" not in listed.stdout
    assert not list(home.glob("*.xlsx"))
    assert isinstance(run("template", "--output", "mall.xlsx").exception, UsageError)


def test_a_measure_that_no_statistics_have_is_refused_with_the_reason(run: Run, home: Path) -> None:
    refused = run("template", "exporting_firms_by_leader")

    assert "fvv_foreign_sales_share" in str(refused.exception)
    assert not list(home.glob("*.xlsx"))


def test_the_template_of_exports_by_county_has_its_headings_unit_and_a_row_to_take_away(
    run: Run, home: Path
) -> None:
    run("template", "export_goods_county")
    book = openpyxl.load_workbook(home / "export_goods_county.xlsx")
    headings, example = book["Uppgifter"].iter_rows(max_row=2, values_only=True)
    about = {row[0]: row[1] for row in book["Om leveransen"].iter_rows(values_only=True)}

    assert headings == ("Region", "Period", "Värde", "Anmärkning")
    assert (about["Mått"], about["Enhet"]) == ("export_goods_county", "mnkr")
    assert str(example[-1]).startswith("EXEMPEL")


def test_an_empty_folder_says_how_to_begin(run: Run) -> None:
    assert "affarsplan template MÅTT" in run("delivered").stdout


def test_a_template_never_overwrites_a_file(run: Run, home: Path) -> None:
    (home / "rd_by_sector.xlsx").write_text("mitt arbete", encoding="utf-8")

    refused = run("template", "rd_by_sector")

    assert isinstance(refused.exception, UsageError)
    assert "skrivs inte över" in str(refused.exception)
    assert (home / "rd_by_sector.xlsx").read_text(encoding="utf-8") == "mitt arbete"


def test_a_measure_that_does_not_exist_is_told_with_the_nearest(run: Run, home: Path) -> None:
    refused = run("template", "rd_by_sektor")

    assert "rd_by_sector" in str(refused.exception)
    assert not list(home.glob("*.xlsx"))


def test_a_template_is_an_xlsx_file_and_nothing_else(run: Run, home: Path) -> None:
    refused = run("template", "rd_by_sector", "--output", "mall.xlsm")

    assert isinstance(refused.exception, UsageError)
    assert not list(home.glob("mall*"))


def test_the_commands_hold_nothing_heavy_at_their_top() -> None:
    assert not {"openpyxl", "pandas", "xlsxwriter"} & vars(delivered).keys()

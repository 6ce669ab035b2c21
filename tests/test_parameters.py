"""A report's parameters are checked as a whole before anything is written."""

from datetime import date
from pathlib import Path

import pytest

from affarsplan_data.errors import UsageError
from affarsplan_data.parameters import ParameterError, parameters
from affarsplan_data.regions import UnknownRegionError
from affarsplan_data.report.publish import check_output

TODAY = date(2026, 11, 23)


def test_usable_parameters_reach_the_notebook_in_the_cells_own_form() -> None:
    given = parameters("1980", ["00", "oms", "04"], 2026, today=TODAY)

    assert given.for_notebook() == {
        "region": "1980",
        "compare": ["00", "oms", "04"],
        "year": 2026,
        "base_year": None,
        "data": "newest",
    }


def test_unknown_region_is_refused_and_told_what_exists() -> None:
    with pytest.raises(UnknownRegionError, match="19 Västmanlands län") as caught:
        parameters("99", year=2026, today=TODAY)
    assert caught.value.exit_code == 2


def test_riket_is_a_comparison_and_not_a_region_to_report_on() -> None:
    with pytest.raises(ParameterError, match="Riket"):
        parameters("00", ["oms"], 2026, today=TODAY)


@pytest.mark.parametrize("year", [2004, 2028, 20266, True, "2026"])
def test_year_outside_the_span_is_refused(year: int) -> None:
    with pytest.raises(ParameterError, match="från 2005 till 2027"):
        parameters("19", year=year, today=TODAY)


@pytest.mark.parametrize("year", [2005, 2027])
def test_first_and_last_year_are_allowed(year: int) -> None:
    assert parameters("19", year=year, today=TODAY).year == year


@pytest.mark.parametrize(
    ("compare", "words"),
    [
        (["00", "öms"], "öms"),
        (["99"], "99"),
        (["19"], "sig själv"),
    ],
)
def test_comparison_that_cannot_be_made_is_refused(compare: list[str], words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        parameters("19", compare, 2026, today=TODAY)


def test_comparison_groups_are_those_of_the_plan() -> None:
    assert parameters("19", ["norr"], 2026, groups={"norr"}, today=TODAY).compare == ("norr",)
    with pytest.raises(ParameterError, match="norr"):
        parameters("19", ["oms"], 2026, groups={"norr"}, today=TODAY)


def test_unknown_data_is_refused() -> None:
    with pytest.raises(ParameterError, match="edition"):
        parameters("19", year=2026, data="live", today=TODAY)


def test_output_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("x")

    with pytest.raises(UsageError, match="ingen mapp"):
        check_output(tmp_path / "fil" / "rapporter")
    check_output(tmp_path / "ny" / "mapp")
    assert not (tmp_path / "ny").exists()

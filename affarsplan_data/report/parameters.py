"""What a report is asked to show, checked as a whole before anything is written."""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from affarsplan_data import regions
from affarsplan_data.report.errors import ParameterError
from affarsplan_data.swedish import listing

FIRST_YEAR = 2005
DATA_CHOICES = ("edition",)
DEFAULT_COMPARE = (regions.COUNTRY, "oms")
DEFAULT_GROUPS = frozenset({"oms"})


@dataclass(frozen=True)
class ReportParameters:
    """Parameters that every notebook of one report is run with."""

    region: str
    year: int
    compare: tuple[str, ...] = DEFAULT_COMPARE
    data: str = "edition"

    def for_notebook(self) -> dict[str, Any]:
        """Return the values for the notebooks' ``parameters`` cell, in the cell's order."""
        return {
            "region": self.region,
            "compare": list(self.compare),
            "year": self.year,
            "data": self.data,
        }


def validated(
    region: str,
    year: int,
    compare: Sequence[str] = DEFAULT_COMPARE,
    data: str = "edition",
    *,
    groups: Collection[str] = DEFAULT_GROUPS,
    today: date | None = None,
) -> ReportParameters:
    """Return the parameters when all of them can be used.

    Args:
        region: SCB code of a county or a municipality.
        year: the report's year.
        compare: region codes and comparison group ids to compare with.
        data: which data the report reads.
        groups: ids of the plan's comparison groups.
        today: the day that decides the last allowed year; the current day when None.

    Raises:
        regions.UnknownRegionError: no region has the code.
        ParameterError: another parameter is wrong; the sentence says which and what is allowed.
    """
    if regions.get(region).level == "country":
        raise ParameterError(
            "Riket (00) är jämförelsen och kan inte vara rapportens region. "
            "Välj ett län, till exempel 19, eller en kommun, till exempel 1980."
        )
    _check_year(year, (today or date.today()).year + 1)
    if data not in DATA_CHOICES:
        raise ParameterError(
            f"Datakällan ”{data}” finns inte. Det som finns: {listing(DATA_CHOICES)}."
        )
    return ReportParameters(region, year, _checked_compare(compare, region, groups), data)


def check_output(folder: Path) -> None:
    """Check that reports can be written in ``folder``, which need not exist yet.

    Raises:
        ParameterError: the path is a file, lies below a file, or may not be written to.
    """
    nearest = folder.absolute()
    while not nearest.exists():
        nearest = nearest.parent
    if not nearest.is_dir():
        raise ParameterError(f"Kan inte skriva rapporten i {folder}: {nearest} är ingen mapp.")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise ParameterError(f"Kan inte skriva rapporten i {folder}: {nearest} är skrivskyddad.")


def _check_year(year: object, last: int) -> None:
    # bool is an int to Python but never a year to a person.
    if not isinstance(year, int) or isinstance(year, bool) or not FIRST_YEAR <= year <= last:
        raise ParameterError(
            f"Året ”{year}” går inte att använda. Ange ett årtal från {FIRST_YEAR} till {last}."
        )


def _checked_compare(
    compare: Sequence[str], region: str, groups: Collection[str]
) -> tuple[str, ...]:
    known = regions.all_regions()
    for item in compare:
        if item not in known and item not in groups:
            raise ParameterError(
                f"Kan inte jämföra med ”{item}”. Ange regionkoder, till exempel 00 eller 04, "
                f"eller en av planens jämförelsegrupper: {listing(sorted(groups))}."
            )
        if item == region:
            raise ParameterError(
                f"Regionen {region} {regions.name(region)} kan inte jämföras med sig själv."
            )
    if len(set(compare)) != len(compare):
        raise ParameterError(f"En jämförelse står två gånger: {listing(list(compare))}.")
    return tuple(compare)

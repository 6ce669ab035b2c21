"""Sweden's eight riksområden (NUTS 2): the counties that official statistics group together.

Source: SCB, regional divisions in statistics (NUTS), CC0.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from affarsplan_data.regions import get


@dataclass(frozen=True)
class Nuts2:
    """A riksområde: its code (``SE12``), its Swedish name and its counties, in code order."""

    code: str
    name: str
    counties: tuple[str, ...]


@cache
def areas() -> tuple[Nuts2, ...]:
    """Return the eight riksområden in code order."""
    text = files(__package__).joinpath("nuts2.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Nuts2(r["code"], r["name"], tuple(r["counties"].split())) for r in rows)


def nuts2(region: str) -> Nuts2:
    """Return the riksområde that a county, or a municipality's county, lies in.

    Raises:
        UnknownRegionError: no county or municipality has the code.
    """
    county = get(region).county
    return next(area for area in areas() if county in area.counties)

"""Sweden's regions: riket, the 21 counties and the 290 municipalities.

A region is known by SCB's code as text (``00`` riket, two digits a county, four digits a municipality);
names are only for readers. Source of codes and names: SCB, regional divisions, CC0.
"""

import csv
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from affarsplan_data.errors import UsageError
from affarsplan_data.swedish import listing

Level = Literal["country", "county", "municipality"]
COUNTRY = "00"


class UnknownRegionError(UsageError):
    """A region code that does not exist."""


@dataclass(frozen=True)
class Region:
    """One region: its code, its name and its level."""

    code: str
    name: str
    level: Level

    @property
    def short_name(self) -> str:
        """The name without ``län``, for a chart's labels: ``Västmanland``, ``Örebro``, ``Sala``."""
        if self.level != "county":
            return self.name
        return self.name.removesuffix(" län").removesuffix("s")

    @property
    def county(self) -> str:
        """The county's code: its own for a county, the first two digits for a municipality."""
        return self.code[:2]


@cache
def all_regions() -> Mapping[str, Region]:
    """Return every region by code, in code order with riket first."""
    text = files(__name__).joinpath("regions.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({row["code"]: Region(**row) for row in rows})  # type: ignore[arg-type]


def get(code: str) -> Region:
    """Return the region with ``code``.

    Raises:
        UnknownRegionError: no such region; the message lists what exists.
    """
    try:
        return all_regions()[code]
    except (KeyError, TypeError):
        raise UnknownRegionError(_unknown(code)) from None


def name(code: str) -> str:
    """Return the region's name, for example ``Västmanlands län`` for ``19``."""
    return get(code).name


def counties() -> tuple[str, ...]:
    """Return the 21 county codes."""
    return tuple(code for code, region in all_regions().items() if region.level == "county")


def municipalities(county: str | None = None) -> tuple[str, ...]:
    """Return the municipality codes of ``county``, or all 290 when it is None."""
    return tuple(
        code
        for code, region in all_regions().items()
        if region.level == "municipality" and (county is None or region.county == county)
    )


def _unknown(code: object) -> str:
    if not isinstance(code, str):
        return f'Regionen ska vara en kod skriven som text, till exempel region="19", inte {code!r:.40}.'
    text = code[:40]
    lan = listing([f"{c} {name(c)}" for c in counties()])
    by_name = {region.name.lower(): region for region in all_regions().values()}
    # Two digits are close to everything; a hint would only mislead.
    candidates = [*all_regions(), *by_name] if len(text) > 2 else []
    padded = text.strip().zfill(2)
    near = difflib.get_close_matches(text.lower(), candidates, n=3, cutoff=0.6)
    if padded in all_regions():
        near = [padded]
    hints = [all_regions().get(n) or by_name[n] for n in near]
    hint = f" Menade du {listing([f'{r.code} {r.name}' for r in hints], 'eller')}?" if hints else ""
    return (
        f"Regionen ”{text}” finns inte.{hint} Det som finns: 00 Riket, länen {lan}, "
        "och 290 kommuner med fyrsiffrig kod (till exempel 1980 Västerås)."
    )

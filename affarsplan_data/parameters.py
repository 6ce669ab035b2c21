"""What a page and a report are asked to show: the same parameters in a notebook's cell and on the
command line, checked as a whole before anything is written.
"""

import difflib
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from numbers import Integral
from typing import Any

from affarsplan_data import regions
from affarsplan_data.errors import UsageError
from affarsplan_data.plan import load_plan
from affarsplan_data.regions.nuts2 import nuts2
from affarsplan_data.swedish import listing

FIRST_YEAR = 2005
FIRST_BASE_YEAR = 1990
"""The earliest base year that can be asked for: emissions are reported from it on."""
DEFAULT_COMPARE = (regions.COUNTRY, "oms")
NEWEST, EDITION = "newest", "edition"
DATA = (NEWEST, EDITION)
"""The sets of data that can be read.

``newest`` is what has been fetched and delivered, and the built-in edition where nothing has; ``edition``
is the built-in edition alone.
"""
DEFAULT_DATA = NEWEST


class ParameterError(UsageError):
    """A parameter that cannot be used; the message says which and what is allowed."""


@dataclass(frozen=True)
class PeerGroup:
    """Counties that are compared with, the region's own among them where it belongs to the group."""

    name: str
    counties: tuple[str, ...]


@dataclass(frozen=True)
class Parameters:
    """What a page shows: the region, what it is compared with, up to which year, from which data.

    ``base_year`` is what indices are shown on; None means each indicator's own.
    """

    region: str
    compare: tuple[str, ...]
    year: int
    data: str
    base_year: int | None = None

    def for_notebook(self) -> dict[str, Any]:
        """Return the values for a notebook's ``parameters`` cell, in the order the cell has them."""
        return {
            "region": self.region,
            "compare": list(self.compare),
            "year": self.year,
            "base_year": self.base_year,
            "data": self.data,
        }

    @property
    def county(self) -> str:
        """The region's county: itself, or the one a municipality lies in."""
        return regions.get(self.region).county

    @property
    def is_municipality(self) -> bool:
        """Whether the region is a municipality."""
        return regions.get(self.region).level == "municipality"

    @property
    def outside_plan(self) -> str:
        """The sentence for a region that the plan does not cover, empty for one it covers."""
        plan = load_plan()
        if self.county == plan.region:
            return ""
        return (
            f"{plan.name} gäller {regions.name(plan.region)}. Här visas samma indikatorer för "
            f"{regions.name(self.region)}."
        )

    @property
    def group(self) -> PeerGroup | None:
        """The first group that is compared with, as the region has it; None without any.

        A group of the plan that the region's county does not belong to gives way to the county's own
        riksområde (NUTS 2).
        """
        return next((group for group in self._groups if group is not None), None)

    @property
    def peers(self) -> tuple[str, ...]:
        """The counties to compare with, groups unfolded, without the region's own county and riket."""
        codes: list[str] = []
        for item, group in zip(self.compare, self._groups, strict=True):
            codes += group.counties if group else [item]
        counties = [code for code in codes if regions.get(code).level == "county"]
        return tuple(dict.fromkeys(code for code in counties if code != self.county))

    @property
    def compared(self) -> tuple[str, ...]:
        """The names of what is compared with, in the order asked for."""
        names = [
            group.name if group else ("riket" if item == regions.COUNTRY else regions.name(item))
            for item, group in zip(self.compare, self._groups, strict=True)
        ]
        return tuple(dict.fromkeys(names))

    @property
    def replaced(self) -> str:
        """The sentence about a group of the plan that was replaced; empty when none was."""
        plan = load_plan()
        asked = [g for g in plan.comparison_groups if g.id in self.compare]
        foreign = [g.name for g in asked if self.county not in g.counties]
        if not foreign:
            return ""
        own, name = nuts2(self.county), regions.name(self.county)
        instead = f"{name} hör inte till {listing(foreign)}"
        others = [regions.name(code) for code in own.counties if code != self.county]
        if not others:
            return (
                f"{instead} och är ensamt i sitt riksområde, {own.name} ({own.code}). "
                "Det finns därför inga grannlän i riksområdet att jämföra med."
            )
        return (
            f"{instead}. Jämförelsen görs i stället med länets eget riksområde, {own.name} "
            f"({own.code}): {listing(others)}."
        )

    @property
    def _groups(self) -> tuple[PeerGroup | None, ...]:
        return peer_groups(self.compare, self.county)


def peer_groups(compare: Sequence[str], county: str) -> tuple[PeerGroup | None, ...]:
    """Return the group behind each item of ``compare``, None for an item that is a region.

    A group of the plan that ``county`` does not belong to gives way to the county's own riksområde
    (NUTS 2); riket, which lies in none, has the plan's.
    """
    groups = {group.id: group for group in load_plan().comparison_groups}
    found: list[PeerGroup | None] = []
    for item in compare:
        group = groups.get(item)
        if group is None:
            found.append(None)
            continue
        own = county in group.counties or county == regions.COUNTRY
        chosen = group if own else nuts2(county)
        found.append(PeerGroup(chosen.name, chosen.counties))
    return tuple(found)


def parameters(
    region: str,
    compare: Sequence[str] | None = DEFAULT_COMPARE,
    year: int | None = None,
    data: str = DEFAULT_DATA,
    *,
    base_year: int | None = None,
    groups: Collection[str] | None = None,
    today: date | None = None,
) -> Parameters:
    """Return the parameters when all of them can be used.

    Args:
        region: SCB code of a county or a municipality.
        compare: region codes and ids of the plan's comparison groups; the default ones when None.
        year: figures up to and including this year are used; None means the running year.
        data: which data to read.
        base_year: the year that indices are shown on; each indicator's own when None.
        groups: ids of the comparison groups there are; the plan's when None.
        today: the day that decides the last allowed year; the current day when None.

    Raises:
        regions.UnknownRegionError: no region has the code.
        ParameterError: another parameter is wrong.
    """
    if regions.get(region).level == "country":
        raise ParameterError(
            "Riket (00) är jämförelsen och kan inte vara rapportens region. "
            "Välj ett län, till exempel 19, eller en kommun, till exempel 1980."
        )
    checked = check_year(year, today=today)
    check_data(data)
    if compare is None:
        compare = DEFAULT_COMPARE
    compared = check_compare(compare, region, groups)
    return Parameters(region, compared, checked, data, check_base_year(base_year, checked))


def check_year(year: object, *, today: date | None = None) -> int:
    """Return the year, the running one for None.

    Raises:
        ParameterError: it is no year that can be used.
    """
    last = (today or date.today()).year + 1
    if year is None:
        return last - 1
    # bool is an int to Python but never a year to a person.
    if (
        not isinstance(year, Integral)
        or isinstance(year, bool)
        or not FIRST_YEAR <= int(year) <= last
    ):
        raise ParameterError(
            f"Året ”{str(year)[:20]}” går inte att använda. Ange ett årtal från {FIRST_YEAR} till "
            f"{last}, utan citattecken, till exempel {last - 1}.{_clock(year, last)}"
        )
    return int(year)


def _clock(year: object, last: int) -> str:
    """Return what to look at when a year is refused because it has not come yet."""
    if not isinstance(year, Integral) or isinstance(year, bool) or int(year) <= last:
        return ""
    return (
        f" Datorns klocka säger att året är {last - 1}. Går den fel, ställ den rätt och kör igen."
    )


def check_base_year(base_year: object, year: int) -> int | None:
    """Return the base year, None for each indicator's own.

    Raises:
        ParameterError: it is no year up to ``year`` that any series has.
    """
    if base_year is None:
        return None
    if (
        not isinstance(base_year, Integral)
        or isinstance(base_year, bool)
        or not FIRST_BASE_YEAR <= int(base_year) <= year
    ):
        raise ParameterError(
            f"Basåret ”{str(base_year)[:20]}” går inte att använda. Ange ett årtal från "
            f"{FIRST_BASE_YEAR} till {year}, utan citattecken, eller utelämna det: då har varje "
            "indikator sitt eget basår."
        )
    return int(base_year)


def check_data(data: object) -> None:
    """Raise :class:`ParameterError` unless ``data`` names a set of data that can be read."""
    if not isinstance(data, str) or data not in DATA:
        raise ParameterError(
            f"Uppgifterna ”{str(data)[:40]}” finns inte. Välj {listing(DATA, 'eller')}."
        )


def check_compare(
    compare: Sequence[str], region: str, groups: Collection[str] | None = None
) -> tuple[str, ...]:
    """Return what is compared with, each once; ``groups`` are the plan's when None.

    Raises:
        ParameterError: no list, or an item that is neither a region nor a group, or the region itself.
    """
    if groups is None:
        groups = {group.id for group in load_plan().comparison_groups}
    if isinstance(compare, str) or not isinstance(compare, Sequence):
        raise ParameterError(
            f'Ange jämförelsen som en lista, till exempel ["00", "oms"], inte {str(compare)[:20]}.'
        )
    for item in compare:
        known = isinstance(item, str) and (item in regions.all_regions() or item in groups)
        if not known:
            raise ParameterError(
                f"Kan inte jämföra med ”{str(item)[:40]}”.{_near(item, groups)} Ange regionkoder, till "
                f"exempel 00 eller 04, eller en av planens jämförelsegrupper: {listing(sorted(groups))}."
            )
        if item == region:
            raise ParameterError(
                f"Regionen {region} {regions.name(region)} kan inte jämföras med sig själv."
            )
    return tuple(dict.fromkeys(compare))


def _near(item: object, groups: Collection[str]) -> str:
    """Return a question about what was meant, empty when nothing is near."""
    names = {region.name.lower(): code for code, region in regions.all_regions().items()}
    names |= {region.short_name.lower(): code for code, region in regions.all_regions().items()}
    names |= {group.lower(): group for group in groups}
    asked = unicodedata.normalize("NFKD", str(item)[:40].lower().strip())
    plain = "".join(c for c in asked if not unicodedata.combining(c))
    for wish in (unicodedata.normalize("NFC", asked), plain):
        if near := difflib.get_close_matches(wish, names, n=1, cutoff=0.6):
            return f" Menade du {names[near[0]]}?"
    return ""

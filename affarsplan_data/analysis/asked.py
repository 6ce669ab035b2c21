"""What an analyst has asked for: a region, what it is compared with, a year and the data, all checked."""

from collections.abc import Sequence
from dataclasses import dataclass

from affarsplan_data import regions
from affarsplan_data.parameters import (
    DEFAULT_COMPARE,
    ParameterError,
    PeerGroup,
    check_compare,
    check_data,
    check_year,
    peer_groups,
)


@dataclass(frozen=True)
class Asked:
    """A checked wish. ``region`` None means every region; ``compare`` holds regions and group ids."""

    region: str | None
    compare: tuple[str, ...]
    year: int
    data: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The regions asked for, the own one first, groups unfolded; none when all are asked for."""
        if self.region is None:
            return ()
        unfolded: list[str] = []
        for item, group in zip(self.compare, self._groups, strict=True):
            unfolded += group.counties if group else [item]
        return tuple(dict.fromkeys([self.region, *unfolded]))

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """The groups that the region belongs to with others, by name."""
        found = [g for g in self._groups if g and self.region in g.counties and len(g.counties) > 1]
        return {group.name: group.counties for group in found}

    @property
    def peers(self) -> tuple[str, ...]:
        """The regions compared with, without riket and the own one."""
        return tuple(c for c in self.codes if c not in {self.region, regions.COUNTRY})

    @property
    def _groups(self) -> tuple[PeerGroup | None, ...]:
        """The group behind each item of ``compare``, the same as pages have."""
        county = regions.get(self.region).county if self.region else regions.COUNTRY
        return peer_groups(self.compare, county)


def asked(region: str | None, compare: Sequence[str] | None, year: int | None, data: str) -> Asked:
    """Return the wish when all of it can be had.

    Raises:
        UnknownRegionError: no region has the code; what is nearest is named.
        ParameterError: another part is wrong, or something is compared with no region.
    """
    if region is None:
        if compare is not None:
            raise ParameterError(
                'Ange vilken region som ska jämföras, till exempel region="19", eller utelämna compare.'
            )
        known: tuple[str, ...] = ()
    else:
        regions.get(region)
        wish = [c for c in DEFAULT_COMPARE if c != region] if compare is None else compare
        known = check_compare(wish, region)
    check_data(data)
    return Asked(region, known, check_year(year), data)

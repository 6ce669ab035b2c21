"""What an analyst has asked for: a region, what it is compared with, a year and the data, all checked."""

from collections.abc import Sequence
from dataclasses import dataclass

from affarsplan_data import regions
from affarsplan_data.parameters import (
    DEFAULT_COMPARE,
    ParameterError,
    check_compare,
    check_data,
    check_year,
)
from affarsplan_data.plan import load_plan


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
        unfolded = [code for item in self.compare for code in self._members(item)]
        return tuple(dict.fromkeys([self.region, *unfolded]))

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """The groups that the region belongs to, by name."""
        plan = load_plan()
        found = [group for group in plan.comparison_groups if group.id in self.compare]
        return {group.name: group.counties for group in found if self.region in group.counties}

    @property
    def peers(self) -> tuple[str, ...]:
        """The regions compared with, without riket and the own one."""
        return tuple(c for c in self.codes if c not in {self.region, regions.COUNTRY})

    @staticmethod
    def _members(item: str) -> tuple[str, ...]:
        groups = {group.id: group.counties for group in load_plan().comparison_groups}
        return groups.get(item, (item,))


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

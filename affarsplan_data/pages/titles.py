"""Titles that compare two groups, or two years, in many regions: no more certain than each pair is.

Whether a difference may be said is asked of :func:`sentences.compare`, region by region.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from affarsplan_data import swedish
from affarsplan_data.indicators import IndicatorValues, sentences
from affarsplan_data.indicators.sentences import Comparison, Relation, words

Group = Mapping[str, str]


@dataclass(frozen=True)
class Pairs:
    """How two figures relate in every region that has both, by region."""

    found: Mapping[str, Comparison]

    def regions(self, relation: Relation) -> list[str]:
        """Return the regions of one relation."""
        return [code for code, one in self.found.items() if one.relation is relation]

    @property
    def unsure(self) -> int:
        """In how many regions nothing may be said of the two."""
        return sum(not one.relation.is_certain for one in self.found.values())

    @property
    def widest(self) -> str:
        """The region whose figures lie farthest apart."""
        return max(self.found, key=lambda code: abs(self.found[code].difference))


def pairs(
    values: IndicatorValues,
    codes: Sequence[str],
    first: Mapping[str, str],
    other: Mapping[str, str],
) -> Pairs:
    """Return how two figures relate in each region that has both.

    ``first`` and ``other`` choose them: a ``period`` and a group.
    """
    both = {code: (values.row(code, **first), values.row(code, **other)) for code in codes}
    found = {
        code: sentences.compare(one, two, values.indicator) for code, (one, two) in both.items()
    }
    return Pairs({c: f for c, f in found.items() if f.relation is not Relation.MISSING})


def two_groups(
    values: IndicatorValues,
    codes: Sequence[str],
    period: str,
    groups: tuple[Group, Group],
    members: str,
) -> str:
    """Say in how many regions the one or the other group is higher, and in how many it is not sure."""
    about = values.indicator
    found = pairs(values, codes, *({"period": period} | dict(group) for group in groups))
    names = [sentences.group(group, about) for group in groups]
    when = swedish.period(period)
    noun = swedish.upper_first(about.noun)
    if not found.found:
        return f"{noun}: {names[0]} och {names[1]} kan inte jämföras {when}."
    if len(found.found) == 1:
        return _one(values, next(iter(found.found)), period, groups)
    sides = [found.regions(side) for side in (Relation.HIGHER, Relation.LOWER)]
    said = _counted(noun, names, sides, len(found.found), members, when)
    if not said:
        return (
            f"{noun}: {names[0]} och {names[1]} är inte säkert skilda i någon av "
            f"{len(found.found)} {members} {when}."
        )
    unsure = f"; i {found.unsure} är skillnaden inte säker" if found.unsure else ""
    amount = swedish.with_unit(
        abs(found.found[found.widest].difference), about.difference_unit, about.decimals
    )
    where = sentences.place(found.widest)
    return f"{said}{unsure}. Störst är den uppmätta skillnaden i {where} ({amount})."


def _counted(
    noun: str, names: list[str], sides: list[list[str]], of: int, members: str, when: str
) -> str:
    """Count the regions on each side; empty when there is none on either."""
    for name, side in zip(names, sides, strict=True):
        if len(side) == of:
            return f"{noun} var högre bland {name} i alla {of} {members} {when}"
    parts = [f"bland {name} i {len(side)}" for name, side in zip(names, sides, strict=True) if side]
    return f"{noun} var högre {swedish.listing(parts)} av {of} {members} {when}" if parts else ""


def _one(values: IndicatorValues, region: str, period: str, groups: tuple[Group, Group]) -> str:
    about = values.indicator
    rows = [values.row(region, period, **group) for group in groups]
    amounts = [sentences.amount(row["value"], about) for row in rows if row is not None]
    names = [sentences.group(group, about) for group in groups]
    found = sentences.compare(rows[0], rows[1], about).relation
    unsure = "" if found.is_certain else "; de är inte säkert skilda"
    return (
        f"{swedish.upper_first(about.noun)} var {amounts[0]} bland {names[0]} och {amounts[1]} bland "
        f"{names[1]} i {sentences.place(region)} {swedish.period(period)}{unsure}."
    )


def two_years(
    values: IndicatorValues, codes: Sequence[str], first: str, last: str, members: str
) -> str:
    """Say in how many regions the figure of the last year is higher or lower than that of the first."""
    found = pairs(values, codes, {"period": last}, {"period": first})
    noun = swedish.upper_first(values.indicator.noun)
    count = len(found.found)
    if count == 1:
        return _one_region(noun, next(iter(found.found.items())), first, last)
    higher, lower = ("större", "mindre") if words.is_gap(values.indicator) else ("högre", "lägre")
    wording = {higher: Relation.HIGHER, lower: Relation.LOWER}
    sides = {word: len(found.regions(relation)) for word, relation in wording.items()}
    parts = [f"{word} {last} än {first} i {n}" for word, n in sides.items() if n]
    if not parts:
        return f"{noun}: skillnaden mellan {first} och {last} är inte säker i någon av {count} {members}."
    for word, n in sides.items():
        if n == count:
            return f"{noun} var {word} {last} än {first} i alla {count} {members}."
    unsure = f"; i {found.unsure} är skillnaden inte säker" if found.unsure else ""
    return f"{noun} var {swedish.listing(parts)} av {count} {members}{unsure}."


def _one_region(noun: str, found: tuple[str, Comparison], first: str, last: str) -> str:
    code, one = found
    where = sentences.place(code)
    if not one.relation.is_certain:
        return f"{noun}: skillnaden mellan {first} och {last} är inte säker i {where}."
    if one.relation is Relation.EQUAL:
        return f"{noun} var lika {last} som {first} i {where}."
    word = "högre" if one.relation is Relation.HIGHER else "lägre"
    return f"{noun} var {word} {last} än {first} i {where}."

"""Women and men, native- and foreign-born, across all indicators: where the gaps are, which closed, how.

Gaps are compared in their own terms only: shares by percentage points, amounts by one group in percent of
the other. The two are never put on one scale.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.catalogue import ROLLING, Indicator, load_catalogue
from affarsplan_data.indicators import (
    IndicatorValues,
    MissingIndicatorError,
    available,
    indicator,
    sentences,
)
from affarsplan_data.pages.reading import read
from affarsplan_data.parameters import Parameters
from affarsplan_data.statistics import GapVerdict

Kind = Literal["points", "ratio"]
Group = tuple[tuple[str, str], ...]

WOMEN, MEN = (("sex", "women"),), (("sex", "men"),)
NATIVE, FOREIGN = (("birth", "native"),), (("birth", "foreign"),)
BY_SEX, BY_BIRTH = "sex", "birth"
PAIRS: dict[str, tuple[Group, Group]] = {BY_SEX: (WOMEN, MEN), BY_BIRTH: (FOREIGN, NATIVE)}
"""The group that comes first in a difference, and the other."""
WITHIN: dict[str, tuple[Group, ...]] = {
    BY_SEX: ((), NATIVE, FOREIGN),
    BY_BIRTH: ((), WOMEN, MEN),
}
"""What both groups of a pair can be limited to."""
CHANGES = {
    GapVerdict.CLOSED_UPWARDS: "minskat",
    GapVerdict.CLOSED_DOWNWARDS: "minskat",
    GapVerdict.CLOSED_BOTH_WAYS: "minskat",
    GapVerdict.WIDENED: "ökat",
    GapVerdict.UNCHANGED: "oförändrad",
    GapVerdict.UNCERTAIN: "ingen säker förändring",
}
_HOW = {
    ("rise",): "uppåt: den lägre gruppen har stigit",
    ("fall",): "nedåt: den högre gruppen har sjunkit",
    ("rise", "fall"): "från båda håll",
    (): "vilken grupp som närmat sig den andra är inte säkert",
}
_IN_PERCENT = "den enas belopp i procent av den andras"
_COUNTED = {
    _HOW["rise",]: "uppåt, genom att den lägre gruppen har stigit",
    _HOW["fall",]: "nedåt, genom att den högre gruppen har sjunkit",
    _HOW["rise", "fall"]: "från båda håll",
    _HOW[()]: "utan att det är säkert vilken grupp som har närmat sig den andra",
    _IN_PERCENT: "i belopp eller tal, räknat i procent",
}
"""How a gap has closed, as it is counted."""
_IN_ITSELF = {
    "women_share": BY_SEX,
    "share_else_published": BY_SEX,
    "women_per_men": BY_SEX,
    "women_share_per_men_share": BY_SEX,
    "segregation": BY_SEX,
    "representation": BY_BIRTH,
} | {k: (BY_SEX if v == "women" else BY_BIRTH) for k, v in sentences.GAPS.items()}
"""Formulas whose value compares the groups itself."""
_NOT_SIZES = {*ROLLING, *_IN_ITSELF, "index", "net_rate", "components", "group_share"}
"""Formulas whose groups cannot be set against each other by size: each on a base of its own, values
that can be below zero, parts of one whole, or values that compare groups already."""


@dataclass(frozen=True)
class Gap:
    """The newest difference between two groups in one region.

    ``one`` and ``other`` are their figures. ``size`` is their difference in percentage points for a
    share, and what the first has in percent of the other's for an amount. ``certain`` says that the
    two can be told apart. ``change`` tells the development, None where the statistics carry none.
    """

    values: IndicatorValues
    pair: str
    within: Group
    region: str
    period: str
    one: float
    other: float
    kind: Kind
    certain: bool
    preliminary: bool
    change: sentences.GapChange | None

    @property
    def about(self) -> Indicator:
        """The indicator."""
        return self.values.indicator

    @property
    def size(self) -> float:
        """The gap: percentage points, or percent of the other group's."""
        return self.one - self.other if self.kind == "points" else 100 * self.one / self.other

    @property
    def distance(self) -> float:
        """How far the gap is from none, for sorting within a kind."""
        return abs(self.size) if self.kind == "points" else abs(self.size - 100)

    @property
    def who(self) -> str:
        """What both groups are limited to: ``utrikes födda``; empty for everyone."""
        return sentences.group(dict(self.within))


def gaps(
    given: Parameters,
    pair: str,
    *,
    limited: bool = False,
    own: bool = False,
    start: int | None = None,
) -> list[Gap]:
    """Return the newest gap of every indicator that has the groups, largest first within each kind.

    The region's own figures are used, its county's where it has none, and riket's where the county has
    none either.

    Args:
        given: the page's parameters.
        pair: :data:`BY_SEX` or :data:`BY_BIRTH`.
        limited: also the gaps within each of the other groups (foreign-born women and men).
        own: the region's own figures only.
        start: the first year of the development; the first comparable one when None.
    """
    codes = (given.region,) if own else places(given)
    found = [gap for values in with_groups(given, pair) for gap in _of(values, codes, pair, start)]
    kept = found if limited else [gap for gap in found if not gap.within]
    return sorted(kept, key=lambda gap: (gap.kind, -gap.distance))


def with_groups(given: Parameters, *dimensions: str) -> Iterator[IndicatorValues]:
    """Yield the indicators whose figures have all of the dimensions, as far as the data in use do."""
    for about in load_catalogue().indicators.values():
        if not set(dimensions) <= set(about.splits) or not comparable(about):
            continue
        if not available(about, given.data):
            continue
        try:
            yield read(about.id, given)
        except MissingIndicatorError:
            continue


def comparable(about: Indicator) -> bool:
    """Tell whether the groups of an indicator can be set against each other by the size of its value."""
    return about.comparable_size and about.formula.function not in _NOT_SIZES


def kind_of(about: Indicator) -> Kind:
    """Return how gaps of an indicator are measured."""
    return "points" if about.unit == "procent" else "ratio"


def places(given: Parameters) -> tuple[str, ...]:
    """Return where figures are looked for: the region, its county, riket."""
    return tuple(dict.fromkeys((given.region, given.county, regions.COUNTRY)))


def _of(
    values: IndicatorValues, codes: Sequence[str], pair: str, start: int | None
) -> Iterator[Gap]:
    for within in WITHIN[pair]:
        first, second = (dict(group) | dict(within) for group in PAIRS[pair])
        for code in codes:
            if (found := _newest(values, code, first, second)) is None:
                continue
            one, other = found
            kind = kind_of(values.indicator)
            if kind == "ratio" and min(one["value"], other["value"]) <= 0:
                continue
            groups = tuple(dict(group) for group in PAIRS[pair])
            yield Gap(
                values,
                pair,
                within,
                code,
                str(one["period"]),
                float(one["value"]),
                float(other["value"]),
                kind,
                sentences.compare(one, other, values.indicator).relation.is_certain,
                bool(one["preliminary"] or other["preliminary"]),
                sentences.gap_change(values, code, start, (groups[0], groups[1]), dict(within)),
            )
            break


def _newest(
    values: IndicatorValues, code: str, first: dict[str, str], second: dict[str, str]
) -> tuple[pd.Series, pd.Series] | None:
    """Return both groups' rows of the newest period that they share, None when there is none."""
    one, other = (values.series(code, **group) for group in (first, second))
    shared = set(one["period"]) & set(other["period"])
    if not shared:
        return None
    period = max(shared)
    rows = (frame[frame["period"] == period].iloc[0] for frame in (one, other))
    return next(rows), next(rows)


def table(found: Sequence[Gap], home: str) -> pd.DataFrame:
    """Return gaps of one kind as a table: the groups' figures, the gap, and whether it is certain."""
    first, second = _headings(found)
    points = found[0].kind == "points"
    return pd.DataFrame(
        {
            "Indikator": label(gap, home),
            "År": swedish.period(gap.period),
            first: sentences.short_amount(gap.one, gap.about),
            second: sentences.short_amount(gap.other, gap.about),
            _gap_heading(found): swedish.signed(gap.size, gap.about.decimals)
            if points
            else swedish.number(gap.size, 0),
            "Säker skillnad": "ja" if gap.certain else "nej",
        }
        for gap in found
    )


@dataclass(frozen=True)
class Development:
    """A gap at two years: ``before`` and ``after`` in words, how it has moved, and how it closed."""

    before: str
    after: str
    moved: str
    how: str


def development(gap: Gap) -> Development | None:
    """Return how a gap has moved: a share's in percentage points, an amount's in percent.

    Both groups' amounts in current prices rise, and with them the distance in kronor, so that amounts
    close or widen by what the one group has in percent of the other's. None without two years.
    """
    if gap.change is None:
        return None
    if gap.kind == "ratio":
        return _of_amounts(gap.change)
    moved = CHANGES[gap.change.verdict]
    ends = (gap.change.found.start_gap, gap.change.found.end_gap)
    before, after = (sentences.distance(size, gap.about) for size in ends)
    how = _HOW[gap.change.closed_by] if moved == "minskat" else ""
    return Development(before, after, moved, how)


def _of_amounts(change: sentences.GapChange) -> Development | None:
    first, other = (frame.set_index(frame["period"].str[:4])["value"] for frame in change.series)
    years = [change.found.start, change.found.end]
    if min(first[years].min(), other[years].min()) <= 0:
        return None
    before, after = (round(100 * float(first[year] / other[year])) for year in years)
    apart = abs(after - 100) - abs(before - 100)
    moved = "oförändrad" if apart == 0 else "minskat" if apart < 0 else "ökat"
    said = [swedish.with_unit(share, "procent") for share in (before, after)]
    return Development(said[0], said[1], moved, _IN_PERCENT if moved == "minskat" else "")


def changes(found: Sequence[Gap], home: str) -> pd.DataFrame:
    """Return the development of gaps that have one: from, to, whether it has closed, and how."""
    rows = [
        {
            "Indikator": label(gap, home),
            "Grupper": f"{gap.change.names[0]} och {gap.change.names[1]}",
            "Från": f"{gap.change.found.start}: {told.before}",
            "Till": f"{gap.change.found.end}: {told.after}"
            + (" (preliminärt)" if gap.change.preliminary else ""),
            "Skillnaden har": told.moved,
            "Hur": told.how,
        }
        for gap in found
        if gap.change is not None and (told := development(gap))
    ]
    return pd.DataFrame(rows)


def label(gap: Gap, home: str) -> str:
    """Return an indicator's name, with whom and where when that is not everyone in ``home``."""
    who = f", {gap.who}" if gap.who else ""
    where = f" ({sentences.place(gap.region)})" if gap.region != home else ""
    return f"{gap.about.name}{who}{where}"


def answer(by_sex: Sequence[Gap], by_birth: Sequence[Gap]) -> tuple[str, ...]:
    """Return the largest gap by sex and by birth in each kind, and how many gaps have closed."""
    lines = []
    for found in (by_sex, by_birth):
        lines += [largest(found, kind) for kind in ("points", "ratio")]
    lines.append(_closed([*by_sex, *by_birth]))
    return tuple(line for line in lines if line)


def largest(found: Sequence[Gap], kind: Kind) -> str:
    """Return the sentence on the largest certain gap of a kind; empty when none is certain."""
    certain = [gap for gap in found if gap.kind == kind and gap.certain and not gap.within]
    if not certain:
        return ""
    top = max(certain, key=lambda gap: gap.distance)
    one, other = (sentences.group(dict(group)) for group in PAIRS[top.pair])
    amounts = [sentences.amount(value, top.about) for value in (top.one, top.other)]
    among = "andelar" if kind == "points" else "belopp och tal"
    size = (
        sentences.distance(top.size, top.about)
        if kind == "points"
        else f"{one} har {swedish.number(top.size, 0)} procent av vad {other} har"
    )
    return (
        f"Av de {among} som går att jämföra är skillnaden mellan {one} och {other} störst för "
        f"{top.about.noun}: {amounts[0]} bland {one} och {amounts[1]} bland {other} i "
        f"{sentences.place(top.region)} {swedish.period(top.period)} ({size})."
    )


def _closed(found: Sequence[Gap]) -> str:
    told = [(gap, one) for gap in found if (one := development(gap))]
    if not told:
        return "Ingen av skillnaderna har två jämförbara år, så det går inte att säga om de har minskat."
    moved = [one.moved for _, one in told]
    closed, widened = moved.count("minskat"), moved.count("ökat")
    ways = [one.how for _, one in told if one.moved == "minskat"]
    parts = [f"{ways.count(way)} {said}" for way, said in _COUNTED.items() if way in ways]
    detail = f" ({_listed(parts)})" if parts else ""
    rest = len(told) - closed - widened
    unsure = f"; för {rest} går ingen säker förändring att se" if rest else ""
    inside = ", också inom grupperna," if any(gap.within for gap, _ in told) else ""
    return (
        f"Av {len(told)} skillnader med jämförbara år{inside} har {closed or 'ingen'} "
        f"minskat{detail} och {widened or 'ingen'} ökat{unsure}."
    )


def _listed(parts: Sequence[str]) -> str:
    """Join parts that hold commas of their own."""
    return ", och ".join(filter(None, ["; ".join(parts[:-1]), parts[-1]]))


def _headings(found: Sequence[Gap]) -> tuple[str, str]:
    first, second = (sentences.group(dict(group)) for group in PAIRS[found[0].pair])
    return swedish.upper_first(first), swedish.upper_first(second)


def _gap_heading(found: Sequence[Gap]) -> str:
    first, second = _headings(found)
    if found[0].kind == "points":
        return "Skillnad, procentenheter"
    return f"{first} i procent av {swedish.lower_first(second)}"


def without_split(data: str) -> pd.DataFrame:
    """Return the indicators that lack women and men, or native- and foreign-born, and why."""
    rows = []
    for about in load_catalogue().indicators.values():
        sex, birth = (_has(about, dim, data) for dim in (BY_SEX, BY_BIRTH))
        if sex == birth == YES:
            continue
        goals = [
            *(f"Delmål {int(g[1:])}" for g in about.subgoals),
            *(f"RUS {g[3:]}" for g in about.rus),
        ]
        rows.append(
            {
                "Indikator": about.name,
                "Delmål": ", ".join(goals),
                "Kvinnor och män": sex,
                "Inrikes och utrikes födda": birth,
            }
        )
    frame = pd.DataFrame(rows)
    order = [NO, NOT_HELD, YES]
    return frame.sort_values(
        ["Kvinnor och män", "Inrikes och utrikes födda"],
        key=lambda column: column.map(order.index),
        kind="stable",
        ignore_index=True,
    )


YES = "finns"
NOT_HELD = "finns hos källan, men inte i de uppgifter som används"
NO = "finns inte i statistiken"


def _has(about: Indicator, dimension: str, data: str) -> str:
    own = _IN_ITSELF.get(about.formula.function) == dimension
    if own or dimension in about.splits:
        held = available(about, data) and (own or _held(about, dimension, data))
        return YES if held else NOT_HELD
    return NO


def _held(about: Indicator, dimension: str, data: str) -> bool:
    try:
        frame = indicator(about.id, data=data).frame
    except MissingIndicatorError:
        return False
    return bool((frame.loc[frame["value"].notna(), dimension] != "total").any())

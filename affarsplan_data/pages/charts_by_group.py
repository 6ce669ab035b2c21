"""Charts of women and men and of native- and foreign-born: who has the higher figure, and where."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.pages.chart_texts import absent, absent_groups, heading, region_rows, texts
from affarsplan_data.pages.charts_by_region import ranked
from affarsplan_data.pages.scope import Scope
from affarsplan_data.pages.titles import Group, two_groups
from affarsplan_data.parameters import Parameters

Named = tuple[str, Group]
SEXES: Final[tuple[Named, ...]] = (("women", {"sex": "women"}), ("men", {"sex": "men"}))
BIRTHS: Final[tuple[Named, ...]] = (
    ("native", {"birth": "native"}),
    ("foreign", {"birth": "foreign"}),
)
FOUR: Final[tuple[Named, ...]] = tuple(
    (f"{sex}_{birth}", {"sex": sex, "birth": birth})
    for sex in ("women", "men")
    for birth in ("native", "foreign")
)
_CERTAIN: Final = (
    "En skillnad räknas som säker när 95-procentiga intervall utesluter att grupperna är lika. "
    "Intervallen är inte ritade."
)


def women_and_men(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Women and men side by side, by municipality where the statistics allow, else by county."""
    return _two(values, scope, given, SEXES, "konsskillnad")


def by_birth(
    values: IndicatorValues, scope: Scope, given: Parameters, *, sex: str = "total"
) -> Figure:
    """Native- and foreign-born side by side, of one sex when it is given, by municipality or county."""
    within: dict[str, str] = {} if sex == "total" else {"sex": sex}
    groups = tuple(
        (name if sex == "total" else f"{sex}_{name}", dict(group) | within)
        for name, group in BIRTHS
    )
    name = "fodelseregion" if sex == "total" else f"fodelseregion-{sex}"
    return _two(values, scope, given, groups, name)


def _two(
    values: IndicatorValues,
    scope: Scope,
    given: Parameters,
    groups: tuple[Named, ...],
    form: str,
) -> Figure:
    scope = _with_groups(values, scope, groups)
    codes = members_with(values, scope.members, groups)
    period = _newest(values, codes, groups)
    frame = _columns(values, codes, period, groups)
    columns = [name for name, _ in groups]
    both = frame.dropna()
    order = (both[columns[0]] - both[columns[1]]).abs().sort_values(ascending=False, kind="stable")
    frame = pd.concat([both.loc[order.index], frame.drop(index=both.index)])
    pair = (groups[0][1], groups[1][1])
    title = two_groups(values, codes, period, pair, scope.members_word)
    extra = absent_groups(frame, _named(groups, values), scope.members)
    return figures.dumbbell(
        frame.dropna(subset=columns, how="all"),
        groups=_named(groups, values),
        emphasis=[given.region, given.county],
        **texts(
            form,
            values,
            title,
            heading(values, period) + scope.members_note,
            codes,
            [period],
            extra=extra + _certainty(values, period, groups),
        ),
    )


def four_groups(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Women and men, native- and foreign-born: the region beside riket and those compared with."""
    return _areas(values, given, FOUR, "fyra-grupper")


def groups(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """The finest split the figures have: four groups by sex and birth, women and men, or by birth.

    Without any, the counties are shown and it is said.
    """
    inside = [given.region, given.county, regions.COUNTRY]
    for draw, wanted in ((four_groups, FOUR), (women_and_men, SEXES), (by_birth, BIRTHS)):
        try:
            one = _with_groups(values, scope, wanted)
            _newest(values, inside if draw is four_groups else one.members, wanted)
        except MissingIndicatorError:
            continue
        return draw(values, scope, given)
    note = f"{scope.note} Uppgiften finns inte uppdelad på kvinnor och män."
    return ranked(values, replace(scope, note=note), given)


def _with_groups(values: IndicatorValues, scope: Scope, groups: tuple[Named, ...]) -> Scope:
    """Return the scope with the counties as members when no municipality has the groups."""
    if members_with(values, scope.members, groups):
        return scope
    note = " Alla län med uppgift; uppdelningen finns inte per kommun."
    return replace(scope, members=list(regions.counties()), members_word="län", members_note=note)


def _areas(
    values: IndicatorValues, given: Parameters, groups: tuple[Named, ...], form: str
) -> Figure:
    """One row for the region, its county, those compared with and riket."""
    wanted = list(dict.fromkeys([given.region, given.county, *given.peers, regions.COUNTRY]))
    codes = members_with(values, wanted, groups)
    own = next((code for code in (given.region, given.county) if code in codes), regions.COUNTRY)
    period = _newest(values, [own], groups)
    frame = _columns(values, codes, period, groups)
    columns = [name for name, _ in groups]
    title = sentences.four_groups(values, own, period) or (
        f"{values.indicator.name} efter kön och födelseregion i {sentences.place(own)} {period}."
    )
    note = "" if own == given.region else f" Uppgiften finns inte för {regions.name(given.region)}."
    return figures.dumbbell(
        frame.dropna(subset=columns, how="all"),
        groups=_named(groups, values),
        emphasis=[own],
        **texts(
            form,
            values,
            title,
            heading(values, period) + note,
            codes,
            [period],
            extra=absent(codes, wanted),
        ),
    )


def members_with(
    values: IndicatorValues, codes: Sequence[str], groups: tuple[Named, ...]
) -> list[str]:
    """Return the regions that have a value for any of the groups, in the order given."""
    held = values.frame[_mask(values.frame, groups)].dropna(subset=["value"])
    return [code for code in codes if code in set(held["region"])]


def _newest(values: IndicatorValues, codes: Sequence[str], groups: tuple[Named, ...]) -> str:
    """Return the newest period in which most of the regions have all the groups.

    Raises:
        MissingIndicatorError: no region has them.
    """
    frame = values.frame
    frame = frame[_mask(frame, groups) & frame["region"].isin(codes) & frame["value"].notna()]
    held = frame.groupby(["period", "region"]).size().eq(len(groups))
    count = held[held].groupby("period").size()
    if count.empty:
        names = swedish.listing([name for _, name in _named(groups, values)])
        raise MissingIndicatorError(
            f"{values.indicator.name}: uppgift för {names} saknas eller bygger på för få fall."
        )
    shared = count[count > len(codes) / 2]
    return str((shared if len(shared) else count).index.max())


def _mask(frame: pd.DataFrame, groups: tuple[Named, ...]) -> pd.Series:
    mask = pd.Series(False, index=frame.index)
    for _, group in groups:
        chosen = {"sex": "total", "birth": "total", "industry": "total", "category": "total"}
        part = pd.Series(True, index=frame.index)
        for dimension, wanted in (chosen | dict(group)).items():
            part &= frame[dimension] == wanted
        mask |= part
    return mask


def _columns(
    values: IndicatorValues, codes: Sequence[str], period: str, groups: tuple[Named, ...]
) -> pd.DataFrame:
    return region_rows(
        codes,
        {name: [values.value(code, period, **group) for code in codes] for name, group in groups},
    )


def _named(groups: tuple[Named, ...], values: IndicatorValues) -> list[tuple[str, str]]:
    return [(name, sentences.group(group, values.indicator)) for name, group in groups]


def _certainty(values: IndicatorValues, period: str, groups: tuple[Named, ...]) -> list[str]:
    frame = values.frame[_mask(values.frame, groups)]
    frame = frame[(frame["period"] == period) & frame["low"].notna()]
    return [_CERTAIN] if len(frame) else []

"""Charts of what a whole, or a difference, is made of: classes, groups, parts of the gap to riket."""

from collections.abc import Sequence
from itertools import product
from math import isclose

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.pages.chart_texts import absent, heading, texts
from affarsplan_data.pages.scope import Scope
from affarsplan_data.parameters import Parameters
from affarsplan_data.swedish import NO_BREAK_SPACE

Part = dict[str, str]
_ROUNDING = 1.0
"""How many percentage points published shares may miss 100 by, from rounding and added noise."""
_DIMENSIONS = ("sex", "birth", "category")


def composition(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """What the whole is made of in the region, its county, those compared with and riket: 100 percent."""
    wanted = list(dict.fromkeys([given.region, given.county, *given.peers, regions.COUNTRY]))
    parts = _parts(values, wanted)
    period = _newest(values, wanted, parts)
    codes = [code for code in wanted if _complete(values, code, period, parts)]
    own = codes[0]
    rows = {regions.get(code).short_name: (code, period) for code in codes}
    note = "" if own == given.region else f" Uppgiften finns inte för {regions.name(given.region)}."
    return figures.grouped_bar(
        _long(values, rows, parts),
        stacked=True,
        row_heading="Område",
        **texts(
            "delar",
            values,
            _title(values, own, period, parts),
            f"Fördelning i procent. {heading(values, period)}{note}",
            codes,
            [period],
            extra=absent(codes, wanted),
        ),
    )


def composition_over_time(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """What the whole is made of in the region or its county, year by year: 100 percent."""
    code = scope.focus or given.county
    parts = _parts(values, [code])
    last = _newest(values, [code], parts)
    known = values.frame.loc[values.frame["region"] == code, "period"].unique()
    periods = [p for p in sorted(known) if _complete(values, code, p, parts)]
    subtitle = heading(values, f"{periods[0]}–{periods[-1]}").removesuffix(".")
    return figures.grouped_bar(
        _long(values, {p: (code, p) for p in periods}, parts),
        stacked=True,
        row_heading="År",
        **texts(
            "delar-over-tid",
            values,
            _title(values, code, last, parts),
            f"Fördelning i procent. {subtitle}, {sentences.place(code)}.{scope.note}",
            [code],
            periods,
        ),
    )


def parts_of_gap(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """What the difference to riket is made of, in the region or its county and those compared with."""
    wanted = dict.fromkeys([given.region, given.county, *given.peers])
    codes = [code for code in wanted if code != regions.COUNTRY]
    parts = _parts(values, codes)
    period = _newest(values, codes, parts)
    shown = [code for code in codes if _adds_up(values, code, period, parts)]
    if not shown:
        place = sentences.place(codes[0])
        raise MissingIndicatorError(
            f"{values.indicator.name}: alla delar är inte kända för {place}."
        )
    names = {part["category"]: sentences.group(part, values.indicator) for part in parts}
    rows = [
        {"label": regions.get(code).short_name}
        | {key: values.value(code, period, category=key) for key in names}
        for code in shown
    ]
    note = (
        "" if shown[0] == given.region else f" Uppgiften finns inte för {regions.name(codes[0])}."
    )
    return figures.part_bars(
        pd.DataFrame(rows),
        parts=list(names.items()),
        row_heading="Område",
        **texts(
            "delar-av-skillnaden",
            values,
            _gap_title(values, shown[0], period, names),
            f"{heading(values, period)}{note}",
            shown,
            [period],
            extra=absent(shown, codes),
        ),
    )


def _adds_up(values: IndicatorValues, code: str, period: str, parts: list[Part]) -> bool:
    """Tell whether a region has every part of its difference to riket."""
    found = [values.value(code, period, **part) for part in parts]
    whole = values.value(code, period)
    known = [value for value in found if value is not None]
    return (
        whole is not None and len(known) == len(found) and isclose(sum(known), whole, abs_tol=1e-6)
    )


def _gap_title(values: IndicatorValues, code: str, period: str, names: dict[str, str]) -> str:
    """Say the whole difference to riket, and the part that is farthest from none."""
    about = values.indicator
    found = {name: values.value(code, period, category=key) or 0.0 for key, name in names.items()}
    whole = f"{swedish.signed(sum(found.values()), about.decimals)}{NO_BREAK_SPACE}{about.unit}"
    most = max(found, key=lambda name: abs(found[name]))
    return (
        f"{swedish.upper_first(about.noun)} var {whole} i {sentences.place(code)} "
        f"{swedish.period(period)}; störst del: {most} ({swedish.signed(found[most], about.decimals)})."
    )


def _parts(values: IndicatorValues, codes: Sequence[str]) -> list[Part]:
    """Return the finest groups that make up the whole, women before men, classes in their own order.

    Raises:
        MissingIndicatorError: the regions have no groups.
    """
    frame = values.frame
    frame = frame[frame["region"].isin(codes) & (frame["industry"] == "total")]
    order = {
        "sex": ("women", "men"),
        "birth": ("native", "foreign"),
        "category": tuple(sentences.categories(values.indicator)),
    }
    held = {d: [g for g in order[d] if g in set(frame[d])] or ["total"] for d in _DIMENSIONS}
    parts = [
        {d: g for d, g in zip(held, chosen, strict=True) if g != "total"}
        for chosen in product(*held.values())
    ]
    if len(parts) < 2:
        raise MissingIndicatorError(
            f"{values.indicator.name}: uppgift om delarna saknas för {sentences.place(codes[0])}."
        )
    return parts


def _complete(values: IndicatorValues, code: str, period: str, parts: list[Part]) -> bool:
    """Tell whether a region has every part, and shares add up to the whole that they are shares of."""
    found = [values.value(code, period, **part) for part in parts]
    known = [value for value in found if value is not None]
    if len(known) < len(found):
        return False
    is_share = values.indicator.unit == "procent"
    return not is_share or abs(sum(known) - 100) <= _ROUNDING


def _newest(values: IndicatorValues, codes: Sequence[str], parts: list[Part]) -> str:
    """Return the newest period in which most of the regions have all parts, or else any has.

    Raises:
        MissingIndicatorError: none has.
    """
    frame = values.frame[values.frame["region"].isin(codes)]
    held = {
        str(period): sum(_complete(values, code, str(period), parts) for code in codes)
        for period in frame["period"].unique()
    }
    held = {period: count for period, count in held.items() if count}
    if not held:
        raise MissingIndicatorError(
            f"{values.indicator.name}: alla delar är inte kända, eller går inte ihop till en helhet, för "
            f"{sentences.place(codes[0])}."
        )
    most = [period for period, count in held.items() if count > len(codes) / 2]
    return max(most or held)


def _title(values: IndicatorValues, code: str, period: str, parts: list[Part]) -> str:
    """Say the largest part, and women's and men's sums where the parts are of each."""
    found = [(values.value(code, period, **part) or 0.0, part) for part in parts]
    whole = sum(value for value, _ in found)
    shares = sorted(
        ((100 * v / whole, sentences.group(p, values.indicator)) for v, p in found), reverse=True
    )
    said = [f"{name} {swedish.with_unit(share, 'procent', 1)}" for share, name in shares]
    return (
        f"{values.indicator.name} i {sentences.place(code)} {swedish.period(period)}: "
        f"störst del {said[0]}, minst {said[-1]}."
    )


def _long(
    values: IndicatorValues, rows: dict[str, tuple[str, str]], parts: list[Part]
) -> pd.DataFrame:
    """Return one row for each bar and part, keyed so that sexes keep their colours."""
    within: dict[str, int] = {}
    keys = []
    for part in parts:
        sex = part.get("sex")
        within[str(sex)] = within.get(str(sex), 0) + 1
        keys.append(f"{sex}_{within[str(sex)]}" if sex else str(part.get("category", part)))
    if all(key.endswith("_1") for key in keys):
        keys = [key.removesuffix("_1") for key in keys]
    names = [sentences.group(part, values.indicator) for part in parts]
    return pd.DataFrame(
        [
            (label, key, name, values.value(code, period, **part))
            for label, (code, period) in rows.items()
            for key, name, part in zip(keys, names, parts, strict=True)
        ],
        columns=["category_label", "group", "group_label", "value"],
    )

"""Which chart an indicator is drawn as: chosen by rule from what its values are divided by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from numbers import Integral
from typing import Final

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.analysis.asked import Asked
from affarsplan_data.analysis.splits import COLUMNS, SPLITS, grouped, lines_by_group, name
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.observations import INDUSTRIES
from affarsplan_data.pages.chart_texts import heading, labels, texts
from affarsplan_data.parameters import ParameterError

Draw = Callable[[IndicatorValues, Asked], Figure]
DrawSplit = Callable[[IndicatorValues, Asked, str], Figure]


def draw(
    values: IndicatorValues,
    wish: Asked,
    form: str | None = None,
    split: str | None = None,
    since: int | None = None,
) -> Figure:
    """Return the figure of what was asked for, in ``form`` or in the one that the rule gives.

    Raises:
        ParameterError: no such form or split, no year, or a form that cannot show the split.
        MissingIndicatorError: no region asked for has a value, or the form has nothing to show.
    """
    _check("Diagramformen", form, FORMS)
    _check("Uppdelningen", split, SPLITS)
    values = _since(values, wish, since)
    chosen = form or rule(values, wish, split)
    if split is None:
        return FORMS[chosen](values, wish)
    if chosen not in BY_GROUP:
        fits = swedish.listing(list(BY_GROUP), "eller")
        raise ParameterError(
            f"Diagramformen ”{chosen}” visar inte grupper. Välj {fits}, eller utelämna split."
        )
    return BY_GROUP[chosen](values, wish, split)


def rule(values: IndicatorValues, wish: Asked, split: str | None = None) -> str:
    """Return the form that suits the values: parts, groups, years or regions, in that order."""
    if split is not None:
        return "groups"
    frame = values.frame.dropna(subset=["value"])
    if set(frame["industry"]) - {"total"} or set(frame["category"]) - {"total"}:
        return "parts"
    if not ((frame["sex"] == "total") & (frame["birth"] == "total")).any():
        return "groups"
    focus = _focus(values, wish)
    if focus is not None and values.series(focus)["period"].nunique() > 1:
        return "lines"
    return "bars"


def _check(noun: str, wish: object, known: Mapping[str, object]) -> None:
    if wish is not None and wish not in known:
        raise ParameterError(
            f"{noun} ”{str(wish)[:40]}” finns inte. Välj {swedish.listing(list(known), 'eller')}."
        )


def _since(values: IndicatorValues, wish: Asked, since: int | None) -> IndicatorValues:
    """Keep the values from the year ``since`` on."""
    if since is None:
        return values
    if not isinstance(since, Integral) or isinstance(since, bool):
        raise ParameterError(f"Ange since som ett årtal, till exempel 2015, inte {since!r:.40}.")
    frame = values.frame
    kept = frame[frame["period"].str[:4].astype(int) >= since].reset_index(drop=True)
    found = replace(values, frame=kept)
    region = wish.region or regions.COUNTRY
    last = values.latest(region)
    if last is not None and found.latest(region) is None:
        raise MissingIndicatorError(
            f"{values.indicator.name}: {sentences.place(region)} har uppgifter till och med "
            f"{swedish.period(last)} men inga från {since} och framåt.",
            "Välj ett tidigare år att börja med.",
        )
    return found


def _focus(values: IndicatorValues, wish: Asked) -> str | None:
    """Return the region that stands out: the own one when it has a value."""
    if wish.region is not None and values.latest(wish.region):
        return wish.region
    return None


def lines(values: IndicatorValues, wish: Asked) -> Figure:
    """The region's series beside those it is compared with, cut at breaks; riket alone without one."""
    focus = regions.COUNTRY if wish.region is None else wish.region
    codes = _comparable(values, list(dict.fromkeys([focus, *wish.codes])), focus)
    frame = _totals(values, codes)
    if focus not in set(frame["region"]):
        raise _nothing(values, wish)
    function = values.indicator.formula.function
    last = str(frame.loc[frame["region"] == focus, "period"].max())
    if function == "relative_to_country":
        frame = frame[frame["period"] <= last]
    periods = sorted(frame["period"].unique())
    said = sentences.level(values, focus, last) + sentences.against_country(values, focus, last)
    span = periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"
    columns = ["region", "label", "period", "value", "segment", "preliminary"]
    return figures.lines(
        frame.assign(label=labels(frame["region"]))[columns],
        focus=focus,
        reference=regions.COUNTRY if focus != regions.COUNTRY else None,
        base=100.0 if function == "index" else None,
        **texts("linje", values, f"{said}.", heading(values, span), codes, periods),
    )


def bars(values: IndicatorValues, wish: Asked) -> Figure:
    """One period's values, sorted: all counties for a county, else the regions asked for.

    A county without a value of its own is shown by its municipalities.
    """
    focus = _focus(values, wish)
    codes = _comparable(values, _bar_codes(values, wish, focus), focus)
    period = values.latest(focus, "total") if focus else values.latest_shared(codes)
    if period is None:
        raise _nothing(values, wish)
    frame = _totals(values, codes)
    frame = frame[frame["period"] == period]
    if frame.empty:
        raise _nothing(values, wish)
    title = _bars_title(values, focus, codes, period)
    riket = regions.COUNTRY if {regions.COUNTRY} < set(frame["region"]) else None
    columns = ["region", "label", "value", "low", "high"]
    return figures.ranked_bar(
        frame.assign(label=labels(frame["region"]))[columns],
        focus=focus,
        peers=[code for code in wish.peers if code in codes],
        reference=riket if riket != focus else None,
        **texts("staplar", values, title, heading(values, period), codes, [period]),
    )


def _comparable(values: IndicatorValues, codes: list[str], focus: str | None) -> list[str]:
    """Keep riket and the rest apart for plain numbers, which riket would dwarf."""
    if values.indicator.comparable_size:
        return codes
    if focus == regions.COUNTRY:
        return [regions.COUNTRY]
    return [code for code in codes if code != regions.COUNTRY] or codes


def _bar_codes(values: IndicatorValues, wish: Asked, focus: str | None) -> list[str]:
    if focus is not None and regions.get(focus).level == "municipality":
        return list(wish.codes)
    if focus is None and wish.region is not None:
        inside = list(regions.municipalities(regions.get(wish.region).county))
        if any(values.latest(code, "total") for code in inside):
            return inside
    if any(values.latest(code, "total") for code in regions.counties()):
        return list(dict.fromkeys([*regions.counties(), regions.COUNTRY, *wish.codes]))
    if wish.codes:
        return list(wish.codes)
    inside = list(regions.municipalities())
    return inside if any(values.latest(code, "total") for code in inside) else [regions.COUNTRY]


def _bars_title(
    values: IndicatorValues, focus: str | None, codes: Sequence[str], period: str
) -> str:
    if focus is None:
        held = [code for code in codes if values.value(code, period) is not None]
        parts = [code for code in held if code != regions.COUNTRY]
        if not parts:
            return f"{sentences.level(values, held[0], period)}."
        noun = swedish.upper_first(values.indicator.noun)
        when = swedish.period(period)
        return f"{noun} var {sentences.spread(values, parts, period)} {when}."
    text = sentences.level(values, focus, period) + sentences.against_country(values, focus, period)
    spot = values.standing(focus, period)
    return f"{text}: {sentences.ranked(spot)}." if spot else f"{text}."


def groups(values: IndicatorValues, wish: Asked, split: str | None = None) -> Figure:
    """Women and men, native- and foreign-born: a row for each region and a point for each group."""
    frame = grouped(values)
    if split is not None:
        frame = frame[frame["column"].isin([COLUMNS[pair] for pair in SPLITS[split]])]
    codes = list(wish.codes) or [*regions.counties(), regions.COUNTRY]
    frame = frame[frame["region"].isin(codes)]
    own = frame[frame["region"] == wish.region] if wish.region else frame
    own = frame if own.empty else own
    if own.empty:
        raise _nothing(values, wish) if _focus(values, wish) is None else _no_groups(values)
    period = str(own["period"].max())
    wide = frame[frame["period"] == period].pivot(index="region", columns="column", values="value")
    shown = _groups_shown(wide, values)
    if len(shown) < 2:
        raise _no_groups(values)
    wide = wide.reindex([code for code in codes if code in wide.index])
    data = wide[[column for column, _ in shown]].reset_index()
    about = wish.region if wish.region in wide.index else None
    if about is None and len(wide) == 1:
        about = str(wide.index[0])
    title = _groups_title(values, about, data, period)
    return figures.dumbbell(
        data.assign(label=labels(data["region"])),
        groups=shown,
        emphasis=[wish.region] if wish.region else [],
        **texts("grupper", values, title, heading(values, period), codes, [period]),
    )


def _no_groups(values: IndicatorValues) -> MissingIndicatorError:
    return MissingIndicatorError(
        f"{values.indicator.name}: uppgifterna har inte två grupper att jämföra.",
        'Pröva form="lines" eller form="bars".',
    )


def _groups_shown(wide: pd.DataFrame, values: IndicatorValues) -> list[tuple[str, str]]:
    """Return the columns to show with their names: four groups, else by sex, else by birth."""
    found = {pair: column for pair, column in COLUMNS.items() if column in wide}
    both = {pair: c for pair, c in found.items() if "total" not in pair}
    sexes = {pair: c for pair, c in found.items() if pair[1] == "total"}
    chosen = both or (sexes if len(sexes) == 2 else found)
    return [(column, name(pair, values)) for pair, column in chosen.items()]


def _groups_title(
    values: IndicatorValues, region: str | None, data: pd.DataFrame, period: str
) -> str:
    if region is not None:
        for said in (
            sentences.group_gap(values, region, period),
            sentences.four_groups(values, region, period),
            sentences.women_and_men(values, region, period),
            sentences.by_birth(values, region, period),
        ):
            if said:
                return said
    name = values.indicator.name
    return f"{name} i {len(data)} {'område' if len(data) == 1 else 'områden'} {period}."


def parts(values: IndicatorValues, wish: Asked) -> Figure:
    """A row for each industry or class: the region beside riket, or its distance to riket."""
    frame = values.frame
    by_industry = bool(set(frame["industry"]) - {"total"})
    dimension = "industry" if by_industry else "category"
    frame = frame[(frame[dimension] != "total") & frame["value"].notna()]
    focus = _focus(values, wish) or regions.COUNTRY
    own = frame[frame["region"] == focus]
    if own.empty:
        raise _nothing(values, wish)
    period = str(own["period"].max())
    frame = frame[(frame["period"] == period) & frame["region"].isin([focus, regions.COUNTRY])]
    names = INDUSTRIES if by_industry else sentences.categories(values.indicator)
    frame = frame.assign(label=[names.get(v, v) for v in frame[dimension]])
    said = sentences.across(values, focus, period)
    title = said or f"{values.indicator.name} i {sentences.place(focus)} {period}."
    row_heading = "Näringsgren" if by_industry else "Klass"
    given = texts(
        "delar", values, title, heading(values, period), [focus, regions.COUNTRY], [period]
    )
    if values.indicator.formula.function == "share_difference":
        own = frame[frame["region"] == focus]
        return figures.diverging_bar(own[["label", "value"]], row_heading=row_heading, **given)
    rows = _parts_rows(frame, focus, values, dimension)
    return figures.grouped_bar(rows, row_heading=row_heading, **given)


def _parts_rows(
    frame: pd.DataFrame, focus: str, values: IndicatorValues, dimension: str
) -> pd.DataFrame:
    """Return the rows of a grouped bar: groups of the focus where it has any, else focus and riket."""
    others = [d for d in ("sex", "birth", "industry", "category") if d != dimension]
    own = frame[frame["region"] == focus]
    if any(own[d].nunique() > 1 for d in others):
        frame = own
        told = [{d: row[d] for d in others} for row in frame.to_dict("records")]
        named = [sentences.group(one, values.indicator) or "alla" for one in told]
        ids = _group_ids(told)
    else:
        named = [swedish.upper_first(sentences.place(code)) for code in frame["region"]]
        ids = ["focus" if code == focus else "reference" for code in frame["region"]]
    order = own.groupby("label")["value"].sum().sort_values(ascending=False)
    rows = frame.assign(category_label=frame["label"], group=ids, group_label=named)
    rows["place"] = rows["label"].map({label: i for i, label in enumerate(order.index)})
    rows = rows.dropna(subset=["place"]).sort_values(["place", "group"], kind="stable")
    return rows[["category_label", "group", "group_label", "value"]]


def _group_ids(told: Sequence[Mapping[str, str]]) -> list[str]:
    """Return ids that give women and men their colours: ``women``, or ``women_2`` of several parts."""
    rest = ["_".join(v for d, v in one.items() if d != "sex" and v != "total") for one in told]
    number = {part: str(i) for i, part in enumerate(sorted({*rest} - {""}, reverse=True), start=1)}
    parts = [(one.get("sex", "total"), part) for one, part in zip(told, rest, strict=True)]
    return [
        part or sex if sex == "total" else "_".join(filter(None, [sex, number.get(part)]))
        for sex, part in parts
    ]


def _totals(values: IndicatorValues, codes: Sequence[str]) -> pd.DataFrame:
    """Return the values of everyone in the regions, without groups and parts."""
    frame = values.frame
    mask = frame["region"].isin(codes) & frame["value"].notna()
    for dimension in ("sex", "birth", "industry", "category"):
        mask &= frame[dimension] == "total"
    return frame[mask].reset_index(drop=True)


def _nothing(values: IndicatorValues, wish: Asked) -> MissingIndicatorError:
    if wish.region is None:
        return MissingIndicatorError(f"{values.indicator.name}: inget att rita i den formen.")
    return MissingIndicatorError(f"{sentences.missing(values, wish.region)}.")


FORMS: Final[Mapping[str, Draw]] = {"lines": lines, "bars": bars, "groups": groups, "parts": parts}
"""The forms by name: years, regions, groups of people, industries or classes."""
BY_GROUP: Final[Mapping[str, DrawSplit]] = {"lines": lines_by_group, "groups": groups}
"""The forms that show a split of people."""

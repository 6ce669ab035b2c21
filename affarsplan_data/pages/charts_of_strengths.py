"""Charts with one row for each industry, occupation or cause: how special, growing for whom, and why."""

from collections.abc import Sequence

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.figures import Axis, Figure, HeatColumn
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.observations import INDUSTRIES
from affarsplan_data.pages.chart_texts import absent, heading, texts
from affarsplan_data.pages.scope import Scope
from affarsplan_data.parameters import Parameters

_SEXES = ("women", "men")
_WHOLES = {"total", "change"}
"""The classes that are the whole of which the others are parts."""


def parts_by_sex(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Women and men side by side, a row for each industry or class, in the region or its county."""
    dimension, names = _dimension(values)
    code, period = _newest(values, scope, given, {"sex": _SEXES})
    frame = values.frame[(values.frame["region"] == code) & (values.frame["period"] == period)]
    frame = frame[frame["sex"].isin(_SEXES) & (frame[dimension] != "total")]
    wide = frame.pivot(index=dimension, columns="sex", values="value").reindex(columns=_SEXES)
    wide = wide.dropna(how="all").reindex([key for key in names if key in wide.index])
    apart = (wide["women"] - wide["men"]).abs().dropna()
    title = f"{values.indicator.name} i {sentences.place(code)} {swedish.period(period)}"
    if len(apart) and round(apart.max(), values.indicator.decimals) > 0:
        most = wide.loc[apart.idxmax()]
        women, men = (sentences.amount(most[sex], values.indicator) for sex in _SEXES)
        where = swedish.lower_first(names[str(apart.idxmax())])
        within = "i" if dimension == "industry" else "bland"
        title += f": störst skillnad {within} {where}, {women} bland kvinnor och {men} bland män"
    data = wide.reset_index(names="region").assign(label=lambda f: f["region"].map(names))
    return figures.dumbbell(
        data,
        **_texts("kon-per-del", values, f"{title}.", code, period, scope, given),
    )


def women_by_industry(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Women's and men's shares in each industry, in the region or its county with riket below."""
    code, period = _newest(values, scope, given)
    wanted = list(dict.fromkeys([code, regions.COUNTRY]))
    rows = []
    for industry, name in INDUSTRIES.items():
        for place in wanted:
            women = values.value(place, period, industry=industry)
            if women is not None and industry != "total":
                label = f"{name}, {regions.get(place).short_name}"
                rows.append((f"{industry}-{place}", label, women, 100 - women))
    frame = pd.DataFrame(rows, columns=["region", "label", *_SEXES])
    own = frame[frame["region"].str.endswith(f"-{code}")]
    even = int(own["women"].round(values.indicator.decimals).between(40, 60).sum())
    title = (
        f"I {sentences.place(code)} var andelen kvinnor 40–60 procent i {even} av {len(own)} "
        f"branscher inom styrkeområdena {swedish.period(period)}."
    )
    return figures.dumbbell(
        frame,
        emphasis=list(own["region"]),
        **_texts("kvinnor-per-bransch", values, title, code, period, scope, given, wanted),
    )


def industry_heat(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """One figure for each industry and county: the own county and those compared with."""
    code, period = _newest(values, scope, given)
    wanted = list(dict.fromkeys([code, given.county, *given.peers]))
    frame = values.at(period, industry=None)
    frame = frame[frame["region"].isin(wanted) & (frame["industry"] != "total")]
    wide = frame.pivot(index="industry", columns="region", values="value")
    wide = wide.dropna(axis=1, how="all").dropna(how="all")
    codes = [one for one in wanted if one in wide]
    wide = wide.reindex([key for key in INDUSTRIES if key in wide.index])
    about = values.indicator
    columns = [
        HeatColumn(one, regions.get(one).short_name, about.decimals, "", "neutral") for one in codes
    ]
    title = sentences.across(values, code, period) or f"{about.name} {swedish.period(period)}."
    return figures.heat_table(
        wide.assign(label=wide.index.map(INDUSTRIES)).reset_index(drop=True),
        columns=columns,
        row_heading="Näringsgren",
        **_texts("branscher-lan", values, title, code, period, scope, given, codes),
    )


def growth_of_special(
    values: IndicatorValues, scope: Scope, given: Parameters, *, growth: IndicatorValues
) -> Figure:
    """How special each industry is against how its employment has developed, a point for each."""
    try:
        code, period = _newest(growth, scope, given)
    except MissingIndicatorError as error:
        name = values.indicator.name
        raise MissingIndicatorError(
            f"{name} kan inte ställas mot utvecklingen. {error.reason}"
        ) from None
    rows = [
        (industry, name, values.value(code, period, industry=industry), grown)
        for industry, name in INDUSTRIES.items()
        if industry != "total"
        and (grown := growth.value(code, period, industry=industry)) is not None
    ]
    frame = pd.DataFrame(rows, columns=["region", "label", "special", "growth"]).dropna()
    if frame.empty:
        other = swedish.lower_first(growth.indicator.name)
        raise MissingIndicatorError(f"{values.indicator.name} saknas för samma år som {other}.")
    both = frame[(frame["special"] > 1) & (frame["growth"] > 100)]
    title = (
        f"{len(both)} av {len(frame)} branscher inom styrkeområdena är större än i riket i "
        f"{sentences.place(code)} och har fler sysselsatta {swedish.period(period)} än "
        f"{_base(growth, code, period)}."
    )
    about, grown_by = values.indicator, growth.indicator
    return figures.scatter(
        frame,
        x=Axis("special", "Lokaliseringskvot", about.unit, about.decimals),
        y=Axis("growth", "Sysselsatta", grown_by.unit, grown_by.decimals),
        emphasis=list(frame["region"]),
        quadrants=(1.0, 100.0),
        **_texts("specialisering", values, title, code, period, scope, given, also=[growth]),
    )


def change_by_industry(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """What each industry's change is made of in the region or its county: signed parts and their sum."""
    code, period = _newest(values, scope, given, {"category": ("regional",)})
    names = sentences.categories(values.indicator)
    frame = values.frame[(values.frame["region"] == code) & (values.frame["period"] == period)]
    frame = frame[~frame["category"].isin(_WHOLES) & (frame["sex"] == "total")]
    parts = [(key, names[key]) for key in names if key in set(frame["category"])]
    wide = frame[frame["industry"] != "total"].pivot(
        index="industry", columns="category", values="value"
    )
    # The sum is what is printed, so the rows stand in its order.
    sums = wide[[key for key, _ in parts]].sum(axis=1, skipna=False)
    wide = wide.loc[sums.sort_values(ascending=False, kind="stable").index]
    ends = [
        f"{swedish.lower_first(INDUSTRIES[str(key)])} "
        f"({swedish.signed(wide.loc[key, 'regional'], values.indicator.decimals)})"
        for key in (wide["regional"].idxmax(), wide["regional"].idxmin())
    ]
    title = (
        f"Den regionala delen av sysselsättningens förändring var störst i {ends[0]} och minst i "
        f"{ends[1]} i {sentences.place(code)} {swedish.period(period)}, {values.indicator.unit}."
    )
    return figures.part_bars(
        wide.assign(label=wide.index.map(INDUSTRIES)).reset_index(drop=True),
        parts=parts,
        row_heading="Näringsgren",
        **_texts("delar-per-bransch", values, title, code, period, scope, given),
    )


def causes_over_time(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """What the change of each year is made of in the region or its county: signed parts and their sum."""
    names = sentences.categories(values.indicator)
    code, last = _newest(values, scope, given, {"category": tuple(names)})
    frame = values.frame[values.frame["region"] == code]
    frame = frame[~frame["category"].isin(_WHOLES) & (frame["sex"] == "total")]
    wide = frame.pivot(index="period", columns="category", values="value").sort_index()
    parts = [(key, names[key]) for key in names if key in wide]
    newest = wide.loc[last].dropna()
    said = [
        f"{swedish.lower_first(names[str(key)])} {swedish.signed(value, values.indicator.decimals)}"
        for key, value in newest.items()
    ]
    title = (
        f"{values.indicator.name} i {sentences.place(code)} {last}, {values.indicator.unit}: "
        f"{swedish.listing(said)}."
    )
    periods = list(wide.index)
    shown = periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"
    return figures.part_bars(
        wide.reset_index(names="label"),
        parts=parts,
        row_heading="År",
        **texts(
            "orsaker",
            values,
            title,
            heading(values, shown).removesuffix(".") + f", {sentences.place(code)}.{scope.note}",
            [code],
            periods,
        ),
    )


def _dimension(values: IndicatorValues) -> tuple[str, dict[str, str]]:
    """Return what the rows are, industries or classes, and their names in order."""
    if set(values.frame["industry"]) - {"total"}:
        return "industry", dict(INDUSTRIES)
    return "category", sentences.categories(values.indicator)


def _newest(
    values: IndicatorValues,
    scope: Scope,
    given: Parameters,
    having: dict[str, Sequence[str]] | None = None,
) -> tuple[str, str]:
    """Return the region, or else its county, and the newest period in which it has the figures.

    Raises:
        MissingIndicatorError: neither has.
    """
    frame = values.frame[values.frame["value"].notna()]
    if values.indicator.formula.function == "index":
        frame = frame[frame["period"] > _bases(frame)]
    for dimension, wanted in (having or {}).items():
        frame = frame[frame[dimension].isin(list(wanted))]
    for code in dict.fromkeys([given.region, given.county]):
        own = frame[frame["region"] == code]
        if len(own):
            return code, str(own["period"].max())
    if values.latest(given.county) and values.indicator.formula.function == "index":
        raise MissingIndicatorError(
            f"{values.indicator.name}: serien har bara ett år efter det senaste brottet i "
            f"{sentences.place(given.county)}."
        )
    raise MissingIndicatorError(f"{sentences.nothing(values, given.region)}.")


def _bases(frame: pd.DataFrame) -> pd.Series:
    """Return the first period of each row's unbroken series, in which an index is 100."""
    series = ["region", "sex", "birth", "industry", "category", "segment"]
    return frame.groupby(series, observed=True)["period"].transform("min")


def _base(values: IndicatorValues, code: str, period: str) -> str:
    """Return the base year of an index in a period, empty for other indicators."""
    if values.indicator.formula.function != "index":
        return ""
    frame = values.frame[(values.frame["region"] == code) & values.frame["value"].notna()]
    return str(_bases(frame)[frame["period"] == period].min())


def _texts(
    form: str,
    values: IndicatorValues,
    title: str,
    code: str,
    period: str,
    scope: Scope,
    given: Parameters,
    codes: Sequence[str] = (),
    *,
    also: Sequence[IndicatorValues] = (),
) -> figures.Texts:
    name = regions.name(given.region)
    note = "" if code == given.region else f" Uppgiften finns inte för {name}."
    for one in (values, *also):
        if base := _base(one, code, period):
            note = f" {base} = 100.{note}"
    shown = list(codes) or [code]
    subtitle = heading(values, period).removesuffix(".") + f", {sentences.place(code)}.{note}"
    held = [one for one in shown if values.latest(one)]
    return texts(
        form,
        values,
        title,
        subtitle,
        shown,
        [period],
        also=also,
        extra=absent(held, shown),
    )

"""Charts with one row per industry: the county against riket, women and men, and leaders' groups."""

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, sentences
from affarsplan_data.observations import INDUSTRIES
from affarsplan_data.pages.chart_texts import heading, newest, texts
from affarsplan_data.pages.scope import Scope
from affarsplan_data.parameters import Parameters

_FOUR_GROUPS = {
    ("women", "swedish_background"): ("women_1", "kvinnor, svensk bakgrund"),
    ("women", "foreign_background"): ("women_2", "kvinnor, utländsk bakgrund"),
    ("men", "swedish_background"): ("men_1", "män, svensk bakgrund"),
    ("men", "foreign_background"): ("men_2", "män, utländsk bakgrund"),
}


def industries(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Each industry's share in the region, or its county, minus its share in riket."""
    focus = scope.focus or given.county
    period = newest(values, [focus])
    frame = values.at(period, industry=None)
    frame = frame[frame["region"] == focus].dropna(subset="value")
    frame = frame.assign(label=frame["industry"].map(INDUSTRIES))
    frame = frame.sort_values("value", ascending=False, kind="stable")
    about = values.indicator
    ends = [
        f"{swedish.lower_first(row['label'])} ({swedish.signed(row['value'], about.decimals)}"
        for _, row in frame.iloc[[0, -1]].iterrows()
    ]
    title = (
        f"Störst övervikt mot riket har {ends[0]} {about.unit}), störst undervikt {ends[1]}), "
        f"{regions.name(focus)} {period}."
    )
    subtitle = heading(values, period) + scope.note
    return figures.diverging_bar(
        frame[["label", "value"]],
        **texts("branscher", values, title, subtitle, [focus], [period]),
    )


def women_share_by_industry(
    values: IndicatorValues, scope: Scope, given: Parameters, *, segregation: IndicatorValues
) -> Figure:
    """Women and men in each industry in riket, sorted by women's share, with the index of segregation."""
    code = regions.COUNTRY
    period = newest(values, [code])
    frame = values.at(period, industry=None)
    frame = frame[frame["region"] == code].dropna(subset="value")
    frame = frame.sort_values("value", ascending=False, kind="stable")
    shares = (("women", "kvinnor", frame["value"]), ("men", "män", 100 - frame["value"]))
    long = pd.concat([_group(frame["industry"], *group) for group in shares])
    even = int(frame["value"].between(40, 60).sum())
    index = sentences.amount(segregation.value(code, period), segregation.indicator)
    title = (
        f"I {even} av {len(frame)} branscher i riket var andelen kvinnor 40–60 procent {period}; "
        f"{index} av kvinnorna eller männen skulle behöva byta bransch för jämn fördelning."
    )
    subtitle = f"Kvinnor och män i procent av sysselsatta per bransch, riket {period}."
    extra, also = _only_country(values, period), [segregation]
    return figures.grouped_bar(
        long,
        stacked=True,
        **texts("kon", values, title, subtitle, [code], [period], also=also, extra=extra),
    )


def leaders_by_industry(
    values: IndicatorValues, scope: Scope, given: Parameters, *, share: IndicatorValues
) -> Figure:
    """New firms in riket by industry, leader's sex and background: four groups.

    ``share`` is the share of foreign background among all leaders, women and men.
    """
    code = regions.COUNTRY
    period = newest(values, [code], "women")
    frame = values.frame[values.frame["period"] == period]
    hidden = frame.loc[frame["value"].isna(), "industry"].unique()
    frame = frame[~frame["industry"].isin(hidden)]
    sizes = frame.groupby("industry")["value"].sum().sort_values(ascending=False)
    frame = frame.set_index("industry").loc[sizes.index].reset_index()
    pairs = list(zip(frame["sex"], frame["category"], strict=True))
    long = _group(
        frame["industry"],
        pd.Series([_FOUR_GROUPS[pair][0] for pair in pairs]),
        pd.Series([_FOUR_GROUPS[pair][1] for pair in pairs]),
        frame["value"],
    )
    women, men = (
        sentences.amount(share.value(code, period, sex=sex), share.indicator)
        for sex in ("women", "men")
    )
    of_women, of_men = (share.row(code, period, sex=sex) for sex in ("women", "men"))
    certain = sentences.compare(of_women, of_men, share.indicator).relation.is_certain
    unsure = "" if certain else "; skillnaden är inte säker"
    title = (
        f"Av de redovisade nya företag som leds av kvinnor leds {women} av kvinnor med utländsk "
        f"bakgrund; bland män är det {men}, riket {period}{unsure}."
    )
    subtitle = (
        f"Fördelning av nystartade företag i varje bransch, procent, riket {period}. "
        "Antalen i tabellen är avrundade till tiotal."
    )
    extra, also = _only_country(values, period), [share]
    if len(hidden):
        names = swedish.listing([INDUSTRIES[industry] for industry in hidden])
        extra.append(f"{names} visas inte: för få företag i någon grupp.")
    return figures.grouped_bar(
        long,
        stacked=True,
        **texts("grupper", values, title, subtitle, [code], [period], also=also, extra=extra),
    )


def _only_country(values: IndicatorValues, period: str) -> list[str]:
    """Say that the figures are not given by county, where no county has any."""
    frame = values.frame[values.frame["period"] == period].dropna(subset="value")
    if frame["region"].isin(regions.counties()).any():
        return []
    return ["Uppgiften finns inte per län i de uppgifter som används."]


def _group(
    industry: pd.Series, group: str | pd.Series, label: str | pd.Series, value: pd.Series
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "category_label": industry.map(INDUSTRIES),
            "group": group,
            "group_label": label,
            "value": value,
        }
    )


def industry_levels(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Each industry's figure in the county beside riket's, from the county's highest down."""
    focus, country = given.county, regions.COUNTRY
    period = values.latest(focus) or newest(values, [focus])
    frame = values.at(period, industry=None)
    frame = frame[frame["region"].isin([focus, country]) & (frame["industry"] != "total")]
    own = frame[frame["region"] == focus].dropna(subset="value")
    order = own.sort_values("value", ascending=False, kind="stable")["industry"]
    names = {focus: regions.get(focus).short_name, country: "Riket"}
    sides = {code: frame[frame["region"] == code].set_index("industry")["value"] for code in names}
    long = pd.concat(
        [
            _group(order, key, names[code], order.map(sides[code]))
            for key, code in (("focus", focus), ("reference", country))
        ]
    )
    return figures.grouped_bar(
        long,
        **texts(
            "branschvarden",
            values,
            sentences.across(values, focus, period)
            or f"{values.indicator.name} i {sentences.place(focus)} {period}.",
            heading(values, period) + scope.note,
            [focus, country],
            [period],
        ),
    )

"""Charts of surveys: every round as a point with its interval, since rounds are few and far between."""

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, sentences
from affarsplan_data.indicators.sentences import Relation
from affarsplan_data.pages.chart_texts import heading, labels, newest, texts
from affarsplan_data.pages.scope import Scope
from affarsplan_data.parameters import Parameters

SURVEY_NOTE = (
    "Strecken är 95-procentiga intervall räknade ur antalet svar. Där strecken når över varandra är "
    "skillnaden sällan säker."
)
_SEXES = ("women", "men")
_CLASSES = {"swedish_background": "svensk bakgrund", "foreign_background": "utländsk bakgrund"}


def rounds(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Each round of a survey: women and men where the region has them, else the region and riket."""
    focus = scope.focus or regions.COUNTRY
    period = newest(values, [focus])
    if all(values.latest(focus, sex) == period for sex in _SEXES):
        return _by_sex(values, focus, period, scope)
    codes = list(dict.fromkeys([focus, regions.COUNTRY]))
    frame = values.frame
    frame = frame[frame["region"].isin(codes) & _whole(frame)].dropna(subset=["value"])
    title = sentences.level(values, focus, period) + sentences.against_country(
        values, focus, period
    )
    extra = [SURVEY_NOTE]
    if any(values.latest(regions.COUNTRY, sex) for sex in _SEXES):
        extra.append("Kvinnor och män redovisas bara för riket.")
    periods = sorted(frame["period"].unique())
    subtitle = heading(values, f"{periods[0]}–{periods[-1]}") + scope.note
    return figures.lines(
        frame.assign(label=labels(frame["region"])),
        focus,
        reference=regions.COUNTRY if focus != regions.COUNTRY else None,
        points=True,
        **texts("omgangar", values, f"{title}.", subtitle, codes, periods, extra=extra),
    )


def country_by_sex(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Women and men in riket in every round: the split that surveys do not have by county."""
    period = newest(values, [regions.COUNTRY], "women")
    return _by_sex(values, regions.COUNTRY, period, scope)


def _by_sex(values: IndicatorValues, code: str, period: str, scope: Scope) -> Figure:
    frame = values.frame
    frame = frame[(frame["region"] == code) & frame["sex"].isin(_SEXES)]
    frame = frame[(frame["category"] == "total") & (frame["birth"] == "total")]
    frame = frame.dropna(subset=["value"])
    names = {sex: sentences.group({"sex": sex}, values.indicator) for sex in _SEXES}
    periods = sorted(frame["period"].unique())
    place = sentences.place(code)
    only = " Uppgiften efter kön finns inte per län." if code == regions.COUNTRY else scope.note
    subtitle = f"{heading(values, f'{periods[0]}–{periods[-1]}').removesuffix('.')}, {place}.{only}"
    return figures.lines(
        frame.assign(region=frame["sex"], label=frame["sex"].map(names)),
        None,
        reference=None,
        styles={sex: sex for sex in _SEXES},
        points=True,
        **texts(
            "omgangar-kon",
            values,
            sentences.women_and_men(values, code, period),
            subtitle,
            [code],
            periods,
            extra=[SURVEY_NOTE],
        ),
    )


def by_background(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Women and men by background, in riket: the four groups that surveys have."""
    code = regions.COUNTRY
    period = newest(values, [code], "women")
    frame = pd.DataFrame(
        {
            "region": list(_CLASSES),
            "label": [swedish.upper_first(name) for name in _CLASSES.values()],
            **{
                sex: [values.value(code, period, sex=sex, category=c) for c in _CLASSES]
                for sex in _SEXES
            },
        }
    )
    said = [sentences.women_and_men(values, code, period, category=c) for c in _CLASSES]
    return figures.dumbbell(
        frame,
        **texts(
            "bakgrund",
            values,
            _extremes(values, code, period),
            f"{heading(values, period).removesuffix('.')}, riket. Uppgiften finns inte per län.",
            [code],
            [period],
            extra=list(filter(None, said)),
        ),
    )


def _extremes(values: IndicatorValues, code: str, period: str) -> str:
    """Say in whose firms the figure is highest and lowest, if they can be told apart."""
    about, where = values.indicator, f"{sentences.place(code)} {swedish.period(period)}"
    rows = {
        f"{sentences.group({'sex': sex}, about)} med {name}": row
        for sex in _SEXES
        for category, name in _CLASSES.items()
        if (row := values.row(code, period, sex=sex, category=category)) is not None
        and pd.notna(row["value"])
    }
    top, bottom = (pick(rows, key=lambda who: rows[who]["value"]) for pick in (max, min))
    if sentences.compare(rows[top], rows[bottom], about).relation is not Relation.HIGHER:
        return f"{about.name}: grupperna är inte säkert skilda i {where}."
    high, low = (sentences.amount(rows[who]["value"], about) for who in (top, bottom))
    return (
        f"{swedish.upper_first(about.noun)} var högst i företag som leds av {top} ({high}) och lägst i "
        f"företag som leds av {bottom} ({low}) i {where}."
    )


def _whole(frame: pd.DataFrame) -> pd.Series:
    return (frame[["sex", "birth", "industry", "category"]] == "total").all(axis=1)

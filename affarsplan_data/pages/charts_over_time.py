"""Charts with years along the axis: a region's series, riket's alone, and the rank in every window."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.pages import provenance
from affarsplan_data.pages.chart_texts import heading, labels, newest, texts
from affarsplan_data.pages.charts_by_region import intervals
from affarsplan_data.pages.scope import Scope
from affarsplan_data.parameters import Parameters


def lines(
    values: IndicatorValues, scope: Scope, given: Parameters, *, or_counties: bool = False
) -> Figure:
    """The region's series against riket and the counties compared with.

    One year gives no line; with ``or_counties`` all counties' intervals are shown for it instead.
    """
    focus = scope.focus or given.region
    codes = [focus, *([] if scope.level == "municipality" else given.peers), regions.COUNTRY]
    last = newest(values, [focus])
    if values.series(focus)["period"].nunique() < 2:
        if or_counties:
            note = f"{scope.note} Bara ett år har uppgift."
            return intervals(values, replace(scope, note=note), given)
        name = f"{values.indicator.name}: {sentences.place(focus)} har bara ett år, {last}"
        raise MissingIndicatorError(f"{name}, och ett år ger ingen linje.")
    title = sentences.level(values, focus, last) + sentences.against_country(values, focus, last)
    until = last if values.indicator.formula.function == "relative_to_country" else None
    return _lines(values, codes, focus, f"{title}.", scope.note, until)


def country_lines(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Riket's series alone, with the region's own newest figure said in words."""
    code = regions.COUNTRY
    own = scope.focus and values.latest(scope.focus)
    said = f" {sentences.level(values, scope.focus, own)}." if scope.focus and own else ""
    title = f"{sentences.level(values, code, newest(values, [code]))}."
    return _lines(values, [code], code, title, said, None)


def _lines(
    values: IndicatorValues, codes: list[str], focus: str, title: str, said: str, until: str | None
) -> Figure:
    frame = values.frame
    frame = frame[frame["region"].isin(codes) & (frame["sex"] == "total")].dropna(subset="value")
    if until:
        frame = frame[frame["period"] <= until]
    frame = frame.assign(label=labels(frame["region"]))
    periods = sorted(frame["period"].unique())
    if values.indicator.formula.function == "index" and not values.indicator.formula.parameters.get(
        "base"
    ):
        bases = swedish.listing(_bases(frame[frame["region"] == focus]))
        said = f" {bases} = 100.{said}"
    crossed = provenance.crossed(values, codes, periods[0], periods[-1])
    subtitle = heading(values, f"{periods[0]}–{periods[-1]}") + said
    frame = _with_bands(frame, [focus, regions.COUNTRY])
    if frame["low"].notna().any():
        crossed.append(provenance.interval_note(values))
    return figures.lines(
        frame,
        focus=focus,
        reference=regions.COUNTRY if focus != regions.COUNTRY else None,
        base=100.0 if values.indicator.formula.function == "index" else None,
        **texts("linje", values, title, subtitle, codes, periods, extra=crossed),
    )


def _with_bands(frame: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return the columns of lines, with the intervals of the regions ``codes`` alone."""
    columns = ["region", "label", "period", "value", "segment", "preliminary", "low", "high"]
    shown = frame["region"].isin(codes)
    return frame[columns].assign(low=frame["low"].where(shown), high=frame["high"].where(shown))


def _bases(own: pd.DataFrame) -> list[str]:
    """The first year of every unbroken part of a series."""
    return list(own.sort_values("period").groupby("segment")["period"].first())


def rank_windows(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """The county's rank in every window of years, with its value in the table."""
    focus = given.county
    newest(values, [focus])
    known = values.frame[(values.frame["region"] == focus) & values.frame["value"].notna()]
    periods = sorted(known["period"].unique())
    frame = pd.concat([values.ranking(p).assign(period=p) for p in periods], ignore_index=True)
    frame = frame.assign(label=labels(frame["region"]))
    own = frame[frame["region"] == focus].set_index("period")
    country = pd.Series({p: values.value(regions.COUNTRY, p) for p in periods}, dtype=float)
    decimals = values.indicator.decimals
    listed = swedish.listing([f"{p} {swedish.number(v, decimals)}" for p, v in country.items()])
    subtitle = (
        f"Plats efter {swedish.lower_first(values.indicator.name)}, fönster som slutar "
        f"{periods[0]}–{periods[-1]}.{scope.note}"
    )
    extra = (
        "Placeringen kan ändras flera steg vid små skillnader; läs den ihop med värdet.",
        f"I riket var tillväxten i samma fönster, procent per år: {listed}.",
    )
    codes = [*regions.counties(), regions.COUNTRY]
    title = _windows_title(focus, own, country, of=int((frame["period"] == periods[-1]).sum()))
    return figures.rank_lines(
        frame,
        focus=focus,
        **texts("rangfonster", values, title, subtitle, codes, periods, extra=extra),
    )


def _windows_title(focus: str, own: pd.DataFrame, country: pd.Series, of: int) -> str:
    last, best = own.index[-1], own["rank"].idxmin()
    below = int((own["value"] < country).sum())
    windows = f"{'alla' if below == len(own) else f'{below} av'} {len(own)} tioårsfönster"
    return (
        f"{regions.name(focus)} låg på plats {own['rank'][last]} av {of} län i fönstret som slutar "
        f"{last}, som bäst på plats {own['rank'][best]} ({best}); tillväxten i löpande priser var "
        f"lägre än i riket i "
        f"{windows}."
    )

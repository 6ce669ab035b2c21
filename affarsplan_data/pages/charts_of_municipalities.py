"""Charts of municipalities: intervals inside the county, and all of Sweden's against their size."""

from dataclasses import replace

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.figures import Axis, Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.pages import profile
from affarsplan_data.pages.chart_texts import absent, heading, labels, newest, texts
from affarsplan_data.pages.charts_by_region import ranked
from affarsplan_data.pages.provenance import interval_note
from affarsplan_data.pages.scope import Scope
from affarsplan_data.parameters import Parameters


def municipalities(
    values: IndicatorValues, scope: Scope, given: Parameters, *, limit: float | None = None
) -> Figure:
    """The county's municipalities with intervals where they are known, the county and riket beside.

    Without figures by municipality, the counties are shown and it is said.

    ``limit`` is a level that a claim speaks of: how many municipalities reach it is said.
    """
    inside = list(regions.municipalities(given.county))
    if values.latest_shared(inside) is None:
        return ranked(values, replace(scope, note=" Uppgiften finns inte per kommun."), given)
    period = newest(values, inside)
    codes = [*inside, given.county, regions.COUNTRY]
    frame = values.at(period)
    frame = frame[frame["region"].isin(codes)].dropna(subset=["value"])
    frame = frame.assign(label=labels(frame["region"]))
    held = list(frame["region"])
    noun = swedish.upper_first(values.indicator.noun)
    title = f"{noun} var {sentences.spread(values, inside, period)} {period}."
    if limit is not None:
        title = _reached(values, frame[frame["region"].isin(inside)], limit, period)
    extra = absent(held, inside)
    if frame.loc[frame["region"] != regions.COUNTRY, "low"].notna().any():
        extra.append(interval_note(values))
    return figures.interval_dots(
        frame[["region", "label", "value", "low", "high"]],
        focus=given.region if given.is_municipality else None,
        reference=regions.COUNTRY if regions.COUNTRY in held else None,
        totals=[given.county] if given.county in held else [],
        **texts(
            "kommuner",
            values,
            title,
            f"{heading(values, period)} Kommunerna i {regions.name(given.county)}.",
            held,
            [period],
            extra=extra,
        ),
    )


def _reached(values: IndicatorValues, frame: pd.DataFrame, limit: float, period: str) -> str:
    """Say how many municipalities lie above a level, and in how many that is sure."""
    about = values.indicator
    above = frame[frame["value"] >= limit]
    sure = int((frame["low"].fillna(frame["value"]) >= limit).sum())
    level = swedish.with_unit(limit, about.spoken_unit, about.decimals)
    noun = swedish.upper_first(about.noun)
    if above.empty:
        top = frame.loc[frame["value"].idxmax()]
        return (
            f"{noun} var inte i någon av {len(frame)} kommuner minst {level} {period}; högst var "
            f"{sentences.place(top['region'])} ({sentences.amount(top['value'], about)})."
        )
    names = swedish.listing([sentences.place(code) for code in above["region"]])
    doubt = "" if sure == len(above) else f", säkert i {sure}"
    return f"{noun} var minst {level} i {len(above)} av {len(frame)} kommuner {period}{doubt}: {names}."


def against_size(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """All municipalities of Sweden against their population, the county's own named."""
    codes = list(regions.municipalities())
    people = profile.people(given.year, given.data)
    inside = list(regions.municipalities(given.county))
    period = values.latest_shared(inside)
    if people is None or period is None:
        raise MissingIndicatorError(
            f"{values.indicator.name}: uppgift saknas för kommunerna i {regions.name(given.county)}."
        )
    frame = values.at(period, level="municipality").set_index("region")["value"].dropna()
    table = pd.DataFrame({"region": codes, "label": [regions.name(code) for code in codes]})
    table["people"] = people.reindex(codes).to_numpy()
    table["value"] = frame.reindex(codes).to_numpy()
    table = table.dropna()
    return figures.scatter(
        table,
        x=Axis("people", "Folkmängd", "invånare", 0),
        y=Axis("value", values.indicator.name, values.indicator.unit, values.indicator.decimals),
        x_log=True,
        emphasis=[given.region, *[c for c in inside if c != given.region]]
        if given.is_municipality
        else inside,
        group=f"kommuner i {regions.get(given.county).short_name}",
        **texts(
            "storlek",
            values,
            _size_title(values, table, inside, period, given),
            f"{heading(values, period)} {len(table)} kommuner efter folkmängd, logaritmisk skala.",
            [code for code in codes if code in set(table["region"])],
            [period],
            extra=["Folkmängd 31 december enligt SCB."],
        ),
    )


def _size_title(
    values: IndicatorValues, table: pd.DataFrame, inside: list[str], period: str, given: Parameters
) -> str:
    """Say how many of ours lie below the middle one of the municipalities nearest in size."""
    ordered = table.sort_values("people", ignore_index=True)
    below = 0
    ours = [code for code in inside if code in set(ordered["region"])]
    for code in ours:
        place = int(ordered.index[ordered["region"] == code][0])
        near = ordered.iloc[max(0, place - _NEAR) : place + _NEAR + 1]
        own = ordered.loc[place, "value"]
        below += bool(own < near[near["region"] != code]["value"].median())
    noun = swedish.upper_first(values.indicator.noun)
    count = f"{below} av {len(ours)}"
    return (
        f"{noun} var {period} lägre än hos den mittersta av {2 * _NEAR} kommuner i samma storlek i "
        f"{count} kommuner i {regions.name(given.county)}."
    )


_NEAR = 15
"""How many municipalities on each side in size a municipality is set against."""

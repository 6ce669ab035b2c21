"""Charts with one row or area per region: ranks, intervals, change, and maps."""

from collections.abc import Sequence

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.observations import maps
from affarsplan_data.pages.chart_texts import absent, heading, labels, newest, region_rows, texts
from affarsplan_data.pages.provenance import break_notes, interval_note, source_line
from affarsplan_data.pages.scope import Scope
from affarsplan_data.pages.titles import two_years
from affarsplan_data.parameters import Parameters


def ranked(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """The counties from best to worst with the region's own marked and riket as a line."""
    period, table = _counties(values, given)
    codes = list(table["region"])
    if len(codes) < 2:
        raise MissingIndicatorError(
            f"{sentences.level(values, codes[0], period)}. Uppgift om andra län och riket saknas"
        )
    title = _rank_title(values, given.county, period)
    subtitle = heading(values, period) + scope.note
    extra = _rank_notes(values, given.county, period, table)
    return figures.ranked_bar(
        table,
        focus=given.county,
        peers=given.peers,
        reference=regions.COUNTRY if regions.COUNTRY in codes else None,
        peers_label="jämförelselän",
        **texts("rang", values, title, subtitle, codes, [period], extra=extra),
    )


def intervals(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """The counties with 95 % intervals, so that small differences are not read as real."""
    period, table = _counties(values, given)
    codes = list(table["region"])
    title = _rank_title(values, given.county, period)
    subtitle = heading(values, period) + scope.note
    extra = _rank_notes(values, given.county, period, table)
    return figures.interval_dots(
        table,
        focus=given.county,
        reference=regions.COUNTRY if regions.COUNTRY in codes else None,
        **texts("intervall", values, title, subtitle, codes, [period], extra=extra),
    )


def _counties(values: IndicatorValues, given: Parameters) -> tuple[str, pd.DataFrame]:
    """The county's newest period, and the ranking of that period with riket's row last."""
    period = values.latest(given.county) or newest(values, regions.counties())
    country = values.at(period, level="country").dropna(subset="value")
    table = [values.ranking(period), country[["region", "value", "low", "high"]]]
    frame = pd.concat([part for part in table if len(part)], ignore_index=True)
    return period, frame.assign(label=labels(frame["region"]))


def _rank_title(values: IndicatorValues, focus: str, period: str) -> str:
    if values.value(focus, period) is None:
        return f"{sentences.place(focus)} saknar uppgift {period}; de andra länen visas."
    text = sentences.level(values, focus, period) + sentences.against_country(values, focus, period)
    spot = values.standing(focus, period)
    return f"{text}: {sentences.ranked(spot)}." if spot else f"{text}."


def _rank_notes(values: IndicatorValues, focus: str, period: str, table: pd.DataFrame) -> list[str]:
    """Say whose figures are missing, how sure the place is, and what the drawn intervals mean."""
    codes = list(table["region"])
    bounds = (
        [sentences.place_bounds(values, focus, period)] if values.standing(focus, period) else []
    )
    # Riket is a line, so its interval is not drawn.
    drawn = table.loc[table["region"] != regions.COUNTRY, ["low", "high"]].notna().all(axis=1).any()
    means = [interval_note(values)] if drawn else []
    return [*absent(codes, [*regions.counties(), regions.COUNTRY]), *filter(None, bounds), *means]


def change(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """First and last year of the newest unbroken series, one row per municipality."""
    spans = {code: sentences.newest_segment(values, code, years=2) for code in scope.members}
    codes = [code for code, span in spans.items() if len(span)]
    if not codes:
        raise MissingIndicatorError(f"{values.indicator.name}: två jämförbara år saknas.")
    first = max(spans[code]["period"].iloc[0] for code in codes)
    last = min(spans[code]["period"].iloc[-1] for code in codes)
    years = {"first": first, "last": last}
    frame = region_rows(
        codes, {k: [values.value(c, year) for c in codes] for k, year in years.items()}
    )
    title = two_years(values, codes, first, last, scope.members_word)
    subtitle = heading(values, f"{first} och {last}") + scope.members_note
    extra = ["Två år visar en skillnad, inte en trend.", *break_notes(values).values()]
    return figures.dumbbell(
        frame.sort_values("last", ascending=False, kind="stable"),
        groups=[("first", first), ("last", last)],
        emphasis=[given.region],
        **texts("forandring", values, title, subtitle, codes, [first, last], extra=extra),
    )


def municipality_map(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """The county's municipalities on a map with their numbers, beside a sorted dot plot."""
    codes = list(regions.municipalities(given.county))
    period = newest(values, codes)
    columns = {"value": [values.value(code, period) for code in codes]}
    sexes = {s: [values.value(code, period, sex=s) for code in codes] for s in ("women", "men")}
    if all(any(value is not None for value in found) for found in sexes.values()):
        columns |= sexes
    frame = region_rows(codes, columns)
    noun = swedish.upper_first(values.indicator.noun)
    title = f"{noun} var {sentences.spread(values, codes, period)} {period}."
    subtitle = f"{heading(values, period)} Kommunerna i {regions.name(given.county)}."
    borders = maps.boundaries(given.data)
    extra = [
        f"Gränserna är SCB:s digitala gränser{f', {borders.updated}' if borders.updated else ''}.",
        *absent(list(frame.dropna(subset="value")["region"]), codes),
    ]
    return figures.choropleth(
        frame,
        regions=codes,
        focus=given.region if given.is_municipality else None,
        borders=borders.file,
        **texts("karta", values, title, subtitle, codes, [period], extra=extra),
    )


def municipality_table(
    used: Sequence[IndicatorValues], given: Parameters, absent: Sequence[str]
) -> Figure:
    """The county's municipalities side by side, one column for each indicator, newest year each."""
    codes = list(regions.municipalities(given.county))
    county = regions.name(given.county)
    table = pd.DataFrame({"Kommun": [regions.name(code) for code in codes]})
    decimals: dict[str, int] = {}
    for values in used:
        about = values.indicator
        if (period := values.latest_shared(codes)) is None:
            continue
        unit = f" ({about.spoken_unit})" if about.spoken_unit else ""
        column = f"{about.name}{unit}, {period}"
        table[column] = pd.Series([values.value(c, period) for c in codes], dtype=float)
        decimals[column] = about.decimals
    if not decimals:
        raise MissingIndicatorError(f"Kommunerna i {county}: uppgifter saknas.")
    return Figure(
        name="kommunerna",
        title=f"Kommunerna i {county} i siffror",
        subtitle="Senaste år med uppgift för varje kolumn.",
        alt=f"Tabell med en rad för varje kommun i {county} och en kolumn för varje indikator.",
        table=table,
        decimals=decimals,
        source=source_line(used, codes),
        notes=(
            "Kommunerna rangordnas inte: små kommuners tal kan växla mycket av slumpen.",
            *absent,
        ),
    )

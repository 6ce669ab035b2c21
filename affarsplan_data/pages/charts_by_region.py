"""Charts with one row or area per region: ranks, intervals, women and men, change, and maps."""

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.observations import maps
from affarsplan_data.pages.chart_texts import heading, labels, newest, texts
from affarsplan_data.pages.provenance import break_notes, interval_note
from affarsplan_data.pages.scope import Scope
from affarsplan_data.parameters import Parameters

_SEXES = [("women", "kvinnor"), ("men", "män")]


def ranked(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """The counties from best to worst with the region's own marked and riket as a line."""
    period, table = _counties(values, given)
    codes = list(table["region"])
    title = _rank_title(values, given.county, period)
    subtitle = heading(values, period) + scope.note
    extra = _absent(codes, [*regions.counties(), regions.COUNTRY])
    if table["low"].notna().any():
        extra.append(interval_note(values))
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
    extra = [*_absent(codes, [*regions.counties(), regions.COUNTRY]), interval_note(values)]
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
    return f"{text}: plats {spot.rank} av {spot.of} län." if spot else f"{text}."


def _absent(held: list[str], wanted: list[str]) -> list[str]:
    """The sentence about regions without a value, if there are any."""
    absent = [sentences.place(code) for code in wanted if code not in held]
    return [f"Uppgift saknas för {swedish.listing(absent)}."] if absent else []


def women_and_men(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Women and men side by side, by municipality where the statistics allow, else by county."""
    codes = scope.members
    period = newest(values, codes, "women")
    columns = {sex: [values.value(code, period, sex=sex) for code in codes] for sex, _ in _SEXES}
    frame = _rows(codes, columns)
    both = frame.dropna()
    order = (both["women"] - both["men"]).abs().sort_values(ascending=False, kind="stable")
    frame = pd.concat([both.loc[order.index], frame.drop(index=both.index)])
    title = _women_and_men_title(values, both, period, scope.members_word)
    subtitle = heading(values, period) + scope.members_note
    extra = _absent(list(both["region"]), codes)
    return figures.dumbbell(
        frame.dropna(subset=["women", "men"], how="all"),
        groups=_SEXES,
        emphasis=[given.region, given.county],
        **texts("konsskillnad", values, title, subtitle, codes, [period], extra=extra),
    )


def _women_and_men_title(
    values: IndicatorValues, both: pd.DataFrame, period: str, members: str
) -> str:
    """Say in how many regions women or men are higher, and where the difference is largest."""
    about = values.indicator
    noun = swedish.upper_first(about.noun)
    gap = both["women"] - both["men"]
    code = both["region"][gap.abs().idxmax()]
    amount = swedish.with_unit(gap.abs().max(), about.difference_unit, about.decimals)
    place = sentences.place(code)
    if len(both) == 1:
        word = "kvinnor" if gap.iloc[0] > 0 else "män"
        return f"{noun} var högre bland {word} i {place} {period}; skillnaden är {amount}."
    where = f"störst är skillnaden i {place} ({amount})"
    for name, count in (("kvinnor", (gap > 0).sum()), ("män", (gap < 0).sum())):
        if count == len(both):
            return f"{noun} var högre bland {name} i alla {len(both)} {members} {period}; {where}."
    counts = f"bland kvinnor i {(gap > 0).sum()} och bland män i {(gap < 0).sum()} av {len(both)}"
    return f"{noun} var högre {counts} {members} {period}; {where}."


def change(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """First and last year of the newest unbroken series, one row per municipality."""
    spans = {code: sentences.newest_segment(values, code, years=2) for code in scope.members}
    codes = [code for code, span in spans.items() if len(span)]
    if not codes:
        raise MissingIndicatorError(f"{values.indicator.name}: två jämförbara år saknas.")
    first = max(spans[code]["period"].iloc[0] for code in codes)
    last = min(spans[code]["period"].iloc[-1] for code in codes)
    years = {"first": first, "last": last}
    frame = _rows(codes, {k: [values.value(c, year) for c in codes] for k, year in years.items()})
    risen = int((frame["last"] > frame["first"]).sum())
    count = f"{'alla' if risen == len(frame) else f'{risen} av'} {len(frame)} {scope.members_word}"
    if len(frame) == 1:
        count = sentences.place(codes[0])
    noun = swedish.upper_first(values.indicator.noun)
    word = "lägre" if len(frame) == 1 and not risen else "högre"
    title = f"{noun} var {word} {last} än {first} i {count}."
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
    frame = _rows(codes, {"value": [values.value(code, period) for code in codes]})
    noun = swedish.upper_first(values.indicator.noun)
    title = f"{noun} var {sentences.spread(values, codes, period)} {period}."
    subtitle = f"{heading(values, period)} Kommunerna i {regions.name(given.county)}."
    borders = maps.boundaries(given.data)
    extra = [
        f"Gränserna är SCB:s digitala gränser{f', {borders.updated}' if borders.updated else ''}.",
        *_absent(list(frame.dropna()["region"]), codes),
    ]
    return figures.choropleth(
        frame,
        regions=codes,
        focus=given.region if given.is_municipality else None,
        borders=borders.file,
        **texts("karta", values, title, subtitle, codes, [period], extra=extra),
    )


def _rows(codes: list[str], columns: dict[str, list[float | None]]) -> pd.DataFrame:
    """One row per region: region, label and the given value columns, as floats."""
    names = {"region": codes, "label": [regions.get(code).short_name for code in codes]}
    return pd.DataFrame(names | {k: pd.Series(v, dtype=float) for k, v in columns.items()})

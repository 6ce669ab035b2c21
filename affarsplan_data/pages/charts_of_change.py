"""Charts of how far something has moved: slopes between two years, small charts, every start year."""

from dataclasses import replace

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.figures import Figure, HeatColumn
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.pages.chart_texts import absent, heading, labels, texts
from affarsplan_data.pages.charts_by_group import BIRTHS, FOUR, SEXES, Named, members_with
from affarsplan_data.pages.charts_by_region import ranked
from affarsplan_data.pages.provenance import crossed
from affarsplan_data.pages.scope import Scope
from affarsplan_data.pages.titles import two_groups, two_years
from affarsplan_data.parameters import Parameters

_TWO_YEARS = "Två år visar en skillnad, inte en trend."
_FEWEST_STARTS = 3
_SAME = "{name}: två jämförbara år saknas för {place}."


def slope(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """The county's municipalities, or the counties, from the first to the last comparable year."""
    spans = {code: sentences.newest_segment(values, code, years=2) for code in scope.members}
    codes = [code for code, span in spans.items() if len(span)]
    if not codes:
        place = regions.name(given.county)
        raise MissingIndicatorError(_SAME.format(name=values.indicator.name, place=place))
    first = max(spans[code]["period"].iloc[0] for code in codes)
    last = min(spans[code]["period"].iloc[-1] for code in codes)
    own = [code for code in dict.fromkeys([given.region, given.county]) if code in codes]
    compared = [code for code in given.peers if code in codes]
    shown = codes if scope.members_word == "kommuner" else [*own, *compared]
    shown = [
        *shown,
        *([regions.COUNTRY] if values.value(regions.COUNTRY, last) is not None else []),
    ]
    frame = _ends(values, {code: {"region": code} for code in shown}, first, last)
    return figures.slope(
        frame.assign(label=labels(frame["key"])),
        first=first,
        last=last,
        emphasis=own,
        **texts(
            "lutning",
            values,
            two_years(values, codes, first, last, scope.members_word),
            heading(values, f"{first} och {last}") + scope.members_note,
            shown,
            [first, last],
            extra=[*absent(codes, scope.members), _TWO_YEARS, *_later(values, codes[0], last)],
        ),
    )


def slope_of_groups(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Women and men, by birth where the figures have it, from the first to the last comparable year."""
    for code in dict.fromkeys([given.region, given.county, regions.COUNTRY]):
        for groups in (FOUR, SEXES, BIRTHS):
            if found := _years(values, code, groups):
                return _slope_of_groups(values, code, groups, found, given)
    place = regions.name(given.region)
    raise MissingIndicatorError(_SAME.format(name=values.indicator.name, place=place))


def _years(values: IndicatorValues, code: str, groups: tuple[Named, ...]) -> tuple[str, str] | None:
    """The first and the last year of the newest unbroken series that all the groups share."""
    if not members_with(values, [code], groups):
        return None
    shared: set[tuple[str, int]] | None = None
    for _, group in groups:
        series = values.series(code, **group)
        own = set(zip(series["period"], series["segment"], strict=True))
        shared = own if shared is None else shared & own
    unbroken: dict[int, list[str]] = {}
    for period, segment in sorted(shared or ()):
        unbroken.setdefault(segment, []).append(period)
    long = [years for years in unbroken.values() if len(years) > 1]
    return (long[-1][0], long[-1][-1]) if long else None


def _slope_of_groups(
    values: IndicatorValues,
    code: str,
    groups: tuple[Named, ...],
    years: tuple[str, str],
    given: Parameters,
) -> Figure:
    first, last = years
    frame = _ends(values, {name: {"region": code, **group} for name, group in groups}, first, last)
    names = {name: sentences.group(group, values.indicator) for name, group in groups}
    note = (
        "" if code == given.region else f" Uppgiften finns inte för {regions.name(given.region)}."
    )
    where = swedish.upper_first(sentences.place(code))
    return figures.slope(
        frame.assign(label=frame["key"].map(names)),
        first=first,
        last=last,
        **texts(
            "lutning-grupper",
            values,
            _groups_title(values, code, groups, years),
            f"{heading(values, f'{first} och {last}')} {where}.{note}",
            [code],
            [first, last],
            extra=[_TWO_YEARS, *_later(values, code, last)],
        ),
    )


def _groups_title(
    values: IndicatorValues, code: str, groups: tuple[Named, ...], years: tuple[str, str]
) -> str:
    """Say which groups have certainly risen or fallen between the two years."""
    about = values.indicator
    moved: dict[str, list[str]] = {"stigit": [], "sjunkit": [], "": []}
    for _, group in groups:
        one, other = (values.row(code, year, **group) for year in reversed(years))
        relation = sentences.compare(one, other, about).relation
        word = {sentences.Relation.HIGHER: "stigit", sentences.Relation.LOWER: "sjunkit"}
        moved[word.get(relation, "")].append(sentences.group(group, about))
    noun, where = swedish.upper_first(about.noun), sentences.place(code)
    parts = [f"{word} bland {swedish.listing(who)}" for word, who in moved.items() if word and who]
    if not parts:
        return f"{noun} har inte säkert ändrats i någon grupp i {where} från {years[0]} till {years[1]}."
    rest = f"; bland {swedish.listing(moved[''])} är ändringen inte säker" if moved[""] else ""
    return f"{noun} i {where} har {' och '.join(parts)} från {years[0]} till {years[1]}{rest}."


def _ends(
    values: IndicatorValues, wanted: dict[str, dict[str, str]], first: str, last: str
) -> pd.DataFrame:
    rows = [
        {
            "key": key,
            "first": values.value(period=first, **chosen),
            "last": values.value(period=last, **chosen),
        }
        for key, chosen in wanted.items()
    ]
    return pd.DataFrame(rows).astype({"first": float, "last": float})


def small_multiples(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """One small chart for each municipality or county: women and men, else its own line and riket's.

    With figures for a single year there is no line, and the counties are ranked instead.
    """
    sexed = members_with(values, scope.members, SEXES)
    codes = sexed or [code for code in scope.members if values.latest(code)]
    if scope.members_word == "län":
        codes = [code for code in [given.county, *given.peers] if code in codes]
    if not codes:
        raise MissingIndicatorError(f"{sentences.nothing(values, given.county)}.")
    frame = pd.concat([_panel(values, code, bool(sexed)) for code in codes], ignore_index=True)
    own = frame[frame["series"] != regions.COUNTRY]
    if own.groupby("panel")["period"].nunique().max() < 2:
        return ranked(values, replace(scope, note=f"{scope.note} Bara ett år har uppgift."), given)
    periods = sorted(frame["period"].unique())
    about = values.indicator
    title = (
        two_groups(values, codes, periods[-1], (SEXES[0][1], SEXES[1][1]), scope.members_word)
        if sexed
        else f"{swedish.upper_first(about.noun)} var {sentences.spread(values, codes, periods[-1])} "
        f"{periods[-1]}."
    )
    return figures.small_multiples(
        frame,
        reference=None if sexed else regions.COUNTRY,
        panel_heading="Kommun" if scope.members_word == "kommuner" else "Län",
        **texts(
            "smadiagram",
            values,
            title,
            heading(values, f"{periods[0]}–{periods[-1]}") + scope.members_note,
            codes,
            periods,
            extra=[*absent(codes, scope.members), *crossed(values, codes, periods[0], periods[-1])],
        ),
    )


def _panel(values: IndicatorValues, code: str, sexed: bool) -> pd.DataFrame:
    lines = (
        [
            (name, sentences.group(group, values.indicator), values.series(code, **group))
            for name, group in SEXES
        ]
        if sexed
        else [
            (code, regions.get(code).short_name, values.series(code)),
            (regions.COUNTRY, "riket", values.series(regions.COUNTRY)),
        ]
    )
    parts = [
        frame[["period", "value", "segment"]].assign(series=name, series_label=label)
        for name, label, frame in lines
    ]
    whole = pd.concat(parts, ignore_index=True)
    return whole.assign(panel=code, panel_label=regions.get(code).short_name)


def every_start(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """The change to the newest year from every earlier one, the region beside riket or the median county.

    A verdict that turns on the year counted from is seen to do so.
    """
    code = scope.focus or given.county
    series = sentences.newest_segment(values, code, years=2)
    if len(series) <= _FEWEST_STARTS:
        raise MissingIndicatorError(
            f"{values.indicator.name}: {sentences.place(code)} har färre än {_FEWEST_STARTS} år att "
            "räkna från på samma sida om ett brott."
        )
    last = str(series["period"].iloc[-1])
    compared, name = _compared(values, last)
    rows = [
        _since(values, code, compared, str(start), last) for start in series["period"].iloc[:-1]
    ]
    frame = pd.DataFrame(rows).astype({"own": float, "other": float, "apart": float})
    columns = [
        HeatColumn("own", regions.get(code).short_name, 1, "procent", "neutral"),
        HeatColumn("other", name, 1, "procent", "neutral"),
        HeatColumn("apart", "Skillnad", 1, "procentenheter", "up"),
    ]
    if frame["other"].isna().all():
        columns = columns[:1]
    return figures.heat_table(
        frame,
        columns=columns,
        row_heading="Räknat från",
        **texts(
            "startar",
            values,
            _starts_title(values, code, frame, name, last),
            f"{values.indicator.name}, förändring till {last} i procent, efter startår.{scope.note}",
            [code, *compared],
            list(series["period"]),
            extra=crossed(values, [code], str(series["period"].iloc[0]), last),
        ),
    )


def _compared(values: IndicatorValues, last: str) -> tuple[list[str], str]:
    if values.value(regions.COUNTRY, last) is not None:
        return [regions.COUNTRY], "Riket"
    return list(regions.counties()), "Mittersta länet"


def _since(
    values: IndicatorValues, code: str, compared: list[str], start: str, last: str
) -> dict[str, object]:
    own = _growth(values, code, start, last)
    others = [g for one in compared if (g := _growth(values, one, start, last)) is not None]
    complete = len(others) == len(compared) or (len(compared) > 1 and len(others) >= 15)
    other = float(pd.Series(others).median()) if others and complete else None
    apart = None if own is None or other is None else own - other
    return {"label": start, "own": own, "other": other, "apart": apart}


def _growth(values: IndicatorValues, code: str, start: str, last: str) -> float | None:
    rows = [values.row(code, period) for period in (start, last)]
    if any(row is None or pd.isna(row["value"]) for row in rows):
        return None
    first, end = rows
    assert first is not None
    assert end is not None
    if first["segment"] != end["segment"] or first["value"] <= 0:
        return None
    return 100 * (float(end["value"]) / float(first["value"]) - 1)


def _starts_title(
    values: IndicatorValues, code: str, frame: pd.DataFrame, name: str, last: str
) -> str:
    noun, where = swedish.upper_first(values.indicator.noun), sentences.place(code)
    known = frame.dropna(subset=["own", "other"])
    if known.empty:
        ends = [swedish.signed(v, 1) for v in (frame["own"].min(), frame["own"].max())]
        return (
            f"{noun} i {where} har till {last} ändrats med {ends[0]} till {ends[1]} procent, beroende på "
            "vilket år man räknar från."
        )
    # A difference that the table prints as 0,0 is none.
    apart = known["apart"].round(1)
    beside = "i riket" if name == "Riket" else "i det mittersta länet"
    start = f"{noun} i {where} har utvecklats"
    end = f"till {last}, vilket år man än räknar från."
    if (apart == 0).all():
        return f"{start} som {beside} {end}"
    stronger = bool((apart > 0).any())
    word = "starkare" if stronger else "svagare"
    count = int(((apart > 0) if stronger else (apart < 0)).sum())
    if count == len(known):
        return f"{start} {word} än {beside} {end}"
    return (
        f"Om {values.indicator.noun} i {where} har utvecklats {word} än {beside} till {last} beror på "
        f"startåret: så är det från {count} av {len(known)} år."
    )


def _later(values: IndicatorValues, code: str, last: str) -> list[str]:
    """Say that there are newer figures on the other side of a break."""
    newest = values.latest(code)
    if newest is None or newest <= last:
        return []
    return [f"Uppgifter till och med {newest} finns, men efter ett brott i serien: se nyckeltalen."]

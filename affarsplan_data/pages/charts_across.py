"""Charts of several indicators at once: the spine, groups of people, municipalities in a table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.catalogue import Indicator, load_catalogue
from affarsplan_data.figures import Figure
from affarsplan_data.figures.heat_table import HeatColumn
from affarsplan_data.indicators import (
    MIN_RANKED,
    IndicatorValues,
    MissingIndicatorError,
    available,
    sentences,
)
from affarsplan_data.pages import closing, provenance
from affarsplan_data.pages.reading import read
from affarsplan_data.pages.texts import Notice
from affarsplan_data.parameters import Parameters

_FOUR = (
    ("women_native", "inrikes födda kvinnor", {"sex": "women", "birth": "native"}),
    ("women_foreign", "utrikes födda kvinnor", {"sex": "women", "birth": "foreign"}),
    ("men_native", "inrikes födda män", {"sex": "men", "birth": "native"}),
    ("men_foreign", "utrikes födda män", {"sex": "men", "birth": "foreign"}),
)
_SEXES = (("women", "kvinnor", {"sex": "women"}), ("men", "män", {"sex": "men"}))
_AMONG = {"county": "länen", "municipality": "kommunerna"}
_PLURAL = {"county": "län", "municipality": "kommuner"}


def spine(items: Sequence[Indicator], given: Parameters) -> Figure | Notice:
    """Return the region's place on every indicator's scale, right is better, riket in the middle."""
    level = regions.get(given.region).level
    codes = regions.counties() if level == "county" else regions.municipalities()
    rows, left_out = [], []
    for about in items:
        values = _held(about, given)
        row = _spine_row(values, given.region, codes) if values else None
        if values is None or row is None:
            left_out.append(swedish.lower_first(about.name))
        else:
            rows.append((values, row))
    # On a scale with riket in the middle a value without riket's has no place.
    lonely = [pair for pair in rows if pair[1]["reference"] is None]
    if len(lonely) < len(rows):
        rows = [pair for pair in rows if pair[1]["reference"] is not None]
        left_out += [swedish.lower_first(values.indicator.name) for values, _ in lonely]
    if not rows:
        return Notice(
            f"Ingen av indikatorerna har uppgifter för tillräckligt många {_PLURAL[level]} att "
            f"jämföra {regions.name(given.region)} med.",
            "Läget mot riket",
        )
    frame = pd.DataFrame(row for _, row in rows)
    return figures.spine(
        frame.drop(columns=["ahead", "differs", "year"]),
        focus_label=regions.get(given.region).short_name,
        reference_label="Riket",
        among=_AMONG[level],
        name="lage-mot-riket",
        title=_spine_title(frame, given),
        subtitle="Varje rad har sin egen skala, vänd så att åt höger är bättre. Senaste år med uppgift.",
        source=closing.sources_in_short([values.indicator for values, _ in rows], given.data),
        notes=(
            "Punkten är fylld när skillnaden mot riket är säker: intervallen utesluter den inte, eller "
            "uppgiften är en totalräkning utan intervall.",
            f"År för varje rad: {'; '.join(f'{r.label} {r.year}' for r in frame.itertuples())}.",
            *(_left_out(left_out, level) if left_out else ()),
        ),
    )


def _left_out(names: Sequence[str], level: str) -> tuple[str, ...]:
    return (
        f"Visas inte, för att uppgift saknas för området eller riket, finns för alltför få "
        f"{_PLURAL[level]} eller inte har någon riktning som är bättre: {swedish.listing(names)}.",
    )


def _spine_row(
    values: IndicatorValues, code: str, codes: Sequence[str]
) -> dict[str, object] | None:
    """Return a row of the spine, None where the region or too few others have a figure."""
    about = values.indicator
    series = values.series(code)
    if series.empty or not (about.comparable_size and about.ranked):
        return None
    own = series.iloc[-1]
    period = str(own["period"])
    frame = values.at(period).dropna(subset="value")
    for dimension in ("birth", "category"):
        frame = frame[frame[dimension] == "total"]
    spread = frame.loc[frame["region"].isin(codes), "value"].astype(float)
    better = _better(about, spread)
    if better is None or len(spread) < MIN_RANKED:
        return None
    country = values.row(regions.COUNTRY, period)
    found = sentences.compare(own, country, about)
    differs = found.relation in (sentences.Relation.HIGHER, sentences.Relation.LOWER)
    up = found.difference > 0
    return {
        "label": about.name,
        "value": float(own["value"]),
        "unit": about.unit,
        "decimals": about.decimals,
        "reference": None if country is None or pd.isna(country["value"]) else country["value"],
        "lowest": spread.min(),
        "lower_quartile": spread.quantile(0.25),
        "upper_quartile": spread.quantile(0.75),
        "highest": spread.max(),
        "better": better,
        "certain": differs,
        "differs": differs,
        "ahead": differs and up == (better == "up"),
        "year": swedish.period(period),
    }


def _better(about: Indicator, spread: pd.Series) -> str | None:
    """Return which way is better; None where that depends on which side of a target a value lies."""
    if about.direction in ("up", "down"):
        return about.direction
    low, high = about.target_band or (0.0, 0.0)
    if about.direction == "neutral" or spread.empty:
        return None
    if (spread <= low).all():
        return "up"
    return "down" if (spread >= high).all() else None


def _spine_title(frame: pd.DataFrame, given: Parameters) -> str:
    compared = frame[frame["reference"].notna()]
    name = sentences.place(given.region)
    if compared.empty:
        return f"{name} bland {_AMONG[regions.get(given.region).level]} i {len(frame)} indikatorer."
    ahead = int(compared["ahead"].sum())
    behind = int((compared["differs"] & ~compared["ahead"]).sum())
    rest = len(compared) - ahead - behind
    of = f"{len(compared)} indikatorer" if len(compared) > 1 else "en indikator"
    unsure = f"; i {rest} går ingen säker skillnad att se" if rest else ""
    for word, count in (("bättre", ahead), ("sämre", behind)):
        if count == len(compared) > 1:
            return f"{name} ligger {word} till än riket i alla {of}."
    return f"{name} ligger bättre till än riket i {ahead} och sämre i {behind} av {of}{unsure}."


def _held(about: Indicator, given: Parameters) -> IndicatorValues | None:
    if not available(about, given.data):
        return None
    try:
        return read(about.id, given)
    except MissingIndicatorError:
        return None


@dataclass(frozen=True)
class _Row:
    """One indicator's groups in one place: ``figures`` by group, in the order of the groups."""

    values: IndicatorValues
    code: str
    period: str
    figures: tuple[float, ...]


def groups_across(ids: Sequence[str], given: Parameters) -> Figure | Notice:
    """Return women and men by birth for several shares, a row for each.

    Where fewer than two of the indicators have all four groups, women and men are shown.
    """
    items = [load_catalogue().indicator(id) for id in ids]
    held = [values for about in items if (values := _held(about, given)) is not None]
    for groups in (_FOUR, _SEXES):
        rows = [row for values in held if (row := _groups_row(values, given, groups))]
        if len(rows) > 1 or (rows and groups is _SEXES):
            return _groups_figure(rows, groups, given, [a.name for a in items])
    return Notice(
        f"Uppgifter om kvinnor och män saknas för {regions.name(given.region)} i de andelar som "
        "skulle visas här.",
        "Kvinnor och män, inrikes och utrikes födda",
    )


def _groups_row(
    values: IndicatorValues, given: Parameters, groups: Sequence[tuple[str, str, dict[str, str]]]
) -> _Row | None:
    for code in dict.fromkeys((given.region, given.county)):
        series = [
            values.series(code, **chosen).set_index("period")["value"] for _, _, chosen in groups
        ]
        shared = set.intersection(*(set(one.index) for one in series))
        if shared:
            period = max(shared)
            return _Row(values, code, period, tuple(float(one[period]) for one in series))
    return None


def _groups_figure(
    rows: Sequence[_Row],
    groups: Sequence[tuple[str, str, dict[str, str]]],
    given: Parameters,
    wanted: Sequence[str],
) -> Figure:
    frame = pd.DataFrame(
        {"region": row.values.indicator.id, "label": _row_label(row, given)}
        | {key: value for (key, _, _), value in zip(groups, row.figures, strict=True)}
        for row in rows
    )
    widest = max(rows, key=lambda row: max(row.figures) - min(row.figures))
    shown = {row.values.indicator.name for row in rows}
    absent = [swedish.lower_first(name) for name in wanted if name not in shown]
    used = [row.values for row in rows]
    codes = list(dict.fromkeys(row.code for row in rows))
    extra = [f"Uppgift om grupperna saknas för {swedish.listing(absent)}."] if absent else []
    drawn = figures.dumbbell(
        frame,
        groups=[(key, name) for key, name, _ in groups],
        zero=True,
        name="grupper-i-flera-indikatorer",
        title=_groups_title(widest, groups),
        subtitle="Procent av varje grupp, senaste år med uppgift. "
        + (
            "Kvinnor och män, inrikes och utrikes födda."
            if len(groups) == 4
            else "Kvinnor och män."
        ),
        source=closing.sources_in_short([values.indicator for values in used], given.data),
        notes=(*extra, *provenance.notes(used, codes, sorted({row.period for row in rows}))),
        unit="procent",
    )
    return replace(drawn, table=drawn.table.rename(columns={"Område": "Indikator"}))


def _row_label(row: _Row, given: Parameters) -> str:
    about = row.values.indicator
    where = f", {regions.name(row.code)}" if row.code != given.region else ""
    return f"{about.name} {swedish.period(row.period)}{where}"


def _groups_title(row: _Row, groups: Sequence[tuple[str, str, dict[str, str]]]) -> str:
    """Say the highest and the lowest group where they are furthest apart, when that is certain."""
    said = (
        sentences.four_groups(row.values, row.code, row.period)
        if len(groups) == 4
        else sentences.women_and_men(row.values, row.code, row.period)
    )
    about = row.values.indicator
    return (
        f"{swedish.upper_first(about.noun)}: {swedish.lower_first(said)}"
        if len(groups) == 4
        else said
    )


def municipality_heat(ids: Sequence[str], given: Parameters) -> Figure | Notice:
    """Return the county's municipalities against several indicators, shaded by place, numbers printed."""
    codes = list(regions.municipalities(given.county))
    used: list[IndicatorValues] = []
    absent: list[str] = []
    for id in ids:
        about = load_catalogue().indicator(id)
        values = _held(about, given)
        if values is None or values.latest_shared(codes) is None:
            absent.append(swedish.lower_first(about.name))
        else:
            used.append(values)
    if not used:
        return Notice(
            f"Ingen av indikatorerna har uppgifter för kommunerna i {regions.name(given.county)}.",
            "Kommunerna i siffror",
        )
    frame = pd.DataFrame({"label": [regions.name(code) for code in [*codes, given.county, "00"]]})
    columns = []
    for values in used:
        about = values.indicator
        period = values.latest_shared(codes)
        assert period is not None
        every = [values.value(c, period) for c in [*codes, given.county, regions.COUNTRY]]
        frame[about.id] = pd.Series(every, dtype=float)
        heading = f"{about.name} {swedish.period(period)}"
        columns.append(
            HeatColumn(
                about.id,
                heading,
                about.decimals,
                about.spoken_unit,
                about.direction,
                about.target_band,
            )
        )
    county = regions.name(given.county)
    extra = [f"Uppgift per kommun saknas för {swedish.listing(absent)}."] if absent else []
    return figures.heat_table(
        frame,
        columns=columns,
        reference=[county, regions.name(regions.COUNTRY)],
        row_heading="Kommun",
        name="kommunerna",
        title=f"Kommunerna i {county} i {len(used)} indikatorer.",
        subtitle="Senaste år som mer än hälften av kommunerna har uppgift för.",
        source=closing.sources_in_short([values.indicator for values in used], given.data),
        notes=(
            "Nyansen visar plats inom kolumnen. Små kommuners tal kan växla mycket av slumpen, så en "
            "nyans är ingen säker placering.",
            *extra,
        ),
    )

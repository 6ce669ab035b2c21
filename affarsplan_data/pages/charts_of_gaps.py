"""Figures of the gaps between groups across all indicators: each kind on its own scale."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, available, sentences
from affarsplan_data.pages import closing, equality, provenance, whence
from affarsplan_data.pages.equality import BY_SEX, Gap, Kind
from affarsplan_data.pages.reading import read
from affarsplan_data.pages.texts import Notice
from affarsplan_data.parameters import Parameters

_COLUMNS = {BY_SEX: ("women", "men"), equality.BY_BIRTH: ("foreign", "native")}
_NAMES = {
    BY_SEX: ("kvinnor", "män"),
    equality.BY_BIRTH: ("utrikes födda", "inrikes födda"),
}
_TOPIC = {
    BY_SEX: "Skillnader mellan kvinnor och män",
    equality.BY_BIRTH: "Skillnader mellan utrikes och inrikes födda",
}
_EVEN = (40.0, 60.0)
_CERTAIN = (
    "Säker skillnad i tabellen betyder att intervallen utesluter att grupperna är lika, eller att "
    "uppgiften är en totalräkning utan intervall. En skillnad är inte i sig bra eller dålig."
)
MOST = 18
"""So many gaps are drawn; the table has all of them."""


def points(found: Sequence[Gap], pair: str, given: Parameters) -> Figure | Notice:
    """Return the groups' shares for every indicator in percent, the largest gap first."""
    chosen = [gap for gap in found if gap.kind == "points" and not gap.within]
    if not chosen:
        return _nothing(pair, "andel", given)
    first, second = _COLUMNS[pair]
    frame = pd.DataFrame(
        {
            "region": gap.about.id,
            "label": f"{equality.label(gap, given.region)} {swedish.period(gap.period)}",
            first: gap.one,
            second: gap.other,
        }
        for gap in chosen[:MOST]
    )
    columns = list(zip(_COLUMNS[pair], _NAMES[pair], strict=True))
    drawn = figures.dumbbell(
        frame,
        groups=columns if pair == BY_SEX else columns[::-1],
        zero=True,
        name=f"andelar-{_slug(pair)}",
        title=_title(chosen, pair, "points"),
        subtitle="Procent av varje grupp, störst skillnad i procentenheter överst. "
        "Senaste år med uppgift.",
        source=_source(chosen, given),
        notes=_notes(chosen, MOST),
        unit="procent",
    )
    return replace(drawn, table=equality.table(chosen, given.region), decimals={})


def ratios(found: Sequence[Gap], pair: str, given: Parameters) -> Figure | Notice:
    """Return one group's amounts in percent of the other's, as distances from being equal."""
    chosen = [gap for gap in found if gap.kind == "ratio" and not gap.within]
    if not chosen:
        return _nothing(pair, "belopp eller tal", given)
    first, second = _NAMES[pair]
    frame = pd.DataFrame(
        {
            "label": f"{equality.label(gap, given.region)} {swedish.period(gap.period)}",
            "value": gap.size - 100,
        }
        for gap in chosen[:MOST]
    )
    drawn = figures.diverging_bar(
        frame,
        lower=f"{first} lägre",
        higher=f"{first} högre",
        row_heading="Indikator",
        name=f"kvoter-{_slug(pair)}",
        title=_title(chosen, pair, "ratio"),
        subtitle=f"{swedish.upper_first(first)} jämfört med {second}, procent över eller under. "
        "Senaste år med uppgift.",
        source=_source(chosen, given),
        notes=_notes(chosen, MOST),
        unit="procent",
        decimals=0,
    )
    return replace(drawn, table=equality.table(chosen, given.region), decimals={})


def within(found: Sequence[Gap], pair: str, given: Parameters) -> Figure | Notice:
    """Return the gaps inside each of the other groups, as a table: foreign-born women and men ..."""
    chosen = [gap for gap in found if gap.kind == "points" and gap.within]
    if not chosen:
        return Notice(
            "De fyra grupperna efter kön och födelseregion finns inte i de uppgifter som används för "
            f"{regions.name(given.region)}.{_who_has(given) if pair == BY_SEX else ''}",
            _TOPIC[pair],
        )
    return Figure(
        name=f"inom-grupper-{_slug(pair)}",
        title=f"{_TOPIC[pair]} inom varje grupp.",
        subtitle="Störst skillnad i procentenheter överst. Senaste år med uppgift.",
        alt=f"Tabell med {len(chosen)} skillnader.",
        table=equality.table(chosen, given.region),
        decimals={},
        source=_source(chosen, given),
        notes=_notes(chosen, len(chosen)),
    )


def _who_has(given: Parameters) -> str:
    lacking = [
        about.name
        for about in load_catalogue().indicators.values()
        if {"sex", "birth"} <= set(about.splits) and not available(about, given.data)
    ]
    if not lacking:
        return ""
    return f" De finns hos källan för {swedish.listing([swedish.lower_first(n) for n in lacking])}."


def women_shares(given: Parameters) -> Figure | Notice:
    """Return women's and men's shares where an indicator is women's share of a whole, with 40–60 said."""
    rows = [row for values in shares_of_women(given) if (row := _share(values, given))]
    if not rows:
        return Notice(
            f"Kvinnors andel av en helhet finns inte i de uppgifter som används för "
            f"{regions.name(given.region)}.",
            "Kvinnors andel",
        )
    rows.sort(key=lambda row: row[2])
    even = sum(_EVEN[0] <= value <= _EVEN[1] for _, _, value, _ in rows)
    frame = pd.DataFrame(
        {"category_label": label, "group": group, "group_label": name, "value": value}
        for label, values, share, _ in rows
        for group, name, value in (("women", "kvinnor", share), (*_rest(values), 100 - share))
    )
    used = [values for _, values, _, _ in rows]
    codes = list(dict.fromkeys(code for _, _, _, code in rows))
    count = "den enda helheten" if len(rows) == 1 else f"{even} av {len(rows)} helheter"
    said = f"Kvinnors andel ligger mellan 40 och 60 procent i {count}."
    if len(rows) == 1 and not even:
        said = "Kvinnors andel ligger utanför 40–60 procent."
    return figures.grouped_bar(
        frame,
        stacked=True,
        band=_EVEN,
        row_heading="Helhet",
        name="kvinnors-andel",
        title=said,
        subtitle="Kvinnor och resten i procent, lägst andel kvinnor överst. Senaste år med uppgift.",
        source=provenance.source_line(used, codes),
        notes=(
            "40–60 procent är det spann som brukar kallas jämn könsfördelning. Ett stabilt läge inom "
            "spannet kan ändå dölja skillnader i undergrupper.",
            *provenance.notes(used, codes),
        ),
        unit="procent",
    )


def _rest(values: IndicatorValues) -> tuple[str, str]:
    """Return whom the rest of a whole is: men only where the whole is women and men added up."""
    if values.indicator.formula.function == "women_share":
        return "men", "män"
    return "rest", "män, övriga och okänt, inte uppdelat"


def shares_of_women(given: Parameters) -> list[IndicatorValues]:
    """Return the indicators that are women's share of a whole."""
    return [
        read(about.id, given)
        for about in load_catalogue().indicators.values()
        if about.target_band == _EVEN
        and about.unit == "procent"
        and not {"industry", "category"} & set(about.splits)
        and available(about, given.data)
    ]


def _share(
    values: IndicatorValues, given: Parameters
) -> tuple[str, IndicatorValues, float, str] | None:
    for code in equality.places(given):
        series = values.series(code)
        if len(series):
            last = series.iloc[-1]
            where = f" ({sentences.place(code)})" if code != given.region else ""
            label = f"{values.indicator.name} {swedish.period(last['period'])}{where}"
            return label, values, float(last["value"]), code
    return None


def changes(found: Sequence[Gap], given: Parameters) -> Figure | Notice:
    """Return which gaps have closed, and how, as a table."""
    table = equality.changes(found, given.region)
    if table.empty:
        return Notice(
            "Ingen av skillnaderna har två jämförbara år på samma sida om ett brott, så det går inte "
            "att säga om de har minskat.",
            "Hur skillnaderna har utvecklats",
        )
    chosen = [gap for gap in found if equality.development(gap) is not None]
    return Figure(
        name="skillnadernas-utveckling",
        title=equality.answer(found, [])[-1],
        subtitle="Första och sista jämförbara år på samma sida om ett brott. Andelar i procentenheter; "
        "belopp och tal i procent av den andra gruppens, där 100 är lika.",
        alt=f"Tabell med {len(table)} skillnader mellan grupper och hur de har ändrats.",
        table=table,
        decimals={},
        source=_source(chosen, given),
        notes=(
            "Uppåt betyder att den lägre gruppen har stigit, nedåt att den högre har sjunkit. Ett lägre "
            "läge för alla är inte detsamma som jämlikhet på en högre nivå.",
            "Många skillnader prövas på en gång. Med 95 procents säkerhet kan omkring en av tjugo "
            "förändringar vara en slump.",
        ),
    )


def without_split(given: Parameters) -> Figure:
    """Return the indicators that cannot be shown for women and men, or for native- and foreign-born."""
    table = equality.without_split(given.data)
    of = len(load_catalogue().indicators)
    neither = (table[["Kvinnor och män", "Inrikes och utrikes födda"]] == equality.NO).all(axis=1)
    return Figure(
        name="utan-uppdelning",
        title=(
            f"{int(neither.sum())} av {of} indikatorer har ingen uppdelning efter kön eller "
            "födelseregion i statistiken."
        ),
        subtitle="Indikatorer som saknar minst en av uppdelningarna.",
        alt=f"Tabell med {len(table)} indikatorer som inte kan delas efter kön eller födelseregion.",
        table=table,
        decimals={},
        source=(
            "Underlag: projektets katalog över indikatorer och de uppgifter som används. "
            f"{whence.of_everything(given.data).short}."
        ),
        notes=(
            "Med statistiken menas de tabeller som indikatorn räknas ur. Svensk och utländsk bakgrund "
            "är en annan uppdelning än inrikes och utrikes född och räknas inte som den.",
            "Många av dem gäller företag, platser eller ekonomin i stort och har inga personer att dela "
            "upp. Planens mångfaldsbegrepp är bredare än statistiken: social tillhörighet, sexuell "
            "läggning och funktionsnedsättning finns inte i tabellerna.",
        ),
    )


def _title(found: Sequence[Gap], pair: str, kind: Kind) -> str:
    return equality.largest(found, kind) or (
        f"{_TOPIC[pair]}: ingen av {len(found)} skillnader är säker."
    )


def _nothing(pair: str, what: str, given: Parameters) -> Notice:
    first, second = _NAMES[pair]
    places = dict.fromkeys([given.region, given.county])
    where = ", ".join(map(regions.name, places))
    return Notice(
        f"Ingen {what} finns för både {first} och {second} i {where} eller riket bland de uppgifter som "
        "används.",
        _TOPIC[pair],
    )


def _source(found: Sequence[Gap], given: Parameters) -> str:
    items = {gap.about.id: gap.about for gap in found}
    return closing.sources_in_short(tuple(items.values()), given.data)


def _notes(found: Sequence[Gap], shown: int) -> tuple[str, ...]:
    early = sorted({gap.about.name for gap in found if gap.preliminary})
    more = (f"Figuren visar de {shown} största; tabellen har alla.",) if len(found) > shown else ()
    said = (f"Preliminärt: {swedish.listing(early)}.",) if early else ()
    return (_CERTAIN, *more, *said)


def _slug(pair: str) -> str:
    return "kon" if pair == BY_SEX else "fodelseregion"

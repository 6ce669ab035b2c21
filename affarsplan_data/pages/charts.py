"""The page's figures: an indicator, a chart form, and a title that says what the figure shows."""

from collections.abc import Sequence

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.observations import INDUSTRIES
from affarsplan_data.pages import provenance
from affarsplan_data.pages.scope import Scope
from affarsplan_data.parameters import Parameters

SEXES = [("women", "kvinnor"), ("men", "män")]
_BOTH_WAYS = (("women", "men"), ("men", "women"))


def _slug(form: str, values: IndicatorValues) -> str:
    return f"{form}-{values.indicator.id}".replace("_", "-")


def _newest(values: IndicatorValues, codes: Sequence[str], sex: str = "total") -> str:
    """Return the newest period that the regions share.

    Raises:
        MissingIndicatorError: none has a value.
    """
    if period := values.latest_shared(codes, sex):
        return period
    raise MissingIndicatorError(f"{values.indicator.name}: uppgift saknas för regionen.")


def _counties_period(values: IndicatorValues, given: Parameters) -> str:
    """Return the county's newest period, or the other counties' when it has none."""
    return values.latest(given.county) or _newest(values, regions.counties())


def _labels(codes: pd.Series) -> pd.Series:
    return codes.map(lambda code: regions.get(code).short_name)


def _heading(values: IndicatorValues, period: str) -> str:
    about = values.indicator
    unit = "" if about.unit in about.name else f", {about.unit}"
    return f"{about.name}{unit}, {period}."


def lines(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """The region's series against riket and the counties compared with."""
    focus = scope.focus or given.region
    codes = [focus, *([] if scope.level == "municipality" else given.peers), regions.COUNTRY]
    last = _newest(values, [focus])
    title = sentences.level(values, focus, last) + sentences.against_country(values, focus, last)
    until = last if values.indicator.formula.function == "relative_to_country" else None
    return _lines(values, codes, focus, f"{title}.", scope.note, until)


def country_lines(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Riket's series alone, with the region's own figures said in words."""
    code = regions.COUNTRY
    last = _newest(values, [code])
    own = [
        f"{sentences.level(values, c, p)}." for c in [scope.focus] if c and (p := values.latest(c))
    ]
    title = f"{sentences.level(values, code, last)}."
    return _lines(values, [code], code, title, " ".join(["", *own]), None)


def _lines(
    values: IndicatorValues, codes: list[str], focus: str, title: str, said: str, until: str | None
) -> Figure:
    frame = values.frame[
        values.frame["region"].isin(codes) & (values.frame["sex"] == "total")
    ].dropna(subset="value")
    if until:
        frame = frame[frame["period"] <= until]
    frame = frame.assign(label=_labels(frame["region"]))
    periods = sorted(frame["period"].unique())
    crossed = {
        period: reason
        for period, reason in provenance.break_notes(values).items()
        if periods[0] < period <= periods[-1]
    }
    return figures.lines(
        frame[["region", "label", "period", "value", "segment", "preliminary"]],
        focus=focus,
        reference=regions.COUNTRY if focus != regions.COUNTRY else None,
        base=100.0 if values.indicator.formula.function == "index" else None,
        name=_slug("linje", values),
        title=title,
        subtitle=_heading(values, f"{periods[0]}–{periods[-1]}") + said,
        source=provenance.source_line([values], codes),
        notes=(
            *provenance.notes([values], codes, periods),
            *(f"Brott {period}: {reason}" for period, reason in crossed.items()),
        ),
        decimals=values.indicator.decimals,
        unit=values.indicator.unit,
    )


def ranked(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """The counties from best to worst with the region's own marked and riket as a line."""
    focus, period = given.county, _counties_period(values, given)
    table = _counties_and_country(values, period)
    codes = list(table["region"])
    notes = [*provenance.notes([values], codes, [period]), *_absent(codes)]
    return figures.ranked_bar(
        table,
        focus=focus,
        peers=given.peers,
        reference=_reference(codes),
        peers_label="jämförelselän",
        name=_slug("rang", values),
        title=_rank_title(values, focus, period),
        subtitle=_heading(values, period) + scope.note,
        source=provenance.source_line([values], codes, [period]),
        notes=tuple(notes),
        decimals=values.indicator.decimals,
        unit=values.indicator.unit,
    )


def _counties_and_country(values: IndicatorValues, period: str) -> pd.DataFrame:
    """The counties' ranking with riket's row last, where riket has a value."""
    table = values.ranking(period)
    country = values.at(period, level="country").dropna(subset="value")
    table = pd.concat([table, country[["region", "value", "low", "high"]]], ignore_index=True)
    return table.assign(label=_labels(table["region"]))


def _reference(codes: list[str]) -> str | None:
    return regions.COUNTRY if regions.COUNTRY in codes else None


def _absent(codes: list[str]) -> list[str]:
    """The sentence about counties, and riket, that have no value."""
    wanted = [*regions.counties(), regions.COUNTRY]
    absent = [sentences.place(code) for code in wanted if code not in codes]
    return [f"Uppgift saknas för {swedish.listing(absent)}."] if absent else []


def _rank_title(values: IndicatorValues, focus: str, period: str) -> str:
    spot = values.standing(focus, period)
    if values.value(focus, period) is None:
        return f"{sentences.place(focus)} saknar uppgift {period}; de andra länen visas."
    text = sentences.level(values, focus, period) + sentences.against_country(values, focus, period)
    if spot is None:
        return f"{text}."
    return f"{text}: plats {spot.rank} av {spot.of} län."


def intervals(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """The counties with 95 % intervals, so that small differences are not read as real."""
    focus, period = given.county, _counties_period(values, given)
    table = _counties_and_country(values, period)
    codes = list(table["region"])
    return figures.interval_dots(
        table,
        focus=focus,
        reference=_reference(codes),
        name=_slug("intervall", values),
        title=_rank_title(values, focus, period),
        subtitle=_heading(values, period) + scope.note,
        source=provenance.source_line([values], codes, [period]),
        notes=tuple(provenance.notes([values], codes, [period])),
        decimals=values.indicator.decimals,
        unit=values.indicator.unit,
    )


def women_and_men(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Women and men side by side, by municipality where the statistics allow, else by county."""
    codes = scope.members
    period = _newest(values, codes, "women")
    frame = _side_by_side(values, codes, period)
    both = frame.dropna(subset=["women", "men"])
    notes = provenance.notes([values], codes, [period])
    if len(both) < len(codes):
        absent = [regions.name(c) for c in codes if c not in set(both["region"])]
        notes.append(f"Uppgift saknas för {swedish.listing(absent)}.")
    return figures.dumbbell(
        frame,
        groups=SEXES,
        emphasis=[given.region],
        name=_slug("konsskillnad", values),
        title=_women_and_men_title(values, both, period, scope.members_word),
        subtitle=_heading(values, period) + scope.members_note,
        source=provenance.source_line([values], codes, [period]),
        notes=tuple(notes),
        decimals=values.indicator.decimals,
        unit=values.indicator.unit,
    )


def _women_and_men_title(
    values: IndicatorValues, both: pd.DataFrame, period: str, members: str
) -> str:
    """Say in how many regions women or men are higher, and where the difference is largest."""
    about = values.indicator
    noun = swedish.upper_first(about.noun)
    higher = {sex: int((both[sex] > both[other]).sum()) for sex, other in _BOTH_WAYS}
    largest = both.loc[(both["women"] - both["men"]).abs().idxmax()]
    gap = swedish.with_unit(
        abs(largest["women"] - largest["men"]), about.difference_unit, about.decimals
    )
    where = f"störst är skillnaden i {sentences.place(largest['region'])} ({gap})"
    for sex, name in SEXES:
        if higher[sex] == len(both):
            return f"{noun} var högre bland {name} i alla {len(both)} {members} {period}; {where}."
    counts = f"bland kvinnor i {higher['women']} och bland män i {higher['men']} av {len(both)}"
    return f"{noun} var högre {counts} {members} {period}; {where}."


def _side_by_side(values: IndicatorValues, codes: list[str], period: str) -> pd.DataFrame:
    rows = [
        {
            "region": code,
            "label": regions.get(code).short_name,
            **{sex: values.value(code, period, sex=sex) for sex, _ in SEXES},
        }
        for code in codes
    ]
    frame = pd.DataFrame(rows, columns=["region", "label", "women", "men"])
    frame[["women", "men"]] = frame[["women", "men"]].astype(float)
    frame = frame.assign(gap=(frame["women"] - frame["men"]).abs())
    frame = frame.dropna(subset=["women", "men"], how="all")
    return frame.sort_values("gap", ascending=False, kind="stable").drop(columns="gap")


def change(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """First and last year of the newest unbroken series, one row per municipality."""
    codes = scope.members
    spans = {code: sentences.newest_segment(values, code) for code in codes}
    spans = {code: span for code, span in spans.items() if len(span) > 1}
    if not spans:
        raise MissingIndicatorError(f"{values.indicator.name}: två jämförbara år saknas.")
    first = max(span["period"].iloc[0] for span in spans.values())
    last = min(span["period"].iloc[-1] for span in spans.values())
    frame = pd.DataFrame(
        {
            "region": code,
            "label": regions.get(code).short_name,
            "first": values.value(code, first),
            "last": values.value(code, last),
        }
        for code in spans
    ).sort_values("last", ascending=False, kind="stable")
    risen = int((frame["last"] > frame["first"]).sum())
    noun = values.indicator.noun
    return figures.dumbbell(
        frame,
        groups=[("first", first), ("last", last)],
        emphasis=[given.region],
        name=_slug("forandring", values),
        title=(
            f"{swedish.upper_first(noun)} var högre {last} än {first} i "
            f"{'alla' if risen == len(frame) else f'{risen} av'} {len(frame)} {scope.members_word}."
        ),
        subtitle=_heading(values, f"{first} och {last}") + scope.members_note,
        source=provenance.source_line([values], codes, [first, last]),
        notes=(
            *provenance.notes([values], codes, [first, last]),
            "Två år visar en skillnad, inte en trend.",
        ),
        decimals=values.indicator.decimals,
        unit=values.indicator.unit,
    )


def municipality_map(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """The county's municipalities on a map with their numbers, beside a sorted dot plot."""
    codes = list(regions.municipalities(given.county))
    period = _newest(values, codes)
    known = values.at(period).set_index("region")["value"]
    frame = pd.DataFrame({"region": codes, "value": known.reindex(codes).to_numpy()})
    frame = frame.assign(label=_labels(frame["region"]))
    noun = values.indicator.noun
    extremes = sentences.spread(values, codes, period)
    return figures.choropleth(
        frame,
        regions=codes,
        focus=given.region if given.is_municipality else None,
        name=_slug("karta", values),
        title=f"{swedish.upper_first(noun)} var {extremes} {period}.",
        subtitle=_heading(values, period) + f" Kommunerna i {regions.name(given.county)}.",
        source=provenance.source_line([values], codes, [period])
        + " Gränser: SCB, Digitala gränser.",
        notes=tuple(provenance.notes([values], codes, [period])),
        decimals=values.indicator.decimals,
        unit=values.indicator.unit,
    )


def industries(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """Each industry's share in the county minus its share in riket."""
    focus = given.county
    period = _newest(values, [focus])
    frame = values.at(period, industry=None)
    frame = frame[frame["region"] == focus].dropna(subset="value")
    frame = frame.assign(label=frame["industry"].map(INDUSTRIES))
    frame = frame.sort_values("value", ascending=False, kind="stable")
    top, bottom = frame.iloc[0], frame.iloc[-1]
    unit = values.indicator
    title = (
        f"Störst övervikt mot riket har {swedish.lower_first(top['label'])} "
        f"({swedish.signed(top['value'], unit.decimals)} {unit.unit}), störst undervikt "
        f"{swedish.lower_first(bottom['label'])} ({swedish.signed(bottom['value'], unit.decimals)})"
    )
    return figures.diverging_bar(
        frame[["label", "value"]],
        name=_slug("branscher", values),
        title=f"{title}, {regions.name(focus)} {period}.",
        subtitle=_heading(values, period) + scope.note,
        source=provenance.source_line([values], [focus], [period]),
        notes=tuple(provenance.notes([values], [focus], [period])),
        decimals=unit.decimals,
        unit=unit.unit,
    )


def women_share_by_industry(values: IndicatorValues, segregation: IndicatorValues) -> Figure:
    """Women and men in each industry in riket, sorted by women's share."""
    code = regions.COUNTRY
    period = _newest(values, [code])
    frame = values.at(period, industry=None)
    frame = frame[frame["region"] == code].dropna(subset="value")
    frame = frame.sort_values("value", ascending=False, kind="stable")
    long = pd.concat(
        [
            _group(frame, "women", "kvinnor", frame["value"]),
            _group(frame, "men", "män", 100 - frame["value"]),
        ]
    )
    even = int(frame["value"].between(40, 60).sum())
    index = sentences.amount(segregation.value(code, period), segregation.indicator)
    return figures.grouped_bar(
        long,
        stacked=True,
        name=_slug("kon", values),
        title=(
            f"I {even} av {len(frame)} branscher i riket var andelen kvinnor 40–60 procent {period}; "
            f"{index} av kvinnorna eller männen skulle behöva byta bransch för jämn fördelning."
        ),
        subtitle=f"Kvinnor och män i procent av sysselsatta per bransch, riket {period}.",
        source=provenance.source_line([values], [code], [period]),
        notes=(
            *provenance.notes([values, segregation], [code], [period]),
            "Uppgiften finns inte per län i utgåvan.",
        ),
        decimals=1,
        unit="procent",
    )


def _group(frame: pd.DataFrame, group: str, label: str, value: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "category_label": frame["industry"].map(INDUSTRIES),
            "group": group,
            "group_label": label,
            "value": value,
        }
    )


def four_groups(values: IndicatorValues, share: IndicatorValues) -> Figure:
    """New firms in riket by industry, leader's sex and background: four groups."""
    code = regions.COUNTRY
    period = _newest(values, [code], "women")
    names = {
        ("women", "swedish_background"): "kvinnor, svensk bakgrund",
        ("women", "foreign_background"): "kvinnor, utländsk bakgrund",
        ("men", "swedish_background"): "män, svensk bakgrund",
        ("men", "foreign_background"): "män, utländsk bakgrund",
    }
    frame = values.frame[(values.frame["period"] == period) & values.frame["value"].notna()]
    size = frame.groupby("industry")["value"].sum().sort_values(ascending=False)
    frame = frame.set_index("industry").loc[size.index].reset_index()
    pairs = list(zip(frame["sex"], frame["category"], strict=True))
    long = pd.DataFrame(
        {
            "category_label": frame["industry"].map(INDUSTRIES),
            "group": [f"{sex}_{background}" for sex, background in pairs],
            "group_label": [names[pair] for pair in pairs],
            "value": frame["value"],
        }
    )
    women, men = (
        sentences.amount(share.value(code, period, sex=s), share.indicator)
        for s in ("women", "men")
    )
    return figures.grouped_bar(
        long,
        stacked=True,
        name=_slug("grupper", values),
        title=(
            f"Av de nya företag som leds av kvinnor leds {women} av kvinnor med utländsk bakgrund; "
            f"bland män är det {men}, riket {period}."
        ),
        subtitle=(
            f"Fördelning av nystartade företag i varje bransch, procent, riket {period}. "
            "Antalen i tabellen är avrundade till tiotal."
        ),
        source=provenance.source_line([values], [code], [period]),
        notes=(
            *provenance.notes([values, share], [code], [period]),
            "Uppgiften finns inte per län i utgåvan.",
        ),
        decimals=0,
        unit="företag",
    )


def rank_windows(values: IndicatorValues, scope: Scope, given: Parameters) -> Figure:
    """The county's rank in every ten-year window, with value and distance to riket in the table."""
    focus = given.county
    periods = sorted(values.frame.loc[values.frame["region"] == focus, "period"].unique())
    tables = [values.ranking(p).assign(period=p) for p in periods]
    frame = pd.concat(tables, ignore_index=True)
    frame = frame.assign(label=_labels(frame["region"]))
    own = frame[frame["region"] == focus].set_index("period")
    below = [
        p
        for p in own.index
        if (country := values.value(regions.COUNTRY, p)) is not None and own["value"][p] < country
    ]
    first, last, best = own.index[0], own.index[-1], own["rank"].idxmin()
    windows = f"{'alla' if len(below) == len(own) else f'{len(below)} av'} {len(own)} tioårsfönster"
    title = (
        f"{regions.name(focus)} låg på plats {own['rank'][last]} av {len(tables[-1])} län i fönstret "
        f"som slutar {last}, som bäst på plats {own['rank'][best]} ({best}); tillväxten var lägre än "
        f"i riket i {windows}."
    )
    codes = [*regions.counties(), regions.COUNTRY]
    decimals = values.indicator.decimals
    of_country = [(p, values.value(regions.COUNTRY, p)) for p in own.index]
    listed = swedish.listing([f"{p} {swedish.number(v, decimals)}" for p, v in of_country])
    return figures.rank_lines(
        frame,
        focus=focus,
        name=_slug("rangfonster", values),
        title=title,
        subtitle=(
            f"Plats efter {swedish.lower_first(values.indicator.name)}, fönster som slutar "
            f"{first}–{last}.{scope.note}"
        ),
        source=provenance.source_line([values], codes, periods),
        notes=(
            *provenance.notes([values], codes, periods),
            "Placeringen kan ändras flera steg vid små skillnader; läs den ihop med värdet.",
            f"I riket var tillväxten i samma fönster, procent per år: {listed}.",
        ),
        decimals=values.indicator.decimals,
        unit=values.indicator.unit,
    )

"""Charts of emissions: against the decided path, and beside the economy's volume."""

import pandas as pd

from affarsplan_data import figures, regions, statistics, swedish
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.observations import load
from affarsplan_data.pages.chart_texts import heading, labels, texts
from affarsplan_data.pages.scope import Scope
from affarsplan_data.parameters import Parameters

_COLUMNS = ["region", "label", "period", "value", "segment", "preliminary"]


def path(
    values: IndicatorValues,
    scope: Scope,
    given: Parameters,
    *,
    distance: IndicatorValues,
    part: IndicatorValues,
) -> Figure:
    """The region's emissions against the decided path, with riket and one part as lines of their own.

    ``distance`` is the indicator that states base year, end year and what is left then; ``part`` an
    index of the same kind (industry's emissions).
    """
    focus = scope.focus or given.region
    about = distance.indicator.formula.parameters
    base, target, left = str(about["base"]), str(about["target"]), float(about["left"])
    own = [(focus, values.series(focus)), (regions.COUNTRY, values.series(regions.COUNTRY))]
    frame = pd.concat([series for _, series in own])
    frame = frame.assign(label=labels(frame["region"]))
    industry = part.series(focus).assign(region="part", label=part.indicator.name)
    years = [str(year) for year in range(int(base), int(target) + 1)]
    way = statistics.corridor(years, base, target, left)
    title = sentences.corridor(
        values, focus, base_year=base, target_year=target, share_left=left
    ) or (f"{sentences.level(values, focus, str(frame['period'].max()))}.")
    periods = sorted(frame["period"].unique())
    goal = swedish.number(100 * (1 - left))
    subtitle = (
        f"{heading(values, f'{periods[0]}–{periods[-1]}')} Banan minskar lika många procent varje år, "
        f"till minus {goal} procent {target}.{scope.note}"
    )
    return figures.corridor(
        pd.concat([frame, industry])[_COLUMNS],
        focus=focus,
        path=pd.DataFrame({"period": way.index, "value": way.to_numpy()}),
        path_label=f"målbana till {target}",
        base_year=base,
        **texts(
            "malbana",
            values,
            title,
            subtitle,
            [focus, regions.COUNTRY],
            periods,
            also=[distance, part],
        ),
    )


def decoupling(
    values: IndicatorValues, scope: Scope, given: Parameters, *, economy: IndicatorValues
) -> Figure:
    """The economy's volume and its emissions as two indices, never only the one through the other.

    ``values`` is the intensity, whose measure of emissions is drawn; ``economy`` the volume of the
    economy.
    """
    county = given.county
    volume = economy.series(county).set_index("period")
    pressure = _emissions(values, county)
    years = [p for p in volume.index if p in pressure.index]
    if len(years) < 2:
        raise MissingIndicatorError(
            f"Ekonomins volym och utsläpp: två gemensamma år saknas för {sentences.place(county)}."
        )
    volume, pressure = volume.loc[years], pressure.loc[years]
    base = _base(years, given)
    marks = volume["segment"].astype(str) + "/" + pressure["segment"].astype(str)
    found = statistics.decoupling(volume["value"], pressure["value"], base, marks)
    names = {"economy": "BRP i fasta priser", "pressure": "växthusgasutsläpp"}
    frame = pd.concat(
        [
            pd.DataFrame(
                {
                    "region": key,
                    "label": name,
                    "period": years,
                    "value": found.table[key].to_numpy(),
                    "segment": pd.factorize(marks)[0],
                    "preliminary": (volume["preliminary"] | pressure["preliminary"]).to_numpy(),
                }
            )
            for key, name in names.items()
        ]
    )
    about = texts(
        "frikoppling",
        values,
        _verdict(found, county),
        f"Index, {base} = 100, {sentences.place(county)} {years[0]}–{years[-1]}.{scope.note}",
        [county],
        years,
        also=[economy],
    )
    about |= {"unit": "index", "decimals": 1}
    return figures.lines(
        frame,
        None,
        reference=None,
        styles={"economy": "focus", "pressure": "peer"},
        base=100.0,
        **about,
    )


def _emissions(values: IndicatorValues, county: str) -> pd.DataFrame:
    measure = values.indicator.formula.inputs["numerator"].measure
    frame = load(measure, data=values.data)
    whole = ["sex", "birth", "age", "industry", "category"]
    frame = frame[(frame["region"] == county) & (frame[whole] == "total").all(axis=1)]
    frame = frame[frame["period"].isin(values.frame["period"])]
    return frame.dropna(subset=["value"]).sort_values("period").set_index("period")


def _base(years: list[str], given: Parameters) -> str:
    chosen = str(given.base_year)
    return chosen if chosen in years else years[0]


def _verdict(found: statistics.Decoupling, county: str) -> str:
    place = sentences.place(county)
    if found.last is None or found.last == found.base:
        return f"Ekonomin och utsläppen i {place} kan inte jämföras från {found.base}."
    row = found.table.loc[found.last]
    grown, emitted = (swedish.signed(row[c] - 100, 1) for c in ("economy", "pressure"))
    return (
        f"Från {found.base} till {found.last} i {place}: {found.verdict.value} "
        f"(BRP i fasta priser {grown} procent, utsläpp {emitted} procent)."
    )

"""Charts of two indicators at once: where every county stands in both, with riket's values as lines."""

from affarsplan_data import figures, regions
from affarsplan_data.figures import Axis, Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.pages.chart_texts import absent, region_rows, texts
from affarsplan_data.pages.scope import Scope
from affarsplan_data.parameters import Parameters


def two_values(
    values: IndicatorValues, scope: Scope, given: Parameters, *, other: IndicatorValues
) -> Figure:
    """Every county by two indicators in the newest year that both have, crossed by riket's values."""
    county, country, pair = given.county, regions.COUNTRY, (values, other)
    shared = set(_periods(values, county)) & set(_periods(other, county))
    if not shared:
        raise MissingIndicatorError(
            f"{values.indicator.name} och {other.indicator.name}: ett gemensamt år saknas för "
            f"{sentences.place(county)}."
        )
    period = max(shared)
    codes = list(regions.counties())
    columns = {v.indicator.id: [v.value(code, period) for code in codes] for v in pair}
    riket = [v.value(country, period) for v in pair]
    said = [
        sentences.level(v, county, period) + sentences.against_country(v, county, period)
        for v in pair
    ]
    frame = region_rows(codes, columns)
    both = list(frame.dropna()["region"])
    names = " och ".join(v.indicator.noun for v in pair)
    return figures.scatter(
        frame,
        x=_axis(values),
        y=_axis(other),
        emphasis=[county, *given.peers],
        quadrants=(riket[0], riket[1]) if riket[0] is not None and riket[1] is not None else None,
        group="eget län och jämförelselän",
        kind="län",
        **texts(
            "tva-matt",
            values,
            f"{said[0]}. {said[1]}.",
            f"Länen efter {names} {period}.{scope.note}",
            [*codes, country],
            [period],
            also=[other],
            extra=absent(both, codes),
        ),
    )


def _periods(values: IndicatorValues, code: str) -> list[str]:
    return list(values.series(code)["period"])


def _axis(values: IndicatorValues) -> Axis:
    about = values.indicator
    return Axis(about.id, about.name, about.unit, about.decimals)

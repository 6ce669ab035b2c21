"""The two groups behind an indicator that is itself a difference between them."""

from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.indicators import formulas
from affarsplan_data.indicators.evaluate import finished
from affarsplan_data.indicators.inputs import read
from affarsplan_data.indicators.values import IndicatorValues

_LEVELS = {
    "women_minus_men": "published",
    "foreign_minus_native": "published",
    "share_gap_women_men": "published_share",
    "share_gap_foreign_native": "published_share",
}
"""The formula that gives the groups' own values, by the one that gives their difference."""


def behind(values: IndicatorValues) -> IndicatorValues | None:
    """Return the groups' own values, up to the last period of the difference; None for other indicators.

    They follow the small-number rule where the difference does.
    """
    about = values.indicator
    function = _LEVELS.get(about.formula.function)
    if function is None or values.frame.empty:
        return None
    inputs = about.formula.inputs
    unit = load_catalogue().measure(inputs["value"].measure).unit
    formula = about.formula.model_copy(update={"function": function})
    told = {"noun": "nivån", "unit": unit, "unit_after_number": True, "formula": formula}
    groups = about.model_copy(update=told)
    frames = {name: read(item, values.data) for name, item in inputs.items()}
    frame = finished(formulas.evaluate(function, frames, formula.parameters), groups)
    frame = frame[frame["period"] <= values.frame["period"].max()].reset_index(drop=True)
    return IndicatorValues(groups, frame, values.data)

"""The two groups behind an indicator that is itself a difference between them."""

import pandas as pd

from affarsplan_data.catalogue import DIMENSIONS, load_catalogue
from affarsplan_data.indicators.evaluate import COLUMNS
from affarsplan_data.indicators.inputs import read
from affarsplan_data.indicators.values import IndicatorValues

_DIFFERENCES = {"women_minus_men", "foreign_minus_native"}


def behind(values: IndicatorValues) -> IndicatorValues | None:
    """Return the groups' own values, up to the last period of the difference; None for other indicators.

    None too where the small-number rule applies: the numbers that it needs are not among them.
    """
    about = values.indicator
    if about.formula.function not in _DIFFERENCES or about.small_numbers or values.frame.empty:
        return None
    item = about.formula.inputs["value"]
    frame = read(item, values.data)
    frame = frame[frame["period"] <= values.frame["period"].max()]
    unit = load_catalogue().measure(item.measure).unit
    empty = dict.fromkeys(("low", "high", "count", "base"), float("nan"))
    missing = {d: "total" for d in DIMENSIONS if d not in frame}
    frame = frame.assign(indicator=about.id, unit=unit, other_sources="", **empty, **missing)
    groups = about.model_copy(update={"noun": "nivån", "unit": unit, "unit_after_number": True})
    rows = pd.DataFrame(frame[list(COLUMNS)]).reset_index(drop=True)
    return IndicatorValues(groups, rows, values.data)

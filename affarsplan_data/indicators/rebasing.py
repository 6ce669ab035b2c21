"""Indices, and distances to a path, counted from another base year than the indicator's own."""

from affarsplan_data.catalogue import Indicator

PATHS = frozenset({"distance_to_path", "needed_cut"})
BASED = PATHS | {"index"}
"""The formulas that count from a base year."""


def has_base(indicator: Indicator) -> bool:
    """Tell whether an indicator is counted from a base year."""
    return indicator.formula.function in BASED


def rebased(indicator: Indicator, base_year: int | None) -> Indicator:
    """Return the indicator counted from ``base_year``: itself where that is None or means nothing.

    The values are counted anew from the figures behind them. A series, or a part of it on the other side
    of a break, that lacks the base year gets no values.
    """
    if base_year is None or not has_base(indicator):
        return indicator
    formula = indicator.formula
    stated = {
        "parameters": formula.parameters | {"base": str(base_year)},
        "text": f"{formula.text} (basår {base_year})",
    }
    changed: dict[str, object] = {"formula": formula.model_copy(update=stated)}
    if formula.function == "index":
        changed["unit"] = f"index, {base_year} = 100"
    return indicator.model_copy(update=changed)

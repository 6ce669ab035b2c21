"""Values by women and men, by native- and foreign-born: what can be told apart, and over time."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from affarsplan_data import figures, regions, swedish
from affarsplan_data.analysis.asked import Asked
from affarsplan_data.figures import Figure
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.pages.chart_texts import heading, texts

Group = tuple[str, str]

SPLITS: Final[Mapping[str, tuple[Group, ...]]] = {
    "sex": (("women", "total"), ("men", "total")),
    "birth": (("total", "native"), ("total", "foreign")),
    "both": (("women", "native"), ("women", "foreign"), ("men", "native"), ("men", "foreign")),
}
"""The groups of every split, as sex and birth, in the order shown."""
COLUMNS: Final[Mapping[Group, str]] = {
    pair: "_".join(part for part in pair if part != "total")
    for pairs in SPLITS.values()
    for pair in pairs
}
"""The name that a chart knows each group by: ``women``, ``foreign``, ``women_foreign``."""
_STYLES = {"women": "women", "men": "men", "native": "focus", "foreign": "reference"}


def grouped(values: IndicatorValues) -> pd.DataFrame:
    """Return the rows of groups of people that have a value, with the group's name as ``column``."""
    frame = values.frame.dropna(subset=["value"])
    whole = (frame["industry"] == "total") & (frame["category"] == "total")
    pairs = list(zip(frame["sex"], frame["birth"], strict=True))
    frame = frame.assign(column=[COLUMNS.get(pair, "") for pair in pairs])
    return frame[whole & (frame["column"] != "")]


def splits(values: IndicatorValues, region: str | None = None) -> tuple[str, ...]:
    """Return the splits of which every group has a value, in ``region`` when it is given."""
    frame = grouped(values)
    if region is not None:
        frame = frame[frame["region"] == region]
    held = set(zip(frame["sex"], frame["birth"], strict=True))
    return tuple(split for split, pairs in SPLITS.items() if held >= set(pairs))


def name(group: Group, values: IndicatorValues) -> str:
    """Return what readers call a group: ``utrikes födda kvinnor``."""
    return sentences.group({"sex": group[0], "birth": group[1]}, values.indicator)


def lines_by_group(values: IndicatorValues, wish: Asked, split: str) -> Figure:
    """A line for each group in the region, cut where the series breaks.

    Raises:
        MissingIndicatorError: the region has not both groups, or four groups are asked for.
    """
    about, focus = values.indicator, wish.region or regions.COUNTRY
    if split == "both":
        raise MissingIndicatorError(
            f"{about.name}: fyra grupper ritas inte som linjer.",
            'Pröva form="groups", eller split="sex" eller split="birth".',
        )
    frame = grouped(values)
    names = {COLUMNS[pair]: swedish.upper_first(name(pair, values)) for pair in SPLITS[split]}
    frame = frame[(frame["region"] == focus) & frame["column"].isin(list(names))]
    if set(frame["column"]) != set(names):
        raise MissingIndicatorError(
            f"{about.name} är inte uppdelad på {swedish.listing(list(names.values())).lower()} för "
            f"{sentences.place(focus)}."
        )
    periods = sorted(frame["period"].unique())
    last = periods[-1]
    said = sentences.women_and_men if split == "sex" else sentences.by_birth
    title = said(values, focus, last) or f"{about.name} i {sentences.place(focus)} {last}."
    when = periods[0] if len(periods) == 1 else f"{periods[0]}–{last}"
    # The table has the groups in the order of their ids.
    ids = {column: f"{place}-{column}" for place, column in enumerate(names)}
    data = frame.assign(region=frame["column"].map(ids), label=frame["column"].map(names))
    return figures.lines(
        data[["region", "label", "period", "value", "segment", "preliminary"]],
        focus=None,
        reference=None,
        styles={ids[column]: _STYLES[column] for column in names},
        **texts("linjegrupper", values, title, heading(values, when), [focus], periods),
    )

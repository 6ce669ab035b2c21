"""The newest figure of every region and group, as a tidy frame and as a table for a reader."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.indicators import FEW, HIDDEN, IndicatorValues, sentences

_GROUPS = ("sex", "birth", "industry", "category")
_NOTES = {
    HIDDEN: "visas inte: färre än 5 fall eller en bas under 100",
    FEW: "bygger på 5–29 fall",
    sentences.YEAR_INFERRED: "året är härlett",
    "summed": "summa av delar",
    "rounded": "avrundat",
}


def latest(values: IndicatorValues, codes: Sequence[str]) -> pd.DataFrame:
    """Return one row for each region and group: each region's newest period in which it has a value.

    Columns: ``region``, ``name``, the dimensions that the indicator is divided by, ``period``, ``value``,
    ``low``, ``high``, ``unit``, ``preliminary`` and ``note``. A region without any value has one row that
    says so.

    Args:
        values: an indicator's values.
        codes: the regions, in the order wanted.
    """
    frame = values.frame
    divided = [d for d in _GROUPS if set(frame[d]) - {"total"}]
    rows: list[dict[str, Any]] = []
    for code in codes:
        period = values.latest(code)
        name = {"region": code, "name": regions.name(code)}
        if period is None:
            rows.append(name | {"note": sentences.missing(values, code), "preliminary": False})
            continue
        found = frame[(frame["region"] == code) & (frame["period"] == period)]
        columns = [*divided, "period", "value", "low", "high", "unit", "preliminary", "status"]
        for row in found[columns].to_dict("records"):
            status = str(row.pop("status"))
            rows.append(name | row | {"note": _note(status, row["value"])})
    shown = ["region", "name", *divided, "period", "value", "low", "high", "unit"]
    result = pd.DataFrame(rows, columns=[*shown, "preliminary", "note"])
    return result.astype({"value": float, "low": float, "high": float, "preliminary": bool})


def _note(status: str, value: float) -> str:
    if status in _NOTES:
        return _NOTES[status]
    return "uppgift saknas hos producenten" if pd.isna(value) else ""


def readable(frame: pd.DataFrame, values: IndicatorValues) -> tuple[list[str], list[list[str]]]:
    """Return the headings and the rows of :func:`latest` as a reader wants them."""
    about = values.indicator
    grouped = any(dimension in frame for dimension in _GROUPS)
    headings = [
        "Område",
        *(["Grupp"] if grouped else []),
        "Period",
        "Värde",
        "Intervall",
        "Att veta",
    ]
    rows = []
    for row in frame.to_dict("records"):
        own = {d: str(row[d]) for d in _GROUPS if d in row and isinstance(row[d], str)}
        group = sentences.group(own, about) or "alla"
        known = isinstance(row["period"], str)
        bounds = [row["low"], row["high"]]
        span = "–".join(swedish.number(end, about.decimals) for end in bounds)
        notes = [row["note"], "preliminärt" if row["preliminary"] else ""]
        rows.append(
            [
                row["name"],
                *([group] if grouped else []),
                swedish.period(row["period"]) if known else "",
                sentences.amount(row["value"], about),
                "" if any(map(pd.isna, bounds)) else span,
                "; ".join(note for note in notes if note),
            ]
        )
    return headings, rows

"""Tests of how the county's municipalities lie."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from affarsplan_data import regions, swedish
from affarsplan_data.claims.findings import Finding, Outcome, holds_if
from affarsplan_data.claims.reading import Reading, UndecidedError

P = Mapping[str, Any]
SHOWN = 3


def municipalities_at_least(about: Reading, p: P) -> Finding:
    """At least ``count`` municipalities reach ``limit``."""
    rows = _rows(about)
    limit = float(p["limit"])
    met = rows[rows["value"] >= limit]
    top = swedish.listing(
        [f"{regions.name(r.region)} {about.amount(r.value)}" for r in rows.head(SHOWN).itertuples()]
    )
    text = (
        f"{len(met)} av {len(rows)} kommuner når {about.amount(limit)} {rows['period'].iloc[0]}; "
        f"högst är {top}"
    )
    return _finding(about, holds_if(len(met) >= int(p["count"])), text, rows)


def municipal_spread(about: Reading, p: P) -> Finding:
    """The highest municipality lies at least ``at_least`` above the lowest."""
    rows = _rows(about)
    if len(rows) < len(about.municipalities):
        raise UndecidedError(
            f"{len(rows)} av {len(about.municipalities)} kommuner har en uppgift om {about.noun}"
        )
    top, bottom = rows.iloc[0], rows.iloc[-1]
    text = (
        f"från {about.amount(bottom['value'])} i {regions.name(bottom['region'])} till "
        f"{about.amount(top['value'])} i {regions.name(top['region'])} {top['period']}"
    )
    holds = top["value"] - bottom["value"] >= float(p["at_least"])
    return _finding(about, holds_if(holds), text, rows)


def smaller_below_largest(about: Reading, p: P) -> Finding:
    """The median of the county's other municipalities lies below the one named in ``largest``."""
    rows = _rows(about)
    largest = rows[rows["region"] == str(p["largest"])]
    others = rows[rows["region"] != str(p["largest"])]
    if largest.empty or others.empty:
        raise UndecidedError(f"uppgift om {about.noun} saknas för kommunerna")
    median, top = float(others["value"].median()), float(largest["value"].iloc[0])
    text = (
        f"medianen i de andra kommunerna är {about.amount(median)}, i "
        f"{regions.name(str(p['largest']))} {about.amount(top)} {rows['period'].iloc[0]}"
    )
    return _finding(about, holds_if(median < top), text, rows)


def _rows(about: Reading) -> pd.DataFrame:
    """Return the municipalities' rows of the newest year that most of them have, highest first."""
    period = about.values.latest_shared(about.municipalities)
    if period is None:
        raise UndecidedError(f"uppgift om {about.noun} saknas för kommunerna")
    found = [about.series(code) for code in about.municipalities]
    rows = pd.concat(found, ignore_index=True)
    rows = rows[rows["period"] == period]
    if rows.empty:
        raise UndecidedError(f"uppgift om {about.noun} saknas för kommunerna")
    return rows.sort_values(["value", "region"], ascending=[False, True], ignore_index=True)


def _finding(about: Reading, outcome: Outcome, text: str, rows: pd.DataFrame) -> Finding:
    first = rows.iloc[0]
    return Finding(
        outcome, text, about.values.indicator.id, str(first["period"]), float(first["value"])
    )

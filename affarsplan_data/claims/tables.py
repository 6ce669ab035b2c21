"""Judgements as tables and plain values, for analysts and for machines."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from affarsplan_data.claims.evidence import setting
from affarsplan_data.claims.findings import Finding
from affarsplan_data.claims.trials import Trial
from affarsplan_data.claims.verdicts import Judgement, judge_all

COLUMNS = (
    "claim",
    "section",
    "about",
    "verdict",
    "reason",
    "then_year",
    "then_verdict",
    "then",
    "now_period",
    "now",
    "sensitivity",
    "definition",
    "remarks",
    "limits",
    "goals",
)
CONDITION_COLUMNS = (
    "claim",
    "condition",
    "text",
    "then_indicator",
    "then_period",
    "then_value",
    "then_figure",
    "then_outcome",
    "now_indicator",
    "now_period",
    "now_value",
    "now_figure",
    "now_outcome",
)


def claims(
    region: str | None = None,
    year: int | None = None,
    data: str = "newest",
    *,
    conditions: bool = False,
) -> pd.DataFrame:
    """Return the plan's claims judged.

    Args:
        region: a county; the plan's own when None.
        year: figures up to and including this year; None means all.
        data: which data to read.
        conditions: a row per condition with its then- and now-value, instead of a row per claim.

    Returns:
        A frame with :data:`COLUMNS`, all of them text but ``then_year``, or :data:`CONDITION_COLUMNS`.
        ``attrs["note"]`` says when the county is not the plan's.

    Raises:
        UsageError: a parameter that cannot be used.
        ClaimError: the plan's claims are not declared in a way that they can be tested.

    Example:
        >>> claims(data="edition").set_index("claim").loc["C21", "verdict"]
        'stöds'
    """
    chosen = setting(region, year, data)
    judged = judge_all(chosen)
    frame = by_condition(judged) if conditions else table(judged)
    frame.attrs = {"note": chosen.note}
    return frame


def table(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """Return judgements as a frame with :data:`COLUMNS`."""
    frame = pd.DataFrame([_row(one) for one in judgements], columns=list(COLUMNS))
    return frame.astype({"then_year": "Int64"})


def by_condition(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """Return a row per condition with :data:`CONDITION_COLUMNS`."""
    rows = [row for one in judgements for row in _conditions(one)]
    frame = pd.DataFrame(rows, columns=list(CONDITION_COLUMNS))
    return frame.astype({"then_value": float, "now_value": float})


def _row(judged: Judgement) -> dict[str, Any]:
    anchor, now = judged.anchor, judged.now
    lines = [
        f"{one.text}: {f'då {one.then}, ' if one.then else ''}nu {one.now}"
        for one in judged.sensitivity
    ]
    return {
        "claim": judged.claim.id,
        "section": judged.claim.section,
        "about": judged.claim.about,
        "verdict": str(judged.verdict),
        "reason": judged.reason,
        "then_year": anchor.year if anchor else None,
        "then_verdict": str(anchor.verdict) if anchor else "",
        "then": said(anchor),
        "now_period": now.period if now else "",
        "now": said(now),
        "sensitivity": "; ".join(lines),
        "definition": " ".join(text for _, text in judged.definitions),
        "remarks": " ".join(judged.remarks),
        "limits": judged.claim.limits or "",
        "goals": ", ".join(judged.claim.goals),
    }


def said(trial: Trial | None) -> str:
    """Return a trial's findings as text, empty without one."""
    return " | ".join(f"{f.outcome}: {f.text}" for f in trial.findings) if trial else ""


def _conditions(judged: Judgement) -> list[dict[str, Any]]:
    rows = []
    for place, condition in enumerate(judged.claim.conditions):
        row: dict[str, Any] = {
            "claim": judged.claim.id,
            "condition": place + 1,
            "text": condition.text,
        }
        for name, trial in (("then", judged.anchor), ("now", judged.now)):
            if trial is not None:
                row |= _finding(name, trial.findings[place])
        rows.append(row)
    return rows


def _finding(name: str, finding: Finding) -> dict[str, Any]:
    return {
        f"{name}_indicator": finding.indicator or "",
        f"{name}_period": finding.period or "",
        f"{name}_value": finding.value,
        f"{name}_figure": finding.figure,
        f"{name}_outcome": str(finding.outcome),
    }


def record(judged: Judgement) -> dict[str, Any]:
    """Return all of a judgement as plain values, for JSON."""
    claim = judged.claim
    return {
        "claim": claim.id,
        "section": claim.section,
        "about": claim.about,
        "testability": claim.testability,
        "verdict": str(judged.verdict),
        "reason": judged.reason,
        "remarks": list(judged.remarks),
        "needed": claim.needed or len(claim.conditions),
        "conditions": [
            {"form": c.form, "text": c.text, "parameters": dict(c.parameters)}
            for c in claim.conditions
        ],
        "plan_years": list(claim.anchor_years),
        "reproduced_in": list(judged.reproduced_in),
        "then": _trial(judged.anchor),
        "now": _trial(judged.now),
        "sensitivity": [
            {"text": one.text, "then": one.then and str(one.then), "now": str(one.now)}
            for one in judged.sensitivity
        ],
        "definitions": dict(judged.definitions),
        "limits": claim.limits or "",
        "goals": list(claim.goals),
    }


def _trial(trial: Trial | None) -> dict[str, Any] | None:
    if trial is None:
        return None
    return {
        "year": trial.year,
        "verdict": str(trial.verdict),
        "findings": [
            {
                "outcome": str(f.outcome),
                "text": f.text,
                "indicator": f.indicator,
                "period": f.period,
                "value": f.value,
                "figure": f.figure,
            }
            for f in trial.findings
        ],
    }

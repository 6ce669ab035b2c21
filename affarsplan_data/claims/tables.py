"""Judgements as a table, for analysts and for machines."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from affarsplan_data.claims.verdicts import Judgement, Trial, judge_all, setting

COLUMNS = (
    "claim",
    "section",
    "about",
    "verdict",
    "reason",
    "anchor_year",
    "anchor_verdict",
    "anchor",
    "now_period",
    "now",
    "sensitivity",
    "definition",
    "limits",
    "goals",
)


def claims(
    region: str | None = None, year: int | None = None, data: str = "newest"
) -> pd.DataFrame:
    """Return the plan's claims judged, one row each, with :data:`COLUMNS` as text.

    Args:
        region: a county; the plan's own when None.
        year: figures up to and including this year; None means all.
        data: which data to read.

    Example:
        >>> claims().set_index("claim").loc["C21", "verdict"]
        'stöds'
    """
    return table(judge_all(setting(region, year, data)))


def table(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """Return judgements as a frame with :data:`COLUMNS`."""
    return pd.DataFrame([record(one) for one in judgements], columns=list(COLUMNS))


def record(judged: Judgement) -> dict[str, Any]:
    """Return a judgement as plain values, by :data:`COLUMNS`."""
    anchor, now = judged.anchor, judged.now
    return {
        "claim": judged.claim.id,
        "section": judged.claim.section,
        "about": judged.claim.about,
        "verdict": str(judged.verdict),
        "reason": judged.reason,
        "anchor_year": anchor.year if anchor else None,
        "anchor_verdict": str(anchor.verdict) if anchor else "",
        "anchor": said(anchor),
        "now_period": max((f.period or "" for f in now.findings), default="") if now else "",
        "now": said(now),
        "sensitivity": "; ".join(f"{text}: {verdict}" for text, verdict in judged.sensitivity),
        "definition": " ".join(judged.definitions),
        "limits": judged.claim.limits or "",
        "goals": ", ".join(judged.claim.goals),
    }


def said(trial: Trial | None) -> str:
    """Return a trial's findings as text."""
    return " | ".join(f"{f.outcome}: {f.text}" for f in trial.findings) if trial else ""

"""The plan's statistical claims, tested each year: ``judge_all(setting())``."""

from affarsplan_data.claims.errors import ClaimError
from affarsplan_data.claims.findings import Finding, Outcome
from affarsplan_data.claims.tables import claims, record
from affarsplan_data.claims.verdicts import (
    Judgement,
    Setting,
    Trial,
    Verdict,
    judge,
    judge_all,
    setting,
)

__all__ = [
    "ClaimError",
    "Finding",
    "Judgement",
    "Outcome",
    "Setting",
    "Trial",
    "Verdict",
    "claims",
    "judge",
    "judge_all",
    "record",
    "setting",
]

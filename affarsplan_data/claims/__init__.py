"""The plan's statistical claims, tested each year: ``judge_all(setting())``."""

from affarsplan_data.claims.checking import check
from affarsplan_data.claims.errors import ClaimError
from affarsplan_data.claims.evidence import Setting, setting
from affarsplan_data.claims.findings import Finding, Margin, Outcome
from affarsplan_data.claims.tables import claims, record
from affarsplan_data.claims.trials import Trial, Verdict
from affarsplan_data.claims.verdicts import Judgement, Sensitivity, judge, judge_all

__all__ = [
    "ClaimError",
    "Finding",
    "Judgement",
    "Margin",
    "Outcome",
    "Sensitivity",
    "Setting",
    "Trial",
    "Verdict",
    "check",
    "claims",
    "judge",
    "judge_all",
    "record",
    "setting",
]

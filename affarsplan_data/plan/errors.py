"""Errors of the plan layer: every one names the file and the entry at fault."""

from affarsplan_data.errors import AffarsplanError, UsageError


class PlanError(AffarsplanError):
    """A plan's file is malformed or contradicts itself."""

    def __init__(self, file: str, entry: str, problem: str) -> None:
        super().__init__(f"Planen, {file}, posten ”{entry}”: {problem}")


class UnknownPlanEntryError(UsageError):
    """A delmål, a målområde, a RUS delmål or a comparison group that the plan does not have."""

"""The plan's statistical claims, tested each year: ``judge_all(setting())``.

The package can be called as :func:`claims` itself, so that ``affarsplan_data.claims()`` is the same
function whether or not this package has been imported.
"""

import sys
from types import ModuleType
from typing import Any

import pandas as pd

from affarsplan_data.claims.checking import check
from affarsplan_data.claims.errors import ClaimError
from affarsplan_data.claims.evidence import Setting, setting
from affarsplan_data.claims.findings import Finding, Outcome
from affarsplan_data.claims.tables import claims, record
from affarsplan_data.claims.trials import Trial, Verdict
from affarsplan_data.claims.verdicts import Judgement, Sensitivity, judge, judge_all

__all__ = [
    "ClaimError",
    "Finding",
    "Judgement",
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


class _Callable(ModuleType):
    """A package of the same name as its main function."""

    def __call__(self, *args: Any, **kwargs: Any) -> pd.DataFrame:
        """Return the plan's claims judged, as :func:`claims` does."""
        return claims(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable

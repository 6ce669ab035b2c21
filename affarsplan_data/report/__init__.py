"""Run the notebooks and publish them as accessible folders of HTML that need no network."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from affarsplan_data.report.build import (
        BuildResult,
        Planned,
        PlanWords,
        Progress,
        build_report,
        build_reports,
        plan_reports,
    )
    from affarsplan_data.report.making import PageResult
    from affarsplan_data.report.pageruns import PageRun
    from affarsplan_data.report.run import Limits, PageError, Runner

__all__ = [
    "BuildResult",
    "Limits",
    "PageError",
    "PageResult",
    "PageRun",
    "PlanWords",
    "Planned",
    "Progress",
    "Runner",
    "build_report",
    "build_reports",
    "plan_reports",
]

_ELSEWHERE = {"PageResult": "making", "PageRun": "pageruns"} | dict.fromkeys(
    ("Limits", "PageError", "Runner"), "run"
)


def __getattr__(name: str) -> Any:
    """Import a name when it is first used: a report that stands is told of without what makes one."""
    if name not in __all__:
        raise AttributeError(f"affarsplan_data.report har inte {name}")
    return getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'build')}"), name)

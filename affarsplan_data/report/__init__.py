"""Run the notebooks and publish them as accessible folders of HTML that need no network."""

from affarsplan_data.report.build import (
    BuildResult,
    PlanWords,
    Progress,
    build_report,
    build_reports,
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
    "Progress",
    "Runner",
    "build_report",
    "build_reports",
]

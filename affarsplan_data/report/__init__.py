"""Run the notebooks and publish them as one accessible folder of HTML that needs no network."""

from affarsplan_data.report.build import BuildResult, PlanWords, build_report
from affarsplan_data.report.run import PageError, PageResult, Progress

__all__ = [
    "BuildResult",
    "PageError",
    "PageResult",
    "PlanWords",
    "Progress",
    "build_report",
]

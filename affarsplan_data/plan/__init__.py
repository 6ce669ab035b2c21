"""The plan that is followed up, as data: no tables, no statistics.

``load_plan()`` returns Affärsplan Västmanland 2030. Another region's plan is another YAML file of
the same form: ``load_plan(Path("..."))``.
"""

from affarsplan_data.plan.claims import Claim, Condition, Variant, load_claims
from affarsplan_data.plan.errors import PlanError, UnknownPlanEntryError
from affarsplan_data.plan.loading import load_plan
from affarsplan_data.plan.models import (
    Agenda2030,
    ComparisonGroup,
    Equality,
    GlobalGoal,
    Period,
    Plan,
    RusGoal,
    Subgoal,
    TargetArea,
)

__all__ = [
    "Agenda2030",
    "Claim",
    "ComparisonGroup",
    "Condition",
    "Equality",
    "GlobalGoal",
    "Period",
    "Plan",
    "PlanError",
    "RusGoal",
    "Subgoal",
    "TargetArea",
    "UnknownPlanEntryError",
    "Variant",
    "load_claims",
    "load_plan",
]

"""Checks that claims are declared in a way that they can be tested, before any is."""

import difflib
from collections.abc import Iterator, Sequence

from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.claims.errors import ClaimError
from affarsplan_data.claims.forms import FORMS
from affarsplan_data.claims.forms.arguments import ArgumentsError, bound, takes
from affarsplan_data.plan import Claim, Condition, Plan, Variant, load_plan

SHOWN = 10


def check(claims: Sequence[Claim], plan: Plan | None = None) -> None:
    """Check tests, parameters, indicators and goals of claims.

    Raises:
        ClaimError: something is not as it should be; the message says what, in which claims.
    """
    about = plan or load_plan()
    goals = {goal.id for goal in about.subgoals} | {goal.id for goal in about.rus_goals}
    faults = [f"{claim.id}: {fault}." for claim in claims for fault in _faults(claim, goals)]
    if faults:
        more = f" Och {len(faults) - SHOWN} fel till." if len(faults) > SHOWN else ""
        raise ClaimError(f"Påståendena går inte att pröva. {' '.join(faults[:SHOWN])}{more}")


def _faults(claim: Claim, goals: set[str]) -> Iterator[str]:
    yield from (f"delmålet {goal} finns inte i planen" for goal in claim.goals if goal not in goals)
    for number, condition in enumerate(claim.conditions, start=1):
        yield from (f"villkor {number}: {fault}" for fault in _condition_faults(condition))
    for variant in claim.sensitivity:
        yield from (f"”{variant.text}”: {fault}" for fault in _variant_faults(claim, variant))


def _condition_faults(condition: Condition) -> Iterator[str]:
    form = FORMS.get(condition.form)
    if form is None:
        near = difflib.get_close_matches(condition.form, FORMS, n=3) or list(FORMS)
        yield f"prövningen {condition.form} finns inte; närmast: {', '.join(near)}"
    else:
        try:
            bound(form, condition.parameters)
        except ArgumentsError as error:
            yield str(error)
    held = load_catalogue().indicators
    for id in condition.indicators:
        if id not in held:
            yield f"indikatorn {id} finns inte i katalogen"


def _variant_faults(claim: Claim, variant: Variant) -> Iterator[str]:
    changed = [claim.conditions[number - 1] for number in variant.changes(claim)]
    known = [(one, FORMS[one.form]) for one in changed if one.form in FORMS]
    for name in variant.parameters:
        if not any(takes(form, name) for _, form in known):
            yield f"ingen prövning tar {name}"
    for condition, form in known:
        used = {n: v for n, v in variant.parameters.items() if takes(form, n)}
        try:
            bound(form, dict(condition.parameters) | used)
        except ArgumentsError as error:
            yield str(error)

"""The plan's claims judged in two steps: first the years its authors had, then today.

A claim whose own years do not give what the plan says is not judged on today's figures: then either the
definition is another than the authors', or the figures have been revised since.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from affarsplan_data import swedish
from affarsplan_data.claims.errors import ClaimError
from affarsplan_data.claims.findings import Finding, Outcome
from affarsplan_data.claims.forms import FORMS
from affarsplan_data.claims.reading import Reading, UndecidedError
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, indicator
from affarsplan_data.plan import Claim, Condition, load_claims, load_plan


class Verdict(StrEnum):
    """What can be said of a claim."""

    SUPPORTED = "stöds"
    PARTLY = "stöds delvis"
    NOT_SUPPORTED = "stöds inte"
    UNTESTABLE = "kan inte prövas med öppna data"
    UNDECIDED = "går inte att bedöma"


@dataclass(frozen=True)
class Trial:
    """A claim's conditions tried on the figures up to and including ``year``."""

    year: int
    findings: tuple[Finding, ...]
    needed: int

    @property
    def verdict(self) -> Verdict:
        """What the findings come to."""
        outcomes = [finding.outcome for finding in self.findings]
        if all(outcome == Outcome.UNKNOWN for outcome in outcomes):
            return Verdict.UNDECIDED
        if outcomes.count(Outcome.HOLDS) >= self.needed:
            return Verdict.SUPPORTED
        if all(outcome in (Outcome.FAILS, Outcome.UNKNOWN) for outcome in outcomes):
            return Verdict.NOT_SUPPORTED
        return Verdict.PARTLY


@dataclass(frozen=True)
class Judgement:
    """A claim's verdict, with what it rests on.

    ``anchor`` is the trial of the plan's own years: one that gives what the plan says, else the last
    that gave anything, None when none did. ``now`` is the trial of the newest figures. ``sensitivity``
    gives, per other choice of parameters, its verdict. ``reason`` says in a sentence why the verdict is
    not a plain yes or no. ``definitions`` are those of the indicators used.
    """

    claim: Claim
    verdict: Verdict
    reason: str
    anchor: Trial | None = None
    now: Trial | None = None
    sensitivity: tuple[tuple[str, Verdict], ...] = ()
    definitions: tuple[str, ...] = ()

    @property
    def reproduced(self) -> bool:
        """Whether the plan's own years give what the plan says; a goal has none to give it."""
        if not self.claim.anchor_years:
            return True
        return self.anchor is not None and self.anchor.verdict == Verdict.SUPPORTED


@dataclass(frozen=True)
class Setting:
    """For which region, up to which year and on which data claims are judged."""

    region: str
    year: int
    data: str


def judge_all(setting: Setting, claims: tuple[Claim, ...] | None = None) -> list[Judgement]:
    """Return the judgement of every claim of the plan, in order."""
    return [judge(claim, setting) for claim in (load_claims() if claims is None else claims)]


def judge(claim: Claim, setting: Setting) -> Judgement:
    """Return what the figures say of a claim.

    Raises:
        ClaimError: the claim names a test that does not exist.
    """
    if claim.testability == "qualitative" or not claim.conditions:
        return Judgement(claim, Verdict.UNTESTABLE, claim.limits or "")
    if lacking := _lacking(claim, setting):
        open_data = claim.testability in ("open", "open_file")
        verdict = Verdict.UNDECIDED if open_data else Verdict.UNTESTABLE
        return Judgement(claim, verdict, lacking)
    now = _trial(claim, setting, setting.year)
    anchor = _anchor(claim, setting)
    judged = Judgement(
        claim,
        now.verdict,
        _because(claim, now),
        anchor,
        now,
        _sensitivity(claim, setting),
        _definitions(claim, setting),
    )
    if judged.reproduced:
        return judged
    return Judgement(
        claim,
        Verdict.UNDECIDED,
        _not_reproduced(claim, anchor),
        anchor,
        now,
        judged.sensitivity,
        judged.definitions,
    )


def _anchor(claim: Claim, setting: Setting) -> Trial | None:
    """Return the trial of the plan's own years that comes closest to what the plan says."""
    trials = [_trial(claim, setting, year) for year in claim.anchor_years if year <= setting.year]
    for wanted in (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.NOT_SUPPORTED):
        for trial in reversed(trials):
            if trial.verdict == wanted:
                return trial
    return None


def _trial(
    claim: Claim, setting: Setting, year: int, other: Mapping[str, Any] | None = None
) -> Trial:
    findings = (_tried(condition, setting, year, other or {}) for condition in claim.conditions)
    return Trial(year, tuple(findings), claim.needed or len(claim.conditions))


def _tried(condition: Condition, setting: Setting, year: int, other: Mapping[str, Any]) -> Finding:
    form = FORMS.get(condition.form)
    if form is None:
        raise ClaimError(
            f"Prövningen ”{condition.form}” finns inte. De som finns: {', '.join(FORMS)}."
        )
    parameters = dict(condition.parameters) | {
        name: value for name, value in other.items() if name in condition.parameters
    }
    select: Any = parameters.pop("select", {})
    try:
        values = _values(condition, setting, year)
        return form(Reading(values, setting.region, select), parameters)
    except (UndecidedError, MissingIndicatorError) as error:
        return Finding(Outcome.UNKNOWN, str(error).rstrip("."))


def _values(condition: Condition, setting: Setting, year: int) -> IndicatorValues:
    """Return the values of the first indicator that has any for the region up to ``year``."""
    first: Exception | None = None
    for id in condition.indicators:
        try:
            values = indicator(id, until=year, data=setting.data)
        except MissingIndicatorError as error:
            first = first or error
            continue
        frame = values.frame
        if (frame["region"].str.startswith(setting.region) & frame["value"].notna()).any():
            return values
        first = first or UndecidedError(
            f"{values.indicator.noun} har inga uppgifter till och med {year}"
        )
    assert first is not None
    raise first


def _lacking(claim: Claim, setting: Setting) -> str:
    """Return why no condition of a claim has any figures, empty when one has."""
    reasons = []
    for condition in claim.conditions:
        try:
            _values(condition, setting, setting.year)
            return ""
        except (UndecidedError, MissingIndicatorError) as error:
            reasons.append(str(error).rstrip("."))
    return f"{swedish.upper_first('; '.join(dict.fromkeys(reasons)))}."


def _sensitivity(claim: Claim, setting: Setting) -> tuple[tuple[str, Verdict], ...]:
    return tuple(
        (variant.text, _trial(claim, setting, setting.year, variant.parameters).verdict)
        for variant in claim.sensitivity
    )


def _definitions(claim: Claim, setting: Setting) -> tuple[str, ...]:
    used = []
    for condition in claim.conditions:
        try:
            about = _values(condition, setting, setting.year).indicator
        except (UndecidedError, MissingIndicatorError):
            continue
        used.append(f"{about.name}: {about.definition}")
    return tuple(dict.fromkeys(used))


def _because(claim: Claim, trial: Trial) -> str:
    """Return why a verdict is not a plain yes or no, empty when it is."""
    unknown = [f.text for f in trial.findings if f.outcome == Outcome.UNKNOWN]
    if unknown:
        return f"En del går inte att avgöra: {'; '.join(dict.fromkeys(unknown))}."
    periods = [f.period for f in trial.findings if f.period]
    if claim.anchor_years and periods and int(max(periods)[:4]) <= claim.anchor_years[-1]:
        return f"Nyare uppgifter än planens egna finns inte; den senaste gäller {max(periods)}."
    return ""


def _not_reproduced(claim: Claim, anchor: Trial | None) -> str:
    years = f"{claim.anchor_years[0]}–{claim.anchor_years[-1]}"
    if anchor is None:
        return (
            f"Planens egna år ({years}) kan inte prövas med de uppgifter som finns, så det är inte "
            "säkert att samma sak mäts."
        )
    return (
        f"Planens egna år ({years}) ger inte det som planen säger, så antingen mäts något annat eller "
        "så har uppgifterna ändrats sedan dess."
    )


def setting(region: str | None = None, year: int | None = None, data: str = "newest") -> Setting:
    """Return where claims are judged: the plan's county and all years, unless others are given."""
    last = date.today().year if year is None else year
    return Setting(region or load_plan().region, last, data)

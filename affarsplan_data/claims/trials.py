"""A claim's conditions tried on the figures up to a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from affarsplan_data.claims.evidence import Evidence
from affarsplan_data.claims.findings import Finding, Outcome, joined
from affarsplan_data.claims.forms import FORMS
from affarsplan_data.claims.forms.arguments import bound, takes
from affarsplan_data.claims.reading import NoFiguresError
from affarsplan_data.indicators import MissingIndicatorError
from affarsplan_data.plan import Claim, Condition, Variant
from affarsplan_data.statistics import StatisticsError


class Verdict(StrEnum):
    """What can be said of a claim."""

    SUPPORTED = "stöds"
    PARTLY = "stöds delvis"
    NOT_SUPPORTED = "stöds inte"
    UNTESTABLE = "kan inte prövas med öppna data"
    UNDECIDED = "går inte att bedöma"


_VERDICTS = {
    Outcome.HOLDS: Verdict.SUPPORTED,
    Outcome.PARTLY: Verdict.PARTLY,
    Outcome.FAILS: Verdict.NOT_SUPPORTED,
    Outcome.UNKNOWN: Verdict.UNDECIDED,
}


@dataclass(frozen=True)
class Trial:
    """The findings of a claim's conditions, in their order, on figures up to and including ``year``."""

    year: int
    findings: tuple[Finding, ...]
    needed: int

    @property
    def verdict(self) -> Verdict:
        """What the findings come to; one that is unknown may not decide."""
        return _VERDICTS[joined([finding.outcome for finding in self.findings], self.needed)]

    @property
    def period(self) -> str:
        """The newest period that was used, empty when there were no figures."""
        return max((finding.period or "" for finding in self.findings), default="")

    @property
    def unknown(self) -> tuple[Finding, ...]:
        """The findings that are not known."""
        return tuple(f for f in self.findings if f.outcome == Outcome.UNKNOWN)

    @property
    def is_empty(self) -> bool:
        """Whether there were no figures for any of the conditions."""
        return all(finding.absent for finding in self.findings)


def trial(claim: Claim, evidence: Evidence, year: int, variant: Variant | None = None) -> Trial:
    """Return the trial of a claim, with a variant's parameters in place of its own when one is given."""
    changed = variant.changes(claim) if variant else ()
    findings = []
    for number, condition in enumerate(claim.conditions, start=1):
        other = variant.parameters if variant and number in changed else {}
        findings.append(_tried(condition, evidence, year, other))
    return Trial(year, tuple(findings), claim.needed or len(claim.conditions))


def _tried(
    condition: Condition, evidence: Evidence, year: int, other: Mapping[str, Any]
) -> Finding:
    """Return the finding on the first of the condition's indicators that has the figures."""
    form = FORMS[condition.form]
    used = {name: value for name, value in other.items() if takes(form, name)}
    parameters = bound(form, dict(condition.parameters) | used)
    reasons = []
    for id in condition.indicators:
        try:
            return form(evidence.reading(id, year), **parameters)
        except MissingIndicatorError as error:
            reasons.append(error.reason.rstrip("."))
        except (NoFiguresError, StatisticsError) as error:
            reasons.append(str(error).rstrip("."))
    return Finding(Outcome.UNKNOWN, reasons[0], absent=True)

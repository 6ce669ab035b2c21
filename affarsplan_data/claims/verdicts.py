"""The plan's claims judged in two steps: first the years its authors had, then today.

A claim whose own years do not give what the plan says is not judged on today's figures: then either the
definition is another than the authors', or the figures have been revised since.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from affarsplan_data import swedish
from affarsplan_data.claims.checking import check
from affarsplan_data.claims.evidence import Evidence, Setting
from affarsplan_data.claims.trials import Trial, Verdict, trial
from affarsplan_data.indicators import definition
from affarsplan_data.plan import Claim, load_claims

_OPEN = ("open", "open_file")
_PREFERRED = (
    Verdict.SUPPORTED,
    Verdict.PARTLY,
    Verdict.NOT_SUPPORTED,
    Verdict.UNDECIDED,
)


@dataclass(frozen=True)
class Sensitivity:
    """What another choice of parameters comes to: in the anchor's year, None without one, and now."""

    text: str
    then: Verdict | None
    now: Verdict


@dataclass(frozen=True)
class Judgement:
    """A claim's verdict, with what it rests on.

    ``anchors`` are the trials of those of the plan's own years that have figures. ``now`` is the trial of
    the newest figures, None when there are none. ``reason`` says why the verdict is no plain yes or no,
    and ``remarks`` what to mind about it. ``definitions`` are those of the indicators used, by id.
    """

    claim: Claim
    verdict: Verdict
    reason: str = ""
    anchors: tuple[Trial, ...] = ()
    now: Trial | None = None
    sensitivity: tuple[Sensitivity, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def anchor(self) -> Trial | None:
        """The trial of the plan's own years that comes closest to what the plan says; the newest one."""
        for wanted in _PREFERRED:
            for one in reversed(self.anchors):
                if one.verdict == wanted:
                    return one
        return None

    @property
    def reproduced_in(self) -> tuple[int, ...]:
        """The plan's own years that give what the plan says."""
        return tuple(one.year for one in self.anchors if one.verdict == Verdict.SUPPORTED)

    @property
    def reproduced(self) -> bool:
        """Whether the plan's own years give what the plan says; a goal has none to give it."""
        return not self.claim.anchor_years or bool(self.reproduced_in)


def judge_all(setting: Setting, claims: Sequence[Claim] | None = None) -> list[Judgement]:
    """Return the judgement of every claim, those of the plan when None, in order.

    Raises:
        ClaimError: a claim is not declared in a way that it can be tested.
    """
    chosen = load_claims() if claims is None else claims
    check(chosen)
    evidence = Evidence(setting)
    return [_judged(claim, evidence) for claim in chosen]


def judge(claim: Claim, setting: Setting) -> Judgement:
    """Return what the figures say of one claim. Errors as for :func:`judge_all`."""
    return judge_all(setting, [claim])[0]


def _judged(claim: Claim, evidence: Evidence) -> Judgement:
    if not claim.conditions:
        return Judgement(claim, Verdict.UNTESTABLE, claim.limits or "")
    year = evidence.setting.year
    now = trial(claim, evidence, year)
    if now.is_empty:
        verdict = Verdict.UNDECIDED if claim.testability in _OPEN else Verdict.UNTESTABLE
        return Judgement(claim, verdict, _sentence([f.text for f in now.findings]))
    judged = Judgement(
        claim,
        now.verdict,
        anchors=_anchors(claim, evidence),
        now=now,
        definitions=_definitions(claim, evidence, now),
    )
    judged = replace(judged, sensitivity=_sensitivity(judged, evidence))
    if not judged.reproduced:
        return replace(judged, verdict=Verdict.UNDECIDED, reason=_not_reproduced(judged))
    return replace(judged, reason=_undecided(now), remarks=_remarks(judged, now))


def _anchors(claim: Claim, evidence: Evidence) -> tuple[Trial, ...]:
    """Return the trials of the plan's own years, of those for which there are figures."""
    years = [year for year in claim.anchor_years if year <= evidence.setting.year]
    trials = [trial(claim, evidence, year) for year in years]
    return tuple(one for one in trials if one.period[:4] == str(one.year))


def _sensitivity(judged: Judgement, evidence: Evidence) -> tuple[Sensitivity, ...]:
    then = judged.anchor
    claim = judged.claim
    return tuple(
        Sensitivity(
            variant.text,
            trial(claim, evidence, then.year, variant).verdict if then else None,
            trial(claim, evidence, evidence.setting.year, variant).verdict,
        )
        for variant in claim.sensitivity
    )


def _definitions(claim: Claim, evidence: Evidence, now: Trial) -> tuple[tuple[str, str], ...]:
    used = dict.fromkeys(f.indicator for f in now.findings if f.indicator)
    about = [evidence.reading(id, now.year).values.indicator for id in used]
    return tuple((one.id, f"{one.name}: {definition(one, evidence.setting.data)}") for one in about)


def _undecided(now: Trial) -> str:
    """Return why a claim whose anchor holds is not decided, empty when it is."""
    if now.verdict != Verdict.UNDECIDED:
        return ""
    unknown = now.unknown
    start = "Det går inte att avgöra"
    if len(unknown) < len(now.findings):
        start = f"{len(unknown)} av {len(now.findings)} villkor går inte att avgöra"
    return f"{start}: {'; '.join(dict.fromkeys(f.text for f in unknown))}."


def _not_reproduced(judged: Judgement) -> str:
    years = judged.claim.anchor_years
    said = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])
    anchor = judged.anchor
    if anchor is None:
        return (
            f"Planens egna år ({said}) kan inte prövas med de uppgifter som finns, så det är inte säkert "
            "att samma sak mäts."
        )
    if anchor.verdict == Verdict.UNDECIDED:
        unknown = "; ".join(dict.fromkeys(f.text for f in anchor.unknown))
        return f"För planens egna år ({said}) går det inte att avgöra: {unknown}."
    return (
        f"Planens egna år ({said}) ger inte fullt ut det som planen säger, så antingen mäts något annat "
        "eller så har uppgifterna ändrats sedan dess."
    )


def _remarks(judged: Judgement, now: Trial) -> tuple[str, ...]:
    claim, anchor = judged.claim, judged.anchor
    remarks = []
    if claim.anchor_years and now.period and int(now.period[:4]) <= claim.anchor_years[-1]:
        remarks.append(
            f"Nyare uppgifter än planens egna finns inte; de senaste gäller {now.period}."
        )
    pairs = zip(anchor.findings if anchor else (), now.findings, strict=False)
    if any(
        old.indicator and new.indicator and old.indicator != new.indicator for old, new in pairs
    ):
        remarks.append("Planens år och de senaste uppgifterna är prövade med olika statistik.")
    if now.unknown and now.verdict != Verdict.UNDECIDED:
        texts = dict.fromkeys(f.text for f in now.unknown)
        remarks.append(f"Ett villkor utan betydelse för bedömningen är okänt: {'; '.join(texts)}.")
    return tuple(remarks)


def _sentence(reasons: Sequence[str]) -> str:
    return f"{swedish.upper_first('; '.join(dict.fromkeys(reasons)))}."

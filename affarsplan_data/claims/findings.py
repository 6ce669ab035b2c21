"""What a test of a claim found, and what several findings come to together."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Whether what is tested holds; ``unknown`` where the figures do not carry an answer."""

    HOLDS = "stämmer"
    PARTLY = "stämmer delvis"
    FAILS = "stämmer inte"
    UNKNOWN = "går inte att avgöra"


@dataclass(frozen=True)
class Margin:
    """How far a number lies on the claimed side of what it is tested against.

    In standard deviations between the counties, negative on the other side. ``low`` and ``high`` are the
    ends of the 95 % interval, None where none is known.
    """

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Finding:
    """The outcome of one condition.

    ``text`` gives the figures in a Swedish clause without full stop; for an unknown outcome it says why.
    ``period`` is the newest period used, ``value`` the number that the condition is about (a place, a
    difference, a share) and ``figure`` that number as it is said. ``margin`` is set where the test is on
    which side of another number it lies. ``absent`` says that there were no figures to test at all.
    """

    outcome: Outcome
    text: str
    indicator: str | None = None
    period: str | None = None
    value: float | None = None
    figure: str = ""
    margin: Margin | None = None
    absent: bool = False


def joined(outcomes: Sequence[Outcome], needed: int | None = None) -> Outcome:
    """Return what several outcomes come to, of which ``needed`` (all when None) must hold.

    An unknown outcome may not decide: the answer is given only where it is the same whichever way the
    unknown ones would fall.
    """
    enough = len(outcomes) if needed is None else needed
    best, worst = (
        _settled([other if one == Outcome.UNKNOWN else one for one in outcomes], enough)
        for other in (Outcome.HOLDS, Outcome.FAILS)
    )
    return best if best == worst else Outcome.UNKNOWN


def _settled(outcomes: Sequence[Outcome], needed: int) -> Outcome:
    if outcomes.count(Outcome.HOLDS) >= needed:
        return Outcome.HOLDS
    some = any(one in (Outcome.HOLDS, Outcome.PARTLY) for one in outcomes)
    return Outcome.PARTLY if some else Outcome.FAILS


def holds_if(condition: bool) -> Outcome:
    """Return that it holds, or that it fails."""
    return Outcome.HOLDS if condition else Outcome.FAILS

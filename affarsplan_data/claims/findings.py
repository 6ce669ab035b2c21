"""What a test of a claim found."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Whether what a claim says holds; ``unknown`` where the figures do not carry an answer."""

    HOLDS = "stämmer"
    PARTLY = "stämmer delvis"
    FAILS = "stämmer inte"
    UNKNOWN = "går inte att avgöra"


@dataclass(frozen=True)
class Finding:
    """The outcome of one condition, for one year.

    ``text`` gives the figures in a Swedish sentence without full stop; for an unknown outcome it says
    why. ``period`` is the year of the newest figure used and ``value`` the county's own.
    """

    outcome: Outcome
    text: str
    indicator: str | None = None
    period: str | None = None
    value: float | None = None


def holds_if(condition: bool) -> Outcome:
    """Return that it holds, or that it fails."""
    return Outcome.HOLDS if condition else Outcome.FAILS


def share_of(met: int, of: int) -> Outcome:
    """Return the outcome of several alike conditions of which ``met`` hold."""
    if met == of:
        return Outcome.HOLDS
    return Outcome.PARTLY if met else Outcome.FAILS

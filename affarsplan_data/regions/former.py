"""Municipalities whose code has changed: Heby, which left Västmanland for Uppsala county in 2007."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """The code that a municipality has had from the year ``since``."""

    to: str
    since: str


MOVED = {"1917": Move("0331", "2007")}
"""Former codes. Source: SCB, Rikets indelningar, changes of 1 January 2007."""

"""Keeps to a server's limit on calls: one :class:`Limiter` for every thread that calls the same host.

A call occupies its place until ``window`` seconds after its answer began to come. The server counted the
call before that, so no window of the server's, fixed or sliding, ever sees more calls than it allows.
"""

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

MARGIN = 0.05
"""Seconds added to every window, for clocks that do not run quite alike."""

LONGEST_WINDOW = 3600.0
_POLICY = re.compile(r"^\s*(\d+)\s*;\s*w=(\d+)")
_PERIOD = re.compile(r"^\s*(\d+)\s*([smh])\s*$", re.IGNORECASE)
_SECONDS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True)
class Rate:
    """At most ``calls`` calls in ``window`` seconds."""

    calls: int
    window: float

    @property
    def per_second(self) -> float:
        """Calls per second in the long run."""
        return self.calls / self.window


CAUTIOUS = Rate(10, 10.0)
"""What is used until the server has said what it allows."""


def rate(calls: object, window: object) -> Rate | None:
    """Return a rate when both numbers are meaningful; 0 and 0 mean that the server does not say here."""
    if not isinstance(calls, int) or not isinstance(window, int | float):
        return None
    if calls < 1 or not 0 < window <= LONGEST_WINDOW:
        return None
    return Rate(calls, float(window))


def rate_in(headers: Mapping[str, str]) -> Rate | None:
    """Return the rate that an answer's headers declare (``x-ratelimit-policy: 40;w=60s``), if any."""
    for name in ("x-ratelimit-policy", "ratelimit-policy"):
        if match := _POLICY.match(headers.get(name, "")):
            return rate(int(match[1]), int(match[2]))
    return None


def exhausted_for(headers: Mapping[str, str]) -> float:
    """Return the seconds to wait when the headers say that no call is left, else 0."""
    for left in ("x-rate-limit-remaining", "x-ratelimit-remaining"):
        if headers.get(left, "").strip() == "0":
            return _until_reset(headers)
    return 0.0


def _until_reset(headers: Mapping[str, str]) -> float:
    period = _PERIOD.match(headers.get("x-rate-limit-limit", ""))
    whole = int(period[1]) * _SECONDS[period[2].lower()] if period else 0
    try:
        # Against the server's own clock: the one here may be wrong.
        reset = datetime.fromisoformat(headers["x-rate-limit-reset"][:19] + "+00:00")
        seconds = (reset - parsedate_to_datetime(headers["date"])).total_seconds() + 1.0
    except (KeyError, ValueError, TypeError):
        return 0.0
    return min(max(seconds, 0.0), float(whole or LONGEST_WINDOW))


class Limiter:
    """Lets calls through at the rate a server allows. Safe to share between threads."""

    def __init__(
        self,
        assumed: Rate = CAUTIOUS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._assumed = assumed
        self._declared: Rate | None = None
        self._seen: Rate | None = None
        self._clock = clock
        self._places: deque[_Place] = deque()
        self._closed_until = 0.0
        self._change = threading.Condition()

    @property
    def rate(self) -> Rate:
        """The rate kept to: the stricter of what ``/config`` and the headers say."""
        known = [r for r in (self._declared, self._seen) if r is not None]
        return min(known, key=lambda r: r.per_second) if known else self._assumed

    def declare(self, declared: Rate | None) -> None:
        """Take over what the server's configuration says; None changes nothing."""
        with self._change:
            self._declared = declared or self._declared
            self._change.notify_all()

    def observe(self, headers: Mapping[str, str]) -> None:
        """Take over what an answer's headers say about the limit, names in lower case."""
        with self._change:
            self._seen = rate_in(headers) or self._seen
        if wait := exhausted_for(headers):
            self.close_for(wait)

    def close_for(self, seconds: float) -> None:
        """Let nobody through for ``seconds``: the server has said that enough is enough."""
        with self._change:
            self._closed_until = max(self._closed_until, self._clock() + seconds)
            self._change.notify_all()

    @contextmanager
    def place(self, deadline: float | None = None) -> Iterator["_Place"]:
        """Wait for a place among the calls, hold it during the call, and free it one window later.

        Raises:
            TimeoutError: there was no place before ``deadline`` (on the limiter's clock).
        """
        taken = self._take(deadline)
        try:
            yield taken
        finally:
            self._answered(taken)

    def _take(self, deadline: float | None) -> "_Place":
        with self._change:
            while (wait := self._wait_for_place()) > 0:
                left = None if deadline is None else deadline - self._clock()
                if left is not None and left <= 0:
                    raise TimeoutError
                self._change.wait(wait if left is None else min(wait, left))
            place = _Place(self._answered)
            self._places.append(place)
            return place

    def _wait_for_place(self) -> float:
        now = self._clock()
        if now < self._closed_until:
            return self._closed_until - now
        window = self.rate.window + MARGIN
        self._places = deque(p for p in self._places if p.at is None or now - p.at < window)
        if len(self._places) < self.rate.calls:
            return 0.0
        counted = [p.at for p in self._places if p.at is not None]
        return max(min(counted) + window - now, 0.001) if counted else window

    def _answered(self, place: "_Place") -> None:
        with self._change:
            if place.at is None:
                place.at = self._clock()
                self._change.notify_all()


class _Place:
    """One call's place; ``answered`` is called when the server must have counted the call."""

    def __init__(self, stamp: Callable[["_Place"], None]) -> None:
        self.at: float | None = None
        self._stamp = stamp

    def answered(self) -> None:
        """Note that the answer has begun to come."""
        self._stamp(self)


_shared: dict[str, Limiter] = {}
_shared_lock = threading.Lock()


def limiter_for(host: str) -> Limiter:
    """Return the process's one limiter for ``host`` (name and port)."""
    with _shared_lock:
        return _shared.setdefault(host, Limiter())

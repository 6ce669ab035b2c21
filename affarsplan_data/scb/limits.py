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

LOOK_UP = 0.5
"""How often, in seconds, somebody who waits looks up to see whether the call is still wanted."""

MARGIN = 0.05
"""Seconds added to every window, for clocks that do not run quite alike."""

LONGEST_WINDOW = 3600.0
UNSAID_WINDOW = 60.0
"""The longest wait for a window to end when the server does not say how long it is."""

_POLICY = re.compile(r"\s*(\d{1,9})\s*;\s*w=(\d{1,9})", re.ASCII)
_PERIOD = re.compile(r"\s*(\d{1,6})\s*([smh])\s*", re.ASCII | re.IGNORECASE)
_SECONDS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True)
class Rate:
    """At most ``calls`` calls in ``window`` seconds."""

    calls: int
    window: float


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
    period = _PERIOD.fullmatch(headers.get("x-rate-limit-limit", ""))
    longest = int(period[1]) * _SECONDS[period[2].lower()] if period else UNSAID_WINDOW
    try:
        # Against the server's own clock: the one here may be wrong.
        reset = datetime.fromisoformat(headers["x-rate-limit-reset"][:19] + "+00:00")
        seconds = (reset - parsedate_to_datetime(headers["date"])).total_seconds() + 1.0
    except (KeyError, ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), min(float(longest), LONGEST_WINDOW))


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
    def rates(self) -> tuple[Rate, ...]:
        """The rates kept to, all at once: what ``/config`` says and what the headers say."""
        known = tuple(r for r in (self._declared, self._seen) if r is not None)
        return known or (self._assumed,)

    @property
    def window(self) -> float:
        """The longest of the windows."""
        return max(rate.window for rate in self.rates)

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
    def place(
        self, deadline: float | None = None, stop: threading.Event | None = None
    ) -> Iterator["_Place"]:
        """Wait for a place among the calls, hold it during the call, and free it one window later.

        Raises:
            TimeoutError: there was no place before ``deadline`` (on the limiter's clock), or ``stop`` was
                set meanwhile.
        """
        taken = self._take(deadline, stop)
        try:
            yield taken
        finally:
            self._answered(taken)

    def _take(self, deadline: float | None, stop: threading.Event | None) -> "_Place":
        with self._change:
            while (wait := self._wait_for_place()) > 0:
                left = deadline - self._clock() if deadline is not None else wait
                if left <= 0 or (stop is not None and stop.is_set()):
                    raise TimeoutError
                self._change.wait(min(wait, left, LOOK_UP))
            place = _Place(self._answered)
            self._places.append(place)
            return place

    def _wait_for_place(self) -> float:
        now = self._clock()
        if now < self._closed_until:
            return self._closed_until - now
        longest = self.window + MARGIN
        self._places = deque(p for p in self._places if p.at is None or now - p.at < longest)
        return max(self._wait_for(rate, now) for rate in self.rates)

    def _wait_for(self, rate: Rate, now: float) -> float:
        window = rate.window + MARGIN
        held = [p for p in self._places if p.at is None or now - p.at < window]
        if len(held) < rate.calls:
            return 0.0
        counted = [p.at for p in held if p.at is not None]
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


def limiter_for(host: str, assumed: Rate = CAUTIOUS) -> Limiter:
    """Return the process's one limiter for ``host``, named as by :func:`addresses.host_of`.

    ``assumed`` is kept to until the server says what it allows.
    """
    with _shared_lock:
        return _shared.setdefault(host, Limiter(assumed))

"""The two ways of counting calls: v2's fixed window and v1's sliding one."""

import math
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a call is let through, and the headers that say how things stand."""

    allowed: bool
    headers: dict[str, str]


class FixedWindow:
    """At most ``calls`` per window; the window starts with its first call, per address.

    Refused calls neither count nor lengthen the window. ``Retry-After`` is whole seconds rounded
    to the nearest, so it may be up to half a second short.
    """

    def __init__(self, calls: int, seconds: float, clock: Clock = time.monotonic) -> None:
        self.calls = calls
        self.seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[float, int]] = {}

    def ask(self, address: str) -> Verdict:
        """Count a call from ``address`` and say whether it is let through."""
        with self._lock:
            now = self._clock()
            start, used = self._windows.get(address, (now, 0))
            if now >= start + self.seconds:
                start, used = now, 0
            left = start + self.seconds - now
            if used >= self.calls:
                return Verdict(False, {"Retry-After": str(max(1, math.floor(left + 0.5)))})
            self._windows[address] = (start, used + 1)
            return Verdict(True, self._standing(used + 1, left))

    def _standing(self, used: int, left: float) -> dict[str, str]:
        reset = datetime.now(UTC) + timedelta(seconds=left)
        return {
            "X-Rate-Limit-Limit": f"{self.seconds:g}s",
            "X-Rate-Limit-Remaining": str(self.calls - used),
            "X-Rate-Limit-Reset": reset.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z",
        }

    def refusal(self) -> str:
        """Return the text of the refusal."""
        return f"API calls quota exceeded! maximum admitted {self.calls} per {self.seconds:g}s."


class SlidingWindow:
    """At most ``calls`` in any ``seconds``; refused calls count, so hammering keeps one out."""

    def __init__(self, calls: int, seconds: float, clock: Clock = time.monotonic) -> None:
        self.calls = calls
        self.seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def ask(self, address: str) -> Verdict:
        """Count a call from ``address`` and say whether it is let through."""
        with self._lock:
            now, seen = self._clock(), self._seen[address]
            while seen and seen[0] <= now - self.seconds:
                seen.popleft()
            allowed = len(seen) < self.calls
            seen.append(now)
            wait = {"Retry-After": str(max(1, math.ceil(self.seconds)))}
            return Verdict(allowed, {} if allowed else wait)

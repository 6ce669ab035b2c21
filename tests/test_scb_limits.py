"""The limiter: never more calls in a window than the server allows, whatever the threads do."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from affarsplan_data.scb.limits import (
    CAUTIOUS,
    Limiter,
    Rate,
    exhausted_for,
    limiter_for,
    rate,
    rate_in,
)

WINDOW = 0.25


def most_in_any_window(times: list[float], window: float) -> int:
    ordered = sorted(times)
    return max(sum(1 for t in ordered if start <= t < start + window) for start in ordered)


@pytest.mark.parametrize("answer_time", [0.0, 0.05])
def test_threads_that_share_a_limiter_never_exceed_the_limit_together(answer_time):
    limiter = Limiter(Rate(5, WINDOW))
    arrived: list[float] = []

    def call(_: int) -> None:
        with limiter.place() as place:
            time.sleep(answer_time)
            arrived.append(time.monotonic())
            place.answered()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(23)))
    assert len(arrived) == 23
    assert most_in_any_window(arrived, WINDOW) <= 5


def test_a_call_still_under_way_keeps_its_place():
    limiter = Limiter(Rate(1, 0.05))
    with limiter.place(), pytest.raises(TimeoutError), limiter.place(time.monotonic() + 0.3):
        pass


def test_a_call_that_broke_off_counts_as_a_call():
    limiter = Limiter(Rate(1, 0.2))
    with pytest.raises(ZeroDivisionError), limiter.place():
        raise ZeroDivisionError
    start = time.monotonic()
    with limiter.place():
        assert time.monotonic() - start >= 0.15


def test_a_closed_limiter_lets_nobody_through_until_it_opens():
    limiter = Limiter(Rate(100, 1.0))
    limiter.close_for(0.2)
    start = time.monotonic()
    with limiter.place():
        assert time.monotonic() - start >= 0.19


def test_a_waiting_thread_goes_on_when_the_limit_is_raised():
    limiter = Limiter(Rate(1, 60.0))
    with limiter.place():
        pass
    threading.Timer(0.1, lambda: limiter.declare(Rate(10, 60.0))).start()
    start = time.monotonic()
    with limiter.place(start + 5):
        assert time.monotonic() - start < 2


def test_both_the_configuration_and_the_headers_are_kept_to():
    limiter = Limiter()
    assert limiter.rates == (CAUTIOUS,)
    limiter.declare(Rate(3, WINDOW))
    limiter.observe({"x-ratelimit-policy": "4;w=60s"})
    limiter.declare(None)
    assert limiter.rates == (Rate(3, WINDOW), Rate(4, 60.0))
    assert limiter.window == 60.0
    arrived = []
    for _ in range(4):
        with limiter.place() as place:
            arrived.append(time.monotonic())
            place.answered()
    assert arrived[3] - arrived[0] >= WINDOW
    with pytest.raises(TimeoutError), limiter.place(time.monotonic() + 0.1):
        pass


def test_somebody_who_waits_leaves_when_the_call_is_no_longer_wanted():
    limiter = Limiter()
    limiter.close_for(600)
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    start = time.monotonic()
    with pytest.raises(TimeoutError), limiter.place(stop=stop):
        pass
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    ("calls", "window"),
    [(0, 0), (30, 0), (0, 10), (-1, 10), (30, 1e9), ("30", 10), (None, None), (30, float("nan"))],
)
def test_a_limit_without_meaning_says_nothing(calls, window):
    assert rate(calls, window) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("40;w=60s", Rate(40, 60.0)),
        ("10; w=1", Rate(10, 1.0)),
        ("nonsense", None),
        ("0;w=0", None),
        ("9" * 5000 + ";w=1", None),
    ],
)
def test_a_policy_in_the_headers_is_read(text, expected):
    assert rate_in({"x-ratelimit-policy": text}) == expected


def test_headers_that_say_nothing_is_left_give_the_wait_by_the_servers_own_clock():
    headers = {
        "x-rate-limit-limit": "10s",
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": "2026-09-08T07:21:09.3213831Z",
        "date": "Tue, 08 Sep 2026 07:21:03 GMT",
    }
    assert exhausted_for(headers) == pytest.approx(7.0)
    assert exhausted_for(headers | {"date": "Tue, 08 Sep 2026 05:00:00 GMT"}) == 10.0
    assert exhausted_for(headers | {"x-rate-limit-remaining": "3"}) == 0.0
    assert exhausted_for(headers | {"x-rate-limit-reset": "snart"}) == 0.0
    assert exhausted_for(headers | {"x-rate-limit-limit": "9" * 5000}) <= 60
    far = {k: v for k, v in headers.items() if k != "x-rate-limit-limit"}
    assert exhausted_for(far | {"x-rate-limit-reset": "2999-01-01T00:00:00Z"}) == 60.0
    assert (
        exhausted_for(headers | {"date": "Tue, 08 Sep 2026 07:21:03 +99999999999999999999"}) == 0.0
    )


def test_everyone_who_calls_a_host_shares_its_limiter():
    assert limiter_for("prov.invalid") is limiter_for("prov.invalid")
    assert limiter_for("prov.invalid") is not limiter_for("annan.invalid")

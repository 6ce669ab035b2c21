"""Every fault on the way: right data or a typed error, and never anything else."""

import time
from contextlib import suppress

import pandas as pd
import pytest

from affarsplan_data.archive import Archive
from affarsplan_data.scb import (
    Limiter,
    Patience,
    Rate,
    ScbClient,
    ScbError,
    UnavailableError,
)
from tests.pxserver import KINDS, PxServer

ASKED = {"Region": ["00", "19"], "ContentsCode": "*", "Tid": "TOP(5)"}
OPTIONS = {
    "slow": {"rate": 200, "seconds": 5},
    "hang": {"seconds": 3},
    "503": {"retry_after": 0},
    "storm": {"retry_after": 0},
    "bomb": {"gigabytes": 1},
    "redirect": {"location": "http://ny.invalid/"},
}
PASSING = {
    *("hang", "reset", "truncated", "short", "html", "empty500", "500", "502", "503", "504"),
    *("storm", "not_json", "empty", "nan", "missing_cell"),
}


@pytest.fixture(scope="module")
def right() -> pd.DataFrame:
    with PxServer(limit=None) as server:
        return ScbClient(server.url).data("TAB3138", ASKED)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", ["config", "metadata", "data"])
def test_a_fault_once_leaves_right_data_or_a_typed_error_and_a_whole_archive(
    kind, path, hurried, right, tmp_path
):
    archive = Archive(tmp_path)
    with PxServer(limit=None) as server:
        server.faults.add(kind, times=1, path=path, **OPTIONS.get(kind, {}))
        frame = None
        with suppress(ScbError):
            frame = hurried(server, archive).data("TAB3138", ASKED)
        assert frame is None or frame["value"].tolist() == right["value"].tolist()
        assert frame is not None or kind not in PASSING
        assert archive.verify().ok
        again = hurried(server, archive).data("TAB3138", ASKED)
        assert again["value"].tolist() == right["value"].tolist()


@pytest.mark.parametrize("kind", sorted(PASSING))
def test_what_passes_is_waited_out(kind, hurried, right):
    with PxServer(limit=None) as server:
        server.faults.add(kind, times=2, path="data", **OPTIONS.get(kind, {}))
        frame = hurried(server).data("TAB3138", ASKED)
    assert frame["value"].tolist() == right["value"].tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_that_stays_ends_in_a_typed_error_within_the_time_allowed(kind, hurried, tmp_path):
    archive = Archive(tmp_path)
    with (
        PxServer(limit=None) as server,
        server.faults.during(kind, path="data", **OPTIONS.get(kind, {})),
    ):
        start = time.monotonic()
        with pytest.raises(ScbError):
            hurried(server, archive).data("TAB3138", ASKED)
        assert time.monotonic() - start < 30
    assert archive.verify().ok


def test_three_hundred_calls_at_the_limit_meet_no_refusal():
    with PxServer(limit=(30, 1.0)) as server:
        client = ScbClient(server.url)
        for _ in range(300):
            client.table("TAB3138")
        times = [call.at for call in server.calls if not call.path.endswith("/config")]
        assert {call.status for call in server.calls} == {200}
    assert len(times) == 300
    assert max(sum(start <= at < start + 1.0 for at in times) for start in times) <= 30


def test_somebody_else_behind_the_same_address_costs_waiting_and_not_the_answer(hurried):
    with PxServer(limit=(6, 0.6)) as server:
        others = [ScbClient(server.url, limiter=Limiter(Rate(1000, 1.0))) for _ in range(2)]
        mine = hurried(server)
        for _ in range(6):
            for client in (mine, *others):
                client.table("TAB3138")
        statuses = [call.status for call in server.calls]
    assert statuses.count(200) >= 18
    assert 429 in statuses


def test_a_server_that_is_not_there_is_said_quickly():
    patience = Patience(connect=1, total=3, attempts=3, first_wait=0.05)
    start = time.monotonic()
    with pytest.raises(UnavailableError, match="nätverket"):
        ScbClient("http://127.0.0.1:9/api/v2", patience=patience).table("TAB1")
    assert time.monotonic() - start < 3

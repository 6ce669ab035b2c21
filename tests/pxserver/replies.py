"""Answers that something else than the table gives: a maintenance page, an empty 500, a storm."""

from tests.pxserver import problems
from tests.pxserver.faults import Fault
from tests.pxserver.limiter import FixedWindow
from tests.pxserver.routing import Answer
from tests.pxserver.wrong import with_nan

MAINTENANCE = "/underhall"
PAGE = (
    "<!DOCTYPE html><html lang='sv'><head><title>Underhåll</title></head><body><h1>Statistikdatabasen "
    "är stängd för underhåll</h1><p>SYNTETISKA TESTDATA: en sida som inte är JSON.</p></body></html>"
)


def maintenance() -> Answer:
    """Return the page of a closed database, with status 200."""
    return Answer(200, PAGE.encode(), "text/html; charset=utf-8")


def replaced(answer: Answer, fault: Fault, limiter: FixedWindow) -> Answer:
    """Return what comes instead of ``answer``."""
    options = fault.options
    match fault.kind:
        case "html":
            return maintenance()
        case "empty500" | "500":
            return Answer(500, b"", "")
        case "502" | "504":
            return Answer(int(fault.kind), PAGE.encode(), "text/html")
        case "503":
            wait = {"Retry-After": str(options.get("retry_after", 1))}
            return Answer(503, b"Service Unavailable", "text/plain", wait)
        case "storm":
            wait = {"Retry-After": str(options.get("retry_after", 1))}
            return Answer(429, limiter.refusal().encode(), "text/plain", wait)
        case "redirect":
            where = {"Location": str(options.get("location", MAINTENANCE))}
            return Answer(302, b"", "", where)
        case "not_json":
            return Answer(200, b"SYNTETISKA TESTDATA: inte JSON", problems.JSON)
        case "empty":
            return Answer(200, b"", problems.JSON)
        case "nan":
            return Answer(200, with_nan(answer.body), answer.content_type, answer.headers)
    raise ValueError(fault.kind)

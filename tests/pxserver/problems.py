"""The server's refusals, word for word as SCB's server spells them."""

from dataclasses import dataclass, field
from typing import Any

JSON = "application/json; charset=utf-8"


@dataclass
class Refusal(Exception):  # noqa: N818 - it is the protocol's word for it, not a fault of ours
    """An answer that is not the one hoped for: status, body and headers."""

    status: int
    body: dict[str, Any] | str
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def _parameter(title: str, *, http: int = 400, said: int = 400, detail: bool = False) -> Refusal:
    body: dict[str, Any] = {"type": "Parameter error", "title": title, "status": said}
    if detail:
        body["detail"] = title
    return Refusal(http, body)


def unknown_variable() -> Refusal:
    return _parameter("Non-existent variable")


def unknown_value() -> Refusal:
    return _parameter("Non-existent value")


def unknown_codelist() -> Refusal:
    return _parameter("Non-existent codelist")


def unknown_codelist_page() -> Refusal:
    """HTTP 404 whose body says 400."""
    return _parameter("Non-existent codelist", http=404)


def missing_selection() -> Refusal:
    return _parameter("Missing selection for mandantory variable")


def illegal_expression() -> Refusal:
    return _parameter("Illegal selection expression")


def illegal_placement() -> Refusal:
    return _parameter("Illegal placment")


def too_many_cells() -> Refusal:
    return _parameter("Too many cells selected", detail=True)


def unsupported_format() -> Refusal:
    return _parameter("Unsupported output format", detail=True)


def unsupported_language() -> Refusal:
    return _parameter("Unsupported language")


def unknown_table() -> Refusal:
    return _parameter("Non-existent table", http=404, said=404)


def unknown_table_for_data() -> Refusal:
    """HTTP 400 whose body says 404."""
    return _parameter("Non-existent table", said=404)


def unknown_page() -> Refusal:
    return _parameter("Non-existent page", http=404, said=404, detail=True)


def unknown_saved_query() -> Refusal:
    return _parameter("Saved query not found", http=404, said=404, detail=True)


def no_saved_query() -> Refusal:
    title = "No query specified"
    return Refusal(
        400, {"type": "Create saved query", "title": title, "status": 400, "detail": title}
    )


def unbound(name: str, message: str) -> Refusal:
    """ASP.NET's own refusal of a parameter or a body that it cannot bind."""
    return Refusal(
        400,
        {
            "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
            "title": "One or more validation errors occurred.",
            "status": 400,
            "errors": {name: [message]},
            "traceId": "00-00000000000000000000000000000000-0000000000000000-00",
        },
        "application/problem+json; charset=utf-8",
    )


def unsupported_media() -> Refusal:
    return Refusal(
        415,
        {
            "type": "https://tools.ietf.org/html/rfc9110#section-15.5.16",
            "title": "Unsupported Media Type",
            "status": 415,
        },
        "application/problem+json; charset=utf-8",
    )


def nothing_here() -> Refusal:
    return Refusal(404, "", "")


def fault() -> Refusal:
    """An unhandled fault in the server: 500 without a body."""
    return Refusal(500, "", "")


def address_too_long() -> Refusal:
    page = "<!DOCTYPE html><html><head><title>404</title></head><body>Not Found</body></html>"
    return Refusal(404, page, "text/html; charset=utf-8")

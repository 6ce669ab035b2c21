"""Turns a PxWebApi 2 error body into a typed error, decided by its ``title``.

Statuses cannot be trusted: ``/tables/{unknown}/data`` answers 400 with a body that says 404, and
``/codelists/{unknown}`` the other way round. Titles are spelt here as the server spells them.
"""

import orjson

from affarsplan_data.scb.errors import (
    IllegalExpressionError,
    NotEliminableError,
    RefusedError,
    ScbError,
    TooManyCellsError,
    UnknownCodelistError,
    UnknownPageError,
    UnknownTableError,
    UnknownValueError,
    UnknownVariableError,
    UnsupportedError,
)
from affarsplan_data.scb.http import Answer

LONGEST_ERROR_BODY = 20_000

_TITLES: dict[str, tuple[type[ScbError], str]] = {
    "non-existent table": (
        UnknownTableError,
        "Tabellen finns inte på servern, eller inte på det språket. Sök efter den med search().",
    ),
    "non-existent variable": (UnknownVariableError, "Tabellen har inte den variabeln."),
    "non-existent value": (
        UnknownValueError,
        "Tabellen har inte någon av de koder som efterfrågades. Hämta tabellens metadata på nytt.",
    ),
    "non-existent codelist": (
        UnknownCodelistError,
        "Kodlistan finns inte. Skriv den exakt som i tabellens metadata; den börjar med agg_ eller vs_.",
    ),
    "missing selection for mandantory variable": (
        NotEliminableError,
        "En variabel som måste väljas saknar urval.",
    ),
    "illegal selection for mandantory variable": (
        NotEliminableError,
        "En variabel som måste väljas har ett urval som servern inte godtar.",
    ),
    "illegal selection expression": (
        IllegalExpressionError,
        "Ett urvalsuttryck är felskrivet.",
    ),
    "illegal placment": (UnsupportedError, "Servern godtog inte variablernas placering."),
    "too many cells selected": (TooManyCellsError, "Urvalet har fler celler än servern tillåter."),
    "unsupported output format": (UnsupportedError, "Servern lämnar inte ut det formatet."),
    "unsupported language": (UnsupportedError, "Servern har inte det språket."),
    "non-existent page": (UnknownPageError, "Listan över tabeller har ingen sådan sida."),
    "saved query not found": (RefusedError, "Den sparade frågan finns inte."),
    "no query specified": (RefusedError, "Frågan var tom."),
}


def read_problem(answer: Answer) -> ScbError | None:
    """Return the typed error that the body describes; None when it describes none.

    A body with a known title is an error whatever the status, 200 included.
    """
    if len(answer.content) > LONGEST_ERROR_BODY:
        return None
    try:
        body = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(body, dict) or "class" in body:
        return None
    title = body.get("title")
    known = _TITLES.get(" ".join(title.split()).lower()) if isinstance(title, str) else None
    if known is not None:
        kind, sentence = known
        return _error(kind, sentence, str(title), answer)
    if isinstance(body.get("errors"), dict) and answer.status >= 400:
        return _error(RefusedError, "Servern kunde inte tolka frågan.", _listed(body), answer)
    return None


def _error(kind: type[ScbError], sentence: str, said: str, answer: Answer) -> ScbError:
    return kind(
        f"{sentence} Frågan var {answer.request}; servern svarade ”{said[:200]}” (HTTP {answer.status}).",
        asked=str(answer.request),
        status=answer.status,
        answer=answer.text,
    )


def _listed(body: dict[str, object]) -> str:
    errors = body["errors"]
    assert isinstance(errors, dict)
    return "; ".join(f"{name}: {texts}" for name, texts in list(errors.items())[:5])

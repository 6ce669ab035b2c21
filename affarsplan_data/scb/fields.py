"""Takes fields out of parsed JSON, and says which field it is when it is not what it should be.

R's JSON writers put every scalar in a list of its own; a list of one is therefore read as what it holds.
"""

from collections.abc import Mapping
from typing import Any

from affarsplan_data.scb.errors import UnreadableAnswerError

SHOWN = 60


def unreadable(what: str) -> UnreadableAnswerError:
    """Return the error that says why an answer cannot be read."""
    return UnreadableAnswerError(
        f"Svaret går inte att läsa: {what}. Försök igen; återkommer felet har servern ändrat sitt format."
    )


def shown(value: object) -> str:
    """Return a value short enough for a sentence."""
    said = repr(value)
    return said if len(said) <= SHOWN else said[:SHOWN] + "…"


def unboxed(value: Any) -> Any:
    """Return what a list of one holds, otherwise the value itself."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def text(value: Any, name: str) -> str:
    """Return a text."""
    held = unboxed(value)
    if not isinstance(held, str):
        raise unreadable(f"{name} ska vara en text, inte {shown(value)}")
    return held


def optional_text(value: Any, name: str) -> str | None:
    """Return a text, or None when there is none."""
    return None if value is None else text(value, name)


def texts(value: Any, name: str) -> tuple[str, ...]:
    """Return the texts of a list; a single text is a list of one, and None is an empty list."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    return tuple(text(item, name) for item in array(value, name))


def array(value: Any, name: str) -> list[Any]:
    """Return a list."""
    if not isinstance(value, list):
        raise unreadable(f"{name} ska vara en lista, inte {shown(value)}")
    return value


def mapping(value: Any, name: str) -> Mapping[str, Any]:
    """Return a JSON object."""
    if not isinstance(value, dict):
        raise unreadable(f"{name} ska vara ett objekt, inte {shown(value)}")
    return value


def optional_mapping(value: Any, name: str) -> Mapping[str, Any]:
    """Return a JSON object; nothing is an empty one."""
    return {} if value is None or value == [] else mapping(value, name)


def count(value: Any, name: str) -> int:
    """Return a whole number, zero or more, written as a number or as digits."""
    held = unboxed(value)
    if isinstance(held, str) and held.isascii() and held.isdecimal() and len(held) < 19:
        return int(held)
    if isinstance(held, bool) or not isinstance(held, int) or held < 0:
        raise unreadable(f"{name} ska vara ett heltal, inte {shown(value)}")
    return held

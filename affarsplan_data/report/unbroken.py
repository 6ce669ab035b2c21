"""Ranges and dates that no line may break in the middle of: 16–64 is one thing to read, not two."""

import re

# Where no text of the page's lines stands, or where it is to be taken as it is.
_APART = r"<(?P<apart>head|svg|pre|script|style)\b.*?</(?P=apart)>"
_NUMBER = r"\d[\d,\u202f]*"
_WHOLE = rf"(?:\d{{4}}-\d\d-\d\d|{_NUMBER}–[\u2212+]?{_NUMBER}(?: år\b)?)(?=[^<>]*<)"
_FOUND = re.compile(rf"{_APART}|(?P<whole>{_WHOLE})", re.DOTALL)


def unbroken(html: str) -> str:
    """Return a page where every date and every range, of years of age too, stays on one line.

    The text is what it was for whoever copies it, searches for it or has it read aloud.
    """
    return _FOUND.sub(_held, html)


def _held(found: re.Match[str]) -> str:
    whole = found["whole"]
    return f'<span style="white-space:nowrap">{whole}</span>' if whole else found[0]

"""A value as the text of a cell that no spreadsheet runs."""

from affarsplan_data.report.payloads import Value

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def plain(value: Value) -> str:
    """Return ``value`` as text: decimal point, missing as nothing, and never a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return str(value)
    return harmless(value)


def harmless(text: str) -> str:
    """Return ``text`` so that a spreadsheet takes it as text.

    A spreadsheet runs text that begins like a formula; an apostrophe before it makes it text again.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

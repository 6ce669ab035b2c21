"""Expands a selection expression into places among a variable's codes, by the server's own rules."""

import difflib
import re

from affarsplan_data.scb.errors import IllegalExpressionError, UnknownValueError
from affarsplan_data.scb.metadata import Variable

_COUNTED = re.compile(r"(TOP|BOTTOM)\(([1-9]\d{0,8})(?:,(\d{1,9}))?\)", re.ASCII | re.IGNORECASE)
_BOUNDED = re.compile(r"(FROM|TO|RANGE)\((.+)\)", re.IGNORECASE | re.DOTALL)
_CALL = re.compile(r"(TOP|BOTTOM|FROM|TO|RANGE)\(", re.IGNORECASE)


def places(variable: Variable, item: str) -> list[int]:
    """Return the places of the codes that a code or an expression means, in order; never none.

    Raises:
        UnknownValueError: the variable has no such code, or the expression matches none; the nearest
            are named.
        IllegalExpressionError: the expression cannot be understood.
    """
    if (found := literal(variable, item)) is not None:
        return [found]
    several: list[int] = []
    if _CALL.match(item):
        several = _called(variable, item)
    elif "*" in item or "?" in item:
        several = _matching(variable, item)
    if not several:
        raise UnknownValueError(
            f"{variable.code} har inget värde som svarar mot ”{item:.80}”. "
            f"Närmast: {_nearest(variable, item)}."
        )
    return several


def literal(variable: Variable, item: str) -> int | None:
    """Return the place of a code that the variable has, whatever the case; None when it has none."""
    if (place := variable.position.get(item)) is not None:
        return place
    same = [p for code, p in variable.position.items() if code.casefold() == item.casefold()]
    return same[0] if len(same) == 1 else None


def _called(variable: Variable, item: str) -> list[int]:
    count = len(variable.codes)
    if match := _COUNTED.fullmatch(item):
        number, skipped = int(match[2]), int(match[3] or 0)
        # TOP means the latest on the time variable, and the first on every other.
        rising = not (variable.is_time and variable.codes[0] > variable.codes[-1])
        from_the_end = (match[1].upper() == "TOP") == (variable.is_time and rising)
        places = range(count)[::-1] if from_the_end else range(count)
        return sorted(places[skipped : skipped + number])
    if match := _BOUNDED.fullmatch(item):
        return _between(variable, item, match[1].upper(), match[2])
    raise _illegal(variable, item)


def _between(variable: Variable, item: str, kind: str, inside: str) -> list[int]:
    if kind == "RANGE":
        first, last = _two_codes(variable, item, inside)
        return list(range(min(first, last), max(first, last) + 1))
    bound = _bound(variable, inside.strip())
    return list(range(bound, len(variable.codes)) if kind == "FROM" else range(bound + 1))


def _two_codes(variable: Variable, item: str, inside: str) -> tuple[int, int]:
    pieces = inside.split(",")
    if len(pieces) < 2:
        raise _illegal(variable, item)
    # Codes may hold commas themselves; the cut that gives two known codes is the one meant.
    for cut in range(1, len(pieces)):
        ends = [",".join(pieces[:cut]).strip(), ",".join(pieces[cut:]).strip()]
        found = [literal(variable, end) for end in ends]
        if found[0] is not None and found[1] is not None:
            return found[0], found[1]
    return _bound(variable, pieces[0].strip()), _bound(variable, pieces[-1].strip())


def _bound(variable: Variable, code: str) -> int:
    if (place := literal(variable, code)) is not None:
        return place
    raise UnknownValueError(
        f"{variable.code} har inte värdet ”{code}”. Närmast: {_nearest(variable, code)}."
    )


def _matching(variable: Variable, item: str) -> list[int]:
    stars = item.count("*")
    at_ends = item.startswith("*") + (item.endswith("*") and len(item) > 1)
    if stars > 2 or stars != at_ends or (stars and "?" in item):
        raise _illegal(variable, item)
    pattern = re.escape(item).replace(r"\*", ".*").replace(r"\?", ".")
    rule = re.compile(pattern, re.IGNORECASE | re.DOTALL)
    return [place for place, code in enumerate(variable.codes) if rule.fullmatch(code)]


def _illegal(variable: Variable, item: str) -> IllegalExpressionError:
    return IllegalExpressionError(
        f"Uttrycket ”{item}” för {variable.code} går inte att tolka. Tillåtna är *, början*, *slut, "
        "*mitt*, ?, TOP(n), BOTTOM(n), RANGE(a,b), FROM(a) och TO(a)."
    )


def _nearest(variable: Variable, item: str) -> str:
    text = item.strip("*?").casefold()
    inside = re.sub(r"^\w+\(|\)$", "", text)
    by_label = [
        place
        for place, label in enumerate(variable.labels)
        if inside and inside in label.casefold()
    ]
    near = difflib.get_close_matches(inside, variable.codes, n=5, cutoff=0.5)
    places = [*by_label[:3], *(variable.position[code] for code in near)]
    if not places:
        return examples(variable)
    return ", ".join(_named(variable, place) for place in dict.fromkeys(places))


def examples(variable: Variable) -> str:
    """Return the variable's first codes with their names, for a message."""
    shown = ", ".join(_named(variable, place) for place in range(min(5, len(variable.codes))))
    return shown + (" …" if len(variable.codes) > 5 else "")


def _named(variable: Variable, place: int) -> str:
    code, label = variable.codes[place], variable.labels[place]
    return code if code == label else f"{code} ({label})"

"""From what was asked for to points on axes, by the rules of the protocol's description.

The traps are here on purpose: an expression without match leaves the list empty, and an empty list
on a variable that can be eliminated means its total.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.pxserver import problems
from tests.pxserver.model import Point, Table, Variable


@dataclass
class Wanted:
    """What is asked of one variable."""

    variable: str
    values: list[str] = field(default_factory=list)
    codelist: str | None = None


@dataclass
class Query:
    """A selection and how it is to be laid out."""

    wanted: list[Wanted] = field(default_factory=list)
    heading: list[str] = field(default_factory=list)
    stub: list[str] = field(default_factory=list)


@dataclass
class Axis:
    """One variable as selected; ``kept`` is False when it has been eliminated."""

    variable: Variable
    points: list[Point]
    kept: bool = True
    codelist: str | None = None


def resolve(table: Table, query: Query, max_cells: int) -> list[Axis]:
    """Return the axes, in the table's order, or raise the server's refusal."""
    chosen: dict[str, list[Point]] = {}
    lists: dict[str, str | None] = {}
    for wanted in query.wanted:
        variable = _variable(table, wanted.variable)
        lists[variable.code] = wanted.codelist
        chosen[variable.code] = _available(variable, wanted.codelist)
    asked = {_variable(table, w.variable).code: w for w in query.wanted}
    if any(not v.eliminable and v.code not in asked for v in table.variables):
        raise problems.missing_selection()
    axes = []
    for variable in table.variables:
        points = chosen.get(variable.code, [])
        values = asked[variable.code].values if variable.code in asked else []
        axes.append(_axis(variable, points, values, lists.get(variable.code)))
    if _cells(axes) > max_cells:
        raise problems.too_many_cells()
    return axes


def _variable(table: Table, code: str) -> Variable:
    if code.lower() == "time" and table.time is not None:
        return table.time
    found = table.variable(code)
    if found is None:
        raise problems.unknown_variable()
    return found


def _available(variable: Variable, codelist: str | None) -> list[Point]:
    """Return the values that a code list offers, or the variable's own."""
    if not (codelist or "").strip():
        return variable.points()
    found = variable.codelist(codelist or "")
    if found is None or not found.id.startswith(("agg_", "vs_")):
        raise problems.unknown_codelist()
    return found.points


def _axis(
    variable: Variable, points: Sequence[Point], values: Sequence[str], codelist: str | None
) -> Axis:
    codes = [point.code for point in points]
    selected = expand(codes, values, is_time=variable.role == "time")
    if not selected:
        if not variable.eliminable:
            raise problems.missing_selection()
        return Axis(variable, [variable.eliminated()], kept=False)
    if len(set(selected)) < len(selected):
        raise problems.fault()
    hit = set(selected)
    return Axis(variable, [p for p in points if p.code in hit], codelist=codelist)


def expand(codes: Sequence[str], values: Sequence[str], *, is_time: bool) -> list[str]:
    """Return the codes that ``values`` stand for, duplicates among literal codes included."""
    folded = {code.lower(): code for code in reversed(codes)}
    literal = [folded[value.lower()] for value in values if value.lower() in folded]
    result = list(literal)
    for value in values:
        if value.lower() not in folded:
            result += [c for c in _expression(codes, value, is_time) if c not in result]
    return result


def _expression(codes: Sequence[str], text: str, is_time: bool) -> list[str]:
    upper = text.upper()
    if "*" in text:
        return _wildcard(codes, text)
    if upper.startswith(("TOP(", "BOTTOM(")):
        return _from_an_end(codes, text, is_time)
    if upper.startswith("RANGE("):
        return _range(codes, text)
    if upper.startswith(("FROM(", "TO(")):
        return _half_line(codes, text)
    if "?" in text:
        pattern = re.escape(text.lower()).replace(r"\?", ".")
        return [code for code in codes if re.fullmatch(pattern, code.lower())]
    raise problems.unknown_value()


def _wildcard(codes: Sequence[str], text: str) -> list[str]:
    if text == "*":
        return list(codes)
    stars = text.count("*")
    ends = text.startswith("*") + text.endswith("*")
    if stars > 2 or stars != ends:
        raise problems.illegal_expression()
    core = text.strip("*").lower()
    if stars == 2:
        return [code for code in codes if core in code.lower()]
    if text.startswith("*"):
        return [code for code in codes if code.lower().endswith(core)]
    return [code for code in codes if code.lower().startswith(core)]


def _from_an_end(codes: Sequence[str], text: str, is_time: bool) -> list[str]:
    parts = re.fullmatch(r"(TOP|BOTTOM)\(([1-9]\d*)(?:,(\d+))?\)", text, re.IGNORECASE)
    if parts is None:
        raise problems.illegal_expression()
    count, offset = int(parts[2]), int(parts[3] or 0)
    # Periods stand in rising order, and their top is the latest.
    from_the_end = (parts[1].upper() == "TOP") == is_time
    if from_the_end:
        stop = max(len(codes) - offset, 0)
        return list(codes[max(stop - count, 0) : stop])
    return list(codes[offset : offset + count])


def _range(codes: Sequence[str], text: str) -> list[str]:
    parts = re.fullmatch(r"RANGE\(([^,]+),([^,)]+)\)", text, re.IGNORECASE)
    if parts is None:
        raise problems.illegal_expression()
    first, last = sorted([_place(codes, parts[1]), _place(codes, parts[2])])
    return list(codes[first : last + 1])


def _half_line(codes: Sequence[str], text: str) -> list[str]:
    parts = re.fullmatch(r"(FROM|TO)\(([^,]+)\)", text, re.IGNORECASE)
    if parts is None:
        raise problems.illegal_expression()
    place = _place(codes, parts[2])
    return list(codes[place:] if parts[1].upper() == "FROM" else codes[: place + 1])


def _place(codes: Sequence[str], code: str) -> int:
    folded = [known.lower() for known in codes]
    if code.lower() not in folded:
        raise problems.unknown_value()
    return folded.index(code.lower())


def _cells(axes: Sequence[Axis]) -> int:
    total = 1
    for axis in axes:
        total *= len(axis.points)
    return total

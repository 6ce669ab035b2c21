"""The selection that the server makes when none, or none that it understands, is given.

The rules are those of the open server: one content, the latest period, and the variable that must
be chosen against the last that need not be.
"""

from collections.abc import Sequence

from tests.pxserver.model import Point, Table, Variable
from tests.pxserver.selection import Query, Wanted


def default_query(table: Table) -> Query:
    """Return the default selection with its placement."""
    metric, time = table.metric, table.time
    others = [v for v in table.variables if v not in (metric, time)]
    if metric is None or time is None:
        return _first_of_each(table)
    if not others:
        return _content_and_time(metric, time)
    if len(others) == 1:
        return _one_more(metric, time, others[0])
    return _several_more(metric, time, others)


def _points(variable: Variable) -> list[Point]:
    """Return the values offered first: the first value set's, when there are value sets."""
    sets = [c for c in variable.codelists if c.id.startswith("vs_")]
    return sets[0].points if sets else variable.points()


def _take(variable: Variable, count: int | None, *, latest: bool = False) -> Wanted:
    codes = [p.code for p in _points(variable)]
    if count is not None:
        codes = codes[-count:] if latest else codes[:count]
    sets = [c.id for c in variable.codelists if c.id.startswith("vs_")]
    return Wanted(variable.code, codes, sets[0] if sets else None)


def _longest(one: Variable, two: Variable) -> tuple[Variable, Variable]:
    """Return the variable for the stub and the one for the heading."""
    return (one, two) if len(_points(one)) > len(_points(two)) else (two, one)


def _content_and_time(metric: Variable, time: Variable) -> Query:
    wanted = [_take(metric, None), _take(time, 13, latest=True)]
    if len(metric.values) < 6:
        return Query(wanted, heading=[metric.code], stub=[time.code])
    return Query(wanted, heading=[time.code], stub=[metric.code])


def _one_more(metric: Variable, time: Variable, other: Variable) -> Query:
    if len(metric.values) == 1:
        wanted = [_take(metric, 1), _take(time, 13, latest=True), _take(other, None)]
        return Query(wanted, heading=[metric.code, time.code], stub=[other.code])
    stub, heading = _longest(metric, other)
    wanted = [_take(time, 1, latest=True), _take(stub, None), _take(heading, None)]
    return Query(wanted, heading=[time.code, heading.code], stub=[stub.code])


def _several_more(metric: Variable, time: Variable, others: Sequence[Variable]) -> Query:
    needed = [v for v in others if not v.eliminable]
    loose = [v for v in others if v.eliminable]
    single: Sequence[Variable] = []
    if len(needed) > 1:
        first, last, single = needed[0], needed[-1], needed[1:-1]
    elif needed:
        first, last = needed[0], loose[-1]
    else:
        first, last = others[0], others[-1]
    stub, heading = _longest(first, last)
    wanted = [_take(metric, 1), _take(time, 1, latest=True), *(_take(v, 1) for v in single)]
    wanted += [_take(stub, None), _take(heading, None)]
    wanted += [Wanted(v.code) for v in loose if v not in (first, last)]
    columns = [metric.code, time.code, *(v.code for v in single), heading.code]
    return Query(wanted, heading=columns, stub=[stub.code])


def _first_of_each(table: Table) -> Query:
    wanted = [_take(v, 1, latest=v.role == "time") for v in table.variables]
    return Query(wanted, heading=list(table.heading), stub=list(table.stub))

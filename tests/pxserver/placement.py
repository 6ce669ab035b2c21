"""Which variables stand in the stub and which in the heading: that decides the order of ``id``."""

from collections.abc import Sequence

from tests.pxserver import problems
from tests.pxserver.model import Table
from tests.pxserver.selection import Axis, Query


def order(table: Table, axes: Sequence[Axis], query: Query) -> list[str]:
    """Return the codes of the kept variables, stub first and then heading."""
    kept = [axis.variable.code for axis in axes if axis.kept]
    stub, heading = _named(table, query.stub), _named(table, query.heading)
    if not stub and not heading:
        return [code for code in [*table.stub, *table.heading] if code in kept]
    named = [*stub, *heading]
    folded = {code.lower(): code for code in kept}
    if any(code.lower() not in folded for code in named):
        raise problems.illegal_placement()
    stub, heading = [folded[c.lower()] for c in stub], [folded[c.lower()] for c in heading]
    rest = [code for code in kept if code not in {*stub, *heading}]
    if len({*stub, *heading}) < len(named) or (rest and stub and heading):
        raise problems.illegal_placement()
    return [*(stub or rest), *(heading or rest)] if rest else [*stub, *heading]


def _named(table: Table, codes: Sequence[str]) -> list[str]:
    time = table.time.code if table.time else "TIME"
    return [time if code.lower() == "time" else code for code in codes]

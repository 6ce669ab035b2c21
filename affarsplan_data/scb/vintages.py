"""Which version of a table an answer belongs to.

A table's ``updated`` is the latest update of any of its contents, while an answer's is that of the
contents in it. An older date in an answer is therefore usual. But servers also keep answers for some
minutes, so one given just after an update may be of the version before it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from affarsplan_data.scb.cubes import Cube
from affarsplan_data.scb.metadata import INVENTED

LAST_YEAR = 9000
CACHED = timedelta(minutes=30)
"""How long after an update an older answer may come from a server's cache. SCB's keeps five minutes."""


def vintage(
    table: str | None, answer: str | None, retrieved: datetime, *, all_contents: bool = False
) -> str | None:
    """Return the version that an answer is to be kept under.

    Args:
        table: ``updated`` of the table's metadata, asked for before the answer.
        answer: ``updated`` of the answer itself.
        retrieved: when the answer came.
        all_contents: whether the answer holds every content, so that its date should be the table's.
    """
    if table is None or answer is None:
        return table or answer
    of_table, of_answer = _moment(table), _moment(answer)
    if of_table is None or of_answer is None or of_answer == of_table:
        return table
    if of_answer > of_table or all_contents or retrieved < of_table + CACHED:
        return answer
    return table


def agree(cubes: Sequence[Cube]) -> bool:
    """Tell whether the parts of an answer are of one version: the same contents, the same date."""
    seen: dict[tuple[str, ...], str | None] = {}
    for cube in cubes:
        metric = cube.structure.metric
        contents = metric.codes if metric else ()
        if seen.setdefault(contents, cube.structure.updated) != cube.structure.updated:
            return False
    return True


def is_older(table: str | None, cubes: Sequence[Cube]) -> bool:
    """Tell whether an answer that holds all contents of a table is older than the table itself.

    Only where the table has contents: otherwise servers date a table and its answers by different rules.
    """
    newest = _newest(cubes)
    of_table = _moment(table) if table else None
    dated = all(_has_contents(cube) for cube in cubes)
    return dated and newest is not None and of_table is not None and newest < of_table


def is_newer(table: str | None, cubes: Sequence[Cube]) -> bool:
    """Tell whether an answer is newer than the metadata it was asked for by."""
    newest = _newest(cubes)
    of_table = _moment(table) if table else None
    return newest is not None and of_table is not None and newest > of_table


def _newest(cubes: Sequence[Cube]) -> datetime | None:
    dates = [_moment(cube.structure.updated) for cube in cubes if cube.structure.updated]
    return max((date for date in dates if date is not None), default=None)


def _has_contents(cube: Cube) -> bool:
    metric = cube.structure.metric
    return metric is not None and metric.codes != (INVENTED,)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    # Servers write the end of time where they know no date.
    if moment.year > LAST_YEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""The order in which a warm parent's children get their works."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from affarsplan_data.report.warm import in_turn


class Thing(NamedTuple):
    """A work, as far as its turn is concerned."""

    key: str
    wide: bool = False


THINGS = [Thing("values", True), Thing("overview", True), Thing("a"), Thing("b"), Thing("c")]


def _after(asked: int) -> Callable[[], bool]:
    """Return what says that all is prepared from the given question on, counted from 1."""
    questions = iter(range(1, 100))
    return lambda: next(questions) >= asked


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (1, ["values", "overview", "a", "b", "c"]),
        (2, ["values", "overview", "a", "b", "c"]),
        (4, ["a", "values", "overview", "b", "c"]),
        (99, ["a", "b", "c", "values", "overview"]),
    ],
)
def test_works_that_compute_most_of_all_wait_until_it_is_computed(
    asked: int, expected: list[str]
) -> None:
    assert [thing.key for thing in in_turn(THINGS, _after(asked))] == expected

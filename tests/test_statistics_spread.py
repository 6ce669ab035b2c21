"""Range and standard deviation against the standard library's own."""

import math
import statistics as standard

import pytest

from affarsplan_data.statistics import InvalidValuesError, standard_deviation, value_range

GRADES = [3.1, 3.9, 2.8, 4.2, 3.5]


def test_range_and_deviation_over_all_units() -> None:
    assert value_range(GRADES) == pytest.approx(1.4)
    assert standard_deviation(GRADES) == pytest.approx(standard.pstdev(GRADES))


@pytest.mark.parametrize("values", [[3.0], [], [3.0, float("nan"), 4.0]])
def test_a_spread_over_some_of_the_units_is_missing(values) -> None:
    for spread in (value_range(values), standard_deviation(values)):
        assert math.isnan(spread)


def test_a_table_is_no_list_of_units() -> None:
    with pytest.raises(InvalidValuesError):
        value_range([[1.0, 2.0], [3.0, 4.0]])

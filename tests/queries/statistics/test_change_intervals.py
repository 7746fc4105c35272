"""Intervals of a change from the bounds of both estimates, and of few days."""

import pytest
from scipy import stats

from otklik.small_numbers import newcombe_interval, wilson_interval
from queries.statistics.change_intervals import Estimate, _t_95, estimates_change_interval


@pytest.mark.parametrize("degrees", [4, 6, 12, 21, 80])
def test_bounds_of_few_days_are_those_of_students_t(degrees: int) -> None:
    assert _t_95(degrees) == pytest.approx(stats.t.ppf(0.975, degrees), rel=0.02)


def test_an_interval_from_bounds_is_that_of_shares() -> None:
    a, b = (56, 70), (48, 80)
    estimates = [Estimate(part / whole, *wilson_interval(part, whole)) for part, whole in (a, b)]
    assert estimates_change_interval(*estimates) == pytest.approx(newcombe_interval(a, b))

"""Two members side by side in every metric."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection
from statsmodels.stats.proportion import confint_proportions_2indep

from otklik.small_numbers import newcombe_interval, wilson_interval
from queries.filters import Filters
from queries.metrics.catalogue import METRICS
from queries.metrics.data_quality import DATA_QUALITY_METRICS
from queries.metrics.morning import MORNING_METRICS
from queries.metrics.verdicts import VERDICT_METRICS
from queries.resolution import side_by_side
from tests.support import factories

DAY = timedelta(days=1)
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)
MARCH = Filters(date(2024, 3, 1), date(2024, 4, 1))


@pytest.mark.parametrize(("a", "b"), [((56, 70), (48, 80)), ((9, 10), (3, 10)), ((0, 20), (0, 10)), ((5, 56), (0, 29))])
def test_the_bounds_of_a_difference_are_those_of_an_independent_implementation(
    a: tuple[int, int], b: tuple[int, int]
) -> None:
    assert newcombe_interval(a, b) == pytest.approx(
        confint_proportions_2indep(*a, *b, compare="diff", method="newcomb")
    )


def test_the_worked_examples_of_the_paper() -> None:
    # Newcombe 1998, table II, method 10: 56/70 - 48/80 and 9/10 - 3/10.
    assert newcombe_interval((56, 70), (48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert newcombe_interval((9, 10), (3, 10)) == pytest.approx((0.1705, 0.8090), abs=5e-5)


def test_every_figure_of_both_with_their_difference(connection: Connection) -> None:
    for holder, days in (("city", 2), ("city", 2), ("city", 9), ("region", 9)):
        factories.appeal(
            connection,
            holder=holder,
            received_at=NOON - days * DAY,
            deadline_at=NOON - DAY,
            closed_at=NOON - 2 * DAY if days == 9 else NOON,
        )
    rows = side_by_side.compared_metrics(MARCH, "organisation", ("city", "region")).set_index("figure")
    assert set(rows.index) == set(METRICS) - {*DATA_QUALITY_METRICS, *MORNING_METRICS, *VERDICT_METRICS}
    received = rows.loc["received"]
    assert (received["a_value"], received["b_value"], received["difference"]) == (3, 1, 2)
    assert received[["a_low", "b_high", "low"]].isna().all()
    late = rows.loc["closed_on_time_rate"]
    assert (late["a_value"], late["b_value"]) == (pytest.approx(1 / 3), 1)
    assert (late["a_low"], late["a_high"]) == wilson_interval(1, 3)
    assert (late["low"], late["high"]) == newcombe_interval((1, 3), (1, 1))


def test_territories_and_what_neither_has(connection: Connection) -> None:
    factories.appeal(connection, region="XB", received_at=NOON, closed_at=NOON + DAY)
    factories.territory(connection, "XD", population=20_000)
    factories.appeal(connection, region="XD", received_at=NOON, deadline_at=NOON + 4 * DAY)
    factories.territory(connection, "XC")
    rows = side_by_side.compared_metrics(MARCH, "territory", ("XB", "XC")).set_index("figure")
    assert rows["difference"]["closed"] == 1
    assert rows.loc["answer_mean", ["b_value", "difference"]].isna().all()
    other = side_by_side.compared_metrics(MARCH, "territory", ("XD", "XB")).set_index("figure")
    assert other["a_value"][["received_per_10k", "time_allowed"]].tolist() == [0.5, 4]
    assert other["b_value"][["received_per_10k", "time_allowed"]].isna().all()

"""Deadlines that fell in a period: each appeal once, on the day of its deadline, when that day is over."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection

from queries.cache.statements import bypass_cubes
from queries.filters import Filters
from queries.lists.figure_appeals import figure_appeals
from queries.metrics.catalogue import PERIOD_METRICS
from queries.resolution import observed_expected
from queries.summaries.totals import period_totals
from tests.support import factories
from tests.support.figures.reference_data import local_midnight

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NOW = datetime.now(UTC)
TODAY = NOW.date()
NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)


def rate(start: date, end: date, name: str = "on_time_rate") -> float | None:
    return PERIOD_METRICS[name].value(SimpleNamespace(**period_totals(Filters(start, end))))


def test_a_day_and_a_quarter_of_a_stationary_centre_have_the_same_rate(connection: Connection) -> None:
    """Every day five appeals are due: four are closed the day before, one twenty days late."""
    for age in range(1, 120):
        deadline = NOON - age * DAY
        for closed_at in (*[deadline - DAY] * 4, deadline + 20 * DAY):
            factories.appeal(
                connection,
                received_at=deadline - 8 * DAY,
                deadline_at=deadline,
                closed_at=closed_at if closed_at < NOW else None,
            )
    quarter = rate(TODAY - 91 * DAY, TODAY + DAY)
    assert quarter == 0.8
    assert {rate(TODAY - age * DAY, TODAY - (age - 1) * DAY) for age in (1, 2, 7, 30)} == {quarter}
    assert rate(TODAY - 91 * DAY, TODAY + DAY, "breach_rate") == pytest.approx(0.2)
    # The stock of those late now is a figure of its own.
    assert [period_totals(Filters(TODAY - 30 * DAY, TODAY - age * DAY))["overdue"] for age in (0, 10)] == [20, 20]


def test_a_deadline_counts_when_its_day_is_over(connection: Connection) -> None:
    for deadline_at in (NOON - DAY, NOW - SECOND, NOW + DAY):
        factories.appeal(connection, received_at=NOW - 9 * DAY, closed_at=NOW - 5 * DAY, deadline_at=deadline_at)
        factories.appeal(connection, received_at=NOW - 9 * DAY, deadline_at=deadline_at)
    for bypassed in (False, True):
        token = bypass_cubes.set(bypassed)
        totals = period_totals(Filters(TODAY - 10 * DAY, TODAY + 10 * DAY))
        bypass_cubes.reset(token)
        # Two were due by the end of yesterday, unless a second ago was yesterday as well.
        over = sum((moment - SECOND).date() < TODAY for moment in (NOON - DAY, NOW))
        assert (totals["due"], totals["met"]) == (2 * over, over)


@pytest.mark.parametrize(("offset", "counted"), [(-SECOND, 0), (timedelta(0), 1), (DAY - SECOND, 1), (DAY, 0)])
def test_the_day_of_the_deadline_is_the_local_one(connection: Connection, offset: timedelta, counted: int) -> None:
    day = date(2024, 2, 29)
    factories.territory(connection, "XA", timezone="Asia/Kamchatka")
    deadline = local_midnight(day, "Asia/Kamchatka") + offset
    factories.appeal(connection, received_at=deadline - 5 * DAY, deadline_at=deadline, closed_at=deadline + 5 * DAY)
    totals = period_totals(Filters(day, day + DAY))
    assert (totals["due"], totals["met"]) == (counted, 0)
    # It was closed late, days after: not in the rate of the day of its close.
    assert rate(day + 4 * DAY, day + 7 * DAY) is None


def test_what_is_compared_and_listed_are_missed_deadlines_of_the_period(connection: Connection) -> None:
    closes = {"open": None, "late": NOON - DAY} | {f"met-{index}": NOON - 6 * DAY for index in range(30)}
    for number, closed_at in closes.items():
        factories.appeal(
            connection,
            number=number,
            received_at=NOON - 40 * DAY,
            deadline_at=NOON - 5 * DAY,
            closed_at=closed_at,
        )
    factories.appeal(
        connection, number="before", received_at=NOON - 60 * DAY, deadline_at=NOON - 30 * DAY, closed_at=NOON - 2 * DAY
    )
    week = Filters(TODAY - 7 * DAY, TODAY + DAY)
    assert sorted(figure_appeals(week, "on_time_rate")["number"]) == ["late", "open"]
    for kind in ("organisation", "region"):
        rows = observed_expected.adjusted_ratios(week, kind, "on_time_rate")
        assert rows[["cases", "observed"]].to_numpy().tolist() == [[32, 2]]

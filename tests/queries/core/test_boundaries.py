"""Rows on both sides of every boundary: the deadline, now, and the local days at a period's ends."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, select, text

from queries.core.resolved_filters import resolve
from queries.counts.aggregates import sums_subquery
from queries.filters import Filters
from queries.metrics.catalogue import PERIOD_METRICS
from queries.summaries.metric_values import period_totals
from tests.support import factories
from tests.support.figures.oracle import DAY
from tests.support.figures.reference_data import BASE_MOMENT, EDGE_DAYS, SECOND, ZONES_BY_REGION, local_midnight

NOTHING = timedelta(0)
MICROSECOND = timedelta(microseconds=1)
LATELY = Filters(BASE_MOMENT.date() - 7 * DAY, BASE_MOMENT.date() + 2 * DAY)


def figure(name: str, filters: Filters) -> float | None:
    return PERIOD_METRICS[name].value(SimpleNamespace(**period_totals(filters)))


@pytest.fixture
def still(connection: Connection) -> Connection:
    """A connection within a transaction, in which now() is one moment and a row can lie exactly at it."""
    factories.appeal(connection, received_at=BASE_MOMENT - 40 * DAY, closed_at=BASE_MOMENT - 39 * DAY)
    connection.execute(text("BEGIN"))
    return connection


def state(still: Connection) -> dict[str, float | None]:
    """The state metrics at the now() of the transaction."""
    row = still.execute(select(sums_subquery(resolve(LATELY), LATELY.start, LATELY.end))).one()
    still.execute(text("ROLLBACK"))
    return {name: PERIOD_METRICS[name].value(row) for name in ("open", "overdue", "at_risk")}


@pytest.mark.parametrize(("offset", "overdue", "at_risk"), [(-MICROSECOND, 1, 0), (NOTHING, 0, 1), (MICROSECOND, 0, 1)])
def test_an_appeal_is_overdue_after_its_deadline_and_not_at_it(
    still: Connection, offset: timedelta, overdue: int, at_risk: int
) -> None:
    now = still.scalar(text("SELECT now()"))
    factories.appeal(still, received_at=now - 10 * DAY, deadline_at=now + offset)
    assert state(still) == {"open": 1, "overdue": overdue, "at_risk": at_risk}


@pytest.mark.parametrize(("offset", "at_risk"), [(-MICROSECOND, 1), (NOTHING, 0), (MICROSECOND, 0)])
def test_an_appeal_is_at_risk_when_over_four_fifths_of_its_time_are_used(
    still: Connection, offset: timedelta, at_risk: int
) -> None:
    now = still.scalar(text("SELECT now()"))
    received = now - 8 * DAY + offset
    factories.appeal(still, received_at=received, deadline_at=received + 10 * DAY)
    assert state(still) == {"open": 1, "overdue": 0, "at_risk": at_risk}


@pytest.mark.parametrize(("offset", "on_time"), [(-SECOND, 1), (NOTHING, 1), (MICROSECOND, 0)])
def test_closed_exactly_at_the_deadline_is_on_time(connection: Connection, offset: timedelta, on_time: float) -> None:
    deadline = BASE_MOMENT - DAY
    factories.appeal(connection, received_at=BASE_MOMENT - 2 * DAY, deadline_at=deadline, closed_at=deadline + offset)
    assert figure("on_time_rate", LATELY) == on_time


def test_an_appeal_without_a_deadline_is_neither_on_time_nor_late(connection: Connection) -> None:
    factories.appeal(connection, received_at=BASE_MOMENT - DAY, closed_at=BASE_MOMENT)
    factories.appeal(connection, received_at=BASE_MOMENT - DAY)
    assert figure("on_time_rate", LATELY) is None
    assert figure("overdue", LATELY) == 0


@pytest.mark.parametrize("zone", ZONES_BY_REGION.values())
@pytest.mark.parametrize("day", EDGE_DAYS)
def test_a_period_begins_and_ends_at_local_midnights(connection: Connection, zone: str, day: date) -> None:
    factories.territory(connection, "XA", timezone=zone)
    first, last = local_midnight(day, zone), local_midnight(day + DAY, zone)
    for moment in (first - MICROSECOND, first, last - MICROSECOND, last):
        factories.appeal(connection, received_at=moment, closed_at=moment, deadline_at=moment)
    only = period_totals(Filters(day, day + DAY))
    assert (only["received"], only["closed"], only["on_time"]) == (2, 2, 2)


@pytest.mark.parametrize("zone", ZONES_BY_REGION.values())
def test_the_backlog_of_a_day_is_what_is_open_at_its_last_moment(connection: Connection, zone: str) -> None:
    day = date(2024, 2, 29)
    factories.territory(connection, "XA", timezone=zone)
    end = local_midnight(day + DAY, zone)
    for received, closed in ((end - SECOND, None), (end, None), (end - DAY, end - SECOND), (end - DAY, end)):
        factories.appeal(connection, received_at=received, closed_at=closed, deadline_at=end - MICROSECOND)
    factories.appeal(connection, received_at=end - SECOND, deadline_at=end)
    # Open: two received just before the end, and one closed at the first moment of the next day.
    state = period_totals(Filters(day, day + DAY))
    assert (state["open"], state["overdue"]) == (3, 2)


def test_two_regions_have_their_own_day_in_one_period(connection: Connection) -> None:
    """A moment that is New Year in Kamchatka is still the old year in New York."""
    for code in ("KAM", "NYC"):
        factories.territory(connection, code, timezone=ZONES_BY_REGION[code])
        factories.appeal(connection, region=code, received_at=local_midnight(date(2024, 1, 1), ZONES_BY_REGION["KAM"]))
    new_year = Filters(date(2024, 1, 1), date(2024, 1, 2))
    assert period_totals(new_year)["received"] == 1
    assert period_totals(Filters(date(2023, 12, 31), date(2024, 1, 1)))["received"] == 1

"""Who must act: those that surely miss more deadlines than others come before those that only have more to do."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from queries.filters import Filters
from queries.morning.holders import holders_to_act
from tests.support import factories
from tests.support.figures.oracle import DAY

NOW = datetime.now(UTC)
NOON = datetime.combine(NOW.date(), time(12), UTC)
FILTERS = Filters(NOW.date(), NOW.date() + DAY)


def add(connection: Connection, holder: str, count: int, **columns: Any) -> None:  # noqa: ANN401 -- a row's columns
    for _ in range(count):
        factories.appeal(connection, holder=holder, received_at=NOON - 60 * DAY, **columns)


def add_past(connection: Connection, holder: str, met: int, late: int, still_open: int) -> None:
    """Deadlines ten days ago: met, missed and closed since, missed and open."""
    deadline = NOON - 10 * DAY
    add(connection, holder, met, deadline_at=deadline, closed_at=deadline)
    add(connection, holder, late, deadline_at=deadline, closed_at=deadline + timedelta(seconds=1))
    add(connection, holder, still_open, deadline_at=deadline)


def test_the_order_is_by_probability_and_count_not_by_size(connection: Connection) -> None:
    add_past(connection, "large", 110, 0, 10)
    add_past(connection, "bad", 20, 12, 8)
    add_past(connection, "good", 40, 0, 0)
    add(connection, "good", 9, deadline_at=NOON + 2 * DAY)
    add(connection, "bad", 1, deadline_at=NOON + 2 * DAY)
    rows = holders_to_act(FILTERS).set_index("code")
    assert rows.index.tolist() == ["bad", "large", "good"]
    assert rows[["overdue", "due"]].to_numpy().tolist() == [[8, 1], [10, 0], [0, 9]]
    assert rows["excess_probability"]["bad"] > 0.99
    assert rows["excess_probability"]["large"] < 0.05


def test_few_cases_prove_nothing(connection: Connection) -> None:
    add_past(connection, "usual", 60, 10, 10)
    add_past(connection, "tiny", 0, 0, 1)
    rows = holders_to_act(FILTERS).set_index("code")
    assert rows["excess_probability"]["tiny"] < 0.9


def test_deadlines_count_from_the_week_ahead_and_the_28_days_before(connection: Connection) -> None:
    midnight = datetime.combine(NOW.date(), time(), UTC)
    add(connection, "week", 1, deadline_at=midnight + 7 * DAY - timedelta(seconds=1))
    add(connection, "later", 1, deadline_at=midnight + 7 * DAY)
    add(connection, "past", 3, deadline_at=midnight - 28 * DAY, closed_at=midnight)
    add(connection, "past", 1, deadline_at=midnight + DAY)
    add(connection, "older", 3, deadline_at=midnight - 28 * DAY - timedelta(seconds=1), closed_at=midnight)
    add(connection, "older", 1, deadline_at=midnight + DAY)
    add(connection, "past", 3, deadline_at=midnight - DAY, closed_at=midnight - 2 * DAY)
    rows = holders_to_act(FILTERS).set_index("code")
    assert set(rows.index) == {"week", "past", "older"}
    # Those without a deadline in the days before are as those of the one that has.
    assert rows["excess_probability"]["week"] == pytest.approx(rows["excess_probability"]["older"])


def test_a_deadline_that_passed_today_is_overdue_and_no_longer_due(connection: Connection) -> None:
    factories.territory(connection, "XE", timezone="Asia/Kamchatka")
    factories.appeal(connection, region="XE", received_at=NOW - 9 * DAY, deadline_at=NOW - timedelta(minutes=1))
    factories.appeal(connection, region="XE", received_at=NOW - 9 * DAY, deadline_at=NOW + timedelta(minutes=30))
    rows = holders_to_act(FILTERS)
    assert rows[["overdue", "due"]].to_numpy().tolist() == [[1, 1]]
    assert rows["excess_probability"].isna().all()


def test_without_anything_to_do_there_is_nobody(connection: Connection) -> None:
    factories.territory(connection)
    assert holders_to_act(FILTERS).empty

"""Overdue appeals and capacity: exact rows for given appeals."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

import pytest
from sqlalchemy import Connection, text

from queries import overdue
from queries.filters import Filters
from queries.overdue import LateState
from tests.support import factories

DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(microsecond=0)
NOON = datetime.combine(NOW.date(), time(12), UTC)
ALL = Filters(start=date(2020, 1, 1), end=NOW.date() + DAY)


@pytest.fixture
def late(connection: Connection) -> Connection:
    """Two overdue, two at risk, one within time, one closed late; one was transferred and not touched since."""
    month: dict[str, Any] = {"received_at": NOW - 30 * DAY}
    factories.appeal(connection, number="OVER", deadline_at=NOW - DAY, **month)
    factories.appeal(connection, number="LONG", deadline_at=NOW - 20 * DAY, holder="roads", topic="snow", **month)
    factories.appeal(connection, number="SOON", deadline_at=NOW + DAY, **month)
    factories.appeal(connection, number="NEXT", deadline_at=NOW + DAY / 2, region="XB", holder="city", **month)
    factories.appeal(connection, number="DONE", deadline_at=NOW - 9 * DAY, closed_at=NOW - DAY, **month)
    key = factories.appeal(connection, number="LEFT", deadline_at=NOW + 90 * DAY, holder="roads", **month)
    factories.event(connection, key, "redirected", at=NOW - 2 * DAY, after={"holder": "roads"})
    connection.execute(
        text("INSERT INTO untouched VALUES (:region_id, :id, :at, :at)"), {**key._asdict(), "at": NOW - 2 * DAY}
    )
    return connection


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize(
    ("state", "numbers"), [("overdue", ["LONG", "OVER"]), ("at_risk", ["NEXT", "SOON"]), ("untouched", ["LEFT"])]
)
def test_each_list_has_the_most_urgent_first(state: LateState, numbers: list[str]) -> None:
    assert overdue.late_appeals(ALL, state)["number"].tolist() == numbers


def test_a_row_carries_its_key_and_the_version_that_was_seen(late: Connection) -> None:
    row = overdue.late_appeals(ALL, "overdue").iloc[0]
    stored = late.execute(text("SELECT region_id, id, updated_at FROM appeal WHERE number = 'LONG'")).one()
    assert (row["region_id"], row["id"], row["updated_at"]) == tuple(stored)
    assert (row["organisation"], row["topic"], row["status"]) == ("roads", "snow", "In progress")


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("organisation", [("office", 1, 1, 2), ("roads", 1, 0, 2), ("city", 0, 1, 1)]),
        ("topic", [("roads", 1, 2, 4), ("snow", 1, 0, 1)]),
        ("territory", [("XA", 2, 1, 4), ("XB", 0, 1, 1)]),
    ],
)
def test_where_it_is_late_most_overdue_first(
    kind: Literal["organisation", "topic", "territory"], rows: list[tuple[str, int, int, int]]
) -> None:
    # Everything lies in one country, so its regions are the step below.
    members = overdue.late_by_dimension(Filters(**{**ALL.__dict__, "territory": "X"}), kind)
    assert [tuple(row) for row in members[["code", "overdue", "at_risk", "open"]].to_numpy().tolist()] == rows


@pytest.mark.usefixtures("late")
def test_the_tiles_count_what_the_lists_show() -> None:
    values = {metric_value.metric.id: metric_value.value for metric_value in overdue.kpis(ALL)}
    assert (values["overdue"], values["at_risk"]) == (2, 2)

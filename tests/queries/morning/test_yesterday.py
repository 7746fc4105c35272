"""What became of yesterday's list: each appeal that was on it once, and none that wasn't."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from queries.filters import Filters
from queries.morning.yesterday import YesterdaysList, yesterdays_list
from tests.support import factories
from tests.support.factories import AppealKey
from tests.support.figures.oracle import DAY
from tests.support.figures.reference_data import local_midnight

NOW = datetime.now(UTC)
YESTERDAY = NOW.date() - DAY
FILTERS = Filters(NOW.date(), NOW.date() + DAY)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
ZONES = {"XA": "UTC", "XE": "Asia/Kamchatka"}


def start_of(day: date, region: str = "XA") -> datetime:
    return local_midnight(day, ZONES[region])


def add(connection: Connection, deadline_at: datetime, region: str = "XA", **columns: Any) -> AppealKey:  # noqa: ANN401
    row = {"received_at": start_of(YESTERDAY, region) - 10 * DAY, "region": region, **columns}
    return factories.appeal(connection, deadline_at=deadline_at, **row)


def move_deadline(connection: Connection, key: AppealKey, at: datetime, before: datetime) -> None:
    factories.event(
        connection, key, "extended", at=at, before={"deadline": before.isoformat()}, after={"deadline": "x"}
    )


@pytest.mark.parametrize("region", ZONES)
def test_each_fate_is_counted_once(connection: Connection, region: str) -> None:
    for code, zone in ZONES.items():
        factories.territory(connection, code, timezone=zone)
    begin, end = start_of(YESTERDAY, region), start_of(NOW.date(), region)
    noon = begin + 12 * HOUR
    add(connection, noon, region, closed_at=begin)
    add(connection, noon, region, closed_at=noon)
    add(connection, noon, region, closed_at=noon + SECOND)
    add(connection, begin, region)
    moved = add(connection, end - SECOND, region)
    factories.event(connection, moved, "redirected", at=noon, before={"holder": "a"}, after={"holder": "b"})
    extended = add(connection, end + 9 * DAY, region)
    move_deadline(connection, extended, noon, noon)
    # Not on the list: closed before, received during the day, due on other days, extended before.
    add(connection, noon, region, closed_at=begin - SECOND)
    add(connection, noon, region, received_at=begin)
    add(connection, begin - SECOND, region)
    add(connection, end, region)
    move_deadline(connection, add(connection, end + 9 * DAY, region), begin - SECOND, noon)
    move_deadline(connection, add(connection, end + 9 * DAY, region), noon, end)
    assert yesterdays_list(FILTERS) == YesterdaysList(
        YESTERDAY, total=6, in_time=2, late=1, extended=1, still_open=2, reassigned=1
    )


def test_an_appeal_extended_twice_or_moved_within_the_day_counts_once(connection: Connection) -> None:
    begin = start_of(YESTERDAY)
    twice = add(connection, begin + 9 * DAY)
    for hour in (10, 11):
        move_deadline(connection, twice, begin + hour * HOUR, begin + 12 * HOUR)
    within = add(connection, begin + 13 * HOUR)
    move_deadline(connection, within, begin + 10 * HOUR, begin + 12 * HOUR)
    became = yesterdays_list(FILTERS)
    assert (became.total, became.extended, became.still_open) == (2, 1, 1)


def test_only_changes_of_the_holder_since_then_are_reassignments(connection: Connection) -> None:
    begin = start_of(YESTERDAY)
    key = add(connection, begin + 12 * HOUR)
    factories.event(connection, key, "redirected", at=begin - SECOND, before={"holder": "a"}, after={"holder": "b"})
    factories.event(connection, key, "moved", at=begin + HOUR, before={"status": "a"}, after={"status": "b"})
    factories.event(connection, key, "imported", at=begin + HOUR, before={"holder": "b"}, after={"holder": "b"})
    assert yesterdays_list(FILTERS).reassigned == 0


def test_an_empty_database_has_an_empty_list(connection: Connection) -> None:
    factories.territory(connection)
    assert yesterdays_list(FILTERS) == YesterdaysList(YESTERDAY, 0, 0, 0, 0, 0, 0)

"""Whether appeals arrive: each channel against its own gap at this time of such days."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import Connection

from queries.filters import Filters
from queries.morning.feed import feed
from tests.support import factories
from tests.support.figures.oracle import DAY

HOUR = timedelta(hours=1)
DAYS = range(1, 50)


@pytest.fixture
def now() -> datetime:
    """The moment at which a test runs: minutes count here, and a run of all tests takes many."""
    return datetime.now(UTC)


def filters_of(now: datetime) -> Filters:
    """Everything received on a day."""
    return Filters(now.date(), now.date() + DAY)


def receive(connection: Connection, channel: str, moments: Iterable[datetime]) -> None:
    for moment in moments:
        factories.appeal(connection, channel=channel, received_at=moment)


def states(filters: Filters) -> dict[str, str]:
    rows = feed(filters)
    return dict(zip(rows["code"], rows["state"], strict=True))


def test_a_channel_is_measured_by_its_own_gaps_at_this_time(connection: Connection, now: datetime) -> None:
    every_day = [now - age * DAY for age in DAYS]
    receive(connection, "app", [*(moment - 3 * HOUR for moment in every_day), now - 2 * HOUR])
    receive(connection, "portal", [*(moment - 3 * HOUR for moment in every_day), now - 5 * HOUR])
    # The last one yesterday, where by now there has always been one.
    receive(connection, "widget", [moment - 3 * HOUR for moment in every_day])
    receive(connection, "qr", [now - 4 * DAY, now - 3 * DAY])
    rows = feed(filters_of(now)).set_index("code")
    assert rows["state"].to_dict() == {"widget": "silent", "portal": "quiet", "app": "alive", "qr": "unknown"}
    assert rows["usual_hours"].drop("qr").tolist() == pytest.approx([3, 3, 3], abs=0.5)
    assert rows.index[:2].tolist() == ["widget", "portal"]
    assert rows["hours"]["widget"] == pytest.approx(27, abs=0.5)


def test_a_gap_of_minutes_is_not_quiet(connection: Connection, now: datetime) -> None:
    receive(connection, "app", [*(now - age * DAY - timedelta(minutes=1) for age in DAYS), now - timedelta(minutes=9)])
    assert states(filters_of(now)) == {"app": "alive"}


def test_days_off_are_compared_with_days_off(connection: Connection, now: datetime) -> None:
    # An office that enters appeals on working days alone, two hours before this time.
    moments = [now - age * DAY - 2 * HOUR for age in range(90)]
    receive(connection, "staff", [moment for moment in moments if (moment + 2 * HOUR).weekday() < 5])
    assert states(filters_of(now)) == {"staff": "alive"}


def test_a_source_of_days_without_times_may_be_a_day_behind(connection: Connection, now: datetime) -> None:
    midnights = [datetime.combine(now.date() - age * DAY, time(), UTC) for age in range(1, 60)]
    receive(connection, "email", midnights)
    receive(connection, "app", [now - age * DAY - timedelta(minutes=1) for age in range(1, 60)])
    assert states(filters_of(now)) == {"email": "alive", "app": "silent"}


def test_the_future_is_no_arrival_and_other_filters_dont_narrow(connection: Connection, now: datetime) -> None:
    receive(connection, "app", [*(now - age * DAY - HOUR for age in DAYS), now + DAY])
    assert states(replace(filters_of(now), topic="none", organisation="none", regime="fast")) == {"app": "silent"}
    assert states(replace(filters_of(now), channel="portal")) == {}


def test_an_empty_database_has_no_channel(connection: Connection, now: datetime) -> None:
    factories.territory(connection)
    assert feed(filters_of(now)).empty

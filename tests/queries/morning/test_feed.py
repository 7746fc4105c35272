"""Whether appeals arrive: each channel against its own gap at this time of such days."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import Connection

from queries.filters import Filters
from queries.morning.feed import feed
from tests.support import factories
from tests.support.oracle import DAY

NOW = datetime.now(UTC)
FILTERS = Filters(NOW.date(), NOW.date() + DAY)
HOUR = timedelta(hours=1)
DAYS = range(1, 50)


def receive(connection: Connection, channel: str, moments: Iterable[datetime]) -> None:
    for moment in moments:
        factories.appeal(connection, channel=channel, received_at=moment)


def states(filters: Filters = FILTERS) -> dict[str, str]:
    rows = feed(filters)
    return dict(zip(rows["code"], rows["state"], strict=True))


def test_a_channel_is_measured_by_its_own_gaps_at_this_time(connection: Connection) -> None:
    every_day = [NOW - age * DAY for age in DAYS]
    receive(connection, "app", [*(moment - 3 * HOUR for moment in every_day), NOW - 2 * HOUR])
    receive(connection, "portal", [*(moment - 3 * HOUR for moment in every_day), NOW - 5 * HOUR])
    # The last one yesterday, where by now there has always been one.
    receive(connection, "widget", [moment - 3 * HOUR for moment in every_day])
    receive(connection, "qr", [NOW - 4 * DAY, NOW - 3 * DAY])
    rows = feed(FILTERS).set_index("code")
    assert rows["state"].to_dict() == {"widget": "silent", "portal": "quiet", "app": "alive", "qr": "unknown"}
    assert rows["usual_hours"].drop("qr").tolist() == pytest.approx([3, 3, 3], abs=0.5)
    assert rows.index[:2].tolist() == ["widget", "portal"]
    assert rows["hours"]["widget"] == pytest.approx(27, abs=0.5)


def test_a_gap_of_minutes_is_not_quiet(connection: Connection) -> None:
    now = datetime.now(UTC)
    receive(connection, "app", [*(now - age * DAY - timedelta(minutes=1) for age in DAYS), now - timedelta(minutes=9)])
    assert states() == {"app": "alive"}


def test_days_off_are_compared_with_days_off(connection: Connection) -> None:
    # An office that enters appeals on working days alone, two hours before this time.
    moments = [NOW - age * DAY - 2 * HOUR for age in range(90)]
    receive(connection, "staff", [moment for moment in moments if (moment + 2 * HOUR).weekday() < 5])
    assert states() == {"staff": "alive"}


def test_a_source_of_days_without_times_may_be_a_day_behind(connection: Connection) -> None:
    midnights = [datetime.combine(NOW.date() - age * DAY, time(), UTC) for age in range(1, 60)]
    receive(connection, "email", midnights)
    receive(connection, "app", [moment + timedelta(minutes=1) for moment in midnights])
    shown = states()
    assert shown["email"] == "alive"
    assert shown["app"] in ("quiet", "silent")


def test_the_future_is_no_arrival_and_other_filters_dont_narrow(connection: Connection) -> None:
    receive(connection, "app", [*(NOW - age * DAY - HOUR for age in DAYS), NOW + DAY])
    assert states(replace(FILTERS, topic="none", organisation="none", regime="fast")) == {"app": "silent"}
    assert states(replace(FILTERS, channel="portal")) == {}


def test_an_empty_database_has_no_channel(connection: Connection) -> None:
    factories.territory(connection)
    assert feed(FILTERS).empty

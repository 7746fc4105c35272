"""The appeals of a problem are those of its topic and place, and all below both, received since its first day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from otklik.database.cubes.rollups import fold_cubes
from queries.filters import Filters
from queries.problems.linked_appeals import WEEKS_BEFORE, latest_linked_appeals, linked_appeals
from queries.problems.problem_filters import problem_filters
from tests.support import factories

DAY = timedelta(days=1)
ZONE = ZoneInfo("Asia/Yekaterinburg")


def local_midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


@pytest.fixture
def today(connection: Connection) -> date:
    """The running day of the region XA, which is five hours ahead of UTC and has a town."""
    factories.territory(connection, "XA", timezone="Asia/Yekaterinburg")
    factories.territory(connection, "XA-1", "municipality", timezone="Asia/Yekaterinburg")
    for topic in ("roads.surface.pothole", "roads.signs"):
        factories.topic(connection, topic)
    return datetime.now(ZONE).date()


def of_roads(since: date) -> Filters:
    return problem_filters("XA", "roads.surface", since)


@pytest.mark.parametrize("folded", [False, True])
def test_below_the_topic_and_the_place_and_from_the_first_local_midnight_on(
    connection: Connection, url: str, today: date, *, folded: bool
) -> None:
    since = today - 10 * DAY
    midnight = local_midnight(since)
    second = timedelta(seconds=1)
    linked = [
        factories.appeal(connection, topic="roads.surface", received_at=midnight, number="first"),
        factories.appeal(connection, topic="roads.surface.pothole", received_at=midnight + DAY, number="below"),
        factories.appeal(
            connection, topic="roads.surface", municipality="XA-1", received_at=midnight + 8 * DAY, number="town"
        ),
        factories.appeal(
            connection, topic="roads.surface", received_at=midnight + DAY, closed_at=midnight + 2 * DAY, number="closed"
        ),
    ]
    factories.appeal(connection, topic="roads.surface", received_at=midnight - second)
    factories.appeal(connection, topic="roads.signs", received_at=midnight + DAY)
    factories.appeal(connection, topic="roads", received_at=midnight + DAY)
    factories.appeal(connection, region="XB", topic="roads.surface", received_at=midnight + DAY)
    if folded:
        fold_cubes(url)
    figures = linked_appeals(of_roads(since))
    assert (figures.received, figures.open) == (len(linked), 3)
    assert set(latest_linked_appeals(of_roads(since))["number"]) == {"first", "below", "town", "closed"}
    assert latest_linked_appeals(of_roads(since))["number"].iloc[0] == "town"
    in_town = problem_filters("XA-1", "roads", since)
    assert (linked_appeals(in_town).received, linked_appeals(in_town).open) == (1, 1)


def test_new_appeals_link_themselves(connection: Connection, today: date) -> None:
    since = today - DAY
    assert linked_appeals(of_roads(since)).received == 0
    factories.appeal(connection, topic="roads.surface", received_at=datetime.now(UTC))
    filters = problem_filters("XA", "roads.surface", since, "ru")  # another language is not cached yet
    assert (linked_appeals(filters).received, linked_appeals(filters).open) == (1, 1)


def test_weeks_begin_with_the_first_day_and_the_one_that_goes_on_is_marked(connection: Connection, today: date) -> None:
    since = today - 10 * DAY
    for days in (-80, -57, -56, -8, -7, -1, 0, 6, 7, 10):
        factories.appeal(connection, topic="roads.surface", received_at=local_midnight(since + days * DAY))
    weeks = linked_appeals(of_roads(since)).by_week
    assert list(weeks["day"]) == [since + 7 * week * DAY for week in range(-WEEKS_BEFORE, 2)]
    assert list(weeks["last"] - weeks["day"]) == [6 * DAY] * len(weeks)
    assert list(weeks["received"]) == [1, 0, 0, 0, 0, 0, 1, 2, 2, 2]
    assert list(weeks["span"]) == ["before"] * WEEKS_BEFORE + ["since", "running"]


def test_a_week_whose_last_day_goes_on_is_running_and_one_that_ended_yesterday_is_not(
    connection: Connection, today: date
) -> None:
    factories.appeal(connection, topic="roads.surface", received_at=local_midnight(today - 90 * DAY))
    assert list(linked_appeals(of_roads(today - 6 * DAY)).by_week["span"])[-2:] == ["before", "running"]
    assert list(linked_appeals(of_roads(today - 7 * DAY)).by_week["span"])[-2:] == ["since", "running"]


def test_weeks_before_the_first_data_are_left_out(connection: Connection, today: date) -> None:
    since = today - 3 * DAY
    factories.appeal(connection, topic="parks", received_at=local_midnight(since - 10 * DAY))
    weeks = linked_appeals(of_roads(since)).by_week
    assert list(weeks["day"]) == [since - 7 * DAY, since]
    assert list(weeks["received"]) == [0, 0]

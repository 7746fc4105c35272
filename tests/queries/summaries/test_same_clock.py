"""A day that goes on is compared with the same weekday up to the same time of day, in each region's time zone."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo

import pytest
from sqlalchemy import Connection

from queries.core import local_days
from queries.filters import Filters
from queries.regions import territories
from queries.summaries import same_clock
from queries.summaries.breakdown import breakdown
from queries.summaries.metric_values import metric_values
from queries.summaries.same_clock import totals_at_same_clock
from queries.summaries.totals import period_totals
from tests.support import factories
from tests.support.figures.oracle import DAY
from tests.support.figures.reference_data import BASE_MOMENT

TODAY = BASE_MOMENT.date() - DAY
MIDNIGHT = datetime.combine(TODAY, time.min, UTC)
WEEK = 7 * DAY
EAST, WEST = "XE", "XW"
OFFSETS = {EAST: timedelta(hours=5), WEST: timedelta(0)}
JUST_TODAY = Filters(TODAY, TODAY + DAY)


class FixedClock(datetime):
    """A clock that always shows 10:30 UTC of yesterday: 15:30 in the east."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "FixedClock":
        return cls(TODAY.year, TODAY.month, TODAY.day, 10, 30, tzinfo=UTC).astimezone(tz)


@pytest.fixture(autouse=True)
def _two_regions(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.territory(connection, EAST, timezone="Asia/Yekaterinburg")
    factories.territory(connection, WEST, timezone="UTC")
    monkeypatch.setattr(same_clock, "datetime", FixedClock)
    monkeypatch.setattr(local_days, "datetime", FixedClock)


def local(region: str, clock: str, days_ago: int = 7) -> datetime:
    """When the clock of a region showed a time, so many days before the running day."""
    hours, minutes = map(int, clock.split(":"))
    return MIDNIGHT - days_ago * DAY - OFFSETS[region] + timedelta(hours=hours, minutes=minutes)


def earlier(filters: Filters = JUST_TODAY) -> Filters:
    comparison = filters.comparison_filters()
    assert comparison
    return comparison


@pytest.mark.parametrize(("region", "before", "after"), [(WEST, "10:29", "10:31"), (EAST, "15:29", "15:31")])
def test_what_came_later_on_that_day_is_left_out(connection: Connection, region: str, before: str, after: str) -> None:
    for clock in ("00:00", before, after, "23:59"):
        factories.appeal(connection, region=region, received_at=local(region, clock))
    assert totals_at_same_clock(earlier())["received"] == 2
    assert period_totals(earlier())["received"] == 4


def test_a_day_like_that_of_last_week_shows_no_change_at_any_hour(connection: Connection) -> None:
    """With the whole day it would be three quarters fewer."""
    for days_ago in (0, 7, 14):
        for clock in ("03:00", "09:00", "13:00", "17:00", "20:00", "21:00", "22:00", "23:00"):
            if days_ago or clock < "10:30":
                moment = local(WEST, clock, days_ago)
                factories.appeal(connection, region=WEST, received_at=moment - 30 * DAY, closed_at=moment)
                factories.appeal(connection, region=WEST, received_at=moment)
    for first, days in ((TODAY, 1), (TODAY - 6 * DAY, 7)):
        values = metric_values(Filters(first, first + days * DAY), ["received", "closed", "resolved"])
        assert [value.value == value.previous for value in values] == [True] * 3, days
        assert all(value.value for value in values)


def test_of_a_period_that_begins_tomorrow_nothing_of_today_is_left_out(connection: Connection) -> None:
    """For a viewer whose day is ahead of the territory's, such a period is today; its counts once were negative."""
    tomorrow = Filters(TODAY + DAY, TODAY + 2 * DAY)
    for days_ago, clock in ((7, "23:00"), (6, "03:00"), (6, "23:00")):
        moment = local(WEST, clock, days_ago)
        factories.appeal(connection, region=WEST, received_at=moment - 9 * DAY, closed_at=moment)
        factories.appeal(connection, region=WEST, received_at=moment)
    totals = totals_at_same_clock(earlier(tomorrow))
    # At this time of day, so many days before, that day had not begun.
    assert (totals["received"], totals["closed"]) == (0, 0)
    assert min(totals.values()) == 0


def test_a_period_that_is_over_is_compared_with_whole_days(connection: Connection) -> None:
    factories.appeal(connection, region=WEST, received_at=local(WEST, "23:00", days_ago=8))
    yesterday = earlier(Filters(TODAY - DAY, TODAY))
    assert totals_at_same_clock(yesterday) == period_totals(yesterday)
    assert totals_at_same_clock(yesterday)["received"] == 1
    assert totals_at_same_clock(JUST_TODAY) == period_totals(JUST_TODAY)


def test_stocks_are_those_of_the_same_weekday_and_hour(connection: Connection) -> None:
    month_ago = MIDNIGHT - 40 * DAY

    def appeal(due: str, closed: str | None = None, received: datetime = month_ago) -> None:
        closed_at = local(WEST, closed) if closed else None
        factories.appeal(
            connection, region=WEST, received_at=received, deadline_at=local(WEST, due), closed_at=closed_at
        )

    appeal(due="09:00")  # overdue since the morning of that day
    appeal(due="23:59")  # not yet overdue then
    appeal(due="09:00", closed="08:00")  # no longer open
    appeal(due="09:00", closed="20:00")  # overdue then, closed in the evening
    appeal(due="19:00", closed="20:00")  # open then
    appeal(due="23:59", received=local(WEST, "12:00"))  # not received yet
    totals, whole = totals_at_same_clock(earlier()), period_totals(earlier())
    assert (totals["open"], totals["overdue"]) == (4, 2)
    assert (whole["open"], whole["overdue"]) == (3, 3)


def test_deadlines_of_the_day_count_in_neither_period(connection: Connection) -> None:
    for days_ago in (0, 7, 8):
        factories.appeal(
            connection,
            region=WEST,
            received_at=MIDNIGHT - 30 * DAY,
            deadline_at=local(WEST, "12:00", days_ago),
            closed_at=local(WEST, "09:00", days_ago),
        )
    two_days = Filters(TODAY - DAY, TODAY + DAY)
    totals = totals_at_same_clock(earlier(two_days))
    assert (totals["due"], totals["met"]) == (1, 1)
    assert totals_at_same_clock(earlier())["due"] == 0


def test_summer_time_doesnt_move_the_clock(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    class InMarch(datetime):
        """09:30 in Boston on the Monday after clocks went forward: 13:30 UTC, a week before 14:30 UTC."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "InMarch":
            return cls(2026, 3, 9, 13, 30, tzinfo=UTC).astimezone(tz)

    for module in (same_clock, local_days):
        monkeypatch.setattr(module, "datetime", InMarch)
    factories.territory(connection, "BOS", timezone="America/New_York")
    for minute in (25, 35):
        factories.appeal(connection, region="BOS", received_at=datetime(2026, 3, 2, 14, minute, tzinfo=UTC))
    monday = Filters(InMarch.now(UTC).date(), InMarch.now(UTC).date() + DAY, territory="BOS")
    assert totals_at_same_clock(earlier(monday))["received"] == 1


@pytest.mark.parametrize("dimension", ["region", "organisation", "topic", "channel"])
def test_by_member_it_is_the_same_hour_too(connection: Connection, dimension: str) -> None:
    for region in OFFSETS:
        for clock in ("07:00", "23:00"):
            factories.appeal(
                connection, region=region, topic=f"t{region}", holder=f"h{region}", received_at=local(region, clock)
            )
    rows = breakdown(earlier(), dimension)  # type: ignore[arg-type]
    assert set(rows["received"]) == ({2} if dimension == "channel" else {1})
    assert set(rows["open"]) == set(rows["received"])


def test_the_map_shows_no_change_where_days_are_alike(connection: Connection) -> None:
    for days_ago in (0, 7):
        for clock in ("09:00", "16:00", "23:00"):
            if days_ago or clock < "10:30":
                factories.appeal(connection, region=WEST, received_at=local(WEST, clock, days_ago))
    rows = territories.map_values(replace(JUST_TODAY, territory="X"), "region", "received").set_index("code")
    assert (rows["value"][WEST], rows["previous"][WEST], rows["change"][WEST]) == (1, 1, 0)


def test_deadlines_on_other_days_of_a_region_ahead_are_left_alone(connection: Connection) -> None:
    """At 21:00 UTC the west still has the day that is over in the east."""
    for region, clock, days_ago in ((EAST, "00:30", 6), (WEST, "23:30", 8), (EAST, "12:00", 7)):
        factories.appeal(
            connection,
            region=region,
            received_at=MIDNIGHT - 40 * DAY,
            deadline_at=local(region, clock, days_ago),
        )
    totals, whole = totals_at_same_clock(earlier()), period_totals(earlier())
    assert (totals["overdue"], whole["overdue"]) == (2, 2)
    two_days = totals_at_same_clock(earlier(Filters(TODAY - DAY, TODAY + DAY)))
    assert (two_days["due"], two_days["met"]) == (1, 0)

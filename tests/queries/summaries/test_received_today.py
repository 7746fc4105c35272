"""Today by the hour: what is usual is of such days, up to the clock of each region."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import pytest
from sqlalchemy import Connection

from otklik.deadlines.calendars import territory_calendar
from queries.filters import Filters
from queries.summaries import received_today
from queries.summaries.received_today import comparable_days, received_by_hour
from tests.support import factories
from tests.support.figures.oracle import DAY
from tests.support.figures.reference_data import BASE_MOMENT

YESTERDAY = datetime.combine(BASE_MOMENT.date() - DAY, time.min, UTC)
FILTERS = Filters(BASE_MOMENT.date() - 7 * DAY, BASE_MOMENT.date() + 2 * DAY)
EAST, WEST = "XE", "XW"
OFFSETS = {EAST: timedelta(hours=5), WEST: timedelta(0)}


class FixedClock(datetime):
    """A clock that always shows 21:30 UTC of yesterday."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "FixedClock":
        return cls(YESTERDAY.year, YESTERDAY.month, YESTERDAY.day, 21, 30, tzinfo=UTC).astimezone(tz)


@pytest.fixture(autouse=True)
def _two_regions(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """At half past nine in the evening in the west it is half past two of the next day in the east."""
    factories.territory(connection, EAST, timezone="Asia/Yekaterinburg")
    factories.territory(connection, WEST, timezone="UTC")
    monkeypatch.setattr(received_today, "datetime", FixedClock)


def receive(connection: Connection, region: str, day: datetime, clock: str, count: int = 1) -> None:
    """Appeals received in a region at a local time of a day."""
    hours, minutes = map(int, clock.split(":"))
    moment = day - OFFSETS[region] + timedelta(hours=hours, minutes=minutes)
    for _ in range(count):
        factories.appeal(connection, region=region, received_at=moment)


@pytest.mark.parametrize(
    ("region", "day", "latest_hour"), [(EAST, YESTERDAY + DAY, 2), (None, YESTERDAY, 23), (WEST, YESTERDAY, 21)]
)
def test_today_is_by_local_clocks(connection: Connection, region: str | None, day: datetime, latest_hour: int) -> None:
    for code in OFFSETS:
        receive(connection, code, day, "00:05")
        receive(connection, code, day, "00:50")
        receive(connection, code, day - 3 * DAY, "00:05")
    received = received_by_hour(replace(FILTERS, territory=region))
    regions = 1 if region else 2
    assert received.by_hour["today"].dropna().tolist() == [2 * regions, *[0] * latest_hour]
    assert received.by_hour.loc[received.by_hour["over"], "hour"].tolist() == list(range(min(latest_hour, 21)))
    assert (received.so_far, received.usual_by_now, received.base_days) == (2 * regions, None, 0)


def test_a_day_like_all_others_is_usual_while_the_evening_of_the_west_is_to_come(connection: Connection) -> None:
    for week in range(6):
        for region in OFFSETS:
            for clock in ("01:10", "23:10"):
                if week or region == EAST or clock == "01:10":
                    receive(connection, region, YESTERDAY - 7 * week * DAY, clock)
    received = received_by_hour(FILTERS)
    # Each whole day has four: the last of the west isn't due yet.
    assert (received.so_far, received.usual_by_now, received.base_days) == (3, (3, 3), 5)
    last_hour = received.by_hour.iloc[23]
    assert [last_hour[name] for name in ("today", "over", "usual_low", "usual", "usual_high")] == [1, False, 2, 2, 2]


def test_the_hour_that_goes_on_counts_as_far_as_it_has_come(connection: Connection) -> None:
    for week in range(1, 6):
        receive(connection, WEST, YESTERDAY - 7 * week * DAY, "21:05", 4)
    assert received_by_hour(replace(FILTERS, territory=WEST)).usual_by_now == (2, 2)


def test_the_band_leaves_out_the_outermost_tenths(connection: Connection) -> None:
    for week in range(1, 9):
        receive(connection, WEST, YESTERDAY - 7 * week * DAY, "03:00", week)
    receive(connection, WEST, YESTERDAY - 63 * DAY, "03:00", 50)
    receive(connection, WEST, YESTERDAY - 8 * DAY, "03:00", 50)
    received = received_by_hour(replace(FILTERS, territory=WEST))
    assert [received.by_hour.iloc[3][name] for name in ("usual_low", "usual", "usual_high")] == pytest.approx(
        [1.7, 4.5, 7.3]
    )
    assert received.usual_by_now == pytest.approx((1.7, 7.3))


def test_what_is_usual_is_unknown_with_few_days_of_data(connection: Connection) -> None:
    for week in range(1, 5):
        receive(connection, WEST, YESTERDAY - 7 * week * DAY, "03:00")
    received = received_by_hour(replace(FILTERS, territory=WEST))
    assert (received.usual_by_now, received.base_days) == (None, 4)
    assert received.by_hour["usual"].isna().all()


def test_holidays_are_compared_with_days_off_and_stay_out_of_the_base_of_others() -> None:
    russian = territory_calendar("RU")
    after_may_day = comparable_days(date(2026, 5, 15), russian)
    assert date(2026, 4, 24) in after_may_day
    assert date(2026, 5, 1) not in after_may_day
    on_russia_day = comparable_days(date(2026, 6, 12), russian)
    assert {date(2026, 6, 7), date(2026, 5, 1)} <= set(on_russia_day)
    assert date(2026, 6, 5) not in on_russia_day
